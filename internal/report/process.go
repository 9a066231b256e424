package report

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a report.
const (
	StateDraft     = "draft"     // 草稿
	StateReviewed  = "reviewed"  // 已审核
	StatePublished = "published" // 已发布
	StateWithdrawn = "withdrawn" // 已撤回
)

// Steps of a report that others speak of.
const (
	StepReview   = "review"
	StepReturn   = "return"
	StepPublish  = "publish"
	StepDiscard  = "discard"
	StepWithdraw = "withdraw"
)

// Process is the life cycle of a report.
var Process = process.MustNew(process.Def[Report]{
	Name:   "report",
	Title:  "报告",
	Policy: Policy,
	Store: process.Store[Report]{
		Load: reportWithFigures,
		At: func(r Report) process.Position {
			return process.Position{ID: r.ID, State: r.State, Version: r.Version}
		},
		Move: qMove,
	},
	States: []process.State{
		{Name: StateDraft, Title: "草稿", Initial: true},
		{Name: StateReviewed, Title: "已审核"},
		{Name: StatePublished, Title: "已发布"},
		{Name: StateWithdrawn, Title: "已撤回", Final: true},
	},
	Steps: []process.Step[Report]{
		{Name: StepReview, Title: "审核通过", From: []string{StateDraft}, To: StateReviewed, May: ActReview,
			Rule: "审核人不是拟稿人；每个数字都有来源，读回的数字与来源一致", Guard: readsBack, Do: noteReviewed},
		{Name: StepReturn, Title: "退回修改", From: []string{StateReviewed}, To: StateDraft, May: ActReview,
			Needs: process.Reason},
		{Name: StepPublish, Title: "发布", From: []string{StateReviewed}, To: StatePublished, May: ActPublish,
			Rule: "发布后文字和数字不再改动", Guard: readsBack, Do: notePublished},
		{Name: StepDiscard, Title: "作废", From: []string{StateDraft}, To: StateWithdrawn, May: ActMake,
			Needs: process.Reason},
		{Name: StepWithdraw, Title: "撤回", From: []string{StatePublished}, To: StateWithdrawn, May: ActPublish,
			Needs: process.Reason},
	},
})

// readsBack refuses a text that says a number which its figures do not.
func readsBack(r Report) error {
	c := checkText(r, r.figures).Check
	switch {
	case c.Figures == 0:
		return fault.New(fault.Conflict, "正文里没有带来源的数字")
	case !c.Clean():
		return fault.New(fault.Conflict, "正文有 %d 处数字与来源不符或读不回来，改好后才能审核", c.Marks)
	}
	return nil
}

func noteReviewed(ctx context.Context, tx *unit.Tx, r Report, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qReviewed, r.ID, r.Version, tx.NowUs(), tx.By().Login)
}

func notePublished(ctx context.Context, tx *unit.Tx, r Report, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qPublished, r.ID, r.Version, tx.NowUs(), tx.By().Login)
}
