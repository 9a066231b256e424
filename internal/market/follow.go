package market

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
)

var (
	qOrgsOf = db.Stmt(`SELECT p.org FROM market_post AS p WHERE p.org = $1 OR p.org_now = $1
		UNION SELECT n.org FROM market_named AS n WHERE n.org = $1 OR n.org_now = $1
		UNION SELECT r.org FROM market_reader AS r WHERE r.org = $1 OR r.org_now = $1`)
	qPostOrg = db.Stmt(`UPDATE market_post SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qNamedOrg = db.Stmt(`UPDATE market_named SET org_now = $2 WHERE org = $1 AND org_now <> $2`)
	qReadOrg  = db.Stmt(`UPDATE market_reader SET org_now = $2 WHERE org = $1 AND org_now <> $2`)
	qPostBack = db.Stmt(`UPDATE market_post SET org_now = org WHERE org_now <> org`)
	qNameBack = db.Stmt(`UPDATE market_named SET org_now = org WHERE org_now <> org`)
	qReadBack = db.Stmt(`UPDATE market_reader SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps posts with their organisations: after a merge they are
// those of the organisation it was merged into, after a split those of their own again.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name:  "market.orgs",
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
			for _, back := range []*db.Statement{qPostBack, qNameBack, qReadBack} {
				if _, err := db.Exec(ctx, tx, back); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// follow looks up where the organisations live that were chosen with this id.
func (s *Service) follow(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" || s.opt.Party == nil {
		return nil
	}
	chosen, err := db.All(ctx, tx, qOrgsOf, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, was := range chosen {
		o, err := s.orgOf(ctx, house, was)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, qPostOrg, was, o.ID, o.Name); err != nil {
			return err
		}
		for _, move := range []*db.Statement{qNamedOrg, qReadOrg} {
			if _, err := db.Exec(ctx, tx, move, was, o.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
