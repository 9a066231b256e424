package job

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	anna  = authz.Actor{Account: "anna", Role: authz.Enterprise, Via: authz.ViaSession}
	boris = authz.Actor{Account: "boris", Role: authz.Expert, Via: authz.ViaSession}
	admin = authz.Actor{Account: "root", Role: authz.SysAdmin, Via: authz.ViaSession}
)

// bundle is a desk on a database whose clock is moved by hand.
type bundle struct {
	*Desk
	d     *db.DB
	u     *unit.Unit
	clock *clock.Fake
}

func setup(t *testing.T, d *db.DB) bundle {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, d, c)
	return bundle{NewDesk(u), d, u, c}
}

// runner looks around often, so that tests do not wait; leases follow the fake clock.
func (b bundle) runner(o Options) *Runner {
	o.Poll = 5 * time.Millisecond
	if o.Jitter == nil {
		o.Jitter = func(Job) float64 { return 0.5 }
	}
	return NewRunner(b.u, b.Desk, o)
}

func (b bundle) enqueue(ctx context.Context, by authz.Actor, s Spec) (string, bool, error) {
	var jobID string
	var fresh bool
	err := b.u.Write(ctx, by, "test.enqueue", func(tx *unit.Tx) error {
		var err error
		jobID, fresh, err = Enqueue(ctx, tx, s)
		tx.Audit(audit.Entry{Kind: "job", Object: jobID, What: "enqueue"})
		return err
	})
	return jobID, fresh, err
}

func (b bundle) mustEnqueue(t testing.TB, s Spec) string {
	t.Helper()
	jobID, _, err := b.enqueue(t.Context(), anna, s)
	if err != nil {
		t.Fatal(err)
	}
	return jobID
}

func (b bundle) mustGet(t testing.TB, jobID string) Job {
	t.Helper()
	j, err := db.Get(t.Context(), b.d, qByID, scan, jobID)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustRunDue(t testing.TB, r *Runner, want int) {
	t.Helper()
	if n, err := r.RunDue(t.Context()); err != nil || n != want {
		t.Fatalf("RunDue = %d, %v, want %d", n, err, want)
	}
}

// waitFor polls until the condition holds; a test that never gets there fails after a long while.
func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited a minute in vain for", what)
		}
	}
}

func TestJobIsDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		type args struct{ File string }
		r.Handle("test.import", 0, func(ctx context.Context, run *Run) error {
			var a args
			if err := run.Args(&a); err != nil {
				return err
			}
			run.Progress(1, 3, "已读 %d 行，共 %s", 1, i18n.Key("后台任务"))
			return run.Result(map[string]any{"file": a.File, "rows": 3})
		})
		jobID := b.mustEnqueue(t, Spec{Kind: "test.import", Args: args{"名单.xlsx"}})
		mustRunDue(t, r, 1)
		got := b.mustGet(t, jobID)
		now := clock.Us(dbtest.Start)
		want := Job{
			ID: jobID, Kind: "test.import", Args: []byte(`{"File":"名单.xlsx"}`), State: Done,
			Attempt: 1, MaxAttempts: 5, RunAtUs: now, Progress: 100,
			ProgressText: Text{"已读 %d 行，共 %s", []any{int64(1), i18n.Key("后台任务")}},
			Result:       []byte(`{"file":"名单.xlsx","rows":3}`), Owner: "anna",
			CreatedUs: now, StartedUs: now, FinishedUs: now, Version: 3,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("job (-want +got):\n%s", diff)
		}
		mustRunDue(t, r, 0)
	})
}

func TestRollbackLeavesNoJob(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	err := b.u.Write(t.Context(), anna, "test.enqueue", func(tx *unit.Tx) error {
		_, _, err := Enqueue(t.Context(), tx, Spec{Kind: "test.mail"})
		return err // and no audit entry: the write must fail
	})
	if err == nil {
		t.Error("a job was added without an audit entry")
	}
	n, err := b.Count(t.Context(), admin, Filter{})
	if diff := cmp.Diff(map[State]int64{}, n); diff != "" || err != nil {
		t.Errorf("jobs left: %v\n%s", err, diff)
	}
}

func TestEnqueueRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	for name, s := range map[string]Spec{
		"no kind":           {},
		"comma in kind":     {Kind: "a,b"},
		"upper case":        {Kind: "Mail"},
		"too many attempts": {Kind: "a", MaxAttempts: MaxAttempts + 1},
		"negative attempts": {Kind: "a", MaxAttempts: -1},
		"long key":          {Kind: "a", UniqueKey: strings.Repeat("k", maxKey+1)},
		"large arguments":   {Kind: "a", Args: strings.Repeat("x", maxJSON)},
		"not JSON":          {Kind: "a", Args: func() {}},
	} {
		if _, _, err := b.enqueue(t.Context(), anna, s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestUniqueKeyAmongUnfinished(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		r.Handle("test.sync", 0, func(context.Context, *Run) error { return nil })
		spec := Spec{Kind: "test.sync", UniqueKey: "org/1"}
		var ids sync.Map
		var all sync.WaitGroup
		freshOnes := make(chan string, 8)
		for range 8 {
			all.Go(func() {
				jobID, isNew, err := b.enqueue(t.Context(), anna, spec)
				if err != nil {
					t.Error(err)
				}
				ids.Store(jobID, true)
				if isNew {
					freshOnes <- jobID
				}
			})
		}
		all.Wait()
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if len(freshOnes) != 1 || n != 1 {
			t.Fatalf("8 at once: %d new, %d ids, want one job", len(freshOnes), n)
		}
		mustRunDue(t, r, 1)
		second, isNew, err := b.enqueue(t.Context(), anna, spec)
		if err != nil || !isNew || second == <-freshOnes {
			t.Errorf("after the first is done: %q, %t, %v, want a new job", second, isNew, err)
		}
		// Without a key there is no limit, and the empty key is no key.
		b.mustEnqueue(t, Spec{Kind: "test.sync"})
		b.mustEnqueue(t, Spec{Kind: "test.sync"})
		mustRunDue(t, r, 3)
	})
}

func TestJobWaitsForItsTimeAndItsHandler(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		var order []string
		r.Handle("test.a", 0, func(_ context.Context, run *Run) error {
			var name string
			err := run.Args(&name)
			order = append(order, name)
			return err
		})
		at := func(d time.Duration) time.Time { return dbtest.Start.Add(d) }
		b.mustEnqueue(t, Spec{Kind: "test.a", Args: "later", RunAt: at(2 * time.Hour)})
		b.mustEnqueue(t, Spec{Kind: "test.a", Args: "sooner", RunAt: at(time.Hour)})
		b.mustEnqueue(t, Spec{Kind: "test.a", Args: "now"})
		unknown := b.mustEnqueue(t, Spec{Kind: "test", Args: "no handler"})
		mustRunDue(t, r, 1)
		b.clock.Advance(3 * time.Hour)
		mustRunDue(t, r, 2)
		if diff := cmp.Diff([]string{"now", "sooner", "later"}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		if j := b.mustGet(t, unknown); j.State != Available || j.Attempt != 0 {
			t.Errorf("job without a handler here: %+v", j)
		}
	})
}

func TestCancelWaitingJob(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		r.Handle("test.a", 0, func(context.Context, *Run) error { t.Error("ran"); return nil })
		jobID := b.mustEnqueue(t, Spec{Kind: "test.a"})
		if err := b.Cancel(t.Context(), boris, jobID, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger cancels: %v, want NotFound", err)
		}
		if err := b.Cancel(t.Context(), anna, jobID, "wrong file"); err != nil {
			t.Fatal(err)
		}
		mustRunDue(t, r, 0)
		if err := b.Cancel(t.Context(), admin, jobID, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("cancelling twice: %v, want Conflict", err)
		}
		trail, err := audit.List(t.Context(), d, audit.Filter{Object: jobID, What: "cancel"}, "",
			db.PageReq{})
		if err != nil || len(trail.Items) != 1 || trail.Items[0].Reason != "wrong file" {
			t.Errorf("audit trail: %+v, %v", trail.Items, err)
		}
	})
}

// What people see of jobs: their own with input and result, all of them with error details but
// without content for the system administrator.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		r.Handle("test.fail", 0, func(_ context.Context, run *Run) error {
			return fmt.Errorf("dial 10.0.0.7: refused")
		})
		jobID := b.mustEnqueue(t, Spec{Kind: "test.fail", Args: "secret", MaxAttempts: 1})
		mustRunDue(t, r, 1)
		own, err := b.Get(t.Context(), anna, jobID)
		if err != nil || string(own.Args) != `"secret"` || own.ErrorDetail != "" {
			t.Errorf("owner sees %+v, %v", own, err)
		}
		got := own.Error.In(i18n.EN)
		if got != "Something went wrong on our side. Please try again later." {
			t.Errorf("owner reads %q", got)
		}
		all, err := b.Get(t.Context(), admin, jobID)
		if err != nil || all.Args != nil || !strings.Contains(all.ErrorDetail, "10.0.0.7") {
			t.Errorf("administrator sees %+v, %v", all, err)
		}
		for _, by := range []authz.Actor{boris, {}} {
			if _, err := b.Get(t.Context(), by, jobID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q gets %v, want NotFound", by.Account, err)
			}
			page, err := b.List(t.Context(), by, Filter{}, "", db.PageReq{})
			if err != nil || len(page.Items) != 0 {
				t.Errorf("%q lists %+v, %v", by.Account, page.Items, err)
			}
		}
		page, err := b.List(t.Context(), anna, Filter{State: Discarded, Kind: "test.fail"}, "newest",
			db.PageReq{})
		if diff := cmp.Diff([]Job{own}, page.Items); diff != "" || err != nil {
			t.Errorf("owner's list: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestListPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		var ids []string
		for range 5 {
			ids = append(ids, b.mustEnqueue(t, Spec{Kind: "test.a"}))
		}
		var got []string
		for req := (db.PageReq{Limit: 2}); ; {
			page, err := b.List(t.Context(), admin, Filter{}, "due", req)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range page.Items {
				got = append(got, j.ID)
			}
			if page.Next == "" {
				break
			}
			req.After = page.Next
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Errorf("all pages (-want +got):\n%s", diff)
		}
		n, err := b.Count(t.Context(), admin, Filter{})
		if diff := cmp.Diff(map[State]int64{Available: 5}, n); diff != "" || err != nil {
			t.Errorf("Count: %v\n%s", err, diff)
		}
	})
}

func TestPolicyScopeEqualsMay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		var all []Job
		for _, owner := range []string{"anna", "boris", "anna", ""} {
			var jobID string
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				var err error
				jobID, _, err = Add(t.Context(), tx, 1, Spec{Kind: "test.a", Owner: owner})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b.mustGet(t, jobID))
		}
		rng := rand.New(rand.NewPCG(1, 2))
		authztest.ScopeEqualsMay(t, authztest.Proof[Job]{
			Policy: Policy, Objects: all, ID: func(j Job) string { return j.ID },
			Actors: authztest.Actors(rng.IntN, 12, authztest.Pool{
				Accounts: []string{"anna", "boris", "nobody"}, Actions: Policy.Actions(),
			}),
			List: func(w db.Where) (map[string]int64, error) {
				return jobs.CountBy(t.Context(), d, "id", w)
			},
		})
	})
}

func TestPrune(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		r := b.runner(Options{})
		r.Handle("test.ok", 0, func(context.Context, *Run) error { return nil })
		r.Handle("test.bad", 0, func(context.Context, *Run) error {
			return fault.New(fault.Invalid, "不允许此操作")
		})
		b.mustEnqueue(t, Spec{Kind: "test.ok"})
		b.mustEnqueue(t, Spec{Kind: "test.bad"})
		b.mustEnqueue(t, Spec{Kind: "test.waits"})
		mustRunDue(t, r, 2)
		for _, step := range []struct {
			after time.Duration
			want  int64
		}{{KeepDone, 0}, {time.Second, 1}, {KeepFailed - KeepDone - time.Second, 0}, {time.Second, 1},
			{100 * KeepFailed, 0}} {
			b.clock.Advance(step.after)
			if n, err := b.Prune(t.Context()); err != nil || n != step.want {
				t.Errorf("after %v more: Prune = %d, %v, want %d", step.after, n, err, step.want)
			}
		}
		n, err := b.Count(t.Context(), admin, Filter{})
		if diff := cmp.Diff(map[State]int64{Available: 1}, n); diff != "" || err != nil {
			t.Errorf("left: %v\n%s", err, diff)
		}
	})
}
