package retrieval

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Live holds posts that come, change and go while others search and match. Its methods may be
// called at the same time. What it has at one moment is a Matcher, see View: one question is
// answered by one of them, later changes do not touch it.
type Live struct {
	mu    sync.Mutex
	a     *Analyzer
	w     *Writer
	o     MatchOptions
	posts map[string]*reading // by id
	now   atomic.Pointer[Matcher]
}

// reading is a post with what was read in it. It is immutable.
type reading struct {
	post   Post // without what is hidden of it
	stated []Parameter
	vector outside
}

// NewLive returns a Live without posts. Its settings say how they are weighed: MatchSettings for
// posts that are matched, SearchSettings for posts that are searched.
func NewLive(a *Analyzer, o MatchOptions) *Live {
	l := &Live{a: a, w: NewWriter(a, o.Settings), o: o, posts: map[string]*reading{}}
	l.publish()
	return l
}

// View returns what can be found now. It does not wait for those who write.
func (l *Live) View() *Matcher { return l.now.Load() }

// Put adds posts; one with the id of an earlier post replaces it. When it returns nil, the next
// View has them all. When ctx ends nothing is changed. Many at once cost far less than one by one.
func (l *Live) Put(ctx context.Context, posts ...Post) error {
	fresh := make([]*reading, len(posts))
	parallel(len(posts), func(from, to int) {
		for i := from; i < to; i++ {
			fresh[i] = read(posts[i], l.o.Reasons)
		}
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.w.Add(ctx, documents(posts, ""), nil); err != nil {
		return err
	}
	for _, r := range fresh {
		l.posts[r.post.ID] = r
	}
	l.publish()
	return nil
}

func read(p Post, reasons bool) *reading {
	r := &reading{post: *p.visible(), vector: packOutside(p.visible().Vector)}
	r.post.Vector = nil
	if reasons {
		r.stated = Parameters(r.post.Title + "\n" + r.post.Text)
	}
	return r
}

// Delete takes posts away. Ids that are not known are passed over.
func (l *Live) Delete(ids ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		delete(l.posts, id)
	}
	l.w.Delete(ids...)
	l.publish()
}

// Learn learns vectors from the posts there are and from lessons, which may be none: for matching,
// the needs that are known; only what is common among them is kept of them. Posts that are put
// later get vectors of the same space. Learn takes seconds for tens of thousands of posts, in
// which Put and Delete wait and View does not; call it after the first Put and then now and again.
// It reports whether there are vectors: with too few posts there are none.
func (l *Live) Learn(ctx context.Context, lessons []Post) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	common, learned, err := l.w.learnWith(ctx, lessons)
	if err != nil {
		return false, err
	}
	l.o.Query.common = common
	l.publish()
	return learned, nil
}

// learnWith learns vectors from the documents and from lessons, which are gone after it, and
// returns how much terms tell in a need.
func (w *Writer) learnWith(ctx context.Context, needs []Post) ([]float32, bool, error) {
	lessons := documents(needs[:min(len(needs), maxLessons)], lessonPrefix)
	if err := w.Add(ctx, lessons, nil); err != nil {
		return nil, false, err
	}
	learned := w.Learn()
	common := commonness(w.Index())
	ids := make([]string, len(lessons))
	for i, d := range lessons {
		ids[i] = d.ID
	}
	w.Delete(ids...)
	return common, learned, nil
}

// publish makes the next view. The lock must be held.
func (l *Live) publish() {
	ix := l.w.Index()
	m := &Matcher{a: l.a, ix: ix, options: l.o, offers: make([]*reading, ix.Max())}
	if l.o.Queries != nil {
		m.a = l.o.Queries
	}
	for doc := range m.offers {
		if ix.Has(doc) {
			m.offers[doc] = l.posts[ix.ID(doc)]
		}
	}
	l.now.Store(m)
}

// Index returns the index of the matcher's posts.
func (m *Matcher) Index() *Index { return m.ix }

// Post returns the post with a number, nil when it was deleted. It must not be changed.
func (m *Matcher) Post(doc int) *Post {
	if m.offers[doc] == nil {
		return nil
	}
	return &m.offers[doc].post
}

// Query makes a query of a post or, for searching, of a text in its Title.
func (m *Matcher) Query(p *Post) *Query { return m.ix.Query(m.a, p.Asked(), m.options.Query) }

// Explain gives the reasons of a hit of a query that was made of a post.
func (m *Matcher) Explain(q *Query, p *Post, h *Hit) []Reason {
	return slices.Concat(m.ix.Reasons(q, h),
		byParameters(p.wanted(), m.offers[h.Doc].stated),
		besides(p, &m.offers[h.Doc].post))
}
