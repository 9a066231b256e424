package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Limits of the end of a transaction on PostgreSQL. Both have their own clock: a transaction that
// used up its time while it ran is still ended in order.
const (
	commitTimeout   = 30 * time.Second
	rollbackTimeout = 5 * time.Second
)

// All invariants over several rows go through a version row, so this level is enough; a stricter
// default of the server would only make more writes fail.
const beginPostgres = "begin isolation level read committed"

// commitEarly makes the COMMIT of this transaction return before its data is on the disk.
const commitEarly = "set local synchronous_commit = off"

// CommitEarly lets the COMMIT return, and others see the changes and take their turn, before the
// data is safe on the disk. Nobody may be told of success before a Settle that finds the changes:
// package unit sees to that. It reports false where that is not possible; then the COMMIT waits for
// the disk as always.
func (t *Tx) CommitEarly() bool {
	t.early = t.settles
	return t.early
}

// Settles reports whether commits may be early, so that what is read may not be on the disk yet.
func (d *DB) Settles() bool { return d.settle != nil }

// Settling is a column that a query run by Settle must select: a mark in the log, without which its
// commit would have nothing to wait for.
const Settling fragment = "CAST((SELECT pg_logical_emit_message(true, 'yuntu', '')) AS TEXT)"

// Settle runs a query on PostgreSQL whose own commit waits until the disk holds the log up to here.
// Rows it returns are durable afterwards, and so is everything committed before them. The server
// may have crashed in between and lost commits that were early, also without this connection
// noticing when there is a pooler on the way: only what the query finds is there.
func Settle[T any](
	ctx context.Context, d *DB, s *Statement, scan func(Row) (T, error), args ...any,
) ([]T, error) {
	if d.settle == nil {
		return nil, errors.New("this database cannot settle")
	}
	var out []T
	rows, err := d.settle.QueryContext(ctx, s.postgres, args...)
	if err != nil {
		return nil, translate(err, s.place)
	}
	_, own, failed := drain(rows, func(r Row) error {
		v, err := scan(r)
		out = append(out, v)
		return translate(err, s.place)
	})
	if failed != nil {
		return nil, translate(failed, s.place)
	}
	return out, own
}

// writePostgres runs one attempt on a connection of its own.
func (d *DB) writePostgres(ctx context.Context, t *Tx, fn func(*Tx) error) error {
	limit := timeoutOf(ctx)
	patience, cancel := context.WithTimeout(ctx, limit)
	conn, err := d.write.Conn(patience)
	cancel()
	if err != nil {
		return translate(err, "wait for a connection")
	}
	defer conn.Close()
	dead, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	t.conn, t.dead, t.settles = conn, dead, d.settle != nil
	defer func() { t.over = true }()
	return t.transactPostgres(fn)
}

func (t *Tx) transactPostgres(fn func(*Tx) error) error {
	done := false
	defer func() {
		if t.begun && !done { // something failed, or fn panicked
			rollbackPostgres(t.conn)
		}
	}()
	if err := t.run(fn); err != nil {
		return err
	}
	if !t.begun && len(t.last) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	if err := t.commitPostgres(ctx); err != nil {
		return err
	}
	done = true
	return nil
}

// queryPostgres runs a query inside the transaction. It uses database/sql, so that rows are scanned
// alike on both databases.
func (t *Tx) queryPostgres(text string, args []any) (*sql.Rows, error) {
	if !t.begun {
		if _, err := t.execPostgres("", nil); err != nil {
			return nil, err
		}
	}
	return t.conn.QueryContext(t.dead, text, args...)
}

// execPostgres runs a change inside the transaction. The first one takes the BEGIN along, because a
// round trip of its own costs as much as a small statement. An empty text is BEGIN alone.
func (t *Tx) execPostgres(text string, args []any) (int64, error) {
	var tag pgconn.CommandTag
	var failed error
	err := t.conn.Raw(func(driverConn any) error {
		conn := driverConn.(pgConn).Conn.Conn()
		switch {
		case t.begun:
			tag, failed = conn.Exec(t.dead, text, args...)
		case text == "":
			tag, failed = conn.Exec(t.dead, beginPostgres)
		default:
			tag, failed = beginWith(t.dead, conn, text, args)
		}
		if !t.begun && conn.IsClosed() && t.dead.Err() == nil {
			failed = errors.Join(errAgain, failed) // an idle connection had died: another may live
		}
		t.begun = true
		return nil
	})
	if err != nil {
		return 0, errors.Join(errAgain, err) // nothing was sent
	}
	return tag.RowsAffected(), failed
}

func beginWith(
	ctx context.Context, conn *pgx.Conn, text string, args []any,
) (pgconn.CommandTag, error) {
	var batch pgx.Batch
	batch.Queue(beginPostgres)
	batch.Queue(text, args...)
	answers := conn.SendBatch(ctx, &batch)
	_, err := answers.Exec()
	var tag pgconn.CommandTag
	if err == nil {
		tag, err = answers.Exec()
	}
	return tag, cmp.Or(err, answers.Close())
}

// commitPostgres sends the last statements and the COMMIT together and then reads the answers.
// When one fails the server skips the rest, COMMIT included.
func (t *Tx) commitPostgres(ctx context.Context) error {
	var batch pgx.Batch
	if !t.begun {
		batch.Queue(beginPostgres)
	}
	if t.early {
		batch.Queue(commitEarly)
	}
	before := batch.Len()
	for _, c := range t.last {
		batch.Queue(c.stmt.postgres, c.args...)
	}
	batch.Queue("commit")
	var failed error
	err := t.conn.Raw(func(driverConn any) error {
		conn := driverConn.(pgConn).Conn.Conn()
		t.begun = true
		failed = t.readAnswers(conn, conn.SendBatch(ctx, &batch), before)
		return nil
	})
	if err != nil { // the connection was closed before anything was sent
		return translate(err, "commit")
	}
	return failed
}

// readAnswers reads all answers before it judges: only then it is known how the transaction ended.
func (t *Tx) readAnswers(conn *pgx.Conn, answers pgx.BatchResults, before int) error {
	place, err := t.firstFailure(answers, before)
	if closing := answers.Close(); err == nil {
		err = closing
	}
	if err != nil && lost(conn, err) {
		return translateCommit(err)
	}
	return translate(err, place)
}

// firstFailure reads the answers to the last statements, after those to `before` others.
func (t *Tx) firstFailure(answers pgx.BatchResults, before int) (string, error) {
	for range before {
		if _, err := answers.Exec(); err != nil {
			return "begin", err
		}
	}
	for _, c := range t.last {
		if err := c.answer(answers); err != nil {
			return c.stmt.place, err
		}
	}
	tag, err := answers.Exec()
	if err == nil && tag.String() != "COMMIT" {
		err = errRolledBack
	}
	return "commit", err
}

func (c lastCall) answer(answers pgx.BatchResults) error {
	if c.scan == nil {
		_, err := answers.Exec()
		return err
	}
	rows, err := answers.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		rows.Close()
		return cmp.Or(rows.Err(), errNoRow)
	}
	if err := c.scan(rows); err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

var errRolledBack = errors.New("the server rolled the transaction back at its commit")

// lost reports whether err leaves open if the transaction was committed. An answer that says why it
// was not, and a connection that is still inside the transaction, are proof that it was not.
func lost(conn *pgx.Conn, err error) bool {
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, errRolledBack):
		return false
	case errors.As(err, &pg):
		return unsure(err)
	}
	return conn.IsClosed() || conn.PgConn().TxStatus() == 'I'
}

func rollbackPostgres(conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackTimeout)
	defer cancel()
	if _, err := conn.ExecContext(ctx, "rollback"); err != nil {
		discard(conn)
	}
}

// discard makes the pool drop the connection.
func discard(conn *sql.Conn) {
	conn.Raw(func(any) error { return driver.ErrBadConn })
}
