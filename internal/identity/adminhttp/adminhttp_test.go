package adminhttp_test

import (
	"context"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/identity/adminhttp"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

const password = "Lan-Tian 37 bai yun"

var (
	machine = authz.Actor{Role: authz.SysAdmin, Via: authz.ViaSystem}
	sys     = authz.Actor{Account: "acc-sys", Login: "root", Role: authz.SysAdmin}
	sec     = authz.Actor{Account: "acc-sec", Login: "sec", Role: authz.SecAdmin}
)

// registry knows one organisation.
type registry struct{ org identity.Org }

func (r registry) FindByUSCC(_ context.Context, uscc string) (identity.Org, bool, error) {
	return r.org, uscc == r.org.USCC, nil
}

func (r registry) FindByID(_ context.Context, orgID string) (identity.Org, bool, error) {
	return r.org, orgID == r.org.ID, nil
}

func (r registry) CreatePending(
	_ context.Context, _ authz.Actor, o identity.Org,
) (identity.Org, error) {
	return o, fault.New(fault.Internal, "系统内部错误，请稍后再试")
}

// house is the room with its door.
type house struct {
	*webtest.House
	t     *testing.T
	room  *identity.Service
	clock *clock.Fake
	org   identity.Org
}

func newHouse(t *testing.T) *house {
	t.Helper()
	code, err := id.MakeUSCC("91140105MA0000001")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: clock.NewFake(dbtest.Start), org: identity.Org{ID: "org-1",
		Name: "太原云帆新材料有限公司", Kind: "enterprise", Region: "140105", USCC: string(code)}}
	u := dbtest.UnitAt(t, dbtest.SQLite(t), h.clock)
	codes := dict.New(u)
	if err := codes.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.room, err = identity.New(identity.Config{Unit: u, Orgs: registry{h.org},
		Cost: identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		return []webtest.Door{adminhttp.New(h.room, w, adminhttp.Deps{Orgs: registry{h.org},
			Dict: codes, Clock: h.clock, Home: func() region.Code { return "140100" }})}
	})
	return h
}

func (h *house) account(login, name string) identity.Account {
	h.t.Helper()
	a, err := h.room.CreateAccount(context.Background(), machine, identity.NewAccount{Login: login,
		Name: name, Phone: "13800001234", Email: "wang@example.cn", Password: password})
	if err != nil {
		h.t.Fatal(err)
	}
	return a.Account
}

// login begins a session and returns its token.
func (h *house) login(login string) string {
	h.t.Helper()
	st, err := h.room.Login(context.Background(), authz.Actor{Via: authz.ViaSession},
		identity.LoginInput{Login: login, Password: password,
			Origin: identity.Origin{Address: "192.0.2.1", Agent: "test"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return st.Token
}

func (h *house) want(as authz.Actor, path string, code int, texts ...string) webtest.Answer {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Errorf("%s as %s: %d, want %d", path, as.Role, a.Code, code)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a
}

var (
	versionField = regexp.MustCompile(`name="version" value="(\d+)"`)
	secretField  = regexp.MustCompile(`data-secret>([^<]+)<`)
	revokeLink   = regexp.MustCompile(`href="(/admin/accounts/[0-9a-z]+/roles/[0-9a-z]+/revoke)"`)
)

// do opens the question at an address and answers it.
func (h *house) do(as authz.Actor, path string, pairs ...string) webtest.Answer {
	h.t.Helper()
	asked := h.Get(as, path)
	m := versionField.FindStringSubmatch(asked.Body)
	if asked.Code != 200 || m == nil {
		return asked
	}
	return h.Post(as, path, values(append([]string{"version", m[1]}, pairs...)...))
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestWhoSeesWhat(t *testing.T) {
	h := newHouse(t)
	a := h.account("wang", "王小明")
	one := "/admin/accounts/" + a.ID
	pages := []struct {
		path     string
		sys, sec int
	}{
		{"/admin/accounts", 200, 200}, {one, 200, 200}, {"/admin/roles", 200, 200},
		{"/admin/accounts/new", 200, 403}, {one + "/edit", 200, 403}, {one + "/lock", 200, 403},
		{one + "/close", 200, 403}, {one + "/password", 200, 403}, {one + "/unlock", 409, 403},
		{one + "/totp", 409, 403}, {"/admin/roles/new", 403, 200},
		{"/pick/account?q=w", 200, 200},
		{"/admin/accounts/" + id.New(), 404, 404}, {one + "/destroy", 404, 404},
		{"/admin/accounts/%00", 404, 404}, {"/admin/accounts/..%2f..", 404, 404},
		{one + "/roles/" + id.New() + "/revoke", 404, 404},
	}
	for _, p := range pages {
		for _, role := range authz.Roles() {
			as, want := authz.Actor{Account: a.ID, Role: role}, 403
			switch role {
			case authz.SysAdmin:
				as, want = sys, p.sys
			case authz.SecAdmin:
				as, want = sec, p.sec
			}
			got := h.Get(as, p.path).Code
			if got != want && !(want == 403 && got == 404) {
				t.Errorf("%s as %s: %d, want %d", p.path, role, got, want)
			}
			if want == 403 && p.sys == 200 && got != 403 {
				t.Errorf("%s as %s: %d, want 403", p.path, role, got)
			}
		}
		if got := h.Get(authz.Actor{}, p.path).Code; got != 303 {
			t.Errorf("%s for a visitor: %d, not the log-in", p.path, got)
		}
	}
}

func TestContactsAreMaskedForSecurity(t *testing.T) {
	h := newHouse(t)
	a := h.account("wang", "王小明")
	path := "/admin/accounts/" + a.ID
	h.want(sys, path, 200, "13800001234", "wang@example.cn", "停用", "重置密码")
	got := h.want(sec, path, 200, "138****1234", "联系方式只显示一部分")
	if strings.Contains(got.Body, "13800001234") || strings.Contains(got.Body, "重置密码") {
		t.Error("the security administrator sees contacts or resets passwords")
	}
}

func TestCreateShowsThePasswordOnce(t *testing.T) {
	h := newHouse(t)
	bad := h.Post(sys, "/admin/accounts/new", values("login", "W!", "name", "", "phone", "abc",
		"email", "wang@example.cn", "key", id.New()))
	if bad.Code != 422 || !strings.Contains(bad.Body, `value="wang@example.cn"`) {
		t.Errorf("a bad form: %d", bad.Code)
	}
	p := h.Call(sys, "POST", "/accounts", map[string]string{"login": "W!", "phone": "abc",
		"email": "wang@example.cn"}).Problem(t)
	if len(p.Errors) != 3 {
		t.Fatalf("the API says %+v", p)
	}
	for _, e := range p.Errors {
		if !strings.Contains(bad.Body, e.Detail) {
			t.Errorf("the page does not say %q", e.Detail)
		}
	}
	form := values("login", "zhang", "name", "张三", "key", id.New())
	made := h.Post(sys, "/admin/accounts/new", form)
	m := secretField.FindStringSubmatch(made.Body)
	if made.Code != 200 || m == nil || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("created: %d %v", made.Code, made.Header)
	}
	if _, err := h.room.Login(context.Background(), authz.Actor{}, identity.LoginInput{
		Login: "zhang", Password: m[1], Origin: identity.Origin{Address: "192.0.2.1"}}); err != nil {
		t.Errorf("the password shown does not log in: %v", err)
	}
	again := h.Post(sys, "/admin/accounts/new", form)
	if again.Code != 200 || strings.Contains(again.Body, m[1]) {
		t.Errorf("a repeated form: %d, or it shows the password again", again.Code)
	}
	form.Set("key", id.New())
	if a := h.Post(sys, "/admin/accounts/new", form); a.Code < 400 || a.Code >= 500 ||
		!strings.Contains(a.Body, "这个登录名已被使用") || !strings.Contains(a.Body, `value="张三"`) {
		t.Errorf("a login name that is taken: %d", a.Code)
	}
}

func TestLockedAccountIsOutAtOnce(t *testing.T) {
	h := newHouse(t)
	a := h.account("wang", "王小明")
	path := "/admin/accounts/" + a.ID
	token := h.login("wang")
	if got := h.do(sys, path+"/lock", "reason", ""); got.Code != 422 {
		t.Errorf("locked without a reason: %d", got.Code)
	}
	if got := h.do(sys, path+"/lock", "reason", "离岗"); got.Code != 303 {
		t.Fatalf("lock: %d", got.Code)
	}
	if _, err := h.room.Resume(context.Background(), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the session of a locked account: %v", err)
	}
	h.want(sys, path, 200, "已停用", "恢复使用")
	h.want(sys, path+"/lock", 409)
	h.want(sys, "/admin/accounts?status=locked", 200, "王小明", "共 1 个")
	h.want(sys, "/admin/accounts?status=active", 200, "没有符合条件的账号")
	if got := h.Post(sys, path+"/unlock", values("version", "1")); got.Code != 409 {
		t.Errorf("a stale unlock: %d", got.Code)
	}
	if got := h.do(sys, path+"/unlock"); got.Code != 303 {
		t.Errorf("unlock: %d", got.Code)
	}
	if got := h.do(sys, path+"/password"); got.Code != 200 || secretField.FindString(got.Body) == "" {
		t.Errorf("reset: %d", got.Code)
	}
	if got := h.do(sys, path+"/close", "reason", "离职"); got.Code != 303 {
		t.Errorf("close: %d", got.Code)
	}
	if got := h.want(sys, path, 200, "已注销"); strings.Contains(got.Body, path+"/unlock") {
		t.Error("a closed account can be opened again")
	}
}

func TestEditKeepsInputAndShowsBothVersions(t *testing.T) {
	h := newHouse(t)
	a := h.account("wang", "王小明")
	path := "/admin/accounts/" + a.ID + "/edit"
	got := h.do(sys, path, "name", "王大明", "phone", "x")
	if got.Code != 422 || !strings.Contains(got.Body, `value="王大明"`) {
		t.Errorf("a bad phone: %d", got.Code)
	}
	if got = h.do(sys, path, "name", "王大明"); got.Code != 303 {
		t.Errorf("edit: %d", got.Code)
	}
	got = h.Post(sys, path, values("version", "1", "name", "王二明"))
	if got.Code != 409 || !strings.Contains(got.Body, "王大明") || !strings.Contains(got.Body, "王二明") {
		t.Errorf("a stale edit: %d", got.Code)
	}
	c := h.Call(sys, "PUT", "/accounts/"+a.ID, map[string]string{"name": "王二明"}, "If-Match", `"1"`)
	if c.Code != 409 {
		t.Errorf("a stale edit through the API: %d %s", c.Code, c.Body)
	}
}

func TestGrantAndRevoke(t *testing.T) {
	h := newHouse(t)
	a := h.account("wang", "王小明")
	h.account("wangwu", "王五")
	token := h.login("wang")
	const form = "/admin/roles/new"
	h.want(sec, form+"?account="+a.ID, 200, "王小明")
	h.want(sec, form+"?account=%00", 200)
	got := h.Post(sec, form, values("account_q", "nobody", "role", "officer", "basis", "任职文件"))
	if got.Code != 422 || !strings.Contains(got.Body, "没有这个登录名") ||
		!strings.Contains(got.Body, `value="任职文件"`) {
		t.Errorf("an unknown login: %d", got.Code)
	}
	got = h.Post(sec, form, values("account", a.ID, "role", "district", "until", "2020-13-01"))
	p := h.Call(sec, "POST", "/roles", map[string]string{"account": a.ID, "role": "district",
		"until": "2020-13-01"}).Problem(t)
	if got.Code != 422 || len(p.Errors) != 3 {
		t.Fatalf("%d, the API says %+v", got.Code, p)
	}
	for _, e := range p.Errors {
		if !strings.Contains(got.Body, e.Detail) {
			t.Errorf("the page does not say %q of %s", e.Detail, e.Field)
		}
	}
	got = h.Post(sec, form, values("account_q", " WANG ", "role", "enterprise", "org", h.org.USCC,
		"basis", "授权书", "key", id.New()))
	if got.Code != 303 {
		t.Fatalf("grant: %d", got.Code)
	}
	if got = h.Post(sec, form, values("account", a.ID, "role", "enterprise", "org", "123",
		"basis", "x")); got.Code != 422 {
		t.Errorf("a wrong credit code: %d", got.Code)
	}
	h.want(sec, "/admin/roles?role=enterprise", 200, "王小明", h.org.Name, "授权书")
	h.want(sec, "/admin/roles?q=wang", 200, "王小明") // the login itself, although two begin so
	h.want(sec, "/admin/roles?q="+url.QueryEscape("王"), 200, "有多个账号符合", "wangwu")
	h.want(sec, "/admin/roles?q=nobody", 200, "没有符合条件的授权")
	now, err := h.room.Resume(context.Background(), token)
	if err != nil || now.Actor.Role != authz.Enterprise && len(now.Others) == 0 {
		t.Errorf("after the grant: %+v %v", now, err)
	}
	page := h.want(sec, "/admin/accounts/"+a.ID, 200, "授予角色", "撤销")
	m := revokeLink.FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatal("no way to revoke")
	}
	h.want(sys, m[1], 403)
	if got = h.do(sec, m[1], "reason", ""); got.Code != 422 {
		t.Errorf("revoked without a reason: %d", got.Code)
	}
	if got = h.do(sec, m[1], "reason", "离岗"); got.Code != 303 {
		t.Errorf("revoke: %d", got.Code)
	}
	h.want(sec, m[1], 404)
	h.want(sec, "/admin/roles", 200, "没有符合条件的授权")
	h.want(sec, "/admin/roles?ended=1", 200, "已撤销")
}

func TestNobodyGrantsToThemselves(t *testing.T) {
	h := newHouse(t)
	a := h.account("sec", "安全员")
	self := authz.Actor{Account: a.ID, Login: "sec", Role: authz.SecAdmin}
	got := h.Post(self, "/admin/roles/new", values("account", a.ID, "role", "officer", "basis", "x"))
	if got.Code != 403 {
		t.Errorf("by id: %d", got.Code)
	}
	got = h.Post(self, "/admin/roles/new", values("account_q", "sec", "role", "officer", "basis", "x"))
	if got.Code != 403 {
		t.Errorf("by login: %d", got.Code)
	}
	if page := h.want(self, "/admin/accounts/"+a.ID, 200); strings.Contains(page.Body, "/admin/roles/new?account") {
		t.Error("the own account offers a grant")
	}
}

func TestListPagesAndEnglish(t *testing.T) {
	h := newHouse(t)
	for _, x := range strings.Split("abcdefghijklmnopqrstuvw", "") {
		h.account("user-"+x, "用户")
	}
	h.want(sys, "/admin/accounts", 200, "共 23 个", "after=", "user-a")
	h.want(sys, "/admin/accounts?sort=created", 200, "user-w")
	h.want(sys, "/admin/accounts?q=user-c", 200, "共 1 个")
	h.want(sys, "/admin/accounts?q="+strings.Repeat("x", 3000), 200, "没有符合条件的账号")
	h.want(sys, "/admin/accounts?after=%00", 422)
	a := h.account("wang", "王小明")
	data := []string{"王小明", "用户", "小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县",
		"阳曲县", "娄烦县", "古交市", "山西转型综合改革示范区"}
	for _, path := range []string{"/admin/accounts", "/admin/accounts/" + a.ID, "/admin/accounts/new",
		"/admin/accounts/" + a.ID + "/edit", "/admin/accounts/" + a.ID + "/lock"} {
		h.English(t, sys, path, data...)
	}
	h.English(t, sec, "/admin/roles", data...)
	h.English(t, sec, "/admin/roles/new", data...)
}
