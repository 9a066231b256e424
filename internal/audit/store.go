package audit

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

const columns = `seq, at_us, account, login, role, via, request, use_case,
	kind, object, what, reason, detail, algo, hash`

func scan(r db.Row) (Record, error) {
	var x Record
	err := r.Scan(&x.Seq, &x.AtUs, &x.Account, &x.Login, &x.Role, &x.Via, &x.Request, &x.UseCase,
		&x.Kind, &x.Object, &x.What, &x.Reason, &x.Detail, &x.Algo, &x.Hash)
	return x, err
}

var (
	qTake = db.Stmt(`UPDATE audit_head SET seq = seq + $1 WHERE name = 'main' RETURNING seq`)
	// The column takes no NULL, so this fails unless the head still stands at $1.
	qMove = db.Stmt(`UPDATE audit_head SET seq = CASE WHEN seq = $1 THEN seq + $2 END
		WHERE name = 'main'`)
	qHead = db.Stmt(`SELECT seq FROM audit_head WHERE name = 'main'`)
	qHash = db.Stmt(`SELECT hash FROM audit_entry WHERE seq = $1`)
	qAdd  = db.Stmt(`INSERT INTO audit_entry (` + columns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qFrom = db.Stmt(`SELECT ` + columns + ` FROM audit_entry
		WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`)
)

// Take reserves the next n numbers and returns the last of them. It locks the head until the
// transaction ends, which makes the order of numbers the order of commits. Only package unit
// calls it, as the last thing in a write.
func Take(ctx context.Context, tx *db.Tx, n int) (int64, error) {
	return db.Get(ctx, tx, qTake, db.One[int64], int64(n))
}

// Move is Take for a caller who knows that the head stands at seq: it moves and locks the head
// together with the commit. When the head has moved on, the transaction fails there and runs again.
func Move(tx *db.Tx, seq int64, n int) {
	tx.LastOrAgain(qMove, seq, int64(n))
}

// Append stores records that are already numbered and chained, together with the commit.
func Append(tx *db.Tx, records []Record) {
	for i := range records {
		r := &records[i]
		tx.Last(qAdd, r.Seq, r.AtUs, r.Account, r.Login, r.Role, r.Via, r.Request, r.UseCase,
			r.Kind, r.Object, r.What, r.Reason, r.Detail, string(r.Algo), r.Hash)
	}
}

// Head returns the number of the last record, 0 for an empty chain.
func Head(ctx context.Context, q db.Q) (int64, error) {
	return db.Get(ctx, q, qHead, db.One[int64])
}

// HashAt returns the hash of record seq, "" for 0.
func HashAt(ctx context.Context, q db.Q, seq int64) (string, error) {
	if seq == 0 {
		return "", nil
	}
	return db.Get(ctx, q, qHash, db.One[string], seq)
}

// Entries is the list of the audit browser, newest first by default.
var Entries = db.Select(columns, `audit_entry`,
	db.Order{Name: "newest", Desc: true, Cols: []db.Col{db.IntCol("seq")}},
	db.Order{Name: "oldest", Cols: []db.Col{db.IntCol("seq")}},
)

// Filter narrows the list of entries. Zero fields do not narrow.
type Filter struct {
	Account, Kind, Object, UseCase, What string
	FromUs, ToUs                         int64 // half-open: FromUs ≤ at < ToUs
}

func (f Filter) where() db.Where {
	var w db.Where
	if f.Account != "" {
		w = w.And("account = $1", f.Account)
	}
	if f.Kind != "" {
		w = w.And("kind = $1", f.Kind)
	}
	if f.Object != "" {
		w = w.And("object = $1", f.Object)
	}
	if f.UseCase != "" {
		w = w.And("use_case = $1", f.UseCase)
	}
	if f.What != "" {
		w = w.And("what = $1", f.What)
	}
	if f.FromUs != 0 {
		w = w.And("at_us >= $1", f.FromUs)
	}
	if f.ToUs != 0 {
		w = w.And("at_us < $1", f.ToUs)
	}
	return w
}

// List returns a page of the trail. The caller has checked that the actor may read it.
func List(
	ctx context.Context, q db.Q, f Filter, order string, p db.PageReq,
) (db.Page[Record], error) {
	return db.List(ctx, q, Entries, f.where(), Entries.Order(order), p, scan)
}

// Count returns how many entries the filter leaves, up to limit if that is > 0.
func Count(ctx context.Context, q db.Q, f Filter, limit int) (int64, error) {
	return Entries.Count(ctx, q, f.where(), limit)
}
