package assess

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Kinds of notices of this room.
const (
	noticeRound   = "assess.round"
	noticeSoon    = "assess.soon"
	noticeAppeal  = "assess.appeal"
	noticeOverdue = "assess.overdue"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeRound, Title: "考核规则、公示与发布", Mail: true},
		{Name: noticeSoon, Title: "考核申诉期即将结束", Mail: true},
		{Name: noticeAppeal, Title: "考核申诉及答复", Mail: true},
		{Name: noticeOverdue, Title: "考核事项到期", Mail: true}}
}

// NoticeRules say how what happens here is told. A unit is told of its own result only, with the page
// that it may read by then.
func (s *Service) NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventRoundMoved}, Notices: s.roundNotices},
		{Events: []string{EventAppealFiled, EventAppealMoved}, Notices: appealNotices},
		{Events: []string{process.OverdueEvent}, Notices: overdueNotices}}
}

// people are who acts for an assessed unit: its accounts, and the staff of a district for its offices.
func (e Entry) people() []notify.To {
	to := []notify.To{notify.ToOrg(e.OrgNow)}
	if e.Group == "district" && e.Region != "" {
		to = append(to, notify.To{Role: authz.District, Region: e.Region})
	}
	return to
}

// dayText writes the last day on which something is possible.
func dayText(dueUs int64) string {
	return i18n.Date(i18n.ZH, clock.DateOf(clock.Time(dueUs-1)))
}

// stepWords are what a step of a round is told as.
var stepWords = map[string]string{"announce": "考核规则已公布：%s", "show": "考核结果已公示：%s",
	StepClose: "申诉期已结束，考核转入审定：%s", "rework": "考核结果退回重新计分：%s", "publish": "考核结果已发布：%s"}

func (s *Service) roundNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	var step string
	if json.Unmarshal(e.Data, &step) != nil || stepWords[step] == "" {
		return nil, nil
	}
	x, err := roundByID(ctx, tx, e.Object)
	if err != nil {
		return nil, dropAbsent(err)
	}
	list, err := db.All(ctx, tx, qEntries, scanEntry, x.ID)
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeRound, Title: notify.Text{Key: stepWords[step], Args: []any{x.Title}}}
	if step == "show" {
		due, err := s.appealsUntil(ctx, tx, x)
		if err != nil {
			return nil, err
		}
		if due > 0 {
			n.Detail = notify.Text{Key: "申诉期到 %s 止", Args: []any{dayText(due)}}
		}
	}
	open := step == "show" || step == StepClose || step == "publish"
	return each(list, n, open), nil
}

// each tells every unit of a round, with the page of its own result or that of the round.
func each(list []Entry, n notify.Notice, own bool) []notify.Notice {
	var out []notify.Notice
	for _, e := range list {
		n.To, n.Href = e.people(), "/assessments/rounds/"+e.Round
		if own {
			n.Href = "/assessments/entries/" + e.ID
		}
		out = append(out, n)
	}
	return out
}

func appealNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	a, err := appealByID(ctx, tx, e.Object)
	if err != nil {
		return nil, dropAbsent(err)
	}
	unit := append(a.entry.people(), notify.ToAccount(a.CreatedBy))
	n := notify.Notice{Kind: noticeAppeal, Href: "/assessments/appeals/" + a.ID,
		To: []notify.To{notify.ToAccount(a.holder)}, But: []string{a.CreatedBy}}
	if e.Kind == EventAppealFiled {
		n.Title = notify.Text{Key: "收到考核申诉：%s", Args: []any{a.OrgName}}
		return []notify.Notice{n}, nil
	}
	var step string
	_ = json.Unmarshal(e.Data, &step) // of an older form: no step is told
	switch step {
	case "uphold":
		n.To, n.But = unit, nil
		n.Title = notify.Text{Key: "考核申诉已采纳：%s", Args: []any{a.OrgName}}
	case "reject":
		n.To, n.But = unit, nil
		n.Title = notify.Text{Key: "考核申诉未采纳：%s", Args: []any{a.OrgName}}
	case "withdraw":
		n.Title = notify.Text{Key: "考核申诉已撤回：%s", Args: []any{a.OrgName}}
	default:
		return nil, nil
	}
	return []notify.Notice{n}, nil
}

// overdueNotices tell that the time for appeals is over, and that an appeal waits too long.
func overdueNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var a process.Alarm
	if json.Unmarshal(e.Data, &a) != nil {
		return nil, nil
	}
	n := notify.Notice{Kind: noticeOverdue, To: []notify.To{ownerOf(a.Handed.From), ownerOf(a.Handed.To)}}
	switch a.Process {
	case RoundProcess.Name():
		x, err := roundByID(ctx, tx, a.Object)
		if err != nil {
			return nil, dropAbsent(err)
		}
		n.Href = "/assessments/rounds/" + x.ID
		n.Title = notify.Text{Key: "申诉期已满，可以结束：%s", Args: []any{x.Title}}
	case AppealProcess.Name():
		x, err := appealByID(ctx, tx, a.Object)
		if err != nil {
			return nil, dropAbsent(err)
		}
		n.Href = "/assessments/appeals/" + x.ID
		n.Title = notify.Text{Key: "考核申诉超过答复时限：%s", Args: []any{x.OrgName}}
	default:
		return nil, nil // of another room
	}
	return []notify.Notice{n}, nil
}

func ownerOf(o process.Owner) notify.To {
	switch {
	case o.Account != "":
		return notify.ToAccount(o.Account)
	case o.Org != "":
		return notify.ToOrg(o.Org)
	}
	return notify.ToRole(o.Role)
}

func dropAbsent(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// soonNotice reminds a unit that the time for appeals ends, once for each end.
func soonNotice(x Round, due int64) notify.Notice {
	return notify.Notice{Kind: noticeSoon, Title: notify.Text{Key: "申诉期将于 %s 结束：%s",
		Args: []any{dayText(due), x.Title}}, Once: fmt.Sprintf("%s:%s:%d", noticeSoon, x.ID, due)}
}
