package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/process"
)

// DealDetail is an introduction with everything its page shows to one reader.
type DealDetail struct {
	Deal
	Side     string          `json:"side"` // of the reader, one of Parties, or ""
	Offers   []process.Offer `json:"-"`
	Running  []process.Run   `json:"-"`
	Timeline []Entry         `json:"timeline"` // what the reader may see, the newest first
	Splits   []Split         `json:"splits"`   // the newest first
	Classes  []Choice        `json:"-"`        // of reasons, in force
	Views    []string        `json:"views"`    // that a note of the reader may have
	Contacts bool            `json:"contacts"` // they can be had
}

// GetDeal returns an introduction as the actor may see it.
func (s *Service) GetDeal(ctx context.Context, by authz.Actor, dealID string) (DealDetail, error) {
	q := s.unit.DB()
	d, err := s.readDeal(ctx, q, by, dealID)
	if err != nil {
		return DealDetail{}, err
	}
	x := DealDetail{Deal: d, Side: d.SideOf(by)}
	if x.Side == regions {
		x.Side = noSide
	}
	if x.Offers, err = s.deals.Available(ctx, q, by, d); err != nil {
		return x, err
	}
	if x.Running, err = s.deals.Running(ctx, q, d.ID); err != nil {
		return x, err
	}
	if x.Timeline, err = timeline(ctx, q, d.ID, x.Side); err != nil {
		return x, err
	}
	if DealPolicy.MaySee(by, ActDealSplit, d) || x.Side == Bureau {
		if x.Splits, err = splitsOf(ctx, q, d.ID); err != nil {
			return x, err
		}
	}
	rule, err := ruleAt(ctx, q, s.today())
	if err != nil {
		return x, err
	}
	x.Classes = inForce(Classes(), rule.Classes)
	if DealPolicy.MaySee(by, ActDealNote, d) {
		x.Views = viewsOf(x.Side)
	}
	x.Contacts = d.consented() && DealPolicy.MaySee(by, ActDealContact, d)
	x.Deal = d.seenBy(ctx, by)
	if err := nameDoers(ctx, q, x.Deal, x.Side, x.Timeline); err != nil {
		return x, err
	}
	for i, split := range x.Splits {
		x.Splits[i] = split.seenBy(x.Side)
	}
	if !d.hears(by) {
		for i := range x.Timeline {
			e := &x.Timeline[i]
			e.Text, e.Data.Place, e.Data.People, e.Data.Next = "", "", "", ""
		}
	}
	return x, nil
}

// inForce keeps the choices whose values a rule lists.
func inForce(list []Choice, values []string) []Choice {
	var out []Choice
	for _, c := range list {
		if slices.Contains(values, c.Value) {
			out = append(out, c)
		}
	}
	return out
}

// DealSteps returns the steps that lead on from where an introduction stands, those the actor may
// not take among them.
func (s *Service) DealSteps(
	ctx context.Context, by authz.Actor, d Deal,
) ([]process.Offer, error) {
	return s.deals.Available(ctx, s.unit.DB(), by, d)
}

// StateTitle returns the title of a state of introductions, a key of package i18n.
func StateTitle(state string) string {
	for _, s := range DealProcess.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}

// StepTitle returns the title of a step, or of another line of a timeline.
func StepTitle(step string) string {
	for _, s := range DealProcess.Def().Steps {
		if s.Name == step {
			return s.Title
		}
	}
	return TitleOf([]Choice{{stepAsk, "提出对接"}, {"contact", "取得联系方式"}, {"note", "备注"},
		{"work", "登记贡献"}, {"overdue", "超过时限"}, {"propose_split", "提出佣金约定"},
		{"confirm_split", "确认佣金约定"}, {"reopen_split", "原技术经理人的佣金确认作废"}, {"complain", "投诉技术经理人"},
		{"decide_complaint", "投诉处理"}, {"withdraw_broker", "技术经理人回避"}}, step)
}
