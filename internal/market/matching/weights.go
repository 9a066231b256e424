package matching

import (
	"context"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// WeightSet says how much each signal of a match counts.
type WeightSet struct {
	Share  float64 `json:"share"`  // words
	Cover  float64 `json:"cover"`  // words of the other side
	Near   float64 `json:"near"`   // meaning
	Beside float64 `json:"beside"` // factor of what stands beside the words
}

// usualWeights are those of the engine, which were measured on judged data: docs/evaluation.md.
func usualWeights() WeightSet {
	w := retrieval.MatchWeights
	return WeightSet{Share: w.Share, Cover: w.Cover, Near: w.Near, Beside: 1}
}

func (w WeightSet) engine() retrieval.Weights {
	return retrieval.Weights{Version: "city", Share: w.Share, Cover: w.Cover, Near: w.Near}
}

// Weights is a set of weights with what is known of it.
type Weights struct {
	ID string `json:"id"`
	// Number is its version, from 1.
	Number int64     `json:"number"`
	Set    WeightSet `json:"set"`
	Pairs  int64     `json:"pairs"` // judged pairs that it was fitted to
	Needs  int64     `json:"needs"` // of so many needs
	// Before and After are the nDCG@10 of the weights in use then and of these, on needs that the
	// fitting had not seen.
	Before  float64 `json:"before"`
	After   float64 `json:"after"`
	State   string  `json:"state"` // candidate, active, retired
	MadeUs  int64   `json:"madeUs"`
	MadeBy  string  `json:"madeBy"`
	UsedUs  int64   `json:"usedUs,omitempty"`
	Version int64   `json:"version"`
}

// States of weights. Without an active set those of the engine count.
const (
	Candidate = "candidate"
	Active    = "active"
	Retired   = "retired"
)

const weightCols = `id, number, share, cover, near, beside, pairs, needs, before, after, state, made_us,
	made_by, used_us, version`

func scanWeights(r db.Row) (Weights, error) {
	var w Weights
	var n [6]int64
	err := r.Scan(&w.ID, &w.Number, &n[0], &n[1], &n[2], &n[3], &w.Pairs, &w.Needs, &n[4], &n[5], &w.State,
		&w.MadeUs, &w.MadeBy, &w.UsedUs, &w.Version)
	to := []*float64{&w.Set.Share, &w.Set.Cover, &w.Set.Near, &w.Set.Beside, &w.Before, &w.After}
	for i, x := range n {
		*to[i] = float64(x) / 1e6
	}
	return w, err
}

var (
	qWeights = db.Stmt(`SELECT ` + weightCols + ` FROM matching_weights ORDER BY number DESC LIMIT $1`)
	qWeight  = db.Stmt(`SELECT ` + weightCols + ` FROM matching_weights WHERE id = $1`)
	qActive  = db.Stmt(`SELECT ` + weightCols + ` FROM matching_weights WHERE state = 'active'`)
	qBefore  = db.Stmt(`SELECT ` + weightCols + ` FROM matching_weights
		WHERE state = 'retired' AND used_us > 0 ORDER BY used_us DESC, number DESC LIMIT 1`)
	qWeightsAdd = db.Stmt(`INSERT INTO matching_weights (id, number, share, cover, near, beside, pairs,
			needs, before, after, state, made_us, made_by, used_us, version)
		SELECT $1, COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS BIGINT),
			CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT),
			CAST($8 AS BIGINT), CAST($9 AS BIGINT), 'candidate', CAST($10 AS BIGINT),
			CAST($11 AS TEXT), 0, 1 FROM matching_weights`)
	qRetire = db.Stmt(`UPDATE matching_weights SET state = 'retired', version = version + 1
		WHERE state = 'active'`)
	// qForsake takes the set out of use for good: no rollback leads to what was rolled back.
	qForsake = db.Stmt(`UPDATE matching_weights SET state = 'retired', used_us = 0, version = version + 1
		WHERE state = 'active'`)
	qActivate = db.Stmt(`UPDATE matching_weights SET state = 'active', used_us = $3,
		version = version + 1 WHERE id = $1 AND version = $2`)
)

// weightSets keeps the set in use. Another process learns of a change when it starts.
type weightSets struct{ set atomic.Pointer[WeightSet] }

func (w *weightSets) now() WeightSet {
	if x := w.set.Load(); x != nil {
		return *x
	}
	return usualWeights()
}

func (w *weightSets) load(ctx context.Context, q db.Q) error {
	x, found, err := db.Find(ctx, q, qActive, scanWeights)
	if err != nil {
		return err
	}
	if !found {
		x.Set = usualWeights()
	}
	w.set.Store(&x.Set)
	return nil
}

// maxWeights is how many sets are shown.
const maxWeights = 50

// ListWeights returns the sets of weights, the newest first.
func (s *Service) ListWeights(ctx context.Context, by authz.Actor) ([]Weights, error) {
	if err := DeskPolicy.May(by, ActDeskRead, struct{}{}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, qWeights, scanWeights, int64(maxWeights))
}

// Train fits weights to what is known about pairs, compares them with those in use on needs that the
// fitting did not see, and keeps them as a candidate. Nothing is switched on. Errors: Conflict for
// too few judged pairs. Asked again with its key, it answers with the candidate of the first time.
func (s *Service) Train(ctx context.Context, by authz.Actor, key string) (Weights, error) {
	if err := DeskPolicy.May(by, ActDeskTrain, struct{}{}); err != nil {
		return Weights{}, err
	}
	if err := s.ready(ctx); err != nil {
		return Weights{}, err
	}
	lists, pairs, err := s.lessons(ctx)
	if err != nil {
		return Weights{}, err
	}
	if pairs < MinPairs || len(lists) < MinNeeds {
		return Weights{}, fault.New(fault.Conflict,
			"有判断的供需对只有 %d 对、涉及 %d 条需求，至少要 %d 对、%d 条才能训练", pairs, len(lists), MinPairs,
			MinNeeds)
	}
	fit := fitted(lists, s.weights.now())
	out, _, err := unit.Once(ctx, s.unit, by, "matching.Train", key, nil, func(tx *unit.Tx) (Weights, error) {
		weightID := id.New()
		tx.Audit(audit.Entry{Kind: "matching.weights", Object: weightID, What: "train", Detail: fit})
		err := db.ExecOne(ctx, tx.Tx, qWeightsAdd, weightID, millionths(fit.set.Share),
			millionths(fit.set.Cover), millionths(fit.set.Near), millionths(fit.set.Beside), int64(pairs),
			int64(len(lists)), millionths(fit.before), millionths(fit.after), tx.NowUs(), by.Account)
		if err != nil {
			return Weights{}, err
		}
		return db.Get(ctx, tx, qWeight, scanWeights, weightID)
	})
	return out, err
}

func millionths(x float64) int64 { return int64(round(x) * steps) }

// Activate switches a set of weights on. One that was worse than those in use when it was compared
// is a Conflict.
func (s *Service) Activate(ctx context.Context, by authz.Actor, weightID string, version int64) error {
	if err := DeskPolicy.May(by, ActDeskTrain, struct{}{}); err != nil {
		return err
	}
	return s.switchTo(ctx, by, "matching.Activate", "activate", "", qRetire, func(tx *unit.Tx) (Weights, error) {
		w, err := db.Get(ctx, tx.Tx, qWeight, scanWeights, weightID)
		if err == nil && w.After < w.Before {
			err = fault.New(fault.Conflict, "这组权重在未参与训练的数据上不如现用的，不能启用")
		}
		w.Version = version
		return w, err
	})
}

// Rollback switches back to the set that was in use before, or to those of the engine; never to one that
// was itself rolled back, until somebody activates it anew. Asked again with its key, it does not go back
// one more.
func (s *Service) Rollback(ctx context.Context, by authz.Actor, key string) error {
	if err := DeskPolicy.May(by, ActDeskTrain, struct{}{}); err != nil {
		return err
	}
	return s.switchTo(ctx, by, "matching.Rollback", "rollback", key, qForsake, func(tx *unit.Tx) (Weights, error) {
		_, active, err := db.Find(ctx, tx.Tx, qActive, scanWeights)
		if err == nil && !active {
			err = fault.New(fault.Conflict, "现用的就是内置权重，没有可以退回的")
		}
		if err != nil {
			return Weights{}, err
		}
		w, _, err := db.Find(ctx, tx.Tx, qBefore, scanWeights)
		return w, err
	})
}

// switchTo takes the active set out of use by leave and puts another in its place; one without an id
// stands for the engine's own.
func (s *Service) switchTo(
	ctx context.Context, by authz.Actor, useCase, what, key string, leave *db.Statement,
	choose func(*unit.Tx) (Weights, error),
) error {
	_, _, err := unit.Once(ctx, s.unit, by, useCase, key, nil, func(tx *unit.Tx) (string, error) {
		w, err := choose(tx)
		if err != nil {
			return "", err
		}
		tx.Audit(audit.Entry{Kind: "matching.weights", Object: w.ID, What: what, Detail: w.Set})
		if _, err := db.Exec(ctx, tx.Tx, leave); err != nil || w.ID == "" {
			return "", err
		}
		return w.ID, db.ExecOne(ctx, tx.Tx, qActivate, w.ID, w.Version, tx.NowUs())
	})
	if err != nil {
		return err
	}
	return s.weights.load(ctx, s.db)
}
