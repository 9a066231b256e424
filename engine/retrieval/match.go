package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// Matcher finds for needs the offers that may meet them, with reasons. It is immutable and safe
// for concurrent use.
type Matcher struct {
	a       *Analyzer
	ix      *Index
	options MatchOptions
	offers  []*reading // by number of the document, nil for one that was deleted
}

// MatchOptions say how posts are matched.
type MatchOptions struct {
	Settings Settings
	Queries  *Analyzer // of needs; nil for that of offers
	Query    QueryOptions
	Weights  Weights
	Top      int  // offers for each need
	Reasons  bool // give reasons
}

// Match is an offer for a need.
type Match struct {
	ID      string
	Score   float64
	Signals Signals
	Reasons []Reason
	doc     int
}

// NewMatcher reads the offers. Vectors are learned from them and from the needs known so far,
// which may be none: needs are longer and say which words go together. progress, which may be nil,
// is told how many offers are read.
func NewMatcher(ctx context.Context, a *Analyzer, offers, needs []Post, o MatchOptions,
	progress func(done int),
) (*Matcher, error) {
	l := NewLive(a, o)
	if err := l.w.Add(ctx, documents(offers, ""), progress); err != nil {
		return nil, err
	}
	if o.Weights.Near > 0 {
		common, _, err := l.w.learnWith(ctx, needs)
		if err != nil {
			return nil, err
		}
		l.o.Query.common = common
	}
	list := make([]*reading, len(offers))
	parallel(len(offers), func(from, to int) {
		for i := from; i < to; i++ {
			list[i] = read(offers[i], o.Reasons)
		}
	})
	for _, r := range list {
		l.posts[r.post.ID] = r // the last of equal ids, as in the index
	}
	l.publish()
	return l.View(), ctx.Err()
}

// maxLessons is how many needs are learned from at most. Their ids get a prefix that no id of a
// post has, since a need and an offer may have the same.
const (
	maxLessons   = 1 << 14
	lessonPrefix = "\x00"
)

func documents(posts []Post, prefix string) []Document {
	docs := make([]Document, len(posts))
	for i := range posts {
		docs[i] = posts[i].Document()
		docs[i].ID = prefix + docs[i].ID
	}
	return docs
}

// Len returns how many offers there are.
func (m *Matcher) Len() int { return m.ix.Len() }

// Has reports whether there is an offer with an id.
func (m *Matcher) Has(offer string) bool {
	_, ok := m.ix.Find(offer)
	return ok
}

// Match returns the best offers for a need, the best first.
func (m *Matcher) Match(need *Post) []Match { return m.MatchIn(need, nil) }

// MatchIn returns the best offers of a set for a need, the best first; nil is all. What the set
// leaves out changes nothing but to be left out.
func (m *Matcher) MatchIn(need *Post, within *Set) []Match {
	q := m.ix.Query(m.a, need.Asked(), m.options.Query)
	top := m.options.Top
	hits := m.ix.Search(q, Options{Top: 2 * top, Within: within, Weights: m.options.Weights})
	vector := packOutside(need.visible().Vector)
	out := m.judge(need, &vector, m.outsideHits(q, &vector, within, hits))
	return m.explain(q, need, out[:min(top, len(out))])
}

// Score returns the given offers for a need, the best first. Offers that are not known are left
// out.
func (m *Matcher) Score(need *Post, offers []string) []Match {
	q := m.ix.Query(m.a, need.Asked(), m.options.Query)
	docs := make([]int, 0, len(offers))
	for _, id := range offers {
		if doc, ok := m.ix.Find(id); ok {
			docs = append(docs, doc)
		}
	}
	slices.Sort(docs)
	docs = slices.Compact(docs)
	hits := m.ix.Score(q, docs, m.options.Weights)
	vector := packOutside(need.visible().Vector)
	return m.explain(q, need, m.judge(need, &vector, hits))
}

// judge adds what stands beside the texts and sorts.
func (m *Matcher) judge(need *Post, vector *outside, hits []Hit) []Match {
	out := make([]Match, len(hits))
	for i, h := range hits {
		out[i] = Match{ID: h.ID, Score: h.Score, Signals: h.Signals, doc: h.Doc}
		if m.options.Weights.Outside > 0 {
			near := vector.near(&m.offers[h.Doc].vector)
			out[i].Signals.Outside = near
			out[i].Score += m.options.Weights.Outside * near
		}
		out[i].Reasons = besides(need, &m.offers[h.Doc].post)
		for _, r := range out[i].Reasons {
			if r.For {
				out[i].Score += signalWeight
			} else {
				out[i].Score -= signalWeight
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// explain gives matches their reasons: words first, then amounts, then what stands beside.
func (m *Matcher) explain(q *Query, need *Post, out []Match) []Match {
	if !m.options.Reasons {
		return out
	}
	wanted := need.wanted()
	for i := range out {
		doc := out[i].doc
		h := Hit{Doc: doc, ID: out[i].ID, Signals: out[i].Signals}
		words := m.ix.Reasons(q, &h)
		out[i].Reasons = slices.Concat(words, byParameters(wanted, m.offers[doc].stated), out[i].Reasons)
	}
	return out
}

// needBatch is how many needs are matched before their results are handed out.
const needBatch = 1024

// All matches every need, on every processor, and hands out the results in the order of the needs.
// It stops with the error of ctx or of take. one says what is done for a need; nil is what Match
// does, for many needs at once and with all vectors looked at.
func (m *Matcher) All(
	ctx context.Context, needs []Post, one func(*Post) []Match, take func(*Post, []Match) error,
) error {
	for part := range slices.Chunk(needs, needBatch) {
		found := m.some(ctx, part, one)
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range part {
			if err := take(&part[i], found[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// some matches a batch of needs.
func (m *Matcher) some(ctx context.Context, needs []Post, one func(*Post) []Match) [][]Match {
	found := make([][]Match, len(needs))
	if one == nil && m.options.Weights.Outside > 0 {
		one = m.Match
	}
	if one != nil {
		inTurn(ctx, len(needs), func(i int) { found[i] = one(&needs[i]) })
		return found
	}
	queries := make([]*Query, len(needs))
	inTurn(ctx, len(needs), func(i int) { queries[i] = m.Query(&needs[i]) })
	if ctx.Err() != nil {
		return found
	}
	top := m.options.Top
	hits := m.ix.SearchAll(queries, Options{Top: 2 * top, Weights: m.options.Weights})
	inTurn(ctx, len(needs), func(i int) {
		out := m.judge(&needs[i], &outside{}, hits[i])
		found[i] = m.explain(queries[i], &needs[i], out[:min(top, len(out))])
	})
	return found
}

// inTurn does work for each of n, on every processor, until ctx ends.
func inTurn(ctx context.Context, n int, work func(i int)) {
	var next atomic.Int64
	split(max(1, min(processors(), n)), func(int) {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			work(i)
		}
	})
}

// minLessons is from how many needs on it shows which words every need has.
const minLessons = 20

// commonness returns for each term how much it tells in a need: the words that most needs have
// (企业, 目标, 解决) tell little of one, however rare they are among offers. It is the square root of
// the logarithm of how rare the term is among needs, 1 for a term that only one has.
func commonness(ix *Index) []float32 {
	have := make([]uint32, len(ix.df))
	n := 0
	for s, g := range ix.segs {
		for d := range g.size() {
			if !strings.HasPrefix(g.ids.at(d), lessonPrefix) || !ix.alive(s, d) {
				continue
			}
			n++
			for f := g.forward(d); f.next(); {
				have[f.term]++
			}
		}
	}
	if n < minLessons {
		return nil
	}
	out := make([]float32, len(have))
	for t, h := range have {
		rare := math.Log(float64(n+1)/float64(max(1, h))) / math.Log(float64(n+1))
		out[t] = float32(math.Sqrt(rare))
	}
	return out
}
