package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// fragment is SQL text that stands in the program. Other packages cannot name the type, so they can
// pass constants only, never a string built from input.
type fragment string

// Statement is one SQL text for both databases.
type Statement struct {
	place    string // file:line where it was made
	sqlite   string
	postgres string
	dialects bool // the two texts really differ
	changes  bool // it is no pure query
}

// Place returns the file and line of the statement, for tests and logs.
func (s *Statement) Place() string { return s.place }

// registry holds every statement and selection of the program; it is filled while packages
// initialise.
var registry struct {
	sync.Mutex
	statements []*Statement
	selections []*Selection
}

// Stmt makes a statement from PostgreSQL-style text ($1, $2 …) in the portable subset.
func Stmt(sql fragment) *Statement {
	return register(&Statement{
		place: caller(), sqlite: forSQLite(string(sql)), postgres: string(sql),
		changes: changes(string(sql)),
	})
}

// SQL holds the two texts of a statement that cannot be portable. An empty one says that the
// statement is never used on that database.
type SQL struct{ SQLite, Postgres fragment }

// StmtFor makes a statement whose text differs. There should be very few: a test counts them.
func StmtFor(s SQL) *Statement {
	return register(&Statement{
		place: caller(), sqlite: forSQLite(string(s.SQLite)), postgres: string(s.Postgres),
		dialects: true,
		changes: s.SQLite != "" && changes(string(s.SQLite)) ||
			s.Postgres != "" && changes(string(s.Postgres)),
	})
}

// queryWord finds the first word of a statement that only reads; dataChange is looked for where
// that word does not say it all.
var (
	queryWord  = regexp.MustCompile(`(?i)^[\s(]*(SELECT|VALUES|WITH|EXPLAIN)\b`)
	dataChange = regexp.MustCompile(`(?i)\b(INSERT|UPDATE|DELETE)\b`)
)

// changes reports whether a text does more than read. SELECT … FOR UPDATE only reads.
func changes(text string) bool {
	var plain strings.Builder
	for _, p := range lex(text) {
		if !p.quoted {
			plain.WriteString(p.text)
		}
	}
	switch m := queryWord.FindStringSubmatch(plain.String()); {
	case m == nil:
		return true
	case strings.EqualFold(m[1], "WITH"), strings.EqualFold(m[1], "EXPLAIN"):
		return dataChange.MatchString(plain.String())
	default:
		return false
	}
}

func register(s *Statement) *Statement {
	registry.Lock()
	defer registry.Unlock()
	registry.statements = append(registry.statements, s)
	return s
}

func caller() string {
	_, file, line, _ := runtime.Caller(2)
	return fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(file)), filepath.Base(file), line)
}

func (s *Statement) text(d Dialect) string {
	if d == SQLite {
		return s.sqlite
	}
	return s.postgres
}

// Q is what can be read from: a *DB reads from the pool, a *Tx sees its own changes.
type Q interface {
	Dialect() Dialect
	each(ctx context.Context, text, place string, changes bool, each func(Row) error, args []any) error
}

// Row is a row to scan.
type Row interface {
	Scan(dest ...any) error
}

// One scans a row of a single column.
func One[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// Each calls each for every row; the first error ends it. In a transaction each must not run
// statements. On a *DB it should not: it holds a connection of the pool, and if everybody who holds
// one waits for a second, nobody gets it.
func Each(ctx context.Context, q Q, s *Statement, each func(Row) error, args ...any) error {
	return q.each(ctx, s.text(q.Dialect()), s.place, s.changes, each, args)
}

// drain calls each for every row and closes rows. It tells an error of each from one of the
// database.
func drain(rows *sql.Rows, each func(Row) error) (n int64, own, failed error) {
	defer rows.Close()
	for own == nil && rows.Next() {
		n++
		own = each(rows)
	}
	if err := rows.Err(); err != nil {
		return n, own, err
	}
	return n, own, rows.Close()
}

// All returns every row.
func All[T any](
	ctx context.Context, q Q, s *Statement, scan func(Row) (T, error), args ...any,
) ([]T, error) {
	var out []T
	err := Each(ctx, q, s, func(r Row) error {
		v, err := scan(r)
		if err != nil {
			return translate(err, s.place)
		}
		out = append(out, v)
		return nil
	}, args...)
	return out, err
}

// Find returns the first row, and false when there is none.
func Find[T any](
	ctx context.Context, q Q, s *Statement, scan func(Row) (T, error), args ...any,
) (T, bool, error) {
	var out T
	found := false
	err := Each(ctx, q, s, func(r Row) error {
		v, err := scan(r)
		if err != nil {
			return translate(err, s.place)
		}
		out, found = v, true
		return errStop
	}, args...)
	if errors.Is(err, errStop) {
		err = nil
	}
	return out, found, err
}

// errStop ends Each early without being an error.
var errStop = errors.New("stop")

// Get returns the first row, or a NotFound fault when there is none.
func Get[T any](
	ctx context.Context, q Q, s *Statement, scan func(Row) (T, error), args ...any,
) (T, error) {
	v, ok, err := Find(ctx, q, s, scan, args...)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "没有找到这条记录")
	}
	return v, err
}

// Exec runs a change and returns the number of rows it changed.
func Exec(ctx context.Context, tx *Tx, s *Statement, args ...any) (int64, error) {
	return tx.exec(s.text(tx.Dialect()), s.place, args)
}

// ExecOne runs a change that must touch exactly one row. None is a Conflict: the row is gone, or
// its version is no longer the one the caller saw. More than one is a defect.
func ExecOne(ctx context.Context, tx *Tx, s *Statement, args ...any) error {
	n, err := Exec(ctx, tx, s, args...)
	if err != nil {
		return err
	}
	switch n {
	case 1:
		return nil
	case 0:
		return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
	default:
		return fmt.Errorf("%s changed %d rows instead of one", s.place, n)
	}
}
