package dispatch

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Kinds of notices of this room.
const (
	noticeMeeting = "dispatch.meeting"
	noticeLetter  = "dispatch.letter"
	noticeSign    = "dispatch.sign"
	noticeSoon    = "dispatch.soon"
	noticeOverdue = "dispatch.overdue"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeMeeting, Title: "调度会通知", Mail: true},
		{Name: noticeLetter, Title: "督办函", Mail: true}, {Name: noticeSign, Title: "待签发的文稿", Mail: true},
		{Name: noticeSoon, Title: "督办函即将到期", Mail: true},
		{Name: noticeOverdue, Title: "督办超过时限", Mail: true}}
}

// NoticeRules say how what happens here is told. None says more than everybody who gets it may read.
func NoticeRules() []notify.Rule {
	return []notify.Rule{
		{Events: []string{EventMeetingMoved, EventMeetingUpdated}, Notices: meetingNotices},
		{Events: []string{EventLetterCreated, EventLetterMoved}, Notices: letterNotices},
		{Events: []string{process.OverdueEvent}, Notices: overdueNotices},
	}
}

// people are who acts for some units.
func people(list ...Unit) []notify.To {
	var to []notify.To
	for _, u := range list {
		if u.Now != "" {
			to = append(to, notify.ToOrg(u.Now))
		}
		if u.Role == authz.District && u.Region != "" {
			to = append(to, notify.To{Role: authz.District, Region: string(u.Region)})
		}
	}
	return to
}

func meetingNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	m, err := meetingByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeMeeting, Href: "/dispatch/" + m.ID, To: people(m.Units...),
		Detail: notify.Text{Key: "%s，%s", Args: []any{momentText(m.StartsUs), m.Place}}}
	title := func(key string) notify.Text { return notify.Text{Key: key, Args: []any{m.Title}} }
	if e.Kind == EventMeetingUpdated {
		var c MeetingChange
		if json.Unmarshal(e.Data, &c) != nil || !c.Moved || m.State != Notified {
			return nil, nil
		}
		n.Title = title("会议时间或地点有变：%s")
		return []notify.Notice{n}, nil
	}
	var step string
	_ = json.Unmarshal(e.Data, &step) // of an older form: no step is told
	switch step {
	case StepNotify:
		n.Title = title("会议通知：%s")
	case StepIssue:
		n.Title, n.Href = title("会议纪要已印发：%s"), "/dispatch/"+m.ID+"/minutes"
	case StepCancel:
		if m.NotifiedUs == 0 {
			return nil, nil
		}
		n.Title = title("会议取消：%s")
	case StepDraft:
		n.Kind, n.Title, n.To = noticeSign, title("纪要待签发：%s"), []notify.To{notify.ToRole(authz.Leader)}
	case StepReturn:
		n.Title, n.To = title("纪要被退回修改：%s"), []notify.To{notify.ToAccount(m.CreatedBy)}
	default:
		return nil, nil
	}
	return []notify.Notice{n}, nil
}

func letterNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	l, err := letterByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeLetter, Href: "/letters/" + l.ID, To: people(l.To),
		Detail: notify.Text{Key: "%s", Args: []any{l.Title}}}
	numbered := func(key string) notify.Text { return notify.Text{Key: key, Args: []any{l.Number}} }
	officer := []notify.To{notify.ToAccount(l.Supervisor), notify.ToAccount(l.CreatedBy)}
	step := ""
	if e.Kind == EventLetterMoved {
		_ = json.Unmarshal(e.Data, &step) // of an older form: no step is told
	} else {
		n.Kind, n.Title, n.To = noticeSign, notify.Text{Key: "督办函待签发"}, []notify.To{notify.ToRole(authz.Leader)}
		return []notify.Notice{n}, nil
	}
	switch step {
	case StepSign:
		n.Title, n.To = numbered("督办函 %s 已签发，请送达"), officer
	case StepDeliver:
		n.Title = notify.Text{Key: "收到督办函 %s，请于 %s 前回复", Args: []any{l.Number, momentText(l.DueUs)}}
	case StepReply:
		n.Title, n.To = numbered("督办函 %s 已回复"), officer
	case StepAgain:
		n.Title = notify.Text{Key: "督办函 %s 的回复被退回，请于 %s 前重报", Args: []any{l.Number,
			momentText(l.DueUs)}}
	case StepClose:
		n.Title = numbered("督办函 %s 已办结")
	case StepWithdraw:
		if l.DeliveredUs == 0 {
			return nil, nil
		}
		n.Title = numbered("督办函 %s 已撤回")
	default:
		return nil, nil
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

func overdueNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	var a process.Alarm
	if err := json.Unmarshal(e.Data, &a); err != nil {
		return nil, nil
	}
	to := []notify.To{ownerOf(a.Handed.From), ownerOf(a.Handed.To)}
	switch a.Process {
	case LetterProcess.Name():
		l, err := letterByID(ctx, tx, a.Object)
		if err != nil {
			return nil, dropAbsent(err)
		}
		return []notify.Notice{{Kind: noticeOverdue, Href: "/letters/" + l.ID, To: append(to, people(l.To)...),
			Title:  notify.Text{Key: "督办函 %s 超过时限，请尽快处理", Args: []any{l.Number}},
			Detail: notify.Text{Key: "%s", Args: []any{l.Title}}}}, nil
	case MeetingProcess.Name():
		m, err := meetingByID(ctx, tx, a.Object)
		if err != nil {
			return nil, dropAbsent(err)
		}
		return []notify.Notice{{Kind: noticeOverdue, Href: "/dispatch/" + m.ID, To: to,
			Title: notify.Text{Key: "纪要超过印发时限：%s", Args: []any{m.Title}}}}, nil
	}
	return nil, nil // of another room
}

func dropAbsent(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// soonNotice reminds of a letter whose reply is due soon, once for each deadline.
func soonNotice(l Letter, r process.Run) notify.Notice {
	return notify.Notice{Kind: noticeSoon, Href: "/letters/" + l.ID,
		To: append([]notify.To{ownerOf(r.Owner)}, people(l.To)...),
		Title: notify.Text{Key: "督办函 %s 应于 %s 前回复", Args: []any{l.Number,
			momentText(clock.Us(clock.Time(r.DueUs)))}},
		Detail: notify.Text{Key: "%s", Args: []any{l.Title}},
		Once:   fmt.Sprintf("%s:%s:%d", noticeSoon, l.ID, r.DueUs)}
}
