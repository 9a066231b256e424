// Package apptest opens the whole house in tests: one database, every room, both doors.
package apptest

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// Config returns the settings of a house in a folder of the test, with limits that no test meets.
func Config(t testing.TB) config.Config {
	t.Helper()
	c := config.Default()
	c.Data.Dir = dbtest.Dir(t)
	c.Session.AdminsByCode = false
	c.Limit.RequestsPerSecond, c.Limit.Burst = 100_000, 100_000
	c.Backup.At = ""
	return c
}

// Open opens a house over a new SQLite database.
func Open(t testing.TB) *app.App {
	t.Helper()
	return OpenConfig(t, Config(t))
}

// OpenOn opens a house over a database of package dbtest. The house has its own connections.
func OpenOn(t testing.TB, d *db.DB) *app.App {
	t.Helper()
	c := Config(t)
	c.Database.URL = d.URL()
	return OpenConfig(t, c)
}

// OpenConfig opens a house by its settings.
func OpenConfig(t testing.TB, c config.Config) *app.App {
	t.Helper()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if file := filepath.Join(c.Data.Dir, "yuntu.db"); c.Database.URL == "" && c.Database.URLFile == "" && !exists(file) {
		dbtest.SQLiteFile(t, file)
	}
	cheap := app.WithPasswordCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1})
	a, err := app.Open(context.Background(), c, slog.New(slog.NewTextHandler(io.Discard, nil)), cheap)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("close the house: %v", err)
		}
	})
	if err := a.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Serve serves the pages and the API of a house and returns the address.
func Serve(t testing.TB, a *app.App) string {
	t.Helper()
	s := httptest.NewServer(a.Web.Handler())
	t.Cleanup(s.Close)
	return s.URL
}
