package plan

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Holder may hold a task open (未达标不办结): while what it watches is not in order, nobody closes the
// task, whoever they are.
type Holder interface {
	// HeldOpen returns a fault of kind Conflict that says why a task may not be closed now by a step, nil when
	// it may. It reads through q, the transaction of the step that would close the task, so that what it
	// answers still holds when the step is stored.
	HeldOpen(ctx context.Context, q db.Q, taskID, step string) error
}

// HoldWith adds a holder. It is called while the program is put together.
func (s *Service) HoldWith(h Holder) { s.holders = append(s.holders, h) }

// closing are the steps that end the work on a task.
var closing = []string{"pass", StepTerminate}

// heldOpen says why a step that would close a task is not taken, nil when it may be.
func (s *Service) heldOpen(ctx context.Context, q db.Q, taskID, step string) error {
	if !slices.Contains(closing, step) {
		return nil
	}
	for _, h := range s.holders {
		if err := h.HeldOpen(ctx, q, taskID, step); err != nil {
			return err
		}
	}
	return nil
}

// holdOffers takes the steps that close a held task away from those who could take them, and says why.
func (s *Service) holdOffers(ctx context.Context, q db.Q, taskID string, offers []process.Offer) error {
	for i, o := range offers {
		if !o.Allowed {
			continue
		}
		err := s.heldOpen(ctx, q, taskID, o.Step)
		if err == nil {
			continue
		}
		why, ok := fault.As(err)
		if !ok {
			return err
		}
		offers[i].Allowed, offers[i].WhyNot = false, why
	}
	return nil
}
