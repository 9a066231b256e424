package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// translate turns a driver's error into a fault where people can do something about it, and names
// the statement otherwise. A fault passes through.
func translate(err error, place string) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.As(err); ok {
		return err
	}
	wrapped := fmt.Errorf("%s: %w", place, err)
	switch classify(err) {
	case fault.Conflict:
		return fault.New(fault.Conflict, "与现有记录冲突").Wrap(wrapped)
	case fault.Unavailable:
		return fault.New(fault.Unavailable, "系统繁忙，请稍后重试").Wrap(wrapped)
	default:
		return wrapped
	}
}

func classify(err error) fault.Kind {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &lite):
		return classifySQLite(lite.Code())
	case errors.As(err, &pg):
		return classifyPostgres(pg.Code)
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.As(err, &network):
		return fault.Unavailable
	default:
		return fault.Internal
	}
}

func classifySQLite(code int) fault.Kind {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
		sqlite3.SQLITE_CONSTRAINT_ROWID, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.Conflict
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_READONLY:
		return fault.Unavailable
	}
	return fault.Internal
}

func classifyPostgres(code string) fault.Kind {
	switch code {
	case "23505", "23503":
		return fault.Conflict
	case "40001", "40P01", "57014", "55P03":
		return fault.Unavailable
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57": // connection, resources, operator intervention
		return fault.Unavailable
	}
	return fault.Internal
}

// retryable reports whether the same transaction may succeed at once: a serialisation failure, a
// deadlock, or a busy file.
func retryable(err error) bool {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY || lite.Code()&0xff == sqlite3.SQLITE_LOCKED
	case errors.As(err, &pg):
		return pg.Code == "40001" || pg.Code == "40P01"
	default:
		return false
	}
}

// Violates reports whether err says that the unique key over these columns of table is taken, so
// that a room can name the field. Both databases name the columns, each in its own way.
func Violates(err error, table string, columns ...string) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		want := table + "." + strings.Join(columns, ", "+table+".")
		_, list, ok := strings.Cut(lite.Error(), "constraint failed: ")
		if !ok {
			return false
		}
		list, _, _ = strings.Cut(list, " (") // the driver appends the code
		return list == want
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505" && pg.TableName == table &&
			strings.HasPrefix(pg.Detail, "Key ("+strings.Join(columns, ", ")+")=")
	}
	return false
}
