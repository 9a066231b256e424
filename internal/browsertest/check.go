package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/yuntu-city/yuntu/test/e2e/axe"
)

// The budget of a page as a first visitor loads it; see "Slow network" in the design of the user
// interface. Bytes are compressed and include headers.
const (
	MaxBytes    = 60 * 1024
	MaxJSBytes  = 25 * 1024
	MaxRequests = 8
)

// ConsoleEmpty fails the test when the page has written to the console, thrown, broken the content
// security policy, opened a dialog or had a request fail since it was opened or last checked.
// Answers with an allowed status are expected and do not count: ConsoleEmpty(422). It returns how many
// there were.
func (p *Page) ConsoleEmpty(allowed ...int) int {
	p.t.Helper()
	p.Settle()
	said := p.watch.take(allowed)
	for _, m := range said {
		p.t.Errorf("%s: %s", p.Path(), m)
	}
	return len(said)
}

// NoHorizontalScroll fails the test when the page is wider than the window, and names the elements
// that stick out. It returns whether it is not.
func (p *Page) NoHorizontalScroll() bool {
	p.t.Helper()
	const script = `((width) => { const d = document.documentElement;
		const full = Math.max(d.scrollWidth, document.body ? document.body.scrollWidth : 0);
		if (full <= width) return [];
		const out = [...document.querySelectorAll("body *")].filter(e => {
			const r = e.getBoundingClientRect();
			return r.width > 0 && r.right + window.scrollX > width + 0.5; });
		return ["page is " + full + " px wide, window " + width,
			...out.slice(0, 5).map(e => e.outerHTML.slice(0, 120))]; })(%d)`
	found := Eval[[]string](p, fmt.Sprintf(script, p.width))
	if len(found) > 0 {
		p.t.Errorf("%s scrolls sideways: %s", p.Path(), strings.Join(found, "\n  "))
	}
	return len(found) == 0
}

// Weight is what a page costs a first visitor.
type Weight struct {
	Bytes     int64 // all answers, compressed, with headers
	JSBytes   int64 // those of scripts
	Requests  int
	Transfers []Transfer
}

// String lists the transfers, one a line.
func (w Weight) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d bytes, %d of them scripts, in %d requests", w.Bytes, w.JSBytes, w.Requests)
	for _, t := range w.Transfers {
		fmt.Fprintf(&b, "\n%8d %3d %-10s %s", t.Bytes, t.Status, t.Type, t.URL)
	}
	return b.String()
}

// Weigh loads a path with an empty cache and returns what that cost.
func (p *Page) Weigh(path string) Weight {
	p.t.Helper()
	p.setCache(false)
	defer p.setCache(true)
	p.Settle()
	p.watch.forgetTransfers()
	p.Goto(path)
	var w Weight
	w.Transfers = p.watch.endedTransfers()
	for _, t := range w.Transfers {
		w.Requests++
		w.Bytes += t.Bytes
		if t.Type == network.ResourceTypeScript.String() {
			w.JSBytes += t.Bytes
		}
	}
	return w
}

// WithinBudget loads a path with an empty cache and fails the test when it costs more than the
// budget. It returns what it costs.
func (p *Page) WithinBudget(path string) Weight {
	p.t.Helper()
	w := p.Weigh(path)
	if w.Bytes > MaxBytes || w.JSBytes > MaxJSBytes || w.Requests > MaxRequests {
		p.t.Errorf("%s is over the budget of %d bytes, %d of scripts, %d requests: %s",
			path, MaxBytes, MaxJSBytes, MaxRequests, w)
	}
	return w
}

func (p *Page) setCache(on bool) {
	p.t.Helper()
	p.do("switch cache", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCacheDisabled,
			network.SetCacheDisabledParams{CacheDisabled: !on})
		return err
	}))
}

// axeTags are the rule sets every page must pass: WCAG 2.2 at level AA and axe's own good practice.
const axeTags = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`

// axeRun asks for violations only. No preload: it would fetch style sheets again. The rule on
// target sizes is off unless named.
const axeRun = `axe.run(document, {runOnly: {type: "tag", values: ` + axeTags + `},
	rules: {"target-size": {enabled: true}}, resultTypes: ["violations"], preload: false,
	iframes: false}).then(r => JSON.stringify(r.violations.map(v => ({rule: v.id, help: v.help,
	nodes: v.nodes.map(n => n.target.join(" ") + " · " + n.any.concat(n.all, n.none)
		.map(c => c.message).join("; "))}))))`

// violation is one broken rule of axe-core.
type violation struct {
	Rule  string   `json:"rule"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"` // selector · what is wrong
}

// Axe fails the test for each accessibility finding of axe-core on the page as it is now, and returns how
// many there are.
func (p *Page) Axe() int {
	p.t.Helper()
	p.Settle()
	if !p.scripted { // axe needs them; those of the page were not loaded and stay away
		p.do("switch scripts on for axe", setScript(true))
		defer p.do("switch scripts off", setScript(false))
	}
	out := run(p, "run axe", axeAction)
	var found []violation
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		p.t.Fatalf("read what axe found: %v", err)
	}
	for _, v := range found {
		p.t.Errorf("%s at %d px: axe %s: %s\n  %s", p.Path(), p.width, v.Rule, v.Help,
			strings.Join(v.Nodes, "\n  "))
	}
	return len(found)
}

// axeAction runs axe in a world of its own: it sees the document but not the page's scripts, and
// the page's content security policy stays as strict as it is.
func axeAction(ctx context.Context, t *chromedp.Target) (string, error) {
	tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return "", err
	}
	world, err := cdp.Call(ctx, t, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
		FrameID: tree.FrameTree.Frame.ID, WorldName: "axe",
	})
	if err != nil {
		return "", err
	}
	if _, err := evaluateIn(ctx, t, world.ExecutionContextID, axe.Script+"\n;0"); err != nil {
		return "", err
	}
	return evaluateIn(ctx, t, world.ExecutionContextID, axeRun)
}

func evaluateIn(ctx context.Context, t *chromedp.Target, world runtime.ExecutionContextID,
	script string) (string, error) {
	res, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{
		Expression: script, ContextID: world, AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return "", err
	}
	if res.ExceptionDetails != nil {
		return "", fmt.Errorf("script failed: %s", exception(res.ExceptionDetails))
	}
	var out string
	if res.Result != nil && res.Result.Type == runtime.RemoteObjectTypeString {
		err = json.Unmarshal(res.Result.Value, &out)
	}
	return out, err
}
