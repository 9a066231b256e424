package identity_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// people makes accounts of several sorts and returns their ids.
func (h *house) people() []string {
	h.Helper()
	o1, o2 := h.org(1, "enterprise"), h.org(2, "university")
	var ids []string
	for login, roles := range map[string][]identity.GrantInput{
		"gong": nil, "qiye": {{Role: authz.Enterprise, Org: o1.ID}},
		"gaoxiao": {{Role: authz.University, Org: o2.ID}, role(authz.Expert)},
		"jing":    {role(authz.Officer)}, "quxian": {{Role: authz.District, Region: "140105"}},
		"xitong": {role(authz.SysAdmin)}, "anquan": {role(authz.SecAdmin)},
		"shenji": {role(authz.Auditor)},
	} {
		ids = append(ids, h.account(login, roles...).ID)
	}
	slices.Sort(ids)
	return ids
}

// proof runs ScopeEqualsMay with actors drawn from the rows.
func proof[T any](
	h *house, p *authz.Policy[T], sel *db.Selection, column string, objects []T, id func(T) string,
	pool authztest.Pool,
) {
	h.Helper()
	pool.Actions = p.Actions()
	r := rand.New(rand.NewPCG(7, 11))
	authztest.ScopeEqualsMay(h, authztest.Proof[T]{
		Policy: p, Objects: objects, ID: id, Actors: authztest.Actors(r.IntN, 40, pool),
		List: func(w db.Where) (map[string]int64, error) {
			if column == "account.id" {
				return sel.CountBy(h.ctx, h.db, "account.id", w)
			}
			return countBy(h, sel, column, w)
		},
	})
}

func countBy(
	h *house, sel *db.Selection, column string, w db.Where,
) (map[string]int64, error) {
	switch column {
	case "session.id":
		return sel.CountBy(h.ctx, h.db, "session.id", w)
	case "api_token.id":
		return sel.CountBy(h.ctx, h.db, "api_token.id", w)
	case "account_role.id":
		return sel.CountBy(h.ctx, h.db, "account_role.id", w)
	case "saved_view.id":
		return sel.CountBy(h.ctx, h.db, "saved_view.id", w)
	default:
		return sel.CountBy(h.ctx, h.db, "claim.id", w)
	}
}

// Selections over what the room lists otherwise by the owner alone.
var (
	allSessions = db.Select("session.id", "session", db.Order{Name: "id",
		Cols: []db.Col{db.TextCol("session.id")}})
	allTokens = db.Select("api_token.id", "api_token", db.Order{Name: "id",
		Cols: []db.Col{db.TextCol("api_token.id")}})
	allViews = db.Select("saved_view.id", "saved_view", db.Order{Name: "id",
		Cols: []db.Col{db.TextCol("saved_view.id")}})
)

func TestScopesEqualMay(t *testing.T) {
	each(t, func(h *house) {
		ids := h.people()
		pool := authztest.Pool{Accounts: append(ids, "nobody"), Orgs: []string{"org-1", "org-2", "org-9"},
			Regions: []string{"140000", "140100", "140105", "140106"}, Persons: []string{"per-1", "per-2"}}
		var accounts []identity.Account
		for _, id := range ids {
			a, err := h.GetAccount(h.ctx, machine, id)
			if err != nil {
				t.Fatal(err)
			}
			accounts = append(accounts, a)
		}
		proof(h, identity.AccountPolicy, identity.AccountList, "account.id", accounts,
			func(a identity.Account) string { return a.ID }, pool)

		page, err := h.ListRoles(h.ctx, secMach, identity.RoleFilter{}, db.PageReq{Limit: 100})
		if err != nil || len(page.Items) != 8 {
			t.Fatal(len(page.Items), err)
		}
		var held []identity.Held
		for _, g := range page.Items {
			held = append(held, g.Held)
		}
		proof(h, identity.RolePolicy, identity.HeldList, "account_role.id", held,
			func(x identity.Held) string { return x.ID }, pool)

		h.ownThings(t, accounts, pool)
	})
}

// ownThings proves the policies of what people have for themselves.
func (h *house) ownThings(t *testing.T, accounts []identity.Account, pool authztest.Pool) {
	t.Helper()
	var sessions []identity.Session
	var tokens []identity.Token
	var views []identity.View
	for _, a := range accounts {
		by, token := h.as(a.Login)
		own, err := h.ListSessions(h.ctx, by, token)
		if err != nil {
			t.Fatal(err)
		}
		v, err := h.SaveView(h.ctx, by, identity.ViewInput{Page: "/orgs", Name: "本市"})
		if err != nil {
			t.Fatal(err)
		}
		made, err := h.CreateToken(h.ctx, by, identity.NewToken{Name: "脚本", Days: 1, Token: token,
			Scopes: []authz.Action{identity.ActViewRead}})
		if err != nil {
			t.Fatal(err)
		}
		sessions, views = append(sessions, own...), append(views, v)
		tokens = append(tokens, made.Token)
	}
	proof(h, identity.SessionPolicy, allSessions, "session.id", sessions,
		func(x identity.Session) string { return x.ID }, pool)
	proof(h, identity.TokenPolicy, allTokens, "api_token.id", tokens,
		func(x identity.Token) string { return x.ID }, pool)
	proof(h, identity.ViewPolicy, allViews, "saved_view.id", views,
		func(x identity.View) string { return x.ID }, pool)
}

// The administrators stay apart: by the table, whatever the pages show.
func TestAdministratorsStayApart(t *testing.T) {
	tables := []authz.Table{identity.AccountPolicy, identity.RolePolicy, identity.SessionPolicy,
		identity.TokenPolicy, identity.ViewPolicy, identity.ClaimPolicy}
	for _, c := range []struct {
		role authz.Role
		act  authz.Action
		may  bool
	}{
		{authz.SysAdmin, identity.ActAccountCreate, true},
		{authz.SysAdmin, identity.ActRoleGrant, false},
		{authz.SecAdmin, identity.ActRoleGrant, true},
		{authz.SecAdmin, identity.ActAccountCreate, false},
		{authz.SecAdmin, identity.ActAccountReset, false},
		{authz.Auditor, identity.ActRoleGrant, false},
		{authz.Auditor, identity.ActAccountStatus, false},
		{authz.Officer, identity.ActRoleGrant, false},
		{authz.Leader, identity.ActAccountCreate, false},
		{authz.SysAdmin, identity.ActClaimDecide, false},
		{authz.Auditor, identity.ActClaimRead, false},
		{authz.Auditor, identity.ActSessionEnd, true}, // the own
	} {
		got := slices.ContainsFunc(authz.Rights(tables, c.role), func(r authz.Right) bool {
			return r.Action == c.act
		})
		if got != c.may {
			t.Errorf("%s %s: %v", c.role, c.act, got)
		}
	}
}

func TestActionsAreDeclared(t *testing.T) {
	authztest.Declared(t, ".", []authz.Table{identity.AccountPolicy, identity.RolePolicy,
		identity.SessionPolicy, identity.TokenPolicy, identity.ViewPolicy, identity.ClaimPolicy})
}

func TestOrdersArePicked(t *testing.T) {
	for _, s := range []*db.Selection{identity.AccountList, identity.HeldList, identity.ClaimList} {
		authztest.OrderIsPicked(t, s)
	}
}
