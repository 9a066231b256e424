package homehttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxClocks and maxLines bound the lists of the workspace; each leads to the whole.
const (
	maxClocks = 50
	maxLines  = 8
)

// workView is the workspace of one role. Parts that a role has not are empty.
type workView struct {
	lead    string
	waits   []chart.KeyFigure // what waits, each with the list behind it
	hasTime bool              // the role answers for time limits
	clocks  ui.Table
	more    bool // there are more limits than are shown
	drafts  ui.Table
	stats   []chart.KeyFigure
	source  string
	blocks  []block
}

// block is a titled list of the workspace.
type block struct {
	title string
	links []ui.Link
	none  string // said when there are no links
	all   ui.Link
	post  *ui.Post
}

// desk fills in the workspace of a role.
type desk func(h *Handler, ctx context.Context, by authz.Actor, v *workView) error

// desks are what each role finds, in order.
var desks = map[authz.Role][]desk{
	authz.Public: {(*Handler).ownClaims, (*Handler).savedViews},
	authz.Enterprise: {(*Handler).ownOrg, (*Handler).ownPosts, (*Handler).ownTasks,
		(*Handler).dispatches, (*Handler).deals,
		(*Handler).ownClaims, (*Handler).savedViews},
	authz.University: {(*Handler).ownOrg, (*Handler).ownPosts, (*Handler).ownTasks,
		(*Handler).dispatches, (*Handler).deals,
		(*Handler).ownClaims, (*Handler).savedViews},
	authz.Expert: {(*Handler).ownClaims},
	authz.Broker: {(*Handler).ownPosts, (*Handler).deals, (*Handler).ownClaims, (*Handler).savedViews},
	authz.Officer: {(*Handler).intake, (*Handler).posts, (*Handler).documents, (*Handler).tasks,
		(*Handler).values, (*Handler).dispatches, (*Handler).deals,
		(*Handler).limits, (*Handler).imports, (*Handler).savedViews},
	authz.District: {(*Handler).intake, (*Handler).ownTasks,
		(*Handler).dispatches, (*Handler).ownPosts, (*Handler).deals,
		(*Handler).limits, (*Handler).imports,
		(*Handler).savedViews},
	authz.Leader: {(*Handler).intake, (*Handler).tasks,
		(*Handler).values, (*Handler).dispatches, (*Handler).deals, (*Handler).limits, (*Handler).overview,
		(*Handler).savedViews},
	authz.Department: {(*Handler).ownTasks,
		(*Handler).dispatches, (*Handler).ownPosts, (*Handler).deals, (*Handler).limits,
		(*Handler).overview, (*Handler).savedViews},
	authz.ChainOffice: {(*Handler).tasks, (*Handler).limits, (*Handler).overview,
		(*Handler).savedViews},
	authz.SysAdmin: {(*Handler).operation, (*Handler).backups},
	authz.SecAdmin: {(*Handler).grants},
	authz.Auditor:  {(*Handler).trail},
}

func (h *Handler) workspace(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	v := workView{lead: i18n.T(ctx, by.EffectiveRole().Title())}
	if org := web.SessionOf(r).OrgName; org != "" {
		v.lead += " · " + org
	}
	for _, fill := range desks[by.EffectiveRole()] {
		if err := fill(h, ctx, by, &v); err != nil {
			return err
		}
	}
	var err error
	if v.drafts, err = h.draftTable(ctx, by); err != nil {
		return err
	}
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "工作台"), Body: workPage(v)})
}

// limits lists the time limits that are over or end soon.
func (h *Handler) limits(ctx context.Context, by authz.Actor, v *workView) error {
	page, err := h.overdue(ctx, by, soon, db.PageReq{Limit: maxClocks})
	if err != nil {
		return err
	}
	v.hasTime, v.more = true, page.Next != ""
	v.clocks = h.clockTable(ctx, by, page.Items)
	late := 0
	now := clock.Us(h.Clock.Now())
	for _, r := range page.Items {
		if r.DueUs < now {
			late++
		}
	}
	text := i18n.Int(int64(late))
	if v.more && late == len(page.Items) {
		text = signed(">=", text)
	}
	v.waits = append(v.waits, chart.KeyFigure{Name: i18n.T(ctx, "已逾期"), Value: text,
		Unit: i18n.T(ctx, "项"), Href: "#limits"})
	return nil
}

// overview shows the numbers of the registry.
func (h *Handler) overview(ctx context.Context, by authz.Actor, v *workView) error {
	f, err := h.figuresFor(ctx, by)
	if err != nil {
		return err
	}
	v.stats, v.source = stats(ctx, f), source(ctx, f)
	return nil
}

// savedViews links the filters that somebody gave a name.
func (h *Handler) savedViews(ctx context.Context, by authz.Actor, v *workView) error {
	views, err := h.People.ListViews(ctx, by, "")
	if err != nil {
		return err
	}
	b := block{title: i18n.T(ctx, "保存的视图"),
		none: i18n.T(ctx, "在列表页筛选后可以保存为视图，下次从这里直接打开。")}
	for _, x := range views {
		b.links = append(b.links, ui.Link{Text: x.Name, Href: x.Address(), Note: x.Page})
	}
	v.blocks = append(v.blocks, b)
	return nil
}
