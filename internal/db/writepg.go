package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
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
	t.conn, t.dead, t.lane = conn, dead, d.lane
	err = errUnfinished
	defer func() { t.end(err) }()
	err = t.transactPostgres(fn)
	return err
}

func (t *Tx) transactPostgres(fn func(*Tx) error) error {
	if _, err := t.conn.ExecContext(t.dead, beginPostgres); err != nil {
		discard(t.conn)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) && t.dead.Err() == nil {
			err = errors.Join(errAgain, err) // an idle connection had died: another may live
		}
		return translate(err, "begin")
	}
	done := false
	defer func() {
		if !done { // something failed, or fn panicked
			rollbackPostgres(t.conn)
		}
	}()
	if err := t.run(fn); err != nil {
		return err
	}
	if err := t.commitPostgres(); err != nil {
		return err
	}
	done = true
	return nil
}

// commitPostgres sends the last statements and the COMMIT together and then reads the answers.
// When one fails the server skips the rest, COMMIT included.
func (t *Tx) commitPostgres() error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	var batch pgx.Batch
	for _, c := range t.last {
		batch.Queue(c.stmt.postgres, c.args...)
	}
	batch.Queue("commit")
	var failed error
	err := t.conn.Raw(func(driverConn any) error {
		conn := driverConn.(*stdlib.Conn).Conn()
		failed = t.readAnswers(conn, conn.SendBatch(ctx, &batch))
		return nil
	})
	if err != nil { // the connection was closed before anything was sent
		return translate(err, "commit")
	}
	return failed
}

func (t *Tx) readAnswers(conn *pgx.Conn, answers pgx.BatchResults) error {
	defer answers.Close()
	for _, c := range t.last {
		if _, err := answers.Exec(); err != nil {
			if lost(conn, err) {
				return translateCommit(err)
			}
			return c.failed(err)
		}
	}
	tag, err := answers.Exec()
	switch {
	case err != nil && !lost(conn, err):
		return translate(err, "commit")
	case err != nil:
		return translateCommit(err)
	case tag.String() != "COMMIT":
		return errors.New("the server rolled the transaction back at its commit")
	}
	return nil
}

// lost reports whether err may stand for an answer that never came. An answer that says why, and a
// connection that is still inside the transaction, are proof that it was not committed.
func lost(conn *pgx.Conn, err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
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
