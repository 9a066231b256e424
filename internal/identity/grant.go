package identity

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
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// heldList is the list of roles of accounts.
var heldList = db.Select(heldCols+`, account.login, account.name`,
	`account_role JOIN account ON account.id = account_role.account`,
	db.Order{Name: "granted", Desc: true,
		Cols: []db.Col{db.IntCol("account_role.granted_us"), db.TextCol("account_role.id")}})

var (
	// Taking the account's row makes grants to one account come one after the other, so that two at
	// once cannot add up to what Together refuses.
	qAccountTake = db.Stmt(`UPDATE account SET version = version + 1, updated_us = $2 WHERE id = $1`)
	qHeldAdd     = db.Stmt(`INSERT INTO account_role (id, account, role, org, org_now, org_name,
		region, from_us, until_us, basis, granted_us, granted_by, revoked_us, revoked_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', 1)`)
	qHeldEnd = db.Stmt(`UPDATE account_role SET revoked_us = $2, revoked_by = $3,
		version = version + 1 WHERE id = $1 AND version = $4 AND revoked_us = 0`)
)

const maxBasis = 200 // characters

// GrantInput is the input of GrantRole.
type GrantInput struct {
	Account string     `json:"account"`
	Role    authz.Role `json:"role"`
	Org     string     `json:"org,omitempty"`    // id; 企业 and 高校院所 act for one
	Region  string     `json:"region,omitempty"` // GB/T 2260; 区县 are responsible for one
	From    clock.Date `json:"from,omitempty"`   // first day; "" = now
	Until   clock.Date `json:"until,omitempty"`  // last day; "" = open end
	Basis   string     `json:"basis"`            // document or reason
	Key     string     `json:"-"`                // idempotency key
}

// check returns what is wrong with the form of a grant.
func (in *GrantInput) check() error {
	in.Basis, in.Region = tidy(in.Basis), tidy(in.Region)
	var w wrong
	if !in.Role.Valid() || in.Role == authz.Public {
		w.add("role", "没有“%s”这个选项", string(in.Role))
	}
	w.text("basis", in.Basis, maxBasis, true)
	w.text("org", in.Org, maxPerson, false)
	if (in.Role == authz.Enterprise || in.Role == authz.University) && in.Org == "" {
		w.add("org", "请选择所代表的单位")
	}
	if in.Region == "" && in.Role == authz.District {
		w.add("region", "请选择所负责的地区")
	}
	if in.Region != "" {
		if code, err := region.Parse(in.Region); err != nil || string(code) != in.Region {
			w.add("region", "行政区划代码应为 6 位数字")
		}
	}
	for field, d := range map[string]clock.Date{"from": in.From, "until": in.Until} {
		if d != "" && !d.Valid() {
			w.add(field, "日期应写作 2026-11-20")
		}
	}
	if in.From.Valid() && in.Until.Valid() && in.Until < in.From {
		w.add("until", "结束日期不能早于开始日期")
	}
	return w.err()
}

// held turns a checked input into the row to store.
func (in GrantInput) held(o Org) Held {
	h := Held{Account: in.Account, Role: in.Role, Org: in.Org, OrgNow: in.Org, Region: in.Region,
		FromUs: dayUs(in.From), Basis: in.Basis}
	if in.Until != "" {
		h.UntilUs = dayUs(in.Until.AddDays(1))
	}
	if o.ID != "" {
		h.Org, h.OrgNow, h.OrgName = o.ID, o.ID, o.Name
	}
	return h
}

// GrantRole gives an account a role. The security administrator does it, for every account but the
// own; a combination that one account must not hold is Invalid at the field "role".
func (s *Service) GrantRole(ctx context.Context, by authz.Actor, in GrantInput) (Held, error) {
	if err := RolePolicy.May(by, ActRoleGrant, Held{Account: in.Account}); err != nil {
		return Held{}, err
	}
	if err := in.check(); err != nil {
		return Held{}, err
	}
	o, err := s.orgOf(ctx, in.Org)
	if err != nil {
		return Held{}, err
	}
	const useCase = "identity.GrantRole"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Held, error) {
		return grant(ctx, tx, in.held(o))
	})
	return out, err
}

// orgOf finds the organisation of a grant.
func (s *Service) orgOf(ctx context.Context, orgID string) (Org, error) {
	if orgID == "" || s.cfg.Orgs == nil {
		return Org{}, nil
	}
	o, found, err := s.cfg.Orgs.FindByID(ctx, orgID)
	if err == nil && !found {
		err = fault.Fields(fault.At("org", "没有找到这个单位"))
	}
	return o, err
}

// grant stores a role. The account exists, is not closed, and may hold it beside what it holds.
func grant(ctx context.Context, tx *unit.Tx, h Held) (Held, error) {
	a, err := accountByID(ctx, tx, h.Account)
	if err != nil {
		return Held{}, err
	}
	if a.Status == Closed {
		return Held{}, fault.New(fault.Conflict, "账号已注销，不能授予角色")
	}
	if err := db.ExecOne(ctx, tx.Tx, qAccountTake, h.Account, tx.NowUs()); err != nil {
		return Held{}, err
	}
	all, err := db.All(ctx, tx, qHeldByWhom, scanHeld, h.Account)
	if err != nil {
		return Held{}, err
	}
	if err := fits(ctx, tx, all, h); err != nil {
		return Held{}, err
	}
	h.ID, h.GrantedUs, h.GrantedBy, h.Version = id.New(), tx.NowUs(), tx.By().Account, 1
	if h.FromUs == 0 {
		h.FromUs = tx.NowUs()
	}
	err = db.ExecOne(ctx, tx.Tx, qHeldAdd, h.ID, h.Account, string(h.Role), h.Org, h.OrgNow,
		h.OrgName, h.Region, h.FromUs, h.UntilUs, h.Basis, h.GrantedUs, h.GrantedBy)
	if err != nil {
		return Held{}, err
	}
	tx.Audit(audit.Entry{Kind: "identity.account", Object: h.Account, What: "grant role",
		Reason: h.Basis, Detail: h.detail()})
	tx.Emit(outbox.Event{Kind: EventRoleGranted, Object: h.Account, Data: h.event()})
	return h, nil
}

// fits refuses a role that the account holds already or must not hold beside the others. One that
// has run out is ended, to make room.
func fits(ctx context.Context, tx *unit.Tx, all []Held, h Held) error {
	roles := []authz.Role{h.Role}
	open := 0
	for _, o := range all {
		over := o.UntilUs != 0 && o.UntilUs <= tx.NowUs()
		same := o.Role == h.Role && o.Org == h.Org && o.Region == h.Region
		if same && !over {
			return fault.New(fault.Conflict, "该账号已有这个角色")
		}
		if same {
			err := db.ExecOne(ctx, tx.Tx, qHeldEnd, o.ID, tx.NowUs(), tx.By().Account, o.Version)
			if err != nil {
				return err
			}
		}
		if !over {
			open++
			if !slices.Contains(roles, o.Role) {
				roles = append(roles, o.Role)
			}
		}
	}
	if open >= MaxRoles {
		return fault.New(fault.Conflict, "一个账号最多 %d 个角色", MaxRoles)
	}
	if e, ok := fault.As(authz.Together(roles)); ok {
		f := e.Fields[0]
		return fault.Fields(fault.At("role", f.Key, f.Args...))
	}
	return nil
}

func (h Held) detail() map[string]any {
	return map[string]any{"id": h.ID, "role": h.Role, "org": h.Org, "region": h.Region,
		"fromUs": h.FromUs, "untilUs": h.UntilUs}
}

func (h Held) event() RoleEvent {
	return RoleEvent{Role: string(h.Role), Org: h.Org, Region: h.Region}
}

// RevokeInput is the input of RevokeRole.
type RevokeInput struct {
	ID      string `json:"-"` // of the role held
	Reason  string `json:"reason"`
	Version int64  `json:"version"`
}

// RevokeRole takes a role away. It counts from the account's next request on, in every session and
// for every token.
func (s *Service) RevokeRole(ctx context.Context, by authz.Actor, in RevokeInput) error {
	in.Reason = tidy(in.Reason)
	return s.unit.Write(ctx, by, "identity.RevokeRole", func(tx *unit.Tx) error {
		h, err := db.Get(ctx, tx, qHeld, scanHeld, in.ID)
		if err != nil {
			return err
		}
		if err := RolePolicy.May(by, ActRoleRevoke, h); err != nil {
			return err
		}
		var w wrong
		w.text("reason", in.Reason, maxReason, true)
		if err := w.err(); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qHeldEnd, h.ID, tx.NowUs(), by.Account, in.Version)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: h.Account, What: "revoke role",
			Reason: in.Reason, Detail: h.detail()})
		tx.Emit(outbox.Event{Kind: EventRoleRevoked, Object: h.Account, Data: h.event()})
		return nil
	})
}

// RoleFilter narrows a list of roles. Zero fields do not narrow.
type RoleFilter struct {
	Account string     `json:"account,omitempty"`
	Role    authz.Role `json:"role,omitempty"`
	Current bool       `json:"current,omitempty"` // not revoked
}

// Granted is a role with the names a list shows.
type Granted struct {
	Held
	Login string `json:"login"`
	Name  string `json:"name"`
}

func scanGranted(r db.Row) (Granted, error) {
	var g Granted
	err := r.Scan(append(g.fields(), &g.Login, &g.Name)...)
	return g, err
}

// ListRoles returns a page of the roles the actor may read, the newest grant first.
func (s *Service) ListRoles(
	ctx context.Context, by authz.Actor, f RoleFilter, p db.PageReq,
) (db.Page[Granted], error) {
	w := RolePolicy.Scope(by, ActRoleRead)
	if f.Account != "" {
		w = w.And("account_role.account = $1", f.Account)
	}
	if f.Role != "" {
		w = w.And("account_role.role = $1", string(f.Role))
	}
	if f.Current {
		w = w.And("account_role.revoked_us = 0")
	}
	return db.List(ctx, s.db, heldList, w, heldList.Order("granted"), p, scanGranted)
}
