package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Neighbour is a record beside another in a list.
type Neighbour struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn,omitempty"`
}

// Beside is what stands before and after a record in a list; nil where the list ends.
type Beside struct {
	Prev *Neighbour `json:"prev"`
	Next *Neighbour `json:"next"`
}

func besideOf[T any](b db.Beside[T], of func(T) Neighbour) Beside {
	var out Beside
	if b.Prev != nil {
		n := of(*b.Prev)
		out.Prev = &n
	}
	if b.Next != nil {
		n := of(*b.Next)
		out.Next = &n
	}
	return out
}

// OrganisationBeside returns the organisations that stand beside one in the list with this filter
// and order, as far as the actor may read them. The one asked for need not be in that list any
// more, as after a step that the filter looks at.
func (s *Service) OrganisationBeside(
	ctx context.Context, by authz.Actor, orgID string, f OrgFilter, order string,
) (Beside, error) {
	o, err := s.living(ctx, by, orgID)
	if err != nil {
		return Beside{}, err
	}
	set, err := s.find(ctx, by, f, ActOrgRead)
	if err != nil {
		return Beside{}, err
	}
	found, err := db.Neighbours(ctx, s.unit.DB(), orgList, db.Where{}.And("org.id = $1", o.ID),
		orgList.Order(order), scanOrg, func(p db.PageReq) (db.Page[Org], error) {
			return s.pageOf(ctx, by, set, order, p)
		})
	return besideOf(found, func(o Org) Neighbour { return Neighbour{o.ID, o.Name, o.NameEn} }), err
}

// PersonBeside returns the people that stand beside one in the list with this filter and order, as
// far as the actor may read them.
func (s *Service) PersonBeside(
	ctx context.Context, by authz.Actor, personID string, f PersonFilter, order string,
) (Beside, error) {
	q, in := s.unit.DB(), personList.Order(order)
	p, err := s.personByID(ctx, q, personID)
	if err != nil {
		return Beside{}, err
	}
	if err := PersonPolicy.May(by, ActPersonRead, p); err != nil {
		return Beside{}, err
	}
	w, err := f.where(ctx, q)
	if err != nil {
		return Beside{}, err
	}
	w = w.AndAll(PersonPolicy.Scope(by, ActPersonRead))
	at := db.Where{}.And("person.id = $1", p.ID)
	found, err := db.Neighbours(ctx, q, personList, at, in, scanPerson,
		func(p db.PageReq) (db.Page[Person], error) {
			return db.List(ctx, q, personList, w, in, p, scanPerson)
		})
	return besideOf(found, func(p Person) Neighbour { return Neighbour{p.ID, p.Name, p.NameEn} }), err
}
