// Package processtest proves a life cycle by trying everything: every state × step × role, on real
// databases, against a golden file that a reviewer can read.
//
//	func TestProcess(t *testing.T) {
//		processtest.Exhaust(t, need.Process, processtest.Setup[need.Need]{…})
//	}
//
// The golden file is testdata/<name>.matrix; go test -update-matrix writes it anew. A change of who
// may do what shows as a changed line of it.
package processtest

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The name leaves -update to the tests of the package under test.
var update = flag.Bool("update-matrix", false, "write the golden matrices of processes anew")

// Setup says how to try a process.
type Setup[T any] struct {
	// Prepare stores what objects refer to. It may be nil.
	Prepare func(t *testing.T, u *unit.Unit)

	// Actors are tried in this order. Every role that none of them has is tried too, by somebody
	// without an organisation or region.
	Actors []Actor

	// Cases are the sorts of objects to try: one that satisfies every guard, one that does not.
	Cases []Case

	// Input is what a careful person hands in with a step.
	Input func(step string, x T) process.Input
}

// Actor is a named actor, one column of the matrix.
type Actor struct {
	Name string
	By   authz.Actor
}

// Case is a sort of objects: a way to store one that stands in the given state. It does not tell
// the process.
type Case struct {
	Name   string
	Create func(ctx context.Context, tx *unit.Tx, state string) (id string, err error)
}

// Exhaust tries everything and fails t where the outcome is not what the golden file says, or
// where one of these does not hold: Available offers exactly the steps that Fire takes; what a
// step needs is asked for; an old version is refused, by Fire and by the statement Move alone;
// every step can be taken by somebody.
func Exhaust[T any](t *testing.T, p *process.Process[T], s Setup[T]) {
	t.Helper()
	golden := filepath.Join("testdata", p.Name()+".matrix")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := &runner[T]{T: t, unit: dbtest.Unit(t, d), p: p, setup: s, taken: map[string]bool{}}
		if s.Prepare != nil {
			s.Prepare(t, r.unit)
		}
		got := r.matrix()
		for _, step := range p.Def().Steps {
			if !r.taken[step.Name] {
				t.Errorf("step %s was never taken: add a case or an actor that can", step.Name)
			}
		}
		if *update && d.Dialect() == db.SQLite {
			write(t, golden, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatalf("%v (run go test -update-matrix)", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is not what happens (-golden +now); go test -update-matrix:\n%s", golden, diff)
		}
	})
}

func write(t *testing.T, golden, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runner tries one process on one database.
type runner[T any] struct {
	*testing.T
	unit  *unit.Unit
	p     *process.Process[T]
	setup Setup[T]
	taken map[string]bool
}

// actors are those of the setup and one for every role they leave out.
func (r *runner[T]) actors() []Actor {
	all := slices.Clone(r.setup.Actors)
	for _, role := range authz.Roles() {
		if !slices.ContainsFunc(all, func(a Actor) bool { return a.By.EffectiveRole() == role }) {
			by := authz.Actor{Account: "acc-" + string(role), Role: role, Via: authz.ViaSession}
			if role == authz.Public {
				by.Account = ""
			}
			all = append(all, Actor{Name: string(role), By: by})
		}
	}
	return all
}

// errUndo rolls every try back, so that none sees another.
var errUndo = errors.New("undo the try")

// try stores an object in a state and lets f use it, then undoes all of it. It returns f's error.
func (r *runner[T]) try(
	by authz.Actor, c Case, state string, f func(tx *unit.Tx, x T) error,
) error {
	r.Helper()
	var outcome error
	err := r.unit.Write(r.Context(), by, "try", func(tx *unit.Tx) error {
		id, err := c.Create(r.Context(), tx, state)
		if err != nil {
			return err
		}
		if err := r.p.Adopt(r.Context(), tx, id, "processtest"); err != nil {
			return err
		}
		x, err := r.p.Def().Store.Load(r.Context(), tx, id)
		if err != nil {
			return err
		}
		outcome = f(tx, x)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		r.Fatalf("case %s in state %s: %v", c.Name, state, err)
	}
	return outcome
}

// result is what came of a step: the state it led to, or why it was refused.
type result struct {
	to  string
	err error
}

// fireAll tries every step in a state as one actor. A refusal that changed nothing lets the next
// step try the same object; whatever changed it is undone first.
func (r *runner[T]) fireAll(by authz.Actor, c Case, state string) map[string]result {
	r.Helper()
	def := r.p.Def()
	out := map[string]result{}
	for next := 0; next < len(def.Steps); {
		err := r.try(by, c, state, func(tx *unit.Tx, x T) error {
			at := def.Store.At(x)
			for fresh := tx.Changed(); next < len(def.Steps) && tx.Changed() == fresh; next++ {
				step := def.Steps[next].Name
				in := r.setup.Input(step, x)
				y, err := r.p.Fire(r.Context(), tx, at.ID, at.Version, step, in)
				if err != nil {
					out[step] = result{err: err}
				} else {
					out[step] = result{to: def.Store.At(y).State}
				}
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
	}
	return out
}

// agrees asserts that Available offers what Fire does, with the same fault where it refuses.
func (r *runner[T]) agrees(by Actor, c Case, state string, fired map[string]result) {
	r.Helper()
	err := r.try(by.By, c, state, func(tx *unit.Tx, x T) error {
		offers, err := r.p.Available(r.Context(), tx, by.By, x)
		if err != nil {
			return err
		}
		for _, s := range r.p.Def().Steps {
			i := slices.IndexFunc(offers, func(o process.Offer) bool { return o.Step == s.Name })
			offered := i >= 0
			if offered != slices.Contains(s.From, state) {
				r.Errorf("%s in %s: step %s offered: %v", c.Name, state, s.Name, offered)
				continue
			}
			if offered && offers[i].Allowed != (fired[s.Name].err == nil) {
				r.Errorf("%s in %s: %s is offered %s: %v, but firing it gives %v", c.Name, state,
					by.Name, s.Name, offers[i].Allowed, fired[s.Name].err)
			}
		}
		return nil
	})
	if err != nil {
		r.Fatalf("%s in %s: what is available to %s: %v", c.Name, state, by.Name, err)
	}
}

// guarded asserts what must refuse a step that somebody may take.
func (r *runner[T]) guarded(by Actor, c Case, state string, s process.Step[T]) {
	r.Helper()
	err := r.try(by.By, c, state, func(tx *unit.Tx, x T) error {
		def, ctx := r.p.Def(), r.Context()
		at := def.Store.At(x)
		in := r.setup.Input(s.Name, x)
		if s.Needs != 0 {
			bare := process.Input{Data: in.Data}
			_, err := r.p.Fire(ctx, tx, at.ID, at.Version, s.Name, bare)
			if !fault.Is(err, fault.Invalid) {
				r.Errorf("%s without what it needs: %v", s.Name, err)
			}
		}
		_, err := r.p.Fire(ctx, tx, at.ID, at.Version-1, s.Name, in)
		if !fault.Is(err, fault.Conflict) {
			r.Errorf("%s on an old version: %v", s.Name, err)
		}
		to := s.To
		if to == process.Stay {
			to = state
		}
		for _, wrong := range []process.Position{
			{ID: at.ID, State: state, Version: at.Version - 1},
			{ID: at.ID, State: state + "x", Version: at.Version},
			{ID: at.ID + "x", State: state, Version: at.Version},
		} {
			err := db.ExecOne(ctx, tx.Tx, def.Store.Move, to, tx.NowUs(), wrong.ID, wrong.State,
				wrong.Version)
			if !fault.Is(err, fault.Conflict) {
				r.Errorf("Move of %+v from %+v: %v", wrong, at, err)
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}
