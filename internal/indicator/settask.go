package indicator

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// addTasks drafts the tasks of a set (拟立) in a ledger of its own, those that are not there yet. Nobody answers for
// them so far: the text says which kind of unit should.
func (s *Service) addTasks(ctx context.Context, tx *unit.Tx, file SetFile) error {
	if len(file.Tasks) == 0 || s.opt.Home == nil || s.opt.Home() == "" {
		return nil
	}
	g, err := s.opt.Plan.LedgerNamed(ctx, tx, taskLedger(file.Name), s.opt.Home())
	if err != nil || g.Closed {
		return err
	}
	have, err := s.opt.Plan.TitlesIn(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	for _, x := range file.Tasks {
		if slices.Contains(have, x.Title) {
			continue
		}
		_, err := s.opt.Plan.OpenTask(ctx, tx, plan.NewTask{Ledger: g.ID, TaskData: plan.TaskData{Title: x.Title,
			Content: x.text(), Region: s.opt.Home(), Cadence: "quarter"}})
		if err != nil {
			return err
		}
	}
	return nil
}

// keepTasks takes the tasks of an older content over where this one says nothing of them: a form and a table know
// indicators only. What they said of indicators that are gone falls away.
func (s *SetFile) keepTasks(old []FileTask) {
	if s.Tasks != nil {
		return
	}
	_, by := s.spread()
	for _, x := range old {
		var left []string
		for _, name := range x.Indicators {
			if _, there := by[name]; there {
				left = append(left, name)
			}
		}
		x.Indicators = left
		s.Tasks = append(s.Tasks, x)
	}
}

// text is what a task says, as it is stored.
func (x FileTask) text() string {
	parts := []string{x.Content}
	if len(x.Indicators) > 0 {
		parts = append(parts, taskIndicators+strings.Join(x.Indicators, "、"))
	}
	parts = append(parts, taskOwner+x.Owner)
	if x.Assist != "" {
		parts = append(parts, taskAssist+x.Assist)
	}
	return lines(strings.Join(parts, "\n"))
}

// maxLedgerName is how long the name of a ledger may be.
const maxLedgerName = 60

// taskLedger is the name of the ledger with the tasks of a set.
func taskLedger(set string) string {
	r := []rune(set + taskLedgerEnd)
	return string(r[:min(len(r), maxLedgerName)])
}
