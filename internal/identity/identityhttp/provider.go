package identityhttp

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// ProviderConfig says how to reach an OpenID Connect provider.
type ProviderConfig struct {
	Name        string // 统一身份认证, as people know it
	Issuer      string // https://id.example.cn
	ClientID    string
	Secret      string
	RedirectURL string // public address of /login/oidc/callback, as registered with the provider
}

// Provider is an OpenID Connect provider (RP side of OpenID Connect Core 1.0, code flow with PKCE).
// It is asked for its configuration at the first log-in and again after a failure, so a provider
// that is away stops nothing else.
type Provider struct {
	cfg    ProviderConfig
	client *http.Client
	clock  clock.Clock

	mu    sync.Mutex
	found *oidc.Provider
}

// askTime bounds each request to the provider.
const askTime = 10 * time.Second

// NewProvider returns a provider. client may be nil.
func NewProvider(cfg ProviderConfig, c clock.Clock, client *http.Client) (*Provider, error) {
	if cfg.Issuer == "" || cfg.ClientID == "" || cfg.RedirectURL == "" {
		return nil, errors.New("an identity provider needs issuer, client id and redirect URL")
	}
	if client == nil {
		client = &http.Client{Timeout: askTime}
	}
	if cfg.Name == "" {
		cfg.Name = defaultProvider
	}
	return &Provider{cfg: cfg, client: client, clock: c}, nil
}

// Name is how people know the provider.
func (p *Provider) Name() string { return p.cfg.Name }

func (p *Provider) away(err error) error {
	return fault.New(fault.Unavailable, "「%s」暂时没有响应，请稍后再试，或用登录名登录", p.cfg.Name).Wrap(err)
}

// discover asks the provider for its configuration once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.cfg.Issuer)
	if err != nil {
		return nil, p.away(err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) oauth2.Config {
	return oauth2.Config{ClientID: p.cfg.ClientID, ClientSecret: p.cfg.Secret,
		Endpoint: found.Endpoint(), RedirectURL: p.cfg.RedirectURL,
		Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile}}
}

// address is where the browser goes to log in.
func (p *Provider) address(ctx context.Context, f identity.Flow) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	cfg := p.oauth(found)
	return cfg.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// person is who the provider vouches for.
type person struct {
	Issuer  string
	Subject string
	Name    string `json:"name"`
}

// exchange redeems a code for who has logged in. The ID token must be signed by the provider, meant
// for us, in time, and made for this log-in.
func (p *Provider) exchange(
	ctx context.Context, code string, back identity.Returned,
) (person, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return person{}, err
	}
	cfg := p.oauth(found)
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(back.Verifier))
	if err != nil {
		return person{}, p.away(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return person{}, refusedAnswer(errors.New("answer without ID token"))
	}
	verifier := found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: p.clock.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return person{}, refusedAnswer(err)
	}
	if id.Nonce != back.Nonce {
		return person{}, refusedAnswer(errors.New("ID token of another log-in"))
	}
	out := person{Issuer: id.Issuer, Subject: id.Subject}
	if err := id.Claims(&out); err != nil {
		return person{}, refusedAnswer(err)
	}
	out.Issuer, out.Subject = id.Issuer, id.Subject
	return out, nil
}

func refusedAnswer(err error) error {
	return fault.New(fault.Forbidden, "统一身份认证的应答没有通过检查，请重新登录").Wrap(err)
}

// browserCookie binds an answer to the browser that asked.
const (
	browserCookie  = "yuntu_oidc"
	browserSeconds = 10 * 60
)

func (h *Handler) provider() (*Provider, error) {
	if h.deps.Provider == nil {
		return nil, fault.New(fault.NotFound, "没有找到这条记录")
	}
	return h.deps.Provider, nil
}

// begin begins a log-in or a link and returns the address at the provider.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, back string) (string, error) {
	p, err := h.provider()
	if err != nil {
		return "", err
	}
	f, err := h.identity.BeginOIDC(r.Context(), web.Actor(r), back)
	if err != nil {
		return "", err
	}
	address, err := p.address(r.Context(), f)
	if err != nil {
		return "", err
	}
	h.web.SetCookie(w, browserCookie, f.Browser, browserSeconds)
	return address, nil
}

// getProvider leads a visitor to the provider. Somebody who is logged in begins a link by a form
// instead: a foreign page must not be able to.
func (h *Handler) getProvider(w http.ResponseWriter, r *http.Request) error {
	back := web.Back(r.URL.Query().Get("back"))
	if web.SessionOf(r).LoggedIn() {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	address, err := h.begin(w, r, back)
	if fault.Is(err, fault.Unavailable) {
		return h.showLogin(w, r, "", back, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// getCallback takes the provider's answer.
func (h *Handler) getCallback(w http.ResponseWriter, r *http.Request) error {
	p, err := h.provider()
	if err != nil {
		return err
	}
	q := r.URL.Query()
	browser := ""
	if c, err := r.Cookie(browserCookie); err == nil {
		browser = c.Value
	}
	h.web.SetCookie(w, browserCookie, "", -1)
	back, err := h.identity.TakeOIDC(r.Context(), web.Actor(r), q.Get("state"), browser)
	if err != nil {
		return err
	}
	if code := q.Get("error"); code != "" {
		return h.notLoggedIn(w, r, back.Back, code)
	}
	who, err := p.exchange(r.Context(), q.Get("code"), back)
	if err != nil {
		return err
	}
	linking := web.SessionOf(r).LoggedIn()
	st, err := h.identity.FinishOIDC(r.Context(), web.Actor(r), identity.OIDCInput{Returned: back,
		Issuer: who.Issuer, Subject: who.Subject, Name: who.Name, Origin: origin(r)})
	if linking && err == nil {
		return h.web.Redirect(w, r, "/account/links", "已关联")
	}
	if fault.Is(err, fault.Forbidden) && !linking {
		return h.showLogin(w, r, "", web.Back(back.Back), err)
	}
	if err != nil {
		return err
	}
	return h.started(w, r, st, back.Back)
}

// notLoggedIn leads back from a provider at which the person gave up.
func (h *Handler) notLoggedIn(
	w http.ResponseWriter, r *http.Request, back, code string,
) error {
	if web.SessionOf(r).LoggedIn() {
		return h.web.Redirect(w, r, "/account/links", "没有完成关联")
	}
	err := fault.New(fault.Forbidden, "没有在统一身份认证完成登录").Wrap(errors.New(code))
	return h.showLogin(w, r, "", web.Back(back), err)
}

// getLinks lists the persons at the provider that the account is linked with.
func (h *Handler) getLinks(w http.ResponseWriter, r *http.Request) error {
	p, err := h.provider()
	if err != nil {
		return err
	}
	links, err := h.identity.ListLinks(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	t := ui.Table{Caption: say(r, "已关联的身份"), Plain: true, Cols: []ui.Column{
		{Label: say(r, "姓名")}, {Label: say(r, "关联时间")}, {Label: say(r, "操作"), Sr: true}}}
	for _, l := range links {
		name := l.Name
		if name == "" {
			name = l.Subject
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name, Sub: l.Issuer},
			{Text: at(r, l.CreatedUs)}, {Body: ui.PostButton(ui.Post{Action: "/account/links/remove",
				Hidden: []ui.Hidden{{Name: "issuer", Value: l.Issuer}, {Name: "subject", Value: l.Subject}},
				Button: ui.Action{Text: say(r, "取消关联"), Label: say(r, "取消关联 %s", name), Small: true}})}}})
	}
	add := ui.PostButton(ui.Post{Action: "/account/links",
		Button: ui.Action{Text: say(r, "关联%s", p.Name()), Primary: len(links) == 0}})
	return h.account(w, r, part{title: "统一身份", lead: say(r, "关联后，可以用%s登录本站。", p.Name()),
		content: templ.Join(table(t, say(r, "还没有关联"), ""), add)})
}

// postLinks begins a link. The browser does not follow a form to another site, so the way there is
// a link on a page of its own.
func (h *Handler) postLinks(w http.ResponseWriter, r *http.Request) error {
	address, err := h.begin(w, r, "/account/links")
	if err != nil {
		return err
	}
	p := h.web.Page(r, "统一身份")
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "统一身份"),
		Lead: say(r, "请到%s登录，之后会回到这里。", h.deps.Provider.Name())}),
		ways([]ui.Link{{Text: say(r, "前往%s", h.deps.Provider.Name()), Href: address},
			{Text: say(r, "返回"), Href: "/account/links"}}))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

func (h *Handler) postUnlink(w http.ResponseWriter, r *http.Request) error {
	err := h.identity.UnlinkOIDC(r.Context(), web.Actor(r), r.PostFormValue("issuer"),
		r.PostFormValue("subject"))
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/account/links", "已取消关联")
}
