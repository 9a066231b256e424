package auction

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an auction.
const (
	Draft     = "draft"     // 草稿
	Notice    = "notice"    // 公告中
	Bidding   = "bidding"   // 竞价中
	Closed    = "closed"    // 已截止
	Publicity = "publicity" // 结果公示
	Objected  = "objected"  // 异议处理
	Confirmed = "confirmed" // 结果确认
	Signed    = "signed"    // 已签约
	Failed    = "failed"    // 流拍
	Contested = "contested" // 已转竞价: a listing whose takers compete in an auction of their own
	Cancelled = "cancelled" // 已取消
)

// Steps that the program itself names.
const (
	StepBegin = "begin"
	StepClose = "close"
	StepSign  = "sign"

	// StepContest is taken by Contest.
	StepContest = "contest"

	stepAnnounce = "announce"
)

// usual are the limits that ship with the program; those in force are of the market's dated rule.
var usual = market.UsualTerms()

func answerLimit(x Item) process.Limit {
	return process.WorkingDays(cmp.Or(x.terms.AnswerDays, usual.AnswerDays))
}

func signLimit(x Item) process.Limit {
	return process.CalendarDays(cmp.Or(x.terms.SignDays, usual.SignDays))
}

// Process is the life cycle of an auction.
var Process = process.MustNew(process.Def[Item]{
	Name:   "auction",
	Title:  "挂牌与拍卖",
	Source: "促进科技成果转化法（2015）；公告与公示天数按当期规则",
	Policy: Policy,
	Store: process.Store[Item]{
		Load: byID,
		At: func(x Item) process.Position {
			return process.Position{ID: x.ID, State: x.State, Version: x.Version}
		},
		Move: qMove,
	},
	States: []process.State{
		{Name: Draft, Title: "草稿", Initial: true},
		{Name: Notice, Title: "公告中"},
		{Name: Bidding, Title: "竞价中"},
		{Name: Closed, Title: "已截止"},
		{Name: Publicity, Title: "结果公示"},
		{Name: Objected, Title: "异议处理"},
		{Name: Confirmed, Title: "结果确认"},
		{Name: Signed, Title: "已签约", Final: true},
		{Name: Failed, Title: "流拍", Final: true},
		{Name: Contested, Title: "已转竞价", Final: true},
		{Name: Cancelled, Title: "已取消", Final: true},
	},
	Steps: append(courseSteps(), resultSteps()...),
	Clocks: []process.Clock[Item]{
		{Name: "answer", Title: "异议答复", In: []string{Objected},
			Limit: process.WorkingDays(usual.AnswerDays), Varies: answerLimit,
			Owner: officer, Escalate: leader, LastResort: process.Owner{Role: authz.Officer}},
		{Name: "sign", Title: "签约", In: []string{Confirmed},
			Limit: process.CalendarDays(usual.SignDays), Varies: signLimit,
			Owner: officer, Escalate: leader, LastResort: process.Owner{Role: authz.Officer}},
	},
})

func officer(Item) process.Owner { return process.Owner{Role: authz.Officer} }
func leader(Item) process.Owner  { return process.Owner{Role: authz.Leader} }

func courseSteps() []process.Step[Item] {
	return []process.Step[Item]{
		{Name: stepAnnounce, Title: "发布公告", From: []string{Draft}, To: Notice, May: ActRun,
			Rule: "竞价开始时，公告期已满；成果在市场上，定价方式与交易方式一致", Guard: noticeFits, Do: stampNotice},
		{Name: StepBegin, Title: "开始竞价", From: []string{Notice}, To: Bidding, May: ActRun,
			Rule: "公告期已满，且到了公告的开始时间；成果在市场上", Guard: mayBegin, Do: begin},
		{Name: StepClose, Title: "截止竞价", From: []string{Bidding}, To: Closed, May: ActRun,
			Rule: "到了截止时间", Guard: mayClose},
		{Name: "cancel", Title: "取消", From: []string{Draft, Notice, Bidding}, To: Cancelled, May: ActRun,
			Needs: process.Reason},
	}
}

func resultSteps() []process.Step[Item] {
	return []process.Step[Item]{
		{Name: "publicise", Title: "公示结果", From: []string{Closed}, To: Publicity, May: ActRun,
			Rule: "有受让方；成果在市场上", Guard: hasWinner, Do: stampPublicity},
		{Name: StepContest, Title: "转为竞价", From: []string{Closed}, To: Contested, May: ActRun,
			Rule: "挂牌征集到两个以上受让方；成果在市场上", Guard: severalTakers, Check: followed},
		{Name: "fail", Title: "宣布流拍", From: []string{Closed}, To: Failed, May: ActRun,
			Rule: "没有受让方", Guard: hasNoWinner},
		{Name: "object", Title: "提出异议", From: []string{Publicity}, To: Objected, May: ActObject,
			Needs: process.Reason},
		{Name: "dismiss", Title: "异议不成立", From: []string{Objected}, To: Publicity, May: ActRun,
			Needs: process.Reason},
		{Name: "uphold", Title: "异议成立", From: []string{Objected}, To: Failed, May: ActRun,
			Needs: process.Reason},
		{Name: "confirm", Title: "确认结果", From: []string{Publicity}, To: Confirmed, May: ActRun,
			Rule: "公示期已满；成果在市场上", Guard: publicityOver},
		{Name: StepSign, Title: "签约", From: []string{Confirmed}, To: Signed, May: ActRun,
			Rule: "成果在市场上", Guard: there},
		{Name: "default", Title: "受让方悔约", From: []string{Confirmed}, To: Failed, May: ActRun,
			Needs: process.Reason},
		// The end that is nobody's fault: the achievement is gone, or a court or an office forbids the trade.
		{Name: "terminate", Title: "终结交易", From: []string{Closed, Publicity, Objected, Confirmed},
			To: Cancelled, May: ActRun, Needs: process.Reason},
	}
}

func noticeFits(x Item) error {
	if earliest := daysAfter(x.nowUs, x.NoticeDays); x.OpensUs < earliest {
		return fault.New(fault.Conflict, "公告期 %d 天，今天公告，竞价最早于 %s 开始", x.NoticeDays,
			second(earliest))
	}
	return there(x)
}

// there says that nothing can go on without the achievement.
func there(x Item) error {
	if x.Gone {
		return fault.New(fault.Conflict, "成果已不在市场上，交易不能继续；请取消或终结这场交易，不算任何一方违约")
	}
	return nil
}

func mayBegin(x Item) error {
	if from := max(x.OpensUs, x.NoticeUntil()); x.nowUs < from {
		return fault.New(fault.Conflict, "竞价于 %s 开始", second(from))
	}
	return there(x)
}

func mayClose(x Item) error {
	if x.nowUs < x.ClosesUs {
		return fault.New(fault.Conflict, "竞价于 %s 截止", second(x.ClosesUs))
	}
	return nil
}

func hasWinner(x Item) error {
	if x.winner == "" {
		return fault.New(fault.Conflict, "没有符合条件的受让方")
	}
	return there(x)
}

func hasNoWinner(x Item) error {
	if x.winner != "" || x.Mode == Listing && x.Bids > 1 && !x.Gone {
		return fault.New(fault.Conflict, "已有受让方，应公示结果或转为竞价")
	}
	return nil
}

func severalTakers(x Item) error {
	if x.Mode != Listing || x.Bids < 2 {
		return fault.New(fault.Conflict, "只有征集到两个以上受让方的挂牌可以转为竞价")
	}
	return there(x)
}

func publicityOver(x Item) error {
	if until := x.PublicityUntil(); x.nowUs < until {
		return fault.New(fault.Conflict, "公示至 %s", second(until))
	}
	return there(x)
}

func stampNotice(ctx context.Context, tx *unit.Tx, x Item, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qNoticed, x.ID, x.Version, tx.NowUs())
}

func stampPublicity(ctx context.Context, tx *unit.Tx, x Item, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qPublicised, x.ID, x.Version, tx.NowUs())
}

// begin writes the first event of the log, and those of takers who were admitted to a listing before.
func begin(ctx context.Context, tx *unit.Tx, x Item, _ process.Input) error {
	r := x.rules()
	s, err := record(ctx, tx, x, State{}, Event{AtUs: x.nowUs, Kind: EvBegin, Rules: &r})
	if err != nil || x.Mode != Listing {
		return err
	}
	admitted, err := db.All(ctx, tx, qAdmitted, scanApplicant, x.ID)
	if err != nil {
		return err
	}
	for _, a := range admitted {
		if s, err = record(ctx, tx, x, s, Event{AtUs: x.nowUs, Kind: EvAdmit, Who: a.ID}); err != nil {
			return err
		}
	}
	return nil
}
