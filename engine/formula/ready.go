package formula

import (
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
)

// Ready is an indicator whose formula is given with the program: data with a source, not code.
type Ready struct {
	Code    string
	Name    string
	Formula string
	Unit    string
	Places  int // decimals it is published with
	Source  string
	Mark    string // how far the source was verified
	Inputs  []ReadyInput
}

// ReadyInput is a series that a ready formula needs.
type ReadyInput struct {
	Name string
	Unit string
}

// datedTable is a table with the time it is in force.
type datedTable struct {
	name  string
	from  series.Period // month, "" for ever
	until series.Period // month, "" without end
	mark  string
	Table
}

// ReadyTable is the table of a name in force in a period, and how far its source was verified.
func ReadyTable(name string, at series.Period) (t Table, mark string, ok bool) {
	for _, d := range readyTables {
		if d.name != name || d.from != "" && at.SortKey() < d.from.SortKey() ||
			d.until != "" && at.SortKey() > d.until.SortKey() {
			continue
		}
		return d.Table, d.mark, true
	}
	return Table{}, "", false
}

// readyTables are all tables of the data files.
var readyTables = func() []datedTable {
	var out []datedTable
	for _, l := range airLimits {
		out = append(out, datedTable{name: l.name, mark: l.mark,
			Table: Table{Source: l.source, Constant: rat(l.value), Result: mustUnit(l.unit)}})
	}
	for _, l := range airLines {
		t := Table{Source: airLineSource, Unit: mustUnit(l.unit), Linear: true}
		for i, b := range l.bounds {
			t.Steps = append(t.Steps, Step{Bound: rat(b), Value: rat(airIndexSteps[i])})
		}
		out = append(out, datedTable{name: l.name, from: airLinesFrom, until: airLinesUntil,
			mark: airLineMark, Table: t})
	}
	for _, l := range waterGrades {
		t := Table{Source: waterSource, Unit: mustUnit(l.unit), Falls: l.falls}
		for i, b := range append(l.bounds[:len(l.bounds):len(l.bounds)], "") {
			step := Step{Value: big.NewRat(int64(i+1), 1), Label: waterLabels[i]}
			if b != "" {
				step.Bound = rat(b)
			}
			t.Steps = append(t.Steps, step)
		}
		out = append(out, datedTable{name: l.name, mark: waterMark, Table: t},
			datedTable{name: l.name + "·Ⅲ类限值", mark: waterMark,
				Table: Table{Source: waterSource, Constant: rat(l.bounds[2]), Result: mustUnit(l.unit)}})
	}
	return out
}()

func rat(text string) *big.Rat {
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("formula: number " + text)
	}
	return x
}

func mustUnit(text string) Unit {
	u, ok := ParseUnit(text)
	if !ok {
		panic("formula: unit " + text)
	}
	return u
}
