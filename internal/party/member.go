package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewMembership is the input of AddMembership.
type NewMembership struct {
	Person  string     `json:"-"`
	Org     string     `json:"org"`
	Duty    string     `json:"duty,omitempty"`
	From    clock.Date `json:"from,omitempty"`
	To      clock.Date `json:"to,omitempty"` // given for one of the past
	Main    bool       `json:"main,omitempty"`
	Version int64      `json:"version"` // of the person
	Key     string     `json:"-"`
}

// MembershipEnd is the input of EndMembership.
type MembershipEnd struct {
	Person  string     `json:"-"`
	ID      string     `json:"-"`
	To      clock.Date `json:"to"`
	Version int64      `json:"version"` // of the person
	Key     string     `json:"-"`
}

// placed is a membership with what the policy asks about its organisation.
type placed struct {
	Membership
	region string
}

// newMembership checks a membership that somebody wants to add.
func (s *Service) newMembership(
	ctx context.Context, tx *unit.Tx, in NewMembership,
) (placed, error) {
	var f faults
	f.text("duty", in.Duty, MaxLine, false)
	for _, d := range []struct {
		name string
		day  clock.Date
	}{{"from", in.From}, {"to", in.To}} {
		if d.day != "" && !d.day.Valid() {
			f.add(d.name, "日期应写作 2026-11-20")
		}
	}
	if in.From != "" && in.To != "" && in.To < in.From && f.err() == nil {
		f.add("to", "结束日期早于开始日期")
	}
	m := placed{Membership: Membership{ID: id.New(), Person: in.Person, Duty: in.Duty, From: in.From,
		To: in.To, named: in.Org}}
	o, err := s.orgNow(ctx, tx, in.Org)
	if fault.Is(err, fault.NotFound) {
		f.add("org", "没有找到这个单位")
	} else if err != nil {
		return m, err
	}
	m.Org, m.OrgName, m.region = o.ID, o.Name, string(o.Region)
	return m, f.err()
}

// orgNow returns the living record of an organisation that the actor may read.
func (s *Service) orgNow(ctx context.Context, tx *unit.Tx, orgID string) (Org, error) {
	living, err := db.Get(ctx, tx, qOrgLiving, db.One[string], orgID)
	if err != nil {
		return Org{}, err
	}
	o, err := orgByID(ctx, tx, living)
	if err != nil {
		return Org{}, err
	}
	return o, seen(tx.By(), o)
}

// AddMembership says that a person works or worked for an organisation. The first present one is
// the main one, and any that says so. It returns the person.
func (s *Service) AddMembership(
	ctx context.Context, by authz.Actor, in NewMembership,
) (Person, error) {
	in.Duty = tidy(in.Duty)
	const useCase = "party.AddMembership"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Person, error) { return s.addMembership(ctx, tx, in) })
	return out, err
}

func (s *Service) addMembership(
	ctx context.Context, tx *unit.Tx, in NewMembership,
) (Person, error) {
	p, err := s.personFor(ctx, tx, in.Person, in.Version)
	if err != nil {
		return Person{}, err
	}
	m, err := s.newMembership(ctx, tx, in)
	if err != nil {
		return Person{}, err
	}
	if len(p.Memberships) >= MaxMemberships {
		return Person{}, fault.Fields(fault.At("org", "最多 %d 条任职", MaxMemberships))
	}
	m.Main = m.To == "" && (in.Main || len(p.orgs) == 0)
	if m.Main {
		// District staff must not move a person into a district that is not theirs.
		moved := p
		moved.orgRegion = m.region
		if err := PersonPolicy.May(tx.By(), ActPersonUpdate, moved); err != nil {
			return Person{}, err
		}
		if err := setMain(ctx, tx, p.Memberships, ""); err != nil {
			return Person{}, err
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qMemberAdd, m.ID, p.ID, m.named, m.Org, m.Duty, string(m.From),
		string(m.To), m.Main, tx.NowUs())
	if err != nil {
		return Person{}, err
	}
	return s.memberChanged(ctx, tx, p, "member-add", FieldChange{Field: "membership",
		New: m.OrgName})
}

// setMain makes one membership the main one, or none.
func setMain(ctx context.Context, tx *unit.Tx, list []Membership, main string) error {
	for _, pass := range []bool{false, true} { // at no time are there two
		for _, m := range list {
			want := m.ID == main
			if m.Main == want || want != pass {
				continue
			}
			if err := db.ExecOne(ctx, tx.Tx, qMemberMain, m.ID, m.version, want); err != nil {
				return err
			}
		}
	}
	return nil
}

// EndMembership says on which day a person left an organisation. When it was the main one, the
// oldest of the others takes its place. It returns the person.
func (s *Service) EndMembership(
	ctx context.Context, by authz.Actor, in MembershipEnd,
) (Person, error) {
	const useCase = "party.EndMembership"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Person, error) { return s.endMembership(ctx, tx, in) })
	return out, err
}

func (s *Service) endMembership(
	ctx context.Context, tx *unit.Tx, in MembershipEnd,
) (Person, error) {
	p, err := s.personFor(ctx, tx, in.Person, in.Version)
	if err != nil {
		return Person{}, err
	}
	var ending Membership
	var rest []Membership
	for _, m := range p.Memberships {
		if m.ID == in.ID {
			ending = m
		} else if m.To == "" {
			rest = append(rest, m)
		}
	}
	switch {
	case ending.ID == "":
		return Person{}, fault.New(fault.NotFound, "没有找到这条记录")
	case ending.To != "":
		return Person{}, fault.New(fault.Conflict, "这条任职已经结束")
	case !in.To.Valid():
		return Person{}, fault.Fields(fault.At("to", "日期应写作 2026-11-20"))
	case ending.From != "" && in.To < ending.From:
		return Person{}, fault.Fields(fault.At("to", "结束日期早于开始日期"))
	case in.To > s.today():
		return Person{}, fault.Fields(fault.At("to", "结束日期不能晚于今天"))
	}
	err = db.ExecOne(ctx, tx.Tx, qMemberEnd, ending.ID, ending.version, string(in.To))
	if err != nil {
		return Person{}, err
	}
	if ending.Main && len(rest) > 0 {
		if err := setMain(ctx, tx, rest[:1], rest[0].ID); err != nil {
			return Person{}, err
		}
	}
	return s.memberChanged(ctx, tx, p, "member-end", FieldChange{Field: "membership",
		Old: ending.OrgName})
}

func (s *Service) memberChanged(
	ctx context.Context, tx *unit.Tx, p Person, what string, c FieldChange,
) (Person, error) {
	if err := db.ExecOne(ctx, tx.Tx, qPersonTouch, p.ID, p.Version, tx.NowUs()); err != nil {
		return Person{}, err
	}
	tx.Audit(audit.Entry{Kind: kindPerson, Object: p.ID, What: what, Detail: []FieldChange{c}})
	tx.Emit(outbox.Event{Kind: EventPersonUpdated, Object: p.ID, Data: []string{c.Field}})
	p, err := s.personByID(ctx, tx, p.ID)
	return p.masked(), err
}
