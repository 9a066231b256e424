package studiohttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func schemeInputs(r *http.Request, d studio.SchemeData) []ui.Input {
	return []ui.Input{{Name: "title", Label: kit.Say(r, "名称"), Value: d.Title, MaxLen: studio.MaxTitle},
		{Kind: ui.InArea, Name: "purpose", Label: kit.Say(r, "用途"), Value: d.Purpose, Optional: true, Rows: 4,
			MaxLen: studio.MaxProse}}
}

func (h *Handler) getSchemeNew(w http.ResponseWriter, r *http.Request) error {
	return h.showSchemeNew(w, r, studio.NewScheme{Key: id.New(),
		SchemeData: studio.SchemeData{Dataset: r.FormValue("dataset")}}, nil)
}

func (h *Handler) showSchemeNew(w http.ResponseWriter, r *http.Request, x studio.NewScheme, err error) error {
	by := web.Actor(r)
	if perr := studio.SchemePolicy.May(by, studio.ActSchemeMake, studio.Scheme{}); perr != nil {
		return perr
	}
	page, lerr := h.studio.ListDatasets(r.Context(), by, db.PageReq{Limit: db.MaxLimit})
	if lerr != nil {
		return lerr
	}
	p := h.Web.Page(r, "新建方案")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指数工作室"), Href: pathHome}, {Text: p.Title}}
	head := ui.PageHead(ui.Head{Title: p.Title})
	if len(page.Items) == 0 {
		return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(head, ui.With(ui.Empty(
			kit.Say(r, "还没有数据集"), kit.Say(r, "下载模板，填好指标树和数据后导入。")),
			ui.Button(ui.Action{Text: kit.Say(r, "导入数据集"), Href: pathDatasets + "/new"})))})
	}
	pick := ui.Input{Kind: ui.InSelect, Name: "dataset", Label: kit.Say(r, "数据集"), Value: x.Dataset}
	for _, d := range page.Items {
		pick.Options = append(pick.Options, ui.Option{Value: d.ID, Text: ui.Words(d.Title, d.Code)})
	}
	in := append([]ui.Input{pick}, schemeInputs(r, x.SchemeData)...)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{Action: pathSchemes + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: x.Key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathHome}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(head, ui.With(ui.Form(view), kit.Fields(in)))})
}

func readScheme(r *http.Request) studio.SchemeData {
	return studio.SchemeData{Title: r.PostForm.Get("title"), Purpose: r.PostForm.Get("purpose"),
		Dataset: r.PostForm.Get("dataset")}
}

func (h *Handler) postSchemeNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := studio.NewScheme{SchemeData: readScheme(r), Key: r.PostForm.Get("key")}
	x, err := h.studio.CreateScheme(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showSchemeNew(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, schemePath(x.ID, ""), "方案已建立")
}

func (h *Handler) getSchemePart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.schemeOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "unit":
		return h.getUnit(w, r, d)
	case "cell":
		return h.getCell(w, r, d)
	case "edit":
		return h.showSchemeEdit(w, r, d, d.SchemeData, nil)
	case "step":
		return h.askStep(w, r, d, r.FormValue("do"), "", nil)
	case "verify":
		return h.getVerify(w, r, d)
	case "print":
		return h.printScheme(w, r, d)
	case "export":
		return h.exportScheme(w, r, d)
	}
	return absent()
}

func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d studio.SchemeDetail, step, reason string, err error,
) error {
	now := mark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.schemePage(r, d, "办理"), Title: d.Title, Path: schemePath(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return mark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

func (h *Handler) showSchemeEdit(
	w http.ResponseWriter, r *http.Request, d studio.SchemeDetail, data studio.SchemeData, err error,
) error {
	if perr := studio.SchemePolicy.May(web.Actor(r), studio.ActSchemeMake, d.Scheme); perr != nil {
		return perr
	}
	in := schemeInputs(r, data)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{Action: schemePath(d.ID, "edit"), Version: kit.Number(d.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: schemePath(d.ID, "")}}}
	if d.State != studio.Draft {
		view.Locked = kit.Say(r, "已定稿，退回草稿后才能修改")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.schemePage(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postSchemePart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.schemeOf(r)
	if err != nil {
		return err
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	switch r.PathValue("part") {
	case "step":
		in := studio.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: web.VersionOf(r),
			Key: v.Get("key")}
		if _, err = h.studio.FireScheme(ctx, by, in); fault.Is(err, fault.Invalid) {
			return h.askStep(w, r, d, in.Step, in.Reason, err)
		}
	case "edit":
		data := readScheme(r)
		_, err = h.studio.UpdateScheme(ctx, by, studio.SchemeUpdate{ID: d.ID, SchemeData: data,
			Version: web.VersionOf(r)})
		if again(err) {
			return h.showSchemeEdit(w, r, d, data, err)
		}
	case "save":
		return h.postSave(w, r, d)
	case "study":
		s, err := h.studio.StartStudy(ctx, by, studio.NewStudy{Scheme: d.ID, N: kit.Whole(v.Get("n")), Key: v.Get("key")})
		if e, ok := fault.As(err); ok && e.Kind == fault.Invalid && len(e.Fields) > 0 {
			return fault.New(fault.Conflict, e.Fields[0].Key, e.Fields[0].Args...)
		}
		if err != nil {
			return err
		}
		return h.Web.Redirect(w, r, kit.Join(pathStudies, s.ID, ""), "分析已开始")
	default:
		return absent()
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, schemePath(d.ID, ""), "已保存")
}

// postSave keeps the choices of the page as an edition.
func (h *Handler) postSave(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	n := whole(r, "data")
	base, c, err := h.studio.Chosen(r.Context(), web.Actor(r), d.ID, studio.Ask{DataN: n})
	if err != nil {
		return err
	}
	_, err = h.studio.SaveEdition(r.Context(), web.Actor(r), studio.NewEdition{ID: d.ID, DataN: n,
		Choices: studio.ReadChoices(r.PostForm, base).Fit(c), Note: r.PostForm.Get("note"), Version: web.VersionOf(r)})
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid && len(e.Fields) > 0 {
		return fault.New(fault.Conflict, e.Fields[0].Key, e.Fields[0].Args...).Wrap(err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, schemePath(d.ID, "")+"?tab=record", "已保存为新的一版")
}

// getVerify makes an edition again and says whether it came out the same.
func (h *Handler) getVerify(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	v, err := h.studio.VerifyEdition(r.Context(), web.Actor(r), d.ID, whole(r, "n"))
	if err != nil {
		return err
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	banner := ui.Banner(ui.OK, say("按保存的说明和数据重新计算，%d 个数逐位相同。", v.Numbers))
	if !v.Same {
		banner = ui.Banner(ui.Bad, say("重新计算后有 %d 个数不同，最大相差 %s。", v.Different, studio.Plain(v.Greatest)))
	}
	facts := []ui.Fact{{Term: say("保存时的结果"), Text: v.Hash, Mono: true}, {Term: say("重新计算的结果"), Text: v.Again, Mono: true},
		{Term: say("计算说明"), Text: "JSON", Href: schemePath(d.ID, "export") + "?what=spec&n=" + kit.Number(v.Edition)},
		{Term: say("数据"), Text: "CSV", Href: schemePath(d.ID, "export") + "?what=data&n=" + kit.Number(v.Edition)}}
	return h.Web.Render(w, r, web.View{Page: h.schemePage(r, d, "复算核对"), Body: templ.Join(
		ui.PageHead(ui.Head{Title: say("复算核对：第 %d 版", v.Edition), Lead: d.Title}), banner, ui.FactList(facts),
		ui.Note(say("下载说明和数据后，也可以在命令行复算：yuntu composite --spec spec.json --data data.csv")))})
}

// getStudy shows how far a study is.
func (h *Handler) getStudy(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	s, err := h.studio.GetStudy(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	d, err := h.studio.GetScheme(r.Context(), web.Actor(r), s.Scheme)
	if err != nil {
		return err
	}
	path := kit.Join(pathStudies, s.ID, "")
	work := ui.Work{ID: "study", Title: kit.Say(r, "敏感性分析：第 %d 版，%d 个变体", s.N, s.Variants),
		Percent: int(s.Percent), State: studyMark(r, s.State)}
	if s.Said.Key != "" {
		work.Text = s.Said.In(kit.Lang(r))
	}
	p := h.schemePage(r, d, "敏感性分析")
	parts := []templ.Component{}
	switch s.State {
	case studio.StudyWaiting:
		work.Poll, p.Refresh = path, 3
		if studio.SchemePolicy.MaySee(web.Actor(r), studio.ActSchemeMake, d.Scheme) {
			work.Cancel = &ui.Post{Action: path + "/cancel", Button: ui.Action{Text: kit.Say(r, "取消分析")}}
		}
	case studio.StudyDone:
		work.Percent = 100
		work.Result = []ui.Link{{Text: kit.Say(r, "返回方案"), Href: schemePath(d.ID, "") + "?tab=sense"}}
		o, err := h.studio.Compute(r.Context(), web.Actor(r), d.ID, studio.Ask{Edition: s.N})
		if err != nil {
			return err
		}
		parts = append(parts, h.influences(r, o, s.Study))
	}
	part := ui.Progress(work)
	return h.Web.Render(w, r, web.View{Page: p, Part: part, Body: templ.Join(append([]templ.Component{
		ui.PageHead(ui.Head{Title: kit.Say(r, "敏感性分析"), Lead: d.Title}), part}, parts...)...)})
}

func (h *Handler) postStudyCancel(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	s, err := h.studio.CancelStudy(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, schemePath(s.Scheme, "")+"?tab=sense", "分析已取消")
}
