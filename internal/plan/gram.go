package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// What has pairs of characters, as plan_gram names it.
const (
	gramDocument  = "document"
	gramIndicator = "indicator"
	gramTask      = "task"
)

// Bounds of a search.
const (
	maxQuery      = 100 // characters
	maxQueryGrams = 12
	maxPerGram    = 400 // objects looked at for one pair when likeness is computed
	maxLikeGrams  = 40
	maxCandidates = 500
)

var (
	qGramDrop = db.Stmt(`DELETE FROM plan_gram WHERE kind = $1 AND object = $2`)
	qGramAdd  = db.Stmt(`INSERT INTO plan_gram (kind, gram, object) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`)
	qGramOf = db.Stmt(`SELECT object FROM plan_gram WHERE kind = $1 AND gram = $2
		ORDER BY object DESC LIMIT $3`)
	// qGramSizes counts the objects of maxLikeGrams pairs, each up to a bound.
	qGramSizes = db.Stmt(`WITH wanted (gram) AS (VALUES ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10),
		($11), ($12), ($13), ($14),
			($15), ($16), ($17), ($18), ($19), ($20), ($21), ($22), ($23), ($24), ($25),
			($26), ($27), ($28), ($29), ($30), ($31), ($32), ($33), ($34), ($35), ($36),
			($37), ($38), ($39), ($40), ($41), ($42))
		SELECT w.gram, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM plan_gram AS g
				WHERE g.kind = $1 AND g.gram = w.gram LIMIT $2) AS counted)
		FROM wanted AS w`)
)

// indexGrams are the pairs of names as they are stored, with the single characters, so that one
// character is found too.
func indexGrams(names ...string) []string {
	out := party.Grams(names...)
	for _, g := range out {
		for _, r := range g {
			if !slices.Contains(out, string(r)) {
				out = append(out, string(r))
			}
		}
	}
	return out
}

// setGrams makes an object be found by its names.
func setGrams(ctx context.Context, tx *unit.Tx, kind, object string, names ...string) error {
	if _, err := db.Exec(ctx, tx.Tx, qGramDrop, kind, object); err != nil {
		return err
	}
	_, err := db.InsertMany(ctx, tx.Tx, qGramAdd, gramRows(kind, object, names...))
	return err
}

// gramRows are the pairs of an object as they are stored.
func gramRows(kind, object string, names ...string) [][]any {
	var rows [][]any
	for _, g := range indexGrams(names...) {
		rows = append(rows, []any{kind, g, object})
	}
	return rows
}

// candidates returns the objects that share one of the rarest pairs of a name. Two names whose Dice
// is at least t share t·m/(2−t) of the m pairs of one of them or more, so an object that is like
// enough has at least one of the rarest m − t·m/(2−t) + 1 pairs: those alone are looked up.
func candidates(
	ctx context.Context, q db.Q, kind, name string, least float64,
) ([]string, error) {
	mine := pairs(name)
	shared := int(least * float64(len(mine)) / (2 - least))
	common, err := gramSizes(ctx, q, kind, mine)
	if err != nil {
		return nil, err
	}
	look := min(len(common), max(1, len(mine)-shared+1-(len(mine)-len(common))))
	seen := map[string]bool{}
	var out []string
	for _, c := range common[:look] {
		if len(out) >= maxCandidates {
			break
		}
		list, err := db.All(ctx, q, qGramOf, db.One[string], kind, c.gram, int64(maxPerGram))
		if err != nil {
			return nil, err
		}
		for _, object := range list {
			if !seen[object] {
				seen[object] = true
				out = append(out, object)
			}
		}
	}
	return out[:min(len(out), maxCandidates)], nil
}

// counted is a pair and how many objects have it, up to maxPerGram.
type counted struct {
	gram string
	n    int64
}

// gramSizes counts the objects of the first pairs of a name, the rarest first; those that nothing
// has are left out.
func gramSizes(ctx context.Context, q db.Q, kind string, grams []string) ([]counted, error) {
	if len(grams) == 0 {
		return nil, nil
	}
	args := []any{kind, int64(maxPerGram)}
	for i := range maxLikeGrams {
		gram := "" // of nothing
		if i < len(grams) {
			gram = grams[i]
		}
		args = append(args, gram)
	}
	all, err := db.All(ctx, q, qGramSizes, func(r db.Row) (counted, error) {
		var c counted
		err := r.Scan(&c.gram, &c.n)
		return c, err
	}, args...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.gram, b.gram))
	})
	return slices.DeleteFunc(all, func(c counted) bool { return c.n == 0 }), nil
}

// pairs are the pairs of neighbouring characters of a name without its places and modifiers that
// say nothing, see phraseKey.
func pairs(name string) []string { return party.Grams(phraseKey(name)) }

// phraseKey brings a phrase into the form in which two of them are compared: width and case do not
// matter, nor do the words that only say whose or which, such as 全市 or 累计.
func phraseKey(phrase string) string {
	key := strings.Join(strings.Fields(strings.ToLower(narrow(phrase))), "")
	for again := true; again; {
		again = false
		for _, w := range idleWords {
			if rest, ok := strings.CutPrefix(key, w); ok && utf8.RuneCountInString(rest) > 1 {
				key, again = rest, true
			}
		}
	}
	return key
}

// matching keeps the rows whose names have every pair of characters of a query; has adds the
// condition for one pair. An empty query keeps all rows, one without letters none.
func matching(
	w db.Where, query string, has func(w db.Where, gram string) db.Where,
) db.Where {
	if query == "" {
		return w
	}
	grams := party.Grams(firstRunes(query, maxQuery))
	if len(grams) == 0 {
		return w.AndAll(db.Nothing())
	}
	for _, g := range grams[:min(len(grams), maxQueryGrams)] {
		w = has(w, g)
	}
	return w
}
