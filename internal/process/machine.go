package process

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// machine is a life cycle that has forgotten the type of its objects. Process only gives it back: so all that a
// life cycle does is translated once, not once for each type of object in each package that uses one.
type machine struct {
	def   def
	times Times
}

// def, store, step and timer are Def, Store, Step and Clock for objects in an any. What a definition leaves
// out is nil here, too.
type def struct {
	Name, Title, Source string
	Policy              *authz.Untyped
	Store               store
	States              []State
	Steps               []step
	Clocks              []timer
	Endless             bool
}

type store struct {
	Load  func(ctx context.Context, q db.Q, id string) (any, error)
	At    func(x any) Position
	Move  *db.Statement
	Files func(ctx context.Context, tx *unit.Tx, x any, ids []string) error
}

type step struct {
	Name, Title string
	From        []string
	To          string
	May         authz.Action
	Needs       Needs
	Rule        string
	Guard       func(x any) error
	Check       func(x any, in Input) error
	Do          func(ctx context.Context, tx *unit.Tx, x any, in Input) error
	Extends     *Extension
}

type timer struct {
	Name, Title     string
	In, Paused      []string
	Limit           Limit
	Varies          func(x any) Limit
	Owner, Escalate func(x any) Owner
	LastResort      Owner
}

func (d Def[T]) untyped() def {
	u := def{Name: d.Name, Title: d.Title, Source: d.Source, States: d.States, Endless: d.Endless,
		Store: d.Store.untyped(), Steps: make([]step, len(d.Steps)), Clocks: make([]timer, len(d.Clocks))}
	if d.Policy != nil {
		u.Policy = d.Policy.Untyped()
	}
	for i, s := range d.Steps {
		u.Steps[i] = s.untyped()
	}
	for i, c := range d.Clocks {
		u.Clocks[i] = timer{Name: c.Name, Title: c.Title, In: c.In, Paused: c.Paused, Limit: c.Limit,
			Varies: asked(c.Varies), Owner: asked(c.Owner), Escalate: asked(c.Escalate), LastResort: c.LastResort}
	}
	return u
}

func (s Store[T]) untyped() store {
	u := store{At: asked(s.At), Move: s.Move}
	if s.Load != nil {
		u.Load = func(ctx context.Context, q db.Q, id string) (any, error) { return s.Load(ctx, q, id) }
	}
	if s.Files != nil {
		u.Files = func(ctx context.Context, tx *unit.Tx, x any, ids []string) error {
			return s.Files(ctx, tx, x.(T), ids)
		}
	}
	return u
}

func (s Step[T]) untyped() step {
	u := step{Name: s.Name, Title: s.Title, From: s.From, To: s.To, May: s.May, Needs: s.Needs, Rule: s.Rule,
		Guard: asked(s.Guard), Extends: s.Extends}
	if s.Check != nil {
		u.Check = func(x any, in Input) error { return s.Check(x.(T), in) }
	}
	if s.Do != nil {
		u.Do = func(ctx context.Context, tx *unit.Tx, x any, in Input) error { return s.Do(ctx, tx, x.(T), in) }
	}
	return u
}

// asked lets a question about a T be asked of an any.
func asked[T, A any](ask func(T) A) func(any) A {
	if ask == nil {
		return nil
	}
	return func(x any) A { return ask(x.(T)) }
}

func boxed[T any](list []T) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}

func (p *machine) state(name string) (State, bool) {
	i := slices.IndexFunc(p.def.States, func(s State) bool { return s.Name == name })
	if i < 0 {
		return State{}, false
	}
	return p.def.States[i], true
}

func (p *machine) step(name string) (step, bool) {
	i := slices.IndexFunc(p.def.Steps, func(s step) bool { return s.Name == name })
	if i < 0 {
		return step{}, false
	}
	return p.def.Steps[i], true
}

func (p *machine) clock(name string) (timer, bool) {
	i := slices.IndexFunc(p.def.Clocks, func(c timer) bool { return c.Name == name })
	if i < 0 {
		return timer{}, false
	}
	return p.def.Clocks[i], true
}

// target is the state a step leads to from a state.
func (s step) target(from string) string {
	if s.To == Stay {
		return from
	}
	return s.To
}
