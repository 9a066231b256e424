package process_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// randomDef draws a definition: states in a line to a final one so that it is valid, and any number
// of further steps and clocks across it. New decides whether the draw is one.
func randomDef(rng *rand.Rand, n int) process.Def[voucher] {
	d := voucherDef()
	d.Name, d.States, d.Steps, d.Clocks = fmt.Sprint("random", n), nil, nil, nil
	size := 3 + rng.IntN(6)
	for i := range size {
		d.States = append(d.States, process.State{Name: fmt.Sprint("s", i), Title: fmt.Sprint("态", i),
			Initial: i == 0, Final: i == size-1})
	}
	add := func(from []string, to string) {
		s := process.Step[voucher]{Name: fmt.Sprint("step", len(d.Steps)), Title: "步", From: from,
			To: to, May: "voucher.handle"}
		if rng.IntN(4) == 0 {
			s.Needs = process.Reason
		}
		d.Steps = append(d.Steps, s)
	}
	for i := range size - 1 {
		add([]string{d.States[i].Name}, d.States[i+1].Name)
	}
	for range rng.IntN(8) {
		from := someStates(rng, d.States[:size-1])
		to := d.States[rng.IntN(size)].Name
		if rng.IntN(5) == 0 {
			to = process.Stay
		}
		add(from, to)
	}
	limits := []process.Limit{process.WorkingDays(1 + rng.IntN(9)),
		process.CalendarDays(1 + rng.IntN(20)),
		process.WorkingTime(time.Duration(1+rng.IntN(30)) * time.Hour)}
	for i := range rng.IntN(4) {
		in := someStates(rng, d.States[:size-1])
		var paused []string
		for _, s := range someStates(rng, d.States[:size-1]) {
			if !slices.Contains(in, s) {
				paused = append(paused, s)
			}
		}
		owner := func(voucher) process.Owner { return process.Owner{Role: authz.Officer} }
		d.Clocks = append(d.Clocks, process.Clock[voucher]{Name: fmt.Sprint("clock", i), Title: "限",
			In: in, Paused: paused, Limit: limits[rng.IntN(len(limits))], Owner: owner,
			Escalate: owner, LastResort: process.Owner{Role: authz.Leader}})
	}
	return d
}

func someStates(rng *rand.Rand, states []process.State) []string {
	var out []string
	for _, i := range rng.Perm(len(states))[:1+rng.IntN(len(states))] {
		out = append(out, states[i].Name)
	}
	return out
}

// walk is one object on its way through a random definition, with a model beside it: the state it
// must be in, its version, and the chain its history must be.
type walk struct {
	city
	def     process.Def[voucher]
	id      string
	state   string
	version int64
	chain   []string
}

// TestRandomWalks takes random steps, allowed and not, with objects of random definitions, and
// compares row, history and clocks with a model after each.
func TestRandomWalks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		rng := rand.New(rand.NewPCG(1, 2026))
		valid, moved, refused := 0, 0, 0
		for n := 0; valid < 25; n++ {
			def := randomDef(rng, n)
			p, err := process.New(def)
			if err != nil {
				continue
			}
			valid++
			c.p, err = p.With(process.Times{Calendar: calendar2026, Service: process.OfficeHours()})
			if err != nil {
				t.Fatal(err)
			}
			w := walk{city: c, def: def, id: fmt.Sprint("w", n), state: "s0", version: 1,
				chain: []string{" s0"}}
			w.begin()
			for range 20 {
				if w.random(rng) {
					moved++
				} else {
					refused++
				}
				w.check()
			}
		}
		if moved < 100 || refused < 100 {
			t.Errorf("the walks moved %d times and were refused %d times: too few to prove much",
				moved, refused)
		}
	})
}

func (w *walk) begin() {
	w.Helper()
	err := w.unit.Write(w.Context(), officer, "create", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "voucher", Object: w.id, What: "create"})
		err := db.ExecOne(w.Context(), tx.Tx, qVoucherAdd, w.id, "org-a", "140105", "", "s0", 1,
			tx.NowUs())
		if err != nil {
			return err
		}
		return w.p.Start(w.Context(), tx, w.id)
	})
	if err != nil {
		w.Fatal(err)
	}
}

// random tries one step and moves the model if it had to succeed. A third of the tries is rolled
// back after the step succeeded.
func (w *walk) random(rng *rand.Rand) bool {
	w.Helper()
	w.clock.Advance(time.Duration(rng.IntN(3*24*60)) * time.Minute)
	s := w.def.Steps[rng.IntN(len(w.def.Steps))]
	for range 3 { // rather a step that leads on, and rather not to the end
		if slices.Contains(s.From, w.state) && s.To != w.def.States[len(w.def.States)-1].Name {
			break
		}
		s = w.def.Steps[rng.IntN(len(w.def.Steps))]
	}
	in, version := process.Input{}, w.version
	if rng.IntN(3) > 0 {
		in.Reason = "因故"
	}
	if rng.IntN(8) == 0 {
		version--
	}
	undo := rng.IntN(3) == 0
	err := w.unit.Write(w.Context(), officer, "step", func(tx *unit.Tx) error {
		if _, err := w.p.Fire(w.Context(), tx, w.id, version, s.Name, in); err != nil {
			return err
		}
		if undo {
			return errBroken
		}
		return nil
	})
	var want fault.Kind
	ok := false
	switch {
	case !slices.Contains(s.From, w.state), version != w.version:
		want = fault.Conflict
	case s.Needs == process.Reason && in.Reason == "":
		want = fault.Invalid
	case undo:
		want = fault.Internal
	default:
		ok = true
	}
	if ok != (err == nil) || !ok && fault.KindOf(err) != want {
		w.Fatalf("%s from %s at version %d of %d: %v", s.Name, w.state, version, w.version, err)
	}
	if ok {
		from := w.state
		if s.To != process.Stay {
			w.state = s.To
		}
		w.version++
		w.chain = append(w.chain, s.Name+" "+from+" "+w.state)
	}
	return ok
}

func (w *walk) check() {
	w.Helper()
	v, err := loadVoucher(w.Context(), w.db, w.id)
	if err != nil || v.state != w.state || v.version != w.version {
		w.Fatalf("row %+v, model %s %d: %v", v, w.state, w.version, err)
	}
	h, err := process.History(w.Context(), w.db, w.def.Name, w.id, 0)
	if err != nil || len(h) != len(w.chain) {
		w.Fatalf("history of %d entries, model %d: %v", len(h), len(w.chain), err)
	}
	slices.Reverse(h)
	for i, e := range h {
		line := e.Name + " " + e.From + " " + e.To
		if i == 0 {
			line = e.From + " " + e.To
		}
		if line != w.chain[i] || e.Seq != int64(i+1) || e.ObjectVersion != int64(i+1) {
			w.Fatalf("entry %d is %+v, model %q", i, e, w.chain[i])
		}
	}
	runs := w.running(w.id)
	for _, k := range w.def.Clocks {
		r, open := runs[k.Name]
		running, paused := slices.Contains(k.In, w.state), slices.Contains(k.Paused, w.state)
		switch {
		case running && (!open || r.PausedUs != 0),
			paused && open && r.PausedUs == 0,
			!running && !paused && open:
			w.Fatalf("clock %+v in state %s: open %v, %+v", k, w.state, open, r)
		case open && !r.Owner.Named():
			w.Fatalf("clock %s has no owner", k.Name)
		}
	}
}

// TestConcurrentWalks lets many people push the same overdue objects at once, while two sweeps
// escalate. At the end the history of each object is one chain without a gap, and each was handed
// up exactly once.
func TestConcurrentWalks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		ids := []string{"a", "b", "c"}
		for _, id := range ids {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
		}
		c.set("2026-12-01 09:00")
		var wg sync.WaitGroup
		for n := range 6 {
			wg.Go(func() { c.push(ids, rand.New(rand.NewPCG(uint64(n), 3))) })
		}
		for range 2 {
			wg.Go(func() {
				for range 5 {
					c.handUp()
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if err := c.fire(applicant, id, "supply", process.Input{Files: []string{"f"}}); err != nil {
				t.Logf("%s was not waiting: %v", id, err)
			}
		}
		c.handUp()
		for _, id := range ids {
			c.chained(id)
		}
	})
}

// handUp escalates. Losing a clock to a step that was faster is fine.
func (c city) handUp() {
	_, err := c.p.Escalate(context.Background(), c.unit, machine)
	if err != nil && !fault.Is(err, fault.Conflict) {
		c.Errorf("escalate: %v", err)
	}
}

// push takes 25 random steps. Losing to somebody else is fine, any other failure is not.
func (c city) push(ids []string, rng *rand.Rand) {
	for range 25 {
		id := ids[rng.IntN(len(ids))]
		by, step := leader, []string{"assign", "ask"}[rng.IntN(2)]
		if rng.IntN(3) == 0 {
			by, step = applicant, "supply"
		}
		v, err := loadVoucher(c.Context(), c.db, id)
		if err == nil {
			err = c.fireAt(by, id, v.version, step, process.Input{Reason: "r", Files: []string{"f"},
				Data: assign{"acc-sun"}})
		}
		if err != nil && !fault.Is(err, fault.Conflict) {
			c.Errorf("%s %s: %v", step, id, err)
		}
	}
}

func (c city) chained(id string) {
	c.Helper()
	v, err := loadVoucher(c.Context(), c.db, id)
	if err != nil {
		c.Fatal(err)
	}
	h := c.history(id)
	slices.Reverse(h)
	state, version, alarms := "", int64(0), 0
	for i, e := range h {
		if e.Seq != int64(i+1) || e.From != state {
			c.Fatalf("%s: entry %d does not follow %q: %+v", id, i, state, e)
		}
		switch {
		case e.Kind == process.KindOverdue && e.Name == "decide":
			alarms++
		case e.Name == "assign":
			version += 2 // the step and its effect
		case e.Kind != process.KindOverdue:
			version++
		}
		want := version
		if e.Name == "assign" {
			want-- // the effect came after the entry
		}
		if e.ObjectVersion != want {
			c.Fatalf("%s: entry %d has version %d, want %d", id, i, e.ObjectVersion, want)
		}
		state = e.To
	}
	if state != v.state || version != v.version || len(h) < 5 || alarms != 1 {
		c.Errorf("%s: history ends in %s %d, row %+v, %d alarms", id, state, version, v, alarms)
	}
}

// Deadlines only ever lie in the future of the moment that set them.
func TestDeadlinesLieAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		rng := rand.New(rand.NewPCG(9, 9))
		for n := range 20 {
			id := fmt.Sprint("v", n)
			c.clock.Set(day(t, "2026-09-01 00:00").Add(time.Duration(rng.IntN(60*24*60)) * time.Minute))
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
			c.clock.Advance(time.Duration(rng.IntN(3*24*60)) * time.Minute)
			c.must(officer, id, "ask", process.Input{Reason: "r"})
			c.clock.Advance(time.Duration(rng.IntN(9*24*60)) * time.Minute)
			c.must(applicant, id, "supply", process.Input{Files: []string{"f"}})
			if r := c.running(id)["decide"]; r.DueUs <= clock.Us(c.clock.Now()) {
				t.Errorf("%s goes on at %s and was due %s", id, c.clock.Now(), shown(r.DueUs))
			}
		}
	})
}
