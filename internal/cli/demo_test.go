package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestNextTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, at, want string }{
		{"2026-11-29 02:59:59", "03:00", "2026-11-29 03:00:00"},
		{"2026-11-29 03:00:00", "03:00", "2026-11-30 03:00:00"},
		{"2026-12-31 23:30:00", "00:10", "2027-01-01 00:10:00"},
		{"2026-11-29 00:30:00", "23:59", "2026-11-29 23:59:00"},
	} {
		now, err := time.ParseInLocation(time.DateTime, c.now, clock.Shanghai)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextTime(now.UTC(), c.at).In(clock.Shanghai).Format(time.DateTime); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.at, c.now, got, c.want)
		}
	}
}

// opened opens the demonstration in a folder and does something with it.
func opened(t *testing.T, cfg config.Config, do func(*app.App)) {
	t.Helper()
	a, err := app.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	do(a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// At its time of the day a fresh demonstration is made beside the present one, in spite of what a night
// that failed left there, and takes its place: what people changed is gone, the log-ins open it, and
// the folder is one that a next start takes for complete.
func TestDemoReset(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := &call{ctx: t.Context(), out: &out, err: &out}
	dir := filepath.Join(t.TempDir(), "data")
	f := demoFlags{city: demo.Changzhi, size: sizeSmall, seed: 1, reset: "03:00", empty: true}
	cfg, err := c.demoConfig(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if ready, err := demoFolder(dir); ready || err != nil {
		t.Fatalf("a new folder: %v, %v", ready, err)
	}
	admin := authz.Actor{Login: "sysadmin", Role: authz.SysAdmin, Via: authz.ViaCLI}
	opened(t, cfg, func(a *app.App) {
		if err := c.demoFill(a, f, dir); err != nil {
			t.Fatal(err)
		}
		set := a.Site.Current()
		set.Organiser = "被改过的名称"
		if _, err := a.Site.UpdateSettings(t.Context(), admin, set); err != nil {
			t.Fatal(err)
		}
	})
	if err := os.MkdirAll(filepath.Join(nextDir(dir), "blobs"), 0o700); err != nil { // of last night
		t.Fatal(err)
	}
	night := time.Date(2026, 11, 29, 2, 59, 59, int(980*time.Millisecond), clock.Shanghai)
	if !c.demoRenew(t.Context(), f, cfg, clock.NewFake(night)) {
		t.Fatalf("no fresh demonstration: %s", &out)
	}
	if mark, err := os.ReadFile(filepath.Join(dir, demoMark)); err != nil || string(mark) != demoReady {
		t.Errorf("the present one was touched before the swap: %q, %v", mark, err)
	}
	if err := swapDemo(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(nextDir(dir)); !os.IsNotExist(err) {
		t.Errorf("the folder beside is still there: %v", err)
	}
	if ready, err := demoFolder(dir); !ready || err != nil {
		t.Errorf("the next start would not take it: %v, %v", ready, err)
	}
	opened(t, cfg, func(a *app.App) { isFresh(t, a) })
}

func isFresh(t *testing.T, a *app.App) {
	t.Helper()
	set := a.Site.Current()
	if strings.Contains(set.Organiser, "改过") || !strings.Contains(set.Name, "长治") {
		t.Errorf("settings %+v", set)
	}
	l := demo.EmptyLogins(demo.Changzhi)[0]
	_, err := a.Identity.Login(t.Context(), authz.Actor{Via: authz.ViaSession},
		identity.LoginInput{Login: l.Login, Password: demo.Password})
	if err != nil {
		t.Errorf("%s cannot log in: %v", l.Login, err)
	}
}

// Nothing is made when the server is told to stop before the time comes.
func TestDemoResetStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c := &call{ctx: ctx, out: io.Discard, err: io.Discard}
	cfg := config.Default()
	cfg.Data.Dir = filepath.Join(t.TempDir(), "data")
	if c.demoRenew(ctx, demoFlags{reset: "03:00"}, cfg, clock.NewFake(time.Now())) {
		t.Error("a demonstration is ready although nobody waited for it")
	}
	if _, err := os.Stat(nextDir(cfg.Data.Dir)); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
}
