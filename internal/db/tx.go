package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a write transaction.
const (
	writeTimeout = 60 * time.Second // a write that waits or takes longer is given up
	maxAttempts  = 5                // tries when the database asks to try again
)

// Tx is an open write transaction. It is used by one goroutine and never outlives its function.
//
// A statement that the database refuses spoils the transaction: everything after it fails with the
// same error, and nothing is stored even if the function hides the error. PostgreSQL demands that;
// SQLite must not be laxer, because after some errors it has quietly rolled back and would store
// each further statement by itself.
type Tx struct {
	dialect Dialect
	dead    context.Context // ends when the transaction has taken too long
	lite    *writer         // SQLite
	conn    *sql.Conn       // PostgreSQL
	begun   bool            // PostgreSQL: BEGIN was sent
	settles bool            // PostgreSQL: CommitEarly is possible …
	early   bool            // … and wanted

	changed int64
	reading bool  // rows are open
	spoiled error // the first error of the database
	over    bool
	last    []lastCall
}

// lastCall is a statement kept for the end of the transaction.
type lastCall struct {
	stmt *Statement
	args []any
	scan func(Row) error // of the one row it returns; nil: it returns none
}

var (
	errOver = errors.New("transaction is over")
	// SQLite would allow it, PostgreSQL has one conversation at a time.
	errReading = errors.New("statement inside the loop over the rows of another one")
	errNoRow   = errors.New("statement at the end of the transaction returned no row")
)

// Dialect returns the product behind the transaction.
func (t *Tx) Dialect() Dialect { return t.dialect }

// Changed returns how many rows the transaction has changed so far.
func (t *Tx) Changed() int64 { return t.changed }

// Last keeps a statement for the end: it runs after fn, right before the commit. On PostgreSQL all
// of them travel with the COMMIT in a single round trip.
func (t *Tx) Last(s *Statement, args ...any) {
	t.last = append(t.last, lastCall{stmt: s, args: args})
}

// LastRow is Last for a statement that returns one row. The row is scanned before Write returns.
func (t *Tx) LastRow(s *Statement, scan func(Row) error, args ...any) {
	t.last = append(t.last, lastCall{stmt: s, args: args, scan: scan})
}

type timeoutKey struct{}

// WithTimeout lets writes under ctx take up to d instead of the usual minute; an import needs it.
func WithTimeout(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, timeoutKey{}, d)
}

func timeoutOf(ctx context.Context) time.Duration {
	if d, ok := ctx.Value(timeoutKey{}).(time.Duration); ok {
		return d
	}
	return writeTimeout
}

// Write runs fn in a transaction: all of it is stored durably, or nothing. A request that goes
// away while waiting for its turn gives up; once begun, the transaction runs to its end under its
// own deadline, because interrupting SQLite through a cancelled request has broken connections in
// several drivers. When the database asks to try again, fn runs again: it must have no effects
// outside the transaction. It must not call Write: that would wait for itself.
//
// An error means that nothing was stored, unless errors.Is finds ErrUnsure in it.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		t := &Tx{dialect: d.dialect}
		err := d.writeOnce(ctx, t, fn)
		again := retryable(err) || retryable(t.spoiled)
		if err == nil || attempt == maxAttempts || !again || ctx.Err() != nil {
			return err
		}
		if !pause(ctx, attempt) {
			return err
		}
	}
}

// pause waits before the next attempt, longer each time and by chance not as long as others do. It
// reports whether ctx still lives.
func pause(ctx context.Context, attempt int) bool {
	var chance [1]byte
	rand.Read(chance[:]) // documented never to fail
	wait := time.NewTimer(time.Duration(1+int(chance[0])/32) * time.Millisecond << attempt)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *DB) writeOnce(ctx context.Context, t *Tx, fn func(*Tx) error) error {
	if d.dialect == SQLite {
		return d.lite.write(ctx, t, fn)
	}
	return d.writePostgres(ctx, t, fn)
}

// run calls fn. An error that fn hid is found here.
func (t *Tx) run(fn func(*Tx) error) error {
	if err := fn(t); err != nil {
		return err
	}
	if t.spoiled != nil {
		return t.spoiled
	}
	for _, c := range t.last {
		if err := checkArgs(c.args); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) spoil(err error) error {
	if t.spoiled == nil {
		t.spoiled = err
	}
	return err
}

// ready says why the next statement must not run.
func (t *Tx) ready(args []any) error {
	switch {
	case t.over:
		return errOver
	case t.spoiled != nil:
		return t.spoiled
	case t.reading:
		return t.spoil(errReading)
	case t.late():
		return t.spoil(errLate())
	}
	return checkArgs(args)
}

// late reports whether the transaction took longer than it may. It asks the clock as well: on a busy machine the
// timer that ends the context may ring long after its time.
func (t *Tx) late() bool {
	until, limited := t.dead.Deadline()
	return t.dead.Err() != nil || limited && !clock.System().Now().Before(until)
}

func errLate() error {
	return fault.New(fault.Unavailable, "写入超时，未保存任何内容，请重试")
}

// each runs a query inside the transaction. Rows that a changing statement returns are rows it
// changed.
func (t *Tx) each(
	ctx context.Context, text, place string, changes bool, each func(Row) error, args []any,
) error {
	if err := t.ready(args); err != nil {
		return translate(err, place)
	}
	rows, err := t.query(text, args)
	if err != nil {
		return t.spoil(translate(err, place))
	}
	t.reading = true
	defer func() { t.reading = false }()
	n, own, failed := drain(rows, each)
	if changes {
		t.changed += n
	}
	if failed != nil {
		return t.spoil(translate(failed, place))
	}
	return own
}

// Statements of SQLite run under a context that never ends: the deadline is looked at between
// them, and the busy time-out bounds each.
func (t *Tx) query(text string, args []any) (*sql.Rows, error) {
	if t.dialect == SQLite {
		return t.lite.query(text, args)
	}
	return t.queryPostgres(text, args)
}

// exec runs a change and counts the rows it changed.
func (t *Tx) exec(text, place string, args []any) (int64, error) {
	if err := t.ready(args); err != nil {
		return 0, translate(err, place)
	}
	n, err := t.execNow(text, args)
	if err != nil {
		return 0, t.spoil(translate(err, place))
	}
	t.changed += n
	return n, nil
}

func (t *Tx) execNow(text string, args []any) (int64, error) {
	if t.dialect == Postgres {
		return t.execPostgres(text, args)
	}
	res, err := t.lite.exec(text, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
