package auction

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// noticeContest tells a taker of a listing that it has to bid now.
const noticeContest = "auction.contest"

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeContest, Title: "挂牌转为竞价", Mail: true}}
}

// NoticeRules say how what happens here is told: to the takers of a listing, each by itself, that it was turned
// into an auction, when that begins, and whether they may bid in it already. Nobody is told who the others are.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventMoved}, Notices: contestNotices}}
}

func contestNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var step string
	if err := json.Unmarshal(e.Data, &step); err != nil || step != StepContest {
		return nil, nil // of another step, or of an older form
	}
	old, err := byID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	next, found, err := db.Find(ctx, tx, qFollower, db.One[string], old.ID)
	if err != nil || !found {
		return nil, err
	}
	x, err := byID(ctx, tx, next)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, qNumbers, scanApplicant, x.ID)
	if err != nil {
		return nil, err
	}
	var out []notify.Notice
	for _, a := range list {
		n := notify.Notice{Kind: noticeContest, To: []notify.To{notify.ToOrg(a.orgNow)}, Href: "/auctions/" + x.ID,
			Once:  noticeContest + ":" + a.ID,
			Title: notify.Text{Key: "您受让的挂牌 %s 有多个受让方，已转为竞价 %s", Args: []any{old.Code, x.Code}}}
		detail := "%s。竞价资格已保留，%s 开始竞价"
		switch {
		case a.State == StateAdmitted:
		case x.DepositFen > 0 && a.DepositState != DepositPaid:
			detail = "%s。须按竞价公告缴纳保证金并经审查后才能出价，%s 开始竞价"
		default:
			detail = "%s。交易条件有变，须重新审查资格后才能出价，%s 开始竞价"
		}
		n.Detail = notify.Text{Key: detail, Args: []any{x.PostTitle, occasion.MomentText(x.OpensUs)}}
		out = append(out, n)
	}
	return out, nil
}
