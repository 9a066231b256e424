package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Table is a table of the database as the catalog knows it.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // columns of the primary key, in its order
	needs   []string // tables its foreign keys point to
}

// Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // text, bigint or boolean
	key  int64  // place in the primary key from 1, 0 when not in it
}

// Same reports whether both have the same name and type.
func (c Column) Same(o Column) bool { return c.Name == o.Name && c.Type == o.Type }

// maxAnalyze bounds Analyze; a city's registry takes seconds.
const maxAnalyze = 30 * time.Minute

// ErrCycle is returned for tables whose foreign keys lead back to themselves: no order of
// insertion would satisfy them.
var ErrCycle = errors.New("foreign keys form a circle")

var (
	qCatalog = StmtFor(SQL{
		SQLite: `SELECT m.name, c.name, LOWER(c.type), c.pk
			FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND SUBSTR(m.name, 1, 7) <> 'sqlite_'
			ORDER BY m.name, c.cid`,
		Postgres: `SELECT t.relname::text, a.attname::text, FORMAT_TYPE(a.atttypid, -1),
				COALESCE(ARRAY_POSITION(k.conkey, a.attnum), 0)::bigint
			FROM pg_class t
			JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = CURRENT_SCHEMA()
			JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
				AND NOT a.attisdropped AND a.attgenerated = ''
			LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
			WHERE t.relkind = 'r'
			ORDER BY 1, a.attnum`,
	})
	qNeeds = StmtFor(SQL{
		SQLite: `SELECT DISTINCT m.name, f."table"
			FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
			WHERE m.type = 'table' ORDER BY 1, 2`,
		Postgres: `SELECT DISTINCT t.relname::text, o.relname::text
			FROM pg_constraint k
			JOIN pg_class t ON t.oid = k.conrelid
			JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = CURRENT_SCHEMA()
			JOIN pg_class o ON o.oid = k.confrelid
			WHERE k.contype = 'f' ORDER BY 1, 2`,
	})
)

// plainName is what the names of our tables and columns look like; nothing else is put into SQL.
var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Tables lists the tables that hold data — all but the record of migrations — in an order in which
// a table comes after those its foreign keys point to, and otherwise by name. It is the same on
// both databases. Every table must have a primary key, and only columns of the portable types.
func Tables(ctx context.Context, q Q) ([]Table, error) {
	byName := map[string]*Table{}
	err := Each(ctx, q, qCatalog, func(r Row) error {
		var name string
		var c Column
		if err := r.Scan(&name, &c.Name, &c.Type, &c.key); err != nil {
			return err
		}
		if name == "schema_migration" {
			return nil
		}
		if byName[name] == nil {
			byName[name] = &Table{Name: name}
		}
		byName[name].Columns = append(byName[name].Columns, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	for _, t := range byName {
		if err := t.complete(); err != nil {
			return nil, err
		}
	}
	err = Each(ctx, q, qNeeds, func(r Row) error {
		var name, other string
		err := r.Scan(&name, &other)
		if t := byName[name]; t != nil && err == nil {
			t.needs = append(t.needs, other)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list foreign keys: %w", err)
	}
	return inOrder(byName)
}

// complete checks the columns of a table and finds its key.
func (t *Table) complete() error {
	var key []Column
	for _, c := range t.Columns {
		if !plainName.MatchString(t.Name) || !plainName.MatchString(c.Name) {
			return fmt.Errorf("table %s: %q is no name of ours", t.Name, c.Name)
		}
		if c.Type != "text" && c.Type != "bigint" && c.Type != "boolean" {
			return fmt.Errorf("column %s.%s has type %s", t.Name, c.Name, c.Type)
		}
		if c.key > 0 {
			key = append(key, c)
		}
	}
	if len(key) == 0 {
		return fmt.Errorf("table %s has no primary key", t.Name)
	}
	slices.SortFunc(key, func(a, b Column) int { return int(a.key - b.key) })
	for _, c := range key {
		t.Key = append(t.Key, c.Name)
	}
	return nil
}

// inOrder takes, again and again, the first table by name that needs no table which is still left.
func inOrder(left map[string]*Table) ([]Table, error) {
	var out []Table
	for len(left) > 0 {
		next := ""
		for name, t := range left {
			waits := slices.ContainsFunc(t.needs, func(n string) bool { return left[n] != nil })
			if !waits && (next == "" || name < next) {
				next = name
			}
		}
		if next == "" {
			return nil, ErrCycle
		}
		out = append(out, *left[next])
		delete(left, next)
	}
	return out, nil
}

func (t Table) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// ad makes a statement from the catalog's names, which Tables has checked. It is not registered:
// it is known only once there is a database.
func ad(place, text string) *Statement {
	return &Statement{place: place, sqlite: forSQLite(text), postgres: text, changes: changes(text)}
}

// snapshot reads from one moment of the database, whatever is written meanwhile.
type snapshot struct {
	dialect Dialect
	tx      *sql.Tx
}

// Dialect returns the product behind the snapshot.
func (s *snapshot) Dialect() Dialect { return s.dialect }

func (s *snapshot) each(
	ctx context.Context, text, place string, changes bool, each func(Row) error, args []any,
) error {
	if changes {
		return fmt.Errorf("%s changes rows and needs a transaction", place)
	}
	if err := checkArgs(args); err != nil {
		return err
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

// Snapshot runs fn over one moment of the database. Writers are not held up, and no connection of
// the pool is taken. While it lasts the log of SQLite grows, and PostgreSQL cannot clean up.
func (d *DB) Snapshot(ctx context.Context, fn func(Q) error) error {
	pool, err := d.alone()
	if err != nil {
		return err
	}
	defer pool.Close()
	o := &sql.TxOptions{}
	if d.dialect == Postgres {
		o.ReadOnly, o.Isolation = true, sql.LevelRepeatableRead
	}
	tx, err := pool.BeginTx(ctx, o)
	if err != nil {
		return translate(err, "begin snapshot")
	}
	defer tx.Rollback()
	return fn(&snapshot{d.dialect, tx})
}

// alone returns a pool of one connection beside the usual ones.
func (d *DB) alone() (*sql.DB, error) {
	var pool *sql.DB
	if d.dialect == SQLite {
		var err error
		if pool, err = sql.Open("sqlite", sqliteDSN(d.path, true)); err != nil {
			return nil, fmt.Errorf("open sqlite for a snapshot: %w", err)
		}
	} else {
		cfg, err := pgx.ParseConfig(d.url)
		if err != nil {
			return nil, fmt.Errorf("read postgres URL: %w", err)
		}
		pool = stdlib.OpenDB(*cfg)
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}

// DumpTable calls each with the values of every row in the order of the primary key, which is the
// same on both databases: string, int64, bool or nil, in the order of the columns. The slice is
// used again for the next row.
func DumpTable(ctx context.Context, q Q, t Table, each func(row []any) error) error {
	row := make([]any, len(t.Columns))
	dest := make([]any, len(t.Columns))
	for i := range row {
		dest[i] = &row[i]
	}
	s := ad("dump "+t.Name,
		"SELECT "+t.columns()+" FROM "+t.Name+" ORDER BY "+strings.Join(t.Key, ", "))
	return Each(ctx, q, s, func(r Row) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		for i, c := range t.Columns {
			var err error
			if row[i], err = portable(c.Type, row[i]); err != nil {
				return fmt.Errorf("column %s.%s: %w", t.Name, c.Name, err)
			}
		}
		return each(row)
	})
}

// portable gives a value the type that its column has on every database. SQLite would store
// anything anywhere, so what does not fit is an error here and not a surprise at a restore.
func portable(columnType string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch x := v.(type) {
	case []byte:
		v = string(x)
	case int64:
		if columnType == "boolean" && (x == 0 || x == 1) {
			v = x == 1
		}
	}
	ok := false
	switch x := v.(type) {
	case string:
		ok = columnType == "text" && checkArgs([]any{x}) == nil
	case int64:
		ok = columnType == "bigint"
	case bool:
		ok = columnType == "boolean"
	}
	if !ok {
		return nil, fmt.Errorf("a %T is no %s", v, columnType)
	}
	return v, nil
}

// LoadTable inserts rows of a dump. Values that do not fit their column are refused.
func LoadTable(ctx context.Context, tx *Tx, t Table, rows [][]any) error {
	for n, row := range rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d of %s has %d values, not %d", n+1, t.Name, len(row), len(t.Columns))
		}
		for i, c := range t.Columns {
			if _, err := portable(c.Type, row[i]); err != nil {
				return fmt.Errorf("row %d of %s, %s: %w", n+1, t.Name, c.Name, err)
			}
		}
	}
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	s := ad("load "+t.Name, "INSERT INTO "+t.Name+" ("+t.columns()+") VALUES ("+
		strings.Join(marks, ", ")+")")
	_, err := InsertMany(ctx, tx, s, rows)
	return err
}

// EmptyTable removes every row: a migration may have put first rows into a table that a dump is
// about to fill.
func EmptyTable(ctx context.Context, tx *Tx, t Table) error {
	_, err := Exec(ctx, tx, ad("empty "+t.Name, "DELETE FROM "+t.Name))
	return err
}

// CountRows counts the rows of a table.
func CountRows(ctx context.Context, q Q, t Table) (int64, error) {
	return Get(ctx, q, ad("count "+t.Name, "SELECT COUNT(*) FROM "+t.Name), One[int64])
}

// Analyze lets the database look at what its tables hold, so that it plans well. After many rows
// came in at once it would otherwise plan for empty tables.
func (d *DB) Analyze(ctx context.Context) error {
	return d.Write(WithTimeout(ctx, maxAnalyze), func(t *Tx) error { return t.execOnce("ANALYZE") })
}
