package matching_test

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
)

// invented makes text of n words in Zipf's order out of 60,000, of two and three characters.
func invented(seed uint64, n int) string {
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

func inventedPosts(n int) []market.Post {
	out := make([]market.Post, n)
	for i := range out {
		id := fmt.Sprintf("m%07d", i)
		title, text := invented(uint64(i), 8), invented(uint64(i)+1e9, 90)
		if i%4 == 0 {
			out[i] = need(id, title, text)
		} else {
			out[i] = offer(id, title, text)
		}
		if i%20 == 3 {
			out[i].Visibility = market.Request
		}
	}
	return out
}

// BenchmarkMarket measures the room with the posts that YUNTU_POSTS asks for, 100,000 unless it says
// otherwise: how long the index takes to make and to read back, how soon a new post is found, and how
// long 50 users wait who search at once.
func BenchmarkMarket(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("YUNTU_POSTS"))
	if err != nil {
		n = 100_000
	}
	l := newLab(b, dbtest.SQLite(b))
	for part := range slices.Chunk(inventedPosts(n), 2000) {
		l.put(part...)
	}
	for b.Loop() {
		l.measure(b, n)
	}
}

func (l *lab) measure(b *testing.B, n int) {
	ctx := b.Context()
	took := func(what string, do func() error) {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), what)
		fmt.Fprintln(os.Stderr, what, time.Since(start).Seconds())
	}
	l.s = l.open("")
	took("build-s", func() error { return l.s.Rebuild(ctx) })
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
	s := l.open(l.dir)
	took("rebuild-s", func() error { return s.Rebuild(ctx) })
	took("keep-s", func() error { return s.Keep(ctx) })
	took("restore-s", func() error { l.s = l.open(l.dir); return nil })
	var visible []float64
	for i := range 20 {
		p := offer(fmt.Sprint("new", n, i, b.N), invented(uint64(i)+5e9, 8), invented(uint64(i)+6e9, 90))
		l.put(p)
		start := time.Now()
		l.catchUp()
		visible = append(visible, time.Since(start).Seconds()*1000)
	}
	slices.Sort(visible)
	b.ReportMetric(visible[10], "visible-p50-ms")
	fmt.Fprintln(os.Stderr, "visible ms", visible[10], visible[19])
	b.ReportMetric(visible[19], "visible-max-ms")
	for name, do := range map[string]func(i int) error{
		"search": func(i int) error {
			_, err := l.s.Search(ctx, guest, invented(uint64(i)*7919+3, 1+i%6), market.PostFilter{Live: true}, 1)
			return err
		},
		"match": func(i int) error {
			_, err := l.s.Matches(ctx, guest, fmt.Sprintf("m%07d", i*4%n), 10)
			return err
		},
	} {
		p50, p95 := crowd(b, 50, 10, do)
		b.ReportMetric(p50, name+"-p50-ms")
		fmt.Fprintln(os.Stderr, name, "ms at 50 users", p50, p95)
		b.ReportMetric(p95, name+"-p95-ms")
		alone50, alone95 := crowd(b, 1, 200, do)
		b.ReportMetric(alone50, name+"-alone-p50-ms")
		b.ReportMetric(alone95, name+"-alone-p95-ms")
	}
}

// crowd lets users do the same at once, each some times, and returns what half and 95 of 100 waited
// at most, in milliseconds. Between two searches a user thinks for a second, as far as that goes.
func crowd(b *testing.B, users, times int, do func(i int) error) (p50, p95 float64) {
	var mu sync.Mutex
	var waits []float64
	var all sync.WaitGroup
	for u := range users {
		all.Go(func() {
			for i := range times {
				start := time.Now()
				if err := do(u*times + i); err != nil {
					b.Error(err)
				}
				wait := time.Since(start)
				mu.Lock()
				waits = append(waits, wait.Seconds()*1000)
				mu.Unlock()
				if users > 1 {
					time.Sleep(time.Second - min(wait, time.Second))
				}
			}
		})
	}
	all.Wait()
	slices.Sort(waits)
	return waits[len(waits)/2], waits[len(waits)*95/100]
}
