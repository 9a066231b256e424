// Package browsertest drives a headless Chromium in tests: one browser per test program, one tab
// with its own cookies per test, and checks that hold the rules of the user interface: no console
// message, no accessibility finding, no sideways scrolling, a byte budget.
//
//	func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }
//
//	func TestSearch(t *testing.T) {
//		p := browsertest.New(t, server.URL)
//		p.Goto("/orgs")
//		p.Fill("[name=q]", "晋能")
//		p.Press("Enter")
//		p.WaitText("#results", "1 家")
//		p.Axe()
//		p.ConsoleEmpty()
//	}
//
// Where there is no browser the test is skipped; with CI=true it fails.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// closeLimit bounds how long the browser may take to end.
const closeLimit = 10 * time.Second

// browser is the browser of this test program, started by the first New.
type browser struct {
	mu     sync.Mutex
	main   bool // Main runs and will end the browser
	ctx    context.Context
	cancel context.CancelFunc
}

var shared browser

// Main runs the tests of a package and then ends its browser. Packages call it from TestMain:
// nothing else knows when the last test is over.
func Main(m *testing.M) int {
	shared.mu.Lock()
	shared.main = true
	shared.mu.Unlock()
	code := m.Run()
	if err := shared.end(); err != nil {
		fmt.Fprintln(os.Stderr, "browsertest: end browser:", err)
		return max(code, 1)
	}
	return code
}

// flags are the settings beyond those of the chromedp library. They keep the browser from talking
// to the world by itself and let it run in a container; it only ever opens pages of our own, so it
// needs no sandbox.
func flags(program string) []chromedp.ExecAllocatorOption {
	return append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		// Text is drawn the same on every machine.
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "zh-CN"),
	)
}

// start returns the context of the running browser and starts it when needed.
func (b *browser) start(program string) (context.Context, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.main {
		return nil, fmt.Errorf("the package needs: func TestMain(m *testing.M) " +
			"{ os.Exit(browsertest.Main(m)) }")
	}
	if b.ctx != nil {
		return b.ctx, nil
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), flags(program)...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		cancelAllocator()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	b.ctx, b.cancel = ctx, cancelAllocator
	return ctx, nil
}

// end closes the browser and waits until its process and folder are gone.
func (b *browser) end() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(b.ctx, closeLimit)
	defer cancel()
	err := chromedp.Cancel(ctx)
	b.cancel()
	b.ctx = nil
	return err
}
