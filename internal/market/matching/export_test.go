package matching

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Judged is what is known about a pair.
type Judged struct {
	Need, Offer string
	Grade       int64
}

// Judge stores what came of pairs.
func Judge(t *testing.T, d *db.DB, list []Judged) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, j := range list {
			if err := judge(t.Context(), tx, j.Need, j.Offer, fromOutcome, "", j.Grade, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// WeightsNow returns the weights in use.
func WeightsNow(s *Service) WeightSet { return s.weights.now() }

// Worse stores a candidate that did worse than what was in use, and returns its id.
func Worse(t *testing.T, d *db.DB, w Weights) string {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return db.ExecOne(t.Context(), tx, qWeightsAdd, "worse", int64(1), int64(1), int64(1), int64(1), w.Pairs,
			w.Needs, int64(900_000), int64(800_000), int64(1), "a1")
	})
	if err != nil {
		t.Fatal(err)
	}
	return "worse"
}

// Rows stores some matches and saved searches, and returns them.
func Rows(t *testing.T, d *db.DB) (rows []Row, saved []Saved) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		rows, saved = nil, nil
		for i, m := range []Row{{Org: "o1"}, {Org: "o2"}, {Person: "p1"}, {Person: "p2"}} {
			m.ID, m.Post, m.Other = "m"+m.Org+m.Person, "a", "b"
			rows = append(rows, m)
			err := db.ExecOne(t.Context(), tx, qRowAdd, m.ID, m.Org, m.Person, m.Post, m.Other, "a", "b",
				int64(i), "r", int64(1))
			if err != nil {
				return err
			}
		}
		for _, account := range []string{"a1", "a2"} {
			x := Saved{ID: "s" + account, Account: account}
			saved = append(saved, x)
			err := db.ExecOne(t.Context(), tx, qSavedAdd, x.ID, account, "officer", "", "n", "q", "{}", "none",
				int64(1))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, saved
}

// CancelAfter begins a run outside of its job and stops after the first step. It says whether a run
// was left open, and where.
func CancelAfter(s *Service, ctx context.Context, cancel func()) (bool, string) {
	r := Run{ID: "run", StartedUs: s.nowUs()}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		total, err := db.Get(ctx, tx, qChangedCount, db.One[int64], int64(0))
		if err != nil {
			return err
		}
		return db.ExecOne(ctx, tx, qRunAdd, r.ID, int64(0), r.StartedUs, total)
	})
	if err != nil {
		return false, ""
	}
	ids, err := db.All(ctx, s.db, qChanged, db.One[string], int64(0), "", int64(postsRun))
	if err != nil {
		return false, ""
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExecOne(ctx, tx, qRunStep, r.ID, ids[len(ids)-1], int64(len(ids)), int64(0))
	})
	cancel()
	return err == nil, ids[len(ids)-1]
}

// LearnedFrom returns the ids of the posts whose text is kept to learn words from.
func LearnedFrom(s *Service) []string {
	return slices.Sorted(maps.Keys(s.loadWords().texts))
}

// ForgeWords keeps a state whose learner does not hold its texts.
func ForgeWords(t *testing.T, s *Service) {
	t.Helper()
	x := s.loadWords()
	x.learner = newWordState(s.language().base).learner
	if err := s.keepWords(x); err != nil {
		t.Fatal(err)
	}
}

// WordsFile is the name of the file in which that is kept.
const WordsFile = wordsFile
