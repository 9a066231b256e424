package plan

import (
	"context"
	"errors"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// with adds the fault of a part at a field and returns all; a failure of the machine stays one.
func (f *faults) with(field string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind == fault.Internal || e.Kind == fault.Unavailable {
		return err
	}
	f.add(field, e.Key, e.Args...)
	return f.err()
}

// under takes over the fields of a fault below a place; any other error is returned.
func (f *faults) under(at string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid {
		return err
	}
	for _, x := range e.Fields {
		f.add(at+x.Name, x.Key, x.Args...)
	}
	return nil
}

var errNoParty = errors.New("plan: units need the registry")

// unitOf returns the unit of an organisation in the registry, as it lives now.
func (s *Service) unitOf(ctx context.Context, by authz.Actor, orgID string) (Owner, error) {
	if s.opt.Party == nil {
		return Owner{}, errNoParty
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, orgID)
	if fault.Is(err, fault.NotFound) {
		return Owner{}, fault.New(fault.NotFound, "主体库中没有这个单位")
	}
	if err != nil {
		return Owner{}, err
	}
	return ownerOf(o), nil
}

func ownerOf(o party.Org) Owner {
	return Owner{Org: o.ID, Now: o.ID, Name: o.Name, Role: roleOf(o), region: o.Region}
}

// roleOf is the role in which the people of an organisation act: the offices of a district as
// 区县, those of a city as 市直部门, institutes as 高校院所, and all others as 企业.
func roleOf(o party.Org) authz.Role {
	switch {
	case o.Kind == "government" && o.Region.Level() == region.LevelCounty:
		return authz.District
	case o.Kind == "government":
		return authz.Department
	case o.Kind == "university" || o.Kind == "institute":
		return authz.University
	default:
		return authz.Enterprise
	}
}

// units looks up the units of a task and puts what is wrong at its fields.
func (s *Service) units(
	ctx context.Context, by authz.Actor, d TaskData, f *faults,
) ([]Owner, error) {
	var out []Owner
	add := func(field, part, orgID string) error {
		o, err := s.unitOf(ctx, by, orgID)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			f.add(field, "主体库中没有这个单位")
			return nil
		case err != nil:
			return err
		}
		o.Part = part
		for _, x := range out {
			if x.Now == o.Now {
				f.add(field, "“%s”重复", o.Name)
				return nil
			}
		}
		out = append(out, o)
		return nil
	}
	if d.Lead != "" {
		if err := add("lead", Lead, d.Lead); err != nil {
			return nil, err
		}
	}
	for _, orgID := range d.Duty {
		if err := add("duty", Duty, orgID); err != nil {
			return nil, err
		}
	}
	for _, orgID := range d.Assist {
		if err := add("assist", Assist, orgID); err != nil {
			return nil, err
		}
	}
	return out, nil
}
