package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qAccountAdd = db.Stmt(`INSERT INTO account (id, login, name, phone, email, person, status,
	password, password_us, must_change, second_us, notice_us, origin, created_us, created_by,
	updated_us, version)
	VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $9, 0, $10, $11, $8, $12, $8, 1)`)

// RegisterInput is the input of Register.
type RegisterInput struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Phone    string `json:"phone,omitempty"`
	Email    string `json:"email,omitempty"`
	Agreed   bool   `json:"agreed"` // has taken note of the privacy notice (个人信息保护法 art. 17)
	Origin   `json:"-"`
}

// Register makes an account for whoever asks and begins its first session. The account holds no
// role: it acts as 公众 until a claim is confirmed or a role granted.
func (s *Service) Register(
	ctx context.Context, by authz.Actor, in RegisterInput,
) (Started, error) {
	if s.rule.NoRegistration {
		return Started{}, fault.New(fault.Forbidden, "本站不开放自行注册，请联系系统管理员")
	}
	if by.Account != "" {
		return Started{}, fault.New(fault.Conflict, "您已登录")
	}
	a := Account{Login: Normal(in.Login), Name: tidy(in.Name), Phone: tidy(in.Phone),
		Email: tidy(in.Email), Origin: originSelf}
	var w wrong
	w.login("login", a.Login)
	w.profile(a.Name, a.Phone, a.Email)
	w = append(w, wrongPassword("password", in.Password, a.Login)...)
	if !in.Agreed {
		w.add("agreed", "请阅读并确认个人信息处理告知")
	}
	if err := w.err(); err != nil {
		return Started{}, err
	}
	if err := s.charged(ctx, []counter{counterOf(paceRegister, network(in.Address))}); err != nil {
		return Started{}, err
	}
	hash, err := s.hasher.make(ctx, in.Password)
	if err != nil {
		return Started{}, err
	}
	var out Started
	err = s.unit.Write(ctx, by, "identity.Register", func(tx *unit.Tx) error {
		var err error
		made, err := addAccount(ctx, tx, newAccount{Account: a, hash: hash, noticed: true})
		if err != nil {
			return err
		}
		out, err = s.admit(ctx, tx, made, entrance{account: made.ID, method: "password", from: in.Origin}, "")
		return err
	})
	return out, taken(err)
}

// newAccount is an account about to be stored.
type newAccount struct {
	Account
	hash       string // of its password, "" = none
	mustChange bool
	noticed    bool
}

// addAccount stores a new account.
func addAccount(ctx context.Context, tx *unit.Tx, n newAccount) (Account, error) {
	n.ID = id.New()
	noticeUs := int64(0)
	if n.noticed {
		noticeUs = tx.NowUs()
	}
	err := db.ExecOne(ctx, tx.Tx, qAccountAdd, n.ID, n.Login, n.Name, n.Phone, n.Email, n.Person,
		n.hash, tx.NowUs(), n.mustChange, noticeUs, n.Origin, tx.By().Account)
	if err != nil {
		return Account{}, err
	}
	if n.hash != "" {
		if err := keepHash(ctx, tx, n.ID, n.hash); err != nil {
			return Account{}, err
		}
	}
	tx.Audit(audit.Entry{Kind: "identity.account", Object: n.ID, What: "create",
		Detail: map[string]any{"login": n.Login, "name": n.Name, "origin": n.Origin}})
	tx.Emit(outbox.Event{Kind: EventAccountCreated, Object: n.ID})
	return accountByID(ctx, tx, n.ID)
}

// taken turns the clash of two login names into a message at the field.
func taken(err error) error {
	if db.Violates(err, "account", "login") {
		return fault.Fields(fault.At("login", "这个登录名已被使用"))
	}
	return err
}
