package identity

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// MaxRoles is how many roles an account may hold at a time.
const MaxRoles = 20

// Held is a role of an account: what for, since when, until when.
type Held struct {
	ID        string     `json:"id"`
	Account   string     `json:"account"`
	Role      authz.Role `json:"role"`
	Org       string     `json:"org,omitempty"` // as granted
	OrgNow    string     `json:"orgNow,omitempty"`
	OrgName   string     `json:"orgName,omitempty"`
	Region    string     `json:"region,omitempty"`
	FromUs    int64      `json:"fromUs"`
	UntilUs   int64      `json:"untilUs,omitempty"` // first instant it no longer holds, 0 = open end
	Basis     string     `json:"basis,omitempty"`
	GrantedUs int64      `json:"grantedUs"`
	GrantedBy string     `json:"grantedBy"`
	RevokedUs int64      `json:"revokedUs,omitempty"`
	RevokedBy string     `json:"revokedBy,omitempty"`
	Version   int64      `json:"version"`
}

const heldCols = `account_role.id, account_role.account, account_role.role, account_role.org,
	account_role.org_now, account_role.org_name, account_role.region, account_role.from_us,
	account_role.until_us, account_role.basis, account_role.granted_us, account_role.granted_by,
	account_role.revoked_us, account_role.revoked_by, account_role.version`

func (h *Held) fields() []any {
	return []any{&h.ID, &h.Account, &h.Role, &h.Org, &h.OrgNow, &h.OrgName, &h.Region, &h.FromUs,
		&h.UntilUs, &h.Basis, &h.GrantedUs, &h.GrantedBy, &h.RevokedUs, &h.RevokedBy, &h.Version}
}

func scanHeld(r db.Row) (Held, error) {
	var h Held
	err := r.Scan(h.fields()...)
	return h, err
}

var (
	qHeld       = db.Stmt(`SELECT ` + heldCols + ` FROM account_role WHERE id = $1`)
	qHeldByWhom = db.Stmt(`SELECT ` + heldCols + ` FROM account_role
		WHERE account = $1 AND revoked_us = 0 ORDER BY granted_us, id`)
)

// Holds says whether the role counts at a time: from its first instant to before its last.
func (h Held) Holds(nowUs int64) bool {
	return h.RevokedUs == 0 && h.FromUs <= nowUs && (h.UntilUs == 0 || nowUs < h.UntilUs)
}

// rolesNow returns the roles an account may act in now, in menu order.
func rolesNow(ctx context.Context, q db.Q, account string, nowUs int64) ([]Held, error) {
	all, err := db.All(ctx, q, qHeldByWhom, scanHeld, account)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(h Held) bool { return !h.Holds(nowUs) || !h.Role.Valid() })
	order := authz.Roles()
	slices.SortStableFunc(all, func(a, b Held) int {
		return slices.Index(order, a.Role) - slices.Index(order, b.Role)
	})
	return all, nil
}

// actor is an account in a role it holds, or in none.
func actor(a Account, h Held, via authz.Via) authz.Actor {
	by := authz.Actor{Account: a.ID, Login: a.Login, Person: a.Person, Role: authz.Public, Via: via}
	if h.ID != "" {
		by.Role, by.Org, by.Region = h.Role, h.OrgNow, h.Region
	}
	return by
}

// dayUs is the first instant of a civil day in China, 0 for none.
func dayUs(d clock.Date) int64 {
	if d == "" {
		return 0
	}
	return clock.Us(d.Start())
}
