package app_test

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
)

// A missing key file is made anew only while nothing was encrypted. Afterwards the house does not start
// without it, leaves the place free for the old file, and reads everything once that is back.
func TestMissingKeyIsNotReplaced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, log := apptest.Config(t), slog.New(slog.NewTextHandler(io.Discard, nil))
		c.Database.URL = d.URL()
		file := filepath.Join(c.Data.Dir, app.KeyFile)
		officer := authz.Actor{Account: "o", Role: authz.Officer, Via: authz.ViaSession}
		open := func() *app.App {
			t.Helper()
			a, err := app.Open(t.Context(), c, log)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		end := func(a *app.App) {
			t.Helper()
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
		}
		end(open())
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		a := open()
		p, err := a.Party.CreatePerson(t.Context(), officer, party.NewPerson{PersonData: party.PersonData{
			Name: "样某", Email: "yang@example.cn"}})
		if err != nil {
			t.Fatal(err)
		}
		end(a)
		if err := os.Rename(file, file+".old"); err != nil {
			t.Fatal(err)
		}
		if a, err := app.Open(t.Context(), c, log); err == nil {
			end(a)
			t.Fatal("it starts with another key")
		} else if !strings.Contains(err.Error(), "put the file back") {
			t.Errorf("it does not say what to do: %v", err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("the place of the key is taken")
		}
		if err := os.Rename(file+".old", file); err != nil {
			t.Fatal(err)
		}
		a = open()
		defer end(a)
		if got, err := a.Party.RevealPerson(t.Context(), officer, p.ID, "email"); got != "yang@example.cn" || err != nil {
			t.Errorf("read as %q, %v", got, err)
		}
	})
}

// Another key than that of the database does not start the house; the right one does, on a second server too.
func TestWrongKeyIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, log := apptest.Config(t), slog.New(slog.NewTextHandler(io.Discard, nil))
		c.Database.URL = d.URL()
		start := func() error {
			t.Helper()
			a, err := app.Open(t.Context(), c, log)
			if err != nil {
				return err
			}
			return a.Close()
		}
		if err := start(); err != nil {
			t.Fatal(err)
		}
		right, err := os.ReadFile(filepath.Join(c.Data.Dir, app.KeyFile))
		if err != nil {
			t.Fatal(err)
		}
		c.Data.Dir = t.TempDir() // of a second server
		for _, x := range []struct {
			name, key string
			starts    bool
		}{
			{"other", strings.Repeat("5c", 32), false},
			{"copied", string(right), true},
		} {
			if err := os.WriteFile(filepath.Join(c.Data.Dir, app.KeyFile), []byte(x.key), 0o600); err != nil {
				t.Fatal(err)
			}
			err := start()
			if x.starts && err != nil || !x.starts && (err == nil || !strings.Contains(err.Error(), "put the right file")) {
				t.Errorf("%s: %v", x.name, err)
			}
		}
	})
}
