package identity_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestCreateAccount(t *testing.T) {
	each(t, func(h *house) {
		in := identity.NewAccount{Login: " Wang.Xm ", Name: " 王 小明 ", Phone: "13800001234",
			Email: "wang@example.cn", Key: "k1"}
		made, err := h.CreateAccount(h.ctx, sysadmin, in)
		if err != nil {
			t.Fatal(err)
		}
		if made.Login != "wang.xm" || made.Name != "王 小明" || made.Made == "" || !made.MustChange {
			t.Errorf("made %+v", made)
		}
		again, err := h.CreateAccount(h.ctx, sysadmin, in)
		if err != nil || again.ID != made.ID || again.Made != "" {
			t.Errorf("the same request again: %+v, %v", again, err)
		}
		in.Key = ""
		_, err = h.CreateAccount(h.ctx, sysadmin, in)
		wantField(t, "the login name again", err, "login")
		in.Login = "ＷＡＮＧ．ＸＭ"
		_, err = h.CreateAccount(h.ctx, sysadmin, in)
		wantField(t, "in full width and capitals", err, "login")
		st, err := h.try("WANG.XM", made.Made, home, "")
		if err != nil || st.Next != identity.PendingPassword {
			t.Errorf("log-in with the password made: %+v, %v", st, err)
		}
		h.noSecrets(made.Made, "13800001234", "wang@example.cn")
	})
}

func TestAccountInput(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	good := identity.NewAccount{Login: "wangxm", Name: "王小明", Password: goodPassword}
	for name, c := range map[string]struct {
		change func(*identity.NewAccount)
		field  string
	}{
		"short login":   {func(n *identity.NewAccount) { n.Login = "ab" }, "login"},
		"long login":    {func(n *identity.NewAccount) { n.Login = fmt.Sprintf("a%0100d", 1) }, "login"},
		"Chinese login": {func(n *identity.NewAccount) { n.Login = "王小明" }, "login"},
		"login of dots": {func(n *identity.NewAccount) { n.Login = "..." }, "login"},
		"space inside":  {func(n *identity.NewAccount) { n.Login = "wang xm" }, "login"},
		"no name":       {func(n *identity.NewAccount) { n.Name = " " }, "name"},
		"control":       {func(n *identity.NewAccount) { n.Name = "王\x00明" }, "name"},
		"phone":         {func(n *identity.NewAccount) { n.Phone = "call me" }, "phone"},
		"mail":          {func(n *identity.NewAccount) { n.Email = "wang at example" }, "email"},
		"mail and name": {func(n *identity.NewAccount) { n.Email = "W <w@example.cn>" }, "email"},
		"password":      {func(n *identity.NewAccount) { n.Password = "123456" }, "password"},
	} {
		in := good
		c.change(&in)
		_, err := h.CreateAccount(h.ctx, sysadmin, in)
		wantField(t, name, err, c.field)
	}
	for _, by := range []authz.Actor{officer, secadmin, visitor, {Role: authz.Auditor, Account: "x"}} {
		_, err := h.CreateAccount(h.ctx, by, good)
		authztest.Refused(t, "account made by "+string(by.Role), err)
	}
}

func TestListAccounts(t *testing.T) {
	each(t, func(h *house) {
		for i := range 7 {
			h.account(fmt.Sprintf("user%d", i))
		}
		h.account("leader", role(authz.Leader))
		count := func(by authz.Actor, f identity.AccountFilter) int {
			n, err := h.CountAccounts(h.ctx, by, f)
			page, lerr := h.ListAccounts(h.ctx, by, f, "login", db.PageReq{Limit: 50})
			if err != nil || lerr != nil || int(n) != len(page.Items) {
				t.Fatalf("%+v: count %d, list %d, %v, %v", f, n, len(page.Items), err, lerr)
			}
			for _, a := range page.Items {
				if a.Phone != "138****1234" || a.Email != "w***@example.cn" {
					t.Errorf("the list shows %s, %s", a.Phone, a.Email)
				}
			}
			return int(n)
		}
		for name, c := range map[string]struct {
			by   authz.Actor
			f    identity.AccountFilter
			want int
		}{
			"all":              {sysadmin, identity.AccountFilter{}, 8},
			"secadmin":         {secadmin, identity.AccountFilter{}, 8},
			"officer":          {officer, identity.AccountFilter{}, 0},
			"visitor":          {visitor, identity.AccountFilter{}, 0},
			"beginning":        {sysadmin, identity.AccountFilter{Query: "USER"}, 7},
			"name":             {sysadmin, identity.AccountFilter{Query: "王小"}, 8},
			"role":             {sysadmin, identity.AccountFilter{Role: authz.Leader}, 1},
			"status":           {sysadmin, identity.AccountFilter{Status: identity.Locked}, 0},
			"role made up":     {sysadmin, identity.AccountFilter{Role: "' OR 1=1 --"}, 0},
			"everything fits":  {sysadmin, identity.AccountFilter{Query: "user3", Status: identity.Active}, 1},
			"nothing fits all": {sysadmin, identity.AccountFilter{Query: "user3", Role: authz.Leader}, 0},
		} {
			if got := count(c.by, c.f); got != c.want {
				t.Errorf("%s: %d accounts, want %d", name, got, c.want)
			}
		}
		authztest.FilterFindsNothing(t, func(v string) (int, error) {
			n, err := h.CountAccounts(h.ctx, sysadmin, identity.AccountFilter{Query: v})
			return int(n), err
		})
		first, err := h.ListAccounts(h.ctx, sysadmin, identity.AccountFilter{}, "login", db.PageReq{Limit: 3})
		if err != nil || first.Next == "" {
			t.Fatal(err)
		}
		second, err := h.ListAccounts(h.ctx, sysadmin, identity.AccountFilter{}, "login",
			db.PageReq{Limit: 3, After: first.Next})
		if err != nil || second.Items[0].Login != "user2" || second.Prev == "" {
			t.Errorf("second page starts with %+v, %v", second.Items, err)
		}
	})
}

func TestReadAccount(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.account("wangxm")
	h.account("lisi")
	lisi, _ := h.as("lisi")
	authztest.HiddenLooksAbsent(t, func(id string) error {
		_, err := h.GetAccount(h.ctx, lisi, id)
		return err
	}, a.ID, "no-such-account")
	own, _ := h.as("wangxm")
	for name, c := range map[string]struct {
		by    authz.Actor
		phone string
	}{
		"the owner":              {own, "13800001234"},
		"system administrator":   {sysadmin, "13800001234"},
		"security administrator": {secadmin, "138****1234"},
	} {
		if got, err := h.GetAccount(h.ctx, c.by, a.ID); err != nil || got.Phone != c.phone {
			t.Errorf("%s sees %q, %v", name, got.Phone, err)
		}
	}
}

// No administrator takes over an account of another, nor locks the own.
func TestAdministratorsDoNotTakeOver(t *testing.T) {
	each(t, func(h *house) {
		sys := h.account("sys1", role(authz.SysAdmin))
		sec := h.account("sec1", role(authz.SecAdmin))
		plain := h.account("wangxm")
		by := authz.Actor{Account: sys.ID, Role: authz.SysAdmin, Via: authz.ViaSession}
		_, err := h.ResetPassword(h.ctx, by, sec.ID, sec.Version)
		wantKind(t, "reset another administrator's password", err, fault.Forbidden)
		wantKind(t, "reset another administrator's factor",
			h.ResetTOTP(h.ctx, by, sec.ID, sec.Version), fault.Forbidden)
		_, err = h.ResetPassword(h.ctx, by, sys.ID, sys.Version)
		wantKind(t, "reset the own password", err, fault.Forbidden)
		_, err = h.SetAccountStatus(h.ctx, by, identity.StatusInput{ID: sys.ID,
			Status: identity.Locked, Reason: "x", Version: sys.Version})
		wantKind(t, "lock the own account", err, fault.Forbidden)
		secBy := authz.Actor{Account: sec.ID, Role: authz.SecAdmin, Via: authz.ViaSession}
		_, err = h.ResetPassword(h.ctx, secBy, plain.ID, plain.Version)
		wantKind(t, "the security administrator resets", err, fault.Forbidden)

		device := h.login("wangxm").Device
		old := h.login("wangxm").Token
		made, err := h.ResetPassword(h.ctx, by, plain.ID, plain.Version)
		if err != nil {
			t.Fatal(err)
		}
		if n := h.count(qDevicesOf, plain.ID); n != 0 {
			t.Errorf("%d devices are known after the reset", n)
		}
		_, err = h.Resume(h.ctx, old)
		wantKind(t, "a session after the reset", err, fault.NotFound)
		_, err = h.try("wangxm", goodPassword, home, device)
		wantKind(t, "the password before", err, fault.Invalid)
		if st, err := h.try("wangxm", made, home, ""); err != nil ||
			st.Next != identity.PendingPassword {
			t.Errorf("the password made: %+v, %v", st, err)
		}
		_, err = h.ResetPassword(h.ctx, by, plain.ID, plain.Version)
		wantKind(t, "an old version", err, fault.Conflict)
		h.noSecrets(made)

		// On the machine it is possible.
		got, err := h.Recover(h.ctx, machine, "SEC1")
		if err != nil || got.ID != sec.ID || got.Made == "" {
			t.Errorf("recovered %+v, %v", got, err)
		}
		_, err = h.Recover(h.ctx, by, "sec1")
		wantKind(t, "recover at a page", err, fault.Forbidden)
	})
}

func TestGrantRoles(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm")
		o := h.org(1, "enterprise")
		good := identity.GrantInput{Account: a.ID, Role: authz.Officer, Basis: "并科任〔2026〕3号"}
		for name, c := range map[string]struct {
			change func(*identity.GrantInput)
			field  string
		}{
			"no role":         {func(g *identity.GrantInput) { g.Role = "" }, "role"},
			"the public":      {func(g *identity.GrantInput) { g.Role = authz.Public }, "role"},
			"role made up":    {func(g *identity.GrantInput) { g.Role = "boss" }, "role"},
			"no basis":        {func(g *identity.GrantInput) { g.Basis = " " }, "basis"},
			"no organisation": {func(g *identity.GrantInput) { g.Role = authz.Enterprise }, "org"},
			"unknown organisation": {func(g *identity.GrantInput) {
				g.Role, g.Org = authz.Enterprise, "org-99"
			}, "org"},
			"no region":      {func(g *identity.GrantInput) { g.Role = authz.District }, "region"},
			"region in text": {func(g *identity.GrantInput) { g.Region = "太原" }, "region"},
			"no day":         {func(g *identity.GrantInput) { g.From = "2026-02-30" }, "from"},
			"ends before":    {func(g *identity.GrantInput) { g.From, g.Until = "2026-12-02", "2026-12-01" }, "until"},
		} {
			in := good
			c.change(&in)
			_, err := h.GrantRole(h.ctx, secadmin, in)
			wantField(t, name, err, c.field)
		}
		for _, by := range []authz.Actor{sysadmin, officer, visitor,
			{Account: a.ID, Role: authz.SecAdmin, Via: authz.ViaSession}} {
			_, err := h.GrantRole(h.ctx, by, good)
			authztest.Refused(t, "grant by "+string(by.Role), err)
		}
		held, err := h.GrantRole(h.ctx, secadmin, good)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.GrantRole(h.ctx, secadmin, good)
		wantKind(t, "the same role again", err, fault.Conflict)
		_, err = h.GrantRole(h.ctx, secadmin, identity.GrantInput{Account: a.ID,
			Role: authz.Enterprise, Org: o.ID, Basis: "x"})
		if err != nil {
			t.Errorf("a second role: %v", err)
		}
		wantKind(t, "an old version", h.RevokeRole(h.ctx, secadmin,
			identity.RevokeInput{ID: held.ID, Reason: "x", Version: held.Version + 1}), fault.Conflict)
		wantKind(t, "no reason", h.RevokeRole(h.ctx, secadmin,
			identity.RevokeInput{ID: held.ID, Version: held.Version}), fault.Invalid)
		revoke := identity.RevokeInput{ID: held.ID, Reason: "调离", Version: held.Version}
		authztest.Refused(t, "revoked by the account itself", h.RevokeRole(h.ctx,
			authz.Actor{Account: a.ID, Role: authz.SecAdmin, Via: authz.ViaSession}, revoke))
		if err := h.RevokeRole(h.ctx, secadmin, revoke); err != nil {
			t.Fatal(err)
		}
		if _, err := h.GrantRole(h.ctx, secadmin, good); err != nil {
			t.Errorf("granted again after the revocation: %v", err)
		}
	})
}

// Two administrators' roles do not meet in one account, one after the other or at once.
func TestAdministratorsAreDifferentAccounts(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm", role(authz.SysAdmin))
		_, err := h.GrantRole(h.ctx, secadmin, identity.GrantInput{Account: a.ID, Role: authz.Auditor,
			Basis: "x"})
		wantField(t, "a second administrator's role", err, "role")

		for n := range 6 {
			h.seatsAtOnce(h.account(fmt.Sprintf("lisi%d", n)).ID)
		}
	})
}

// seatsAtOnce grants every administrator's role to one account at once.
func (h *house) seatsAtOnce(account string) {
	h.Helper()
	start := make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for _, r := range []authz.Role{authz.SysAdmin, authz.SecAdmin, authz.Auditor} {
		wg.Go(func() {
			<-start
			_, err := h.GrantRole(h.ctx, secadmin, identity.GrantInput{Account: account, Role: r,
				Basis: "x"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Invalid) {
				h.Errorf("%s: %v", r, err)
			}
		})
	}
	close(start)
	wg.Wait()
	if won != 1 {
		h.Errorf("%d administrators' roles in one account", won)
	}
}

// A role that has run out makes room for the same one.
func TestGrantAgainAfterTheEnd(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.account("wangxm")
	in := identity.GrantInput{Account: a.ID, Role: authz.Officer, Until: "2026-11-20", Basis: "x"}
	if _, err := h.GrantRole(h.ctx, secadmin, in); err != nil {
		t.Fatal(err)
	}
	in.Until = ""
	_, err := h.GrantRole(h.ctx, secadmin, in)
	wantKind(t, "while it holds", err, fault.Conflict)
	h.clock.Advance(24 * 60 * minute)
	if _, err := h.GrantRole(h.ctx, secadmin, in); err != nil {
		t.Errorf("after it ran out: %v", err)
	}
}

func TestBootstrap(t *testing.T) {
	each(t, func(h *house) {
		in := identity.FirstAdmins{
			System:   identity.NewAccount{Login: "sys1", Name: "系统管理员"},
			Security: identity.NewAccount{Login: "sec1", Name: "安全管理员"},
			Audit:    identity.NewAccount{Login: "aud1", Name: "审计管理员", Password: goodPassword},
		}
		_, err := h.Bootstrap(h.ctx, sysadmin, in)
		wantKind(t, "at a page", err, fault.Forbidden)
		cli := authz.Actor{Via: authz.ViaCLI}
		got, err := h.Bootstrap(h.ctx, cli, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			made identity.Created
			pass string
			role authz.Role
			next string
		}{
			{got.System, got.System.Made, authz.SysAdmin, identity.PendingPassword},
			{got.Security, got.Security.Made, authz.SecAdmin, identity.PendingPassword},
			{got.Audit, goodPassword, authz.Auditor, ""},
		} {
			st, err := h.try(c.made.Login, c.pass, home, "")
			if err != nil || st.Next != c.next || !c.made.Admin {
				t.Errorf("%s: %+v, %v", c.made.Login, st, err)
			}
			if r := h.resume(st.Token); c.next == "" && r.Actor.Role != c.role {
				t.Errorf("%s acts as %s", c.made.Login, r.Actor.Role)
			}
		}
		in.System.Login, in.Security.Login, in.Audit.Login = "sys2", "sec2", "aud2"
		_, err = h.Bootstrap(h.ctx, cli, in)
		wantKind(t, "a second time", err, fault.Conflict)
		if _, err := h.FindLogin(h.ctx, machine, "sys2"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the second time left an account: %v", err)
		}
	})
}

var qDevicesOf = db.Stmt(`SELECT COUNT(*) FROM known_device WHERE account = $1`)
