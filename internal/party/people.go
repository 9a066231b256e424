package party

import (
	"context"
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

const kindPerson = "party.person"

// NewPerson is the input of CreatePerson.
type NewPerson struct {
	PersonData
	Org  string     `json:"org,omitempty"` // id of the main organisation, "" = none
	Duty string     `json:"duty,omitempty"`
	From clock.Date `json:"from,omitempty"`
	Key  string     `json:"-"`
}

// PersonUpdate is the input of UpdatePerson. Identity number, phone and mail that come back masked,
// as they were read, stay what they are.
type PersonUpdate struct {
	ID string `json:"-"`
	PersonData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

// CreatePerson registers a person. District staff register people of organisations in their
// district.
func (s *Service) CreatePerson(
	ctx context.Context, by authz.Actor, in NewPerson,
) (Person, error) {
	in.Normalise()
	in.Duty = tidy(in.Duty)
	const useCase = "party.CreatePerson"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in.keyed(s.vault),
		func(tx *unit.Tx) (Person, error) { return s.createPerson(ctx, tx, in) })
	return out, s.sameNumber(ctx, by, in.IDNumber, err)
}

// keyed is the input for comparing repeated requests.
func (p NewPerson) keyed(v vault) NewPerson {
	p.PersonData = v.hashed(p.PersonData)
	return p
}

func (s *Service) createPerson(
	ctx context.Context, tx *unit.Tx, in NewPerson,
) (Person, error) {
	p := Person{ID: id.New(), PersonData: in.PersonData, createdBy: tx.By().Account}
	var f faults
	if in.Org != "" {
		m, err := s.newMembership(ctx, tx, NewMembership{Org: in.Org, Duty: in.Duty, From: in.From})
		if e, ok := fault.As(err); ok && len(e.Fields) > 0 {
			f = append(f, e.Fields...)
		} else if err != nil {
			return Person{}, err
		}
		m.Main = true
		p.Memberships, p.orgs, p.orgRegion = []Membership{m.Membership}, []string{m.Org}, m.region
	}
	if PersonPolicy.May(tx.By(), ActPersonCreate, p) != nil {
		return Person{}, fault.New(fault.Forbidden, "您不能登记这个单位的人员")
	}
	if err := s.validPerson(in.PersonData, f); err != nil {
		return Person{}, err
	}
	if err := s.insertPeople(ctx, tx, []Person{p}); err != nil {
		return Person{}, err
	}
	tx.Audit(audit.Entry{Kind: kindPerson, Object: p.ID, What: "create",
		Detail: personChanges(PersonData{}, p.PersonData)})
	tx.Emit(outbox.Event{Kind: EventPersonCreated, Object: p.ID})
	p, err := s.personByID(ctx, tx, p.ID)
	return p.masked(), err
}

func (s *Service) validPerson(p PersonData, f faults) error {
	if err := p.Validate(s.today()); err != nil {
		e, ok := fault.As(err)
		if !ok {
			return err
		}
		f = append(f, e.Fields...)
	}
	for _, x := range []struct{ field, value string }{
		{fieldIDNumber, p.IDNumber}, {fieldPhone, p.Phone}, {fieldEmail, p.Email},
	} {
		if x.value != "" && !s.vault.open() && !f.has(x.field) {
			e, _ := fault.As(errNoKey(x.field))
			f = append(f, e.Fields...)
		}
	}
	return f.err()
}

// sameNumber turns the clash of two identity numbers into a message at the field. Who may read the
// other record learns whose it is.
func (s *Service) sameNumber(ctx context.Context, by authz.Actor, number string, err error) error {
	if !db.Violates(err, "person", "id_mark") {
		return err
	}
	q := s.unit.DB()
	other, found, ferr := db.Find(ctx, q, qPersonByMark, scanPerson, s.vault.equal(number))
	if ferr == nil && found {
		if other, ferr = s.withMemberships(ctx, q, other); ferr == nil &&
			PersonPolicy.May(by, ActPersonRead, other) == nil {
			return fault.Fields(fault.At("idNumber", "该身份证号码已属于“%s”", other.Name))
		}
	}
	return fault.Fields(fault.At("idNumber", "该身份证号码已被登记"))
}

// UpdatePerson replaces the data of a record that has the given version.
func (s *Service) UpdatePerson(
	ctx context.Context, by authz.Actor, in PersonUpdate,
) (Person, error) {
	in.Normalise()
	const useCase = "party.UpdatePerson"
	keyed := in
	keyed.PersonData = s.vault.hashed(in.PersonData)
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, keyed,
		func(tx *unit.Tx) (Person, error) { return s.updatePerson(ctx, tx, in) })
	return out, s.sameNumber(ctx, by, in.IDNumber, err)
}

func (s *Service) updatePerson(
	ctx context.Context, tx *unit.Tx, in PersonUpdate,
) (Person, error) {
	old, err := s.personFor(ctx, tx, in.ID, in.Version)
	if err != nil {
		return Person{}, err
	}
	next := old
	next.PersonData = in.PersonData
	hidden := old.masked()
	for _, f := range []struct{ now, mask, was *string }{
		{&next.IDNumber, &hidden.IDNumber, &old.IDNumber},
		{&next.Phone, &hidden.Phone, &old.Phone},
		{&next.Email, &hidden.Email, &old.Email},
	} {
		if *f.mask != "" && *f.now == *f.mask {
			*f.now = *f.was
		}
	}
	if err := s.validPerson(next.PersonData, nil); err != nil {
		return Person{}, err
	}
	changed := personChanges(old.PersonData, next.PersonData)
	if len(changed) == 0 {
		return old.masked(), nil
	}
	if err := s.replacePerson(ctx, tx, &next); err != nil {
		return Person{}, err
	}
	tx.Audit(audit.Entry{Kind: kindPerson, Object: in.ID, What: "update", Detail: changed})
	tx.Emit(outbox.Event{Kind: EventPersonUpdated, Object: in.ID, Data: fieldNames(changed)})
	next, err = s.personByID(ctx, tx, in.ID)
	return next.masked(), err
}

// personFor loads a person for a change by the actor, who saw it at the given version.
func (s *Service) personFor(
	ctx context.Context, tx *unit.Tx, personID string, version int64,
) (Person, error) {
	p, err := s.personByID(ctx, tx, personID)
	if err != nil {
		return p, err
	}
	if err := PersonPolicy.May(tx.By(), ActPersonUpdate, p); err != nil {
		return p, err
	}
	if p.Version != version {
		return p, errStale()
	}
	return p, nil
}

// GetPerson returns a person with memberships; identity number, phone and mail are masked.
func (s *Service) GetPerson(ctx context.Context, by authz.Actor, personID string) (Person, error) {
	p, err := s.personByID(ctx, s.unit.DB(), personID)
	if err != nil {
		return Person{}, err
	}
	if err := PersonPolicy.May(by, ActPersonRead, p); err != nil {
		return Person{}, err
	}
	return p.shownTo(by), nil
}

// RevealPerson returns one of the fields idNumber, phone, email in full, and records who saw it.
func (s *Service) RevealPerson(
	ctx context.Context, by authz.Actor, personID, fieldName string,
) (string, error) {
	var value string
	err := s.unit.Write(ctx, by, "party.RevealPerson", func(tx *unit.Tx) error {
		p, err := s.personByID(ctx, tx, personID)
		if err != nil {
			return err
		}
		if err := PersonPolicy.May(by, ActPersonReveal, p); err != nil {
			return err
		}
		if !slices.Contains([]string{fieldIDNumber, fieldPhone, fieldEmail}, fieldName) {
			return fault.Fields(fault.At("field", "没有“%s”这个字段", fieldName))
		}
		if slices.Contains(p.locked, fieldName) {
			return fault.New(fault.Unavailable, "现用密钥不能解开这项信息，请联系系统管理员")
		}
		shown, _ := sealedField(&p, fieldName)
		value = *shown
		tx.Audit(audit.Entry{Kind: kindPerson, Object: personID, What: "reveal",
			Detail: []FieldChange{{Field: fieldName}}})
		return nil
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// ArchivePerson takes a person out of the lists, or puts one back. The record stays.
func (s *Service) ArchivePerson(
	ctx context.Context, by authz.Actor, personID string, version int64, archived bool,
) (Person, error) {
	var out Person
	err := s.unit.Write(ctx, by, "party.ArchivePerson", func(tx *unit.Tx) error {
		p, err := s.personFor(ctx, tx, personID, version)
		if err != nil {
			return err
		}
		if p.Archived == archived {
			out = p.masked()
			return nil
		}
		err = db.ExecOne(ctx, tx.Tx, qPersonArchive, p.ID, p.Version, archived, tx.NowUs())
		if err != nil {
			return err
		}
		what := "archive"
		if !archived {
			what = "restore"
		}
		tx.Audit(audit.Entry{Kind: kindPerson, Object: p.ID, What: what})
		tx.Emit(outbox.Event{Kind: EventPersonUpdated, Object: p.ID, Data: []string{"archived"}})
		p, err = s.personByID(ctx, tx, p.ID)
		out = p.masked()
		return err
	})
	return out, err
}

// PersonTimeline returns what happened to a person's record, newest first. Who may see it:
// ActPersonHistory.
func (s *Service) PersonTimeline(
	ctx context.Context, by authz.Actor, personID string, p db.PageReq,
) (db.Page[TimelineEntry], error) {
	x, err := s.personByID(ctx, s.unit.DB(), personID)
	if err != nil {
		return db.Page[TimelineEntry]{}, err
	}
	if err := PersonPolicy.May(by, ActPersonHistory, x); err != nil {
		return db.Page[TimelineEntry]{}, err
	}
	w := db.Where{}.And("kind = 'party.person' AND object = $1", personID)
	return s.history(ctx, w, p, nil)
}
