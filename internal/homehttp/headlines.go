package homehttp

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/report"
)

// Reports is what this door asks of package report.
type Reports interface {
	ListReports(context.Context, authz.Actor, report.Filter, db.PageReq) (db.Page[report.Report], error)
	ListFigures(ctx context.Context, by authz.Actor, reportID string) ([]report.Figure, error)
}

// shownHeadlines is how many figures of the city the home page shows.
const shownHeadlines = 5

// headlines are the city's own figures of the latest report that the actor may read and that was
// published: visitors see what was made public, and each number opens where it is from.
func (h *Handler) headlines(ctx context.Context, by authz.Actor) ([]chart.KeyFigure, error) {
	if h.Report == nil {
		return nil, nil
	}
	list, err := h.Report.ListReports(ctx, by, report.Filter{Form: report.Press, State: report.StatePublished},
		db.PageReq{Limit: 1})
	if err != nil || len(list.Items) == 0 {
		return nil, err
	}
	latest := list.Items[0]
	figures, err := h.Report.ListFigures(ctx, by, latest.ID)
	if err != nil {
		return nil, err
	}
	var levels []report.Figure
	growth := map[string]report.Figure{}
	for _, f := range figures {
		switch {
		case f.Place != latest.Region || f.Kind != "fact" || f.Source.Kind != report.OfPoint:
		case f.Measure == "growth":
			growth[f.Name] = f
		case f.Measure == "level" &&
			!slices.ContainsFunc(levels, func(o report.Figure) bool { return o.Name == f.Name }):
			levels = append(levels, f)
		}
	}
	slices.SortStableFunc(levels, func(a, b report.Figure) int { return cmp.Compare(telling(a.Name), telling(b.Name)) })
	l := i18n.From(ctx)
	var out []chart.KeyFigure
	for _, f := range levels[:min(len(levels), shownHeadlines)] {
		k := chart.KeyFigure{Name: f.Name, Value: signed(f.Op, plan.Decimal(f.Value).Grouped()), Unit: f.Unit,
			Href: report.FigurePath(latest.ID, f.N), Delta: i18n.T(ctx, "%s 的数据", i18n.Date(l, f.AsOf))}
		if g, known := growth[f.Name]; known {
			arrow, by := "↑", g.Value
			if strings.HasPrefix(by, "-") {
				arrow, by = "↓", by[1:]
			}
			k.Delta = i18n.T(ctx, "较上年 %s %s%%", arrow, plan.Decimal(by).Grouped()) + " · " + k.Delta
		}
		out = append(out, k)
	}
	return out, nil
}

// signed puts an operator before a large number.
func signed(op, number string) string { return strings.TrimSpace(i18n.Sign(op) + " " + number) }

// telling is the place of a name among the headlines.
func telling(name string) int {
	i := slices.IndexFunc(headlineWords, func(w string) bool { return strings.HasPrefix(name, w) })
	if i < 0 {
		return len(headlineWords)
	}
	return i
}
