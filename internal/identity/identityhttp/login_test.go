package identityhttp_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/identity/identityhttp"
)

func TestLogin(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm", identity.GrantInput{Role: authz.Officer})
	b := w.browser()
	b.get("/account/views?page=2").leads(t, "a visitor at a page of members",
		"/login?back=%2Faccount%2Fviews%3Fpage%3D2")
	p := b.get("/login?back=%2Faccount%2Fviews%3Fpage%3D2")
	p.want(t, "log-in", 200, "登录名", "密码")
	for _, attribute := range []string{`autocomplete="username"`, `autocomplete="current-password"`,
		`type="password"`} {
		if !strings.Contains(p.body, attribute) {
			t.Errorf("no %s", attribute)
		}
	}
	back := p.hidden("back")
	if back != "/account/views?page=2" {
		t.Errorf("leads back to %q", back)
	}
	b.post("/login").want(t, "empty form", 422, "请填写这一项")
	wrong := b.post("/login", "login", "wangxm", "password", "wrong-one", "back", back)
	wrong.want(t, "wrong password", 422, "登录名或密码不正确")
	unknown := b.post("/login", "login", "nobody", "password", "wrong-one", "back", back)
	if strings.ReplaceAll(wrong.text(), "wangxm", "") != strings.ReplaceAll(unknown.text(), "nobody", "") {
		t.Error("an unknown login name looks different")
	}
	if strings.Contains(wrong.body, "wrong-one") || !strings.Contains(wrong.body, `value="wangxm"`) {
		t.Error("the page gives the password back, or forgets the login name")
	}
	b.post("/login", "login", "wangxm", "password", password, "back", back).leads(t, "log-in", back)
	if b.cookies["yuntu_device"] == "" {
		t.Error("the device is not remembered")
	}
	b.get("/login?back=/orgs").leads(t, "log-in of somebody logged in", "/orgs")
	b.get("/account").want(t, "the own account", 200, "王小明", "局经办")
	b.post("/logout").leads(t, "log-out", "/")
	b.get("/account").leads(t, "after the log-out", "/login?back=%2Faccount")
}

// Nothing leads from the log-in to another site.
func TestBackStaysHere(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	for _, back := range []string{"https://evil.example", "//evil.example", `/\evil.example`,
		"javascript:alert(1)", "", "evil"} {
		b := w.browser()
		b.post("/login", "login", "wangxm", "password", password, "back", back).leads(t, back, "/")
		b.get("/login?back="+back).leads(t, "logged in, "+back, "/")
	}
}

func TestGuessing(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	known := w.in("wangxm")
	known.post("/logout")
	b := w.browser()
	for range 5 {
		b.post("/login", "login", "wangxm", "password", "wrong").want(t, "wrong", 422)
	}
	b.post("/login", "login", "wangxm", "password", password).want(t, "too fast", 429, "尝试次数过多")
	known.post("/login", "login", "wangxm", "password", password).leads(t, "a known device", "/")
}

var secretShown = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){7}`)

func TestSecondFactor(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	b.get("/account/totp").want(t, "none", 200, "开始设置")
	b.post("/account/totp/start", "password", "wrong").want(t, "wrong password", 422, "密码不正确")
	b.post("/account/totp/start", "password", password).leads(t, "start", "/account/totp")
	p := b.get("/account/totp")
	p.want(t, "being set up", 200, "扫描")
	if !strings.Contains(p.body, "<svg") || !strings.Contains(p.body, `viewBox="0 0 `) {
		t.Error("no QR code")
	}
	secret := secretShown.FindString(p.text())
	b.post("/account/totp/confirm", "code", "000000").want(t, "wrong code", 422, "验证码不正确")
	before := b.cookies["yuntu_session"]
	p = b.post("/account/totp/confirm", "code", w.code(secret))
	p.want(t, "confirmed", 200, "恢复码")
	codes := regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`).FindAllString(p.text(), -1)
	if len(codes) != 10 || b.cookies["yuntu_session"] == before {
		t.Errorf("%d recovery codes; the session's token changed: %v", len(codes),
			b.cookies["yuntu_session"] != before)
	}
	b.get("/account/totp").want(t, "in use", 200, "停用两步验证")

	w.clock.Advance(minute)
	c := w.browser()
	p = c.post("/login", "login", "wangxm", "password", password, "back", "/account/views")
	p.leads(t, "the password alone", "/login/totp?back=%2Faccount%2Fviews")
	c.get("/").leads(t, "elsewhere while the code is asked for", "/login/totp")
	c.get("/account").leads(t, "the account while the code is asked for", "/login?back=%2Faccount")
	if p := c.get("/login/totp?back=/account/views"); !strings.Contains(p.body, `"one-time-code"`) {
		t.Errorf("the field of the code: %d", p.code)
	}
	c.post("/login/totp", "code", "123").want(t, "wrong code", 422)
	c.post("/login/totp", "code", w.code(secret), "back", "/account/views").leads(t, "right code",
		"/account/views")
	c.get("/account/views").want(t, "inside", 200)

	d := w.browser()
	d.post("/login", "login", "wangxm", "password", password)
	d.post("/login/totp", "code", codes[0]).leads(t, "a recovery code", "/")
	d.post("/account/totp/disable", "password", password).leads(t, "disabled", "/account/totp")
	w.in("wangxm").get("/account").want(t, "the password alone again", 200)
	w.browser().get("/login/totp").leads(t, "nobody waits for a code", "/login?back=%2F")
}

func TestTooManyCodes(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	b.post("/account/totp/start", "password", password)
	secret := secretShown.FindString(b.get("/account/totp").text())
	b.post("/account/totp/confirm", "code", w.code(secret)).want(t, "confirmed", 200)
	c := w.browser()
	c.cookies["yuntu_device"] = b.cookies["yuntu_device"]
	c.post("/login", "login", "wangxm", "password", password)
	var last page
	for range 8 {
		last = c.post("/login/totp", "code", "000000")
		w.clock.Advance(minute)
	}
	if last.code != 303 || !strings.HasPrefix(last.location, "/login") {
		t.Errorf("after many wrong codes: %d to %q", last.code, last.location)
	}
	if c.cookies["yuntu_session"] != "" {
		t.Error("the browser keeps a session that is over")
	}
}

// A first password has to be changed, an administrator has to set up a second factor, in this order
// and before anything else.
func TestPendingSteps(t *testing.T) {
	w := newWorld(t, func(c *identity.Config, _ *identityhttp.Deps) { c.Rule.AdminsByCode = true })
	made, err := w.room.CreateAccount(t.Context(), authz.Actor{Account: "x", Role: authz.SysAdmin},
		identity.NewAccount{Login: "sys2", Name: "赵管理"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.room.GrantRole(t.Context(), security, identity.GrantInput{Account: made.ID,
		Role: authz.SysAdmin, Basis: "x"})
	if err != nil {
		t.Fatal(err)
	}
	b := w.browser()
	b.post("/login", "login", "sys2", "password", made.Made).leads(t, "log-in", "/account/password")
	b.get("/").leads(t, "work before the password", "/account/password")
	b.get("/account").leads(t, "the own data before the password", "/account/password")
	b.get("/account/password").want(t, "password", 200, "请先修改密码")
	b.post("/account/password", "old", made.Made, "new", password, "again", password+"x").want(t,
		"typed differently", 422, "两次输入的新密码不一致")
	b.post("/account/password", "old", made.Made, "new", password, "again", password).leads(t,
		"changed", "/account/totp")
	b.get("/").leads(t, "work before the second factor", "/account/totp")
	b.get("/account/totp").want(t, "second factor", 200, "管理员账号须先启用两步验证")
	b.post("/account/totp/start", "password", password)
	secret := secretShown.FindString(b.get("/account/totp").text())
	b.post("/account/totp/confirm", "code", w.code(secret)).want(t, "confirmed", 200)
	b.get("/").want(t, "work", 200, "home of sys2")
	b.get("/account/totp").want(t, "in use", 200, "管理员账号必须启用两步验证")
}

func TestSwitchRole(t *testing.T) {
	w := newWorld(t)
	o := w.org(1)
	w.account("wangxm", identity.GrantInput{Role: authz.Enterprise, Org: o.ID},
		identity.GrantInput{Role: authz.Officer})
	b := w.in("wangxm")
	p := b.get("/account")
	p.want(t, "the header", 200, o.Name, "局经办")
	value := regexp.MustCompile(`name="role" value="([^"]+)"`).FindStringSubmatch(p.body)
	if value == nil {
		t.Fatal("no role to switch to")
	}
	before := b.cookies["yuntu_session"]
	b.post("/role", "role", "made-up").want(t, "a role made up", 403)
	b.post("/role", "role", value[1]).leads(t, "switch", "/")
	if b.cookies["yuntu_session"] == before {
		t.Error("the token did not change")
	}
	b.get("/account").want(t, "as an officer", 200, "工作台")
}

func TestRegister(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.get("/register").want(t, "form", 200, "个人信息处理告知")
	fields := []string{"login", "Zhao.Liu", "name", "赵六", "password", password, "back", "/claim"}
	p := b.post("/register", fields...)
	p.want(t, "not agreed", 422, "请阅读并确认个人信息处理告知")
	if strings.Contains(p.body, password) || !strings.Contains(p.body, `value="赵六"`) {
		t.Error("the form gives the password back, or forgets the rest")
	}
	b.post("/register", append(fields, "agreed", "1")...).leads(t, "registered", "/claim")
	b.get("/account").want(t, "the own account", 200, "zhao.liu", "公众")
	w.browser().post("/register", append(fields, "agreed", "1")...).want(t, "taken", 422, "已被使用")

	closed := newWorld(t, func(c *identity.Config, _ *identityhttp.Deps) { c.Rule.NoRegistration = true })
	closed.browser().get("/register").want(t, "closed", 403)
	if p := closed.browser().get("/login"); strings.Contains(p.body, "/register") {
		t.Error("the log-in offers registration where it is closed")
	}
}

// A form of another site gets nowhere.
func TestForeignForms(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	for _, path := range []string{"/login", "/logout", "/role", "/account", "/account/sessions",
		"/account/links"} {
		r := b.foreign(path)
		if p := b.do(r); p.code != 403 {
			t.Errorf("%s from another site: %d", path, p.code)
		}
	}
	b.get("/account").want(t, "still logged in", 200)
}

func (b *browser) foreign(path string) *http.Request {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), "POST", b.server.URL+path,
		strings.NewReader("others=1"))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	return r
}
