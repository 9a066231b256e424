package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Runner. The zero value means the defaults.
type Options struct {
	Workers  int           // jobs at a time; default 2
	Poll     time.Duration // how often to look around; default 1 s
	Lease    time.Duration // how long the jobs of a dead process wait; default 1 min
	StopWait time.Duration // how long a stop lets jobs go on before they are told; default 3 s
	WindUp   time.Duration // how long jobs that were told to stop may take to; default 10 s
	Jitter   func(Job) float64
	Log      *slog.Logger // default discards
}

// defaultLimit is the time an attempt may take when its handler does not say.
const defaultLimit = 10 * time.Minute

// Runner does jobs in one process.
type Runner struct {
	db        *db.DB
	clock     clock.Clock
	opt       Options
	owner     string // of leases
	handlers  map[string]handler
	kinds     string // ",a,b,"
	schedules []*schedule
	wake      chan struct{}

	mu      sync.Mutex
	running map[string]*Run // by job id
	beatAt  time.Time       // next renewal of the leases
	validTo time.Time       // end of the leases as far as we know
}

type handler struct {
	do    Func
	limit time.Duration
}

// NewRunner returns a runner that does nothing yet: add handlers and schedules, then Run. Jobs
// cancelled at the desk are stopped at once.
func NewRunner(u *unit.Unit, desk *Desk, o Options) *Runner {
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.Lease <= 0 {
		o.Lease = time.Minute
	}
	if o.StopWait <= 0 {
		o.StopWait = 3 * time.Second // short jobs end by themselves; long ones go on after the next start
	}
	if o.WindUp <= 0 {
		o.WindUp = 10 * time.Second
	}
	if o.Jitter == nil {
		o.Jitter = spread
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runner{
		db: u.DB(), clock: u.Clock(), opt: o, owner: id.New(), handlers: map[string]handler{},
		kinds: ",", wake: make(chan struct{}, 1), running: map[string]*Run{},
	}
	desk.onCancel = append(desk.onCancel, r.drop)
	return r
}

// Handle sets who does jobs of a kind and how long one attempt may take; 0 means ten minutes. It is
// called while the program is put together; a second handler for a kind panics.
func (r *Runner) Handle(kind string, limit time.Duration, do Func) {
	if _, twice := r.handlers[kind]; twice || !validKind(kind) {
		panic(fmt.Sprintf("job: kind %q is not valid or has two handlers", kind))
	}
	if limit <= 0 {
		limit = defaultLimit
	}
	r.handlers[kind] = handler{do, limit}
	r.kinds += kind + ","
}

// Kinds returns the kinds of jobs that have a handler, in order.
func (r *Runner) Kinds() []string { return slices.Sorted(maps.Keys(r.handlers)) }

// Poke says that there may be a new job. It returns at once.
func (r *Runner) Poke() {
	select {
	case r.wake <- struct{}{}:
	default: // already awake
	}
}

// Run does jobs until ctx ends. Then it takes no new ones, lets the running ones go on for
// StopWait, tells them to stop, and waits for WindUp. Interrupted jobs are available to others
// at once and the attempt does not count. The error names jobs that did not stop: their leases
// run out.
func (r *Runner) Run(ctx context.Context) error {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var busy, keeping sync.WaitGroup
	keepCtx, endKeeping := context.WithCancel(context.WithoutCancel(ctx))
	keeping.Go(func() { r.keep(keepCtx) })
	r.claimLoop(ctx, work, &busy)

	idle := make(chan struct{})
	go func() { busy.Wait(); close(idle) }()
	err := r.windUp(idle, stop)
	endKeeping()
	keeping.Wait()
	return err
}

// claimLoop starts a goroutine for each claimed job, at most Workers at a time.
func (r *Runner) claimLoop(ctx, work context.Context, busy *sync.WaitGroup) {
	slots := make(chan struct{}, r.opt.Workers)
	look := time.NewTicker(r.opt.Poll)
	defer look.Stop()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		j, found, err := r.claim(ctx)
		if found {
			busy.Go(func() {
				r.do(work, j)
				<-slots
			})
			continue
		}
		<-slots
		if err != nil && ctx.Err() == nil {
			r.opt.Log.Error("claim job", "error", err)
		}
		select {
		case <-r.wake:
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

func (r *Runner) windUp(idle <-chan struct{}, stop context.CancelCauseFunc) error {
	select {
	case <-idle:
		return nil
	case <-time.After(r.opt.StopWait):
	}
	stop(ErrStop)
	select {
	case <-idle:
		return nil
	case <-time.After(r.opt.WindUp):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for jobID, run := range r.running {
		errs = append(errs, fmt.Errorf("job %s %s did not stop", run.job.Kind, jobID))
	}
	return errors.Join(errs...)
}

// RunDue does everything that is due, one job after the other, for commands and tests, and returns
// how many attempts it made.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		j, found, err := r.claim(ctx)
		if err != nil || !found {
			return n, err
		}
		r.do(ctx, j)
	}
}

// claim takes the job that has been due longest.
func (r *Runner) claim(ctx context.Context) (Job, bool, error) {
	now := r.clock.Now()
	_, due, err := db.Find(ctx, r.db, qDue, db.One[int64], clock.Us(now), r.kinds)
	if err != nil || !due || ctx.Err() != nil {
		return Job{}, false, err
	}
	var j Job
	var found bool
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		j, found, err = db.Find(ctx, tx, qClaim, scan, clock.Us(now), r.kinds, r.owner,
			clock.Us(now.Add(r.opt.Lease)))
		return err
	})
	return j, found && err == nil, err
}

// do makes one attempt and stores how it ended.
func (r *Runner) do(work context.Context, j Job) {
	h := r.handlers[j.Kind]
	ctx, cancel := context.WithCancelCause(work)
	defer cancel(nil)
	ctx, release := context.WithTimeoutCause(ctx, h.limit, ErrTimeout)
	defer release()
	run := &Run{job: j, cancel: cancel}
	r.mu.Lock()
	r.running[j.ID] = run
	r.mu.Unlock()

	err := run.call(ctx, h.do)
	e := judge(ctx, j, err, r.opt.Jitter(j))
	if e.lost {
		r.opt.Log.Info("job lost", "job", j.ID, "kind", j.Kind)
	} else {
		if err != nil && e.state != Available {
			r.opt.Log.Error("job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt,
				"state", e.state, "error", err)
		}
		r.store(work, run, e)
	}
	r.mu.Lock()
	delete(r.running, j.ID)
	r.mu.Unlock()
}

// endTries is how often the end of a job is tried to be stored, a Poll apart. When all fail, the
// lease runs out and the job is run again.
const endTries = 5

func (r *Runner) store(ctx context.Context, run *Run, e ending) {
	ctx = context.WithoutCancel(ctx)
	var err error
	for try := range endTries {
		if try > 0 {
			time.Sleep(r.opt.Poll)
		}
		if err = r.end(ctx, run, e); err == nil {
			return
		}
	}
	r.opt.Log.Error("store end of job", "job", run.job.ID, "error", err)
}

func (r *Runner) end(ctx context.Context, run *Run, e ending) error {
	j, now := run.job, r.clock.Now()
	percent, text, _ := run.takeProgress()
	attempt, result, finishedUs := j.Attempt, "", int64(0)
	if e.refund {
		attempt--
	}
	if e.state == Done {
		percent, result = 100, run.takeResult()
	}
	if e.state.Finished() {
		finishedUs = clock.Us(now)
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, qEnd, j.ID, j.Attempt, j.LeaseOwner, string(e.state), attempt,
			clock.Us(now.Add(e.wait)), percent, text.Encode(), result, e.class, e.text.Encode(), e.detail,
			finishedUs)
		if err == nil && n == 0 {
			r.opt.Log.Info("job ended after it was lost", "job", j.ID, "kind", j.Kind)
		}
		return err
	})
}
