package notify_test

import (
	"errors"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// holidays is a calendar in which 1 to 7 October 2026 are free and Saturday the 10th is worked.
type holidays struct{}

func (holidays) IsWorking(d clock.Date) (bool, error) {
	switch {
	case d >= "2027-01-01":
		return false, errors.New("nobody knows yet")
	case d >= "2026-10-01" && d <= "2026-10-07":
		return false, nil
	case d == "2026-10-10":
		return true, nil
	}
	w := d.Start().In(clock.Shanghai).Weekday()
	return w != time.Saturday && w != time.Sunday, nil
}

// A digest comes at eight o'clock, or at the end of the quiet hours around it, on days on which the
// account wants mails; a weekly one on the first such day of the week.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	site := notify.Quiet{From: "22:00", To: "07:00"}
	own := func(from, to string) notify.Hours {
		return notify.Hours{Quiet: notify.OwnQuiet, QuietFrom: from, QuietTo: to}
	}
	working := notify.Hours{MailDays: notify.Working}
	for _, c := range []struct {
		name   string
		site   notify.Quiet
		digest string
		hours  notify.Hours
		from   string // the notice comes
		until  string
		want   string // the first mail, "" for none
	}{
		{"at eight", notify.Quiet{}, notify.Daily, notify.Hours{}, "2026-11-24 03:00", "2026-11-25 00:00", "2026-11-24 08:00"},
		{"later the same day", notify.Quiet{}, notify.Daily, notify.Hours{}, "2026-11-24 13:10", "2026-11-25 00:00",
			"2026-11-24 13:10"},
		{"the site is quiet", site, notify.Daily, notify.Hours{}, "2026-11-24 22:30", "2026-11-26 00:00", "2026-11-25 08:00"},
		{"not for those who want none", site, notify.Daily, notify.Hours{Quiet: notify.NoQuiet}, "2026-11-24 22:30",
			"2026-11-25 00:00", "2026-11-24 22:30"},
		{"until ten", site, notify.Daily, own("21:00", "10:00"), "2026-11-24 03:00", "2026-11-25 00:00", "2026-11-24 10:00"},
		{"before work only", site, notify.Daily, own("08:00", "06:00"), "2026-11-24 09:00", "2026-11-26 00:00",
			"2026-11-25 06:00"},
		{"at noon", site, notify.Daily, own("12:00", "14:00"), "2026-11-24 12:10", "2026-11-25 00:00", "2026-11-24 14:00"},
		{"holidays", site, notify.Daily, working, "2026-10-01 09:00", "2026-10-12 00:00", "2026-10-08 08:00"},
		{"a Saturday that is worked", site, notify.Daily, working, "2026-10-10 07:00", "2026-10-12 00:00",
			"2026-10-10 08:00"},
		{"the site's days", notify.Quiet{Working: true}, notify.Daily, notify.Hours{}, "2026-11-28 09:00",
			"2026-12-01 00:00", "2026-11-30 08:00"},
		{"every day all the same", notify.Quiet{Working: true}, notify.Daily, notify.Hours{MailDays: notify.Every},
			"2026-11-28 09:00", "2026-12-01 00:00", "2026-11-28 09:00"},
		{"a year without a calendar", site, notify.Daily, working, "2027-01-02 09:00", "2027-01-05 00:00",
			"2027-01-04 08:00"},
		{"weekly", site, notify.Weekly, notify.Hours{}, "2026-11-24 09:00", "2026-12-02 00:00", "2026-11-30 08:00"},
		{"weekly, Monday is free", site, notify.Weekly, working, "2026-10-03 09:00", "2026-10-12 00:00",
			"2026-10-08 08:00"},
		{"never", site, notify.Never, notify.Hours{}, "2026-11-24 09:00", "2026-12-02 00:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			l.s = l.quiet(c.site)
			_, err := l.s.SaveSetting(t.Context(), as("wang"), notify.SettingInput{Digest: c.digest, Hours: c.hours})
			l.must(err)
			l.clock.Set(moment(t, c.from))
			l.must(l.tell(notice(notify.ToAccount("wang"), "lab.mail", "查看")))
			if got := l.inbox("wang", notify.Filter{}); len(got) != 1 {
				t.Errorf("the inbox waits: %+v", got)
			}
			got := ""
			for end := moment(t, c.until); got == "" && l.clock.Now().Before(end); {
				n, err := l.s.MakeDigests(t.Context())
				l.must(err)
				if n > 0 {
					got = l.clock.Now().In(clock.Shanghai).Format(stamp)
				}
				l.clock.Set(l.clock.Now().Truncate(15 * time.Minute).Add(15 * time.Minute))
			}
			if got != c.want {
				t.Errorf("the mail came at %q, want %q", got, c.want)
			}
		})
	}
}

const stamp = "2006-01-02 15:04"

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(stamp, text, clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// quiet puts the room together anew, at a site with quiet hours.
func (l *lab) quiet(q notify.Quiet) *notify.Service {
	l.t.Helper()
	s, err := notify.New(l.unit, notify.Options{Accounts: book{"firm": {"wang", "li"}}, Kinds: kinds,
		Sender: l.post, Quiet: func() notify.Quiet { return q }, Calendar: holidays{},
		Site: func(i18n.Lang) notify.Site { return notify.Site{Name: "云图", URL: "https://city.example"} }})
	l.must(err)
	return s
}

// A mail that could not be sent before the quiet hours waits until they are over.
func TestQuietRetry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		l.s = l.quiet(notify.Quiet{From: "22:00", To: "07:00", Working: true})
		run := l.runner()
		l.clock.Set(moment(t, "2026-11-27 21:45")) // a Friday
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.mail", "查看")))
		n, err := l.s.MakeDigests(t.Context())
		if n != 1 || err != nil {
			t.Fatalf("%d digests, %v", n, err)
		}
		for _, c := range []struct {
			at   string
			want int
		}{{"2026-11-27 22:05", 0}, {"2026-11-28 12:00", 0}, {"2026-11-30 06:59", 0}, {"2026-11-30 07:00", 1},
			{"2026-11-30 12:00", 1}} {
			l.clock.Set(moment(t, c.at))
			run()
			if len(l.post.sent) != c.want {
				t.Errorf("%s: %d mails were sent, want %d", c.at, len(l.post.sent), c.want)
			}
		}
	})
}

// What is no time of the clock is refused at its field; so are hours that leave no time for mails.
func TestQuietFaults(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	for _, c := range []struct{ quiet, from, to, days, field string }{
		{"", "nonsense", "", "", ""}, // it does not count
		{notify.OwnQuiet, "22:00", "07:30", "", ""},
		{notify.OwnQuiet, "00:00", "22:00", "", ""},
		{notify.OwnQuiet, "", "", "", "quietFrom"},
		{notify.OwnQuiet, "7:00", "08:00", "", "quietFrom"},
		{notify.OwnQuiet, "24:00", "08:00", "", "quietFrom"},
		{notify.OwnQuiet, "22:00", "", "", "quietTo"},
		{notify.OwnQuiet, "22:00", "22:00", "", "quietTo"},
		{notify.OwnQuiet, "00:00", "22:01", "", "quietTo"},
		{"sometimes", "", "", "", "quiet"},
		{"", "", "", "sundays", "mailDays"},
	} {
		set, _ := l.s.Setting(t.Context(), as("wang"))
		_, err := l.s.SaveSetting(t.Context(), as("wang"), notify.SettingInput{Digest: notify.Daily, Version: set.Version,
			Hours: notify.Hours{Quiet: c.quiet, QuietFrom: c.from, QuietTo: c.to, MailDays: c.days}})
		f, _ := errors.AsType[*fault.Error](err)
		switch {
		case c.field == "" && err != nil, c.field != "" && (f == nil || len(f.Fields) != 1 || f.Fields[0].Name != c.field):
			t.Errorf("%+v: %v", c, err)
		}
	}
	for text, ok := range map[string]bool{"": true, "22:00-07:30": true, "22:00": false, "22:00-22:00": false,
		"-": false, "00:00-23:00": false} {
		if _, err := notify.ParseQuiet(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
