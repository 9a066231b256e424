package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
)

// Postgres returns a fresh migrated PostgreSQL database, dropped at the test's end. It skips the
// test when there is no server to be had, and fails it when CI=true. For a benchmark, commits on it
// are durable.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	serve := testServer
	if _, ok := t.(*testing.B); ok {
		serve = benchServer
	}
	s, err := serve()
	if maySkip(err, os.Getenv("CI")) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "yuntu_" + strings.ToLower(rand.Text()[:12])
	err = s.admin(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+s.template+s.strategy)
	if err != nil {
		t.Fatalf("clone PostgreSQL test database: %v", err)
	}
	t.Cleanup(func() {
		// FORCE, because a test may leave a connection behind; the test's context is over.
		err := s.admin(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		if err != nil {
			t.Errorf("drop PostgreSQL test database: %v", err)
		}
	})
	return open(t, s.url(name))
}

// maySkip says whether a machine without PostgreSQL is allowed to leave the test out.
func maySkip(err error, ci string) bool {
	return errors.Is(err, cluster.ErrNotInstalled) && ci != "true"
}

// server is a PostgreSQL server with a template database of the present schema on it.
type server struct {
	base     *url.URL
	admins   *sql.DB // for statements about databases, which belong to none of them
	template string
	strategy string // how to copy it
}

// adminLimit bounds a CREATE or DROP DATABASE; both may wait for a checkpoint.
const adminLimit = time.Minute

// testServer and benchServer are the servers of this process; only the latter makes commits
// durable. They are the same one when YUNTU_TEST_POSTGRES names it. Servers that are started here
// end with the process: see cluster.
var (
	testServer  = sync.OnceValues(func() (*server, error) { return connect(cluster.Options{}) })
	benchServer = sync.OnceValues(func() (*server, error) {
		return connect(cluster.Options{Durable: true})
	})
)

func connect(o cluster.Options) (*server, error) {
	ctx := context.Background()
	address := os.Getenv("YUNTU_TEST_POSTGRES")
	if address == "" {
		c, err := cluster.Start(ctx, o)
		if err != nil {
			return nil, err
		}
		address = c.URL("postgres")
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("YUNTU_TEST_POSTGRES is not an address") // it may hold a password
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("YUNTU_TEST_POSTGRES is not an address")
	}
	s := &server{base: base, admins: stdlib.OpenDB(*config)}
	return s, s.makeTemplate(ctx)
}

func (s *server) url(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

// admin runs a statement that cannot run in a transaction. Its connection is kept for the next one: making one
// takes half as long as making a database.
func (s *server) admin(ctx context.Context, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, adminLimit)
	defer cancel()
	if _, err := s.admins.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func execAll(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	for _, text := range statements {
		if _, err := conn.Exec(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// makeTemplate makes the database that tests clone, unless another process did. Its name carries
// the checksum of the migrations, so a changed migration gets a new one. A template under its final
// name is always complete: it is renamed last.
func (s *server) makeTemplate(ctx context.Context) error {
	sum, err := schemaSum(db.Postgres)
	if err != nil {
		return err
	}
	s.template = "yuntu_template_" + sum
	ctx, cancel := context.WithTimeout(ctx, 2*adminLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // gives the lock back
	var version int
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version)
	if err != nil {
		return err
	}
	if version >= 150000 { // before, there was no other
		s.strategy = " STRATEGY file_copy" // two thirds of the work of the usual one, which logs each page
	}
	const lockNumber = 20261122
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lockNumber); err != nil {
		return err
	}
	var have bool
	err = conn.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_database WHERE datname = $1",
		s.template).Scan(&have)
	if err != nil || have {
		return err
	}
	draft := s.template + "_draft"
	err = execAll(ctx, conn, "DROP DATABASE IF EXISTS "+draft+" WITH (FORCE)",
		"CREATE DATABASE "+draft+" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
	if err != nil {
		return err
	}
	if err := migrate(s.url(draft)); err != nil {
		return err
	}
	return execAll(ctx, conn, "ALTER DATABASE "+draft+" RENAME TO "+s.template)
}

// schemaSum returns a short checksum over the migrations of a kind of database.
func schemaSum(kind db.Dialect) (string, error) {
	all, err := db.Migrations(kind)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, m := range all {
		fmt.Fprintln(h, m.Number, m.Name, m.Checksum)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// migrate brings the database at an address to the present schema and closes it again.
func migrate(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{URL: address, Readers: 1, Writers: 1})
	if err != nil {
		return err
	}
	if _, err := d.Migrate(ctx); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}
