package markethttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// countLink is a number of posts with the list behind it.
type countLink struct {
	mark    ui.State
	n, href string
	now     bool
}

func (c countLink) current() templ.Attributes {
	if !c.now {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// counted are the numbers that the market shows to everybody: what lives, and how far it has come;
// never a total of all that was ever posted.
var counted = []struct{ state, title string }{
	{stateLive, "在市场上"}, {market.Talking, "对接中"}, {market.Signed, "已签约"},
	{market.Registered, "合同已登记"}, {market.Solved, "已解决"},
}

// publicCounts are the numbers of the market as everybody sees them.
func (h *Handler) publicCounts(r *http.Request, q PostQuery) (templ.Component, error) {
	c, err := h.market.CountPosts(r.Context(), authz.Actor{}, market.PostFilter{Kind: market.Kind(q.Kind)})
	if err != nil {
		return nil, err
	}
	n := map[string]int64{stateLive: c.States[market.Published] + c.States[market.Talking]}
	for _, x := range counted[1:] {
		n[x.state] = c.States[x.state]
	}
	var out []countLink
	for _, x := range counted {
		if n[x.state] == 0 && x.state != stateLive {
			continue
		}
		mark := ui.State{Tone: ui.OK, Text: say(r, x.title)}
		if x.state == market.Talking {
			mark.Tone = ui.Run
		}
		state := x.state
		if state == stateLive {
			state = ""
		}
		out = append(out, countLink{mark: mark, n: i18n.Int(n[x.state]),
			href: PostQuery{Kind: q.Kind, State: state}.href(), now: shownState(q.State) == state})
	}
	return countLinks(say(r, "市场现况"), out), nil
}
