package market

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Bounds of a search.
const (
	maxQuery      = 100 // characters
	maxQueryGrams = 12
)

var (
	qGramDrop = db.Stmt(`DELETE FROM market_gram WHERE post = $1`)
	qGramAdd  = db.Stmt(`INSERT INTO market_gram (gram, post) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
)

// gramRows are what a post is found by: the pairs of characters of its title, as party.IndexGrams has them.
// Nothing but the title may be looked for: whoever knows of a post knows its title.
func (p Post) gramRows() [][]any {
	grams := party.IndexGrams(p.Title)
	for _, m := range p.Modes {
		grams = append(grams, modeGram(m))
	}
	rows := make([][]any, len(grams))
	for i, g := range grams {
		rows[i] = []any{g, p.ID}
	}
	return rows
}

// modeGram is the entry by which posts with a way to work together are found. No pair of characters
// looks like it, so no words of a query ask for it; only the filter does, and it keeps to posts that
// the reader may read all of.
func modeGram(mode string) string { return "mode:" + mode }

// hasGram keeps posts whose title has a pair of characters, or a single one. What modeGram stores is longer than
// both.
func hasGram(g string) db.Where {
	if utf8.RuneCountInString(g) > 1 {
		return db.Where{}.And("EXISTS (SELECT 1 FROM market_gram AS g WHERE g.gram = $1 AND g.post = p.id)", g)
	}
	from, before := party.GramRange(g)
	return db.Where{}.And(`p.id IN (SELECT g.post FROM market_gram AS g WHERE g.gram >= $1 AND g.gram < $2
		AND length(g.gram) <= 2)`, from, before)
}

// words keeps posts whose title has every pair of characters of a query, or that have the code. An
// empty query keeps all, one without letters none.
func words(w db.Where, query string) db.Where {
	if query == "" {
		return w
	}
	query = firstRunes(query, maxQuery)
	byCode := db.Where{}.And("p.code = $1", strings.ToUpper(tidy(width.Fold.String(query))))
	grams := party.Grams(query)
	if len(grams) == 0 {
		return w.AndAll(byCode)
	}
	titled := db.Where{}
	for _, g := range grams[:min(len(grams), maxQueryGrams)] {
		titled = titled.AndAll(hasGram(g))
	}
	return w.AndAll(db.Or(byCode, titled))
}
