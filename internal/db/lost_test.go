package db_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// wire is a relay between the program and PostgreSQL that can be cut.
type wire struct {
	deaf atomic.Bool // answers no longer arrive; the next one cuts the connection
}

// relay returns the address of d's database over a new wire.
func relay(t *testing.T, d *db.DB) (*wire, string) {
	t.Helper()
	cfg, err := pgx.ParseConfig(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	network, address := pgconn.NetworkAddress(cfg.Host, cfg.Port)
	dir, err := os.MkdirTemp("", "wire") // a short path: that of a socket is limited
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	w := &wire{}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, address)
			if err != nil {
				near.Close()
				return
			}
			go func() { io.Copy(far, near); far.Close() }()
			go w.answers(near, far)
		}
	}()
	u := url.URL{Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Path: "/" + cfg.Database,
		RawQuery: "sslmode=disable&host=" + url.QueryEscape(dir)}
	return w, u.String()
}

func (w *wire) answers(near, far net.Conn) {
	defer near.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := far.Read(buf)
		if err != nil || w.deaf.Load() {
			return
		}
		if _, err := near.Write(buf[:n]); err != nil {
			return
		}
	}
}

// When the connection breaks after COMMIT was sent, the write may be stored, and the error says so.
// When it breaks earlier, nothing is. The next write gets a new connection.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	direct := dbtest.Postgres(t)
	emptyLab(t, direct)
	w, url := relay(t, direct)
	d := reopen(t, url)
	ctx := t.Context()

	err := d.Write(ctx, func(tx *db.Tx) error {
		if err := add(ctx, tx, "before"); err != nil {
			return err
		}
		w.deaf.Store(true)
		return add(ctx, tx, "cut")
	})
	if !fault.Is(err, fault.Unavailable) || errors.Is(err, db.ErrUnsure) {
		t.Errorf("cut before the commit: %v", err)
	}
	wantLabs(t, direct)

	w.deaf.Store(false)
	err = d.Write(ctx, func(tx *db.Tx) error { // so that all texts are known to the connection
		tx.Last(qLabAdd, "z", "", 1, true)
		tx.Last(qLabDel, "z")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} { // with and without a statement before the last ones
		err = d.Write(ctx, func(tx *db.Tx) error {
			tx.Last(qLabAdd, "last "+id, "", 1, true)
			if id == "a" {
				if err := add(ctx, tx, id); err != nil {
					return err
				}
			}
			w.deaf.Store(true)
			return nil
		})
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, db.ErrUnsure) {
			t.Errorf("cut after the commit: %v", err)
		}
		w.deaf.Store(false)
		err = d.Write(ctx, func(tx *db.Tx) error {
			tx.Last(qLabAdd, "then "+id, "", 1, true)
			return nil
		})
		if err != nil {
			t.Errorf("next write: %v", err)
		}
	}
	wantLabs(t, direct, "a", "last a", "last b", "then a", "then b")
}

var qKill = db.StmtFor(db.SQL{Postgres: `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid()`})

// A server that was restarted while the program was idle is not noticed by anybody who writes.
func TestIdleConnectionsDied(t *testing.T) {
	t.Parallel()
	direct := dbtest.Postgres(t)
	emptyLab(t, direct)
	d := reopen(t, direct.URL())
	ctx := t.Context()
	for range 5 {
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qLabClear)
			return err
		})
		if _, err := db.Get(ctx, direct, qKill, db.One[int64]); err != nil {
			t.Fatal(err)
		}
		for _, query := range []bool{true, false} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if query {
					_, err := db.All(ctx, tx, qLabAll, scanLab)
					return err
				}
				return add(ctx, tx, "a")
			})
			if err != nil {
				t.Errorf("first write after it: %v", err)
			}
		}
	}
}
