package market

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// Kinds of notices of this room.
const (
	noticeFresh = "market.fresh"
	noticeMoved = "market.moved"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeFresh, Title: "供需信息待确认", Mail: true},
		{Name: noticeMoved, Title: "供需信息审核结果", Mail: true}}
}

// NoticeRules say how what happens here is told: a reminder to confirm to those who look after the
// post, and to its owner what the bureau made of it.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventPostReminder}, Notices: remindNotices},
		{Events: []string{EventPostMoved}, Notices: movedNotices}}
}

func remindNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var x ReminderEvent
	if json.Unmarshal(e.Data, &x) != nil {
		return nil, nil // of an older form: nobody waits for it any more
	}
	return aboutPost(ctx, tx, e, noticeFresh, notify.Text{Key: "请在 %d 天内确认仍然有效", Args: []any{x.Days}})
}

// movedTitles say what a state means to the owner; of others nothing is told.
var movedTitles = map[string]string{Published: "审核通过，已发布", Returned: "已退回，请修改后重新提交",
	Stale: "无人确认，已移出市场"}

func movedNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var x PostEvent
	if json.Unmarshal(e.Data, &x) != nil || movedTitles[x.State] == "" || x.Step == StepUntalk || x.Step == StepUnsolve {
		return nil, nil
	}
	return aboutPost(ctx, tx, e, noticeMoved, notify.Text{Key: movedTitles[x.State]})
}

// aboutPost tells those who look after a post.
func aboutPost(
	ctx context.Context, tx *db.Tx, e outbox.Stored, kind string, title notify.Text,
) ([]notify.Notice, error) {
	p, err := PostByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	to := []notify.To{notify.ToOrg(p.OrgNow)}
	if p.Broker != "" {
		to = append(to, notify.To{Person: p.Broker, Role: authz.Broker})
	}
	return []notify.Notice{{To: to, Kind: kind, Title: title,
		Detail: notify.Text{Key: "%s", Args: []any{p.Code + " " + p.Title}}, Href: "/market/posts/" + p.ID}}, nil
}
