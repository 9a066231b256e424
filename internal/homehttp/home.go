package homehttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// newest is how many organisations the home page lists.
const newest = 8

type homeView struct {
	title, lead string
	doors       []door
	stats       []chart.KeyFigure
	districts   []chart.Bar
	kinds       []chart.Bar
	newest      []newOrg
	market      marketView
	headlines   []chart.KeyFigure // of the city, from its latest public report
	city        *geo.Map          // districts, nil where the site is one
	source      string
	empty       bool
	steps       []ui.Link // what to do on a fresh installation, in order
}

type door struct{ title, text, href string }

// newOrg is a line of the lists of what is new: with its day, or with its price.
type newOrg struct {
	name, href, kind, place, day, price string
	need                                bool // drawn as a need of the market
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	t := func(s string) string { return i18n.T(ctx, s) }
	if administers(by.EffectiveRole()) {
		return h.adminHome(w, r, by)
	}
	f, err := h.figuresFor(ctx, by)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "首页")
	p.Title = p.Site.Name
	v := homeView{title: p.Site.Name, empty: f.total == 0,
		lead: t("查一家企业、高校或服务机构，登记自己的单位，用开放接口取数。")}
	p.Lead = v.lead
	v.doors = []door{
		{t("技术市场"), t("看成果、提需求，找到对得上的另一方。"), "/market"},
		{t("查组织"), t("按名称、信用代码、地区和行业查找已核验的组织。"), "/orgs"},
		{t("登记与入驻"), t("凭统一社会信用代码认领本单位，由科技局核验。"), "/claim"},
		{t("登录"), t("单位、专家和工作人员从这里进入各自的工作台。"), ui.PathLogin},
		{t("开放接口"), t("网页上能查能办的，程序也能查能办。"), "/api/docs"},
	}
	if web.SessionOf(r).LoggedIn() {
		v.doors[3] = door{t("工作台"), t("等您办理的事项，都在这里。"), "/workspace"}
	}
	if v.empty {
		v.steps = firstSteps(ctx)
		return h.web.Render(w, r, web.View{Page: p, Body: homePage(v)})
	}
	v.stats, v.source = stats(ctx, f), source(ctx, f)
	v.districts, v.kinds = h.districtBars(f), kindBars(ctx, f)
	page, err := h.Registry.ListOrganisations(ctx, by, party.OrgFilter{State: party.Verified},
		"created", db.PageReq{Limit: newest})
	if err != nil {
		return err
	}
	for _, o := range page.Items {
		v.newest = append(v.newest, h.newOrg(ctx, o))
	}
	if v.market, err = h.marketFor(ctx, by, f); err != nil {
		return err
	}
	if v.headlines, err = h.headlines(ctx, by); err != nil {
		return err
	}
	v.city = h.cityMap(ctx, f)
	return h.web.Render(w, r, web.View{Page: p, Body: homePage(v)})
}

func (h *Handler) newOrg(ctx context.Context, o party.Org) newOrg {
	return newOrg{name: o.Name, href: "/orgs/" + o.ID, kind: i18n.T(ctx, kindTitle(o.Kind)),
		place: h.placeName(o.Region),
		day:   i18n.DateShort(i18n.From(ctx), clock.DateOf(clock.Time(o.CreatedUs)))}
}

// placeName leaves out what everybody here knows: 小店区 at home in 太原, all of it elsewhere.
func (h *Handler) placeName(code region.Code) string {
	return h.Dict.PlaceName(h.Home(), code)
}

// firstSteps tell the operator of a fresh installation what to do.
func firstSteps(ctx context.Context) []ui.Link {
	t := func(s string) string { return i18n.T(ctx, s) }
	return []ui.Link{
		{Text: t("填写站点名称、所在城市和页脚"), Href: "/admin/site", Note: t("系统管理员")},
		{Text: t("建立账号"), Href: "/admin/accounts", Note: t("系统管理员")},
		{Text: t("给账号授予角色"), Href: "/admin/roles", Note: t("安全管理员")},
		{Text: t("从 Excel 导入组织"), Href: "/orgs/import", Note: t("局经办")},
		{Text: t("登记一个组织"), Href: "/orgs/new", Note: t("局经办")},
		{Text: t("认领本单位"), Href: "/claim", Note: t("企业")},
	}
}
