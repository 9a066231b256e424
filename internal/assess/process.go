package assess

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

// States of a round.
const (
	Draft       = "draft"     // 方案拟定
	RulesPublic = "announced" // 规则已公布
	Scoring     = "scoring"   // 计算填报
	Shown       = "shown"     // 公示申诉
	Deciding    = "deciding"  // 审定中
	Published   = "published" // 已发布
	Cancelled   = "cancelled" // 已取消
)

// StepClose ends the time for appeals.
const StepClose = "close"

// RoundProcess is the life cycle of a round.
var RoundProcess = process.MustNew(process.Def[Round]{
	Name:   "assess_round",
	Title:  "考核",
	Policy: RoundPolicy,
	Store: process.Store[Round]{
		Load: roundByID,
		At: func(x Round) process.Position {
			return process.Position{ID: x.ID, State: x.State, Version: x.Version}
		},
		Move: qRoundMove,
	},
	States: []process.State{
		{Name: Draft, Title: "方案拟定", Initial: true},
		{Name: RulesPublic, Title: "规则已公布"},
		{Name: Scoring, Title: "计算填报"},
		{Name: Shown, Title: "公示申诉"},
		{Name: Deciding, Title: "审定中"},
		{Name: Published, Title: "已发布", Final: true},
		{Name: Cancelled, Title: "已取消", Final: true},
	},
	Steps: []process.Step[Round]{
		{Name: "announce", Title: "公布规则", From: []string{Draft}, To: RulesPublic, May: ActRoundRun,
			Rule: "已列入被考核单位", Guard: hasUnits},
		{Name: "start", Title: "开始计算填报", From: []string{RulesPublic}, To: Scoring, May: ActRoundRun},
		{Name: "show", Title: "公示考核结果", From: []string{Scoring}, To: Shown, May: ActRoundRun,
			Rule: "已计分，且计分之后没有改动", Guard: counted},
		{Name: StepClose, Title: "结束申诉期", From: []string{Shown}, To: Deciding, May: ActRoundRun,
			Rule: "申诉期满，申诉都已答复，且计分之后没有改动", Guard: settled},
		{Name: "rework", Title: "退回重新计分", From: []string{Shown, Deciding}, To: Scoring, May: ActRoundRun,
			Needs: process.Reason},
		{Name: "publish", Title: "审定并发布", From: []string{Deciding}, To: Published, May: ActRoundDecide,
			Rule: "计分之后没有改动", Guard: counted},
		{Name: "cancel", Title: "取消考核", From: []string{Draft, RulesPublic}, To: Cancelled, May: ActRoundRun,
			Needs: process.Reason},
	},
	Clocks: []process.Clock[Round]{{
		Name: "appeal", Title: "申诉期", In: []string{Shown}, Limit: process.WorkingDays(5),
		Varies: func(x Round) process.Limit { return process.WorkingDays(int(max(x.Params.AppealDays, 1))) },
		Owner:  roundOwner, Escalate: roundChief, LastResort: lastResort}},
})

func roundOwner(x Round) process.Owner { return process.Owner{Account: x.CreatedBy} }
func roundChief(Round) process.Owner   { return process.Owner{Role: authz.Leader} }

var lastResort = process.Owner{Role: authz.Officer}

func hasUnits(x Round) error {
	if x.Units == 0 {
		return fault.New(fault.Conflict, "还没有列入被考核单位")
	}
	return nil
}

func counted(x Round) error {
	switch {
	case x.ComputedUs == 0:
		return fault.New(fault.Conflict, "还没有计分")
	case x.MarkedUs > x.ComputedUs:
		return fault.New(fault.Conflict, "计分之后有改动，请重新计分")
	}
	return nil
}

func settled(x Round) error {
	if x.OpenAppeals > 0 {
		return fault.New(fault.Conflict, "还有 %d 件申诉没有答复", x.OpenAppeals)
	}
	return counted(x)
}

// States of an appeal.
const (
	AppealFiled     = "filed"     // 待答复
	AppealUpheld    = "upheld"    // 采纳
	AppealRejected  = "rejected"  // 不采纳
	AppealWithdrawn = "withdrawn" // 已撤回
)

// AppealProcess is the life cycle of an appeal.
var AppealProcess = process.MustNew(process.Def[Appeal]{
	Name:   "assess_appeal",
	Title:  "考核申诉",
	Policy: AppealPolicy,
	Store: process.Store[Appeal]{
		Load: appealByID,
		At: func(a Appeal) process.Position {
			return process.Position{ID: a.ID, State: a.State, Version: a.Version}
		},
		Move: qAppealMove,
	},
	States: []process.State{
		{Name: AppealFiled, Title: "待答复", Initial: true},
		{Name: AppealUpheld, Title: "已采纳", Final: true},
		{Name: AppealRejected, Title: "未采纳", Final: true},
		{Name: AppealWithdrawn, Title: "已撤回", Final: true},
	},
	Steps: []process.Step[Appeal]{
		{Name: "uphold", Title: "采纳", From: []string{AppealFiled}, To: AppealUpheld, May: ActAppealAnswer,
			Needs: process.Reason},
		{Name: "reject", Title: "驳回", From: []string{AppealFiled}, To: AppealRejected, May: ActAppealAnswer,
			Needs: process.Reason},
		{Name: "withdraw", Title: "撤回", From: []string{AppealFiled}, To: AppealWithdrawn, May: ActAppealWithdraw},
	},
	Clocks: []process.Clock[Appeal]{{
		Name: "answer", Title: "答复申诉", In: []string{AppealFiled}, Limit: process.WorkingDays(5),
		Varies:   func(a Appeal) process.Limit { return process.WorkingDays(int(max(a.AnswerDays, 1))) },
		Owner:    func(a Appeal) process.Owner { return process.Owner{Account: a.holder} },
		Escalate: func(Appeal) process.Owner { return process.Owner{Role: authz.Leader} }, LastResort: lastResort}},
})
