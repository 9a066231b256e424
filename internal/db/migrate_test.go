package db_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// empty returns the address of a new database without any table. On PostgreSQL it is made with the
// given options, and the test is skipped when the server does not know them.
func empty(t *testing.T, d db.Dialect, options string) string {
	t.Helper()
	if d == db.SQLite {
		return "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	}
	server := dbtest.Postgres(t).URL()
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	name := conn.Config().Database + "_empty"
	_, err = conn.Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 "+options)
	if err != nil {
		conn.Close(t.Context())
		if options == plain {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() {
		conn.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		conn.Close(context.Background())
	})
	return strings.Replace(server, conn.Config().Database, name, 1)
}

const plain = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"

// emptyDB opens an empty database.
func emptyDB(t *testing.T, d db.Dialect) *db.DB {
	t.Helper()
	return reopen(t, empty(t, d, plain))
}

func reopen(t *testing.T, url string) *db.DB {
	t.Helper()
	x, err := db.Open(t.Context(), db.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func eachDialect(t *testing.T, fn func(t *testing.T, d db.Dialect)) {
	for _, d := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(d.String(), func(t *testing.T) { fn(t, d) })
	}
}

var qColumns = db.StmtFor(db.SQL{
	SQLite: `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1`,
	Postgres: `SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
		FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1`,
})

var qIndexes = db.StmtFor(db.SQL{
	SQLite: `SELECT m.name || ' on ' || m.tbl_name || CASE WHEN l."unique" = 1 THEN ' unique' ELSE '' END
		|| ' (' || (SELECT GROUP_CONCAT(name, ', ') FROM pragma_index_info(m.name)) || ')'
		|| CASE WHEN l.partial = 1 THEN ' partial' ELSE '' END
		FROM sqlite_master m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name
		WHERE m.type = 'index' AND m.sql IS NOT NULL ORDER BY 1`,
	Postgres: `SELECT i.relname || ' on ' || t.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
		|| ' (' || (SELECT STRING_AGG(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
			WHERE a.attrelid = i.oid) || ')'
		|| CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
		WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid) ORDER BY 1`,
})

// schema describes tables, columns and indexes.
func schema(t *testing.T, d *db.DB) string {
	t.Helper()
	tables, err := db.Tables(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "%s key %v\n", table.Name, table.Key)
		for _, c := range table.Columns {
			fmt.Fprintf(&b, "\t%s %s\n", c.Name, c.Type)
		}
	}
	for _, s := range []*db.Statement{qColumns, qIndexes} {
		lines, err := db.All(t.Context(), d, s, db.One[string])
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

// Both databases have the same tables, columns, keys and indexes.
func TestSameSchemaOnBoth(t *testing.T) {
	t.Parallel()
	lite, pg := dbtest.SQLite(t), dbtest.Postgres(t)
	if diff := cmp.Diff(schema(t, lite), schema(t, pg)); diff != "" {
		t.Errorf("sqlite (-) and postgres (+) differ:\n%s", diff)
	}
	a, err := db.Migrations(db.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	b, err := db.Migrations(db.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	names := func(all []db.Migration) (out []string) {
		for _, m := range all {
			out = append(out, fmt.Sprintf("%04d_%s", m.Number, m.Name))
		}
		return out
	}
	if diff := cmp.Diff(names(a), names(b)); diff != "" {
		t.Errorf("a migration has only one half:\n%s", diff)
	}
}

// A database that was made long ago and got the later steps afterwards is the one a new start makes.
func TestFreshIsUpgraded(t *testing.T) {
	eachDialect(t, func(t *testing.T, dialect db.Dialect) {
		t.Parallel()
		all, err := db.Migrations(dialect)
		if err != nil {
			t.Fatal(err)
		}
		fresh := dbtest.SQLite
		if dialect == db.Postgres {
			fresh = dbtest.Postgres
		}
		want := schema(t, fresh(t))
		for _, n := range []int{1, len(all) - 3} {
			url := empty(t, dialect, plain)
			old := reopen(t, url)
			if got, err := db.MigrateWith(t.Context(), old, all[:n]); err != nil || got != n {
				t.Fatalf("first %d steps: %d, %v", n, got, err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			d := reopen(t, url)
			got, err := d.Migrate(t.Context())
			if err != nil || got != len(all)-n {
				t.Fatalf("the other %d steps: %d, %v", len(all)-n, got, err)
			}
			if diff := cmp.Diff(want, schema(t, d)); diff != "" {
				t.Errorf("fresh (-) and upgraded after %d (+) differ:\n%s", n, diff)
			}
			if got, err := d.Migrate(t.Context()); err != nil || got != 0 {
				t.Errorf("again: %d steps, %v", got, err)
			}
		}
	})
}

func steps(t *testing.T, d db.Dialect, files map[string]string) []db.Migration {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := db.ReadMigrations(m, d)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A step that was edited after it was applied, and one of a newer program, stop the start.
func TestMigrateRefuses(t *testing.T) {
	eachDialect(t, func(t *testing.T, dialect db.Dialect) {
		t.Parallel()
		d := emptyDB(t, dialect)
		files := map[string]string{
			"0001_one.sql": "CREATE TABLE one (a TEXT PRIMARY KEY)",
			"0002_two.sql": "CREATE TABLE two (a TEXT PRIMARY KEY)",
		}
		if _, err := db.MigrateWith(t.Context(), d, steps(t, dialect, files)); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct{ file, text, want string }{
			{"0002_two.sql", "CREATE TABLE two (a TEXT PRIMARY KEY) ", "0002_two was changed"},
			{"0002_two.sql", "", "newer version"},
			{"0003_three.sql", "CREATE TABLE three (a TEXT PRIMARY KEY); CREATE TABLE one (b TEXT)", "0003_three"},
			{"0003_three.sql", "CREATE TABLE three (a TEXT PRIMARY KEY); SELEC 1", "SELEC 1"},
		} {
			changed := map[string]string{}
			for name, text := range files {
				changed[name] = text
			}
			changed[tc.file] = tc.text
			if tc.text == "" {
				delete(changed, tc.file)
			}
			_, err := db.MigrateWith(t.Context(), d, steps(t, dialect, changed))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s %q: %v", tc.file, tc.text, err)
			}
		}
		tables, err := db.Tables(t.Context(), d) // the half of step three was undone
		if err != nil || len(tables) != 2 {
			t.Errorf("%v, %v", tables, err)
		}
	})
}

func TestMigrationFiles(t *testing.T) {
	for want, names := range map[string][]string{
		"has no number":     {"0001_a.sql", "readme.sql"},
		"is used twice":     {"0001_a.sql", "0001_b.sql"},
		"has no number and": {"0001_a.mysql.sql"},
	} {
		m := fstest.MapFS{}
		for _, name := range names {
			m[name] = &fstest.MapFile{Data: []byte("SELECT 1")}
		}
		if _, err := db.ReadMigrations(m, db.SQLite); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", names, err)
		}
	}
	m := fstest.MapFS{"0001_a.sqlite.sql": {Data: []byte("lite")}, "0001_a.postgres.sql": {Data: []byte("pg")}}
	lite, err := db.ReadMigrations(m, db.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	pg, err := db.ReadMigrations(m, db.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	if len(lite) != 1 || len(pg) != 1 || lite[0].Checksum == pg[0].Checksum {
		t.Errorf("%v %v", lite, pg)
	}
}

// A new file is turned to the write-ahead log by who comes first; the others wait for that.
func TestConcurrentOpen(t *testing.T) {
	for range 100 {
		url := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				d, err := db.Open(t.Context(), db.Options{URL: url})
				if err != nil {
					t.Error(err)
					return
				}
				d.Close()
			})
		}
		wg.Wait()
	}
}

// Several processes that start at once on a new database do each step once, and all go on.
func TestConcurrentStart(t *testing.T) {
	eachDialect(t, func(t *testing.T, dialect db.Dialect) {
		t.Parallel()
		url := empty(t, dialect, plain)
		all, err := db.Migrations(dialect)
		if err != nil {
			t.Fatal(err)
		}
		var done atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				d, err := db.Open(t.Context(), db.Options{URL: url})
				if err != nil {
					t.Error(err)
					return
				}
				defer d.Close()
				n, err := d.Migrate(t.Context())
				if err != nil {
					t.Error(err)
				}
				done.Add(int64(n))
			})
		}
		wg.Wait()
		if done.Load() < int64(len(all)) {
			t.Errorf("%d steps were done, want at least %d", done.Load(), len(all))
		}
		d := reopen(t, url)
		if missing, err := d.Pending(t.Context()); err != nil || len(missing) != 0 {
			t.Errorf("%d missing, %v", len(missing), err)
		}
	})
}

// Text must compare by bytes: else cursors skip rows, and the two databases list in two orders.
func TestTextMustCompareByBytes(t *testing.T) {
	for name, options := range map[string]string{
		"icu":   "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'und' LC_COLLATE 'C' LC_CTYPE 'C'",
		"bytes": "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
	} {
		t.Run(name, func(t *testing.T) {
			d := reopen(t, empty(t, db.Postgres, options))
			_, err := d.Migrate(t.Context())
			if err == nil || !strings.Contains(err.Error(), "does not compare text") {
				t.Errorf("migrated with %v", err)
			}
		})
	}
}
