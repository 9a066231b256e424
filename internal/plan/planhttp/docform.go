package planhttp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// docForm is a form about a document: what was typed, and what it means.
type docForm struct {
	data     plan.DocumentData
	text     string
	replaces string
	place    string // text in the box beside the pick
	version  int64
	key      string
	wrong    []fault.Field // what could not be read
}

// readDocForm reads a form.
func (h *Handler) readDocForm(by authz.Actor, v url.Values) docForm {
	f := docForm{text: v.Get("text"), replaces: v.Get("replaces"), version: versionOf(v),
		key: v.Get("key")}
	f.data = plan.DocumentData{Title: v.Get("title"), Kind: v.Get("kind"), Number: v.Get("number"),
		Issuer: v.Get("issuer"), Day: clock.Date(strings.TrimSpace(v.Get("day"))),
		Source: v.Get("source")}
	p := readPick(v, "region")
	f.data.Region, f.place = region.Code(p.first()), p.text
	if p.text != "" && !dropped(v, "region") {
		code, err := h.findPlace(by, p.text)
		if e, ok := fault.As(err); ok {
			f.wrong = append(f.wrong, fault.At("region", e.Key, e.Args...))
		} else {
			f.data.Region, f.place = code, ""
		}
	}
	return f
}

// check returns what could not be read together with what the room finds wrong, so that everything
// is said at once. It is nil when everything could be read.
func (f *docForm) check() error {
	if len(f.wrong) == 0 {
		return nil
	}
	list := f.wrong
	d := f.data
	d.Normalise()
	if e, ok := fault.As(d.Validate()); ok {
		for _, x := range e.Fields {
			if x.Name != "region" {
				list = append(list, x)
			}
		}
	}
	return fault.Fields(list...)
}

// docInputs are the fields about a document. In the form of a new one, what the text says itself
// may be left empty.
func docInputs(ctx context.Context, d plan.DocumentData, fresh bool) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	day := dayInput("day", t("成文日期"), d.Day)
	day.Hint = t("“去年”“年内”等说法按这一天理解")
	title := ui.Input{Name: "title", Label: t("标题"), Value: d.Title, MaxLen: plan.MaxTitle}
	kind := ui.Input{Kind: ui.InSelect, Name: "kind", Label: t("文件类型"), Value: d.Kind, Width: ui.W14,
		Options: chooseFrom(ctx, "请选择", plan.DocumentKinds())}
	no := ui.Input{Name: "number", Label: t("文号"), Value: d.Number, Optional: true, Width: ui.W18,
		MaxLen: plan.MaxLine, Placeholder: t("并科发〔2026〕12号")}
	if fresh {
		title.Optional, day.Optional, kind.Optional = true, true, true
		kind.Options[0].Text = t("按正文推定")
		title.Hint, day.Hint = "", t("“去年”“年内”等说法按这一天理解")
	}
	return []ui.Input{
		title, kind,
		day, no,
		{Name: "issuer", Label: t("发文机关"), Value: d.Issuer, Optional: true, MaxLen: plan.MaxLine},
		{Name: "source", Label: t("来源"), Value: d.Source, Optional: true, MaxLen: plan.MaxLine,
			Hint: t("网址、会议或报刊")},
	}
}

// getDocNew shows the empty form.
func (h *Handler) getDocNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(plan.DocumentPolicy.Could(by, plan.ActDocumentCreate)); err != nil {
		return err
	}
	f := docForm{key: id.New(), replaces: r.FormValue("replaces")}
	if f.replaces != "" {
		old, err := h.plan.GetDocument(r.Context(), by, f.replaces)
		if err != nil {
			return err
		}
		f.data = old.DocumentData
		f.data.Day, f.data.Number = "", ""
	}
	return h.showDocNew(w, r, f, nil)
}

func (h *Handler) showDocNew(
	w http.ResponseWriter, r *http.Request, f docForm, err error,
) error {
	ctx, l := r.Context(), lang(r)
	p := h.web.Page(r, "登记文件")
	p.Crumbs = []ui.Link{{Text: say(r, "文件"), Href: pathDocuments}, {Text: p.Title}}
	form := ui.FormView{ID: "doc", Action: pathDocuments + "/new", Upload: true, Guard: true,
		Summary: ui.SummaryOf(l, err), Hidden: []ui.Hidden{{Name: "key", Value: f.key},
			{Name: "replaces", Value: f.replaces}},
		Buttons: []ui.Action{{Text: say(r, "登记并审读"), Primary: true},
			{Text: say(r, "取消"), Href: pathDocuments}}}
	content := []ui.Input{
		{Kind: ui.InFile, Name: "file", Label: say(r, "文件"), Optional: true,
			Accept: ".txt,.html,.htm,.docx,.pdf,.ofd",
			Hint:   say(r, "TXT、网页、Word（.docx）或带文字的 PDF、OFD，不超过 %d MB", plan.MaxDocumentBytes>>20)},
		{Kind: ui.InArea, Name: "text", Label: say(r, "或粘贴正文"), Value: f.text, Optional: true,
			Rows: 8},
	}
	about := docInputs(ctx, f.data, true)
	ui.Mark(l, content, err)
	ui.Mark(l, about, err)
	place := h.placePick(ctx, f.data.Region, f.place, err)
	place.Input.Optional = true
	head := ui.Head{Title: p.Title, Lead: say(r, "提交后立即读出目标、任务和数字，逐条确认。")}
	var above templ.Component = templ.NopComponent
	if f.replaces != "" {
		above = ui.Banner(ui.Run, say(r, "登记后，原版标为已被新版替代；从原版立的目标和任务仍保留出处。"))
	}
	body := templ.Join(ui.PageHead(head), above, ui.With(ui.Form(form), fields(content),
		ui.With(ui.FieldSet(say(r, "关于这份文件"), say(r, "没有填的，登记时按正文推定，并告诉您推定了什么。")),
			ui.Combobox(place), fields(about))))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

// formMemory is how much of an upload stays in memory; the rest goes to a temporary file.
const formMemory = 1 << 20

// openUpload reads a form that may hold files.
func openUpload(r *http.Request) error {
	err := r.ParseMultipartForm(formMemory)
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return badForm(err)
}

// upload opens the file of a form; nil when none was chosen.
func upload(r *http.Request, name string) (*plan.FileInput, func(), error) {
	file, head, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) {
		return nil, func() {}, nil
	}
	if err != nil {
		return nil, func() {}, badForm(err)
	}
	return &plan.FileInput{Name: head.Filename, Content: file}, func() { _ = file.Close() }, nil
}

// uploads opens all files of a form called name.
func uploads(r *http.Request, name string) ([]plan.FileInput, func(), error) {
	var out []plan.FileInput
	var closers []func()
	done := func() {
		for _, c := range closers {
			c()
		}
	}
	if r.MultipartForm == nil {
		return nil, done, nil
	}
	for _, head := range r.MultipartForm.File[name] {
		file, err := head.Open()
		if err != nil {
			return nil, done, badForm(err)
		}
		closers = append(closers, func() { _ = file.Close() })
		out = append(out, plan.FileInput{Name: head.Filename, Content: file})
	}
	return out, done, nil
}

// postDocNew files a document.
func (h *Handler) postDocNew(w http.ResponseWriter, r *http.Request) error {
	if err := openUpload(r); err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	f := h.readDocForm(by, r.PostForm)
	if dropped(r.PostForm, "region") {
		return h.showDocNew(w, r, f, nil)
	}
	file, done, err := upload(r, "file")
	if err != nil {
		return err
	}
	defer done()
	d, guessed, err := h.createDocument(ctx, by, &f, file)
	if fault.Is(err, fault.Invalid) {
		return h.showDocNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	target := docPath(d.ID, "review")
	if len(guessed) > 0 {
		target += "?guessed=" + strings.Join(guessed, "+")
	}
	return h.web.Redirect(w, r, target, "已登记")
}

// createDocument files what a form of either door says, and returns which fields the room filled in
// from the text.
func (h *Handler) createDocument(
	ctx context.Context, by authz.Actor, f *docForm, file *plan.FileInput,
) (plan.Document, []string, error) {
	if err := f.check(); err != nil {
		return plan.Document{}, nil, err
	}
	in := f.data
	d, err := h.plan.CreateDocument(ctx, by, plan.NewDocument{DocumentData: in, Text: f.text,
		Replaces: f.replaces, File: file, Key: f.key})
	var guessed []string
	for _, x := range []struct{ name, typed, stored string }{{"title", in.Title, d.Title},
		{"number", in.Number, d.Number}, {"issuer", in.Issuer, d.Issuer},
		{"day", string(in.Day), string(d.Day)}, {"kind", in.Kind, d.Kind},
		{"region", string(in.Region), string(d.Region)}} {
		if strings.TrimSpace(x.typed) == "" && x.stored != "" {
			guessed = append(guessed, x.name)
		}
	}
	return d, guessed, err
}

// guessTitles name what was filled in from the text.
var guessTitles = map[string]string{"title": "标题", "number": "文号", "issuer": "发文机关",
	"day": "成文日期", "kind": "文件类型", "region": "所在地区"}

// guessNotice says what was filled in from the text, so that somebody looks at it.
func guessNotice(r *http.Request, d plan.Document) templ.Component {
	var names []string
	for name := range strings.FieldsSeq(r.FormValue("guessed")) {
		if title := guessTitles[name]; title != "" {
			names = append(names, say(r, title))
		}
	}
	if len(names) == 0 {
		return templ.NopComponent
	}
	return ui.With(ui.Banner(ui.Warn, say(r, "按正文推定了%s。成文日期为 %s，不对请修改。",
		strings.Join(names, between(lang(r), "、", ", ")), i18n.DateLong(lang(r), d.Day))),
		ui.Button(ui.Action{Text: say(r, "修改"), Href: docPath(d.ID, "edit"), Small: true}))
}
