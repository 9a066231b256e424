package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a write transaction.
const (
	writeTimeout = 60 * time.Second // a write that takes longer is given up
	maxAttempts  = 5                // tries when the database asks to try again
)

// Tx is an open write transaction. It is used by one goroutine and never outlives its function.
type Tx struct {
	dialect Dialect
	dead    context.Context // ends when the transaction has taken too long
	lite    *writer         // SQLite
	pg      *sql.Tx         // PostgreSQL
	changed int64
}

// Dialect returns the product behind the transaction.
func (t *Tx) Dialect() Dialect { return t.dialect }

// Changed returns how many rows the transaction has changed so far.
func (t *Tx) Changed() int64 { return t.changed }

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
// outside the transaction. A fault of kind Unavailable means that nothing was stored.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := d.writeOnce(ctx, fn)
		if err == nil || attempt == maxAttempts || !retryable(err) || ctx.Err() != nil {
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

func (d *DB) writeOnce(ctx context.Context, fn func(*Tx) error) error {
	if d.dialect == SQLite {
		return d.lite.write(ctx, fn)
	}
	return d.writePostgres(ctx, fn)
}

func (d *DB) writePostgres(ctx context.Context, fn func(*Tx) error) (err error) {
	limit := timeoutOf(ctx)
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return translate(err, "wait for a connection")
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return translate(err, "begin")
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			tx.Rollback()
		}
	}()
	t := &Tx{dialect: Postgres, pg: tx, dead: ctx}
	if err := fn(t); err != nil {
		return err
	}
	done = true
	return translate(tx.Commit(), "commit")
}

// Statements of SQLite run under a context that never ends: the deadline is looked at between
// them, and the busy time-out bounds each.
func (t *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := t.late(); err != nil {
		return nil, err
	}
	if t.dialect == SQLite {
		return t.lite.query(context.WithoutCancel(ctx), text, args)
	}
	return t.pg.QueryContext(t.dead, text, args...)
}

func (t *Tx) exec(ctx context.Context, text string, args []any) (int64, error) {
	if err := t.late(); err != nil {
		return 0, err
	}
	var res sql.Result
	var err error
	if t.dialect == SQLite {
		res, err = t.lite.exec(context.WithoutCancel(ctx), text, args)
	} else {
		res, err = t.pg.ExecContext(t.dead, text, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *Tx) late() error {
	if t.dead.Err() == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "写入超时，未保存任何内容，请重试")
}

// writer is the single writing connection of a SQLite database with its compiled statements.
type writer struct {
	pool  *sql.DB
	turn  chan struct{} // holds one token; who has it may use the rest
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newWriter(pool *sql.DB) *writer {
	w := &writer{pool: pool, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

func (w *writer) write(ctx context.Context, fn func(*Tx) error) (err error) {
	select {
	case <-w.turn:
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "系统繁忙，请稍后重试").Wrap(ctx.Err())
	}
	defer func() { w.turn <- struct{}{} }()
	limit := timeoutOf(ctx)
	ctx = context.WithoutCancel(ctx)
	if err := w.open(ctx); err != nil {
		return err
	}
	if _, err := w.exec(ctx, "BEGIN IMMEDIATE", nil); err != nil {
		return translate(err, "begin")
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			w.rollback(ctx)
		}
	}()
	dead, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	t := &Tx{dialect: SQLite, lite: w, dead: dead}
	if err := fn(t); err != nil {
		return err
	}
	if _, err := w.exec(ctx, "COMMIT", nil); err != nil {
		return translate(err, "commit")
	}
	done = true
	return nil
}

func (w *writer) open(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	conn, err := w.pool.Conn(ctx)
	if err != nil {
		return translate(err, "open the writing connection")
	}
	w.conn = conn
	return nil
}

// rollback undoes the open transaction. A connection that cannot even do that is thrown away.
func (w *writer) rollback(ctx context.Context) {
	if _, err := w.exec(ctx, "ROLLBACK", nil); err != nil {
		w.discard()
	}
}

func (w *writer) discard() {
	for _, st := range w.stmts {
		st.Close()
	}
	w.stmts = map[string]*sql.Stmt{}
	if w.conn != nil {
		w.conn.Raw(func(any) error { return driver.ErrBadConn }) // so that the pool drops it
		w.conn.Close()
		w.conn = nil
	}
}

func (w *writer) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := w.stmts[text]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(w.stmts) >= maxPrepared {
		for k, old := range w.stmts { // any one will do
			old.Close()
			delete(w.stmts, k)
			break
		}
	}
	w.stmts[text] = st
	return st, nil
}

func (w *writer) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	st, err := w.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (w *writer) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	st, err := w.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// close waits for the running write, then frees the connection.
func (w *writer) close() {
	<-w.turn
	defer func() { w.turn <- struct{}{} }()
	w.discard()
}

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if d.dialect == Postgres {
		return d.read.QueryContext(ctx, text, args...)
	}
	st, err := d.readers.get(ctx, text)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return d.read.QueryContext(ctx, text, args...)
	}
	return st.QueryContext(ctx, args...)
}
