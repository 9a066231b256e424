package ui_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// A long side navigation folds but for the first titled group and the one of the page; a short one stands open.
func TestSideFolds(t *testing.T) {
	group := func(title string, n int) ui.NavGroup {
		g := ui.NavGroup{Title: title}
		for i := range n {
			g.Items = append(g.Items, ui.NavItem{Text: fmt.Sprint(title, i), Href: fmt.Sprintf("/%s/%d", title, i), Count: i})
		}
		return g
	}
	heads := regexp.MustCompile(`<details class="side-group"( open)?><summary class="side-title">(\w+)(.*?)</summary>|<p class="side-title">(\w+)`)
	count := regexp.MustCompile(`\d+`)
	for _, c := range []struct {
		groups []ui.NavGroup
		path   string
		want   []string
	}{
		{[]ui.NavGroup{group("a", 8), group("b", 8)}, "/b/1", []string{"a whole", "b whole"}},
		{[]ui.NavGroup{group("a", 8), group("b", 8), group("c", 1)}, "/b/1", []string{"a open 28", "b open 28", "c"}},
		{[]ui.NavGroup{group("a", 8), group("b", 8), group("c", 2)}, "/elsewhere", []string{"a open 28", "b 28", "c 1"}},
		{[]ui.NavGroup{group("", 9), group("b", 7), group("c", 2)}, "/elsewhere", []string{"b open 21", "c 1"}},
	} {
		p := staffPage()
		p.Side, p.Path = c.groups, c.path
		var b strings.Builder
		if err := ui.Shell(p).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		html = html[strings.Index(html, `<nav class="side"`):strings.Index(html, `<details class="side-menu"`)]
		var got []string
		for _, m := range heads.FindAllStringSubmatch(html, -1) {
			if m[4] != "" {
				got = append(got, m[4]+" whole")
				continue
			}
			got = append(got, strings.TrimSpace(m[2]+m[1]+" "+count.FindString(m[3])))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.path, d)
		}
	}
}

// What somebody opened or folded stays so on the next pages.
func TestSideStaysFolded(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	const state = `[...document.querySelectorAll(".side .side-group")].map(g => g.open)`
	p.Goto("/staff")
	before := browsertest.Eval[[]bool](p, state)
	for range 2 {
		p.Click(".side .side-group:nth-of-type(2) > summary")
		want := slices.Clone(browsertest.Eval[[]bool](p, state))
		if want[1] == before[1] {
			t.Fatalf("a click changes nothing: %v", want)
		}
		p.Goto("/staff")
		if got := browsertest.Eval[[]bool](p, state); !slices.Equal(want, got) {
			t.Errorf("on the next page %v, want %v", got, want)
		}
		before = want
	}
}
