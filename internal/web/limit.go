package web

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Bounds of the limiter's memory: callers beyond maxCallers share one bucket until old ones are
// swept away.
const (
	maxCallers = 20_000
	forgetIdle = 10 * time.Minute
)

// limiter lets each caller make so many requests a second, with bursts.
type limiter struct {
	limits Limits
	clock  clock.Clock

	mu      sync.Mutex
	callers map[string]*caller
	swept   time.Time
}

type caller struct {
	bucket *rate.Limiter
	seen   time.Time
}

func newLimiter(l Limits, c clock.Clock) *limiter {
	return &limiter{limits: l, clock: c, callers: map[string]*caller{}, swept: c.Now()}
}

// allow takes one request from the caller's bucket.
func (l *limiter) allow(key string) bool {
	if l.limits.PerSecond <= 0 {
		return true
	}
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > forgetIdle {
		for k, c := range l.callers {
			if now.Sub(c.seen) > forgetIdle {
				delete(l.callers, k)
			}
		}
		l.swept = now
	}
	c, ok := l.callers[key]
	if !ok {
		if len(l.callers) >= maxCallers {
			key = ""
			c = l.callers[key]
		}
		if c == nil {
			c = &caller{bucket: rate.NewLimiter(rate.Limit(l.limits.PerSecond), l.limits.Burst)}
			l.callers[key] = c
		}
	}
	c.seen = now
	return c.bucket.AllowN(now, 1)
}

// limit answers 429 to a caller who asks too often. Accounts count by account, visitors by
// address; assets do not count.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bare(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		key := "address " + Address(r)
		if a := Actor(r); a.Account != "" {
			key = "account " + a.Account
		}
		if !s.limiter.allow(key) {
			w.Header().Set("Retry-After", "2")
			s.failWith(w, r, http.StatusTooManyRequests, nil)
			return
		}
		next.ServeHTTP(w, r)
	})
}
