package markethttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const (
	// maxCarried is the largest table that a page carries from its check to its import, so that
	// nobody has to choose the file twice; a larger one is chosen again.
	maxCarried = 1 << 20
	// formMemory is how much of an upload stays in memory; the rest goes to a temporary file.
	formMemory = 1 << 20
	// shownProblems is how many findings the page lists.
	shownProblems = 100
)

// importForm is the upload of a table as it was sent.
type importForm struct {
	kind      market.Kind
	submit    bool
	name, key string
	content   []byte
}

func mayImport(r *http.Request) error {
	by := web.Actor(r)
	if market.PostPolicy.Could(by, market.ActPostImport) {
		return nil
	}
	return market.PostPolicy.May(by, market.ActPostImport, shown)
}

func importTitle(k market.Kind) string {
	if k == market.Achievement {
		return "导入成果"
	}
	return "导入需求"
}

// getImport shows the upload form; ?template= sends an empty table of a kind.
func (h *Handler) getImport(w http.ResponseWriter, r *http.Request) error {
	if err := mayImport(r); err != nil {
		return err
	}
	f := importForm{kind: market.Need, key: id.New()}
	if k := market.Kind(r.FormValue("kind")); k == market.Achievement {
		f.kind = k
	}
	if name := r.FormValue("template"); name != "" {
		as, err := formatOf(name)
		if err != nil {
			return err
		}
		out := web.NewDownload(w, say(r, importTitle(f.kind))+"-"+say(r, "模板")+"."+string(as),
			as.MediaType())
		return out.End(sheet.Template(r.Context(), out, as, market.PostSheet(f.kind)))
	}
	return h.showImport(w, r, f, nil, nil)
}

func (h *Handler) showImport(
	w http.ResponseWriter, r *http.Request, f importForm, out *market.ImportOutcome, err error,
) error {
	p := h.web.Page(r, "导入成果与需求")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "先检查，再导入：有一处问题就一行也不导入。导出的表改好后可以再导入，按编号修改已有的。一次最多 %s 行，在后台导入最多 %s 行。",
		i18n.Int(market.MaxImportRows), i18n.Int(sheet.MaxRows)), Actions: []ui.Action{
		{Text: say(r, "下载需求模板"), Href: pathImport + "?kind=need&template=xlsx"},
		{Text: say(r, "下载成果模板"), Href: pathImport + "?kind=achievement&template=xlsx"}}}
	inputs := []ui.Input{
		{Kind: ui.InRadio, Name: "kind", Label: say(r, "类型"), Value: string(f.kind),
			Options: choices(r.Context(), market.Kinds())},
		{Kind: ui.InFile, Name: sheet.FieldFile, Label: say(r, "文件"), Accept: ".xlsx,.csv",
			Hint: say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20)},
		{Kind: ui.InCheck, Name: "submit", Value: checked(f.submit),
			Text: say(r, "导入后直接提交审核，不勾选就存为草稿")}}
	ui.Mark(lang(r), inputs, err)
	form := ui.FormView{ID: "import", Action: pathImport, Upload: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "上传并检查"), Primary: out == nil, Name: "do", Value: "check"},
			{Text: say(r, "在后台检查并导入"), Name: "do", Value: "job"}}}
	parts := []templ.Component{ui.PageHead(head)}
	if out != nil {
		parts = append(parts, importReport(r, f, *out))
	}
	parts = append(parts, ui.With(ui.Form(form), fields(inputs)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: ui.With(ui.Stack(), parts...)})
}

// importReport says what the check found, and offers to import.
func importReport(r *http.Request, f importForm, out market.ImportOutcome) templ.Component {
	work := ui.Work{ID: "import", Title: f.name, Percent: -1,
		State: ui.State{Tone: ui.OK, Text: say(r, "可以导入")},
		Text:  importedText(r, int64(out.Rows), int64(out.Adds), int64(out.Changes), int64(out.Same), int64(out.Skips))}
	if n := out.Problems.Total; n > 0 {
		work.State = ui.State{Tone: ui.Bad, Text: say(r, "需要修改")}
		work.Text = say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(int64(n)))
		return templ.Join(ui.Progress(work), problemTable(r, out.Problems))
	}
	parts := []templ.Component{ui.Progress(work)}
	if out.Reviews > 0 {
		parts = append(parts, ui.Note(say(r, "其中 %s 项已发布，修改后须重新审核，审核期间不在市场中显示。",
			i18n.Int(int64(out.Reviews)))))
	}
	if len(out.Lines) > 0 {
		parts = append(parts, ui.DataTable(lineTable(r, f.kind, out)))
	}
	switch {
	case out.Adds+out.Changes == 0:
		parts = append(parts, ui.Note(say(r, "没有要新增或修改的供需。")))
	case len(f.content) <= maxCarried:
		parts = append(parts, carriedImport(say(r, "导入 %s 项", i18n.Int(int64(out.Adds+out.Changes))), f,
			base64.StdEncoding.EncodeToString(f.content)))
	default:
		parts = append(parts, ui.Note(say(r, "文件较大，请在下面重新选择它，再点“在后台检查并导入”。")))
	}
	return ui.With(ui.Stack(), parts...)
}

// importedText says how many rows an import adds, changes and leaves.
func importedText(r *http.Request, rows, adds, changes, same, skips int64) string {
	return say(r, "共 %s 行：新增 %s，修改 %s，不变 %s，跳过 %s（同一单位已有同名的）。", i18n.Int(rows), i18n.Int(adds),
		i18n.Int(changes), i18n.Int(same), i18n.Int(skips))
}

// lineTable says of each row that does something what it does.
func lineTable(r *http.Request, k market.Kind, out market.ImportOutcome) ui.Table {
	lines := out.Lines[:min(len(out.Lines), shownProblems)]
	tab := ui.Table{Caption: say(r, "将新增、修改和跳过的行：共 %s 行，列出前 %s 行",
		i18n.Int(int64(out.Adds+out.Changes+out.Skips)), i18n.Int(int64(len(lines)))), Visible: true, Dense: true,
		Cols: []ui.Column{{Label: say(r, "行")}, {Label: say(r, "名称")}, {Label: say(r, "将怎样")},
			{Label: say(r, "修改的列")}}}
	marks := map[string]ui.State{market.LineAdd: {Tone: ui.OK, Text: say(r, "新增")},
		market.LineChange: {Tone: ui.Run, Text: say(r, "修改")}, market.LineSkip: {Tone: ui.Idle, Text: say(r, "跳过")}}
	for _, x := range lines {
		mark := marks[x.What]
		if x.Review {
			mark = ui.State{Tone: ui.Warn, Text: say(r, "修改后重新审核")}
		}
		name := ui.Cell{Text: x.Title, Sub: x.Code}
		if x.State != "" {
			name.Sub = ui.Words(x.Code, say(r, market.StateTitle(k, x.State)))
		}
		var columns []string
		for _, c := range x.Columns {
			columns = append(columns, say(r, c))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: strconv.Itoa(x.Row)}, name, {Status: &mark},
			{Text: ui.OrDash(ui.Words(columns...))}}})
	}
	return tab
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
	f := importForm{kind: market.Kind(v.Get("kind")), submit: v.Get("submit") == "1", key: v.Get("key"),
		name: v.Get("name")}
	if data := v.Get("data"); data != "" {
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return f, badForm(err)
		}
		f.content = content
		return f, nil
	}
	file, head, err := r.FormFile(sheet.FieldFile)
	if errors.Is(err, http.ErrMissingFile) {
		return f, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	if err != nil {
		return f, badForm(err)
	}
	defer file.Close()
	f.name = head.Filename
	f.content, err = io.ReadAll(io.LimitReader(file, sheet.MaxFileBytes+1))
	if err != nil {
		return f, badForm(err)
	}
	return f, nil
}

// postImport checks a table, and imports it when that is asked for.
func (h *Handler) postImport(w http.ResponseWriter, r *http.Request) error {
	if err := mayImport(r); err != nil {
		return err
	}
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return badForm(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears them, too
	f, err := readImport(r)
	if fault.Is(err, fault.Invalid) && len(f.content) == 0 {
		return h.showImport(w, r, f, nil, err)
	}
	if err != nil {
		return err
	}
	if r.PostForm.Get("do") == "job" {
		x, err := h.market.StartImport(r.Context(), web.Actor(r), market.PostImport{Kind: f.kind, Submit: f.submit,
			Name: f.name, File: bytes.NewReader(f.content), Key: f.key})
		if fault.Is(err, fault.Invalid) {
			return h.showImport(w, r, f, nil, err)
		}
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, pathImports+"/"+url.PathEscape(x.ID), "导入已开始")
	}
	store := r.PostForm.Get("do") == "store"
	out, err := h.market.ImportPosts(r.Context(), web.Actor(r), market.PostImport{Kind: f.kind,
		Submit: f.submit, DryRun: !store, Name: f.name, File: bytes.NewReader(f.content), Key: f.key})
	switch {
	case fault.Is(err, fault.Invalid) && out.Problems.Total > 0, err == nil && !store:
		return h.showImport(w, r, f, &out, nil)
	case fault.Is(err, fault.Invalid):
		return h.showImport(w, r, f, nil, err)
	case err != nil:
		return err
	}
	return h.web.Redirect(w, r, importedHref(f.kind, f.submit, int64(out.Adds)), "已导入 %s 项",
		strconv.Itoa(out.Adds+out.Changes))
}

// importedHref leads to what an import brought: the new posts, or where nothing is new all of the kind.
func importedHref(k market.Kind, submit bool, adds int64) string {
	q := PostQuery{Kind: string(k), State: market.Draft, Sort: "newest"}
	switch {
	case adds == 0:
		q.State = stateAll
	case submit:
		q.State = market.Review
	}
	return q.href()
}

// PostImportForm is a table as the API takes it: a form with the fields of postTable.
type PostImportForm struct {
	RawBody multipart.Form
}

func postTable() []api.FormField {
	return []api.FormField{kit.TableField,
		{Name: "kind", Needed: true, OneOf: []string{string(market.Need), string(market.Achievement)},
			Doc: "what the rows are"},
		{Name: "submit", OneOf: []string{"1"}, Doc: "1 sends the new ones to review"}}
}

// PostImportResult is what an import did or would do.
type PostImportResult struct {
	market.ImportOutcome
	Problems []string `json:"problems" doc:"what is wrong, with the row and the column"`
}

// apiImport checks a table with dryRun=1, and imports it without.
func (h *Handler) apiImport(ctx context.Context, in *struct {
	api.Once
	PostImportForm
}) (*kit.Body[PostImportResult], error) {
	defer func() { _ = in.RawBody.RemoveAll() }() // the system clears them, too
	heads := in.RawBody.File[sheet.FieldFile]
	if len(heads) == 0 {
		return nil, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	content, err := heads[0].Open()
	if err != nil {
		return nil, badForm(err)
	}
	defer content.Close()
	v, key := url.Values(in.RawBody.Value), in.Key
	if key == "" {
		key = id.New()
	}
	out, err := h.market.ImportPosts(ctx, api.By(ctx), market.PostImport{Kind: market.Kind(v.Get("kind")),
		Submit: v.Get("submit") == "1", DryRun: v.Get("dryRun") == "1", Name: heads[0].Filename,
		File: content, Key: key})
	view := PostImportResult{ImportOutcome: out, Problems: []string{}}
	for _, p := range out.Problems.Kept {
		view.Problems = append(view.Problems, p.Text(i18n.From(ctx)))
	}
	return kit.BodyOf(view, err)
}
