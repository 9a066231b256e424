package studiohttp

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// panelForm is what was typed in one of the forms of a panel, to show it again.
type panelForm struct {
	which    string // judge, invite, import, weigh or save
	pairs    map[string]string
	logins   string
	weighing studio.Weighing
	err      error
}

func (f panelForm) of(which string) error {
	if f.which == which {
		return f.err
	}
	return nil
}

func (h *Handler) getPanel(w http.ResponseWriter, r *http.Request) error {
	return h.showPanel(w, r, panelForm{})
}

func (h *Handler) showPanel(w http.ResponseWriter, r *http.Request, f panelForm) error {
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	d, err := h.studio.GetPanel(r.Context(), web.Actor(r), r.PathValue("id"), composite.Pooling(r.FormValue("pool")))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "专家组")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "专家组"), Href: pathPanels}, {Text: d.Title}}
	p.Title = d.Title
	head := ui.Head{Title: d.Title}
	if d.CanMake {
		head.Lead = kit.Say(r, "%d / %d 人已交回判断", d.Handed, d.Seats)
		head.Actions = []ui.Action{{Text: kit.Say(r, "方案"), Href: schemePath(d.Scheme, "")},
			{Text: kit.Say(r, "判断表（Excel）"), Href: panelPath(d.ID, "table") + "?format=xlsx"}}
	}
	var main []templ.Component
	if d.Note != "" {
		main = append(main, ui.Note(d.Note))
	}
	if d.Mine != nil {
		main = append(main, h.judgeForm(r, d, f))
	}
	if d.CanMake {
		main = append(main, h.panelResults(r, d)...)
		main = append(main, h.panelForms(r, d, f)...)
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Stack(), main...))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(f.err), Page: p, Body: body})
}

// judgeForm asks an expert for the judgements, each pair a choice.
func (h *Handler) judgeForm(r *http.Request, d studio.PanelDetail, f panelForm) templ.Component {
	pairs := d.Mine.Pairs
	if f.which == "judge" {
		pairs = f.pairs
	}
	lead := kit.Say(r, "还没有交回。比较左项相对右项的重要程度，全部选好后交回；交回后仍可修改。")
	if d.Mine.HandedUs > 0 {
		lead = kit.Say(r, "%s 已交回，可以修改后再次交回。", i18n.DateTime(kit.Lang(r), clock.Time(d.Mine.HandedUs)))
	}
	parts := []templ.Component{ui.Note(lead)}
	for _, q := range d.Questions {
		result := ""
		if j, ok := d.Own[q.Code]; ok && f.which != "judge" {
			result = ui.Words(consistency(r, studio.Judged{Consistency: j.Consistency}), weightText(q, j.Weights))
			if m, is := worstOf(q, pairs, j); is {
				result = ui.Words(result, tripleText(r, q, m))
			}
		}
		parts = append(parts, pairTable(q.Name, pairRows(r, q, pairs), result))
	}
	view := ui.FormView{ID: "judge", Action: panelPath(d.ID, "judge"), Version: kit.Number(d.Mine.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), f.of("judge")), Buttons: []ui.Action{{Text: kit.Say(r, "交回判断"), Primary: true}}}
	return ui.With(ui.Block(kit.Say(r, "我的判断")), ui.With(ui.Form(view), parts...))
}

// worstOf is the triple of one's own judgements that fits least, where they are not consistent enough.
func worstOf(q studio.Question, pairs map[string]string, j composite.Judgement) (composite.Triple, bool) {
	if j.Consistency <= composite.Accepted {
		return composite.Triple{}, false
	}
	m, ok := studio.Choices{Pairs: pairs}.Matrix(q.Code, len(q.Parts))
	if !ok {
		return composite.Triple{}, false
	}
	list := composite.Triples(m)
	return list[0], len(list) > 0
}

func pairRows(r *http.Request, q studio.Question, pairs map[string]string) []pairRow {
	given := strings.Split(pairs[q.Code], ",")
	var rows []pairRow
	for i := range q.Parts {
		for k := i + 1; k < len(q.Parts); k++ {
			row := pairRow{name: fmt.Sprintf("p.%s.%d", q.Code, len(rows)), left: q.Parts[i].Name,
				right: q.Parts[k].Name, value: "1", options: options(r.Context(), studio.Judgements())}
			if len(rows) < len(given) && given[len(rows)] != "" {
				row.value = given[len(rows)]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func weightText(q studio.Question, weights []float64) string {
	var list []string
	for i, w := range weights {
		if i < len(q.Parts) {
			list = append(list, q.Parts[i].Name+" "+percentOf(w))
		}
	}
	return strings.Join(list, "，")
}

// tripleText names three things whose judgements do not fit.
func tripleText(r *http.Request, q studio.Question, t composite.Triple) string {
	return kit.Say(r, "“%s”“%s”“%s”三项的判断不相容，相差 %s 倍", q.Parts[t.First].Name, q.Parts[t.Second].Name,
		q.Parts[t.Third].Name, fixed(&t.Off, 1))
}

// panelResults shows what the experts come to: each with its ratio, and all together.
func (h *Handler) panelResults(r *http.Request, d studio.PanelDetail) []templ.Component {
	var out []templ.Component
	if len(d.Groups) == 0 {
		return []templ.Component{ui.Empty(kit.Say(r, "还没有专家交回判断"), kit.Say(r, "交回后，这里显示每位专家和全组的权重与一致性。"))}
	}
	var tabs []ui.Tab
	for _, c := range studio.Pools() {
		tabs = append(tabs, ui.Tab{ID: "pool-" + c.Value, Text: i18n.T(r.Context(), c.Title),
			Current: c.Value == string(d.Pool), Href: panelPath(d.ID, "") + "?pool=" + c.Value})
	}
	var inner []templ.Component
	for _, q := range d.Questions {
		j, ok := d.Groups[q.Code]
		if !ok {
			continue
		}
		inner = append(inner, ui.DataTable(voiceTable(r, q, j, d.List)))
		for _, t := range j.Worst {
			inner = append(inner, ui.Note(kit.Say(r, "全组：%s", tripleText(r, q, t))))
		}
	}
	out = append(out, ui.With(ui.Tabs(kit.Say(r, "专家意见合成"), tabs), inner...))
	if len(d.Results) > 0 {
		tab := ui.Table{Caption: kit.Say(r, "已保存的结果"), Visible: true, Dense: true, Cols: []ui.Column{
			{Label: kit.Say(r, "版本")}, {Label: kit.Say(r, "专家意见合成")}, {Label: kit.Say(r, "专家"), Num: true},
			{Label: kit.Say(r, "说明")}, {Label: kit.Say(r, "保存")}}}
		for _, x := range d.Results {
			tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Say(r, "第 %d 版", x.N)},
				{Text: titled(r.Context(), studio.Pools(), string(x.Pool))},
				{Text: kit.Number(int64(len(x.Voices))), Sub: unequal(r, x.Voices)},
				{Text: ui.OrDash(x.Note)}, {Text: ui.Words(web.Who(r, x.Login), i18n.DateTime(kit.Lang(r), clock.Time(x.AtUs)))}}})
		}
		out = append(out, ui.DataTable(tab))
	}
	return out
}

// voiceTable lists the weights of one group by expert, the group itself last.
func voiceTable(r *http.Request, q studio.Question, j composite.Consensus, seats []studio.Seat) ui.Table {
	tab := ui.Table{Caption: q.Name, Visible: true, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "专家")},
		{Label: kit.Say(r, "票重"), Num: true}, {Label: kit.Say(r, "一致性比率"), Num: true},
		{Label: kit.Say(r, "权重")}}}
	var total float64
	counts := map[string]float64{}
	for _, v := range j.Voices {
		counts[v.Name] = countsOf(seats, v.Name)
		total += counts[v.Name]
	}
	add := func(name, voice string, x composite.Judgement, worst []composite.Triple) {
		first := ui.Cell{Text: name}
		var said []string
		for _, t := range worst {
			said = append(said, tripleText(r, q, t))
		}
		first.Sub = strings.Join(said, "；")
		row := ui.Row{Cells: []ui.Cell{first, {Text: voice}, {Text: fixed(&x.Consistency, 3)},
			{Text: weightText(q, x.Weights)}}}
		if x.Consistency > composite.Accepted {
			row.Tone = ui.Warn
		}
		tab.Rows = append(tab.Rows, row)
	}
	for _, v := range j.Voices {
		c := counts[v.Name]
		add(v.Name, plainCount(c)+" · "+percentOf(c/total), v.Judgement, v.Worst)
	}
	add(kit.Say(r, "全组"), plainCount(total), j.Judgement, nil)
	return tab
}

// panelForms are what the bureau does with a panel.
func (h *Handler) panelForms(r *http.Request, d studio.PanelDetail, f panelForm) []templ.Component {
	l, version := kit.Lang(r), kit.Number(d.Version)
	var waiting []string
	for _, x := range d.List {
		if x.HandedUs == 0 {
			waiting = append(waiting, x.Name)
		}
	}
	out := []templ.Component{h.weighBlock(r, d, f)}
	if len(waiting) > 0 {
		out = append(out, ui.Note(kit.Say(r, "还没有交回的：%s", strings.Join(waiting, "、"))))
	}
	if d.Handed > 0 {
		in := []ui.Input{{Kind: ui.InSelect, Name: "pool", Label: kit.Say(r, "专家意见合成"), Value: string(d.Pool),
			Options: options(r.Context(), studio.Pools())}, {Name: "note", Label: kit.Say(r, "本版说明"), Optional: true,
			MaxLen: studio.MaxLine}}
		ui.Mark(l, in, f.of("save"))
		out = append(out, ui.With(ui.Block(kit.Say(r, "保存结果")), ui.With(ui.Form(ui.FormView{ID: "save",
			Action: panelPath(d.ID, "save"), Version: version, Summary: ui.SummaryOf(l, f.of("save")),
			Buttons: []ui.Action{{Text: kit.Say(r, "保存为新的一版"), Primary: true}}}), kit.Fields(in))))
	}
	invite := []ui.Input{loginInput(r, f.logins, false)}
	ui.Mark(l, invite, f.of("invite"))
	file := []ui.Input{{Kind: ui.InFile, Name: sheet.FieldFile, Label: kit.Say(r, "判断表（Excel 或 CSV）"),
		Accept: ".xlsx,.csv",
		Hint:   kit.Say(r, "先下载判断表，填好判断值后导入；有一处不对就都不导入。")}}
	ui.Mark(l, file, f.of("import"))
	return append(out,
		ui.With(ui.Block(kit.Say(r, "邀请专家")), ui.With(ui.Form(ui.FormView{ID: "invite",
			Action: panelPath(d.ID, "invite"), Version: version, Summary: ui.SummaryOf(l, f.of("invite")),
			Buttons: []ui.Action{{Text: kit.Say(r, "邀请专家")}}}), kit.Fields(invite))),
		ui.With(ui.Block(kit.Say(r, "导入判断表")), ui.With(ui.Form(ui.FormView{ID: "import",
			Action: panelPath(d.ID, "import"), Version: version, Upload: true, Summary: ui.SummaryOf(l, f.of("import")),
			Buttons: []ui.Action{{Text: kit.Say(r, "导入判断表")}}}), kit.Fields(file))))
}
