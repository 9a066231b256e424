package identity

import (
	"context"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Status says whether an account may be used.
type Status string

// The statuses. A locked account can be opened again, a closed one cannot; neither is deleted.
const (
	Active Status = "active" // 正常
	Locked Status = "locked" // 已停用, by the system administrator
	Closed Status = "closed" // 已注销
)

// Title returns the Chinese name, a key of package i18n, "" for an unknown status.
func (s Status) Title() string {
	switch s {
	case Active:
		return "正常"
	case Locked:
		return "已停用"
	case Closed:
		return "已注销"
	default:
		return ""
	}
}

// Where an account came from.
const (
	originSetup = "setup" // the first administrators
	originAdmin = "admin"
	originSelf  = "self"
	originOIDC  = "oidc"
)

// Limits of an account's data, in characters.
const (
	MaxLogin  = 64
	MaxName   = 40
	maxPhone  = 30
	maxEmail  = 254
	maxPerson = 64
)

// Account is who may log in. Phone and mail address are in full or in part, depending on the
// reader.
type Account struct {
	ID         string `json:"id"`
	Login      string `json:"login"`
	Name       string `json:"name"`
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	Person     string `json:"person,omitempty"` // id of the person's record, "" = none
	Status     Status `json:"status"`
	MustChange bool   `json:"mustChange"`         // asks for another password at the next log-in
	Password   bool   `json:"password"`           // can log in by password
	SecondUs   int64  `json:"secondUs,omitempty"` // since when it has a second factor, 0 = none
	Admin      bool   `json:"admin"`              // holds the role of an administrator
	Origin     string `json:"origin"`
	CreatedUs  int64  `json:"createdUs"`
	UpdatedUs  int64  `json:"updatedUs"`
	Version    int64  `json:"version"`
}

// credential is what a log-in needs of an account and nobody else sees.
type credential struct {
	Account
	hash       string // of the password
	passwordUs int64
}

const accountCols = `account.id, account.login, account.name, account.phone, account.email,
	account.person, account.status, account.must_change, account.password <> '', account.second_us,
	EXISTS (SELECT 1 FROM account_role AS ar WHERE ar.account = account.id AND ar.revoked_us = 0
		AND ar.role IN ('sysadmin', 'secadmin', 'auditor')),
	account.origin, account.created_us, account.updated_us, account.version`

func (a *Account) fields() []any {
	return []any{&a.ID, &a.Login, &a.Name, &a.Phone, &a.Email, &a.Person, &a.Status, &a.MustChange,
		&a.Password, &a.SecondUs, &a.Admin, &a.Origin, &a.CreatedUs, &a.UpdatedUs, &a.Version}
}

func scanAccount(r db.Row) (Account, error) {
	var a Account
	err := r.Scan(a.fields()...)
	return a, err
}

func scanCredential(r db.Row) (credential, error) {
	var c credential
	err := r.Scan(append(c.fields(), &c.hash, &c.passwordUs)...)
	return c, err
}

var (
	qAccount    = db.Stmt(`SELECT ` + accountCols + ` FROM account WHERE id = $1`)
	qCredential = db.Stmt(`SELECT ` + accountCols + `, account.password, account.password_us
		FROM account WHERE id = $1`)
	qCredentialOf = db.Stmt(`SELECT ` + accountCols + `, account.password, account.password_us
		FROM account WHERE login = $1`)
)

func accountByID(ctx context.Context, q db.Q, accountID string) (Account, error) {
	return db.Get(ctx, q, qAccount, scanAccount, accountID)
}

// Normal returns a login name as it is stored: compatibility forms folded, in lower case.
func Normal(login string) string {
	if len(login) > 4*MaxLogin {
		return "" // longer than any login name, and not worth folding
	}
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(login)))
}

// A login name is typed on every keyboard and read over the telephone. It may be a phone number
// or a mail address.
var loginPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{1,62}[a-z0-9]$`)

// wrong collects what is wrong with an input.
type wrong []fault.Field

func (w *wrong) add(field, key string, args ...any) { *w = append(*w, fault.At(field, key, args...)) }

func (w wrong) err() error { return fault.Fields(w...) }

// text checks a line of text.
func (w *wrong) text(field, v string, limit int, required bool) {
	switch n := utf8.RuneCountInString(v); {
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		w.add(field, "不能含有换行或控制字符")
	case v == "" && required:
		w.add(field, "请填写这一项")
	case n > limit:
		w.add(field, "最多 %d 个字，现有 %d 个", limit, n)
	}
}

func (w *wrong) login(field, v string) {
	if !loginPattern.MatchString(v) {
		w.add(field, "登录名为 3 至 64 个小写字母、数字或 . _ - @ +，首尾为字母或数字")
	}
}

// profile checks what people say about themselves.
func (w *wrong) profile(name, phone, email string) {
	w.text("name", name, MaxName, true)
	if phone != "" && !isPhone(phone) {
		w.add("phone", "电话应为 5 至 20 位数字，可含 + - 和空格")
	}
	if email != "" && !isEmail(email) {
		w.add("email", "邮箱应写作 name@example.cn")
	}
}

func isPhone(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		} else if !strings.ContainsRune("+-() ", r) {
			return false
		}
	}
	return digits >= 5 && digits <= 20 && len(s) <= maxPhone
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= maxEmail
}

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// maskEmail keeps the first letter and the domain.
func maskEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	if !ok || name == "" {
		return id.MaskBank(s)
	}
	return string([]rune(name)[:1]) + "***@" + domain
}
