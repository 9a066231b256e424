package appraise

import (
	"cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
)

// States of a valuation sheet.
const (
	SheetDraft    = "draft"    // 编制中
	SheetFinal    = "final"    // 已定稿
	SheetArchived = "archived" // 已归档
)

// SheetProcess is the life cycle of a valuation sheet.
var SheetProcess = process.MustNew(process.Def[Sheet]{
	Name:   "appraise_sheet",
	Title:  "估值工作表",
	Policy: SheetPolicy,
	Store: process.Store[Sheet]{
		Load: sheetByID,
		At: func(s Sheet) process.Position {
			return process.Position{ID: s.ID, State: s.State, Version: s.Version}
		},
		Move: qSheetMove,
	},
	States: []process.State{
		{Name: SheetDraft, Title: "编制中", Initial: true},
		{Name: SheetFinal, Title: "已定稿"},
		{Name: SheetArchived, Title: "已归档", Final: true},
	},
	Steps: []process.Step[Sheet]{
		{Name: "finish", Title: "定稿", From: []string{SheetDraft}, To: SheetFinal, May: ActSheetUpdate,
			Rule: "至少用一种方法，并写明使用限制", Guard: sheetComplete},
		{Name: "reopen", Title: "重新编制", From: []string{SheetFinal}, To: SheetDraft, May: ActSheetUpdate,
			Needs: process.Reason},
		{Name: "archive", Title: "归档", From: []string{SheetDraft, SheetFinal}, To: SheetArchived,
			May: ActSheetUpdate},
	},
})

func sheetComplete(s Sheet) error {
	switch {
	case s.Edition == 0:
		return fault.New(fault.Conflict, "还没有填写任何一种方法的数据")
	case s.Limits == "":
		return fault.New(fault.Conflict, "还没有写明使用限制")
	}
	return nil
}

// States of an evaluation.
const (
	ReviewDraft     = "draft"     // 筹备
	ReviewScoring   = "scoring"   // 评分中
	ReviewDone      = "done"      // 评分完成
	ReviewReported  = "reported"  // 已出报告
	ReviewCancelled = "cancelled" // 已取消
)

// scoreDays is what ships with the program; the limit in force is of the market's dated rule.
var scoreDays = market.UsualTerms().ScoreDays

func scoreLimit(v Review) process.Limit { return process.WorkingDays(cmp.Or(v.scoreDays, scoreDays)) }

// ReviewProcess is the life cycle of an evaluation.
var ReviewProcess = process.MustNew(process.Def[Review]{
	Name:   "appraise_review",
	Title:  "五元价值评价",
	Source: "国办发〔2021〕26号",
	Policy: ReviewPolicy,
	Store: process.Store[Review]{
		Load: reviewByID,
		At: func(v Review) process.Position {
			return process.Position{ID: v.ID, State: v.State, Version: v.Version}
		},
		Move: qReviewMove,
	},
	States: []process.State{
		{Name: ReviewDraft, Title: "筹备", Initial: true},
		{Name: ReviewScoring, Title: "评分中"},
		{Name: ReviewDone, Title: "评分完成"},
		{Name: ReviewReported, Title: "已出报告", Final: true},
		{Name: ReviewCancelled, Title: "已取消", Final: true},
	},
	Steps: []process.Step[Review]{
		{Name: "start", Title: "开始评分", From: []string{ReviewDraft}, To: ReviewScoring, May: ActReviewRun,
			Rule: "专家不少于 5 名且为单数", Guard: panelComplete},
		{Name: "finish", Title: "结束评分", From: []string{ReviewScoring}, To: ReviewDone, May: ActReviewRun,
			Rule: "全部专家都已评分", Guard: allScored},
		{Name: "report", Title: "出具报告", From: []string{ReviewDone}, To: ReviewReported,
			May: ActReviewRun, Rule: "已写结论与使用限制", Guard: reportComplete},
		{Name: "cancel", Title: "取消评价", From: []string{ReviewDraft, ReviewScoring}, To: ReviewCancelled,
			May: ActReviewRun, Needs: process.Reason},
	},
	Clocks: []process.Clock[Review]{{
		Name: "score", Title: "专家评分", In: []string{ReviewScoring}, Limit: process.WorkingDays(scoreDays),
		Varies: scoreLimit,
		Owner:  reviewOwner, Escalate: reviewChief, LastResort: lastResort}},
})

func panelComplete(v Review) error {
	if n := len(v.Experts); n < MinExperts || n%2 == 0 {
		return fault.New(fault.Conflict, "专家应不少于 %d 名且为单数，现有 %d 名", MinExperts, n)
	}
	return nil
}

func allScored(v Review) error {
	if n := int64(len(v.Experts)) - v.Scored; n > 0 {
		return fault.New(fault.Conflict, "还有 %d 名专家没有评分", n)
	}
	return nil
}

func reportComplete(v Review) error {
	if v.Conclusion == "" || v.Limits == "" {
		return fault.New(fault.Conflict, "还没有写结论与使用限制")
	}
	return nil
}
