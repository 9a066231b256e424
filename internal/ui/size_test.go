package ui_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/browsertest"
)

// tooSmall lists what is smaller than the rule of its place. Links in running text are free of the
// rule (WCAG 2.2, 2.5.8, exception "inline"), as are controls of the browser inside a label that
// is itself the target.
const tooSmall = `((mainPx, otherPx, textPx) => {
	const out = [];
	const box = e => e.getBoundingClientRect();
	const seen = e => box(e).width > 1 && box(e).height > 1 && e.checkVisibility();
	const say = (e, what, n) =>
		out.push(what + " " + Math.round(n * 10) / 10 + " " + e.outerHTML.slice(0, 90));
	const check = (what, least, selectors) => {
		for (const e of document.querySelectorAll(selectors.join())) {
			if (seen(e) && box(e).height < least - .5) say(e, what, box(e).height);
		}
	};
	check("control", mainPx, [".btn:not(.small, .icon)", "main select", "main textarea",
		"main input:not([type=checkbox], [type=radio], [type=hidden])"]);
	check("target", otherPx, [".btn", ".prefs button", ".menu > summary", ".bell", ".main-nav a",
		".side-menu a", ".side a", ".side-group > summary", ".pager a", ".chip", ".tabs a", ".steps a", ".picked button",
		"label.check"]);
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || !seen(e)) continue;
		const px = parseFloat(getComputedStyle(e).fontSize);
		if (px < textPx - .01) say(e, "text", px);
	}
	return out;
})`

// TestSizesOfTargetsAndText holds the sizes of 适老化 (text at least 18 px, enlargeable to 30; main
// targets 60 px, others 44 px) and the 44 px of phones.
func TestSizesOfTargetsAndText(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	for _, c := range []struct {
		name, path string
		width      int
		limits     string
	}{
		{"normal, wide", "/gallery", browsertest.Wide, "(40, 24, 12)"},
		{"normal, phone", "/gallery", browsertest.Narrow, "(44, 44, 12)"},
		{"large, wide", "/gallery?size=large", browsertest.Wide, "(60, 44, 18)"},
		{"large, phone", "/gallery?size=large", browsertest.Narrow, "(60, 44, 18)"},
		{"extra large", "/staff?size=xlarge", browsertest.Wide, "(60, 44, 24)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := p.In(t)
			p.SetSize(c.width)
			p.Goto(c.path)
			found := browsertest.Eval[[]string](p, tooSmall+c.limits)
			if len(found) > 0 {
				t.Errorf("%d too small:\n%s", len(found),
					strings.Join(found[:min(len(found), 12)], "\n"))
			}
		})
	}
}

// TestBodyTextReachesThirtyPixels: the rule asks that the main text can grow to 30 px.
func TestBodyTextReachesThirtyPixels(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	p.Goto("/error?size=xlarge")
	const size = `parseFloat(getComputedStyle(document.querySelector("main .lead")).fontSize)`
	if got := browsertest.Eval[float64](p, size); got < 30 {
		t.Errorf("main text has %.1f px", got)
	}
}

// TestPaperHasNoEmptyPage prints pages that fit on one sheet.
func TestPaperHasNoEmptyPage(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	for _, path := range []string{"/print", "/error"} {
		p.Goto(path)
		pdf := p.PDF()
		sheets := bytes.Count(pdf, []byte("/Type /Page\n")) + bytes.Count(pdf,
			[]byte("/Type/Page\n"))
		if sheets != 1 {
			t.Errorf("%s prints on %d sheets", path, sheets)
		}
	}
}

// TestPaperIsLight: a dark screen must not print dark, and paper has no navigation.
func TestPaperIsLight(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	p.Goto("/staff?theme=dark")
	p.Media("print", "")
	const ink = `getComputedStyle(document.querySelector("h1")).color`
	if got := browsertest.Eval[string](p, ink); got != "rgb(27, 31, 35)" {
		t.Errorf("ink on paper is %s", got)
	}
	const left = `[".top", ".foot", ".side", ".filters", ".batch-bar"].filter(s =>
		document.querySelector(s)?.checkVisibility())`
	if got := browsertest.Eval[[]string](p, left); len(got) > 0 {
		t.Errorf("printed: %v", got)
	}
	p.Media("", "")
}

// TestAutoThemeFollowsTheSystem: the choice "auto" is dark exactly when the system is.
func TestAutoThemeFollowsTheSystem(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	for scheme, want := range map[string]string{"dark": "rgb(18, 21, 24)",
		"light": "rgb(245, 244, 240)"} {
		p.Media("", scheme)
		p.Goto("/error?theme=auto")
		const ground = `getComputedStyle(document.documentElement).backgroundColor`
		if got := browsertest.Eval[string](p, ground); got != want {
			t.Errorf("system %s: background %s, want %s", scheme, got, want)
		}
	}
	p.Media("", "")
}
