package markethttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// countLink is a number with the list behind it.
type countLink struct {
	mark    ui.State
	n, href string
	now     bool
}

func (c countLink) current() templ.Attributes { return current(c.now) }

// marketCounts are the numbers of the market as its reader may know of it: what lives, and how far it
// has come; never a total of all that was ever posted. Each opens the posts that it counts.
func (h *Handler) marketCounts(r *http.Request, q PostQuery) (templ.Component, error) {
	c, err := h.market.Counters(r.Context(), web.Actor(r))
	if err != nil {
		return nil, err
	}
	rows := func(measure string) string { return figureQuery{measure: measure}.href("/rows") }
	var out []countLink
	for i, x := range []struct {
		title, href string
		n           int64
	}{
		{"在市场上", pathMarket, c.Live},
		{"已引荐", rows("market.introduced"), c.Introduced},
		{"对接中", PostQuery{State: market.Talking}.href(), c.Negotiating},
		{"已签约", rows("market.signed"), c.Signed},
		{"合同已登记", rows("market.registered"), c.Registered},
	} {
		mark := ui.State{Tone: ui.OK, Text: say(r, x.title)}
		if i == 1 || i == 2 {
			mark.Tone = ui.Run
		}
		if x.n == 0 {
			mark.Tone = ui.Idle
		}
		out = append(out, countLink{mark: mark, n: i18n.Int(x.n), href: x.href,
			now: i == 0 && q.encode() == "" || i == 2 && q.State == market.Talking})
	}
	return countLinks(say(r, "市场现况"), out), nil
}
