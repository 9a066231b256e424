package indicatorhttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func mayAssign(r *http.Request) bool {
	return indicator.DutyPolicy.Could(web.Actor(r), indicator.ActDutyWrite)
}

// getDuties lists who reports what.
func (h *Handler) getDuties(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !indicator.DutyPolicy.Could(by, indicator.ActDutyRead) {
		return kit.ErrRole()
	}
	f := indicator.DutyFilter{Region: region.Code(r.FormValue("region")), Indicator: r.FormValue("indicator"),
		Reporter: r.FormValue("reporter"), Ended: r.FormValue("ended") == "1"}
	page, err := h.room.ListDuties(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "填报责任")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "哪个单位、为哪个地区、报哪些指标、从哪天起；应报清单由它和口径推算。")}
	if mayAssign(r) {
		head.Actions = []ui.Action{{Text: kit.Say(r, "分配填报责任"), Href: pathDuties + "/new", Primary: true}}
	}
	bar := ui.Filters{Action: pathDuties, Label: kit.Say(r, "筛选填报责任"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(f.Region),
			Options: h.PlaceOptions(ctx, by, "全部地区", string(f.Region))},
		{Kind: ui.FilterCheck, Name: "ended", Label: kit.Say(r, "也列出已结束的"), Value: checked(f.Ended)}}}
	var content templ.Component
	if len(page.Items) == 0 {
		content = ui.Empty(kit.Say(r, "还没有填报责任"), kit.Say(r, "市局分配后，相应单位的填报台会出现应报数值。"))
	} else {
		content = templ.Join(ui.DataTable(h.dutyTable(r, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	results := ui.With(ui.Results("", kit.Say(r, "填报责任")), content)
	return h.Web.Render(w, r, web.View{Page: p, Part: results, Body: templ.Join(ui.PageHead(head),
		ui.With(h.tabs(r, pathDuties), ui.FilterBar(bar), results))})
}

func (h *Handler) dutyTable(r *http.Request, list []indicator.Duty) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "填报责任"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "填报单位")}, {Label: kit.Say(r, "起")},
		{Label: kit.Say(r, "止")}}}
	if mayAssign(r) {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
	}
	for _, d := range list {
		row := ui.Row{Cells: []ui.Cell{{Text: d.Name, Href: kit.Join(pathIndicators, d.Indicator, "definitions")},
			{Text: h.PlaceName(d.Region), Sub: d.OrgName}, {Text: d.ReporterName,
				Href: pathDesk + "?" + url.Values{"reporter": {d.ReporterNow}, "state": {"all"}}.Encode()},
			{Text: string(d.From)}, {Text: ui.OrDash(string(d.To))}}}
		if mayAssign(r) {
			cell := ui.Cell{}
			if d.To == "" {
				cell.Body = ui.PostButton(ui.Post{Action: pathDuties + "/close", Hidden: []ui.Hidden{
					{Name: "id", Value: d.ID}, {Name: "version", Value: kit.Number(d.Version)}},
					Button: ui.Action{Text: kit.Say(r, "停止填报"), Small: true,
						Label: kit.Say(r, "停止填报：%s", ui.Words(d.Name, h.PlaceName(d.Region)))}})
			}
			row.Cells = append(row.Cells, cell)
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// postDutyClose ends a duty from today on: periods that end today or later are not asked for.
func (h *Handler) postDutyClose(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	_, err := h.room.CloseDuty(r.Context(), web.Actor(r), indicator.DutyEnd{ID: r.PostForm.Get("id"),
		To: h.today(), Version: web.VersionOf(r)})
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathDuties, "已停止，今天以前结束的各期仍要报")
}

func (h *Handler) getDutyNew(w http.ResponseWriter, r *http.Request) error {
	if !mayAssign(r) {
		return kit.ErrRole()
	}
	in := indicator.Assignment{Key: id.New(), Set: r.FormValue("set"),
		From: clock.Date(string(h.today())[:4] + "-01-01")}
	if x := r.FormValue("indicator"); x != "" {
		in.Indicators = []string{x}
	}
	return h.showDutyNew(w, r, in, kit.Pick{Name: "reporter"}, nil)
}

func (h *Handler) showDutyNew(
	w http.ResponseWriter, r *http.Request, in indicator.Assignment, pick kit.Pick, err error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	sets, serr := h.setOptions(r, "不按体系，逐项选择")
	if serr != nil {
		return serr
	}
	defs, serr := h.room.InForce(ctx, by, indicator.DefinitionFilter{Kind: indicator.Observed}, "")
	if serr != nil {
		return serr
	}
	p := h.Web.Page(r, "分配填报责任")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "填报责任"), Href: pathDuties}, {Text: p.Title}}
	chosen := ui.Input{Kind: ui.InChecks, Name: "indicators", Label: kit.Say(r, "指标"), Optional: true,
		Values: in.Indicators, Hint: kit.Say(r, "列出的是有“填报”口径的指标")}
	for _, d := range defs {
		chosen.Options = append(chosen.Options, ui.Option{Value: d.Indicator, Text: d.Name,
			Hint: ui.Words(d.Unit, titled(ctx, indicator.Frequencies(), d.Frequency))})
	}
	places := ui.Input{Kind: ui.InChecks, Name: "regions", Label: kit.Say(r, "地区")}
	for _, c := range in.Regions {
		places.Values = append(places.Values, string(c))
	}
	places.Options = h.PlaceOptions(ctx, by, "", "")[1:]
	places.Optional = true
	spots, serr := h.stationChecks(r, in.Stations)
	if serr != nil {
		return serr
	}
	inputs := []ui.Input{{Kind: ui.InSelect, Name: "set", Label: kit.Say(r, "整个体系"), Value: in.Set, Options: sets,
		Optional: true, Hint: kit.Say(r, "选了体系，就分配其中所有要填报的指标")}, chosen, places,
		dayInput("from", kit.Say(r, "起"), in.From)}
	inputs[3].Hint = kit.Say(r, "从在这一天或以后结束的期别开始报")
	if len(spots.Options) > 0 {
		inputs = slices.Insert(inputs, 3, spots)
	}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "duty", Action: pathDuties + "/new", Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "分配"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: pathDuties}}}
	combo := h.OrgPick(ctx, by, ui.Input{Name: "reporter", Label: kit.Say(r, "填报单位")}, pick, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title, Lead: kit.Say(r, "已由别的单位填报的，从这一天起转给新的单位；以前报的不变。")}),
		ui.With(ui.Form(view), ui.Combobox(combo), kit.Fields(inputs)))})
}

func (h *Handler) postDutyNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	if !mayAssign(r) {
		return kit.ErrRole()
	}
	in := indicator.Assignment{Indicators: v["indicators"], Set: v.Get("set"),
		Stations: v["stations"], From: clock.Date(v.Get("from")), Key: v.Get("key")}
	if in.Set != "" {
		in.Indicators = nil
	}
	for _, c := range v["regions"] {
		in.Regions = append(in.Regions, region.Code(c))
	}
	pick := kit.ReadPick(v, "reporter")
	var f occasion.Faults
	if err := h.FindOrg(ctx, by, &pick, &f); err != nil {
		return err
	}
	in.Reporter = pick.Value
	if kit.Dropped(v, "reporter") {
		return h.showDutyNew(w, r, in, pick, nil)
	}
	out, err := h.room.AssignDuties(ctx, by, in)
	if again(err) {
		return h.showDutyNew(w, r, in, pick, kit.Merge(f, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathDuties+"?reporter="+url.QueryEscape(in.Reporter),
		"新增 %d 项，转交 %d 项，原已分配 %d 项", out.Added, out.Changed, out.Same)
}
