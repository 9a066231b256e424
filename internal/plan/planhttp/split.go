package planhttp

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// splitForm is the decomposition of a target as typed.
type splitForm struct {
	rows    []splitRow
	version int64
	key     string
	wrong   []fault.Field
}

// splitRow is one part: the name of a unit, or the code of a place.
type splitRow struct{ id, org, region, op, value, unit string }

// splitOf shows the parts of a target in a form. Without any it offers a row for each district of
// the target's place.
func (h *Handler) splitOf(r *http.Request, x plan.TargetDetail) splitForm {
	f := splitForm{version: x.Version, key: id.New()}
	for _, p := range x.Parts {
		if p.Dropped {
			continue
		}
		row := splitRow{id: p.ID, org: p.OrgName, region: string(p.Region), op: p.Op,
			value: string(p.Value), unit: p.Unit}
		f.rows = append(f.rows, row)
	}
	if len(f.rows) > 0 || x.Org != "" {
		return f
	}
	for _, code := range h.districts(r, x.Region) {
		f.rows = append(f.rows, splitRow{region: code, op: x.Op, unit: x.Unit})
	}
	return f
}

// districts are the divisions right below a place.
func (h *Handler) districts(r *http.Request, code region.Code) []string {
	page, err := h.deps.Dict.Items(web.Actor(r), dict.Query{List: dict.Regions, Parent: string(code),
		Tree: true}, db.PageReq{Limit: maxPlaces})
	if err != nil { // a place that the dictionary does not know has no parts
		return nil
	}
	var out []string
	for _, it := range page.Items {
		if it.Kind == "" {
			out = append(out, it.Code)
		}
	}
	return out
}

// readSplit reads the form. Rows without a value are left out: they are places that get no part.
func (h *Handler) readSplit(r *http.Request) (splitForm, []plan.Part) {
	v := r.PostForm
	f := splitForm{version: versionOf(v), key: v.Get("key")}
	for i, n := range ui.RowNumbers(v, "parts") {
		if i == maxRows {
			break
		}
		get := func(field string) string {
			return strings.TrimSpace(v.Get(ui.RowName("parts", n, field)))
		}
		f.rows = append(f.rows, splitRow{get("id"), get("org"), get("region"), get("op"),
			get("value"), get("unit")})
	}
	if v.Get("do") == "save" {
		f.rows = slices.DeleteFunc(f.rows, func(x splitRow) bool { return x.value == "" && x.org == "" })
	}
	var parts []plan.Part
	for i, x := range f.rows {
		p := plan.Part{ID: x.id, Region: region.Code(x.region), Op: x.op,
			Value: plan.Decimal(x.value), Unit: x.unit}
		if x.org != "" {
			found, err := h.findOrg(r.Context(), web.Actor(r), x.org)
			if e, ok := fault.As(err); ok {
				f.wrong = append(f.wrong, fault.At(ui.RowName("parts", i, "org"), e.Key, e.Args...))
			}
			p.Org = found
		}
		parts = append(parts, p)
	}
	return f, parts
}

// edited adds or removes a row for somebody without scripts.
func (f *splitForm) edited(r *http.Request, x plan.TargetDetail) bool {
	v := r.PostForm
	if v.Get("add") == "parts" {
		f.rows = append(f.rows, splitRow{region: string(x.Region), op: x.Op, unit: x.Unit})
		return true
	}
	if list, digits, ok := strings.Cut(v.Get("remove"), "."); ok && list == "parts" {
		at := slices.Index(ui.RowNumbers(v, list), int(whole(digits)))
		if at >= 0 && at < len(f.rows) {
			f.rows = slices.Delete(f.rows, at, at+1)
		}
		return true
	}
	return false
}

// showSplit shows the decomposition as a table that can be edited, with the sum in words.
func (h *Handler) showSplit(
	w http.ResponseWriter, r *http.Request, x plan.TargetDetail, f splitForm, err error,
) error {
	whole := amount(x.Op, x.Value, x.Unit)
	rows := ui.EditRows{Name: "parts", Legend: say(r, "各份"), Row: say(r, "第 %s 份", "%s"),
		Add: say(r, "添加一份"), Max: maxRows, Hint: say(r, "填单位或选地区；数值留空的行不算。"),
		Blank: h.splitInputs(r, x, ui.RowBlank,
			splitRow{region: string(x.Region), op: x.Op, unit: x.Unit})}
	if text := errAt(lang(r), err, "parts"); text != "" {
		rows.Hint = text
	}
	for i, p := range f.rows {
		inputs := h.splitInputs(r, x, i, p)
		ui.Mark(lang(r), inputs, err)
		rows.Rows = append(rows.Rows, inputs)
	}
	form := ui.FormView{ID: "split", Action: targetPath(x.ID, "split"), Version: number(f.version),
		Guard: true, Summary: ui.SummaryOf(lang(r), err), Hidden: h.splitHidden(f),
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true, Name: "do", Value: "save"},
			{Text: say(r, "取消"), Href: targetPath(x.ID, "")}}}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "分解"),
		Lead: words(x.Name+whole, h.subject(x.Target), period(r.Context(), x.From, x.To))}),
		ui.With(ui.Form(form), h.formSum(r, x, f), ui.EditableRows(rows)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.targetPage(r, x.Target, "分解"),
		Body: body})
}

func (h *Handler) splitHidden(f splitForm) []ui.Hidden {
	out := []ui.Hidden{{Name: "key", Value: f.key}}
	for i, x := range f.rows {
		if x.id != "" {
			out = append(out, ui.Hidden{Name: ui.RowName("parts", i, "id"), Value: x.id})
		}
	}
	return out
}

// formSum says what is typed adds up to, by the rule of the room.
func (h *Handler) formSum(r *http.Request, x plan.TargetDetail, f splitForm) templ.Component {
	var parts []plan.Target
	for _, p := range f.rows {
		if v, ok := plan.ParseDecimal(p.value); ok {
			part := x.Target
			part.Value, part.Unit, part.Dropped = v, cmp.Or(p.unit, x.Unit), false
			parts = append(parts, part)
		}
	}
	sum := x
	sum.Sum = plan.SumOf(x.Target, parts)
	text, tone := h.sumText(r, sum)
	return runningSum("split", targetPath(x.ID, "sum"), text, tone)
}

// postSum answers with the sum of what is typed so far.
func (h *Handler) postSum(w http.ResponseWriter, r *http.Request, x plan.TargetDetail) error {
	f, _ := h.readSplit(r)
	return h.web.RenderPart(w, r, http.StatusOK, h.formSum(r, x, f))
}

func (h *Handler) splitInputs(r *http.Request, x plan.TargetDetail, n int, p splitRow) []ui.Input {
	name := func(field string) string { return ui.RowName("parts", n, field) }
	places := []ui.Option{{Value: string(x.Region), Text: h.placeName(x.Region)}}
	for _, code := range h.districts(r, x.Region) {
		places = append(places, ui.Option{Value: code, Text: h.placeName(region.Code(code))})
	}
	if !has(places, p.region) && p.region != "" {
		places = append(places, ui.Option{Value: p.region, Text: h.placeName(region.Code(p.region))})
	}
	return []ui.Input{
		{Name: name("org"), Label: say(r, "责任单位"), Value: p.org, Optional: true, AutoComplete: "off",
			Hint: say(r, "主体库中的全名")},
		{Kind: ui.InSelect, Name: name("region"), Label: say(r, "地区"), Value: p.region, Options: places},
		{Kind: ui.InSelect, Name: name("op"), Label: say(r, "比较"), Value: p.op,
			Options: choices(r.Context(), plan.Operators())},
		{Kind: ui.InNumber, Name: name("value"), Label: say(r, "数值"), Value: p.value},
		{Name: name("unit"), Label: say(r, "计量单位"), Value: p.unit, Width: ui.W10, AutoComplete: "off"},
	}
}

func (h *Handler) postSplit(w http.ResponseWriter, r *http.Request, x plan.TargetDetail) error {
	f, parts := h.readSplit(r)
	if f.edited(r, x) {
		return h.showSplit(w, r, x, f, nil)
	}
	err := fault.Fields(f.wrong...)
	if err == nil {
		_, err = h.plan.Decompose(r.Context(), web.Actor(r), plan.Decomposition{Target: x.ID,
			Parts: parts, Version: f.version, Key: f.key})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showSplit(w, r, x, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, targetPath(x.ID, ""), "已分解")
}
