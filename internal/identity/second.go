package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qFactorStart = db.Stmt(`INSERT INTO totp
		(account, secret, confirmed_us, last_step, created_us, version)
		VALUES ($1, $2, 0, 0, $3, 1) ON CONFLICT (account) DO UPDATE SET secret = excluded.secret,
			last_step = 0, created_us = excluded.created_us, version = totp.version + 1
		WHERE totp.confirmed_us = 0`)
	qFactorConfirm = db.Stmt(`UPDATE totp SET confirmed_us = $2, version = version + 1
		WHERE account = $1 AND confirmed_us = 0`)
	qFactorDrop  = db.Stmt(`DELETE FROM totp WHERE account = $1`)
	qRecoveryAdd = db.Stmt(`INSERT INTO recovery_code (account, code_hash, used_us)
		VALUES ($1, $2, 0)`)
	qRecoveryDrop = db.Stmt(`DELETE FROM recovery_code WHERE account = $1`)
	qRecoveryLeft = db.Stmt(`SELECT COUNT(*) FROM recovery_code WHERE account = $1 AND used_us = 0`)
	qSecondSet    = db.Stmt(`UPDATE account SET second_us = $2, updated_us = $3,
		version = version + 1 WHERE id = $1`)
)

// SecondFactor is what the owner sees of it.
type SecondFactor struct {
	SinceUs  int64 `json:"sinceUs,omitempty"` // 0 = none
	Recovery int64 `json:"recovery"`          // unused recovery codes
	Required bool  `json:"required"`          // by the roles of the account
}

// GetSecondFactor returns the state of the actor's second factor.
func (s *Service) GetSecondFactor(ctx context.Context, by authz.Actor) (SecondFactor, error) {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return SecondFactor{}, err
	}
	left, err := db.Get(ctx, s.db, qRecoveryLeft, db.One[int64], a.ID)
	return SecondFactor{SinceUs: a.SecondUs, Recovery: left, Required: s.rule.AdminsByCode && a.Admin},
		err
}

// me reads the actor's own account and checks that a person, not a program, is at work.
func (s *Service) me(ctx context.Context, q db.Q, by authz.Actor) (Account, error) {
	if err := inPerson(by); err != nil {
		return Account{}, err
	}
	a, err := accountByID(ctx, q, by.Account)
	if err != nil {
		return Account{}, err
	}
	return a, AccountPolicy.May(by, ActAccountSecure, a)
}

// confirmPassword asks the actor for the own password again, so that a browser left open does not
// give the account away. Tries count for the session's account alone and for nobody's log-in. An
// account without a password has nothing to confirm.
func (s *Service) confirmPassword(
	ctx context.Context, by authz.Actor, field, password string,
) (credential, error) {
	c, err := db.Get(ctx, s.db, qCredential, scanCredential, by.Account)
	if err != nil {
		return c, err
	}
	if c.hash == "" {
		return c, nil
	}
	if password == "" {
		return c, fault.Fields(fault.At(field, "请填写这一项"))
	}
	guard := counterOf(paceConfirm, by.Account)
	if err := s.charged(ctx, []counter{guard}); err != nil {
		return c, err
	}
	ok, _, err := s.hasher.check(ctx, c.hash, password[:min(len(password), maxSecretInput)])
	if err != nil {
		return c, err
	}
	if !ok {
		if err := s.failed(ctx, failPassword); err != nil {
			return c, err
		}
		return c, fault.Fields(fault.At(field, "密码不正确"))
	}
	return c, s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := forgive(ctx, tx, []counter{guard})
		return err
	})
}

// Enrolment is the secret of a new second factor. It is shown once.
type Enrolment struct {
	Secret string `json:"secret"` // in base 32, to be typed in
	URL    string `json:"url"`    // otpauth:// address, to be read by the app
}

// StartTOTP makes the secret of a second factor. It counts only after ConfirmTOTP; starting again
// makes another one.
func (s *Service) StartTOTP(
	ctx context.Context, by authz.Actor, password string,
) (Enrolment, error) {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return Enrolment{}, err
	}
	if a.SecondUs != 0 {
		return Enrolment{}, fault.New(fault.Conflict, "已启用两步验证；要更换请先停用")
	}
	if _, err := s.confirmPassword(ctx, by, "password", password); err != nil {
		return Enrolment{}, err
	}
	secret := randomBytes(secretBytes)
	kept, err := s.sealer.seal(secret, a.ID)
	if err != nil {
		return Enrolment{}, err
	}
	err = s.unit.Write(ctx, by, "identity.StartTOTP", func(tx *unit.Tx) error {
		if err := db.ExecOne(ctx, tx.Tx, qFactorStart, a.ID, kept, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "start second factor"})
		return nil
	})
	if err != nil {
		return Enrolment{}, err
	}
	return enrolmentOf(s.cfg.Site, a.Login, secret)
}

// PendingTOTP returns the enrolment that was started and not yet confirmed, for a page that is
// shown again. NotFound when there is none.
func (s *Service) PendingTOTP(ctx context.Context, by authz.Actor) (Enrolment, error) {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return Enrolment{}, err
	}
	f, err := db.Get(ctx, s.db, qFactor, scanFactor, a.ID)
	if err != nil {
		return Enrolment{}, err
	}
	if f.confirmedUs != 0 {
		return Enrolment{}, noSuch() // what is in use is never shown again
	}
	secret, err := s.sealer.open(f.secret, a.ID)
	if err != nil {
		return Enrolment{}, err
	}
	return enrolmentOf(s.cfg.Site, a.Login, secret)
}

// Enabled is what ConfirmTOTP gives: the session's new token, and the recovery codes, shown once.
type Enabled struct {
	Started
	Codes []string `json:"codes"`
}

// ConfirmTOTP proves that the app shows the right codes. From then on every log-in asks for one,
// the session gets another token, and all others end: they never showed a code.
func (s *Service) ConfirmTOTP(
	ctx context.Context, by authz.Actor, token, code string,
) (Enabled, error) {
	if _, err := s.me(ctx, s.db, by); err != nil {
		return Enabled{}, err
	}
	guard := counterOf(paceConfirm, by.Account)
	if err := s.charged(ctx, []counter{guard}); err != nil {
		return Enabled{}, err
	}
	out := Enabled{}
	err := s.unit.Write(ctx, by, "identity.ConfirmTOTP", func(tx *unit.Tx) error {
		l, err := s.own(ctx, tx, by, token)
		if err != nil {
			return err
		}
		f, err := db.Get(ctx, tx, qFactor, scanFactor, by.Account)
		if err != nil {
			return err
		}
		if err := s.takeStep(ctx, tx, by.Account, f, plainCode(code)); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qFactorConfirm, by.Account, tx.NowUs()); err != nil {
			return err
		}
		if _, err := forgive(ctx, tx.Tx, []counter{guard}); err != nil {
			return err
		}
		out, err = s.enable(ctx, tx, l, token)
		return err
	})
	return out, err
}

func (s *Service) enable(
	ctx context.Context, tx *unit.Tx, l live, token string,
) (Enabled, error) {
	out := Enabled{Codes: newRecoveryCodes()}
	err := db.ExecOne(ctx, tx.Tx, qSecondSet, l.Account, tx.NowUs(), tx.NowUs())
	if err != nil {
		return out, err
	}
	if err := storeRecovery(ctx, tx, l.Account, out.Codes); err != nil {
		return out, err
	}
	if _, err := endSessions(ctx, tx, l.Account, l.ID, "second factor"); err != nil {
		return out, err
	}
	next, err := s.rotate(ctx, tx, l, token, l.RoleID)
	if err != nil {
		return out, err
	}
	tx.Audit(audit.Entry{Kind: "identity.account", Object: l.Account, What: "enable second factor"})
	out.Started, err = s.started(ctx, tx, next, "")
	return out, err
}

func storeRecovery(ctx context.Context, tx *unit.Tx, account string, codes []string) error {
	if _, err := db.Exec(ctx, tx.Tx, qRecoveryDrop, account); err != nil {
		return err
	}
	for _, c := range codes {
		err := db.ExecOne(ctx, tx.Tx, qRecoveryAdd, account, recoveryHash(account, plainCode(c)))
		if err != nil {
			return err
		}
	}
	return nil
}

// RenewRecoveryCodes replaces the recovery codes; those before no longer count.
func (s *Service) RenewRecoveryCodes(
	ctx context.Context, by authz.Actor, password string,
) ([]string, error) {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return nil, err
	}
	if a.SecondUs == 0 {
		return nil, fault.New(fault.Conflict, "尚未启用两步验证")
	}
	if _, err := s.confirmPassword(ctx, by, "password", password); err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	err = s.unit.Write(ctx, by, "identity.RenewRecoveryCodes", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "renew recovery codes"})
		return storeRecovery(ctx, tx, a.ID, codes)
	})
	return codes, err
}

// DisableTOTP removes the actor's second factor, unless the roles of the account ask for one.
func (s *Service) DisableTOTP(ctx context.Context, by authz.Actor, password string) error {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return err
	}
	if a.SecondUs == 0 {
		return fault.New(fault.Conflict, "尚未启用两步验证")
	}
	if s.rule.AdminsByCode && a.Admin {
		return fault.New(fault.Conflict, "管理员账号必须启用两步验证")
	}
	if _, err := s.confirmPassword(ctx, by, "password", password); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "identity.DisableTOTP", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "disable second factor"})
		return dropFactor(ctx, tx, a.ID)
	})
}

// dropFactor removes the second factor with its recovery codes.
func dropFactor(ctx context.Context, tx *unit.Tx, account string) error {
	for _, q := range []*db.Statement{qFactorDrop, qRecoveryDrop} {
		if _, err := db.Exec(ctx, tx.Tx, q, account); err != nil {
			return err
		}
	}
	return db.ExecOne(ctx, tx.Tx, qSecondSet, account, int64(0), tx.NowUs())
}
