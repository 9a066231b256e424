package reporthttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pathReports is the list of reports.
const pathReports = "/reports"

// Handler serves reports.
type Handler struct {
	kit.Kit
	room *report.Service
}

// New returns the door of reports.
func New(s *report.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of reports.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathReports, Access: web.Everyone, Handle: h.getList,
			UseCases: []string{"report.ListReports"}},
		{Method: get, Path: pathReports + "/new", Handle: h.getNew,
			UseCases: []string{"report.ListSets", "report.ListCompared", "report.ListBeside"}},
		{Method: post, Path: pathReports + "/new", Handle: h.postNew,
			UseCases: []string{"report.CreateReport"}},
		{Method: get, Path: pathReports + "/{id}", Access: web.Everyone, Handle: h.getReport,
			UseCases: []string{"report.GetReport"}},
		{Method: get, Path: pathReports + "/{id}/figures/{n}", Access: web.Everyone, Handle: h.getFigure,
			UseCases: []string{"report.GetFigure"}},
		{Method: get, Path: pathReports + "/{id}/{part}", Access: web.Everyone, Handle: h.getPart,
			UseCases: []string{"report.GetReport", "report.Paper"}},
		{Method: post, Path: pathReports + "/{id}/{part}", Handle: h.postPart, UseCases: []string{
			"report.UpdateReport", "report.FireReport", "report.RefreshFigures", "report.Recompose",
			"report.FileReport"}},
	}
}

func absent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

func path(reportID, tail string) string { return kit.Join(pathReports, reportID, tail) }

var tones = map[string]ui.Tone{report.StateDraft: ui.Run, report.StateReviewed: ui.Warn,
	report.StatePublished: ui.OK}

func mark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(report.Process.Def().States), state)}
}

// titled is the title of a value in the language of ctx.
func titled(ctx context.Context, list []report.Choice, value string) string {
	if t := report.TitleOf(list, value); t != "" {
		return i18n.T(ctx, t)
	}
	return value
}

// options turns a closed list into options.
func options(ctx context.Context, list []report.Choice) []ui.Option {
	var out []ui.Option
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// getList lists the reports that the reader may read.
func (h *Handler) getList(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !report.Policy.Could(by, report.ActRead) {
		return kit.ErrRole()
	}
	f := report.Filter{Query: kit.Search(r), Form: r.FormValue("form"), State: r.FormValue("state")}
	page, err := h.room.ListReports(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "通报与新闻口径")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "从系统数据写成的文字：每个数字都能点开看来源，读回的数字与来源一致才能发布。")}
	writes := report.Policy.Could(by, report.ActMake)
	if writes {
		head.Actions = []ui.Action{{Text: kit.Say(r, "新建报告"), Href: pathReports + "/new", Primary: true}}
	}
	all := ui.Option{Text: kit.Say(r, "全部")}
	bar := ui.Filters{Action: pathReports, Label: kit.Say(r, "筛选报告"), Fields: []ui.Filter{
		kit.SearchField(r, f.Query),
		{Name: "form", Label: kit.Say(r, "形式"), Value: f.Form,
			Options: append([]ui.Option{all}, options(ctx, report.Forms())...)}}}
	if writes || report.Policy.Could(by, report.ActPublish) {
		bar.Fields = append(bar.Fields, ui.Filter{Name: "state", Label: kit.Say(r, "状态"), Value: f.State,
			Options: append([]ui.Option{all}, kit.Options(ctx, "", kit.States(report.Process.Def().States))...)})
	}
	results := ui.With(ui.Results("", p.Title), h.table(r, page.Items), ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return h.Web.Render(w, r, web.View{Page: p, Part: results,
		Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)})
}

func (h *Handler) table(r *http.Request, list []report.Report) templ.Component {
	if len(list) == 0 {
		return ui.Empty(kit.Say(r, "还没有报告"), kit.Say(r, "新建一份，系统按所选内容写成文字；发布后相关单位可以看到。"))
	}
	ctx := r.Context()
	t := ui.Table{Caption: kit.Say(r, "通报与新闻口径"), Cols: []ui.Column{{Label: kit.Say(r, "报告")},
		{Label: kit.Say(r, "形式")}, {Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "数据截至")},
		{Label: kit.Say(r, "状态")}}}
	for _, x := range list {
		m := mark(ctx, x.State)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title, Href: path(x.ID, ""), Sub: x.Code},
			{Text: titled(ctx, report.Forms(), x.Form)}, {Text: h.PlaceName(x.Region)},
			{Text: i18n.Date(kit.Lang(r), x.Day)}, {Status: &m}}})
	}
	return ui.DataTable(t)
}

// getNew asks what a report is to be made of.
func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	in := report.NewReport{Ask: report.Ask{Form: report.Bulletin, Region: h.HomeCode()}, Key: id.New()}
	for _, p := range report.Parts() {
		in.Parts = append(in.Parts, p.Value)
	}
	if f := r.FormValue("form"); report.TitleOf(report.Forms(), f) != "" {
		in.Form = f
	}
	return h.showNew(w, r, in, nil)
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, in report.NewReport, err error) error {
	ctx, by := r.Context(), web.Actor(r)
	sets, serr := h.room.ListSets(ctx, by)
	if serr != nil {
		return serr
	}
	p := h.Web.Page(r, "新建报告")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "通报与新闻口径"), Href: pathReports}, {Text: p.Title}}
	pick := ui.Input{Kind: ui.InSelect, Name: "set", Label: kit.Say(r, "指标体系"), Value: in.Set, Optional: true,
		Options: []ui.Option{{Text: kit.Say(r, "最新的")}}}
	for _, s := range sets {
		pick.Options = append(pick.Options, ui.Option{Value: s.Value, Text: s.Title})
	}
	compared, serr := h.room.ListCompared(ctx, by, in.Region)
	if serr != nil {
		return serr
	}
	across := ui.Input{Kind: ui.InSelect, Name: "across", Label: kit.Say(r, "分县区比较的指标"), Value: in.Across,
		Optional: true, Hint: kit.Say(r, "写入“分县区进展”；不选取第一个县区有数据的指标"),
		Options: []ui.Option{{Text: kit.Say(r, "自动选取")}}}
	others, serr := h.room.ListBeside(ctx, by, in.Region, in.Set)
	if serr != nil {
		return serr
	}
	beside := ui.Input{Kind: ui.InChecks, Name: "beside", Label: kit.Say(r, "另写的指标"), Values: in.Beside, Optional: true,
		Hint: kit.Say(r, "不在指标体系中、但有数据的指标；写在“指标进展”的后面")}
	for _, c := range others {
		beside.Options = append(beside.Options, ui.Option{Value: c.Value, Text: c.Title})
	}
	known := in.Across == ""
	for _, c := range compared {
		across.Options = append(across.Options, ui.Option{Value: c.Value, Text: c.Title})
		known = known || c.Value == in.Across
	}
	if !known { // of another place
		across.Options = append(across.Options, ui.Option{Value: in.Across, Text: in.Across})
	}
	inputs := []ui.Input{
		{Kind: ui.InRadio, Name: "form", Label: kit.Say(r, "形式"), Value: in.Form, Options: options(ctx, report.Forms())},
		{Name: "title", Label: kit.Say(r, "标题"), Value: in.Title, Optional: true, MaxLen: report.MaxTitle,
			Hint: kit.Say(r, "不填则按地区和形式命名")},
		{Kind: ui.InSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(in.Region),
			Options: h.PlaceOptions(ctx, by, "请选择", string(in.Region))},
		{Kind: ui.InChecks, Name: "parts", Label: kit.Say(r, "内容"), Values: in.Parts, Options: options(ctx, report.Parts())},
		across,
		pick,
		{Name: "period", Label: kit.Say(r, "截至期间"), Value: in.Period, Optional: true, Width: ui.W10,
			Hint: kit.Say(r, "如 2026、2026H1、2026Q3 或 2026-09；不填取最新数据"), Mono: true}}
	if len(beside.Options) > 0 {
		inputs = append(inputs, beside)
	}
	inputs = append(inputs, ui.Input{Kind: ui.InCheck, Name: "public", Label: kit.Say(r, "公开"),
		Text:  kit.Say(r, "发布后社会公众可以查看，数字列入开放数据"),
		Value: map[bool]string{true: "1"}[in.Public], Optional: true})
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{Action: pathReports + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: in.Key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "生成草稿"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathReports}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title, Lead: kit.Say(r, "系统按现有数据写成草稿，并当场读回核对。")}),
		ui.With(ui.Form(view), kit.Fields(inputs)))})
}
