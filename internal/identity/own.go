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

var (
	qPasswordSet = db.Stmt(`UPDATE account SET password = $2, password_us = $3, must_change = $4,
		updated_us = $3, version = version + 1 WHERE id = $1 AND version = $5`)
	qHashes   = db.Stmt(`SELECT hash FROM password_history WHERE account = $1`)
	qHashAdd  = db.Stmt(`INSERT INTO password_history (account, at_us, hash) VALUES ($1, $2, $3)`)
	qHashTrim = db.Stmt(`DELETE FROM password_history WHERE account = $1 AND hash NOT IN
		(SELECT hash FROM password_history WHERE account = $1
			ORDER BY at_us DESC, hash LIMIT $2)`)
	qProfile = db.Stmt(`UPDATE account SET name = $2, phone = $3, email = $4, person = $5,
		updated_us = $6, version = version + 1 WHERE id = $1 AND version = $7`)
)

// PasswordInput is the input of ChangePassword.
type PasswordInput struct {
	Old   string `json:"old"` // "" for an account without a password
	New   string `json:"new"`
	Token string `json:"-"` // of the present session
}

// ChangePassword gives the actor's account another password. The session gets another token, all
// others end.
func (s *Service) ChangePassword(
	ctx context.Context, by authz.Actor, in PasswordInput,
) (Started, error) {
	a, err := s.me(ctx, s.db, by)
	if err != nil {
		return Started{}, err
	}
	if err := fault.Fields(wrongPassword("new", in.New, a.Login)...); err != nil {
		return Started{}, err
	}
	c, err := s.confirmPassword(ctx, by, "old", in.Old)
	if err != nil {
		return Started{}, err
	}
	if err := s.notUsedBefore(ctx, c, "new", in.New); err != nil {
		return Started{}, err
	}
	hash, err := s.hasher.make(ctx, in.New)
	if err != nil {
		return Started{}, err
	}
	var out Started
	err = s.unit.Write(ctx, by, "identity.ChangePassword", func(tx *unit.Tx) error {
		l, err := s.own(ctx, tx, by, in.Token)
		if err != nil {
			return err
		}
		if err := setPassword(ctx, tx, c.Account, hash, false); err != nil {
			return err
		}
		if _, err := endSessions(ctx, tx, c.ID, l.ID, "password"); err != nil {
			return err
		}
		token, err := s.rotate(ctx, tx, l, in.Token, l.RoleID)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: c.ID, What: "change password"})
		out, err = s.started(ctx, tx, token, "")
		return err
	})
	return out, err
}

// notUsedBefore refuses a password that is or was lately that of the account.
func (s *Service) notUsedBefore(
	ctx context.Context, c credential, field, password string,
) error {
	hashes, err := db.All(ctx, s.db, qHashes, db.One[string], c.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(hashes, c.hash) { // it was made anew with another cost
		hashes = append(hashes, c.hash)
	}
	for _, h := range hashes {
		ok, _, err := s.hasher.check(ctx, h, password)
		if err != nil {
			return err
		}
		if ok {
			return fault.Fields(fault.At(field, "不能使用最近 %d 次用过的密码", keepHashes))
		}
	}
	return nil
}

// setPassword stores a hash and keeps it in the history.
func setPassword(
	ctx context.Context, tx *unit.Tx, a Account, hash string, mustChange bool,
) error {
	err := db.ExecOne(ctx, tx.Tx, qPasswordSet, a.ID, hash, tx.NowUs(), mustChange, a.Version)
	if err != nil {
		return err
	}
	return keepHash(ctx, tx, a.ID, hash)
}

func keepHash(ctx context.Context, tx *unit.Tx, account, hash string) error {
	if err := db.ExecOne(ctx, tx.Tx, qHashAdd, account, tx.NowUs(), hash); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx.Tx, qHashTrim, account, int64(keepHashes))
	return err
}

// ProfileInput is the input of UpdateProfile and UpdateAccount.
type ProfileInput struct {
	ID      string `json:"-"`
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Person  string `json:"person,omitempty"` // id of the person's record; staff set it
	Version int64  `json:"version"`
}

// GetProfile returns the actor's own account.
func (s *Service) GetProfile(ctx context.Context, by authz.Actor) (Account, error) {
	return s.GetAccount(ctx, by, by.Account)
}

// UpdateProfile changes what people say about themselves. Which person's record belongs to an
// account is not theirs to say.
func (s *Service) UpdateProfile(
	ctx context.Context, by authz.Actor, in ProfileInput,
) (Account, error) {
	in.ID = by.Account
	return s.updateAccount(ctx, by, "identity.UpdateProfile", in, false)
}

// UpdateAccount changes the data of an account on behalf of its owner.
func (s *Service) UpdateAccount(
	ctx context.Context, by authz.Actor, in ProfileInput,
) (Account, error) {
	return s.updateAccount(ctx, by, "identity.UpdateAccount", in, true)
}

func (s *Service) updateAccount(
	ctx context.Context, by authz.Actor, useCase string, in ProfileInput, staff bool,
) (Account, error) {
	in.Name, in.Phone, in.Email = tidy(in.Name), tidy(in.Phone), tidy(in.Email)
	var out Account
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		a, err := accountByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := AccountPolicy.May(by, ActAccountUpdate, a); err != nil {
			return err
		}
		if !staff || by.Account == a.ID {
			in.Person = a.Person
		}
		var w wrong
		w.profile(in.Name, in.Phone, in.Email)
		w.text("person", in.Person, maxPerson, false)
		if err := w.err(); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qProfile, a.ID, in.Name, in.Phone, in.Email, in.Person,
			tx.NowUs(), in.Version)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "update",
			Detail: profileChanges(a, in)})
		out, err = accountByID(ctx, tx, a.ID)
		return err
	})
	return out, err
}

// profileChanges names what changed. Phone and mail address are personal: their values stay out of
// the trail.
func profileChanges(a Account, in ProfileInput) map[string]any {
	out := map[string]any{}
	if a.Name != in.Name {
		out["name"] = [2]string{a.Name, in.Name}
	}
	if a.Person != in.Person {
		out["person"] = [2]string{a.Person, in.Person}
	}
	if a.Phone != in.Phone {
		out["phone"] = "changed"
	}
	if a.Email != in.Email {
		out["email"] = "changed"
	}
	return out
}
