package app

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// maxAgendaLights bounds the lights of each colour that are proposed for a meeting.
const maxAgendaLights = 50

// indicatorLights proposes the red and yellow lights of indicators for the agenda of a meeting; one that
// opened a task is the item of that task, with the reasons of both. A series that looks at one ledger only
// is about its tasks: a red number has its task there already.
type indicatorLights struct{ monitor *monitor.Service }

// Proposals implements dispatch.AgendaSource.
func (x indicatorLights) Proposals(
	ctx context.Context, by authz.Actor, m dispatch.Meeting,
) ([]dispatch.Proposal, error) {
	if m.Ledger != "" {
		return nil, nil
	}
	var out []dispatch.Proposal
	for _, colour := range []plan.Colour{plan.Red, plan.Yellow} {
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
