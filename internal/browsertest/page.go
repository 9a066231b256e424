package browsertest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/yuntu-city/yuntu/internal/browsertest/chromium"
)

// stepLimit bounds each step: a load, a click, a wait. Reaching it fails the test. It tells what hangs from what
// is slow, so it leaves room for axe on a long page while the compiler has the processors.
const stepLimit = time.Minute

// The two widths every page is checked at, in CSS pixels.
const (
	Wide   = 1440
	Narrow = 375
)

// Page is a tab. Its methods fail the test they are bound to when a step cannot be done.
type Page struct {
	t testing.TB
	*tab
}

// tab is what all Pages of a tab share.
type tab struct {
	ctx      context.Context
	base     string
	watch    *watch
	width    int
	scripted bool // the page may run scripts
}

// New opens a tab with empty cookies, 1440 pixels wide. Paths given to its methods are relative to
// baseURL. The tab closes at the test's end.
func New(t testing.TB, baseURL string) *Page {
	t.Helper()
	program := chromium.Path()
	if program == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal(chromium.InstallHint)
		}
		t.Skip(chromium.InstallHint)
	}
	parent, err := shared.start(program)
	if err != nil {
		t.Fatal(err)
	}
	w := newWatch()
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(),
		chromedp.WithListener(w.see))
	base := strings.TrimSuffix(baseURL, "/")
	p := &Page{t, &tab{ctx: ctx, base: base, watch: w, scripted: true}}
	// The first run opens the tab and must not have a deadline: the tab would end with it.
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(cancel)
	go p.dismissDialogs()
	p.SetSize(Wide)
	return p
}

// dismissDialogs answers alert, confirm and beforeunload, because an open dialog stops the page and
// with it the test. ConsoleEmpty reports them: the product uses none.
func (p *Page) dismissDialogs() {
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.watch.dialogs:
			// An error means that the dialog or the tab is gone already.
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog,
				page.HandleJavaScriptDialogParams{Accept: true})
		}
	}
}

// In returns the same tab bound to another test, for subtests that share a page.
func (p *Page) In(t testing.TB) *Page {
	return &Page{t, p.tab}
}

// do runs steps within the limit and fails the test with what was tried.
func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail(what, err)
	}
}

func (p *Page) fail(what string, err error) {
	p.t.Helper()
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("not done within %s", stepLimit)
	}
	p.t.Fatalf("%s: %v\npage: %s\nseen: %s", what, err, p.watch.documentURL(),
		strings.Join(p.watch.all(), "\n      "))
}

// run evaluates an action with a result within the limit.
func run[T any](p *Page, what string, a chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		p.fail(what, err)
	}
	return v
}

// Eval evaluates a script in the page and decodes its value. A promise is waited for.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	return run(p, "evaluate "+script, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Goto opens a path (or a full address), waits for the load and until the network is quiet.
func (p *Page) Goto(path string) {
	p.t.Helper()
	p.do("open "+path, chromedp.Navigate(p.address(path)))
	p.Settle()
}

func (p *Page) address(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return p.base + path
}

// Status returns the HTTP status of the last document, 0 before the first.
func (p *Page) Status() int { return p.watch.documentStatus() }

// Path returns the path and query of the page.
func (p *Page) Path() string {
	p.t.Helper()
	u, err := url.Parse(run(p, "read address", chromedp.Location()))
	if err != nil {
		p.fail("read address", err)
	}
	return u.RequestURI()
}

// Title returns the title of the document.
func (p *Page) Title() string {
	p.t.Helper()
	return run(p, "read title", chromedp.Title())
}

// SetSize sets the width in CSS pixels, with a fitting height. Up to 480 the page is shown as a
// phone shows it.
func (p *Page) SetSize(width int) {
	p.t.Helper()
	const phone = 480
	height := 900
	var opts []chromedp.EmulateViewportOption
	if width <= phone {
		height = 812
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch,
			chromedp.EmulatePortrait)
	}
	p.do(fmt.Sprintf("set width %d", width),
		chromedp.EmulateViewport(int64(width), int64(height), opts...))
	p.width = width
}

// SetCookie sets a cookie of the site, such as a reading preference.
func (p *Page) SetCookie(name, value string) {
	p.t.Helper()
	p.do("set cookie "+name, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{
			Name: name, Value: value, URL: p.base + "/",
		})
		return err
	}))
}

// SetScript switches the page's scripts off or on, from the next load. Every form and link of the
// site works without them.
func (p *Page) SetScript(on bool) {
	p.t.Helper()
	p.do("switch scripts", setScript(on))
	p.scripted = on
}

func setScript(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// Media pretends a media type ("print", "" for screen) and a colour scheme ("dark", "light", ""
// for that of the machine).
func (p *Page) Media(media, scheme string) {
	p.t.Helper()
	p.do("set media", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media,
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme},
			},
		})
		return err
	}))
}

// Screenshot writes the whole page as PNG; folders are made as needed.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	png := run(p, "take screenshot", chromedp.FullScreenshot(100))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// PDF returns the page as it would be printed.
func (p *Page) PDF() []byte {
	p.t.Helper()
	return run(p, "print", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
}
