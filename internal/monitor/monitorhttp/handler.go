package monitorhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathHome       = "/monitor"
	pathScreen     = "/screen" // of the ecosystem map, with indicators beside it
	pathBrief      = "/monitor/brief"
	pathSets       = "/monitor/sets"
	pathIndicators = "/monitor/indicators"
	pathPoints     = "/monitor/points"
	pathLights     = "/monitor/lights"
	pathRules      = "/monitor/rules"
)

// Handler serves the room in which numbers are watched.
type Handler struct {
	kit.Kit
	room   *monitor.Service
	ground func(ctx context.Context, city region.Code) (Ground, error) // nil = there are no maps
}

// New returns the door of the room.
func New(s *monitor.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{Kit: kit.Kit{Web: w, Deps: d}, room: s}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathHome, Handle: h.getHome,
			UseCases: []string{"monitor.Overview", "monitor.ListLights"}},
		{Method: get, Path: pathBrief, Handle: h.getBrief,
			UseCases: []string{"monitor.Overview", "monitor.ListLights"}},
		{Method: get, Path: pathSets + "/{id}", Handle: h.getSet,
			UseCases: []string{"monitor.Overview", "monitor.Across"}},
		{Method: get, Path: pathIndicators + "/{id}", Handle: h.getIndicator,
			UseCases: []string{"monitor.GetIndicator", "monitor.Across", "monitor.MeanGrowth"}},
		{Method: post, Path: pathIndicators + "/{id}/recompute", Handle: h.postRecompute,
			UseCases: []string{"monitor.Recompute"}},
		{Method: get, Path: pathPoints + "/{indicator}/{region}/{period}", Handle: h.getPoint,
			UseCases: []string{"monitor.GetPoint"}},
		{Method: get, Path: pathPoints + "/{indicator}/{region}/{period}/rows", Handle: h.getRows,
			UseCases: []string{"monitor.GetPoint", "monitor.PointRows"}},
		{Method: get, Path: pathLights, Handle: h.getLights,
			UseCases: []string{"monitor.ListLights", "monitor.CountLights"}},
		{Method: get, Path: pathLights + "/{id}", Handle: h.getLight,
			UseCases: []string{"monitor.GetLight"}},
		{Method: post, Path: pathLights + "/{id}", Handle: h.postDecision,
			UseCases: []string{"monitor.Decide"}},
		{Method: get, Path: pathFindings, Handle: h.getFindings,
			UseCases: []string{"monitor.ListFindings", "monitor.CountFindings"}},
		{Method: get, Path: pathRules, Handle: h.getRules,
			UseCases: []string{"monitor.ListRules", "monitor.RuleAt"}},
		{Method: post, Path: pathRules, Handle: h.postRule, UseCases: []string{"monitor.AddRule"}},
	}
}

// mayRead refuses who sees no numbers.
func mayRead(by authz.Actor) error {
	if !monitor.PointPolicy.Could(by, monitor.ActPointRead) {
		return kit.ErrRole()
	}
	return nil
}

// choices turns a closed list into options.
func choices(ctx context.Context, list []plan.Choice) []ui.Option {
	out := make([]ui.Option, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// all puts the empty choice before others.
func all(ctx context.Context, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, "全部")}}, list...)
}

// titled is the title of a value, the value itself when it is unknown.
func titled(ctx context.Context, list []plan.Choice, value string) string {
	if title := plan.TitleOf(list, value); title != "" {
		return i18n.T(ctx, title)
	}
	return value
}

// tones are the tones of lights.
var tones = map[plan.Colour]ui.Tone{plan.Red: ui.Bad, plan.Yellow: ui.Warn, plan.Green: ui.OK,
	plan.Blue: ui.Run}

// lightMark is a light with its word.
func lightMark(ctx context.Context, c plan.Colour) ui.State {
	return ui.State{Tone: tones[c], Text: titled(ctx, plan.Colours(), string(c))}
}

// reasons says why a light has its colour.
func reasons(l i18n.Lang, x monitor.Light) string {
	var out []string
	for _, n := range x.Reasons {
		out = append(out, n.In(l))
	}
	if l == i18n.EN {
		return strings.Join(out, "; ")
	}
	return strings.Join(out, "；")
}

// value writes a value with its qualifier: ≥300, 8,700余.
func value(ctx context.Context, d plan.Decimal, qualifier string) string {
	if d == "" {
		return ""
	}
	if qualifier == indicator.Odd {
		return i18n.T(ctx, "%s余", d.Grouped())
	}
	return i18n.Sign(qualifier) + d.Grouped()
}

// amount writes a value with its qualifier and unit: ≥300 家, 8.7%.
func amount(ctx context.Context, d plan.Decimal, qualifier, unit string) string {
	return i18n.Amount(value(ctx, d, qualifier), unit)
}

// goal writes a target: ≥228 亿元.
func goal(l monitor.LightRow) string { return i18n.Sign(l.Op) + l.Goal.Amount(l.Unit) }

// percent writes percent, "—" for none.
func percent(d plan.Decimal) string {
	if d == "" {
		return "—"
	}
	return d.Grouped() + "%"
}

// period names a period in the language of ctx; a cumulative value covers the year until its end.
func period(ctx context.Context, p series.Period, cumulative bool) string {
	switch {
	case i18n.From(ctx) == i18n.EN && cumulative:
		return p.EnglishTextTo()
	case i18n.From(ctx) == i18n.EN:
		return p.EnglishText()
	case cumulative:
		return p.TextTo()
	}
	return p.Text()
}

// change says how a value changed, with an arrow and a word.
func change(ctx context.Context, c *monitor.Change) string {
	if c == nil {
		return ""
	}
	d, arrow := c.Value, "↑"
	if strings.HasPrefix(string(d), "-") {
		d, arrow = d[1:], "↓"
	}
	switch {
	case d == "0":
		return i18n.T(ctx, "持平")
	case c.Points:
		return i18n.T(ctx, "%s %s 个百分点", arrow, d.Grouped())
	}
	return arrow + " " + d.Grouped() + "%"
}

// signed writes a change for a table: +50%, −1.2 个百分点.
func signed(ctx context.Context, c *monitor.Change) string {
	if c == nil {
		return "—"
	}
	d := strings.Replace(c.Value.Grouped(), "-", "−", 1)
	if !strings.HasPrefix(d, "−") && d != "0" {
		d = "+" + d
	}
	if c.Points {
		return i18n.T(ctx, "%s 个百分点", d)
	}
	return d + "%"
}

// cellAddress is the address of something of a cell.
func cellAddress(base string, c monitor.Cell, tail string) string {
	out := base + "/" + url.PathEscape(c.Indicator) + "/" + url.PathEscape(string(c.Region)) + "/" +
		url.PathEscape(tail)
	return out
}

// pointPath is the page of what proves a point.
func pointPath(p *monitor.Point, tail string) string {
	if p == nil {
		return ""
	}
	out := cellAddress(pathPoints, p.Cell, string(p.Period)) + tail
	if p.Org != "" {
		out += "?org=" + url.QueryEscape(p.Org)
	}
	return out
}

// indicatorPath is the page of an indicator of a place or a unit.
func indicatorPath(c monitor.Cell) string {
	v := url.Values{}
	if c.Region != "" {
		v.Set("region", string(c.Region))
	}
	if c.Org != "" {
		v.Set("org", c.Org)
	}
	out := kit.Join(pathIndicators, c.Indicator, "")
	if len(v) > 0 {
		out += "?" + v.Encode()
	}
	return out
}

func lightPath(targetID string) string { return kit.Join(pathLights, targetID, "") }

// subject is who a target is set for.
func (h *Handler) subject(l monitor.LightRow) string {
	if l.OrgName != "" {
		return l.OrgName
	}
	return h.PlaceName(l.Region)
}

// span shows the days of a target; a whole year as such.
func span(l i18n.Lang, from, to clock.Date) string {
	if from.Valid() && to.Valid() && from[:4] == to[:4] && from[4:] == "-01-01" && to[4:] == "-12-31" {
		return i18n.Year(l, int(kit.Whole(string(from[:4]))))
	}
	return i18n.Date(l, from) + "—" + i18n.Date(l, to)
}

// regionOf reads a code, "" for none.
func regionOf(text string) region.Code {
	code, err := region.Parse(text)
	if err != nil {
		return ""
	}
	return code
}

// place reads the place of an address, "" for none.
func place(r *http.Request) region.Code { return regionOf(r.FormValue("region")) }

// addressWith is the address of the page with some of its query changed; "" takes a value away.
func addressWith(r *http.Request, pairs ...string) string {
	set := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			set[pairs[i]] = nil
			continue
		}
		set.Set(pairs[i], pairs[i+1])
	}
	return web.ListAddress(r, set)
}

// exports are the files of what is shown.
func exports(r *http.Request) []ui.Link {
	return []ui.Link{{Text: "Excel", Href: addressWith(r, "format", "xlsx")},
		{Text: "CSV", Href: addressWith(r, "format", "csv")}}
}
