package occasion

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Orgs keeps the rows of a room with their organisations: after a merge they are those of the
// organisation it was merged into, after a split those of their own again, and a rename shows.
type Orgs struct {
	Name   string         // of the consumer
	Party  *party.Service // says where an organisation lives now
	Chosen *db.Statement  // organisations as they were chosen that are $1 or live on as it
	Moves  []*db.Statement
	Backs  []*db.Statement // everything is again as it was chosen
}

// reader looks organisations up for the program itself.
var reader = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

// Follower returns the consumer. Moves get the organisation as chosen, as it lives now, and its name.
func (o Orgs) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name:  o.Name,
		Kinds: []string{party.EventOrgUpdated, party.EventOrgMerged, party.EventOrgSplit},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				var other string
				_ = json.Unmarshal(e.Data, &other) // anything but a text names no organisation
				for _, orgID := range []string{e.Object, other} {
					if err := o.follow(ctx, tx, orgID); err != nil {
						return err
					}
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			for _, back := range o.Backs {
				if _, err := db.Exec(ctx, tx, back); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (o Orgs) follow(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" {
		return nil
	}
	chosen, err := db.All(ctx, tx, o.Chosen, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, was := range chosen {
		now, err := o.Party.GetOrganisation(ctx, reader, was)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, move := range o.Moves {
			if _, err := db.Exec(ctx, tx, move, was, now.ID, now.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
