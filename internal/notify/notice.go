package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// Text is a text for people that is stored in no language: a key of package i18n and its arguments.
type Text = job.Text

// Limits of notices.
const (
	MaxNotices = 2000                 // of one account; the oldest go first
	Keep       = 400 * 24 * time.Hour // older ones go
	MaxAddress = 500                  // accounts that one notice is told to
	maxKind    = 60
	maxOnce    = 200
	maxHref    = 500
	maxLines   = 5 // that a notice names one by one
)

// Notice is what is told.
type Notice struct {
	To     []To
	Kind   string // one of the declared kinds
	Title  Text   // one line
	Detail Text   // a second line, zero for none
	Href   string // address within the site: "/market/posts/" + id; "" for none
	// Lines are things that the notice names one by one, between its first line and its second.
	Lines []Line
	// Once names what is told: an account that has a notice of this name gets no second one. "" tells
	// it each time. It begins with the kind: "deal.request:" + id.
	Once string
	// But are accounts that are not told: whoever did it knows.
	But []string
}

// Line is one of several things that a notice names.
type Line struct {
	Title  Text
	Detail Text   // zero for none
	Href   string // its own page within the site, "" for none
}

// storedLine is a Line as it is stored.
type storedLine struct {
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Href   string `json:"href,omitempty"`
}

func encodeLines(list []Line) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	out := make([]storedLine, len(list))
	for i, x := range list {
		out[i] = storedLine{x.Title.Encode(), x.Detail.Encode(), x.Href}
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func decodeLines(s string) ([]Line, error) {
	if s == "" {
		return nil, nil
	}
	var list []storedLine
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, fmt.Errorf("read the lines of a notice: %w", err)
	}
	out := make([]Line, len(list))
	for i, x := range list {
		title, err := job.DecodeText(x.Title)
		if err != nil {
			return nil, err
		}
		detail, err := job.DecodeText(x.Detail)
		if err != nil {
			return nil, err
		}
		out[i] = Line{title, detail, x.Href}
	}
	return out, nil
}

// To says whom a notice is for: the active accounts for which all fields that are set hold. The zero
// To is nobody.
type To struct {
	Account string     // this account
	Person  string     // accounts of a person of the registry
	Org     string     // accounts with a role for an organisation, or for the one it lives on as
	Role    authz.Role // accounts that hold a role
	Region  string     // with Role: responsible for this place or for one around it
}

// ToAccount, ToOrg and ToRole are the usual ones.
func ToAccount(account string) To { return To{Account: account} }

// ToOrg is everybody who acts for an organisation.
func ToOrg(org string) To { return To{Org: org} }

// ToRole is everybody who holds a role.
func ToRole(role authz.Role) To { return To{Role: role} }

// Kind is a kind of notices that a room declares.
type Kind struct {
	Name  string // "market.stale"
	Title string // Chinese, a key of package i18n
	Mail  bool   // goes into mails unless its reader says otherwise
}

// Rule says how events are told.
type Rule struct {
	Events []string
	// Notices returns what an event is told as. It reads through tx what it needs, and takes the time
	// from the event.
	Notices func(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]Notice, error)
}

// Accounts finds the accounts of people. The room of identities stands behind it.
type Accounts interface {
	// Told returns ids of the active accounts that a notice for to is for, at most MaxAddress.
	Told(ctx context.Context, q db.Q, to To) ([]string, error)
	// Mailbox returns name and mail address of an active account; false when it has none.
	Mailbox(ctx context.Context, q db.Q, account string) (Mailbox, bool, error)
}

// Mailbox is where the mails of an account go.
type Mailbox struct{ Name, Address string }

// goodHref reports whether an address leads to a page of this site and nowhere else.
func goodHref(href string) bool {
	return href == "" || len(href) <= maxHref && strings.HasPrefix(href, "/") &&
		!strings.HasPrefix(href, "//") && !strings.ContainsAny(href, "\\\r\n\x00")
}
