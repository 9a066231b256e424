package assess

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const schemeCols = `s.id, s.name, s.edition, s.source, s.mark, s.valid_from, s.params, s.created_us, s.version`

func scanScheme(r db.Row) (Scheme, error) {
	var s Scheme
	var params string
	err := r.Scan(&s.ID, &s.Name, &s.Edition, &s.Source, &s.Mark, &s.ValidFrom, &params, &s.CreatedUs,
		&s.Version)
	if err != nil {
		return s, err
	}
	return s, decode(params, &s.Params)
}

const roundCols = `r.id, r.code, r.title, r.year, r.region, r.scheme, r.scheme_name, r.edition, r.params,
	r.note, r.computed_us, r.marked_us, r.state, r.created_us, r.created_by, r.updated_us, r.version`

func scanRound(r db.Row) (Round, error) {
	var x Round
	var params string
	err := r.Scan(&x.ID, &x.Code, &x.Title, &x.Year, &x.Region, &x.Scheme, &x.SchemeName, &x.Edition,
		&params, &x.Note, &x.ComputedUs, &x.MarkedUs, &x.State, &x.CreatedUs, &x.CreatedBy, &x.UpdatedUs,
		&x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(params, &x.Params)
}

const (
	entryCols = `e.id, e.round, e.org, e.org_now, e.org_name, e.region, e.grouping, e.facts, e.found_us,
		e.result, e.place, e.grade, r.state, r.created_by`
	entryFrom = `assess_entry AS e JOIN assess_round AS r ON r.id = e.round`
)

func scanEntry(r db.Row) (Entry, error) {
	var e Entry
	var facts, result string
	err := r.Scan(&e.ID, &e.Round, &e.Org, &e.OrgNow, &e.OrgName, &e.Region, &e.Group, &facts, &e.FoundUs,
		&result, &e.rank, &e.grade, &e.State, &e.holder)
	if err != nil {
		return e, err
	}
	if err := decode(facts, &e.Facts); err != nil || result == "" {
		return e, err
	}
	e.Result = new(Result)
	return e, decode(result, e.Result)
}

func scanMark(r db.Row) (Mark, error) {
	var m Mark
	err := r.Scan(&m.ID, &m.Key, &m.Value, &m.Reason, &m.AtUs, &m.Login)
	return m, err
}

const (
	appealCols = `a.id, a.entry, e.org_name, a.key, a.text, a.answer_days, a.state, a.created_us, a.created_by,
		a.login, a.updated_us, a.version, e.org_now, e.region, e.grouping, r.state, r.created_by`
	appealFrom = `assess_appeal AS a JOIN assess_entry AS e ON e.id = a.entry
		JOIN assess_round AS r ON r.id = e.round`
)

func scanAppeal(r db.Row) (Appeal, error) {
	var a Appeal
	err := r.Scan(&a.ID, &a.Entry, &a.OrgName, &a.Key, &a.Text, &a.AnswerDays, &a.State, &a.CreatedUs,
		&a.CreatedBy, &a.Login, &a.UpdatedUs, &a.Version, &a.entry.OrgNow, &a.entry.Region, &a.entry.Group,
		&a.entry.State, &a.holder)
	return a, err
}

var (
	qScheme    = db.Stmt(`SELECT ` + schemeCols + ` FROM assess_scheme AS s WHERE s.id = $1`)
	qSchemeAdd = db.Stmt(`INSERT INTO assess_scheme (id, name, edition, source, mark, valid_from, params,
			created_us, created_by, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
		ON CONFLICT DO NOTHING`)
	qSchemeLast = db.Stmt(`SELECT COALESCE(MAX(edition), 0) FROM assess_scheme WHERE name = $1`)

	qRound    = db.Stmt(`SELECT ` + roundCols + ` FROM assess_round AS r WHERE r.id = $1`)
	qRoundAdd = db.Stmt(`INSERT INTO assess_round (id, code, title, year, region, scheme, scheme_name, edition,
			params, note, computed_us, marked_us, state, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 'draft', $11, $12, $11, 1)`)
	qRoundMove = db.Stmt(`UPDATE assess_round SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qRoundSet = db.Stmt(`UPDATE assess_round SET title = $3, year = $4, region = $5, scheme = $6,
		scheme_name = $7, edition = $8, params = $9, note = $10, updated_us = $11, version = version + 1
		WHERE id = $1 AND version = $2`)
	qRoundMarked = db.Stmt(`UPDATE assess_round SET marked_us = $3, updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qRoundCounted = db.Stmt(`UPDATE assess_round SET computed_us = $3, updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qUnits   = db.Stmt(`SELECT COUNT(*) FROM assess_entry WHERE round = $1`)
	qPending = db.Stmt(`SELECT COUNT(*) FROM assess_appeal AS a JOIN assess_entry AS e ON e.id = a.entry
		WHERE e.round = $1 AND a.state = 'filed'`)

	qEntry    = db.Stmt(`SELECT ` + entryCols + ` FROM ` + entryFrom + ` WHERE e.id = $1`)
	qEntries  = db.Stmt(`SELECT ` + entryCols + ` FROM ` + entryFrom + ` WHERE e.round = $1 ORDER BY e.id`)
	qEntryAdd = db.Stmt(`INSERT INTO assess_entry (id, round, org, org_now, org_name, region, grouping, facts,
			found_us, result, place, grade) VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, '', 0, '')`)
	qEntryDrop   = db.Stmt(`DELETE FROM assess_entry WHERE id = $1 AND round = $2`)
	qEntryFound  = db.Stmt(`UPDATE assess_entry SET facts = $2, found_us = $3 WHERE id = $1`)
	qEntryResult = db.Stmt(`UPDATE assess_entry SET result = $2, place = $3, grade = $4 WHERE id = $1`)

	qMarkAdd = db.Stmt(`INSERT INTO assess_mark (id, entry, key, value, reason, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qMarks = db.Stmt(`SELECT id, key, value, reason, at_us, login FROM assess_mark WHERE entry = $1
		ORDER BY id LIMIT 2000`)
	qMarksDrop = db.Stmt(`DELETE FROM assess_mark WHERE entry = $1`)

	qAppeal     = db.Stmt(`SELECT ` + appealCols + ` FROM ` + appealFrom + ` WHERE a.id = $1`)
	qAppealsOf  = db.Stmt(`SELECT ` + appealCols + ` FROM ` + appealFrom + ` WHERE a.entry = $1 ORDER BY a.id LIMIT 200`)
	qAppealMove = db.Stmt(`UPDATE assess_appeal SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qAppealAdd = db.Stmt(`INSERT INTO assess_appeal (id, entry, key, text, answer_days, state, created_us,
			created_by, login, updated_us, version) VALUES ($1, $2, $3, $4, $5, 'filed', $6, $7, $8, $6, 1)`)

	qCount = db.Stmt(`INSERT INTO assess_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = assess_counter.last + 1 RETURNING last`)
)

var (
	schemeList = db.Select(schemeCols, `assess_scheme AS s`, db.Order{Name: "from", Desc: true,
		Cols: []db.Col{db.TextCol("s.valid_from"), db.TextCol("s.id")}})
	roundList = db.Select(roundCols, `assess_round AS r`, db.Order{Name: "year", Desc: true,
		Cols: []db.Col{db.IntCol("r.year"), db.TextCol("r.id")}})
	entryList = db.Select(entryCols, entryFrom, db.Order{Name: "place",
		Cols: []db.Col{db.TextCol("e.grouping"), db.IntCol("e.place"), db.TextCol("e.org_name"), db.TextCol("e.id")}})
	appealList = db.Select(appealCols, appealFrom, db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("a.created_us"), db.TextCol("a.id")}})
)

// roundByID loads a round with what its guards look at.
func roundByID(ctx context.Context, q db.Q, roundID string) (Round, error) {
	x, err := db.Get(ctx, q, qRound, scanRound, roundID)
	if err != nil {
		return x, err
	}
	if x.Units, err = db.Get(ctx, q, qUnits, db.One[int64], roundID); err != nil {
		return x, err
	}
	x.OpenAppeals, err = db.Get(ctx, q, qPending, db.One[int64], roundID)
	return x, err
}

func entryByID(ctx context.Context, q db.Q, entryID string) (Entry, error) {
	return db.Get(ctx, q, qEntry, scanEntry, entryID)
}

func appealByID(ctx context.Context, q db.Q, appealID string) (Appeal, error) {
	return db.Get(ctx, q, qAppeal, scanAppeal, appealID)
}

func next(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}
