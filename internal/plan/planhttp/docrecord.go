package planhttp

import (
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// docTab is one tab of the record of a document.
type docTab struct {
	name  string // last part of the address, "" for the first
	title string
	body  func(h *Handler, r *http.Request, d plan.DocumentDetail) (templ.Component, error)
}

var docTabs = []docTab{
	{"", "概况", (*Handler).docOverview},
	{"statements", "条目", (*Handler).docStatements},
	{"outcome", "目标与任务", (*Handler).docOutcome},
	{"conflicts", "与其他文件核对", (*Handler).docConflicts},
	{"editions", "版本", (*Handler).docEditions},
	{"timeline", "时间线", (*Handler).docTimeline},
}

// docOf reads the document of the address.
func (h *Handler) docOf(r *http.Request) (plan.DocumentDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return plan.DocumentDetail{}, noSuch()
	}
	return h.plan.GetDocument(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) getDoc(w http.ResponseWriter, r *http.Request) error {
	return h.showDoc(w, r, docTabs[0])
}

// getDocPart shows another tab or a form of the record.
func (h *Handler) getDocPart(w http.ResponseWriter, r *http.Request) error {
	part := r.PathValue("part")
	for _, t := range docTabs[1:] {
		if t.name == part {
			return h.showDoc(w, r, t)
		}
	}
	switch part {
	case "review":
		return h.getReview(w, r)
	case "edit":
		return h.getDocEdit(w, r)
	case "step":
		return h.getDocStep(w, r)
	}
	return noSuch()
}

// postDocPart does what the forms of the record ask for.
func (h *Handler) postDocPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	switch r.PathValue("part") {
	case "review":
		return h.postReview(w, r)
	case "edit":
		return h.postDocEdit(w, r)
	case "step":
		return h.postDocStep(w, r)
	case "reread":
		return h.postReread(w, r)
	}
	return noSuch()
}

func (h *Handler) showDoc(w http.ResponseWriter, r *http.Request, tab docTab) error {
	d, err := h.docOf(r)
	if err != nil {
		return err
	}
	panel, err := tab.body(h, r, d)
	if err != nil {
		return err
	}
	var tabs []ui.Tab
	for _, t := range docTabs {
		x := ui.Tab{ID: "t-" + t.name, Text: say(r, t.title), Href: docPath(d.ID, t.name),
			Current: t.name == tab.name}
		if t.name == "statements" {
			x.Count = i18n.Int(total(d.Counts))
		}
		tabs = append(tabs, x)
	}
	mark := docMark(r.Context(), d.Document)
	head := ui.Head{Title: d.Title, Status: &mark, Lead: words(d.Number, d.Issuer,
		i18n.DateLong(lang(r), d.Day)), Actions: h.docActions(r, d)}
	body := templ.Join(ui.PageHead(head), docNotices(r, d),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), h.docFacts(r, d))),
			ui.With(ui.Tabs(say(r, "文件信息"), tabs), panel)))
	p := h.docPage(r, d.Document, "")
	if d.Reading == plan.ReadingWaiting {
		p.Refresh = 3
	}
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

func total(counts map[string]int64) int64 {
	var n int64
	for _, c := range counts {
		n += c
	}
	return n
}

// docPage starts a page about a document; last names a form on it, "" for the record itself.
func (h *Handler) docPage(r *http.Request, d plan.Document, last string) ui.Page {
	p := h.web.Page(r, "文件")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathDocuments}, {Text: d.Title}}
	p.Title = d.Title
	if last != "" {
		p.Title = say(r, last) + " · " + d.Title
		p.Crumbs[1].Href = docPath(d.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// docActions are the buttons of a record.
func (h *Handler) docActions(r *http.Request, d plan.DocumentDetail) []ui.Action {
	by := web.Actor(r)
	reviews := plan.DocumentPolicy.May(by, plan.ActDocumentReview, d.Document) == nil
	var out []ui.Action
	for _, o := range d.Offers {
		a := ui.Action{Text: say(r, o.Title)}
		switch {
		case o.Allowed:
			a.Href = docPath(d.ID, "step") + "?do=" + url.QueryEscape(o.Step)
		case o.WhyNot == nil || o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound:
			continue
		default:
			a.Why = i18n.Fault(lang(r), o.WhyNot)
		}
		out = append(out, a)
	}
	if plan.DocumentPolicy.May(by, plan.ActDocumentUpdate, d.Document) == nil {
		out = append(out, ui.Action{Text: say(r, "编辑"), Href: docPath(d.ID, "edit")})
		if d.SupersededBy == "" {
			out = append(out, ui.Action{Text: say(r, "登记新版"),
				Href: pathDocuments + "/new?replaces=" + url.QueryEscape(d.ID)})
		}
	}
	if d.Reading == plan.ReadingWaiting {
		return out
	}
	desk := ui.Action{Text: say(r, "查看原文与条目"), Href: docPath(d.ID, "review")}
	if reviews && d.State == plan.DocumentPending {
		desk.Text, desk.Primary = say(r, "审读"), true
	}
	return append(out, desk)
}

// docNotices stand between head and content.
func docNotices(r *http.Request, d plan.DocumentDetail) templ.Component {
	var out []templ.Component
	if d.SupersededBy != "" {
		out = append(out, ui.With(ui.Banner(ui.Warn, say(r, "这是旧版，已被新版替代。")),
			ui.Button(ui.Action{Text: say(r, "打开新版"), Href: docPath(d.SupersededBy, ""),
				Small: true})))
	}
	switch d.Reading {
	case plan.ReadingWaiting:
		out = append(out, ui.Banner(ui.Run, say(r, "文件较长，正在后台解读。可以离开本页，稍后再来。")))
	case plan.ReadingFailed:
		out = append(out, ui.Banner(ui.Bad, say(r, "未能解读：%s", d.ReadingNote.In(lang(r)))))
	}
	return templ.Join(out...)
}

// docFacts is the box beside the tabs.
func (h *Handler) docFacts(r *http.Request, d plan.DocumentDetail) []ui.Fact {
	l := lang(r)
	facts := []ui.Fact{
		{Term: say(r, "文号"), Text: d.Number}, {Term: say(r, "发文机关"), Text: d.Issuer},
		{Term: say(r, "文件类型"), Text: titled(r.Context(), plan.DocumentKinds(), d.Kind)},
		{Term: say(r, "成文日期"), Text: i18n.DateLong(l, d.Day)},
		{Term: say(r, "地区"), Text: h.placeName(d.Region)},
	}
	for _, f := range d.Files {
		facts = append(facts, ui.Fact{Term: say(r, "原件"), Text: f.Name,
			Href: docPath(d.ID, "files/"+f.ID), Source: i18n.Bytes(f.Size)},
			ui.Fact{Term: "SHA-256", Body: hashCode(f.Hash)})
	}
	source := ui.Fact{Term: say(r, "来源"), Text: d.Source}
	if u, err := url.Parse(d.Source); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		source.Href = d.Source
	}
	return append(facts, source,
		ui.Fact{Term: say(r, "版次"), Text: say(r, "第 %d 版", d.Edition)},
		ui.Fact{Term: say(r, "字数"), Text: i18n.Int(d.Chars)},
		ui.Fact{Term: say(r, "登记"), Text: i18n.DateTime(l, clock.Time(d.CreatedUs))},
		ui.Fact{Term: say(r, "编号"), CopyID: d.ID})
}

// docOverview shows how far the review is, and the beginning of the text.
func (h *Handler) docOverview(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	all, err := h.plan.Statements(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	return docSummary(d, tally(all), firstParagraphs(d.Text)), nil
}

// docStatements lists what was read.
func (h *Handler) docStatements(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	ctx := r.Context()
	page, err := h.plan.ListStatements(ctx, web.Actor(r), d.ID, plan.StatementFilter{},
		web.PageReq(r, 2*pageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(say(r, "没有条目"), say(r, "正文里没有读出目标、任务或数字；可以在审读台选中文字新增。")), nil
	}
	tab := ui.Table{Caption: say(r, "条目"), Dense: true, Cols: []ui.Column{{Label: say(r, "内容")},
		{Label: say(r, "类别")}, {Label: say(r, "数值"), Num: true}, {Label: say(r, "期间")},
		{Label: say(r, "状态")}}}
	for _, s := range page.Items {
		mark := statementMark(ctx, s)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: words(s.Subject, s.Indicator), Sub: s.Quote,
				Href: docPath(d.ID, "review") + "?tab=all&row=" + s.ID},
			{Text: titled(ctx, plan.StatementKinds(), s.Kind)},
			{Text: dash(amount(s.Op, s.Value, s.Unit))}, {Text: dash(period(ctx, s.From, s.To))},
			{Status: &mark}}})
	}
	return templ.Join(ui.DataTable(tab), plainPager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

// docOutcome lists the targets and tasks that came from the document.
func (h *Handler) docOutcome(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	const most = 100
	targets, err := h.plan.ListTargets(ctx, by, plan.TargetFilter{Document: d.ID}, "",
		db.PageReq{Limit: most})
	if err != nil {
		return nil, err
	}
	tasks, err := h.plan.ListTasks(ctx, by, plan.TaskFilter{Document: d.ID}, "",
		db.PageReq{Limit: most})
	if err != nil {
		return nil, err
	}
	if len(targets.Items)+len(tasks.Items) == 0 {
		return ui.Empty(say(r, "还没有从这份文件立目标或任务"),
			say(r, "在审读台采纳条目之后，可以立为目标或任务。")), nil
	}
	var parts []templ.Component
	if len(targets.Items) > 0 {
		parts = append(parts, ui.DataTable(h.targetTable(r, targets.Items, true)))
	}
	if len(tasks.Items) > 0 {
		parts = append(parts, ui.DataTable(h.taskTable(r, tasks.Items, say(r, "任务"))))
	}
	if targets.Next != "" || tasks.Next != "" {
		parts = append(parts, ui.Note(say(r, "各列出前 %d 项。", most)))
	}
	return ui.With(ui.Stack(), parts...), nil
}

// docEditions lists the editions of a document, the latest first.
func (h *Handler) docEditions(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	ctx := r.Context()
	tab := ui.Table{Caption: say(r, "版本"), Cols: []ui.Column{{Label: say(r, "版次")},
		{Label: say(r, "标题")}, {Label: say(r, "成文日期")}, {Label: say(r, "审读状态")},
		{Label: say(r, "登记")}}}
	for _, e := range d.Editions {
		mark := docMark(ctx, e)
		c := ui.Cell{Text: say(r, "第 %d 版", e.Edition), Href: docPath(e.ID, "")}
		if e.ID == d.ID {
			c.Sub = say(r, "正在查看")
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{c, {Text: e.Title},
			{Text: i18n.Date(lang(r), e.Day)}, {Status: &mark}, h.ago(ctx, e.CreatedUs)}})
	}
	return ui.DataTable(tab), nil
}

func (h *Handler) docTimeline(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	titles := map[string]string{}
	for _, s := range plan.DocumentProcess.Def().Steps {
		titles[s.Name] = s.Title
	}
	tone := func(state string) ui.Tone { return docStateMark(r.Context(), state).Tone }
	return ui.Timeline(history(r, d.History, titles, "登记", tone)), nil
}

// getDocFile sends the original of a document.
func (h *Handler) getDocFile(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) || !id.Valid(r.PathValue("file")) {
		return noSuch()
	}
	ref, content, err := h.plan.OpenDocumentFile(r.Context(), web.Actor(r), r.PathValue("id"),
		r.PathValue("file"))
	if err != nil {
		return err
	}
	sendFile(w, ref, content)
	return nil
}

// sendFile sends a stored file. It is never shown in the browser: it is a stranger's.
func sendFile(w http.ResponseWriter, ref blob.Ref, content io.ReadCloser) {
	defer content.Close()
	head := w.Header()
	head.Set("Content-Type", string(ref.Type))
	head.Set("Content-Length", number(ref.Size))
	head.Set("Content-Disposition",
		mime.FormatMediaType("attachment", map[string]string{"filename": ref.Name}))
	head.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, content); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
}

// writable loads a document that the actor may do something with.
func (h *Handler) writable(r *http.Request, act authz.Action) (plan.DocumentDetail, error) {
	d, err := h.docOf(r)
	if err != nil {
		return d, err
	}
	return d, plan.DocumentPolicy.May(web.Actor(r), act, d.Document)
}

// firstParagraphs is the beginning of a text.
func firstParagraphs(text string) []string {
	const most = 6
	var out []string
	for _, p := range paragraphsOf([]rune(text)) {
		if len(out) == most {
			break
		}
		out = append(out, p.text)
	}
	return out
}
