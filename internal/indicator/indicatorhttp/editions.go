package indicatorhttp

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxListed is how many problems or changes a page lists.
const maxListed = 200

func mayRevise(r *http.Request) bool {
	return indicator.EditionPolicy.Could(web.Actor(r), indicator.ActEditionWrite)
}

func editionPath(set string, n int64, tail string) string {
	return strings.TrimSuffix(setPath(set, "editions/"+kit.Number(n)+"/"+tail), "/")
}

var editionTones = map[string]ui.Tone{indicator.EditionDraft: ui.Run, indicator.EditionPublished: ui.OK,
	indicator.EditionDiscarded: ui.Idle}

// editionMark is the state of an edition: in force, to come and ended are told by the days.
func (h *Handler) editionMark(r *http.Request, e indicator.Edition) ui.State {
	today := h.today()
	switch {
	case e.State != indicator.EditionPublished:
		return ui.State{Tone: editionTones[e.State], Text: titled(r.Context(), indicator.EditionStates(), e.State)}
	case e.Holds(today):
		return ui.State{Tone: ui.OK, Text: kit.Say(r, "现行")}
	case e.From > today:
		return ui.State{Tone: ui.Run, Text: kit.Say(r, "尚未生效")}
	}
	return ui.State{Tone: ui.Idle, Text: kit.Say(r, "已结束")}
}

// validity says from when to when an edition holds.
func validity(r *http.Request, e indicator.Edition) string {
	if e.State != indicator.EditionPublished {
		return "—"
	}
	from, until := kit.Say(r, "最初"), kit.Say(r, "至今")
	if e.From != "" {
		from = kit.Say(r, "%s 起", i18n.Date(kit.Lang(r), e.From))
	}
	if e.To != "" {
		until = kit.Say(r, "至 %s 止", i18n.Date(kit.Lang(r), e.To.AddDays(-1)))
	}
	return ui.Words(from, until)
}

func (h *Handler) editionName(r *http.Request, n int64) string { return kit.Say(r, "第 %d 版", n) }

// getEditions lists the editions of a set and lets two be chosen to compare.
func (h *Handler) getEditions(w http.ResponseWriter, r *http.Request) error {
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	return h.showEditions(w, r, d, "", nil)
}

func (h *Handler) showEditions(
	w http.ResponseWriter, r *http.Request, d indicator.SetDetail, note string, wrong error,
) error {
	list, err := h.room.ListEditions(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	tab := ui.Table{Caption: kit.Say(r, "各版"), Cols: []ui.Column{{Label: kit.Say(r, "版次")},
		{Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "有效期")}, {Label: kit.Say(r, "为什么修订")},
		{Label: kit.Say(r, "起草")}, {Label: kit.Say(r, "定版")}}}
	for _, e := range list {
		m := h.editionMark(r, e)
		published := ui.Cell{Text: "—"}
		if e.PublishedUs != 0 {
			published = ui.Cell{Text: kit.Moment(r, e.PublishedUs), Sub: web.Who(r, e.PublishedLogin)}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: h.editionName(r, e.N), Href: editionPath(d.ID, e.N, "")}, {Status: &m}, {Text: validity(r, e)},
			{Text: ui.OrDash(e.Note)}, {Text: kit.Moment(r, e.CreatedUs), Sub: web.Who(r, e.CreatedLogin)}, published}})
	}
	parts := []templ.Component{ui.DataTable(tab)}
	if len(list) > 1 {
		parts = append(parts, h.compareForm(r, d.ID, list, list[1].N, list[0].N))
	}
	if mayRevise(r) && d.Draft == nil {
		in := []ui.Input{{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "为什么修订"), Value: note, Rows: 2,
			Optional: true}}
		ui.Mark(kit.Lang(r), in, wrong)
		view := ui.FormView{ID: "draft", Action: setPath(d.ID, "editions"), Summary: ui.SummaryOf(kit.Lang(r), wrong),
			Hidden: []ui.Hidden{{Name: "key", Value: id.New()}}, Buttons: []ui.Action{
				{Text: kit.Say(r, "开始修订"), Primary: true}}}
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "新的一版")),
			ui.Note(kit.Say(r, "草案从生效日期最晚的一版抄起，定版以前什么也不变；同时只有一份草案。")),
			ui.With(ui.Form(view), kit.Fields(in))))
	}
	head := ui.Head{Title: kit.Say(r, "各版"), Lead: d.Name}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong),
		Page: h.Sub(r, "指标体系", pathSets, d.Name, setPath(d.ID, ""), "各版"),
		Body: templ.Join(ui.PageHead(head), stack(parts...))})
}

func (h *Handler) postEditions(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	in := indicator.NewDraft{Set: d.ID, Note: r.PostForm.Get("note"), Key: r.PostForm.Get("key")}
	e, err := h.room.DraftEdition(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showEditions(w, r, d, in.Note, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, editionPath(d.ID, e.N, ""), "草案已建立")
}

func (h *Handler) compareForm(
	r *http.Request, set string, list []indicator.Edition, from, to int64,
) templ.Component {
	var opts []ui.Option
	for _, e := range list {
		opts = append(opts, ui.Option{Value: kit.Number(e.N),
			Text: ui.Words(h.editionName(r, e.N), h.editionMark(r, e).Text)})
	}
	view := ui.FormView{ID: "compare", Action: setPath(set, "compare"), Get: true,
		Buttons: []ui.Action{{Text: kit.Say(r, "比较")}}}
	return ui.With(ui.Block(kit.Say(r, "比较两版")), ui.With(ui.Form(view), kit.Fields([]ui.Input{
		{Kind: ui.InSelect, Name: "from", Label: kit.Say(r, "从"), Value: kit.Number(from), Options: opts},
		{Kind: ui.InSelect, Name: "to", Label: kit.Say(r, "到"), Value: kit.Number(to), Options: opts}})))
}

// getCompare shows two editions line by line.
func (h *Handler) getCompare(w http.ResponseWriter, r *http.Request) error {
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	list, err := h.room.ListEditions(ctx, by, d.ID)
	if err != nil {
		return err
	}
	from, to := kit.Whole(r.FormValue("from")), kit.Whole(r.FormValue("to"))
	c, err := h.room.CompareEditions(ctx, by, d.ID, from, to)
	if err != nil {
		return err
	}
	title := kit.Say(r, "第 %d 版与第 %d 版", from, to)
	body := templ.Join(ui.PageHead(ui.Head{Title: title, Lead: d.Name}), stack(
		h.changeBlock(r, kit.Say(r, "逐项比较"), c.Changes), h.compareForm(r, d.ID, list, from, to)))
	p := h.Sub(r, "指标体系", pathSets, d.Name, setPath(d.ID, ""), "比较两版")
	return h.Web.Render(w, r, web.View{Page: p, Body: body})
}

// changeBlock shows what changes, line by line.
func (h *Handler) changeBlock(r *http.Request, title string, list []indicator.Change) templ.Component {
	if len(list) == 0 {
		return ui.With(ui.Block(title), ui.Note(kit.Say(r, "没有不同。")))
	}
	breaks := 0
	for _, c := range list {
		if c.Breaks {
			breaks++
		}
	}
	text := kit.Say(r, "共 %d 处不同。", len(list))
	if breaks > 0 {
		text = kit.Say(r, "共 %d 处不同，其中 %d 项指标的序列会断开。", len(list), breaks)
	}
	tab := ui.Table{Caption: title, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "变化")},
		{Label: kit.Say(r, "名称")}, {Label: kit.Say(r, "内容")}, {Label: kit.Say(r, "序列")}}}
	for _, c := range list[:min(len(list), maxListed)] {
		row := ui.Row{Cells: []ui.Cell{{Text: titled(r.Context(), indicator.ChangeKinds(), c.Kind),
			Sub: titled(r.Context(), indicator.ChangeParts(), c.Of)}, {Text: c.Name, Sub: c.Group},
			{Body: fieldChanges(r, c)}, {Text: seriesText(r, c)}}}
		if c.Breaks {
			row.Tone = ui.Warn
		}
		tab.Rows = append(tab.Rows, row)
	}
	return ui.With(ui.Block(title), ui.Note(text), ui.DataTable(tab))
}

func seriesText(r *http.Request, c indicator.Change) string {
	switch {
	case c.Breaks:
		return kit.Say(r, "断开：与以前不可比")
	case c.Defines:
		return kit.Say(r, "新版口径，仍可比")
	}
	return "—"
}

// fieldChanges writes each field as: 权重 60 → 50.
func fieldChanges(r *http.Request, c indicator.Change) templ.Component {
	var out []string
	for _, f := range c.Fields {
		out = append(out, kit.Say(r, f.Title)+" "+ui.OrDash(kit.Say(r, f.Old))+" → "+ui.OrDash(kit.Say(r, f.New)))
	}
	if len(out) == 0 {
		return kit.Paragraphs([]string{"—"})
	}
	return kit.Paragraphs(out)
}

// editionOf reads the edition of the address.
func (h *Handler) editionOf(r *http.Request) (indicator.SetDetail, indicator.EditionDetail, error) {
	d, err := h.setOf(r)
	if err != nil {
		return d, indicator.EditionDetail{}, err
	}
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || n < 1 {
		return d, indicator.EditionDetail{}, absent()
	}
	e, err := h.room.GetEdition(r.Context(), web.Actor(r), indicator.EditionRef{Set: d.ID, N: n})
	return d, e, err
}

// editionPage begins a page of an edition.
func (h *Handler) editionPage(
	r *http.Request, d indicator.SetDetail, e indicator.Edition, last string,
) ui.Page {
	name := h.editionName(r, e.N)
	p := h.Sub(r, "指标体系", pathSets, d.Name, setPath(d.ID, ""), "各版")
	p.Crumbs[2].Href = setPath(d.ID, "editions")
	p.Crumbs = append(p.Crumbs, ui.Link{Text: name})
	p.Title = name + " · " + d.Name
	if last != "" {
		p.Crumbs[3].Href = editionPath(d.ID, e.N, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: kit.Say(r, last)})
		p.Title = kit.Say(r, last) + " · " + p.Title
	}
	return p
}

// getEdition shows an edition, with the check of a draft, or sends it as a file.
func (h *Handler) getEdition(w http.ResponseWriter, r *http.Request) error {
	d, e, err := h.editionOf(r)
	if err != nil {
		return err
	}
	if done, err := h.sendSet(w, r, d, e.N); done {
		return err
	}
	m := h.editionMark(r, e.Edition)
	editable := e.State == indicator.EditionDraft && mayRevise(r)
	path := editionPath(d.ID, e.N, "")
	head := ui.Head{Title: h.editionName(r, e.N), ID: d.Code, Lead: d.Name, Status: &m, Actions: []ui.Action{
		{Text: "YAML", Href: path + "?format=yaml", Label: kit.Say(r, "导出体系文件")},
		{Text: "Excel", Href: path + "?format=xlsx", Label: kit.Say(r, "导出 Excel")}}}
	if editable {
		head.Actions = append([]ui.Action{{Text: kit.Say(r, "定版"), Href: path + "/publish",
			Primary: len(e.Faults) == 0}, {Text: kit.Say(r, "作废"), Href: path + "/discard"}}, head.Actions...)
	}
	var parts []templ.Component
	if e.State == indicator.EditionDraft {
		parts = append(parts, h.checkBlock(r, d, e), h.changeBlock(r, kit.Say(r, "与现在相比"), e.Changes))
	}
	for i, g := range e.Content.Groups {
		parts = append(parts, h.draftGroup(r, d, e, i, g, editable))
	}
	if editable {
		parts = append(parts, ui.Button(ui.Action{Text: kit.Say(r, "加一级指标"), Href: path + "/group?at=new"}))
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "经过")), kit.Timeline(r, e.History,
		kit.Titles(indicator.EditionProcess), "起草", func(s string) ui.Tone { return editionTones[s] })))
	facts := []ui.Fact{{Term: kit.Say(r, "名称"), Text: e.Content.Name},
		{Term: kit.Say(r, "年度"), Text: kit.Number(e.Content.Year)}, {Term: kit.Say(r, "标注"), Text: e.Content.Label},
		{Term: kit.Say(r, "出处"), Text: e.Content.Source},
		{Term: kit.Say(r, "权重的写法"), Text: titled(r.Context(), indicator.Weightings(), e.Content.WeightingOf())},
		{Term: kit.Say(r, "有效期"), Text: validity(r, e.Edition)}, {Term: kit.Say(r, "为什么修订"), Text: e.Note}}
	if editable {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "修改"), Text: kit.Say(r, "修改体系说明"), Href: path + "/about"})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)),
		stack(parts...)))
	return h.Web.Render(w, r, web.View{Page: h.editionPage(r, d, e.Edition, ""), Body: body})
}

// checkBlock says what hinders a draft, each with the way to its field, and what it would do.
func (h *Handler) checkBlock(r *http.Request, d indicator.SetDetail, e indicator.EditionDetail) templ.Component {
	var parts []templ.Component
	if len(e.Faults) == 0 {
		parts = append(parts, ui.Banner(ui.OK, kit.Say(r, "检查没有问题，可以定版：新定义指标 %d 项，建立口径 %d 条。", e.Adds,
			e.Defines)))
	} else {
		parts = append(parts, ui.Banner(ui.Bad, kit.Say(r, "有 %d 处要改好才能定版。", len(e.Faults))),
			h.problemList(r, d, e, kit.Say(r, "要改的"), e.Faults))
	}
	if len(e.Hints) > 0 {
		parts = append(parts, hintList(r, e))
	}
	return ui.With(ui.Block(kit.Say(r, "检查")), parts...)
}

func (h *Handler) problemList(
	r *http.Request, d indicator.SetDetail, e indicator.EditionDetail, title string, list []fault.Field,
) templ.Component {
	tab := ui.Table{Caption: title, Visible: true, Dense: true, Plain: true, Cols: []ui.Column{
		{Label: kit.Say(r, "位置")}, {Label: kit.Say(r, "说明")}}}
	for _, f := range list[:min(len(list), maxListed)] {
		at := readPlace(f.Name)
		cell := ui.Cell{Text: at.text(r, e.Content)}
		if mayRevise(r) {
			cell.Href = at.href(d.ID, e.N)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: i18n.FieldText(kit.Lang(r), f)}}})
	}
	return ui.DataTable(tab)
}

// maxNamed is how many indicators a hint names.
const maxNamed = 6

// hintList says once what several indicators lack, with the first of them.
func hintList(r *http.Request, e indicator.EditionDetail) templ.Component {
	title := kit.Say(r, "建议补充，不影响定版")
	tab := ui.Table{Caption: title, Visible: true, Dense: true, Plain: true, Cols: []ui.Column{
		{Label: kit.Say(r, "说明")}, {Label: kit.Say(r, "指标")}}}
	names := map[string][]string{}
	var texts []string
	for _, f := range e.Hints {
		text := i18n.FieldText(kit.Lang(r), f)
		if names[text] == nil {
			texts = append(texts, text)
		}
		p := readPlace(f.Name)
		names[text] = append(names[text], e.Content.Groups[p.group].Items[p.item].Title)
	}
	for _, text := range texts {
		list := names[text]
		named := strings.Join(list[:min(len(list), maxNamed)], " · ")
		if len(list) > maxNamed {
			named = kit.Say(r, "%s 等 %d 项", named, len(list))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: text}, {Text: named}}})
	}
	return ui.DataTable(tab)
}

// place is a part of a set file: a field of a whole, of a group or of an indicator.
type place struct {
	group, item int // -1 = none
	field       string
}

// readPlace reads the name of a field: groups.0.items.2.weight.
func readPlace(name string) place {
	p := place{-1, -1, name}
	words := strings.Split(name, ".")
	number := func(i int) int {
		n, err := strconv.Atoi(words[i])
		if err != nil {
			return -1
		}
		return n
	}
	if len(words) >= 3 && words[0] == "groups" {
		p.group, p.field = number(1), words[2]
		if len(words) == 5 {
			p.item, p.field = number(3), words[4]
		}
	}
	return p
}

func (p place) text(r *http.Request, s indicator.SetFile) string {
	if p.group < 0 || p.group >= len(s.Groups) {
		return kit.Say(r, "整个体系")
	}
	g := s.Groups[p.group]
	if p.item < 0 || p.item >= len(g.Items) {
		return g.Name
	}
	return g.Name + " › " + g.Items[p.item].Name
}

// href is where the field is mended.
func (p place) href(set string, n int64) string {
	base := editionPath(set, n, "")
	switch {
	case p.item >= 0:
		return fmt.Sprintf("%s/item?at=%d.%d#%s", base, p.group, p.item, ui.FieldID(p.field))
	case p.group >= 0:
		return fmt.Sprintf("%s/group?at=%d#%s", base, p.group, ui.FieldID(p.field))
	case p.field != "groups":
		return base + "/about#" + ui.FieldID(p.field)
	}
	return ""
}

// draftGroup shows a group with its indicators.
func (h *Handler) draftGroup(
	r *http.Request, d indicator.SetDetail, e indicator.EditionDetail, i int, g indicator.FileGroup, editable bool,
) templ.Component {
	ctx := r.Context()
	path := editionPath(d.ID, e.N, "")
	tab := ui.Table{Caption: g.Name, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "计量单位")}, {Label: kit.Say(r, "方向")}, {Label: kit.Say(r, "权重"), Num: true},
		{Label: kit.Say(r, "数据方式")}, {Label: kit.Say(r, "责任单位")}}}
	for j, x := range g.Items {
		name := ui.Cell{Text: x.Title}
		if x.Title != x.Name {
			name.Sub = x.Name
		}
		row := ui.Row{}
		if editable {
			name.Href = fmt.Sprintf("%s/item?at=%d.%d", path, i, j)
		}
		if slices.ContainsFunc(e.Faults, func(f fault.Field) bool {
			p := readPlace(f.Name)
			return p.group == i && p.item == j
		}) {
			row.Tone, name.Tags = ui.Bad, []string{kit.Say(r, "需要修改")}
		}
		way := ui.Words(titled(ctx, indicator.Kinds(), x.Kind), titled(ctx, indicator.Frequencies(), x.Frequency))
		row.Cells = []ui.Cell{name, {Text: x.Unit}, {Text: titled(ctx, plan.Directions(), x.Direction)},
			{Text: ui.OrDash(string(x.Weight))}, {Text: way, Sub: x.Formula}, {Text: ui.OrDash(x.Owner)}}
		tab.Rows = append(tab.Rows, row)
	}
	block := []templ.Component{}
	if text := ui.Words(titled(ctx, indicator.Marks(), g.Mark), g.Source); text != "" {
		block = append(block, ui.Note(text))
	}
	if len(tab.Rows) > 0 {
		block = append(block, ui.DataTable(tab))
	} else {
		block = append(block, ui.Note(kit.Say(r, "这个一级指标下还没有指标。")))
	}
	if editable {
		block = append(block, buttons(ui.Action{Text: kit.Say(r, "加指标"), Small: true,
			Label: kit.Say(r, "在%s中加指标", g.Name), Href: fmt.Sprintf("%s/item?at=%d.new", path, i)},
			ui.Action{Text: kit.Say(r, "修改一级指标"), Small: true, Label: kit.Say(r, "修改%s", g.Name),
				Href: fmt.Sprintf("%s/group?at=%d", path, i)}))
	}
	return ui.With(ui.Block(ui.Words(g.Name, weightText(r, g.Weight))), stack(block...))
}

// sendSet sends an edition of a set as a file when the address asks for one; n = 0 is the one in force.
func (h *Handler) sendSet(
	w http.ResponseWriter, r *http.Request, d indicator.SetDetail, n int64,
) (done bool, err error) {
	ctx, by, ref := r.Context(), web.Actor(r), indicator.EditionRef{Set: d.ID, N: n}
	name := d.Code
	if n > 0 {
		name += "-" + kit.Number(n)
	}
	switch format := r.FormValue("format"); format {
	case "":
		return false, nil
	case "yaml":
		out := web.NewDownload(w, name+".yaml", mediaTypes["yaml"])
		return true, out.End(h.room.WriteSetFile(ctx, by, ref, out))
	default:
		return true, h.export(w, r, d.Name, format, name, func(e indicator.Export, out *web.Download) error {
			_, err := h.room.WriteSet(ctx, by, ref, e, out)
			return err
		})
	}
}

// askEdition asks before a draft is put in force or thrown away.
func (h *Handler) askEdition(
	w http.ResponseWriter, r *http.Request, d indicator.SetDetail, e indicator.EditionDetail, v url.Values, err error,
) error {
	part := r.PathValue("part")
	i := slices.IndexFunc(e.Offers, func(o process.Offer) bool { return o.Step == part })
	if i < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	if !e.Offers[i].Allowed {
		return e.Offers[i].WhyNot
	}
	path := editionPath(d.ID, e.N, "")
	q := ui.Question{Title: kit.Say(r, e.Offers[i].Title), Back: ui.Link{Text: kit.Say(r, "返回"), Href: path},
		Form: ui.FormView{ID: "step", Action: path + "/" + part, Version: kit.Number(e.Version),
			Summary: ui.SummaryOf(kit.Lang(r), err)}}
	if part == indicator.StepPublish {
		q.Text = kit.Say(r, "从生效日期起按这一版监测，上一版到前一天为止。定版后不能再改，只能再修订一版。")
		from := dayInput("from", kit.Say(r, "生效日期"), readDay(v, h.today().AddDays(1)))
		from.Hint = kit.Say(r, "在这一天或以后结束的期别按新的口径计算")
		q.Inputs, q.Button = []ui.Input{from}, ui.Action{Text: kit.Say(r, "定版"), Primary: true}
		q.Facts = []ui.Fact{{Term: kit.Say(r, "要改的"), Text: i18n.Int(int64(len(e.Faults))), Href: path},
			{Term: kit.Say(r, "新定义的指标"), Text: i18n.Int(int64(e.Adds))},
			{Term: kit.Say(r, "建立口径"), Text: i18n.Int(int64(e.Defines))},
			{Term: kit.Say(r, "断开的序列"), Text: i18n.Int(int64(breaksOf(e.Changes)))}}
	} else {
		q.Text = kit.Say(r, "草案作废后不能再用，体系照旧。")
		q.Inputs = []ui.Input{{Kind: ui.InArea, Name: "reason", Label: kit.Say(r, "理由"), Value: v.Get("reason"),
			Rows: 2, MaxLen: process.MaxReason}}
		q.Button = ui.Action{Text: kit.Say(r, "作废"), Danger: true}
	}
	ui.Mark(kit.Lang(r), q.Inputs, err)
	head := ui.Head{Title: q.Title, Lead: ui.Words(d.Name, h.editionName(r, e.N))}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.editionPage(r, d, e.Edition, e.Offers[i].Title),
		Body: templ.Join(ui.PageHead(head), ui.Confirm(q))})
}

func breaksOf(list []indicator.Change) int {
	n := 0
	for _, c := range list {
		if c.Breaks {
			n++
		}
	}
	return n
}
