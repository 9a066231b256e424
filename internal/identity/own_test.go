package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestChangePassword(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		other := h.login("wangxm").Token
		change := func(from, to, token string) (identity.Started, error) {
			return h.ChangePassword(h.ctx, by, identity.PasswordInput{Old: from, New: to, Token: token})
		}
		_, err := change("wrong", otherPassword, token)
		wantField(t, "wrong old password", err, "old")
		_, err = change(goodPassword, "short", token)
		wantField(t, "short password", err, "new")
		_, err = change(goodPassword, goodPassword, token)
		wantField(t, "the same password", err, "new")
		st, err := change(goodPassword, otherPassword, token)
		if err != nil {
			t.Fatal(err)
		}
		for name, dead := range map[string]string{"token before": token, "other session": other} {
			_, err := h.Resume(h.ctx, dead)
			wantKind(t, name, err, fault.NotFound)
		}
		h.resume(st.Token)
		_, err = h.try("wangxm", goodPassword, home, "")
		wantKind(t, "the password before", err, fault.Invalid)
		if _, err := h.try("wangxm", otherPassword, home, ""); err != nil {
			t.Errorf("the password now: %v", err)
		}
		h.noSecrets(goodPassword, otherPassword)
	})
}

// The last five passwords do not come again, the one before them may.
func TestPasswordHistory(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, token := h.as("wangxm")
	nth := func(n int) string { return fmt.Sprintf("Lan-Tian %d bai yun", n) }
	now := goodPassword
	change := func(to string) error {
		h.clock.Advance(time.Second)
		st, err := h.ChangePassword(h.ctx, by, identity.PasswordInput{Old: now, New: to, Token: token})
		if err == nil {
			now, token = to, st.Token
		}
		return err
	}
	for n := range identity.KeepHashes - 1 {
		if err := change(nth(n)); err != nil {
			t.Fatal(err)
		}
	}
	wantField(t, "the fifth last", change(goodPassword), "new")
	if err := change(nth(99)); err != nil {
		t.Fatal(err)
	}
	if err := change(goodPassword); err != nil {
		t.Errorf("the sixth last: %v", err)
	}
}

// A browser left open does not let its finder guess the password.
func TestConfirmingIsSlowedDown(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, _ := h.as("wangxm")
	var err error
	for range identity.FreeTries() + 1 {
		_, err = h.StartTOTP(h.ctx, by, "wrong")
	}
	wantKind(t, "guessing in an open session", err, fault.Unavailable)
	h.login("wangxm") // the owner's log-in is not concerned
}

func TestProfile(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm")
		by, _ := h.as("wangxm")
		in := identity.ProfileInput{Name: "王大明", Phone: "+86 351 1234567", Person: "per-9",
			Version: a.Version}
		got, err := h.UpdateProfile(h.ctx, by, in)
		if err != nil || got.Name != "王大明" || got.Email != "" || got.Version != a.Version+1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if got.Person != "" {
			t.Error("the owner says which person's record is the own")
		}
		_, err = h.UpdateProfile(h.ctx, by, in)
		wantKind(t, "an old version", err, fault.Conflict)
		in.Version = got.Version
		in.ID = a.ID
		if got, err = h.UpdateAccount(h.ctx, sysadmin, in); err != nil || got.Person != "per-9" {
			t.Errorf("by staff %+v, %v", got, err)
		}
		h.account("lisi")
		lisi, _ := h.as("lisi")
		_, err = h.UpdateAccount(h.ctx, lisi, identity.ProfileInput{ID: a.ID, Name: "x", Version: 1})
		wantKind(t, "another's profile", err, fault.NotFound)
		h.noSecrets("1234567", "wang@example.cn")
	})
}

func TestRegister(t *testing.T) {
	each(t, func(h *house) {
		in := identity.RegisterInput{Login: "Zhao.Liu", Name: "赵六", Password: goodPassword,
			Agreed: true}
		in.Address = home
		for name, c := range map[string]struct {
			change func(*identity.RegisterInput)
			field  string
		}{
			"no notice": {func(r *identity.RegisterInput) { r.Agreed = false }, "agreed"},
			"login":     {func(r *identity.RegisterInput) { r.Login = "x" }, "login"},
			"password":  {func(r *identity.RegisterInput) { r.Password = "zhao.liu-AB12" }, "password"},
			"name":      {func(r *identity.RegisterInput) { r.Name = "" }, "name"},
		} {
			bad := in
			c.change(&bad)
			_, err := h.Register(h.ctx, visitor, bad)
			wantField(t, name, err, c.field)
		}
		st, err := h.Register(h.ctx, visitor, in)
		if err != nil || st.Next != "" {
			t.Fatalf("%+v, %v", st, err)
		}
		r := h.resume(st.Token)
		if r.Actor.Role != authz.Public || r.Actor.Account == "" || r.Actor.Login != "zhao.liu" {
			t.Errorf("registered as %+v", r.Actor)
		}
		_, err = h.Register(h.ctx, visitor, in)
		wantField(t, "the login name again", err, "login")
		_, err = h.Register(h.ctx, r.Actor, in)
		wantKind(t, "somebody logged in", err, fault.Conflict)
	})
}

func TestRegistrationClosedOrTooFast(t *testing.T) {
	closed := newHouse(t, dbtest.SQLite(t), func(c *identity.Config) { c.Rule.NoRegistration = true })
	in := identity.RegisterInput{Login: "zhaoliu", Name: "赵六", Password: goodPassword, Agreed: true}
	_, err := closed.Register(closed.ctx, visitor, in)
	wantKind(t, "where registration is closed", err, fault.Forbidden)

	h := newHouse(t, dbtest.SQLite(t))
	for i := range 40 {
		in.Login = fmt.Sprintf("zhaoliu%d", i)
		in.Address = fmt.Sprintf("198.51.100.%d", i)
		if _, err = h.Register(h.ctx, visitor, in); err != nil {
			break
		}
	}
	wantKind(t, "forty accounts from one network", err, fault.Unavailable)
}

func TestTokens(t *testing.T) {
	each(t, func(h *house) {
		o := h.org(1, "enterprise")
		a := h.account("wangxm", identity.GrantInput{Role: authz.Enterprise, Org: o.ID})
		by, session := h.as("wangxm")
		scopes := []authz.Action{identity.ActClaimRead, identity.ActViewRead}
		made, err := h.CreateToken(h.ctx, by, identity.NewToken{Name: "导出脚本", Scopes: scopes,
			Days: 30, Token: session})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(made.Secret, identity.TokenPrefix) || len(made.Secret) < 40 ||
			!strings.HasPrefix(made.Secret, made.Hint) {
			t.Errorf("made %+v", made)
		}
		r, err := h.Bearer(h.ctx, made.Secret)
		if err != nil {
			t.Fatal(err)
		}
		if r.Actor.Account != a.ID || r.Actor.Role != authz.Enterprise || r.Actor.Org != o.ID ||
			r.Actor.Via != authz.ViaToken || len(r.Actor.Scopes) != 2 {
			t.Errorf("acts as %+v", r.Actor)
		}
		if _, err := h.ListViews(h.ctx, r.Actor, ""); err != nil {
			t.Errorf("within its scopes: %v", err)
		}
		_, err = h.SaveView(h.ctx, r.Actor, identity.ViewInput{Page: "/orgs", Name: "x"})
		authztest.Refused(t, "beyond its scopes", err)
		h.inPersonOnly(t, r.Actor, made.Secret)

		h.clock.Advance(minute)
		if _, err := h.Bearer(h.ctx, made.Secret); err != nil {
			t.Fatal(err)
		}
		all, err := h.ListTokens(h.ctx, by)
		if err != nil || len(all) != 1 || all[0].UsedUs == 0 || len(all[0].Scopes) != 2 {
			t.Errorf("listed %+v, %v", all, err)
		}
		h.noSecrets(made.Secret)
		row, err := db.Get(h.ctx, h.db, qTokenHash, db.One[string], made.ID)
		if err != nil || strings.Contains(row, made.Secret[3:]) {
			t.Errorf("stored as %q, %v", row, err)
		}
	})
}

var qTokenHash = db.Stmt(`SELECT token_hash FROM api_token WHERE id = $1`)

// inPersonOnly fails unless a token is refused everywhere where it could keep itself alive.
func (h *house) inPersonOnly(t *testing.T, by authz.Actor, secret string) {
	t.Helper()
	by.Scopes = append(by.Scopes, identity.ActAccountSecure, identity.ActTokenCreate,
		identity.ActAccountUpdate)
	_, err := h.CreateToken(h.ctx, by, identity.NewToken{Name: "x", Days: 1, Token: secret})
	wantKind(t, "a token makes a token", err, fault.Forbidden)
	_, err = h.ChangePassword(h.ctx, by, identity.PasswordInput{Old: goodPassword, New: otherPassword})
	wantKind(t, "a token changes the password", err, fault.Forbidden)
	_, err = h.StartTOTP(h.ctx, by, goodPassword)
	wantKind(t, "a token enrols", err, fault.Forbidden)
	wantKind(t, "a token disables", h.DisableTOTP(h.ctx, by, goodPassword), fault.Forbidden)
	_, err = h.SwitchRole(h.ctx, by, secret, "x")
	wantKind(t, "a token switches", err, fault.Forbidden)
	_, err = h.BeginOIDC(h.ctx, by, "/")
	wantKind(t, "a token links", err, fault.Forbidden)
}

func TestTokenInput(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, session := h.as("wangxm")
	good := identity.NewToken{Name: "脚本", Scopes: []authz.Action{identity.ActViewRead}, Days: 365,
		Token: session}
	for name, c := range map[string]struct {
		change func(*identity.NewToken)
		field  string
	}{
		"no name":     {func(n *identity.NewToken) { n.Name = "" }, "name"},
		"no scope":    {func(n *identity.NewToken) { n.Scopes = nil }, "scopes"},
		"for a day":   {func(n *identity.NewToken) { n.Days = 0 }, "days"},
		"over a year": {func(n *identity.NewToken) { n.Days = 366 }, "days"},
		"not the role's": {func(n *identity.NewToken) {
			n.Scopes = []authz.Action{identity.ActClaimDecide}
		}, "scopes"},
		"of the account itself": {func(n *identity.NewToken) {
			n.Scopes = []authz.Action{identity.ActSessionRead}
		}, "scopes"},
		"made up": {func(n *identity.NewToken) { n.Scopes = []authz.Action{"x y"} }, "scopes"},
		"twice": {func(n *identity.NewToken) {
			n.Scopes = []authz.Action{identity.ActViewRead, identity.ActViewRead}
		}, "scopes"},
	} {
		in := good
		c.change(&in)
		_, err := h.CreateToken(h.ctx, by, in)
		wantField(t, name, err, c.field)
	}
	for range identity.MaxTokens {
		if _, err := h.CreateToken(h.ctx, by, good); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.CreateToken(h.ctx, by, good)
	wantKind(t, "too many", err, fault.Conflict)
}

// A token ends with its revocation, its time, its role and its account: at once, half open.
func TestTokensEnd(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm")
		held := h.grant(a.ID, role(authz.Officer))
		make := func() (identity.MadeToken, authz.Actor) {
			by, session := h.as("wangxm")
			made, err := h.CreateToken(h.ctx, by, identity.NewToken{Name: "脚本", Days: 1,
				Scopes: []authz.Action{identity.ActViewRead}, Token: session})
			if err != nil {
				t.Fatal(err)
			}
			return made, by
		}
		made, by := make()
		use := func() error { _, err := h.Bearer(h.ctx, made.Secret); return err }
		authztest.EndsWith(t, "a token revoked", use, func() error {
			return h.RevokeToken(h.ctx, by, made.ID)
		})
		wantKind(t, "revoke twice", h.RevokeToken(h.ctx, by, made.ID), fault.Conflict)
		h.account("lisi")
		lisi, _ := h.as("lisi")
		authztest.HiddenLooksAbsent(t, func(id string) error {
			return h.RevokeToken(h.ctx, lisi, id)
		}, made.ID, "no-such-token")

		made, _ = make()
		authztest.EndsWith(t, "a token out of time", use, func() error {
			h.clock.Advance(24*time.Hour - time.Microsecond)
			if err := use(); err != nil {
				t.Errorf("a microsecond before its end: %v", err)
			}
			h.clock.Advance(time.Microsecond)
			return nil
		})

		made, _ = make()
		authztest.EndsWith(t, "a token whose role was revoked", use, func() error {
			return h.RevokeRole(h.ctx, secadmin,
				identity.RevokeInput{ID: held.ID, Reason: "x", Version: held.Version})
		})

		made, _ = make() // of the account without a role
		authztest.EndsWith(t, "a token of a locked account", use, func() error {
			now, err := h.GetAccount(h.ctx, machine, a.ID)
			if err != nil {
				return err
			}
			_, err = h.SetAccountStatus(h.ctx, sysadmin, identity.StatusInput{ID: a.ID,
				Status: identity.Locked, Reason: "x", Version: now.Version})
			return err
		})
	})
}

func TestViews(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		h.account("lisi")
		by, _ := h.as("wangxm")
		lisi, _ := h.as("lisi")
		save := func(page, name, query string) (identity.View, error) {
			return h.SaveView(h.ctx, by, identity.ViewInput{Page: page, Name: name, Query: query})
		}
		v, err := save("/orgs", " 本市 企业 ", "?region=140100&after=abc&kind=enterprise&lang=en")
		if err != nil || v.Address() != "/orgs?kind=enterprise&region=140100" || v.Name != "本市 企业" {
			t.Fatalf("%+v, %v", v, err)
		}
		again, err := save("/orgs", "本市 企业", "kind=institute")
		if err != nil || again.ID != v.ID || again.Version != v.Version+1 {
			t.Errorf("the same name again: %+v, %v", again, err)
		}
		for name, c := range map[string][4]string{
			"page elsewhere": {"//evil.example", "x", "", "page"},
			"page with code": {"javascript:alert(1)", "x", "", "page"},
			"no name":        {"/orgs", "", "", "name"},
			"broken query":   {"/orgs", "x", "%zz", "query"},
			"long query":     {"/orgs", "x", "q=" + strings.Repeat("a", 3000), "query"},
		} {
			_, err := save(c[0], c[1], c[2])
			wantField(t, name, err, c[3])
		}
		for n := 2; n <= identity.MaxViews; n++ {
			if _, err := save("/people", fmt.Sprint(n), ""); err != nil {
				t.Fatal(err)
			}
		}
		_, err = save("/people", "one more", "")
		wantKind(t, "too many", err, fault.Conflict)
		if all, err := h.ListViews(h.ctx, by, "/orgs"); err != nil || len(all) != 1 {
			t.Errorf("views of one page: %+v, %v", all, err)
		}
		if all, err := h.ListViews(h.ctx, lisi, ""); err != nil || len(all) != 0 {
			t.Errorf("views of somebody else: %+v, %v", all, err)
		}
		authztest.HiddenLooksAbsent(t, func(id string) error {
			return h.DeleteView(h.ctx, lisi, id)
		}, v.ID, "no-such-view")
		if err := h.DeleteView(h.ctx, by, v.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := save("/people", "one more", ""); err != nil {
			t.Errorf("after one was deleted: %v", err)
		}
		_, err = h.ListViews(h.ctx, visitor, "")
		authztest.Refused(t, "a visitor", err)
	})
}
