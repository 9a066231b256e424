package indicatorhttp

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Bounds of uploads.
const (
	formMemory   = 1 << 20 // bytes of a form kept in memory
	maxCarried   = 2 << 20 // a checked file that the page carries to its import
	shownProblem = 100     // problems a page lists
)

// sent is a file as a form sent it, or as the page carried it from the check.
type sent struct {
	name    string
	content []byte
	key     string
	store   bool // import it; otherwise only look
}

// readSent reads the file of a form.
func readSent(r *http.Request) (sent, error) {
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return sent{}, err
		}
		if !errors.Is(err, http.ErrNotMultipart) {
			return sent{}, kit.BadForm(err)
		}
	}
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears them, too
	}
	v := r.PostForm
	f := sent{name: v.Get("fileName"), key: v.Get("key"), store: v.Get("do") == "store"}
	if data := v.Get("data"); data != "" {
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return f, kit.BadForm(err)
		}
		f.content = content
		return f, nil
	}
	file, head, err := r.FormFile(sheet.FieldFile)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return f, nil
	}
	if err != nil {
		return f, kit.BadForm(err)
	}
	defer file.Close()
	f.name = head.Filename
	f.content, err = io.ReadAll(io.LimitReader(file, sheet.MaxFileBytes+1))
	if err != nil {
		return f, kit.BadForm(err)
	}
	return f, nil
}

func (f sent) none() bool { return len(f.content) == 0 }

func (f sent) reader() io.Reader { return bytes.NewReader(f.content) }

func errNoFile() error { return fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件")) }

// importPage is a page that takes a table.
type importPage struct {
	title, back, backTitle, path, lead string
	spec                               sheet.Spec
	accept, hint                       string
	inputs                             []ui.Input
}

// template sends an empty table when the address asks for one.
func (h *Handler) template(w http.ResponseWriter, r *http.Request, x importPage) (bool, error) {
	name := r.FormValue("template")
	if name == "" {
		return false, nil
	}
	as, err := formatOf(name)
	if err != nil {
		return true, err
	}
	out := web.NewDownload(w, kit.Say(r, x.spec.Title)+"-"+kit.Say(r, "模板")+"."+string(as),
		mediaTypes[string(as)])
	return true, out.End(sheet.Template(r.Context(), out, as, x.spec))
}

// showImport shows the upload form, with what a check found.
func (h *Handler) showImport(
	w http.ResponseWriter, r *http.Request, x importPage, f sent, report templ.Component, err error,
) error {
	p := h.Web.Page(r, x.title)
	p.Crumbs = []ui.Link{{Text: kit.Say(r, x.backTitle), Href: x.back}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: x.lead, Actions: []ui.Action{
		{Text: kit.Say(r, "下载 Excel 模板"), Href: x.path + "?template=xlsx"},
		{Text: kit.Say(r, "下载 CSV 模板"), Href: x.path + "?template=csv"}}}
	inputs := append([]ui.Input{{Kind: ui.InFile, Name: sheet.FieldFile, Label: kit.Say(r, "文件"),
		Accept: x.accept, Hint: x.hint}}, x.inputs...)
	ui.Mark(kit.Lang(r), inputs, err)
	if f.key == "" {
		f.key = id.New()
	}
	form := ui.FormView{ID: "import", Action: x.path, Upload: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "上传并检查"), Primary: report == nil, Name: "do", Value: "check"}}}
	parts := []templ.Component{ui.PageHead(head)}
	if report != nil {
		parts = append(parts, report)
	}
	parts = append(parts, ui.With(ui.Form(form), kit.Fields(inputs)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(parts...)})
}

// found says what a check found and offers to import.
func found(
	r *http.Request, path string, f sent, text, button string, ps sheet.Problems, hidden ...ui.Hidden,
) templ.Component {
	work := ui.Work{ID: "found", Title: f.name, Percent: -1, Text: text,
		State: ui.State{Tone: ui.OK, Text: kit.Say(r, "可以导入")}}
	switch {
	case ps.Total > 0:
		work.State = ui.State{Tone: ui.Bad, Text: kit.Say(r, "需要修改")}
		work.Text = kit.Say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(int64(ps.Total)))
		return templ.Join(ui.Progress(work), problemTable(r, ps))
	case button == "":
		work.State = ui.State{Tone: ui.Idle, Text: kit.Say(r, "没有要导入的")}
		return ui.Progress(work)
	}
	carried := append([]ui.Hidden{{Name: "fileName", Value: f.name}, {Name: "key", Value: f.key}}, hidden...)
	if len(f.content) <= maxCarried && !f.none() {
		carried = append(carried, ui.Hidden{Name: "data", Value: base64.StdEncoding.EncodeToString(f.content)})
	}
	form := ui.FormView{ID: "store", Action: path, Upload: true, Plain: true, Hidden: carried,
		Buttons: []ui.Action{{Text: button, Primary: true, Name: "do", Value: "store"}}}
	return templ.Join(ui.Progress(work), ui.Form(form))
}

func problemTable(r *http.Request, ps sheet.Problems) templ.Component {
	shown := ps.Kept[:min(len(ps.Kept), shownProblem)]
	tab := ui.Table{Caption: kit.Say(r, "问题：共 %s 处，列出前 %s 处", i18n.Int(int64(ps.Total)),
		i18n.Int(int64(len(shown)))), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "位置")}, {Label: kit.Say(r, "说明")}}}
	for _, p := range shown {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Place(kit.Lang(r))},
			{Text: i18n.Text(kit.Lang(r), p.Key, p.Args...)}}})
	}
	return ui.DataTable(tab)
}

// observationImport is the page that takes values.
func observationImport(r *http.Request, submit bool) importPage {
	return importPage{title: "导入指标数据", back: pathDesk, backTitle: "填报台", path: pathDesk + "/import",
		lead: kit.Say(r, "先检查，再导入：有一处问题就一行也不导入。一次最多 %s 行。", i18n.Int(indicator.MaxObservationRows)),
		spec: indicator.ObservationSheet(), accept: ".xlsx,.csv",
		hint: kit.Say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20),
		inputs: []ui.Input{{Kind: ui.InCheck, Name: "submit", Value: checked(submit),
			Text: kit.Say(r, "导入后直接提交审核")}}}
}

func mayReport(r *http.Request) error {
	if !indicator.ObservationPolicy.Could(web.Actor(r), indicator.ActObservationReport) {
		return kit.ErrRole()
	}
	return nil
}

func (h *Handler) getImport(w http.ResponseWriter, r *http.Request) error {
	if err := mayReport(r); err != nil {
		return err
	}
	x := observationImport(r, false)
	if done, err := h.template(w, r, x); done {
		return err
	}
	return h.showImport(w, r, x, sent{}, nil, nil)
}

func (h *Handler) postImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readSent(r)
	if err == nil {
		err = mayReport(r)
	}
	if err != nil {
		return err
	}
	submit := r.PostForm.Get("submit") == "1"
	x := observationImport(r, submit)
	if f.none() {
		return h.showImport(w, r, x, f, nil, errNoFile())
	}
	out, err := h.room.ImportObservations(r.Context(), web.Actor(r), indicator.ObservationImport{
		Submit: submit, DryRun: !f.store, Name: f.name, File: f.reader(), Key: f.key})
	if fault.Is(err, fault.Invalid) && out.Problems.Total == 0 {
		return h.showImport(w, r, x, f, nil, err)
	}
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	if out.Done {
		return h.Web.Redirect(w, r, pathObservations+"?sort=updated", "已导入 %d 个数值", out.Adds+out.Changes)
	}
	button := ""
	if n := out.Adds + out.Changes; n > 0 {
		button = kit.Say(r, "导入 %d 个数值", n)
	}
	text := kit.Say(r, "共 %s 行：新增 %s，修改 %s，没有数值而跳过 %s。", i18n.Int(int64(out.Rows)),
		i18n.Int(int64(out.Adds)), i18n.Int(int64(out.Changes)), i18n.Int(int64(out.Skips)))
	return h.showImport(w, r, x, f, found(r, x.path, f, text, button, out.Problems,
		ui.Hidden{Name: "submit", Value: checked(submit)}), nil)
}
