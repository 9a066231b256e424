package dispatch

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// tasks proposes what the ledger says: red and yellow lights, tasks past their deadline, and those
// whose unit asks for more time.
type tasks struct{ s *Service }

func (x tasks) Proposals(ctx context.Context, by authz.Actor, m Meeting) ([]Proposal, error) {
	of := plan.TaskFilter{Ledger: m.Ledger, Region: m.Region, Open: true}
	var out []Proposal
	for _, q := range []struct {
		origin string
		narrow func(*plan.TaskFilter)
	}{
		{OriginExtension, func(f *plan.TaskFilter) { f.State = plan.TaskExtending }},
		{OriginRed, func(f *plan.TaskFilter) { f.Light = string(plan.Red) }},
		{OriginOverdue, func(f *plan.TaskFilter) { f.Overdue = true }},
		{OriginYellow, func(f *plan.TaskFilter) { f.Light = string(plan.Yellow) }},
	} {
		f := of
		q.narrow(&f)
		page, err := x.s.opt.Plan.ListTasks(ctx, by, f, "due", db.PageReq{Limit: maxItems})
		if err != nil {
			return nil, err
		}
		for _, t := range page.Items {
			out = append(out, taskProposal(q.origin, t))
		}
	}
	return out, nil
}

func taskKey(taskID string) string { return "plan.task:" + taskID }

// TargetKey is the key of items about the light of a target.
func TargetKey(targetID string) string { return "plan.target:" + targetID }

// OfTask makes a proposal one about a task: both are one item.
func (p Proposal) OfTask(taskID string) Proposal {
	p.Key, p.Also = taskKey(taskID), append([]string{p.Key}, p.Also...)
	return p
}

func taskProposal(origin string, t plan.Task) Proposal {
	p := Proposal{Key: taskKey(t.ID), Origin: origin, Title: t.Title, Href: "/tasks/" + t.ID,
		Colour: t.Light.Colour, DueUs: t.DueUs}
	switch origin {
	case OriginExtension:
		p.Reasons = []plan.Note{{Key: "申请延期至 %s", Args: []any{momentText(t.AskedDueUs)}}}
	case OriginOverdue:
		p.Reasons = []plan.Note{{Key: "时限 %s 已过", Args: []any{momentText(t.DueUs)}}}
	default:
		p.Reasons = t.Light.Reasons
	}
	for _, o := range t.Of(plan.Lead) {
		p.Org, p.OrgNow, p.OrgName = o.Org, o.Now, o.Name
	}
	return p
}

// momentText writes a moment so that every language reads it.
func momentText(us int64) string { return i18n.DateTime(i18n.ZH, clock.Time(us)) }

// followed proposes the decisions of meetings before that are not carried out.
type followed struct{ s *Service }

func (x followed) Proposals(ctx context.Context, by authz.Actor, m Meeting) ([]Proposal, error) {
	list, err := x.s.followUps(ctx, by, m)
	if err != nil {
		return nil, err
	}
	var out []Proposal
	for _, u := range list {
		if u.Done || u.Kind == KindNote {
			continue
		}
		p := Proposal{Key: "dispatch.decision:" + u.ID, Origin: OriginDecision, Title: u.Text,
			Href: "/dispatch/" + u.Meeting + "/decisions", Org: u.Org, OrgNow: u.orgNow, OrgName: u.OrgName,
			DueUs: u.DueUs, Reasons: []plan.Note{{Key: "%s 的决议尚未办结", Args: []any{u.MeetingTitle}}}}
		if u.Task != nil {
			p.Key, p.Title, p.Href = taskKey(u.Task.ID), u.Task.Title, "/tasks/"+u.Task.ID
			p.Colour = u.Task.Light.Colour
		}
		out = append(out, p)
	}
	return out, nil
}

// unanswered proposes letters whose reply is late.
type unanswered struct{ s *Service }

func (x unanswered) Proposals(ctx context.Context, by authz.Actor, m Meeting) ([]Proposal, error) {
	page, err := x.s.ListLetters(ctx, by, LetterFilter{Region: m.Region, Late: true}, "due",
		db.PageReq{Limit: maxItems})
	if err != nil {
		return nil, err
	}
	var out []Proposal
	for _, l := range page.Items {
		out = append(out, Proposal{Key: "dispatch.letter:" + l.ID, Origin: OriginLetter, Title: l.Title,
			Href: "/letters/" + l.ID, Org: l.Org, OrgNow: l.To.Now, OrgName: l.To.Name, DueUs: l.DueUs,
			Reasons: []plan.Note{{Key: "督办函 %s 应于 %s 前回复，尚未回复",
				Args: []any{l.Number, momentText(l.DueUs)}}}})
	}
	return out, nil
}
