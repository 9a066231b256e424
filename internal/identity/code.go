package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Codes of second factors: RFC 6238 with the values every authenticator app knows, and recovery
// codes of 80 random bits.
const (
	stepSeconds    = 30
	codeDigits     = 6
	skewSteps      = 1 // a clock may be off by one step either way
	secretBytes    = 20
	recoveryCodes  = 10
	recoveryBytes  = 10
	recoveryLength = 16 // characters
	alarmCodes     = 20 // wrong codes within an hour after which the owner is warned
)

// base32Plain is the alphabet of authenticator apps without padding.
var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// stepOf is the number of the 30 seconds that a moment lies in.
func stepOf(t time.Time) int64 { return t.Unix() / stepSeconds }

// matchStep returns the step whose code was given, among those that a clock may show now and that
// come after the last one taken. It looks at all of them, so that the time tells nothing.
func matchStep(secret []byte, code string, now time.Time, last int64) (int64, bool, error) {
	found := int64(-1)
	text := base32Plain.EncodeToString(secret)
	for step := stepOf(now) - skewSteps; step <= stepOf(now)+skewSteps; step++ {
		want, err := hotp.GenerateCode(text, uint64(step))
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last && found < 0 {
			found = step
		}
	}
	return found, found >= 0, nil
}

// enrolmentOf writes a secret as people type it and as an authenticator app reads it.
func enrolmentOf(site, login string, secret []byte) (Enrolment, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: site, AccountName: login, Secret: secret})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: base32Plain.EncodeToString(secret), URL: key.URL()}, nil
}

// newRecoveryCodes returns codes for people, in groups of four.
func newRecoveryCodes() []string {
	out := make([]string, recoveryCodes)
	for i := range out {
		c := strings.ToLower(base32Plain.EncodeToString(randomBytes(recoveryBytes)))
		out[i] = c[0:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:16]
	}
	return out
}

// plainCode is a code as people type it, without spaces, hyphens and capitals.
func plainCode(s string) string {
	if len(s) > maxSecretInput {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		default:
			return -1
		}
	}, s)
}

func recoveryHash(account, code string) string { return digest("recovery\n" + account + "\n" + code) }

// factor is the row of a second factor.
type factor struct {
	secret      string
	confirmedUs int64
	lastStep    int64
}

func scanFactor(r db.Row) (factor, error) {
	var f factor
	err := r.Scan(&f.secret, &f.confirmedUs, &f.lastStep)
	return f, err
}

var (
	qFactor     = db.Stmt(`SELECT secret, confirmed_us, last_step FROM totp WHERE account = $1`)
	qFactorTake = db.Stmt(`UPDATE totp SET last_step = $2, version = version + 1
		WHERE account = $1 AND last_step < $2`)
	qRecoveryTake = db.Stmt(`UPDATE recovery_code SET used_us = $3
		WHERE account = $1 AND code_hash = $2 AND used_us = 0`)
)

func errCode() error { return fault.Fields(fault.At("code", "验证码不正确，或已经用过")) }

// takeCode uses up a code of the second factor, once, and says which kind it was. A wrong or used
// one is Invalid at the field "code".
func (s *Service) takeCode(
	ctx context.Context, tx *unit.Tx, account, code string,
) (string, error) {
	code = plainCode(code)
	if len(code) == recoveryLength {
		n, err := db.Exec(ctx, tx.Tx, qRecoveryTake, account, recoveryHash(account, code), tx.NowUs())
		if err == nil && n == 0 {
			err = errCode()
		}
		return "recovery", err
	}
	f, found, err := db.Find(ctx, tx, qFactor, scanFactor, account)
	if err != nil {
		return "", err
	}
	if !found || f.confirmedUs == 0 {
		return "", errCode()
	}
	return "totp", s.takeStep(ctx, tx, account, f, code)
}

// takeStep uses up the step that a code belongs to. Of two requests with one code, one wins.
func (s *Service) takeStep(
	ctx context.Context, tx *unit.Tx, account string, f factor, code string,
) error {
	secret, err := s.sealer.open(f.secret, account)
	if err != nil {
		return err
	}
	step, ok, err := matchStep(secret, code, s.clock.Now(), f.lastStep)
	if err != nil {
		return err
	}
	if !ok {
		return errCode()
	}
	n, err := db.Exec(ctx, tx.Tx, qFactorTake, account, step)
	if err == nil && n == 0 {
		err = errCode()
	}
	return err
}

// CodeInput is the input of VerifyCode.
type CodeInput struct {
	Code   string `json:"code"`
	Token  string `json:"-"` // of the session that Login began
	Origin `json:"-"`
}

// VerifyCode completes a log-in with the second factor or a recovery code. After too many wrong
// codes the session is over and the password has to be given again.
func (s *Service) VerifyCode(ctx context.Context, by authz.Actor, in CodeInput) (Started, error) {
	l, err := s.live(ctx, s.db, in.Token)
	if err != nil {
		return Started{}, err
	}
	if l.stage != stageCode {
		return Started{}, fault.New(fault.Conflict, "已经完成登录")
	}
	if plainCode(in.Code) == "" {
		return Started{}, fault.Fields(fault.At("code", "请填写这一项"))
	}
	counters, err := s.countersOf(ctx, l.account.Login, l.Account, in.Origin)
	if err != nil {
		return Started{}, err
	}
	if err := s.charged(ctx, counters); err != nil {
		return Started{}, err
	}
	if err := s.useTry(ctx, by, l); err != nil {
		return Started{}, err
	}
	var out Started
	err = s.unit.Write(ctx, by, "identity.VerifyCode", func(tx *unit.Tx) error {
		var err error
		out, err = s.verify(ctx, tx, in, counters)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return Started{}, s.wrongCode(ctx, by, l.Account, err)
	}
	return out, err
}

// verify takes the code and opens the session.
func (s *Service) verify(
	ctx context.Context, tx *unit.Tx, in CodeInput, counters []counter,
) (Started, error) {
	l, err := s.live(ctx, tx, in.Token)
	if err != nil {
		return Started{}, err
	}
	second, err := s.takeCode(ctx, tx, l.Account, in.Code)
	if err != nil {
		return Started{}, err
	}
	role, err := s.firstRole(ctx, tx.Tx, l.Account)
	if err != nil {
		return Started{}, err
	}
	if err := makeRoom(ctx, tx, l.Account, stageFull); err != nil {
		return Started{}, err
	}
	token, err := s.rotate(ctx, tx, l, in.Token, role)
	if err != nil {
		return Started{}, err
	}
	failures, device, err := s.welcome(ctx, tx, l.account,
		entrance{from: in.Origin, counters: counters})
	if err != nil {
		return Started{}, err
	}
	s.trail(tx, l.account, l.Session, "login", map[string]any{"method": l.Method, "second": second,
		"address": in.Address, "failuresBefore": failures})
	return s.started(ctx, tx, token, device)
}

// useTry counts a try of the session before the code is looked at. When none is left the session
// ends.
func (s *Service) useTry(ctx context.Context, by authz.Actor, l live) error {
	var n int64
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		n, err = db.Exec(ctx, tx, qSessionTry, l.ID, int64(maxCodeTries))
		return err
	})
	if err != nil || n == 1 {
		return err
	}
	err = s.unit.Write(ctx, by, "identity.VerifyCode", func(tx *unit.Tx) error {
		_, err := db.Exec(ctx, tx.Tx, qSessionEnd, l.ID, tx.NowUs(), "codes")
		s.trail(tx, l.account, l.Session, "too many codes", map[string]any{})
		return err
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "验证码错误次数过多，请重新登录")
}

// paceCodes only counts: a pause would let whoever knows the password keep the owner out.
var paceCodes = pace{prefix: "codes:", free: 1 << 40, step: 1, first: time.Second,
	longest: time.Second, forget: time.Hour}

// wrongCode counts a wrong code and warns the owner when there were many: somebody else knows the
// password. It returns what the person is told.
func (s *Service) wrongCode(
	ctx context.Context, by authz.Actor, account string, told error,
) error {
	if err := s.failed(ctx, failCode); err != nil {
		return err
	}
	var n int64
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		n, err = counterOf(paceCodes, account).charge(ctx, tx, s.clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	if n == alarmCodes {
		err = s.unit.Write(ctx, by, "identity.VerifyCode", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "identity.account", Object: account, What: "codes guessed",
				Detail: map[string]any{"wrong": n}})
			tx.Emit(outbox.Event{Kind: EventCodesGuessed, Object: account, Data: n})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return told
}
