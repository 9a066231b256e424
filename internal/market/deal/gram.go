package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// What has pairs of characters, as deal_gram names it.
const (
	gramDeal   = "deal"
	gramBroker = "broker"
)

const maxQueryGrams = 12

var (
	qGramDrop = db.Stmt(`DELETE FROM deal_gram WHERE kind = $1 AND object = $2`)
	qGramAdd  = db.Stmt(`INSERT INTO deal_gram (kind, gram, object) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`)
)

// gramRows are the pairs of an object as party.IndexGrams has them.
func gramRows(kind, object string, names ...string) [][]any {
	var rows [][]any
	for _, g := range party.IndexGrams(names...) {
		rows = append(rows, []any{kind, g, object})
	}
	return rows
}

// setGrams makes an object be found by its names.
func setGrams(ctx context.Context, tx *unit.Tx, kind, object string, names ...string) error {
	if _, err := db.Exec(ctx, tx.Tx, qGramDrop, kind, object); err != nil {
		return err
	}
	_, err := db.InsertMany(ctx, tx.Tx, qGramAdd, gramRows(kind, object, names...))
	return err
}

// matching keeps the rows whose names have every pair of characters of a query; has adds the
// condition for one pair, as the half-open range of what is stored. The database starts from what has one: a range
// asked anew for each row would be read to its end each time.
func matching(query string, has func(from, before string) db.Where) db.Where {
	w := db.Where{}
	grams := party.Grams(firstRunes(query, maxSearch))
	if len(grams) == 0 {
		return db.Nothing()
	}
	for _, g := range grams[:min(len(grams), maxQueryGrams)] {
		w = w.AndAll(has(party.GramRange(g)))
	}
	return w
}
