package atlas

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Query says which nodes are meant. The values of one field are alternatives, the fields narrow.
// Zero fields do not narrow.
type Query struct {
	Words   []string      `json:"words,omitempty"`    // all of them in title or code
	AnyOf   [][]string    `json:"anyWords,omitempty"` // and of each list at least one
	Kinds   []string      `json:"kinds,omitempty"`
	Regions []region.Code `json:"regions,omitempty"` // and all inside
	Outside []region.Code `json:"outside,omitempty"` // lies in a known place, and in none of these
	Fields  []string      `json:"fields,omitempty"`
	Six     []string      `json:"sixNew,omitempty"`
	Gaps    []string      `json:"gaps,omitempty"`  // lacks all of them
	From    clock.Date    `json:"from,omitempty"`  // came up at or after
	To      clock.Date    `json:"to,omitempty"`    // and at or before
	Since   clock.Date    `json:"since,omitempty"` // changed at or after
	AsOf    clock.Date    `json:"asOf,omitempty"`  // somebody said at or after that it is so
	AsOfTo  clock.Date    `json:"asOfTo,omitempty"`
	Box     Box           `json:"box,omitzero"` // lies in it
}

// Limits of a query.
const (
	MaxText   = 400 // characters of a query
	maxWords  = 8
	maxWord   = 40 // characters
	maxValues = 30 // of one field
	maxGroups = 4  // of words that stand for each other
	maxAny    = 16 // words of one of them
)

// Empty says whether a query narrows nothing.
func (q Query) Empty() bool {
	return len(q.Words)+len(q.AnyOf)+len(q.Kinds)+len(q.Regions)+len(q.Outside)+len(q.Fields)+len(q.Six)+
		len(q.Gaps) == 0 && q.From == "" && q.To == "" && q.Since == "" && q.AsOf == "" && q.AsOfTo == "" &&
		q.Box.empty()
}

// hidden says whether the query asks for what a post that is to be asked for does not show.
func (q Query) hidden() bool {
	return len(q.Six) > 0 || q.Since != "" || q.AsOf != "" || q.AsOfTo != "" || slices.Contains(q.Gaps, GapSix)
}

// classes are those of the kinds that are asked for, nil for all.
func (q Query) classes() map[string]bool {
	if len(q.Kinds) == 0 {
		return nil
	}
	out := map[string]bool{}
	for _, k := range q.Kinds {
		out[classOf(k)] = true
	}
	return out
}

// normal brings a query into the one form that it has: values in the order of their lists, none twice.
func (q Query) normal() Query {
	inOrder := func(values []string, list []Choice) []string {
		var out []string
		for _, c := range list {
			if slices.Contains(values, c.Value) {
				out = append(out, c.Value)
			}
		}
		return out
	}
	q.Kinds, q.Fields = inOrder(q.Kinds, Kinds()), inOrder(q.Fields, Fields())
	q.Six, q.Gaps = inOrder(q.Six, SixNews()), inOrder(q.Gaps, Gaps())
	q.Regions, q.Outside = inOwnOrder(q.Regions), inOwnOrder(q.Outside)
	q.Words = once(q.Words)
	var groups [][]string
	for _, g := range q.AnyOf {
		if g = once(g); len(g) == 1 {
			q.Words = once(append(q.Words, g[0])) // no choice is a word like others
		} else if len(g) > 1 && !slices.ContainsFunc(groups, func(o []string) bool { return slices.Equal(o, g) }) {
			groups = append(groups, g)
		}
	}
	q.AnyOf = groups
	return q
}

// once are values without those that came before, nil without any.
func once(list []string) []string {
	var out []string
	for _, w := range list {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// inOwnOrder are codes in their order, none twice, nil without any.
func inOwnOrder(list []region.Code) []region.Code {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// fold makes words comparable: width and case do not matter.
func fold(s string) string { return strings.ToLower(width.Fold.String(strings.TrimSpace(s))) }

// where is the condition of a query for nodes of a class.
func (q Query) where(class string) db.Where {
	w := db.Where{}
	if len(q.Kinds) > 0 {
		var kinds []any
		for _, k := range q.Kinds {
			if classOf(k) == class {
				kinds = append(kinds, k)
			}
		}
		w = w.In("n.kind", kinds...)
	}
	if len(q.Regions) > 0 {
		ways := make([]db.Where, 0, len(q.Regions))
		for _, c := range q.Regions {
			ways = append(ways, inside(c))
		}
		w = w.AndAll(db.Or(ways...))
	}
	if len(q.Fields) > 0 {
		w = w.In("n.field", anys(q.Fields)...)
	}
	if len(q.Six) > 0 {
		w = w.In("n.six", anys(q.Six)...)
	}
	for _, c := range q.Outside {
		w = w.And("n.region <> ''").AndAll(db.Not(inside(c)))
	}
	for _, word := range q.Words {
		w = w.AndAll(holds(word))
	}
	for _, group := range q.AnyOf {
		ways := make([]db.Where, len(group))
		for i, word := range group {
			ways[i] = holds(word)
		}
		w = w.AndAll(db.Or(ways...))
	}
	return q.Box.where(q.when(q.lacks(w, class)), class)
}

// holds is the condition that a node has exactly this text, without signs that mean something else, on
// both databases.
func holds(word string) db.Where {
	return db.Where{}.And("REPLACE(n.words, $1, '') <> n.words", fold(word))
}

func (q Query) lacks(w db.Where, class string) db.Where {
	for _, g := range q.Gaps {
		switch g {
		case GapRegion:
			w = w.And("n.region = '' OR SUBSTR(n.region, 5, 2) = '00'")
		case GapPlace:
			w = w.And("n.region = ''")
		case GapOpen: // who may read all of a post is asked about by source.narrowed
			if class != Post {
				return db.Nothing()
			}
		case GapField:
			w = w.And("n.field = ''")
		case GapSix:
			w = w.And("n.six = ''")
		case GapPoint:
			if class != Org { // others never have one
				return db.Nothing()
			}
			w = w.And("n.lon_e7 = 0 AND n.lat_e7 = 0")
		}
	}
	return w
}

func (q Query) when(w db.Where) db.Where {
	if q.From != "" {
		w = w.And("n.since_us >= $1", clock.Us(q.From.Start()))
	}
	if q.To != "" {
		w = w.And("n.since_us < $1", clock.Us(q.To.AddDays(1).Start()))
	}
	if q.Since != "" {
		w = w.And("n.updated_us >= $1", clock.Us(q.Since.Start()))
	}
	if q.AsOf != "" {
		w = w.And("n.as_of_us >= $1", clock.Us(q.AsOf.Start()))
	}
	if q.AsOfTo != "" {
		w = w.And("n.as_of_us < $1", clock.Us(q.AsOfTo.AddDays(1).Start()))
	}
	return w
}

func inside(c region.Code) db.Where {
	from, before, ok := authz.RegionRange(string(c))
	switch {
	case !ok:
		return db.Nothing()
	case c.Level() == region.LevelCounty:
		return db.Where{}.And("n.region = $1", from)
	}
	return db.Where{}.And("n.region >= $1 AND n.region < $2", from, before)
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
