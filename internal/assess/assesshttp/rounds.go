package assesshttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func roundPath(id, tail string) string { return kit.Join(pathRounds, id, tail) }

func (h *Handler) roundOf(r *http.Request) (assess.RoundDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return assess.RoundDetail{}, absent()
	}
	return h.assess.GetRound(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) roundPage(r *http.Request, d assess.RoundDetail, last string) ui.Page {
	return h.Sub(r, "考核", pathHome, d.Title, roundPath(d.ID, ""), last)
}

func (h *Handler) getRound(w http.ResponseWriter, r *http.Request) error {
	d, err := h.roundOf(r)
	if err != nil {
		return err
	}
	return h.showRound(w, r, d, nil)
}

// showRound shows a round, with what was wrong with a form on it.
func (h *Handler) showRound(w http.ResponseWriter, r *http.Request, d assess.RoundDetail, wrong error) error {
	m := roundMark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code,
		Lead: ui.Words(kit.Say(r, "%d 年度", d.Year), h.PlaceName(region.Code(d.Region)))}
	if d.Holds && d.State == assess.Draft {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "编辑"), Href: roundPath(d.ID, "edit")})
	}
	if d.ComputedUs > 0 && len(d.Entries) > 0 {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "打印"), Href: roundPath(d.ID, "print")},
			ui.Action{Text: kit.Say(r, "导出 Excel"), Href: roundPath(d.ID, "export") + "?format=xlsx"})
	}
	head.Actions = append(head.Actions, kit.StepActions(r, d.Offers, roundPath(d.ID, "step"))...)
	parts := h.notices(r, d)
	parts = append(parts, h.results(r, d)...)
	if len(d.Pending) > 0 {
		parts = append(parts, ui.DataTable(appealTable(r, d.Pending)))
	}
	if d.Holds {
		parts = append(parts, h.work(r, d, wrong)...)
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "时间线")), kit.Timeline(r, d.History,
		kit.Titles(assess.RoundProcess), "拟定考核", tone)))
	facts := []ui.Fact{{Term: kit.Say(r, "计分办法"), Text: ui.Words(d.SchemeName, edition(r, d.Edition)),
		Href: kit.Join(pathSchemes, d.Scheme, "")}, {Term: kit.Say(r, "被考核单位"), Text: kit.Number(d.Units)},
		{Term: kit.Say(r, "最近计分"), Text: kit.Moment(r, d.ComputedUs)}}
	if d.AppealsEndUs > 0 {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "申诉期至"), Text: lastDay(r, d.AppealsEndUs)})
	}
	if d.Note != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "说明"), Text: d.Note})
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: h.roundPage(r, d, ""), Body: templ.Join(
		ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)), parts...))})
}

// lastDay is the day that a moment at midnight closes.
func lastDay(r *http.Request, us int64) string {
	return i18n.DateLong(kit.Lang(r), clock.DateOf(clock.Time(us-1)))
}

// notices say where a round stands and what to do.
func (h *Handler) notices(r *http.Request, d assess.RoundDetail) []templ.Component {
	var out []templ.Component
	switch {
	case d.State == assess.Published:
		out = append(out, ui.Banner(ui.OK, kit.Say(r, "结果已发布，各单位都能查看。")))
	case d.AppealsEndUs > 0:
		out = append(out, ui.Banner(ui.Warn, kit.Say(r, "结果公示中：各单位只能看到本单位的明细，可在 %s 前提出申诉。",
			lastDay(r, d.AppealsEndUs))))
	}
	if !d.Holds {
		return out
	}
	switch {
	case len(d.Differs) > 0:
		out = append(out, ui.Banner(ui.Bad, kit.Say(r, "复算不一致：%s。请重新计分并查明原因。", strings.Join(d.Differs, "、"))))
	case d.ComputedUs > 0 && d.MarkedUs <= d.ComputedUs:
		out = append(out, ui.Banner(ui.OK, kit.Say(r, "复算一致：用保存的数据重新计算，结果与记录完全相同。")))
	case d.ComputedUs > 0:
		out = append(out, ui.Banner(ui.Warn, kit.Say(r, "计分之后有改动，请重新计分。")))
	}
	return out
}

// results is a table for each group.
func (h *Handler) results(r *http.Request, d assess.RoundDetail) []templ.Component {
	if len(d.Entries) == 0 {
		if d.Holds {
			return []templ.Component{ui.Empty(kit.Say(r, "还没有被考核单位"), kit.Say(r, "在下面填写单位名称，一行一个。"))}
		}
		return []templ.Component{ui.With(ui.Block(kit.Say(r, "结果")), ui.Note(kit.Say(r,
			"公示后，这里显示本单位的得分和明细；发布后显示全部单位。")))}
	}
	var out []templ.Component
	for _, g := range assess.Groups() {
		tab := ui.Table{Caption: kit.Say(r, g.Title), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "单位")},
			{Label: kit.Say(r, "名次"), Num: true}, {Label: kit.Say(r, "总分"), Num: true}, {Label: kit.Say(r, "等次")},
			{Label: kit.Say(r, "计分项"), Num: true}, {Label: kit.Say(r, "加分"), Num: true}, {Label: kit.Say(r, "扣分"), Num: true}}}
		removes := d.Holds && (d.State == assess.Draft || d.State == assess.RulesPublic)
		if removes {
			tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
		}
		for _, e := range d.Entries {
			if e.Group != g.Value {
				continue
			}
			row := resultRow(r, e)
			if removes {
				row.Cells = append(row.Cells, ui.Cell{Body: ui.PostButton(ui.Post{Action: roundPath(d.ID, "remove"),
					Hidden: []ui.Hidden{{Name: "entry", Value: e.ID}, {Name: "version", Value: kit.Number(d.Version)}},
					Button: ui.Action{Text: kit.Say(r, "移除"), Small: true, Label: kit.Say(r, "移除") + " " + e.OrgName}})})
			}
			tab.Rows = append(tab.Rows, row)
		}
		if len(tab.Rows) > 0 {
			out = append(out, ui.DataTable(tab))
		}
	}
	return out
}

func resultRow(r *http.Request, e assess.Entry) ui.Row {
	href := kit.Join(pathEntries, e.ID, "")
	row := textRow(e.OrgName, "—", "—", "—", "—", "—", "—")
	row.Cells[0].Href = href
	if e.Result == nil {
		return row
	}
	x := *e.Result
	if x.Rank > 0 {
		row.Cells[1].Text = kit.Number(x.Rank)
	}
	row.Cells[2] = ui.Cell{Text: assess.TwoPlaces(x.Total), Href: href}
	row.Cells[3].Text = ui.OrDash(x.Grade)
	if x.Veto {
		row.Tone = ui.Bad
		row.Cells[3].Sub = kit.Say(r, "一票否决")
	}
	for i, kind := range []string{assess.KindItem, assess.KindBonus, assess.KindDeduction} {
		row.Cells[4+i] = ui.Cell{Text: assess.TwoPlaces(x.Sum(kind)), Href: href}
	}
	return row
}

// work is what those who run a round do on its page.
func (h *Handler) work(r *http.Request, d assess.RoundDetail, wrong error) []templ.Component {
	var out []templ.Component
	switch d.State {
	case assess.Scoring, assess.Shown, assess.Deciding:
		hint := kit.Say(r, "重新取数，并按计分办法计算全部单位。")
		if d.State != assess.Scoring {
			hint = kit.Say(r, "数据以公示时为准，只计入之后的人工更正。")
		}
		out = append(out, ui.With(ui.Block(kit.Say(r, "计分")), ui.Note(hint), ui.PostButton(ui.Post{
			Action: roundPath(d.ID, "count"), Hidden: []ui.Hidden{{Name: "version", Value: kit.Number(d.Version)}},
			Button: ui.Action{Text: kit.Say(r, "计分"), Primary: true}})), h.importForm(r, d, wrong))
	}
	switch d.State {
	case assess.Draft, assess.RulesPublic, assess.Scoring:
		out = append(out, h.unitForm(r, d, wrong))
	}
	return out
}

func (h *Handler) importForm(r *http.Request, d assess.RoundDetail, wrong error) templ.Component {
	in := []ui.Input{{Kind: ui.InFile, Name: sheet.FieldFile, Label: kit.Say(r, "填报表"), Accept: ".xlsx,.csv",
		Hint: kit.Say(r, "有一处问题就一行也不导入")}}
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Block(kit.Say(r, "填报人工评分")), ui.Button(ui.Action{Text: kit.Say(r, "下载填报表"),
		Href: roundPath(d.ID, "export") + "?table=marks&format=xlsx", Small: true}),
		ui.With(ui.Form(ui.FormView{ID: "import", Action: roundPath(d.ID, "import"), Upload: true, Plain: true,
			Version: kit.Number(d.Version), Summary: summaryFor(r, wrong, sheet.FieldFile),
			Buttons: []ui.Action{{Text: kit.Say(r, "导入填报表")}}}), kit.Fields(in)))
}

// summaryFor is the summary of a fault for the form that has a field of it.
func summaryFor(r *http.Request, err error, field string) ui.Summary {
	e, ok := fault.As(err)
	if !ok || err == nil {
		return ui.Summary{}
	}
	units := len(e.Fields) > 0 && strings.HasPrefix(e.Fields[0].Name, "names")
	if units != (field == "names") {
		return ui.Summary{}
	}
	return ui.SummaryOf(kit.Lang(r), err)
}

func (h *Handler) unitForm(r *http.Request, d assess.RoundDetail, wrong error) templ.Component {
	in := []ui.Input{{Kind: ui.InArea, Name: "names", Label: kit.Say(r, "单位名单"), Value: r.PostFormValue("names"),
		Rows: 5, Hint: kit.Say(r, "一行一个，须在主体库中")},
		{Kind: ui.InSelect, Name: "group", Label: kit.Say(r, "组别"), Value: r.PostFormValue("group"), Optional: true,
			Width: ui.W18, Options: options(r, "按主体库判断", assess.Groups(), false)}}
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Block(kit.Say(r, "列入被考核单位")), ui.With(ui.Form(ui.FormView{ID: "units",
		Action: roundPath(d.ID, "units"), Version: kit.Number(d.Version), Plain: true,
		Summary: summaryFor(r, wrong, "names"), Buttons: []ui.Action{{Text: kit.Say(r, "列入")}}}), kit.Fields(in)))
}

func (h *Handler) getRoundPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.roundOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		if err := assess.RoundPolicy.May(web.Actor(r), assess.ActRoundRun, d.Round); err != nil {
			return err
		}
		return h.showRoundForm(w, r, d.Round, "", nil)
	case "step":
		return h.askRound(w, r, d, r.FormValue("do"), "", nil)
	case "print":
		return h.printRound(w, r, d)
	case "export":
		return h.export(w, r, d.ID, r.FormValue("table"), r.FormValue("format"))
	}
	return absent()
}

func (h *Handler) askRound(
	w http.ResponseWriter, r *http.Request, d assess.RoundDetail, step, reason string, err error,
) error {
	now := roundMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.roundPage(r, d, "办理"), Title: d.Title, Path: roundPath(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return roundMark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

// formMemory is what an upload may take of memory before it goes to a file.
const formMemory = 1 << 20

// postRoundPart does what the forms of a round ask for.
func (h *Handler) postRoundPart(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	d, err := h.roundOf(r)
	if err != nil {
		return err
	}
	ctx, by, v, toast := r.Context(), web.Actor(r), r.PostForm, "已保存"
	version := web.VersionOf(r)
	switch r.PathValue("part") {
	case "edit":
		return h.postRoundEdit(w, r, d)
	case "step":
		in := assess.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: version,
			Key: v.Get("key")}
		if _, err = h.assess.FireRound(ctx, by, in); fault.Is(err, fault.Invalid) {
			return h.askRound(w, r, d, in.Step, in.Reason, err)
		}
		toast = "已办理"
	case "units":
		err = h.addUnits(r, d.ID, version)
	case "remove":
		_, err = h.assess.RemoveUnit(ctx, by, d.ID, v.Get("entry"), version)
	case "count":
		_, err = h.assess.Count(ctx, by, d.ID, version)
		toast = "已计分"
	case "import":
		err = h.importMarks(r, d.ID, version)
		toast = "已导入，请重新计分"
	default:
		return absent()
	}
	if fault.Is(err, fault.Invalid) {
		return h.showRound(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, roundPath(d.ID, ""), toast)
}

// readForm reads a form with or without a file.
func readForm(r *http.Request) error {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return kit.BadForm(err)
	}
	return nil
}

// addUnits finds the units that were typed and puts them into a round.
func (h *Handler) addUnits(r *http.Request, roundID string, version int64) error {
	ctx, by := r.Context(), web.Actor(r)
	in := assess.NewUnits{Round: roundID, Version: version}
	var f occasion.Faults
	for line := range strings.Lines(r.PostForm.Get("names")) {
		p := kit.Pick{Name: "names", Text: occasion.Tidy(line)}
		if p.Text == "" {
			continue
		}
		if err := h.FindOrg(ctx, by, &p, &f); err != nil {
			return err
		}
		if p.Value != "" {
			in.Units = append(in.Units, assess.Unit{Org: p.Value, Group: r.PostForm.Get("group")})
		}
	}
	if len(f) == 0 && len(in.Units) == 0 {
		f.Add("names", "请填写这一项")
	}
	if len(f) > 0 {
		return f.Err()
	}
	_, err := h.assess.AddUnits(ctx, by, in)
	return err
}

func (h *Handler) importMarks(r *http.Request, roundID string, version int64) error {
	file, head, err := r.FormFile(sheet.FieldFile)
	if err != nil {
		return fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	defer func() { _ = file.Close() }() // it was only read
	_, err = h.assess.ImportMarks(r.Context(), web.Actor(r), assess.MarkImport{Round: roundID, Version: version,
		Name: head.Filename, File: file})
	return err
}

func (h *Handler) getRoundNew(w http.ResponseWriter, r *http.Request) error {
	if !assess.RoundPolicy.Could(web.Actor(r), assess.ActRoundCreate) {
		return kit.ErrRole()
	}
	year := int64(h.Now().In(clock.Shanghai).Year())
	return h.showRoundForm(w, r, assess.Round{RoundData: assess.RoundData{Year: year, Region: string(h.HomeCode())}},
		id.New(), nil)
}

// showRoundForm is the form of a round that is made or changed.
func (h *Handler) showRoundForm(
	w http.ResponseWriter, r *http.Request, x assess.Round, key string, err error,
) error {
	list, lerr := h.assess.ListSchemes(r.Context(), web.Actor(r))
	if lerr != nil {
		return lerr
	}
	var schemes []assess.Choice
	for _, s := range list {
		schemes = append(schemes, assess.Choice{Value: s.ID, Title: ui.Words(s.Name, edition(r, s.Edition))})
	}
	p := h.Web.Page(r, "拟定考核")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "考核"), Href: pathHome}, {Text: p.Title}}
	view := ui.FormView{ID: "round", Action: pathRounds + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden:  []ui.Hidden{{Name: "key", Value: key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathHome}}}
	if x.ID != "" {
		p = h.Sub(r, "考核", pathHome, x.Title, roundPath(x.ID, ""), "编辑")
		view.Action, view.Version = roundPath(x.ID, "edit"), kit.Number(x.Version)
		view.Buttons[1].Href = roundPath(x.ID, "")
	}
	in := []ui.Input{{Name: "title", Label: kit.Say(r, "名称"), Value: x.Title, MaxLen: 80},
		{Kind: ui.InNumber, Name: "year", Label: kit.Say(r, "考核年度"), Value: kit.Blank(x.Year), Width: ui.W6},
		{Kind: ui.InSelect, Name: "region", Label: kit.Say(r, "所在地区"), Value: x.Region, Width: ui.W18,
			Options: h.PlaceOptions(r.Context(), web.Actor(r), "请选择", x.Region)},
		{Kind: ui.InSelect, Name: "scheme", Label: kit.Say(r, "计分办法"), Value: x.Scheme,
			Options: options(r, "请选择", schemes, true), Hint: kit.Say(r, "公布规则后不再改变")},
		{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "说明"), Value: x.Note, Optional: true, Rows: 4}}
	ui.Mark(kit.Lang(r), in, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title}), ui.With(ui.Form(view), kit.Fields(in)))})
}

func readRound(v url.Values) assess.RoundData {
	return assess.RoundData{Title: v.Get("title"), Year: whole(v.Get("year")), Region: v.Get("region"),
		Scheme: v.Get("scheme"), Note: v.Get("note")}
}

func (h *Handler) postRoundNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := assess.NewRound{RoundData: readRound(r.PostForm), Key: r.PostForm.Get("key")}
	x, err := h.assess.CreateRound(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showRoundForm(w, r, assess.Round{RoundData: in.RoundData}, in.Key, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, roundPath(x.ID, ""), "已保存")
}

func (h *Handler) postRoundEdit(w http.ResponseWriter, r *http.Request, d assess.RoundDetail) error {
	in := assess.RoundUpdate{ID: d.ID, RoundData: readRound(r.PostForm), Version: web.VersionOf(r)}
	_, err := h.assess.UpdateRound(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		d.RoundData = in.RoundData
		return h.showRoundForm(w, r, d.Round, "", err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, roundPath(d.ID, ""), "已保存")
}
