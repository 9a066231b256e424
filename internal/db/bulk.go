package db

import "context"

// What the writing connection of SQLite keeps: pages in memory, in KB, and how many pages the log may hold
// before they are brought into the file.
const (
	writerPages = "cache_size(-4000)"
	usualRoom   = "PRAGMA cache_size(-4000); PRAGMA shrink_memory; PRAGMA wal_autocheckpoint(1000)"
	bulkRoom    = "PRAGMA cache_size(-32000); PRAGMA wal_autocheckpoint(4000)"
)

// Bulk gives the writing connection of SQLite more room until the returned function is called. A load of ten
// thousands of records touches the same pages of the indexes again and again: those that do not fit into
// memory are written and read once more, and each time the log is brought into the file all of them are
// written. What a commit promises stays the same. Other writes go on meanwhile. PostgreSQL has its own
// settings.
func (d *DB) Bulk(ctx context.Context) (end func(), err error) {
	if d.lite == nil {
		return func() {}, nil
	}
	if err := d.lite.room(ctx, bulkRoom); err != nil {
		return nil, err
	}
	return func() { _ = d.lite.room(context.WithoutCancel(ctx), usualRoom) }, nil
}

// room runs pragmas between two transactions. A connection that is replaced later has the usual ones: it is
// only slower.
func (w *writer) room(ctx context.Context, pragmas string) error {
	if err := w.wait(ctx, timeoutOf(ctx)); err != nil {
		return err
	}
	defer func() { w.turn <- struct{}{} }()
	if err := w.open(); err != nil {
		return err
	}
	return translate(w.execOnce(pragmas), "set the room of the writing connection")
}
