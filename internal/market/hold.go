package market

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Hold says why an achievement has to stay in the market now, because another room trades it; nil when
// that room does not.
type Hold func(ctx context.Context, q db.Q, postID string) (*fault.Error, error)

// HeldBy makes a room that trades achievements be asked before one leaves the market. Rooms know the
// market and not the other way round, so whoever puts them together calls it, before the service is
// used.
func (s *Service) HeldBy(h Hold) { s.holds = append(s.holds, h) }

func (s *Service) heldBy(ctx context.Context, q db.Q, p Post) (*fault.Error, error) {
	if p.Kind != Achievement {
		return nil, nil
	}
	for _, h := range s.holds {
		if why, err := h(ctx, q, p.ID); why != nil || err != nil {
			return why, err
		}
	}
	return nil, nil
}

// heldRule says of a step that a trade forbids it, for the page of the process.
const heldRule = "没有进行中的挂牌或拍卖"

// free says why a post cannot leave the market.
func free(p Post) error {
	if p.held != nil {
		return p.held
	}
	return nil
}

// leaving are the steps that take an achievement out of the market.
var leaving = []string{StepWithdraw, StepClose, StepRevise, StepGoStale, StepSign}

// holding makes the steps that take a post out of the market ask again once they have moved it: a
// trade that began at the same moment either waited for the row and finds the post gone, see Take, or
// is seen here.
func (s *Service) holding(steps []process.Step[Post]) []process.Step[Post] {
	steps = slices.Clone(steps)
	for i := range steps {
		if !slices.Contains(leaving, steps[i].Name) {
			continue
		}
		do := steps[i].Do
		steps[i].Do = func(ctx context.Context, tx *unit.Tx, p Post, in process.Input) error {
			if why, err := s.heldBy(ctx, tx, p); err != nil {
				return err
			} else if why != nil {
				return why
			}
			if do == nil {
				return nil
			}
			return do(ctx, tx, p, in)
		}
	}
	return steps
}

// sameTrade refuses a change of what a trade goes by: whose it is, how its taker is found, and who may
// know of it.
func (s *Service) sameTrade(ctx context.Context, q db.Q, old, next Post) error {
	if old.Org == next.Org && old.Pricing == next.Pricing && old.Visibility == next.Visibility {
		return nil
	}
	why, err := s.heldBy(ctx, q, old)
	if why != nil && err == nil {
		return why
	}
	return err
}

// Standing says where a post stands: for rooms that keep the ids of posts.
type Standing struct {
	Live  bool // in the market: published and not at its end
	Shown bool // everybody may know of it
}

var (
	standingList = db.Select(`p.id, p.state, p.visibility`, `market_post AS p`,
		db.Order{Name: "id", Cols: []db.Col{db.TextCol("p.id")}})
	// qPostTake waits for whoever is changing the post, and makes them wait.
	qPostTake = db.Stmt(`UPDATE market_post SET updated_us = updated_us
		WHERE id = $1 AND state IN ('published', 'talking')`)
)

// Standings says where posts stand. One that is not there has none.
func (s *Service) Standings(ctx context.Context, q db.Q, ids ...string) (map[string]Standing, error) {
	out := map[string]Standing{}
	var known []any
	for _, postID := range unique(ids) {
		known = append(known, postID)
	}
	if len(known) == 0 {
		return out, nil
	}
	err := db.Stream(ctx, q, standingList, db.Where{}.In("p.id", known...), standingList.Order(""), len(known),
		func(r db.Row) (Post, error) {
			var p Post
			return p, r.Scan(&p.ID, &p.State, &p.Visibility)
		},
		func(p Post) error {
			out[p.ID] = Standing{Live: p.Live(), Shown: p.shown() && p.Visibility != Named}
			return nil
		})
	return out, err
}

// Take says whether a post is in the market, and keeps it there until the write of a room that begins
// to trade it has ended.
func (s *Service) Take(ctx context.Context, tx *unit.Tx, postID string) (bool, error) {
	n, err := db.Exec(ctx, tx.Tx, qPostTake, postID)
	return n > 0, err
}
