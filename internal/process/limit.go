package process

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Unit is what a limit counts.
type Unit string

// The units of Chinese administrative time limits.
const (
	WorkingDay  Unit = "working_day"  // 工作日
	CalendarDay Unit = "calendar_day" // 自然日
	WorkingHour Unit = "working_hour" // 工作时: service hours of working days
	ClockHour   Unit = "clock_hour"   // 紧急工作时: round the clock

	// Instant is no length of time but a deadline that was named as such: 2026年12月31日18时前. It
	// stands still for no pause, and it moves when the object says another one.
	Instant Unit = "instant"
)

// Limit is a time limit: so many units, and for days the minute at which the last day closes.
type Limit struct {
	Unit  Unit
	N     int64 // days; microseconds for the two kinds of hours; microseconds since 1970 of an Instant
	Until int   // minute of the last day at which it closes, 0 for midnight; days only
}

// Bounds of a limit.
const (
	MaxLimitDays  = 3650
	MaxLimitHours = 366 * 24 * time.Hour
	maxInstantUs  = 253_402_300_799_999_999 // the year 9999
	maxWalkDays   = 4 * MaxLimitDays        // a calendar that never works ends the walk, not the program
	minutesADay   = 24 * 60
)

// WorkingDays is n 工作日. The first day does not count and the limit ends with the n-th working
// day after it (行政许可法 art. 82, 民法典 art. 201).
func WorkingDays(n int) Limit { return Limit{Unit: WorkingDay, N: int64(n)} }

// CalendarDays is n 自然日. The first day does not count; a last day that is no working day moves
// to the next one that is (民法典 art. 203).
func CalendarDays(n int) Limit { return Limit{Unit: CalendarDay, N: int64(n)} }

// WorkingTime is a limit of 工作时: it runs only during service hours.
func WorkingTime(d time.Duration) Limit { return Limit{Unit: WorkingHour, N: d.Microseconds()} }

// ClockTime is a limit of 紧急工作时: it runs day and night.
func ClockTime(d time.Duration) Limit { return Limit{Unit: ClockHour, N: d.Microseconds()} }

// DueAt is a deadline that was named, in microseconds since 1970.
func DueAt(us int64) Limit { return Limit{Unit: Instant, N: us} }

// Named is the limit of a clock whose objects name their deadlines: Varies says which.
func Named() Limit { return DueAt(1) }

// ClosingAt returns the limit of days with the time at which its last day closes (停止业务活动的
// 时间, 民法典 art. 203) instead of midnight.
func (l Limit) ClosingAt(hour, minute int) Limit {
	l.Until = hour*60 + minute
	return l
}

func (l Limit) days() bool { return l.Unit == WorkingDay || l.Unit == CalendarDay }

func (l Limit) check() error {
	largest := MaxLimitHours.Microseconds()
	switch l.Unit {
	case WorkingDay, CalendarDay:
		largest = MaxLimitDays
	case WorkingHour, ClockHour:
		if l.Until != 0 {
			return errors.New("a limit of hours has no closing time")
		}
	case Instant:
		largest = maxInstantUs
		if l.Until != 0 {
			return errors.New("a named deadline has no closing time beside its own")
		}
	default:
		return fmt.Errorf("unknown unit %q of a limit", l.Unit)
	}
	if l.N < 1 || l.N > largest {
		return fmt.Errorf("limit of %d %s is outside 1 to %d", l.N, l.Unit, largest)
	}
	if l.Until < 0 || l.Until > minutesADay {
		return fmt.Errorf("closing minute %d is not within a day", l.Until)
	}
	return nil
}

// Text returns the limit in words: "20 个工作日", "90 分钟（工作时间内）".
func (l Limit) Text(lang i18n.Lang) string {
	if l.Unit == Instant {
		return i18n.Text(lang, "各自载明的期限")
	}
	n := strconv.FormatInt(l.N, 10)
	if l.days() {
		key := "%s 个工作日"
		if l.Unit == CalendarDay {
			key = "%s 个自然日"
		}
		text := i18n.Text(lang, key, n)
		if l.Until != 0 {
			text += i18n.Text(lang, "（末日 %s 截止）", fmt.Sprintf("%02d:%02d", l.Until/60, l.Until%60))
		}
		return text
	}
	d := time.Duration(l.N) * time.Microsecond
	hours := d%time.Hour == 0
	n = strconv.FormatFloat(d.Minutes(), 'f', -1, 64)
	if hours {
		n = strconv.FormatInt(int64(d/time.Hour), 10)
	}
	switch {
	case hours && l.Unit == WorkingHour:
		return i18n.Text(lang, "%s 个工作时", n)
	case hours:
		return i18n.Text(lang, "%s 小时", n)
	case l.Unit == WorkingHour:
		return i18n.Text(lang, "%s 分钟（工作时间内）", n)
	default:
		return i18n.Text(lang, "%s 分钟", n)
	}
}

// Calendar tells the working days of China, with the holidays and 调休 of each year as published.
type Calendar interface {
	// IsWorking reports whether d is worked. It is an error when the year of d is not known.
	IsWorking(d clock.Date) (bool, error)
}

// Span is a part of a working day, in minutes after midnight in China: From counts, To does not.
type Span struct{ From, To int }

// Times is what time limits are counted with.
type Times struct {
	Calendar Calendar
	Service  []Span // the hours of service of every working day, in order
}

// OfficeHours are the hours of service used unless a city sets others: 8:30–12:00, 14:30–18:00.
func OfficeHours() []Span {
	return []Span{{From: 8*60 + 30, To: 12 * 60}, {From: 14*60 + 30, To: 18 * 60}}
}

// Check reports whether t can be counted with.
func (t Times) Check() error {
	if t.Calendar == nil {
		return errors.New("times without a calendar of working days")
	}
	at := 0
	for _, s := range t.Service {
		if s.From < at || s.To <= s.From || s.To > minutesADay {
			return fmt.Errorf("service hours %v are not in order within a day", t.Service)
		}
		at = s.To
	}
	if at == 0 {
		return errors.New("times without service hours")
	}
	return nil
}

// deadline is an instant and whether it rests on published calendars only. In autumn the next
// year is not published yet: its days are then taken as Monday to Friday, and the deadline is
// counted again once the year has been imported.
type deadline struct {
	at    time.Time
	exact bool
}

// counter walks over days and remembers whether it met a year that is not published.
type counter struct {
	times Times
	exact bool
}

func (c *counter) works(day time.Time) bool {
	working, err := c.times.Calendar.IsWorking(clock.DateOf(day))
	if err == nil {
		return working
	}
	c.exact = false
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

var errNoWorkingDay = errors.New("the calendar has no working day in reach")

// due returns when left units end that go on from the given moment. That moment's own day does
// not count for days. The deadline always lies after from: a clock that goes on when its last day
// has already closed has until the close of the next working day. A named deadline is what it is,
// even when it has passed.
func (t Times) due(l Limit, from time.Time, left int64) (deadline, error) {
	c := &counter{times: t, exact: true}
	at := from.UTC()
	var err error
	switch l.Unit {
	case WorkingDay, CalendarDay:
		at, err = c.dueDay(l, from, left)
	case WorkingHour:
		at, err = c.dueService(from, left)
	case Instant:
		at = clock.Time(left)
	default:
		at = at.Add(time.Duration(left) * time.Microsecond)
	}
	return deadline{at: at, exact: c.exact}, err
}

func (c *counter) dueDay(l Limit, from time.Time, left int64) (time.Time, error) {
	day := midnight(from)
	if l.Unit == CalendarDay {
		day, left = day.AddDate(0, 0, int(left)), 0
	}
	for range maxWalkDays {
		if left <= 0 && c.works(day) {
			if end := closing(l, day); end.After(from) {
				return end.UTC(), nil
			}
		}
		day = day.AddDate(0, 0, 1)
		if left > 0 && c.works(day) {
			left--
		}
	}
	return time.Time{}, errNoWorkingDay
}

func (c *counter) dueService(from time.Time, left int64) (time.Time, error) {
	day := midnight(from)
	for range maxWalkDays {
		for _, s := range c.spans(day) {
			if !s.to.After(from) {
				continue
			}
			start := s.from
			if start.Before(from) {
				start = from
			}
			if length := s.to.Sub(start).Microseconds(); length < left {
				left -= length
				continue
			}
			return start.Add(time.Duration(left) * time.Microsecond).UTC(), nil
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}, errNoWorkingDay
}

// used returns how many units pass between two moments: the days after that of from up to and
// with that of to, or the microseconds that count.
func (t Times) used(l Limit, from, to time.Time) (int64, bool) {
	c := &counter{times: t, exact: true}
	if !to.After(from) || l.Unit == Instant {
		return 0, true
	}
	if l.Unit == ClockHour {
		return to.Sub(from).Microseconds(), true
	}
	var sum int64
	last := midnight(to)
	for day := midnight(from); !day.After(last); day = day.AddDate(0, 0, 1) {
		switch l.Unit {
		case WorkingDay:
			if day.After(from) && c.works(day) {
				sum++
			}
		case CalendarDay:
			if day.After(from) {
				sum++
			}
		default:
			sum += c.served(day, from, to)
		}
	}
	return sum, c.exact
}

// served returns the microseconds of service of the day within from and to.
func (c *counter) served(day, from, to time.Time) int64 {
	var sum int64
	for _, s := range c.spans(day) {
		begin := slices.MaxFunc([]time.Time{s.from, from}, time.Time.Compare)
		end := slices.MinFunc([]time.Time{s.to, to}, time.Time.Compare)
		if end.After(begin) {
			sum += end.Sub(begin).Microseconds()
		}
	}
	return sum
}

type span struct{ from, to time.Time }

func (c *counter) spans(day time.Time) []span {
	if !c.works(day) {
		return nil
	}
	out := make([]span, 0, len(c.times.Service))
	for _, s := range c.times.Service {
		out = append(out, span{from: minute(day, s.From), to: minute(day, s.To)})
	}
	return out
}

func midnight(t time.Time) time.Time { return clock.DateOf(t).Start() }

func minute(day time.Time, m int) time.Time { return day.Add(time.Duration(m) * time.Minute) }

// closing is the last instant of a limit of days. Midnight is the last microsecond of the day, so
// that the deadline is shown with the day it belongs to.
func closing(l Limit, day time.Time) time.Time {
	if l.Until == 0 {
		return minute(day, minutesADay).Add(-time.Microsecond)
	}
	return minute(day, l.Until)
}
