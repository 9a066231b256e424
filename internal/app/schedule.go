package app

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/process"
)

// clockwork is who acts when time has passed.
var clockwork = authz.Actor{Login: "system", Via: authz.ViaJob}

// schedule says what the house does by itself and when.
func (a *App) schedule() {
	a.Jobs.Handle("house.overdue", 5*time.Minute, func(ctx context.Context, r *job.Run) error {
		n, err := process.Sweep(ctx, a.Unit, clockwork, Processes())
		if err != nil {
			return err
		}
		return r.Result(map[string]int{"escalated": n})
	})
	a.Jobs.Every("house.overdue", 10*time.Minute, job.Spec{Kind: "house.overdue"})

	a.Jobs.Handle("house.tidy", 30*time.Minute, func(ctx context.Context, r *job.Run) error {
		if err := a.Identity.Sweep(ctx, clockwork); err != nil {
			return err
		}
		if _, err := a.Drafts.Prune(ctx); err != nil {
			return err
		}
		if _, err := a.Party.SealPeople(ctx, clockwork); err != nil {
			return err
		}
		return a.Unit.ForgetKeys(ctx)
	})
	a.Jobs.Every("house.tidy", time.Hour, job.Spec{Kind: "house.tidy"})

	a.Jobs.Handle("house.files", 6*time.Hour, func(ctx context.Context, r *job.Run) error {
		swept, err := a.Blobs.Sweep(ctx, false)
		if err != nil {
			return err
		}
		return r.Result(swept)
	})
	a.Jobs.Daily("house.files", "04:10", job.Spec{Kind: "house.files"})
}
