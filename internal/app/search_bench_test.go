package app_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/db"
)

var qBenchPost = db.Stmt(`INSERT INTO market_post (id, kind, code, title, text, org, org_now, org_name,
		region, field, chain, six_new, sort, price_lo_fen, price_hi_fen, trl, deadline, visibility,
		broker, detail, state, published_us, confirmed_us, fresh_us, source, created_us,
		created_by, updated_us, version)
	VALUES ($1, $2, $1, $3, $4, $5, $5, $5, '140105', '05', '', '', '', 0, 0, 6, '', $6, '', '{}',
		'published', $7, $7, $7, 'demo', $7, 'a0', $7, 1)`)

// inventedText makes text of n words in Zipf's order out of 60,000, of two and three characters.
func inventedText(seed uint64, n int) string {
	x := seed*0x9e3779b97f4a7c15 + 1
	next := func() float64 {
		x = x*6364136223846793005 + 1442695040888963407
		return float64(x>>40) / (1 << 24)
	}
	var out strings.Builder
	for i := range n {
		w := int(math.Exp(next() * math.Log(60_000)))
		out.WriteRune(rune(0x4e00 + w%4999))
		out.WriteRune(rune(0x4e00 + w*31%4999))
		if w%3 == 0 {
			out.WriteRune(rune(0x4e00 + w*17%4999))
		}
		if i%12 == 11 {
			out.WriteString("，")
		}
	}
	return out.String()
}

// BenchmarkSearchPage measures the page of what a search of words finds, as a visitor gets it: 50 users
// who search at the same time and think for a second between two searches, and one alone. YUNTU_POSTS
// says how many posts the market has, 100,000 unless it does.
func BenchmarkSearchPage(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("YUNTU_POSTS"))
	if err != nil {
		n = 100_000
	}
	a := apptest.Open(b)
	err = a.DB.Write(b.Context(), func(tx *db.Tx) error {
		for part := range slices.Chunk(benchPosts(n), 200) {
			if _, err := db.InsertMany(b.Context(), tx, qBenchPost, part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := a.Matching.Rebuild(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(start).Seconds(), "index-s")
	h := a.Web.Handler()
	get := func(i int) {
		q := url.Values{"q": {inventedText(uint64(i)*7919+3, 1+i%6)}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/market?"+q.Encode(), nil))
		if w.Code != http.StatusOK {
			b.Errorf("search page: %d", w.Code)
		}
	}
	get(0)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		get(i)
	}
	b.StopTimer()
	p50, p95 := users(50, 10, get)
	b.ReportMetric(p50, "p50-ms")
	b.ReportMetric(p95, "p95-ms")
}

func benchPosts(n int) [][]any {
	out := make([][]any, n)
	for i := range out {
		kind, visibility := "achievement", "open"
		if i%4 == 0 {
			kind = "need"
		}
		if i%20 == 3 {
			visibility = "request"
		}
		out[i] = []any{fmt.Sprintf("m%07d", i), kind, inventedText(uint64(i), 8), inventedText(uint64(i)+1e9, 90),
			fmt.Sprintf("org-%d", i%500), visibility, int64(i + 1)}
	}
	return out
}

// users lets so many do the same at once, each some times and a second after the last, and returns
// what half and 95 of 100 waited at most, in milliseconds.
func users(n, times int, do func(i int)) (p50, p95 float64) {
	var mu sync.Mutex
	var waits []float64
	var all sync.WaitGroup
	for u := range n {
		all.Go(func() {
			time.Sleep(time.Duration(u) * time.Second / time.Duration(n))
			for i := range times {
				start := time.Now()
				do(u*times + i)
				wait := time.Since(start)
				mu.Lock()
				waits = append(waits, wait.Seconds()*1000)
				mu.Unlock()
				time.Sleep(time.Second - min(wait, time.Second))
			}
		})
	}
	all.Wait()
	slices.Sort(waits)
	return waits[len(waits)/2], waits[len(waits)*95/100]
}
