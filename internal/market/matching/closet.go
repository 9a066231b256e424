package matching

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// closet is a shelf of exactly the posts that some reader may read whole and not everybody may.
// Readers with the same posts share it.
type closet struct {
	*shelf
	has  map[string]bool
	used uint64
	once sync.Once
	err  error
}

// maxClosets is how many are kept; those not used for longest go.
const maxClosets = 64

// closets keeps the closets that were asked for last.
type closets struct {
	a     *retrieval.Analyzer
	mu    sync.Mutex
	byKey map[string]*closet
	clock uint64
}

// closet returns what the actor may read whole beside the common shelf, nil for nothing.
func (x *index) closet(ctx context.Context, by authz.Actor) (*closet, error) {
	posts := x.readable(by)
	if len(posts) == 0 {
		return nil, nil
	}
	c := x.closets.get(posts)
	c.once.Do(func() {
		// The reader who came first may go; the others wait for the same closet.
		ctx := context.WithoutCancel(ctx)
		whole := make([]market.Post, len(posts))
		for i, p := range posts {
			whole[i] = *p
		}
		c.shelf = newShelf(x.a)
		if c.err = c.put(ctx, whole, nil); c.err == nil {
			c.publish()
		}
	})
	return c, c.err
}

// readable returns the private posts that the actor may read whole, by id.
func (x *index) readable(by authz.Actor) []*market.Post {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []*market.Post
	for _, p := range x.private {
		if market.PostPolicy.MaySee(by, market.ActPostRead, *p) &&
			market.PostPolicy.MaySee(by, market.ActPostWhole, *p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *market.Post) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

func (c *closets) get(posts []*market.Post) *closet {
	sum := sha256.New()
	for _, p := range posts {
		fmt.Fprintf(sum, "%s %d %s\n", p.ID, p.Version, p.State)
	}
	key := hex.EncodeToString(sum.Sum(nil))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	found := c.byKey[key]
	if found == nil {
		found = &closet{has: make(map[string]bool, len(posts))}
		for _, p := range posts {
			found.has[p.ID] = true
		}
		c.byKey[key] = found
		c.drop()
	}
	found.used = c.clock
	return found
}

// drop forgets the closets that were not used for longest.
func (c *closets) drop() {
	for len(c.byKey) > maxClosets {
		oldest, at := "", c.clock+1
		for key, x := range c.byKey {
			if x.used < at {
				oldest, at = key, x.used
			}
		}
		delete(c.byKey, oldest)
	}
}
