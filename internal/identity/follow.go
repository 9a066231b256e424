package identity

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

var (
	qHeldOfOrg = db.Stmt(`SELECT DISTINCT org FROM account_role
		WHERE org <> '' AND (org = $1 OR org_now = $1)`)
	qHeldMove = db.Stmt(`UPDATE account_role SET org_now = $2, org_name = $3, version = version + 1
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qHeldBack = db.Stmt(`UPDATE account_role SET org_now = org, version = version + 1
		WHERE org_now <> org`)
)

// Follower returns the consumer that keeps roles with their organisation: after a merge people act
// for the organisation it was merged into, after a split for their own again, and a rename shows in
// the header. kinds are the events of the registry that tell of these; their object is the
// organisation, and data that is a text is the id of another one involved.
func (s *Service) Follower(kinds ...string) outbox.Consumer {
	return outbox.Consumer{
		Name:  "identity.orgs",
		Kinds: kinds,
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
			_, err := db.Exec(ctx, tx, qHeldBack)
			return err
		},
	}
}

// follow looks up where the organisations live that roles with this id were granted for.
func (s *Service) follow(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" || s.cfg.Orgs == nil {
		return nil
	}
	granted, err := db.All(ctx, tx, qHeldOfOrg, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, g := range granted {
		o, found, err := s.cfg.Orgs.FindByID(ctx, g)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if _, err := db.Exec(ctx, tx, qHeldMove, g, o.ID, o.Name); err != nil {
			return err
		}
	}
	return nil
}
