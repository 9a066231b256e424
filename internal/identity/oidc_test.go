package identity_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

const issuer = "https://id.example.cn"

// through goes to the provider and comes back as the subject.
func (h *house) through(by authz.Actor, subject string) (identity.Started, error) {
	h.Helper()
	f, err := h.BeginOIDC(h.ctx, by, "/orgs")
	if err != nil {
		h.Fatal(err)
	}
	r, err := h.TakeOIDC(h.ctx, by, f.State, f.Browser)
	if err != nil {
		h.Fatal(err)
	}
	if r.Nonce != f.Nonce || r.Verifier != f.Verifier || r.Back != "/orgs" {
		h.Errorf("came back with %+v", r)
	}
	in := identity.OIDCInput{Returned: r, Issuer: issuer, Subject: subject, Name: "王小明"}
	in.Address = home
	return h.FinishOIDC(h.ctx, by, in)
}

func TestOIDC(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm", role(authz.Officer))
		h.account("lisi")
		_, err := h.through(visitor, "s-1")
		wantKind(t, "somebody unknown here", err, fault.Forbidden)

		by, token := h.as("wangxm")
		if st, err := h.through(by, "s-1"); err != nil || st.Token != "" {
			t.Fatalf("link: %+v, %v", st, err)
		}
		st, err := h.through(visitor, "s-1")
		if err != nil {
			t.Fatal(err)
		}
		if r := h.resume(st.Token); r.Actor.Login != "wangxm" || r.Actor.Role != authz.Officer ||
			r.Session.Method != "oidc" {
			t.Errorf("logged in as %+v", r)
		}
		lisi, _ := h.as("lisi")
		_, err = h.through(lisi, "s-1")
		wantKind(t, "a person linked already", err, fault.Conflict)

		// A second factor is asked for all the same.
		secret, _ := h.enrol(by, token)
		h.clock.Advance(minute)
		half, err := h.through(visitor, "s-1")
		if err != nil || half.Next != identity.PendingCode {
			t.Fatalf("with a second factor: %+v, %v", half, err)
		}
		if _, err := h.verify(half.Token, h.code(secret)); err != nil {
			t.Error(err)
		}
		links, err := h.ListLinks(h.ctx, by)
		if err != nil || len(links) != 1 || links[0].Subject != "s-1" {
			t.Fatalf("links %+v, %v", links, err)
		}
		wantKind(t, "another's link", h.UnlinkOIDC(h.ctx, lisi, issuer, "s-1"), fault.NotFound)
		if err := h.UnlinkOIDC(h.ctx, by, issuer, "s-1"); err != nil {
			t.Fatal(err)
		}
		_, err = h.through(visitor, "s-1")
		wantKind(t, "after the link was removed", err, fault.Forbidden)
	})
}

// An answer counts once, in time, and in the browser and account that asked.
func TestOIDCFlows(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, _ := h.as("wangxm")
		for name, take := range map[string]func(identity.Flow) error{
			"unknown state": func(f identity.Flow) error {
				_, err := h.TakeOIDC(h.ctx, visitor, f.State+"x", f.Browser)
				return err
			},
			"another browser": func(f identity.Flow) error {
				_, err := h.TakeOIDC(h.ctx, visitor, f.State, f.Browser+"x")
				return err
			},
			"no browser": func(f identity.Flow) error {
				_, err := h.TakeOIDC(h.ctx, visitor, f.State, "")
				return err
			},
			"another account": func(f identity.Flow) error {
				_, err := h.TakeOIDC(h.ctx, by, f.State, f.Browser)
				return err
			},
			"twice": func(f identity.Flow) error {
				if _, err := h.TakeOIDC(h.ctx, visitor, f.State, f.Browser); err != nil {
					t.Errorf("the first time: %v", err)
				}
				_, err := h.TakeOIDC(h.ctx, visitor, f.State, f.Browser)
				return err
			},
			"too late": func(f identity.Flow) error {
				h.clock.Advance(identity.FlowTime)
				_, err := h.TakeOIDC(h.ctx, visitor, f.State, f.Browser)
				return err
			},
		} {
			f, err := h.BeginOIDC(h.ctx, visitor, "/")
			if err != nil {
				t.Fatal(err)
			}
			wantKind(t, name, take(f), fault.Invalid)
		}
	})
}

func TestOIDCMakesAccounts(t *testing.T) {
	each(t, func(h *house) {
		h = newHouse(t, h.db, func(c *identity.Config) { c.Rule.OIDCCreates = true })
		st, err := h.through(visitor, "s-2")
		if err != nil {
			t.Fatal(err)
		}
		r := h.resume(st.Token)
		if r.Actor.Role != authz.Public || r.Name != "王小明" {
			t.Errorf("made %+v", r)
		}
		again, err := h.through(visitor, "s-2")
		if err != nil || h.resume(again.Token).Actor.Account != r.Actor.Account {
			t.Errorf("the second time: %v", err)
		}
		wantKind(t, "the only way in is removed", h.UnlinkOIDC(h.ctx, r.Actor, issuer, "s-2"),
			fault.Conflict)
		if _, err := h.try(r.Actor.Login, "", home, ""); err == nil {
			t.Error("an account without a password opens by none")
		}
		_, err = h.try(r.Actor.Login, goodPassword, home, "")
		wantKind(t, "an account without a password", err, fault.Invalid)

		// Its owner may set one.
		_, err = h.ChangePassword(h.ctx, r.Actor, identity.PasswordInput{New: goodPassword, Token: st.Token})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.try(r.Actor.Login, goodPassword, home, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestOIDCOfLockedAccount(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.account("wangxm")
	by, _ := h.as("wangxm")
	if _, err := h.through(by, "s-3"); err != nil {
		t.Fatal(err)
	}
	_, err := h.SetAccountStatus(h.ctx, sysadmin, identity.StatusInput{ID: a.ID,
		Status: identity.Locked, Reason: "x", Version: a.Version})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.through(visitor, "s-3")
	wantKind(t, "a locked account", err, fault.Forbidden)
}
