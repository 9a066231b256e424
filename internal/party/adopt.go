package party

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// adoptBatch is how many records one transaction takes over: few enough that others who write wait
// for no more than a blink.
const adoptBatch = 500

// AdoptedOrg is an organisation that another registry knows already.
type AdoptedOrg struct {
	OrgData
	CreatedUs int64 // when the other registry took it in; 0 means now
	// AsOf is the day that the record is of, "" means today: its values carry it, and nobody confirmed or
	// changed the record since.
	AsOf clock.Date
}

// AdoptOrganisations takes over organisations from another registry, in few writes: each gets its
// entry in the trail, its sources, its event and its place in the index, as an imported row does.
// Nothing is compared with what is there; a credit code that is there is a Conflict. What is wrong
// with one is Invalid at "orgs.N.field".
func (s *Service) AdoptOrganisations(
	ctx context.Context, by authz.Actor, list []AdoptedOrg, source string,
) ([]Org, error) {
	out := make([]Org, len(list))
	var all faults
	for i, in := range list {
		in.Normalise()
		o := Org{OrgData: in.OrgData, State: Verified, CreatedBy: by.Account, CreatedUs: in.CreatedUs}
		if in.AsOf != "" {
			if !in.AsOf.Valid() {
				all.add(fmt.Sprintf("orgs.%d.asOf", i), "日期应写作 2026-11-20")
				continue
			}
			o.UpdatedUs = clock.Us(in.AsOf.Start())
		}
		for _, act := range []authz.Action{ActOrgImport, ActOrgCreate, ActOrgVerify} {
			if err := OrgPolicy.May(by, act, o); err != nil {
				return nil, err
			}
		}
		if err := all.under(fmt.Sprintf("orgs.%d.", i), s.validate(o.OrgData)); err != nil {
			return nil, err
		}
		out[i] = o
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(out, adoptBatch) {
		err := s.unit.Write(ctx, by, "party.AdoptOrganisations", func(tx *unit.Tx) error {
			index := newIndexing()
			if err := s.insertImported(ctx, tx, part, "adopt", source, index); err != nil {
				return err
			}
			return index.store(ctx, tx)
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AdoptedPerson is a person that another registry knows already, with the main place of work.
type AdoptedPerson struct {
	PersonData
	Org  Org // as AdoptOrganisations or a list returned it; the zero Org for none
	Duty string
	From clock.Date
}

// AdoptPeople takes over people, in few writes, each with an entry in the trail and an event. What is
// wrong with one is Invalid at "people.N.field".
func (s *Service) AdoptPeople(
	ctx context.Context, by authz.Actor, list []AdoptedPerson,
) ([]string, error) {
	people := make([]Person, len(list))
	var all faults
	for i, in := range list {
		in.Normalise()
		p := Person{ID: id.New(), PersonData: in.PersonData, createdBy: by.Account}
		if o := in.Org; o.ID != "" {
			p.Memberships = []Membership{{ID: id.New(), Org: o.ID, Duty: in.Duty, From: in.From,
				Main: true, named: o.ID}}
			p.orgs, p.orgRegion = []string{o.ID}, string(o.Region)
		}
		for _, act := range []authz.Action{ActPersonImport, ActPersonCreate} {
			if err := PersonPolicy.May(by, act, p); err != nil {
				return nil, err
			}
		}
		if err := all.under(fmt.Sprintf("people.%d.", i), s.validPerson(p.PersonData, nil)); err != nil {
			return nil, err
		}
		people[i] = p
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	ids := make([]string, len(people))
	for part := range slices.Chunk(people, adoptBatch) {
		err := s.unit.Write(ctx, by, "party.AdoptPeople", func(tx *unit.Tx) error {
			for _, p := range part {
				tx.Audit(audit.Entry{Kind: kindPerson, Object: p.ID, What: "adopt",
					Detail: []FieldChange{{Field: "name", New: p.Name}}})
				tx.Emit(outbox.Event{Kind: EventPersonCreated, Object: p.ID})
			}
			return s.insertPeople(ctx, tx, slices.Clone(part))
		})
		if err != nil {
			return nil, err
		}
	}
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids, nil
}

// under takes over the fields of a fault below a place; any other error is returned.
func (f *faults) under(at string, err error) error {
	if err == nil {
		return nil
	}
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid {
		return err
	}
	for _, x := range e.Fields {
		f.add(at+x.Name, x.Key, x.Args...)
	}
	return nil
}

// LivingOrganisations returns those of the organisations that live under their own ids and that the
// actor may read, by id, without addresses and contacts. For one that was merged into another ask
// GetOrganisation.
func (s *Service) LivingOrganisations(
	ctx context.Context, by authz.Actor, ids []string,
) (map[string]Org, error) {
	out := map[string]Org{}
	living := db.Where{}.And("org.merged_into = ''")
	err := inBatches(ids, func(part []any) error {
		return db.Stream(ctx, s.unit.DB(), orgsPlain, living.In("org.id", part...),
			orgsPlain.Order("id"), len(part), scanOrg, func(o Org) error {
				if OrgPolicy.May(by, ActOrgRead, o) == nil {
					out[o.ID] = o
				}
				return nil
			})
	})
	return out, err
}
