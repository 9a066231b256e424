package indicator

import (
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

const definitionColumns = `d.id, d.indicator, d.n, d.kind, d.body, d.unit, d.places, d.frequency,
	d.cumulative, d.formula, d.measure, d.dims, d.factor, d.org, d.org_now, d.org_name, d.due_days,
	d.due_time, d.floor, d.ceiling, d.jump, d.from_day, d.to_day, d.breaks, d.break_note, d.source,
	d.document, d.created_us, d.created_by, d.updated_us, d.version, p.name, p.direction, p.additive`

const definitionFrom = `indicator_definition AS d JOIN plan_indicator AS p ON p.id = d.indicator`

func scanDefinition(r db.Row) (Definition, error) {
	var d Definition
	var dims string
	err := r.Scan(&d.ID, &d.Indicator, &d.N, &d.Kind, &d.Text, &d.Unit, &d.Places, &d.Frequency,
		&d.Cumulative, &d.Formula, &d.Measure, &dims, &d.Factor, &d.Org, &d.orgNow, &d.OrgName, &d.DueDays,
		&d.DueTime, &d.Floor, &d.Ceiling, &d.Jump, &d.From, &d.To, &d.Breaks, &d.BreakNote, &d.Source,
		&d.Document, &d.CreatedUs, &d.CreatedBy, &d.UpdatedUs, &d.Version, &d.Name, &d.Direction,
		&d.Additive)
	if err != nil || dims == "" {
		return d, err
	}
	if err := json.Unmarshal([]byte(dims), &d.Dims); err != nil {
		return d, fmt.Errorf("decode the dimensions of a definition: %w", err)
	}
	return d, nil
}

var (
	qDefinition  = db.Stmt(`SELECT ` + definitionColumns + ` FROM ` + definitionFrom + ` WHERE d.id = $1`)
	qDefinitions = db.Stmt(`SELECT ` + definitionColumns + ` FROM ` + definitionFrom + `
		WHERE d.indicator = $1 ORDER BY d.from_day`)
	qAllDefinitions = db.Stmt(`SELECT ` + definitionColumns + ` FROM ` + definitionFrom + `
		ORDER BY d.indicator, d.from_day`)
	qDefinitionAdd = db.Stmt(`INSERT INTO indicator_definition (id, indicator, n, kind, body, unit, places,
			frequency, cumulative, formula, measure, dims, factor, org, org_now, org_name, due_days, due_time,
			floor, ceiling, jump, from_day, to_day, breaks, break_note, source, document, created_us,
			created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, '', $23, $24, $25, $26, $27, $28, $27, 1)`)
	qDefinitionSet = db.Stmt(`UPDATE indicator_definition SET kind = $3, body = $4, unit = $5, places = $6,
			frequency = $7, cumulative = $8, formula = $9, measure = $10, dims = $11, factor = $12, org = $13,
			org_now = $14, org_name = $15, due_days = $16, due_time = $17, floor = $18, ceiling = $19,
			jump = $20, breaks = $21, break_note = $22, source = $23, document = $24, updated_us = $25,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qDefinitionClose = db.Stmt(`UPDATE indicator_definition SET to_day = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2 AND to_day = ''`)
	qDefinitionReopen = db.Stmt(`UPDATE indicator_definition SET to_day = '', updated_us = $3,
		version = version + 1 WHERE id = $1 AND version = $2 AND to_day <> ''`)
	qDefinitionUsed = db.Stmt(`SELECT COUNT(*) FROM indicator_observation WHERE definition = $1`)
)

// inForceOn is the condition that edition e is in force on the day $1.
const inForceOn = `e.state = 'published' AND e.from_day <= $1 AND (e.to_day = '' OR $1 < e.to_day)`

// setColumns are those of a set, with how many indicators it has on the day $1, and the first day of the edition
// that is in force then, when it is not the first one.
const setColumns = `s.id, s.code, s.name, s.year, s.label, s.source, s.note, s.retired,
	(SELECT COUNT(*) FROM indicator_edition_item AS i JOIN indicator_set_edition AS e ON e.id = i.edition
		WHERE e.in_set = s.id AND ` + inForceOn + `),
	EXISTS (SELECT 1 FROM indicator_set_edition AS e WHERE e.in_set = s.id AND e.state = 'published'),
	COALESCE((SELECT e.from_day FROM indicator_set_edition AS e WHERE e.in_set = s.id AND ` + inForceOn + `
		AND EXISTS (SELECT 1 FROM indicator_set_edition AS b
			WHERE b.in_set = s.id AND b.state = 'published' AND b.from_day < e.from_day)), ''),
	s.created_us, s.created_by, s.updated_us, s.version`

func scanSet(r db.Row) (Set, error) {
	var s Set
	err := r.Scan(&s.ID, &s.Code, &s.Name, &s.Year, &s.Label, &s.Source, &s.Note, &s.Retired, &s.Items,
		&s.Published, &s.since, &s.CreatedUs, &s.CreatedBy, &s.UpdatedUs, &s.Version)
	return s, err
}

func scanGroup(r db.Row) (Group, error) {
	var g Group
	err := r.Scan(&g.N, &g.Name, &g.Weight, &g.Mark, &g.Source)
	return g, err
}

func scanItem(r db.Row) (Item, error) {
	var x Item
	err := r.Scan(&x.Set, &x.N, &x.Group, &x.GroupName, &x.Indicator, &x.Name, &x.Title, &x.Unit, &x.Weight,
		&x.Direction, &x.Mark, &x.Note)
	return x, err
}

const itemColumns = `i.in_set, i.n, i.in_group, g.name, i.indicator, p.name, i.title, p.unit, i.weight,
	i.direction, i.mark, i.note`

const itemFrom = `indicator_edition_item AS i
	JOIN indicator_edition_group AS g ON g.edition = i.edition AND g.n = i.in_group
	JOIN plan_indicator AS p ON p.id = i.indicator`

var (
	qSet     = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s WHERE s.id = $2`)
	qSetCode = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s WHERE s.code = $2`)
	// The sets that are in use: not retired, and with an edition in force.
	qSets = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s
		WHERE NOT s.retired AND EXISTS (SELECT 1 FROM indicator_set_edition AS e
			WHERE e.in_set = s.id AND ` + inForceOn + `)
		ORDER BY s.year DESC, s.code`)
	qSetsOf = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s
		WHERE EXISTS (SELECT 1 FROM indicator_edition_item AS m
			JOIN indicator_set_edition AS e ON e.id = m.edition
			WHERE m.in_set = s.id AND m.indicator = $2 AND ` + inForceOn + `)
		ORDER BY s.year DESC, s.code`)
	qSetGroups = db.Stmt(`SELECT g.n, g.name, g.weight, g.mark, g.source FROM indicator_edition_group AS g
		JOIN indicator_set_edition AS e ON e.id = g.edition
		WHERE e.in_set = $2 AND ` + inForceOn + ` ORDER BY g.n`)
	qSetItems = db.Stmt(`SELECT ` + itemColumns + ` FROM ` + itemFrom + `
		JOIN indicator_set_edition AS e ON e.id = i.edition
		WHERE e.in_set = $2 AND ` + inForceOn + ` ORDER BY i.n`)
	qEditionOn = db.Stmt(`SELECT ` + editionColumns + ` FROM indicator_set_edition AS e
		WHERE e.in_set = $2 AND ` + inForceOn)
	qGroups = db.Stmt(`SELECT n, name, weight, mark, source FROM indicator_edition_group WHERE edition = $1
		ORDER BY n`)
	qItems = db.Stmt(`SELECT ` + itemColumns + ` FROM ` + itemFrom + ` WHERE i.edition = $1 ORDER BY i.n`)
)

// within is the condition that a value is of a place or of one inside it.
func within(place region.Code) db.Where {
	from, before, ok := authz.RegionRange(string(place))
	if !ok {
		return db.Nothing()
	}
	return db.Where{}.And("o.region >= $1 AND o.region < $2", from, before)
}

func anyOf(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
