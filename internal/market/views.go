package market

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Views of posts are counted in memory and stored now and then, so that opening a page never waits
// for a write. What is counted since the last time is lost if the program dies: some seconds of views.
const (
	maxWaiting    = 50_000 // posts and days that wait to be stored
	MaxViewDays   = 366    // of a range
	usualViewDays = 30
	mostViewed    = 50
)

// ViewDay is how often a post was opened on a day.
type ViewDay struct {
	Day clock.Date `json:"day"`
	N   int64      `json:"n"`
}

// Views are how often a post was opened by others than its owner, its broker, staff and robots.
type Views struct {
	From  clock.Date `json:"from"`
	To    clock.Date `json:"to"` // the last day of the range
	Total int64      `json:"total"`
	Days  []ViewDay  `json:"days"` // every day of the range
}

type viewKey struct {
	post string
	day  clock.Date
}

// waitingViews are those that are not stored yet.
type waitingViews struct {
	mu sync.Mutex
	n  map[viewKey]int64
}

func (w *waitingViews) add(k viewKey, n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == nil {
		w.n = map[viewKey]int64{}
	}
	if _, known := w.n[k]; known || len(w.n) < maxWaiting {
		w.n[k] += n
	}
}

func (w *waitingViews) take() map[viewKey]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.n
	w.n = nil
	return out
}

// robots are words in the names by which programs call themselves.
var robots = []string{"bot", "crawl", "spider", "slurp", "curl", "wget", "python", "go-http", "java/",
	"okhttp", "headless", "preview", "monitor", "scan", "feed"}

// Robot says whether a browser calls itself a program.
func Robot(agent string) bool {
	agent = strings.ToLower(agent)
	return agent == "" || slices.ContainsFunc(robots, func(w string) bool { return strings.Contains(agent, w) })
}

// counted says whether it counts when somebody opens a post: members and visitors of the market do, but
// neither the owner nor the broker of the post.
func counted(by authz.Actor, p Post) bool {
	if by.Org != "" && by.Org == p.OrgNow || by.Person != "" && by.Person == p.Broker {
		return false
	}
	switch by.EffectiveRole() {
	case authz.Public, authz.Enterprise, authz.University, authz.Expert, authz.Broker:
		return p.shown()
	}
	return false
}

// Opened counts that somebody opened a post, agent being what the browser calls itself. It writes
// nothing: see StoreViews.
func (s *Service) Opened(by authz.Actor, p Post, agent string) {
	if counted(by, p) && !Robot(agent) {
		s.views.add(viewKey{p.ID, s.day()}, 1)
	}
}

var (
	qViewAdd = db.Stmt(`INSERT INTO market_view (post, day, n) VALUES ($1, $2, $3)
		ON CONFLICT (post, day) DO UPDATE SET n = market_view.n + excluded.n`)
	qViews = db.Stmt(`SELECT day, n FROM market_view WHERE post = $1 AND day >= $2 AND day <= $3
		ORDER BY day`)
	qMostViewed = db.Stmt(`SELECT v.post, CAST(SUM(v.n) AS BIGINT) AS total FROM market_view AS v
		JOIN market_post AS p ON p.id = v.post
		WHERE p.org_now = $1 AND v.day >= $2 AND v.day <= $3
		GROUP BY v.post ORDER BY total DESC, v.post LIMIT 50`)
)

// StoreViews stores the views that were counted since the last time, and returns how many.
func (s *Service) StoreViews(ctx context.Context) (int64, error) {
	taken := s.views.take()
	if len(taken) == 0 {
		return 0, nil
	}
	var total int64
	rows := make([][]any, 0, len(taken))
	keys := slices.SortedFunc(maps.Keys(taken), func(a, b viewKey) int {
		return strings.Compare(a.post+string(a.day), b.post+string(b.day)) // one order: no deadlock
	})
	for _, k := range keys {
		rows = append(rows, []any{k.post, string(k.day), taken[k]})
		total += taken[k]
	}
	err := s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		_, err := db.InsertMany(ctx, tx, qViewAdd, rows)
		return err
	})
	if err != nil {
		for k, n := range taken {
			s.views.add(k, n)
		}
		return 0, err
	}
	return total, nil
}

// AdoptedViews are views that were counted elsewhere: by an older system, or of the demonstration.
type AdoptedViews struct {
	Post string
	Day  clock.Date
	N    int64
}

// AdoptViews takes over views that were counted elsewhere. They add to those that are there.
func (s *Service) AdoptViews(ctx context.Context, by authz.Actor, list []AdoptedViews) error {
	if err := PostPolicy.May(by, ActPostImport, Post{State: Published}); err != nil {
		return err
	}
	for part := range slices.Chunk(list, adoptBatch) {
		rows := make([][]any, len(part))
		for i, x := range part {
			rows[i] = []any{x.Post, string(x.Day), x.N}
		}
		err := s.unit.Write(ctx, by, "market.AdoptViews", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindPost, What: "adopt_views", Detail: map[string]int{"rows": len(rows)}})
			_, err := db.InsertMany(ctx, tx.Tx, qViewAdd, rows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ViewRange completes a range of days: the last 30 without any.
func (s *Service) ViewRange(from, to clock.Date) (clock.Date, clock.Date, error) {
	var f faults
	f.day("from", from)
	f.day("to", to)
	if err := f.err(); err != nil {
		return "", "", err
	}
	if to == "" {
		to = s.day()
	}
	if from == "" {
		from = to.AddDays(1 - usualViewDays)
	}
	switch {
	case from > to:
		return "", "", fault.Fields(fault.At("to", "结束日期不能早于开始日期"))
	case from.AddDays(MaxViewDays) <= to:
		return "", "", fault.Fields(fault.At("from", "最多查看 %d 天", MaxViewDays))
	}
	return from, to, nil
}

// ViewsOf returns how often a post was opened on the days of a range, for rooms that have checked that
// the reader may know.
func (s *Service) ViewsOf(ctx context.Context, postID string, from, to clock.Date) (Views, error) {
	from, to, err := s.ViewRange(from, to)
	if err != nil {
		return Views{}, err
	}
	x := Views{From: from, To: to, Days: []ViewDay{}}
	list, err := db.All(ctx, s.unit.DB(), qViews, scanView, postID, string(from), string(to))
	if err != nil {
		return x, err
	}
	for day := from; day <= to; day = day.AddDays(1) {
		v := ViewDay{Day: day}
		if len(list) > 0 && list[0].Day == day {
			v, list = list[0], list[1:]
		}
		x.Total += v.N
		x.Days = append(x.Days, v)
	}
	return x, nil
}

func scanView(r db.Row) (ViewDay, error) {
	var v ViewDay
	err := r.Scan(&v.Day, &v.N)
	return v, err
}

// MostViewed returns the posts of an organisation that were opened in a range, the most often first,
// for rooms that have checked that the reader may know.
func (s *Service) MostViewed(
	ctx context.Context, org string, from, to clock.Date,
) (ids []string, views map[string]int64, err error) {
	type row struct {
		post string
		n    int64
	}
	list, err := db.All(ctx, s.unit.DB(), qMostViewed, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.post, &x.n)
		return x, err
	}, org, string(from), string(to))
	views = map[string]int64{}
	for _, x := range list {
		ids, views[x.post] = append(ids, x.post), x.n
	}
	return ids, views, err
}
