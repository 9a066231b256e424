package monitor

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

const noticeRed = "monitor.red"

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeRed, Title: "指标亮红灯", Mail: true}}
}

// NoticeRules say how what happens here is told: a light that turns red, once each time it does, however
// often it is computed.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventLight}, Notices: redNotices}}
}

// redNotices tells the unit that answers for the indicator and the one that leads the target; the staff
// of a district of what the district has to reach; officers where no unit answers.
func redNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var moved LightEvent
	if json.Unmarshal(e.Data, &moved) != nil || moved.To != plan.Red {
		return nil, nil
	}
	l, found, err := db.Find(ctx, tx, qLight, scanLight, e.Object)
	if err != nil || !found || l.Light.Colour != plan.Red {
		return nil, err // it recovered before anybody was told
	}
	var to []notify.To
	for _, org := range []string{l.Owner, l.Lead} {
		if org != "" {
			to = append(to, notify.ToOrg(org))
		}
	}
	if l.Region.Level() == region.LevelCounty {
		to = append(to, notify.To{Role: authz.District, Region: string(l.Region)})
	}
	if len(to) == 0 {
		to = []notify.To{notify.ToRole(authz.Officer)}
	}
	n := notify.Notice{Kind: noticeRed, Href: "/monitor/lights/" + l.Target, To: to,
		Title: notify.Text{Key: "指标亮红灯：%s", Args: []any{l.Name}},
		Once:  fmt.Sprintf("%s:%s:%d", noticeRed, l.Target, e.Seq)}
	if len(l.Light.Reasons) > 0 {
		why := l.Light.Reasons[0]
		n.Detail = notify.Text{Key: why.Key, Args: why.Args}
	}
	return []notify.Notice{n}, nil
}
