package indicatorhttp

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// This file holds the forms in which a draft of a set is edited.

func (h *Handler) getSetNew(w http.ResponseWriter, r *http.Request) error {
	return h.showSetNew(w, r, indicator.SetData{Year: int64(h.Now().Year())}, id.New(), nil)
}

func (h *Handler) showSetNew(
	w http.ResponseWriter, r *http.Request, data indicator.SetData, key string, err error,
) error {
	if !mayRevise(r) {
		return kit.ErrRole()
	}
	code := ui.Input{Name: "code", Label: kit.Say(r, "代码"), Value: data.Code, Mono: true, Width: ui.W18,
		Hint: kit.Say(r, "小写字母、数字和连字符，如 city-2027；文件用它认体系，以后不变")}
	inputs := append([]ui.Input{code}, setInputs(r, data)...)
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "set", Action: pathSets + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "建立草案"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathSets}}}
	p := h.Web.Page(r, "新建体系")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标体系"), Href: pathSets}, {Text: p.Title}}
	lead := kit.Say(r, "先写体系的说明，再在草案中加一级指标和指标；定版以前只有市局看得到。")
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(ui.Head{Title: p.Title, Lead: lead}), ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postSetNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := indicator.NewSet{SetData: readSet(r.PostForm), Key: r.PostForm.Get("key")}
	e, err := h.room.CreateSet(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showSetNew(w, r, in.SetData, in.Key, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, editionPath(e.Set, e.N, ""), "草案已建立")
}

// part is a part of a draft that is edited.
type part struct {
	handle *Handler
	set    indicator.SetDetail
	draft  indicator.EditionDetail
	file   indicator.SetFile // of the draft, to be changed
	note   string
	at     place
	fresh  bool       // the part is not there yet
	typed  url.Values // what was sent, nil when the form is shown first
	err    error
}

// partOf reads the part of the address.
func (h *Handler) partOf(r *http.Request) (*part, error) {
	d, e, err := h.editionOf(r)
	if err != nil {
		return nil, err
	}
	p := &part{handle: h, set: d, draft: e, file: e.Content, note: e.Note, at: place{group: -1, item: -1}}
	first, second, _ := strings.Cut(r.FormValue("at"), ".")
	count := len(e.Content.Groups)
	switch r.PathValue("part") {
	case "group":
		p.at.group, p.fresh = indexOf(first, count)
		if p.at.group < 0 {
			return nil, absent()
		}
	case "item":
		g, fresh := indexOf(first, count)
		if g < 0 || fresh {
			return nil, absent()
		}
		p.at.group = g
		p.at.item, p.fresh = indexOf(second, len(e.Content.Groups[g].Items))
		if p.at.item < 0 {
			return nil, absent()
		}
	}
	return p, nil
}

// indexOf reads a number below n, or "new", which stands behind the last.
func indexOf(s string, n int) (at int, fresh bool) {
	if s == "new" {
		return n, true
	}
	at, err := strconv.Atoi(s)
	if err != nil || at < 0 || at >= n {
		return -1, false
	}
	return at, false
}

func (h *Handler) getEditionPart(w http.ResponseWriter, r *http.Request) error {
	p, err := h.partOf(r)
	if err != nil {
		return err
	}
	return h.showPart(w, r, p)
}

func (h *Handler) showPart(w http.ResponseWriter, r *http.Request, p *part) error {
	if !mayRevise(r) {
		return kit.ErrRole()
	}
	switch name := r.PathValue("part"); name {
	case indicator.StepPublish, indicator.StepDiscard:
		return h.askEdition(w, r, p.set, p.draft, p.typed, p.err)
	case "about", "group", "item":
		if p.draft.State != indicator.EditionDraft {
			return fault.New(fault.Conflict, "这一版不是草案，不能再改")
		}
		return p.show(w, r, name)
	}
	return absent()
}

// inputs are the form of the part, and its title.
func (p *part) inputs(r *http.Request, name string) (title string, out []ui.Input) {
	switch name {
	case "group":
		title = "修改一级指标"
		if p.fresh {
			title = "加一级指标"
		}
		return title, p.groupInputs(r)
	case "item":
		title = "修改指标"
		if p.fresh {
			title = "加指标"
		}
		return title, p.itemInputs(r)
	}
	return "修改体系说明", p.aboutInputs(r)
}

// show shows the form of a part with what is wrong with it: what the check of the draft found stands at its
// fields, too.
func (p *part) show(w http.ResponseWriter, r *http.Request, name string) error {
	title, inputs := p.inputs(r, name)
	ui.Mark(kit.Lang(r), inputs, p.err)
	if p.err == nil {
		ui.Mark(kit.Lang(r), inputs, fault.Fields(p.own(p.draft.Faults)...))
	}
	path := editionPath(p.set.ID, p.draft.N, "")
	view := ui.FormView{ID: "part", Action: path + "/" + name, Guard: true, Version: kit.Number(p.version(r)),
		Summary: ui.SummaryOf(kit.Lang(r), p.err), Hidden: []ui.Hidden{{Name: "at", Value: r.FormValue("at")}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: path}}}
	if !p.fresh && name != "about" {
		view.Buttons = append(view.Buttons, ui.Action{Text: kit.Say(r, "从草案中去掉"), Name: "do", Value: "remove",
			Danger: true, NoCheck: true})
	}
	lead := ui.Words(p.set.Name, p.handle.editionName(r, p.draft.N))
	return p.handle.Web.Render(w, r, web.View{Status: kit.StatusOf(p.err),
		Page: p.handle.editionPage(r, p.set, p.draft.Edition, title),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: lead}),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (p *part) version(r *http.Request) int64 {
	if p.typed != nil {
		return web.VersionOf(r)
	}
	return p.draft.Version
}

// prefix is what names of fields of the part begin with.
func (p *part) prefix() string {
	switch {
	case p.at.item >= 0:
		return fmt.Sprintf("groups.%d.items.%d.", p.at.group, p.at.item)
	case p.at.group >= 0:
		return fmt.Sprintf("groups.%d.", p.at.group)
	}
	return ""
}

// own are the faults of the part, by the names of its fields.
func (p *part) own(list []fault.Field) []fault.Field {
	var out []fault.Field
	for _, f := range list {
		name, mine := strings.CutPrefix(f.Name, p.prefix())
		if mine && !strings.Contains(name, ".") {
			out = append(out, fault.Field{Name: name, Key: f.Key, Args: f.Args})
		}
	}
	return out
}

func (p *part) aboutInputs(r *http.Request) []ui.Input {
	s, note := p.file, p.note
	data := indicator.SetData{Name: s.Name, Year: s.Year, Label: s.Label, Source: s.Source, Note: s.Note}
	if p.typed != nil {
		data = readSet(p.typed)
	}
	return append(setInputs(r, data),
		ui.Input{Kind: ui.InRadio, Name: "weighting", Label: kit.Say(r, "权重的写法"), Value: s.WeightingOf(),
			Options: options(r.Context(), "", indicator.Weightings())},
		ui.Input{Kind: ui.InArea, Name: "why", Label: kit.Say(r, "为什么修订"), Value: note, Rows: 2, Optional: true})
}

func (p *part) groupInputs(r *http.Request) []ui.Input {
	g := indicator.FileGroup{}
	if !p.fresh || p.typed != nil {
		g = p.file.Groups[p.at.group]
	}
	return []ui.Input{{Name: "name", Label: kit.Say(r, "名称"), Value: g.Name},
		{Kind: ui.InNumber, Name: "weight", Label: kit.Say(r, "权重"), Value: string(g.Weight), Width: ui.W10,
			Optional: true, Hint: kit.Say(r, "各一级权重合计 100（或 1）；都不知道就都不填")},
		{Kind: ui.InNumber, Name: "position", Label: kit.Say(r, "次序"), Value: kit.Number(int64(p.at.group + 1)),
			Width: ui.W6},
		{Kind: ui.InSelect, Name: "mark", Label: kit.Say(r, "核实情况"), Value: g.Mark, Optional: true,
			Options: options(r.Context(), "不填", indicator.Marks()),
			Hint:    kit.Say(r, "没有指标的一级指标要标为“缺口”")},
		{Name: "source", Label: kit.Say(r, "出处"), Value: g.Source, Optional: true}}
}

func (p *part) itemInputs(r *http.Request) []ui.Input {
	say := func(zh string) string { return kit.Say(r, zh) }
	ctx := r.Context()
	places := int64(2)
	x := indicator.FileItem{Kind: indicator.Observed, Frequency: "year", Direction: "up", DueDays: 10,
		DueTime: "18:00", Places: &places}
	if !p.fresh || p.typed != nil {
		x = p.file.Groups[p.at.group].Items[p.at.item]
	}
	var groups []ui.Option
	for i, g := range p.file.Groups {
		groups = append(groups, ui.Option{Value: strconv.Itoa(i), Text: g.Name})
	}
	title := x.Title
	if title == x.Name {
		title = ""
	}
	out := []ui.Input{
		{Name: "name", Label: say("指标"), Value: x.Name, Hint: say("已有的指标写它的名称，没有的会新定义")},
		{Name: "title", Label: say("体系中的叫法"), Value: title, Optional: true, Hint: say("与名称相同的不填")},
		{Kind: ui.InSelect, Name: "group", Label: say("一级指标"), Value: strconv.Itoa(p.at.group), Options: groups},
		{Kind: ui.InNumber, Name: "position", Label: say("次序"), Value: kit.Number(int64(p.at.item + 1)), Width: ui.W6},
		{Kind: ui.InRadio, Name: "direction", Label: say("方向"), Value: x.Direction,
			Options: options(ctx, "", plan.Directions())},
		{Kind: ui.InNumber, Name: "weight", Label: say("权重"), Value: string(x.Weight), Width: ui.W10, Optional: true},
	}
	f := defineForm{data: indicator.DefinitionData{Kind: x.Kind, Text: x.Text, Unit: x.Unit, Places: *x.Places,
		Frequency: x.Frequency, Cumulative: x.Cumulative, Formula: x.Formula, Measure: x.Measure, Dims: x.Dims,
		Factor: x.Factor, DueDays: x.DueDays, DueTime: x.DueTime, Floor: x.Floor, Ceiling: x.Ceiling, Jump: x.Jump}}
	counted := slices.DeleteFunc(p.handle.definitionInputs(r, f), func(in ui.Input) bool {
		return slices.Contains([]string{"from", "breaks", "breakNote", "source"}, in.Name)
	})
	owner := ui.Input{Name: "owner", Label: say("责任单位"), Value: x.Owner, Optional: true,
		Hint: say("主体库中单位的全称")}
	out = append(out, counted...)
	return append(out, owner,
		ui.Input{Kind: ui.InCheck, Name: "continues", Value: checked(x.Continues),
			Text: say("口径改了但数值仍可比，序列不断开")},
		ui.Input{Kind: ui.InCheck, Name: "additive", Value: checked(x.Additive),
			Text: say("各部分相加等于总数（只用于新定义的指标）")},
		ui.Input{Kind: ui.InSelect, Name: "mark", Label: say("核实情况"), Value: x.Mark, Optional: true,
			Options: options(ctx, "不填", indicator.Marks())},
		ui.Input{Kind: ui.InArea, Name: "note", Label: say("说明"), Value: x.Note, Rows: 2, Optional: true})
}

func (h *Handler) postEditionPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	p, err := h.partOf(r)
	if err != nil {
		return err
	}
	p.typed = r.PostForm
	text := "已保存"
	switch name := r.PathValue("part"); name {
	case indicator.StepPublish:
		text = "已定版"
		_, p.err = h.room.PublishEdition(r.Context(), web.Actor(r), indicator.Publication{ID: p.draft.ID,
			From: readDay(p.typed, ""), Version: web.VersionOf(r)})
	case indicator.StepDiscard:
		text = "已作废"
		_, p.err = h.room.DiscardEdition(r.Context(), web.Actor(r), indicator.Step{ID: p.draft.ID,
			Reason: p.typed.Get("reason"), Version: web.VersionOf(r)})
	case "about", "group", "item":
		if p.draft.State == indicator.EditionDraft {
			p.change(name)
		}
		_, p.err = h.room.UpdateDraft(r.Context(), web.Actor(r), indicator.DraftUpdate{ID: p.draft.ID,
			Content: p.file, Note: p.note, Version: web.VersionOf(r)})
		p.err = p.narrow(p.err)
	default:
		return absent()
	}
	if again(p.err) {
		return h.showPart(w, r, p)
	}
	if p.err != nil {
		return p.err
	}
	return h.Web.Redirect(w, r, editionPath(p.set.ID, p.draft.N, ""), text)
}

// narrow names the faults of the part by its own fields; what is wrong elsewhere stands in the summary.
func (p *part) narrow(err error) error {
	e, ok := fault.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	if own := p.own(e.Fields); len(own) > 0 {
		return fault.Fields(own...)
	}
	return err
}

// change puts what was typed into the file.
func (p *part) change(name string) {
	v := p.typed
	p.file.Groups = slices.Clone(p.file.Groups)
	for i := range p.file.Groups {
		p.file.Groups[i].Items = slices.Clone(p.file.Groups[i].Items)
	}
	switch {
	case name == "about":
		d := readSet(v)
		p.file.Name, p.file.Year, p.file.Label, p.file.Source, p.file.Note = d.Name, d.Year, d.Label, d.Source, d.Note
		p.file.Weighting, p.note = v.Get("weighting"), v.Get("why")
	case name == "group":
		p.changeGroup(v)
	default:
		p.changeItem(v)
	}
}

// moved takes the element at an index out of a list, nothing when it is new, and puts x at a position.
func moved[T any](list []T, at int, fresh bool, x T, position int) ([]T, int) {
	if !fresh {
		list = slices.Delete(list, at, at+1)
	}
	position = min(max(position-1, 0), len(list))
	return slices.Insert(list, position, x), position
}

func (p *part) changeGroup(v url.Values) {
	if v.Get("do") == "remove" && !p.fresh {
		p.file.Groups = slices.Delete(p.file.Groups, p.at.group, p.at.group+1)
		return
	}
	g := indicator.FileGroup{}
	if !p.fresh {
		g = p.file.Groups[p.at.group]
	}
	g.Name, g.Weight, g.Mark, g.Source = v.Get("name"), plan.Decimal(v.Get("weight")), v.Get("mark"), v.Get("source")
	p.file.Groups, p.at.group = moved(p.file.Groups, p.at.group, p.fresh, g, int(kit.Whole(v.Get("position"))))
}

func (p *part) changeItem(v url.Values) {
	home := &p.file.Groups[p.at.group]
	if v.Get("do") == "remove" && !p.fresh {
		home.Items = slices.Delete(home.Items, p.at.item, p.at.item+1)
		return
	}
	x := indicator.FileItem{}
	if !p.fresh {
		x = home.Items[p.at.item]
	}
	d := readDefine(v).data
	x.Name, x.Title, x.Direction, x.Weight = v.Get("name"), v.Get("title"), v.Get("direction"),
		plan.Decimal(v.Get("weight"))
	x.Kind, x.Text, x.Unit, x.Places, x.Frequency, x.Cumulative = d.Kind, d.Text, d.Unit, &d.Places, d.Frequency,
		d.Cumulative
	x.Formula, x.Measure, x.Dims, x.Factor = d.Formula, d.Measure, d.Dims, d.Factor
	x.DueDays, x.DueTime, x.Floor, x.Ceiling, x.Jump = d.DueDays, d.DueTime, d.Floor, d.Ceiling, d.Jump
	x.Owner, x.Continues, x.Additive = v.Get("owner"), v.Get("continues") == "1", v.Get("additive") == "1"
	x.Mark, x.Note = v.Get("mark"), v.Get("note")
	position := int(kit.Whole(v.Get("position")))
	if to, err := strconv.Atoi(v.Get("group")); err == nil && to != p.at.group && to >= 0 && to < len(p.file.Groups) {
		if !p.fresh {
			home.Items = slices.Delete(home.Items, p.at.item, p.at.item+1)
		}
		p.at.group, p.fresh = to, true
		home = &p.file.Groups[to]
	}
	home.Items, p.at.item = moved(home.Items, p.at.item, p.fresh, x, position)
}

// readDay reads the first day of an edition.
func readDay(v url.Values, usual clock.Date) clock.Date {
	if v == nil {
		return usual
	}
	return clock.Date(strings.TrimSpace(v.Get("from")))
}
