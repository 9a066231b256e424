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
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

const orgMeasure = "party.orgs"

// reader is what figures depend on: everybody counts what they may read, and opens just that.
type reader struct {
	role                 authz.Role
	account, org, region string
}

// readerOf leaves out the account for visitors of every sort, who all see the same.
func readerOf(by authz.Actor) reader {
	return reader{by.EffectiveRole(), by.Account, by.Org, by.Region}
}

// figureRule lets figures be counted again after a minute; those of many organisations behind the next
// reader's back, unless they are older than two.
var figureRule = kept.Rule{Sure: time.Minute, Many: 2000, Late: time.Minute, Stale: 2 * time.Minute, Most: 500}

// newFigures returns an empty shelf. Whether something was stored does not matter to it.
func newFigures() *kept.Shelf[reader, struct{}, figures] {
	return kept.New[reader, struct{}](figureRule, func(f figures) int64 { return f.total })
}

// figures are the numbers of organisations, each with the value that narrows the list to it, and the lines of
// the market: what is too much to count for every visitor.
type figures struct {
	total     int64
	kinds     []count              // in the order of party.OrgKinds
	districts []count              // the largest first
	months    map[string][]float64 // by measure of the market, the last months
	asOfUs    int64
}

type count struct {
	value string
	n     int64
}

// figuresFor counts, or returns what was counted a moment ago.
func (h *Handler) figuresFor(ctx context.Context, by authz.Actor) (figures, error) {
	key, now := readerOf(by), clock.Us(h.Clock.Now())
	return h.figures.Get(ctx, key, struct{}{}, now, func(ctx context.Context) (figures, error) {
		return h.count(ctx, by)
	})
}

func (h *Handler) count(ctx context.Context, by authz.Actor) (figures, error) {
	all, err := h.Measures.Figure(ctx, by, orgMeasure, nil)
	if err != nil {
		return figures{}, err
	}
	f := figures{total: all.Value, asOfUs: all.AsOfUs}
	if f.total == 0 {
		return f, nil
	}
	for _, k := range party.OrgKinds() {
		x, err := h.Measures.Figure(ctx, by, orgMeasure, map[string]string{"kind": k.Value})
		if err != nil {
			return f, err
		}
		f.kinds = append(f.kinds, count{k.Value, x.Value})
	}
	for _, code := range h.districts() {
		x, err := h.Measures.Figure(ctx, by, orgMeasure, map[string]string{"region": code})
		if err != nil {
			return f, err
		}
		f.districts = append(f.districts, count{code, x.Value})
	}
	slices.SortStableFunc(f.districts, func(a, b count) int { return cmp.Compare(b.n, a.n) })
	f.months = map[string][]float64{}
	for _, name := range drawnByMonth {
		if f.months[name], err = h.monthly(ctx, by, name); err != nil {
			return f, err
		}
	}
	return f, nil
}

// districts are the divisions right below the site's place.
func (h *Handler) districts() []string {
	home := h.Home()
	if home == "" || home.Level() == region.LevelCounty {
		return nil
	}
	// The names of places are not guarded; the program reads them, whoever asks.
	reads := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}
	page, err := h.Dict.Items(reads, dict.Query{List: dict.Regions, Parent: string(home), Tree: true},
		db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return nil // a code that the dictionary does not know has no districts
	}
	var out []string
	for _, it := range page.Items {
		if it.Kind == "" {
			out = append(out, it.Code)
		}
	}
	return out
}

func listOf(name, value string) string { return "/orgs?" + name + "=" + url.QueryEscape(value) }

// kindTitles names the kinds in Chinese keys.
func kindTitle(value string) string { return party.OrgKindTitle(value) }

// stats are the large figures: all, and the kinds that are there, the first four.
func stats(ctx context.Context, f figures) []chart.KeyFigure {
	unit := i18n.T(ctx, "家")
	out := []chart.KeyFigure{{Name: i18n.T(ctx, "组织总数"), Value: i18n.Int(f.total), Unit: unit,
		Href: "/orgs"}}
	for _, k := range f.kinds {
		if k.n > 0 && len(out) < 5 {
			out = append(out, chart.KeyFigure{Name: i18n.T(ctx, kindTitle(k.value)),
				Value: i18n.Int(k.n), Unit: unit, Href: listOf("kind", k.value)})
		}
	}
	return out
}

// bars draws counts, the longest bar for the largest.
func bars(list []count, name func(string) string, param string) []chart.Bar {
	var most int64 = 1
	for _, c := range list {
		most = max(most, c.n)
	}
	var out []chart.Bar
	for _, c := range list {
		out = append(out, chart.Bar{Name: name(c.value), Href: listOf(param, c.value),
			Share: float64(c.n) * 100 / float64(most), Text: i18n.Int(c.n)})
	}
	return out
}

func (h *Handler) districtBars(f figures) []chart.Bar {
	return bars(f.districts, func(code string) string {
		name, _ := h.Dict.Name(dict.Regions, code, "")
		return name
	}, "region")
}

// cityMap is the districts with how many organisations they have, each leading to them.
func (h *Handler) cityMap(ctx context.Context, f figures) *geo.Map {
	if len(f.districts) == 0 {
		return nil
	}
	unit := i18n.T(ctx, "家")
	var places []geo.Place
	for _, c := range f.districts {
		name, _ := h.Dict.Name(dict.Regions, c.value, "")
		places = append(places, geo.Place{Code: region.Code(c.value), Name: name, Value: float64(c.n),
			Text: i18n.Int(c.n), Tip: name + " " + i18n.Int(c.n) + " " + unit, Href: listOf("region", c.value)})
	}
	m := geo.Tiles(i18n.T(ctx, "各区县有多少组织"), h.Home(), places)
	return &m
}

func kindBars(ctx context.Context, f figures) []chart.Bar {
	var some []count
	for _, k := range f.kinds {
		if k.n > 0 {
			some = append(some, k)
		}
	}
	return bars(some, func(kind string) string { return i18n.T(ctx, kindTitle(kind)) }, "kind")
}

// source says what the figures are and of when.
func source(ctx context.Context, f figures) string {
	return i18n.T(ctx, "来源：本平台主体库，您可查看的组织 · 截至 %s",
		i18n.DateTime(i18n.From(ctx), clock.Time(f.asOfUs)))
}
