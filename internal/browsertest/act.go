package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Elements are named by CSS selectors; the first match counts, and steps wait until it is visible.

// Click clicks an element.
func (p *Page) Click(sel string) {
	p.t.Helper()
	p.do("click "+sel, chromedp.Click(chromedp.CSS(sel), chromedp.NodeVisible))
}

// Follow clicks an element that leads to a new document, and waits until that is there.
func (p *Page) Follow(sel string) {
	p.t.Helper()
	p.do("follow "+sel, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		click := chromedp.Click(chromedp.CSS(sel), chromedp.NodeVisible)
		_, err := chromedp.WaitEvent(page.LoadEventFired, nil, click)(ctx, t)
		return err
	}))
	p.Settle()
}

// Fill replaces what a text field holds, by key strokes, so that scripts notice.
func (p *Page) Fill(sel, text string) {
	p.t.Helper()
	css := chromedp.CSS(sel)
	var steps []chromedp.Action[chromedp.Void]
	if p.Value(sel) != "" { // an empty text area cannot be cleared
		steps = append(steps, chromedp.Clear(css, chromedp.NodeVisible))
	}
	if text != "" {
		steps = append(steps, chromedp.SendKeys(css, text, chromedp.NodeVisible))
	}
	p.do("fill "+sel, steps...)
}

// Select chooses the option with a value in a select element, or sets the value of a control that
// has no keys, such as a date field. Scripts see the events a person would cause.
func (p *Page) Select(sel, value string) {
	p.t.Helper()
	const script = `(() => { const e = document.querySelector(%s); if (!e) return "no such element";
		e.value = %s; if (e.value !== %[2]s) return "no such value";
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true})); return ""; })()`
	if why := Eval[string](p, fmt.Sprintf(script, quote(sel), quote(value))); why != "" {
		p.t.Fatalf("select %q in %s: %s", value, sel, why)
	}
}

// Upload puts files into a file field.
func (p *Page) Upload(sel string, files ...string) {
	p.t.Helper()
	p.do("upload into "+sel, chromedp.SetUploadFiles(chromedp.CSS(sel), files))
}

// keys are the names Press knows beside single characters.
var keys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace,
	"Delete": kb.Delete, "Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp,
	"PageDown": kb.PageDown, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown,
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}

var modifiers = map[string]chromedp.Modifier{
	"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl,
	"Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
}

// Press presses keys one after the other on the focused element: "Tab", "Shift+Tab", "Control+k",
// "a". It does not wait for what they cause.
func (p *Page) Press(strokes ...string) {
	p.t.Helper()
	for _, s := range strokes {
		parts := strings.Split(s, "+")
		name := parts[len(parts)-1]
		key, ok := keys[name]
		if !ok && len([]rune(name)) != 1 {
			p.t.Fatalf("unknown key %q", s)
		}
		if !ok {
			key = name
		}
		var mods []chromedp.Modifier
		for _, m := range parts[:len(parts)-1] {
			mod, ok := modifiers[m]
			if !ok {
				p.t.Fatalf("unknown modifier in %q", s)
			}
			mods = append(mods, mod)
		}
		p.do("press "+s, chromedp.KeyEvent(key, chromedp.KeyModifiers(mods...)))
	}
}

// Text returns the visible text of an element.
func (p *Page) Text(sel string) string {
	p.t.Helper()
	return run(p, "read text of "+sel, chromedp.Text(chromedp.CSS(sel), chromedp.NodeVisible))
}

// Texts returns the visible text of every match, in document order, now.
func (p *Page) Texts(sel string) []string {
	p.t.Helper()
	return Eval[[]string](p, `[...document.querySelectorAll(`+quote(sel)+`)].map(e => e.innerText)`)
}

// Count returns how many elements match, now.
func (p *Page) Count(sel string) int {
	p.t.Helper()
	return Eval[int](p, `document.querySelectorAll(`+quote(sel)+`).length`)
}

// Value returns what a field holds.
func (p *Page) Value(sel string) string {
	p.t.Helper()
	return run(p, "read value of "+sel, chromedp.Value(chromedp.CSS(sel)))
}

// Attr returns an attribute, "" when the element lacks it.
func (p *Page) Attr(sel, name string) string {
	p.t.Helper()
	return run(p, "read "+name+" of "+sel, chromedp.AttributeValue(chromedp.CSS(sel), name)).Value
}

// Focused describes the focused element for keyboard walks: its tag, #id or [name=…], and the start
// of its text, as in `a "首页"` or `input#q`.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, `(() => { const e = document.activeElement;
		if (!e || e === document.body) return "";
		const name = e.getAttribute("name");
		let s = e.tagName.toLowerCase() + (e.id ? "#" + e.id : name ? "[name=" + name + "]" : "");
		const text = (e.innerText || "").trim().split("\n")[0].slice(0, 40);
		return text ? s + ' "' + text + '"' : s; })()`)
}

// WaitText waits until an element's visible text contains want.
func (p *Page) WaitText(sel, want string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("wait for %q in %s", want, sel), `(() => { const e = document.querySelector(`+
		quote(sel)+`); return !!e && e.innerText.includes(`+quote(want)+`); })()`)
}

// WaitFor waits until an element is visible.
func (p *Page) WaitFor(sel string) {
	p.t.Helper()
	p.wait("wait for "+sel, `(() => { const e = document.querySelector(`+quote(sel)+
		`); return !!e && e.checkVisibility({visibilityProperty: true}); })()`)
}

// WaitGone waits until no visible element matches.
func (p *Page) WaitGone(sel string) {
	p.t.Helper()
	p.wait("wait until gone: "+sel, `![...document.querySelectorAll(`+quote(sel)+
		`)].some(e => e.checkVisibility({visibilityProperty: true}))`)
}

// WaitPath waits until the path and query of the page are want.
func (p *Page) WaitPath(want string) {
	p.t.Helper()
	p.wait("wait for address "+want, `location.pathname + location.search === `+quote(want))
}

// wait asks the page again and again until the condition holds. A page that is being replaced
// cannot answer; that counts as not yet.
func (p *Page) wait(what, condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			p.fail(what, ctx.Err())
		case <-tick.C:
		}
	}
}

// drawn is a promise that is kept when fonts are loaded and the page has been drawn with them.
const drawn = `document.fonts.ready.then(() =>
	new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r()))))`

// drawOnce makes the browser draw the page, for pages without scripts, whose promises are not kept.
// A click before the first drawing is lost.
func drawOnce(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Clip: &page.Viewport{Width: 1, Height: 1, Scale: 1},
	})
	return chromedp.Void{}, err
}

// Settle waits until no request is open and the page has been drawn.
func (p *Page) Settle() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	for {
		if err := p.watch.quiet(ctx); err != nil {
			p.fail("wait for requests to end", err)
		}
		step := chromedp.Evaluate[chromedp.Void](drawn, chromedp.EvalAwaitPromise)
		if !p.scripted {
			step = drawOnce
		}
		// The answer also proves that every event sent before it has been seen.
		err := chromedp.Do(ctx, step)
		if ctx.Err() != nil {
			p.fail("wait for the page to settle", ctx.Err())
		}
		if err == nil && p.watch.open() == 0 {
			return
		}
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}
