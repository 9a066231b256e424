package matchinghttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// topOnPost is how many matches the record of a post shows.
const topOnPost = 8

// OnPost adds the tab of matches to the record of a post that is matched, and to the page of who may
// look after it a warning of its doubles.
func (h *Handler) OnPost(r *http.Request, p market.Post) (markethttp.Addition, error) {
	var out markethttp.Addition
	if matching.Open(p.State) {
		title := i18n.T(r.Context(), "匹配的成果")
		if p.Kind == market.Achievement {
			title = i18n.T(r.Context(), "匹配的需求")
		}
		out.Tabs = []markethttp.ExtraTab{{Name: "matches", Title: title,
			Body: func() (templ.Component, error) { return h.matchesOf(r, p) }}}
	}
	if !market.PostPolicy.MaySee(web.Actor(r), market.ActPostUpdate, p) || p.Limited {
		return out, nil
	}
	alike, err := h.room.Similar(r.Context(), web.Actor(r), p)
	if fault.Is(err, fault.Unavailable) {
		err = nil
	}
	if len(alike) > 0 {
		out.Notice = h.doubles(r.Context(), web.Actor(r), alike)
	}
	return out, err
}

// matchesOf is the section of what fits a post, as the caller may see it.
func (h *Handler) matchesOf(r *http.Request, p market.Post) (templ.Component, error) {
	list, err := h.room.Matches(r.Context(), web.Actor(r), p.ID, topOnPost)
	if err != nil {
		return nil, err
	}
	rejects := matching.Rejects(web.Actor(r), &p)
	var cards []cardView
	for _, m := range list {
		other, err := h.room.Post(r.Context(), web.Actor(r), m.Other)
		if fault.Is(err, fault.NotFound) {
			continue // it left the market this moment
		}
		if err != nil {
			return nil, err
		}
		c := h.card(r.Context(), &other, &m)
		if rejects {
			c.rejectable(r.Context(), pathPair+"/reject", m.Other)
			c.hidden = []ui.Hidden{{Name: "post", Value: p.ID}, {Name: "other", Value: m.Other}}
		}
		cards = append(cards, c)
	}
	return h.named(matchList(cards, undoPair(r, p), i18n.T(r.Context(), "还没有匹配到"))), nil
}

// undoPair is the button that takes back what was just said of a match of a post, nil where nothing was.
func undoPair(r *http.Request, p market.Post) *ui.Post {
	other := r.URL.Query().Get("undo")
	if other == "" || !matching.Rejects(web.Actor(r), &p) {
		return nil
	}
	return &ui.Post{Action: pathPair + "/restore", Hidden: []ui.Hidden{{Name: "post", Value: p.ID},
		{Name: "other", Value: other}}, Button: ui.Action{Text: i18n.T(r.Context(), "撤销刚才的“不相关”")}}
}

// doubles warns of posts that say nearly the same.
func (h *Handler) doubles(ctx context.Context, by authz.Actor, alike []matching.Alike) templ.Component {
	var links []ui.Link
	for _, a := range alike {
		p, err := h.room.Post(ctx, by, a.ID)
		if err != nil {
			continue
		}
		links = append(links, ui.Link{Text: p.Title, Href: pathPosts + url.PathEscape(p.ID), Note: p.Code})
	}
	return templ.Join(ui.Banner(ui.Warn, i18n.T(ctx, "与下列信息内容相近，请核对是否重复登记：")), ui.PlainList(links))
}
