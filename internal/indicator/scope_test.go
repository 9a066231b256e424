package indicator

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qScopeIndicator = db.Stmt(`INSERT INTO plan_indicator (id, name, name_key, unit, direction, additive,
		definition, retired, created_us, created_by, updated_us, version)
	VALUES ('i', 'x', 'x', '家', 'up', TRUE, '', FALSE, 1, '', 1, 1)`)

var qScopeEdition = db.Stmt(`INSERT INTO indicator_set_edition (id, in_set, n, state, content, from_day,
		to_day, note, created_us, created_by, created_login, published_us, published_by, published_login,
		updated_us, version)
	VALUES ($1, $1, $2, $3, '', '', '', '', $2, '', '', 0, '', '', 1, 1)`)

var (
	scopePlaces = []string{"140105", "140106", "140100", "140403", ""}
	scopeOrgs   = []string{"org-1", "org-2", "org-3", ""}
)

// scopeRows fills a database with duties and values of many units in every state.
func scopeRows(ctx context.Context, tx *unit.Tx, r *rand.Rand) error {
	tx.Audit(audit.Entry{Kind: "test", What: "fill"})
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	err := db.ExecOne(ctx, tx.Tx, qScopeIndicator)
	if err != nil {
		return err
	}
	err = db.ExecOne(ctx, tx.Tx, qDefinitionAdd, "f", "i", int64(1), Observed, "", "家", int64(0), "year", false,
		"", "", "", "", "", "", "", int64(1), "", "", "", "", "2000-01-01", false, "", "", "", int64(1), "")
	if err != nil {
		return err
	}
	for n := range 40 {
		err := db.ExecOne(ctx, tx.Tx, qScopeEdition, "e"+strconv.Itoa(n), int64(n),
			pick([]string{EditionDraft, EditionPublished, EditionDiscarded}))
		if err != nil {
			return err
		}
	}
	for n := range 40 {
		name := strconv.Itoa(n)
		year := strconv.Itoa(2000 + n)
		org := pick(scopeOrgs)
		err := db.ExecOne(ctx, tx.Tx, qObservationAdd, "o"+name, "i", "f", "140105", "", "", year,
			year+"-01-01", year+"-12-31", "1", Exactly, "家", year+"-12-31", FromForm, "", "", "", "", "", "",
			org, org, org, pick(scopePlaces), int64(0), int64(1), "", "", int64(n), pick([]string{"acc", ""}))
		if err != nil {
			return err
		}
		state := []string{Draft, Submitted, Returned, Approved, Superseded, Withdrawn}[n%6]
		if err := db.ExecOne(ctx, tx.Tx, qObservationMove, state, int64(n), "o"+name, Draft,
			int64(1)); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qDutyAdd, "y"+name, "i", "1401"+strconv.Itoa(10+n), "", "", org, org, org,
			pick(scopePlaces), "2020-01-01", int64(n), "")
		if err != nil {
			return err
		}
	}
	return nil
}

// TestScopeEqualsMay proves that lists of values and duties show exactly what May allows: nobody
// counts what others have not handed in yet.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		r := rand.New(rand.NewPCG(7, 8))
		err := dbtest.Unit(t, d).Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill",
			func(tx *unit.Tx) error { return scopeRows(ctx, tx, r) })
		if err != nil {
			t.Fatal(err)
		}
		var values []Observation
		var list []Duty
		var drafts []Edition
		for n := range 40 {
			o, err := observationByID(ctx, d, "o"+strconv.Itoa(n))
			if err != nil {
				t.Fatal(err)
			}
			y, err := db.Get(ctx, d, qDuty, scanDuty, "y"+strconv.Itoa(n))
			if err != nil {
				t.Fatal(err)
			}
			e, err := editionByID(ctx, d, "e"+strconv.Itoa(n))
			if err != nil {
				t.Fatal(err)
			}
			values, list, drafts = append(values, o), append(list, y), append(drafts, e)
		}
		actors := authztest.Actors(r.IntN, 24, authztest.Pool{Accounts: []string{"acc"},
			Orgs: []string{"org-1", "org-2", "org-4"}, Regions: []string{"140000", "140100", "140105", "14010"},
			Actions: slices.Concat(ObservationPolicy.Actions(), DutyPolicy.Actions(), EditionPolicy.Actions())})
		authztest.OrderIsPicked(t, observations)
		authztest.OrderIsPicked(t, duties)
		authztest.ScopeEqualsMay(t, authztest.Proof[Observation]{Policy: ObservationPolicy, Objects: values,
			ID: func(o Observation) string { return o.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return observations.CountBy(ctx, d, "o.id", w) }})
		authztest.OrderIsPicked(t, editions)
		authztest.ScopeEqualsMay(t, authztest.Proof[Edition]{Policy: EditionPolicy, Objects: drafts,
			ID: func(e Edition) string { return e.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return editions.CountBy(ctx, d, "e.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Duty]{Policy: DutyPolicy, Objects: list,
			ID: func(y Duty) string { return y.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return duties.CountBy(ctx, d, "y.id", w) }})
	})
}
