package process

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// testCalendar holds 2026 as published: the National Day holiday of 1 to 7 October, and Sunday 20
// September and Saturday 10 October worked (调休); no other year.
var testCalendar = new(clock.Calendar).With(2026, clock.Published().Holidays(2026))

var testTimes = Times{Calendar: testCalendar, Service: OfficeHours()}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return x.UTC()
}

func shown(x time.Time) string { return x.In(clock.Shanghai).Format("2006-01-02 15:04:05") }

func TestDue(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit Limit
		from  string
		left  int64 // 0 means the whole limit, -1 none
		want  string
		exact bool
	}{
		{"the first day does not count", WorkingDays(1), "2026-11-23 09:00", 0,
			"2026-11-24 23:59:59", true},
		{"over a weekend", WorkingDays(5), "2026-11-25 16:00", 0, "2026-12-02 23:59:59", true},
		{"begun on a Sunday", WorkingDays(1), "2026-11-22 10:00", 0, "2026-11-23 23:59:59", true},
		{"over National Day, 调休 Saturday counts", WorkingDays(3), "2026-09-30 09:00", 0,
			"2026-10-10 23:59:59", true},
		{"a worked Sunday counts", WorkingDays(2), "2026-09-18 09:00", 0,
			"2026-09-21 23:59:59", true},
		{"closes with the office", WorkingDays(1).ClosingAt(17, 30), "2026-11-23 09:00", 0,
			"2026-11-24 17:30:00", true},
		{"a named deadline is what it is", DueAt(clock.Us(at(t, "2027-03-06 18:00"))),
			"2026-11-25 09:00", 0, "2027-03-06 18:00:00", true},
		{"also when it has passed", DueAt(clock.Us(at(t, "2026-11-24 18:00"))), "2026-11-25 09:00", 0,
			"2026-11-24 18:00:00", true},
		{"calendar days run over weekends", CalendarDays(9), "2026-11-25 09:00", 0,
			"2026-12-04 23:59:59", true},
		{"a last day in the holiday moves behind it", CalendarDays(5), "2026-09-28 09:00", 0,
			"2026-10-08 23:59:59", true},
		{"a last day on a weekend moves", CalendarDays(3), "2026-11-26 09:00", 0,
			"2026-11-30 23:59:59", true},
		{"into a year not published", WorkingDays(5), "2026-12-30 09:00", 0,
			"2027-01-06 23:59:59", false},
		{"nothing left, on a working day", WorkingDays(5), "2026-11-24 09:00", -1,
			"2026-11-24 23:59:59", true},
		{"nothing left, on a Saturday", WorkingDays(5), "2026-11-28 09:00", -1,
			"2026-11-30 23:59:59", true},
		{"nothing left, after closing", WorkingDays(5).ClosingAt(17, 0), "2026-11-24 17:00", -1,
			"2026-11-25 17:00:00", true},
		{"working hours over a weekend", WorkingTime(4 * time.Hour), "2026-11-27 16:30", 0,
			"2026-11-30 11:00:00", true},
		{"working hours from the lunch break", WorkingTime(time.Hour), "2026-11-27 12:30", 0,
			"2026-11-27 15:30:00", true},
		{"working hours that end with the morning", WorkingTime(3*time.Hour + 30*time.Minute),
			"2026-11-27 08:30", 0, "2026-11-27 12:00:00", true},
		{"hours round the clock", ClockTime(30 * time.Minute), "2026-11-28 23:45", 0,
			"2026-11-29 00:15:00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			left := c.left
			switch left {
			case 0:
				left = c.limit.N
			case -1:
				left = 0
			}
			got, err := testTimes.due(c.limit, at(t, c.from), left)
			if err != nil {
				t.Fatal(err)
			}
			if shown(got.at) != c.want || got.exact != c.exact {
				t.Errorf("due %s exact %v, want %s exact %v", shown(got.at), got.exact, c.want, c.exact)
			}
		})
	}
}

// The clock of a paused case moves by the units that passed while it stood still.
func TestPauseAndResume(t *testing.T) {
	for _, c := range []struct {
		name                 string
		limit                Limit
		start, pause, resume string
		want                 string
	}{
		{"the same day changes nothing", WorkingDays(5), "2026-11-23 09:00", "2026-11-24 10:00",
			"2026-11-24 15:00", "2026-11-30 23:59:59"},
		{"a weekend changes nothing", WorkingDays(5), "2026-11-23 09:00", "2026-11-27 10:00",
			"2026-11-29 15:00", "2026-11-30 23:59:59"},
		{"two working days", WorkingDays(5), "2026-11-23 09:00", "2026-11-25 10:00",
			"2026-11-27 15:00", "2026-12-02 23:59:59"},
		{"over the holiday with its worked Saturday", WorkingDays(5), "2026-09-28 09:00",
			"2026-09-30 10:00", "2026-10-10 15:00", "2026-10-14 23:59:59"},
		{"on the last day, resumed on a weekend", WorkingDays(2), "2026-11-25 09:00",
			"2026-11-27 10:00", "2026-11-29 10:00", "2026-11-30 23:59:59"},
		{"calendar days", CalendarDays(10), "2026-11-23 09:00", "2026-11-25 10:00",
			"2026-11-28 15:00", "2026-12-07 23:59:59"},
		{"calendar days paused on a moved last day", CalendarDays(5), "2026-11-23 09:00",
			"2026-11-30 10:00", "2026-12-05 15:00", "2026-12-07 23:59:59"},
		{"working hours", WorkingTime(4 * time.Hour), "2026-11-27 16:30", "2026-11-27 17:00",
			"2026-12-01 16:00", "2026-12-02 10:00:00"},
		{"hours", ClockTime(2 * time.Hour), "2026-11-27 16:30", "2026-11-27 17:30",
			"2026-11-28 03:00", "2026-11-28 04:00:00"},
		{"late stays late", WorkingDays(1), "2026-11-23 09:00", "2026-11-25 10:00",
			"2026-12-25 15:00", "2026-11-24 23:59:59"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Run{Limit: c.limit}
			if err := r.begin(testTimes, at(t, c.start)); err != nil {
				t.Fatal(err)
			}
			r.pause(testTimes, at(t, c.pause))
			if err := r.resume(testTimes, at(t, c.resume)); err != nil {
				t.Fatal(err)
			}
			if got := shown(clock.Time(r.DueUs)); got != c.want {
				t.Errorf("due %s, want %s", got, c.want)
			}
		})
	}
}

func TestEndAndExtend(t *testing.T) {
	r := Run{Limit: WorkingDays(1)}
	if err := r.begin(testTimes, at(t, "2026-11-23 09:00")); err != nil {
		t.Fatal(err)
	}
	r.EscalatedUs = 1
	late := clock.Us(at(t, "2026-11-26 09:00"))
	if err := r.extend(testTimes, 1, late); err != nil || r.EscalatedUs == 0 {
		t.Errorf("an extension that does not reach today leaves it handed up: %v, %+v", err, r)
	}
	if err := r.extend(testTimes, 2, late); err != nil || r.EscalatedUs != 0 {
		t.Errorf("an extension beyond today takes it back: %v, %+v", err, r)
	}
	if got := shown(clock.Time(r.DueUs)); got != "2026-11-27 23:59:59" {
		t.Errorf("due %s", got)
	}
	far := r
	if err := far.extend(testTimes, MaxLimitDays, late); !fault.Is(err, fault.Conflict) {
		t.Errorf("extended beyond every bound: %v", err)
	}
	early := r
	early.end(r.DueUs)
	r.end(r.DueUs + 1)
	if early.Late || !r.Late {
		t.Error("the deadline itself is in time, the microsecond after it is not")
	}
	paused := early
	paused.EndedUs, paused.PausedUs = 0, paused.DueUs
	paused.end(paused.DueUs + 1e12)
	if paused.Late {
		t.Error("a paused clock is not late by the time it stood still")
	}
}

// naive counts what is left of a limit by stepping through time a minute or a day at once. It is
// slow, and it knows nothing of stretches, remainders or pauses but "does this day count".
type naive struct {
	limit Limit
	left  int64
}

// run lets the clock go from a to b, both whole minutes.
func (n *naive) run(a, b time.Time) {
	for x := a; x.Before(b); x = x.Add(time.Minute) {
		local := x.Add(time.Minute).In(clock.Shanghai)
		if n.limit.days() {
			if local.Hour() == 0 && local.Minute() == 0 && n.counts(local) {
				n.left--
			}
			continue
		}
		if n.counts(x.In(clock.Shanghai)) {
			n.left -= int64(time.Minute / time.Microsecond)
		}
	}
}

func (n *naive) counts(local time.Time) bool {
	working, _ := testCalendar.IsWorking(clock.DateOf(local))
	m := local.Hour()*60 + local.Minute()
	switch n.limit.Unit {
	case CalendarDay, ClockHour:
		return true
	case WorkingDay:
		return working
	default:
		return working && (m >= 510 && m < 720 || m >= 870 && m < 1080)
	}
}

// Any sequence of pauses uses up exactly what a minute-by-minute count uses up.
func TestUsedAgreesWithNaiveCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	limits := []Limit{WorkingDays(20), CalendarDays(30), WorkingTime(60 * time.Hour),
		ClockTime(200 * time.Hour)}

walks:
	for range 80 {
		l := limits[rng.IntN(len(limits))]
		r, n := Run{Limit: l}, naive{limit: l, left: l.N}
		now := at(t, "2026-09-10 00:00").Add(time.Duration(rng.IntN(20*1440)) * time.Minute)
		if err := r.begin(testTimes, now); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			step := time.Duration(rng.IntN(3*1440)) * time.Minute
			n.run(now, now.Add(step))
			now = now.Add(step)
			late := r.overdue(clock.Us(now))
			moved := l.Unit == CalendarDay // its last day may have moved to a working day
			if late && n.left > 0 || !late && n.left < 0 && !moved {
				t.Fatalf("%v: due %s at %s, but %d left", l, shown(clock.Time(r.DueUs)), shown(now), n.left)
			}
			if n.left <= 0 {
				continue walks
			}
			r.pause(testTimes, now)
			if left := l.N - r.used; left != n.left {
				t.Fatalf("%v: %d left at %s, naive count says %d", l, left, shown(now), n.left)
			}
			now = now.Add(time.Duration(rng.IntN(3*1440)) * time.Minute)
			if err := r.resume(testTimes, now); err != nil {
				t.Fatal(err)
			}
			if due := clock.Time(r.DueUs); n.left > 0 && !due.After(now) {
				t.Fatalf("%v: due %s is not after %s", l, shown(due), shown(now))
			}
		}
		// Run on to the deadline: then, and not a unit earlier, nothing is left.
		n.run(now, clock.Time(r.DueUs).Truncate(time.Minute))
		short := l.Unit != CalendarDay && n.left != 0 // a last day may have moved
		if short || n.left > 0 {
			t.Fatalf("%v: %d left at the deadline %s", l, n.left, shown(clock.Time(r.DueUs)))
		}
	}
}

func TestLimitCheck(t *testing.T) {
	for _, c := range []struct {
		limit Limit
		ok    bool
	}{
		{WorkingDays(1), true},
		{WorkingDays(0), false},
		{CalendarDays(MaxLimitDays), true},
		{CalendarDays(MaxLimitDays + 1), false},
		{WorkingTime(MaxLimitHours), true},
		{ClockTime(MaxLimitHours + 1000), false},
		{WorkingTime(time.Hour).ClosingAt(17, 0), false},
		{WorkingDays(1).ClosingAt(24, 0), true},
		{WorkingDays(1).ClosingAt(24, 1), false},
		{Limit{Unit: "fortnight", N: 1}, false},
	} {
		if err := c.limit.check(); (err == nil) != c.ok {
			t.Errorf("check of %+v: %v", c.limit, err)
		}
	}
}

func TestTimesCheck(t *testing.T) {
	good := testTimes
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Times{
		{Service: OfficeHours()},
		{Calendar: testCalendar},
		{Calendar: testCalendar, Service: []Span{{600, 600}}},
		{Calendar: testCalendar, Service: []Span{{600, 700}, {690, 800}}},
		{Calendar: testCalendar, Service: []Span{{600, 1441}}},
	} {
		if bad.Check() == nil {
			t.Errorf("accepted %v", bad.Service)
		}
	}
}

// A calendar in which nobody ever works ends the count with an error instead of never.
func TestNoWorkingDay(t *testing.T) {
	never := Times{Calendar: idle{}, Service: OfficeHours()}
	for _, l := range []Limit{WorkingDays(1), CalendarDays(1), WorkingTime(time.Hour)} {
		if _, err := never.due(l, at(t, "2026-11-23 09:00"), l.N); !errors.Is(err, errNoWorkingDay) {
			t.Errorf("%v: %v", l, err)
		}
	}
}

type idle struct{}

func (idle) IsWorking(clock.Date) (bool, error) { return false, nil }

func TestLimitText(t *testing.T) {
	var zh, en []string
	for _, l := range []Limit{WorkingDays(20), CalendarDays(30), WorkingTime(4 * time.Hour),
		WorkingTime(90 * time.Minute), ClockTime(2 * time.Hour), ClockTime(10 * time.Minute),
		WorkingDays(5).ClosingAt(17, 30)} {
		zh, en = append(zh, l.Text(i18n.ZH)), append(en, l.Text(i18n.EN))
	}
	wantZH := []string{"20 个工作日", "30 个自然日", "4 个工作时", "90 分钟（工作时间内）", "2 小时",
		"10 分钟", "5 个工作日（末日 17:30 截止）"}
	wantEN := []string{"20 working days", "30 calendar days", "4 working hours",
		"90 minutes of working time", "2 hours", "10 minutes",
		"5 working days (closing at 17:30 on the last day)"}
	if diff := cmp.Diff(wantZH, zh) + cmp.Diff(wantEN, en); diff != "" {
		t.Error(diff)
	}
}
