package notify

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// How often notices are put together into a mail.
const (
	Never  = "none"
	Daily  = "daily"
	Weekly = "weekly"
)

// usualDigest is that of an account that said nothing. No mail leaves a site whose operator did not
// set up a mail server.
const usualDigest = Daily

// Choice is one value of a closed list with its Chinese title, a key of package i18n.
type Choice struct{ Value, Title string }

// Digests are the choices of how often.
func Digests() []Choice {
	return []Choice{{Daily, "每天"}, {Weekly, "每周一"}, {Never, "不发邮件"}}
}

// Setting says how an account wants to be told.
type Setting struct {
	Account string    `json:"-"`
	Digest  string    `json:"digest"`
	Lang    i18n.Lang `json:"lang"`
	// NoMail and NoInbox are kinds of which it wants no mail, or no notice at all.
	NoMail  []string `json:"noMail"`
	NoInbox []string `json:"noInbox"`
	Hours
	Version int64 `json:"version"` // 0: nothing was said yet
	token   string
	lastUs  int64
}

// Hours say when the mails of an account may come. The inbox knows no hours.
type Hours struct {
	Quiet     string `json:"quiet,omitempty"`     // of Quiets
	QuietFrom string `json:"quietFrom,omitempty"` // 22:00, with OwnQuiet
	QuietTo   string `json:"quietTo,omitempty"`   // 07:30: the first minute that is not quiet
	MailDays  string `json:"mailDays,omitempty"`  // of MailDays
}

// check says what is wrong with hours. Those that do not count are left out.
func (h *Hours) check() []fault.Field {
	var f []fault.Field
	if !has(Quiets(), h.Quiet) {
		f = append(f, fault.At("quiet", "没有“%s”这个选项", h.Quiet))
	}
	if !has(MailDays(), h.MailDays) {
		f = append(f, fault.At("mailDays", "没有“%s”这个选项", h.MailDays))
	}
	if h.Quiet != OwnQuiet {
		h.QuietFrom, h.QuietTo = "", ""
		return f
	}
	q := Quiet{From: h.QuietFrom, To: h.QuietTo}
	switch {
	case h.QuietFrom == "" && h.QuietTo == "", q.wrong() == "quietFrom":
		f = append(f, fault.At("quietFrom", "请写成 22:00 这样的时刻"))
	case q.wrong() != "":
		f = append(f, fault.At("quietTo", "请写成 07:30 这样的时刻，且每天至少留出 2 小时可以收邮件"))
	}
	return f
}

func has(list []Choice, value string) bool {
	return slices.ContainsFunc(list, func(c Choice) bool { return c.Value == value })
}

var (
	qSetting = db.Stmt(`SELECT digest, lang, token, digest_us, quiet, quiet_from, quiet_to, mail_days, version
		FROM notify_setting
		WHERE account = $1`)
	qSettingAdd = db.Stmt(`INSERT INTO notify_setting (account, digest, lang, token, digest_us,
		updated_us, version) VALUES ($1, $2, $3, $4, 0, $5, 1) ON CONFLICT (account) DO NOTHING`)
	qSettingSet = db.Stmt(`UPDATE notify_setting SET digest = $2, lang = $3, updated_us = $4, quiet = $6,
		quiet_from = $7, quiet_to = $8, mail_days = $9, version = version + 1
		WHERE account = $1 AND version = $5`)
	qQuiets    = db.Stmt(`SELECT kind, inbox FROM notify_quiet WHERE account = $1 ORDER BY kind`)
	qQuietDrop = db.Stmt(`DELETE FROM notify_quiet WHERE account = $1`)
	qQuietAdd  = db.Stmt(`INSERT INTO notify_quiet (account, kind, inbox) VALUES ($1, $2, $3)`)
	qByToken   = db.Stmt(`SELECT account FROM notify_setting WHERE token = $1`)
	qEndMails  = db.Stmt(`UPDATE notify_setting SET digest = 'none', updated_us = $2,
		version = version + 1 WHERE token = $1`)
)

// tokenBytes is the strength of the token that ends the mails of an account.
const tokenBytes = 24

// Setting returns how the actor wants to be told.
func (s *Service) Setting(ctx context.Context, by authz.Actor) (Setting, error) {
	if err := SettingPolicy.May(by, ActSettingRead, Setting{Account: by.Account}); err != nil {
		return Setting{}, err
	}
	return settingOf(ctx, s.db, by.Account)
}

func settingOf(ctx context.Context, q db.Q, account string) (Setting, error) {
	out, _, err := db.Find(ctx, q, qSetting, func(r db.Row) (Setting, error) {
		var x Setting
		return x, r.Scan(&x.Digest, &x.Lang, &x.token, &x.lastUs, &x.Quiet, &x.QuietFrom, &x.QuietTo,
			&x.MailDays, &x.Version)
	}, account)
	if err != nil {
		return out, err
	}
	out.Account = account
	if out.Version == 0 {
		out.Digest, out.Lang = usualDigest, i18n.ZH
	}
	return out, db.Each(ctx, q, qQuiets, func(r db.Row) error {
		var kind string
		var inbox bool
		err := r.Scan(&kind, &inbox)
		if inbox {
			out.NoInbox = append(out.NoInbox, kind)
		} else {
			out.NoMail = append(out.NoMail, kind)
		}
		return err
	}, account)
}

// SettingInput is the input of SaveSetting.
type SettingInput struct {
	Digest  string    `json:"digest"`
	Lang    i18n.Lang `json:"lang"`
	NoMail  []string  `json:"noMail"`
	NoInbox []string  `json:"noInbox"`
	Hours
	Version int64 `json:"version"` // of the setting it was made from
}

func (s *Service) checkSetting(in *SettingInput) error {
	f := in.Hours.check()
	if !has(Digests(), in.Digest) {
		f = append(f, fault.At("digest", "没有“%s”这个选项", in.Digest))
	}
	for _, list := range []struct {
		field string
		kinds []string
	}{{"noMail", in.NoMail}, {"noInbox", in.NoInbox}} {
		for _, k := range list.kinds {
			if !slices.ContainsFunc(s.kinds, func(x Kind) bool { return x.Name == k }) {
				f = append(f, fault.At(list.field, "没有“%s”这个选项", k))
				break
			}
		}
	}
	return fault.Fields(f...)
}

// SaveSetting says how the actor wants to be told from now on.
func (s *Service) SaveSetting(ctx context.Context, by authz.Actor, in SettingInput) (Setting, error) {
	if err := SettingPolicy.May(by, ActSettingUpdate, Setting{Account: by.Account}); err != nil {
		return Setting{}, err
	}
	in.Lang = i18n.Parse(string(in.Lang))
	if err := s.checkSetting(&in); err != nil {
		return Setting{}, err
	}
	var out Setting
	err := s.unit.Write(ctx, by, "notify.SaveSetting", func(tx *unit.Tx) error {
		version := in.Version
		if version == 0 {
			if err := ensureSetting(ctx, tx.Tx, by.Account, tx.NowUs()); err != nil {
				return err
			}
			version = 1
		}
		err := db.ExecOne(ctx, tx.Tx, qSettingSet, by.Account, in.Digest, string(in.Lang), tx.NowUs(), version,
			in.Quiet, in.QuietFrom, in.QuietTo, in.MailDays)
		if err != nil {
			return err
		}
		if err := storeQuiet(ctx, tx.Tx, by.Account, in); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "notify.setting", Object: by.Account, What: "update", Detail: in})
		out, err = settingOf(ctx, tx, by.Account)
		return err
	})
	return out, err
}

// ensureSetting makes the row of an account that said nothing yet, with its token.
func ensureSetting(ctx context.Context, tx *db.Tx, account string, nowUs int64) error {
	_, err := db.Exec(ctx, tx, qSettingAdd, account, usualDigest, string(i18n.ZH), id.Token(tokenBytes),
		nowUs)
	return err
}

func storeQuiet(ctx context.Context, tx *db.Tx, account string, in SettingInput) error {
	if _, err := db.Exec(ctx, tx, qQuietDrop, account); err != nil {
		return err
	}
	inbox := slices.Compact(slices.Sorted(slices.Values(in.NoInbox)))
	for _, kind := range inbox {
		if err := db.ExecOne(ctx, tx, qQuietAdd, account, kind, true); err != nil {
			return err
		}
	}
	for _, kind := range slices.Compact(slices.Sorted(slices.Values(in.NoMail))) {
		if slices.Contains(inbox, kind) {
			continue
		}
		if err := db.ExecOne(ctx, tx, qQuietAdd, account, kind, false); err != nil {
			return err
		}
	}
	return nil
}

// EndMails ends the mails of the account that a token was sent to. It needs no log-in: the link in a
// mail leads here. An unknown token is NotFound.
func (s *Service) EndMails(ctx context.Context, token string) error {
	account, found, err := db.Find(ctx, s.db, qByToken, db.One[string], token)
	if err != nil || !found || token == "" {
		if err == nil {
			err = fault.New(fault.NotFound, "这个退订链接无效或已更换")
		}
		return err
	}
	by := authz.Actor{Account: account, Via: authz.ViaSystem}
	return s.unit.Write(ctx, by, "notify.EndMails", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "notify.setting", Object: account, What: "end-mails"})
		return db.ExecOne(ctx, tx.Tx, qEndMails, token, tx.NowUs())
	})
}

func (s *Service) nowUs() int64 { return clock.Us(s.clock.Now()) }
