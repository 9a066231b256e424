package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"
)

// writer is the single writing connection of a SQLite database with its compiled statements.
// database/sql compiles a statement anew for each transaction, which costs more than running it;
// so transactions are begun and ended here by statements of their own.
type writer struct {
	pool   *sql.DB
	turn   chan struct{} // holds one token; who has it may use the rest
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	closed bool
}

func newWriter(pool *sql.DB) *writer {
	w := &writer{pool: pool, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

// write runs one attempt when its turn has come; turns are given in the order of arrival.
func (w *writer) write(ctx context.Context, t *Tx, fn func(*Tx) error) error {
	limit := timeoutOf(ctx)
	if err := w.wait(ctx, limit); err != nil {
		return err
	}
	defer func() { w.turn <- struct{}{} }()
	dead, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	t.lite, t.dead = w, dead
	defer func() { t.over = true }()
	return w.transact(t, fn)
}

func (w *writer) wait(ctx context.Context, limit time.Duration) error {
	if err := ctx.Err(); err != nil {
		return translate(err, "wait for the writing connection")
	}
	patience := time.NewTimer(limit)
	defer patience.Stop()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		return translate(ctx.Err(), "wait for the writing connection")
	case <-patience.C:
		return translate(context.DeadlineExceeded, "wait for the writing connection")
	}
}

func (w *writer) transact(t *Tx, fn func(*Tx) error) error {
	if err := w.open(); err != nil {
		return err
	}
	if _, err := w.exec("BEGIN IMMEDIATE", nil); err != nil {
		if !retryable(err) {
			w.discard()
		}
		return translate(err, "begin")
	}
	done := false
	defer func() {
		if !done { // something failed, or fn panicked
			w.rollback()
		}
	}()
	if err := t.run(fn); err != nil {
		return err
	}
	for _, c := range t.last {
		if err := w.call(c); err != nil {
			return translate(err, c.stmt.place)
		}
	}
	if _, err := w.exec("COMMIT", nil); err != nil {
		return translateCommit(err)
	}
	done = true
	return nil
}

// call runs one of the last statements.
func (w *writer) call(c lastCall) error {
	if c.scan == nil {
		_, err := w.exec(c.stmt.sqlite, c.args)
		return err
	}
	rows, err := w.query(c.stmt.sqlite, c.args)
	if err != nil {
		return err
	}
	n, own, failed := drain(rows, c.scan)
	if failed == nil && n == 0 {
		failed = errNoRow
	}
	return errors.Join(failed, own)
}

func (w *writer) open() error {
	if w.closed {
		return translate(errClosed, "open the writing connection")
	}
	if w.conn != nil {
		return nil
	}
	conn, err := w.pool.Conn(context.Background())
	if err != nil {
		return translate(err, "open the writing connection")
	}
	w.conn = conn
	return nil
}

// rollback undoes the open transaction. A connection that cannot even do that is thrown away.
func (w *writer) rollback() {
	if _, err := w.exec("ROLLBACK", nil); err != nil {
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

func (w *writer) prepare(text string) (*sql.Stmt, error) {
	if st, ok := w.stmts[text]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	if len(w.stmts) >= maxPrepared {
		for k, old := range w.stmts { // any one will do; none has open rows now
			old.Close()
			delete(w.stmts, k)
			break
		}
	}
	w.stmts[text] = st
	return st, nil
}

func (w *writer) exec(text string, args []any) (sql.Result, error) {
	st, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(context.Background(), args...)
}

// execOnce runs a text that will not come again.
func (w *writer) execOnce(text string) error {
	_, err := w.conn.ExecContext(context.Background(), text)
	return err
}

func (w *writer) query(text string, args []any) (*sql.Rows, error) {
	st, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(context.Background(), args...)
}

// close waits for the running write, then frees the connection.
func (w *writer) close() {
	<-w.turn
	defer func() { w.turn <- struct{}{} }()
	w.closed = true
	w.discard()
}
