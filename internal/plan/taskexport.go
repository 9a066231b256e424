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
			for _, t := range page.Items {
				cells, err := s.taskCells(ctx, t, serials.next(t))
				if !yield(cells, err) || err != nil {
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

// taskCells are the values of TaskSheet's columns.
func (s *Service) taskCells(ctx context.Context, t Task, serial string) ([]any, error) {
	q := s.unit.DB()
	ids, err := db.All(ctx, q, qTaskTargets, db.One[string], t.ID)
	if err != nil {
		return nil, err
	}
	var indicators, goals []string
	for _, targetID := range ids {
		x, err := targetByID(ctx, q, targetID)
		if err != nil {
			return nil, err
		}
		indicators = append(indicators, x.Name)
		goals = append(goals, goal{x.Op, x.Value, x.Unit}.text())
	}
	progress, err := s.progressCell(ctx, q, t)
	if err != nil {
		return nil, err
	}
	return []any{serial, t.Title, strings.Join(indicators, "\n"), strings.Join(goals, "\n"),
		unitNames(t.Of(Lead)), unitNames(t.Of(Duty)), string(t.dueDay()), progress,
		unitNames(t.Of(Assist)), t.Person, t.Code, i18n.T(ctx, StateTitle(t.State)),
		i18n.T(ctx, TitleOf(Colours(), string(t.Light.Colour)))}, nil
}

func (s *Service) progressCell(ctx context.Context, q db.Q, t Task) (string, error) {
	last, found, err := db.Find(ctx, q, qReportLast, scanReport, t.ID)
	if err != nil || !found && t.ProgressBp == 0 {
		return "", err
	}
	cell := PercentText(t.ProgressBp) + "%"
	if last.Situation != "" {
		cell += progressMark + last.Situation
	}
	return cell, nil
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
