package atlas

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Kinds of notices of this room.
const (
	noticeReported = "atlas.reported"
	noticeAnswered = "atlas.answered"
	noticeOverdue  = "atlas.overdue"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeReported, Title: "收到云图纠错"},
		{Name: noticeAnswered, Title: "云图纠错的处理结果", Mail: true},
		{Name: noticeOverdue, Title: "云图纠错超过时限", Mail: true}}
}

// NoticeRules say how what happens here is told: a report to the bureau, every step to who reported,
// a limit that is over to who answers for it.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventCorrectionMoved}, Notices: movedNotices},
		{Events: []string{process.OverdueEvent}, Notices: overdueNotices}}
}

func movedNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	c, err := correctionByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var step string
	_ = json.Unmarshal(e.Data, &step) // anything else is no step
	n := notify.Notice{Href: "/atlas/corrections/" + c.ID,
		Detail: notify.Text{Key: "%s", Args: []any{c.about()}}}
	if step == "report" {
		n.Kind, n.To = noticeReported, []notify.To{notify.ToRole(authz.Officer)}
		n.Title = notify.Text{Key: "收到云图纠错 %s", Args: []any{c.Code}}
		return []notify.Notice{n}, nil
	}
	if c.CreatedBy == "" || step == StepWithdraw {
		return nil, nil
	}
	n.Kind, n.To = noticeAnswered, []notify.To{notify.ToAccount(c.CreatedBy)}
	n.Title = notify.Text{Key: "您的纠错 %s：%s", Args: []any{c.Code, i18n.Key(stateTitle(c.State))}}
	return []notify.Notice{n}, nil
}

func (c Correction) about() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Page
}

func stateTitle(state string) string {
	for _, s := range CorrectionProcess.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}

func overdueNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var a process.Alarm
	if err := json.Unmarshal(e.Data, &a); err != nil || a.Process != CorrectionProcess.Name() {
		return nil, nil // of another room
	}
	c, err := correctionByID(ctx, tx, a.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	to := func(o process.Owner) notify.To {
		if o.Account != "" {
			return notify.ToAccount(o.Account)
		}
		return notify.ToRole(o.Role)
	}
	return []notify.Notice{{Kind: noticeOverdue, Href: "/atlas/corrections/" + c.ID,
		To:     []notify.To{to(a.Handed.From), to(a.Handed.To)},
		Title:  notify.Text{Key: "云图纠错 %s 超过时限，请尽快处理", Args: []any{c.Code}},
		Detail: notify.Text{Key: "%s", Args: []any{c.about()}}}}, err
}
