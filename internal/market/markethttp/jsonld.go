package markethttp

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// thing is a thing of schema.org.
type thing = map[string]any

// linked describes a public post for programs in the words of schema.org: an achievement is a product
// on offer, a need is a demand for one, which its owner seeks. It holds nothing that the page does not
// show to the same reader. A data block is no script to the content security policy, so it may stand in
// the page.
func (h *Handler) linked(ctx context.Context, p market.Post, address string) map[string]any {
	place := thing{"@type": "AdministrativeArea", "name": h.deps.Dict.RegionName(p.Region, ""),
		"identifier": string(p.Region)}
	subject := thing{"@type": "Product", "name": p.Title}
	if p.Field != "" {
		subject["category"] = titled(ctx, market.Fields(), p.Field)
	}
	if len(p.Keywords) > 0 {
		subject["keywords"] = p.Keywords
	}
	out := subject
	if p.Kind == market.Need {
		out = h.linkedNeed(p, subject, place)
	} else {
		h.linkedOffer(out, p, place)
	}
	out["@context"], out["@id"], out["url"] = "https://schema.org", address, address
	out["identifier"], out["name"] = p.Code, p.Title
	if p.Visibility == market.Open {
		out["description"] = beginning(p.Text, maxDescription)
	}
	return out
}

// linkedNeed is the demand for a subject.
func (h *Handler) linkedNeed(p market.Post, subject, place thing) thing {
	out := thing{"@type": "Demand", "itemOffered": subject, "areaServed": place}
	if p.OrgName != "" {
		out["@reverse"] = thing{"seeks": thing{"@type": "Organization", "name": p.OrgName}}
	}
	if p.PublishedUs != 0 {
		out["availabilityStarts"] = ui.MachineTime(clock.Time(p.PublishedUs))
	}
	if p.Deadline != "" {
		out["availabilityEnds"] = string(p.Deadline)
	}
	if price := linkedPrice(p); price != nil {
		out["priceSpecification"] = price
	}
	return out
}

// linkedOffer adds the offer of an achievement to its product.
func (h *Handler) linkedOffer(out thing, p market.Post, place thing) {
	offer := thing{"@type": "Offer", "areaServed": place}
	if p.OrgName != "" {
		owner := thing{"@type": "Organization", "name": p.OrgName}
		offer["offeredBy"], out["brand"] = owner, owner
	}
	if price := linkedPrice(p); price != nil {
		offer["priceSpecification"] = price
		if p.PriceLoFen == p.PriceHiFen {
			offer["price"], offer["priceCurrency"] = plainYuan(p.PriceLoFen), "CNY"
		}
	}
	if p.PublishedUs != 0 {
		out["releaseDate"] = string(clock.DateOf(clock.Time(p.PublishedUs)))
	}
	out["offers"] = offer
}

// linkedPrice is the price or budget of an open post, nil for none.
func linkedPrice(p market.Post) thing {
	if p.Visibility != market.Open || p.PriceHiFen == 0 {
		return nil
	}
	out := thing{"@type": "PriceSpecification", "priceCurrency": "CNY", "maxPrice": plainYuan(p.PriceHiFen)}
	if p.PriceLoFen > 0 {
		out["minPrice"] = plainYuan(p.PriceLoFen)
	}
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
func plainYuan(f money.Fen) string { return strings.ReplaceAll(i18n.Fixed(int64(f), 2), ",", "") }
