package plan

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// TaskFilter narrows the ledger. Zero fields do not narrow.
type TaskFilter struct {
	Query    string      `json:"q,omitempty"` // words of the title, or a code
	Ledger   string      `json:"ledger,omitempty"`
	Org      string      `json:"org,omitempty"`  // a unit of it
	Orgs     []string    `json:"orgs,omitempty"` // any of several units
	Part     string      `json:"part,omitempty"` // what the unit does: one of Parts
	State    string      `json:"state,omitempty"`
	Light    string      `json:"light,omitempty"` // one of Colours
	Region   region.Code `json:"region,omitempty"`
	From     clock.Date  `json:"from,omitempty"` // due at or after
	To       clock.Date  `json:"to,omitempty"`   // and at or before
	Document string      `json:"document,omitempty"`
	Target   string      `json:"target,omitempty"`
	Parent   string      `json:"parent,omitempty"`
	Level    int         `json:"level,omitempty"`
	Open     bool        `json:"open,omitempty"`    // not finished
	Overdue  bool        `json:"overdue,omitempty"` // past its deadline and not finished
}

var taskList = db.Select(taskColumns, taskFrom,
	db.Order{Name: "code", Cols: []db.Col{db.TextCol("t.code_sort"), db.TextCol("t.id")}},
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.TextCol("t.code_sort"), db.TextCol("t.id")}},
	db.Order{Name: "due", Cols: []db.Col{db.IntCol("t.due_us"), db.TextCol("t.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("t.updated_us"), db.TextCol("t.id")}},
	db.Order{Name: "progress", Cols: []db.Col{db.IntCol("t.progress_bp"), db.TextCol("t.id")}},
)

// TaskOrders returns the names of the orders people may choose.
func TaskOrders() []string { return taskList.OrderNames() }

func (f TaskFilter) where(nowUs int64) db.Where {
	w := f.words(db.Where{})
	for _, c := range []struct {
		value string
		where func(db.Where) db.Where
	}{
		{f.Ledger, func(w db.Where) db.Where { return w.And("t.ledger = $1", f.Ledger) }},
		{f.State, func(w db.Where) db.Where { return w.And("t.state = $1", f.State) }},
		{f.Light, func(w db.Where) db.Where { return w.And("l.colour = $1", f.Light) }},
		{f.Parent, func(w db.Where) db.Where { return w.And("t.parent = $1", f.Parent) }},
		{f.Org, f.ofUnit},
		{strings.Join(f.Orgs, " "), f.ofAny},
		{string(f.Region), func(w db.Where) db.Where {
			from, before, ok := authz.RegionRange(string(f.Region))
			if !ok {
				return db.Nothing()
			}
			return w.And("t.region >= $1 AND t.region < $2", from, before)
		}},
		{f.Document, func(w db.Where) db.Where {
			return w.And(`EXISTS (SELECT 1 FROM plan_source AS s WHERE s.document = $1
				AND s.kind = 'task' AND s.object = t.id)`, f.Document)
		}},
		{f.Target, func(w db.Where) db.Where {
			return w.And(`EXISTS (SELECT 1 FROM plan_task_target AS x WHERE x.target = $1
				AND x.task = t.id)`, f.Target)
		}},
	} {
		if c.value != "" {
			w = c.where(w)
		}
	}
	if f.Level != 0 {
		w = w.And("t.level = $1", int64(f.Level))
	}
	return f.when(w, nowUs)
}

func (f TaskFilter) ofUnit(w db.Where) db.Where { return f.of(w, f.Org) }

// ofAny keeps the tasks of any of several units.
func (f TaskFilter) ofAny(w db.Where) db.Where {
	var any []db.Where
	for _, org := range f.Orgs {
		any = append(any, f.of(db.Where{}, org))
	}
	return w.AndAll(db.Or(any...))
}

func (f TaskFilter) of(w db.Where, org string) db.Where {
	if f.Part != "" {
		return w.And(`EXISTS (SELECT 1 FROM plan_task_org AS o WHERE o.org_now = $1
			AND o.task = t.id AND o.part = $2)`, org, f.Part)
	}
	return w.And(`EXISTS (SELECT 1 FROM plan_task_org AS o WHERE o.org_now = $1
		AND o.task = t.id)`, org)
}

// words keeps tasks whose title has every pair of characters of the query, or that have the code.
func (f TaskFilter) words(w db.Where) db.Where {
	if f.Query == "" {
		return w
	}
	code := tidy(narrow(firstRunes(f.Query, maxQuery)))
	titled := matching(db.Where{}, f.Query, func(w db.Where, gram string) db.Where {
		return w.And(`EXISTS (SELECT 1 FROM plan_gram AS g WHERE g.kind = 'task'
			AND g.gram = $1 AND g.object = t.id)`, gram)
	})
	return w.AndAll(db.Or(db.Where{}.And("t.code = $1", code), titled))
}

func (f TaskFilter) when(w db.Where, nowUs int64) db.Where {
	if f.From != "" {
		if !f.From.Valid() {
			return db.Nothing()
		}
		w = w.And("t.due_us >= $1", clock.Us(f.From.Start()))
	}
	if f.To != "" {
		if !f.To.Valid() {
			return db.Nothing()
		}
		w = w.And("t.due_us > 0 AND t.due_us <= $1", EndOfDay(f.To))
	}
	if f.Open || f.Overdue {
		w = w.And("t.state NOT IN ('done', 'struck', 'terminated')")
	}
	if f.Overdue {
		w = w.And("t.due_us > 0 AND t.due_us < $1 AND t.state <> 'draft'", nowUs)
	}
	return w
}

func (s *Service) taskScope(by authz.Actor, f TaskFilter) db.Where {
	return TaskPolicy.Scope(by, ActTaskRead).AndAll(f.where(clock.Us(s.unit.Clock().Now())))
}

// ListTasks returns a page of the ledger as the actor may read it.
func (s *Service) ListTasks(
	ctx context.Context, by authz.Actor, f TaskFilter, order string, p db.PageReq,
) (db.Page[Task], error) {
	q := s.unit.DB()
	page, err := db.List(ctx, q, taskList, s.taskScope(by, f), taskList.Order(order), p, scanTask)
	if err != nil {
		return page, err
	}
	return page, fillTasks(ctx, q, page.Items)
}

// MyTasks is ListTasks for the tasks that the actor's organisation has a part in.
func (s *Service) MyTasks(
	ctx context.Context, by authz.Actor, f TaskFilter, order string, p db.PageReq,
) (db.Page[Task], error) {
	if by.Org == "" {
		return db.Page[Task]{}, nil
	}
	f.Org = by.Org
	return s.ListTasks(ctx, by, f, order, p)
}

// TaskCounts says how many tasks there are, by state and by light.
type TaskCounts struct {
	All     int64            `json:"all"`
	States  map[string]int64 `json:"states"`
	Lights  map[string]int64 `json:"lights"`
	Overdue int64            `json:"overdue"`
}

// CountTasks counts the tasks of a list.
func (s *Service) CountTasks(
	ctx context.Context, by authz.Actor, f TaskFilter,
) (TaskCounts, error) {
	q, w := s.unit.DB(), s.taskScope(by, f)
	var c TaskCounts
	var err error
	if c.States, err = taskList.CountBy(ctx, q, "t.state", w); err != nil {
		return c, err
	}
	for _, n := range c.States {
		c.All += n
	}
	if c.Lights, err = taskList.CountBy(ctx, q, "l.colour", w); err != nil {
		return c, err
	}
	f.Overdue = true
	c.Overdue, err = taskList.Count(ctx, q, s.taskScope(by, f), 0)
	return c, err
}

// Column is one column of the board: the tasks in one state.
type Column struct {
	State string `json:"state"`
	Title string `json:"title"` // key of package i18n
	Count int64  `json:"count"`
	Tasks []Task `json:"tasks"` // the first of them, those due soonest before
}

// boardCards is how many tasks a column of the board shows.
const boardCards = 30

// Board returns the tasks of a list by state, in the order of the process; states without tasks
// that nobody waits in are left out.
func (s *Service) Board(ctx context.Context, by authz.Actor, f TaskFilter) ([]Column, error) {
	counts, err := s.CountTasks(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var out []Column
	for _, st := range TaskProcess.Def().States {
		if f.State != "" && f.State != st.Name || counts.States[st.Name] == 0 {
			continue
		}
		of := f
		of.State = st.Name
		page, err := s.ListTasks(ctx, by, of, "due", db.PageReq{Limit: boardCards})
		if err != nil {
			return nil, err
		}
		out = append(out, Column{st.Name, st.Title, counts.States[st.Name], page.Items})
	}
	return out, nil
}
