// Package homehttp composes the rooms into the pages that belong to none of them: the home page,
// the workspace of each role (工作台), the description of the API, and the statements that a
// government site owes its visitors. It also shows the measures of all rooms to programs.
package homehttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Registry is what this door asks of package party.
type Registry interface {
	GetOrganisation(ctx context.Context, by authz.Actor, orgID string) (party.Org, error)
	ListOrganisations(
		context.Context, authz.Actor, party.OrgFilter, string, db.PageReq,
	) (db.Page[party.Org], error)
	CountOrganisations(context.Context, authz.Actor, party.OrgFilter) (int64, error)
	ListImports(context.Context, authz.Actor, db.PageReq) (db.Page[party.Import], error)
}

// People is what this door asks of package identity.
type People interface {
	CountClaims(context.Context, authz.Actor, identity.ClaimFilter) (int64, error)
	ListViews(ctx context.Context, by authz.Actor, page string) ([]identity.View, error)
	GetTour(context.Context, authz.Actor) (identity.Tour, error)
	SetTour(context.Context, authz.Actor, identity.TourInput) (identity.Tour, error)
	ListRoles(
		context.Context, authz.Actor, identity.RoleFilter, db.PageReq,
	) (db.Page[identity.Granted], error)
}

// Plan is what this door asks of package plan.
type Plan interface {
	CountDocuments(context.Context, authz.Actor, plan.DocumentFilter) (map[string]int64, error)
	CountTasks(context.Context, authz.Actor, plan.TaskFilter) (plan.TaskCounts, error)
	GetTask(ctx context.Context, by authz.Actor, taskID string) (plan.TaskDetail, error)
}

// Jobs is what this door asks of package job.
type Jobs interface {
	Count(context.Context, authz.Actor, job.Filter) (map[job.State]int64, error)
}

// Trail is what this door asks of package trail.
type Trail interface {
	ListEntries(
		context.Context, authz.Actor, audit.Filter, string, db.PageReq,
	) (db.Page[audit.Record], error)
}

// Drafts is what this door asks of package draft.
type Drafts interface {
	List(context.Context, authz.Actor) ([]draft.Line, error)
	Drop(ctx context.Context, by authz.Actor, form string) error
}

// Backups is what this door asks of package backup.
type Backups interface {
	List(context.Context, authz.Actor) ([]backup.File, error)
}

// Clocks lists the time limits that are over, or will be at a time; see process.Overdue.
type Clocks func(ctx context.Context, w db.Where, untilUs int64, p db.PageReq) (
	db.Page[process.Run], error)

// Deps is what the door is made of.
type Deps struct {
	Registry Registry
	Plan     Plan
	Market   Market
	Deal     Deals      // nil where there is no market
	Dispatch Dispatches // nil where there are no meetings
	Values   Values     // nil where nothing is reported
	Doubts   Doubts     // nil where nothing is watched
	Report   Reports    // nil where nothing is published
	People   People
	Jobs     Jobs
	Trail    Trail
	Backups  Backups
	Drafts   Drafts
	Clocks   Clocks
	Measures *measure.Registry
	Dict     *dict.Service
	Clock    clock.Clock
	// Operations are all of the API, those that are added later too.
	Operations func() []api.Operation
	// Home is the city or district of the site, "" when it was not set yet.
	Home func() region.Code
	// AccountName names the person of an account, "" when there is none.
	AccountName func(ctx context.Context, account string) string
	// Disk returns the free and the total bytes where the data lies, 0 when nobody knows.
	Disk func() (free, total uint64)
}

// Handler answers for the pages.
type Handler struct {
	web *web.Server
	Deps
	figures *kept.Shelf[reader, struct{}, figures]
}

// New returns a handler.
func New(w *web.Server, d Deps) *Handler {
	return &Handler{web: w, Deps: d, figures: newFigures()}
}

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	open := func(path string, handle web.Handler, uses ...string) web.Route {
		return web.Route{Method: http.MethodGet, Path: path, Access: web.Everyone, Handle: handle,
			UseCases: uses}
	}
	return append(h.tourRoutes(), []web.Route{
		open("/{$}", h.home, "measure.Figure", "party.ListOrganisations", "market.Counters",
			"market.ListPosts", "market.CountPosts", "report.ListReports", "report.ListFigures", "job.Count", "backup.List",
			"identity.ListRoles", "trail.ListEntries"),
		open(docsPath, h.apiDocs),
		open(docsPath+"/{part}", h.apiPart),
		open("/about/accessibility", h.accessibility),
		open("/about/privacy", h.privacy),
		{Method: http.MethodGet, Path: "/workspace", Handle: h.workspace, UseCases: []string{
			"measure.Figure", "home.Overdue", "job.Count", "party.CountOrganisations",
			"party.ListImports", "identity.CountClaims", "identity.ListViews", "identity.ListRoles",
			"trail.ListEntries", "backup.List", "draft.List", "plan.CountDocuments",
			"plan.CountTasks", "plan.GetTask", "market.CountPosts", "market.GetPost", "deal.CountDeals",
			"dispatch.CountMeetings", "dispatch.CountLetters",
			"deal.CountBrokers"}},
		{Method: http.MethodPost, Path: "/workspace/drafts", Handle: h.discardDraft,
			UseCases: []string{"draft.Drop"}},
	}...)
}
