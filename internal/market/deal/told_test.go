package deal

import (
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// Nobody is told of the step that they took themselves.
func TestNotToldOfOwnStep(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		d = x.fire(x.officer, d, StepAssign)
		for _, step := range []string{StepRecord, StepIntend, StepDraft, StepSign} {
			d = x.fire(x.agent, d, step)
		}
		var moves []outbox.Stored
		x.ok(x.events(func(e outbox.Stored) {
			if e.Kind == EventDealCreated || e.Kind == EventDealMoved {
				moves = append(moves, e)
			}
		}))
		var by []string
		err := x.db.Write(t.Context(), func(tx *db.Tx) error {
			by = nil
			for _, e := range moves {
				list, err := moveNotices(t.Context(), tx, e)
				if err != nil {
					return err
				}
				for _, n := range list {
					by = append(by, n.But...)
				}
			}
			return nil
		})
		want := []string{x.firm.Account, x.school.Account, x.officer.Account, x.agent.Account, x.agent.Account,
			x.agent.Account, x.agent.Account}
		if err != nil || !slices.Equal(by, want) {
			t.Errorf("not told are %v, %v; want %v", by, err, want)
		}
	})
}

// A contract is not from before the introduction that led to it was asked for.
func TestContractNotBeforeTheRequest(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		asked := x.today()
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		x.later(10)
		d = x.fire(x.firm, x.fire(x.firm, d, StepIntend), StepDraft)
		sign := func(day clock.Date) error {
			in := careful(StepSign, d).Data.(StepData)
			_, err := x.FireDeal(t.Context(), x.firm, DealStep{ID: d.ID, Step: StepSign, Version: d.Version,
				StepData: StepData{AmountFen: in.AmountFen, Mode: in.Mode, Number: in.Number, Day: day}})
			return err
		}
		err := sign(asked.AddDays(-1))
		f, _ := fault.As(err)
		if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "day" {
			t.Fatalf("signed the day before: %v", err)
		}
		x.ok(sign(asked)) // on the day itself
	})
}
