package identity

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// accountList is the list of accounts.
var accountList = db.Select(accountCols, `account`,
	db.Order{Name: "login", Cols: []db.Col{db.TextCol("account.login")}},
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("account.created_us"), db.TextCol("account.id")}},
)

var (
	qStatusSet = db.Stmt(`UPDATE account SET status = $2, updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $4`)
	qTokensOff = db.Stmt(`UPDATE api_token SET revoked_us = $2, version = version + 1
		WHERE account = $1 AND revoked_us = 0`)
)

// AccountFilter narrows a list of accounts. Zero fields do not narrow.
type AccountFilter struct {
	Query  string     `json:"q,omitempty"` // beginning of the login name or of the name
	Status Status     `json:"status,omitempty"`
	Role   authz.Role `json:"role,omitempty"` // granted and not revoked
}

func (f AccountFilter) where() db.Where {
	w := db.Where{}
	if q := tidy(f.Query); q != "" {
		login := Normal(q)
		w = w.AndAll(db.Or(
			db.Where{}.And("account.login >= $1 AND account.login < $2", login, login+lastRune),
			db.Where{}.And("account.name >= $1 AND account.name < $2", q, q+lastRune)))
		if login == "" { // too long for a login name, and so for a name
			w = w.AndAll(db.Nothing())
		}
	}
	if f.Status != "" {
		w = w.And("account.status = $1", string(f.Status))
	}
	if f.Role != "" {
		w = w.And(`EXISTS (SELECT 1 FROM account_role AS r WHERE r.account = account.id
			AND r.revoked_us = 0 AND r.role = $1)`, string(f.Role))
	}
	return w
}

// lastRune sorts after everything that follows a beginning.
const lastRune = "\U0010FFFF"

// AccountOrders returns the names of the orders people may choose.
func AccountOrders() []string { return accountList.OrderNames() }

// ListAccounts returns a page of the accounts the actor may read, phones and mail addresses masked.
func (s *Service) ListAccounts(
	ctx context.Context, by authz.Actor, f AccountFilter, order string, p db.PageReq,
) (db.Page[Account], error) {
	w := f.where().AndAll(AccountPolicy.Scope(by, ActAccountRead))
	page, err := db.List(ctx, s.db, accountList, w, accountList.Order(order), p, scanAccount)
	for i := range page.Items {
		page.Items[i] = page.Items[i].masked()
	}
	return page, err
}

// CountAccounts returns how many accounts the list has.
func (s *Service) CountAccounts(
	ctx context.Context, by authz.Actor, f AccountFilter,
) (int64, error) {
	w := f.where().AndAll(AccountPolicy.Scope(by, ActAccountRead))
	return accountList.Count(ctx, s.db, w, 0)
}

func (a Account) masked() Account {
	a.Phone, a.Email = id.MaskPhone(a.Phone), maskEmail(a.Email)
	return a
}

// GetAccount returns an account, with phone and mail address for those who may see them.
func (s *Service) GetAccount(
	ctx context.Context, by authz.Actor, accountID string,
) (Account, error) {
	a, err := accountByID(ctx, s.db, accountID)
	if err != nil {
		return Account{}, err
	}
	if err := AccountPolicy.May(by, ActAccountRead, a); err != nil {
		return Account{}, err
	}
	if !AccountPolicy.MaySee(by, ActAccountContact, a) {
		a = a.masked()
	}
	return a, nil
}

// NewAccount is the input of CreateAccount.
type NewAccount struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Phone    string `json:"phone,omitempty"`
	Email    string `json:"email,omitempty"`
	Person   string `json:"person,omitempty"`
	Password string `json:"password,omitempty"` // "" = one is made up
	Key      string `json:"-"`                  // idempotency key
}

// Created is a new account. Password is set when it was made up: it is shown once.
type Created struct {
	Account
	Made string `json:"madePassword,omitempty"`
}

// CreateAccount makes an account without roles. Whoever gets it has to change the password that
// somebody else knows at the first log-in; only set-up by the machine itself leaves it as it is.
func (s *Service) CreateAccount(
	ctx context.Context, by authz.Actor, in NewAccount,
) (Created, error) {
	if err := AccountPolicy.May(by, ActAccountCreate, Account{}); err != nil {
		return Created{}, err
	}
	n, made, err := s.prepare(ctx, by, in, originAdmin)
	if err != nil {
		return Created{}, err
	}
	const useCase = "identity.CreateAccount"
	kept := in
	kept.Password = "" // what is kept with the key shows no password
	a, again, err := unit.Once(ctx, s.unit, by, useCase, in.Key, kept,
		func(tx *unit.Tx) (Account, error) { return addAccount(ctx, tx, n) })
	if again {
		made = "" // it was shown with the first answer and is nowhere now
	}
	return Created{Account: a, Made: made}, taken(err)
}

// prepare checks a new account and hashes its password.
func (s *Service) prepare(
	ctx context.Context, by authz.Actor, in NewAccount, origin string,
) (newAccount, string, error) {
	a := Account{Login: Normal(in.Login), Name: tidy(in.Name), Phone: tidy(in.Phone),
		Email: tidy(in.Email), Person: in.Person, Origin: origin}
	made := ""
	if in.Password == "" {
		made = madePassword()
		in.Password = made
	}
	var w wrong
	w.login("login", a.Login)
	w.profile(a.Name, a.Phone, a.Email)
	w.text("person", a.Person, maxPerson, false)
	w = append(w, wrongPassword("password", in.Password, a.Login)...)
	if err := w.err(); err != nil {
		return newAccount{}, "", err
	}
	hash, err := s.hasher.make(ctx, in.Password)
	return newAccount{Account: a, hash: hash, mustChange: !byMachine(by) || made != ""}, made, err
}

// byMachine says whether the program itself or its command is at work, not a person at a page.
func byMachine(by authz.Actor) bool {
	return by.Via == authz.ViaCLI || by.Via == authz.ViaSystem || by.Via == authz.ViaJob
}

// madePassword makes up a password of 80 random bits that can be read over the telephone.
func madePassword() string {
	c := strings.ToLower(base32Plain.EncodeToString(randomBytes(recoveryBytes)))
	return c[0:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:16]
}

// StatusInput is the input of SetAccountStatus.
type StatusInput struct {
	ID      string `json:"-"`
	Status  Status `json:"status"`
	Reason  string `json:"reason"`
	Version int64  `json:"version"`
}

const maxReason = 500 // characters

// SetAccountStatus locks, opens or closes an account. Its sessions end at once, and a closed
// account stays closed.
func (s *Service) SetAccountStatus(
	ctx context.Context, by authz.Actor, in StatusInput,
) (Account, error) {
	in.Reason = tidy(in.Reason)
	var out Account
	err := s.unit.Write(ctx, by, "identity.SetAccountStatus", func(tx *unit.Tx) error {
		a, err := accountByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := AccountPolicy.May(by, ActAccountStatus, a); err != nil {
			return err
		}
		if err := in.check(a); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qStatusSet, a.ID, string(in.Status), tx.NowUs(), in.Version)
		if err != nil {
			return err
		}
		if in.Status != Active {
			if err := putOut(ctx, tx, a.ID, in.Status); err != nil {
				return err
			}
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: string(in.Status),
			Reason: in.Reason})
		tx.Emit(outbox.Event{Kind: EventAccountStatus, Object: a.ID, Data: in.Status})
		out, err = accountByID(ctx, tx, a.ID)
		return err
	})
	return out, err
}

func (in StatusInput) check(a Account) error {
	var w wrong
	if in.Status.Title() == "" {
		w.add("status", "没有“%s”这个选项", string(in.Status))
	}
	w.text("reason", in.Reason, maxReason, in.Status != Active)
	if err := w.err(); err != nil {
		return err
	}
	if a.Status == Closed {
		return fault.New(fault.Conflict, "账号已注销，不能恢复")
	}
	if a.Status == in.Status {
		return fault.New(fault.Conflict, "账号已经是这个状态")
	}
	return nil
}

// putOut ends what is open: sessions, and for a closed account its tokens for good.
func putOut(ctx context.Context, tx *unit.Tx, account string, status Status) error {
	if _, err := endSessions(ctx, tx, account, "", string(status)); err != nil {
		return err
	}
	if status != Closed {
		return nil // its tokens do not work while it is locked
	}
	_, err := db.Exec(ctx, tx.Tx, qTokensOff, account, tx.NowUs())
	return err
}

// ResetPassword gives an account a password that is made up, to be changed at the next log-in. Its
// sessions end and its devices are forgotten. It returns the password, which is shown once.
func (s *Service) ResetPassword(
	ctx context.Context, by authz.Actor, accountID string, version int64,
) (string, error) {
	made := madePassword()
	hash, err := s.hasher.make(ctx, made)
	if err != nil {
		return "", err
	}
	err = s.unit.Write(ctx, by, "identity.ResetPassword", func(tx *unit.Tx) error {
		a, err := s.toReset(ctx, tx, by, accountID, version)
		if err != nil {
			return err
		}
		return resetPassword(ctx, tx, a, hash)
	})
	if err != nil {
		return "", err
	}
	return made, nil
}

func resetPassword(ctx context.Context, tx *unit.Tx, a Account, hash string) error {
	if err := setPassword(ctx, tx, a, hash, true); err != nil {
		return err
	}
	if err := forgetDevices(ctx, tx, a.ID); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "reset password"})
	_, err := endSessions(ctx, tx, a.ID, "", "password reset")
	return err
}

// ResetTOTP removes the second factor of an account whose owner has lost it.
func (s *Service) ResetTOTP(
	ctx context.Context, by authz.Actor, accountID string, version int64,
) error {
	return s.unit.Write(ctx, by, "identity.ResetTOTP", func(tx *unit.Tx) error {
		a, err := s.toReset(ctx, tx, by, accountID, version)
		if err != nil {
			return err
		}
		if a.SecondUs == 0 {
			return fault.New(fault.Conflict, "尚未启用两步验证")
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: a.ID, What: "reset second factor"})
		if _, err := endSessions(ctx, tx, a.ID, "", "second factor reset"); err != nil {
			return err
		}
		return dropFactor(ctx, tx, a.ID)
	})
}

// toReset reads an account whose password or second factor the actor may reset.
func (s *Service) toReset(
	ctx context.Context, tx *unit.Tx, by authz.Actor, accountID string, version int64,
) (Account, error) {
	a, err := accountByID(ctx, tx, accountID)
	if err != nil {
		return Account{}, err
	}
	if err := AccountPolicy.May(by, ActAccountReset, a); err != nil {
		return Account{}, err
	}
	if a.Version != version {
		return Account{}, errStale
	}
	if a.Status == Closed {
		return Account{}, fault.New(fault.Conflict, "账号已注销，不能恢复")
	}
	return a, nil
}
