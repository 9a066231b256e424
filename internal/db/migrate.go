package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migration is one numbered step of the schema. Steps only go forward.
type Migration struct {
	Number   int
	Name     string
	Checksum string // SHA-256 of the text, hex
	text     string
}

var migrationName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)(\.sqlite|\.postgres)?\.sql$`)

// Migrations returns the steps for a dialect in order.
func Migrations(d Dialect) ([]Migration, error) {
	return readMigrations(migrationFiles, "migrations", d)
}

func readMigrations(files fs.FS, dir string, d Dialect) ([]Migration, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var out []Migration
	for _, e := range entries {
		m := migrationName.FindStringSubmatch(e.Name())
		if m == nil {
			return nil, fmt.Errorf("migration file %s has no number and name", e.Name())
		}
		if m[3] != "" && m[3] != "."+d.String() {
			continue
		}
		text, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", e.Name(), err)
		}
		n, _ := strconv.Atoi(m[1])
		if len(out) > 0 && out[len(out)-1].Number >= n {
			return nil, fmt.Errorf("migration number %d is used twice", n)
		}
		sum := sha256.Sum256(text)
		out = append(out, Migration{n, m[2], hex.EncodeToString(sum[:]), string(text)})
	}
	return out, nil
}

var (
	qMigrationTable = Stmt(`CREATE TABLE IF NOT EXISTS schema_migration (
		number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
		applied_us BIGINT NOT NULL)`)
	qMigrationDone = Stmt(`SELECT number, checksum FROM schema_migration ORDER BY number`)
	qMigrationHas  = Stmt(`SELECT name FROM schema_migration WHERE number = $1`)
	qMigrationAdd  = Stmt(`INSERT INTO schema_migration (number, name, checksum, applied_us)
		VALUES ($1, $2, $3, $4)`)
	// Two processes that start at once must not both migrate; SQLite's single writer sees to that.
	qMigrationLock = StmtFor(SQL{
		SQLite:   `SELECT 1`,
		Postgres: `SELECT 1 FROM (SELECT pg_advisory_xact_lock(7101982)) AS l`,
	})
	// Text must compare by bytes and be counted in characters, on both databases.
	qText = Stmt(`SELECT CASE WHEN 'a' > 'B' AND 'é' > 'z' AND '-a' < 'A'
		AND LENGTH('éß') = 2 THEN 1 ELSE 0 END`)
)

// Pending returns the steps that the database lacks. It fails when a step that was applied is not
// the one this program knows: then the program is older than the database, or a file was edited.
func (d *DB) Pending(ctx context.Context) ([]Migration, error) {
	all, err := Migrations(d.dialect)
	if err != nil {
		return nil, err
	}
	return d.pendingOf(ctx, all)
}

// Ready says whether the database answers and has the schema of this program, by reading only. A
// program that is older or newer than the schema is not ready.
func (d *DB) Ready(ctx context.Context) error {
	all, err := Migrations(d.dialect)
	if err != nil {
		return err
	}
	missing, err := pending(ctx, d, all)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("the database lacks %d steps, the first is %s", len(missing),
			missing[0].Name)
	}
	return nil
}

func (d *DB) pendingOf(ctx context.Context, all []Migration) ([]Migration, error) {
	err := d.Write(ctx, func(t *Tx) error {
		if _, err := Get(ctx, t, qMigrationLock, One[int64]); err != nil {
			return err // two processes that make the table at once would disturb each other
		}
		_, err := Exec(ctx, t, qMigrationTable)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make migration table: %w", err)
	}
	return pending(ctx, d, all)
}

func pending(ctx context.Context, q Q, all []Migration) ([]Migration, error) {
	done := map[int64]string{}
	err := Each(ctx, q, qMigrationDone, func(r Row) error {
		var n int64
		var sum string
		err := r.Scan(&n, &sum)
		done[n] = sum
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read applied migrations: %w", err)
	}
	var missing []Migration
	for _, m := range all {
		sum, ok := done[int64(m.Number)]
		delete(done, int64(m.Number))
		switch {
		case !ok:
			missing = append(missing, m)
		case sum != m.Checksum:
			return nil, fmt.Errorf("migration %04d_%s was changed after it was applied", m.Number, m.Name)
		}
	}
	for n := range done {
		return nil, fmt.Errorf("database has migration %04d, which this program does not know: "+
			"it was written by a newer version", n)
	}
	return missing, nil
}

// Migrate applies the missing steps, each in its own transaction, and returns how many there were.
// Several processes may do so at once; each step is applied by one of them.
func (d *DB) Migrate(ctx context.Context) (int, error) {
	all, err := Migrations(d.dialect)
	if err != nil {
		return 0, err
	}
	return d.migrate(ctx, all)
}

func (d *DB) migrate(ctx context.Context, all []Migration) (int, error) {
	text, err := Get(ctx, d, qText, One[int64])
	if err != nil {
		return 0, fmt.Errorf("ask how the database compares text: %w", err)
	}
	if text != 1 {
		return 0, errors.New("database does not compare text by bytes of UTF-8; " +
			"create it with ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
	}
	missing, err := d.pendingOf(ctx, all)
	if err != nil {
		return 0, err
	}
	for i := range missing {
		if err := d.apply(ctx, missing[i]); err != nil {
			return i, fmt.Errorf("migration %04d_%s: %w", missing[i].Number, missing[i].Name, err)
		}
	}
	return len(missing), nil
}

// execOnce runs a text of a migration.
func (t *Tx) execOnce(text string) error {
	if err := t.ready(nil); err != nil {
		return err
	}
	var err error
	if t.dialect == SQLite {
		err = t.lite.execOnce(text)
	} else {
		_, err = t.execPostgres(text, nil)
	}
	if err != nil {
		return t.spoil(translate(err, "migrate"))
	}
	return nil
}

func (d *DB) apply(ctx context.Context, m Migration) error {
	return d.Write(WithTimeout(ctx, time.Hour), func(t *Tx) error {
		if _, err := Get(ctx, t, qMigrationLock, One[int64]); err != nil {
			return err
		}
		if _, done, err := Find(ctx, t, qMigrationHas, One[string], m.Number); err != nil || done {
			return err // done: another process was faster
		}
		for _, text := range split(m.text) {
			if err := t.execOnce(text); err != nil {
				return fmt.Errorf("%w\nin: %s", err, text)
			}
		}
		now := clock.Us(clock.System().Now())
		_, err := Exec(ctx, t, qMigrationAdd, m.Number, m.Name, m.Checksum, now)
		return err
	})
}
