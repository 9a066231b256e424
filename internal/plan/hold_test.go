package plan_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// gate holds every task open while it is shut.
type gate struct{ shut bool }

func (g *gate) HeldOpen(context.Context, db.Q, string, string) error {
	if g.shut {
		return fault.New(fault.Conflict, "还有 %d 项分任务未办结", 7)
	}
	return nil
}

// verifying brings a task to where only its closing is left.
func (x *lab) verifying(t *testing.T) plan.Task {
	t.Helper()
	task := x.createTask(t, x.sampleTask(t))
	task = x.fire(t, officer, task, "establish", plan.TaskStep{})
	lead := staff(x.bureau(t))
	task = x.fire(t, lead, task, "sign", plan.TaskStep{})
	task = x.fire(t, lead, task, "start", plan.TaskStep{})
	task = x.fire(t, lead, task, "apply", plan.TaskStep{Step: plan.Step{Reason: "已完成"},
		New: evidence("验收.txt")})
	return x.fire(t, officer, task, "accept", plan.TaskStep{})
}

// A task that is held open is not closed by anybody, nor terminated; the step leaves nothing behind.
// Other steps go on, and once it is free it is closed.
func TestHeldOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, g := newLab(t, d), &gate{shut: true}
		x.HoldWith(g)
		task := x.verifying(t)
		_, err := x.FireTask(t.Context(), officer, plan.TaskStep{Step: plan.Step{ID: task.ID,
			Step: "pass", Version: task.Version}})
		wantKind(t, err, fault.Conflict)
		got, err := x.GetTask(t.Context(), officer, task.ID)
		if err != nil || got.State != plan.TaskVerifying || got.Version != task.Version {
			t.Fatalf("a refused step left %s %d, %v", got.State, got.Version, err)
		}
		for _, o := range got.Offers {
			if (o.Step == "pass") == o.Allowed || o.Step == "pass" && o.WhyNot.Args[0] != 7 {
				t.Errorf("offer %s: %v %v", o.Step, o.Allowed, o.WhyNot)
			}
		}
		// Who may not close it does not learn why it is held.
		_, err = x.FireTask(t.Context(), staff(x.bureau(t)), plan.TaskStep{Step: plan.Step{ID: task.ID,
			Step: "pass", Version: task.Version}})
		wantKind(t, err, fault.Forbidden)
		task = x.fire(t, officer, task, "return", plan.TaskStep{Step: plan.Step{Reason: "数据未达标"}})
		_, err = x.FireTask(t.Context(), officer, plan.TaskStep{Step: plan.Step{ID: task.ID,
			Step: "terminate", Reason: "不做了", Version: task.Version}})
		wantKind(t, err, fault.Conflict)
		g.shut = false
		if task = x.fire(t, officer, task, "terminate", plan.TaskStep{Step: plan.Step{
			Reason: "不做了"}}); task.State != plan.TaskTerminated {
			t.Errorf("state %s", task.State)
		}
		if task = x.fire(t, officer, x.verifying(t), "pass", plan.TaskStep{}); task.State != plan.TaskDone {
			t.Errorf("state %s", task.State)
		}
	})
}

// Another room opens a task in its own write: established with a lead unit, a draft without one, and
// gone with the write when that is undone.
func TestOpenTask(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		bureau := x.bureau(t)
		open := func(lead string) (plan.Task, error) {
			var out plan.Task
			err := x.unit.Write(t.Context(), plan.Keeper(), "test", func(tx *unit.Tx) error {
				g, err := x.LedgerNamed(t.Context(), tx, "指标督办", "140100")
				if err != nil {
					return err
				}
				out, err = x.OpenTask(t.Context(), tx, plan.NewTask{Ledger: g.ID, TaskData: plan.TaskData{
					Title: "研发投入强度未达序时进度", Region: "140100", Lead: lead, DueUs: day("2026-12-31")}})
				return err
			})
			return out, err
		}
		task, err := open(bureau)
		if err != nil || task.State != plan.TaskEstablished || task.Lead != bureau {
			t.Fatalf("%s %s %v", task.State, task.Lead, err)
		}
		second, err := open("")
		if err != nil || second.State != plan.TaskDraft || second.Ledger != task.Ledger {
			t.Fatalf("%s %v", second.State, err)
		}
		if _, err := open("nobody"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown lead: %v", err)
		}
		if n, err := x.CountTasks(t.Context(), officer, plan.TaskFilter{}); err != nil || n.All != 2 {
			t.Errorf("%d tasks, %v", n.All, err)
		}
	})
}
