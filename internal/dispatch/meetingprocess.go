package dispatch

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a meeting.
const (
	Preparing = "preparing" // 筹备
	Notified  = "notified"  // 已通知
	Held      = "held"      // 已召开
	Drafted   = "drafted"   // 纪要拟稿
	Issued    = "issued"    // 纪要印发
	Cancelled = "cancelled" // 取消
)

// Steps of a meeting that others speak of.
const (
	StepNotify = "notify"
	StepHold   = "hold"
	StepDraft  = "draft"
	StepIssue  = "issue"
	StepReturn = "return"
	StepCancel = "cancel"
)

// MeetingProcess is the life cycle of a meeting.
var MeetingProcess = process.MustNew(process.Def[Meeting]{
	Name:   "dispatch_meeting",
	Title:  "调度会",
	Policy: MeetingPolicy,
	Store: process.Store[Meeting]{
		Load: meetingByID,
		At: func(m Meeting) process.Position {
			return process.Position{ID: m.ID, State: m.State, Version: m.Version}
		},
		Move: qMeetingMove,
	},
	States: []process.State{
		{Name: Preparing, Title: "筹备", Initial: true},
		{Name: Notified, Title: "已通知"},
		{Name: Held, Title: "已召开"},
		{Name: Drafted, Title: "纪要拟稿"},
		{Name: Issued, Title: "纪要印发", Final: true},
		{Name: Cancelled, Title: "已取消", Final: true},
	},
	Steps: []process.Step[Meeting]{
		{Name: StepNotify, Title: "发会议通知", From: []string{Preparing}, To: Notified, May: ActMeetingRun,
			Rule: "议程至少有一个议题", Guard: hasItems, Do: noteNotified},
		{Name: StepHold, Title: "会议已召开", From: []string{Notified}, To: Held, May: ActMeetingRun,
			Rule: "议程至少有一个议题", Guard: hasItems, Do: noteHeld},
		{Name: StepDraft, Title: "纪要送签", From: []string{Held}, To: Drafted, May: ActMeetingRun,
			Rule: "已写纪要，每个议题都有决议", Guard: minutesComplete},
		{Name: StepIssue, Title: "签发纪要", From: []string{Drafted}, To: Issued, May: ActMeetingSign,
			Rule: "已写纪要，每个议题都有决议", Guard: minutesComplete, Do: numberMinutes},
		{Name: StepReturn, Title: "退回修改", From: []string{Drafted}, To: Held, May: ActMeetingSign,
			Needs: process.Reason},
		{Name: StepCancel, Title: "取消会议", From: []string{Preparing, Notified}, To: Cancelled,
			May: ActMeetingRun, Needs: process.Reason},
	},
	Clocks: []process.Clock[Meeting]{{
		Name: "minutes", Title: "印发纪要", In: []string{Held, Drafted},
		Limit:      process.WorkingDays(usualMinutesDays),
		Varies:     func(m Meeting) process.Limit { return process.WorkingDays(int(m.MinutesDays)) },
		Owner:      func(m Meeting) process.Owner { return process.Owner{Account: m.CreatedBy} },
		Escalate:   func(Meeting) process.Owner { return process.Owner{Role: authz.Leader} },
		LastResort: process.Owner{Role: authz.Officer},
	}},
})

func hasItems(m Meeting) error {
	if m.kept == 0 {
		return fault.New(fault.Conflict, "议程还没有议题")
	}
	return nil
}

func minutesComplete(m Meeting) error {
	switch {
	case m.Minutes == "":
		return fault.New(fault.Conflict, "还没有写纪要")
	case m.undecided > 0:
		return fault.New(fault.Conflict, "还有 %d 个议题没有决议；未讨论的请移出议程并写明原因", m.undecided)
	}
	return nil
}

var (
	qMeetingNotified = db.Stmt(`UPDATE dispatch_meeting SET notified_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMeetingHeld = db.Stmt(`UPDATE dispatch_meeting SET held_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMeetingIssued = db.Stmt(`UPDATE dispatch_meeting SET issued_us = $3, minutes_no = $4, signer = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
)

func noteNotified(ctx context.Context, tx *unit.Tx, m Meeting, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qMeetingNotified, m.ID, m.Version, tx.NowUs())
}

func noteHeld(ctx context.Context, tx *unit.Tx, m Meeting, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qMeetingHeld, m.ID, m.Version, tx.NowUs())
}

// numberMinutes gives the minutes their number: one sequence a year.
func numberMinutes(ctx context.Context, tx *unit.Tx, m Meeting, _ process.Input) error {
	rule, err := ruleAt(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
	if err != nil {
		return err
	}
	year := yearOf(tx.NowUs())
	n, err := nextNumber(ctx, tx, fmt.Sprintf("minutes:%d", year))
	if err != nil {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qMeetingIssued, m.ID, m.Version, tx.NowUs(),
		i18n.DocumentNo(rule.MinutesPrefix, year, int(n)), tx.By().Login)
}
