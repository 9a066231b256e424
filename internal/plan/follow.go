package plan

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
)

var (
	qUnitsOf = db.Stmt(`SELECT o.org FROM plan_task_org AS o WHERE o.org = $1 OR o.org_now = $1
		UNION SELECT t.org FROM plan_target AS t WHERE t.org <> '' AND (t.org = $1 OR t.org_now = $1)`)
	qTaskUnitMove = db.Stmt(`UPDATE plan_task_org SET org_now = $2, name = $3, role = $4, region = $5
		WHERE org = $1 AND (org_now <> $2 OR name <> $3 OR role <> $4 OR region <> $5)`)
	qTargetUnitMove = db.Stmt(`UPDATE plan_target SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qTaskUnitBack   = db.Stmt(`UPDATE plan_task_org SET org_now = org WHERE org_now <> org`)
	qTargetUnitBack = db.Stmt(`UPDATE plan_target SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps tasks and targets with their units: after a merge they
// are those of the organisation it was merged into, after a split those of their own again, and a
// rename shows in the ledger.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name:  "plan.units",
		Kinds: []string{party.EventOrgUpdated, party.EventOrgMerged, party.EventOrgSplit},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				var other string
				_ = json.Unmarshal(e.Data, &other) // anything but a text names no organisation
				for _, orgID := range []string{e.Object, other} {
					if err := s.follow(ctx, tx, orgID); err != nil {
						return err
					}
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, qTaskUnitBack); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, qTargetUnitBack)
			return err
		},
	}
}

// house asks the registry on behalf of the system.
var house = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

// follow looks up where the units live that were chosen with this id.
func (s *Service) follow(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" || s.opt.Party == nil {
		return nil
	}
	chosen, err := db.All(ctx, tx, qUnitsOf, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, unitID := range chosen {
		o, err := s.unitOf(ctx, house, unitID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, qTaskUnitMove, unitID, o.Now, o.Name, string(o.Role), string(o.region))
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, qTargetUnitMove, unitID, o.Now, o.Name); err != nil {
			return err
		}
	}
	return nil
}
