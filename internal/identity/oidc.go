package identity

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Log-in through an identity provider (统一身份认证) by OpenID Connect. The door speaks with the
// provider; this room keeps log-ins under way and who is who there.

// Bounds.
const (
	flowTime   = 10 * time.Minute // to log in at the provider
	maxLinks   = 5                // of an account
	maxIssuer  = 300              // bytes
	maxSubject = 255              // bytes, OpenID Connect Core 1.0 section 2
	maxBack    = 500
)

var (
	qFlowAdd = db.Stmt(`INSERT INTO oidc_flow
		(state_hash, browser_hash, account, nonce, verifier, back, ends_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qFlowTake = db.Stmt(`DELETE FROM oidc_flow WHERE state_hash = $1
		RETURNING browser_hash, account, nonce, verifier, back, ends_us`)
	qFlowsOld = db.Stmt(`DELETE FROM oidc_flow WHERE ends_us <= $1`)

	qLink    = db.Stmt(`SELECT account FROM oidc_link WHERE issuer = $1 AND subject = $2`)
	qLinkAdd = db.Stmt(`INSERT INTO oidc_link (issuer, subject, account, name, created_us)
		VALUES ($1, $2, $3, $4, $5)`)
	qLinks = db.Stmt(`SELECT issuer, subject, name, created_us FROM oidc_link WHERE account = $1
		ORDER BY created_us, issuer, subject`)
	qLinkDrop = db.Stmt(`DELETE FROM oidc_link WHERE issuer = $1 AND subject = $2 AND account = $3`)
)

// Flow is a log-in at the provider about to begin. State, Nonce and Verifier (of PKCE) go with the
// request to the provider as OpenID Connect says; Browser goes into a cookie, so that an answer is
// taken only from the browser that asked.
type Flow struct{ State, Nonce, Verifier, Browser string }

// BeginOIDC begins a log-in at the provider, or, for somebody who is logged in, the linking of the
// account with one there. back is where the person wants to go afterwards.
func (s *Service) BeginOIDC(
	ctx context.Context, by authz.Actor, back string,
) (Flow, error) {
	if by.Via != authz.ViaSession {
		return Flow{}, inPerson(authz.Actor{Via: authz.ViaToken})
	}
	if len(back) > maxBack {
		back = ""
	}
	f := Flow{State: id.Token(tokenBytes), Nonce: id.Token(tokenBytes),
		Verifier: id.Token(tokenBytes), Browser: id.Token(tokenBytes)}
	ends := s.nowUs() + flowTime.Microseconds()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExecOne(ctx, tx, qFlowAdd, digest(f.State), digest(f.Browser), by.Account, f.Nonce,
			f.Verifier, back, ends)
	})
	return f, err
}

// Returned is a log-in that has come back from the provider.
type Returned struct {
	Nonce, Verifier string
	Back            string
	account         string // that is to be linked, "" = a log-in
}

// TakeOIDC finds the log-in that a provider's answer belongs to, once. An answer that is unknown,
// late, or came to another browser or account is Invalid.
func (s *Service) TakeOIDC(
	ctx context.Context, by authz.Actor, state, browser string,
) (Returned, error) {
	var r Returned
	var hash string
	var ends int64
	found := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		found = false
		return db.Each(ctx, tx, qFlowTake, func(row db.Row) error {
			found = true
			return row.Scan(&hash, &r.account, &r.Nonce, &r.Verifier, &r.Back, &ends)
		}, digest(state))
	})
	if err != nil {
		return Returned{}, err
	}
	if !found || hash != digest(browser) || s.nowUs() >= ends || r.account != by.Account {
		return Returned{}, fault.New(fault.Invalid, "登录已过期或不是从本浏览器发起，请重新登录")
	}
	return r, nil
}

// OIDCInput is who the provider says has logged in.
type OIDCInput struct {
	Returned Returned
	Issuer   string
	Subject  string
	Name     string
	Origin
}

// FinishOIDC begins a session for whom the provider vouches, or completes a link. Somebody the
// provider knows and this system does not gets nothing, unless the city lets a first log-in make an
// account: then one without roles.
func (s *Service) FinishOIDC(
	ctx context.Context, by authz.Actor, in OIDCInput,
) (Started, error) {
	in.Name = shorten(tidy(in.Name), MaxName)
	if in.Issuer == "" || in.Subject == "" || len(in.Issuer) > maxIssuer ||
		len(in.Subject) > maxSubject {
		return Started{}, fault.New(fault.Invalid, "统一身份认证的应答不完整")
	}
	if in.Returned.account != "" {
		return Started{}, s.link(ctx, by, in)
	}
	account, known, err := db.Find(ctx, s.db, qLink, db.One[string], in.Issuer, in.Subject)
	if err != nil {
		return Started{}, err
	}
	e := entrance{account: account, method: "oidc", from: in.Origin}
	if known {
		return s.enterActive(ctx, by, e)
	}
	if !s.rule.OIDCCreates {
		return Started{}, fault.New(fault.Forbidden,
			"该身份尚未关联本站账号；请先用登录名登录，再在「账号与安全」中关联")
	}
	var out Started
	err = s.unit.Write(ctx, by, "identity.FinishOIDC", func(tx *unit.Tx) error {
		n := newAccount{Account: Account{Login: "oidc-" + id.New(), Name: in.Name, Origin: originOIDC}}
		if n.Name == "" {
			n.Name = n.Login
		}
		a, err := addAccount(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := addLink(ctx, tx, a.ID, in); err != nil {
			return err
		}
		e.account = a.ID
		out, err = s.admit(ctx, tx, a, e, "")
		return err
	})
	return out, err
}

// enterActive is enter for somebody who has proved who they are: they learn that the account is
// locked.
func (s *Service) enterActive(
	ctx context.Context, by authz.Actor, e entrance,
) (Started, error) {
	a, err := accountByID(ctx, s.db, e.account)
	if err != nil {
		return Started{}, err
	}
	if a.Status != Active {
		return Started{}, s.refused(ctx, failStatus)
	}
	return s.enter(ctx, by, e)
}

// link adds a person at the provider to the actor's account.
func (s *Service) link(ctx context.Context, by authz.Actor, in OIDCInput) error {
	if by.Account != in.Returned.account {
		return noSuch()
	}
	if _, err := s.me(ctx, s.db, by); err != nil {
		return err
	}
	err := s.unit.Write(ctx, by, "identity.FinishOIDC", func(tx *unit.Tx) error {
		all, err := db.All(ctx, tx, qLinks, scanLink, by.Account)
		if err != nil {
			return err
		}
		if len(all) >= maxLinks {
			return fault.New(fault.Conflict, "最多关联 %d 个统一身份", maxLinks)
		}
		return addLink(ctx, tx, by.Account, in)
	})
	if db.Violates(err, "oidc_link", "issuer", "subject") {
		return fault.New(fault.Conflict, "该身份已关联账号")
	}
	return err
}

func addLink(ctx context.Context, tx *unit.Tx, account string, in OIDCInput) error {
	err := db.ExecOne(ctx, tx.Tx, qLinkAdd, in.Issuer, in.Subject, account, in.Name, tx.NowUs())
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: "identity.account", Object: account, What: "link",
		Detail: map[string]any{"issuer": in.Issuer, "subject": in.Subject}})
	return nil
}

// Link is a person at a provider who is the owner of an account.
type Link struct {
	Issuer    string `json:"issuer"`
	Subject   string `json:"subject"`
	Name      string `json:"name"`
	CreatedUs int64  `json:"createdUs"`
}

func scanLink(r db.Row) (Link, error) {
	var l Link
	err := r.Scan(&l.Issuer, &l.Subject, &l.Name, &l.CreatedUs)
	return l, err
}

// ListLinks returns the persons at providers that the actor's account is linked with.
func (s *Service) ListLinks(ctx context.Context, by authz.Actor) ([]Link, error) {
	if _, err := s.me(ctx, s.db, by); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, qLinks, scanLink, by.Account)
}

// UnlinkOIDC removes a link. The last way to log in stays.
func (s *Service) UnlinkOIDC(ctx context.Context, by authz.Actor, issuer, subject string) error {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "identity.UnlinkOIDC", func(tx *unit.Tx) error {
		n, err := db.Exec(ctx, tx.Tx, qLinkDrop, issuer, subject, a.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return noSuch()
		}
		left, err := db.All(ctx, tx, qLinks, scanLink, a.ID)
		if err != nil {
			return err
		}
		if len(left) == 0 && !a.Password {
			return fault.New(fault.Conflict, "请先设置密码，否则将无法登录")
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "unlink",
			Detail: map[string]any{"issuer": issuer, "subject": subject}})
		return nil
	})
}
