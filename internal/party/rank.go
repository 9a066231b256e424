package party

import (
	"context"
	"slices"
	"sync"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// A page of an order is found in memory: rank holds the numbers of all organisations in that order.
// It need not be of this moment. Those that have not changed since stand in the same order to each
// other as they did, and those that have are known: org_terms.at is the org_change.n of the last
// change. So the candidates for a page are the next ones of the rank that have not changed, and all
// that have. The database sorts these few. When many have changed, the rank is read anew.

// rank is an order as it was when org_change.n was at. It is not changed once it was read.
type rank struct {
	at   int64
	nums []int32
}

// ranks keeps the rank of each order. It is read by one request while others wait.
type ranks struct {
	mu   sync.Mutex
	kept map[string]*rank
}

var (
	orgWalk = db.Select(`org.num`, `org`, orgList.Orders()...)
	// The order matters to nobody, but it makes PostgreSQL walk the index even right after an import,
	// when it does not know yet that few rows are so new.
	qChangedAfter = db.Stmt(`SELECT num FROM org_terms WHERE at > $1 ORDER BY at LIMIT $2`)
)

// of returns the rank of an order and the organisations that have changed since, at most few.
func (k *ranks) of(
	ctx context.Context, u *unit.Unit, o db.Order, few int64,
) (*rank, numbers, error) {
	q := u.DB()
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.kept[o.Name]
	if r != nil {
		changed, err := changedAfter(ctx, q, r.at, few+1)
		if err != nil || changed.count() <= few {
			return r, changed, err
		}
	}
	r, err := readRank(ctx, u, o)
	if err != nil {
		return nil, nil, err
	}
	if k.kept == nil {
		k.kept = map[string]*rank{}
	}
	k.kept[o.Name] = r
	changed, err := changedAfter(ctx, q, r.at, unlimited)
	return r, changed, err
}

// unlimited is the limit of a statement that has one but shall have none.
const unlimited = 1 << 30

func changedAfter(ctx context.Context, q db.Q, at, limit int64) (numbers, error) {
	var out numbers
	err := db.Each(ctx, q, qChangedAfter, func(r db.Row) error {
		n, err := db.One[int64](r)
		if err == nil {
			out.add(n)
		}
		return err
	}, at, limit)
	return out, err
}

// readRank reads the rank of an order. It is relied on after the database may have crashed, so all
// that was read must have been on the disk.
func readRank(ctx context.Context, u *unit.Unit, o db.Order) (*rank, error) {
	at, err := lastChange(ctx, u.DB())
	if err != nil {
		return nil, err
	}
	r := &rank{at: at.n}
	err = db.Stream(ctx, u.DB(), orgWalk, db.Where{}, o, 0, db.One[int64], func(n int64) error {
		r.nums = append(r.nums, int32(n))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, u.Settled(ctx)
}

// candidates returns numbers of the set among which are those of the page.
func (s *Service) candidates(
	ctx context.Context, set *orgSet, o db.Order, p db.PageReq,
) ([]any, error) {
	if set.count <= s.few {
		return set.args(), nil
	}
	q := s.unit.DB()
	r, changed, err := s.ranks.of(ctx, s.unit, o, s.few)
	if err != nil {
		return nil, err
	}
	start, step, err := r.start(ctx, q, o, p, changed)
	if err != nil {
		return nil, err
	}
	found := orgSet{nums: changed.clone().and(set.nums)}
	out := found.args()
	need := p.Size() + 1
	for i := start; i >= 0 && i < len(r.nums) && need > 0; i += step {
		if n := int64(r.nums[i]); set.nums.has(n) && !changed.has(n) {
			out = append(out, n)
			need--
		}
	}
	return out, nil
}

// start returns the place of the rank at which to begin for a page, and the direction.
func (r *rank) start(
	ctx context.Context, q db.Q, o db.Order, p db.PageReq, changed numbers,
) (at, step int, _ error) {
	switch {
	case p.Last:
		return len(r.nums) - 1, -1, nil
	case p.After == "" && p.Before == "":
		return 0, 1, nil
	case p.Before == "":
		step = 1
	default:
		step = -1
	}
	// The next one along the order that stands where it stood.
	p.Limit = 1
	stood := make(numbers, len(r.nums)/64+1)
	for _, n := range r.nums {
		stood.add(int64(n))
	}
	stood = stood.without(changed)
	next, err := db.ListKept(ctx, q, orgWalk, db.Where{}, o, p, db.One[int64], stood.has, 1)
	if err != nil || len(next.Items) == 0 {
		return -1, step, err
	}
	return slices.Index(r.nums, int32(next.Items[0])), step, nil
}
