package app

import (
	"context"
	"maps"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/monitor/monitorhttp"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// maxAgendaLights bounds the lights of each colour that are proposed for a meeting.
const maxAgendaLights = 50

// indicatorLights proposes the red and yellow lights of indicators for the agenda of a meeting; one that
// opened a task is the item of that task, with the reasons of both. A series that looks at one ledger gets the
// red ones alone: their tasks stand in a ledger of their own, and nobody else would put them before the meeting.
type indicatorLights struct{ monitor *monitor.Service }

// Proposals implements dispatch.AgendaSource.
func (x indicatorLights) Proposals(
	ctx context.Context, by authz.Actor, m dispatch.Meeting,
) ([]dispatch.Proposal, error) {
	colours := []plan.Colour{plan.Red, plan.Yellow}
	if m.Ledger != "" {
		colours = colours[:1]
	}
	var out []dispatch.Proposal
	for _, colour := range colours {
		page, err := x.monitor.ListLights(ctx, by, monitor.LightFilter{Colour: string(colour), Region: m.Region},
			"", db.PageReq{Limit: maxAgendaLights})
		if err != nil {
			return nil, err
		}
		tasks, err := x.monitor.OpenTasks(ctx, by, page.Items)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Items {
			p := dispatch.Proposal{Key: dispatch.TargetKey(l.Target), Origin: dispatch.OriginIndicator,
				Title: l.Name, Reasons: l.Light.Reasons, Href: "/monitor/lights/" + l.Target, Org: l.Org,
				OrgNow: l.Org, OrgName: l.OrgName, Colour: l.Light.Colour}
			if task := tasks[l.Target]; task != "" {
				p = p.OfTask(task)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// maxPackLights bounds the red lights in the pack of a meeting.
const maxPackLights = 200

// packLights shows the numbers behind lights in the pack of a meeting.
type packLights struct{ app *App }

// Lights implements dispatch.LightSource.
func (x packLights) Lights(
	ctx context.Context, by authz.Actor, m dispatch.Meeting, about dispatch.About,
) ([]dispatch.Light, error) {
	page, err := x.app.Monitor.ListLights(ctx, by, monitor.LightFilter{Colour: string(plan.Red), Region: m.Region},
		"", db.PageReq{Limit: maxPackLights})
	if err != nil {
		return nil, err
	}
	tasks, err := x.app.Monitor.OpenTasks(ctx, by, page.Items)
	if err != nil {
		return nil, err
	}
	more, opened, err := x.app.Monitor.LightsBehind(ctx, by, about.Targets, about.Tasks)
	if err != nil {
		return nil, err
	}
	maps.Copy(tasks, opened)
	list := page.Items
	for _, l := range more {
		if !slices.ContainsFunc(list, func(o monitor.LightRow) bool { return o.Target == l.Target }) {
			list = append(list, l)
		}
	}
	out := make([]dispatch.Light, len(list))
	for i, l := range list {
		out[i] = x.light(ctx, by, l, tasks[l.Target])
	}
	return out, nil
}

func (x packLights) light(ctx context.Context, by authz.Actor, l monitor.LightRow, task string) dispatch.Light {
	run := func(l ui.Link) docx.Run { return docx.Run{Text: l.Text, Href: l.Href} }
	f := monitorhttp.FiguresOf(ctx, by, l)
	subject := l.OrgName
	if subject == "" {
		subject = x.app.Dict.PlaceName(x.app.city(), l.Region)
	}
	return dispatch.Light{Target: l.Target, Task: task, Name: run(f.Light), Subject: subject, Colour: l.Light.Colour,
		Value: run(f.Value), Goal: run(f.Goal), Gap: run(f.Gap), AsOf: run(f.AsOf), Lead: l.LeadName}
}
