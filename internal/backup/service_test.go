package backup_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRestored = db.Stmt(`SELECT COUNT(*) FROM audit_entry WHERE what = 'restore'`)

var qMade = db.Stmt(`SELECT COUNT(*) FROM audit_entry
	WHERE kind = 'system.backup' AND what = 'create'`)

// The administrator orders a backup once, the nightly job makes others, and the oldest go.
func TestService(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		h := newHouse(t, d)
		h.attach(t, "first file content")
		clk := h.u.Clock().(*clock.Fake)
		desk := job.NewDesk(h.u)
		jobs := job.NewRunner(h.u, desk, job.Options{})
		s := backup.NewService(h.u, h.store, jobs, backup.Options{
			Dir: filepath.Join(folder(t), "b"), Keep: 2, At: "02:30", Program: "test"})
		officer := authz.Actor{Account: "o", Role: authz.Officer, Via: authz.ViaSession}
		if _, err := s.Create(t.Context(), officer); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an officer makes a backup: %v", err)
		}
		if _, err := s.List(t.Context(), officer); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an officer lists backups: %v", err)
		}
		for day := range 3 {
			first, err := s.Create(t.Context(), anna)
			if err != nil {
				t.Fatal(err)
			}
			second, err := s.Create(t.Context(), anna)
			if err != nil || first != second {
				t.Errorf("ordered twice: %q %q %v", first, second, err)
			}
			if n, err := jobs.RunDue(t.Context()); n != 1 || err != nil {
				t.Fatalf("day %d: %d jobs, %v", day, n, err)
			}
			j, err := desk.Get(t.Context(), anna, first)
			if err != nil || j.State != job.Done {
				t.Fatalf("job %s: %s %v", j.State, j.ErrorDetail, err)
			}
			var made backup.Made
			if err := json.Unmarshal(j.Result, &made); err != nil || made.Files != 1 || made.Rows == 0 {
				t.Errorf("result %s: %v", j.Result, err)
			}
			clk.Advance(24 * time.Hour)
		}
		list, err := s.List(t.Context(), anna)
		if err != nil || len(list) != 2 || !list[0].Good {
			t.Errorf("backups %+v, %v", list, err)
		}
		if n := countIn(t, d, qMade); n != 3 {
			t.Errorf("the trail names %d backups", n)
		}
	})
}

// The trail of a restored database says so.
func TestRestored(t *testing.T) {
	t.Parallel()
	file, m := newHouse(t, dbtest.SQLite(t)).make(t)
	d := dbtest.SQLite(t)
	if _, err := backup.Restore(t.Context(), file, backup.Target{DB: d,
		BlobDir: filepath.Join(folder(t), "f")}); err != nil {
		t.Fatal(err)
	}
	u := unit.New(d, clock.NewFake(dbtest.Start), unit.Options{})
	if err := backup.Restored(t.Context(), u, anna, file, m); err != nil {
		t.Fatal(err)
	}
	n := countIn(t, d, qRestored)
	if n != 1 {
		t.Errorf("%d entries", n)
	}
}
