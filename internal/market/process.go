package market

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Steps of posts.
const (
	StepSubmit    = "submit"    // 提交审核
	StepReturn    = "return"    // 退回修改
	StepNotice    = "notice"    // 开始公示: achievements priced by agreement
	StepPublish   = "publish"   // 审核通过并发布
	StepAnnounce  = "announce"  // 公示期满发布
	StepRevise    = "revise"    // 修改后重新审核
	StepConfirm   = "confirm"   // 确认仍有效, while it is
	StepGoStale   = "go_stale"  // 逾期未确认
	StepReconfirm = "reconfirm" // 确认仍有效, after it went stale
	StepWithdraw  = "withdraw"  // 撤回
	StepClose     = "close"     // 关闭
	StepReopen    = "reopen"    // 重新起草

	// Sibling rooms take these by Advance.
	StepTalk      = "talk"      // 开始对接
	StepUntalk    = "untalk"    // 对接未成
	StepSign      = "sign"      // 签约
	StepRegister  = "register"  // 合同登记: achievements
	StepSolve     = "solve"     // 解决: needs
	StepUnsolve   = "unsolve"   // 未能解决: needs, whose contract does not stand
	StepChallenge = "challenge" // 转揭榜: needs
)

// NeedProcess is the life cycle of a need.
var NeedProcess = process.MustNew(process.Def[Post]{
	Name:   "market_need",
	Title:  "技术需求",
	Policy: PostPolicy,
	Store:  postStore(Need),
	States: []process.State{
		{Name: Draft, Title: "草稿", Initial: true},
		{Name: Review, Title: "审核中", Initial: true},
		{Name: Returned, Title: "退回修改"},
		{Name: Published, Title: "已发布"},
		{Name: Talking, Title: "对接中"},
		{Name: Signed, Title: "已签约"},
		{Name: Solved, Title: "已解决"},
		{Name: Challenged, Title: "转揭榜"},
		{Name: Stale, Title: "待确认失效"},
		{Name: Withdrawn, Title: "已撤回"},
		{Name: Closed, Title: "已关闭"},
	},
	Steps: slices.Concat(deskSteps(Review), []process.Step[Post]{
		{Name: StepSign, Title: "签约", From: []string{Published, Talking}, To: Signed,
			May: ActPostAdvance, Do: marks(markIntroduced, markSigned)},
		{Name: StepSolve, Title: "解决", From: []string{Published, Talking, Signed, Stale, Challenged},
			To: Solved, May: ActPostAdvance},
		{Name: StepUnsolve, Title: "未能解决", From: []string{Solved}, To: Published, May: ActPostAdvance,
			Do: backToMarket},
		{Name: StepChallenge, Title: "转揭榜", From: []string{Published, Talking, Stale},
			To: Challenged, May: ActPostAdvance},
	}, endSteps([]string{Draft, Review, Returned, Published, Stale},
		[]string{Published, Talking, Signed, Solved, Challenged, Stale})),
	Clocks:  postClocks(false),
	Endless: true,
})

// AchievementProcess is the life cycle of an achievement.
var AchievementProcess = process.MustNew(process.Def[Post]{
	Name:   "market_achievement",
	Title:  "科技成果",
	Source: "促进科技成果转化法（2015）：协议定价须在本单位公示，不少于 15 日；天数按当期规则",
	Policy: PostPolicy,
	Store:  postStore(Achievement),
	States: []process.State{
		{Name: Draft, Title: "草稿", Initial: true},
		{Name: Review, Title: "审核中", Initial: true},
		{Name: Returned, Title: "退回修改"},
		{Name: Noticed, Title: "公示中"},
		{Name: Published, Title: "已发布"},
		{Name: Talking, Title: "对接中"},
		{Name: Signed, Title: "已签约"},
		{Name: Registered, Title: "合同已登记"},
		{Name: Stale, Title: "待确认失效"},
		{Name: Withdrawn, Title: "已撤回"},
		{Name: Closed, Title: "已关闭"},
	},
	Steps: slices.Concat(deskSteps(Review, Noticed), []process.Step[Post]{
		{Name: StepNotice, Title: "开始公示", From: []string{Review}, To: Noticed, May: ActPostReview,
			Rule: "协议定价且尚未公示满规则规定的天数", Guard: toBeNoticed, Do: startNotice},
		{Name: StepAnnounce, Title: "公示期满发布", From: []string{Noticed}, To: Published,
			May: ActPostReview, Rule: "公示已满规则规定的天数", Guard: ranOut, Do: goLive},
		{Name: StepSign, Title: "签约", From: []string{Published, Talking}, To: Signed,
			May: ActPostAdvance, Rule: heldRule, Guard: free, Do: marks(markIntroduced, markSigned)},
		{Name: StepRegister, Title: "合同登记", From: []string{Signed}, To: Registered,
			May: ActPostAdvance, Do: marks(markRegistered)},
	}, endSteps([]string{Draft, Review, Returned, Noticed, Published, Stale},
		[]string{Published, Talking, Signed, Registered, Stale})),
	Clocks:  postClocks(true),
	Endless: true,
})

// ProcessOf is the life cycle of a kind.
func ProcessOf(k Kind) *process.Process[Post] {
	if k == Need {
		return NeedProcess
	}
	return AchievementProcess
}

func postStore(k Kind) process.Store[Post] {
	return process.Store[Post]{
		Load: func(ctx context.Context, q db.Q, id string) (Post, error) {
			p, err := PostByID(ctx, q, id)
			if err == nil && p.Kind != k {
				return Post{}, errAbsent()
			}
			return p, err
		},
		At: func(p Post) process.Position {
			return process.Position{ID: p.ID, State: p.State, Version: p.Version}
		},
		Move: qPostMove,
	}
}

// deskSteps are those of the editorial desk and of freshness; a post is sent back from the states
// given.
func deskSteps(back ...string) []process.Step[Post] {
	return []process.Step[Post]{
		{Name: StepSubmit, Title: "提交审核", From: []string{Draft, Returned}, To: Review,
			May: ActPostUpdate, Rule: "必填项齐全", Guard: complete},
		{Name: StepReturn, Title: "退回修改", From: back, To: Returned, May: ActPostReview,
			Needs: process.Reason},
		{Name: StepPublish, Title: "审核通过并发布", From: []string{Review}, To: Published,
			May: ActPostReview, Rule: "协议定价的成果已在本单位公示满规则规定的天数", Guard: publishable, Do: goLive},
		{Name: StepRevise, Title: "修改后重新审核", From: []string{Published, Stale}, To: Review,
			May: ActPostUpdate, Rule: revisedRule, Guard: free, Check: revised, Do: storeRevised},
		{Name: StepConfirm, Title: "确认仍有效", From: []string{Published, Talking}, To: process.Stay,
			May: ActPostConfirm, Rule: "需求未过截止日期", Guard: inTime, Do: goLive},
		{Name: StepGoStale, Title: "逾期未确认", From: []string{Published}, To: Stale,
			May: ActPostReview, Rule: heldRule, Guard: free},
		{Name: StepReconfirm, Title: "重新确认有效", From: []string{Stale}, To: Published,
			May: ActPostConfirm, Rule: "需求未过截止日期", Guard: inTime, Do: goLive},
		{Name: StepTalk, Title: "开始对接", From: []string{Published}, To: Talking, May: ActPostAdvance,
			Do: marks(markIntroduced)},
		{Name: StepUntalk, Title: "对接未成", From: []string{Talking, Signed}, To: Published,
			May: ActPostAdvance, Do: backToMarket},
	}
}

const revisedRule = "修改已发布的内容，且没有进行中的挂牌或拍卖"

func endSteps(withdraw, end []string) []process.Step[Post] {
	return []process.Step[Post]{
		{Name: StepWithdraw, Title: "撤回", From: withdraw, To: Withdrawn, May: ActPostWithdraw,
			Needs: process.Reason, Rule: heldRule, Guard: free},
		{Name: StepClose, Title: "关闭", From: end, To: Closed, May: ActPostWithdraw,
			Needs: process.Reason, Rule: heldRule, Guard: free},
		{Name: StepReopen, Title: "重新起草", From: []string{Withdrawn, Closed}, To: Draft,
			May: ActPostUpdate},
	}
}

func postClocks(noticed bool) []process.Clock[Post] {
	officer := func(Post) process.Owner { return process.Owner{Role: authz.Officer} }
	leader := func(Post) process.Owner { return process.Owner{Role: authz.Leader} }
	owner := func(p Post) process.Owner {
		if p.CreatedBy != "" {
			return process.Owner{Account: p.CreatedBy}
		}
		return process.Owner{Role: authz.Enterprise, Org: p.OrgNow}
	}
	last := process.Owner{Role: authz.Officer}
	usual := UsualTerms()
	clocks := []process.Clock[Post]{
		{Name: "review", Title: "编辑审核", In: []string{Review}, Varies: reviewLimit,
			Limit: process.WorkingDays(usual.ReviewDays),
			Owner: officer, Escalate: leader, LastResort: last},
		{Name: "correct", Title: "补正", In: []string{Returned}, Varies: correctLimit,
			Limit: process.WorkingDays(usual.CorrectDays),
			Owner: owner, Escalate: officer, LastResort: last},
	}
	if noticed {
		clocks = append(clocks, process.Clock[Post]{Name: "notice", Title: "公示",
			In: []string{Noticed}, Limit: process.CalendarDays(usual.AnnounceDays), Varies: announceLimit,
			Owner: officer, Escalate: leader, LastResort: last})
	}
	return clocks
}

// complete says what a post lacks before the bureau looks at it.
func complete(p Post) error {
	var f faults
	p.PostData.lacks(&f)
	if len(f) > 0 {
		return fault.New(fault.Conflict, "必填项尚未填写齐全，请先补全")
	}
	return nil
}

// byAgreement says whether the price is found by agreement, which has to be made public inside the
// owner's house first.
func (p Post) byAgreement() bool { return p.Kind == Achievement && p.Pricing == "agreement" }

// heldNotice says whether the internal publication that the owner stated was long enough and is over
// by the day on which the post was loaded.
func (p Post) heldNotice() bool {
	return p.NoticeFrom.Valid() && p.NoticeTo.Valid() &&
		p.NoticeFrom.AddDays(p.limits().NoticeDays) <= p.NoticeTo && p.NoticeTo < p.today
}

func publishable(p Post) error {
	if p.byAgreement() && !p.heldNotice() {
		return fault.New(fault.Conflict, "协议定价的成果须公示不少于 %d 日，请先“开始公示”",
			p.limits().NoticeDays)
	}
	return nil
}

func toBeNoticed(p Post) error {
	if !p.byAgreement() || p.heldNotice() {
		return fault.New(fault.Conflict, "不需要公示，可以直接发布")
	}
	return nil
}

func ranOut(p Post) error {
	if !p.heldNotice() {
		return fault.New(fault.Conflict, "公示至 %s，期满后才能发布", string(p.NoticeTo))
	}
	return nil
}

// startNotice sets the days of the publication: it begins today and runs for the whole days of the rule.
func startNotice(ctx context.Context, tx *unit.Tx, p Post, _ process.Input) error {
	p.NoticeFrom = clock.DateOf(clock.Time(tx.NowUs()))
	r, err := ruleAt(ctx, tx, p.NoticeFrom)
	if err != nil {
		return err
	}
	p.NoticeTo = p.NoticeFrom.AddDays(r.NoticeDays)
	return replacePost(ctx, tx, p)
}

// goLive notes that a post is so now: when it was first shown, and from when on it has to be confirmed
// again.
func goLive(ctx context.Context, tx *unit.Tx, p Post, _ process.Input) error {
	until, err := freshUntil(ctx, tx, p)
	if err != nil {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qPostLive, p.ID, p.Version, tx.NowUs(), until)
}

// revision is the data of StepRevise: the post's completed new self.
type revision struct {
	Data     PostData
	Kept     sealedContact
	NamedNow []string
}

func revised(_ Post, in process.Input) error {
	if _, ok := in.Data.(revision); !ok {
		return fault.New(fault.Conflict, "请在修改页面修改")
	}
	return nil
}

func storeRevised(ctx context.Context, tx *unit.Tx, p Post, in process.Input) error {
	x, ok := in.Data.(revision)
	if !ok {
		return errStale()
	}
	p.PostData, p.kept, p.namedNow = x.Data, x.Kept, x.NamedNow
	return replacePost(ctx, tx, p)
}
