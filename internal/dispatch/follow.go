package dispatch

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// FollowUp (决议落实) is a decision of a meeting before with what became of it.
type FollowUp struct {
	Decision
	Task *plan.Task `json:"taskNow,omitempty"` // nil where there is none, or the actor may not read it
	Done bool       `json:"done"`
	Late bool       `json:"late"`
	AtUs int64      `json:"atUs"` // as of when this is so
}

// maxFollowUps bounds what a meeting looks back on.
const maxFollowUps = 200

// qFollowed: all decisions of the meeting before, and of the meetings before that what is open or was
// settled by a task that may have been opened again.
var qFollowed = db.Stmt(`SELECT ` + decisionColumns + ` FROM ` + decisionFrom + `
	WHERE m.series = $1 AND m.id <> $2 AND m.starts_us < $3 AND m.state IN ('held', 'drafted', 'issued')
		AND (m.id = $4 OR d.settled_us = 0 AND d.kind <> 'note')
	ORDER BY m.starts_us DESC, m.id, d.n LIMIT $5`)

// FollowUps returns the decisions of the meeting before, and what is still open from those before it,
// each as it stands now.
func (s *Service) FollowUps(
	ctx context.Context, by authz.Actor, meetingID string,
) ([]FollowUp, error) {
	m, err := s.readMeeting(ctx, s.unit.DB(), by, meetingID)
	if err != nil {
		return nil, err
	}
	list, err := s.followUps(ctx, by, m)
	if err != nil || MeetingPolicy.MaySee(by, ActMeetingDraft, m) {
		return list, err
	}
	return s.issuedOnly(ctx, by, list)
}

// issuedOnly leaves what members may know: decisions whose minutes are issued, of meetings they may
// read.
func (s *Service) issuedOnly(
	ctx context.Context, by authz.Actor, list []FollowUp,
) ([]FollowUp, error) {
	known := map[string]bool{}
	for _, u := range list {
		if _, asked := known[u.Meeting]; asked {
			continue
		}
		m, err := meetingByID(ctx, s.unit.DB(), u.Meeting)
		if err != nil {
			return nil, err
		}
		known[u.Meeting] = MeetingPolicy.May(by, ActMeetingRead, m) == nil && m.open(by)
	}
	return slices.DeleteFunc(list, func(u FollowUp) bool { return !known[u.Meeting] }), nil
}

func (s *Service) followUps(ctx context.Context, by authz.Actor, m Meeting) ([]FollowUp, error) {
	before := m.StartsUs
	if before == 0 {
		before = s.nowUs()
	}
	list, err := db.All(ctx, s.unit.DB(), qFollowed, scanDecision, m.Series, m.ID, before, m.Previous,
		int64(maxFollowUps))
	if err != nil {
		return nil, err
	}
	all, err := s.became(ctx, by, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(u FollowUp) bool { return u.Done && u.Meeting != m.Previous }), nil
}

// became reads what became of decisions.
func (s *Service) became(
	ctx context.Context, by authz.Actor, list []Decision,
) ([]FollowUp, error) {
	var ids []string
	for _, d := range list {
		if d.TaskID != "" {
			ids = append(ids, d.TaskID)
		}
	}
	tasks, err := s.opt.Plan.TasksByID(ctx, by, ids)
	if err != nil {
		return nil, err
	}
	now := s.nowUs()
	var out []FollowUp
	for _, d := range list {
		u := FollowUp{Decision: d, Done: d.SettledUs != 0 || d.Kind == KindNote, AtUs: now}
		if t, ok := tasks[d.TaskID]; ok && d.TaskID != "" {
			u.Task, u.Done = &t, finished(t.State)
			u.Late = !u.Done && t.DueUs != 0 && t.DueUs < now
		} else {
			u.Late = !u.Done && d.DueUs != 0 && d.DueUs < now
		}
		out = append(out, u)
	}
	return out, nil
}

// finished says whether a task needs nobody any more.
func finished(state string) bool {
	return plan.Task{State: state}.Closed()
}

// Outcomes returns the decisions of one meeting, each with what became of it. Members see them once
// the minutes are issued.
func (s *Service) Outcomes(
	ctx context.Context, by authz.Actor, meetingID string,
) ([]FollowUp, error) {
	d, err := s.GetMeeting(ctx, by, meetingID)
	if err != nil {
		return nil, err
	}
	return s.became(ctx, by, d.Decisions)
}

// DecisionFilter narrows a list of decisions. Zero fields do not narrow.
type DecisionFilter struct {
	Series string `json:"series,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Org    string `json:"org,omitempty"`  // who answers for it
	Open   bool   `json:"open,omitempty"` // not carried out
	Task   string `json:"task,omitempty"`
}

func (s *Service) decisionWhere(by authz.Actor, f DecisionFilter) db.Where {
	w := db.Or(MeetingPolicy.Scope(by, ActMeetingRead).And("m.state = 'issued'"),
		MeetingPolicy.Scope(by, ActMeetingDraft))
	if f.Series != "" {
		w = w.And("m.series = $1", f.Series)
	}
	if f.Kind != "" {
		w = w.And("d.kind = $1", f.Kind)
	}
	if f.Org != "" {
		w = w.And("d.org_now = $1", f.Org)
	}
	if f.Open {
		w = w.And("d.settled_us = 0 AND d.kind <> 'note'")
	}
	if f.Task != "" {
		w = w.And("d.task = $1", f.Task)
	}
	return w
}

// ListDecisions returns a page of the decisions that the actor may read, the newest first, each with
// what became of it.
func (s *Service) ListDecisions(
	ctx context.Context, by authz.Actor, f DecisionFilter, p db.PageReq,
) (db.Page[FollowUp], error) {
	page, err := db.List(ctx, s.unit.DB(), decisionList, s.decisionWhere(by, f), decisionList.Order(""), p,
		scanDecision)
	if err != nil {
		return db.Page[FollowUp]{}, err
	}
	out := db.Page[FollowUp]{Next: page.Next, Prev: page.Prev}
	out.Items, err = s.became(ctx, by, page.Items)
	return out, err
}

// CountDecisions returns how many decisions of each kind the actor may read.
func (s *Service) CountDecisions(
	ctx context.Context, by authz.Actor, f DecisionFilter,
) (map[string]int64, error) {
	return decisionList.CountBy(ctx, s.unit.DB(), "d.kind", s.decisionWhere(by, f))
}
