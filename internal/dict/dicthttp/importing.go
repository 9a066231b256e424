package dicthttp

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}

// importView is the form of an import with what came of the last attempt.
type importView struct {
	title, lead string
	template    string
	form        ui.FormView
	inputs      []ui.Input
	file        ui.UploadView
	checked     string   // the result of a dry run that found nothing
	notices     []string // how the file was read
	hidden      []ui.Hidden
	marks       bool // the table can come back with its problems marked
}

// Values of the two buttons: look only, or store.
const (
	doField = "do"
	doStore = "store"
	doMark  = "mark" // look only, and send the table back with what is wrong in each row
)

// editionForm is what the form of an edition says, besides the file.
type editionForm struct{ list, edition, title, source, from string }

func readEditionForm(r *http.Request) editionForm {
	v := func(name string) string { return strings.TrimSpace(r.FormValue(name)) }
	return editionForm{v("list"), v("edition"), v("title"), v("source"), v("from")}
}

func (h *Handler) askEdition(w http.ResponseWriter, r *http.Request) error {
	if err := mayWrite(r); err != nil {
		return err
	}
	return h.showEdition(w, r, readEditionForm(r), importView{}, nil)
}

func (h *Handler) importEdition(w http.ResponseWriter, r *http.Request) error {
	if err := mayWrite(r); err != nil {
		return err
	}
	if err := parseUpload(r); err != nil {
		return err
	}
	f, v := readEditionForm(r), importView{}
	t, err := readTable(r, dict.ItemSheet)
	var rows []dict.ItemRow
	if err == nil {
		v.notices = notices(r, t)
		rows, err = dict.ReadItems(r.Context(), t)
	}
	in := dict.NewEdition{List: dict.ListID(f.list), Edition: f.edition, Title: f.title,
		Source: f.source, From: clock.Date(f.from), Rows: rows}
	if t != nil && r.FormValue(doField) == doMark {
		out := markedFile(w, r)
		if n, err := h.dict.Report(r.Context(), web.Actor(r), in.List, t, out); n > 0 {
			return out.End(err)
		}
	}
	if err == nil {
		err = checkList(in.List)
	}
	if err == nil && r.FormValue(doField) != doStore {
		if err = dict.CheckItems(r.Context(), in.List, rows); err == nil {
			v.checked = i18n.T(r.Context(), "检查通过：共 %s 条，没有发现问题，尚未导入。请再次选择文件并导入。",
				i18n.Int(int64(len(rows))))
			return h.showEdition(w, r, f, v, nil)
		}
	}
	if err == nil {
		_, err = h.dict.Import(r.Context(), web.Actor(r), in)
	}
	if k := fault.KindOf(err); err != nil && (k == fault.Invalid || k == fault.Conflict) {
		return h.showEdition(w, r, f, v, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, editionPath(in.List, in.Edition), "已导入 %s 条",
		i18n.Int(int64(len(rows))))
}

// markedFile is the answer with the rows of an upload and what is wrong in each.
func markedFile(w http.ResponseWriter, r *http.Request) *web.Download {
	name := i18n.T(r.Context(), "导入问题清单") + "." + string(sheet.XLSX)
	return web.NewDownload(w, name, sheet.XLSX.MediaType())
}

// formMemory is how much of an upload stays in memory; the rest waits in a temporary file.
const formMemory = 8 << 20

// parseUpload reads a form with a file. A body over the limit stays the error it is.
func parseUpload(r *http.Request) error {
	err := r.ParseMultipartForm(formMemory)
	if err != nil && !tooLarge(err) {
		return fault.New(fault.Invalid, "表单不完整，请刷新后重试").Wrap(err)
	}
	return err
}

func (h *Handler) showEdition(
	w http.ResponseWriter, r *http.Request, f editionForm, v importView, wrong error,
) error {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	v.title, v.template, v.marks = t("导入字典新版本"), pathImport+"/template", true
	v.lead = t("一个版本整体导入，之后不再改动；更正另立新版本。有一处错误就不导入任何数据。")
	v.inputs = []ui.Input{
		{Name: "list", Label: t("字典代号"), Value: f.list, Mono: true, Width: ui.W18, MaxLen: 40,
			Hint: t("已有的如 gbt2260、gbt4754；新字典另取代号")},
		{Name: "edition", Label: t("版本"), Value: f.edition, Mono: true, Width: ui.W10, MaxLen: 20,
			Hint: t("如 2024")},
		{Name: "title", Label: t("字典名称"), Value: f.title, Optional: true, MaxLen: 60,
			Hint: t("已有字典留空则沿用原名")},
		{Name: "source", Label: t("来源"), Value: f.source, MaxLen: 200,
			Hint: t("标准号或发文字号，写明截止日期")},
		{Kind: ui.InDate, Name: "from", Label: t("生效日期"), Value: f.from},
	}
	return h.showImport(w, r, pathImport, v, wrong)
}

// showImport shows the form of either import.
func (h *Handler) showImport(
	w http.ResponseWriter, r *http.Request, action string, v importView, wrong error,
) error {
	ctx := r.Context()
	l := i18n.From(ctx)
	t := func(s string) string { return i18n.T(ctx, s) }
	ui.Mark(l, v.inputs, wrong)
	file := []ui.Input{{Kind: ui.InFile, Name: fileField, Label: t("表格文件"), Accept: ".xlsx,.csv"}}
	ui.Mark(l, file, wrong)
	v.file = ui.UploadView{Input: file[0], Limit: i18n.T(ctx, "XLSX 或 CSV，不超过 %d MB",
		sheet.MaxFileBytes>>20)}
	v.form = ui.FormView{Action: action, Upload: true, Hidden: v.hidden,
		Summary: summaryOf(l, wrong, v.inputs),
		Buttons: []ui.Action{{Text: t("先检查，不导入"), Name: doField, Value: "check"}}}
	if v.marks {
		v.form.Buttons = append(v.form.Buttons,
			ui.Action{Text: t("检查并下载问题清单"), Name: doField, Value: doMark})
	}
	v.form.Buttons = append(v.form.Buttons,
		ui.Action{Text: t("检查并导入"), Name: doField, Value: doStore, Primary: true})
	p := h.web.Page(r, "导入字典")
	p.Title = v.title
	p.Crumbs = []ui.Link{{Text: t("字典"), Href: Path}, {Text: v.title}}
	view := web.View{Page: p, Body: importPage(v)}
	switch fault.KindOf(wrong) {
	case fault.Conflict:
		view.Status = http.StatusConflict
	case fault.Invalid:
		view.Status = http.StatusUnprocessableEntity
	}
	if wrong == nil {
		view.Status = http.StatusOK
	}
	return h.web.Render(w, r, view)
}

// summaryOf lists what is wrong. Fields of the form are linked; problems of the file say the place
// in it, row and column.
func summaryOf(l i18n.Lang, wrong error, inputs []ui.Input) ui.Summary {
	s := ui.SummaryOf(l, wrong)
	e, ok := fault.As(wrong)
	if !ok {
		return s
	}
	for i, f := range e.Fields {
		own := f.Name == fileField ||
			slices.ContainsFunc(inputs, func(in ui.Input) bool { return in.Name == f.Name })
		if !own {
			s.Items[i] = ui.SummaryItem{Text: i18n.Text(l, "%s：%s", f.Name, i18n.FieldText(l, f))}
		}
	}
	return s
}
