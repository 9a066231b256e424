package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// FindByUSCC returns the living organisation with a credit code. It is for other rooms, which
// decide themselves what they show of it; it asks for no permission.
func (s *Service) FindByUSCC(ctx context.Context, uscc string) (Org, bool, error) {
	return db.Find(ctx, s.unit.DB(), qOrgByUSCC, scanOrg, uscc)
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
