package audit

import (
	"context"
	"fmt"

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
	// A SQLite transaction has the database for itself.
	qLock = db.StmtFor(db.SQL{
		SQLite:   `SELECT seq, hash FROM audit_head WHERE name = 'main'`,
		Postgres: `SELECT seq, hash FROM audit_head WHERE name = 'main' FOR UPDATE`,
	})
	qMove = db.Stmt(`UPDATE audit_head SET seq = $1, hash = $2 WHERE name = 'main'`)
	// qChain is Record.Sum in SQL: the head moves on by one record that ends in $1. The hash of a
	// record needs the one before, and this saves a round trip while everybody waits for the head.
	qChain = db.StmtFor(db.SQL{Postgres: `UPDATE audit_head SET seq = seq + 1,
		hash = ENCODE(SHA256(CONVERT_TO('13:yuntu-audit-1' ||
			OCTET_LENGTH(hash) || ':' || hash ||
			OCTET_LENGTH(CAST(seq + 1 AS TEXT)) || ':' || CAST(seq + 1 AS TEXT) || $1,
			'UTF8')), 'hex')
		WHERE name = 'main' RETURNING seq, hash`})
	// qAddHead stores the record that the head has just moved on to.
	qAddHead = db.Stmt(`INSERT INTO audit_entry (seq, at_us, account, login, role, via, request,
			use_case, kind, object, what, reason, detail, algo, hash)
		SELECT seq, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, hash
		FROM audit_head WHERE name = 'main'`)
	qHead = db.Stmt(`SELECT seq, hash FROM audit_head WHERE name = 'main'`)
	qHash = db.Stmt(`SELECT hash FROM audit_entry WHERE seq = $1`)
	qAdd  = db.Stmt(`INSERT INTO audit_entry (` + columns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qFrom = db.Stmt(`SELECT ` + columns + ` FROM audit_entry
		WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`)
	qAfter  = db.Stmt(`SELECT seq FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT 1`)
	qSettle = db.StmtFor(db.SQL{Postgres: `SELECT seq, hash, ` + db.Settling + `
		FROM audit_entry WHERE seq >= $1 AND seq <= $2`})
)

// Mark is a place in the chain: the number of a record and its hash. The zero Mark is before all.
type Mark struct {
	Seq  int64
	Hash string
}

func scanMark(r db.Row) (Mark, error) {
	var m Mark
	err := r.Scan(&m.Seq, &m.Hash)
	return m, err
}

// Chain puts the records at the end of the chain, numbers them, and returns the place of the last
// of them in the Mark: at once for several, after the commit for a single one. The head stays locked
// until the transaction ends, which makes the order of numbers the order of commits. Only package
// unit calls it, as the last thing in a write.
func Chain(ctx context.Context, tx *db.Tx, records []Record) (*Mark, error) {
	if tx.Dialect() == db.Postgres && len(records) == 1 && records[0].Algo == SHA256 {
		return chainThere(tx, &records[0]), nil
	}
	head, err := db.Get(ctx, tx, qLock, scanMark)
	if err != nil {
		return nil, fmt.Errorf("lock audit head: %w", err)
	}
	rows := make([][]any, len(records))
	for i := range records {
		r := &records[i]
		r.Seq = head.Seq + 1
		if r.Hash, err = r.Sum(head.Hash); err != nil {
			return nil, err
		}
		head = Mark{r.Seq, r.Hash}
		rows[i] = []any{r.Seq, r.AtUs, r.Account, r.Login, r.Role, r.Via, r.Request, r.UseCase,
			r.Kind, r.Object, r.What, r.Reason, r.Detail, string(r.Algo), r.Hash}
	}
	if len(rows) > fewRecords {
		if _, err := db.InsertMany(ctx, tx, qAdd, rows); err != nil {
			return nil, err
		}
	} else {
		for _, row := range rows {
			tx.Last(qAdd, row...)
		}
	}
	tx.Last(qMove, head.Seq, head.Hash)
	return &head, nil
}

// fewRecords is how many travel with the COMMIT; more are stored many at a time before it.
const fewRecords = 16

// chainThere lets the database number and hash a record.
func chainThere(tx *db.Tx, r *Record) *Mark {
	var head Mark
	tx.LastRow(qChain, func(row db.Row) error {
		var err error
		head, err = scanMark(row)
		return err
	}, string(r.appendTail(nil)))
	tx.Last(qAddHead, r.AtUs, r.Account, r.Login, r.Role, r.Via, r.Request, r.UseCase,
		r.Kind, r.Object, r.What, r.Reason, r.Detail, string(r.Algo))
	return &head
}

// Settle waits until everything that was committed early is on the disk, and returns which records
// with numbers from first to last are there. PostgreSQL only.
func Settle(ctx context.Context, d *db.DB, first, last int64) ([]Mark, error) {
	return db.Settle(ctx, d, qSettle, func(r db.Row) (Mark, error) {
		var m Mark
		var position string
		err := r.Scan(&m.Seq, &m.Hash, &position)
		return m, err
	}, first, last)
}

// Head returns the end of the chain.
func Head(ctx context.Context, q db.Q) (Mark, error) {
	return db.Get(ctx, q, qHead, scanMark)
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
	Account, Login, Kind, Object, UseCase, What string
	FromUs, ToUs                                int64 // half-open: FromUs ≤ at < ToUs
}

func (f Filter) where() db.Where {
	var w db.Where
	if f.Account != "" {
		w = w.And("account = $1", f.Account)
	}
	if f.Login != "" {
		w = w.And("login = $1", f.Login)
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

var qOne = db.Stmt(`SELECT ` + columns + ` FROM audit_entry WHERE seq = $1`)

// Get returns the record with a number. The caller has checked that the actor may read it.
func Get(ctx context.Context, q db.Q, seq int64) (Record, error) {
	return db.Get(ctx, q, qOne, scan, seq)
}
