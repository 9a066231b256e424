package adminhttp_test

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/identity"
)

var shots = flag.String("shots", "", "write a picture of every page into this folder")

// TestPagesInTheBrowser opens each page in one look, all of them for pictures: no finding of axe, an empty console, no
// sideways scrolling.
func TestPagesInTheBrowser(t *testing.T) {
	h := newHouse(t)
	a := h.account("wangxiaoming", "王小明")
	b := h.account("lisi", "李四")
	locked := h.account("old", "赵六")
	path := "/admin/accounts/" + a.ID
	h.do(sys, "/admin/accounts/"+locked.ID+"/lock", "reason", "离岗")
	secMachine := authz.Actor{Role: authz.SecAdmin, Via: authz.ViaSystem}
	var held identity.Held
	for _, in := range []identity.GrantInput{
		{Account: a.ID, Role: authz.District, Region: "140105", Basis: "并科发〔2026〕12号", Until: "2027-06-30"},
		{Account: a.ID, Role: authz.Enterprise, Org: h.org.ID, Basis: "授权书"},
		{Account: b.ID, Role: authz.SysAdmin, Basis: "任职文件"},
	} {
		var err error
		if held, err = h.room.GrantRole(context.Background(), secMachine, in); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close)
	p := browsertest.New(t, server.URL)
	for n, c := range []struct {
		name string
		as   authz.Actor
		path string
	}{
		{"accounts", sys, "/admin/accounts"}, {"none", sys, "/admin/accounts?q=zzz"},
		{"account", sys, path}, {"account-admin", sys, "/admin/accounts/" + b.ID},
		{"account-sec", sec, path}, {"new", sys, "/admin/accounts/new"}, {"edit", sys, path + "/edit"},
		{"lock", sys, path + "/lock"}, {"close", sys, path + "/close"},
		{"roles", sec, "/admin/roles"}, {"grant", sec, "/admin/roles/new?account=" + a.ID},
		{"revoke", sec, "/admin/accounts/" + b.ID + "/roles/" + held.ID + "/revoke"},
	} {
		for i, l := range []struct {
			width       int
			theme, lang string
		}{{1440, "light", "zh-CN"}, {375, "dark", "en"}} {
			if i != n%2 && *shots == "" {
				continue // test/e2e opens each kind of page in more looks
			}
			p.SetCookie("yuntu_session", h.Token(c.as))
			p.SetCookie("yuntu_theme", l.theme)
			p.SetCookie("yuntu_lang", l.lang)
			p.SetSize(l.width)
			p.Goto(c.path)
			p.Axe()
			p.NoHorizontalScroll()
			p.ConsoleEmpty()
			if *shots != "" {
				p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d.png", c.name, i)))
			}
		}
	}
	pickAccount(t, p, h)
}

// pickAccount grants a role with the pick list, as a person at a keyboard does, and makes an
// account whose password is shown.
func pickAccount(t *testing.T, p *browsertest.Page, h *house) {
	t.Helper()
	p.SetCookie("yuntu_lang", "zh-CN")
	p.SetCookie("yuntu_session", h.Token(sec))
	p.SetSize(browsertest.Wide)
	p.Goto("/admin/roles/new")
	p.Fill("[name=account_q]", "lis")
	p.WaitText("[role=listbox]", "lisi")
	p.Press("ArrowDown", "Enter")
	p.WaitText(".picked", "lisi")
	p.Fill("[name=basis]", "任职文件")
	p.Select("[name=role]", "leader")
	p.Follow(".form-actions button")
	if got := p.Text("main"); p.Status() != 200 {
		t.Errorf("after the grant: %d %s", p.Status(), got)
	}
	p.WaitText("main", "局领导")
	p.SetCookie("yuntu_session", h.Token(sys))
	p.Goto("/admin/accounts/new")
	p.Fill("[name=login]", "sunqi")
	p.Fill("[name=name]", "孙七")
	p.Follow(".form-actions button")
	p.WaitFor("[data-secret]")
	p.Axe()
	p.ConsoleEmpty()
	if *shots != "" {
		p.Screenshot(filepath.Join(*shots, "secret-0.png"))
	}
}
