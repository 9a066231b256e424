package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an edition.
const (
	EditionDraft     = "draft"     // 草案
	EditionPublished = "published" // 已定版
	EditionDiscarded = "discarded" // 已作废
)

// Steps of an edition.
const (
	StepPublish = "publish"
	StepDiscard = "discard"
)

// EditionProcess is the life cycle of an edition of a set.
var EditionProcess = process.MustNew(process.Def[Edition]{
	Name:   "indicator_edition",
	Title:  "指标体系修订",
	Policy: EditionPolicy,
	Store: process.Store[Edition]{
		Load: editionByID,
		At: func(e Edition) process.Position {
			return process.Position{ID: e.ID, State: e.State, Version: e.Version}
		},
		Move: qEditionMove,
	},
	States: []process.State{
		{Name: EditionDraft, Title: "草案", Initial: true},
		{Name: EditionPublished, Title: "已定版", Final: true},
		{Name: EditionDiscarded, Title: "已作废", Final: true},
	},
	Steps: []process.Step[Edition]{
		{Name: StepPublish, Title: "定版", From: []string{EditionDraft}, To: EditionPublished,
			May: ActEditionPublish, Rule: "草案检查没有问题；生效日期晚于上一版，上一版到前一天为止", Check: hasFirstDay,
			Do: markPublished},
		{Name: StepDiscard, Title: "作废", From: []string{EditionDraft}, To: EditionDiscarded,
			May: ActEditionWrite, Needs: process.Reason},
	},
})

// firstDay is the data of the step that puts an edition in force.
type firstDay struct {
	From clock.Date `json:"from"`
}

func hasFirstDay(_ Edition, in process.Input) error {
	if x, ok := in.Data.(firstDay); !ok || !x.From.Valid() {
		return fault.Fields(fault.At("from", "日期应为真实的日期，如 2026-11-22"))
	}
	return nil
}

func markPublished(ctx context.Context, tx *unit.Tx, e Edition, in process.Input) error {
	x, ok := in.Data.(firstDay)
	if !ok {
		return errStale()
	}
	return db.ExecOne(ctx, tx.Tx, qEditionPublished, e.ID, e.Version, string(x.From), tx.NowUs(),
		tx.By().Account, tx.By().Login)
}

// EditionStates are the states of an edition.
func EditionStates() []plan.Choice { return stateChoices(EditionProcess.Def().States) }
