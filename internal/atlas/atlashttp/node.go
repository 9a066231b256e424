package atlashttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) getNode(w http.ResponseWriter, r *http.Request) error {
	n, err := h.atlas.GetNode(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showNode(w, r, n, nil)
}

// showNode shows a node: what the map knows of it, who said so, and how old that is.
func (h *Handler) showNode(w http.ResponseWriter, r *http.Request, n atlas.Record, wrong error) error {
	ctx := r.Context()
	p := h.Web.Page(r, "创新云图")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: Path}, {Text: n.Title}}
	p.Title = n.Title
	head := ui.Head{Title: n.Title, ID: n.Code, Lead: ui.Words(atlas.Titled(ctx, atlas.Kinds(), n.Kind),
		h.placeOf(n.Node), atlas.Titled(ctx, atlas.Fields(), n.Field)),
		Actions: []ui.Action{{Text: kit.Say(r, "打开原始记录"), Href: recordPath(n.Class, n.ID), Primary: true}}}
	if n.Class == atlas.Org || n.Class == atlas.Person {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "合作网络"),
			Href: pathNetwork + "/" + url.PathEscape(n.ID)})
	}
	parts := []templ.Component{ui.With(ui.Block(kit.Say(r, "云图上的信息")), ui.FactGrid(h.facts(r, n)))}
	if len(n.Marks) > 0 {
		parts = append(parts, ui.DataTable(h.marks(r, n)))
	}
	if n.MayMark {
		parts = append(parts, h.markForm(r, n, wrong))
	}
	parts = append(parts, rulesNote(pathRules), wrongNote(h.wrongLink(r, n.ID, "")))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p,
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Stack(), parts...))})
}

func (h *Handler) facts(r *http.Request, n atlas.Record) []ui.Fact {
	ctx := r.Context()
	six := atlas.Titled(ctx, atlas.SixNews(), n.Six)
	if n.Limited {
		six = kit.Say(r, "依申请公开")
	}
	point := kit.Say(r, "没有")
	if n.HasPoint() {
		point = kit.Say(r, "有")
	}
	out := []ui.Fact{
		{Term: kit.Say(r, "地区"), Text: h.placeOf(n.Node), Href: h.at(Path, placeQuery(n.Node))},
		{Term: kit.Say(r, "领域"), Text: atlas.Titled(ctx, atlas.Fields(), n.Field),
			Source: atlas.Titled(ctx, atlas.Sayers(), n.FieldBy)},
		{Term: kit.Say(r, "六新"), Text: six, Source: atlas.Titled(ctx, atlas.Sayers(), n.SixBy)},
		{Term: kit.Say(r, "状态"), Text: stateOf(r, n.Node)},
		{Term: kit.Say(r, "出现日期"), Text: day(n.SinceUs)},
		{Term: kit.Say(r, "数据截至"), Text: day(n.AsOfUs), Source: kit.Say(r, "最近一次有人确认或修改")},
	}
	if n.Class == atlas.Org {
		out = append(out, ui.Fact{Term: kit.Say(r, "坐标"), Text: point})
	}
	for _, t := range n.Ties {
		out = append(out, ui.Fact{Term: atlas.Titled(ctx, atlas.EdgeKinds(), t.Value), Text: i18n.Int(t.N),
			Href: pathNetwork + "/" + url.PathEscape(n.ID)})
	}
	if n.Open > 0 {
		out = append(out, ui.Fact{Term: kit.Say(r, "未办结的纠错"), Text: i18n.Int(n.Open),
			Href: pathCorrections + "?node=" + url.QueryEscape(n.ID)})
	}
	return out
}

func placeQuery(n atlas.Node) atlas.Query {
	if n.Region == "" {
		return atlas.Query{Gaps: []string{atlas.GapRegion}}
	}
	return with(atlas.Query{}, func(x *atlas.Query) { x.Regions = append(x.Regions, n.Region) })
}

func (h *Handler) marks(r *http.Request, n atlas.Record) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "人工更正"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "更正")}, {Label: kit.Say(r, "归为")}, {Label: kit.Say(r, "理由")},
		{Label: kit.Say(r, "何人何时")}}}
	for _, m := range n.Marks {
		what, list := kit.Say(r, "六新"), atlas.SixNews()
		if m.What == atlas.MarkField {
			what, list = kit.Say(r, "领域"), atlas.Fields()
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: what},
			{Text: ui.OrDash(atlas.Titled(r.Context(), list, m.Value))}, {Text: m.Reason},
			{Text: ui.Words(web.Who(r, m.Login), i18n.DateTime(kit.Lang(r), clock.Time(m.AtUs)))}}})
	}
	return tab
}

// markForm lets somebody correct a class.
func (h *Handler) markForm(r *http.Request, n atlas.Record, wrong error) templ.Component {
	value := func(name, usual string) string {
		if r.Method == http.MethodPost {
			return r.PostFormValue(name)
		}
		return usual
	}
	none := kit.Say(r, "不归任何一类")
	var sixes, fields []ui.Option
	sixes = append(kit.Options(r.Context(), "", atlas.SixNews()), ui.Option{Text: none})
	fields = append(kit.Options(r.Context(), "", atlas.Fields()), ui.Option{Text: none})
	whats := []ui.Option{{Value: atlas.MarkSix, Text: kit.Say(r, "六新")}}
	six := ui.Input{Kind: ui.InSelect, Name: "six", Label: kit.Say(r, "六新"), Value: value("six", n.Six),
		Options: sixes, Width: ui.W14}
	in := []ui.Input{}
	if n.Class == atlas.Org || n.Class == atlas.Person {
		whats = append(whats, ui.Option{Value: atlas.MarkField, Text: kit.Say(r, "领域")})
		in = append(in, ui.Input{Kind: ui.InRadio, Name: "what", Label: kit.Say(r, "更正什么"),
			Value: value("what", atlas.MarkSix), Options: whats},
			six, ui.Input{Kind: ui.InSelect, Name: "field", Label: kit.Say(r, "领域"),
				Value: value("field", n.Field), Options: fields, Width: ui.W18})
	} else {
		in = append(in, six)
	}
	in = append(in, ui.Input{Name: "reason", Label: kit.Say(r, "理由"), Value: value("reason", ""), MaxLen: 200,
		Hint: kit.Say(r, "写入记录，所有人都能看到")})
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Block(kit.Say(r, "更正归类")), ui.With(ui.Form(ui.FormView{ID: "mark", Action: nodePath(n.ID),
		Plain: true, Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Buttons: []ui.Action{{Text: kit.Say(r, "保存更正"), Primary: true}}}), kit.Fields(in)))
}

func (h *Handler) postNode(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := atlas.NewMark{Node: r.PathValue("id"), What: atlas.MarkSix, Reason: r.PostForm.Get("reason")}
	if r.PostForm.Get("what") == atlas.MarkField {
		in.What = atlas.MarkField
	}
	in.Value = r.PostForm.Get(in.What)
	_, err := h.atlas.SetMark(r.Context(), web.Actor(r), in)
	if again(err) {
		n, gone := h.atlas.GetNode(r.Context(), web.Actor(r), in.Node)
		if gone != nil {
			return gone
		}
		return h.showNode(w, r, n, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, nodePath(in.Node), "已更正，云图稍后更新")
}
