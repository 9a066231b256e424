package process

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Run is one run of a clock for one object. An object that comes back into the clock's states
// starts another run; runs that have ended are kept, for 按期办结率.
type Run struct {
	Process string
	Object  string
	Clock   string
	Number  int64 // seq of the history entry that started it
	Limit   Limit

	StartedUs int64
	DueUs     int64 // what it was when a paused clock stopped
	Exact     bool  // false while the deadline reaches into a year without a published calendar
	PausedUs  int64 // 0 = not paused
	EndedUs   int64 // 0 = open
	Late      bool  // overdue when it ended

	Owner       Owner // who answers for it now
	EscalatedUs int64 // 0 = not handed up

	sinceUs int64 // start of the present stretch
	used    int64 // units used up before it
	version int64
}

const runColumns = `process, object_id, name, run, unit, limit_n, closes_minute, started_us,
	since_us, used_n, due_us, exact, paused_us, ended_us, late, owner_account, owner_role,
	owner_org, owner_region, escalated_us, version`

var (
	qRunsOpen = db.Stmt(`SELECT ` + runColumns + ` FROM process_clock
		WHERE process = $1 AND object_id = $2 AND ended_us = 0 ORDER BY name`)
	qRunAdd = db.Stmt(`INSERT INTO process_clock (` + runColumns + `) VALUES ($1, $2, $3, $4, $5,
		$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1)`)
	qRunSet = db.Stmt(`UPDATE process_clock SET unit = $5, limit_n = $6, closes_minute = $7,
		started_us = $8, since_us = $9, used_n = $10, due_us = $11, exact = $12, paused_us = $13,
		ended_us = $14, late = $15, owner_account = $16, owner_role = $17, owner_org = $18,
		owner_region = $19, escalated_us = $20, version = version + 1
		WHERE process = $1 AND object_id = $2 AND name = $3 AND run = $4 AND version = $21`)
)

func scanRun(r db.Row) (Run, error) {
	var x Run
	err := r.Scan(&x.Process, &x.Object, &x.Clock, &x.Number, &x.Limit.Unit, &x.Limit.N,
		&x.Limit.Until, &x.StartedUs, &x.sinceUs, &x.used, &x.DueUs, &x.Exact, &x.PausedUs,
		&x.EndedUs, &x.Late, &x.Owner.Account, &x.Owner.Role, &x.Owner.Org, &x.Owner.Region,
		&x.EscalatedUs, &x.version)
	return x, err
}

func (r *Run) args() []any {
	return []any{r.Process, r.Object, r.Clock, r.Number, string(r.Limit.Unit), r.Limit.N,
		r.Limit.Until, r.StartedUs, r.sinceUs, r.used, r.DueUs, r.Exact, r.PausedUs, r.EndedUs,
		r.Late, r.Owner.Account, string(r.Owner.Role), r.Owner.Org, r.Owner.Region, r.EscalatedUs}
}

func (r *Run) save(ctx context.Context, tx *unit.Tx) error {
	return db.ExecOne(ctx, tx.Tx, qRunSet, append(r.args(), r.version)...)
}

// begin starts a stretch at now with what is left of the limit.
func (r *Run) begin(t Times, now time.Time) error {
	r.sinceUs, r.PausedUs = clock.Us(now), 0
	return r.count(t)
}

// count sets the deadline of the present stretch. A clock whose deadline moves out of the past is
// no longer one that was handed up.
func (r *Run) count(t Times) error {
	d, err := t.due(r.Limit, clock.Time(r.sinceUs), max(r.Limit.N-r.used, 0))
	if err != nil {
		return fmt.Errorf("count clock %s of %s %s: %w", r.Clock, r.Process, r.Object, err)
	}
	r.DueUs, r.Exact = clock.Us(d.at), d.exact
	return nil
}

// pause stops the stretch. The units after it do not count; that of the day itself does.
func (r *Run) pause(t Times, now time.Time) {
	n, exact := t.used(r.Limit, clock.Time(r.sinceUs), now)
	r.used += n
	r.Exact = r.Exact && exact
	r.PausedUs = clock.Us(now)
}

// resume goes on. Waiting cannot make up for being late: a clock that was overdue when it was
// paused is overdue when it goes on.
func (r *Run) resume(t Times, now time.Time) error {
	if r.overdue(r.PausedUs) {
		r.sinceUs, r.PausedUs = clock.Us(now), 0
		return nil
	}
	return r.begin(t, now)
}

func (r *Run) overdue(us int64) bool { return us > r.DueUs }

func (r *Run) end(nowUs int64) {
	r.EndedUs = nowUs
	r.Late = r.overdue(nowUs)
	if r.PausedUs != 0 {
		r.Late = r.overdue(r.PausedUs)
	}
}

// extend gives the running clock more time, up to the bounds of a limit.
func (r *Run) extend(t Times, by int64, nowUs int64) error {
	r.Limit.N += by
	if err := r.Limit.check(); err != nil {
		return fault.New(fault.Conflict, "时限不能再延长").Wrap(err)
	}
	if err := r.count(t); err != nil {
		return err
	}
	if !r.overdue(nowUs) {
		r.EscalatedUs = 0
	}
	return nil
}

// follow takes over the deadline that the object names now.
func (c timer) follow(t Times, r *Run, x any, nowUs int64) error {
	if r.Limit.Unit != Instant || c.Varies == nil {
		return nil
	}
	l := c.Varies(x)
	if l == r.Limit {
		return nil
	}
	if err := l.check(); err != nil || l.Unit != Instant {
		return fmt.Errorf("deadline of clock %s of %s %s is %v: %w", c.Name, r.Process, r.Object, l,
			errors.Join(err, errNoDeadline))
	}
	r.Limit = l
	if err := r.count(t); err != nil {
		return err
	}
	if !r.overdue(nowUs) {
		r.EscalatedUs = 0
	}
	return nil
}

var errNoDeadline = errors.New("the object names no deadline")

// tick brings the clocks of x to the state it has just moved to.
func (p *machine) tick(
	ctx context.Context, tx *unit.Tx, x any, seq int64, by *Extension,
) error {
	at := p.def.Store.At(x)
	open, err := db.All(ctx, tx, qRunsOpen, scanRun, p.def.Name, at.ID)
	if err != nil {
		return err
	}
	for i := range open {
		if _, known := p.clock(open[i].Clock); !known { // it left the definition
			open[i].end(tx.NowUs())
			if err := open[i].save(ctx, tx); err != nil {
				return err
			}
		}
	}
	for _, c := range p.def.Clocks {
		i := slices.IndexFunc(open, func(r Run) bool { return r.Clock == c.Name })
		if i < 0 {
			err = p.startRun(ctx, tx, c, x, seq)
		} else {
			err = p.moveRun(ctx, tx, c, x, &open[i], by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *machine) startRun(
	ctx context.Context, tx *unit.Tx, c timer, x any, seq int64,
) error {
	r, runs, err := p.newRun(tx, c, x, seq)
	if err != nil || !runs {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qRunAdd, r.args()...)
}

// newRun returns the run of a clock that starts now, if it runs in the state of x.
func (p *machine) newRun(tx *unit.Tx, c timer, x any, seq int64) (Run, bool, error) {
	at := p.def.Store.At(x)
	if !slices.Contains(c.In, at.State) {
		return Run{}, false, nil
	}
	r := Run{Process: p.def.Name, Object: at.ID, Clock: c.Name, Number: seq, Limit: c.Limit,
		StartedUs: tx.NowUs(), Owner: c.owner(x)}
	if c.Varies != nil {
		r.Limit = c.Varies(x)
		err := r.Limit.check()
		if err == nil && r.Limit.Unit != c.Limit.Unit {
			err = fmt.Errorf("its unit is %s instead of %s", r.Limit.Unit, c.Limit.Unit)
		}
		if err != nil {
			err = fmt.Errorf("limit of clock %s of %s %s: %w", c.Name, r.Process, r.Object, err)
			return r, false, err
		}
	}
	return r, true, r.begin(p.times, clock.Time(tx.NowUs()))
}

func (p *machine) moveRun(
	ctx context.Context, tx *unit.Tx, c timer, x any, r *Run, by *Extension,
) error {
	was, now := *r, clock.Time(tx.NowUs())
	if by != nil && by.Clock == c.Name {
		if err := r.extend(p.times, by.By.N, tx.NowUs()); err != nil {
			return err
		}
	}
	if err := c.follow(p.times, r, x, tx.NowUs()); err != nil {
		return err
	}
	state := p.def.Store.At(x).State
	running, paused := slices.Contains(c.In, state), slices.Contains(c.Paused, state)
	var err error
	switch {
	case running && r.PausedUs != 0:
		err = r.resume(p.times, now)
	case paused && r.PausedUs == 0:
		r.pause(p.times, now)
	case !running && !paused:
		r.end(tx.NowUs())
	}
	if err != nil {
		return err
	}
	if r.EscalatedUs == 0 {
		r.Owner = c.owner(x)
	}
	if *r == was {
		return nil
	}
	return r.save(ctx, tx)
}

// owner is who must act in time.
func (c timer) owner(x any) Owner {
	if o := c.Owner(x); o.Named() {
		return o
	}
	return c.LastResort
}

// chief is who answers for a clock that is late.
func (c timer) chief(x any) Owner {
	if o := c.Escalate(x); o.Named() {
		return o
	}
	return c.LastResort
}
