package atlashttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

var correctionTones = map[string]ui.Tone{atlas.Submitted: ui.Warn, atlas.Accepted: ui.Run,
	atlas.Corrected: ui.OK, atlas.Rejected: ui.Idle, atlas.Withdrawn: ui.Idle}

func correctionMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: correctionTones[state],
		Text: kit.Titled(ctx, kit.States(atlas.CorrectionProcess.Def().States), state)}
}

func correctionPath(id, tail string) string { return kit.Join(pathCorrections, id, tail) }

// getCorrections lists corrections: all for those who deal with them, their own for others.
func (h *Handler) getCorrections(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	if !atlas.CorrectionPolicy.Could(by, atlas.ActCorrectionRead) {
		return kit.ErrRole()
	}
	f := atlas.CorrectionFilter{State: r.FormValue("state"), Node: r.FormValue("node")}
	page, err := h.atlas.ListCorrections(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	counts, err := h.atlas.CountCorrections(ctx, by, atlas.CorrectionFilter{Node: f.Node})
	if err != nil {
		return err
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	tabs := []ui.Tab{{ID: "all", Text: kit.Say(r, "全部"), Href: pathCorrections, Count: i18n.Int(all),
		Current: f.State == ""}}
	for _, s := range atlas.CorrectionProcess.Def().States {
		tabs = append(tabs, ui.Tab{ID: s.Name, Text: kit.Say(r, s.Title), Count: i18n.Int(counts[s.Name]),
			Href: pathCorrections + "?state=" + s.Name, Current: f.State == s.Name})
	}
	p := h.Web.Page(r, "云图纠错")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "2 个工作日内受理，受理后 10 个工作日内办结；处理结果通知提交人。"),
		Actions: []ui.Action{{Text: kit.Say(r, "提交纠错"), Href: pathCorrections + "/new"}}}
	list := ui.Empty(kit.Say(r, "没有纠错"), kit.Say(r, "在云图的地图、清单和记录页面都可以提交。"))
	if len(page.Items) > 0 {
		list = ui.DataTable(h.correctionTable(r, page.Items))
	}
	part := ui.With(ui.Results("", p.Title), list, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return h.Web.Render(w, r, web.View{Page: p, Part: part,
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Tabs(p.Title, tabs), part))})
}

func (h *Handler) correctionTable(r *http.Request, list []atlas.Correction) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "云图纠错"), Cols: []ui.Column{{Label: kit.Say(r, "编号")},
		{Label: kit.Say(r, "对象")}, {Label: kit.Say(r, "问题")}, {Label: kit.Say(r, "状态")},
		{Label: kit.Say(r, "提交人")}, {Label: kit.Say(r, "提交时间")}}}
	for _, c := range list {
		m := correctionMark(r.Context(), c.State)
		tab.Rows = append(tab.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{
			{Text: c.Code, Href: correctionPath(c.ID, "")}, {Text: ui.OrDash(c.Title)},
			{Text: atlas.Titled(r.Context(), atlas.Wrongs(), c.What)}, {Status: &m},
			{Text: reporter(r, c)}, ui.TimeCell(r.Context(), c.CreatedUs)}})
	}
	return tab
}

func reporter(r *http.Request, c atlas.Correction) string {
	if c.Login == "" {
		return kit.Say(r, "访客")
	}
	return web.Who(r, c.Login)
}

func (h *Handler) getReport(w http.ResponseWriter, r *http.Request) error {
	return h.showReport(w, r, atlas.NewCorrection{Node: r.FormValue("node"),
		Region: region.Code(r.FormValue("region")), Page: r.FormValue("page")}, nil)
}

// showReport is the form in which somebody says what is wrong.
func (h *Handler) showReport(
	w http.ResponseWriter, r *http.Request, in atlas.NewCorrection, wrong error,
) error {
	p := h.Web.Page(r, "提交纠错")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: p.Title}}
	var about []ui.Fact
	if in.Node != "" {
		n, err := h.atlas.GetNode(r.Context(), web.Actor(r), in.Node)
		if err == nil { // of one that is gone the form says so
			about = append(about, ui.Fact{Term: kit.Say(r, "对象"), Text: n.Title, Href: nodePath(n.ID)})
		}
	} else if in.Region != "" {
		about = append(about, ui.Fact{Term: kit.Say(r, "对象"), Text: h.PlaceName(in.Region)})
	}
	if in.Page != "" {
		about = append(about, ui.Fact{Term: kit.Say(r, "页面"), Text: in.Page, Mono: true})
	}
	fields := []ui.Input{{Kind: ui.InRadio, Name: "what", Label: kit.Say(r, "什么不对"), Value: in.What,
		Options: kit.Options(r.Context(), "", atlas.Wrongs())},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "应当是怎样"), Value: in.Text, Rows: 5, MaxLen: 2000,
			Count: true, Hint: kit.Say(r, "写明正确的内容和依据；请不要填写个人信息")}}
	ui.Mark(kit.Lang(r), fields, wrong)
	lead := kit.Say(r, "2 个工作日内受理，受理后 10 个工作日内办结；处理结果通知提交人。")
	if web.Actor(r).Account == "" {
		if kit.Lang(r) == i18n.EN {
			lead += " "
		}
		lead += kit.Say(r, "未登录时，提交后会给出查询地址，请自行保存。")
	}
	form := ui.With(ui.Form(ui.FormView{Action: pathCorrections + "/new", Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Hidden: []ui.Hidden{{Name: "node", Value: in.Node},
			{Name: "region", Value: string(in.Region)}, {Name: "page", Value: in.Page}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交纠错"), Primary: true}}}), kit.Fields(fields))
	head := ui.Head{Title: p.Title, Lead: lead}
	if web.Actor(r).Account != "" {
		head.Actions = []ui.Action{{Text: kit.Say(r, "已提交的纠错"), Href: pathCorrections}}
	}
	parts := []templ.Component{ui.PageHead(head)}
	if len(about) > 0 {
		parts = append(parts, ui.FactGrid(about))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p,
		Body: templ.Join(append(parts, form)...)})
}

func (h *Handler) postReport(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := atlas.NewCorrection{Node: r.PostForm.Get("node"), Region: region.Code(r.PostForm.Get("region")),
		Page: r.PostForm.Get("page"), What: r.PostForm.Get("what"), Text: r.PostForm.Get("text")}
	c, err := h.atlas.Report(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showReport(w, r, in, err)
	}
	if err != nil {
		return err
	}
	if c.Receipt != "" {
		return h.Web.Redirect(w, r, pathReceipts+"/"+url.PathEscape(c.Receipt), "已提交 %s", c.Code)
	}
	return h.Web.Redirect(w, r, correctionPath(c.ID, ""), "已提交 %s", c.Code)
}

func (h *Handler) getCorrection(w http.ResponseWriter, r *http.Request) error {
	d, err := h.atlas.GetCorrection(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showCorrection(w, r, d, "")
}

func (h *Handler) getReceipt(w http.ResponseWriter, r *http.Request) error {
	d, err := h.atlas.OpenReceipt(r.Context(), r.PathValue("receipt"))
	if err != nil {
		return err
	}
	return h.showCorrection(w, r, d, kit.Say(r, "请保存本页地址，凭它查询处理结果。"))
}

func (h *Handler) showCorrection(
	w http.ResponseWriter, r *http.Request, d atlas.CorrectionDetail, note string,
) error {
	m := correctionMark(r.Context(), d.State)
	p := h.Web.Page(r, "云图纠错")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathCorrections}, {Text: d.Code}}
	if note != "" {
		p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: d.Code}}
	}
	p.Title = d.Code
	title := d.Title
	if title == "" {
		title = kit.Say(r, "云图纠错")
	}
	head := ui.Head{Title: title, Status: &m, ID: d.Code, Lead: ui.Words(
		atlas.Titled(r.Context(), atlas.Wrongs(), d.What), kit.Moment(r, d.CreatedUs))}
	if note == "" {
		head.Actions = kit.StepActions(r, d.Offers, correctionPath(d.ID, "step"))
	}
	facts := []ui.Fact{{Term: kit.Say(r, "说明"), Text: d.Text}}
	if d.Answer != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "处理结果"), Text: d.Answer})
	}
	if d.Node != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "对象"), Text: d.Title, Href: nodePath(d.Node)})
	}
	if d.Page != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "页面"), Text: d.Page, Href: d.Page})
	}
	for _, run := range d.Running {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "办理期限"), Text: i18n.DateTime(kit.Lang(r), clock.Time(run.DueUs))})
	}
	parts := []templ.Component{ui.PageHead(head)}
	if note != "" {
		parts = append(parts, ui.Banner(ui.Warn, note))
		for i := range d.History { // who dealt with it is for people with an account
			d.History[i].Login = ""
		}
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "内容")), ui.FactList(facts)),
		ui.With(ui.Block(kit.Say(r, "时间线")), kit.Timeline(r, d.History, kit.Titles(atlas.CorrectionProcess),
			"提交纠错", func(s string) ui.Tone { return correctionTones[s] })))
	return h.Web.Render(w, r, web.View{Page: p, Body: ui.With(ui.Stack(), parts...)})
}

func (h *Handler) getStep(w http.ResponseWriter, r *http.Request) error {
	d, err := h.atlas.GetCorrection(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.askStep(w, r, d, r.FormValue("do"), nil)
}

func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d atlas.CorrectionDetail, step string, wrong error,
) error {
	return h.AskStep(w, r, kit.Ask{Page: h.Sub(r, "云图纠错", pathCorrections, d.Code, correctionPath(d.ID, ""), "办理"),
		Title: ui.Words(d.Code, d.Title), Path: correctionPath(d.ID, ""), Version: d.Version, Offers: d.Offers,
		Facts: []ui.Fact{{Term: kit.Say(r, "说明"), Text: d.Text}}, Step: step, Reason: r.PostFormValue("reason"),
		Mark: func(state string) ui.State { return correctionMark(r.Context(), state) }, Err: wrong})
}

func (h *Handler) postStep(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := atlas.CorrectionStep{ID: r.PathValue("id"), Step: r.PostForm.Get("do"),
		Reason: r.PostForm.Get("reason"), Version: web.VersionOf(r), Key: r.PostForm.Get("key")}
	_, err := h.atlas.FireCorrection(r.Context(), web.Actor(r), in)
	if again(err) {
		d, gone := h.atlas.GetCorrection(r.Context(), web.Actor(r), in.ID)
		if gone != nil {
			return gone
		}
		return h.askStep(w, r, d, in.Step, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, correctionPath(in.ID, ""), "已办理")
}
