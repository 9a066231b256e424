package indicator_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qRawIndicator = db.Stmt(`INSERT INTO plan_indicator (id, name, name_key, unit, direction, additive,
			definition, retired, created_us, created_by, updated_us, version)
		VALUES ('i', 'x', 'x', '家', 'up', TRUE, '', FALSE, 1, '', 1, 1)`)
	qRawDefinition = db.Stmt(`INSERT INTO indicator_definition (id, indicator, n, kind, body, unit, places,
			frequency, cumulative, formula, measure, dims, factor, org, org_now, org_name, due_days, due_time,
			floor, ceiling, jump, from_day, to_day, breaks, break_note, source, document, created_us,
			created_by, updated_us, version)
		VALUES ('f', 'i', 1, 'observed', '', '家', 0, 'year', FALSE, '', '', '', '', '', '', '', 5, '', '', '',
			'', '2020-01-01', '', FALSE, '', '', '', 1, '', 1, 1)`)
	qRawObservation = db.Stmt(`INSERT INTO indicator_observation (id, indicator, definition, region, about,
			about_name, period, first_day, last_day, value, qualifier, unit, as_of, source, statement,
			document, quote, origin, note, jump_note, reporter, reporter_now, reporter_name,
			reporter_region, due_us, revision, corrects, reason, submitted_us, submitted_by,
			submitted_login, approved_us, approved_by, approved_login, state, created_us, created_by,
			updated_us, version)
		VALUES ('v', 'i', 'f', '140403', '', '', '2025', '2025-01-01', '2025-12-31', '1', '=', '家',
			'2025-12-31', 'form', '', '', '', '', '', '', 'org-1', 'org-1', 'x', '140403', 1, 1, '', '', 0,
			'acc-own', '', 0, '', '', $1, 1, '', 1, 1)`)
	qRawLock = db.Stmt(`INSERT INTO indicator_lock (id, kind, object, period, first_day, last_day, reason,
			locked_us, locked_by, locked_login, unlocked_us, unlocked_by, unlocked_login, unlock_reason,
			version)
		VALUES ('l', 'indicator', 'i', '2025', '2025-01-01', '2025-12-31', '', 1, '', '', 0, '', '', '', 1)`)
)

// TestObservationProcess tries every state × step × role of a value.
func TestObservationProcess(t *testing.T) {
	create := func(locked bool) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			list := []error{db.ExecOne(ctx, tx.Tx, qRawIndicator), db.ExecOne(ctx, tx.Tx, qRawDefinition),
				db.ExecOne(ctx, tx.Tx, qRawObservation, state)}
			if locked {
				list = append(list, db.ExecOne(ctx, tx.Tx, qRawLock))
			}
			for _, err := range list {
				if err != nil {
					return "", err
				}
			}
			return "v", nil
		}
	}
	processtest.Exhaust(t, indicator.ObservationProcess, processtest.Setup[indicator.Observation]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer},
			{Name: "the officer who handed it in", By: authz.Actor{Account: "acc-own", Role: authz.Officer,
				Via: authz.ViaSession}},
			{Name: "its unit", By: authz.Actor{Account: "u", Role: authz.Department, Org: "org-1",
				Via: authz.ViaSession}},
			{Name: "another unit", By: authz.Actor{Account: "w", Role: authz.Department, Org: "org-2",
				Via: authz.ViaSession}},
			{Name: "its district", By: authz.Actor{Account: "d", Role: authz.District, Region: "140403",
				Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{{Name: "open", Create: create(false)}, {Name: "locked", Create: create(true)}},
		Input: func(string, indicator.Observation) process.Input { return process.Input{Reason: "因故"} },
	})
}

var (
	qRawSet = db.Stmt(`INSERT INTO indicator_set (id, code, name, year, label, source, note, retired,
			created_us, created_by, updated_us, version)
		VALUES ('s', 's', 's', 2026, '', '', '', FALSE, 1, '', 1, 1)`)
	qRawEdition = db.Stmt(`INSERT INTO indicator_set_edition (id, in_set, n, state, content, from_day, to_day,
			note, created_us, created_by, created_login, published_us, published_by, published_login,
			updated_us, version)
		VALUES ('v', 's', 1, $1, '', '', '', '', 1, '', '', 0, '', '', 1, 1)`)
)

// TestEditionProcess tries every state × step × role of an edition of a set.
func TestEditionProcess(t *testing.T) {
	processtest.Exhaust(t, indicator.EditionProcess, processtest.Setup[indicator.Edition]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer},
			{Name: "leader", By: leader},
			{Name: "a unit", By: authz.Actor{Account: "u", Role: authz.Department, Org: "org-1",
				Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{{Name: "edition", Create: func(ctx context.Context, tx *unit.Tx,
			state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			if err := db.ExecOne(ctx, tx.Tx, qRawSet); err != nil {
				return "", err
			}
			return "v", db.ExecOne(ctx, tx.Tx, qRawEdition, state)
		}}},
		Input: func(step string, _ indicator.Edition) process.Input {
			if step == indicator.StepPublish {
				return process.Input{Data: indicator.FirstDay("2026-12-01")}
			}
			return process.Input{Reason: "因故"}
		},
	})
}
