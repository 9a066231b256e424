package identity

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Origin is where a request comes from.
type Origin struct {
	Address string `json:"-"` // of the network, as the door sees it
	Agent   string `json:"-"` // what the browser calls itself
	Device  string `json:"-"` // token that an earlier log-in left in this browser, "" = none
}

// LoginInput is the input of Login.
type LoginInput struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Code     string `json:"code,omitempty"` // of the second factor, if already known
	Origin   `json:"-"`
}

// Started is a session that has just begun or changed its token.
type Started struct {
	Token  string `json:"token"`
	Next   string `json:"next,omitempty"`   // one of the Pending constants, "" = nothing
	Device string `json:"device,omitempty"` // to be kept by the browser, "" = it has one
}

// errCredentials is all that a failed log-in says: nothing tells whether the login name exists.
var errCredentials = fault.New(fault.Invalid, "登录名或密码不正确")

// maxSecretInput bounds what is taken for a password or code, in bytes.
const maxSecretInput = 4 * MaxPassword

// Login begins a session by login name and password. Faults: Invalid, in the same words, for an
// unknown name and a wrong password; Unavailable after too many failures.
//
// An account with a second factor gets a session that is good for VerifyCode only, unless the code
// is given at once.
func (s *Service) Login(ctx context.Context, by authz.Actor, in LoginInput) (Started, error) {
	var w wrong
	if in.Login == "" {
		w.add("login", "请填写这一项")
	}
	if in.Password == "" {
		w.add("password", "请填写这一项")
	}
	if err := w.err(); err != nil {
		return Started{}, err
	}
	login := Normal(in.Login)
	c, known, err := db.Find(ctx, s.db, qCredentialOf, scanCredential, login)
	if err != nil {
		return Started{}, err
	}
	counters, err := s.countersOf(ctx, login, c.ID, in.Origin)
	if err != nil {
		return Started{}, err
	}
	if err := s.charged(ctx, counters); err != nil {
		return Started{}, err
	}
	ok, outdated, err := s.hasher.check(ctx, c.hash, in.Password[:min(len(in.Password), maxSecretInput)])
	if err != nil {
		return Started{}, err
	}
	if class := failure(known, ok, c.Status); class != "" {
		return Started{}, s.refused(ctx, class)
	}
	if outdated {
		if err := s.rehash(ctx, c, in.Password); err != nil {
			return Started{}, err
		}
	}
	return s.enter(ctx, by, entrance{account: c.ID, method: "password", from: in.Origin,
		counters: counters, code: in.Code})
}

// failure is the class of a failed log-in, "" when it did not fail.
func failure(known, ok bool, status Status) string {
	switch {
	case !known:
		return failUnknown
	case !ok:
		return failPassword
	case status != Active:
		return failStatus
	default:
		return ""
	}
}

// refused counts a failure and returns what the person is told. Only who knows the password learns
// that the account is locked.
func (s *Service) refused(ctx context.Context, class string) error {
	if err := s.failed(ctx, class); err != nil {
		return err
	}
	if class == failStatus {
		return fault.New(fault.Forbidden, "该账号已停用或注销，请联系系统管理员")
	}
	return errCredentials
}

// charged is charge that counts tries that came too early.
func (s *Service) charged(ctx context.Context, counters []counter) error {
	err := s.charge(ctx, counters...)
	if fault.Is(err, fault.Unavailable) && isTooFast(err) {
		if cerr := s.failed(ctx, failFast); cerr != nil {
			return cerr
		}
	}
	return err
}

// countersOf returns the counters of a log-in: that of the device if the owner has used it before,
// otherwise those of the login name from this network and of the network.
func (s *Service) countersOf(
	ctx context.Context, login, account string, from Origin,
) ([]counter, error) {
	known, err := s.knowsDevice(ctx, from.Device, account)
	if err != nil {
		return nil, err
	}
	if known {
		return []counter{counterOf(paceDevice, from.Device, account)}, nil
	}
	net := network(from.Address)
	return []counter{counterOf(paceLogin, login, net), counterOf(paceNetwork, net)}, nil
}

// rehash replaces a hash that was made with another cost, unless the password changes meanwhile.
func (s *Service) rehash(ctx context.Context, c credential, password string) error {
	hash, err := s.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	by := actor(c.Account, Held{}, authz.ViaSystem)
	return s.unit.Write(ctx, by, "identity.Rehash", func(tx *unit.Tx) error {
		n, err := db.Exec(ctx, tx.Tx, qRehash, c.ID, hash, c.hash)
		if n > 0 {
			tx.Audit(audit.Entry{Kind: "identity.account", Object: c.ID, What: "rehash"})
		}
		return err
	})
}

var qRehash = db.Stmt(`UPDATE account SET password = $2 WHERE id = $1 AND password = $3`)

// entrance is a person who has proved a first factor.
type entrance struct {
	account  string
	method   string // password, oidc
	from     Origin
	counters []counter
	code     string // of the second factor, "" = to be asked for
}

// enter begins the session. With a second factor and no code it is one for the code only, and what
// was counted before stays: a guessed password must not buy free guesses of codes.
func (s *Service) enter(ctx context.Context, by authz.Actor, e entrance) (Started, error) {
	var out Started
	var guessed error
	err := s.unit.Write(ctx, by, "identity.Login", func(tx *unit.Tx) error {
		out, guessed = Started{}, nil
		a, err := accountByID(ctx, tx, e.account)
		if err != nil {
			return err
		}
		if a.Status != Active {
			return errCredentials
		}
		asked := a.SecondUs != 0
		if asked && e.code == "" {
			out, err = s.askCode(ctx, tx, a, e)
			return err
		}
		second := ""
		if asked {
			if second, guessed = s.takeCode(ctx, tx, a.ID, e.code); guessed != nil {
				return guessed
			}
		}
		out, err = s.admit(ctx, tx, a, e, second)
		return err
	})
	if guessed != nil && fault.Is(guessed, fault.Invalid) {
		return Started{}, s.wrongCode(ctx, by, e.account, guessed)
	}
	return out, err
}

func (s *Service) askCode(
	ctx context.Context, tx *unit.Tx, a Account, e entrance,
) (Started, error) {
	token, x, err := s.begin(ctx, tx, a, stageCode, e.method, e.from)
	if err != nil {
		return Started{}, err
	}
	if err := uncount(ctx, tx.Tx, e.counters...); err != nil {
		return Started{}, err
	}
	s.trail(tx, a, x, "first factor", map[string]any{"method": e.method, "address": x.Address})
	return Started{Token: token, Next: PendingCode}, nil
}

// admit begins the session of somebody who has proved everything.
func (s *Service) admit(
	ctx context.Context, tx *unit.Tx, a Account, e entrance, second string,
) (Started, error) {
	token, x, err := s.begin(ctx, tx, a, stageFull, e.method, e.from)
	if err != nil {
		return Started{}, err
	}
	failures, device, err := s.welcome(ctx, tx, a, e)
	if err != nil {
		return Started{}, err
	}
	s.trail(tx, a, x, "login", map[string]any{"method": e.method, "second": second,
		"address": x.Address, "failuresBefore": failures})
	return s.started(ctx, tx, token, device)
}

// welcome clears the counters and remembers the device.
func (s *Service) welcome(
	ctx context.Context, tx *unit.Tx, a Account, e entrance,
) (int64, string, error) {
	failures, err := forgive(ctx, tx.Tx, e.counters)
	if err != nil {
		return 0, "", err
	}
	device, err := rememberDevice(ctx, tx, e.from.Device, a.ID)
	return failures, device, err
}

// started says what a session has to do next.
func (s *Service) started(
	ctx context.Context, tx *unit.Tx, token, device string,
) (Started, error) {
	l, err := s.live(ctx, tx, token)
	if err != nil {
		return Started{}, err
	}
	return Started{Token: token, Next: s.pending(l), Device: device}, nil
}

// trail records a step of a log-in under the name of the account.
func (s *Service) trail(tx *unit.Tx, a Account, x Session, what string, detail map[string]any) {
	detail["account"], detail["login"] = a.ID, a.Login
	tx.Audit(audit.Entry{Kind: "identity.session", Object: x.ID, What: what, Detail: detail})
}

// Logout ends the session of a token. One that has ended already is no fault.
func (s *Service) Logout(ctx context.Context, by authz.Actor, token string) error {
	return s.unit.Write(ctx, by, "identity.Logout", func(tx *unit.Tx) error {
		l, err := s.live(ctx, tx, token)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qSessionEnd, l.ID, tx.NowUs(), "logout"); err != nil {
			return err
		}
		s.trail(tx, l.account, l.Session, "logout", map[string]any{})
		return nil
	})
}

// SwitchRole makes the session of a token act in another role of the account: choice is the Value
// of a RoleChoice. The session gets another token.
func (s *Service) SwitchRole(
	ctx context.Context, by authz.Actor, token, choice string,
) (Started, error) {
	if err := inPerson(by); err != nil {
		return Started{}, err
	}
	var out Started
	err := s.unit.Write(ctx, by, "identity.SwitchRole", func(tx *unit.Tx) error {
		l, err := s.own(ctx, tx, by, token)
		if err != nil {
			return err
		}
		if s.pending(l) != "" {
			return fault.New(fault.Forbidden, "请先完成必要的安全设置")
		}
		held, err := rolesNow(ctx, tx, l.Account, tx.NowUs())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(held, func(h Held) bool { return h.ID == choice })
		if i < 0 {
			return fault.New(fault.Forbidden, "您没有这个身份，或它已被撤销")
		}
		if out.Token, err = s.rotate(ctx, tx, l, token, choice); err != nil {
			return err
		}
		s.trail(tx, l.account, l.Session, "switch role",
			map[string]any{"role": held[i].Role, "org": held[i].Org, "region": held[i].Region})
		return nil
	})
	return out, err
}

// own reads the session of a token, which must be of the actor's account.
func (s *Service) own(ctx context.Context, tx *unit.Tx, by authz.Actor, token string) (live, error) {
	l, err := s.live(ctx, tx, token)
	if err != nil {
		return live{}, err
	}
	if l.Account != by.Account || l.stage != stageFull {
		return live{}, noSuch()
	}
	return l, nil
}
