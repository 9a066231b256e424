package planhttp

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxCarried is the largest table that a page carries from its check to its import, so that nobody
// has to choose the file twice; a larger one is left to jobs.
const maxCarried = 1 << 20

// importForm is the upload of a table as it was sent.
type importForm struct {
	ledger, name, key string
	begun             bool
	content           []byte
}

// getImport shows the upload form; ?template= sends an empty table.
func (h *Handler) getImport(w http.ResponseWriter, r *http.Request) error {
	if err := could(web.Actor(r), plan.ActTaskImport); err != nil {
		return err
	}
	if name := r.FormValue("template"); name != "" {
		as, err := formatOf(name)
		if err != nil {
			return err
		}
		out := &file{w: w, name: say(r, "导入台账") + "-" + say(r, "模板"), format: as}
		return out.end(sheet.Template(r.Context(), out, as, plan.TaskSheet()))
	}
	return h.showImport(w, r, importForm{key: id.New()}, nil, nil)
}

func (h *Handler) showImport(
	w http.ResponseWriter, r *http.Request, f importForm, out *plan.ImportOutcome, err error,
) error {
	ledgers, lerr := h.plan.ListLedgers(r.Context(), web.Actor(r))
	if lerr != nil {
		return lerr
	}
	p := h.web.Page(r, "导入台账")
	p.Crumbs = []ui.Link{{Text: say(r, "台账"), Href: pathLedger}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "先检查，再导入：有一处问题就一行也不导入。一次最多 %s 行。", i18n.Int(plan.MaxImportRows)),
		Actions: []ui.Action{{Text: say(r, "下载 Excel 模板"), Href: pathLedger + "/import?template=xlsx"},
			{Text: say(r, "下载 CSV 模板"), Href: pathLedger + "/import?template=csv"}}}
	inputs := []ui.Input{
		{Kind: ui.InFile, Name: sheet.FieldFile, Label: say(r, "文件"), Accept: ".xlsx,.csv",
			Hint: say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20)},
		ledgerInput(r.Context(), ledgers, f.ledger),
		{Kind: ui.InCheck, Name: "begun", Value: checked(f.begun),
			Text: say(r, "这些任务已经在办：导入后直接为“办理中”")}}
	ui.Mark(lang(r), inputs, err)
	form := ui.FormView{ID: "import", Action: pathLedger + "/import", Upload: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "上传并检查"), Primary: out == nil, Name: "do", Value: "check"}}}
	parts := []templ.Component{ui.PageHead(head)}
	if len(ledgers) == 0 {
		parts = append(parts, ui.With(ui.Banner(ui.Warn, say(r, "还没有台账，请先设立一本。")),
			ui.Button(ui.Action{Text: say(r, "设立台账"), Href: pathLedger + "/books", Small: true})))
	}
	if out != nil {
		parts = append(parts, h.importReport(r, f, *out))
	}
	past, lerr := h.pastImports(r)
	if lerr != nil {
		return lerr
	}
	parts = append(parts, ui.With(ui.Form(form), fields(inputs)), past)
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: templ.Join(parts...)})
}

// shownProblems is how many findings the page lists.
const shownProblems = 100

// importReport says what the check found, and offers to import.
func (h *Handler) importReport(
	r *http.Request, f importForm, out plan.ImportOutcome,
) templ.Component {
	work := ui.Work{ID: "import", Title: f.name, Percent: -1,
		State: ui.State{Tone: ui.OK, Text: say(r, "可以导入")},
		Text: say(r, "共 %s 行：新增 %s，跳过 %s。", i18n.Int(int64(out.Rows)), i18n.Int(int64(out.Adds)),
			i18n.Int(int64(out.Skips)))}
	if len(out.Indicators) > 0 {
		work.Text += say(r, "新定义指标：%s。", strings.Join(out.Indicators, "、"))
	}
	n := out.Problems.Total
	if n > 0 {
		work.State = ui.State{Tone: ui.Bad, Text: say(r, "需要修改")}
		work.Text = say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(int64(n)))
	}
	parts := []templ.Component{ui.Progress(work)}
	if n > 0 {
		return templ.Join(ui.Progress(work), problemTable(r, out.Problems))
	}
	if out.Adds == 0 {
		return templ.Join(append(parts, ui.Note(say(r, "没有要新增的任务。")))...)
	}
	return templ.Join(append(parts, carriedImport(say(r, "导入 %s 项任务", i18n.Int(int64(out.Adds))), f,
		base64.StdEncoding.EncodeToString(f.content)))...)
}

func problemTable(r *http.Request, ps sheet.Problems) templ.Component {
	shown := ps.Kept[:min(len(ps.Kept), shownProblems)]
	tab := ui.Table{Caption: say(r, "问题：共 %s 处，列出前 %s 处", i18n.Int(int64(ps.Total)),
		i18n.Int(int64(len(shown)))), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say(r, "位置")}, {Label: say(r, "说明")}}}
	for _, p := range shown {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Place(lang(r))},
			{Text: p.Text(lang(r))}}})
	}
	return ui.DataTable(tab)
}

// readImport reads the upload, or what the page carried.
func readImport(r *http.Request) (importForm, error) {
	v := r.PostForm
	f := importForm{ledger: v.Get("ledger"), key: v.Get("key"), begun: v.Get("begun") == "1",
		name: v.Get("name")}
	if data := v.Get("data"); data != "" {
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return f, badForm(err)
		}
		f.content = content
		return f, nil
	}
	in, done, err := upload(r, sheet.FieldFile)
	if err != nil || in == nil {
		return f, err
	}
	defer done()
	f.name = in.Name
	f.content, err = io.ReadAll(io.LimitReader(in.Content, sheet.MaxFileBytes+1))
	if err != nil {
		return f, badForm(err)
	}
	return f, nil
}

// postImport checks a table, and imports it when that is asked for.
func (h *Handler) postImport(w http.ResponseWriter, r *http.Request) error {
	if err := openUpload(r); err != nil {
		return err
	}
	if err := could(web.Actor(r), plan.ActTaskImport); err != nil {
		return err
	}
	f, err := readImport(r)
	if err != nil {
		return err
	}
	store := r.PostForm.Get("do") == "store"
	in := plan.TaskImport{Ledger: f.ledger, Begun: f.begun, DryRun: !store, Name: f.name,
		File: bytes.NewReader(f.content), Key: f.key}
	if f.name == "" && len(f.content) == 0 {
		err = fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
		return h.showImport(w, r, f, nil, err)
	}
	if len(f.content) > maxCarried {
		return h.startImport(w, r, f)
	}
	out, err := h.plan.ImportTasks(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		if out.Problems.Total > 0 {
			return h.showImport(w, r, f, &out, nil)
		}
		return h.showImport(w, r, f, nil, err)
	}
	if err != nil {
		return err
	}
	if !store {
		return h.showImport(w, r, f, &out, nil)
	}
	return h.web.Redirect(w, r, pathLedger+"?sort=newest&ledger="+f.ledger, "已导入 %s 项任务",
		strconv.Itoa(out.Adds))
}
