package homehttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market/deal"
)

// Deals is what this door asks of package deal.
type Deals interface {
	CountDeals(context.Context, authz.Actor, deal.DealFilter) (deal.DealCounts, error)
	CountBrokers(context.Context, authz.Actor, deal.BrokerFilter) (map[string]int64, error)
}

// deals counts the introductions that wait for somebody, and those that are late or under way.
func (h *Handler) deals(ctx context.Context, by authz.Actor, v *workView) error {
	if h.Deal == nil || !deal.DealPolicy.Could(by, deal.ActDealRead) {
		return nil
	}
	counts, err := h.Deal.CountDeals(ctx, by, deal.DealFilter{Open: true})
	if err != nil || counts.All == 0 && by.Role != authz.Broker {
		return err
	}
	if by.Role != authz.Leader {
		v.wait(ctx, "待我办理的对接", counts.Waiting, "项", "/deals?waiting=1")
	}
	v.wait(ctx, "逾期的对接", counts.Late, "项", "/deals?late=1")
	v.wait(ctx, "进行中的对接", counts.All, "项", "/deals?open=1")
	if by.Role != authz.Officer {
		return nil
	}
	brokers, err := h.Deal.CountBrokers(ctx, by, deal.BrokerFilter{State: deal.BrokerPending})
	v.wait(ctx, "待核验的技术经理人", brokers[deal.BrokerPending], "人",
		"/brokers?state="+deal.BrokerPending)
	return err
}
