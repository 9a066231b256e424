package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

const observationColumns = `o.id, o.indicator, o.region, o.about, o.period, o.value, o.qualifier, o.unit,
	o.as_of, o.note, o.jump_note, o.origin, p.name, o.about_name, o.definition, o.source, o.statement,
	o.document, o.quote, o.reporter, o.reporter_name, o.due_us, o.revision, o.corrects, o.reason,
	o.submitted_us, o.submitted_login, o.approved_us, o.approved_login, o.state, o.created_us,
	o.updated_us, o.version, o.reporter_now, o.reporter_region, o.submitted_by, o.approved_by, o.created_by,
	o.written_by, f.places`

const observationFrom = `indicator_observation AS o
	JOIN plan_indicator AS p ON p.id = o.indicator
	JOIN indicator_definition AS f ON f.id = o.definition`

func scanObservation(r db.Row) (Observation, error) {
	var o Observation
	err := r.Scan(&o.ID, &o.Indicator, &o.Region, &o.Org, &o.Period, &o.Value, &o.Qualifier, &o.Unit,
		&o.AsOf, &o.Note, &o.JumpNote, &o.Origin, &o.Name, &o.OrgName, &o.Definition, &o.Source,
		&o.Statement, &o.Document, &o.Quote, &o.Reporter, &o.ReporterName, &o.DueUs, &o.Revision,
		&o.Corrects, &o.Reason, &o.SubmittedUs, &o.SubmittedLogin, &o.ApprovedUs, &o.ApprovedLogin,
		&o.State, &o.CreatedUs, &o.UpdatedUs, &o.Version, &o.reporterNow, &o.reporterAt, &o.submittedBy, &o.approvedBy,
		&o.createdBy, &o.writtenBy, &o.places)
	return o, err
}

var (
	qObservation = db.Stmt(`SELECT ` + observationColumns + ` FROM ` + observationFrom + `
		WHERE o.id = $1`)
	qObservationCell = db.Stmt(`SELECT ` + observationColumns + ` FROM ` + observationFrom + `
		WHERE o.indicator = $1 AND o.region = $2 AND o.about = $3 AND o.period = $4
		ORDER BY o.revision DESC`)
	qObservationAdd = db.Stmt(`INSERT INTO indicator_observation (id, indicator, definition, region, about,
			about_name, period, first_day, last_day, value, qualifier, unit, as_of, source, statement,
			document, quote, origin, note, jump_note, reporter, reporter_now, reporter_name, reporter_region, due_us,
			revision, corrects, reason, submitted_us, submitted_by, submitted_login, approved_us,
			approved_by, approved_login, state, created_us, created_by, updated_us, version, written_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, 0, '', '', 0, '', '', 'draft', $29, $30, $29, 1, $30)`)
	qObservationSet = db.Stmt(`UPDATE indicator_observation SET value = $3, qualifier = $4, unit = $5,
			as_of = $6, origin = $7, note = $8, jump_note = $9, source = $10, statement = $11,
			document = $12, quote = $13, definition = $14, due_us = $15, reason = $16, updated_us = $17,
			written_by = $18, version = version + 1
		WHERE id = $1 AND version = $2`)
	qObservationMove = db.Stmt(`UPDATE indicator_observation SET state = $1, version = version + 1,
			updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qObservationSubmitted = db.Stmt(`UPDATE indicator_observation SET
			submitted_us = CASE WHEN submitted_us = 0 THEN $2 ELSE submitted_us END,
			submitted_by = $3, submitted_login = $4
		WHERE id = $1`)
	qObservationApproved = db.Stmt(`UPDATE indicator_observation SET approved_us = $2, approved_by = $3,
			approved_login = $4
		WHERE id = $1`)
	// Whether the periods that a day span lies in are locked for an indicator, by itself or in a set.
	qLocked = db.Stmt(`SELECT COUNT(*) FROM indicator_lock AS l
		WHERE l.unlocked_us = 0 AND l.first_day <= $2 AND l.last_day >= $3
			AND (l.kind = 'indicator' AND l.object = $1 OR l.kind = 'set' AND EXISTS
				(SELECT 1 FROM indicator_edition_item AS i JOIN indicator_set_edition AS e ON e.id = i.edition
					WHERE i.in_set = l.object AND i.indicator = $1 AND ` + lockedSet + `))`)
)

// observationByID loads an observation with all that its steps look at.
func observationByID(ctx context.Context, q db.Q, id string) (Observation, error) {
	o, err := db.Get(ctx, q, qObservation, scanObservation, id)
	if err != nil {
		return o, err
	}
	if o.locked, err = isLocked(ctx, q, o.Cell); err != nil || o.State != Submitted {
		return o, err
	}
	o.outdated, err = outdated(ctx, q, o)
	return o, err
}

// outdated says why a value that was handed in counts no longer: its definition does not hold for its period
// any more. It is nil for a value that does.
func outdated(ctx context.Context, q db.Q, o Observation) (*fault.Error, error) {
	all, err := db.All(ctx, q, qDefinitions, scanDefinition, o.Indicator)
	if err != nil {
		return nil, err
	}
	d, found := holding(all, clock.Date(o.Period.LastDay()))
	switch {
	case !found:
		return fault.New(fault.Conflict, "%s 没有生效的口径，不能审核通过，请退回", string(o.Period)), nil
	case d.ID != o.Definition:
		return fault.New(fault.Conflict, "%s 现按第 %d 版口径统计，请退回后按新版重报", string(o.Period), d.N), nil
	}
	return nil, nil
}

func isLocked(ctx context.Context, q db.Q, c Cell) (bool, error) {
	n, err := db.Get(ctx, q, qLocked, db.One[int64], c.Indicator, c.Period.FirstDay(), c.Period.LastDay())
	return n > 0, err
}
