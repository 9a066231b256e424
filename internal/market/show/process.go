package show

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an event.
const (
	Draft     = "draft"     // 草稿
	Published = "published" // 已发布
	Open      = "open"      // 报名中
	Closed    = "closed"    // 报名截止
	Running   = "running"   // 进行中
	Ended     = "ended"     // 已结束
	Reported  = "reported"  // 已总结
	Cancelled = "cancelled" // 已取消
)

// usualReportDays are shown on the page of the process; each event has its own.
var usualReportDays = market.UsualTerms().ReportDays

// Process is the life cycle of an event.
var Process = process.MustNew(process.Def[Show]{
	Name:   "show",
	Title:  "路演与对接会",
	Policy: Policy,
	Store: process.Store[Show]{
		Load: byID,
		At: func(s Show) process.Position {
			return process.Position{ID: s.ID, State: s.State, Version: s.Version}
		},
		Move: qMove,
	},
	States: []process.State{
		{Name: Draft, Title: "草稿", Initial: true},
		{Name: Published, Title: "已发布"},
		{Name: Open, Title: "报名中"},
		{Name: Closed, Title: "报名截止"},
		{Name: Running, Title: "进行中"},
		{Name: Ended, Title: "已结束"},
		{Name: Reported, Title: "已总结", Final: true},
		{Name: Cancelled, Title: "已取消", Final: true},
	},
	Steps: []process.Step[Show]{
		{Name: "publish", Title: "发布活动", From: []string{Draft}, To: Published, May: ActPublish,
			Rule: "议程至少有一个环节", Guard: hasAgenda},
		{Name: "withdraw", Title: "撤回修改", From: []string{Published}, To: Draft, May: ActPublish,
			Needs: process.Reason},
		{Name: "open", Title: "开放报名", From: []string{Published}, To: Open, May: ActRun},
		{Name: "close", Title: "截止报名", From: []string{Open}, To: Closed, May: ActRun},
		{Name: "reopen", Title: "重新开放报名", From: []string{Closed}, To: Open, May: ActRun},
		{Name: "begin", Title: "开始活动", From: []string{Open, Closed}, To: Running, May: ActRun},
		{Name: "end", Title: "结束活动", From: []string{Running}, To: Ended, May: ActRun,
			Do: tellInterests},
		{Name: "report", Title: "提交总结", From: []string{Ended}, To: Reported, May: ActRun,
			Rule: "已写活动总结", Guard: hasReport},
		{Name: "cancel", Title: "取消活动", From: []string{Draft, Published, Open, Closed},
			To: Cancelled, May: ActRun, Needs: process.Reason},
	},
	Clocks: []process.Clock[Show]{{
		Name: "report", Title: "活动总结", In: []string{Ended},
		Limit:      process.WorkingDays(usualReportDays),
		Varies:     func(s Show) process.Limit { return process.WorkingDays(int(s.ReportDays)) },
		Owner:      func(s Show) process.Owner { return process.Owner{Account: s.CreatedBy} },
		Escalate:   func(Show) process.Owner { return process.Owner{Role: authz.Leader} },
		LastResort: process.Owner{Role: authz.Officer},
	}},
})

func hasAgenda(s Show) error {
	if s.slots == 0 {
		return fault.New(fault.Conflict, "议程还没有环节")
	}
	return nil
}

func hasReport(s Show) error {
	if s.Report == "" {
		return fault.New(fault.Conflict, "还没有写活动总结")
	}
	return nil
}

// tellInterests tells the room of deals what people found, now that the event is over.
func tellInterests(ctx context.Context, tx *unit.Tx, s Show, _ process.Input) error {
	list, err := db.All(ctx, tx, qInterests, scanInterest, s.ID)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.Post != "" {
			tx.Emit(x.event())
		}
	}
	return nil
}
