package notify

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
)

// Mail is a mail to send.
type Mail struct {
	ID          string
	To          Mailbox
	Subject     string
	Text        string
	Unsubscribe string // address that ends the mails of its reader
}

// Sender sends mails. What it refuses for good is an Invalid fault; anything else is tried again. Its
// errors name no address and no password: they are stored and logged.
type Sender interface {
	Send(ctx context.Context, m Mail) error
}

// Site is what a mail says of the site it comes from.
type Site struct {
	Name string // in a language
	URL  string // "https://…", without a slash at the end
}

// Limits of mails.
const (
	maxInMail   = 30                 // notices named in one
	digestReach = 8 * 24 * time.Hour // older ones are in no mail any more
	accountsRun = 200                // accounts whose digests one transaction makes
	mailTries   = 8
	digestAt    = "08:00"
	digestEvery = 15 * time.Minute // quiet hours end at any time
)

// Kinds of jobs.
const (
	jobDigest = "notify.digest"
	jobMail   = "notify.mail"
	jobPrune  = "notify.prune"
)

// RegisterJobs adds the work of this room to the runner. Without a Sender there are no mails.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobPrune, 0, func(ctx context.Context, _ *job.Run) error { return s.Prune(ctx) })
	r.Daily(jobPrune, "03:50", job.Spec{Kind: jobPrune})
	r.Handle(jobMail, 2*time.Minute, s.sendMail)
	r.Handle(jobDigest, 30*time.Minute, func(ctx context.Context, run *job.Run) error {
		n, err := s.MakeDigests(ctx)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"mails": n})
	})
	r.Every(jobDigest, digestEvery, job.Spec{Kind: jobDigest})
}

var (
	qMailAccounts = db.Stmt(`SELECT DISTINCT n.account FROM notify_notice AS n
		WHERE n.mail_us = 0 AND n.read_us = 0 AND n.created_us > $1 AND n.account > $2
		ORDER BY n.account LIMIT $3`)
	qMailNotices = db.Stmt(`SELECT ` + itemCols + ` FROM notify_notice AS n
		WHERE n.account = $1 AND n.mail_us = 0 AND n.read_us = 0 AND n.created_us > $2
		ORDER BY n.created_us DESC, n.id DESC LIMIT $3`)
	qMailed = db.Stmt(`UPDATE notify_notice SET mail_us = $3, version = version + 1
		WHERE account = $1 AND mail_us = 0 AND created_us <= $2`)
	qMailAdd = db.Stmt(`INSERT INTO notify_mail (id, account, subject, body, state, error, created_us,
		sent_us, version) VALUES ($1, $2, $3, $4, 'waiting', '', $5, 0, 1)`)
	qDigestMade = db.Stmt(`UPDATE notify_setting SET digest_us = $2, version = version + 1
		WHERE account = $1`)
	qMail = db.Stmt(`SELECT m.account, m.subject, m.body, m.state FROM notify_mail AS m
		WHERE m.id = $1`)
	qMailEnd = db.Stmt(`UPDATE notify_mail SET state = $2, error = $3, sent_us = $4,
		version = version + 1 WHERE id = $1`)
	qMailStates = db.Stmt(`SELECT m.state, COUNT(*) FROM notify_mail AS m GROUP BY m.state`)
)

// MakeDigests puts the unread notices of each account together into a mail, for those whose turn it
// is, and returns how many mails wait to be sent. Called again it makes no second one.
func (s *Service) MakeDigests(ctx context.Context) (int, error) {
	if s.sender == nil {
		return 0, nil
	}
	after, n := "", 0
	for ctx.Err() == nil {
		since := clock.Us(s.clock.Now().Add(-digestReach))
		accounts, err := db.All(ctx, s.db, qMailAccounts, db.One[string], since, after, int64(accountsRun))
		if err != nil || len(accounts) == 0 {
			return n, err
		}
		after = accounts[len(accounts)-1]
		made := 0
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			made = 0
			for _, account := range accounts {
				ok, err := s.digest(ctx, tx, account)
				if err != nil {
					return err
				}
				if ok {
					made++
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += made
	}
	return n, ctx.Err()
}

// digest makes the mail of one account, if it wants one today.
func (s *Service) digest(ctx context.Context, tx *db.Tx, account string) (bool, error) {
	now := s.clock.Now()
	if _, ok, err := s.accounts.Mailbox(ctx, tx, account); err != nil || !ok {
		return false, err
	}
	if err := ensureSetting(ctx, tx, account, clock.Us(now)); err != nil {
		return false, err
	}
	set, err := settingOf(ctx, tx, account)
	if err != nil || !s.turn(set, now) {
		return false, err
	}
	list, err := db.All(ctx, tx, qMailNotices, scanItem, account, clock.Us(now.Add(-digestReach)),
		int64(maxInMail+1))
	if err != nil || len(list) == 0 {
		return false, err
	}
	mailID := id.New()
	subject, body := s.compose(set, list)
	_, err = db.Exec(ctx, tx, qMailAdd, mailID, account, subject, body, clock.Us(now))
	if err != nil {
		return false, err
	}
	if _, err := db.Exec(ctx, tx, qMailed, account, list[0].CreatedUs, clock.Us(now)); err != nil {
		return false, err
	}
	if err := db.ExecOne(ctx, tx, qDigestMade, account, clock.Us(now)); err != nil {
		return false, err
	}
	_, _, err = job.Add(ctx, tx, clock.Us(now), job.Spec{Kind: jobMail, Args: mailArgs{mailID},
		UniqueKey: jobMail + ":" + mailID, MaxAttempts: mailTries})
	return err == nil, err
}

// compose writes the mail, as plain text.
func (s *Service) compose(set Setting, list []Item) (subject, body string) {
	l, site := set.Lang, s.site(set.Lang)
	more := len(list) > maxInMail
	list = list[:min(len(list), maxInMail)]
	subject = i18n.Text(l, "【%s】您有 %d 条新消息", site.Name, len(list))
	var b strings.Builder
	line := func(key string, args ...any) { b.WriteString(i18n.Text(l, key, args...) + "\n") }
	line("您好：")
	line("以下是您在“%s”的新消息。", site.Name)
	b.WriteByte('\n')
	for i, n := range list {
		fmt.Fprintf(&b, "%d. %s\n", i+1, oneLine(n.Title.In(l)))
		for _, x := range n.Lines {
			writeLine(&b, l, site, x)
		}
		if n.Detail.Key != "" {
			fmt.Fprintf(&b, "   %s\n", oneLine(n.Detail.In(l)))
		}
		if n.Href != "" {
			fmt.Fprintf(&b, "   %s%s\n", site.URL, n.Href)
		}
	}
	if more {
		line("另有更多消息，请登录查看。")
	}
	b.WriteByte('\n')
	line("全部消息：%s", site.URL+"/inbox")
	line("修改提醒方式：%s", site.URL+"/inbox/settings")
	line("不再接收邮件：%s", s.unsubscribe(site, set))
	return oneLine(subject), b.String()
}

// writeLine writes one of the things that a notice names.
func writeLine(b *strings.Builder, l i18n.Lang, site Site, x Line) {
	fmt.Fprintf(b, "   - %s\n", oneLine(x.Title.In(l)))
	if x.Detail.Key != "" {
		fmt.Fprintf(b, "     %s\n", oneLine(x.Detail.In(l)))
	}
	if x.Href != "" {
		fmt.Fprintf(b, "     %s%s\n", site.URL, x.Href)
	}
}

func (s *Service) unsubscribe(site Site, set Setting) string {
	return site.URL + "/inbox/unsubscribe?token=" + url.QueryEscape(set.token)
}

// oneLine keeps what people typed from starting lines of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type mailArgs struct {
	Mail string `json:"mail"`
}

// sendMail sends one mail. It may be called again after a crash between sending and noting it: a
// reader may then get a mail twice, never none.
func (s *Service) sendMail(ctx context.Context, run *job.Run) error {
	var args mailArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	var m struct{ account, subject, body, state string }
	found, err := db.Get(ctx, s.db, qMail, func(r db.Row) (bool, error) {
		return true, r.Scan(&m.account, &m.subject, &m.body, &m.state)
	}, args.Mail)
	if err != nil || !found || m.state != "waiting" {
		return err
	}
	set, err := settingOf(ctx, s.db, m.account)
	if err != nil {
		return err
	}
	box, ok, err := s.accounts.Mailbox(ctx, s.db, m.account)
	if err != nil {
		return err
	}
	if !ok || set.Digest == Never || s.sender == nil {
		return s.endMail(ctx, args.Mail, "dropped", nil)
	}
	if now := s.clock.Now(); !s.open(s.quiet(set), now) { // it was made before, and could not be sent
		return s.db.Write(ctx, func(tx *db.Tx) error {
			_, _, err := job.Add(ctx, tx, clock.Us(now), job.Spec{Kind: jobMail, Args: args,
				RunAt: s.opens(s.quiet(set), now), MaxAttempts: mailTries})
			return err
		})
	}
	err = s.sender.Send(ctx, Mail{ID: args.Mail, To: box, Subject: m.subject, Text: m.body,
		Unsubscribe: s.unsubscribe(s.site(set.Lang), set)})
	switch {
	case err == nil:
		return s.endMail(ctx, args.Mail, "sent", nil)
	case fault.Is(err, fault.Invalid), run.Job().Attempt >= run.Job().MaxAttempts:
		return s.endMail(ctx, args.Mail, "failed", err)
	}
	return err
}

// maxMailError bounds what is kept of why a mail was not sent, in bytes.
const maxMailError = 500

func (s *Service) endMail(ctx context.Context, mailID, state string, cause error) error {
	text := ""
	if cause != nil {
		text = strings.ToValidUTF8(cause.Error()[:min(len(cause.Error()), maxMailError)], "")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExecOne(ctx, tx, qMailEnd, mailID, state, text, s.nowUs())
	})
	if err == nil && cause != nil {
		return fault.New(fault.Invalid, "邮件没有送出").Wrap(cause)
	}
	return err
}

// MailStates counts mails by where they stand: waiting, sent, failed, dropped.
func (s *Service) MailStates(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	return out, db.Each(ctx, s.db, qMailStates, func(r db.Row) error {
		var state string
		var n int64
		err := r.Scan(&state, &n)
		out[state] = n
		return err
	})
}

// Mails says whether the site sends mails at all.
func (s *Service) Mails() bool { return s.sender != nil }

// wants says whether an account wants a kind in its mails, for pages.
func (x Setting) wants(list []string, kind string) bool { return !slices.Contains(list, kind) }

// WantsMail says whether notices of a kind go into the mails of the account.
func (x Setting) WantsMail(kind string) bool { return x.wants(x.NoMail, kind) && x.WantsInbox(kind) }

// WantsInbox says whether notices of a kind come into its inbox.
func (x Setting) WantsInbox(kind string) bool { return x.wants(x.NoInbox, kind) }
