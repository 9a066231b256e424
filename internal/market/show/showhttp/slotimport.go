package showhttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxAgendaBytes bounds the table of an agenda: it has few rows, and the page carries it from the check to
// the import.
const maxAgendaBytes = 1 << 20

// agendaFile is the table as it was sent.
type agendaFile struct {
	name    string
	content []byte
}

// getImport shows the upload form of an agenda; ?template= sends an empty table.
func (h *Handler) getImport(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	if err := show.Policy.May(web.Actor(r), show.ActUpdate, d.Show); err != nil {
		return err
	}
	if as := r.FormValue("template"); as != "" {
		return h.sendTemplate(w, r, as)
	}
	if as := r.FormValue("format"); as != "" {
		return h.sendAgenda(w, r, d.ID, as)
	}
	return h.showImport(w, r, d, agendaFile{}, nil, nil)
}

func (h *Handler) sendTemplate(w http.ResponseWriter, r *http.Request, format string) error {
	as := sheet.Format(format)
	if as != sheet.XLSX && as != sheet.CSV {
		return fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
	}
	out := web.NewDownload(w, kit.Say(r, "活动议程")+"-"+kit.Say(r, "模板")+"."+format, as.MediaType())
	return out.End(sheet.Template(r.Context(), out, as, show.SlotSheet()))
}

// sendAgenda sends the agenda in the form that the import reads.
func (h *Handler) sendAgenda(w http.ResponseWriter, r *http.Request, showID, format string) error {
	return h.Export(w, r, "活动议程", format, "", func(e occasion.Export, out *web.Download) error {
		_, err := h.show.WriteAgenda(r.Context(), web.Actor(r), showID, e, out)
		return err
	})
}

func (h *Handler) showImport(
	w http.ResponseWriter, r *http.Request, d show.Detail, file agendaFile, out *show.SlotOutcome, err error,
) error {
	in := path(d.ID, "import")
	head := ui.Head{Title: kit.Say(r, "导入议程"),
		Lead: kit.Say(r, "先检查，再导入：有一处问题就一行也不导入。导出的议程改好后可以再导入，按时间和名称修改已有的环节。一次最多 %s 行。",
			i18n.Int(show.MaxSlots)),
		Actions: []ui.Action{{Text: kit.Say(r, "导出现有议程"), Href: in + "?format=xlsx"},
			{Text: kit.Say(r, "下载 Excel 模板"), Href: in + "?template=xlsx"},
			{Text: kit.Say(r, "下载 CSV 模板"), Href: in + "?template=csv"}}}
	inputs := []ui.Input{{Kind: ui.InFile, Name: sheet.FieldFile, Label: kit.Say(r, "文件"), Accept: ".xlsx,.csv",
		Hint: kit.Say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", maxAgendaBytes>>20)}}
	ui.Mark(kit.Lang(r), inputs, err)
	parts := []templ.Component{ui.PageHead(head)}
	if out != nil {
		parts = append(parts, h.importReport(r, d, file, *out))
	}
	parts = append(parts, ui.With(ui.Form(ui.FormView{ID: "import", Action: in, Upload: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{
			{Text: kit.Say(r, "上传并检查"), Primary: out == nil, Name: "do", Value: "check"},
			{Text: kit.Say(r, "返回活动"), Href: path(d.ID, "")}}}), kit.Fields(inputs)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "导入议程"),
		Body: ui.With(ui.Stack(), parts...)})
}

// importReport says what the check found, and offers to import.
func (h *Handler) importReport(
	r *http.Request, d show.Detail, file agendaFile, out show.SlotOutcome,
) templ.Component {
	work := ui.Work{ID: "found", Title: file.name, Percent: -1,
		State: ui.State{Tone: ui.OK, Text: kit.Say(r, "可以导入")},
		Text: kit.Say(r, "共 %s 行：新增 %s，修改 %s，不变 %s。", i18n.Int(int64(out.Rows)), i18n.Int(int64(out.Adds)),
			i18n.Int(int64(out.Changes)), i18n.Int(int64(out.Skips)))}
	if n := out.Problems.Total; n > 0 {
		work.State = ui.State{Tone: ui.Bad, Text: kit.Say(r, "需要修改")}
		work.Text = kit.Say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(int64(n)))
		return templ.Join(ui.Progress(work), ui.DataTable(problemTable(r, out.Problems)))
	}
	if out.Adds+out.Changes == 0 {
		return templ.Join(ui.Progress(work), ui.Note(kit.Say(r, "这些环节都已在议程中。")))
	}
	tab := ui.Table{Caption: kit.Say(r, "将要添加和修改的环节"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "时间")}, {Label: kit.Say(r, "环节")}, {Label: kit.Say(r, "材料与成果")},
		{Label: kit.Say(r, "将怎样")}}}
	for i, x := range slices.Concat(out.Slots, out.Updates) {
		mark := ui.State{Tone: ui.OK, Text: kit.Say(r, "新增")}
		if i >= len(out.Slots) {
			mark = ui.State{Tone: ui.Run, Text: kit.Say(r, "修改")}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: slotTime(r, d, x)},
			{Text: x.Title, Sub: ui.Words(x.Speaker, x.OrgName)}, {Text: ui.OrDash(x.PostTitle)}, {Status: &mark}}})
	}
	form := ui.Form(ui.FormView{ID: "store", Action: path(d.ID, "import"), Upload: true, Plain: true,
		Version: kit.Number(d.Version), Hidden: []ui.Hidden{{Name: "name", Value: file.name},
			{Name: "data", Value: base64.StdEncoding.EncodeToString(file.content)}},
		Buttons: []ui.Action{{Text: kit.Say(r, "导入 %s 个环节", i18n.Int(int64(out.Adds+out.Changes))), Primary: true,
			Name: "do", Value: "store"}, {Text: kit.Say(r, "不导入"), Href: path(d.ID, "")}}})
	return templ.Join(ui.Progress(work), ui.DataTable(tab), form)
}

// shownProblems is how many findings the page lists.
const shownProblems = 100

func problemTable(r *http.Request, ps sheet.Problems) ui.Table {
	shown := ps.Kept[:min(len(ps.Kept), shownProblems)]
	tab := ui.Table{Caption: kit.Say(r, "问题：共 %s 处，列出前 %s 处", i18n.Int(int64(ps.Total)),
		i18n.Int(int64(len(shown)))), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "位置")}, {Label: kit.Say(r, "说明")}}}
	for _, p := range shown {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Place(kit.Lang(r))}, {Text: p.Text(kit.Lang(r))}}})
	}
	return tab
}

// postImport checks the table of an agenda, and imports it when that is asked for.
func (h *Handler) postImport(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears them, too
	d, err := h.of(r)
	if err != nil {
		return err
	}
	file, err := agendaOf(r)
	if fault.Is(err, fault.Invalid) {
		return h.showImport(w, r, d, file, nil, err)
	}
	if err != nil {
		return err
	}
	store := r.PostFormValue("do") == "store"
	out, err := h.show.ImportSlots(r.Context(), web.Actor(r), show.SlotImport{Show: d.ID, Version: web.VersionOf(r),
		DryRun: !store, Name: file.name, File: bytes.NewReader(file.content)})
	switch {
	case fault.Is(err, fault.Invalid) && out.Problems.Total == 0:
		return h.showImport(w, r, d, file, nil, err)
	case err != nil && out.Problems.Total == 0:
		return err
	case !store || out.Problems.Total > 0:
		return h.showImport(w, r, d, file, &out, nil)
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已导入 %s 个环节", i18n.Int(int64(out.Adds+out.Changes)))
}

// agendaOf reads the upload, or what the page carried.
func agendaOf(r *http.Request) (agendaFile, error) {
	if data := r.PostFormValue("data"); data != "" {
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return agendaFile{}, kit.BadForm(err)
		}
		if len(content) > maxAgendaBytes {
			return agendaFile{}, errAgendaSize()
		}
		return agendaFile{r.PostFormValue("name"), content}, nil
	}
	heads := r.MultipartForm.File[sheet.FieldFile]
	if len(heads) == 0 {
		return agendaFile{}, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	return readAgenda(heads[0])
}

func errAgendaSize() error {
	return fault.Fields(fault.At(sheet.FieldFile, "文件超过 %d MB", maxAgendaBytes>>20))
}

func readAgenda(head *multipart.FileHeader) (agendaFile, error) {
	if head.Size > maxAgendaBytes {
		return agendaFile{}, errAgendaSize()
	}
	f, err := head.Open()
	if err != nil {
		return agendaFile{}, kit.BadForm(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		return agendaFile{}, kit.BadForm(err)
	}
	return agendaFile{head.Filename, content}, nil
}

// AgendaView is what an import of an agenda did or would do.
type AgendaView struct {
	show.SlotOutcome
	Problems []string `json:"problems" doc:"what is wrong, with the row and the column"`
}

func (h *Handler) importOps(a *api.API) {
	add(a, api.Operation{UseCase: "show.SlotTemplate", Method: http.MethodGet, Path: "/shows/agenda/template",
		Title: "议程导入模板"}, func(_ context.Context, in *struct {
		Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			if web.Actor(r).Account == "" {
				return kit.ErrRole()
			}
			return h.sendTemplate(w, r, in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "show.WriteAgenda", Method: http.MethodGet, Path: "/shows/{id}/agenda/export",
		Title: "导出议程"}, func(_ context.Context, in *struct {
		kit.ByID
		Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.sendAgenda(w, r, in.ID, in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "show.ImportSlots", Method: http.MethodPost, Path: "/shows/{id}/agenda",
		Title: "导入议程", Maximum: maxAgendaBytes + formMemory,
		Form: []api.FormField{kit.TableField, kit.DryRunField}}, h.apiImport)
}

// apiImport checks a table with dryRun=1, and imports it without.
func (h *Handler) apiImport(ctx context.Context, in *struct {
	kit.ByID
	api.Match
	RawBody multipart.Form
}) (*kit.Body[AgendaView], error) {
	defer func() { _ = in.RawBody.RemoveAll() }() // the system clears them, too
	ask := show.SlotImport{Show: in.ID, DryRun: slices.Contains(in.RawBody.Value["dryRun"], "1")}
	var err error
	if !ask.DryRun {
		if ask.Version, err = in.Version(); err != nil {
			return nil, err
		}
	}
	heads := in.RawBody.File[sheet.FieldFile]
	if len(heads) == 0 {
		return nil, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	file, err := readAgenda(heads[0])
	if err != nil {
		return nil, err
	}
	ask.Name, ask.File = file.name, bytes.NewReader(file.content)
	out, err := h.show.ImportSlots(ctx, api.By(ctx), ask)
	view := AgendaView{out, []string{}}
	for _, p := range out.Problems.Kept {
		view.Problems = append(view.Problems, p.Text(i18n.From(ctx)))
	}
	return kit.BodyOf(view, err)
}
