package db

import (
	"context"
	"database/sql"
	"fmt"
)

// each runs a query on the pool for reading. A statement that changes rows is refused: it would be
// neither in a transaction nor on record.
func (d *DB) each(
	ctx context.Context, text, place string, changes bool, each func(Row) error, args []any,
) error {
	if changes {
		return fmt.Errorf("%s changes rows and needs a transaction", place)
	}
	if err := checkArgs(args); err != nil {
		return err
	}
	if d.dialect == SQLite {
		return d.eachSQLite(ctx, text, place, each, args)
	}
	rows, err := d.read.QueryContext(ctx, text, args...)
	return read(rows, err, place, each)
}

// eachSQLite waits for a connection and reads under a context that never ends: to watch one, the driver and
// database/sql start a goroutine each for every statement, which took some 5 % of the time of a server at work.
// Who has gone is noticed while waiting and between rows, not within a step of SQLite.
func (d *DB) eachSQLite(ctx context.Context, text, place string, each func(Row) error, args []any) error {
	if err := ctx.Err(); err != nil {
		return translate(err, place)
	}
	select {
	case d.turns <- struct{}{}:
	case <-ctx.Done():
		return translate(ctx.Err(), place)
	}
	defer func() { <-d.turns }()
	rows, err := d.readers.query(context.Background(), text, args)
	return read(rows, err, place, func(r Row) error {
		if err := ctx.Err(); err != nil {
			return translate(err, place)
		}
		return each(r)
	})
}

func read(rows *sql.Rows, err error, place string, each func(Row) error) error {
	if err != nil {
		return translate(err, place)
	}
	_, own, failed := drain(rows, each)
	if failed != nil {
		return translate(failed, place)
	}
	return own
}
