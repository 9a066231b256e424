package planhttp

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func importPath(id string) string { return join(pathLedger+"/import", id, "") }

// importStates are the states of an import in words.
var importStates = []plan.Choice{
	{Value: plan.ImportChecking, Title: "正在检查"},
	{Value: plan.ImportReady, Title: "等待确认"},
	{Value: plan.ImportFaulty, Title: "需要修改"},
	{Value: plan.ImportRunning, Title: "正在导入"},
	{Value: plan.ImportDone, Title: "全部导入"},
	{Value: plan.ImportFailed, Title: "没有导入"},
	{Value: plan.ImportCancelled, Title: "已取消"},
}

func importMark(r *http.Request, state string) ui.State {
	tone := map[string]ui.Tone{plan.ImportChecking: ui.Run, plan.ImportRunning: ui.Run,
		plan.ImportReady: ui.Warn, plan.ImportFaulty: ui.Bad, plan.ImportDone: ui.OK,
		plan.ImportFailed: ui.Bad}[state]
	return ui.State{Tone: tone, Text: titled(r.Context(), importStates, state)}
}

// startImport leaves a table that is too large to be carried by a page to jobs.
func (h *Handler) startImport(w http.ResponseWriter, r *http.Request, f importForm) error {
	x, err := h.plan.StartImport(r.Context(), web.Actor(r), plan.TaskImport{Ledger: f.ledger,
		Begun: f.begun, Name: f.name, File: bytes.NewReader(f.content), Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return h.showImport(w, r, f, nil, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, importPath(x.ID), "")
}

// pastImports lists the actor's last imports that jobs did.
func (h *Handler) pastImports(r *http.Request) (templ.Component, error) {
	page, err := h.plan.ListImports(r.Context(), web.Actor(r), db.PageReq{Limit: pageSize})
	if err != nil || len(page.Items) == 0 {
		return templ.NopComponent, err
	}
	tab := ui.Table{Caption: say(r, "我的导入"), Visible: true, Cols: []ui.Column{
		{Label: say(r, "文件")}, {Label: say(r, "状态")}, {Label: say(r, "行数"), Num: true},
		{Label: say(r, "时间")}}}
	for _, x := range page.Items {
		state := importMark(r, x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.FileName, Href: importPath(x.ID)}, {Status: &state}, {Text: i18n.Int(x.Rows)},
			{Text: i18n.DateTime(lang(r), clock.Time(x.CreatedUs))}}})
	}
	return ui.DataTable(tab), nil
}

// getImportJob shows an import: its progress, its findings, its result.
func (h *Handler) getImportJob(w http.ResponseWriter, r *http.Request) error {
	x, err := h.plan.GetImport(r.Context(), web.Actor(r), r.PathValue("job"))
	if err != nil {
		return err
	}
	work := h.importWork(r, x)
	p := h.web.Page(r, "导入台账")
	p.Crumbs = []ui.Link{{Text: say(r, "台账"), Href: pathLedger},
		{Text: p.Title, Href: pathLedger + "/import"}, {Text: x.FileName}}
	if work.Poll != "" {
		p.Refresh = 3
	}
	progress := ui.With(ui.Progress(work), h.importResult(r, x))
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title, Lead: x.FileName}), progress)
	return h.web.Render(w, r, web.View{Page: p, Body: body, Part: progress})
}

func (h *Handler) importWork(r *http.Request, x plan.Import) ui.Work {
	w := ui.Work{ID: x.ID, Title: x.FileName, State: importMark(r, x.State), Percent: -1}
	again := ui.Link{Text: say(r, "重新上传"), Href: pathLedger + "/import"}
	done, total := i18n.Int(int64(x.Done)), i18n.Int(int64(x.Total))
	switch x.State {
	case plan.ImportChecking, plan.ImportRunning:
		w.Poll = importPath(x.ID)
		switch {
		case x.Total == 0:
			w.Text = say(r, "正在准备。可以离开本页，稍后再来。")
		case x.State == plan.ImportRunning:
			w.Percent, w.Text = 100*x.Done/x.Total, say(r, "已写入 %s 行，共 %s 行", done, total)
		default:
			w.Percent, w.Text = 100*x.Done/x.Total, say(r, "已检查 %s 行，共 %s 行", done, total)
		}
		w.Cancel = &ui.Post{Action: importPath(x.ID), Hidden: []ui.Hidden{{Name: "do", Value: "cancel"}},
			Button: ui.Action{Text: say(r, "停止"), Danger: true}}
	case plan.ImportReady:
		w.Text = say(r, "共 %s 行：新增 %s，跳过 %s。", i18n.Int(x.Rows), i18n.Int(x.Adds), i18n.Int(x.Skips))
		if len(x.Found.Indicators) > 0 {
			w.Text += say(r, "新定义指标：%s。", strings.Join(x.Found.Indicators, "、"))
		}
	case plan.ImportFaulty:
		w.Text = say(r, "有 %s 处问题，一行也没有导入。请修改文件后重新上传。", i18n.Int(x.Problems))
		w.Result = []ui.Link{again}
	case plan.ImportDone:
		w.Text = say(r, "已导入 %s 项任务", i18n.Int(x.Adds))
		w.Result = []ui.Link{{Text: say(r, "查看列表"), Href: pathLedger + "?sort=newest&ledger=" + x.Ledger},
			{Text: say(r, "再导入一个文件"), Href: pathLedger + "/import"}}
	case plan.ImportFailed:
		w.Text = say(r, "一行也没有导入。")
		if x.Message != nil {
			w.Problems = []string{x.Message.Text(lang(r))}
		}
		w.Result = []ui.Link{again}
	case plan.ImportCancelled:
		w.Text = say(r, "已停止，一行也没有导入。")
		w.Result = []ui.Link{again}
	}
	return w
}

// importResult stands below the progress: the button that runs a checked file, and the findings.
func (h *Handler) importResult(r *http.Request, x plan.Import) templ.Component {
	var parts []templ.Component
	if x.State == plan.ImportReady {
		run := ui.Action{Text: say(r, "导入 %s 项任务", i18n.Int(x.Adds)), Primary: true}
		if x.Adds == 0 {
			run = ui.Action{Text: say(r, "导入"), Why: say(r, "没有要新增的任务。")}
		}
		for _, b := range []ui.Post{{Button: run, Hidden: []ui.Hidden{{Name: "do", Value: "run"},
			{Name: "version", Value: number(x.Version)}}},
			{Button: ui.Action{Text: say(r, "不导入")}, Hidden: []ui.Hidden{{Name: "do", Value: "cancel"}}}} {
			b.Action = importPath(x.ID)
			parts = append(parts, ui.PostButton(b))
		}
	}
	for _, n := range x.Found.Notices {
		parts = append(parts, ui.Banner(ui.Idle, n.Text(lang(r))))
	}
	if len(x.Found.Ignored) > 0 {
		parts = append(parts, ui.Banner(ui.Idle,
			say(r, "没有读取的列：%s", strings.Join(x.Found.Ignored, ", "))))
	}
	if len(x.Found.Problems) > 0 {
		parts = append(parts, findingTable(r, x.Problems, x.Found.Problems))
	}
	return templ.Join(parts...)
}

func findingTable(r *http.Request, total int64, found []party.ImportProblem) templ.Component {
	shown := found[:min(len(found), shownProblems)]
	tab := ui.Table{Caption: say(r, "问题：共 %s 处，列出前 %s 处", i18n.Int(total),
		i18n.Int(int64(len(shown)))), Visible: true, Dense: true, Cols: []ui.Column{
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
	ctx, by, importID := r.Context(), web.Actor(r), r.PathValue("job")
	var err error
	switch r.PostForm.Get("do") {
	case "run":
		_, err = h.plan.RunImport(ctx, by, importID, versionOf(r.PostForm))
	case "cancel":
		_, err = h.plan.CancelImport(ctx, by, importID)
	default:
		err = fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交")
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, importPath(importID), "")
}
