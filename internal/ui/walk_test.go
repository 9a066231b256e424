package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// pen is a small site whose handlers use the components as real ones do. Its fields say what the
// server saw and how it shall answer next.
type pen struct {
	mu     sync.Mutex
	drafts []string // bodies of autosaved drafts
	posts  []string // bodies of submitted forms
	down   bool     // partial requests and drafts fail with 500
	polls  int
}

func (s *pen) set(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

func (s *pen) last(list func(*pen) []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := list(s)
	if len(l) == 0 {
		return ""
	}
	return l[len(l)-1]
}

func sentDrafts(s *pen) []string { return s.drafts }
func sentForms(s *pen) []string  { return s.posts }

const penRows, penPage = 45, 20

func (s *pen) mux(t *testing.T) *http.ServeMux {
	mux := galleryMux(t)
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		if s.refuses(w, r) {
			return
		}
		page := publicPage()
		page.Crumbs = nil
		res := penResults(r)
		if ui.PartialRequest(r) {
			show(t, w, r, page, res)
			return
		}
		f := ui.Filters{Action: "/list", Label: "筛选", Fields: []ui.Filter{
			{Kind: ui.FilterSearch, Name: "q", Label: "关键词", Value: r.FormValue("q")},
			{Name: "kind", Label: "类型", Value: r.FormValue("kind"),
				Options: []ui.Option{{Text: "全部"}, {Value: "odd", Text: "单号"}}}}}
		show(t, w, r, page, templ.Join(ui.PageHead(ui.Head{Title: "机构"}), ui.FilterBar(f), res))
	})
	mux.HandleFunc("GET /record", func(w http.ResponseWriter, r *http.Request) {
		if ui.Target(r) == "drawer" {
			show(t, w, r, publicPage(), templ.Join(ui.DrawerHead("某公司", "/record"), text("抽屉内容")))
			return
		}
		tab := r.FormValue("tab")
		ts := []ui.Tab{{ID: "base", Text: "基本信息", Href: "/record", Current: tab == ""},
			{ID: "log", Text: "记录", Href: "/record?tab=log", Current: tab == "log"}}
		mask := ui.Mask{ID: "m1", Shown: "138****0000", Reveal: "/reveal"}
		show(t, w, r, publicPage(), templ.Join(ui.PageHead(ui.Head{Title: "某公司",
			ID: "JG-2026-017"}),
			with(ui.Tabs("信息", ts), text("内容"+tab)), ui.MaskedValue(mask)))
	})
	mux.HandleFunc("POST /reveal", func(w http.ResponseWriter, r *http.Request) {
		show(t, w, r, publicPage(), ui.MaskedValue(ui.Mask{ID: "m1", Shown: "13800000000"}))
	})
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, r *http.Request) {
		page := publicPage()
		page.User.Key = r.FormValue("who")
		show(t, w, r, page, penForm(r.FormValue("drop_org")))
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		s.keep(r, &s.posts)
		http.Redirect(w, r, "/list", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /form/draft", func(w http.ResponseWriter, r *http.Request) {
		if s.refuses(w, r) {
			return
		}
		s.keep(r, &s.drafts)
		w.Header().Set("X-Saved-At", "14:32:05")
		w.Header().Set("X-Version", "8")
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /pick", func(w http.ResponseWriter, r *http.Request) {
		var opts []ui.Option
		for i := range 3 {
			opts = append(opts, ui.Option{Value: strconv.Itoa(i),
				Text: fmt.Sprintf("%s %d", r.FormValue("q"), i)})
		}
		show(t, w, r, publicPage(), ui.ComboOptions(r.FormValue("list"), opts))
	})
	mux.HandleFunc("GET /job", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.polls++
		work := ui.Work{ID: "1", Title: "导入", Text: "进行中", Percent: 50, Poll: "/job"}
		if s.polls > 2 {
			work.Poll, work.Text = "", "全部完成"
		}
		s.mu.Unlock()
		w.Header().Set("HX-Trigger", ui.ToastHeader("第 2 步：𬱖 完成"))
		show(t, w, r, publicPage(), ui.Progress(work))
	})
	return mux
}

// refuses answers 500 to what a script asks for while the server is down.
func (s *pen) refuses(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down && (ui.PartialRequest(r) || ui.AutosaveRequest(r)) {
		http.Error(w, "down", http.StatusInternalServerError)
		return true
	}
	return false
}

func (s *pen) keep(r *http.Request, list *[]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.ParseForm() == nil {
		*list = append(*list, r.PostForm.Encode())
	}
}

func penResults(r *http.Request) templ.Component {
	q, from := r.FormValue("q"), 0
	if n, err := strconv.Atoi(r.FormValue("after")); err == nil {
		from = n
	}
	var rows []ui.Row
	for i := 1; i <= penRows; i++ {
		name := fmt.Sprintf("机构 %02d", i)
		if strings.Contains(name, q) && (r.FormValue("kind") == "" || i%2 == 1) {
			rows = append(rows, ui.Row{Cells: []ui.Cell{{Text: name, Href: "/record", Drawer: true}}})
		}
	}
	p := ui.Paging{Text: fmt.Sprintf("自 %d 起", from)}
	if from+penPage < len(rows) {
		p.Next = fmt.Sprintf("/list?q=%s&after=%d", q, from+penPage)
	}
	if r.FormValue("desc") != "" {
		slices.Reverse(rows)
	}
	count := ui.ResultBar{Count: fmt.Sprintf("共 %d 家", len(rows))}
	table := ui.Table{Caption: "机构", Cols: []ui.Column{{Label: "名称", SortHref: "/list?desc=1"}},
		Rows: rows[from:min(from+penPage, len(rows))]}
	return with(ui.Results("", "机构"), ui.ResultHead(count), ui.DataTable(table), ui.Pager(p))
}

func penForm(string) templ.Component {
	f := ui.FormView{ID: "org", Action: "/form", Autosave: "/form/draft", Version: "7", Guard: true,
		Buttons: []ui.Action{{Text: "保存", Primary: true, Name: "do", Value: "save"}}}
	rows := ui.EditRows{Name: "contacts", Legend: "联系人", Row: "联系人 %s", Add: "添加联系人", Max: 2,
		Rows: [][]ui.Input{contactRow(0, "李某", "1")}, Blank: contactRow(ui.RowBlank, "", "")}
	combo := ui.Combo{Input: ui.Input{Name: "org", Label: "所属机构"}, Source: "/pick", Many: true}
	return templ.Join(ui.PageHead(ui.Head{Title: "填报"}), with(ui.Form(f),
		ui.Field(ui.Input{Name: "note", Kind: ui.InArea, Label: "简介", MaxLen: 20, Count: true}),
		ui.Field(ui.Input{Name: "pass", Kind: ui.InPassword, Label: "口令", AutoComplete: "off"}),
		ui.Combobox(combo), ui.EditableRows(rows)))
}

func openPen(t *testing.T) (*pen, *browsertest.Page) {
	t.Helper()
	t.Parallel()
	s := &pen{}
	server := httptest.NewServer(s.mux(t))
	t.Cleanup(server.Close)
	return s, browsertest.New(t, server.URL)
}

// enter sets the value of a field with the event that typing causes. Unlike Page.Fill it can
// empty a field and fill an empty text area.
func enter(p *browsertest.Page, sel, text string) {
	browsertest.Eval[bool](p, fmt.Sprintf(`(e => { e.focus(); e.value = %q;
		return e.dispatchEvent(new Event("input",
			{ bubbles: true })); })(document.querySelector(%q))`,
		text, sel))
}

func want(t *testing.T, what, got, expected string) {
	t.Helper()
	if got != expected {
		t.Errorf("%s: got %q, want %q", what, got, expected)
	}
}

func TestListWalk(t *testing.T) {
	s, p := openPen(t)
	p.Goto("/list")
	p.Press("Control+k")
	want(t, "Ctrl+K focuses the search", p.Focused()[:5], "input")
	enter(p, "[name=q]", "1")
	p.WaitText("#results", "共 14 家")
	want(t, "address without empty filters", p.Path(), "/list?q=1")
	p.Select("[name=kind]", "odd")
	p.WaitText("#results", "共 9 家")
	enter(p, "[name=q]", "")
	p.WaitText("#results", "共 23 家")
	p.Click(".pager a[rel=next]")
	p.WaitText("#results", "自 20 起")
	if got := browsertest.Eval[int](p, "document.querySelectorAll('h1').length"); got != 1 {
		t.Errorf("the fragment brought %d h1 into the page", got)
	}
	p.Click("thead .sort")
	p.WaitText("#results tbody", "机构 45")
	browsertest.Eval[bool](p, "(history.back(), true)")
	p.WaitText("#results", "自 20 起")
	browsertest.Eval[bool](p, "(history.back(), true)")
	p.WaitText("#results tbody", "机构 01")
	want(t, "the form is as it was", p.Attr("[name=kind] [selected]", "value"), "odd")
	if n := p.Count("h1"); n != 1 {
		t.Errorf("%d h1 after going back", n)
	}
	p.ConsoleEmpty()

	s.set(true)
	enter(p, "[name=q]", "2")
	p.WaitText("main", "页面仍是原来的内容")
	want(t, "old content stays", p.Text("#results tbody tr:first-child"), "机构 01")
	s.set(false)
	p.Click("[data-failed] button")
	p.WaitText("#results", "共 5 家")
	if n := p.Count("[data-failed]"); n != 0 {
		t.Errorf("%d banners left after the retry", n)
	}
	p.ConsoleEmpty(500)
}

func TestDrawerAndMenuWalk(t *testing.T) {
	_, p := openPen(t)
	p.Goto("/list")
	p.Click("tbody tr:first-child a")
	p.WaitText("#drawer[open]", "抽屉内容")
	want(t, "the list keeps its address", p.Path(), "/list")
	p.Axe()
	p.Press("Escape")
	p.WaitGone("#drawer[open]")
	want(t, "focus returns to the link", p.Focused(), `a "机构 01"`)

	p.Click(".prefs summary")
	p.WaitFor(".prefs .menu[open]")
	p.Press("Escape")
	p.WaitGone(".prefs .menu[open]")
	want(t, "focus returns to the menu", stop(p), "summary")
	p.ConsoleEmpty()
}

func TestMarksSayTheirValue(t *testing.T) {
	_, p := openPen(t)
	p.Goto("/gallery")
	browsertest.Eval[bool](p, `document.querySelector("#c1 .dot").dispatchEvent(
		new PointerEvent("pointermove", { bubbles: true, clientX: 40, clientY: 40 }))`)
	p.WaitText(".tip", "2021 成交额 96 亿元")
	p.ConsoleEmpty()
}

// stop is the element that has the focus, without its text.
func stop(p *browsertest.Page) string {
	element, _, _ := strings.Cut(p.Focused(), " ")
	return element
}

// TestSkipLinkComesFirst: the first stop of the Tab key leads past the header.
func TestSkipLinkComesFirst(t *testing.T) {
	_, p := openPen(t)
	p.Goto("/list")
	p.Press("Tab")
	want(t, "first stop", p.Focused(), `a "跳到主要内容"`)
	p.Press("Enter")
	want(t, "after Enter", stop(p), "main#main")
	p.Press("Tab")
	want(t, "next stop", stop(p), "input#q-q")
}

func TestTabsAndMaskWalk(t *testing.T) {
	_, p := openPen(t)
	p.Goto("/record")
	browsertest.Eval[bool](p, "document.querySelector('#tab-base').focus() ?? true")
	p.Press("ArrowRight")
	want(t, "arrow moves the focus", stop(p), "a#tab-log")
	p.Press("Enter")
	p.WaitText("#panel", "内容log")
	want(t, "address of the tab", p.Path(), "/record?tab=log")
	want(t, "selected tab", p.Attr("#tab-log", "aria-selected"), "true")
	want(t, "focus is kept", stop(p), "a#tab-log")
	p.Click("#m1 button")
	p.WaitText("#m1", "13800000000")
	p.ConsoleEmpty()
}

func TestFormWalk(t *testing.T) {
	s, p := openPen(t)
	p.Goto("/form")
	enter(p, "#f-note", "主营碳化硅")
	p.WaitText("#org-saved", "已自动保存 14:32:05")
	want(t, "counter", p.Text("#f-note + .hint"), "5 / 20 字")
	want(t, "version follows the draft", browsertest.Eval[string](p,
		"document.querySelector('[name=version]').value"), "8")

	enter(p, "#f-org", "山西")
	p.WaitText("#f-org-list", "山西 2")
	p.Press("ArrowDown", "ArrowDown", "Enter")
	p.WaitText(".picked", "山西 1")
	want(t, "list is closed", p.Attr("#f-org", "aria-expanded"), "false")

	p.Click("[data-rows-add]")
	enter(p, "#f-contacts-1-name", "王某")
	p.WaitText(".rows", "联系人 2")
	p.Click("[data-rows-add]") // more than Max is refused
	if n := p.Count("[data-row]"); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	p.Axe()

	s.set(true)
	enter(p, "#f-note", "断网时写的")
	enter(p, "#f-pass", "geheim")
	p.WaitText("#org-saved", "改动仍在页面上")
	kept := browsertest.Eval[string](p, "localStorage.getItem('draft:/form/draft') ?? ''")
	if !strings.Contains(kept, "断网时写的") || strings.Contains(kept, "geheim") {
		t.Errorf("copy on the device: %s", kept)
	}
	s.set(false)
	p.Click(".form-actions .primary")
	p.WaitText("#results", "共 45 家")
	for _, part := range []string{"contacts.1.name=%E7%8E%8B%E6%9F%90", "org=1", "do=save",
		"version=8"} {
		if got := s.last(sentForms); !strings.Contains(got, part) {
			t.Errorf("form lacks %s: %s", part, got)
		}
	}
	want(t, "copy is gone after sending", browsertest.Eval[string](p,
		"localStorage.getItem('draft:/form/draft') ?? ''"), "")
	p.ConsoleEmpty(500)
}

func TestDraftIsOfferedAgain(t *testing.T) {
	s, p := openPen(t)
	p.Goto("/form")
	s.set(true)
	enter(p, "#f-note", "写到一半")
	p.WaitText("#org-saved", "改动仍在页面上")
	s.set(false)
	browsertest.Eval[bool](p,
		"delete document.forms.org.dataset.dirty") // leave without the question
	p.Goto("/form")
	p.WaitText("#org", "未提交的内容")
	p.Click("#org .banner button")
	p.WaitText("#org-saved", "已自动保存")
	want(t, "restored", browsertest.Eval[string](p, "document.querySelector('#f-note').value"),
		"写到一半")
	if got := s.last(sentDrafts); !strings.Contains(got, "note=%E5%86%99") {
		t.Errorf("draft sent after restoring: %s", got)
	}
	p.ConsoleEmpty(500)
}

// Who comes after somebody else on the same device is not offered what that one typed; they are, once they
// are back.
func TestDraftIsOfOnePerson(t *testing.T) {
	s, p := openPen(t)
	p.Goto("/form?who=anna")
	s.set(true)
	enter(p, "#f-note", "写到一半")
	p.WaitText("#org-saved", "改动仍在页面上")
	s.set(false)
	for _, who := range []string{"boris", "", "anna"} {
		browsertest.Eval[bool](p, "delete document.forms.org.dataset.dirty") // leave without the question
		p.Goto("/form?who=" + who)
		if offered := strings.Contains(p.Text("#org"), "未提交的内容"); offered != (who == "anna") {
			t.Errorf("to %q it is offered: %v", who, offered)
		}
	}
	p.ConsoleEmpty(500)
}

func TestProgressPolls(t *testing.T) {
	_, p := openPen(t)
	p.Goto("/job")
	p.WaitText("#work-1", "全部完成")
	p.WaitText("#toasts", "第 2 步：𬱖 完成")
	p.ConsoleEmpty()
}

func TestWithoutScript(t *testing.T) {
	s, p := openPen(t)
	p.SetScript(false)
	p.Goto("/list")
	p.Select("[name=kind]", "odd")
	p.Follow(".filters button")
	want(t, "filter works", p.Text(".bar p"), "共 23 家")
	p.Follow(".pager a[rel=next]")
	want(t, "pager works", p.Text(".pager-text"), "自 20 起")
	p.Goto("/record")
	p.Follow("#tab-log")
	want(t, "tabs work", p.Text("#panel"), "内容log")
	p.Goto("/form")
	enter(p, "#f-note", "无脚本")
	p.Follow(".form-actions .primary")
	if got := s.last(sentForms); !strings.Contains(got, "contacts.0.name=") {
		t.Errorf("form without script: %s", got)
	}
}

// TestEnterSavesTheForm: the browser presses the first button of a form on Enter, which must never
// be one that removes a row.
func TestEnterSavesTheForm(t *testing.T) {
	s, p := openPen(t)
	p.SetScript(false)
	p.Goto("/form")
	p.Fill("#f-contacts-0-name", "张某")
	p.Press("Enter")
	p.WaitPath("/list")
	got := s.last(sentForms)
	if !strings.Contains(got, "do=save") || strings.Contains(got, "remove=") {
		t.Errorf("Enter sent %s", got)
	}
}
