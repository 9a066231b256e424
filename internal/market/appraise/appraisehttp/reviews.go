package appraisehttp

import (
	"net/http"
	"net/url"
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

func reviewPath(id, tail string) string { return kit.Join(pathReviews, id, tail) }

func (h *Handler) reviewOf(r *http.Request) (appraise.ReviewDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return appraise.ReviewDetail{}, occasion.Absent()
	}
	return h.appraise.GetReview(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) reviewPage(r *http.Request, d appraise.ReviewDetail, last string) ui.Page {
	return h.Sub(r, "估值与评价", pathHome+"?kind=review", d.Title, reviewPath(d.ID, ""), last)
}

func (h *Handler) getReview(w http.ResponseWriter, r *http.Request) error {
	d, err := h.reviewOf(r)
	if err != nil {
		return err
	}
	return h.showReview(w, r, d, nil, templ.NopComponent)
}

// showReview shows an evaluation, with what was wrong with a form on it and a notice above.
func (h *Handler) showReview(
	w http.ResponseWriter, r *http.Request, d appraise.ReviewDetail, wrong error, notice templ.Component,
) error {
	m := reviewMark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Lead: ui.Words(d.OrgName,
		kit.Titled(r.Context(), appraise.Kinds(), d.Kind)),
		Actions: kit.StepActions(r, d.Offers, reviewPath(d.ID, "step"))}
	if d.Outcome != nil {
		head.Actions = append([]ui.Action{{Text: kit.Say(r, "打印评价报告"), Href: reviewPath(d.ID, "print")}},
			head.Actions...)
	}
	parts := []templ.Component{notice, h.weights(r, d)}
	if d.Basis != "" {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "评价依据")), kit.Paragraphs(strings.Split(d.Basis, "\n"))))
	}
	if d.Outcome != nil && d.Conclusion != "" {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "结论")), kit.Paragraphs(strings.Split(d.Conclusion, "\n"))),
			ui.With(ui.Block(kit.Say(r, "使用限制")), kit.Paragraphs(strings.Split(d.Limits, "\n"))))
	}
	if d.Mine != nil && d.State == appraise.ReviewScoring {
		parts = append(parts, h.scoreForm(r, d, wrong))
	}
	if len(d.Panel) > 0 {
		parts = append(parts, ui.DataTable(h.panel(r, d)))
	}
	runs := appraise.ReviewPolicy.MaySee(web.Actor(r), appraise.ActReviewRun, d.Review)
	if runs && d.State == appraise.ReviewDraft {
		parts = append(parts, h.expertForm(r, d, wrong))
	}
	if runs && d.State == appraise.ReviewDone {
		parts = append(parts, h.reportForm(r, d, wrong))
	}
	if len(d.History) > 0 {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "时间线")), kit.Timeline(r, d.History,
			kit.Titles(appraise.ReviewProcess), "发起", func(s string) ui.Tone { return tones[s] })))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: h.reviewPage(r, d, ""),
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Stack(), parts...))})
}

// weights shows the five values with their weights, and the means once they are there.
func (h *Handler) weights(r *http.Request, d appraise.ReviewDetail) templ.Component {
	tab := ui.Table{Caption: kit.Say(r, "五元价值与权重"), Visible: true, Plain: true, Cols: []ui.Column{
		{Label: kit.Say(r, "价值")}, {Label: kit.Say(r, "权重"), Num: true}}}
	if d.Outcome != nil {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "平均分"), Num: true},
			ui.Column{Label: kit.Say(r, "最低—最高"), Num: true})
	}
	for _, row := range valueRows(r, d) {
		var cells []ui.Cell
		for _, c := range row {
			cells = append(cells, ui.Cell{Text: c})
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: cells})
	}
	note := kit.Say(r, "先分类，再赋权；权重合计 100，按发起当日的规则。")
	if d.Trimmed {
		note += kit.Say(r, "平均分去掉一个最高分和一个最低分。")
	}
	return templ.Join(ui.DataTable(tab), ui.Note(note))
}

func valueRows(r *http.Request, d appraise.ReviewDetail) [][]string {
	var out [][]string
	for i, v := range appraise.Values() {
		row := []string{kit.Say(r, v.Title), kit.Number(d.Weights[i])}
		if d.Outcome != nil {
			m := d.Outcome.Values[i]
			row = append(row, m.Text, kit.Number(m.Low)+"—"+kit.Number(m.High))
		}
		out = append(out, row)
	}
	if d.Outcome != nil {
		m := d.Outcome.Total
		out = append(out, []string{kit.Say(r, "加权合计"), "100", m.Text, kit.Number(m.Low) + "—" + kit.Number(m.High)})
	}
	return out
}

// panel lists the experts; their scores once all are in.
func (h *Handler) panel(r *http.Request, d appraise.ReviewDetail) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "评价专家"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "专家")}, {Label: kit.Say(r, "进度")}, {Label: kit.Say(r, "评分（科、技、经、社、文）")},
		{Label: kit.Say(r, "意见")}, {Label: kit.Say(r, "操作"), Sr: true}}}
	runs := appraise.ReviewPolicy.MaySee(web.Actor(r), appraise.ActReviewRun, d.Review)
	for _, e := range d.Panel {
		state := ui.State{Tone: ui.Idle, Text: kit.Say(r, "待加入")}
		switch {
		case e.Scored:
			state = ui.State{Tone: ui.OK, Text: kit.Say(r, "已评分")}
		case e.Joined:
			state = ui.State{Tone: ui.Run, Text: kit.Say(r, "未评分")}
		}
		scores := "—"
		if e.Scores != nil {
			var parts []string
			for _, n := range e.Scores {
				parts = append(parts, kit.Number(n))
			}
			scores = strings.Join(parts, " · ")
		}
		row := ui.Row{Cells: []ui.Cell{{Text: ui.Words(kit.Say(r, "专家 %d", e.Number), e.Name), Sub: e.Unit},
			{Status: &state}, {Text: scores}, {Text: ui.OrDash(e.Comment)}, {}}}
		if runs && d.State == appraise.ReviewDraft {
			row.Cells[4].Body = ui.PostButton(ui.Post{Action: reviewPath(d.ID, "remove"), Hidden: []ui.Hidden{
				{Name: "expert", Value: e.ID}, {Name: "version", Value: kit.Number(d.Version)}},
				Button: ui.Action{Text: kit.Say(r, "移除"), Small: true, Label: kit.Say(r, "移除") + " " + e.Name}})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

func (h *Handler) scoreForm(r *http.Request, d appraise.ReviewDetail, wrong error) templ.Component {
	var in []ui.Input
	for i, v := range appraise.Values() {
		value := r.PostFormValue(v.Value)
		if value == "" && d.Mine.Scores != nil {
			value = kit.Number(d.Mine.Scores[i])
		}
		in = append(in, ui.Input{Kind: ui.InNumber, Name: v.Value, Label: kit.Say(r, v.Title), Value: value,
			Width: ui.W6, Hint: kit.Say(r, "0 到 100，权重 %d", d.Weights[i])})
	}
	comment := d.Mine.Comment
	if r.Method == http.MethodPost {
		comment = r.PostFormValue("comment")
	}
	in = append(in, ui.Input{Kind: ui.InArea, Name: "comment", Label: kit.Say(r, "意见"), Value: comment,
		Optional: true, Rows: 4, MaxLen: occasion.MaxProse, Hint: kit.Say(r, "全部专家评分前，只有您自己能看到分数和意见")})
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Form(ui.FormView{ID: "score", Action: reviewPath(d.ID, "score"), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Buttons: []ui.Action{{Text: kit.Say(r, "提交评分"), Primary: true}}}),
		kit.Fields(in))
}

func (h *Handler) expertForm(r *http.Request, d appraise.ReviewDetail, wrong error) templ.Component {
	in := []ui.Input{{Name: "name", Label: kit.Say(r, "专家姓名"), Value: r.PostFormValue("name"), MaxLen: 40,
		Width: ui.W14}, {Name: "unit", Label: kit.Say(r, "单位"), Value: r.PostFormValue("unit"), Optional: true,
		MaxLen: occasion.MaxLine}}
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Block(kit.Say(r, "添加专家")), ui.Note(kit.Say(r, "不少于 %d 名且为单数。添加后给出邀请链接，只显示一次。",
		appraise.MinExperts)), ui.With(ui.Form(ui.FormView{ID: "expert", Action: reviewPath(d.ID, "expert"),
		Version: kit.Number(d.Version), Plain: true, Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Buttons: []ui.Action{{Text: kit.Say(r, "添加并生成邀请")}}}), kit.Fields(in)))
}

func (h *Handler) reportForm(r *http.Request, d appraise.ReviewDetail, wrong error) templ.Component {
	conclusion, limits := d.Conclusion, d.Limits
	if r.Method == http.MethodPost {
		conclusion, limits = r.PostFormValue("conclusion"), r.PostFormValue("limits")
	}
	in := []ui.Input{{Kind: ui.InArea, Name: "conclusion", Label: kit.Say(r, "结论"), Value: conclusion, Rows: 6,
		MaxLen: occasion.MaxProse, Hint: kit.Say(r, "只写分数能支持的内容，不下领先、先进一类的断语")},
		{Kind: ui.InArea, Name: "limits", Label: kit.Say(r, "使用限制"), Value: limits, Rows: 4,
			MaxLen: occasion.MaxProse, Hint: kit.Say(r, "适用范围和不能用作什么")}}
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Form(ui.FormView{ID: "report", Action: reviewPath(d.ID, "report"),
		Version: kit.Number(d.Version), Guard: true, Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Buttons: []ui.Action{{Text: kit.Say(r, "保存报告"), Primary: true}}}), kit.Fields(in))
}

func (h *Handler) getReviewPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.reviewOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "step":
		return h.askReview(w, r, d, r.FormValue("do"), "", nil)
	case "print":
		return h.printReview(w, r, d)
	}
	return occasion.Absent()
}

func (h *Handler) askReview(
	w http.ResponseWriter, r *http.Request, d appraise.ReviewDetail, step, reason string, err error,
) error {
	now := reviewMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.reviewPage(r, d, "办理"), Title: d.Title, Path: reviewPath(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return reviewMark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

// postReviewPart does what the forms of an evaluation ask for.
func (h *Handler) postReviewPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.reviewOf(r)
	if err != nil {
		return err
	}
	ctx, by, v, toast := r.Context(), web.Actor(r), r.PostForm, "已保存"
	switch r.PathValue("part") {
	case "step":
		in := appraise.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: web.VersionOf(r),
			Key: v.Get("key")}
		if _, err = h.appraise.FireReview(ctx, by, in); fault.Is(err, fault.Invalid) {
			return h.askReview(w, r, d, in.Step, in.Reason, err)
		}
		toast = "已办理"
	case "expert":
		return h.postExpert(w, r, d)
	case "remove":
		err = h.appraise.RemoveExpert(ctx, by, d.ID, v.Get("expert"), web.VersionOf(r))
	case "score":
		_, err = h.appraise.Score(ctx, by, appraise.Scores{Review: d.ID, Scores: readScores(v),
			Comment: v.Get("comment")})
		toast = "评分已提交"
	case "report":
		_, err = h.appraise.WriteReport(ctx, by, appraise.Report{ID: d.ID, Conclusion: v.Get("conclusion"),
			Limits: v.Get("limits"), Version: web.VersionOf(r)})
	default:
		return occasion.Absent()
	}
	if fault.Is(err, fault.Invalid) {
		return h.showReview(w, r, d, err, templ.NopComponent)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, reviewPath(d.ID, ""), toast)
}

// readScores reads the five scores; an empty one is out of range, not zero.
func readScores(v url.Values) appraise.Five {
	var out appraise.Five
	for i, x := range appraise.Values() {
		out[i] = -1
		if strings.TrimSpace(v.Get(x.Value)) != "" {
			out[i] = kit.Whole(v.Get(x.Value))
		}
	}
	return out
}

// postExpert adds an expert and shows the invitation, this once.
func (h *Handler) postExpert(w http.ResponseWriter, r *http.Request, d appraise.ReviewDetail) error {
	made, err := h.appraise.AddExpert(r.Context(), web.Actor(r), appraise.NewExpert{Review: d.ID,
		Name: r.PostFormValue("name"), Unit: r.PostFormValue("unit"), Version: web.VersionOf(r)})
	if fault.Is(err, fault.Invalid) {
		return h.showReview(w, r, d, err, templ.NopComponent)
	}
	if err != nil {
		return err
	}
	if d, err = h.reviewOf(r); err != nil {
		return err
	}
	r.PostForm.Del("name")
	r.PostForm.Del("unit")
	link := h.Origin(r) + pathJoin + "?code=" + made.Code
	notice := ui.With(ui.Banner(ui.OK, kit.Say(r, "把邀请链接交给%s，只显示这一次：", made.Name)), ui.CopyID(link))
	return h.showReview(w, r, d, nil, notice)
}

func (h *Handler) getReviewNew(w http.ResponseWriter, r *http.Request) error {
	if !appraise.ReviewPolicy.Could(web.Actor(r), appraise.ActReviewCreate) {
		return kit.ErrRole()
	}
	return h.showReviewNew(w, r, appraise.NewReview{Key: id.New(),
		ReviewData: appraise.ReviewData{Post: r.FormValue("post")}}, kit.Pick{Name: "org"}, nil)
}

func (h *Handler) showReviewNew(
	w http.ResponseWriter, r *http.Request, x appraise.NewReview, org kit.Pick, err error,
) error {
	p := h.Web.Page(r, "发起评价")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "估值与评价"), Href: pathHome}, {Text: p.Title}}
	trimmed := ""
	if x.Trimmed {
		trimmed = "1"
	}
	in := []ui.Input{postInput(r, x.Post), {Name: "title", Label: kit.Say(r, "成果名称"), Value: x.Title,
		MaxLen: occasion.MaxTitle, Optional: true},
		{Kind: ui.InSelect, Name: "kind", Label: kit.Say(r, "成果分类"), Value: x.Kind, Width: ui.W18,
			Options: kit.Options(r.Context(), "请选择", appraise.Kinds()), Hint: kit.Say(r, "分类决定五元价值的权重")},
		{Kind: ui.InCheck, Name: "trimmed", Text: kit.Say(r, "平均分去掉一个最高分和一个最低分"), Value: trimmed, Optional: true},
		{Kind: ui.InArea, Name: "basis", Label: kit.Say(r, "评价依据"), Value: x.Basis, Optional: true, Rows: 5,
			MaxLen: occasion.MaxProse, Hint: kit.Say(r, "供专家审阅的材料清单和说明")}}
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "review", Action: pathReviews + "/new", Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: x.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathHome}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title}), ui.With(ui.Form(view), kit.Fields(in[:2]),
			ui.Combobox(h.ownerPick(r, org, err)), kit.Fields(in[2:])))})
}

func (h *Handler) postReviewNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	x := appraise.NewReview{Key: v.Get("key"), ReviewData: appraise.ReviewData{Title: v.Get("title"),
		Post: v.Get("post"), Kind: v.Get("kind"), Trimmed: v.Get("trimmed") == "1", Basis: v.Get("basis")}}
	org := kit.ReadPick(v, "org")
	var f occasion.Faults
	if err := h.FindOrg(ctx, by, &org, &f); err != nil {
		return err
	}
	x.Org = org.Value
	if kit.Dropped(v, "org") {
		return h.showReviewNew(w, r, x, org, nil)
	}
	made, err := h.appraise.CreateReview(ctx, by, x)
	if fault.Is(err, fault.Invalid) {
		return h.showReviewNew(w, r, x, org, kit.Merge(f, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, reviewPath(made.ID, ""), "已保存")
}

// getJoin is where an invitation leads.
func (h *Handler) getJoin(w http.ResponseWriter, r *http.Request) error {
	return h.showJoin(w, r, r.FormValue("code"), nil)
}

func (h *Handler) showJoin(w http.ResponseWriter, r *http.Request, code string, err error) error {
	p := h.Web.Page(r, "加入评价")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "估值与评价"), Href: pathHome}, {Text: p.Title}}
	in := []ui.Input{{Name: "code", Label: kit.Say(r, "邀请码"), Value: code, Mono: true}}
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "join", Action: pathJoin, Summary: ui.SummaryOf(kit.Lang(r), err),
		Buttons: []ui.Action{{Text: kit.Say(r, "确认加入"), Primary: true}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title, Lead: kit.Say(r, "加入即声明：与成果及其单位没有利害关系，独立评分并保密。")}),
		ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postJoin(w http.ResponseWriter, r *http.Request) error {
	code := r.PostFormValue("code")
	v, err := h.appraise.Join(r.Context(), web.Actor(r), code)
	if again(err) {
		return h.showJoin(w, r, code, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, reviewPath(v.ID, ""), "已加入")
}

// printReview is the report on paper.
func (h *Handler) printReview(w http.ResponseWriter, r *http.Request, d appraise.ReviewDetail) error {
	if d.Outcome == nil {
		return occasion.Absent()
	}
	p := h.Web.Page(r, "科技成果五元价值评价报告")
	doc := ui.Document{Back: reviewPath(d.ID, ""), Number: d.Code, Issuer: p.Site.Organiser,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	parts := []templ.Component{kit.Paragraphs([]string{d.Title, d.OrgName,
		kit.Say(r, "成果分类：%s；专家 %d 名，计入 %d 份评分", kit.Titled(r.Context(), appraise.Kinds(), d.Kind),
			d.Outcome.Experts, d.Outcome.Used)}),
		kit.PaperTable(kit.Say(r, "五元价值与权重"), []string{kit.Say(r, "价值"), kit.Say(r, "权重"), kit.Say(r, "平均分"),
			kit.Say(r, "最低—最高")}, valueRows(r, d)),
		kit.PaperHeading(kit.Say(r, "结论")), kit.Paragraphs(strings.Split(d.Conclusion, "\n")),
		kit.PaperHeading(kit.Say(r, "使用限制")), kit.Paragraphs(strings.Split(d.Limits, "\n"))}
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(parts...))
}
