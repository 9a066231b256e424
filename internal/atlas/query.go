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
	Words   []string      `json:"words,omitempty"` // all of them in title or code
	Kinds   []string      `json:"kinds,omitempty"`
	Regions []region.Code `json:"regions,omitempty"` // and all inside
	Fields  []string      `json:"fields,omitempty"`
	Six     []string      `json:"sixNew,omitempty"`
	Gaps    []string      `json:"gaps,omitempty"`  // lacks all of them
	From    clock.Date    `json:"from,omitempty"`  // came up at or after
	To      clock.Date    `json:"to,omitempty"`    // and at or before
	Since   clock.Date    `json:"since,omitempty"` // changed at or after
	Box     Box           `json:"box,omitzero"`    // lies in it
}

// Limits of a query.
const (
	MaxText   = 400 // characters of a query
	maxWords  = 8
	maxWord   = 40 // characters
	maxValues = 30 // of one field
)

// Empty says whether a query narrows nothing.
func (q Query) Empty() bool {
	return len(q.Words)+len(q.Kinds)+len(q.Regions)+len(q.Fields)+len(q.Six)+len(q.Gaps) == 0 &&
		q.From == "" && q.To == "" && q.Since == "" && q.Box.empty()
}

// hidden says whether the query asks for what a post that is to be asked for does not show.
func (q Query) hidden() bool {
	return len(q.Six) > 0 || q.Since != "" || slices.Contains(q.Gaps, GapSix)
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
	q.Regions = slices.Clone(q.Regions)
	slices.Sort(q.Regions)
	q.Regions = slices.Compact(q.Regions)
	var words []string
	for _, w := range q.Words {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	q.Words = words
	if len(q.Regions) == 0 {
		q.Regions = nil
	}
	return q
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
	for _, word := range q.Words {
		// Exactly this text, without signs that mean something else, on both databases.
		w = w.And("REPLACE(n.words, $1, '') <> n.words", fold(word))
	}
	return q.Box.where(q.when(q.lacks(w, class)), class)
}

func (q Query) lacks(w db.Where, class string) db.Where {
	for _, g := range q.Gaps {
		switch g {
		case GapRegion:
			w = w.And("n.region = '' OR SUBSTR(n.region, 5, 2) = '00'")
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
