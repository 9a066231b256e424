package homehttp

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Market is what this door asks of package market.
type Market interface {
	CountPosts(context.Context, authz.Actor, market.PostFilter) (market.Counts, error)
	Counters(context.Context, authz.Actor) (market.Counters, error)
	GetPost(ctx context.Context, by authz.Actor, postID string) (market.Post, error)
	ListPosts(
		context.Context, authz.Actor, market.PostFilter, string, db.PageReq,
	) (db.Page[market.Post], error)
}

// posts counts what waits at the editorial desk.
func (h *Handler) posts(ctx context.Context, by authz.Actor, v *workView) error {
	c, err := h.Market.CountPosts(ctx, by, market.PostFilter{})
	if err != nil {
		return err
	}
	v.wait(ctx, "待审核的供需", c.States[market.Review], "项", "/market/review")
	v.wait(ctx, "公示中的成果", c.States[market.Noticed], "项", "/market/review?state="+market.Noticed)
	return nil
}

// ownPosts counts what waits for an owner in the market. Who acts for nobody sees nothing, and staff
// without posts need not be told.
func (h *Handler) ownPosts(ctx context.Context, by authz.Actor, v *workView) error {
	f := market.PostFilter{Org: by.Org}
	if by.Role == authz.Broker {
		f = market.PostFilter{Broker: by.Person}
	}
	if f == (market.PostFilter{}) {
		return nil
	}
	all, err := h.Market.CountPosts(ctx, by, f)
	staff := by.Role == authz.Department || by.Role == authz.District
	if err != nil || staff && all.All == 0 {
		return err
	}
	f.Due = true
	due, err := h.Market.CountPosts(ctx, by, f)
	if err != nil {
		return err
	}
	v.wait(ctx, "待确认的供需", due.All+all.States[market.Stale], "项", "/market/mine#due")
	v.wait(ctx, "被退回的供需", all.States[market.Returned], "项", "/market/mine#returned")
	v.wait(ctx, "在市场上的供需", all.States[market.Published]+all.States[market.Talking], "项",
		"/market/mine#live")
	return nil
}

// marketView is the market on the home page.
type marketView struct {
	stats  []chart.KeyFigure
	newest []newOrg // posts, in the words of a list
	open   []newOrg // needs that anybody may take up (转揭榜)
	fields []chart.Bar
}

// shownMonths is how many months a line of the home page goes back.
const shownMonths = 6

// shownFields is how many fields of posts the home page draws.
const shownFields = 8

// drawnByMonth are the measures of the market that the home page draws as lines.
var drawnByMonth = []string{"market.signed", "market.registered"}

// marketFor is the market as the actor may know of it, empty while there is nothing in it.
func (h *Handler) marketFor(ctx context.Context, by authz.Actor, f figures) (marketView, error) {
	var v marketView
	c, err := h.Market.Counters(ctx, by)
	if err != nil || c.Live == 0 {
		return v, err
	}
	rows := func(name string) string { return "/market/figures/rows?measure=market." + name }
	for _, x := range []struct {
		title, href, measure string
		n                    int64
	}{{"在市场上的供需", "/market", "", c.Live}, {"已引荐", rows("introduced"), "", c.Introduced},
		{"对接中", rows("negotiating"), "", c.Negotiating}, {"已签约", rows("signed"), "market.signed", c.Signed},
		{"合同已登记", rows("registered"), "market.registered", c.Registered}} {
		k := chart.KeyFigure{Name: i18n.T(ctx, x.title), Value: i18n.Int(x.n), Unit: i18n.T(ctx, "项"), Href: x.href}
		if k.Spark = f.months[x.measure]; len(k.Spark) > 0 {
			k.Delta = i18n.T(ctx, "近 %d 个月逐月", shownMonths)
		}
		v.stats = append(v.stats, k)
	}
	page, err := h.Market.ListPosts(ctx, by, market.PostFilter{Live: true}, "published",
		db.PageReq{Limit: newest})
	if err != nil {
		return v, err
	}
	for _, p := range page.Items {
		v.newest = append(v.newest, h.newPost(ctx, p))
	}
	page, err = h.Market.ListPosts(ctx, by, market.PostFilter{Kind: market.Need, State: market.Challenged},
		"published", db.PageReq{Limit: newest})
	if err != nil {
		return v, err
	}
	for _, p := range page.Items {
		v.open = append(v.open, h.newPost(ctx, p))
	}
	counts, err := h.Market.CountPosts(ctx, by, market.PostFilter{Live: true})
	v.fields = fieldBars(ctx, counts.Fields)
	return v, err
}

func (h *Handler) newPost(ctx context.Context, p market.Post) newOrg {
	return newOrg{name: p.Title, href: "/market/posts/" + p.ID,
		kind:  i18n.T(ctx, market.TitleOf(market.Kinds(), string(p.Kind))),
		place: h.placeName(p.Region), need: p.Kind == market.Need, price: priceText(ctx, p),
		day: i18n.DateShort(i18n.From(ctx), clock.DateOf(clock.Time(p.PublishedUs)))}
}

// monthly counts a measure for each of the last months.
func (h *Handler) monthly(ctx context.Context, by authz.Actor, name string) ([]float64, error) {
	at := h.Clock.Now().In(clock.Shanghai)
	var out []float64
	for i := shownMonths - 1; i >= 0; i-- {
		first := time.Date(at.Year(), at.Month()-time.Month(i), 1, 0, 0, 0, 0, clock.Shanghai)
		f, err := h.Measures.Figure(ctx, by, name, map[string]string{measure.DimDays: measure.Stretch(clock.DateOf(first),
			clock.DateOf(first.AddDate(0, 1, -1)))})
		if err != nil {
			return nil, err
		}
		out = append(out, float64(f.Value))
	}
	return out, nil
}

// priceText is the price or the budget of a post, "" for one whose reader is not told.
func priceText(ctx context.Context, p market.Post) string {
	l := i18n.From(ctx)
	switch {
	case p.Limited:
		return ""
	case p.PriceHiFen == 0 && p.PriceLoFen == 0:
		return i18n.Negotiable(l)
	case p.PriceLoFen == 0:
		return i18n.T(ctx, "不超过 %s", i18n.Yuan(l, p.PriceHiFen))
	case p.PriceHiFen == 0 || p.PriceHiFen == p.PriceLoFen:
		return i18n.Yuan(l, p.PriceLoFen)
	}
	return i18n.YuanRange(l, p.PriceLoFen, p.PriceHiFen)
}

func fieldBars(ctx context.Context, counts map[string]int64) []chart.Bar {
	var list []count
	for _, f := range market.Fields() {
		if counts[f.Value] > 0 {
			list = append(list, count{f.Value, counts[f.Value]})
		}
	}
	slices.SortStableFunc(list, func(a, b count) int { return cmp.Compare(b.n, a.n) })
	list = list[:min(len(list), shownFields)]
	out := bars(list, func(v string) string {
		return i18n.T(ctx, market.TitleOf(market.Fields(), v))
	}, "field")
	for i := range out {
		out[i].Href = "/market?field=" + url.QueryEscape(list[i].value)
	}
	return out
}
