package indicator

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
	qUnitsOf = db.Stmt(`SELECT y.org FROM indicator_duty AS y WHERE y.org = $1 OR y.org_now = $1
		UNION SELECT o.reporter FROM indicator_observation AS o
			WHERE o.reporter <> '' AND (o.reporter = $1 OR o.reporter_now = $1)
		UNION SELECT d.org FROM indicator_definition AS d
			WHERE d.org <> '' AND (d.org = $1 OR d.org_now = $1)`)
	qUnitMoves = []*db.Statement{
		db.Stmt(`UPDATE indicator_duty SET org_now = $2, org_name = $3
			WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`),
		db.Stmt(`UPDATE indicator_observation SET reporter_now = $2, reporter_name = $3
			WHERE reporter = $1 AND (reporter_now <> $2 OR reporter_name <> $3)`),
		db.Stmt(`UPDATE indicator_definition SET org_now = $2, org_name = $3
			WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`),
	}
	qUnitBacks = []*db.Statement{
		db.Stmt(`UPDATE indicator_duty SET org_now = org WHERE org_now <> org`),
		db.Stmt(`UPDATE indicator_observation SET reporter_now = reporter WHERE reporter_now <> reporter`),
		db.Stmt(`UPDATE indicator_definition SET org_now = org WHERE org_now <> org`),
	}
)

// Follower returns the consumer that keeps duties, values and definitions with their units: after a
// merge they are those of the organisation it was merged into, after a split those of their own again,
// and a rename shows.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name:  "indicator.units",
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
			for _, q := range qUnitBacks {
				if _, err := db.Exec(ctx, tx, q); err != nil {
					return err
				}
			}
			return nil
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
		o, err := s.opt.Party.GetOrganisation(ctx, house, unitID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, q := range qUnitMoves {
			if _, err := db.Exec(ctx, tx, q, unitID, o.ID, o.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
