package markethttp

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// measurePrefixes begin the names of the measures of the market, its introductions and its occasions.
var measurePrefixes = []string{"market.", "deal.", "show.", "auction."}

// inFen is the unit of measures that are amounts.
const inFen = "分"

// reader is what figures depend on: everybody counts what they may read, and opens just that.
type reader struct {
	role                         authz.Role
	account, org, region, person string
	address                      string // which figures
}

// figureRule lets figures be counted again after a minute, behind the next reader's back unless they are
// older than two.
var figureRule = kept.Rule{Sure: time.Minute, Late: time.Minute, Stale: 2 * time.Minute, Most: 500}

// newFigures returns an empty shelf. Whether something was stored does not matter to it.
func newFigures() *kept.Shelf[reader, struct{}, figures] {
	return kept.New[reader, struct{}](figureRule, func(figures) int64 { return 0 })
}

// figures are what the page shows of a measure, counted.
type figures struct {
	totals []int64 // of each measure, narrowed as far as it can be
	parts  []cut   // of the chosen one, by each of its dimensions
	asOfUs int64
}

// cut is a measure by one dimension.
type cut struct {
	dim    measure.Dim
	counts []tally
	rest   tally // in none of the places that are counted, so that the parts make up the whole
}

type tally struct {
	value string
	n     int64
}

// measures are those of the market, in the order their rooms declare them, without those that somebody
// may count nothing of. Who may count nothing at all, such as an administrator, sees all of them at 0.
func (h *Handler) measures(by authz.Actor) []measure.Measure {
	all := slices.DeleteFunc(h.deps.Measures.List(), func(m measure.Measure) bool {
		return !slices.ContainsFunc(measurePrefixes, func(prefix string) bool {
			return strings.HasPrefix(m.Name, prefix)
		})
	})
	own := slices.DeleteFunc(slices.Clone(all), func(m measure.Measure) bool { return m.Scope(by).IsNothing() })
	if len(own) == 0 {
		return all
	}
	return own
}

// valueOf writes a value of a measure with its unit; an amount says its own.
func valueOf(ctx context.Context, m measure.Measure, v int64) (text, unit string) {
	if m.Unit == inFen {
		return i18n.Yuan(i18n.From(ctx), money.Fen(v)), ""
	}
	return i18n.Int(v), i18n.T(ctx, m.Unit)
}

// figureQuery says which figures an address asks for.
type figureQuery struct {
	measure string
	dims    map[string]string
}

func (q figureQuery) href(tail string) string {
	v := url.Values{}
	if q.measure != "" {
		v.Set("measure", q.measure)
	}
	for name, value := range q.dims {
		v.Add("dim", name+":"+value)
	}
	slices.Sort(v["dim"])
	if len(v) == 0 {
		return pathFigures + tail
	}
	return pathFigures + tail + "?" + v.Encode()
}

// with narrows by one more dimension; an empty value takes it away.
func (q figureQuery) with(dim, value string) figureQuery {
	out := figureQuery{measure: q.measure, dims: map[string]string{}}
	for k, v := range q.dims {
		out.dims[k] = v
	}
	out.dims[dim] = value
	if value == "" {
		delete(out.dims, dim)
	}
	return out
}

// maxDims bounds how often a figure is narrowed.
const maxDims = 10

// dimsOf are the dimensions of a query that a measure has.
func (q figureQuery) dimsOf(m measure.Measure) map[string]string {
	out := map[string]string{}
	for name, value := range q.dims {
		if m.Has(name) {
			out[name] = value
		}
	}
	return out
}

// readFigures reads the address and finds the measure that it names, the first when it names none.
func (h *Handler) readFigures(r *http.Request) (figureQuery, measure.Measure, error) {
	all := h.measures(web.Actor(r))
	q := figureQuery{measure: r.FormValue("measure"), dims: map[string]string{}}
	at := slices.IndexFunc(all, func(m measure.Measure) bool { return m.Name == q.measure })
	if q.measure == "" && len(all) > 0 {
		at = 0
	}
	if at < 0 {
		return q, measure.Measure{}, fault.New(fault.NotFound, "没有这个度量")
	}
	q.measure = all[at].Name
	pairs := r.URL.Query()["dim"]
	for _, pair := range pairs[:min(len(pairs), maxDims)] {
		name, value, _ := strings.Cut(pair, ":")
		if !slices.ContainsFunc(all[at].Dims, func(d measure.Dim) bool { return d.Name == name }) {
			return q, all[at], fault.Fields(fault.At("dim", "这个度量不能按“%s”细分", short(name)))
		}
		q.dims[name] = value
	}
	return q, all[at], nil
}

// dimValues are the values by which a dimension is drawn; none for one that is not.
func (h *Handler) dimValues(d measure.Dim) []string {
	if len(d.Values) > 0 {
		out := make([]string, len(d.Values))
		for i, v := range d.Values {
			out[i] = v.Value
		}
		return out
	}
	of := func(list []market.Choice) []string {
		out := make([]string, 0, len(list))
		for _, c := range list {
			out = append(out, c.Value)
		}
		return out
	}
	switch d.Name {
	case "kind":
		return of(market.Kinds())
	case "field":
		return of(market.Fields())
	case "state":
		return publicStates
	case "sixNew":
		return of(market.SixNews())
	case "mode":
		return of(market.ModeChoices())
	case "region":
		var out []string
		for _, code := range h.districts() {
			out = append(out, string(code))
		}
		return out
	}
	return nil
}

// dimTitle is the value of a dimension in words.
func (h *Handler) dimTitle(ctx context.Context, d measure.Dim, value string) string {
	if left := measure.OthersThan(value); left != nil {
		if d.Name == "region" && slices.Equal(left, h.dimValues(d)) {
			return i18n.T(ctx, "外地或区县未知")
		}
		var names []string
		for _, v := range left {
			names = append(names, h.dimTitle(ctx, d, v))
		}
		return i18n.T(ctx, "%s以外", strings.Join(names, i18n.T(ctx, "、")))
	}
	for _, v := range d.Values {
		if v.Value == value {
			return i18n.T(ctx, v.Title)
		}
	}
	switch d.Name {
	case "kind":
		return titled(ctx, market.Kinds(), value)
	case "field":
		return titled(ctx, market.Fields(), value)
	case "state":
		return titled(ctx, states(""), value)
	case "sixNew":
		return titled(ctx, market.SixNews(), value)
	case "mode":
		return titled(ctx, market.ModeChoices(), value)
	case "region":
		return h.placeName(region.Code(value))
	}
	return value
}

// figuresFor counts, or returns what was counted a moment ago.
func (h *Handler) figuresFor(
	ctx context.Context, by authz.Actor, q figureQuery, m measure.Measure,
) (figures, error) {
	key := reader{by.EffectiveRole(), by.Account, by.Org, by.Region, by.Person, q.href("")}
	now := clock.Us(h.now())
	return h.figures.Get(ctx, key, struct{}{}, now, func(ctx context.Context) (figures, error) {
		return h.count(ctx, by, q, m)
	})
}

func (h *Handler) count(
	ctx context.Context, by authz.Actor, q figureQuery, m measure.Measure,
) (figures, error) {
	out := figures{asOfUs: clock.Us(h.now())}
	for _, x := range h.measures(by) {
		f, err := h.deps.Measures.Figure(ctx, by, x.Name, q.dimsOf(x))
		if err != nil {
			return out, err
		}
		out.totals = append(out.totals, f.Value)
	}
	for _, d := range m.Dims {
		values := h.dimValues(d)
		if q.dims[d.Name] != "" || len(values) == 0 {
			continue
		}
		part := cut{dim: d}
		for _, v := range values {
			f, err := h.deps.Measures.Figure(ctx, by, m.Name, q.with(d.Name, v).dims)
			if err != nil {
				return out, err
			}
			part.counts = append(part.counts, tally{v, f.Value})
		}
		if d.Name == "region" {
			part.rest.value = measure.Others(values)
			f, err := h.deps.Measures.Figure(ctx, by, m.Name, q.with(d.Name, part.rest.value).dims)
			if err != nil {
				return out, err
			}
			part.rest.n = f.Value
		}
		if d.Name == "field" || d.Name == "region" {
			slices.SortStableFunc(part.counts, func(a, b tally) int { return cmp.Compare(b.n, a.n) })
		}
		out.parts = append(out.parts, part)
	}
	return out, nil
}

// getFigures shows the numbers of the market, each with the rows behind it.
func (h *Handler) getFigures(w http.ResponseWriter, r *http.Request) error {
	q, m, err := h.readFigures(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f, err := h.figuresFor(ctx, web.Actor(r), q, m)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "市场统计")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	p.Lead = say(r, "每个数字都能点开看到背后的记录。")
	var stats []chart.KeyFigure
	var total string
	for i, x := range h.measures(web.Actor(r)) {
		k := chart.KeyFigure{Name: i18n.T(ctx, x.Title), Href: figureQuery{x.Name, q.dimsOf(x)}.href("")}
		k.Value, k.Unit = valueOf(ctx, x, f.totals[i])
		if x.Name == m.Name {
			total, k.Href = strings.TrimSpace(k.Value+" "+k.Unit), q.href("/rows")
			k.Delta = say(r, "下面按它细分")
		}
		stats = append(stats, k)
	}
	source := say(r, "来源：本平台技术市场，您可查看的供需与对接 · 截至 %s",
		i18n.DateTime(lang(r), clock.Time(f.asOfUs)))
	bar := ui.ResultBar{Count: i18n.T(ctx, m.Title) + " " + total,
		Chips: h.dimChips(r, q, m), Views: []ui.Link{{Text: say(r, "查看这些记录"), Href: q.href("/rows")}}}
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title, Lead: p.Lead}), chart.Stats(stats),
		ui.ResultHead(bar), ui.Note(say(r, "口径：%s", i18n.Key(m.Definition))),
		cuts(h.charts(r, q, m, f, source)))
	return h.web.Render(w, r, web.View{Page: p, Body: ui.With(ui.Stack(), body)})
}

// dimChips are the dimensions that narrow the figures, each a link without it.
func (h *Handler) dimChips(r *http.Request, q figureQuery, m measure.Measure) []ui.Link {
	var out []ui.Link
	for _, d := range m.Dims {
		if v := q.dims[d.Name]; v != "" {
			out = append(out, ui.Link{Text: h.dimTitle(r.Context(), d, v),
				Href: q.with(d.Name, "").href("")})
		}
	}
	return out
}

// cutChart is a measure by one dimension, ready to be drawn.
type cutChart struct {
	frame      chart.Frame
	head, unit string
	bars       []chart.Bar
}

func (h *Handler) charts(
	r *http.Request, q figureQuery, m measure.Measure, f figures, source string,
) []cutChart {
	ctx := r.Context()
	var out []cutChart
	for _, c := range f.parts {
		title, unit := i18n.T(ctx, c.dim.Title), i18n.T(ctx, m.Unit)
		if m.Unit == inFen {
			unit = i18n.T(ctx, "金额")
		}
		var most int64 = 1
		for _, x := range c.counts {
			most = max(most, x.n)
		}
		x := cutChart{head: title, unit: unit, frame: chart.Frame{ID: "by-" + c.dim.Name,
			Title: say(r, "%s：按%s", i18n.Key(m.Title), title), Unit: unit, Source: source}}
		for _, y := range c.counts {
			text, _ := valueOf(ctx, m, y.n)
			x.bars = append(x.bars, chart.Bar{Name: h.dimTitle(ctx, c.dim, y.value),
				Href: q.with(c.dim.Name, y.value).href(""), Share: float64(y.n) * 100 / float64(most),
				Text: text})
		}
		if c.rest.n > 0 {
			text, _ := valueOf(ctx, m, c.rest.n)
			x.bars = append(x.bars, chart.Bar{Name: h.dimTitle(ctx, c.dim, c.rest.value), Text: text, Tone: "mute",
				Href:  q.with(c.dim.Name, c.rest.value).href("/rows"),
				Share: float64(c.rest.n) * 100 / float64(max(most, c.rest.n))})
		}
		out = append(out, x)
	}
	return out
}

// getFigureRows lists the rows behind a figure.
func (h *Handler) getFigureRows(w http.ResponseWriter, r *http.Request) error {
	q, m, err := h.readFigures(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	page, err := h.deps.Measures.Rows(ctx, web.Actor(r), m.Name, q.dims, web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	f, err := h.deps.Measures.Figure(ctx, web.Actor(r), m.Name, q.dims)
	if err != nil {
		return err
	}
	p := h.web.Page(r, m.Title)
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket},
		{Text: say(r, "市场统计"), Href: q.href("")}, {Text: p.Title}}
	var chips []ui.Link
	for _, c := range h.dimChips(r, q, m) {
		chips = append(chips, ui.Link{Text: c.Text, Href: strings.Replace(c.Href, pathFigures,
			pathFigures+"/rows", 1)})
	}
	tab := ui.Table{Caption: p.Title, Plain: true, Cols: []ui.Column{{Label: say(r, "名称")},
		{Label: say(r, "计入"), Num: true}}}
	for _, x := range page.Items {
		text, _ := valueOf(ctx, m, x.Value)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title, Href: x.Href}, {Text: text}}})
	}
	total, unit := valueOf(ctx, m, f.Value)
	parts := []templ.Component{ui.ResultHead(ui.ResultBar{Chips: chips,
		Count: ui.Words(i18n.T(ctx, m.Title), strings.TrimSpace(total+" "+unit))})}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(say(r, "没有符合条件的记录"), ""))
	} else {
		parts = append(parts, ui.DataTable(tab))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	results := ui.With(ui.Results("", p.Title), parts...)
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title, Lead: i18n.T(ctx, m.Definition)}), results)
	return h.web.Render(w, r, web.View{Page: p, Body: body, Part: results})
}
