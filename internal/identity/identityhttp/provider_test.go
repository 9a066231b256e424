package identityhttp_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/identity/identityhttp"
)

// provider is a small OpenID Connect provider with a key of its own.
type provider struct {
	*testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	clock  clock.Clock
	down   bool
	asked  url.Values // what the browser was sent here with

	subject string
	change  func(claims map[string]any) // makes an ID token wrong
	forge   bool                        // signs with another key
	spoil   func(form url.Values)       // changes what reaches the token endpoint
}

const clientID, clientSecret = "yuntu", "s3cret"

func newProvider(t *testing.T, c clock.Clock) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{T: t, key: key, clock: c, subject: "s-1"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.server.Close)
	return p
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) configuration(w http.ResponseWriter, _ *http.Request) {
	u := p.server.URL
	answer(w, map[string]any{"issuer": u, "authorization_endpoint": u + "/authorize",
		"token_endpoint": u + "/token", "jwks_uri": u + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}})
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	e := big.NewInt(int64(p.key.E)).Bytes()
	answer(w, map[string]any{"keys": []map[string]string{{"kty": "RSA", "alg": "RS256", "use": "sig",
		"kid": "k1", "n": b64(p.key.N.Bytes()), "e": b64(e)}}})
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// authorize looks at the address the browser was sent to and says what address it comes back to.
func (p *provider) authorize(address string) string {
	p.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.server.URL+"/authorize?") {
		p.Fatalf("the browser was sent to %q", address)
	}
	p.asked = u.Query()
	for name, want := range map[string]string{"response_type": "code", "client_id": clientID,
		"code_challenge_method": "S256"} {
		if p.asked.Get(name) != want {
			p.Errorf("%s is %q", name, p.asked.Get(name))
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(p.asked.Get(name)) < 40 {
			p.Errorf("%s is %q", name, p.asked.Get(name))
		}
	}
	back, err := url.Parse(p.asked.Get("redirect_uri"))
	if err != nil {
		p.Fatal(err)
	}
	return back.Path + "?" + url.Values{"code": {"c0de"}, "state": {p.asked.Get("state")}}.Encode()
}

// token answers the request for the tokens of a code, as RFC 6749 and RFC 7636 ask.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if p.spoil != nil {
		p.spoil(r.PostForm)
	}
	id, secret, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if r.PostForm.Get("code") != "c0de" || id != clientID || secret != clientSecret ||
		b64(challenge[:]) != p.asked.Get("code_challenge") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{"iss": p.server.URL, "sub": p.subject, "aud": clientID,
		"nonce": p.asked.Get("nonce"), "name": "王小明", "iat": p.clock.Now().Unix(),
		"exp": p.clock.Now().Add(time.Minute).Unix()}
	if p.change != nil {
		p.change(claims)
	}
	answer(w, map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": p.sign(claims)})
}

func (p *provider) sign(claims map[string]any) string {
	p.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		p.Fatal(err)
	}
	text := b64([]byte(`{"alg":"RS256","kid":"k1","typ":"JWT"}`)) + "." + b64(body)
	sum := sha256.Sum256([]byte(text))
	key := p.key
	if p.forge {
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			p.Fatal(err)
		}
	}
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.Fatal(err)
	}
	return text + "." + b64(sig)
}

// withProvider makes a world with a provider beside it.
func withProvider(t *testing.T) (*world, *provider) {
	t.Helper()
	var p *provider
	w := newWorld(t, func(c *identity.Config, d *identityhttp.Deps) {
		p = newProvider(t, d.Clock)
		var err error
		d.Provider, err = identityhttp.NewProvider(identityhttp.ProviderConfig{Name: "城市通行证",
			Issuer: p.server.URL, ClientID: clientID, Secret: clientSecret,
			RedirectURL: "https://yuntu.example.cn/login/oidc/callback"}, d.Clock, p.server.Client())
		if err != nil {
			t.Fatal(err)
		}
	})
	return w, p
}

// through goes to the provider and back.
func (b *browser) through(p *provider) page {
	b.Helper()
	start := b.get("/login/oidc?back=/orgs")
	if start.code != 303 {
		b.Fatalf("start: %d %s", start.code, start.text())
	}
	return b.get(p.authorize(start.location))
}

// link links a browser's account with the provider's person.
func (b *browser) link(p *provider) page {
	b.Helper()
	start := b.post("/account/links")
	start.want(b.T, "the way to the provider", 200, "前往城市通行证")
	m := regexp.MustCompile(`href="(` + regexp.QuoteMeta(p.server.URL) + `[^"]*)"`).FindStringSubmatch(start.body)
	if m == nil {
		b.Fatal("no link to the provider")
	}
	return b.get(p.authorize(strings.ReplaceAll(m[1], "&amp;", "&")))
}

func TestProvider(t *testing.T) {
	w, p := withProvider(t)
	w.account("wangxm", identity.GrantInput{Role: authz.Officer})
	w.browser().get("/login").want(t, "log-in", 200, "用城市通行证登录")
	w.browser().through(p).want(t, "somebody unknown here", 403, "尚未关联本站账号")

	b := w.in("wangxm")
	b.get("/login/oidc?back=/orgs").leads(t, "a link begun by an address", "/orgs")
	b.link(p).leads(t, "link", "/account/links")
	b.get("/account/links").want(t, "links", 200, "王小明", p.server.URL)

	c := w.browser()
	c.through(p).leads(t, "log-in", "/orgs")
	c.get("/account").want(t, "logged in", 200, "wangxm", "局经办")
	b.post("/account/links/remove", "issuer", p.server.URL, "subject", "s-1").leads(t, "unlink",
		"/account/links")
	w.browser().through(p).want(t, "after the link was removed", 403)
}

// Nothing of an answer is believed that does not pass every check.
func TestWrongAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		forge  bool
		spoil  func(url.Values)
		status int
	}{
		"right":            {status: 303},
		"another nonce":    {change: func(m map[string]any) { m["nonce"] = "x" }, status: 403},
		"no nonce":         {change: func(m map[string]any) { delete(m, "nonce") }, status: 403},
		"another audience": {change: func(m map[string]any) { m["aud"] = "other" }, status: 403},
		"another issuer":   {change: func(m map[string]any) { m["iss"] = "https://evil.example" }, status: 403},
		"expired":          {change: func(m map[string]any) { m["exp"] = m["iat"].(int64) - 3600 }, status: 403},
		"no subject":       {change: func(m map[string]any) { delete(m, "sub") }, status: 422},
		"another key":      {forge: true, status: 403},
		"another verifier": {spoil: func(f url.Values) { f.Set("code_verifier", "x") }, status: 503},
	} {
		w, p := withProvider(t)
		w.account("wangxm")
		w.in("wangxm").link(p)
		p.change, p.forge, p.spoil = c.change, c.forge, c.spoil
		b := w.browser()
		if got := b.through(p); got.code != c.status {
			t.Errorf("%s: %d, want %d: %.300s", name, got.code, c.status, got.text())
		}
		if loggedIn := b.cookies["yuntu_session"] != ""; loggedIn != (c.status == 303) {
			t.Errorf("%s: logged in: %v", name, loggedIn)
		}
	}
}

// An answer counts once, and only in the browser that asked.
func TestAnswerOfAnotherLogin(t *testing.T) {
	w, p := withProvider(t)
	w.account("wangxm")
	w.in("wangxm").link(p)
	b := w.browser()
	back := p.authorize(b.get("/login/oidc").location)
	w.browser().get(back).want(t, "in another browser", 422, "不是从本浏览器发起")
	b.get(back).want(t, "after it was used elsewhere", 422)

	c := w.browser()
	back = p.authorize(c.get("/login/oidc").location)
	c.get("/login/oidc/callback?code=c0de&state=made-up").want(t, "a state made up", 422)
	c.get(back).want(t, "the cookie is gone", 422)

	d := w.browser()
	state := url.QueryEscape(mustQuery(t, p.authorize(d.get("/login/oidc").location)).Get("state"))
	d.get("/login/oidc/callback?error=access_denied&state="+state).want(t, "given up", 403, "没有在统一身份认证完成登录")
}

func mustQuery(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// A provider that is away stops nothing else, and is asked again.
func TestProviderIsAway(t *testing.T) {
	w, p := withProvider(t)
	w.account("wangxm")
	p.down = true
	w.browser().get("/login/oidc").want(t, "away", 429, "暂时没有响应", "登录名")
	w.in("wangxm")
	p.down = false
	if got := w.browser().get("/login/oidc"); got.code != 303 {
		t.Errorf("back again: %d", got.code)
	}
}

func TestWithoutProvider(t *testing.T) {
	w := newWorld(t)
	w.account("wangxm")
	b := w.in("wangxm")
	b.get("/account/links").want(t, "links", 404)
	w.browser().get("/login/oidc").want(t, "log-in", 404)
	w.browser().get("/login/oidc/callback?state=x").want(t, "callback", 404)
	if p := b.get("/account"); strings.Contains(p.body, "/account/links") {
		t.Error("a tab leads to a provider there is not")
	}
	_, err := identityhttp.NewProvider(identityhttp.ProviderConfig{}, w.clock, nil)
	if err == nil {
		t.Error("a provider without an address was made")
	}
}
