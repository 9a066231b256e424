package markethttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getImportJob shows how far an import in the background is, and what came of it.
func (h *Handler) getImportJob(w http.ResponseWriter, r *http.Request) error {
	x, err := h.market.GetImport(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	work, err := h.importWork(r, x)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "导入成果与需求")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket},
		{Text: p.Title, Href: pathImport}, {Text: x.FileName}}
	p.Refresh = refreshOf(work)
	part := ui.Progress(work)
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title, Lead: x.FileName}), part}
	if x.State == market.ImportFaulty {
		tab := ui.Table{Caption: say(r, "问题：共 %s 处，列出前 %s 处", i18n.Int(x.Problems),
			i18n.Int(int64(len(x.Found)))), Visible: true, Dense: true, Cols: []ui.Column{
			{Label: say(r, "位置")}, {Label: say(r, "说明")}}}
		for _, f := range x.Found {
			q := sheet.Problem{Row: f.Row, Column: f.Column, Title: f.Title, Key: f.Key, Args: f.Args}
			tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: q.Place(lang(r))}, {Text: q.Text(lang(r))}}})
		}
		parts = append(parts, ui.DataTable(tab))
	}
	return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...), Part: part})
}

// importWork says how an import stands: its job knows while it works, and how it stopped.
func (h *Handler) importWork(r *http.Request, x market.Import) (ui.Work, error) {
	work := ui.Work{ID: "import", Title: x.FileName, Percent: -1}
	again := []ui.Link{{Text: say(r, "重新导入"), Href: pathImport + "?kind=" + string(x.Kind)}}
	switch x.State {
	case market.ImportDone:
		work.State = ui.State{Tone: ui.OK, Text: say(r, "已导入")}
		work.Text = importedText(r, x.Rows, x.Adds, x.Changes, x.Same, x.Skips)
		work.Result = []ui.Link{{Text: say(r, "查看导入的供需"),
			Href: importedHref(x.Kind, x.Submit, x.Adds)}}
		return work, nil
	case market.ImportFaulty:
		work.State = ui.State{Tone: ui.Bad, Text: say(r, "需要修改")}
		work.Text = say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(x.Problems))
		work.Result = again
		return work, nil
	}
	if h.deps.Jobs == nil {
		work.State = ui.State{Tone: ui.Run, Text: say(r, "正在导入")}
		return work, nil
	}
	j, err := h.deps.Jobs.Get(r.Context(), web.Actor(r), x.Job)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return work, err
	}
	switch {
	case err != nil || j.State == job.Discarded:
		work.State = ui.State{Tone: ui.Bad, Text: say(r, "导入失败")}
		work.Text, work.Result = say(r, "一行也没有导入，请重新导入。"), again
	case j.State == job.Cancelled:
		work.State = ui.State{Tone: ui.Idle, Text: say(r, "已取消")}
		work.Text, work.Result = say(r, "一行也没有导入，请重新导入。"), again
	default:
		work.State, work.Percent = ui.State{Tone: ui.Run, Text: say(r, "正在导入")}, int(j.Progress)
		if j.ProgressText.Key != "" {
			work.Text = j.ProgressText.In(lang(r))
		}
		work.Poll = pathImports + "/" + url.PathEscape(x.ID)
		work.Result = []ui.Link{{Text: say(r, "取消导入"), Href: "/admin/jobs/" + url.PathEscape(x.Job) + "/cancel"}}
	}
	return work, nil
}

// apiStartImport takes a table for a job.
func (h *Handler) apiStartImport(ctx context.Context, in *struct {
	api.Once
	PostImportForm
}) (*kit.Body[market.Import], error) {
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
	return kit.BodyOf(h.market.StartImport(ctx, api.By(ctx), market.PostImport{Kind: market.Kind(v.Get("kind")),
		Submit: v.Get("submit") == "1", Name: heads[0].Filename, File: content, Key: key}))
}

// refreshOf is after how many seconds a page without scripts looks again.
func refreshOf(w ui.Work) int {
	if w.Poll == "" {
		return 0
	}
	return 3
}
