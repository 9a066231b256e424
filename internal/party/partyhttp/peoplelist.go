package partyhttp

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// PersonQuery is a filter of the list of people as an address says it. Both doors read it.
type PersonQuery struct {
	Q        string `query:"q" doc:"words of a name"`
	Field    string `query:"field" doc:"field of research"`
	Org      string `query:"org" doc:"id of an organisation where the person works now"`
	Title    string `query:"title" doc:"professional title"`
	Degree   string `query:"degree" doc:"academic degree"`
	Public   string `query:"public" doc:"1 = public experts only"`
	Archived string `query:"archived" doc:"1 = archived people"`
	Sort     string `query:"sort" enum:"name,updated,created"`
}

var personNames = []string{
	"q", "field", "org", "title", "degree", "public", "archived", "sort",
}

func readPersonQuery(get func(string) string) PersonQuery {
	return PersonQuery{Q: strings.TrimSpace(get("q")), Field: strings.TrimSpace(get("field")),
		Org: get("org"), Title: strings.TrimSpace(get("title")), Degree: get("degree"),
		Public: get("public"), Archived: get("archived"), Sort: get("sort")}
}

func (q PersonQuery) value(name string) string {
	return map[string]string{"q": q.Q, "field": q.Field, "org": q.Org, "title": q.Title,
		"degree": q.Degree, "public": q.Public, "archived": q.Archived, "sort": q.Sort}[name]
}

func (q PersonQuery) filtered() bool {
	q.Sort = ""
	return q != PersonQuery{}
}

// filter checks the query.
func (q PersonQuery) filter() (party.PersonFilter, error) {
	var wrong []fault.Field
	for _, x := range []struct{ field, value string }{
		{"q", q.Q}, {"field", q.Field}, {"title", q.Title},
	} {
		if !utf8.ValidString(x.value) || utf8.RuneCountInString(x.value) > maxQuery {
			wrong = append(wrong, fault.At(x.field, "关键词最多 %d 个字", maxQuery))
		}
	}
	if q.Degree != "" && !known(party.Degrees(), q.Degree) {
		wrong = append(wrong, fault.At("degree", "没有“%s”这个选项", short(q.Degree)))
	}
	if q.Org != "" && !id.Valid(q.Org) {
		wrong = append(wrong, fault.At("org", "没有找到这个单位"))
	}
	for _, x := range []struct{ field, value string }{
		{"public", q.Public}, {"archived", q.Archived},
	} {
		if x.value != "" && x.value != "1" {
			wrong = append(wrong, fault.At(x.field, "没有“%s”这个选项", short(x.value)))
		}
	}
	return party.PersonFilter{Query: q.Q, Field: q.Field, Org: q.Org, Title: q.Title,
		Degree: q.Degree, Public: q.Public == "1", Archived: q.Archived == "1"}, fault.Fields(wrong...)
}

// getPeople shows the list of people, or sends it as a file.
func (h *Handler) getPeople(w http.ResponseWriter, r *http.Request) error {
	q := readPersonQuery(r.FormValue)
	f, err := q.filter()
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportPeople(w, r, q, f, format)
	}
	if err != nil {
		return h.showPeople(w, r, q, wrongQuery(r, err), http.StatusUnprocessableEntity)
	}
	results, err := h.peopleResults(r, q, f)
	if err != nil {
		return err
	}
	return h.showPeople(w, r, q, results, http.StatusOK)
}

func (h *Handler) showPeople(
	w http.ResponseWriter, r *http.Request, q PersonQuery, results templ.Component, status int,
) error {
	by := web.Actor(r)
	p := h.web.Page(r, "人才库")
	head := ui.Head{Title: p.Title, Lead: say(r, "科研人员、企业家和专家。公众看到的是同意公开的专家。")}
	if party.PersonPolicy.Could(by, party.ActPersonImport) {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "导入"), Href: "/people/import"})
	}
	if party.PersonPolicy.Could(by, party.ActPersonCreate) {
		head.Actions = append(head.Actions,
			ui.Action{Text: say(r, "登记人员"), Href: "/people/new", Primary: true})
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(personFilters(r, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

func personFilters(r *http.Request, q PersonQuery) ui.Filters {
	ctx := r.Context()
	f := ui.Filters{Action: "/people", Label: say(r, "筛选人员"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "姓名"), Value: q.Q,
			Placeholder: say(r, "姓名或英文姓名")},
		{Kind: ui.FilterText, Name: "field", Label: say(r, "研究领域"), Value: q.Field},
		{Kind: ui.FilterText, Name: "title", Label: say(r, "职称"), Value: q.Title},
		{Name: "degree", Label: say(r, "学位"), Value: q.Degree,
			Options: all(ctx, choices(ctx, party.Degrees()))},
	}}
	if staff(web.Actor(r)) {
		f.More = []ui.Filter{
			{Kind: ui.FilterCheck, Name: "public", Label: say(r, "只看公开的专家"), Value: q.Public},
			{Kind: ui.FilterCheck, Name: "archived", Label: say(r, "只看已归档"), Value: q.Archived},
		}
		f.MoreOn = q.Public+q.Archived != ""
	}
	for _, x := range []struct{ name, value string }{{"sort", q.Sort}, {"org", q.Org}} {
		if x.value != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: x.name, Value: x.value})
		}
	}
	return f
}

func (h *Handler) peopleResults(
	r *http.Request, q PersonQuery, f party.PersonFilter,
) (templ.Component, error) {
	by, ctx, at := web.Actor(r), r.Context(), web.PageReq(r, pageSize)
	page, err := h.party.ListPeople(ctx, by, f, q.Sort, at)
	if err != nil {
		return nil, err
	}
	n, err := h.party.CountPeople(ctx, by, f)
	if err != nil {
		return nil, err
	}
	a := newAddress("/people", personNames, q.value)
	bar := ui.ResultBar{Count: say(r, "共 %s 人", i18n.Int(n)), Chips: h.personChips(ctx, by, a, q)}
	if q.filtered() {
		bar.Clear = "/people"
	}
	if bar.Views, err = h.views(ctx, by, "/people", a); err != nil {
		return nil, err
	}
	if n > 0 && party.PersonPolicy.Could(by, party.ActPersonExport) {
		bar.Exports = []ui.Link{{Text: "Excel", Href: a.with("format", "xlsx")},
			{Text: "CSV", Href: a.with("format", "csv")}}
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	if len(page.Items) == 0 {
		parts = append(parts, noPeople(r, q))
	} else {
		parts = append(parts, ui.DataTable(h.personTable(ctx, by, a, q.Sort, page.Items)))
	}
	parts = append(parts, ui.Pager(pager(a, at, page)))
	return ui.With(ui.Results("", say(r, "人员")), parts...), nil
}

func noPeople(r *http.Request, q PersonQuery) templ.Component {
	if q.filtered() {
		return ui.With(ui.Empty(say(r, "没有符合条件的人员"), say(r, "换一个姓名或研究领域。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: "/people"}))
	}
	if !party.PersonPolicy.Could(web.Actor(r), party.ActPersonCreate) {
		return ui.Empty(say(r, "还没有公开的专家"), say(r, "同意公开的专家会出现在这里。"))
	}
	return ui.With(ui.Empty(say(r, "人才库还没有人员"), say(r, "逐个登记，或用 Excel 批量导入。")),
		ui.Button(ui.Action{Text: say(r, "登记人员"), Href: "/people/new"}))
}

func (h *Handler) personChips(
	ctx context.Context, by authz.Actor, a address, q PersonQuery,
) []ui.Link {
	var out []ui.Link
	chip := func(text, name string) {
		out = append(out, ui.Link{Text: text, Href: a.with(name, "")})
	}
	if q.Q != "" {
		chip(i18n.T(ctx, "“%s”", q.Q), "q")
	}
	if q.Field != "" {
		chip(q.Field, "field")
	}
	if q.Org != "" {
		name := i18n.T(ctx, "一个单位")
		if o, err := h.party.GetOrganisation(ctx, by, q.Org); err == nil {
			name = orgName(ctx, o)
		}
		chip(name, "org")
	}
	if q.Title != "" {
		chip(q.Title, "title")
	}
	if q.Degree != "" {
		chip(titled(ctx, party.Degrees(), q.Degree), "degree")
	}
	if q.Public != "" {
		chip(i18n.T(ctx, "只看公开的专家"), "public")
	}
	if q.Archived != "" {
		chip(i18n.T(ctx, "只看已归档"), "archived")
	}
	return out
}

func (h *Handler) personTable(
	ctx context.Context, by authz.Actor, a address, sort string, list []party.Person,
) ui.Table {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	sort = sortOf(sort, party.PersonOrders())
	tab := ui.Table{Caption: t("人员"), Dense: staff(by), Cols: []ui.Column{
		sortable(a, t("姓名"), "name", "ascending", sort), {Label: t("单位")}, {Label: t("职务")},
		{Label: t("职称")}, {Label: t("研究领域")},
		sortable(a, t("更新"), "updated", "descending", sort),
	}}
	for _, p := range list {
		name := ui.Cell{Text: personName(ctx, p), Href: inList(personPath(p.ID, ""), a, sort)}
		if p.Archived {
			name.Tags = []string{t("已归档")}
		} else if p.Public && staff(by) {
			name.Tags = []string{t("公开")}
		}
		org := ui.Cell{Text: ui.OrDash(p.OrgName)}
		if p.Org != "" {
			org.Href = orgPath(p.Org, "")
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: p.ID, Cells: []ui.Cell{name, org,
			{Text: ui.OrDash(p.Duty)}, {Text: ui.OrDash(p.Title)}, {Text: ui.OrDash(strings.Join(p.Fields, ", "))},
			ui.AgoCell(ctx, p.UpdatedUs, h.now())}})
	}
	return tab
}

// personName is the name in the reader's language where there is one.
func personName(ctx context.Context, p party.Person) string {
	if i18n.From(ctx) == i18n.EN && p.NameEn != "" {
		return p.NameEn
	}
	return p.Name
}

var personColumns = sheet.Spec{Name: "people", Title: "人员", Columns: []sheet.Column{
	{Key: "name", Title: "姓名"}, {Key: "nameEn", Title: "英文姓名", Width: 20},
	{Key: "org", Title: "单位", Width: 36}, {Key: "duty", Title: "职务"},
	{Key: "title", Title: "职称"}, {Key: "degree", Title: "学位"},
	{Key: "fields", Title: "研究领域", Width: 30},
	{Key: "phone", Title: "电话", Kind: sheet.Code, Width: 16},
	{Key: "email", Title: "邮箱", Width: 24},
	{Key: "orcid", Title: "ORCID", Kind: sheet.Code, Width: 22},
	{Key: "public", Title: "公开", Kind: sheet.Bool},
	{Key: "updated", Title: "更新日期", Kind: sheet.Date},
	{Key: "id", Title: "编号", Kind: sheet.Code, Width: 28},
}}

// exportPeople sends the list, masked as it is shown.
func (h *Handler) exportPeople(
	w http.ResponseWriter, r *http.Request, q PersonQuery, f party.PersonFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	by, ctx := web.Actor(r), r.Context()
	rows := pushed(func(each func([]any) error) error {
		return h.party.ExportPeople(ctx, by, f, q.Sort, func(p party.Person) error {
			return each([]any{p.Name, p.NameEn, p.OrgName, p.Duty, p.Title,
				titled(ctx, party.Degrees(), p.Degree), strings.Join(p.Fields, "; "), p.Phone, p.Email,
				p.ORCID, p.Public, string(clock.DateOf(clock.Time(p.UpdatedUs))), p.ID})
		})
	})
	title := i18n.T(ctx, "人员名录")
	var filter []string
	for _, c := range h.personChips(ctx, by, address{}, q) {
		filter = append(filter, c.Text)
	}
	out := download(w, h.fileName(title), as)
	_, err = sheet.Write(ctx, out, as, personColumns, rows,
		h.meta(r, title, strings.Join(filter, "; ")))
	return out.End(err)
}

// orgPeople is the tab of an organisation's people.
func (h *Handler) orgPeople(r *http.Request, o party.Org) (templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	page, err := h.party.ListPeople(ctx, by, party.PersonFilter{Org: o.ID}, "name",
		db.PageReq{Limit: 100})
	if err != nil {
		return nil, err
	}
	var add templ.Component = templ.NopComponent
	if party.PersonPolicy.Could(by, party.ActPersonCreate) && o.State != party.Merged {
		add = ui.Button(ui.Action{Text: say(r, "登记人员"), Href: "/people/new?org=" + o.ID})
	}
	if len(page.Items) == 0 {
		return ui.With(ui.Empty(say(r, "没有您可以看到的人员"), say(r, "公众看到的是同意公开的专家。")), add), nil
	}
	tab := ui.Table{Caption: say(r, "人员"), Cols: []ui.Column{{Label: say(r, "姓名")},
		{Label: say(r, "职务")}, {Label: say(r, "职称")}, {Label: say(r, "研究领域")}}}
	for _, p := range page.Items {
		duty := p.Duty
		if p.Org != o.ID {
			duty = ui.Words(duty, p.OrgName)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: personName(ctx, p), Href: personPath(p.ID, "")}, {Text: ui.OrDash(duty)},
			{Text: ui.OrDash(p.Title)}, {Text: ui.OrDash(strings.Join(p.Fields, ", "))}}})
	}
	more := ui.PlainList([]ui.Link{{Text: say(r, "在人才库中查看"), Href: "/people?org=" + o.ID}})
	return templ.Join(ui.DataTable(tab), more, add), nil
}
