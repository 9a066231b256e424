package markethttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// linked describes a public post for programs in the words of schema.org: an achievement is a
// product on offer, a need is a demand. It holds nothing that the page does not show to everybody.
// A data block is no script to the content security policy, so it may stand in the page.
func (h *Handler) linked(ctx context.Context, p market.Post, address string) map[string]any {
	kind := "Product"
	if p.Kind == market.Need {
		kind = "Demand"
	}
	out := map[string]any{"@context": "https://schema.org", "@type": kind, "@id": address,
		"url": address, "identifier": p.Code, "name": p.Title, "inLanguage": "zh-CN",
		"category": titled(ctx, market.Fields(), p.Field)}
	place := map[string]any{"@type": "AdministrativeArea", "name": h.deps.Dict.RegionName(p.Region, ""),
		"identifier": string(p.Region)}
	owner := map[string]any{"@type": "Organization", "name": p.OrgName}
	if len(p.Keywords) > 0 {
		out["keywords"] = p.Keywords
	}
	if p.Visibility == market.Open {
		out["description"] = beginning(p.Text, maxDescription)
	}
	offer := map[string]any{"@type": "Offer", "offeredBy": owner, "areaServed": place}
	if p.Kind == market.Need {
		out["seller"], out["areaServed"] = nil, place
		delete(out, "seller")
		out["offeredBy"] = owner
		if p.PublishedUs != 0 {
			out["availabilityStarts"] = ui.MachineTime(clock.Time(p.PublishedUs))
		}
		if p.Deadline != "" {
			out["availabilityEnds"] = string(p.Deadline)
		}
		return out
	}
	if p.PriceLoFen > 0 && p.Visibility == market.Open {
		offer["priceCurrency"] = "CNY"
		offer["price"] = plainYuan(p.PriceLoFen)
	}
	if p.PublishedUs != 0 {
		out["releaseDate"] = string(clock.DateOf(clock.Time(p.PublishedUs)))
	}
	out["brand"], out["offers"] = owner, offer
	return out
}

// maxDescription bounds the description of a post for programs and feeds, in characters.
const maxDescription = 500

// beginning is the start of a text.
func beginning(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n]) + "…"
}

// plainYuan writes an amount in yuan without any signs, as programs read it.
func plainYuan(f money.Fen) string { return i18n.Fixed(int64(f), 2) }
