package partyhttp

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// intake is one of the two things that are imported.
type intake struct {
	kind, path, list string // of the service, of its pages, of the list it fills
	title, listTitle string // keys of package i18n
}

var (
	orgIntake    = intake{party.ImportOrgs, "/orgs/import", "/orgs", "导入组织", "主体库"}
	personIntake = intake{party.ImportPeople, "/people/import", "/people", "导入人员", "人才库"}
)

func intakeOf(kind string) intake {
	if kind == party.ImportPeople {
		return personIntake
	}
	return orgIntake
}

// importStates are the states of an import in words.
var importStates = []party.Choice{
	{Value: party.ImportChecking, Title: "正在检查"},
	{Value: party.ImportReady, Title: "等待确认"},
	{Value: party.ImportFaulty, Title: "需要修改"},
	{Value: party.ImportRunning, Title: "正在导入"},
	{Value: party.ImportDone, Title: "全部导入"},
	{Value: party.ImportFailed, Title: "没有导入"},
	{Value: party.ImportCancelled, Title: "已取消"},
}

func importMark(r *http.Request, state string) ui.State {
	tone := map[string]ui.Tone{party.ImportChecking: ui.Run, party.ImportRunning: ui.Run,
		party.ImportReady: ui.Warn, party.ImportFaulty: ui.Bad, party.ImportDone: ui.OK,
		party.ImportFailed: ui.Bad}[state]
	return ui.State{Tone: tone, Text: titled(r.Context(), importStates, state)}
}

// mayStart refuses those who cannot import this kind.
func mayStart(r *http.Request, in intake) error {
	by := web.Actor(r)
	if in.kind == party.ImportOrgs && !party.OrgPolicy.Could(by, party.ActOrgImport) {
		return party.OrgPolicy.May(by, party.ActOrgImport, party.Org{})
	}
	if in.kind == party.ImportPeople && !party.PersonPolicy.Could(by, party.ActPersonImport) {
		return fault.New(fault.Forbidden, "您不能批量导入人员")
	}
	return nil
}

// getImport shows the upload form and the actor's imports; ?template= sends an empty table.
func (h *Handler) getImport(in intake) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := mayStart(r, in); err != nil {
			return err
		}
		if name := r.FormValue("template"); name != "" {
			as, err := formatOf(name)
			if err != nil {
				return err
			}
			out := download(w, say(r, in.title)+"-"+say(r, "模板"), as)
			return out.End(party.ImportTemplate(r.Context(), out, in.kind, as))
		}
		return h.showUpload(w, r, in, "", "", nil)
	}
}

func (h *Handler) showUpload(
	w http.ResponseWriter, r *http.Request, in intake, mode, source string, failed error,
) error {
	p := h.web.Page(r, in.title)
	p.Crumbs = []ui.Link{{Text: say(r, in.listTitle), Href: in.list}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "先检查，再导入：有一处问题就一行也不导入。一次最多 %s 行。", i18n.Int(party.MaxImportRows)),
		Actions: []ui.Action{{Text: say(r, "下载 Excel 模板"), Href: in.path + "?template=xlsx"},
			{Text: say(r, "下载 CSV 模板"), Href: in.path + "?template=csv"}}}
	if mode == "" {
		mode = party.ModeSkip
	}
	fieldsIn := []ui.Input{
		{Kind: ui.InFile, Name: sheet.FieldFile, Label: say(r, "文件"), Accept: ".xlsx,.csv",
			Hint: say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20)},
		{Kind: ui.InRadio, Name: "mode", Label: say(r, "已有的记录"), Value: mode, Options: []ui.Option{
			{Value: party.ModeSkip, Text: say(r, "跳过，保持原样")},
			{Value: party.ModeUpdate, Text: say(r, "用文件的内容更新"), Hint: say(r, "空的单元格不改动原值")}}},
		{Name: "source", Label: say(r, "来源"), Value: source, Optional: true, MaxLen: 60,
			Hint: say(r, "如 营业执照、工商登记、企业填报")}}
	ui.Mark(lang(r), fieldsIn, failed)
	form := ui.FormView{ID: "import", Action: in.path, Upload: true,
		Summary: ui.SummaryOf(lang(r), failed), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: say(r, "上传并检查"), Primary: true}}}
	past, err := h.pastImports(r, in)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if failed != nil {
		status = ui.StatusOf(failed)
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Form(form), fields(fieldsIn)), past)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// pastImports lists the actor's last imports of this kind.
func (h *Handler) pastImports(r *http.Request, in intake) (templ.Component, error) {
	page, err := h.party.ListImports(r.Context(), web.Actor(r), db.PageReq{Limit: 50})
	if err != nil {
		return nil, err
	}
	tab := ui.Table{Caption: say(r, "我的导入"), Visible: true, Cols: []ui.Column{
		{Label: say(r, "文件")}, {Label: say(r, "状态")}, {Label: say(r, "行数"), Num: true},
		{Label: say(r, "时间")}}}
	for _, x := range page.Items {
		if x.Kind != in.kind {
			continue
		}
		state := importMark(r, x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.FileName, Href: in.path + "/" + x.ID}, {Status: &state},
			{Text: i18n.Int(x.Rows)}, {Text: i18n.DateTime(lang(r), clock.Time(x.CreatedUs))}}})
	}
	if len(tab.Rows) == 0 {
		return templ.NopComponent, nil
	}
	return ui.DataTable(tab), nil
}

// postImport takes a file and starts its check.
func (h *Handler) postImport(in intake) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := mayStart(r, in); err != nil {
			return err
		}
		up, err := readUpload(r)
		if err != nil {
			return err
		}
		defer up.close()
		x, err := h.party.StartImport(r.Context(), web.Actor(r), party.ImportFile{Kind: in.kind,
			Mode: up.mode, Source: up.source, Name: up.name, Content: up.content,
			Key: r.PostForm.Get("key")})
		if fault.Is(err, fault.Invalid) {
			return h.showUpload(w, r, in, up.mode, up.source, err)
		}
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, in.path+"/"+x.ID, "")
	}
}

// upload is a form with a file.
type upload struct {
	mode, source, name string
	content            io.Reader // nil without a file
	close              func()
}

// formMemory is how much of an upload stays in memory; the rest goes to a temporary file.
const formMemory = 1 << 20

func readUpload(r *http.Request) (upload, error) {
	up := upload{close: func() {}}
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return up, err
		}
		return up, badForm(err)
	}
	up.mode, up.source = r.PostForm.Get("mode"), strings.TrimSpace(r.PostForm.Get("source"))
	if up.mode == "" {
		up.mode = party.ModeSkip
	}
	file, head, err := r.FormFile(sheet.FieldFile)
	if errors.Is(err, http.ErrMissingFile) {
		return up, nil
	}
	if err != nil {
		return up, badForm(err)
	}
	up.name, up.content = head.Filename, file
	up.close = func() { _ = file.Close() }
	return up, nil
}

// getImportJob shows an import: its progress, its findings, its result. ?report= sends the rows
// with what is wrong in them.
func (h *Handler) getImportJob(w http.ResponseWriter, r *http.Request) error {
	x, err := h.party.GetImport(r.Context(), web.Actor(r), r.PathValue("job"))
	if err != nil {
		return err
	}
	in := intakeOf(x.Kind)
	if !strings.HasPrefix(r.URL.Path, in.path+"/") {
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
	if r.FormValue("report") != "" {
		out := download(w, say(r, "导入问题清单"), sheet.XLSX)
		return out.End(h.party.ImportReport(r.Context(), web.Actor(r), x.ID, out))
	}
	work := h.importWork(r, in, x)
	p := h.web.Page(r, in.title)
	p.Crumbs = []ui.Link{{Text: say(r, in.listTitle), Href: in.list},
		{Text: p.Title, Href: in.path}, {Text: x.FileName}}
	if work.Poll != "" {
		p.Refresh = 3
	}
	progress := ui.With(ui.Progress(work), h.importResult(r, in, x))
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title, Lead: x.FileName}), progress)
	return h.web.Render(w, r, web.View{Page: p, Body: body, Part: progress})
}

func (h *Handler) importWork(r *http.Request, in intake, x party.Import) ui.Work {
	here := in.path + "/" + x.ID
	w := ui.Work{ID: x.ID, Title: x.FileName, State: importMark(r, x.State), Percent: -1}
	switch x.State {
	case party.ImportChecking, party.ImportRunning:
		w.Poll = here
		w.Text = say(r, "已检查 %s 行，共 %s 行", i18n.Int(int64(x.Done)), i18n.Int(int64(x.Total)))
		if x.State == party.ImportRunning {
			w.Text = say(r, "已写入 %s 行，共 %s 行", i18n.Int(int64(x.Done)), i18n.Int(int64(x.Total)))
		}
		if x.Total > 0 {
			w.Percent = 100 * x.Done / x.Total
		} else {
			w.Text = say(r, "正在准备。可以离开本页，稍后再来。")
		}
		w.Cancel = &ui.Post{Action: here, Hidden: []ui.Hidden{{Name: "do", Value: "cancel"}},
			Button: ui.Action{Text: say(r, "停止"), Danger: true}}
	case party.ImportReady:
		w.Text = say(r, "共 %s 行：新增 %s，更新 %s，跳过 %s。", i18n.Int(x.Rows), i18n.Int(x.Adds),
			i18n.Int(x.Changes), i18n.Int(x.Skips))
	case party.ImportFaulty:
		w.Text = say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(x.Problems))
		w.Result = []ui.Link{{Text: say(r, "重新上传"), Href: in.path}}
	case party.ImportDone:
		w.Text = say(r, "已导入：新增 %s，更新 %s，跳过 %s。", i18n.Int(x.Adds), i18n.Int(x.Changes),
			i18n.Int(x.Skips))
		w.Result = []ui.Link{{Text: say(r, "查看列表"), Href: in.list + "?sort=updated"},
			{Text: say(r, "再导入一个文件"), Href: in.path}}
	case party.ImportFailed:
		w.Text = say(r, "一行也没有导入。")
		if x.Message != nil {
			w.Problems = []string{x.Message.Text(lang(r))}
		}
		w.Result = []ui.Link{{Text: say(r, "重新上传"), Href: in.path}}
	case party.ImportCancelled:
		w.Text = say(r, "已停止，一行也没有导入。")
		w.Result = []ui.Link{{Text: say(r, "重新上传"), Href: in.path}}
	}
	if x.Problems+x.Warnings > 0 && x.State != party.ImportChecking {
		w.Result = append(w.Result, ui.Link{Text: say(r, "下载标出问题的表格"), Href: here + "?report=xlsx"})
	}
	return w
}

// shownProblems is how many findings the page lists; the report has all that were kept.
const shownProblems = 100

// importResult stands below the progress: the button that runs a checked file, and the findings.
func (h *Handler) importResult(r *http.Request, in intake, x party.Import) templ.Component {
	here := in.path + "/" + x.ID
	var parts []templ.Component
	if x.State == party.ImportReady {
		version := ui.Hidden{Name: "version", Value: strconv.FormatInt(x.Version, 10)}
		run := ui.Action{Text: say(r, "导入 %s 行", i18n.Int(x.Adds+x.Changes)), Primary: true}
		if x.Adds+x.Changes == 0 {
			run = ui.Action{Text: say(r, "导入"), Why: say(r, "没有要新增或更新的行")}
		}
		parts = append(parts, buttons(
			ui.Post{Action: here, Hidden: []ui.Hidden{{Name: "do", Value: "run"}, version}, Button: run},
			ui.Post{Action: here, Hidden: []ui.Hidden{{Name: "do", Value: "cancel"}},
				Button: ui.Action{Text: say(r, "不导入")}}))
	}
	l := lang(r)
	for _, n := range x.Found.Notices {
		parts = append(parts, ui.Banner(ui.Idle, n.Text(l)))
	}
	if len(x.Found.Ignored) > 0 {
		parts = append(parts, ui.Banner(ui.Idle,
			say(r, "没有读取的列：%s", strings.Join(x.Found.Ignored, ", "))))
	}
	for _, list := range []struct {
		title string
		total int64
		found []party.ImportProblem
	}{{"问题", x.Problems, x.Found.Problems}, {"提示", x.Warnings, x.Found.Warnings}} {
		if len(list.found) > 0 {
			parts = append(parts, findingTable(r, list.title, list.total, list.found))
		}
	}
	return templ.Join(parts...)
}

func findingTable(
	r *http.Request, title string, total int64, found []party.ImportProblem,
) templ.Component {
	shown := found[:min(len(found), shownProblems)]
	caption := say(r, "%s：共 %s 处，列出前 %s 处", i18n.Key(title), i18n.Int(total),
		i18n.Int(int64(len(shown))))
	tab := ui.Table{Caption: caption, Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say(r, "行")}, {Label: say(r, "列")}, {Label: say(r, "说明")}}}
	for _, p := range shown {
		row, column := "—", "—"
		if p.Row > 0 {
			row = strconv.Itoa(p.Row)
		}
		if p.Title != "" {
			column = say(r, p.Title)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: row}, {Text: column},
			{Text: p.Text(lang(r))}}})
	}
	return ui.DataTable(tab)
}

// postImportJob runs or cancels an import.
func (h *Handler) postImportJob(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by, jobID := r.Context(), web.Actor(r), r.PathValue("job")
	var x party.Import
	var err error
	switch r.PostForm.Get("do") {
	case "run":
		version := web.VersionOf(r)
		x, err = h.party.RunImport(ctx, by, jobID, version)
	case "cancel":
		x, err = h.party.CancelImport(ctx, by, jobID)
	default:
		err = fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交")
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, intakeOf(x.Kind).path+"/"+x.ID, "")
}
