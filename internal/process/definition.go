package process

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Def states a life cycle. Titles are Chinese, keys of package i18n.
type Def[T any] struct {
	Name    string // "need": names the process in its tables, its golden file and its page
	Title   string // "技术需求"
	Source  string // the rule it follows, for its page: "科技部…办法 第十二条"; may be ""
	Policy  *authz.Policy[T]
	Store   Store[T]
	States  []State
	Steps   []Step[T]
	Clocks  []Clock[T]
	Endless bool // it has no end on purpose, such as 启用 ⇄ 停用
}

// Store says where the objects are.
type Store[T any] struct {
	// Load reads one object with all that guards look at. No such object is NotFound.
	Load func(ctx context.Context, q db.Q, id string) (T, error)

	// At tells the id, the state and the version of a loaded object.
	At func(T) Position

	// Move sets state = $1, version = version + 1 and the time of change = $2 (microseconds)
	// where id = $3, state = $4 and version = $5. processtest proves that it checks all three.
	Move *db.Statement

	// Files refuses file ids that do not exist or that the actor may not attach. It is needed when
	// a step needs files; without it, a step takes none.
	Files func(ctx context.Context, tx *unit.Tx, x T, ids []string) error
}

// Position is where an object stands.
type Position struct {
	ID      string
	State   string
	Version int64
}

// State is one station of a life cycle.
type State struct {
	Name    string
	Title   string
	Initial bool // an object may begin here
	Final   bool // the end: no step leads out
}

// Needs says what a person must hand in with a step.
type Needs uint8

// What a step may need.
const (
	Reason Needs = 1 << iota // 理由: a text that goes into the history
	Files                    // 材料: at least one file
)

// Stay as the To of a step leaves the object in its state: 转办, 延期, 催办.
const Stay = "(stay)"

// Step is one way to move.
type Step[T any] struct {
	Name  string
	Title string
	From  []string
	To    string
	May   authz.Action
	Needs Needs

	// Rule says in words what Guard and Check ask for, for the page of the process. A step with
	// either has one.
	Rule string

	// Guard says why x cannot take the step now, whatever is handed in. It is pure: Load has
	// brought all that it looks at. Available shows its fault beside the button.
	Guard func(x T) error

	// Check refuses wrong input; its faults name the fields. It is pure.
	Check func(x T, in Input) error

	// Do is what the step does besides moving: it sees x as moved, in the same transaction.
	Do func(ctx context.Context, tx *unit.Tx, x T, in Input) error

	// Extends gives a running clock more time (延期). The clock must run in every state of From.
	Extends *Extension
}

// Extension is time added to a clock, in the clock's own unit.
type Extension struct {
	Clock string
	By    Limit
}

// Clock is a time limit (时限) on the way through some states.
type Clock[T any] struct {
	Name   string
	Title  string
	In     []string // it starts on entering one of these and runs in all of them
	Paused []string // it stands still in these: waiting for the applicant is not the office's time
	Limit  Limit

	// Varies gives the limit of one object where it is not the same for all, as in 数字城管, in
	// the unit of Limit. nil means Limit. A clock with a Named deadline asks at every step: an
	// object that names another one moves it.
	Varies func(T) Limit

	// Owner is who must act in time; Escalate is who answers once it is late.
	Owner    func(T) Owner
	Escalate func(T) Owner

	// LastResort is the owner when Owner or Escalate names nobody, so that somebody always is.
	LastResort Owner
}

// Owner is a person, or a role of an organisation or a region when no person is known yet.
type Owner struct {
	Account string     `json:"account,omitempty"`
	Role    authz.Role `json:"role,omitempty"`
	Org     string     `json:"org,omitempty"`
	Region  string     `json:"region,omitempty"`
}

// Named says whether o names anybody.
func (o Owner) Named() bool { return o.Account != "" || o.Role.Valid() }

// Process is a checked life cycle. It is immutable and safe for concurrent use.
//
// All it does is done by a machine. It is not embedded: the compiler would write a twin of each of its methods for
// each type of object, in each package that uses one.
type Process[T any] struct {
	all *machine
	def Def[T]
}

// Described is a process whatever the type of its objects, for lists of all processes.
type Described interface {
	Name() string
	Title() string
	Markdown() string
	Escalate(ctx context.Context, u *unit.Unit, by authz.Actor) (int, error)
}

// New checks a definition and returns the life cycle, or an error that lists all it found wrong.
func New[T any](d Def[T]) (*Process[T], error) {
	u := d.untyped()
	if err := u.check(); err != nil {
		return nil, fmt.Errorf("process %s: %w", d.Name, err)
	}
	times := Times{Calendar: clock.Published(), Service: OfficeHours()}
	return &Process[T]{all: &machine{def: u, times: times}, def: d}, nil
}

// MustNew is New for package variables: a wrong definition stops the program at its start.
func MustNew[T any](d Def[T]) *Process[T] {
	p, err := New(d)
	if err != nil {
		panic(err)
	}
	return p
}

// With returns the life cycle counting its limits with another calendar and hours of service than
// the shipped ones. Services call it once when they are put together; a calendar that is imported
// into while the program runs is one Calendar that answers for the latest.
func (p *Process[T]) With(t Times) (*Process[T], error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("process %s: %w", p.def.Name, err)
	}
	return &Process[T]{all: &machine{def: p.all.def, times: t}, def: p.def}, nil
}

// Def returns the definition. Its slices are shared and must not be changed.
func (p *Process[T]) Def() Def[T] { return p.def }

// Name returns the name of the process.
func (p *Process[T]) Name() string { return p.def.Name }

// Title returns the Chinese title, a key of package i18n.
func (p *Process[T]) Title() string { return p.def.Title }

// Markdown writes the page of the process: the diagram, the steps and the time limits, in Chinese
// and in English, from the definition alone.
func (p *Process[T]) Markdown() string { return p.all.markdown() }

// Start begins the life of an object that was just stored in an initial state. The use case that
// stores it calls Start in the same transaction and audits the creation itself.
func (p *Process[T]) Start(ctx context.Context, tx *unit.Tx, id string) error {
	return p.all.enter(ctx, tx, id, KindStart, "")
}

// Adopt takes in an object that is already on its way: a record imported from an older system. Its
// clocks start now; the reason says where it comes from.
func (p *Process[T]) Adopt(ctx context.Context, tx *unit.Tx, id, reason string) error {
	return p.all.adopt(ctx, tx, id, reason)
}

// StartMany is Start for objects that were just stored, as they were stored, in few round trips.
func (p *Process[T]) StartMany(ctx context.Context, tx *unit.Tx, list []T) error {
	return p.all.startMany(ctx, tx, boxed(list))
}

// AdoptMany is Adopt for objects that were just stored, as they were stored, in few round trips.
func (p *Process[T]) AdoptMany(ctx context.Context, tx *unit.Tx, list []T, reason string) error {
	return p.all.adoptMany(ctx, tx, boxed(list), reason)
}

// Fire takes one step with the object as the actor of tx, who saw it at the given version. It
// returns the object as it is afterwards, and these faults: NotFound for an unknown step or
// object, Forbidden, Conflict when the state does not allow the step or somebody was faster,
// Invalid at the fields "reason" and "files" or where Check says, and whatever Guard says.
//
// Permission comes before the state, so that nobody learns from an error how far a thing is that
// they have no part in.
func (p *Process[T]) Fire(
	ctx context.Context, tx *unit.Tx, id string, version int64, step string, in Input,
) (T, error) {
	x, err := p.all.fire(ctx, tx, id, version, step, in)
	if err != nil {
		var none T
		return none, err
	}
	return x.(T), nil
}

// Available returns the steps that lead on from where x stands, in the order of the definition.
// A guard is asked only on behalf of somebody who may take the step: what is wrong with an object
// is not for everybody.
func (p *Process[T]) Available(ctx context.Context, q db.Q, by authz.Actor, x T) ([]Offer, error) {
	return p.all.available(ctx, q, by, x)
}

// Running returns the clocks of an object that have not ended.
func (p *Process[T]) Running(ctx context.Context, q db.Q, id string) ([]Run, error) {
	return p.all.running(ctx, q, id)
}

// Escalate hands every overdue clock of the process up to who answers for it, once: it changes
// the owner, writes the history and the audit trail, and emits an OverdueEvent. It returns how
// many it handed up; one that fails does not hold up the others.
func (p *Process[T]) Escalate(ctx context.Context, u *unit.Unit, by authz.Actor) (int, error) {
	return p.all.escalateAll(ctx, u, by)
}
