package notify

import (
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Quiet says when no mails come (免打扰时段). The inbox does not wait for it. The zero Quiet is never.
type Quiet struct {
	From, To string // 22:00 and 07:30: To is the first minute that is not quiet; both "" for no hours
	Working  bool   // nor on days that are not worked
}

// What an account says of its quiet hours and of the days of its mails; "" is as the site says.
const (
	AsSite   = ""
	NoQuiet  = "none"
	OwnQuiet = "own"
	Every    = "every"
	Working  = "working"
)

// Quiets are the choices of quiet hours, MailDays those of days.
func Quiets() []Choice {
	return []Choice{{AsSite, "按站点设置"}, {NoQuiet, "不设免打扰时段"}, {OwnQuiet, "自定时段"}}
}

// MailDays are the choices of the days on which mails come.
func MailDays() []Choice {
	return []Choice{{AsSite, "按站点设置"}, {Every, "每天都可以"}, {Working, "只在工作日"}}
}

// minHours is how long mails may come on a day, in minutes: what is made every digestEvery must find a
// moment for them.
const minHours = 120

// ParseQuiet reads quiet hours as a site's settings write them: "22:00-07:30", "" for none.
func ParseQuiet(text string) (Quiet, error) {
	if text == "" {
		return Quiet{}, nil
	}
	from, to, ok := strings.Cut(text, "-")
	q := Quiet{From: from, To: to}
	if !ok || q.From == "" || q.wrong() != "" {
		return Quiet{}, fault.New(fault.Invalid, "免打扰时段应写作 22:00-07:30，且每天至少留出 2 小时")
	}
	return q, nil
}

// wrong returns the field in which hours are no hours, "" when they are fine.
func (q Quiet) wrong() string {
	if q.From == "" && q.To == "" {
		return ""
	}
	from, ok := minute(q.From)
	if !ok {
		return "quietFrom"
	}
	to, ok := minute(q.To)
	if !ok || from == to || (from-to+day)%day < minHours {
		return "quietTo"
	}
	return ""
}

// day is how many minutes a day has.
const day = 24 * 60

// minute reads a time of the clock as minutes after midnight.
func minute(text string) (int, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}

// within says whether a minute of the day is quiet.
func (q Quiet) within(at int) bool {
	from, ok := minute(q.From)
	if !ok {
		return false
	}
	to, _ := minute(q.To)
	if from < to {
		return from <= at && at < to
	}
	return at >= from || at < to
}

// Usual is what holds for accounts that said nothing.
func (s *Service) Usual() Quiet {
	if s.usual == nil {
		return Quiet{}
	}
	return s.usual()
}

// quiet is what holds for an account.
func (s *Service) quiet(set Setting) Quiet {
	q := s.Usual()
	switch set.Quiet {
	case NoQuiet:
		q.From, q.To = "", ""
	case OwnQuiet:
		q.From, q.To = set.QuietFrom, set.QuietTo
	}
	switch set.MailDays {
	case Every:
		q.Working = false
	case Working:
		q.Working = true
	}
	return q
}

// working says whether a day is worked. Of a year whose calendar nobody brought in, the days of the
// week speak.
func (s *Service) working(d clock.Date) bool {
	if s.calendar != nil {
		if is, err := s.calendar.IsWorking(d); err == nil {
			return is
		}
	}
	w := d.Start().In(clock.Shanghai).Weekday()
	return w != time.Saturday && w != time.Sunday
}

// open says whether mails may come at a moment.
func (s *Service) open(q Quiet, now time.Time) bool {
	return !q.within(minuteOf(now)) && (!q.Working || s.working(clock.DateOf(now)))
}

func minuteOf(t time.Time) int {
	t = t.In(clock.Shanghai)
	return t.Hour()*60 + t.Minute()
}

// opens is the next moment at which mails may come, within a fortnight: holidays are shorter.
func (s *Service) opens(q Quiet, now time.Time) time.Time {
	const fortnight = 14 * 24 * time.Hour
	at := now.Truncate(time.Minute)
	for until := now.Add(fortnight); at.Before(until); {
		switch {
		case q.Working && !s.working(clock.DateOf(at)):
			at = clock.DateOf(at).AddDays(1).Start()
		case q.within(minuteOf(at)):
			at = at.Add(time.Minute)
		default:
			return at
		}
	}
	return at
}

// turn says whether a digest is due. That of a day comes at digestAt, or when the quiet hours around
// that time end; that of a week on Monday, or on the first day after it on which mails may come.
func (s *Service) turn(set Setting, now time.Time) bool {
	q, today := s.quiet(set), clock.DateOf(now)
	from, _ := minute(digestAt)
	if q.within(from) {
		from, _ = minute(q.To)
	}
	if !s.open(q, now) || minuteOf(now) < from {
		return false
	}
	if set.lastUs != 0 && clock.DateOf(clock.Time(set.lastUs)) >= today {
		return false
	}
	switch set.Digest {
	case Daily:
		return true
	case Weekly:
		return s.weekDay(q, today)
	}
	return false
}

// weekDay says whether a day is that of a week's digest: Monday, or the first day that is worked where
// mails come on those only.
func (s *Service) weekDay(q Quiet, d clock.Date) bool {
	for d.Start().In(clock.Shanghai).Weekday() != time.Monday {
		if d = d.AddDays(-1); !q.Working || s.working(d) {
			return false
		}
	}
	return true
}
