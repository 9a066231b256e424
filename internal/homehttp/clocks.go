package homehttp

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// objects say what the processes move and where its page is. Texts are Chinese keys.
var objects = map[string]struct{ title, page string }{
	"party_org":          {"组织核验", "/orgs/"},
	"identity_claim":     {"单位认领", "/claims/"},
	"plan_task":          {"任务", "/tasks/"},
	"plan_document":      {"文件", "/documents/"},
	"dispatch_meeting":   {"调度会", "/dispatch/"},
	"dispatch_letter":    {"督办函", "/letters/"},
	"market_need":        {"技术需求", "/market/posts/"},
	"market_achievement": {"科技成果", "/market/posts/"},
	"deal":               {"供需对接", "/deals/"},
	"deal_broker":        {"技术经理人登记", "/brokers/"},
}

// soon is how far ahead the workspace looks for limits that will end.
const soon = 3 * 24 * time.Hour

// watched says whose clocks somebody sees: leaders all of them, everybody else their own.
func watched(by authz.Actor) db.Where {
	if by.EffectiveRole() == authz.Leader {
		return db.Where{}
	}
	return process.OwnedBy(by)
}

// overdue lists the limits that are over by now, or will be within ahead.
func (h *Handler) overdue(
	ctx context.Context, by authz.Actor, ahead time.Duration, p db.PageReq,
) (db.Page[process.Run], error) {
	if by.Account == "" {
		return db.Page[process.Run]{}, fault.New(fault.Forbidden, "请先登录")
	}
	return h.Clocks(ctx, watched(by), clock.Us(h.Clock.Now().Add(ahead)), p)
}

// clockTable shows time limits, each with who answers for it.
func (h *Handler) clockTable(ctx context.Context, by authz.Actor, runs []process.Run) ui.Table {
	t := func(s string) string { return i18n.T(ctx, s) }
	out := ui.Table{Caption: t("时限"), Dense: true, Cols: []ui.Column{{Label: t("事项")},
		{Label: t("截止时间")}, {Label: t("负责")}, {Label: t("状态")}}}
	now := h.Clock.Now()
	for _, r := range runs {
		due := clock.Time(r.DueUs)
		state, tone := ui.State{Tone: ui.Warn, Text: t("三天内到期")}, ui.Warn
		if due.Before(now) {
			state, tone = ui.State{Tone: ui.Bad, Text: t("已逾期")}, ui.Bad
		}
		if r.EscalatedUs > 0 {
			state.Text = t("已逾期，已升级")
		}
		out.Rows = append(out.Rows, ui.Row{Tone: tone, Cells: []ui.Cell{h.object(ctx, by, r),
			{Text: i18n.Deadline(i18n.From(ctx), due, now), Time: ui.MachineTime(due)},
			{Text: h.ownerName(ctx, r.Owner)}, {Status: &state}}})
	}
	return out
}

// object names what a limit is about. Who answers for a record reads it; one that was handed away
// meanwhile is named by its sort only.
func (h *Handler) object(ctx context.Context, by authz.Actor, r process.Run) ui.Cell {
	o, known := objects[r.Process]
	if !known {
		return ui.Cell{Text: r.Process, Sub: r.Object}
	}
	c := ui.Cell{Text: i18n.T(ctx, o.title), Href: o.page + r.Object}
	if r.Process == "party_org" {
		if org, err := h.Registry.GetOrganisation(ctx, by, r.Object); err == nil {
			c.Text, c.Sub = org.Name, i18n.T(ctx, o.title)
		}
	}
	if r.Process == "plan_task" {
		if x, err := h.Plan.GetTask(ctx, by, r.Object); err == nil {
			c.Text, c.Sub = x.Title, x.Code
		}
	}
	if r.Process == "market_need" || r.Process == "market_achievement" {
		if p, err := h.Market.GetPost(ctx, by, r.Object); err == nil {
			c.Text, c.Sub = p.Title, p.Code
		}
	}
	return c
}

// ownerName is the person who answers, or the role with its place when nobody is named.
func (h *Handler) ownerName(ctx context.Context, o process.Owner) string {
	if o.Account != "" {
		if name := h.AccountName(ctx, o.Account); name != "" {
			return name
		}
	}
	text := ""
	if o.Role != "" {
		text = i18n.T(ctx, o.Role.Title())
	}
	if o.Region != "" {
		text += " · " + h.placeName(region.Code(o.Region))
	}
	return text
}

// ClocksOf reads time limits from a database.
func ClocksOf(q db.Q) Clocks {
	return func(ctx context.Context, w db.Where, untilUs int64, p db.PageReq) (
		db.Page[process.Run], error) {
		return process.Overdue(ctx, q, clock.Time(untilUs), w, p)
	}
}
