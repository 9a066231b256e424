package app

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/monitor/monitorhttp"
	"github.com/yuntu-city/yuntu/internal/region"
)

// watch makes the room in which numbers are watched. It holds open the tasks of red numbers.
func (a *App) watch(ctx context.Context) error {
	a.Monitor = monitor.New(a.Unit, monitor.Options{Plan: a.Plan, Indicator: a.Indicator, Dict: a.Dict,
		Measures: func() *measure.Registry { return a.Measures }, Home: a.city})
	a.Monitor.RegisterJobs(a.Jobs)
	a.Notify.Follow(monitor.NoticeRules()...)
	if err := a.Monitor.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of indicator lights: %w", err)
	}
	return nil
}

// monitorDoor is the door of the room in which numbers are watched.
func (a *App) monitorDoor() *monitorhttp.Handler {
	return monitorhttp.New(a.Monitor, a.Web, kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock,
		Home: a.city}).DrawOn(a.ground)
}

// ground is what the ecosystem map has of a city, for maps of indicators.
func (a *App) ground(ctx context.Context, city region.Code) (monitorhttp.Ground, error) {
	g, err := a.Atlas.GroundOf(ctx, city)
	out := monitorhttp.Ground{Width: g.Frame.Width, Height: g.Frame.Height, Approval: g.Approval,
		Outlines: map[region.Code]monitorhttp.Outline{}, Districts: a.Atlas.Districts(city)}
	for _, s := range g.Shapes {
		out.Outlines[s.Code] = monitorhttp.Outline{Path: s.Path, X: s.X, Y: s.Y}
	}
	return out, err
}
