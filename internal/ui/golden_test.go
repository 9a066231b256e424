package ui_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// asksUpdate reads the flag -update that stylesheet_test.go declares.
func asksUpdate() bool { return flag.Lookup("update").Value.String() == "true" }

// html renders a component in a language.
func source(t *testing.T, l i18n.Lang, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(i18n.With(context.Background(), l), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pages are whole pages of the frame.
func pages() []specimen {
	bare := publicPage()
	bare.Surface, bare.Title = ui.Bare, "登录"
	bare.Toast, bare.Notice = "已退出登录", &ui.Notice{Tone: ui.Warn, Text: "今晚 22:00 至 23:00 停机维护。"}
	print := publicPage()
	waiting := staffPage()
	waiting.Refresh = 3
	return []specimen{
		{"page-public", with(ui.Shell(publicPage()), ui.PageHead(ui.Head{Title: "主体库"}))},
		{"page-staff", with(ui.Shell(waiting), ui.PageHead(ui.Head{Title: "主体库"}))},
		{"page-bare", with(ui.Shell(bare), ui.PageHead(ui.Head{Title: "登录"}))},
		{"page-error", with(ui.Shell(publicPage()),
			ui.ErrorPage(ui.FailureOf(i18n.ZH, 422, badOrg, "01jdqz3w6m")))},
		{"page-print", with(ui.PrintShell(print, ui.Document{Number: "并科发〔2026〕12号", Back: "/orgs",
			Issuer: "太原市科学技术局", Date: "2026年11月20日",
			Watermark: "王芳 导出", Check: "7F3A"}), text("正文"))},
	}
}

// TestGolden compares each component and page with its committed, normalised HTML, in Chinese and
// in English. "go test ./internal/ui -run Golden -update" writes the files.
func TestGolden(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range append(specimens(), pages()...) {
		if seen[s.name] {
			t.Fatalf("two specimens are called %s", s.name)
		}
		seen[s.name] = true
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			name := s.name + "." + string(l[:2]) + ".html"
			got := normal(t, source(t, l, s.c))
			file := filepath.Join("testdata", "golden", name)
			if asksUpdate() {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
		}
	}
	files, err := filepath.Glob("testdata/golden/*.html")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2*len(seen) {
		t.Errorf("%d golden files for %d specimens", len(files), len(seen))
	}
}

// normal writes HTML with one tag per line, sorted attributes and asset names without their hash,
// so that a golden file changes only when the page does.
func normal(t *testing.T, src string) string {
	t.Helper()
	doc := parse(t, src)
	var b strings.Builder
	var write func(n *html.Node, depth int)
	write = func(n *html.Node, depth int) {
		pad := strings.Repeat("  ", depth)
		switch n.Type {
		case html.TextNode:
			if s := strings.Join(strings.Fields(n.Data), " "); s != "" {
				b.WriteString(pad + s + "\n")
			}
			return
		case html.ElementNode:
			b.WriteString(pad + openTag(n) + "\n")
			depth++
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			write(c, depth)
		}
	}
	write(doc, 0)
	return b.String()
}
