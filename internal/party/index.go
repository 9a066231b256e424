package party

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The index answers which organisations have what a filter asks for, how many they are, and which
// names are like another. Every organisation has a number; every term has the set of the numbers
// of those that have it. Sets of 200,000 numbers are put together in microseconds, so a count is
// exact and needs no table of counts. The index is changed in the transaction that changes the
// organisation: what it says is never late.

// indexVersion is raised when the terms of an organisation change by a change of the program, and
// with it the folding of names in fold and NameKey. The index is then made anew at the next start.
const indexVersion = 1

// Terms that say something else than the characters of a name begin with a letter and a colon,
// which no folded name holds.
const (
	termLiving   = "l:" // not merged into another record
	termKind     = "k:"
	termState    = "s:"
	termStanding = "t:"
	termRegion   = "r:" // the digits that count: 14, 1401, 140105
	termIndustry = "i:" // each beginning of the code
	termAuthor   = "a:" // created by
	termLength   = "n:" // so many pairs of characters in the key of the name
)

// termEnd stands between the terms of an organisation.
const termEnd = "\n"

// terms returns the terms of an organisation that is known by other names too.
func (o *Org) terms(others []string) []string {
	var out []string
	if o.MergedInto == "" {
		out = append(out, termLiving)
	}
	for prefix, v := range map[string]string{termKind: o.Kind, termState: o.State,
		termStanding: o.Standing, termAuthor: o.CreatedBy} {
		if v != "" {
			out = append(out, prefix+v)
		}
	}
	for n := 2; n <= len(o.Region); n += 2 {
		out = append(out, termRegion+string(o.Region[:n]))
	}
	for n := range len(o.Industry) {
		out = append(out, termIndustry+o.Industry[:n+1])
	}
	// Keys stand beside names, so that near duplicates share pairs whatever was left out of their
	// spelling.
	names := append([]string{o.Name, o.NameEn, o.USCC}, others...)
	for _, n := range names[:len(names):len(names)] {
		names = append(names, NameKey(n))
	}
	out = append(out, lengthTerm(len(Grams(NameKey(o.Name)))))
	out = append(out, searchGrams(names...)...)
	slices.Sort(out)
	return slices.Compact(out)
}

func lengthTerm(pairs int) string { return termLength + strconv.Itoa(pairs) }

var (
	qNumbers = db.Stmt(`UPDATE org_change SET n = n + $1 WHERE name = 'number' RETURNING n`)
	qIndexed = db.Stmt(`SELECT o.num, COALESCE(t.terms, '') FROM org AS o
		LEFT JOIN org_terms AS t ON t.org = o.id WHERE o.id = $1`)
	qTermsSet = db.Stmt(`INSERT INTO org_terms (org, num, at, terms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org) DO UPDATE SET at = excluded.at, terms = excluded.terms`)
	qTermSet = db.Stmt(`INSERT INTO org_term (term, block, nums) VALUES ($1, $2, $3)
		ON CONFLICT (term, block) DO UPDATE SET nums = excluded.nums`)

	termList = db.Select(`t.term, t.block, t.nums`, `org_term AS t`,
		db.Order{Name: "term", Cols: []db.Col{db.TextCol("t.term"), db.IntCol("t.block")}})
)

// place is a row of org_term.
type place struct {
	term  string
	block int64
}

// termBlock is a place with the text of its set.
type termBlock struct {
	place
	nums string
}

func scanTermBlock(r db.Row) (termBlock, error) {
	var x termBlock
	err := r.Scan(&x.term, &x.block, &x.nums)
	return x, err
}

// indexing gathers what changes in the index.
type indexing struct {
	add, drop map[place][]int64
	terms     [][]any // rows of org_terms, without at
	renewed   map[string]bool
}

func newIndexing() *indexing {
	return &indexing{add: map[place][]int64{}, drop: map[place][]int64{}, renewed: map[string]bool{}}
}

// set makes an organisation that has changed stand under the terms next instead of old.
func (x *indexing) set(orgID string, num int64, old string, next []string) {
	x.terms = append(x.terms, []any{orgID, num, int64(0), strings.Join(next, termEnd)})
	was := strings.Split(old, termEnd)
	b := blockOf(num)
	for _, t := range next {
		if _, there := slices.BinarySearch(was, t); !there {
			x.add[place{t, b}] = append(x.add[place{t, b}], num)
		}
	}
	for _, t := range was {
		if _, stays := slices.BinarySearch(next, t); !stays {
			x.drop[place{t, b}] = append(x.drop[place{t, b}], num)
		}
	}
}

// store writes the changes. Those who change the index wait for each other from here to their
// commits, so it is the last thing that a transaction does with organisations.
func (x *indexing) store(ctx context.Context, tx *unit.Tx) error {
	at, err := changed(ctx, tx)
	if err != nil {
		return err
	}
	for _, row := range x.terms {
		row[termsAt] = at
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qTermsSet, x.terms); err != nil {
		return err
	}
	byBlock := map[int64][]string{}
	for _, m := range []map[place][]int64{x.add, x.drop} {
		for p := range m {
			byBlock[p.block] = append(byBlock[p.block], p.term)
		}
	}
	for _, b := range slices.Sorted(maps.Keys(byBlock)) {
		terms := byBlock[b]
		slices.Sort(terms)
		for part := range slices.Chunk(slices.Compact(terms), termsAtOnce) {
			if err := x.storeBlock(ctx, tx, b, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// termsAtOnce is how many terms one query asks for: see db.ListAmong.
const termsAtOnce = 128

func (x *indexing) storeBlock(
	ctx context.Context, tx *unit.Tx, block int64, terms []string,
) error {
	args := make([]any, len(terms))
	for i, t := range terms {
		args[i] = t
	}
	have := map[string]string{}
	err := db.Stream(ctx, tx, termList, db.Where{}.And("t.block = $1", block).In("t.term", args...),
		termList.Order("term"), len(terms), scanTermBlock, func(t termBlock) error {
			have[t.term] = t.nums
			return nil
		})
	if err != nil {
		return err
	}
	var rows [][]any
	for _, t := range terms {
		var s numbers
		if err := s.addBlock(0, have[t]); err != nil {
			return err
		}
		p := place{t, block}
		for _, n := range x.add[p] {
			s.add(n % blockSize)
		}
		for _, n := range x.drop[p] {
			s.remove(n % blockSize)
		}
		rows = append(rows, []any{t, block, s.block(0)})
	}
	_, err = db.InsertMany(ctx, tx.Tx, qTermSet, rows)
	return err
}

// termsAt is the place of org_terms.at in a row.
const termsAt = 2

// setNew puts new organisations with the numbers from first on into the index.
func (x *indexing) setNew(list []Org, first int64) {
	for i := range list {
		x.set(list[i].ID, first+int64(i), "", list[i].terms(nil))
	}
}

// takeNumbers returns the first of n new numbers.
func takeNumbers(ctx context.Context, tx *unit.Tx, n int) (int64, error) {
	last, err := db.Get(ctx, tx, qNumbers, db.One[int64], int64(n))
	return last - int64(n) + 1, err
}

// reindex brings the index up to date after a change of organisations, of their aliases or merges.
// Every change ends with it.
func reindex(ctx context.Context, tx *unit.Tx, orgIDs ...string) error {
	x := newIndexing()
	for _, orgID := range orgIDs {
		if err := x.renewAll(ctx, tx, orgID); err != nil {
			return err
		}
	}
	return x.store(ctx, tx)
}

// renewAll makes the terms of an organisation anew, and those of all records that it was merged
// into: it is found there too.
func (x *indexing) renewAll(ctx context.Context, tx *unit.Tx, orgID string) error {
	up, err := db.All(ctx, tx, qOrgAncestors, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, one := range up {
		if x.renewed[one] {
			continue
		}
		x.renewed[one] = true
		if err := x.renew(ctx, tx, one); err != nil {
			return err
		}
	}
	return nil
}

// renew makes the terms of one organisation anew, from its own names and those of the records that
// were merged into it.
func (x *indexing) renew(ctx context.Context, tx *unit.Tx, orgID string) error {
	names, err := db.All(ctx, tx, qFamilyName, db.One[string], orgID)
	if err != nil {
		return err
	}
	o, err := orgByID(ctx, tx, orgID)
	if err != nil {
		return err
	}
	old, err := db.Get(ctx, tx, qIndexed, scanIndexed, orgID)
	if err != nil {
		return err
	}
	x.set(orgID, old.num, old.terms, o.terms(names))
	return nil
}

type indexedOrg struct {
	num   int64
	terms string
}

func scanIndexed(r db.Row) (indexedOrg, error) {
	var x indexedOrg
	err := r.Scan(&x.num, &x.terms)
	return x, err
}

// termSets loads the sets of terms, all as of one moment. A term that nobody has gives none.
func termSets(ctx context.Context, q db.Q, terms []string) (map[string]numbers, error) {
	out := map[string]numbers{}
	if len(terms) == 0 {
		return out, nil
	}
	args := make([]any, len(terms))
	for i, t := range terms {
		args[i] = t
	}
	err := db.Stream(ctx, q, termList, db.Where{}.In("t.term", args...), termList.Order("term"), 0,
		scanTermBlock, func(t termBlock) error {
			s := out[t.term]
			if err := s.addBlock(t.block, t.nums); err != nil {
				return err
			}
			out[t.term] = s
			return nil
		})
	return out, err
}
