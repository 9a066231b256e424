package studio

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// ChangedCell is a value that is not the same in two editions. Before or After is "" when it is missing.
type ChangedCell struct {
	Unit   string `json:"unit"`
	Name   string `json:"name"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// MovedUnit is how a unit stands by two editions.
type MovedUnit struct {
	Unit   string    `json:"unit"`
	Name   string    `json:"name"`
	Before int64     `json:"before"` // rank, 0 for none
	After  int64     `json:"after"`
	By     *float64  `json:"by"` // change of the score
	Parts  []GroupBy `json:"parts"`
	Own    int64     `json:"own"` // its own values that changed; 0: it moved because others did
}

// Comparison is two editions of a dataset, by the same choices.
type Comparison struct {
	Dataset Dataset       `json:"dataset"`
	A       int64         `json:"a"`
	B       int64         `json:"b"`
	Reason  string        `json:"reason"` // of edition b
	Changed int64         `json:"changed"`
	Cells   []ChangedCell `json:"cells"` // at most MaxCellsShown
	Tree    bool          `json:"tree"`  // the tree is another one
	Moved   []MovedUnit   `json:"moved"`
}

// MaxCellsShown bounds the changed values that are listed.
const MaxCellsShown = 500

// CompareEditions says what a correction changed: values, ranks, and why. Both editions are built by the
// usual choices, or by those of a scheme's saved edition when one is named.
func (s *Service) CompareEditions(
	ctx context.Context, by authz.Actor, datasetID, scheme string, a, b int64,
) (Comparison, error) {
	d, err := s.GetDataset(ctx, by, datasetID, b)
	if err != nil {
		return Comparison{}, err
	}
	out := Comparison{Dataset: d.Dataset, A: a, B: d.Shown.N, Reason: d.Shown.Reason}
	before, err := s.content(ctx, s.unit.DB(), d.ID, a)
	if err != nil {
		return out, err
	}
	after := d.Content
	out.Tree = encode(before.Nodes) != encode(after.Nodes)
	own := out.cells(before, after)
	choices := Usual(after)
	if scheme != "" {
		x, err := s.readScheme(ctx, s.unit.DB(), by, scheme)
		if err != nil {
			return out, err
		}
		saved, ok, err := db.Find(ctx, s.unit.DB(), qSaved, scanSaved, x.ID, x.Edition)
		if err != nil {
			return out, err
		}
		if ok {
			choices = saved.Choices
			if err := s.withPanel(ctx, s.unit.DB(), x.ID, &choices); err != nil {
				return out, err
			}
		}
	}
	old, err := choices.Fit(before).build(before)
	if err != nil {
		return out, err
	}
	now, err := choices.Fit(after).build(after)
	if err != nil {
		return out, err
	}
	out.moved(old, now, before, after, own)
	return out, nil
}

// cells finds the values that changed, and how many of each unit.
func (out *Comparison) cells(before, after Content) map[string]int64 {
	own := map[string]int64{}
	add := func(unit, name, code, x, y string) {
		own[unit]++
		if out.Changed++; len(out.Cells) < MaxCellsShown {
			out.Cells = append(out.Cells, ChangedCell{unit, name, code, after.NameOf(code), x, y})
		}
	}
	for i, u := range after.Units {
		old := before.unit(u.Code)
		for k, code := range after.Codes {
			was := slices.Index(before.Codes, code)
			x := ""
			if old >= 0 && was >= 0 {
				x = before.Values[old][was]
			}
			if y := after.Values[i][k]; x != y {
				add(u.Code, u.Name, code, x, y)
			}
		}
	}
	for i, u := range before.Units {
		if after.unit(u.Code) >= 0 {
			continue
		}
		for k, code := range before.Codes {
			if before.Values[i][k] != "" {
				add(u.Code, u.Name, code, before.Values[i][k], "")
			}
		}
	}
	return own
}

func (out *Comparison) moved(old, now *composite.Build, before, after Content, own map[string]int64) {
	for _, m := range composite.Compare(old, now) {
		x := MovedUnit{Unit: m.Unit, Name: m.Unit, Before: rankOf(m.Before), After: rankOf(m.After),
			By: known(m.Score), Own: own[m.Unit]}
		if i := after.unit(m.Unit); i >= 0 {
			x.Name = after.Units[i].Name
		} else if i := before.unit(m.Unit); i >= 0 {
			x.Name = before.Units[i].Name
		}
		for _, g := range after.Children(now.Tree.Root()) {
			if v, ok := m.Parts[g.Code]; ok {
				x.Parts = append(x.Parts, GroupBy{g.Code, after.NameOf(g.Code), known(v)})
			}
		}
		out.Moved = append(out.Moved, x)
	}
}
