package studiohttp

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const (
	// maxCarried is the largest table that a page carries from its check to its import, so that nobody has
	// to choose the file twice.
	maxCarried = 2 << 20
	formMemory = 8 << 20
	// shownProblems is how many findings the page lists.
	shownProblems = 100
)

// carried is a table as it was sent.
type carried struct {
	name    string
	content []byte
}

func (c carried) there() bool { return c.name != "" || len(c.content) > 0 }

func (c carried) file() *studio.File {
	if !c.there() {
		return nil
	}
	return &studio.File{Name: c.name, Content: bytes.NewReader(c.content)}
}

func (c carried) encoded() string { return base64.StdEncoding.EncodeToString(c.content) }

// uploadForm is the form of a dataset's tables as it was sent.
type uploadForm struct {
	data       studio.DatasetData
	taking     studio.Taking
	layout     string
	reason     string
	key        string
	version    string
	tree, rows carried
}

// readUpload reads the form; the tables are sent, or carried by the page that checked them.
func readUpload(r *http.Request) (uploadForm, func(), error) {
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return uploadForm{}, func() {}, err
		}
		return uploadForm{}, func() {}, kit.BadForm(err)
	}
	form := r.MultipartForm
	free := func() { _ = form.RemoveAll() } // the system clears them, too
	v := r.PostForm
	f := uploadForm{data: readDataset(r), layout: v.Get("layout"), reason: v.Get("reason"), key: v.Get("key"),
		version: v.Get("version"), taking: readTaking(v)}
	var err error
	if f.tree, err = readCarried(r, studio.FieldTree); err != nil {
		return f, free, err
	}
	f.rows, err = readCarried(r, studio.FieldData)
	return f, free, err
}

func readTaking(v url.Values) studio.Taking {
	return studio.Taking{Fill: v.Get("fill"), FillYears: kit.Whole(v.Get("fillYears"))}
}

func readCarried(r *http.Request, name string) (carried, error) {
	c := carried{name: r.PostForm.Get(name + ".name")}
	if text := r.PostForm.Get(name + ".content"); text != "" {
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return c, kit.BadForm(err)
		}
		c.content = content
		return c, nil
	}
	c.name = ""
	file, head, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) {
		return c, nil
	}
	if err != nil {
		return c, kit.BadForm(err)
	}
	defer func() { _ = file.Close() }()
	c.name = head.Filename
	c.content, err = io.ReadAll(io.LimitReader(file, sheet.MaxFileBytes+1))
	return c, err
}

// getDatasetNew shows the form; ?template= sends an empty table of the tree.
func (h *Handler) getDatasetNew(w http.ResponseWriter, r *http.Request) error {
	if err := studio.DatasetPolicy.May(web.Actor(r), studio.ActDatasetMake, studio.Dataset{}); err != nil {
		return err
	}
	if r.FormValue("template") != "" {
		return h.sendTemplate(w, r, r.FormValue("template"), "指标树", studio.TreeSheet())
	}
	year := int64(clock.Time(clock.Us(h.Now())).In(clock.Shanghai).Year())
	return h.showUpload(w, r, nil, uploadForm{key: id.New(), layout: studio.Wide, data: studio.DatasetData{
		Standing: "reference", Kind: "city", DataYear: year - 2, ReportYear: year}}, nil, nil)
}

func (h *Handler) postDatasetNew(w http.ResponseWriter, r *http.Request) error {
	f, free, err := readUpload(r)
	defer free()
	if err != nil {
		return err
	}
	by := web.Actor(r)
	if err := studio.DatasetPolicy.May(by, studio.ActDatasetMake, studio.Dataset{}); err != nil {
		return err
	}
	got, err := studio.ReadFiles(r.Context(), studio.Upload{Title: f.data.Title, Tree: f.tree.file(),
		Data: f.rows.file(), Layout: f.layout, Year: f.data.DataYear, Taking: f.taking})
	if err != nil || !got.Fine() || r.PostForm.Get("do") != "store" {
		return h.answerUpload(w, r, nil, f, got, err)
	}
	d, err := h.studio.CreateDataset(r.Context(), by, studio.NewDataset{DatasetData: f.data, Content: got.Content,
		Origin: "file", Key: f.key})
	if err != nil {
		return h.answerUpload(w, r, nil, f, got, err)
	}
	return h.Web.Redirect(w, r, datasetPath(d.ID, ""), "数据集已导入")
}

// answerUpload shows the form again with what was found.
func (h *Handler) answerUpload(
	w http.ResponseWriter, r *http.Request, d *studio.DatasetDetail, f uploadForm, got studio.Reading, err error,
) error {
	if err != nil && !again(err) {
		return err
	}
	return h.showUpload(w, r, d, f, &got, err)
}

func (h *Handler) getRevise(w http.ResponseWriter, r *http.Request, d studio.DatasetDetail) error {
	if err := studio.DatasetPolicy.May(web.Actor(r), studio.ActDatasetMake, d.Dataset); err != nil {
		return err
	}
	if t := r.FormValue("template"); t != "" {
		return h.sendTemplate(w, r, t, "指标数据", studio.UploadSheet(d.Content, r.FormValue("layout")))
	}
	return h.showUpload(w, r, &d, uploadForm{layout: studio.Wide, version: kit.Number(d.Version)}, nil, nil)
}

func (h *Handler) postRevise(w http.ResponseWriter, r *http.Request) error {
	f, free, err := readUpload(r)
	defer free()
	if err != nil {
		return err
	}
	d, err := h.datasetOf(r)
	if err != nil {
		return err
	}
	by := web.Actor(r)
	if err := studio.DatasetPolicy.May(by, studio.ActDatasetMake, d.Dataset); err != nil {
		return err
	}
	got, err := studio.ReadFiles(r.Context(), studio.Upload{Title: d.Title, Tree: f.tree.file(),
		Data: f.rows.file(), Layout: f.layout, Base: &d.Content, Year: d.DataYear, Taking: f.taking})
	if err != nil || !got.Fine() || r.PostForm.Get("do") != "store" {
		return h.answerUpload(w, r, &d, f, got, err)
	}
	_, err = h.studio.ReviseDataset(r.Context(), by, studio.Revision{ID: d.ID, Content: got.Content,
		Reason: f.reason, Origin: "file", Version: kit.Whole(f.version)})
	if err != nil {
		return h.answerUpload(w, r, &d, f, got, err)
	}
	return h.Web.Redirect(w, r, datasetPath(d.ID, "compare")+"?a="+kit.Number(d.Edition)+"&b="+
		kit.Number(d.Edition+1), "已更正")
}

// showUpload shows the form of a new dataset, or that of a correction of d.
func (h *Handler) showUpload(
	w http.ResponseWriter, r *http.Request, d *studio.DatasetDetail, f uploadForm, got *studio.Reading, err error,
) error {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	var inputs []ui.Input
	v := uploadView{form: ui.FormView{ID: "upload", Upload: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Buttons: []ui.Action{{Text: say("上传并检查"), Primary: true, Name: "do", Value: "check"}}}}
	var p ui.Page
	head := ui.Head{Lead: say("先检查，再导入：有一处问题就一个数据也不导入。最多 %d 个单位、%d 项指标。", studio.MaxUnits, studio.MaxIndicators)}
	if d == nil {
		p = h.Web.Page(r, "导入数据集")
		p.Crumbs = []ui.Link{{Text: say("指数工作室"), Href: pathHome}, {Text: p.Title}}
		v.form.Action, v.form.Hidden = pathDatasets+"/new", []ui.Hidden{{Name: "key", Value: f.key}}
		head.Actions = []ui.Action{{Text: say("下载指标树模板"), Href: pathDatasets + "/new?template=xlsx"}}
		inputs = datasetInputs(r, f.data)
	} else {
		p = h.datasetPage(r, *d, "更正数据")
		v.form.Action, v.form.Version = datasetPath(d.ID, "revise"), f.version
		head.Actions = []ui.Action{
			{Text: say("下载现在的数据"), Href: datasetPath(d.ID, "export") + "?what=values&format=xlsx"},
			{Text: say("下载数据模板"), Href: datasetPath(d.ID, "revise") + "?template=xlsx&layout=wide"},
			{Text: say("下载长表模板"), Href: datasetPath(d.ID, "revise") + "?template=xlsx&layout=long"}}
		inputs = []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say("更正原因"), Value: f.reason, Rows: 3,
			MaxLen: studio.MaxProse, Hint: say("哪些数据为什么改；旧的一版会保留")}}
	}
	head.Title = p.Title
	inputs = append(inputs, fileInputs(r, d, f)...)
	ui.Mark(kit.Lang(r), inputs, err)
	v.fields = kit.Fields(inputs)
	parts := []templ.Component{ui.PageHead(head)}
	if got != nil {
		parts = append(parts, h.uploadReport(r, d, f, *got, err))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(append(parts, ui.With(ui.Form(v.form), v.fields))...)})
}

type uploadView struct {
	form   ui.FormView
	fields templ.Component
}

func fileInputs(r *http.Request, d *studio.DatasetDetail, f uploadForm) []ui.Input {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tree := ui.Input{Kind: ui.InFile, Name: studio.FieldTree, Label: say("指标树文件"), Accept: ".xlsx,.csv",
		Hint: say("每行一项指标或一个分组：代码、名称、上级代码、权重、方向")}
	if d != nil {
		tree.Optional, tree.Hint = true, say("不选则沿用现在的指标树")
	}
	return append([]ui.Input{tree, {Kind: ui.InRadio, Name: "layout", Label: say("数据文件的格式"), Value: f.layout,
		Options: []ui.Option{{Value: studio.Wide, Text: say("每行一个单位，每列一项指标（不超过 %d 项）", studio.MaxWide)},
			{Value: studio.Long, Text: say("每行一个数值（单位、指标、数值）")}}},
		{Kind: ui.InFile, Name: studio.FieldData, Label: say("数据文件"), Accept: ".xlsx,.csv",
			Hint: say("第一列为单位代码，表头写指标代码或名称；缺失时留空，不要填 0")}},
		takingInputs(r, f.taking, say("表中有“年份”一列时，只取数据年份的各行，缺的从同一单位的其他年份补入"))...)
}

// takingInputs ask how what a year lacks is taken from other years.
func takingInputs(r *http.Request, t studio.Taking, hint string) []ui.Input {
	fill := ui.Input{Kind: ui.InSelect, Name: "fill", Label: kit.Say(r, "缺的数据"), Value: t.Fill, Hint: hint}
	for _, o := range studio.FillWays() {
		fill.Options = append(fill.Options, ui.Option{Value: o.Value, Text: kit.Say(r, o.Title)})
	}
	return []ui.Input{fill, {Kind: ui.InNumber, Name: "fillYears", Label: kit.Say(r, "最多相差几年"), Width: ui.W6,
		Optional: true, Value: kit.Number(cmp.Or(t.FillYears, studio.UsualFillYears))}}
}

// uploadReport says what the check found, and offers to import.
func (h *Handler) uploadReport(
	r *http.Request, d *studio.DatasetDetail, f uploadForm, got studio.Reading, err error,
) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	if err != nil && (got.Fine() || fault.Is(err, fault.Conflict)) {
		return templ.NopComponent // the form says it
	}
	n := got.TreeProblems.Total + got.DataProblems.Total
	if n > 0 {
		work := ui.Work{ID: "checked", Title: ui.Words(f.tree.name, f.rows.name), Percent: -1,
			State: ui.State{Tone: ui.Bad, Text: say("需要修改")},
			Text:  say("有 %d 处问题，一个数据也没有导入。请修改文件后重新上传。", n)}
		return templ.Join(ui.Progress(work), problemTable(r, "指标树文件", got.TreeProblems),
			problemTable(r, "数据文件", got.DataProblems))
	}
	c := got.Content
	work := ui.Work{ID: "checked", Title: ui.Words(f.tree.name, f.rows.name), Percent: -1,
		State: ui.State{Tone: ui.OK, Text: say("可以导入")},
		Text:  say("共 %d 个单位、%d 项指标。", len(c.Units), len(c.Codes))}
	if len(got.Ignored) > 0 {
		work.Text += say("有 %d 列不认识，已略过。", len(got.Ignored))
	}
	if got.Years > 0 {
		work.Text += say("表中另有 %d 个年份。", got.Years)
	}
	taken := takenTable(r, c)
	if len(f.tree.content)+len(f.rows.content) > maxCarried {
		return templ.Join(ui.Progress(work), taken, ui.Note(say("文件较大，请重新选择文件后直接导入。")),
			storeButton(d, f, false))
	}
	return templ.Join(ui.Progress(work), taken, storeButton(d, f, true))
}

func problemTable(r *http.Request, title string, ps sheet.Problems) templ.Component {
	if ps.Total == 0 {
		return templ.NopComponent
	}
	shown := ps.Kept[:min(len(ps.Kept), shownProblems)]
	tab := ui.Table{Caption: kit.Say(r, "%s：共 %d 处，列出前 %d 处", kit.Say(r, title), ps.Total, len(shown)),
		Visible: true, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "位置")}, {Label: kit.Say(r, "说明")}}}
	for _, p := range shown {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Place(kit.Lang(r))}, {Text: p.Text(kit.Lang(r))}}})
	}
	return ui.DataTable(tab)
}
