package atlashttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getList shows a query as a list, or sends it as a file.
func (h *Handler) getList(w http.ResponseWriter, r *http.Request) error {
	a := h.ask(r)
	if as := r.FormValue("format"); as != "" {
		if a.err != nil {
			return a.err
		}
		return h.send(w, r, a, as)
	}
	part, err := h.listResults(r, a)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "创新云图")
	p.Title = kit.Say(r, "清单") + " · " + p.Title
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(a.err), Page: p, Part: part, Body: templ.Join(
		ui.PageHead(h.head(r, a)), ui.FilterBar(h.filters(r, pathList, a, true)), part)})
}

// formatOf checks the name of a file format.
func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request, a asked, format string) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	if err := atlas.NodePolicy.May(web.Actor(r), atlas.ActNodeExport, atlas.Node{}); err != nil {
		return err
	}
	day := strings.ReplaceAll(string(clock.DateOf(h.Now())), "-", "")
	out := web.NewDownload(w, kit.Say(r, "创新云图清单")+"-"+day+"."+string(as), as.MediaType())
	_, err = h.atlas.WriteNodes(r.Context(), web.Actor(r), a.q, atlas.Export{Format: as, By: exporter(r),
		Order: a.sort}, out)
	return out.End(err)
}

// exporter names the person, the log-in and the role of a request.
func exporter(r *http.Request) string {
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	if s.Actor.Login != "" && s.Actor.Login != name {
		name += " (" + s.Actor.Login + ")"
	}
	return ui.Words(name, kit.Say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

func (h *Handler) listResults(r *http.Request, a asked) (templ.Component, error) {
	if a.err != nil {
		return h.wrongQuery(r, a.err), nil
	}
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.atlas.ListNodes(ctx, by, a.q, a.sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	n, err := h.atlas.CountNodes(ctx, by, a.q)
	if err != nil {
		return nil, err
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 条记录", i18n.Int(n)), Chips: h.chips(r, pathList, a.q)}
	if !a.q.Empty() {
		bar.Clear = pathList
	}
	if atlas.NodePolicy.Could(by, atlas.ActNodeExport) && n > 0 {
		for _, f := range []struct{ text, format string }{{"Excel", "xlsx"}, {"CSV", "csv"}} {
			bar.Exports = append(bar.Exports, ui.Link{Text: f.text,
				Href: web.ListAddress(r, url.Values{"format": {f.format}})})
		}
	}
	parts := []templ.Component{ui.Empty(kit.Say(r, "没有符合条件的记录"), kit.Say(r, "请放宽条件，或清除后重新选择。"))}
	if len(page.Items) > 0 {
		parts = []templ.Component{ui.DataTable(h.table(r, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, ""))}
	}
	return ui.With(ui.Results("", kit.Say(r, "创新云图")), ui.ResultHead(bar),
		ui.With(ui.Tabs(kit.Say(r, "创新云图"), h.tabs(r, pathList, a.q)), parts...),
		wrongNote(h.wrongLink(r, "", place(a.q)))), nil
}

// table lists nodes.
func (h *Handler) table(r *http.Request, list []atlas.Node) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "云图记录"), Cols: []ui.Column{{Label: kit.Say(r, "名称")},
		{Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "领域")}, {Label: kit.Say(r, "六新")},
		{Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "出现日期"), Num: true},
		{Label: kit.Say(r, "数据截至"), Num: true}}}
	for _, n := range list {
		six := ui.Cell{Text: ui.OrDash(atlas.Titled(ctx, atlas.SixNews(), n.Six)),
			Sub: atlas.Titled(ctx, atlas.Sayers(), n.SixBy)}
		if n.Limited {
			six = ui.Cell{Text: kit.Say(r, "依申请公开")}
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: n.ID, Cells: []ui.Cell{
			{Text: n.Title, Href: nodePath(n.ID), Sub: ui.Words(atlas.Titled(ctx, atlas.Kinds(), n.Kind), n.Code)},
			{Text: h.placeOf(n)}, {Text: ui.OrDash(atlas.Titled(ctx, atlas.Fields(), n.Field)),
				Sub: atlas.Titled(ctx, atlas.Sayers(), n.FieldBy)}, six, {Text: stateOf(r, n)},
			{Text: day(n.SinceUs)}, {Text: day(n.AsOfUs)}}})
	}
	return tab
}

func (h *Handler) placeOf(n atlas.Node) string {
	if n.Region == "" {
		return "—"
	}
	return h.PlaceName(n.Region)
}

func stateOf(r *http.Request, n atlas.Node) string {
	if title := atlas.StateTitle(n); title != "" {
		return kit.Say(r, title)
	}
	return "—"
}

func nodePath(id string) string { return pathNodes + "/" + url.PathEscape(id) }

// recordPath is the page of a record in its own room.
func recordPath(class, id string) string {
	id = url.PathEscape(id)
	switch class {
	case atlas.Org:
		return "/orgs/" + id
	case atlas.Post:
		return "/market/posts/" + id
	case atlas.Deal:
		return "/deals/" + id
	}
	return "/people/" + id
}
