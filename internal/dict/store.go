package dict

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qEditions = db.Stmt(`SELECT list, edition, title, source, effective_from, items, loaded_us
		FROM code_list ORDER BY list, effective_from`)
	qItems = db.Stmt(`SELECT list, edition, code, parent, name, kind FROM code_item
		ORDER BY list, edition, sort`)
	qAddEdition = db.Stmt(`INSERT INTO code_list
		(list, edition, title, source, effective_from, items, loaded_us, loaded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`)
	qAddItem = db.Stmt(`INSERT INTO code_item (list, edition, code, parent, name, kind, sort)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)

	qYears = db.Stmt(`SELECT y.year, y.version, h.day, h.is_off, h.name, h.source
		FROM holiday_year AS y JOIN holiday AS h ON h.year = y.year ORDER BY y.year, h.day`)
	qAddYear = db.Stmt(`INSERT INTO holiday_year (year, version, updated_us, updated_by)
		VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING`)
	qSetYear = db.Stmt(`UPDATE holiday_year SET version = version + 1, updated_us = $3,
		updated_by = $4 WHERE year = $1 AND version = $2`)
	qDropDays = db.Stmt(`DELETE FROM holiday WHERE year = $1`)
	qAddDay   = db.Stmt(`INSERT INTO holiday (year, day, is_off, name, source)
		VALUES ($1, $2, $3, $4, $5)`)
)

// read makes a snapshot of what is stored. Editions are read before their items: an edition that is
// seen is complete, and items of one stored in between are left for the next time.
func read(ctx context.Context, q db.Q) (*snapshot, error) {
	editions, err := db.All(ctx, q, qEditions, scanEdition)
	if err != nil {
		return nil, err
	}
	type key struct {
		list    ListID
		edition string
	}
	items := make(map[key][]Item, len(editions))
	for _, e := range editions {
		items[key{e.List, e.Edition}] = make([]Item, 0, e.Items)
	}
	err = db.Each(ctx, q, qItems, func(r db.Row) error {
		var k key
		var it Item
		err := r.Scan(&k.list, &k.edition, &it.Code, &it.Parent, &it.Name, &it.Kind)
		if known, ok := items[k]; ok && err == nil {
			items[k] = append(known, it)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s := emptySnapshot()
	s.lists = map[ListID][]*edition{}
	for _, e := range editions {
		s.lists[e.List] = append(s.lists[e.List], newEdition(e, items[key{e.List, e.Edition}]))
	}
	s.arrange()
	return s, s.readCalendar(ctx, q)
}

func scanEdition(r db.Row) (Edition, error) {
	var e Edition
	err := r.Scan(&e.List, &e.Edition, &e.Title, &e.Source, &e.From, &e.Items, &e.LoadedUs)
	return e, err
}

func (s *snapshot) readCalendar(ctx context.Context, q db.Q) error {
	years := map[int][]clock.Holiday{}
	s.yearVersions = map[int]int64{}
	err := db.Each(ctx, q, qYears, func(r db.Row) error {
		var year int
		var version int64
		var h clock.Holiday
		if err := r.Scan(&year, &version, &h.Day, &h.Off, &h.Name, &h.Source); err != nil {
			return err
		}
		years[year] = append(years[year], h)
		s.yearVersions[year] = version
		return nil
	})
	for year, holidays := range years {
		s.calendar = s.calendar.With(year, holidays)
	}
	return err
}

// addEdition stores an edition with its items. It reports false, and stores nothing, when the list
// has the edition already, or one that takes effect on the same day.
func addEdition(ctx context.Context, tx *unit.Tx, e Edition, items []Item) (bool, error) {
	n, err := db.Exec(ctx, tx.Tx, qAddEdition, string(e.List), e.Edition, e.Title, e.Source,
		string(e.From), int64(len(items)), tx.NowUs(), tx.By().Account)
	if err != nil || n == 0 {
		return false, err
	}
	rows := make([][]any, len(items))
	for i, it := range items {
		rows[i] = []any{string(e.List), e.Edition, it.Code, it.Parent, it.Name, string(it.Kind),
			int64(i)}
	}
	_, err = db.InsertMany(ctx, tx.Tx, qAddItem, rows)
	return err == nil, err
}

// addDays stores the days of a year, whose row exists.
func addDays(ctx context.Context, tx *unit.Tx, year int, holidays []clock.Holiday) error {
	rows := make([][]any, len(holidays))
	for i, h := range holidays {
		rows[i] = []any{int64(year), string(h.Day), h.Off, h.Name, h.Source}
	}
	_, err := db.InsertMany(ctx, tx.Tx, qAddDay, rows)
	return err
}
