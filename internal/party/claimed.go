package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// qMergedByUSCC finds a record of a code that was merged into another.
var qMergedByUSCC = db.Stmt(`SELECT id, name_key FROM org
	WHERE uscc = $1 AND uscc <> '' AND merged_into <> '' ORDER BY id LIMIT 1`)

// FindByUSCC returns the organisation that lives now under a credit code: one whose record was
// merged leads to the other. It is for other rooms, which decide themselves what they show of it;
// it asks for no permission.
func (s *Service) FindByUSCC(ctx context.Context, uscc string) (Org, bool, error) {
	code, err := id.ParseUSCC(uscc)
	if err != nil {
		return Org{}, false, nil // no record has a code that is none
	}
	q := s.unit.DB()
	o, found, err := db.Find(ctx, q, qOrgByUSCC, scanOrg, string(code))
	if err != nil || found {
		return o, found, err
	}
	old, found, err := db.Find(ctx, q, qMergedByUSCC, scanNamed, string(code))
	if err != nil || !found {
		return Org{}, false, err
	}
	living, err := db.Get(ctx, q, qOrgLiving, db.One[string], old.org)
	if err != nil {
		return Org{}, false, err
	}
	o, err = orgByID(ctx, q, living)
	return o, err == nil, err
}

// CreateClaimed registers an organisation whose first member was confirmed before anybody had
// registered it (入驻). It waits to be verified, whoever confirmed the member.
func (s *Service) CreateClaimed(ctx context.Context, by authz.Actor, in OrgData) (Org, error) {
	in.Normalise()
	if err := s.validate(in); err != nil {
		return Org{}, err
	}
	o := Org{OrgData: in, State: Pending, CreatedBy: by.Account}
	err := s.unit.Write(ctx, by, "party.CreateClaimed", func(tx *unit.Tx) error {
		o.ID = id.New()
		var err error
		o, err = s.insert(ctx, tx, o, "")
		return err
	})
	return o, s.taken(ctx, by, o, err)
}
