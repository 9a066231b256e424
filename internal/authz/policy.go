package authz

import (
	"errors"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// ErrUnknownAction is the cause of a refusal when no policy row names the action: a mistake in
// the program, not of the actor. authztest.Declared finds such actions before they run.
var ErrUnknownAction = errors.New("authz: action not declared by the policy")

// Verb declares one action of a policy. Its name is the object's name, a dot and one word.
type Verb struct {
	Action Action
	Title  string // Chinese, "查看"; a key of package i18n
	Work   Work   // whose work it is; the zero value is the city's business
}

// Removal takes actions away, for every role, from an actor who stands in the relation: a
// reviewer with a conflict of interest (利益冲突回避), an administrator facing the own account.
type Removal struct {
	Relation Relation
	Actions  []Action
}

// Rules is what a module states about one kind of object.
type Rules[T any] struct {
	Title    string // Chinese name of the object, "组织"; a key of package i18n
	Blind    bool   // who may not read an object must not learn that it exists: NotFound
	Verbs    []Verb
	Ties     []Tie[T]
	Grants   []Grant
	Removals []Removal
}

// Policy answers for one kind of object. It is immutable and safe for concurrent use.
//
// All it does is done by an Untyped. It is not embedded: the compiler would write a twin of each of its methods for
// each type of object, in each package that uses one.
type Policy[T any] struct {
	all   *Untyped
	holds []func(by Actor, x T) bool // Holds of the relations, by the number of their tie
}

// Untyped is a policy that has forgotten the type of its objects.
type Untyped struct {
	object, name string // "party.org", 组织
	blind        bool
	verbs        []Verb
	acts         map[Action]*ruling
}

// ruling is everything the rules say about one action.
type ruling struct {
	verb    Verb
	granted map[Role][]tie
	removed []tie
}

// tie is a Tie whose object is a T in an any.
type tie struct {
	Name  Relation
	Title string
	Holds func(by Actor, x any) bool
	Where func(by Actor) db.Where
	n     int // its place in the rules
}

// untyped lets a tie be asked with any; a part that is missing stays missing.
func (t Tie[T]) untyped(n int) tie {
	u := tie{Name: t.Name, Title: t.Title, Where: t.Where, n: n}
	if t.Holds != nil {
		u.Holds = func(by Actor, x any) bool { return t.Holds(by, x.(T)) }
	}
	return u
}

// NewPolicy compiles the rules of one kind of object ("party.org"). It panics on rules that
// contradict themselves or break the separation of the administrators, so that a program with a
// wrong policy does not start.
func NewPolicy[T any](object string, r Rules[T]) *Policy[T] {
	p, err := compile(object, r)
	if err != nil {
		panic(fmt.Sprintf("authz: policy %s: %v", object, err))
	}
	return p
}

func compile[T any](object string, r Rules[T]) (*Policy[T], error) {
	ties, holds := make([]tie, len(r.Ties)), make([]func(Actor, T) bool, len(r.Ties))
	for i, t := range r.Ties {
		ties[i], holds[i] = t.untyped(i), t.Holds
	}
	// the caller may reuse its own
	u := &Untyped{object: object, name: r.Title, blind: r.Blind, verbs: slices.Clone(r.Verbs)}
	return &Policy[T]{u, holds}, u.compile(ties, r.Grants, r.Removals)
}

// May says whether the actor may do the action on the object. It returns nil, or a Forbidden
// fault that names what is missing, or NotFound when the policy is blind and the actor may not
// read the object.
func (p *Policy[T]) May(by Actor, act Action, on T) error {
	return p.all.may(by, act, func(t *tie) bool { return p.holds[t.n](by, on) })
}

// MaySee says whether the actor may see the field the action guards (脱敏), in the way May does:
// "party.person.unmask" for identity numbers and phones.
//
// Lists ask it for each of thousands of rows: on is not put into an any, which would copy it to the heap.
func (p *Policy[T]) MaySee(by Actor, act Action, on T) bool {
	return p.all.allows(by, act, func(t *tie) bool { return p.holds[t.n](by, on) })
}

// Mask returns the value of a field for an actor who may see it, otherwise what hide leaves of
// it: id.MaskPhone, id.MaskResident. Pages, lists and exports all take it.
func (p *Policy[T]) Mask(by Actor, act Action, on T, value string, hide func(string) string) string {
	if p.MaySee(by, act, on) {
		return value
	}
	return hide(value)
}

// Untyped returns the policy for objects in an any, which must be of its type.
func (p *Policy[T]) Untyped() *Untyped { return p.all }

// Object returns the name of the kind of object.
func (p *Policy[T]) Object() string { return p.all.Object() }

// Actions returns the declared actions in order.
func (p *Policy[T]) Actions() []Action { return p.all.Actions() }

// Scope returns the condition for the rows on which May allows the action. Lists, counts, search,
// exports and notices all take it. An unknown action has no rows.
func (p *Policy[T]) Scope(by Actor, act Action) db.Where { return p.all.Scope(by, act) }

// Relations returns what Scope is made of: the relations of which one must hold for the action, and
// those of which none may. A list that is not asked from SQL is narrowed by them. Without granted
// ones there is nothing.
func (p *Policy[T]) Relations(by Actor, act Action) (granted, removed []Relation) {
	return p.all.Relations(by, act)
}

// Could says whether there may be objects on which the actor may do the action: enough to show a
// menu entry or a "new" button, never enough to do the action.
func (p *Policy[T]) Could(by Actor, act Action) bool { return p.all.Could(by, act) }

// RolesFor returns the roles that have the action on at least some objects, in menu order.
func (p *Policy[T]) RolesFor(act Action) []Role { return p.all.RolesFor(act) }

func (p *Policy[T]) title() string { return p.all.name }

func (p *Policy[T]) rows() []row { return p.all.rows() }

// Object returns the name of the kind of object.
func (p *Untyped) Object() string { return p.object }

// Actions returns the declared actions in order.
func (p *Untyped) Actions() []Action {
	out := make([]Action, len(p.verbs))
	for i, v := range p.verbs {
		out[i] = v.Action
	}
	return out
}

// May is May of the Policy; on is of its type.
func (p *Untyped) May(by Actor, act Action, on any) error {
	return p.may(by, act, func(t *tie) bool { return t.Holds(by, on) })
}

// may is May; holds says whether the actor stands in a relation to the object.
func (p *Untyped) may(by Actor, act Action, holds func(*tie) bool) error {
	if p.allows(by, act, holds) {
		return nil
	}
	if p.blind && !p.allows(by, p.readAction(), holds) {
		return fault.New(fault.NotFound, "没有找到这条记录") // as db.Get says it
	}
	return p.refusal(by, act, holds)
}

// Scope returns the condition for the rows on which May allows the action. Lists, counts, search,
// exports and notices all take it. An unknown action has no rows.
func (p *Untyped) Scope(by Actor, act Action) db.Where {
	a, known := p.acts[act]
	if !known || !by.inScope(act) {
		return db.Nothing()
	}
	var ways []db.Where
	for _, t := range a.granted[by.EffectiveRole()] {
		ways = append(ways, t.Where(by))
	}
	if len(ways) == 0 {
		return db.Nothing()
	}
	w := db.Or(ways...)
	for _, t := range a.removed {
		w = w.AndAll(db.Not(t.Where(by)))
	}
	return w
}

// Relations returns what Scope is made of: the relations of which one must hold for the action, and
// those of which none may. A list that is not asked from SQL is narrowed by them. Without granted
// ones there is nothing.
func (p *Untyped) Relations(by Actor, act Action) (granted, removed []Relation) {
	a, known := p.acts[act]
	if !known || !by.inScope(act) {
		return nil, nil
	}
	for _, t := range a.granted[by.EffectiveRole()] {
		granted = append(granted, t.Name)
	}
	for _, t := range a.removed {
		removed = append(removed, t.Name)
	}
	return granted, removed
}

// Could says whether there may be objects on which the actor may do the action: enough to show a
// menu entry or a "new" button, never enough to do the action.
func (p *Untyped) Could(by Actor, act Action) bool {
	a, known := p.acts[act]
	return known && by.inScope(act) && len(a.granted[by.EffectiveRole()]) > 0
}

// RolesFor returns the roles that have the action on at least some objects, in menu order.
func (p *Untyped) RolesFor(act Action) []Role {
	a, known := p.acts[act]
	if !known {
		return nil
	}
	return slices.DeleteFunc(Roles(), func(r Role) bool { return len(a.granted[r]) == 0 })
}

func (p *Untyped) readAction() Action { return Action(p.object + ".read") }

// allows is May without words.
func (p *Untyped) allows(by Actor, act Action, holds func(*tie) bool) bool {
	a, known := p.acts[act]
	if !known || !by.inScope(act) {
		return false
	}
	if _, removed := first(a.removed, holds); removed {
		return false
	}
	_, granted := first(a.granted[by.EffectiveRole()], holds)
	return granted
}

// refusal says in words what an actor lacks, most specific reason first.
func (p *Untyped) refusal(by Actor, act Action, holds func(*tie) bool) error {
	a, known := p.acts[act]
	if !known {
		return fault.New(fault.Forbidden, "不允许此操作").Wrap(
			fmt.Errorf("%w: %s", ErrUnknownAction, act))
	}
	if !by.inScope(act) {
		return fault.New(fault.Forbidden, "此令牌的权限范围不包含「%s」", i18n.Key(a.verb.Title))
	}
	ties := a.granted[by.EffectiveRole()]
	if len(ties) == 0 {
		return needsRole(p.RolesFor(act))
	}
	if _, granted := first(ties, holds); !granted {
		return needsTie(ties)
	}
	t, _ := first(a.removed, holds)
	return fault.New(fault.Forbidden, "因「%s」须回避，不能进行此操作", i18n.Key(t.Title))
}

func needsRole(roles []Role) error {
	keys := make([]any, len(roles))
	for i, r := range roles {
		keys[i] = i18n.Key(r.Title())
	}
	switch len(keys) {
	case 1:
		return fault.New(fault.Forbidden, "此操作需要「%s」角色", keys...)
	case 2:
		return fault.New(fault.Forbidden, "此操作需要「%s」或「%s」角色", keys...)
	case 3:
		return fault.New(fault.Forbidden, "此操作需要「%s」、「%s」或「%s」角色", keys...)
	default:
		return fault.New(fault.Forbidden, "此操作需要「%s」、「%s」、「%s」等角色", keys[:3]...)
	}
}

func needsTie(ties []tie) error {
	if len(ties) == 1 {
		return fault.New(fault.Forbidden, "您的角色此操作仅限「%s」", i18n.Key(ties[0].Title))
	}
	return fault.New(fault.Forbidden, "您的角色此操作仅限「%s」或「%s」等",
		i18n.Key(ties[0].Title), i18n.Key(ties[1].Title))
}

// first returns the first relation in which the actor stands to the object.
func first(ties []tie, holds func(*tie) bool) (tie, bool) {
	for i := range ties {
		if holds(&ties[i]) {
			return ties[i], true
		}
	}
	return tie{}, false
}

// Allow spells out grants: each role gets each action in the relation.
func Allow(rel Relation, roles []Role, actions ...Action) []Grant {
	var out []Grant
	for _, r := range roles {
		for _, a := range actions {
			out = append(out, Grant{Role: r, Action: a, Relation: rel})
		}
	}
	return out
}
