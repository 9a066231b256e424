package bench

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/test/score"
)

// cityEnv names a folder in which the demonstration city is kept between runs; without it each run
// makes its own.
const cityEnv = "BENCH_CITY"

// makeCity fills a new folder with the whole demonstration city.
func makeCity(ctx context.Context, dir string, v demo.Volume) error {
	cfg := config.Default()
	cfg.Data.Dir, cfg.Backup.At = dir, ""
	a, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return err
	}
	return errors.Join(demo.Fill(ctx, a, demo.Options{Seed: demo.Seed, Volume: v}, nil), a.Close())
}

// volume is that of the whole city; -short makes it a small part.
func volume() demo.Volume {
	if testing.Short() {
		return demo.Volume{Orgs: 500, People: 60, Brokers: 4, Needs: 80, Results: 300, Deals: 8}
	}
	return demo.Whole()
}

// city is the folder of the demonstration city, made when it is not there.
func city(b *testing.B) string {
	b.Helper()
	dir := os.Getenv(cityEnv)
	if dir == "" {
		dir = filepath.Join(b.TempDir(), "city")
	}
	if _, err := os.Stat(filepath.Join(dir, "yuntu.db")); err == nil {
		return dir
	}
	if err := makeCity(b.Context(), dir, volume()); err != nil {
		b.Fatal(err)
	}
	return dir
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCity makes the demonstration city in a new SQLite database. Figure to reach: 30 s on two
// processors. On a machine that is shared cpu-s says what the clock would.
func BenchmarkCity(b *testing.B) {
	n := 0
	before := used(b)
	for b.Loop() {
		n++
		if err := makeCity(b.Context(), filepath.Join(b.TempDir(), "city"), volume()); err != nil {
			b.Fatal(err)
		}
	}
	each := (used(b) - before).Seconds() / float64(n)
	b.ReportMetric(each, "cpu-s/city")
	score.Record(b, score.Result{Name: "city-cpu", Subject: "Demonstration city", What: "processor time to make it, SQLite",
		Unit: "s", Value: each, Wanted: 30, AtMost: true, Command: "go test -run '^$' -bench City -benchtime 1x ./test/bench"})
}
