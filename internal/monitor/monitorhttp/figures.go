package monitorhttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Figures are the numbers of a light as people read them, each with the page of what proves it.
type Figures struct {
	Light ui.Link // the indicator's name
	Value ui.Link
	Goal  ui.Link
	Gap   ui.Link // "—" where nothing can be compared
	AsOf  ui.Link // the day of the value
}

// FiguresOf are the numbers of a light that the actor was shown.
func FiguresOf(ctx context.Context, by authz.Actor, l monitor.LightRow) Figures {
	at := lightPath(l.Target)
	out := Figures{Light: ui.Link{Text: l.Name, Href: at}, Value: ui.Link{Text: i18n.T(ctx, "未报"), Href: at},
		Goal: ui.Link{Text: i18n.Sign(l.Op) + l.Goal.Amount(l.Unit), Href: goalPath(by, l)},
		Gap:  ui.Link{Text: "—"}, AsOf: ui.Link{Text: "—"}}
	if l.Value == "" {
		return out
	}
	proof := pointPath(&monitor.Point{Cell: l.Series(), Period: l.Period}, "")
	out.Value = ui.Link{Text: amount(ctx, l.Value, l.Qualifier, l.Unit), Href: proof}
	out.AsOf = ui.Link{Text: i18n.Date(i18n.From(ctx), l.AsOf), Href: proof}
	if l.Gap != "" {
		out.Gap = ui.Link{Text: l.Gap.Amount(gapUnit(ctx, l)), Href: at}
	}
	return out
}

// gapUnit is the unit of what is lacking: percentage points of a percentage.
func gapUnit(ctx context.Context, l monitor.LightRow) string {
	if l.Unit == "%" {
		return i18n.T(ctx, "个百分点")
	}
	return l.Unit
}
