package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Reward is what the people behind an achievement get at least from its conversion (职务科技成果转化), where their
// house has agreed nothing else with them: an explanation by the dated rule, for the house to decide.
type Reward struct {
	market.Reward
	PriceFen money.Fen `json:"priceFen"` // of the contract, or as long as there is none the one intended
	CostFen  money.Fen `json:"costFen"`  // of the deal
	Contract bool      `json:"contract"` // it is the price of the contract
	// SharePercent is what they get at least of the shares of a contribution as equity (作价入股); 0 for other
	// ways to work together. Then there is no income to share yet.
	SharePercent int        `json:"sharePercent,omitempty"`
	Day          clock.Date `json:"day"` // whose rule holds: that of the contract, today's without one
	RuleName     string     `json:"ruleName"`
	RuleFrom     clock.Date `json:"ruleFrom"`
}

// Rewards says whether somebody is shown the reward of an introduction: the house of the achievement, where it
// is one whose people invent as their duty, the broker and the bureau; and once there is a price.
func (d Deal) Rewards(by authz.Actor) bool {
	return d.unrewarded(by) == nil
}

// unrewarded says why somebody is not shown the reward of an introduction.
func (d Deal) unrewarded(by authz.Actor) error {
	switch side := d.SideOf(by); {
	case side != Supply && side != Agent && side != Bureau:
		return fault.New(fault.Forbidden, "转化奖励由成果方、技术经理人和科技局查看")
	case d.Supply.Role != authz.University:
		return fault.New(fault.Conflict, "供给方不是高等院校或科研机构，按其与完成人的约定奖励")
	case d.ContractFen+d.AmountFen == 0:
		return fault.New(fault.Conflict, "还没有意向金额或合同成交额")
	}
	return nil
}

// RewardOf computes the reward of an introduction at its price, after the cost of the deal. Errors: Conflict
// without a price or where nobody invents as a duty, Invalid for a cost above the price.
func (s *Service) RewardOf(ctx context.Context, by authz.Actor, dealID string, cost money.Fen) (Reward, error) {
	q := s.unit.DB()
	d, err := s.readDeal(ctx, q, by, dealID)
	if err != nil {
		return Reward{}, err
	}
	if err := d.unrewarded(by); err != nil {
		return Reward{}, err
	}
	out := Reward{PriceFen: d.AmountFen, CostFen: cost, Day: s.today()}
	if d.ContractFen > 0 {
		out.PriceFen, out.Contract, out.Day = d.ContractFen, true, d.SignedOn
	}
	rule, err := market.RuleOn(ctx, q, out.Day)
	if err != nil {
		return out, err
	}
	out.RuleName, out.RuleFrom = rule.Name, rule.ValidFrom
	if d.Mode == "equity" {
		out.SharePercent, out.Source = rule.SharePercent, rule.Source
		return out, nil
	}
	out.Reward, err = market.RewardOf(out.PriceFen, cost, rule)
	return out, err
}
