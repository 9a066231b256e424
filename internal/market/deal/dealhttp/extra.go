package dealhttp

import (
	"net/http"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// OnPost adds to the record of a post the request for an introduction and, for those whom it
// concerns, the introductions there are and what the market said.
func (h *Handler) OnPost(r *http.Request, p market.Post) (markethttp.Addition, error) {
	var a markethttp.Addition
	by := web.Actor(r)
	own := by.Org != "" && by.Org == p.OrgNow
	asks := deal.DealPolicy.Could(by, deal.ActDealCreate) || by.Account == ""
	if (p.Live() || p.State == market.Challenged) && asks && !own {
		a.Actions = append(a.Actions, ui.Action{Text: say(r, "提出合作意向"), Primary: true,
			Href: pathNew + "?source=post&post=" + url.QueryEscape(p.ID)})
	}
	if by.Account == "" || !deal.DealPolicy.Could(by, deal.ActDealRead) {
		return a, nil
	}
	counts, err := h.deal.CountDeals(r.Context(), by, deal.DealFilter{Post: p.ID})
	if err != nil || counts.All == 0 {
		return a, err
	}
	a.Facts = append(a.Facts, ui.Fact{Term: say(r, "对接"), Text: say(r, "%s 项", i18n.Int(counts.All)),
		Href: pathDeals + "?post=" + url.QueryEscape(p.ID)})
	if own || deal.DealPolicy.Could(by, deal.ActDealManage) {
		a.Facts = append(a.Facts, ui.Fact{Term: say(r, "市场反馈"), Text: say(r, "查看"),
			Href: feedbackPath(p.ID)})
	}
	return a, nil
}
