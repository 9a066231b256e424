package party_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRawOrg = db.Stmt(`INSERT INTO org (id, name, name_en, name_key, name_sort, uscc, kind, region,
		industry, standing, founded, legal_person, capital_fen, website, summary, state,
		merged_into, state_before, created_us, created_by, updated_us, version)
	VALUES ($1, 'x', '', 'x', 'x', '', $2, $3, '', 'active', '', '', 0, '', '', $4,
		$5, $6, 1, $7, 1, 1)`)

// TestProcess tries every state × step × role of a record's life.
func TestProcess(t *testing.T) {
	create := func(kind, before string) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			into, was := "", ""
			if state == party.Merged {
				into, was = "other", before
			}
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			return "v", db.ExecOne(ctx, tx.Tx, qRawOrg, "v", kind, "140105", state, into, was, "acc-own")
		}
	}
	cases := []processtest.Case{{Name: "without a kind", Create: create("", party.Pending)}}
	for _, before := range []string{party.Pending, party.Returned, party.Verified, party.Ceased} {
		cases = append(cases, processtest.Case{Name: "complete, was " + before,
			Create: create("enterprise", before)})
	}
	processtest.Exhaust(t, party.OrgProcess, processtest.Setup[party.Org]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer}, {Name: "its district", By: xiaodian},
			{Name: "other district", By: yingze},
			{Name: "its firm", By: authz.Actor{Account: "acc-own", Org: "v", Role: authz.Enterprise,
				Via: authz.ViaSession}},
		},
		Cases: cases,
		Input: func(string, party.Org) process.Input { return process.Input{Reason: "因故"} },
	})
}
