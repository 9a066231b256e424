// Package claimhttp holds the pages and operations by which people claim organisations (入驻) and
// the bureau, the districts and the organisations themselves decide about it.
package claimhttp

import (
	"net/http"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
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
	PathNew  = "/claim"
	PathList = "/claims"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Orgs      identity.Orgs // the registry, to show whom a code belongs to before the claim
	Dict      *dict.Service
	Blobs     *blob.Store // nil: claims take no files
	DB        *db.DB      // the clocks of claims are read from it
	Clock     clock.Clock
	Home      func() region.Code  // city or district of the site, "" = not set
	KindTitle func(string) string // Chinese title of a kind of organisation, a key of package i18n
}

// Handler answers for claims.
type Handler struct {
	room *identity.Service
	web  *web.Server
	deps Deps
}

// New returns the door of claims.
func New(s *identity.Service, w *web.Server, d Deps) *Handler { return &Handler{s, w, d} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	one := []string{"identity.GetClaim"}
	return []web.Route{
		{Method: get, Path: PathNew, Handle: h.getNew},
		{Method: post, Path: PathNew, Handle: h.postNew, Upload: true,
			UseCases: []string{"identity.Claim"}},
		{Method: get, Path: PathList, Handle: h.getList,
			UseCases: []string{"identity.ListClaims", "identity.CountClaims", "identity.GetClaim"}},
		{Method: get, Path: PathList + "/{id}", Handle: h.getRecord, UseCases: one},
		{Method: get, Path: PathList + "/{id}/files/{file}", Handle: h.getFile,
			UseCases: []string{"blob.Read"}},
		{Method: get, Path: PathList + "/{id}/amend", Handle: h.getAmend, UseCases: one},
		{Method: post, Path: PathList + "/{id}/amend", Handle: h.postAmend, Upload: true,
			UseCases: []string{"identity.GetClaim", "identity.AmendClaim"}},
		{Method: get, Path: PathList + "/{id}/{step}", Handle: h.getStep, UseCases: one},
		{Method: post, Path: PathList + "/{id}/{step}", Handle: h.postStep,
			UseCases: []string{"identity.GetClaim", "identity.FireClaim"}},
	}
}

// claimPath is the address of a claim; tail is "" or a step.
func claimPath(claimID, tail string) string {
	p := PathList + "/" + claimID
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

// claimOf reads the claim of the address. What is no id leads to nothing.
func (h *Handler) claimOf(r *http.Request) (identity.ClaimDetail, error) {
	claimID := r.PathValue("id")
	if !id.Valid(claimID) {
		return identity.ClaimDetail{}, noSuch()
	}
	return h.room.GetClaim(r.Context(), web.Actor(r), claimID)
}

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// kindName is the title of a kind of organisation.
func (h *Handler) kindName(r *http.Request, kind string) string {
	if title := h.deps.KindTitle(kind); title != "" {
		return say(r, title)
	}
	return kind
}

// regionName is the full name of a division, at home without province and city.
func (h *Handler) regionName(code string) string {
	home := region.Code("")
	if h.deps.Home != nil {
		home = h.deps.Home()
	}
	return h.deps.Dict.PlaceName(home, region.Code(code))
}

// stateMark shows the state of a claim.
func stateMark(r *http.Request, state string) ui.State {
	tone := map[string]ui.Tone{
		identity.ClaimSubmitted: ui.Run, identity.ClaimReturned: ui.Warn,
		identity.ClaimConfirmed: ui.OK, identity.ClaimRefused: ui.Bad,
	}[state]
	for _, s := range identity.ClaimProcess.Def().States {
		if s.Name == state {
			return ui.State{Tone: tone, Text: say(r, s.Title)}
		}
	}
	return ui.State{Tone: tone, Text: state}
}

// decides reports whether the actor belongs to those who decide about claims of others for the
// city: the bureau and the districts.
func decides(r *http.Request) bool {
	by := web.Actor(r)
	return identity.ClaimPolicy.Could(by, identity.ActClaimDecide) && !claims(r)
}

// claims reports whether the actor may claim an organisation.
func claims(r *http.Request) bool {
	return identity.ClaimPolicy.Could(web.Actor(r), identity.ActClaimCreate)
}
