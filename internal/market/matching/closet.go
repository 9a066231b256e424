package matching

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// closet is a shelf of exactly the posts that some reader may read whole and not everybody may.
// Readers with the same posts share it. What changes is noted at once and put in when somebody looks
// into the closet the next time, so that a change costs nothing for those who do not look.
type closet struct {
	*shelf
	fill sync.Mutex // one goroutine puts in at a time

	// The rest is guarded by closets.mu.
	has     map[string]bool         // posts that belong here, put in or not
	pending map[string]*market.Post // by id, nil for one that is to be taken out
	readers map[string]authz.Actor  // who shares it, by rights
	used    uint64
	behind  atomic.Bool // something is pending
}

// Limits of what is kept; what was not used for longest goes.
const (
	maxClosets = 64
	maxReaders = 4096
)

// closets keeps the private posts, and the closets that were asked for last.
type closets struct {
	a *retrieval.Analyzer

	mu      sync.Mutex
	private map[string]*market.Post // whole, by id
	of      map[string]*closet      // by rights of a reader
	read    map[string][]string     // private posts by rights of a reader, since the last change of one
	all     []*closet
	clock   uint64
}

func newClosets(a *retrieval.Analyzer) closets {
	return closets{a: a, private: map[string]*market.Post{}, of: map[string]*closet{},
		read: map[string][]string{}}
}

// readsWhole says whether an actor may read a private post whole.
func readsWhole(by authz.Actor, p *market.Post) bool {
	return market.PostPolicy.MaySee(by, market.ActPostWhole, *p) && // most may not: it is asked first
		market.PostPolicy.MaySee(by, market.ActPostRead, *p)
}

// closet returns what the actor may read whole beside the common shelf, nil for nothing.
func (x *index) closet(ctx context.Context, by authz.Actor) (*closet, error) {
	c := x.closets.get(by)
	if c == nil {
		return nil, nil
	}
	// The reader who came first may go; the others wait for the same closet.
	return c, c.catchUp(context.WithoutCancel(ctx), &x.closets)
}

// get returns the closet of an actor, nil when there is nothing for it.
func (c *closets) get(by authz.Actor) *closet {
	key := by.Rights()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	found := c.of[key]
	if found == nil {
		found = c.find(by, key)
	}
	found.used = c.clock
	if len(found.has) == 0 {
		return nil
	}
	return found
}

// find finds the closet that has what the actor may read, or begins one.
func (c *closets) find(by authz.Actor, key string) *closet {
	has := map[string]bool{}
	for _, id := range c.reads(by, key) {
		has[id] = true
	}
	same := func(x *closet) bool {
		if len(x.has) != len(has) {
			return false
		}
		for id := range has {
			if !x.has[id] {
				return false
			}
		}
		return true
	}
	var found *closet
	if i := slices.IndexFunc(c.all, same); i >= 0 {
		found = c.all[i]
	} else {
		found = &closet{shelf: newShelf(c.a), has: has, pending: map[string]*market.Post{},
			readers: map[string]authz.Actor{}, used: c.clock}
		for id := range has {
			found.pending[id] = c.private[id]
		}
		found.behind.Store(len(has) > 0)
		c.all = append(c.all, found)
	}
	found.readers[key], c.of[key] = by, found
	c.drop(found)
	return found
}

// reads returns the private posts that the actor may read whole. They are asked for again whenever a
// closet went and its reader comes back, and take less room than it.
func (c *closets) reads(by authz.Actor, key string) []string {
	if list, known := c.read[key]; known {
		return list
	}
	var list []string
	for id, p := range c.private {
		if readsWhole(by, p) {
			list = append(list, id)
		}
	}
	if len(c.read) >= maxReaders {
		clear(c.read)
	}
	c.read[key] = list
	return list
}

// drop forgets the closets, and the readers, that were not used for longest.
func (c *closets) drop(but *closet) {
	for len(c.all) > maxClosets || len(c.of) > maxReaders && len(c.all) > 1 {
		oldest := -1
		for i, x := range c.all {
			if x != but && (oldest < 0 || x.used < c.all[oldest].used) {
				oldest = i
			}
		}
		for key := range c.all[oldest].readers {
			delete(c.of, key)
		}
		c.all = slices.Delete(c.all, oldest, oldest+1)
	}
	for key := range but.readers {
		if len(c.of) <= maxReaders {
			return
		}
		delete(but.readers, key) // they are found again when they come back
		delete(c.of, key)
	}
}

// change takes private posts in, in their present state, and others out.
func (c *closets) change(private []*market.Post, gone []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range gone {
		if c.private[id] == nil {
			continue
		}
		delete(c.private, id)
		clear(c.read)
		for _, x := range c.all {
			x.note(id, nil)
		}
	}
	for _, p := range private {
		c.private[p.ID] = p
		clear(c.read)
		for _, x := range c.all {
			c.offer(x, p)
		}
	}
}

// offer puts a post into a closet if its readers may read it, and out if they may not. Readers who
// differ from the first of them in that leave, and get a closet of their own when they come back.
func (c *closets) offer(x *closet, p *market.Post) {
	first, may := true, false
	for key, by := range x.readers {
		switch reads := readsWhole(by, p); {
		case first:
			first, may = false, reads
		case reads != may:
			delete(x.readers, key)
			delete(c.of, key)
		}
	}
	if may {
		x.note(p.ID, p)
	} else {
		x.note(p.ID, nil)
	}
}

// note notes that a post is to be put in, or out when it is nil.
func (x *closet) note(id string, p *market.Post) {
	if p == nil && !x.has[id] {
		return
	}
	if x.pending[id] = p; p != nil {
		x.has[id] = true
	} else {
		delete(x.has, id)
	}
	x.behind.Store(true)
}

// catchUp puts in what is pending. What fails stays pending for the next reader.
func (x *closet) catchUp(ctx context.Context, c *closets) error {
	if !x.behind.Load() {
		return nil
	}
	x.fill.Lock()
	defer x.fill.Unlock()
	c.mu.Lock()
	pending := x.pending
	x.pending = map[string]*market.Post{}
	x.behind.Store(false)
	c.mu.Unlock()
	var posts []market.Post
	var gone []string
	for id, p := range pending {
		if p == nil {
			gone = append(gone, id)
		} else {
			posts = append(posts, *p)
		}
	}
	slices.SortFunc(posts, func(a, b market.Post) int { return strings.Compare(a.ID, b.ID) })
	if err := x.put(ctx, posts, gone); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for id, p := range pending {
			if _, newer := x.pending[id]; !newer {
				x.pending[id] = p
			}
		}
		x.behind.Store(true)
		return err
	}
	x.publish()
	return nil
}

// holds says whether a post is in the closet as readers see it.
func (x *closet) holds(id string) bool {
	_, _, ok := x.find(partAll, id)
	return ok
}
