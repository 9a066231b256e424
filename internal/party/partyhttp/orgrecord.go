package partyhttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// orgTab is one tab of a record.
type orgTab struct {
	name  string // last part of the address, "" for the first
	title string
	may   authz.Action
	body  func(h *Handler, r *http.Request, o party.Org) (templ.Component, error)
}

var orgTabs = []orgTab{
	{"", "概况", party.ActOrgRead, (*Handler).orgOverview},
	{"contacts", "联系人与地址", party.ActOrgRead, (*Handler).orgContacts},
	{"people", "人员", party.ActOrgRead, (*Handler).orgPeople},
	{"timeline", "时间线", party.ActOrgHistory, (*Handler).orgTimeline},
	{"sources", "来源", party.ActOrgRead, (*Handler).orgSources},
	{"merges", "合并记录", party.ActOrgHistory, (*Handler).orgMerges},
}

// getOrg shows the first tab of a record.
func (h *Handler) getOrg(w http.ResponseWriter, r *http.Request) error {
	return h.showOrg(w, r, orgTabs[0])
}

// getOrgPart shows another tab or a form of a record. One pattern serves them all: beside
// /orgs/import/{job} there cannot be one for each.
func (h *Handler) getOrgPart(w http.ResponseWriter, r *http.Request) error {
	part := r.PathValue("part")
	for _, t := range orgTabs[1:] {
		if t.name == part {
			return h.showOrg(w, r, t)
		}
	}
	forms := map[string]web.Handler{
		"edit": h.getOrgEdit, "step": h.getOrgStep, "merge": h.getOrgMerge, "split": h.getOrgSplit,
	}
	form, ok := forms[part]
	if !ok {
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
	if needLogin(w, r) {
		return nil
	}
	return form(w, r)
}

// loadOrg reads the record of the address. An id that was merged leads to the record that lives:
// it answers with a redirect and false.
func (h *Handler) loadOrg(w http.ResponseWriter, r *http.Request) (party.Org, bool, error) {
	asked := r.PathValue("id")
	o, err := h.party.GetOrganisation(r.Context(), web.Actor(r), asked)
	if err != nil || o.ID == asked {
		return o, err == nil, err
	}
	// A merge can be undone, so nobody may keep the redirect.
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, orgPath(o.ID, "")+"?was="+url.QueryEscape(asked),
		http.StatusMovedPermanently)
	return o, false, nil
}

func (h *Handler) showOrg(w http.ResponseWriter, r *http.Request, tab orgTab) error {
	o, ok, err := h.loadOrg(w, r)
	if err != nil || !ok {
		return err
	}
	by, ctx := web.Actor(r), r.Context()
	if err := party.OrgPolicy.May(by, tab.may, o); err != nil {
		return err
	}
	panel, err := tab.body(h, r, o)
	if err != nil {
		return err
	}
	head, err := h.orgHead(r, o)
	if err != nil {
		return err
	}
	var tabs []ui.Tab
	for _, t := range orgTabs {
		if party.OrgPolicy.May(by, t.may, o) == nil {
			tabs = append(tabs, ui.Tab{ID: "t-" + t.name, Text: i18n.T(ctx, t.title),
				Href: along(r, orgPath(o.ID, t.name)), Current: t.name == tab.name})
		}
	}
	p := h.orgPage(r, o, "")
	above, err := h.orgNotices(r, o, tab)
	if err != nil {
		return err
	}
	beside, err := h.orgBeside(r, o)
	if err != nil {
		return err
	}
	body := templ.Join(beside, ui.PageHead(head), templ.Join(above...),
		ui.With(ui.WithAside(ui.Facts(i18n.T(ctx, "关键信息"), h.orgFacts(ctx, by, o))),
			ui.With(ui.Tabs(i18n.T(ctx, "组织信息"), tabs), panel)))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

// orgPage starts a page about a record; last names a form on it, "" for the record itself.
func (h *Handler) orgPage(r *http.Request, o party.Org, last string) ui.Page {
	p := h.web.Page(r, "主体库")
	name := orgName(r.Context(), o)
	p.Title = name
	p.Crumbs = []ui.Link{{Text: say(r, "主体库"), Href: "/orgs"}, {Text: name}}
	if last != "" {
		p.Title = say(r, last) + " · " + name
		p.Crumbs[1].Href = along(r, orgPath(o.ID, ""))
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// orgHead is the title with everything one can do to the record now.
func (h *Handler) orgHead(r *http.Request, o party.Org) (ui.Head, error) {
	by, ctx := web.Actor(r), r.Context()
	lead := ui.Words(titled(ctx, party.OrgKinds(), o.Kind), h.placeName(o.Region))
	if o.Founded != "" {
		lead = ui.Words(lead, i18n.T(ctx, "%s 成立", i18n.Date(i18n.From(ctx), o.Founded)))
	}
	mark := standingMark(ctx, o.Standing)
	if staff(by) {
		mark = stateMark(ctx, o.State)
	}
	head := ui.Head{Title: orgName(ctx, o), Lead: lead, Status: &mark}
	steps, err := h.party.OrgSteps(ctx, by, o)
	if err != nil {
		return head, err
	}
	for _, s := range steps {
		if a, show := stepAction(r, o, s); show {
			head.Actions = append(head.Actions, a)
		}
	}
	if party.OrgPolicy.May(by, party.ActOrgMerge, o) == nil {
		head.Actions = append(head.Actions,
			ui.Action{Text: i18n.T(ctx, "合并档案"), Href: orgPath(o.ID, "merge")})
	}
	if party.OrgPolicy.May(by, party.ActOrgUpdate, o) == nil {
		head.Actions = append(head.Actions,
			ui.Action{Text: i18n.T(ctx, "编辑"), Href: along(r, orgPath(o.ID, "edit")), Primary: true})
	}
	return head, nil
}

// stepAction is the button of a step. One that belongs to others is left out; one that is not
// possible now says why.
func stepAction(r *http.Request, o party.Org, s process.Offer) (ui.Action, bool) {
	ctx := r.Context()
	a := ui.Action{Text: i18n.T(ctx, s.Title)}
	if s.Allowed {
		a.Href = along(r, orgPath(o.ID, "step")+"?do="+url.QueryEscape(s.Step))
		return a, true
	}
	if s.WhyNot == nil || s.WhyNot.Kind == fault.Forbidden {
		return a, false
	}
	a.Why = i18n.Fault(i18n.From(ctx), s.WhyNot)
	return a, true
}

// orgNotices stand between head and content.
func (h *Handler) orgNotices(
	r *http.Request, o party.Org, tab orgTab,
) ([]templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	var out []templ.Component
	if was := r.FormValue("was"); was != "" && was != o.ID {
		out = append(out, ui.Banner(ui.Idle, i18n.T(ctx, "您打开的是旧编号，该档案已并入本档案。")))
	}
	if o.State == party.Pending && !staff(by) {
		out = append(out, ui.Banner(ui.Run, i18n.T(ctx, "该档案正在等待核验，核验通过后对外公开。")))
	}
	if tab.name != "" || party.OrgPolicy.May(by, party.ActOrgMerge, o) != nil {
		return out, nil
	}
	like, err := h.party.SimilarOrganisations(ctx, by,
		party.SimilarInput{Name: o.Name, USCC: o.USCC, Except: o.ID})
	if err != nil || len(like) == 0 {
		return out, err
	}
	title := i18n.T(ctx, "有 %d 个档案与它很像，可能是同一个组织。", len(like))
	return append(out, ui.With(ui.Banner(ui.Warn, title), likely(h.likeness(ctx, like), o.ID,
		i18n.T(ctx, "比较并合并")))), nil
}

// alike is a similar organisation as a list shows it.
type alike struct{ id, name, note string }

func (h *Handler) likeness(ctx context.Context, list []party.Similar) []alike {
	var out []alike
	for _, s := range list {
		note := ui.Words(grouped(s.Org.USCC), h.placeName(s.Org.Region))
		for _, reason := range s.Reasons {
			note = ui.Words(note, i18n.T(ctx, reason))
		}
		out = append(out, alike{s.Org.ID, orgName(ctx, s.Org), note})
	}
	return out
}

// orgFacts is the box beside the tabs.
func (h *Handler) orgFacts(ctx context.Context, by authz.Actor, o party.Org) []ui.Fact {
	l := i18n.From(ctx)
	var facts []ui.Fact
	if o.CapitalFen != 0 {
		facts = append(facts, ui.Fact{Term: i18n.T(ctx, "注册资本"), Big: true,
			Text: i18n.Yuan(l, o.CapitalFen)})
	}
	code := ui.Fact{Term: i18n.T(ctx, "信用代码")}
	if o.USCC != "" {
		code.Body = copyCode(grouped(o.USCC), o.USCC)
	}
	standing := standingMark(ctx, o.Standing)
	facts = append(facts, code, ui.Fact{Term: i18n.T(ctx, "登记状态"), Status: &standing},
		ui.Fact{Term: i18n.T(ctx, "所在地区"), Text: h.placeName(o.Region)},
		ui.Fact{Term: i18n.T(ctx, "行业"), Text: h.industryName(o.Industry)})
	if staff(by) {
		state := stateMark(ctx, o.State)
		facts = append(facts, ui.Fact{Term: i18n.T(ctx, "核验状态"), Status: &state})
	}
	return append(facts,
		ui.Fact{Term: i18n.T(ctx, "更新"), Text: i18n.DateTime(l, clock.Time(o.UpdatedUs))},
		ui.Fact{Term: i18n.T(ctx, "编号"), CopyID: o.ID})
}

// sourceText says where a value came from and of which day it is.
func sourceText(ctx context.Context, s party.FieldSource) string {
	l := i18n.From(ctx)
	asOf := clock.Date(s.AsOf)
	if asOf == "" {
		asOf = clock.DateOf(clock.Time(s.AtUs))
	}
	return ui.Words(s.Source, i18n.Date(l, asOf))
}

func (h *Handler) orgOverview(r *http.Request, o party.Org) (templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	list, err := h.party.OrganisationSources(ctx, by, o.ID)
	if err != nil {
		return nil, err
	}
	from := map[string]string{}
	for _, s := range list {
		if s.Source != "" { // the tab of sources has them all
			from[s.Field] = sourceText(ctx, s)
		}
	}
	l := i18n.From(ctx)
	fact := func(field, text string) ui.Fact {
		return ui.Fact{Term: i18n.T(ctx, party.FieldTitle(field)), Text: text, Source: from[field]}
	}
	facts := []ui.Fact{
		fact("name", o.Name), fact("nameEn", o.NameEn),
		fact("kind", titled(ctx, party.OrgKinds(), o.Kind)),
		fact("region", h.dict.RegionName(o.Region, "")),
		fact("industry", ui.Words(o.Industry, h.industryName(o.Industry))),
		fact("standing", titled(ctx, party.Standings(), o.Standing)),
		fact("legalPerson", o.LegalPerson), fact("website", o.Website),
	}
	facts[7].Href = o.Website
	if o.Founded != "" {
		facts = append(facts, fact("founded", i18n.DateLong(l, o.Founded)))
	}
	if o.CapitalFen != 0 {
		facts = append(facts, fact("capitalFen", i18n.Yuan(l, o.CapitalFen)))
	}
	parts := []templ.Component{}
	if o.Summary != "" {
		parts = append(parts, ui.With(ui.Prose(), paragraphs(o.Summary)))
	}
	parts = append(parts, ui.With(ui.Block(i18n.T(ctx, "登记信息")), ui.FactGrid(facts)),
		h.orgAliases(r, o, nil, ""))
	return templ.Join(parts...), nil
}

func (h *Handler) orgContacts(r *http.Request, o party.Org) (templ.Component, error) {
	ctx := r.Context()
	contacts := ui.Table{Caption: i18n.T(ctx, "联系人"), Visible: true, Cols: []ui.Column{
		{Label: i18n.T(ctx, "姓名")}, {Label: i18n.T(ctx, "职务")}, {Label: i18n.T(ctx, "电话")},
		{Label: i18n.T(ctx, "邮箱")}}}
	reveals := party.MayRevealContacts(web.Actor(r), o)
	for i, c := range o.Contacts {
		contacts.Rows = append(contacts.Rows, ui.Row{Cells: []ui.Cell{
			contactCell(r, o, i, "name", c.Name, reveals), {Text: ui.OrDash(c.Duty)},
			contactCell(r, o, i, "phone", c.Phone, reveals),
			contactCell(r, o, i, "email", c.Email, reveals)}})
	}
	places := ui.Table{Caption: i18n.T(ctx, "地址"), Visible: true, Cols: []ui.Column{
		{Label: i18n.T(ctx, "用途")}, {Label: i18n.T(ctx, "地区")}, {Label: i18n.T(ctx, "详细地址")},
		{Label: i18n.T(ctx, "坐标")}}}
	for _, a := range o.Addresses {
		point := ui.Cell{Text: "—"}
		if a.Point.System != "" {
			lon, lat := a.Point.Degrees()
			point = ui.Cell{Text: lon + ", " + lat, Mono: true, Sub: string(a.Point.System)}
		}
		places.Rows = append(places.Rows, ui.Row{Cells: []ui.Cell{
			{Text: titled(ctx, party.AddressKinds(), a.Kind)}, {Text: ui.OrDash(h.placeName(a.Region))},
			{Text: a.Line}, point}})
	}
	parts := []templ.Component{}
	if len(o.Contacts) > 0 {
		parts = append(parts, ui.DataTable(contacts))
		switch {
		case reveals:
			parts = append(parts, aside(i18n.T(ctx, "联系方式只显示一部分，查看完整内容将记入时间线。")))
		case party.OrgPolicy.May(web.Actor(r), party.ActOrgContact, o) != nil:
			parts = append(parts, aside(i18n.T(ctx, "联系方式只显示一部分，本单位和市、区工作人员可以看到全部。")))
		}
	} else {
		parts = append(parts, ui.Empty(i18n.T(ctx, "没有联系人"), i18n.T(ctx, "编辑档案可以添加联系人。")))
	}
	if len(o.Addresses) > 0 {
		parts = append(parts, ui.DataTable(places))
	} else {
		parts = append(parts, ui.Empty(i18n.T(ctx, "没有地址"), i18n.T(ctx, "编辑档案可以添加地址和坐标。")))
	}
	return templ.Join(parts...), nil
}

func (h *Handler) orgTimeline(r *http.Request, o party.Org) (templ.Component, error) {
	at := web.PageReq(r, pageSize)
	page, err := h.party.Timeline(r.Context(), web.Actor(r), o.ID, at)
	if err != nil {
		return nil, err
	}
	return timeline(r, orgPath(o.ID, "timeline"), at, page), nil
}

// timeline shows what happened to a record.
func timeline(
	r *http.Request, path string, at db.PageReq, page db.Page[party.TimelineEntry],
) templ.Component {
	ctx := r.Context()
	l := i18n.From(ctx)
	var entries []ui.Entry
	for _, e := range page.Items {
		when := clock.Time(e.AtUs)
		x := ui.Entry{Time: i18n.DateTime(l, when),
			Machine: ui.MachineTime(when),
			Title:   i18n.T(ctx, e.Title), By: whoDid(ctx, e), Text: e.Reason}
		if e.Name != "" {
			x.Title = ui.Words(x.Title, e.Name)
		}
		for _, c := range e.Changes {
			old, now := c.Old, c.New
			if c.Keys {
				old, now = translated(ctx, old), translated(ctx, now)
			}
			x.Changes = append(x.Changes, ui.Change{Field: i18n.T(ctx, c.Title), Old: old, New: now})
		}
		entries = append(entries, x)
	}
	if len(entries) == 0 {
		return ui.Empty(i18n.T(ctx, "还没有记录"), "")
	}
	a := newAddress(path, nil, func(string) string { return "" })
	return templ.Join(ui.Timeline(entries), plainPager(pager(a, at, page)))
}

func translated(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return i18n.T(ctx, key)
}

func whoDid(ctx context.Context, e party.TimelineEntry) string {
	if e.Login == "" {
		return i18n.T(ctx, "系统")
	}
	return ui.Words(web.WhoOf(ctx, e.Login), translated(ctx, e.Role.Title()))
}

func (h *Handler) orgSources(r *http.Request, o party.Org) (templ.Component, error) {
	ctx := r.Context()
	list, err := h.party.OrganisationSources(ctx, web.Actor(r), o.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return ui.Empty(i18n.T(ctx, "没有来源记录"), ""), nil
	}
	l := i18n.From(ctx)
	tab := ui.Table{Caption: i18n.T(ctx, "各字段的来源"), Dense: true, Cols: []ui.Column{
		{Label: i18n.T(ctx, "字段")}, {Label: i18n.T(ctx, "来源")},
		{Label: i18n.T(ctx, "数据日期")}, {Label: i18n.T(ctx, "写入时间")}}}
	for _, s := range list {
		source := s.Source
		if source == "" {
			source = i18n.T(ctx, "手工填写")
		}
		asOf := "—"
		if s.AsOf != "" {
			asOf = i18n.Date(l, clock.Date(s.AsOf))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i18n.T(ctx, party.FieldTitle(s.Field))}, {Text: source}, {Text: asOf},
			{Text: i18n.DateTime(l, clock.Time(s.AtUs))}}})
	}
	return ui.DataTable(tab), nil
}
