package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewChallenge is the input of ChallengeNeed.
type NewChallenge struct {
	Post   string `json:"-"`
	Reason string `json:"reason"`
	Key    string `json:"-"`
}

var qDealsWith = db.Stmt(`SELECT COUNT(*) FROM deal WHERE demand_post = $1 AND demand_post <> ''
	OR supply_post = $1 AND supply_post <> ''`)

// ChallengeNeed turns a need that found nothing into a challenge (转揭榜): the post says so, and an
// event tells who runs challenges. A need that is talked about has not found nothing.
func (s *Service) ChallengeNeed(
	ctx context.Context, by authz.Actor, in NewChallenge,
) (market.Post, error) {
	in.Reason = lines(in.Reason)
	p, err := s.opt.Market.GetPost(ctx, by, in.Post)
	if err != nil {
		return market.Post{}, err
	}
	whole, err := market.PostByID(ctx, s.unit.DB(), p.ID)
	if err != nil {
		return market.Post{}, err
	}
	if err := market.PostPolicy.May(by, market.ActPostWithdraw, whole); err != nil {
		return market.Post{}, err
	}
	var f faults
	f.prose("reason", in.Reason, process.MaxReason, true)
	f.secret("reason", in.Reason)
	if p.Kind != market.Need {
		f.add("post", "只有需求可以转为揭榜")
	}
	if len(f) > 0 {
		return market.Post{}, f.err()
	}
	const useCase = "deal.ChallengeNeed"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return p.ID, s.challenge(ctx, tx, p.ID, in.Reason)
	})
	if err != nil {
		return market.Post{}, err
	}
	return s.opt.Market.GetPost(ctx, by, p.ID)
}

func (s *Service) challenge(ctx context.Context, tx *unit.Tx, postID, reason string) error {
	open, err := db.Get(ctx, tx, qOpenWith, db.One[int64], postID, "")
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.New(fault.Conflict, "这条需求还有 %d 项进行中的对接，结束后才能转为揭榜", open)
	}
	all, err := db.Get(ctx, tx, qDealsWith, db.One[int64], postID)
	if err != nil {
		return err
	}
	_, err = s.opt.Market.Advance(ctx, tx, postID, market.StepChallenge,
		process.Input{Reason: reason})
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindDeal, Object: postID, What: "challenge", Reason: reason})
	tx.Emit(outbox.Event{Kind: EventNeedChallenged, Object: postID,
		Data: Challenged{Reason: reason, Deals: all}})
	return nil
}
