package dispatch

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxMembers bounds the units of a series or a meeting.
const maxMembers = 60

// Unit is an organisation of the registry with a part in a meeting or a letter.
type Unit struct {
	Org    string      `json:"org"` // as it was chosen
	Now    string      `json:"-"`   // the record it lives on as
	Name   string      `json:"name"`
	Role   authz.Role  `json:"-"` // in which its people act
	Region region.Code `json:"-"`
}

// roleOf is the role in which the people of an organisation act: the offices of a district as 区县,
// those of a city as 市直部门, institutes as 高校院所, and all others as 企业.
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

// unitOf looks up an organisation and puts what is wrong at a field. "" is no unit.
func (s *Service) unitOf(
	ctx context.Context, by authz.Actor, field, orgID string, f *faults,
) (Unit, error) {
	if orgID == "" {
		return Unit{}, nil
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, orgID)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		f.add(field, "主体库中没有这个单位")
		return Unit{}, nil
	}
	if err != nil {
		return Unit{}, err
	}
	return Unit{Org: orgID, Now: o.ID, Name: o.Name, Role: roleOf(o), Region: o.Region}, nil
}

// unitsOf looks up the members of a series or a meeting.
func (s *Service) unitsOf(
	ctx context.Context, by authz.Actor, ids []string, f *faults,
) ([]Unit, error) {
	if len(ids) > maxMembers {
		f.add("members", "最多 %d 个单位", maxMembers)
		return nil, nil
	}
	var out []Unit
	for _, orgID := range ids {
		u, err := s.unitOf(ctx, by, "members", orgID, f)
		if err != nil {
			return nil, err
		}
		if u.Now == "" || slices.ContainsFunc(out, func(x Unit) bool { return x.Now == u.Now }) {
			continue
		}
		out = append(out, u)
	}
	return out, nil
}

const memberColumns = `u.org, u.org_now, u.name, u.role, u.region`

var (
	qMembers = db.Stmt(`SELECT ` + memberColumns + ` FROM dispatch_member AS u
		WHERE u.holder = $1 ORDER BY u.n`)
	qMemberDrop = db.Stmt(`DELETE FROM dispatch_member WHERE holder = $1`)
	qMemberAdd  = db.Stmt(`INSERT INTO dispatch_member (holder, org, org_now, name, role, region, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

func scanUnit(r db.Row) (Unit, error) {
	var u Unit
	err := r.Scan(&u.Org, &u.Now, &u.Name, &u.Role, &u.Region)
	return u, err
}

func membersOf(ctx context.Context, q db.Q, holder string) ([]Unit, error) {
	return db.All(ctx, q, qMembers, scanUnit, holder)
}

// setMembers replaces the members of a series or a meeting.
func setMembers(ctx context.Context, tx *unit.Tx, holder string, list []Unit) error {
	if _, err := db.Exec(ctx, tx.Tx, qMemberDrop, holder); err != nil {
		return err
	}
	var rows [][]any
	for i, u := range list {
		rows = append(rows, []any{holder, u.Org, u.Now, u.Name, string(u.Role), string(u.Region), int64(i)})
	}
	_, err := db.InsertMany(ctx, tx.Tx, qMemberAdd, rows)
	return err
}

// orgsOf are the ids of units as they were chosen.
func orgsOf(list []Unit) []string {
	out := make([]string, len(list))
	for i, u := range list {
		out[i] = u.Org
	}
	return out
}
