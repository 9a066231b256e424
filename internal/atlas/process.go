package atlas

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a correction.
const (
	Submitted = "submitted" // 已提交
	Accepted  = "accepted"  // 受理
	Corrected = "corrected" // 已更正
	Rejected  = "rejected"  // 不采纳
	Withdrawn = "withdrawn" // 已撤回
)

// Steps of a correction.
const (
	StepAccept   = "accept"
	StepCorrect  = "correct"
	StepReject   = "reject"
	StepWithdraw = "withdraw"
)

// acceptDays and handleDays are our own promise [design].
const (
	acceptDays = 2
	handleDays = 10
)

// CorrectionProcess is the life cycle of a correction.
var CorrectionProcess = process.MustNew(process.Def[Correction]{
	Name:   "atlas_correction",
	Title:  "云图纠错",
	Policy: CorrectionPolicy,
	Store: process.Store[Correction]{
		Load: correctionByID,
		At: func(c Correction) process.Position {
			return process.Position{ID: c.ID, State: c.State, Version: c.Version}
		},
		Move: qCorrectionMove,
	},
	States: []process.State{
		{Name: Submitted, Title: "已提交", Initial: true},
		{Name: Accepted, Title: "已受理"},
		{Name: Corrected, Title: "已更正", Final: true},
		{Name: Rejected, Title: "不采纳", Final: true},
		{Name: Withdrawn, Title: "已撤回", Final: true},
	},
	Steps: []process.Step[Correction]{
		{Name: StepAccept, Title: "受理", From: []string{Submitted}, To: Accepted, May: ActCorrectionHandle,
			Do: func(ctx context.Context, tx *unit.Tx, c Correction, _ process.Input) error {
				return db.ExecOne(ctx, tx.Tx, qHandler, c.ID, tx.By().Account)
			}},
		{Name: StepCorrect, Title: "更正完毕", From: []string{Accepted}, To: Corrected,
			May: ActCorrectionHandle, Needs: process.Reason, Do: answer},
		{Name: StepReject, Title: "不采纳", From: []string{Submitted, Accepted}, To: Rejected,
			May: ActCorrectionHandle, Needs: process.Reason, Do: answer},
		{Name: StepWithdraw, Title: "撤回", From: []string{Submitted}, To: Withdrawn,
			May: ActCorrectionWithdraw},
	},
	Clocks: []process.Clock[Correction]{
		{Name: "accept", Title: "受理纠错", In: []string{Submitted}, Limit: process.WorkingDays(acceptDays),
			Owner:      func(Correction) process.Owner { return process.Owner{Role: authz.Officer} },
			Escalate:   func(Correction) process.Owner { return process.Owner{Role: authz.Leader} },
			LastResort: process.Owner{Role: authz.Officer}},
		{Name: "handle", Title: "办结纠错", In: []string{Accepted}, Limit: process.WorkingDays(handleDays),
			Owner:      func(c Correction) process.Owner { return process.Owner{Account: c.Handler} },
			Escalate:   func(Correction) process.Owner { return process.Owner{Role: authz.Leader} },
			LastResort: process.Owner{Role: authz.Officer}},
	},
})

// answer keeps what was done about it, or why nothing was.
func answer(ctx context.Context, tx *unit.Tx, c Correction, in process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qAnswer, c.ID, in.Reason, tx.By().Account)
}
