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
	rows, err := d.query(ctx, text, args)
	if err != nil {
		return translate(err, place)
	}
	_, own, failed := drain(rows, each)
	if failed != nil {
		return translate(failed, place)
	}
	return own
}

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if d.dialect == Postgres {
		return d.read.QueryContext(ctx, text, args...)
	}
	return d.readers.query(ctx, text, args)
}
