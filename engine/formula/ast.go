package formula

import (
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
)

// op is what a node does.
type op uint8

const (
	opNumber op = iota + 1
	opBool
	opMissing
	opText
	opName
	opNegate
	opNot
	opAnd
	opOr
	opAdd
	opSub
	opMul
	opDiv
	opPow
	opCompare
	opCall
)

// node is one node of the tree.
type node struct {
	op   op
	from int // place in the text, in runes
	to   int
	args []*node

	value *big.Rat // of a number
	unit  Unit
	truth bool
	text  string // of a name, a text, a comparison
	n     int    // exponent, or the count of periods of a function over time
	fn    *function
	cost  int
}

// Expr is a formula that was read. It does not change and may be used by many at once.
type Expr struct {
	src  string
	root *node
}

// Source is the text that the formula was read from.
func (e *Expr) Source() string { return e.src }

// Ref is a series that a formula needs, and which periods of it: the farthest before the one asked
// for, in periods of the series and in years.
type Ref struct {
	Name    string
	Periods int  // 上期 and the like
	Years   int  // 同期 and the like
	ToDate  bool // every period since the start of the year
	From    int  // place of the first mention in the text, in runes
	To      int
}

// Names lists the series that the formula needs in the order of their first mention.
func (e *Expr) Names() []Ref {
	var out []Ref
	e.root.walk(Ref{}, func(n *node, reach Ref) {
		at := slices.IndexFunc(out, func(r Ref) bool { return r.Name == n.text })
		if at < 0 {
			at = len(out)
			out = append(out, Ref{Name: n.text, From: n.from, To: n.to})
		}
		out[at].Periods = max(out[at].Periods, reach.Periods)
		out[at].Years = max(out[at].Years, reach.Years)
		out[at].ToDate = out[at].ToDate || reach.ToDate
	})
	return out
}

// walk visits the names below a node with how far back they are asked for.
func (n *node) walk(reach Ref, visit func(*node, Ref)) {
	if n.op == opName {
		visit(n, reach)
		return
	}
	if n.op == opCall && n.fn.reach != nil {
		n.fn.reach(n, &reach)
	}
	for _, a := range n.args {
		a.walk(reach, visit)
	}
}

// Env gives a formula the series it speaks of.
type Env interface {
	// Unit is the unit of a series; ok is false when there is no such series.
	Unit(name string) (u Unit, ok bool)
	// Value is the value of a series in a period, missing with a reason when there is none.
	Value(name string, at series.Period) Value
	// Table is a table of dated data in force in a period; ok is false when there is none.
	Table(name string, at series.Period) (t Table, ok bool)
}
