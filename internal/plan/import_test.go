package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// settle runs the jobs of the room until the import is in none of the states that wait for a job.
func (x *lab) settle(t *testing.T, importID string) plan.Import {
	t.Helper()
	r := job.NewRunner(x.unit, job.NewDesk(x.unit), job.Options{Poll: 5 * time.Millisecond})
	x.RegisterJobs(r)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	for range 4000 {
		m, err := x.GetImport(t.Context(), officer, importID)
		if err != nil {
			t.Fatal(err)
		}
		if m.State != plan.ImportChecking && m.State != plan.ImportRunning {
			return m
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("nobody took the import")
	return plan.Import{}
}

func (x *lab) start(t *testing.T, text string) plan.Import {
	t.Helper()
	m, err := x.StartImport(t.Context(), officer, plan.TaskImport{Ledger: x.ledger(t).ID, Begun: true,
		Name: "台账.csv", File: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A large table is checked by one job and stored by another; what is wrong with it is listed, a
// ledger that changed since is refused, and a cancelled one leaves nothing.
func TestImportByJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		x.offices(t)
		m := x.settle(t, x.start(t, officeForm).ID)
		if m.State != plan.ImportReady || m.Rows != 4 || m.Adds != 4 || len(m.Found.Indicators) != 3 {
			t.Fatalf("%+v", m)
		}
		_, err := x.GetImport(ctx, second, m.ID)
		wantKind(t, err, fault.NotFound)
		if m, err = x.RunImport(ctx, officer, m.ID, m.Version); err != nil {
			t.Fatal(err)
		}
		if m = x.settle(t, m.ID); m.State != plan.ImportDone || len(x.rows(t)) != 4 {
			t.Fatalf("%+v", m)
		}
		bad := x.settle(t, x.start(t, strings.Replace(officeForm, "太原市财政局", "不存在的局", 1)).ID)
		if bad.State != plan.ImportFaulty || bad.Problems == 0 || bad.Found.Problems[0].Row == 0 {
			t.Errorf("%+v", bad)
		}
		_, err = x.RunImport(ctx, officer, bad.ID, bad.Version)
		wantKind(t, err, fault.Conflict)

		form := strings.ReplaceAll(officeForm, "改造老旧小区", "改造供热管网")
		late := x.settle(t, x.start(t, form).ID)
		if _, err := x.importing(t, form, true, false); err != nil {
			t.Fatal(err)
		}
		if late, err = x.RunImport(ctx, officer, late.ID, late.Version); err != nil {
			t.Fatal(err)
		}
		late = x.settle(t, late.ID)
		if late.State != plan.ImportFailed || late.Message == nil || len(x.rows(t)) != 5 {
			t.Errorf("%+v", late)
		}
		gone, err := x.CancelImport(ctx, officer, x.start(t, officeForm).ID)
		if err != nil || gone.State != plan.ImportCancelled {
			t.Fatal(gone, err)
		}
		_, err = x.CancelImport(ctx, officer, gone.ID)
		wantKind(t, err, fault.Conflict)
	})
}
