package studio

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

const noticeInvited = "studio.invited"

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeInvited, Title: "邀请比较指标的重要程度", Mail: true}}
}

// NoticeRules say how what happens here is told: an expert is told of the invitation.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventPanelInvited}, Notices: invitedNotices}}
}

func invitedNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var account string
	if json.Unmarshal(e.Data, &account) != nil || account == "" {
		return nil, nil
	}
	p, _, err := panelByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []notify.Notice{{Kind: noticeInvited, Href: "/studio/panels/" + p.ID,
		To:    []notify.To{notify.ToAccount(account)},
		Title: notify.Text{Key: "请比较指标的重要程度：%s", Args: []any{p.Title}}}}, nil
}
