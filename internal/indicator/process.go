package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// reviewDays is our own promise [design]: what was handed in is decided within five working days.
const reviewDays = 5

// Steps of an observation.
const (
	StepSubmit    = "submit"
	StepApprove   = "approve"
	StepReturn    = "return"
	StepRecall    = "recall"
	StepWithdraw  = "withdraw"
	StepSupersede = "supersede"
)

// ObservationProcess is the life cycle of a reported value.
var ObservationProcess = process.MustNew(process.Def[Observation]{
	Name:   "indicator_observation",
	Title:  "指标填报",
	Policy: ObservationPolicy,
	Store: process.Store[Observation]{
		Load: observationByID,
		At: func(o Observation) process.Position {
			return process.Position{ID: o.ID, State: o.State, Version: o.Version}
		},
		Move: qObservationMove,
	},
	States: []process.State{
		{Name: Draft, Title: "填报中", Initial: true},
		{Name: Submitted, Title: "已提交"},
		{Name: Returned, Title: "已退回"},
		{Name: Approved, Title: "已审核"},
		{Name: Superseded, Title: "已更正", Final: true},
		{Name: Withdrawn, Title: "已撤销", Final: true},
	},
	Steps: []process.Step[Observation]{
		{Name: StepSubmit, Title: "提交", From: []string{Draft, Returned}, To: Submitted,
			May: ActObservationReport, Rule: "该期数据没有锁定", Guard: notLocked, Do: markSubmitted},
		{Name: StepRecall, Title: "撤回修改", From: []string{Submitted}, To: Draft,
			May: ActObservationReport},
		{Name: StepApprove, Title: "审核通过", From: []string{Submitted}, To: Approved,
			May: ActObservationApprove, Rule: "该期数据没有锁定，口径仍然有效", Guard: mayCount, Do: markApproved},
		{Name: StepReturn, Title: "退回", From: []string{Submitted}, To: Returned,
			May: ActObservationApprove, Needs: process.Reason},
		{Name: StepWithdraw, Title: "撤销", From: []string{Draft, Returned}, To: Withdrawn,
			May: ActObservationReport},
		{Name: StepSupersede, Title: "由更正值取代", From: []string{Approved}, To: Superseded,
			May: ActObservationApprove, Rule: "该期数据没有锁定", Guard: notLocked},
	},
	Clocks: []process.Clock[Observation]{{
		Name: "review", Title: "审核", In: []string{Submitted}, Limit: process.WorkingDays(reviewDays),
		Owner:      func(o Observation) process.Owner { return process.Owner{Role: authz.Officer} },
		Escalate:   func(o Observation) process.Owner { return process.Owner{Role: authz.Leader} },
		LastResort: process.Owner{Role: authz.Officer}}},
})

func notLocked(o Observation) error {
	if o.locked {
		return fault.New(fault.Conflict, "该期数据已锁定，须先由市局说明理由解锁")
	}
	return nil
}

// mayCount refuses a value of a locked period, and one of a definition that does not hold any more.
func mayCount(o Observation) error {
	if err := notLocked(o); err != nil {
		return err
	}
	if o.outdated != nil {
		return o.outdated
	}
	return nil
}

// markSubmitted keeps when the value was handed in first: a correction after a return is not late.
func markSubmitted(ctx context.Context, tx *unit.Tx, o Observation, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qObservationSubmitted, o.ID, tx.NowUs(), tx.By().Account, tx.By().Login)
}

func markApproved(ctx context.Context, tx *unit.Tx, o Observation, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qObservationApproved, o.ID, tx.NowUs(), tx.By().Account, tx.By().Login)
}
