package outbox

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Place is a position in the feed: that of the last event handled. The zero Place is before all.
type Place struct{ Seq, N int64 }

func (p Place) before(o Place) bool { return p.Seq < o.Seq || p.Seq == o.Seq && p.N < o.N }

func scanPlace(r db.Row) (Place, error) {
	var p Place
	err := r.Scan(&p.Seq, &p.N)
	return p, err
}

func scanStored(r db.Row) (Stored, error) {
	var s Stored
	var data string
	err := r.Scan(&s.Seq, &s.N, &s.AtUs, &s.Kind, &s.Object, &data)
	s.Data = []byte(data)
	return s, err
}

var (
	qEvents = db.Stmt(`SELECT seq, n, at_us, kind, object, data FROM outbox
		WHERE (seq, n) > ($1, $2) ORDER BY seq, n LIMIT $3`)
	// qWanted returns those of the next events whose kind is in the list $4, ",a,b,", or all where it is "".
	qWanted = db.Stmt(`SELECT seq, n, at_us, kind, object, data
		FROM (SELECT seq, n, at_us, kind, object, data FROM outbox
			WHERE (seq, n) > ($1, $2) ORDER BY seq, n LIMIT $3) AS next
		WHERE $4 = '' OR replace($4, ',' || kind || ',', '') <> $4 ORDER BY seq, n LIMIT $5`)
	// qStretch returns the place of the last of them, and how many they are.
	qStretch = db.Stmt(`SELECT seq, n, COUNT(*) OVER () FROM (SELECT seq, n FROM outbox
			WHERE (seq, n) > ($1, $2) ORDER BY seq, n LIMIT $3) AS next
		ORDER BY seq DESC, n DESC LIMIT 1`)
	qEnd = db.Stmt(`SELECT seq, n FROM outbox ORDER BY seq DESC, n DESC LIMIT 1`)

	qCursor    = db.Stmt(`SELECT seq, n FROM outbox_cursor WHERE name = $1`)
	qAddCursor = db.Stmt(`INSERT INTO outbox_cursor (name, seq, n, moved_us, lease_owner,
		lease_until_us, failures, failed_us, retry_us, error, form, version)
		VALUES ($1, $2, $3, $4, '', 0, 0, 0, 0, '', $5, 1) ON CONFLICT (name) DO NOTHING`)

	// qReady says whether a consumer may go on, where it has anything to pass. It is asked outside of a
	// transaction, so that an idle consumer takes no lock.
	qReady = db.Stmt(`SELECT CASE WHEN (lease_owner = $2 OR lease_until_us <= $3) AND retry_us <= $3
			THEN 1 ELSE 0 END
		FROM outbox_cursor c
		WHERE name = $1 AND EXISTS (SELECT 1 FROM outbox o WHERE (o.seq, o.n) > (c.seq, c.n))`)
	qLease = db.Stmt(`UPDATE outbox_cursor
		SET lease_owner = $2, lease_until_us = $4, version = version + 1
		WHERE name = $1 AND (lease_owner = $2 OR lease_until_us <= $3) AND retry_us <= $3
		RETURNING seq, n`)
	qMove = db.Stmt(`UPDATE outbox_cursor SET seq = $2, n = $3, moved_us = $4, failures = 0,
			failed_us = 0, retry_us = 0, error = '', version = version + 1
		WHERE name = $1 AND seq = $5 AND n = $6`)
	qRelease = db.Stmt(`UPDATE outbox_cursor SET lease_until_us = 0, version = version + 1
		WHERE lease_owner = $1 AND lease_until_us > 0`)
	qFailures = db.Stmt(`SELECT failures FROM outbox_cursor
		WHERE name = $1 AND seq = $2 AND n = $3`)
	qFailed = db.Stmt(`UPDATE outbox_cursor SET failures = $4, error = $5, retry_us = $6,
			failed_us = CASE WHEN failures = 0 THEN $7 ELSE failed_us END, version = version + 1
		WHERE name = $1 AND seq = $2 AND n = $3`)
	qRewind = db.Stmt(`UPDATE outbox_cursor SET seq = 0, n = 0, moved_us = $2, lease_owner = $3,
			lease_until_us = $4, failures = 0, failed_us = 0, retry_us = 0, error = '',
			form = $5, version = version + 1
		WHERE name = $1`)
	qForm    = db.Stmt(`SELECT form FROM outbox_cursor WHERE name = $1`)
	qRenewed = db.Stmt(`UPDATE outbox_cursor SET form = $2, version = version + 1 WHERE name = $1`)
	qHold    = db.Stmt(`UPDATE outbox_cursor SET version = version + 1 WHERE name = $1 RETURNING form`)

	// Taking the row, even without changing it, keeps pruning and rebuilding apart.
	qFloor = db.Stmt(`UPDATE outbox_floor SET version = version + 1 WHERE name = 'main'
		RETURNING seq`)
	qRaise = db.Stmt(`UPDATE outbox_floor SET seq = $1 WHERE name = 'main' AND seq < $1`)
	// Everybody is past an event when it is before the place of the slowest.
	qPrunable = db.Stmt(`SELECT MAX(seq) FROM (SELECT seq FROM outbox
		WHERE at_us < $1 AND seq < (SELECT MIN(seq) FROM outbox_cursor)
		ORDER BY seq LIMIT $2) AS old HAVING COUNT(*) > 0`)
	qPrune = db.Stmt(`DELETE FROM outbox WHERE seq <= $1`)
)

// floor returns the number up to which events were removed and locks it for the transaction.
func floor(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Get(ctx, tx, qFloor, db.One[int64])
}
