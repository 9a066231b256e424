package indicator

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Kinds of notices of this room.
const (
	noticeReturned = "indicator.returned"
	noticeOverdue  = "indicator.overdue"
	noticeDue      = "indicator.due"
	noticeMissed   = "indicator.missed"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeReturned, Title: "填报数值被退回", Mail: true},
		{Name: noticeOverdue, Title: "填报数值超过审核时限", Mail: true},
		{Name: noticeDue, Title: "指标填报即将到期", Mail: true}, {Name: noticeMissed, Title: "指标逾期未报", Mail: true}}
}

// NoticeRules say how what happens here is told: what was sent back to the unit that reported it, and
// what waits too long to who answers for it.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventMoved}, Notices: returnNotices},
		{Events: []string{process.OverdueEvent}, Notices: overdueNotices}}
}

func returnNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var step string
	if err := json.Unmarshal(e.Data, &step); err != nil || step != StepReturn {
		return nil, nil
	}
	o, err := observationByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) || err == nil && o.reporterNow == "" {
		return nil, nil
	}
	return []notify.Notice{{Kind: noticeReturned, Href: "/observations/" + o.ID,
		To:     []notify.To{notify.ToOrg(o.reporterNow)},
		Title:  notify.Text{Key: "填报数值被退回：%s %s", Args: []any{o.Name, string(o.Period)}},
		Detail: notify.Text{Key: "%s", Args: []any{o.Name}}}}, err
}

func overdueNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var a process.Alarm
	if err := json.Unmarshal(e.Data, &a); err != nil || a.Process != ObservationProcess.Name() {
		return nil, nil // of another room
	}
	o, err := observationByID(ctx, tx, a.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return []notify.Notice{{Kind: noticeOverdue, Href: "/observations/" + o.ID,
		To:     []notify.To{notify.ToRole(authz.Officer), notify.ToRole(authz.Leader)},
		Title:  notify.Text{Key: "填报数值超过审核时限：%s %s", Args: []any{o.Name, string(o.Period)}},
		Detail: notify.Text{Key: "%s", Args: []any{o.Name}}}}, err
}
