package ui

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// With gives a component its children.
func With(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// Words joins the parts that are not empty: 企业 · 小店区.
func Words(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

// TimeCell shows a moment in microseconds, — for 0.
func TimeCell(ctx context.Context, us int64) Cell {
	if us == 0 {
		return Cell{Text: OrDash("")}
	}
	at := clock.Time(us)
	return Cell{Text: i18n.DateTime(i18n.From(ctx), at), Time: MachineTime(at)}
}

// AgoCell shows how long ago a moment was, seen at now.
func AgoCell(ctx context.Context, us int64, now time.Time) Cell {
	at := clock.Time(us)
	return Cell{Text: i18n.Ago(i18n.From(ctx), at, now), Time: MachineTime(at)}
}

// MachineTime is a moment as <time datetime> wants it, in the time of the place.
func MachineTime(t time.Time) string { return t.In(clock.Shanghai).Format(time.RFC3339) }
