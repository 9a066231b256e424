package browsertest

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// strict is the content security policy of the product.
const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

// dot is a picture of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00" +
	"\x01\x00\x00\x02\x02D\x01\x00;"

// site serves pages under a strict policy: "/" is a page without faults, and "/with?x=HTML" the
// same page with something put into it.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { render(w, 200, "") })
	mux.HandleFunc("GET /with", func(w http.ResponseWriter, r *http.Request) {
		render(w, 200, r.FormValue("x"))
	})
	mux.HandleFunc("POST /greet", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/with?x="+url.QueryEscape(r.FormValue("name")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /gone", func(w http.ResponseWriter, r *http.Request) {
		render(w, 404, "<p>没有这一页</p>")
	})
	mux.HandleFunc("GET /page.css", asset("text/css", `body{color:#111;background:#fff}
		.wide{width:800px;height:1px} .dark{display:none}
		@media (prefers-color-scheme:dark){.dark{display:block}}
		.small{width:8px;height:8px;padding:0;border:0;display:inline-block}`))
	mux.HandleFunc("GET /late.js", asset("text/javascript", `
		document.querySelector("#who").addEventListener("input", async e => {
			document.querySelector("#echo").textContent =
				"你好 " + await (await fetch("/echo?q=" + encodeURIComponent(e.target.value))).text();
		});`))
	mux.HandleFunc("GET /echo", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.FormValue("q"))
	})
	mux.HandleFunc("GET /endless", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // until the page is left
	})
	mux.HandleFunc("GET /script/{name}", func(w http.ResponseWriter, r *http.Request) {
		asset("text/javascript", scripts[r.PathValue("name")])(w, r)
	})
	mux.HandleFunc("GET /big.js", asset("text/javascript", "//"+strings.Repeat("字", MaxJSBytes/2)))
	mux.HandleFunc("GET /favicon.ico", asset("image/x-icon", ""))
	mux.HandleFunc("GET /dot.gif", asset("image/gif", dot))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

var scripts = map[string]string{
	"log":     `console.log("左", 1)`,
	"throw":   `throw new Error("boom")`,
	"reject":  `Promise.reject(new Error("lost"))`,
	"dialog":  `setTimeout(() => alert("stop"))`,
	"fetch":   `fetch("/nowhere")`,
	"endless": `addEventListener("keydown", () => fetch("/endless").catch(() => {}), {once: true})`,
	"abroad":  `fetch("http://127.0.0.2:1/").catch(() => {})`,
	"style":   `document.querySelector("h1").setAttribute("style", "color:red")`,
}

func asset(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		fmt.Fprint(w, body)
	}
}

func render(w http.ResponseWriter, status int, extra string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", strict)
	w.WriteHeader(status)
	fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>试页</title>
		<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">
		<script src="/late.js" defer></script></head><body><main><h1>试页</h1>
		<form method="post" action="/greet"><label for="who">姓名</label>
		<input id="who" name="name" autocomplete="off"><select name="kind" aria-label="类别">
		<option value="a">甲</option><option value="b">乙</option></select>
		<button>问好</button></form><p id="echo" role="status"></p>
		<p class="dark">夜</p>%s</main></body></html>`, extra)
}

// recorder stands in for a test, so that a check may fail without failing the real one.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failures runs a check against a recorder and returns what it said.
func failures(t *testing.T, p *Page, check func(*Page)) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // Fatalf ends the goroutine
		defer close(done)
		check(p.In(r))
	}()
	<-done
	return r.said
}

// A page without faults passes every check at both widths, in both colour schemes.
func TestGoodPage(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	for _, width := range []int{Wide, Narrow} {
		for _, scheme := range []string{"light", "dark"} {
			p.SetSize(width)
			p.Media("", scheme)
			p.Goto("/")
			p.Axe()
			p.NoHorizontalScroll()
			p.ConsoleEmpty()
			p.WithinBudget("/")
		}
	}
}

// Each check fails on the fault it is there for, and says which.
func TestChecksCanFail(t *testing.T) {
	t.Parallel()
	console := func(p *Page) { p.ConsoleEmpty() }
	for _, tc := range []struct {
		name, extra string
		width       int
		check       func(*Page)
		says        string
	}{
		{"console call", script("log"), Wide, console, "console.log: 左 1"},
		{"exception", script("throw"), Wide, console, "Error: boom"},
		{"rejected promise", script("reject"), Wide, console, "Error: lost"},
		{"failed fetch", script("fetch"), Wide, console, "request failed: 404"},
		{"foreign host", script("abroad"), Wide, console, "Content Security Policy"},
		{"style by script", script("style"), Wide, console, "Content Security Policy"},
		{"inline script", "<script>1</script>", Wide, console, "Content Security Policy"},
		{"inline handler", `<img alt="" src="/dot.gif" onload="1">`, Wide, console,
			"Content Security Policy"},
		{"inline style", `<p style="color:red">x</p>`, Wide, console, "Content Security Policy"},
		{"missing picture", `<img alt="" src="/none.png">`, Wide, console, "404"},
		{"wide element", `<div class="wide"></div>`, Narrow,
			func(p *Page) { p.NoHorizontalScroll() }, `class="wide"`},
		{"picture without text", `<img src="/dot.gif">`, Wide,
			func(p *Page) { p.Axe() }, "image-alt"},
		{"two main headings", `<h1>再来</h1><h4>跳级</h4>`, Wide,
			func(p *Page) { p.Axe() }, "heading-order"},
		{"small targets", `<button class="small" aria-label="甲"></button><button class="small"
			aria-label="乙"></button>`, Wide, func(p *Page) { p.Axe() }, "target-size"},
		{"heavy script", `<script src="/big.js"></script>`, Wide, nil, "over the budget"},
		{"many requests", pictures(MaxRequests), Wide, nil, "over the budget"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := New(t, site(t))
			path := "/with?x=" + url.QueryEscape(tc.extra)
			check := tc.check
			if check == nil {
				check = func(p *Page) { p.WithinBudget(path) }
			}
			p.SetSize(tc.width)
			p.Goto(path)
			said := failures(t, p, check)
			if !strings.Contains(strings.Join(said, "\n"), tc.says) {
				t.Errorf("said %q, want something with %q", said, tc.says)
			}
		})
	}
}

func pictures(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<img alt="" src="/dot.gif?%d">`, i)
	}
	return b.String()
}

func script(name string) string { return `<script src="/script/` + name + `" defer></script>` }

// An answer that a test expects is not a fault; other messages still are.
func TestAllowedStatus(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.Goto("/gone")
	if p.Status() != 404 {
		t.Errorf("status %d", p.Status())
	}
	p.ConsoleEmpty(404)
	p.Goto("/gone")
	if said := failures(t, p, func(p *Page) { p.ConsoleEmpty(422) }); len(said) != 1 {
		t.Errorf("said %q, want the 404", said)
	}
	p.ConsoleEmpty() // what was said is not said twice
}

// A person's steps: type, see the page answer, walk by keyboard, send, arrive.
func TestSteps(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.Goto("/")
	p.Press("Tab")
	if got := p.Focused(); got != "input#who" {
		t.Errorf("first stop is %q", got)
	}
	p.Fill("#who", "云图")
	p.WaitText("#echo", "你好 云图")
	p.Select("select", "b")
	if got := p.Value("select"); got != "b" {
		t.Errorf("selected %q", got)
	}
	p.Press("Tab", "Tab")
	if got := p.Focused(); got != `button "问好"` {
		t.Errorf("third stop is %q", got)
	}
	p.Press("Shift+Tab", "Tab")
	p.Follow("button")
	p.WaitFor("h1")
	p.WaitPath("/with?x=%E4%BA%91%E5%9B%BE")
	p.WaitGone(".dark")
	if diff := cmp.Diff([]string{"试页"}, p.Texts("h1")); diff != "" {
		t.Error(diff)
	}
	if got := p.Count("option"); got != 2 {
		t.Errorf("%d options", got)
	}
	if p.Title() != "试页" || p.Status() != 200 || p.Attr("#who", "name") != "name" {
		t.Errorf("title %q, status %d, name %q", p.Title(), p.Status(), p.Attr("#who", "name"))
	}
	p.ConsoleEmpty()
}

// Without scripts the form still works, and the page's own script does nothing.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.SetScript(false)
	p.Goto("/")
	p.Fill("#who", "x")
	p.Follow("button")
	p.WaitPath("/with?x=x")
	if got := p.Texts("#echo")[0]; got != "" {
		t.Errorf("script ran: %q", got)
	}
	p.NoHorizontalScroll()
	p.Axe()
	p.ConsoleEmpty()
}

// Tabs share a browser but no cookies; a step that cannot be done fails with what was seen.
func TestTabs(t *testing.T) {
	t.Parallel()
	base := site(t)
	a, b := New(t, base), New(t, base)
	a.SetCookie("theme", "dark")
	for _, p := range []*Page{a, b} {
		p.Goto("/")
	}
	if got := Eval[string](a, "document.cookie"); got != "theme=dark" {
		t.Errorf("first tab has cookies %q", got)
	}
	if got := Eval[string](b, "document.cookie"); got != "" {
		t.Errorf("second tab has cookies %q", got)
	}
	a.Media("", "dark")
	a.WaitFor(".dark")
	said := failures(t, a, func(p *Page) { p.Select("select", "z") })
	if len(said) != 1 || !strings.Contains(said[0], "no such value") {
		t.Errorf("said %q", said)
	}
	said = failures(t, a, func(p *Page) { p.Press("Hyper+x") })
	if len(said) != 1 || !strings.Contains(said[0], "unknown modifier") {
		t.Errorf("said %q", said)
	}
}

// A request that is still open when the page is left does not keep the next page from settling.
func TestLeaveWithOpenRequest(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.Goto("/with?x=" + url.QueryEscape(script("endless")))
	p.Press("ArrowDown")
	for p.watch.open() == 0 { // the event is on its way
		Eval[int](p, "0")
	}
	p.Goto("/")
	p.ConsoleEmpty()
}

// A dialog stops the page until it is answered; the check reports it instead of hanging.
func TestDialog(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.Goto("/with?x=" + url.QueryEscape(script("dialog")))
	said := failures(t, p, func(p *Page) { p.ConsoleEmpty() })
	if !strings.Contains(strings.Join(said, "\n"), `dialog: alert "stop"`) {
		t.Errorf("said %q", said)
	}
}

// Pictures have the page's width and all of its height.
func TestPictures(t *testing.T) {
	t.Parallel()
	p := New(t, site(t))
	p.Goto("/")
	file := filepath.Join(t.TempDir(), "new", "page.png")
	p.Screenshot(file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if picture.Width != Wide || picture.Height < 900 {
		t.Errorf("%d × %d", picture.Width, picture.Height)
	}
	if pdf := p.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Error("no PDF")
	}
}
