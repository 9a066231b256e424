package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// ErrUnsure is the cause of a fault when the connection broke while a transaction was being
// committed: it may be stored, or not. Every other error of a write means that nothing was stored.
var ErrUnsure = errors.New("outcome of commit is unknown")

// errAgain marks an error after which the same transaction may succeed at once.
var errAgain = errors.New("try again")

// errClosed reads like the error of database/sql for a closed pool, which it does not export.
var errClosed = errors.New("sql: database is closed")

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
		return fault.New(fault.Unavailable, unavailable(err)).Wrap(wrapped)
	default:
		return wrapped
	}
}

// unavailable tells what passes by itself from what somebody has to repair: whoever is told to wait for a
// full disk waits for ever.
func unavailable(err error) string {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	full, readOnly := false, false
	switch {
	case errors.As(err, &lite):
		full, readOnly = lite.Code()&0xff == sqlite3.SQLITE_FULL, lite.Code()&0xff == sqlite3.SQLITE_READONLY
	case errors.As(err, &pg):
		full, readOnly = pg.Code == pgDiskFull, pg.Code == pgReadOnly
	}
	switch {
	case full:
		return "存储空间已满，内容没有保存，请联系系统管理员"
	case readOnly:
		return "数据库现在只能读取，内容没有保存，请联系系统管理员"
	default:
		return "系统繁忙，请稍后重试"
	}
}

// SQLSTATE codes of a full disk, and of a server that takes no writes, such as a standby.
const (
	pgDiskFull = "53100"
	pgReadOnly = "25006"
)

// translateCommit is translate for the error of a COMMIT, after which the transaction may have been
// stored all the same.
func translateCommit(err error) error {
	if err == nil || !unsure(err) {
		return translate(err, "commit")
	}
	return Unsure(fmt.Errorf("commit: %w", err))
}

// Unsure returns the fault for a write that may be stored or not.
func Unsure(err error) error {
	return fault.New(fault.Unavailable, "连接中断，不能确认是否已保存，请刷新查看").
		Wrap(fmt.Errorf("%w: %w", ErrUnsure, err))
}

// unsure reports whether a failed COMMIT may have stored the transaction: the connection broke
// before the answer, the server was shut down over it, or the disk failed after the last page.
func unsure(err error) bool {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		return lite.Code()&0xff == sqlite3.SQLITE_IOERR
	case errors.As(err, &pg):
		return pg.Code == "40003" || slices.Contains([]string{"08", "57"}, class(pg.Code))
	default:
		return true
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
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errAgain),
		errors.As(err, &network), err.Error() == errClosed.Error():
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
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_PROTOCOL:
		return fault.Unavailable
	}
	return fault.Internal
}

func classifyPostgres(code string) fault.Kind {
	switch code {
	case "23505", "23503":
		return fault.Conflict
	case "40001", "40P01", "57014", "55P03", pgReadOnly:
		return fault.Unavailable
	}
	switch class(code) {
	case "08", "53", "57": // connection, resources, operator intervention
		return fault.Unavailable
	}
	return fault.Internal
}

// class returns the first two characters of an SQLSTATE code, which name its class.
func class(code string) string { return code[:min(2, len(code))] }

// retryable reports whether the same transaction may succeed at once: a serialisation failure, a
// deadlock, a busy file, or a connection that was dead before the transaction began.
func retryable(err error) bool {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, errAgain):
		return true
	case errors.As(err, &lite):
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY || lite.Code()&0xff == sqlite3.SQLITE_LOCKED
	case errors.As(err, &pg):
		return pg.Code == "40001" || pg.Code == "40P01"
	default:
		return false
	}
}

// Violates reports whether err says that the unique key over these columns of table is taken, so
// that a room can name the field. Both databases name the columns, each in its own way. Columns are
// given in the order of the key.
func Violates(err error, table string, columns ...string) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		default:
			return false
		}
		const mark = "UNIQUE constraint failed: "
		_, list, _ := strings.Cut(lite.Error(), mark)
		list, _, _ = strings.Cut(list, " (") // the driver appends the code
		return list == table+"."+strings.Join(columns, ", "+table+".")
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// "Key (a, b)=(1, 2) already exists.", in the language of the server.
		from := max(0, strings.IndexByte(pg.Detail, '('))
		return pg.Code == "23505" && pg.TableName == table &&
			strings.HasPrefix(pg.Detail[from:], "("+strings.Join(columns, ", ")+")=(")
	}
	return false
}
