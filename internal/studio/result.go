package studio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Result is what a saved edition came to, with the log of how. Missing numbers are null.
type Result struct {
	Columns  []string             `json:"columns"` // indicators normalised, then groups, the whole last
	Units    []UnitResult         `json:"units"`
	Weights  map[string]float64   `json:"weights"` // of each node among its siblings, as used
	Screened []composite.Screened `json:"screened,omitempty"`
	Filled   []composite.Filled   `json:"filled,omitempty"`
	Treated  []TreatedBy          `json:"treated,omitempty"`
}

// UnitResult is one unit of a result.
type UnitResult struct {
	Unit   string     `json:"unit"`
	Rank   int64      `json:"rank"` // 0 for none
	Scores []*float64 `json:"scores"`
}

// TreatedBy says what was done about the outliers of an indicator.
type TreatedBy struct {
	Code      string   `json:"code"`
	Points    []string `json:"points,omitempty"` // units that were drawn in
	Transform string   `json:"transform,omitempty"`
	Pass      bool     `json:"pass"`
	Skew      *float64 `json:"skew"` // before
	Kurt      *float64 `json:"kurt"`
	SkewAfter *float64 `json:"skewAfter"`
	KurtAfter *float64 `json:"kurtAfter"`
}

func resultOf(b *composite.Build) Result {
	r := Result{Columns: b.Scores.Codes, Weights: map[string]float64{}, Screened: b.Screened, Filled: b.Filled}
	for _, n := range b.Tree.Nodes {
		r.Weights[n.Code] = n.Weight
	}
	for i, u := range b.Scores.Units {
		x := UnitResult{Unit: u, Rank: rankOf(b.Ranks[i])}
		for k := range b.Scores.Codes {
			x.Scores = append(x.Scores, known(b.Scores.Values[k][i]))
		}
		r.Units = append(r.Units, x)
	}
	for _, d := range b.Treated {
		if len(d.Points) > 0 || d.Transform != composite.NoTransform || !d.Pass {
			r.Treated = append(r.Treated, TreatedBy{Code: d.Code, Points: d.Points, Transform: string(d.Transform),
				Pass: d.Pass, Skew: known(d.SkewBefore), Kurt: known(d.KurtBefore), SkewAfter: known(d.SkewAfter),
				KurtAfter: known(d.KurtAfter)})
		}
	}
	return r
}

// rankOf is a rank as a whole number, 0 for none.
func rankOf(v float64) int64 {
	if math.IsNaN(v) {
		return 0
	}
	return int64(v)
}

func hashOf(r Result) string {
	sum := sha256.Sum256([]byte(encode(r)))
	return hex.EncodeToString(sum[:])
}

// GetEdition returns the edition n of a scheme, the latest for 0.
func (s *Service) GetEdition(ctx context.Context, by authz.Actor, schemeID string, n int64) (Saved, error) {
	q := s.unit.DB()
	x, err := s.readScheme(ctx, q, by, schemeID)
	if err != nil {
		return Saved{}, err
	}
	if n == 0 {
		n = x.Edition
	}
	return db.Get(ctx, q, qSaved, scanSaved, x.ID, n)
}

// Verdict says whether an edition was made again as it was kept.
type Verdict struct {
	Edition   int64   `json:"edition"`
	Same      bool    `json:"same"`
	Numbers   int64   `json:"numbers"`   // that were compared
	Different int64   `json:"different"` // that are not the same to the last digit
	Greatest  float64 `json:"greatest"`  // difference
	Hash      string  `json:"hash"`      // of the result as kept
	Again     string  `json:"again"`     // of the result as made again
}

// VerifyEdition makes an edition of a scheme again from its spec and data, and compares it number by number
// with the result that was kept.
func (s *Service) VerifyEdition(ctx context.Context, by authz.Actor, schemeID string, n int64) (Verdict, error) {
	saved, err := s.GetEdition(ctx, by, schemeID, n)
	if err != nil {
		return Verdict{}, err
	}
	x, err := schemeByID(ctx, s.unit.DB(), schemeID)
	if err != nil {
		return Verdict{}, err
	}
	c, err := s.content(ctx, s.unit.DB(), x.Dataset, saved.DataN)
	if err != nil {
		return Verdict{}, err
	}
	b, err := composite.Run(saved.Spec, c.data())
	if err != nil {
		return Verdict{}, err
	}
	v := compareResults(saved.Result, resultOf(b))
	v.Edition = saved.N
	return v, nil
}

func compareResults(old, again Result) Verdict {
	v := Verdict{Hash: hashOf(old), Again: hashOf(again)}
	after := map[string]UnitResult{}
	for _, u := range again.Units {
		after[u.Unit] = u
	}
	for _, u := range old.Units {
		w, ok := after[u.Unit]
		v.Numbers++
		if !ok || w.Rank != u.Rank {
			v.Different++
		}
		for i, a := range u.Scores {
			v.Numbers++
			var b *float64
			if i < len(w.Scores) {
				b = w.Scores[i]
			}
			switch {
			case a == nil && b == nil:
			case a == nil || b == nil:
				v.Different++
			case *a != *b:
				v.Different++
				v.Greatest = max(v.Greatest, math.Abs(*a-*b))
			}
		}
	}
	if len(again.Units) != len(old.Units) {
		v.Different++
	}
	v.Same = v.Different == 0 && v.Hash == v.Again
	return v
}
