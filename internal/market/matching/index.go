package matching

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// index is what a process knows of the market: the common shelf that everybody reads, and the posts
// that only some may read whole, of which closets are made.
type index struct {
	a       *retrieval.Analyzer
	lexicon int64  // edition of the words of the field that a knows
	own     string // the city's synonyms that a knows
	common  *shelf
	words   vocabulary

	write   sync.Mutex    // one change at a time
	learned int           // posts of the common shelf when it last learned
	changes int           // since the last snapshot
	turn    atomic.Uint64 // how often it was changed
	kept    bool          // there is one
	making  bool          // it is made anew: it learns and shows itself once, when all is read

	closets closets
	ready   atomic.Bool
}

func newIndex(a *retrieval.Analyzer, lexicon int64) *index {
	return &index{a: a, lexicon: lexicon, common: newShelf(a), closets: newClosets(a)}
}

// shown says whether others than its owner and the bureau may know of a post.
func shown(p *market.Post) bool { return market.PostPolicy.MaySee(visitor, market.ActPostRead, *p) }

// isPrivate says whether some may read more of a post than everybody may.
func isPrivate(p *market.Post) bool {
	return standing(p.State) && !market.PostPolicy.MaySee(visitor, market.ActPostWhole, *p)
}

// openStates are those of posts that others may still be found for: in the market, or asked of
// everybody as a challenge (揭榜). It is a list of SQL, from which Open takes them.
const openStates = `('published', 'talking', 'challenged')`

var openList = strings.Split(strings.Trim(openStates, "()'"), "', '")

// Open says whether a post in a state is matched.
func Open(state string) bool { return slices.Contains(openList, state) }

// standing says whether a post in a state is looked for at all: what is a draft, withdrawn, closed or
// faded is not.
func standing(state string) bool {
	switch state {
	case market.Draft, market.Withdrawn, market.Closed, market.Stale:
		return false
	}
	return true
}

// put takes in the present state of posts; gone are ids of which there is no post any more.
func (x *index) put(ctx context.Context, posts []market.Post, gone []string) error {
	x.write.Lock()
	defer x.write.Unlock()
	defer x.turn.Add(1)
	var open []market.Post
	var private []*market.Post
	for i := range posts {
		p := &posts[i]
		switch {
		case standing(p.State) && shown(p):
			open = append(open, public(*p))
		default:
			gone = append(gone, p.ID)
		}
		if isPrivate(p) {
			own := *p // not the whole list with it
			private = append(private, &own)
		}
	}
	x.hide(posts, private, gone)
	if err := x.common.put(ctx, open, gone); err != nil {
		return err
	}
	x.changes += len(posts) + len(gone)
	if x.making {
		return nil
	}
	x.teach()
	x.common.publish()
	return nil
}

// hide keeps the posts that not everybody may read whole; what of the others was such is no more.
func (x *index) hide(posts []market.Post, private []*market.Post, gone []string) {
	is := make(map[string]bool, len(private))
	for _, p := range private {
		is[p.ID] = true
	}
	var out []string
	for i := range posts {
		if !is[posts[i].ID] {
			out = append(out, posts[i].ID)
		}
	}
	for _, id := range gone {
		if !is[id] {
			out = append(out, id)
		}
	}
	x.closets.change(private, out)
}

// minLearn is from how many posts on vectors are learned; they are learned anew whenever the market
// has grown by half since.
const minLearn = 400

func (x *index) teach() {
	n := x.common.len()
	if n >= minLearn && 2*n >= 3*x.learned {
		for _, w := range x.common.parts {
			w.Learn()
		}
		x.learned = n
	}
}

// events are what may change what the index knows.
func events() []string {
	return []string{market.EventPostCreated, market.EventPostUpdated, market.EventPostMoved}
}

// objects returns the objects of events, each once.
func objects(list []outbox.Stored) []string {
	seen := map[string]bool{}
	var out []string
	for _, e := range list {
		if e.Object != "" && !seen[e.Object] {
			seen[e.Object] = true
			out = append(out, e.Object)
		}
	}
	return out
}
