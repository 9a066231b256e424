package process_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// due asserts when a clock falls due.
func (c city) due(id, name, want string) {
	c.Helper()
	r, runs := c.running(id)[name]
	if got := shown(r.DueUs); !runs || got != want {
		c.Errorf("clock %s of %s: due %s, want %s", name, id, got, want)
	}
}

// Asking for papers stops the office's clock over the holiday and starts the applicant's.
func TestPauseAcrossHoliday(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{}) // Monday 28 September
		c.due("v1", "decide", "2026-10-10 18:00:00")
		c.set("2026-09-30 10:00") // two of five days used
		c.must(officer, "v1", "ask", process.Input{Reason: "缺合同"})
		if r := c.running("v1")["decide"]; r.PausedUs == 0 {
			t.Errorf("the clock runs while the applicant is asked: %+v", r)
		}
		c.due("v1", "supply", "2026-10-15 23:59:59")
		c.set("2026-10-09 16:00")
		c.must(applicant, "v1", "supply", process.Input{Files: []string{"f"}})
		c.due("v1", "decide", "2026-10-13 18:00:00") // 10 (worked Saturday), 12 and 13 October
		if _, runs := c.running("v1")["supply"]; runs {
			t.Error("the applicant's clock runs on")
		}
		c.must(leader, "v1", "extend", process.Input{Reason: "需专家论证"})
		c.due("v1", "decide", "2026-10-27 18:00:00")
		c.must(leader, "v1", "approve", process.Input{})
		c.due("v1", "pay", "2026-10-14 09:30:00") // 2 h on Friday, 7 h a day, 1 h on Wednesday
	})
}

// A late answer is kept with the run that ended.
func TestLateAndOnTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		for _, id := range []string{"in", "out"} {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
		}
		c.set("2026-10-10 18:00")
		c.must(leader, "in", "approve", process.Input{})
		c.clock.Advance(1000)
		c.must(leader, "out", "approve", process.Input{})
		got := map[string]bool{}
		err := db.Each(t.Context(), d, qEnded, func(r db.Row) error {
			var id string
			var late bool
			err := r.Scan(&id, &late)
			got[id] = late
			return err
		})
		if diff := cmp.Diff(map[string]bool{"in": false, "out": true}, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
}

var qEnded = db.Stmt(`SELECT object_id, late FROM process_clock
	WHERE name = 'decide' AND ended_us > 0 ORDER BY object_id`)

// An overdue clock goes up once, to a named owner, and history, trail and outbox say so.
func TestEscalate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		for _, id := range []string{"late", "paused", "done", "young", "asked", "gone"} {
			c.add(id, 5)
			if id != "young" {
				c.must(applicant, id, "submit", process.Input{})
			}
		}
		c.must(officer, "late", "assign", process.Input{Data: assign{"acc-sun"}})
		c.must(officer, "paused", "ask", process.Input{Reason: "缺合同"})
		c.must(leader, "done", "reject", process.Input{Reason: "不符合"})
		c.sweep(0)
		c.set("2026-10-10 18:00")
		c.sweep(0) // the deadline itself is in time
		c.set("2026-10-10 18:01")
		c.must(applicant, "young", "submit", process.Input{})
		c.delete("gone")
		c.overdue(db.Where{}, "asked decide officer 140105", "gone decide officer 140105",
			"late decide acc-sun")
		c.sweep(3)
		c.overdue(db.Where{}, "asked decide leader 140105", "gone decide leader",
			"late decide leader 140105")
		c.sweep(0)

		h := c.history("late")[0]
		want := process.Handover{
			DueUs: clock.Us(day(t, "2026-10-10 18:00")),
			From:  process.Owner{Account: "acc-sun", Role: authz.Officer},
			To:    process.Owner{Role: authz.Leader, Region: "140105"},
		}
		if h.Kind != process.KindOverdue || h.Name != "decide" || h.From != "submitted" ||
			h.To != "submitted" || h.Handed == nil || *h.Handed != want || h.Seq != 4 {
			t.Errorf("history %+v", h)
		}
		events, err := db.All(t.Context(), d, qEvents, db.One[string], process.OverdueEvent)
		if err != nil || len(events) != 3 {
			t.Errorf("events %q, %v", events, err)
		}
		const event = `{"process":"voucher","object":"late","clock":"decide","handed":{"dueUs":` +
			`1791626400000000,"from":{"account":"acc-sun","role":"officer"},` +
			`"to":{"role":"leader","region":"140105"}}}`
		if len(events) == 3 && events[2] != event {
			t.Errorf("event %s", events[2])
		}

		// The step after it goes on from the same history, and the owner stays who it went to.
		c.must(officer, "late", "assign", process.Input{Data: assign{"acc-qian"}})
		if o := c.running("late")["decide"].Owner; o.Role != authz.Leader {
			t.Errorf("handing over an overdue case took it from the leader: %+v", o)
		}
		// More time takes it back; late again, it goes up again.
		c.must(leader, "late", "extend", process.Input{Reason: "需专家论证"})
		if o := c.running("late")["decide"].Owner; o.Account != "acc-qian" {
			t.Errorf("an extended case belongs to %+v", o)
		}
		c.sweep(0)
		c.set("2026-11-30 08:00")
		c.sweep(3) // late again, young, and the applicant of paused
		c.overdue(db.Where{}, "asked decide leader 140105", "gone decide leader",
			"paused supply officer", "young decide leader 140105", "late decide leader 140105")
	})
}

// Every overdue clock has a named owner, at any moment and whatever the functions of the
// definition say.
func TestSomebodyAlwaysOwns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		def := voucherDef()
		nobody := func(voucher) process.Owner { return process.Owner{Region: "140105"} }
		def.Clocks[0].Owner, def.Clocks[0].Escalate = nobody, nobody
		p, err := process.MustNew(def).With(process.Times{
			Calendar: calendar2026, Service: process.OfficeHours()})
		if err != nil {
			t.Fatal(err)
		}
		c.p = p
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{})
		c.set("2026-12-01 09:00")
		c.overdue(db.Where{}, "v1 decide leader")
		c.sweep(1)
		c.overdue(db.Where{}, "v1 decide leader")
	})
}

func TestOwnedBy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		for _, id := range []string{"a", "b", "c"} {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
		}
		c.must(officer, "b", "assign", process.Input{Data: assign{"acc-sun"}})
		c.must(officer, "c", "ask", process.Input{Reason: "缺合同"})
		c.set("2026-12-01 09:00")
		elsewhere := officer
		elsewhere.Region = "140400"
		sun := authz.Actor{Account: "acc-sun"}
		for _, tc := range []struct {
			name string
			by   authz.Actor
			want []string
		}{
			{"officer of the district", officer, []string{"a decide officer 140105"}},
			{"officer of another city", elsewhere, nil},
			{"by name, in no role", sun, []string{"b decide acc-sun"}},
			{"the applicant's organisation", applicant, []string{"c supply enterprise org-a"}},
			{"another organisation", stranger, nil},
			{"a leader before it goes up", leader, nil},
			{"nobody", authz.Actor{}, nil},
		} {
			t.Run(tc.name, func(t *testing.T) {
				c := c
				c.T = t
				c.overdue(process.OwnedBy(tc.by), tc.want...)
			})
		}
		c.sweep(3)
		c.overdue(process.OwnedBy(leader), "a decide leader 140105", "b decide leader 140105")
	})
}

// A clock that was started under an older definition ends with the next step.
func TestClockLeftDefinition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{})
		def := voucherDef()
		def.Clocks = nil
		def.Steps[4].Extends = nil
		c.p = process.MustNew(def)
		c.set("2026-12-01 09:00")
		c.sweep(1)
		c.overdue(db.Where{}, "v1 decide officer 140105")
		c.must(officer, "v1", "assign", process.Input{Data: assign{"acc-sun"}})
		c.overdue(db.Where{})
	})
}

// Importing the calendar of next year moves the deadlines that reach into it, and only those.
func TestRecount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("early", 5)
		c.must(applicant, "early", "submit", process.Input{})
		c.set("2026-12-30 09:00")
		for _, id := range []string{"a", "b", "over"} {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
		}
		c.must(officer, "b", "ask", process.Input{Reason: "缺合同"})
		c.due("a", "decide", "2027-01-06 18:00:00")
		if c.running("a")["decide"].Exact || !c.running("early")["decide"].Exact {
			t.Error("a deadline in a year that is not published must be marked")
		}
		next := process.Times{Calendar: newYear(), Service: process.OfficeHours()}
		n, err := process.Recount(t.Context(), c.unit, machine, next)
		if err != nil || n != 3 {
			t.Errorf("moved %d deadlines, %v", n, err)
		}
		c.due("a", "decide", "2027-01-09 18:00:00")
		c.due("early", "decide", "2026-10-10 18:00:00")
		if !c.running("a")["decide"].Exact {
			t.Error("the deadline is still marked")
		}
		n, err = process.Recount(t.Context(), c.unit, machine, next)
		if err != nil || n != 0 {
			t.Errorf("a second count moved %d deadlines, %v", n, err)
		}
	})
}

// newYear is a made-up arrangement of 2027: off until Tuesday 5 January, Saturday the 9th worked.
func newYear() *clock.Calendar {
	off := []clock.Date{"2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05"}
	days := []clock.Holiday{{Day: "2027-01-09"}}
	for _, d := range off {
		days = append(days, clock.Holiday{Day: d, Off: true})
	}
	return calendar2026.With(2027, days)
}

// sweep escalates and asserts how many clocks went up.
func (c city) sweep(want int) {
	c.Helper()
	all := []process.Described{process.MustNew(switchDef()), c.p}
	n, err := process.Sweep(c.Context(), c.unit, machine, all)
	if err != nil || n != want {
		c.Errorf("escalated %d, want %d: %v", n, want, err)
	}
}

// overdue asserts the overdue clocks and their owners, longest overdue first.
func (c city) overdue(w db.Where, want ...string) {
	c.Helper()
	page, err := process.Overdue(c.Context(), c.db, c.clock.Now(), w, db.PageReq{Limit: 100})
	if err != nil {
		c.Fatal(err)
	}
	var got []string
	for _, r := range page.Items {
		s := r.Object + " " + r.Clock
		if !r.Owner.Named() {
			c.Errorf("%s has no named owner", s)
		}
		if r.Owner.Account != "" {
			s += " " + r.Owner.Account
		} else {
			s += " " + string(r.Owner.Role)
			for _, part := range []string{r.Owner.Org, r.Owner.Region} {
				if part != "" {
					s += " " + part
				}
			}
		}
		got = append(got, s)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.Error(diff)
	}
}

func (c city) delete(id string) {
	c.Helper()
	err := c.unit.Write(context.Background(), machine, "delete", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "voucher", Object: id, What: "delete"})
		return db.ExecOne(context.Background(), tx.Tx, qVoucherDelete, id)
	})
	if err != nil {
		c.Fatal(err)
	}
}

// One object that cannot be escalated does not hold up the others, and its error is told.
func TestSweepGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		def := voucherDef()
		def.Store.Load = func(ctx context.Context, q db.Q, id string) (voucher, error) {
			if id == "a" && c.clock.Now().After(day(t, "2026-12-01 00:00")) {
				return voucher{}, errBroken
			}
			return loadVoucher(ctx, q, id)
		}
		c.p = process.MustNew(def)
		for _, id := range []string{"a", "b"} {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
		}
		c.set("2026-12-01 09:00")
		n, err := process.Sweep(t.Context(), c.unit, machine, []process.Described{c.p})
		if n != 1 || !errors.Is(err, errBroken) {
			t.Errorf("handed up %d, %v", n, err)
		}
		c.overdue(db.Where{}, "a decide officer 140105", "b decide leader 140105")
	})
}
