package identityhttp_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestProfile(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	p := b.get("/account")
	p.want(t, "profile", 200, "wangxm", "账号与安全")
	v := p.hidden("version")
	b.post("/account", "name", "", "phone", "abc", "version", v).want(t, "wrong input", 422, "请填写这一项",
		"电话应为")
	b.post("/account", "name", "王大明", "phone", "0351-1234567", "version", v).leads(t, "save", "/account")
	b.get("/account").want(t, "saved", 200, "资料已保存")
	stale := b.post("/account", "name", "王二明", "phone", "", "version", v)
	stale.want(t, "an old version", 409, "王大明", "王二明", "您填的内容")
	b.post("/account", "name", "王二明", "phone", "", "version", stale.hidden("version")).leads(t, "overwritten",
		"/account")
	b.post("/account", "name", "王三明").want(t, "no version", 409)
}

func TestPasswordPage(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b, other := w.in("wangxm"), w.in("wangxm")
	const next = "Shan-Gao 52 shui chang"
	b.post("/account/password", "old", "wrong", "new", next, "again", next).want(t, "wrong old", 422,
		"密码不正确")
	b.post("/account/password", "old", password, "new", "123", "again", "123").want(t, "short", 422,
		"密码至少 10 个字符")
	b.post("/account/password", "old", password, "new", next, "again", next).leads(t, "change",
		"/account/password")
	b.get("/account").want(t, "still here", 200)
	other.get("/account").leads(t, "another device", "/login?back=%2Faccount")
	if other.cookies["yuntu_session"] != "" {
		t.Error("a browser keeps a token that no longer counts")
	}
}

func TestSessionsPage(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	w.account("lisi")
	b, other := w.in("wangxm"), w.in("wangxm")
	p := b.get("/account/sessions")
	p.want(t, "sessions", 200, "本次登录", "127.0.0.1", "退出其他全部登录")
	end := regexp.MustCompile(`name="end" value="([^"]+)"`).FindStringSubmatch(p.body)
	w.in("lisi").post("/account/sessions", "end", end[1]).want(t, "ended by somebody else", 404)
	b.post("/account/sessions", "end", end[1]).leads(t, "end", "/account/sessions")
	other.get("/account").leads(t, "the session that was ended", "/login?back=%2Faccount")
	third := w.in("wangxm")
	b.post("/account/sessions", "others", "1").leads(t, "end all others", "/account/sessions")
	third.get("/account").leads(t, "another session", "/login?back=%2Faccount")
	b.get("/account/sessions").want(t, "alone", 200)
}

var tokenShown = regexp.MustCompile(identity.TokenPrefix + `[A-Za-z0-9_-]{43}`)

func TestTokensPage(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	if p := b.get("/account/tokens"); !strings.Contains(p.body, `value="identity.view.read"`) {
		t.Error("the rights of the role are not offered")
	}
	b.get("/account/tokens").want(t, "none", 200, "还没有令牌")
	if p := b.get("/account/tokens"); strings.Contains(p.body, "identity.account") {
		t.Error("a token could act on the account itself")
	}
	b.post("/account/tokens", "name", "", "days", "x").want(t, "wrong input", 422, "有效期为 1 至 365 天",
		"请选择 1 至 100 项权限")
	p := b.post("/account/tokens", "name", "脚本", "days", "30", "scopes", "identity.view.read", "scopes",
		"identity.claim.read")
	p.want(t, "made", 200, "令牌只显示这一次")
	secret := tokenShown.FindString(p.body)
	if secret == "" || tokenShown.MatchString(b.get("/account/tokens").body) {
		t.Fatalf("the token %q is shown not once", secret)
	}
	program := w.browser()
	auth := []string{"Authorization", "Bearer " + secret}
	if p := program.call("GET", "/views", "", auth...); p.code != 200 || p.body != "[]\n" {
		t.Errorf("within its scopes: %d %s", p.code, p.body)
	}
	for path, method := range map[string]string{"/me": "GET", "/sessions": "GET", "/tokens": "GET",
		"/me/links": "GET", "/me/recovery-codes": "POST", "/me/password": "POST"} {
		if p := program.call(method, path, `{}`, auth...); p.code < 400 || p.code >= 500 {
			t.Errorf("beyond its scopes, %s: %d %.200s", path, p.code, p.body)
		}
	}
	id := regexp.MustCompile(`/account/tokens/([^/]+)/revoke`).FindStringSubmatch(p.body)
	b.post("/account/tokens/"+id[1]+"/revoke").leads(t, "revoke", "/account/tokens")
	if p := program.call("GET", "/views", "", auth...); p.code != 401 {
		t.Errorf("after the revocation: %d", p.code)
	}
	b.get("/account/tokens").want(t, "revoked", 200, "已撤销")
}

func TestViewsPage(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	b.post("/account/views", "page", "/orgs", "name", "本市企业", "query", "kind=enterprise&region=140100").
		leads(t, "save", "/orgs?kind=enterprise&region=140100")
	p := b.get("/account/views")
	p.want(t, "views", 200, "本市企业")
	if !strings.Contains(p.body, `href="/orgs?kind=enterprise&amp;region=140100"`) {
		t.Error("the view leads nowhere")
	}
	b.post("/account/views", "page", "//evil.example", "name", "x").want(t, "another site", 422)
	id := regexp.MustCompile(`/account/views/([^/]+)/delete`).FindStringSubmatch(p.body)
	b.post("/account/views/"+id[1]+"/delete").leads(t, "delete", "/account/views")
	b.get("/account/views").want(t, "none", 200, "还没有常用视图")
}

// Both doors say the same about the same mistake, in both languages.
func TestPageAndAPISayTheSame(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	version := b.get("/account").hidden("version")
	for _, lang := range []string{"zh", "en"} {
		b.cookies["yuntu_lang"] = lang
		for _, c := range []struct {
			path    string
			fields  []string
			method  string
			op      string
			body    string
			headers []string
		}{
			{"/account", []string{"name", "", "phone", "abc", "email", "x", "version", version}, "PUT", "/me",
				`{"name":"","phone":"abc","email":"x"}`, []string{"If-Match", `"` + version + `"`}},
			{"/account/password", []string{"old", "wrong", "new", "123", "again", "123"}, "POST",
				"/me/password", `{"old":"wrong","new":"123"}`, nil},
			{"/account/views", []string{"page", "x", "name", "", "query", "%zz"}, "PUT", "/views",
				`{"page":"x","name":"","query":"%zz"}`, nil},
		} {
			page := b.post(c.path, c.fields...)
			op := b.call(c.method, c.op, c.body, c.headers...)
			problem := op.problem(t)
			if page.code != 422 || op.code != 422 || len(problem.Errors) == 0 {
				t.Fatalf("%s: page %d, API %d %.300s", c.path, page.code, op.code, op.body)
			}
			for _, e := range problem.Errors {
				if !strings.Contains(page.text(), e.Detail) {
					t.Errorf("the page %s does not say %q", c.path, e.Detail)
				}
			}
		}
	}
}

func TestAPI(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	p := b.call("GET", "/me", "")
	if p.code != 200 || !strings.Contains(p.body, `"login":"wangxm"`) || p.header.Get("ETag") == "" ||
		strings.Contains(p.body, "argon2") {
		t.Errorf("%d %s", p.code, p.body)
	}
	etag := p.header.Get("ETag")
	body := `{"name":"王大明"}`
	for _, c := range []struct {
		match string
		code  int
	}{{"", 422}, {`"99"`, 409}, {etag, 200}, {etag, 409}} {
		if p := b.call("PUT", "/me", body, "If-Match", c.match); p.code != c.code {
			t.Errorf("If-Match %s: %d, want %d: %.200s", c.match, p.code, c.code, p.body)
		}
	}
	for _, extra := range []string{"status", "admin", "person", "login", "version", "mustChange"} {
		p := b.call("PUT", "/me", `{"name":"王大明","`+extra+`":"1"}`, "If-Match", etag)
		if p.code != 422 || !slices.ContainsFunc(p.problem(t).Errors, func(e api.ProblemField) bool {
			return e.Field == extra
		}) {
			t.Errorf("extra field %s: %d %.200s", extra, p.code, p.body)
		}
	}
	if p := b.call("GET", "/sessions", ""); !strings.Contains(p.body, `"current":true`) {
		t.Errorf("sessions: %d %s", p.code, p.body)
	}
	before := b.cookies["yuntu_session"]
	p = b.call("POST", "/me/password", `{"old":"`+password+`","new":"Shan-Gao 52 shui chang"}`)
	if p.code != 200 || !strings.Contains(p.body, `"token":`) {
		t.Errorf("password: %d %s", p.code, p.body)
	}
	if p := b.call("GET", "/me", ""); p.code != 401 && p.code != 403 {
		t.Errorf("the token %s before: %d", before[:4], p.code)
	}
	visitor := w.browser()
	for _, op := range w.api.Operations() {
		path := strings.NewReplacer("{id}", "x").Replace(op.Path)
		if p := visitor.call(op.Method, path, ""); p.code < 400 || p.code >= 500 {
			t.Errorf("%s for a visitor: %d", op.UseCase, p.code)
		}
	}
}

// Every page in English has no Chinese left but names.
func TestEnglish(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm", identity.GrantInput{Role: authz.Officer})
	b := w.in("wangxm")
	b.post("/account/totp/start", "password", password)
	visitor := w.browser()
	visitor.cookies["yuntu_lang"], b.cookies["yuntu_lang"] = "en", "en"
	han := regexp.MustCompile(`\p{Han}[^<>]*`)
	names := strings.NewReplacer("王小明", "", "云图", "", "中文", "", "测试", "")
	check := func(x *browser, path string) {
		t.Helper()
		p := x.get(path)
		if p.code != 200 {
			t.Errorf("%s: %d", path, p.code)
		}
		body := regexp.MustCompile(`data-texts="[^"]*"`).ReplaceAllString(p.body, "")
		if found := han.FindString(names.Replace(body)); found != "" {
			t.Errorf("%s is not all English: %.60s", path, found)
		}
	}
	for _, rt := range w.door.Routes() {
		if rt.Method != http.MethodGet || strings.Contains(rt.Path, "oidc") ||
			rt.Path == "/account/links" || rt.Path == "/login/totp" {
			continue
		}
		if strings.HasPrefix(rt.Path, "/account") {
			check(b, rt.Path)
		} else {
			check(visitor, rt.Path)
		}
	}
}

// Every use case of a page has its operation, or is done in a browser only.
func TestUseCasesHaveOperations(t *testing.T) {
	browserOnly := []string{"Login", "VerifyCode", "Logout", "SwitchRole", "BeginOIDC", "TakeOIDC",
		"FinishOIDC", "Register", "StartTOTP", "PendingTOTP", "ConfirmTOTP", "DisableTOTP", "CreateToken"}
	elsewhere := []string{"ListRoles"} // in package adminhttp
	w := newWorld(t)
	for _, rt := range w.door.Routes() {
		for _, u := range rt.UseCases {
			name := strings.TrimPrefix(u, "identity.")
			if slices.Contains(browserOnly, name) || slices.Contains(elsewhere, name) {
				continue
			}
			if !slices.ContainsFunc(w.api.Operations(), func(o api.Operation) bool { return o.UseCase == u }) {
				t.Errorf("%s %s calls %s, which has no operation", rt.Method, rt.Path, u)
			}
		}
	}
}
