package studio

import (
	"context"
	"math"
	"slices"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// WhatIf asks which rank a unit would have with another value of an indicator, or which value it would need
// for a rank. One of Value and Rank is given.
type WhatIf struct {
	Unit  string `json:"unit"`
	Code  string `json:"code"`
	Value string `json:"value,omitempty"` // a decimal
	Rank  int64  `json:"rank,omitempty"`
}

// WhatIfAnswer answers it.
type WhatIfAnswer struct {
	WhatIf
	From   string     `json:"from"`            // the value in the data
	Found  bool       `json:"found"`           // of a wanted rank: there is a value that does
	Needed *float64   `json:"needed"`          // that value
	Limit  *float64   `json:"limit,omitempty"` // how far was looked
	Now    int64      `json:"now"`             // rank
	Then   int64      `json:"then"`
	Score  *float64   `json:"score"` // then
	By     *float64   `json:"by"`    // change of the score
	Passed []Overtake `json:"passed"`
	Groups []GroupBy  `json:"groups"` // why: what changed by group
}

// Overtake is a unit that stands on the other side afterwards.
type Overtake struct {
	Unit string `json:"unit"`
	Name string `json:"name"`
	Now  int64  `json:"now"`
	Then int64  `json:"then"`
}

// GroupBy is what the score of the whole changed by through one group.
type GroupBy struct {
	Code string   `json:"code"`
	Name string   `json:"name"`
	By   *float64 `json:"by"`
}

// reach is how far from the span of all values a needed one is looked for, in spans.
const reach = 3

// AskWhatIf answers what a unit would come to. All other values stay as they are.
func (s *Service) AskWhatIf(
	ctx context.Context, by authz.Actor, schemeID string, in Ask, w WhatIf,
) (WhatIfAnswer, error) {
	a, err := s.asked(ctx, by, schemeID, in)
	if err != nil {
		return WhatIfAnswer{}, err
	}
	o, err := s.compute(ctx, a, false)
	if err != nil {
		return WhatIfAnswer{}, err
	}
	out := WhatIfAnswer{WhatIf: w}
	k, i := slices.Index(a.content.Codes, w.Code), a.content.unit(w.Unit)
	row, ok := o.Row(w.Unit)
	var f faults
	if !ok || i < 0 {
		f.add("unit", "没有这个单位，或它没有参加排名")
	}
	if k < 0 {
		f.add("code", "没有这项指标")
	}
	text, good := Decimal(w.Value)
	switch {
	case w.Value == "" && w.Rank == 0:
		f.add("value", "请填写设想的数值，或想达到的位次")
	case w.Value != "" && (!good || text == ""):
		f.add("value", "“%s”不是数字", cut(w.Value))
	case w.Value == "" && (w.Rank < 1 || int(w.Rank) > len(o.Rows)):
		f.add("rank", "应在 %d 到 %d 之间", 1, len(o.Rows))
	}
	if err := f.err(); err != nil {
		return out, err
	}
	out.From, out.Now = a.content.Values[i][k], row.Rank
	value := number(text)
	if w.Value == "" {
		if value, err = o.needed(&out, k); err != nil || !out.Found {
			return out, err
		}
	}
	return out, o.then(&out, value)
}

// needed looks for the value, in the direction that is better.
func (o *Outcome) needed(out *WhatIfAnswer, k int) (float64, error) {
	if out.From == "" {
		return 0, fault.Fields(fault.At("code", "这个单位的这项指标没有数值，请改为设想一个数值"))
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range o.content.Values {
		if row[k] != "" {
			lo, hi = min(lo, number(row[k])), max(hi, number(row[k]))
		}
	}
	limit := hi + reach*(hi-lo)
	for _, n := range o.content.Nodes {
		if n.Code == out.Code && n.Direction < 0 {
			limit = lo - reach*(hi-lo)
			if lo >= 0 {
				limit = max(limit, 0) // what is never below zero stays so
			}
		}
	}
	out.Limit = known(limit)
	v, found, err := composite.Needed(o.build.Spec, o.content.data(), out.Unit, out.Code, float64(out.Rank), limit)
	out.Found = found
	if found {
		out.Needed = known(v)
	}
	return v, err
}

func (o *Outcome) then(out *WhatIfAnswer, value float64) error {
	after, err := composite.WhatIf(o.build.Spec, o.content.data(), composite.Change{Unit: out.Unit,
		Code: out.Code, Value: value})
	if err != nil {
		return o.Choices.why(err)
	}
	for _, m := range composite.Compare(o.build, after) {
		now, then := rankOf(m.Before), rankOf(m.After)
		if m.Unit == out.Unit {
			out.Then, out.By = then, known(m.Score)
			if i := after.Scores.Unit(m.Unit); i >= 0 {
				out.Score = known(after.Index()[i])
			}
			for _, g := range o.content.Children(o.build.Tree.Root()) {
				out.Groups = append(out.Groups, GroupBy{g.Code, o.content.NameOf(g.Code), known(m.Parts[g.Code])})
			}
		} else if now != then {
			out.Passed = append(out.Passed, Overtake{m.Unit, o.nameOf(m.Unit), now, then})
		}
	}
	return nil
}
