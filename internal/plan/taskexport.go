package plan

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// WriteTasks writes the tasks of a list that the actor may export in the form of TaskSheet, in the
// order of their codes, and returns how many there were.
func (s *Service) WriteTasks(
	ctx context.Context, by authz.Actor, f TaskFilter, e Export, w io.Writer,
) (int, error) {
	if err := s.mayExport(by); err != nil {
		return 0, err
	}
	serials := &serials{of: map[string]string{}, parts: map[string]int{}}
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := s.exportPage(ctx, by, f, req)
			if err != nil {
				yield(nil, err)
				return
			}
			more, err := toldOf(ctx, s.unit.DB(), page.Items)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, t := range page.Items {
				if !yield(taskCells(ctx, t, serials.next(t), more[t.ID]), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, TaskSheet(), rows, sheet.Meta{
		Title: i18n.T(ctx, "任务台账"), By: name, At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "plan.WriteTasks", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindTask, What: "export",
			Detail: map[string]any{"filter": f, "rows": n}})
		return nil
	})
}

// mayExport refuses those who may export no task at all.
func (s *Service) mayExport(by authz.Actor) error {
	if TaskPolicy.Could(by, ActTaskExport) {
		return nil
	}
	return TaskPolicy.May(by, ActTaskExport, Task{})
}

func (s *Service) exportPage(
	ctx context.Context, by authz.Actor, f TaskFilter, req db.PageReq,
) (db.Page[Task], error) {
	q := s.unit.DB()
	w := s.taskScope(by, f).AndAll(TaskPolicy.Scope(by, ActTaskExport))
	page, err := db.List(ctx, q, taskList, w, taskList.Order("code"), req, scanTask)
	if err != nil {
		return page, err
	}
	return page, fillTasks(ctx, q, page.Items)
}

// serials number the rows as offices do: 1, 1.1, 1.2, 2. A part whose whole is not in the table
// counts as a whole.
type serials struct {
	top   int
	of    map[string]string // task to its number
	parts map[string]int    // task to the number of its parts so far
}

func (n *serials) next(t Task) string {
	whole, inside := n.of[t.Parent]
	if t.Parent == "" || !inside {
		n.top++
		n.of[t.ID] = fmt.Sprint(n.top)
	} else {
		n.parts[t.Parent]++
		n.of[t.ID] = fmt.Sprintf("%s.%d", whole, n.parts[t.Parent])
	}
	return n.of[t.ID]
}

// told is what the ledger tells of a task beside the task itself.
type told struct {
	goals  []Target
	report Report
}

// toldOf loads what the ledger tells of a page of tasks, in two queries.
func toldOf(ctx context.Context, q db.Q, list []Task) (map[string]told, error) {
	out := make(map[string]told, len(list))
	keys := make([]any, len(list))
	for i, t := range list {
		keys[i] = t.ID
	}
	if len(keys) == 0 {
		return out, nil
	}
	var task string
	err := db.Stream(ctx, q, goalList, db.Where{}.In("x.task", keys...), goalList.Order(""), 0,
		func(r db.Row) (Target, error) { return scanTarget(behind{r, &task}) },
		func(t Target) error {
			x := out[task]
			x.goals = append(x.goals, t)
			out[task] = x
			return nil
		})
	if err != nil {
		return nil, err
	}
	w := db.Where{}.In("r.task", keys...).
		And("r.n = (SELECT MAX(o.n) FROM plan_report AS o WHERE o.task = r.task)")
	return out, db.Stream(ctx, q, reportList, w, reportList.Order(""), 0, scanReport,
		func(r Report) error {
			x := out[r.Task]
			x.report = r
			out[r.Task] = x
			return nil
		})
}

var (
	goalList = db.Select(targetColumns+`, x.task`,
		`plan_task_target AS x JOIN plan_target AS t ON t.id = x.target
			JOIN plan_indicator AS i ON i.id = t.indicator`,
		db.Order{Name: "target", Cols: []db.Col{db.TextCol("x.task"), db.TextCol("x.target")}})
	reportList = db.Select(reportColumns, `plan_report AS r`,
		db.Order{Name: "n", Cols: []db.Col{db.TextCol("r.task"), db.IntCol("r.n")}})
)

// taskCells are the values of TaskSheet's columns.
func taskCells(ctx context.Context, t Task, serial string, x told) []any {
	var indicators, goals []string
	for _, g := range x.goals {
		indicators = append(indicators, g.Name)
		goals = append(goals, goal{g.Op, g.Value, g.Unit}.text())
	}
	return []any{serial, t.Title, strings.Join(indicators, "\n"), strings.Join(goals, "\n"),
		unitNames(t.Of(Lead)), unitNames(t.Of(Duty)), string(t.dueDay()), progressCell(t, x.report),
		unitNames(t.Of(Assist)), t.Person, t.Code, i18n.T(ctx, StateTitle(t.State)),
		i18n.T(ctx, TitleOf(Colours(), string(t.Light.Colour)))}
}

func progressCell(t Task, last Report) string {
	if last.ID == "" && t.ProgressBp == 0 {
		return ""
	}
	cell := PercentText(t.ProgressBp) + "%"
	if last.Situation != "" {
		cell += progressMark + last.Situation
	}
	return cell
}

func unitNames(owners []Owner) string {
	var out []string
	for _, o := range owners {
		out = append(out, o.Name)
	}
	return strings.Join(out, nameMark)
}

// StateTitle returns the title of a state of tasks, a key of package i18n.
func StateTitle(state string) string {
	for _, s := range TaskProcess.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}
