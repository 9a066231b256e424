package studiohttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// unitOf computes the outcome that the address asks for, and the profile of its unit.
func (h *Handler) unitOf(
	r *http.Request, d studio.SchemeDetail,
) (*studio.Outcome, studio.Profile, studio.Ask, url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, studio.Profile{}, studio.Ask{}, nil, kit.BadForm(err)
	}
	in, x, err := h.asked(r, d)
	if err != nil {
		return nil, studio.Profile{}, in, nil, err
	}
	o, p, err := h.studio.GetUnit(r.Context(), web.Actor(r), d.ID, r.FormValue("unit"), in)
	if err != nil {
		return nil, p, in, nil, err
	}
	return o, p, in, query(o, x), nil
}

// getUnit is the profile of a unit: what it is strong and weak in, how its numbers were made, and what if.
func (h *Handler) getUnit(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	o, p, in, q, err := h.unitOf(r, d)
	if err != nil {
		return err
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	stats := []chart.KeyFigure{{Name: say("位次"), Value: rankText(p.Row.Rank), Unit: say("共 %d 个", len(o.Rows)),
		Href: withQuery(schemePath(o.Scheme.ID, ""), q)},
		{Name: say("得分"), Value: score(p.Row.Score), Href: cellPath(o, q, p.Row.Unit, o.Root())}}
	if p.Row.Span != nil {
		stats = append(stats, chart.KeyFigure{Name: say("位次区间（90%）"), Value: spanText(*p.Row.Span),
			Href:  withQuery(schemePath(o.Scheme.ID, ""), q),
			Delta: say("第一的变体占 %s", percentOf(p.Row.Span.First))})
	}
	if o.Saved > 0 && o.Changed {
		stats = append(stats, chart.KeyFigure{Name: say("比第 %d 版", o.Saved), Value: moved(r.Context(), p.Row.Before,
			p.Row.Rank)})
	}
	page := h.schemePage(r, d, p.Row.Name)
	page.Crumbs[1].Href = withQuery(schemePath(d.ID, ""), q)
	body := []templ.Component{ui.PageHead(ui.Head{Title: p.Row.Name, Lead: ui.Words(d.Title, d.Data.Title)})}
	body = append(body, h.standing(r, d.Data)...)
	body = append(body, chart.Stats(stats), h.edges(r, o, p, q), h.groupTable(r, o, p, q), h.cellTable(r, o, p, q),
		h.whatIf(r, d, o, p, in, q))
	return h.Web.Render(w, r, web.View{Page: page, Body: templ.Join(body...)})
}

// edgesShown is how many strengths and weaknesses are listed.
const edgesShown = 5

// edges are the indicators by which the unit stands above and below the others most.
func (h *Handler) edges(r *http.Request, o *studio.Outcome, p studio.Profile, q url.Values) templ.Component {
	list := slices.DeleteFunc(slices.Clone(p.Cells), func(c studio.CellSteps) bool { return c.Edge == nil })
	slices.SortStableFunc(list, func(a, b studio.CellSteps) int {
		switch {
		case *a.Edge > *b.Edge:
			return -1
		case *a.Edge < *b.Edge:
			return 1
		}
		return 0
	})
	most := 0.0
	for _, c := range list {
		most = max(most, abs(*c.Edge))
	}
	bars := func(up bool) []chart.Bar {
		var out []chart.Bar
		for i := range list {
			c := list[i]
			if !up {
				c = list[len(list)-1-i]
			}
			if len(out) == edgesShown || up && *c.Edge <= 0 || !up && *c.Edge >= 0 {
				break
			}
			b := chart.Bar{Name: c.Name, Href: cellPath(o, q, p.Row.Unit, c.Code), Text: signed(c.Edge)}
			if most > 0 {
				b.Share = abs(*c.Edge) / most * 100
			}
			if !up {
				b.Tone = "mute"
			}
			out = append(out, b)
		}
		return out
	}
	say := func(zh string) string { return kit.Say(r, zh) }
	side := func(id, title string, up bool) templ.Component {
		inner := chart.BarTable(say("指标"), say("比平均多得的分"), bars(up))
		return ui.With(chart.Figure(chart.Frame{ID: id, Title: say(title), Unit: say("分"),
			Source: say("（得分 − 平均得分）× 有效权重")}), inner)
	}
	return ui.With(charts(), side("strong", "强在哪里", true), side("weak", "弱在哪里", false))
}

func (h *Handler) groupTable(r *http.Request, o *studio.Outcome, p studio.Profile, q url.Values) templ.Component {
	say := func(zh string) string { return kit.Say(r, zh) }
	tab := ui.Table{Caption: say("分组得分"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("分组")},
		{Label: say("得分"), Num: true}, {Label: say("位次"), Num: true}, {Label: say("有效权重"), Num: true},
		{Label: say("贡献"), Num: true}, {Label: say("合成方法")}}}
	for _, g := range p.Groups {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: g.Name, Href: cellPath(o, q, p.Row.Unit, g.Code)},
			{Text: score(g.Score)}, {Text: rankText(g.Rank)}, {Text: percentOf(g.Weight)}, {Text: fixed(g.Part, 2)},
			{Text: titled(r.Context(), studio.Means(), g.Mean)}}})
	}
	return ui.DataTable(tab)
}

// cellTable shows the steps of every number of the unit.
func (h *Handler) cellTable(r *http.Request, o *studio.Outcome, p studio.Profile, q url.Values) templ.Component {
	say := func(zh string) string { return kit.Say(r, zh) }
	tab := ui.Table{Caption: say("每项指标怎样算出来"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say("指标")}, {Label: say("原值"), Num: true}, {Label: say("补缺后"), Num: true},
		{Label: say("处理后"), Num: true}, {Label: say("标准化得分"), Num: true}, {Label: say("位次"), Num: true},
		{Label: say("有效权重"), Num: true}, {Label: say("贡献"), Num: true}}}
	for _, c := range p.Cells {
		raw := ui.Cell{Text: dashed(r, c.Raw)}
		present := ui.Cell{Text: figure(c.Present)}
		if c.Filled {
			present.Tags = []string{say("补缺")}
		}
		treated := ui.Cell{Text: figure(c.Treated)}
		if c.Drawn {
			treated.Tags = []string{say("缩尾")}
		} else if c.Transform != "" {
			treated.Tags = []string{transformWord(r, c.Transform)}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Name,
			Sub: ui.Words(o.Content().NameOf(c.Group), c.Unit), Href: cellPath(o, q, p.Row.Unit, c.Code)},
			raw, present, treated, {Text: score(c.Score)}, {Text: rankText(c.Rank)},
			{Text: percentOf(c.Effective)}, {Text: fixed(c.Part, 2)}}})
	}
	parts := []templ.Component{anchor("cells"), ui.ResultHead(ui.ResultBar{Exports: exports(r, o.Scheme.ID,
		url.Values(cloned(q, "unit", p.Row.Unit)), "unit")}), ui.DataTable(tab)}
	if !p.Sum {
		parts = append(parts, ui.Note(say("合成不全是算术平均，或有缺失的得分，贡献不能简单相加。")))
	}
	return templ.Join(parts...)
}

func cloned(q url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, list := range q {
		out[name] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// whatIf asks and answers which rank the unit would have.
func (h *Handler) whatIf(
	r *http.Request, d studio.SchemeDetail, o *studio.Outcome, p studio.Profile, in studio.Ask, q url.Values,
) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	asked := studio.WhatIf{Unit: p.Row.Unit, Code: r.FormValue("if"), Value: r.FormValue("value"),
		Rank: kit.Whole(r.FormValue("rank"))}
	if asked.Value != "" {
		asked.Rank = 0
	}
	var answer templ.Component = templ.NopComponent
	var err error
	if asked.Code != "" {
		var a studio.WhatIfAnswer
		if a, err = h.studio.AskWhatIf(r.Context(), web.Actor(r), d.ID, in, asked); err == nil {
			answer = h.answer(r, o, a)
		} else if !fault.Is(err, fault.Invalid) {
			err = fault.Fields(fault.At("value", "这个设想无法计算"))
		}
	}
	pick := ui.Input{Kind: ui.InSelect, Name: "if", Label: say("指标"), Value: asked.Code}
	for _, c := range p.Cells {
		pick.Options = append(pick.Options, ui.Option{Value: c.Code, Text: ui.Words(c.Name, dashed(r, c.Raw)+" "+c.Unit),
			Group: o.Content().NameOf(c.Group)})
	}
	inputs := []ui.Input{pick, {Kind: ui.InNumber, Name: "value", Label: say("如果达到"), Value: asked.Value,
		Optional: true, Width: ui.W10, InputMode: "decimal"}, {Kind: ui.InNumber, Name: "rank",
		Label: say("或者，想达到的位次"), Value: kit.Blank(max(asked.Rank, 0)), Optional: true, Width: ui.W6, InputMode: "numeric"}}
	renamed := err
	if e, ok := fault.As(err); ok {
		for i := range e.Fields {
			if e.Fields[i].Name == "code" {
				e.Fields[i].Name = "if"
			}
		}
		renamed = e
	}
	ui.Mark(kit.Lang(r), inputs, renamed)
	view := ui.FormView{ID: "whatif", Get: true, Action: schemePath(d.ID, "unit") + "#whatif", Plain: true,
		Summary: ui.SummaryOf(kit.Lang(r), renamed), Buttons: []ui.Action{{Text: say("算一算"), Primary: true}}}
	for name, list := range cloned(q, "unit", p.Row.Unit) {
		for _, v := range list {
			view.Hidden = append(view.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	slices.SortFunc(view.Hidden, func(a, b ui.Hidden) int {
		if a.Name+a.Value < b.Name+b.Value {
			return -1
		}
		return 1
	})
	return ui.With(ui.Block(say("如果这项指标变了")), ui.Note(say("其他单位和其他指标都不变；最小值、平均数等随之重算。")),
		ui.With(ui.Stack(), ui.With(ui.Form(view), kit.Fields(inputs)), answer))
}

// answer says what would become of the unit, and why.
func (h *Handler) answer(r *http.Request, o *studio.Outcome, a studio.WhatIfAnswer) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	name := o.Content().NameOf(a.Code)
	if a.Value == "" && !a.Found {
		return ui.Banner(ui.Warn, say("只靠“%s”达不到第 %d 位：试到 %s 也不够。", name, a.Rank, figure(a.Limit)))
	}
	if a.Value == "" && a.Now <= a.Rank {
		return ui.Banner(ui.OK, say("现在就是第 %d 位，已经达到。", a.Now))
	}
	text := say("“%s”从 %s 到 %s：第 %d 位 → 第 %d 位，得分 %s。", name, dashed(r, a.From), a.Value, a.Now, a.Then,
		signed(a.By))
	if a.Value == "" {
		text = say("要到第 %d 位，“%s”至少从 %s 到 %s；得分 %s。", a.Then, name, a.From, figure(a.Needed), signed(a.By))
	}
	tab := ui.Table{Caption: say("因此易位的单位"), Visible: true, Dense: true, Plain: true, Cols: []ui.Column{
		{Label: say("单位")}, {Label: say("现在"), Num: true}, {Label: say("那时"), Num: true}}}
	for _, x := range a.Passed {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name}, {Text: rankText(x.Now)},
			{Text: rankText(x.Then)}}})
	}
	why := ui.Table{Caption: say("得分变化来自"), Visible: true, Dense: true, Plain: true, Cols: []ui.Column{
		{Label: say("分组")}, {Label: say("分"), Num: true}}}
	for _, g := range a.Groups {
		why.Rows = append(why.Rows, ui.Row{Cells: []ui.Cell{{Text: g.Name}, {Text: signed(g.By)}}})
	}
	parts := []templ.Component{ui.Banner(ui.Run, text), ui.DataTable(why)}
	if len(a.Passed) > 0 {
		parts = append(parts, ui.DataTable(tab))
	}
	return templ.Join(parts...)
}
