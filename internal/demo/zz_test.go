package demo_test

import (
	"testing"
	"time"
	"runtime/pprof"
	"os"
	"syscall"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/market"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestZZ(t *testing.T) {
	a := apptest.Open(t)
	f, _ := os.Create("/tmp/city/grow.prof")
	c0, t0 := cpu(), time.Now()
	c, err := demo.Begin(t.Context(), a, demo.Options{Seed: demo.Seed, Volume: demo.Whole()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("begin", time.Since(t0), cpu()-c0)
	pprof.StartCPUProfile(f)
	t0, c0 = time.Now(), cpu()
	last := t0
	lc := c0
	n := 0
	err = c.Grow(t.Context(), func(done, total int) {
		if done-n >= 1000 {
			t.Log(done, total, time.Since(last), cpu()-lc)
			last, lc, n = time.Now(), cpu(), done
		}
	})
	pprof.StopCPUProfile()
	t.Log("grow", time.Since(t0), cpu()-c0)
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.Market.CountPosts(t.Context(), officer, market.PostFilter{})
	t.Log(all, err)
}
