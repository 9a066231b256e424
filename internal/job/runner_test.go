package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// start runs the runner until stop is called, which returns what Run returned.
func start(t *testing.T, r *Runner) func() error {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { stop() })
	return stop
}

// Three processes share the work of many jobs: each is run once.
func TestManyRunnersRunEachJobOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		const n = 120
		for i := range n {
			b.mustEnqueue(t, Spec{Kind: "test.count", Args: i})
		}
		var mu sync.Mutex
		runs := map[int]int{}
		for range 3 {
			r := b.runner(Options{Workers: 3})
			r.Handle("test.count", 0, func(_ context.Context, run *Run) error {
				var i int
				if err := run.Args(&i); err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				runs[i]++
				return nil
			})
			start(t, r)
		}
		waitFor(t, "all jobs", func() bool {
			byState, err := b.Count(t.Context(), admin, Filter{})
			return err == nil && byState[Done] == n
		})
		mu.Lock()
		defer mu.Unlock()
		for i := range n {
			if runs[i] != 1 {
				t.Errorf("job %d was run %d times", i, runs[i])
			}
		}
	})
}

func TestRetryWithGrowingPauses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		fail := true
		r.Handle("test.mail", 0, func(context.Context, *Run) error {
			if fail {
				return errors.New("mail server is away\x00\xff")
			}
			return nil
		})
		jobID := b.mustEnqueue(t, Spec{Kind: "test.mail", MaxAttempts: 4})
		for attempt, pause := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute} {
			mustRunDue(t, r, 1)
			j := b.mustGet(t, jobID)
			if j.State != Retryable || j.Attempt != int64(attempt+1) || j.ErrorClass != "internal" ||
				j.RunAtUs != clock.Us(b.clock.Now().Add(pause)) ||
				!strings.HasPrefix(j.ErrorDetail, "mail server is away") {
				t.Fatalf("after attempt %d: %+v", attempt+1, j)
			}
			b.clock.Advance(pause - time.Second)
			mustRunDue(t, r, 0)
			b.clock.Advance(time.Second)
		}
		fail = false
		mustRunDue(t, r, 1)
		if j := b.mustGet(t, jobID); j.State != Done || j.Attempt != 4 || j.ErrorClass != "" ||
			j.ErrorDetail != "" || j.Error.Key != "" {
			t.Errorf("at last: %+v", j)
		}
	})
}

// A job that fails whenever it is tried ends, with the kind of its failure.
func TestPoisonIsDiscarded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		r.Handle("test.panic", 0, func(context.Context, *Run) error { panic("index out of range") })
		r.Handle("test.wrong", 0, func(context.Context, *Run) error {
			return fault.Fields(fault.At("file", "文件已损坏，无法打开"))
		})
		r.Handle("test.args", 0, func(_ context.Context, run *Run) error {
			return run.Args(new(struct{ Known int }))
		})
		r.Handle("test.slow", time.Millisecond, func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			return ctx.Err()
		})
		type end struct {
			Attempts int64
			Class    string
			Text     string
		}
		want := map[string]end{
			"test.panic": {2, "panic", "系统内部错误，请稍后再试"},
			"test.slow":  {2, "timeout", "任务超过了允许的时间"},
			"test.wrong": {1, "invalid", "文件已损坏，无法打开"},
			"test.args":  {1, "internal", "系统内部错误，请稍后再试"},
		}
		ids := map[string]string{}
		for kind := range want {
			ids[kind] = b.mustEnqueue(t, Spec{Kind: kind, MaxAttempts: 2,
				Args: map[string]int{"Unknown": 1}})
		}
		mustRunDue(t, r, 4)
		b.clock.Advance(time.Hour)
		mustRunDue(t, r, 2)
		b.clock.Advance(100 * time.Hour)
		mustRunDue(t, r, 0)
		got := map[string]end{}
		for kind, jobID := range ids {
			j := b.mustGet(t, jobID)
			if j.State != Discarded || j.FinishedUs == 0 || j.ErrorDetail == "" {
				t.Errorf("%s: %+v", kind, j)
			}
			got[kind] = end{j.Attempt, j.ErrorClass, j.Error.Key}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// abandon claims a job as a process would that then dies without a word.
func (b bundle) abandon(t testing.TB) Job {
	t.Helper()
	dead := b.runner(Options{})
	dead.Handle("test.work", 0, func(context.Context, *Run) error { return nil })
	j, found, err := dead.claim(t.Context())
	if err != nil || !found {
		t.Fatalf("claim = %t, %v", found, err)
	}
	return j
}

func TestJobsOfADeadProcessAreFreed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		jobID := b.mustEnqueue(t, Spec{Kind: "test.work", MaxAttempts: 2})
		r := b.runner(Options{})
		ran := 0
		r.Handle("test.work", 0, func(context.Context, *Run) error { ran++; return nil })

		b.abandon(t)
		tend := func() {
			t.Helper()
			if err := r.tend(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		b.clock.Advance(time.Minute) // the lease lasts to the end of this minute
		tend()
		if j := b.mustGet(t, jobID); j.State != Running {
			t.Fatalf("within the lease: %+v", j)
		}
		mustRunDue(t, r, 0)
		b.clock.Advance(time.Minute)
		tend()
		j := b.mustGet(t, jobID)
		if j.State != Retryable || j.Attempt != 1 || j.ErrorClass != "abandoned" || j.LeaseOwner != "" {
			t.Fatalf("after the lease: %+v", j)
		}
		// Killed a second time, it is out of attempts: perhaps it is what kills the process.
		b.abandon(t)
		b.clock.Advance(2 * time.Minute)
		tend()
		j = b.mustGet(t, jobID)
		if j.State != Discarded || j.Attempt != 2 || j.FinishedUs != clock.Us(b.clock.Now()) ||
			j.Error.Key != "处理任务的进程中断了" {
			t.Errorf("after the second kill: %+v", j)
		}
		mustRunDue(t, r, 0)
		if ran != 0 {
			t.Errorf("ran %d times", ran)
		}
	})
}

// A running handler keeps its lease however long it takes.
func TestLeaseIsRenewed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		jobID := b.mustEnqueue(t, Spec{Kind: "test.work"})
		r, other := b.runner(Options{}), b.runner(Options{})
		begun, release := make(chan struct{}, 1), make(chan struct{})
		r.Handle("test.work", 0, func(ctx context.Context, _ *Run) error {
			begun <- struct{}{}
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		other.Handle("test.work", 0, func(context.Context, *Run) error { t.Error("taken"); return nil })
		start(t, r)
		<-begun        // the job is running in the table a moment before the runner looks after it
		for range 10 { // ten steps of half a lease
			before := b.mustGet(t, jobID).LeaseUntilUs
			b.clock.Advance(30 * time.Second)
			waitFor(t, "a renewal", func() bool { return b.mustGet(t, jobID).LeaseUntilUs > before })
			if err := other.tend(t.Context()); err != nil {
				t.Fatal(err)
			}
			mustRunDue(t, other, 0)
		}
		close(release)
		waitFor(t, "the end", func() bool { return b.mustGet(t, jobID).State == Done })
		if j := b.mustGet(t, jobID); j.Attempt != 1 {
			t.Errorf("attempts: %d", j.Attempt)
		}
	})
}

// A process that slept through its lease finds its job with another one: its handler is told, and
// neither its end nor what it writes under Hold counts.
func TestLostJobCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		jobID := b.mustEnqueue(t, Spec{Kind: "test.work"})
		sleeper, other := b.runner(Options{}), b.runner(Options{})
		woken := make(chan error, 1)
		sleeper.Handle("test.work", 0, func(ctx context.Context, run *Run) error {
			b.clock.Advance(2 * time.Minute)
			if err := other.tend(ctx); err != nil {
				t.Error(err)
			}
			if _, err := other.RunDue(ctx); err != nil {
				t.Error(err)
			}
			woken <- b.u.Write(ctx, anna, "test.write", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test", What: "write"})
				return run.Hold(ctx, tx.Tx)
			})
			return errors.New("must not be stored")
		})
		other.Handle("test.work", 0, func(ctx context.Context, run *Run) error {
			err := b.u.Write(ctx, anna, "test.write", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test", What: "write"})
				return run.Hold(ctx, tx.Tx)
			})
			return errors.Join(err, run.Result("from the second"))
		})
		mustRunDue(t, sleeper, 1)
		if err := <-woken; !fault.Is(err, fault.Conflict) {
			t.Errorf("the sleeper writes: %v, want Conflict", err)
		}
		j := b.mustGet(t, jobID)
		if j.State != Done || j.Attempt != 2 || string(j.Result) != `"from the second"` ||
			j.ErrorClass != "" {
			t.Errorf("job: %+v", j)
		}
	})
}

func TestCancelRunningJob(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		elsewhere := NewDesk(b.u) // the desk of another process: the runner is not told directly
		r := b.runner(Options{})
		ended := make(chan error)
		r.Handle("test.work", 0, func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return ctx.Err()
		})
		start(t, r)
		for _, c := range []struct {
			desk *Desk
			by   authz.Actor
		}{{b.Desk, anna}, {elsewhere, admin}} {
			jobID := b.mustEnqueue(t, Spec{Kind: "test.work", UniqueKey: "one"})
			r.Poke()
			waitFor(t, "the begin", func() bool { return b.mustGet(t, jobID).State == Running })
			if err := c.desk.Cancel(t.Context(), c.by, jobID, ""); err != nil {
				t.Fatal(err)
			}
			if cause := <-ended; !errors.Is(cause, ErrLost) {
				t.Errorf("the handler is told %v, want ErrLost", cause)
			}
			waitFor(t, "the handler's return", func() bool { return len(r.snapshot()) == 0 })
			j := b.mustGet(t, jobID)
			if j.State != Cancelled || j.FinishedUs == 0 || j.ErrorClass != "" || j.LeaseOwner != "" {
				t.Errorf("job: %+v", j)
			}
		}
	})
}

func TestProgressIsSeenWhileRunning(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	r := b.runner(Options{})
	next, done := make(chan struct{}), make(chan struct{})
	r.Handle("test.work", 0, func(_ context.Context, run *Run) error {
		run.Progress(-5, 10, "已读 %d 行", 0)
		run.Progress(1, 0, "已读 %d 行", 0) // an unknown total leaves the percentage as it is
		run.Progress(5000, 10_000, "已读 %d 行", 5000)
		<-next
		run.Progress(20_000, 10_000, "已读 %d 行", 20_000)
		<-done
		return nil
	})
	jobID := b.mustEnqueue(t, Spec{Kind: "test.work"})
	start(t, r)
	seen := func(percent, rows int64) func() bool {
		return func() bool {
			j := b.mustGet(t, jobID)
			return j.Progress == percent && cmp.Equal(j.ProgressText, Text{"已读 %d 行", []any{rows}})
		}
	}
	waitFor(t, "50 %", seen(50, 5000))
	close(next)
	waitFor(t, "100 %", seen(100, 20_000))
	close(done)
	waitFor(t, "the end", func() bool { return b.mustGet(t, jobID).State == Done })
}

func TestStopLetsJobsFinish(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	r := b.runner(Options{StopWait: time.Minute, Workers: 1})
	begun, release := make(chan struct{}), make(chan struct{})
	r.Handle("test.work", 0, func(ctx context.Context, _ *Run) error {
		close(begun)
		<-release
		return ctx.Err()
	})
	jobID := b.mustEnqueue(t, Spec{Kind: "test.work"})
	stop := start(t, r)
	<-begun
	second := b.mustEnqueue(t, Spec{Kind: "test.work"})
	ended := make(chan error)
	go func() { ended <- stop() }()
	time.Sleep(20 * time.Millisecond) // so that the stop comes before the end of the job
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if j := b.mustGet(t, jobID); j.State != Done {
		t.Errorf("job: %+v", j)
	}
	if j := b.mustGet(t, second); j.State != Available || j.Attempt != 0 {
		t.Errorf("a job was begun after the stop: %+v", j)
	}
}

// A job that does not end by itself goes back unharmed; one that does not listen is named.
func TestStopInterrupts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{StopWait: 500 * time.Millisecond, WindUp: 500 * time.Millisecond})
		var begun sync.WaitGroup
		begun.Add(2)
		release := make(chan struct{})
		r.Handle("test.listens", 0, func(ctx context.Context, _ *Run) error {
			begun.Done()
			<-ctx.Done()
			return ctx.Err()
		})
		var deafEnded atomic.Bool
		r.Handle("test.deaf", 0, func(context.Context, *Run) error {
			begun.Done()
			<-release
			deafEnded.Store(true)
			return nil
		})
		listens := b.mustEnqueue(t, Spec{Kind: "test.listens"})
		deaf := b.mustEnqueue(t, Spec{Kind: "test.deaf"})
		stop := start(t, r)
		begun.Wait()
		if err := stop(); err == nil || !strings.Contains(err.Error(), "test.deaf") {
			t.Errorf("Run = %v, want the deaf job named", err)
		}
		if j := b.mustGet(t, listens); j.State != Available || j.Attempt != 0 || j.LeaseOwner != "" {
			t.Errorf("interrupted job: %+v", j)
		}
		if j := b.mustGet(t, deaf); j.State != Running {
			t.Errorf("deaf job: %+v", j)
		}
		close(release)
		waitFor(t, "the deaf job", func() bool { return deafEnded.Load() && len(r.snapshot()) == 0 })
	})
}

// When the database is away until the leases end, handlers are stopped: others may have the jobs.
func TestHandlersStopWhenLeasesCannotBeRenewed(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	r := b.runner(Options{})
	b.mustEnqueue(t, Spec{Kind: "test.work"})
	r.Handle("test.work", 0, func(context.Context, *Run) error { return nil })
	j, _, err := r.claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	r.running[j.ID] = &Run{job: j, cancel: cancel}
	gone, goAway := context.WithCancel(t.Context())
	goAway() // every query under this context fails
	for _, step := range []struct {
		after time.Duration
		want  error
	}{{59 * time.Second, nil}, {2 * time.Second, ErrLost}} {
		b.clock.Advance(step.after)
		if err := r.tend(gone); err == nil {
			t.Fatal("tend reached the database")
		}
		if cause := context.Cause(ctx); !errors.Is(cause, step.want) {
			t.Errorf("%v later: cause %v, want %v", step.after, cause, step.want)
		}
	}
}

func TestHandleRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	r := b.runner(Options{})
	do := func(context.Context, *Run) error { return nil }
	r.Handle("test.a", 0, do)
	for name, f := range map[string]func(){
		"twice":      func() { r.Handle("test.a", 0, do) },
		"bad kind":   func() { r.Handle("a,b", 0, do) },
		"no handler": func() { r.Every("x", time.Hour, Spec{Kind: "test.b"}) },
		"bad time":   func() { r.Daily("x", "25:00", Spec{Kind: "test.a"}) },
		"too often":  func() { r.Every("x", time.Millisecond, Spec{Kind: "test.a"}) },
		"schedule doubled": func() {
			r.Daily("y", "01:00", Spec{Kind: "test.a"})
			r.Daily("y", "02:00", Spec{Kind: "test.a"})
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			f()
		}()
	}
}

func TestPeriodicJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d) // it is 9:30 in China
		var mu sync.Mutex
		var got []string
		restart := func() *Runner {
			r := b.runner(Options{})
			r.Handle("test.tick", 0, func(_ context.Context, run *Run) error {
				mu.Lock()
				defer mu.Unlock()
				var name string
				err := run.Args(&name)
				got = append(got, name+b.clock.Now().In(clock.Shanghai).Format(" 02 15:04"))
				return err
			})
			r.Every("hourly", time.Hour, Spec{Kind: "test.tick", Args: "h"})
			r.Daily("nightly", "03:30", Spec{Kind: "test.tick", Args: "n"})
			return r
		}
		first, second := restart(), restart()
		look := func() {
			t.Helper()
			for _, r := range []*Runner{first, second} {
				if err := r.startPeriodic(t.Context(), b.clock.Now()); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range []*Runner{first, second} {
				if _, err := r.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		look() // a new schedule waits for its next slot
		b.clock.Advance(29 * time.Minute)
		look()
		b.clock.Advance(time.Minute) // 10:00
		look()
		look()
		b.clock.Advance(17*time.Hour + 30*time.Minute) // 03:30 of the next day: missed hours count once
		look()
		second = restart()
		look()
		want := []string{"h 20 10:00", "h 21 03:30", "n 21 03:30"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A periodic job that is still unfinished is not added again.
func TestPeriodicJobsDoNotPileUp(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	r := b.runner(Options{})
	r.Handle("test.tick", 0, func(context.Context, *Run) error { return nil })
	r.Every("hourly", time.Hour, Spec{Kind: "test.tick"})
	for range 5 {
		if err := r.startPeriodic(t.Context(), b.clock.Now()); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(time.Hour)
	}
	mustRunDue(t, r, 1)
}

// The run loop finds periodic work by itself.
func TestHousekeeping(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	old := b.mustEnqueue(t, Spec{Kind: "test.ok"})
	r := b.runner(Options{})
	r.Handle("test.ok", 0, func(context.Context, *Run) error { return nil })
	r.Housekeeping(b.Desk)
	start(t, r)
	waitFor(t, "the old job", func() bool { return b.mustGet(t, old).State == Done })
	waitFor(t, "the schedule", func() bool {
		n, err := db.Get(t.Context(), b.d, qSlots, db.One[int64])
		return err == nil && n == 1
	})
	b.clock.Advance(KeepDone + 48*time.Hour)
	waitFor(t, "pruning", func() bool {
		_, found, err := db.Find(t.Context(), b.d, qByID, scan, old)
		return err == nil && !found
	})
}

var qSlots = db.Stmt(`SELECT COUNT(*) FROM job_schedule`)

func BenchmarkClaimAndEnd(b *testing.B) {
	for _, p := range []struct {
		name string
		open func(testing.TB) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(p.name, func(b *testing.B) {
			d := p.open(b)
			u := dbtest.Unit(b, d)
			r := NewRunner(u, NewDesk(u), Options{})
			r.Handle("test.nothing", 0, func(context.Context, *Run) error { return nil })
			for i := range b.N {
				err := d.Write(b.Context(), func(tx *db.Tx) error {
					_, _, err := Add(b.Context(), tx, int64(i), Spec{Kind: "test.nothing"})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ResetTimer()
			if n, err := r.RunDue(b.Context()); err != nil || n != b.N {
				b.Fatal(fmt.Errorf("RunDue = %d, %w", n, err))
			}
		})
	}
}
