package identity

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Stages of a session.
const (
	stageCode = "code" // the password was right, the second factor is still asked for
	stageFull = "full"
)

// Bounds of sessions.
const (
	maxSessions  = 20 // open ones of an account; the oldest ends
	codeTime     = 10 * time.Minute
	maxCodeTries = 5           // wrong codes before the password is asked for again
	seenEvery    = time.Minute // how exact last-seen is
	keepSessions = 180 * 24 * time.Hour
	maxAgent     = 200 // characters of a browser's name that are kept
	tokenBytes   = 32
)

// Session is one log-in of an account, as its owner sees it.
type Session struct {
	ID        string `json:"id"`
	Account   string `json:"-"`
	RoleID    string `json:"-"`
	Method    string `json:"method"`  // password, oidc
	Address   string `json:"address"` // where the log-in came from
	Agent     string `json:"agent"`   // what the browser calls itself
	CreatedUs int64  `json:"createdUs"`
	SeenUs    int64  `json:"seenUs"` // exact to a minute
	EndsUs    int64  `json:"endsUs"` // at the latest
	Current   bool   `json:"current"`

	stage   string
	tries   int64
	version int64
}

const sessionCols = `session.id, session.account, session.role_id, session.method, session.address,
	session.agent, session.created_us, session.seen_us, session.ends_us, session.stage,
	session.tries, session.version`

func (x *Session) fields() []any {
	return []any{&x.ID, &x.Account, &x.RoleID, &x.Method, &x.Address, &x.Agent, &x.CreatedUs,
		&x.SeenUs, &x.EndsUs, &x.stage, &x.tries, &x.version}
}

func scanSession(r db.Row) (Session, error) {
	var x Session
	err := r.Scan(x.fields()...)
	return x, err
}

// live is a session with its account, as one read brings it.
type live struct {
	Session
	account    Account
	passwordUs int64
}

func scanLive(r db.Row) (live, error) {
	var l live
	err := r.Scan(append(append(l.fields(), l.account.fields()...), &l.passwordUs)...)
	return l, err
}

var (
	qLive = db.Stmt(`SELECT ` + sessionCols + `, ` + accountCols + `, account.password_us
		FROM session JOIN account ON account.id = session.account
		WHERE session.token_hash = $1 AND session.ended_us = 0`)
	qSeen = db.Stmt(`UPDATE session SET seen_us = $2, version = version + 1
		WHERE id = $1 AND ended_us = 0 AND seen_us < $2`)
	qSessionAdd = db.Stmt(`INSERT INTO session (id, token_hash, account, role_id, stage, tries, method,
		address, agent, created_us, seen_us, ends_us, ended_us, ended_why, version)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $9, $10, 0, '', 1)`)
	qSessionRole = db.Stmt(`SELECT role_id FROM session WHERE account = $1 AND stage = 'full'
		ORDER BY created_us DESC, id DESC LIMIT 1`)
	qSessionsOpen = db.Stmt(`SELECT ` + sessionCols + ` FROM session
		WHERE account = $1 AND ended_us = 0 AND stage = 'full' AND ends_us > $2 AND seen_us > $3
		ORDER BY created_us DESC, id DESC LIMIT $4`)
	qSessionsFrom = db.Stmt(`SELECT id FROM session
		WHERE account = $1 AND ended_us = 0 AND stage = $2 ORDER BY created_us DESC, id DESC`)
	qSession = db.Stmt(`SELECT ` + sessionCols + ` FROM session WHERE id = $1 AND ended_us = 0`)

	qSessionEnd = db.Stmt(`UPDATE session SET ended_us = $2, ended_why = $3, version = version + 1
		WHERE id = $1 AND ended_us = 0`)
	qSessionsEnd = db.Stmt(`UPDATE session SET ended_us = $2, ended_why = $3, version = version + 1
		WHERE account = $1 AND ended_us = 0 AND id <> $4`)
	qSessionRotate = db.Stmt(`UPDATE session SET token_hash = $2, role_id = $3, stage = 'full',
		tries = 0, seen_us = $4, ends_us = $5, version = version + 1
		WHERE id = $1 AND ended_us = 0 AND token_hash = $6`)
	qSessionTry = db.Stmt(`UPDATE session SET tries = tries + 1, version = version + 1
		WHERE id = $1 AND ended_us = 0 AND tries < $2`)
)

// Where a person has to go before anything else.
const (
	PendingCode     = "code"     // the second factor is asked for
	PendingPassword = "password" // the password has to be changed
	PendingTOTP     = "totp"     // a second factor has to be set up
)

// Resumed is who a request comes from.
type Resumed struct {
	Session Session
	Actor   authz.Actor
	Name    string // of the person
	OrgName string // of the organisation acted for
	Others  []RoleChoice
	Pending string // one of the Pending constants, "" = nothing
}

// RoleChoice is another role the person may switch to.
type RoleChoice struct {
	Value string // for SwitchRole
	Role  authz.Role
	For   string // name of the organisation or region
}

// Resume finds who a session's token belongs to, as things are now: two indexed reads. A token that
// is unknown, ended or timed out is NotFound.
//
// As long as something is pending the actor has no role: nothing but that step is to be done. While
// the second factor is asked for, there is not even an account, because nobody has proved to be it.
func (s *Service) Resume(ctx context.Context, token string) (Resumed, error) {
	l, err := s.live(ctx, s.db, token)
	if err != nil {
		return Resumed{}, err
	}
	if l.stage == stageCode {
		return Resumed{
			Session: l.Session, Pending: PendingCode,
			Actor: authz.Actor{Role: authz.Public, Via: authz.ViaSession},
		}, nil
	}
	now := s.nowUs()
	held, err := rolesNow(ctx, s.db, l.Account, now)
	if err != nil {
		return Resumed{}, err
	}
	if now-l.SeenUs >= seenEvery.Microseconds() {
		if err := s.saw(ctx, l.ID, now); err != nil {
			return Resumed{}, err
		}
	}
	out := Resumed{Session: l.Session, Name: l.account.Name, Pending: s.pending(l)}
	if out.Pending != "" {
		out.Actor = actor(l.account, Held{}, authz.ViaSession)
		return out, nil
	}
	var mine Held // stays empty when the role of the session was revoked: nobody changes hats unasked
	for _, h := range held {
		if h.ID == l.RoleID {
			mine = h
			continue
		}
		out.Others = append(out.Others, RoleChoice{Value: h.ID, Role: h.Role, For: s.roleFor(h)})
	}
	out.Actor, out.OrgName = actor(l.account, mine, authz.ViaSession), mine.OrgName
	return out, nil
}

// live reads the session of a token and applies the time-outs: a session ends at the first instant
// at which it has idled for, or lasted, its time.
func (s *Service) live(ctx context.Context, q db.Q, token string) (live, error) {
	if token == "" || len(token) > 2*tokenBytes {
		return live{}, noSuch()
	}
	l, err := db.Get(ctx, q, qLive, scanLive, digest(token))
	if err != nil {
		return live{}, err
	}
	now := s.nowUs()
	if now >= l.EndsUs || now-l.SeenUs >= s.rule.Idle.Microseconds() ||
		l.account.Status != Active {
		return live{}, noSuch()
	}
	return l, nil
}

// saw stores the time of the last request. It is no change of anything and has no audit entry; a
// busy database may miss one.
func (s *Service) saw(ctx context.Context, sessionID string, nowUs int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qSeen, sessionID, nowUs)
		return err
	})
	if fault.Is(err, fault.Unavailable) {
		return nil
	}
	return err
}

// pending says what has to be done before anything else.
func (s *Service) pending(l live) string {
	age := s.nowUs() - l.passwordUs
	old := s.rule.PasswordAge > 0 && age >= s.rule.PasswordAge.Microseconds()
	if l.account.Password && (l.account.MustChange || old) {
		return PendingPassword
	}
	if s.rule.AdminsByCode && l.account.Admin && l.account.SecondUs == 0 {
		return PendingTOTP
	}
	return ""
}

// roleFor names what a role is for: the organisation, or the region.
func (s *Service) roleFor(h Held) string {
	switch {
	case h.OrgName != "":
		return h.OrgName
	case h.Region != "" && s.cfg.RegionName != nil:
		return s.cfg.RegionName(h.Region)
	default:
		return h.Region
	}
}

// begin stores a new session and returns its token. The oldest ones end when there are too many.
func (s *Service) begin(
	ctx context.Context, tx *unit.Tx, a Account, stage, method string, from Origin,
) (string, Session, error) {
	role, err := s.firstRole(ctx, tx.Tx, a.ID)
	if err != nil {
		return "", Session{}, err
	}
	lasts := s.rule.Absolute
	if stage == stageCode {
		lasts = codeTime
	}
	token := id.Token(tokenBytes)
	x := Session{ID: id.New(), Account: a.ID, RoleID: role, Method: method, Address: from.Address,
		Agent: shorten(from.Agent, maxAgent), CreatedUs: tx.NowUs(), SeenUs: tx.NowUs(),
		EndsUs: tx.NowUs() + lasts.Microseconds(), stage: stage}
	if err := makeRoom(ctx, tx, a.ID, stage); err != nil {
		return "", Session{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qSessionAdd, x.ID, digest(token), x.Account, x.RoleID, x.stage,
		x.Method, x.Address, x.Agent, x.CreatedUs, x.EndsUs)
	return token, x, err
}

// makeRoom ends the oldest sessions of a stage. Somebody with the password alone cannot push out
// sessions that the second factor opened.
func makeRoom(ctx context.Context, tx *unit.Tx, account, stage string) error {
	open, err := db.All(ctx, tx, qSessionsFrom, db.One[string], account, stage)
	if err != nil {
		return err
	}
	for len(open) >= maxSessions {
		last := open[len(open)-1]
		if _, err := db.Exec(ctx, tx.Tx, qSessionEnd, last, tx.NowUs(), "too many"); err != nil {
			return err
		}
		open = open[:len(open)-1]
	}
	return nil
}

// firstRole is the role a new session acts in: that of the log-in before, or else the first in
// menu order, or none.
func (s *Service) firstRole(ctx context.Context, tx *db.Tx, account string) (string, error) {
	held, err := rolesNow(ctx, tx, account, s.nowUs())
	if err != nil || len(held) == 0 {
		return "", err
	}
	last, _, err := db.Find(ctx, tx, qSessionRole, db.One[string], account)
	if err != nil {
		return "", err
	}
	for _, h := range held {
		if h.ID == last {
			return last, nil
		}
	}
	return held[0].ID, nil
}

// rotate gives a session another token: whoever knew the one before is out.
func (s *Service) rotate(ctx context.Context, tx *unit.Tx, l live, token, roleID string) (string, error) {
	next := id.Token(tokenBytes)
	ends := l.EndsUs
	if l.stage == stageCode {
		ends = tx.NowUs() + s.rule.Absolute.Microseconds()
	}
	err := db.ExecOne(ctx, tx.Tx, qSessionRotate, l.ID, digest(next), roleID, tx.NowUs(), ends,
		digest(token))
	return next, err
}

func shorten(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit])
	}
	return s
}

// ListSessions returns the open sessions of the actor, the newest first. token marks the present
// one.
func (s *Service) ListSessions(
	ctx context.Context, by authz.Actor, token string,
) ([]Session, error) {
	if err := SessionPolicy.May(by, ActSessionRead, Session{Account: by.Account}); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	all, err := db.All(ctx, s.db, qSessionsOpen, scanSession, by.Account, clock.Us(now),
		clock.Us(now.Add(-s.rule.Idle)), int64(maxSessions))
	if err != nil {
		return nil, err
	}
	var here string
	if l, err := s.live(ctx, s.db, token); err == nil {
		here = l.ID
	}
	for i := range all {
		all[i].Current = all[i].ID == here
	}
	return all, nil
}

// EndSession ends one of the actor's sessions.
func (s *Service) EndSession(ctx context.Context, by authz.Actor, sessionID string) error {
	return s.unit.Write(ctx, by, "identity.EndSession", func(tx *unit.Tx) error {
		x, err := db.Get(ctx, tx, qSession, scanSession, sessionID)
		if err != nil {
			return err
		}
		if err := SessionPolicy.May(by, ActSessionEnd, x); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qSessionEnd, x.ID, tx.NowUs(), "owner"); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.session", Object: x.ID, What: "end"})
		return nil
	})
}

// EndOtherSessions ends all sessions of the actor but the one of the token. It returns how many.
func (s *Service) EndOtherSessions(
	ctx context.Context, by authz.Actor, token string,
) (int64, error) {
	if err := SessionPolicy.May(by, ActSessionEnd, Session{Account: by.Account}); err != nil {
		return 0, err
	}
	var n int64
	err := s.unit.Write(ctx, by, "identity.EndOtherSessions", func(tx *unit.Tx) error {
		keep := ""
		if l, err := s.live(ctx, tx, token); err == nil && l.Account == by.Account {
			keep = l.ID
		}
		var err error
		n, err = endSessions(ctx, tx, by.Account, keep, "owner")
		return err
	})
	return n, err
}

// endSessions ends every session of an account but one, and says so in the trail.
func endSessions(
	ctx context.Context, tx *unit.Tx, account, except, why string,
) (int64, error) {
	n, err := db.Exec(ctx, tx.Tx, qSessionsEnd, account, tx.NowUs(), why, except)
	if err == nil && n > 0 {
		tx.Audit(audit.Entry{Kind: "identity.account", Object: account, What: "end sessions",
			Detail: map[string]any{"n": n, "why": why}})
	}
	return n, err
}
