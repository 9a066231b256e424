package db

import "context"

// compactRoom keeps the copy that VACUUM makes in a file, unlike all other work of this connection: it is as
// large as the database. Both pragmas take nothing from a connection without tables of its own.
const (
	compactRoom = "PRAGMA temp_store(FILE)"
	compactDone = "PRAGMA temp_store(MEMORY); PRAGMA shrink_memory"
)

// Compact puts the rows of each table and index of a SQLite database side by side and gives back what is
// empty. A load of many tables at once leaves them in alternation, and who reads one brings pages of the others
// into memory. Other writes wait meanwhile (3.5 s for 0.2 GB on a slow machine), and it needs up to twice
// the room of the database beside it; what fails changes nothing. PostgreSQL keeps each table in a file of its own.
func (d *DB) Compact(ctx context.Context) error {
	if d.lite == nil {
		return nil
	}
	if err := d.lite.room(ctx, compactRoom); err != nil {
		return err
	}
	defer func() { _ = d.lite.room(context.WithoutCancel(ctx), compactDone) }()
	return d.lite.room(ctx, "VACUUM")
}
