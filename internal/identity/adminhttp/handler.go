// Package adminhttp holds the pages and operations of the administrators of the system and of
// security: accounts and the roles they hold.
package adminhttp

import (
	"net/http"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	PathAccounts = "/admin/accounts"
	PathRoles    = "/admin/roles"
	pathPick     = "/pick/account" // answers the pick list of accounts
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Orgs  identity.Orgs // the registry: roles for an organisation are granted by its credit code
	Dict  *dict.Service
	Clock clock.Clock
	Home  func() region.Code // city or district of the site, "" = not set
}

// Handler answers for accounts and roles.
type Handler struct {
	room *identity.Service
	web  *web.Server
	deps Deps
}

// New returns the door of the administrators.
func New(s *identity.Service, w *web.Server, d Deps) *Handler { return &Handler{s, w, d} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route { return append(h.accountRoutes(), h.roleRoutes()...) }

func (h *Handler) accountRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	one := []string{"identity.GetAccount"}
	return []web.Route{
		{Method: get, Path: PathAccounts, Handle: h.guarded(h.getAccounts),
			UseCases: []string{"identity.ListAccounts", "identity.CountAccounts"}},
		{Method: get, Path: PathAccounts + "/new", Handle: h.guarded(h.getNew)},
		{Method: post, Path: PathAccounts + "/new", Handle: h.guarded(h.postNew),
			UseCases: []string{"identity.CreateAccount"}},
		{Method: get, Path: PathAccounts + "/{id}", Handle: h.guarded(h.getAccount),
			UseCases: []string{"identity.GetAccount", "identity.ListRoles"}},
		{Method: get, Path: PathAccounts + "/{id}/edit", Handle: h.guarded(h.getEdit),
			UseCases: one},
		{Method: post, Path: PathAccounts + "/{id}/edit", Handle: h.guarded(h.postEdit),
			UseCases: []string{"identity.GetAccount", "identity.UpdateAccount"}},
		{Method: get, Path: PathAccounts + "/{id}/{act}", Handle: h.guarded(h.getAct),
			UseCases: one},
		{Method: post, Path: PathAccounts + "/{id}/{act}", Handle: h.guarded(h.postAct),
			UseCases: []string{"identity.GetAccount", "identity.SetAccountStatus",
				"identity.ResetPassword", "identity.ResetTOTP"}},
	}
}

func (h *Handler) roleRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	revoke := PathAccounts + "/{id}/roles/{held}/revoke"
	return []web.Route{
		{Method: get, Path: PathRoles, Handle: h.guarded(h.getRoles),
			UseCases: []string{"identity.ListRoles", "identity.ListAccounts"}},
		{Method: get, Path: pathPick, Handle: h.guarded(h.getPick),
			UseCases: []string{"identity.ListAccounts"}},
		{Method: get, Path: PathRoles + "/new", Handle: h.guarded(h.getGrant),
			UseCases: []string{"identity.GetAccount"}},
		{Method: post, Path: PathRoles + "/new", Handle: h.guarded(h.postGrant),
			UseCases: []string{"identity.GrantRole", "identity.GetAccount", "identity.ListAccounts"}},
		{Method: get, Path: revoke, Handle: h.guarded(h.getRevoke),
			UseCases: []string{"identity.GetAccount", "identity.ListRoles"}},
		{Method: post, Path: revoke, Handle: h.guarded(h.postRevoke),
			UseCases: []string{"identity.RevokeRole", "identity.GetAccount", "identity.ListRoles"}},
	}
}

// guarded lets only those in who may read every account. All others may read their own, which has
// pages of its own. What is no id leads to nothing.
func (h *Handler) guarded(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		for _, name := range []string{"id", "held"} { // "" where the address has none
			if v := r.PathValue(name); v != "" && !id.Valid(v) {
				return noSuch()
			}
		}
		if !identity.AccountPolicy.MaySee(web.Actor(r), identity.ActAccountRead,
			identity.Account{}) {
			return fault.New(fault.Forbidden, "账号与角色由系统管理员和安全管理员管理")
		}
		return next(w, r)
	}
}

// accountPath is the address of an account; tail is "" or an action.
func accountPath(accountID, tail string) string {
	p := PathAccounts + "/" + accountID
	if tail != "" {
		p += "/" + tail
	}
	return p
}

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

// lang is the language of a request.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// say translates in the language of a request.
func say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }

func (h *Handler) when(r *http.Request, us int64) string {
	if us == 0 {
		return ""
	}
	return i18n.DateTime(lang(r), clock.Time(us))
}

// statusMark shows the status of an account.
func statusMark(r *http.Request, s identity.Status) ui.State {
	tone := map[identity.Status]ui.Tone{identity.Active: ui.OK, identity.Locked: ui.Warn}[s]
	title := s.Title()
	if title == "" {
		return ui.State{Tone: tone, Text: string(s)}
	}
	return ui.State{Tone: tone, Text: say(r, title)}
}

// maySys and maySec say whose work the page is.
func maySys(r *http.Request) bool {
	return identity.AccountPolicy.Could(web.Actor(r), identity.ActAccountCreate)
}

func maySec(r *http.Request) bool {
	return identity.RolePolicy.Could(web.Actor(r), identity.ActRoleGrant)
}
