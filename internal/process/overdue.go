package process

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// OverdueEvent is the kind of the event that tells of an overdue clock; its data is an Alarm.
const OverdueEvent = "process.overdue.v1"

// Alarm is the data of an OverdueEvent.
type Alarm struct {
	Process string   `json:"process"`
	Object  string   `json:"object"`
	Clock   string   `json:"clock"`
	Handed  Handover `json:"handed"`
}

// batch is how many clocks are read at once by sweeps.
const batch = 200

var byDue = db.Order{Name: "due", Cols: []db.Col{db.IntCol("due_us"), db.TextCol("process"),
	db.TextCol("object_id"), db.TextCol("name")}}

var selectRuns = db.Select(runColumns, "process_clock", byDue)

var (
	qHeadLock = db.Stmt(`UPDATE process_head SET version = version + 1
		WHERE process = $1 AND object_id = $2 RETURNING version`)
	qHeadState = db.Stmt(`SELECT state FROM process_head WHERE process = $1 AND object_id = $2`)
)

// Overdue returns the clocks of all processes that run and are past their time at now, the longest
// overdue first. With a later time than the present it returns what falls due until then, too. w
// narrows the list, see OwnedBy.
func Overdue(
	ctx context.Context, q db.Q, now time.Time, w db.Where, page db.PageReq,
) (db.Page[Run], error) {
	w = w.And("ended_us = 0 AND paused_us = 0 AND due_us < $1", clock.Us(now))
	return db.List(ctx, q, selectRuns, w, byDue, page, scanRun)
}

// LateObjects selects the objects of the process $1 with a clock that runs and was due before $2,
// for the lists of rooms: "claim.id IN (" + process.LateObjects + ")".
const LateObjects = `SELECT object_id FROM process_clock
	WHERE process = $1 AND ended_us = 0 AND paused_us = 0 AND due_us < $2`

// OwnedBy is the condition for clocks that the actor answers for: by name, or by role where nobody
// is named and the organisation and region are the actor's.
func OwnedBy(by authz.Actor) db.Where {
	mine := db.Nothing()
	if by.Account != "" {
		mine = db.Where{}.And("owner_account = $1", by.Account)
	}
	if by.Role == "" {
		return mine
	}
	roles := db.Where{}.And("owner_account = '' AND owner_role = $1", string(by.Role)).
		And("owner_org = '' OR owner_org = $1", by.Org)
	from, before, ok := authz.RegionRange(by.Region)
	if ok {
		roles = roles.And("owner_region = '' OR owner_region >= $1 AND owner_region < $2", from, before)
	} else {
		roles = roles.And("owner_region = ''")
	}
	return db.Or(mine, roles)
}

// Sweep escalates what is overdue in all processes. A job calls it every few minutes. It returns
// how many clocks it handed up; a process that fails does not hold up the others.
func Sweep(ctx context.Context, u *unit.Unit, by authz.Actor, ps []Described) (int, error) {
	sum := 0
	var failed []error
	for _, p := range ps {
		n, err := p.Escalate(ctx, u, by)
		sum += n
		failed = append(failed, err)
	}
	return sum, errors.Join(failed...)
}

func (p *machine) escalateAll(ctx context.Context, u *unit.Unit, by authz.Actor) (int, error) {
	done := 0
	var failed []error
	w := db.Where{}.And("process = $1 AND escalated_us = 0", p.def.Name)
	page := db.PageReq{Limit: batch}
	for {
		runs, err := Overdue(ctx, u.DB(), u.Clock().Now(), w, page)
		if err != nil {
			return done, errors.Join(append(failed, err)...)
		}
		for _, r := range runs.Items {
			err := u.Write(ctx, by, "process.escalate", func(tx *unit.Tx) error {
				return p.escalate(ctx, tx, r)
			})
			switch {
			case err == nil:
				done++
			case !errors.Is(err, errSettled):
				failed = append(failed, fmt.Errorf("escalate %s of %s %s: %w", r.Clock, r.Process,
					r.Object, err))
			}
		}
		if runs.Next == "" || ctx.Err() != nil {
			return done, errors.Join(failed...)
		}
		page.After = runs.Next
	}
}

// errSettled undoes an escalation that is no longer called for: the step was taken meanwhile.
var errSettled = errors.New("clock was settled meanwhile")

// escalate hands up one clock. It takes the head first, so that no step of the object is under
// way, and then looks again.
func (p *machine) escalate(ctx context.Context, tx *unit.Tx, seen Run) error {
	seq, found, err := db.Find(ctx, tx, qHeadLock, db.One[int64], p.def.Name, seen.Object)
	if err != nil || !found {
		return errors.Join(err, orphan(found))
	}
	open, err := db.All(ctx, tx, qRunsOpen, scanRun, p.def.Name, seen.Object)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(r Run) bool {
		return r.Clock == seen.Clock && r.PausedUs == 0 && r.EscalatedUs == 0 &&
			r.overdue(tx.NowUs())
	})
	if i < 0 {
		return errSettled
	}
	r := &open[i]
	to, version, err := p.chiefOf(ctx, tx, r)
	if err != nil {
		return err
	}
	h := Handover{DueUs: r.DueUs, From: r.Owner, To: to}
	r.Owner, r.EscalatedUs = to, tx.NowUs()
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	state, err := db.Get(ctx, tx, qHeadState, db.One[string], p.def.Name, r.Object)
	if err != nil {
		return err
	}
	e := p.entry(tx, KindOverdue, Position{ID: r.Object, Version: version}, seq)
	e.Name, e.From, e.To, e.Handed = r.Clock, state, state, &h
	if err := e.save(ctx, tx); err != nil {
		return err
	}
	alarm := Alarm{Process: p.def.Name, Object: r.Object, Clock: r.Clock, Handed: h}
	tx.Audit(audit.Entry{Kind: p.def.Policy.Object(), Object: r.Object, What: "overdue",
		Detail: alarm})
	tx.Emit(outbox.Event{Kind: OverdueEvent, Object: r.Object, Data: alarm})
	return nil
}

func orphan(found bool) error {
	if found {
		return nil
	}
	return errors.New("the object has a clock but no head")
}

// chiefOf says who answers for a late clock. An object that is gone leaves the last resort.
func (p *machine) chiefOf(
	ctx context.Context, tx *unit.Tx, r *Run,
) (Owner, int64, error) {
	c, known := p.clock(r.Clock)
	if !known {
		return r.Owner, 0, nil // it left the definition; who had it keeps it
	}
	x, err := p.def.Store.Load(ctx, tx, r.Object)
	if fault.Is(err, fault.NotFound) {
		return c.LastResort, 0, nil
	}
	if err != nil {
		return Owner{}, 0, err
	}
	return c.chief(x), p.def.Store.At(x).Version, nil
}
