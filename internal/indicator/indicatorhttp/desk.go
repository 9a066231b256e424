package indicatorhttp

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// deskLimit is how many rows the desk shows at once; a filter brings the others.
const deskLimit = 60

// deskQuery is the filter of the desk as an address has it.
type deskQuery struct {
	period, set, place, reporter, indicator, state string
}

func readDeskQuery(v url.Values) deskQuery {
	q := deskQuery{v.Get("period"), v.Get("set"), v.Get("region"), v.Get("reporter"), v.Get("indicator"),
		v.Get("state")}
	if !v.Has("state") {
		q.state = "open"
	}
	return q
}

func (q deskQuery) filter() (indicator.DeskFilter, error) {
	f := indicator.DeskFilter{Indicator: q.indicator, Set: q.set, Region: region.Code(q.place),
		Reporter: q.reporter, Period: series.Period(q.period)}
	if q.period != "" && !f.Period.Valid() {
		return f, fault.Fields(fault.At("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09"))
	}
	if q.state != "all" {
		f.State = q.state
	}
	return f, nil
}

// address is the desk with this filter.
func (q deskQuery) address() string {
	v := url.Values{}
	for name, value := range map[string]string{"period": q.period, "set": q.set, "region": q.place,
		"reporter": q.reporter, "indicator": q.indicator, "state": q.state} {
		if value != "" && (name != "state" || value != "open") {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return pathDesk
	}
	return pathDesk + "?" + v.Encode()
}

// deskRow is one row of the desk as it is shown.
type deskRow struct {
	n          int
	asked      indicator.Asked
	label      string // for assistive technology: indicator, place and period
	unit       string
	qualifier  string
	value      string
	version    int64
	errs       map[string]string
	qualifiers []ui.Option
	more       []ui.Input
}

func (x deskRow) name(field string) string { return ui.RowName("cells", x.n, field) }

func (x deskRow) id(field string) string { return ui.FieldID(x.name(field)) }

func (x deskRow) hidden() []ui.Hidden {
	c := x.asked.Cell
	return []ui.Hidden{{Name: x.name("indicator"), Value: c.Indicator},
		{Name: x.name("region"), Value: string(c.Region)}, {Name: x.name("org"), Value: c.Org},
		{Name: x.name("period"), Value: string(c.Period)},
		{Name: x.name("version"), Value: kit.Number(x.version)}}
}

// open says whether what stands beside the value must be seen.
func (x deskRow) open() bool {
	for _, in := range x.more {
		if in.Err != "" {
			return true
		}
	}
	return false
}

// typedCell is one row as somebody typed it. What is not typed is "".
type typedCell struct {
	value, qualifier, asOf, note, jump string
	version                            int64
}

func (t typedCell) empty() bool { return t.value == "" && t.note == "" && t.jump == "" && t.asOf == "" }

// cellName names a cell in a draft.
func cellName(c indicator.Cell) string {
	return strings.Join([]string{c.Indicator, string(c.Region), c.Org, string(c.Period)}, "|")
}

// typedCells reads the rows of a form, in their order.
func typedCells(v url.Values) ([]indicator.Cell, map[string]typedCell) {
	var cells []indicator.Cell
	out := map[string]typedCell{}
	for _, n := range ui.RowNumbers(v, "cells") {
		get := func(field string) string { return strings.TrimSpace(v.Get(ui.RowName("cells", n, field))) }
		c := indicator.Cell{Indicator: get("indicator"), Region: region.Code(get("region")), Org: get("org"),
			Period: series.Period(get("period"))}
		cells = append(cells, c)
		out[cellName(c)] = typedCell{get("value"), get("qualifier"), get("asOf"), get("note"),
			get("jumpNote"), kit.Whole(get("version"))}
	}
	return cells, out
}

// getDesk shows what a unit must report.
func (h *Handler) getDesk(w http.ResponseWriter, r *http.Request) error {
	q := readDeskQuery(r.URL.Query())
	if format := r.FormValue("format"); format != "" {
		f, err := q.filter()
		if err != nil {
			return err
		}
		return h.export(w, r, "应报清单", format, q.words(r), func(e indicator.Export, out *web.Download) error {
			_, err := h.room.WriteDesk(r.Context(), web.Actor(r), f, e, out)
			return err
		})
	}
	typed, saved, err := h.deskDraft(r)
	if err != nil {
		return err
	}
	return h.showDesk(w, r, q, typed, saved, nil, nil)
}

// words are the filter for people.
func (q deskQuery) words(r *http.Request) string {
	return ui.Words(periodText(r, series.Period(q.period)), q.place)
}

// showDesk shows the desk with what was typed. wrong are the messages of cells by cell and field.
func (h *Handler) showDesk(
	w http.ResponseWriter, r *http.Request, q deskQuery, typed map[string]typedCell, saved string,
	wrong map[string]map[string]string, err error,
) error {
	by := web.Actor(r)
	f, ferr := q.filter()
	if ferr != nil {
		f = indicator.DeskFilter{State: "open"}
		err = ferr
	}
	all, derr := h.room.Desk(r.Context(), by, f)
	if derr != nil {
		return derr
	}
	for _, a := range all {
		if wrong[cellName(a.Cell)] != nil && !a.Open() {
			err = fault.New(fault.Conflict, "有数值已被他人办理，请核对后重试")
		}
	}
	p := h.Web.Page(r, "填报台")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "本单位要报的指标、期别和时限。保存后可以继续改，提交后由市局审核。")}
	may := indicator.ObservationPolicy.Could(by, indicator.ActObservationReport)
	if may {
		head.Actions = []ui.Action{{Text: kit.Say(r, "导入表格"), Href: pathDesk + "/import"},
			{Text: kit.Say(r, "下载待填表"), Href: web.ListAddress(r, url.Values{"format": {"xlsx"}})}}
	}
	bar, berr := h.deskFilters(r, q)
	if berr != nil {
		return berr
	}
	results := h.deskResults(r, q, all, typed, saved, wrong, err, may)
	body := templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathDesk), ui.FilterBar(bar), results))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: body, Part: results})
}

// deskStates are the states a desk may be narrowed to.
func deskStates() []plan.Choice {
	return append([]plan.Choice{{Value: indicator.Unfinished, Title: "待填报"}, {Value: "all", Title: "全部"},
		{Value: indicator.Unsent, Title: "没有提交"}, {Value: indicator.HandedIn, Title: "按时提交"},
		{Value: indicator.HandedLate, Title: "逾期提交"}, {Value: indicator.Missing, Title: "未报"}},
		indicator.ObservationStates()[:4]...)
}

func (h *Handler) deskFilters(r *http.Request, q deskQuery) (ui.Filters, error) {
	ctx, by := r.Context(), web.Actor(r)
	sets, err := h.setOptions(r, "全部体系")
	if err != nil {
		return ui.Filters{}, err
	}
	bar := ui.Filters{Action: pathDesk, Label: kit.Say(r, "筛选应报"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "period", Label: kit.Say(r, "期别"), Value: q.period,
			Options: h.periodOptions(r, q.period)},
		{Kind: ui.FilterSelect, Name: "set", Label: kit.Say(r, "指标体系"), Value: q.set, Options: sets},
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: q.place,
			Options: h.PlaceOptions(ctx, by, "全部地区", q.place)},
		{Kind: ui.FilterSelect, Name: "state", Label: kit.Say(r, "状态"), Value: q.state,
			Options: options(ctx, "", deskStates())}}}
	for name, value := range map[string]string{"reporter": q.reporter, "indicator": q.indicator} {
		if value != "" {
			bar.Hidden = append(bar.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortFunc(bar.Hidden, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return bar, nil
}

// shownPeriods is how many of each kind of period a filter offers.
const shownPeriods = 6

// periodOptions offers the latest periods that are over, of each kind.
func (h *Handler) periodOptions(r *http.Request, chosen string) []ui.Option {
	out := []ui.Option{{Text: kit.Say(r, "全部期别")}}
	at := h.today().Start().In(clock.Shanghai)
	known := map[string]bool{}
	for _, kind := range []series.Kind{series.Month, series.Quarter, series.Half, series.Year} {
		p := series.PeriodOf(kind, at.Year(), int(at.Month())).Prev()
		for range shownPeriods {
			out = append(out, ui.Option{Value: string(p), Text: periodText(r, p)})
			known[string(p)] = true
			p = p.Prev()
		}
	}
	if chosen != "" && !known[chosen] {
		out = append(out, ui.Option{Value: chosen, Text: ui.Words(periodText(r, series.Period(chosen)))})
	}
	return out
}

// deskResults is the table of the desk, in its form.
func (h *Handler) deskResults(
	r *http.Request, q deskQuery, all []indicator.Asked, typed map[string]typedCell, saved string,
	wrong map[string]map[string]string, err error, may bool,
) templ.Component {
	if len(all) == 0 {
		return ui.With(ui.Results("", kit.Say(r, "应报清单")), h.emptyDesk(r, q))
	}
	shown := all[:min(len(all), deskLimit)]
	var rows []deskRow
	var marked []fault.Field
	for i, a := range shown {
		x := h.deskRow(r, i, a, typed[cellName(a.Cell)], wrong[cellName(a.Cell)])
		rows = append(rows, x)
		for _, field := range slices.Sorted(mapKeys(x.errs)) {
			marked = append(marked, fault.At(x.name(field), "%s", ui.Words(a.Name, x.errs[field])))
		}
	}
	if len(marked) > 0 {
		err = fault.Fields(marked...)
	}
	head := ui.ResultBar{Count: kit.Say(r, "共 %s 项", i18n.Int(int64(len(all)))), Exports: exports(r)}
	parts := []templ.Component{ui.ResultHead(head)}
	if n := len(all) - len(shown); n > 0 {
		parts = append(parts, ui.Note(kit.Say(r, "先列出时限最早的 %d 项，其余 %d 项请按期别、体系或地区筛选。",
			len(shown), n)))
	}
	table := ui.DataTable(h.deskTable(r, rows, may))
	if !may || !slices.ContainsFunc(rows, func(x deskRow) bool { return x.editable(may) }) {
		return ui.With(ui.Results("", kit.Say(r, "应报清单")), append(parts, table)...)
	}
	form := ui.FormView{ID: "desk", Action: q.address(), Guard: true, Plain: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Autosave: pathDesk + "/draft", Saved: saved, Buttons: []ui.Action{
			{Text: kit.Say(r, "保存"), Name: "do", Value: "save"},
			{Text: kit.Say(r, "提交已填的数值"), Name: "do", Value: "submit", Primary: true}}}
	if saved != "" {
		parts = append(parts, ui.With(ui.Banner(ui.Run, kit.Say(r, "表中有您没有保存的草稿。")),
			ui.PostButton(ui.Post{Action: pathDesk + "/discard",
				Button: ui.Action{Text: kit.Say(r, "丢弃草稿"), Small: true}})))
	}
	return ui.With(ui.Results("", kit.Say(r, "应报清单")), append(parts, ui.With(ui.Form(form), table))...)
}

func (h *Handler) emptyDesk(r *http.Request, q deskQuery) templ.Component {
	if q != (deskQuery{state: "open"}) {
		return ui.Empty(kit.Say(r, "没有符合条件的应报数值"), kit.Say(r, "换一个期别或状态看看。"))
	}
	if indicator.DutyPolicy.Could(web.Actor(r), indicator.ActDutyWrite) {
		return ui.With(ui.Empty(kit.Say(r, "没有待填报的数值"),
			kit.Say(r, "先给指标建立“填报”的口径，再在“填报责任”里分配由谁报、报哪些地区。")),
			ui.Button(ui.Action{Text: kit.Say(r, "分配填报责任"), Href: pathDuties + "/new"}))
	}
	return ui.Empty(kit.Say(r, "没有待填报的数值"), kit.Say(r, "新的一期结束后，要报的数值会出现在这里。"))
}

// editable says whether a row has inputs.
func (x deskRow) editable(may bool) bool { return may && x.asked.Open() && !x.asked.Locked }

func (h *Handler) deskRow(
	r *http.Request, n int, a indicator.Asked, t typedCell, errs map[string]string,
) deskRow {
	ctx := r.Context()
	x := deskRow{n: n, asked: a, unit: a.Definition.Unit, qualifier: indicator.Exactly, errs: errs,
		label:      ui.Words(a.Name, h.PlaceName(a.Region), periodText(r, a.Period)),
		qualifiers: options(ctx, "", indicator.Qualifiers())}
	asOf, note, jump := "", "", ""
	if o := a.Observation; o != nil && a.Open() {
		x.value, x.qualifier, x.version = string(o.Value), o.Qualifier, o.Version
		asOf, note, jump = string(o.AsOf), o.Note, o.JumpNote
	}
	if !t.empty() && (t.version == x.version || len(errs) > 0) {
		x.value, asOf, note, jump = t.value, t.asOf, t.note, t.jump
		if t.qualifier != "" {
			x.qualifier = t.qualifier
		}
	}
	x.more = []ui.Input{dayInput(x.name("asOf"), kit.Say(r, "截至日"), clock.Date(asOf)),
		{Name: x.name("note"), Label: kit.Say(r, "说明"), Value: note},
		{Name: x.name("jumpNote"), Label: kit.Say(r, "变动原因"), Value: jump}}
	for i := range x.more {
		x.more[i].Optional = true
		field := x.more[i].Name[strings.LastIndexByte(x.more[i].Name, '.')+1:]
		x.more[i].Err = errs[field]
	}
	return x
}

func (h *Handler) deskTable(r *http.Request, rows []deskRow, may bool) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "应报清单"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "指标")}, {Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "期别")},
		{Label: kit.Say(r, "时限")}, {Label: kit.Say(r, "上期"), Num: true}, {Label: kit.Say(r, "本期数值")},
		{Label: kit.Say(r, "说明")}, {Label: kit.Say(r, "状态")}}}
	nowUs := clock.Us(h.Now())
	for _, x := range rows {
		a := x.asked
		m := mark(r.Context(), a.State)
		due := ui.Cell{Text: h.due(r, a.DueUs), Time: kit.Machine(a.DueUs)}
		row := ui.Row{}
		if a.Open() && a.DueUs < nowUs {
			row.Tone = ui.Warn
		}
		sub := titled(r.Context(), indicator.Frequencies(), a.Definition.Frequency)
		if a.Definition.Cumulative {
			sub = ui.Words(sub, kit.Say(r, "自年初累计"))
		}
		name := ui.Cell{Text: a.Name, Href: kit.Join(pathIndicators, a.Indicator, "definitions"), Sub: sub}
		value := ui.Cell{Text: "—"}
		more := ui.Cell{Text: "—"}
		if o := a.Observation; o != nil {
			m = mark(r.Context(), o.State)
			value = ui.Cell{Text: amount(o.Value, o.Qualifier, o.Unit),
				Href: kit.Join(pathObservations, o.ID, ""), Sub: kit.Say(r, "截至 %s", string(o.AsOf))}
			more = ui.Cell{Text: ui.OrDash(o.Note)}
		}
		if x.editable(may) {
			value, more = ui.Cell{Body: gridCell(x)}, ui.Cell{Body: gridMore(x)}
		}
		state := ui.Cell{Status: &m}
		if a.Observation != nil && a.State != indicator.Missing {
			state.Body = stateLink(r, *a.Observation)
		}
		if a.Locked {
			state.Tags = []string{kit.Say(r, "已锁定")}
		}
		place := ui.Cell{Text: h.PlaceName(a.Region), Sub: a.OrgName}
		if a.Reporter != web.Actor(r).Org {
			place.Sub = ui.Words(a.OrgName, a.ReporterName)
		}
		row.Cells = []ui.Cell{name, place, {Text: periodText(r, a.Period)}, due,
			{Text: amount(a.Previous, a.PreviousAs, "")}, value, more, state}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// stateLink leads to what was said about a value that came back.
func stateLink(r *http.Request, o indicator.Observation) templ.Component {
	if o.State != indicator.Returned {
		return templ.NopComponent
	}
	return ui.PlainList([]ui.Link{{Text: kit.Say(r, "看退回理由"), Href: kit.Join(pathObservations, o.ID, "")}})
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// deskForm names the draft of the desk.
const deskForm = "indicator.desk"

// deskDraft is what the actor typed and did not send, and when it was kept.
func (h *Handler) deskDraft(r *http.Request) (map[string]typedCell, string, error) {
	if h.deps.Drafts == nil {
		return nil, "", nil
	}
	d, found, err := h.deps.Drafts.Get(r.Context(), web.Actor(r), deskForm)
	if err != nil || !found {
		return nil, "", err
	}
	out := map[string]typedCell{}
	for name, v := range d.Fields {
		if len(v) == 6 {
			out[name] = typedCell{v[0], v[1], v[2], v[3], v[4], kit.Whole(v[5])}
		}
	}
	return out, kit.Say(r, "已自动保存 %s", i18n.Second(clock.Time(d.UpdatedUs))), nil
}

// postDeskDraft keeps what was typed so far; only the rows with something in them.
func (h *Handler) postDeskDraft(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	by := web.Actor(r)
	if !indicator.ObservationPolicy.Could(by, indicator.ActObservationReport) {
		return kit.ErrRole()
	}
	keep := url.Values{}
	_, typed := typedCells(r.PostForm)
	for name, t := range typed {
		if !t.empty() {
			keep[name] = []string{t.value, t.qualifier, t.asOf, t.note, t.jump, kit.Number(t.version)}
		}
	}
	at, err := h.deps.Drafts.Save(r.Context(), by, deskForm, keep)
	if err != nil {
		return err
	}
	w.Header().Set("X-Saved-At", i18n.Second(at))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// postDeskDiscard throws the draft away.
func (h *Handler) postDeskDiscard(w http.ResponseWriter, r *http.Request) error {
	if err := h.deps.Drafts.Drop(r.Context(), web.Actor(r), deskForm); err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathDesk, "草稿已丢弃")
}

// postDesk keeps or hands in the rows that have a value.
func (h *Handler) postDesk(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by, q := r.Context(), web.Actor(r), readDeskQuery(r.URL.Query())
	cells, typed := typedCells(r.PostForm)
	in := indicator.Reporting{Submit: r.PostForm.Get("do") == "submit", Key: r.PostForm.Get("key")}
	var sent []string
	for _, c := range cells {
		t := typed[cellName(c)]
		if t.value == "" && (t.version == 0 || t.empty()) {
			continue
		}
		sent = append(sent, cellName(c))
		in.Cells = append(in.Cells, indicator.NewObservation{Cell: c, Version: t.version,
			ObservationData: indicator.ObservationData{Value: plan.Decimal(t.value), Qualifier: t.qualifier,
				AsOf: clock.Date(t.asOf), Note: t.note, JumpNote: t.jump}})
	}
	if len(in.Cells) == 0 {
		return h.showDesk(w, r, q, typed, "", nil, fault.New(fault.Invalid, "还没有填写任何数值"))
	}
	out, err := h.room.Report(ctx, by, in)
	if again(err) {
		return h.showDesk(w, r, q, typed, "", wrongCells(ctx, err, sent), err)
	}
	if err != nil {
		return err
	}
	if err := h.dropDraft(ctx, by); err != nil {
		return err
	}
	if in.Submit {
		return h.Web.Redirect(w, r, q.address(), "已提交 %d 个数值", len(out))
	}
	return h.Web.Redirect(w, r, q.address(), "已保存 %d 个数值", len(out))
}

func (h *Handler) dropDraft(ctx context.Context, by authz.Actor) error {
	if h.deps.Drafts == nil {
		return nil
	}
	return h.deps.Drafts.Drop(ctx, by, deskForm)
}

// wrongCells are the messages of a fault by cell and field: cells.N.field, N among those sent. A field
// that no input of the desk has stands at the value.
func wrongCells(ctx context.Context, err error, sent []string) map[string]map[string]string {
	out := map[string]map[string]string{}
	e, ok := fault.As(err)
	if !ok {
		return out
	}
	for _, f := range e.Fields {
		var n int
		var field string
		if _, err := fmt.Sscanf(f.Name, "cells.%d.%s", &n, &field); err != nil || n >= len(sent) {
			continue
		}
		if !slices.Contains([]string{"value", "asOf", "note", "jumpNote"}, field) {
			field = "value"
		}
		if out[sent[n]] == nil {
			out[sent[n]] = map[string]string{}
		}
		if out[sent[n]][field] == "" {
			out[sent[n]][field] = i18n.FieldText(i18n.From(ctx), f)
		}
	}
	return out
}
