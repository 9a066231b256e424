package ui_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// parse reads a page or a fragment of one.
func parse(t *testing.T, src string) *html.Node {
	t.Helper()
	if strings.HasPrefix(strings.ToLower(src), "<!doctype") {
		doc, err := html.Parse(strings.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	root := &html.Node{Type: html.DocumentNode}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(src), body)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

var assetHash = regexp.MustCompile(`\.[0-9a-f]{16}\.`)

func openTag(n *html.Node) string {
	attrs := make([]string, 0, len(n.Attr))
	for _, a := range n.Attr {
		if a.Val == "" {
			attrs = append(attrs, a.Key)
		} else {
			attrs = append(attrs, a.Key+`="`+assetHash.ReplaceAllString(a.Val, ".HASH.")+`"`)
		}
	}
	slices.Sort(attrs)
	return "<" + strings.Join(append([]string{n.Data}, attrs...), " ") + ">"
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// elements are all elements in document order. The inert content of <template> is left out: its
// ids exist only in copies.
func elements(root *html.Node) []*html.Node {
	var out []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			out = append(out, n)
			if n.Data == "template" {
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}

// words is the text of an element for assistive technology.
func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if v, _ := attr(n, "aria-hidden"); v == "true" {
		return ""
	}
	if v, ok := attr(n, "aria-label"); ok {
		return v
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(words(c))
	}
	return strings.TrimSpace(b.String())
}

// lint is what every fragment of the site must satisfy.
func lint(root *html.Node) []string {
	all := elements(root)
	ids := map[string]bool{}
	labelled := map[string]bool{}
	var found []string
	for _, n := range all {
		if id, ok := attr(n, "id"); ok {
			if ids[id] || id == "" || strings.ContainsAny(id, " \t\n") {
				found = append(found, "id twice or not usable: "+openTag(n))
			}
			ids[id] = true
		}
		if v, ok := attr(n, "for"); ok && n.Data == "label" {
			labelled[v] = true
		}
	}
	level := 0
	for _, n := range all {
		found = append(found, lintAttributes(n, ids)...)
		found = append(found, lintName(n, labelled)...)
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			now := int(n.Data[1] - '0')
			if level > 0 && now > level+1 {
				found = append(found, "heading skips a level: "+openTag(n)+words(n))
			}
			level = now
		}
	}
	return found
}

// lintAttributes refuses what the content security policy forbids and references that lead nowhere.
func lintAttributes(n *html.Node, ids map[string]bool) []string {
	var found []string
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key,
			"hx-on"):
			found = append(found, "forbidden attribute "+a.Key+" in "+openTag(n))
		case strings.HasPrefix(a.Val, "js:") || strings.HasPrefix(a.Val, "javascript:"):
			found = append(found, "code in an attribute: "+openTag(n))
		case a.Key == "hx-trigger" && strings.Contains(a.Val, "["):
			found = append(found, "htmx filters need eval: "+openTag(n))
		case a.Key == "aria-describedby" || a.Key == "aria-labelledby" || a.Key == "aria-controls":
			for id := range strings.FieldsSeq(a.Val) {
				if !ids[id] {
					found = append(found, a.Key+" leads nowhere: "+openTag(n))
				}
			}
		}
	}
	switch n.Data {
	case "style":
		found = append(found, "inline style sheet")
	case "script":
		if _, ok := attr(n, "src"); !ok || n.FirstChild != nil {
			found = append(found, "inline script")
		}
	}
	return found
}

// lintName finds controls, links and images without a name.
func lintName(n *html.Node, labelled map[string]bool) []string {
	id, _ := attr(n, "id")
	label, _ := attr(n, "aria-label")
	switch n.Data {
	case "input", "select", "textarea":
		if v, _ := attr(n, "type"); v == "hidden" {
			return nil
		}
		if label == "" && !labelled[id] && !inside(n, "label") {
			return []string{"control without a label: " + openTag(n)}
		}
	case "a", "button", "summary":
		if words(n) == "" && !hidden(n) {
			return []string{"no name: " + openTag(n)}
		}
	case "fieldset":
		if first := firstElement(n); n.FirstChild != nil && !disabledGroup(n) &&
			(first == nil || first.Data != "legend" || words(first) == "") {
			return []string{"group without a legend: " + openTag(n)}
		}
	case "svg":
		if label == "" && !hidden(n) {
			return []string{"picture without a name: " + openTag(n)}
		}
	case "table":
		if first := firstElement(n); first == nil || first.Data != "caption" {
			if class, _ := attr(n, "class"); class != "bars" {
				return []string{"table without a caption: " + openTag(n)}
			}
		}
	}
	return nil
}

// hidden reports whether n is kept from assistive technology, itself or by a parent.
func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if v, _ := attr(n, "aria-hidden"); v == "true" {
			return true
		}
	}
	return false
}

// disabledGroup is the fieldset that only disables the fields of a locked form.
func disabledGroup(n *html.Node) bool {
	_, ok := attr(n, "disabled")
	return ok
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

func inside(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}

// leaked is a component call that templ printed as text, or a format verb without its value.
var leaked = regexp.MustCompile(`@[A-Z]\w+\(|%!|\{ i18n`)

func TestComponentsAreSound(t *testing.T) {
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		for _, s := range append(specimens(), pages()...) {
			src := source(t, l, s.c)
			for _, x := range lint(parse(t, src)) {
				t.Errorf("%s (%s): %s", s.name, l, x)
			}
			if m := leaked.FindString(src); m != "" {
				t.Errorf("%s (%s): printed %q", s.name, l, m)
			}
		}
	}
}

// TestLintFindsFaults keeps the checks honest: each of these must be found.
func TestLintFindsFaults(t *testing.T) {
	for _, src := range []string{
		`<p id="a"></p><p id="a"></p>`, `<input name="x">`,
		`<p style="color:red">x</p>`, `<a href="/"></a>`,
		`<p onclick="x()">x</p>`, `<h1>a</h1><h3>b</h3>`,
		`<p aria-describedby="gone">x</p>`, `<svg></svg>`,
		`<fieldset><p>x</p></fieldset>`, `<script>1</script>`, `<style>p{}</style>`,
		`<form hx-trigger="click[ctrlKey]"></form>`, `<table><tbody></tbody></table>`,
		`<a href="javascript:x()">x</a>`, `<button><svg aria-hidden="true"></svg></button>`,
	} {
		if len(lint(parse(t, src))) == 0 {
			t.Errorf("no fault found in %s", src)
		}
	}
}

func TestPagesHaveLandmarks(t *testing.T) {
	for _, s := range pages() {
		doc := parse(t, source(t, i18n.ZH, s.c))
		count := map[string]int{}
		for _, n := range elements(doc) {
			count[n.Data]++
			if n.Data == "html" {
				if lang, _ := attr(n, "lang"); lang == "" {
					t.Errorf("%s: no language", s.name)
				}
			}
		}
		if count["h1"] != 1 || count["main"] != 1 || count["title"] != 1 {
			t.Errorf("%s: %d h1, %d main, %d title", s.name, count["h1"], count["main"],
				count["title"])
		}
	}
}

// TestHostileText puts markup into every place that shows a person's words.
func TestHostileText(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	link := ui.Link{Text: evil, Href: "javascript:alert(1)"}
	page := publicPage()
	page.Title, page.User.Name, page.Toast, page.URL = evil, evil, evil, "//evil.example/"
	src := source(t, i18n.ZH, with(ui.Shell(page),
		ui.PageHead(ui.Head{Title: evil, ID: evil}), ui.PlainList([]ui.Link{link}),
		ui.Field(ui.Input{Name: "a", Label: evil, Hint: evil, Err: evil, Value: evil}),
		ui.DataTable(ui.Table{Caption: evil, Cols: []ui.Column{{Label: evil}}, Rows: []ui.Row{
			{Cells: []ui.Cell{{Text: evil, Href: "javascript:alert(1)", Drawer: true}}}}}),
		ui.Button(ui.Action{Text: evil, Href: "javascript:alert(1)"}),
		ui.Button(ui.Action{Text: "x", FormURL: "javascript:alert(1)"}),
	))
	for _, n := range elements(parse(t, src)) {
		if n.Data == "img" {
			t.Fatal("markup of a person became part of the page")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Val, "javascript:") || a.Key == "onerror" {
				t.Errorf("code got through: %s", openTag(n))
			}
			if a.Key == "value" && strings.HasPrefix(a.Val, "//") {
				t.Errorf("returns to another site: %s", openTag(n))
			}
		}
	}
}
