package appraisehttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func sheetPath(id, tail string) string { return kit.Join(pathSheets, id, tail) }

func (h *Handler) sheetOf(r *http.Request) (appraise.SheetDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return appraise.SheetDetail{}, occasion.Absent()
	}
	n, _ := strconv.ParseInt(r.FormValue("edition"), 10, 64) // what is no number is the latest
	return h.appraise.GetSheet(r.Context(), web.Actor(r), r.PathValue("id"), max(n, 0))
}

func (h *Handler) sheetPage(r *http.Request, d appraise.SheetDetail, last string) ui.Page {
	return h.Sub(r, "估值与评价", pathHome, d.Title, sheetPath(d.ID, ""), last)
}

// getSheet shows what a valuation comes to.
func (h *Handler) getSheet(w http.ResponseWriter, r *http.Request) error {
	d, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	m := sheetMark(r.Context(), d.State)
	may := appraise.SheetPolicy.MaySee(web.Actor(r), appraise.ActSheetUpdate, d.Sheet)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Lead: ui.Words(d.Purpose, d.OrgName)}
	if d.Shown != nil {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "打印估值表"),
			Href: sheetPath(d.ID, "print") + "?edition=" + kit.Number(d.Shown.N)})
	}
	if may && d.State == appraise.SheetDraft {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "编辑"), Href: sheetPath(d.ID, "edit")},
			ui.Action{Text: kit.Say(r, "填写数据"), Href: sheetPath(d.ID, "inputs"), Primary: true})
	}
	head.Actions = append(head.Actions, kit.StepActions(r, d.Offers, sheetPath(d.ID, "step"))...)
	parts := []templ.Component{ui.Banner(ui.Run, kit.Say(r, "各方法分别给出区间，供谈判参考；不合成、不给唯一估值，也不作为资产评估报告使用。"))}
	parts = append(parts, h.results(r, d)...)
	if len(d.Editions) > 1 {
		parts = append(parts, ui.DataTable(editionTable(r, d)))
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "时间线")), kit.Timeline(r, d.History,
		kit.Titles(appraise.SheetProcess), "编制", func(s string) ui.Tone { return tones[s] })))
	facts := []ui.Fact{{Term: kit.Say(r, "所属单位"), Text: d.OrgName, Href: "/orgs/" + d.OrgNow},
		{Term: kit.Say(r, "估值目的"), Text: d.Purpose},
		{Term: kit.Say(r, "估值基准日"), Text: i18n.DateLong(kit.Lang(r), d.Day)},
		{Term: kit.Say(r, "使用限制"), Text: d.Limits}, {Term: kit.Say(r, "编号"), CopyID: d.Code}}
	if d.Post != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "成果"), Text: d.Title, Href: "/market/posts/" + d.Post})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)), parts...))
	return h.Web.Render(w, r, web.View{Page: h.sheetPage(r, d, ""), Body: body})
}

func editionTable(r *http.Request, d appraise.SheetDetail) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "版本"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "版次")},
		{Label: kit.Say(r, "说明")}, {Label: kit.Say(r, "时间")}, {Label: kit.Say(r, "编制人")}}}
	for _, e := range d.Editions {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Say(r, "第 %d 版", e.N),
			Href: sheetPath(d.ID, "") + "?edition=" + kit.Number(e.N)}, {Text: ui.OrDash(e.Note)},
			{Text: kit.Moment(r, e.AtUs)}, {Text: web.Who(r, e.Login)}}})
	}
	return tab
}

// scenarios are the three columns of every figure.
func scenarios(r *http.Request) []string {
	return []string{kit.Say(r, "低"), kit.Say(r, "中"), kit.Say(r, "高")}
}

// results are the ranges of the methods and how each was calculated.
func (h *Handler) results(r *http.Request, d appraise.SheetDetail) []templ.Component {
	if d.Unfit {
		return []templ.Component{ui.Empty(kit.Say(r, "这一版不能计算"), kit.Say(r, "数据超出可计算的范围，请核对单位后另存新版。"))}
	}
	if len(d.Results) == 0 {
		return []templ.Component{ui.Empty(kit.Say(r, "还没有数据"), kit.Say(r, "填写成本、收益或可比案例后，这里显示各方法的区间。"))}
	}
	s := scenarios(r)
	all := ui.Table{Caption: kit.Say(r, "各方法的区间"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "方法")},
		{Label: s[0], Num: true}, {Label: s[1], Num: true}, {Label: s[2], Num: true}}}
	out := []templ.Component{nil}
	for _, x := range d.Results {
		title := kit.Titled(r.Context(), appraise.Methods(), x.Method)
		all.Rows = append(all.Rows, ui.Row{Cells: []ui.Cell{{Text: title}, {Text: i18n.Yuan(kit.Lang(r), x.LowFen)},
			{Text: i18n.Yuan(kit.Lang(r), x.BaseFen)}, {Text: i18n.Yuan(kit.Lang(r), x.HighFen)}}})
		out = append(out, ui.DataTable(h.lines(r, title, x)))
	}
	out[0] = ui.DataTable(all)
	return out
}

// lines show every input and step of a method.
func (h *Handler) lines(r *http.Request, title string, x appraise.Result) ui.Table {
	s := scenarios(r)
	if x.Method == "market" {
		s = []string{kit.Say(r, "成交价或最低"), kit.Say(r, "修正系数或中位"), kit.Say(r, "修正价或最高")}
	}
	tab := ui.Table{Caption: kit.Say(r, "%s：数据与计算", title), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "计算项")}, {Label: kit.Say(r, "单位")}, {Label: s[0], Num: true}, {Label: s[1], Num: true},
		{Label: s[2], Num: true}}}
	for _, row := range paperLines(r, x) {
		cells := []ui.Cell{}
		for _, c := range row {
			cells = append(cells, ui.Cell{Text: c})
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: cells})
	}
	return tab
}

func paperLines(r *http.Request, x appraise.Result) [][]string {
	var out [][]string
	for _, l := range x.Lines {
		label := kit.Say(r, l.Label)
		if strings.Contains(l.Label, "%s") {
			label = kit.Say(r, l.Label, l.Name)
		} else if l.Name != "" {
			label = ui.Words(label, l.Name)
		}
		unit := kit.Say(r, "万元")
		if l.Unit == "percent" {
			unit = "%"
		}
		out = append(out, append([]string{label, unit}, l.Cells...))
	}
	return out
}

func (h *Handler) printSheet(w http.ResponseWriter, r *http.Request, d appraise.SheetDetail) error {
	if d.Shown == nil {
		return occasion.Absent()
	}
	p := h.Web.Page(r, "技术估值工作表")
	doc := ui.Document{Back: sheetPath(d.ID, ""), Number: d.Code, Issuer: d.OrgName,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	s := scenarios(r)
	parts := []templ.Component{kit.Paragraphs([]string{d.Title, kit.Say(r, "估值目的：%s", d.Purpose),
		kit.Say(r, "估值基准日：%s", i18n.DateLong(kit.Lang(r), d.Day)), kit.Say(r, "第 %d 版", d.Shown.N)})}
	var all [][]string
	for _, x := range d.Results {
		all = append(all, []string{kit.Titled(r.Context(), appraise.Methods(), x.Method), i18n.Exact(x.LowFen),
			i18n.Exact(x.BaseFen), i18n.Exact(x.HighFen)})
	}
	parts = append(parts, kit.PaperTable(kit.Say(r, "各方法的区间"), append([]string{kit.Say(r, "方法")}, s...), all))
	for _, x := range d.Results {
		title := kit.Titled(r.Context(), appraise.Methods(), x.Method)
		parts = append(parts, kit.PaperHeading(title), kit.PaperTable(title,
			append([]string{kit.Say(r, "计算项"), kit.Say(r, "单位")}, s...), paperLines(r, x)))
	}
	parts = append(parts, kit.PaperHeading(kit.Say(r, "使用限制")), kit.Paragraphs(append(
		strings.Split(d.Limits, "\n"), kit.Say(r, "各方法分别给出区间，供谈判参考；不合成、不给唯一估值，也不作为资产评估报告使用。"))))
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(parts...))
}

func (h *Handler) getSheetPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "print":
		return h.printSheet(w, r, d)
	case "edit":
		return h.showSheetEdit(w, r, d, d.SheetData, nil)
	case "inputs":
		var in appraise.Inputs
		if d.Shown != nil {
			in = d.Shown.Inputs
		}
		return h.showInputs(w, r, d, in, "", nil)
	case "step":
		return h.askSheet(w, r, d, r.FormValue("do"), "", nil)
	}
	return occasion.Absent()
}

func (h *Handler) askSheet(
	w http.ResponseWriter, r *http.Request, d appraise.SheetDetail, step, reason string, err error,
) error {
	now := sheetMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.sheetPage(r, d, "办理"), Title: d.Title, Path: sheetPath(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return sheetMark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

func (h *Handler) postSheetPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	switch r.PathValue("part") {
	case "step":
		in := appraise.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: web.VersionOf(r),
			Key: v.Get("key")}
		if _, err = h.appraise.FireSheet(ctx, by, in); fault.Is(err, fault.Invalid) {
			return h.askSheet(w, r, d, in.Step, in.Reason, err)
		}
	case "edit":
		data := readSheet(v)
		_, err = h.appraise.UpdateSheet(ctx, by, appraise.SheetUpdate{ID: d.ID, SheetData: data,
			Version: web.VersionOf(r)})
		if again(err) {
			return h.showSheetEdit(w, r, d, data, err)
		}
	case "inputs":
		in := readInputs(v)
		_, err = h.appraise.SaveInputs(ctx, by, appraise.NewEdition{ID: d.ID, Inputs: in, Note: v.Get("note"),
			Version: web.VersionOf(r)})
		if again(err) {
			return h.showInputs(w, r, d, in, v.Get("note"), err)
		}
	default:
		return occasion.Absent()
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, sheetPath(d.ID, ""), "已保存")
}

func readSheet(v url.Values) appraise.SheetData {
	return appraise.SheetData{Title: v.Get("title"), Post: v.Get("post"), Org: v.Get("org"),
		Purpose: v.Get("purpose"), Day: clock.Date(strings.TrimSpace(v.Get("day"))), Limits: v.Get("limits")}
}

func sheetInputs(r *http.Request, d appraise.SheetData) []ui.Input {
	say := func(zh string) string { return kit.Say(r, zh) }
	return []ui.Input{{Name: "title", Label: say("成果名称"), Value: d.Title, MaxLen: occasion.MaxTitle},
		{Name: "purpose", Label: say("估值目的"), Value: d.Purpose, MaxLen: occasion.MaxLine,
			Hint: say("许可、转让、作价入股等")},
		{Name: "day", Label: say("估值基准日"), Value: string(d.Day), Width: ui.W14, Placeholder: "2026-11-20"},
		{Kind: ui.InArea, Name: "limits", Label: say("使用限制"), Value: d.Limits, Optional: true, Rows: 4,
			MaxLen: occasion.MaxProse, Hint: say("适用范围、假设和不能用作什么；定稿前必填")}}
}

func (h *Handler) showSheetEdit(
	w http.ResponseWriter, r *http.Request, d appraise.SheetDetail, data appraise.SheetData, err error,
) error {
	if perr := appraise.SheetPolicy.May(web.Actor(r), appraise.ActSheetUpdate, d.Sheet); perr != nil {
		return perr
	}
	in := sheetInputs(r, data)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "sheet", Action: sheetPath(d.ID, "edit"), Version: kit.Number(d.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: sheetPath(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.sheetPage(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) getSheetNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !appraise.SheetPolicy.Could(by, appraise.ActSheetCreate) {
		return kit.ErrRole()
	}
	return h.showSheetNew(w, r, appraise.NewSheet{Key: id.New(), SheetData: appraise.SheetData{
		Post: r.FormValue("post"), Day: clock.DateOf(h.Now())}}, kit.Pick{Name: "org", Value: by.Org}, nil)
}

func (h *Handler) showSheetNew(
	w http.ResponseWriter, r *http.Request, x appraise.NewSheet, org kit.Pick, err error,
) error {
	p := h.Web.Page(r, "编制估值表")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "估值与评价"), Href: pathHome}, {Text: p.Title}}
	in := append([]ui.Input{postInput(r, x.Post)}, sheetInputs(r, x.SheetData)...)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "sheet", Action: pathSheets + "/new", Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: x.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathHome}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title}), ui.With(ui.Form(view), kit.Fields(in[:1]),
			ui.Combobox(h.ownerPick(r, org, err)), kit.Fields(in[1:])))})
}

// postInput asks for the achievement.
func postInput(r *http.Request, value string) ui.Input {
	return ui.Input{Name: "post", Label: kit.Say(r, "成果编号"), Value: value, Mono: true, Optional: true,
		Hint: kit.Say(r, "技术市场中成果的编号，填了就不必再填名称和单位")}
}

func (h *Handler) ownerPick(r *http.Request, org kit.Pick, err error) ui.Combo {
	return h.OrgPick(r.Context(), web.Actor(r), ui.Input{Name: "org", Label: kit.Say(r, "所属单位"), Optional: true},
		org, err)
}

func (h *Handler) postSheetNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	x := appraise.NewSheet{SheetData: readSheet(r.PostForm), Key: r.PostForm.Get("key")}
	org := kit.ReadPick(r.PostForm, "org")
	var f occasion.Faults
	if err := h.FindOrg(ctx, by, &org, &f); err != nil {
		return err
	}
	x.Org = org.Value
	if kit.Dropped(r.PostForm, "org") {
		return h.showSheetNew(w, r, x, org, nil)
	}
	made, err := h.appraise.CreateSheet(ctx, by, x)
	if fault.Is(err, fault.Invalid) {
		return h.showSheetNew(w, r, x, org, kit.Merge(f, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, sheetPath(made.ID, "inputs"), "已保存")
}
