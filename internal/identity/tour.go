package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// TourSteps is how many steps the first-run tour of a role has.
const TourSteps = 5

// Tour is how far an account is with the first-run tour (使用导览) of a role. Whoever never began is
// at its first step.
type Tour struct {
	Role   authz.Role `json:"role"`
	Step   int        `json:"step" doc:"from 0"`
	Closed bool       `json:"closed" doc:"finished or dismissed"`
}

var (
	qTour    = db.Stmt(`SELECT role, step, closed FROM account_tour WHERE account = $1 AND role = $2`)
	qTourSet = db.Stmt(`INSERT INTO account_tour (account, role, step, closed, updated_us)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, role) DO UPDATE SET step = excluded.step,
			closed = excluded.closed, updated_us = excluded.updated_us`)
)

func scanTour(r db.Row) (Tour, error) {
	var t Tour
	var step int64
	err := r.Scan(&t.Role, &step, &t.Closed)
	t.Step = int(step)
	return t, err
}

// GetTour returns how far the actor is with the tour of the present role.
func (s *Service) GetTour(ctx context.Context, by authz.Actor) (Tour, error) {
	role := by.EffectiveRole()
	if by.Account == "" {
		return Tour{}, errNoTour()
	}
	t, found, err := db.Find(ctx, s.db, qTour, scanTour, by.Account, string(role))
	if !found {
		t.Role = role
	}
	return t, err
}

func errNoTour() error { return fault.New(fault.Forbidden, "请先登录") }

// TourInput is the input of SetTour.
type TourInput struct {
	Step   int  `json:"step" minimum:"0" maximum:"4"`
	Closed bool `json:"closed"`
}

// SetTour notes how far the actor is with the tour of the present role, or that it is over. Everybody
// changes only the own.
func (s *Service) SetTour(ctx context.Context, by authz.Actor, in TourInput) (Tour, error) {
	if by.Account == "" {
		return Tour{}, errNoTour()
	}
	if in.Step < 0 || in.Step >= TourSteps {
		return Tour{}, fault.Fields(fault.At("step", "没有这个步骤"))
	}
	out := Tour{Role: by.EffectiveRole(), Step: in.Step, Closed: in.Closed}
	err := s.unit.Write(ctx, by, "identity.SetTour", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "identity.tour", Object: by.Account, What: "set", Detail: out})
		return db.ExecOne(ctx, tx.Tx, qTourSet, by.Account, string(out.Role), int64(out.Step), out.Closed,
			tx.NowUs())
	})
	return out, err
}
