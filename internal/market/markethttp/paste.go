package markethttp

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getPaste shows the box for a text.
func (h *Handler) getPaste(w http.ResponseWriter, r *http.Request) error {
	if err := mayCreate(r); err != nil {
		return err
	}
	return h.showPaste(w, r, r.FormValue("kind"), "", nil)
}

func (h *Handler) showPaste(w http.ResponseWriter, r *http.Request, kind, text string, err error) error {
	p := h.web.Page(r, "粘贴文字自动填写")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	in := []ui.Input{
		{Kind: ui.InArea, Name: "text", Label: say(r, "原文"), Value: text, Rows: 14, MaxLen: market.MaxPaste,
			Count: true, Hint: say(r, "邮件、技术需求表或成果介绍都可以，不要粘贴涉密内容")},
		{Kind: ui.InRadio, Name: "kind", Label: say(r, "类型"), Value: kind,
			Options: append([]ui.Option{{Text: say(r, "由系统判断")}},
				choices(r.Context(), market.Kinds())...)}}
	ui.Mark(lang(r), in, err)
	form := ui.FormView{ID: "paste", Action: pathPaste, Guard: true, Summary: ui.SummaryOf(lang(r), err),
		Buttons: []ui.Action{{Text: say(r, "读取并填表"), Primary: true},
			{Text: say(r, "取消"), Href: pathMarket}}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "系统从原文中找出名称、指标、预算等填进表单，每一项都写明出自哪几个字，由您核对后提交。")}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Form(form), fields(in)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

// postPaste reads a text and shows the form that it fills, beside the text with the words that were
// used. Nothing is stored yet.
func (h *Handler) postPaste(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if err := mayCreate(r); err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	// A browser ends lines with two characters, the room counts one: the marks need the same text.
	text := strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(
		r.PostForm.Get("text")))
	kind := r.PostForm.Get("kind")
	d, err := h.market.Structure(ctx, by, market.Kind(kind), text)
	if fault.Is(err, fault.Invalid) {
		return h.showPaste(w, r, kind, text, err)
	}
	if err != nil {
		return err
	}
	f := h.readForPaste(ctx, by, d)
	v := formView{action: newPath(d.Kind), draft: newPath(d.Kind) + "/draft", back: pathPaste,
		submit: []ui.Action{{Text: say(r, "提交审核"), Primary: true, Name: "do", Value: "submit"},
			{Text: say(r, "存为草稿"), Name: "do", Value: "save"}}}
	p := h.web.Page(r, newTitle(d.Kind))
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket},
		{Text: say(r, "粘贴文字自动填写"), Href: pathPaste}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "填好 %d 项，请逐项核对；标出的是用到的文字。", len(d.Spans))}
	aside := templ.Join(doubts(r, d), ui.With(ui.Block(say(r, "原文")), markedText(pieces(text, d.Spans))))
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(aside), h.postFormView(ctx, by, f, v)))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

// readForPaste is the form of what was read. What the text does not say comes from the actor's
// organisation.
func (h *Handler) readForPaste(ctx context.Context, by authz.Actor, d market.PostDraft) postForm {
	f := formOf(market.Post{PostData: d.PostData})
	f.source, f.words = market.FromPaste, map[string]string{}
	if f.data.Visibility == "" {
		f.data.Visibility = market.Open
	}
	own := h.emptyForm(ctx, by, d.Kind)
	f.org, f.data.Org = own.org, own.data.Org
	f.data.Region = cmp.Or(f.data.Region, own.data.Region)
	if f.data.Contact+f.data.ContactPhone+f.data.ContactMail == "" {
		f.data.Contact, f.data.ContactPhone = own.data.Contact, own.data.ContactPhone
		f.data.ContactMail = own.data.ContactMail
	}
	for _, s := range d.Spans {
		if f.words[s.Field] == "" {
			f.words[s.Field] = beginning(s.Quote, maxWords)
		}
	}
	return f
}

// maxWords bounds the words that a field quotes, in characters.
const maxWords = 60

// doubts lists what of a text wants a second look.
func doubts(r *http.Request, d market.PostDraft) templ.Component {
	var out []string
	for _, s := range d.Spans {
		if s.Doubt != "" {
			out = append(out, say(r, "“%s”", beginning(s.Quote, maxWords/2))+" "+say(r, s.Doubt))
		}
	}
	if len(out) == 0 {
		return templ.NopComponent
	}
	slices.Sort(out)
	return noticedList(say(r, "请留意"), slices.Compact(out))
}

// piece is a run of a text, with what it filled.
type piece struct {
	text string
	used bool
}

// pieces cuts a text at the words that were used. Words used twice are marked once.
func pieces(text string, spans []market.Span) []piece {
	runes := []rune(text)
	used := make([]bool, len(runes))
	for _, s := range spans {
		if s.Field == "text" {
			continue // nearly all of it
		}
		for i := max(0, s.Start); i < min(s.End, len(runes)); i++ {
			used[i] = true
		}
	}
	var out []piece
	for i, from := 0, 0; i < len(runes); i++ {
		if i+1 == len(runes) || used[i+1] != used[i] {
			out = append(out, piece{string(runes[from : i+1]), used[i]})
			from = i + 1
		}
	}
	return out
}

// wordsAt are the words that filled an input: those of its own field, or of the row that it names.
func (f postForm) wordsAt(ctx context.Context, name string) string {
	w := f.words[name]
	for _, first := range []string{".name", ".title"} {
		if row, ok := strings.CutSuffix(name, first); ok && w == "" {
			w = f.words[row]
		}
	}
	if w == "" {
		return ""
	}
	return i18n.T(ctx, "原文“%s”", w)
}
