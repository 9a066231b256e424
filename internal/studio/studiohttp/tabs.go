package studiohttp

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func unitPath(o *studio.Outcome, q url.Values, unit string) string {
	return withQuery(schemePath(o.Scheme.ID, "unit"), q, "unit", unit)
}

func cellPath(o *studio.Outcome, q url.Values, unit, code string) string {
	return withQuery(schemePath(o.Scheme.ID, "cell"), q, "unit", unit, "code", code)
}

// ranks is the ranking with its intervals and differences.
func (h *Handler) ranks(r *http.Request, o *studio.Outcome, x view, q url.Values) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("排名"), Dense: true, Cols: []ui.Column{{Label: say("单位")},
		{Label: say("位次"), Num: true}, {Label: say("得分"), Num: true}, {Label: say("位次区间（90%）")}}}
	if o.Saved > 0 {
		tab.Cols = append(tab.Cols, ui.Column{Label: say("比第 %d 版", o.Saved)})
	}
	tab.Cols = append(tab.Cols, ui.Column{Label: say("补缺"), Num: true})
	for _, u := range o.Rows {
		cells := []ui.Cell{{Text: u.Name, Href: unitPath(o, q, u.Unit)}, {Text: rankText(u.Rank)},
			{Text: score(u.Score), Href: cellPath(o, q, u.Unit, o.Root())}, spanCell(u, len(o.Rows))}
		if o.Saved > 0 {
			cells = append(cells, ui.Cell{Text: moved(r.Context(), u.Before, u.Rank)})
		}
		fill := ui.Cell{Text: kit.Number(u.Filled)}
		if u.Filled > 0 {
			fill.Href = unitPath(o, q, u.Unit) + "#cells"
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: append(cells, fill)})
	}
	parts := []templ.Component{h.spanNote(r, o, x, q), ui.ResultHead(ui.ResultBar{
		Exports: exports(r, o.Scheme.ID, q, "ranks")}), ui.DataTable(tab)}
	if len(o.Left) > 0 {
		left := ui.Table{Caption: say("未入选的单位"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("单位")},
			{Label: say("数据齐全率"), Num: true}, {Label: say("原因")}}}
		for _, l := range o.Left {
			left.Rows = append(left.Rows, ui.Row{Cells: []ui.Cell{{Text: o.NameOf(l.Unit)}, {Text: percentOf(l.Present)},
				{Text: say("低于要求的 %d%%", o.Choices.Screen)}}})
		}
		parts = append(parts, ui.DataTable(left))
	}
	return templ.Join(parts...)
}

func spanCell(u studio.RankRow, n int) ui.Cell {
	if u.Span == nil {
		return ui.Cell{Text: "—"}
	}
	text := spanText(*u.Span)
	return ui.Cell{Body: spanBar(text, u.Span.Low, u.Span.High, float64(u.Rank), float64(n))}
}

func spanText(s studio.RankSpan) string {
	low, high := math.Round(s.Low), math.Round(s.High)
	if low == high {
		return strconv.FormatFloat(low, 'f', 0, 64)
	}
	return strconv.FormatFloat(low, 'f', 0, 64) + "—" + strconv.FormatFloat(high, 'f', 0, 64)
}

// spanNote says what the intervals are made of, or how they come.
func (h *Handler) spanNote(r *http.Request, o *studio.Outcome, x view, q url.Values) templ.Component {
	switch {
	case o.Computed:
		return ui.Note(kit.Say(r, "位次区间：%d 个变体中有 90%% 落在其间；变动 %s；随机种子 %d。", o.Choices.Runs,
			variedText(r, o), o.Choices.Seed))
	case o.Choices.Runs < 2:
		return ui.Note(kit.Say(r, "没有算位次区间：变体数为 0。"))
	case len(o.Varied) == 0:
		return ui.Note(kit.Say(r, "没有位次区间：没有选要变动的选择。"))
	}
	return later(withQuery(schemePath(o.Scheme.ID, ""), q, "spans", "1", "tab", x.tab),
		kit.Say(r, "计算 %d 个变体的位次区间", o.Choices.Runs))
}

// groups is a heat table of the scores of groups.
func (h *Handler) groups(r *http.Request, o *studio.Outcome, q url.Values) templ.Component {
	heat := chart.Heat{Corner: kit.Say(r, "单位"), Format: func(v float64) string { return fixed(&v, 1) }}
	for _, g := range o.Groups {
		heat.Cols = append(heat.Cols, fmt.Sprintf("%s %s", g.Name, percentOf(g.Weight)))
	}
	for _, u := range o.Rows {
		heat.Rows = append(heat.Rows, rankText(u.Rank)+" "+u.Name)
		heat.RowHrefs = append(heat.RowHrefs, unitPath(o, q, u.Unit))
		var values []float64
		var links []string
		for k, v := range u.Groups {
			values, links = append(values, number(v)), append(links, cellPath(o, q, u.Unit, o.Groups[k].Code))
		}
		heat.Values, heat.Hrefs = append(heat.Values, values), append(heat.Hrefs, links)
	}
	if len(o.Groups) == 0 {
		return ui.Note(kit.Say(r, "这个指标树没有分组。"))
	}
	return templ.Join(ui.ResultHead(ui.ResultBar{Count: kit.Say(r, "分组后的百分数是它在总指数中的权重；颜色按分位数深浅"),
		Exports: exports(r, o.Scheme.ID, q, "groups")}), chart.HeatTable(kit.Say(r, "分组得分"), heat))
}

func number(v *float64) float64 {
	if v == nil {
		return chart.Missing()
	}
	return *v
}

// checks shows whether the index hangs together.
func (h *Handler) checks(
	r *http.Request, o *studio.Outcome, in studio.Ask, q url.Values,
) (templ.Component, error) {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	group := r.FormValue("group")
	_, c, err := h.studio.GetChecks(r.Context(), web.Actor(r), o.Scheme.ID, group, in)
	if err != nil {
		return nil, err
	}
	x := o.Content()
	heat := chart.Heat{Corner: say("相关系数"), Format: func(v float64) string { return fixed(&v, 2) }}
	for i, code := range c.Codes {
		heat.Rows, heat.Cols = append(heat.Rows, x.NameOf(code)), append(heat.Cols, kit.Number(int64(i+1)))
		heat.Rows[i] = fmt.Sprintf("%d %s", i+1, heat.Rows[i])
		var row []float64
		for _, v := range c.Matrix[i] {
			row = append(row, number(v))
		}
		heat.Values = append(heat.Values, row)
	}
	name := say("总指数")
	if group != "" {
		name = x.NameOf(group)
	}
	alphas := ui.Table{Caption: say("内部一致性"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("分组")},
		{Label: say("项数"), Num: true}, {Label: say("克隆巴赫系数"), Num: true}, {Label: say("判断")}}}
	for _, a := range c.Alphas {
		alphas.Rows = append(alphas.Rows, ui.Row{Cells: []ui.Cell{{Text: x.NameOf(a.Code),
			Href: withQuery(schemePath(o.Scheme.ID, ""), q, "tab", "checks", "group", a.Code)},
			{Text: kit.Number(a.Items)}, {Text: fixed(a.Alpha, 3)}, {Text: alphaWord(r, a.Alpha)}}})
	}
	parts := []templ.Component{ui.With(chart.Figure(chart.Frame{ID: "correlations",
		Title:  say("“%s”下各项的相关系数", name),
		Source: say("皮尔逊相关系数，按标准化后的得分；负相关的两项会互相抵消")}),
		chart.HeatTable(say("相关系数"), heat)), ui.ResultHead(ui.ResultBar{Exports: exports(r, o.Scheme.ID,
		cloned(q, "group", group), "correlations")}), ui.DataTable(alphas),
		ui.ResultHead(ui.ResultBar{Exports: exports(r, o.Scheme.ID, q, "alphas")})}
	for _, j := range c.Judged {
		parts = append(parts, ui.Note(ui.Words(x.NameOf(j.Code), consistency(r, j))))
	}
	return templ.Join(append(parts, h.weightTable(r, o, c, q), h.treatedTable(r, o, q))...), nil
}

func alphaWord(r *http.Request, a *float64) string {
	switch {
	case a == nil:
		return "—"
	case *a < 0:
		return kit.Say(r, "有指标与其他指标相反")
	case *a < 0.6:
		return kit.Say(r, "偏低：各项测的不是一回事")
	case *a > 0.95:
		return kit.Say(r, "很高：可能重复")
	}
	return kit.Say(r, "可以接受")
}

func (h *Handler) weightTable(
	r *http.Request, o *studio.Outcome, c studio.Checks, q url.Values,
) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("有效权重"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("名称")},
		{Label: say("上级")}, {Label: say("组内权重"), Num: true}, {Label: say("有效权重"), Num: true},
		{Label: say("与总指数的相关系数"), Num: true}}}
	for _, w := range c.Weights {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Content().NameOf(w.Code), Sub: w.Code},
			{Text: o.Content().NameOf(w.Parent)}, {Text: percentOf(w.Weight)}, {Text: percentOf(w.Effective)},
			{Text: fixed(w.With, 2)}}})
	}
	return templ.Join(ui.ResultHead(ui.ResultBar{Exports: exports(r, o.Scheme.ID, q, "weights")}), ui.DataTable(tab))
}

// treatedTable says what was done about outliers.
func (h *Handler) treatedTable(r *http.Request, o *studio.Outcome, q url.Values) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	if len(o.Treated) == 0 {
		return ui.Note(say("没有指标需要处理离群值。"))
	}
	tab := ui.Table{Caption: say("离群值处理"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("指标")},
		{Label: say("偏度"), Num: true}, {Label: say("峰度"), Num: true}, {Label: say("怎样处理")},
		{Label: say("处理后偏度"), Num: true}, {Label: say("处理后峰度"), Num: true}}}
	for _, t := range o.Treated {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Content().NameOf(t.Code), Sub: t.Code},
			{Text: fixed(t.Skew, 2)}, {Text: fixed(t.Kurt, 2)}, {Text: treatedText(r, o, t)},
			{Text: fixed(t.SkewAfter, 2)}, {Text: fixed(t.KurtAfter, 2)}}})
	}
	return templ.Join(ui.ResultHead(ui.ResultBar{Exports: exports(r, o.Scheme.ID, q, "treated")}), ui.DataTable(tab))
}

func treatedText(r *http.Request, o *studio.Outcome, t studio.TreatedBy) string {
	out := ""
	if t.Transform != "" {
		out = transformWord(r, t.Transform)
	} else if len(t.Points) > 0 {
		names := ""
		for i, u := range t.Points {
			if i > 0 {
				names += "、"
			}
			names += o.NameOf(u)
		}
		out = kit.Say(r, "缩尾：%s", names)
	}
	if !t.Pass {
		out = ui.Words(out, kit.Say(r, "仍超过限值"))
	}
	return out
}

func transformWord(r *http.Request, name string) string {
	switch name {
	case "log", "logShifted":
		return kit.Say(r, "取对数")
	case "sqrt":
		return kit.Say(r, "开方")
	}
	return kit.Say(r, "Box–Cox 变换")
}

// sense shows the studies of what the ranks depend on.
func (h *Handler) sense(r *http.Request, d studio.SchemeDetail, o *studio.Outcome) (templ.Component, error) {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	list, err := h.studio.ListStudies(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.Note(say("敏感性分析把位次变动的方差分给各项选择：单独的部分，和连同与其他选择交互的部分（索博尔指数）。它针对保存的一版，由后台计算。"))}
	if studio.SchemePolicy.MaySee(web.Actor(r), studio.ActSchemeMake, d.Scheme) && d.Edition > 0 {
		parts = append(parts, ui.PostButton(ui.Post{Action: schemePath(d.ID, "study"),
			Hidden: []ui.Hidden{{Name: "n", Value: kit.Number(o.Saved)}, {Name: "key", Value: id.New()}},
			Button: ui.Action{Text: say("分析第 %d 版", o.Saved)}}))
	}
	if len(list) == 0 {
		return templ.Join(append(parts, ui.Empty(say("还没有分析"), say("保存一版后可以分析。")))...), nil
	}
	shown := false
	tab := ui.Table{Caption: say("分析记录"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("时间")},
		{Label: say("版次")}, {Label: say("变体数"), Num: true}, {Label: say("状态")}, {Label: say("发起人")}}}
	for _, s := range list {
		m := studyMark(r, s.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Moment(r, s.AtUs), Href: kit.Join(pathStudies,
			s.ID, "")}, {Text: say("第 %d 版", s.N)}, {Text: kit.Number(s.Variants)}, {Status: &m}, {Text: web.Who(r, s.Login)}}})
		if s.State == studio.StudyDone && !shown {
			shown = true
			parts = append(parts, h.influences(r, o, s))
		}
	}
	return templ.Join(append(parts, ui.DataTable(tab))...), nil
}

func studyMark(r *http.Request, state string) ui.State {
	switch state {
	case studio.StudyDone:
		return ui.State{Tone: ui.OK, Text: kit.Say(r, "已完成")}
	case studio.StudyFailed:
		return ui.State{Tone: ui.Bad, Text: kit.Say(r, "未完成")}
	case studio.StudyCancelled:
		return ui.State{Text: kit.Say(r, "已取消")}
	}
	return ui.State{Tone: ui.Run, Text: kit.Say(r, "计算中")}
}

// influences draws how much each choice does.
func (h *Handler) influences(r *http.Request, o *studio.Outcome, s studio.Study) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("位次取决于什么（第 %d 版）", s.N), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say("选择")}, {Label: say("单独的部分"), Num: true}, {Label: say("连同交互"), Num: true}}}
	var bars []chart.Bar
	for _, f := range s.Result {
		name := factorName(r, o, f.Factor)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: fixed(&f.First, 2)},
			{Text: fixed(&f.Total, 2)}}})
		bars = append(bars, chart.Bar{Name: name, Share: min(max(f.Total, 0), 1) * 100, Text: fixed(&f.Total, 2)})
	}
	return templ.Join(ui.With(chart.Figure(chart.Frame{ID: "sense", Title: say("位次变动主要由哪项选择引起"),
		Source: say("%d 个变体 · 估计值，样本小时可能略低于 0 或高于 1", s.Variants)}),
		chart.BarTable(say("选择"), say("连同交互"), bars)), ui.DataTable(tab))
}

// record shows the editions of a scheme and its history.
func (h *Handler) record(r *http.Request, d studio.SchemeDetail) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("版本"), Visible: true, Cols: []ui.Column{{Label: say("版次")}, {Label: say("数据版本")},
		{Label: say("说明")}, {Label: say("时间")}, {Label: say("编制人")}, {Label: say("复算")}}}
	for _, e := range d.Editions {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: say("第 %d 版", e.N), Href: schemePath(d.ID, "") +
			"?n=" + kit.Number(e.N)}, {Text: say("第 %d 版", e.DataN), Href: datasetPath(d.Dataset, "") + "?edition=" +
			kit.Number(e.DataN)}, {Text: ui.OrDash(e.Note)}, {Text: kit.Moment(r, e.AtUs)}, {Text: web.Who(r, e.Login)},
			{Text: say("复算核对"), Href: schemePath(d.ID, "verify") + "?n=" + kit.Number(e.N)}}})
	}
	parts := []templ.Component{}
	if d.Purpose != "" {
		parts = append(parts, ui.With(ui.Prose(), kit.Paragraphs([]string{d.Purpose})))
	}
	if len(d.Editions) == 0 {
		parts = append(parts, ui.Empty(say("还没有保存过"), say("选好左边的各项后，保存这一版。")))
	} else {
		parts = append(parts, ui.DataTable(tab))
	}
	return templ.Join(append(parts, ui.With(ui.Block(say("时间线")), kit.Timeline(r, d.History,
		kit.Titles(studio.SchemeProcess), "新建", func(s string) ui.Tone { return tones[s] })))...)
}
