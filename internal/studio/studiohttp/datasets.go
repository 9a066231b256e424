package studiohttp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func whole(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.FormValue(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (h *Handler) datasetOf(r *http.Request) (studio.DatasetDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return studio.DatasetDetail{}, absent()
	}
	return h.studio.GetDataset(r.Context(), web.Actor(r), r.PathValue("id"), whole(r, "edition"))
}

func (h *Handler) datasetPage(r *http.Request, d studio.DatasetDetail, last string) ui.Page {
	return h.Sub(r, "指数工作室", pathHome, d.Title, datasetPath(d.ID, ""), last)
}

// getDataset shows one edition of a dataset.
func (h *Handler) getDataset(w http.ResponseWriter, r *http.Request) error {
	d, err := h.datasetOf(r)
	if err != nil {
		return err
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	at := "?edition=" + kit.Number(d.Shown.N)
	head := ui.Head{Title: d.Title, ID: d.Code, Lead: ui.Words(titled(r.Context(), studio.Standings(), d.Standing),
		d.Source, say("第 %d 版", d.Shown.N)), Actions: []ui.Action{
		{Text: say("导出数据"), Href: datasetPath(d.ID, "export") + at + "&what=values&format=xlsx"},
		{Text: say("导出指标树"), Href: datasetPath(d.ID, "export") + at + "&what=tree&format=xlsx"}}}
	if studio.DatasetPolicy.MaySee(web.Actor(r), studio.ActDatasetMake, d.Dataset) {
		head.Actions = append(head.Actions, ui.Action{Text: say("编辑"), Href: datasetPath(d.ID, "edit")},
			ui.Action{Text: say("更正数据"), Href: datasetPath(d.ID, "revise")},
			ui.Action{Text: say("新建方案"), Href: pathSchemes + "/new?dataset=" + d.ID, Primary: true})
	}
	parts := h.standing(r, d.Dataset)
	if code := r.FormValue("code"); code != "" {
		one, err := h.column(r, d, code)
		if err != nil {
			return err
		}
		parts = append(parts, one)
	}
	parts = append(parts, ui.DataTable(columnTable(r, d)), takenTable(r, d.Content), ui.DataTable(editionTable(r, d)))
	facts := []ui.Fact{{Term: say("体系"), Text: titled(r.Context(), studio.Standings(), d.Standing)},
		{Term: say("单位"), Text: say("%s，%d 个", titled(r.Context(), studio.UnitKinds(), d.Kind), d.Shown.Units)},
		{Term: say("数据年份"), Text: kit.Number(d.DataYear)}, {Term: say("报告年份"), Text: kit.Number(d.ReportYear)},
		{Term: say("指标"), Text: say("%d 项", d.Shown.Indicators)},
		{Term: say("缺失"), Text: say("%d 个数据", d.Shown.Missing)},
		{Term: say("来源"), Text: d.Source},
		{Term: say("说明"), Text: d.Note}, {Term: say("编号"), CopyID: d.Code},
		{Term: say("方案"), Text: say("用它的方案"), Href: pathHome + "?dataset=" + d.ID}}
	if len(d.Content.Left) > 0 {
		facts = append(facts, ui.Fact{Term: say("没有数值而未纳入的指标"), Text: strings.Join(d.Content.Left, say("、"))})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(say("关键信息"), facts)), parts...))
	return h.Web.Render(w, r, web.View{Page: h.datasetPage(r, d, ""), Body: body})
}

// standing warns of a set of indicators that is not the publisher's own.
func (h *Handler) standing(r *http.Request, d studio.Dataset) []templ.Component {
	if d.Standing != "reference" {
		return nil
	}
	return []templ.Component{ui.Banner(ui.Warn, kit.Say(r, "参照体系（非官方）：位次只供内部分析，不是任何机构发布的排名。"))}
}

func columnTable(r *http.Request, d studio.DatasetDetail) ui.Table {
	say := func(zh string) string { return kit.Say(r, zh) }
	tab := ui.Table{Caption: say("指标树"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("名称")},
		{Label: say("上级")}, {Label: say("方向")}, {Label: say("权重"), Num: true}, {Label: say("缺失"), Num: true},
		{Label: say("最小"), Num: true}, {Label: say("平均"), Num: true}, {Label: say("最大"), Num: true}}}
	for _, c := range d.Columns {
		if c.Level > 1 {
			tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Name, Sub: c.Code},
				{Text: ui.OrDash(d.Content.NameOf(c.Group))}, {Text: say("分组")}, {Text: studio.Plain(c.Weight)}, {}, {}, {}, {}}})
			continue
		}
		way := say("正向")
		if c.Down {
			way = say("逆向")
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Name, Sub: ui.Words(c.Code, c.Unit),
			Href: withQuery(datasetPath(d.ID, ""), nil, "edition", kit.Number(d.Shown.N), "code", c.Code)},
			{Text: d.Content.NameOf(c.Group)}, {Text: way}, {Text: studio.Plain(c.Weight)},
			{Text: kit.Number(c.Missing)}, {Text: figure(c.Least)}, {Text: figure(c.Mean)}, {Text: figure(c.Most)}}})
	}
	return tab
}

// takenTable says which values are of other years, and of which; nothing where there are none.
func takenTable(r *http.Request, c studio.Content) templ.Component {
	if len(c.Taken) == 0 {
		return templ.NopComponent
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	shown := c.Taken[:min(len(c.Taken), studio.MaxCellsShown)]
	tab := ui.Table{Caption: say("由其他年份补入的数值：%d 个", len(c.Taken)), Visible: true, Dense: true,
		Cols: []ui.Column{{Label: say("单位")}, {Label: say("指标")}, {Label: say("数值"), Num: true}, {Label: say("取自")}}}
	if len(shown) < len(c.Taken) {
		tab.Caption = say("由其他年份补入的数值：%d 个，列出前 %d 个", len(c.Taken), len(shown))
	}
	for _, x := range shown {
		name, value := c.TakenCell(x)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: c.NameOf(x.Code)}, {Text: value},
			{Text: say("%s 年", x.From)}}})
	}
	return ui.DataTable(tab)
}

// column shows all values of an indicator, the greatest first.
func (h *Handler) column(r *http.Request, d studio.DatasetDetail, code string) (templ.Component, error) {
	k := slices.Index(d.Content.Codes, code)
	if k < 0 {
		return nil, absent()
	}
	unit := ""
	for _, c := range d.Columns {
		if c.Code == code {
			unit = c.Unit
		}
	}
	most := 0.0
	type line struct {
		bar   chart.Bar
		value float64
	}
	var rows []line
	for i, u := range d.Content.Units {
		text := d.Content.Values[i][k]
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			v = -1e300
		} else {
			most = max(most, v)
		}
		rows = append(rows, line{chart.Bar{Name: u.Name, Text: text}, v})
	}
	slices.SortStableFunc(rows, func(a, b line) int {
		switch {
		case a.value > b.value:
			return -1
		case a.value < b.value:
			return 1
		}
		return 0
	})
	var bars []chart.Bar
	for _, x := range rows {
		if most > 0 && x.value > 0 {
			x.bar.Share = x.value / most * 100
		}
		bars = append(bars, x.bar)
	}
	name := d.Content.NameOf(code)
	return ui.With(chart.Figure(chart.Frame{ID: "column", Title: name, Unit: unit,
		Source: kit.Say(r, "来源：%s · 数据年份 %d", d.Source, d.DataYear)}),
		chart.BarTable(kit.Say(r, "单位"), name, bars)), nil
}

func editionTable(r *http.Request, d studio.DatasetDetail) ui.Table {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("版本"), Visible: true, Cols: []ui.Column{{Label: say("版次")}, {Label: say("更正原因")},
		{Label: say("来源")}, {Label: say("缺失"), Num: true}, {Label: say("时间")}, {Label: say("编制人")}, {Label: say("比较")}}}
	for _, e := range d.Editions {
		cells := []ui.Cell{{Text: say("第 %d 版", e.N), Href: datasetPath(d.ID, "") + "?edition=" + kit.Number(e.N),
			Sub: e.Hash[:min(12, len(e.Hash))]}, {Text: ui.OrDash(e.Reason)},
			{Text: titled(r.Context(), studio.Origins(), e.Origin)}, {Text: kit.Number(e.Missing)},
			{Text: kit.Moment(r, e.AtUs)}, {Text: web.Who(r, e.Login)}, {Text: "—"}}
		if e.N > 1 {
			cells[6] = ui.Cell{Text: say("与第 %d 版比较", e.N-1), Href: datasetPath(d.ID, "compare") + "?a=" +
				kit.Number(e.N-1) + "&b=" + kit.Number(e.N)}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: cells})
	}
	return tab
}

func (h *Handler) getDatasetPart(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("part") == "compare" {
		return h.getCompare(w, r)
	}
	d, err := h.datasetOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		return h.showDatasetEdit(w, r, d, d.DatasetData, nil)
	case "revise":
		return h.getRevise(w, r, d)
	case "export":
		return h.exportDataset(w, r, d)
	}
	return absent()
}

func datasetInputs(r *http.Request, d studio.DatasetData) []ui.Input {
	say := func(zh string) string { return kit.Say(r, zh) }
	return []ui.Input{{Name: "title", Label: say("名称"), Value: d.Title, MaxLen: studio.MaxTitle},
		{Kind: ui.InSelect, Name: "standing", Label: say("体系"), Value: d.Standing, Width: ui.W18,
			Options: options(r.Context(), studio.Standings()), Hint: say("不是发布机构自己的指标与权重时，选参照体系（非官方）")},
		{Kind: ui.InSelect, Name: "kind", Label: say("单位类别"), Value: d.Kind, Width: ui.W14,
			Options: options(r.Context(), studio.UnitKinds())},
		{Name: "source", Label: say("来源"), Value: d.Source, MaxLen: studio.MaxLine, Hint: say("年鉴、报告或单位的名称")},
		{Kind: ui.InNumber, Name: "dataYear", Label: say("数据年份"), Value: kit.Blank(d.DataYear), Width: ui.W6,
			InputMode: "numeric"},
		{Kind: ui.InNumber, Name: "reportYear", Label: say("报告年份"), Value: kit.Blank(d.ReportYear), Width: ui.W6,
			InputMode: "numeric", Hint: say("通常晚于数据年份")},
		{Kind: ui.InArea, Name: "note", Label: say("说明"), Value: d.Note, Optional: true, Rows: 3,
			MaxLen: studio.MaxProse}}
}

func readDataset(r *http.Request) studio.DatasetData {
	v := r.PostForm
	return studio.DatasetData{Title: v.Get("title"), Standing: v.Get("standing"), Kind: v.Get("kind"),
		Source: v.Get("source"), DataYear: kit.Whole(v.Get("dataYear")), ReportYear: kit.Whole(v.Get("reportYear")),
		Note: v.Get("note")}
}

func (h *Handler) showDatasetEdit(
	w http.ResponseWriter, r *http.Request, d studio.DatasetDetail, data studio.DatasetData, err error,
) error {
	if perr := studio.DatasetPolicy.May(web.Actor(r), studio.ActDatasetMake, d.Dataset); perr != nil {
		return perr
	}
	in := datasetInputs(r, data)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{Action: datasetPath(d.ID, "edit"), Version: kit.Number(d.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: datasetPath(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.datasetPage(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postDatasetEdit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.datasetOf(r)
	if err != nil {
		return err
	}
	data := readDataset(r)
	_, err = h.studio.UpdateDataset(r.Context(), web.Actor(r), studio.DatasetUpdate{ID: d.ID, DatasetData: data,
		Version: web.VersionOf(r)})
	if again(err) {
		return h.showDatasetEdit(w, r, d, data, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, datasetPath(d.ID, ""), "已保存")
}

// getCompare shows what a correction changed.
func (h *Handler) getCompare(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	a, b := whole(r, "a"), whole(r, "b")
	c, err := h.studio.CompareEditions(r.Context(), web.Actor(r), r.PathValue("id"), r.FormValue("scheme"), a, b)
	if err != nil {
		if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
			return fault.New(fault.Conflict, "两版数据不能用同一组选择计算，请换一个方案比较").Wrap(err)
		}
		return err
	}
	if r.FormValue("format") != "" {
		return h.exportCompared(w, r, c)
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	p := h.Sub(r, "指数工作室", pathHome, c.Dataset.Title, datasetPath(c.Dataset.ID, ""), "版本比较")
	parts := []templ.Component{ui.PageHead(ui.Head{Title: say("第 %d 版与第 %d 版", c.A, c.B),
		Lead: ui.Words(c.Dataset.Title, c.Reason)})}
	if c.Tree {
		parts = append(parts, ui.Banner(ui.Warn, say("两版的指标树不同，位次变动也来自指标和权重的变动。")))
	}
	cells := ui.Table{Caption: say("改动的数据：%d 个", c.Changed), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say("单位")}, {Label: say("指标")}, {Label: say("原值"), Num: true}, {Label: say("新值"), Num: true}}}
	for _, x := range c.Cells {
		cells.Rows = append(cells.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name}, {Text: x.Title},
			{Text: dashed(r, x.Before)}, {Text: dashed(r, x.After)}}})
	}
	file := func(what string) templ.Component {
		return ui.ResultHead(ui.ResultBar{Exports: []ui.Link{{Text: "Excel", Href: withQuery(datasetPath(c.Dataset.ID,
			"compare"), r.Form, "what", what, "format", "xlsx")}}})
	}
	parts = append(parts, file("moved"), ui.DataTable(movedTable(r, c)), file("cells"), ui.DataTable(cells))
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

func dashed(r *http.Request, v string) string {
	if v == "" {
		return kit.Say(r, "未报")
	}
	return v
}

func movedTable(r *http.Request, c studio.Comparison) ui.Table {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("位次变动"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("单位")},
		{Label: say("原位次"), Num: true}, {Label: say("新位次"), Num: true}, {Label: say("变动")},
		{Label: say("得分变化"), Num: true}, {Label: say("原因")}}}
	for _, x := range c.Moved {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name}, {Text: rankText(x.Before)},
			{Text: rankText(x.After)}, {Text: moved(r.Context(), x.Before, x.After)}, {Text: signed(x.By)},
			{Text: whyMoved(r, x)}}})
	}
	return tab
}

// whyMoved says in words why a unit moved: its own values, or those of others.
func whyMoved(r *http.Request, x studio.MovedUnit) string {
	var most *studio.GroupBy
	for i, g := range x.Parts {
		if g.By != nil && (most == nil || abs(*g.By) > abs(*most.By)) {
			most = &x.Parts[i]
		}
	}
	out := kit.Say(r, "自身数据未改，因其他单位的数据变动")
	switch {
	case x.Own > 0:
		out = kit.Say(r, "自身改动 %d 个数据", x.Own)
	case x.Before == x.After && (x.By == nil || abs(*x.By) < 0.005):
		return "—"
	}
	if most != nil && abs(*most.By) >= 0.005 {
		out = ui.Words(out, kit.Say(r, "主要在“%s”（%s 分）", most.Name, signed(most.By)))
	}
	return out
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}
