package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Terms are the numbers of the market beside freshness: time limits of the editorial desk, of
// publications and of the market's occasions, from which score on a match is told, and what the people
// behind an achievement get at least where their house has agreed nothing else. They are part of the
// dated rule. In what is written, 0 keeps what the rule before it said.
type Terms struct {
	ReviewDays    int `json:"reviewDays,omitempty"`    // working days of the editorial review
	CorrectDays   int `json:"correctDays,omitempty"`   // working days to correct what was sent back
	NoticeDays    int `json:"noticeDays,omitempty"`    // days of the internal publication at least
	AnnounceDays  int `json:"announceDays,omitempty"`  // days by which what was publicised is published
	ListingDays   int `json:"listingDays,omitempty"`   // days of the notice of a listing at least
	AuctionDays   int `json:"auctionDays,omitempty"`   // days of the notice of an auction at least
	PublicityDays int `json:"publicityDays,omitempty"` // days in which a result may be objected to
	AnswerDays    int `json:"answerDays,omitempty"`    // working days to decide about an objection
	SignDays      int `json:"signDays,omitempty"`      // days from the confirmed result to the contract
	WithinSeconds int `json:"withinSeconds,omitempty"` // a bid in the last so many extends an auction …
	ExtendSeconds int `json:"extendSeconds,omitempty"` // … to so many after it
	ReportDays    int `json:"reportDays,omitempty"`    // working days for the report on an event
	ScoreDays     int `json:"scoreDays,omitempty"`     // working days of experts who score
	CheckInHours  int `json:"checkInHours,omitempty"`  // hours before an event from which people check in
	MatchLine     int `json:"matchLine,omitempty"`     // score in hundredths from which a match is told
	IncomePercent int `json:"incomePercent,omitempty"` // of the net income of a transfer or licence
	SharePercent  int `json:"sharePercent,omitempty"`  // of the shares of a contribution as equity
	ProfitPercent int `json:"profitPercent,omitempty"` // of the yearly profit of own use
	MainPercent   int `json:"mainPercent,omitempty"`   // of the reward, for the main contributors
}

// UsualTerms are those that ship with the program, and what an edition means that was written before
// it could say them. The publication of 15 days is that of 促进科技成果转化法 (2015), the notice of 7
// days that of 拍卖法 art. 45; exchanges publish their own rules of listings. The shares are the least that
// 促进科技成果转化法 (2015) art. 45 and 国发〔2016〕16号 leave. The rest is [design]: nothing is published of the
// line of matches, it was chosen.
func UsualTerms() Terms {
	return Terms{ReviewDays: 3, CorrectDays: 10, NoticeDays: 15, AnnounceDays: 20, ListingDays: 20,
		AuctionDays: 7, PublicityDays: 7, AnswerDays: 10, SignDays: 30, WithinSeconds: 300,
		ExtendSeconds: 300, ReportDays: 10, ScoreDays: 15, CheckInHours: 2, MatchLine: 25,
		IncomePercent: 50, SharePercent: 50, ProfitPercent: 5, MainPercent: 50}
}

// Term is one of the limits of Terms, for forms and tables.
type Term struct {
	Name  string // in JSON and in forms
	Title string // keys of package i18n
	Unit  string
	Most  int
	Least int    // 0 = 1
	Hint  string // key of package i18n, "" = none
}

// TermFields lists the limits of Terms in the order in which they are shown.
func TermFields() []Term {
	return []Term{
		{Name: "reviewDays", Title: "编辑审核", Unit: "个工作日", Most: maxTermDays},
		{Name: "correctDays", Title: "退回后补正", Unit: "个工作日", Most: maxTermDays},
		{Name: "noticeDays", Title: "协议定价在本单位公示", Unit: "天", Most: maxTermDays, Hint: "促进科技成果转化法规定不少于 15 日"},
		{Name: "announceDays", Title: "公示后发布", Unit: "天", Most: maxTermDays},
		{Name: "listingDays", Title: "挂牌公告", Unit: "天", Most: maxTermDays},
		{Name: "auctionDays", Title: "拍卖公告", Unit: "天", Most: maxTermDays},
		{Name: "publicityDays", Title: "成交结果公示", Unit: "天", Most: maxTermDays},
		{Name: "answerDays", Title: "异议答复", Unit: "个工作日", Most: maxTermDays},
		{Name: "signDays", Title: "成交后签约", Unit: "天", Most: maxTermDays},
		{Name: "withinSeconds", Title: "拍卖延时触发", Unit: "秒", Most: maxTermSeconds},
		{Name: "extendSeconds", Title: "拍卖延时长度", Unit: "秒", Most: maxTermSeconds},
		{Name: "reportDays", Title: "路演与对接会总结", Unit: "个工作日", Most: maxReportDays},
		{Name: "scoreDays", Title: "专家评分", Unit: "个工作日", Most: maxTermDays},
		{Name: "checkInHours", Title: "路演与对接会提前签到", Unit: "小时", Most: maxCheckInHours},
		{Name: "matchLine", Title: "匹配提醒的分数线", Unit: "分", Most: MaxMatchLine, Hint: "本人没有另设的，低于它的匹配不提醒"},
		{Name: "incomePercent", Title: "转让、许可净收入的奖励", Unit: "%", Most: 100, Least: 50, Hint: lawHint},
		{Name: "sharePercent", Title: "作价入股股份的奖励", Unit: "%", Most: 100, Least: 50, Hint: lawHint},
		{Name: "profitPercent", Title: "自行实施年利润的奖励", Unit: "%", Most: 100, Least: 5, Hint: lawHint},
		{Name: "mainPercent", Title: "其中主要贡献人员", Unit: "%", Most: 100, Least: 50, Hint: lawHint},
	}
}

// lawHint says why a share has a least.
const lawHint = "不能低于促进科技成果转化法的规定"

// MaxMatchLine is the highest line of matches: above it nothing is ever found.
const MaxMatchLine = 90

// Limits of the limits.
const (
	maxTermDays     = 90
	maxReportDays   = 60
	maxCheckInHours = 24
	maxTermSeconds  = 3600
)

// At returns the place of a limit, nil for a name that is none.
func (t *Terms) At(name string) *int {
	return map[string]*int{"reviewDays": &t.ReviewDays, "correctDays": &t.CorrectDays,
		"noticeDays": &t.NoticeDays, "announceDays": &t.AnnounceDays, "listingDays": &t.ListingDays,
		"auctionDays": &t.AuctionDays, "publicityDays": &t.PublicityDays, "answerDays": &t.AnswerDays,
		"signDays": &t.SignDays, "withinSeconds": &t.WithinSeconds, "extendSeconds": &t.ExtendSeconds,
		"reportDays": &t.ReportDays, "scoreDays": &t.ScoreDays,
		"checkInHours": &t.CheckInHours, "matchLine": &t.MatchLine,
		"incomePercent": &t.IncomePercent, "sharePercent": &t.SharePercent,
		"profitPercent": &t.ProfitPercent, "mainPercent": &t.MainPercent}[name]
}

// or takes from another what is 0.
func (t Terms) or(other Terms) Terms {
	for _, f := range TermFields() {
		if at := t.At(f.Name); *at == 0 {
			*at = *other.At(f.Name)
		}
	}
	return t
}

func (t Terms) check(f *faults) {
	for _, x := range TermFields() {
		f.within(x.Name, *t.At(x.Name), max(x.Least, 1), x.Most)
	}
}

// RuleOn returns the rule in force on a day for other rooms of the market, "" or a day before the
// first rule for the one that ships with the program.
func RuleOn(ctx context.Context, q db.Q, day clock.Date) (FreshRule, error) {
	return ruleAt(ctx, q, day)
}

// withTerms gives a post the limits that hold for it: those of the day on which its internal
// publication began, those of today for one that has none.
func (s *Service) withTerms(ctx context.Context, q db.Q, p *Post) error {
	p.today = s.day()
	r, err := ruleAt(ctx, q, p.termsDay())
	p.terms = r.Terms
	return err
}

// termsDay is the day whose rule holds for a post that was loaded today.
func (p Post) termsDay() clock.Date {
	if p.NoticeFrom.Valid() && p.NoticeFrom < p.today {
		return p.NoticeFrom
	}
	return p.today
}

// limits are those of a post, of the default where nobody loaded them.
func (p Post) limits() Terms { return p.terms.or(UsualTerms()) }

func reviewLimit(p Post) process.Limit   { return process.WorkingDays(p.limits().ReviewDays) }
func correctLimit(p Post) process.Limit  { return process.WorkingDays(p.limits().CorrectDays) }
func announceLimit(p Post) process.Limit { return process.CalendarDays(p.limits().AnnounceDays) }
