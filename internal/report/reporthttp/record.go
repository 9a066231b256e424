package reporthttp

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) of(r *http.Request) (report.Detail, error) {
	if !id.Valid(r.PathValue("id")) {
		return report.Detail{}, absent()
	}
	return h.room.GetReport(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) page(r *http.Request, d report.Report, last string) ui.Page {
	return h.Sub(r, "通报与新闻口径", pathReports, d.Title, path(d.ID, ""), last)
}

// getReport shows a report, each number with its link, and what reading it gives.
func (h *Handler) getReport(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	m := mark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Actions: h.actions(r, d),
		Lead: ui.Words(titled(r.Context(), report.Forms(), d.Form), h.PlaceName(d.Region),
			kit.Say(r, "数据截至 %s", i18n.DateLong(kit.Lang(r), d.Day)))}
	text := []templ.Component{h.readBack(r, d)}
	if len(d.Stale) > 0 {
		text = append(text, h.stale(r, d))
	}
	text = append(text, ui.With(ui.Prose(), sheetOf(d.Blocks(r.Context()))))
	text = append(text, h.figures(r, d))
	if len(d.Untold) > 0 && d.Writes(web.Actor(r)) {
		text = append(text, h.untold(r, d))
	}
	return h.Web.Render(w, r, web.View{Page: h.page(r, d.Report, ""), Body: templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(h.aside(r, d)), text...))})
}

// readBack says what reading the text gives.
func (h *Handler) readBack(r *http.Request, d report.Detail) templ.Component {
	c := d.Check
	if d.Clean {
		return ui.Banner(ui.OK, kit.Say(r, "读回：%d 个数字读回 %d 个，没有存疑", c.Figures, c.Read))
	}
	var lines []string
	for _, n := range c.Notes {
		switch n.Kind {
		case report.MarkDiffers:
			lines = append(lines, kit.Say(r, "“%s”与来源不符，来源是 %s", n.Quote, n.Wants))
		case report.MarkStray:
			lines = append(lines, kit.Say(r, "“%s”没有来源", n.Quote))
		case report.MarkDoubt:
			lines = append(lines, kit.Say(r, "“%s”存疑：%s", n.Quote, n.Wants))
		}
	}
	return templ.Join(ui.Banner(ui.Bad, kit.Say(r, "读回：%d 个数字读回 %d 个，%d 处需要改正", c.Figures, c.Read,
		c.Marks)), plainList(lines))
}

// stale lists the numbers whose source has moved on.
func (h *Handler) stale(r *http.Request, d report.Detail) templ.Component {
	t := ui.Table{Caption: kit.Say(r, "来源已变化的数字"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "数字")},
		{Label: kit.Say(r, "稿中")}, {Label: kit.Say(r, "来源现在")}}}
	for _, s := range d.Stale {
		now := s.Now
		if now == "" {
			now = kit.Say(r, "已没有这个数字")
		}
		t.Rows = append(t.Rows, ui.Row{Tone: ui.Warn, Cells: []ui.Cell{
			{Text: s.Name, Href: report.FigurePath(d.ID, s.N)}, {Text: s.Was}, {Text: now}}})
	}
	parts := []templ.Component{ui.Banner(ui.Warn, kit.Say(r, "有 %d 个数字的来源在成稿后变化", len(d.Stale))), ui.DataTable(t)}
	if d.Writes(web.Actor(r)) {
		parts = append(parts, postButton(path(d.ID, "refresh"), d.Version, kit.Say(r, "更新数字")))
	}
	return templ.Join(parts...)
}

// figures lists the numbers with their dates and sources.
func (h *Handler) figures(r *http.Request, d report.Detail) templ.Component {
	t := ui.Table{Caption: kit.Say(r, "数字与来源"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "数字")},
		{Label: kit.Say(r, "数值"), Num: true}, {Label: kit.Say(r, "时间")}, {Label: kit.Say(r, "数据截至")}}}
	for _, f := range d.Figures {
		name := f.Name
		if f.Place != d.Region {
			name = ui.Words(f.PlaceName, f.Name)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name,
			Sub: titled(r.Context(), measures(), f.Kind+"."+f.Measure)},
			{Text: f.Shown(), Href: report.FigurePath(d.ID, f.N)}, {Text: f.When},
			{Text: i18n.Date(kit.Lang(r), f.AsOf)}}})
	}
	return ui.With(ui.Block(kit.Say(r, "数字与来源")), ui.DataTable(t))
}

// measures say what kind of number a figure is.
func measures() []report.Choice {
	return []report.Choice{{Value: "fact.level", Title: "总量"}, {Value: "fact.growth", Title: "增速"},
		{Value: "fact.increase", Title: "增量"}, {Value: "target.level", Title: "目标"}}
}

func (h *Handler) untold(r *http.Request, d report.Detail) templ.Component {
	t := ui.Table{Caption: kit.Say(r, "没有写入的内容"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "内容")},
		{Label: kit.Say(r, "原因")}}}
	for _, u := range d.Untold {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: u.What}, {Text: kit.Say(r, u.Why)}}})
	}
	return ui.With(ui.Block(kit.Say(r, "没有写入的内容")), ui.DataTable(t))
}

func (h *Handler) actions(r *http.Request, d report.Detail) []ui.Action {
	out := []ui.Action{{Text: kit.Say(r, "打印"), Href: path(d.ID, "print")},
		{Text: kit.Say(r, "下载 Word"), Href: path(d.ID, "report.docx")}}
	if d.Writes(web.Actor(r)) {
		out = append(out, ui.Action{Text: kit.Say(r, "修改文字"), Href: path(d.ID, "edit")})
	}
	return append(out, kit.StepActions(r, d.Offers, path(d.ID, "step"))...)
}

// aside says what the report is made of, where it is filed and what happened to it.
func (h *Handler) aside(r *http.Request, d report.Detail) templ.Component {
	ctx, by := r.Context(), web.Actor(r)
	var parts string
	for _, c := range report.Parts() {
		for _, p := range d.Parts {
			if p == c.Value {
				parts = ui.Words(parts, i18n.T(ctx, c.Title))
			}
		}
	}
	facts := []ui.Fact{{Term: kit.Say(r, "内容"), Text: parts}}
	if d.Creator != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "拟稿"), Text: web.Who(r, d.Creator)})
	}
	if d.ReviewedUs > 0 {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "审核"), Text: ui.Words(d.ReviewedBy, kit.Moment(r, d.ReviewedUs))})
	}
	if d.PublishedUs > 0 {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "发布"), Text: ui.Words(d.PublishedBy, kit.Moment(r, d.PublishedUs))})
	}
	if d.Public {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "公开"), Text: kit.Say(r, "社会公众可以查看")})
	}
	if d.Document != "" && report.Policy.Could(by, report.ActMake) {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "文件库"), Text: kit.Say(r, "已存入"), Href: "/documents/" + d.Document})
	}
	out := []templ.Component{ui.Facts(kit.Say(r, "报告"), facts)}
	if d.Document == "" && d.State == report.StatePublished && report.Policy.Could(by, report.ActMake) {
		out = append(out, postButton(path(d.ID, "file"), d.Version, kit.Say(r, "存入文件库")),
			ui.Note(kit.Say(r, "作为一份文件存入，其中的数字进入审读台。")))
	}
	if len(d.History) > 0 {
		out = append(out, ui.With(ui.Block(kit.Say(r, "经过")), kit.Timeline(r, d.History, stepTitles(), "拟稿",
			func(s string) ui.Tone { return tones[s] })))
	}
	return templ.Join(out...)
}

func stepTitles() map[string]string {
	out := map[string]string{}
	for _, s := range report.Process.Def().Steps {
		out[s.Name] = s.Title
	}
	return out
}

// getFigure shows a number with what is behind it.
func (h *Handler) getFigure(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || !id.Valid(r.PathValue("id")) {
		return absent()
	}
	x, err := h.room.GetFigure(r.Context(), web.Actor(r), r.PathValue("id"), n, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.page(r, report.Report{ID: x.Report, Title: x.Title}, "数字的来源")
	facts := []ui.Fact{{Term: x.Name, Text: x.Shown(), Big: true}, {Term: kit.Say(r, "地区"), Text: x.PlaceName},
		{Term: kit.Say(r, "种类"), Text: titled(r.Context(), measures(), x.Kind+"."+x.Measure)},
		{Term: kit.Say(r, "时间"), Text: x.When}, {Term: kit.Say(r, "数据截至"), Text: i18n.DateLong(kit.Lang(r), x.AsOf)},
		{Term: kit.Say(r, "取数时间"), Text: i18n.DateTime(kit.Lang(r), clock.Time(x.AtUs))},
		{Term: kit.Say(r, "来源"), Text: titled(r.Context(), origins(), x.Source.Kind)}}
	if x.Way != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "怎样得出"), Text: titled(r.Context(), report.Ways(), x.Way)})
	}
	if x.Counted != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "口径"),
			Text: ui.Words(kit.Say(r, x.Counted), kit.Say(r, x.Definition))})
	}
	if x.Opens {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "依据"), Text: kit.Say(r, "查看来源"), Href: x.Source.Href})
	}
	body := []templ.Component{ui.PageHead(ui.Head{Title: kit.Say(r, "数字的来源"), Lead: x.Title}), ui.FactList(facts)}
	switch {
	case x.Listed:
		body = append(body, h.rows(r, x))
	case !x.Opens:
		body = append(body, ui.Note(kit.Say(r, "这个数字没有可以公开的明细，以本页所列为准。")))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(body...)})
}

// origins say where figures come from.
func origins() []report.Choice {
	return []report.Choice{{Value: report.OfPoint, Title: "指标数据"}, {Value: report.OfTarget, Title: "下达的目标"},
		{Value: report.OfLight, Title: "目标完成情况"}, {Value: report.OfMeasure, Title: "系统记录"},
		{Value: report.OfLights, Title: "指标亮灯"}}
}

// rows lists the records behind a count, as they are now.
func (h *Handler) rows(r *http.Request, x report.Proof) templ.Component {
	title := kit.Say(r, "数字背后的记录")
	if len(x.Rows.Items) == 0 {
		return ui.With(ui.Block(title), ui.Note(kit.Say(r, "没有您可以查看的记录。")))
	}
	t := ui.Table{Caption: title, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "记录")}}}
	for _, row := range x.Rows.Items {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: row.Title, Href: row.Href}}})
	}
	return ui.With(ui.Block(title), ui.Note(kit.Say(r, "这里列出您可以查看的记录，按现在的状态。")), ui.DataTable(t),
		ui.Pager(web.Paging(r, x.Rows.Next, x.Rows.Prev, "")))
}
