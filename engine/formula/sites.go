package formula

import (
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
)

// MaxSites bounds the sites of one place that a formula looks at.
const MaxSites = 200

// Site is something inside a place that values are of, too (点位): a section of a river, a station.
type Site struct {
	ID   string
	Name string
	Env  Env
}

// Places is an Env that knows the sites inside its place. An Env without sites need not be one.
type Places interface {
	// Sites are those of a kind, as the data calls it, that are in force in a period.
	Sites(kind string, at series.Period) []Site
}

// siteFunctions are the functions that look at the sites of a place.
var siteFunctions = []named{
	{[]string{"点位数", "sites"}, function{least: 2, most: 2, usage: `点位数("点位类别", 条件)`, text: 1,
		work: func(*node) int { return MaxSites }, eval: countSites}},
}

// countSites counts the sites at which a condition holds. It is missing while the condition is not known at
// one of them: who does not report is not counted as good.
func countSites(r *run, n *node, at series.Period) Value {
	places, ok := r.env.(Places)
	if !ok { // a check, or a place without sites: the condition is looked at for its units alone
		quiet := r.quiet
		r.quiet = true
		r.truth(n.args[1], at)
		r.quiet = quiet
		return Absent(None, Because("sites.none", n.args[0].text))
	}
	list := places.Sites(n.args[0].text, at)
	switch {
	case len(list) == 0:
		return Absent(None, Because("sites.none", n.args[0].text))
	case len(list) > MaxSites:
		return Absent(None, Because("sites.many", itoa(MaxSites)))
	}
	outer := *r
	defer func() { r.env, r.site = outer.env, outer.site }()
	var count int64
	var unknown Value
	for _, s := range list {
		r.env, r.site = s.Env, s
		switch v := r.truth(n.args[1], at); {
		case v.Missing && !unknown.Missing:
			unknown = Absent(None, Because("sites.unknown", s.Name))
		case v.Truth && !v.Missing:
			count++
		}
	}
	if unknown.Missing {
		return unknown
	}
	return Value{Rat: big.NewRat(count, 1), Unit: None}
}

// LooksAtSites says whether the formula asks for the sites of its place.
func (e *Expr) LooksAtSites() bool { return e.root.looksAtSites() }

func (n *node) looksAtSites() bool {
	return n.op == opCall && n.fn == functions[siteFunctions[0].names[0]] ||
		slices.ContainsFunc(n.args, (*node).looksAtSites)
}

// Tables are the names of the tables that the formula looks up, in the order of their first mention.
func (e *Expr) Tables() []string {
	var out []string
	e.root.tables(&out)
	return out
}

func (n *node) tables(out *[]string) {
	if n.op == opText && !slices.Contains(*out, n.text) {
		*out = append(*out, n.text)
	}
	for _, a := range n.args {
		a.tables(out)
	}
}
