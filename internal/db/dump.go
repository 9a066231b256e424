package db

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// Table is a table of the database with its columns, as the catalog knows it.
type Table struct {
	Name    string
	Columns []string
}

var (
	qTables = StmtFor(SQL{
		SQLite: `SELECT name FROM sqlite_master WHERE type = 'table'
			AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
		Postgres: `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()
			ORDER BY 1`,
	})
	qColumns = StmtFor(SQL{
		SQLite: `SELECT name FROM pragma_table_info($1) ORDER BY cid`,
		Postgres: `SELECT column_name::text FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
	})
)

// plainName is what the names of our tables and columns look like; nothing else is put into SQL.
var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Tables lists the tables that hold data: all but the record of migrations.
func Tables(ctx context.Context, q Q) ([]Table, error) {
	names, err := All(ctx, q, qTables, One[string])
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var out []Table
	for _, name := range names {
		if name == "schema_migration" {
			continue
		}
		columns, err := All(ctx, q, qColumns, One[string], name)
		if err != nil {
			return nil, fmt.Errorf("list columns of %s: %w", name, err)
		}
		for _, n := range append([]string{name}, columns...) {
			if !plainName.MatchString(n) {
				return nil, fmt.Errorf("table %s: %q is no name of ours", name, n)
			}
		}
		out = append(out, Table{name, columns})
	}
	return out, nil
}

// snapshot reads from one moment of the database, whatever is written meanwhile.
type snapshot struct {
	dialect Dialect
	tx      *sql.Tx
}

func (s *snapshot) Dialect() Dialect { return s.dialect }

func (s *snapshot) each(
	ctx context.Context, text, place string, changes bool, each func(Row) error, args []any,
) error {
	if changes {
		return fmt.Errorf("%s changes rows and a snapshot only reads", place)
	}
	rows, err := s.tx.QueryContext(ctx, text, args...)
	if err != nil {
		return translate(err, place)
	}
	_, own, failed := drain(rows, each)
	if failed != nil {
		return translate(failed, place)
	}
	return own
}

// Snapshot runs fn over one moment of the database. Writers are not held up; long snapshots let
// the log of SQLite grow.
func (d *DB) Snapshot(ctx context.Context, fn func(Q) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if d.dialect == Postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, o)
	if err != nil {
		return translate(err, "begin snapshot")
	}
	defer tx.Rollback()
	return fn(&snapshot{d.dialect, tx})
}

// DumpTable calls each with the values of every row, in the order of the columns: int64, string or
// bool. The slice is used again for the next row.
func DumpTable(ctx context.Context, q Q, t Table, each func(row []any) error) error {
	row := make([]any, len(t.Columns))
	dest := make([]any, len(t.Columns))
	for i := range row {
		dest[i] = &row[i]
	}
	text := "SELECT " + strings.Join(t.Columns, ", ") + " FROM " + t.Name
	return q.each(ctx, text, "dump "+t.Name, false, func(r Row) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = string(b)
			}
		}
		return each(row)
	}, nil)
}

// LoadTable inserts rows of a dump into an empty table.
func LoadTable(ctx context.Context, tx *Tx, t Table, rows [][]any) error {
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	s := &Statement{place: "load " + t.Name}
	s.postgres = "INSERT INTO " + t.Name + " (" + strings.Join(t.Columns, ", ") + ") VALUES (" +
		strings.Join(marks, ", ") + ")"
	s.sqlite = forSQLite(s.postgres)
	_, err := InsertMany(ctx, tx, s, rows)
	return err
}

// EmptyTable removes every row: a migration may have put first rows into a table that a dump is
// about to fill.
func EmptyTable(ctx context.Context, tx *Tx, t Table) error {
	text := "DELETE FROM " + t.Name
	_, err := Exec(ctx, tx, &Statement{place: text, sqlite: text, postgres: text})
	return err
}

// CountRows counts the rows of a table.
func CountRows(ctx context.Context, q Q, t Table) (int64, error) {
	text := "SELECT COUNT(*) FROM " + t.Name
	return Get(ctx, q, &Statement{place: text, sqlite: text, postgres: text}, One[int64])
}
