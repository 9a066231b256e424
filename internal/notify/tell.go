package notify

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qAdd = db.Stmt(`INSERT INTO notify_notice (id, account, kind, uniq, title, detail, href,
		lines, created_us, read_us, mail_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, 1)
		ON CONFLICT (account, uniq) WHERE uniq <> '' DO NOTHING`)
	qQuiet = db.Stmt(`SELECT inbox FROM notify_quiet WHERE account = $1 AND kind = $2`)
)

// Tell tells a notice in the caller's write, which is undone when a notice is malformed: an unknown
// kind, no title or an address outside of the site. Accounts that do not want its kind get none. The
// caller's own audit entry speaks for it.
func (s *Service) Tell(ctx context.Context, tx *unit.Tx, n Notice) error {
	return s.TellAt(ctx, tx.Tx, tx.NowUs(), n)
}

// TellAt is Tell for writes that no person makes: consumers of the outbox and jobs.
func (s *Service) TellAt(ctx context.Context, tx *db.Tx, atUs int64, n Notice) error {
	kind, err := s.check(n)
	if err != nil {
		return err
	}
	lines, err := encodeLines(n.Lines)
	if err != nil {
		return err
	}
	accounts, err := s.told(ctx, tx, n)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		quiet, said, err := db.Find(ctx, tx, qQuiet, db.One[bool], account, n.Kind)
		if err != nil {
			return err
		}
		if quiet {
			continue
		}
		mail := int64(0)
		if said || !kind.Mail {
			mail = noMail
		}
		_, err = db.Exec(ctx, tx, qAdd, id.New(), account, n.Kind, n.Once, n.Title.Encode(),
			n.Detail.Encode(), n.Href, lines, atUs, mail)
		if err != nil {
			return err
		}
	}
	return nil
}

// noMail is the time of a mail for what goes into none.
const noMail = -1

func (s *Service) check(n Notice) (Kind, error) {
	i := slices.IndexFunc(s.kinds, func(k Kind) bool { return k.Name == n.Kind })
	bad := func(l Line) bool { return l.Title.Key == "" || !goodHref(l.Href) }
	if i < 0 || n.Title.Key == "" || !goodHref(n.Href) || len(n.Once) > maxOnce ||
		len(n.Lines) > maxLines || slices.ContainsFunc(n.Lines, bad) {
		return Kind{}, fmt.Errorf("notice of kind %q to %q is malformed or of no declared kind", n.Kind,
			n.Href)
	}
	return s.kinds[i], nil
}

// told returns the accounts that a notice is for, each once.
func (s *Service) told(ctx context.Context, q db.Q, n Notice) ([]string, error) {
	var out []string
	for _, to := range n.To {
		if to == (To{}) || s.accounts == nil {
			continue
		}
		found, err := s.accounts.Told(ctx, q, to)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	out = slices.DeleteFunc(out, func(a string) bool { return slices.Contains(n.But, a) })
	return out[:min(len(out), MaxAddress)], nil
}

// Accounts returns the active accounts that somebody means, for rooms that tell each something of its
// own.
func (s *Service) Accounts(ctx context.Context, q db.Q, to ...To) ([]string, error) {
	return s.told(ctx, q, Notice{To: to})
}

// Follower returns the consumer that makes notices of events, by the rules of the rooms.
func (s *Service) Follower() outbox.Consumer {
	var kinds []string
	for _, r := range s.rules {
		kinds = append(kinds, r.Events...)
	}
	return outbox.Consumer{
		Name: "notify.notices", Kinds: append(kinds, ""), // "" keeps an empty list from being all
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				if err := s.tellEvent(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (s *Service) tellEvent(ctx context.Context, tx *db.Tx, e outbox.Stored) error {
	for _, r := range s.rules {
		if !slices.Contains(r.Events, e.Kind) {
			continue
		}
		notices, err := r.Notices(ctx, tx, e)
		if err != nil {
			return err
		}
		for _, n := range notices {
			if err := s.TellAt(ctx, tx, e.AtUs, n); err != nil {
				return err
			}
		}
	}
	return nil
}
