package doctext

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlHead is what a page states of its article.
type htmlHead struct {
	title, fallback, date, source string
}

// The names under which Chinese sites, by the standard of government sites and by others, state
// title, date and source.
var (
	titleNames  = []string{"articletitle", "og:title", "title"}
	dateNames   = []string{"pubdate", "publishdate", "article:published_time", "og:release_date", "date"}
	sourceNames = []string{"contentsource", "source", "author:source"}
)

// readHead finds title, date and source in the meta data, then in the text of the page.
func readHead(root *html.Node) *htmlHead {
	h := &htmlHead{}
	meta := map[string]string{}
	var text strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.DataAtom == atom.Meta:
			key := strings.ToLower(first(attribute(n, "name"), attribute(n, "property")))
			if value := oneLine(attribute(n, "content")); key != "" && len(value) <= maxTitle {
				meta[key] = value
			}
		case n.DataAtom == atom.Title && h.fallback == "":
			h.fallback = siteLess(oneLine(textOf(n)))
		case n.DataAtom == atom.H1 && h.title == "":
			h.title = oneLine(textOf(n))
		case n.DataAtom == atom.Script || n.DataAtom == atom.Style:
			return
		case n.Type == html.TextNode && text.Len() < maxByline:
			text.WriteString(n.Data)
			text.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	h.title = first(named(meta, titleNames), h.title)
	h.date = first(isoDate(named(meta, dateNames)), isoDate(text.String()))
	h.source = first(named(meta, sourceNames), source(text.String()))
	return h
}

// maxByline is how far into the text of a page date and source are searched, in bytes.
const maxByline = 64 << 10

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func named(meta map[string]string, names []string) string {
	for _, n := range names {
		if meta[n] != "" {
			return meta[n]
		}
	}
	return ""
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf returns the text in an element.
func textOf(n *html.Node) string {
	var out strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode && out.Len() < maxTitle {
			out.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return out.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// siteLess cuts the name of the site off the title of a window: 标题_某市人民政府.
func siteLess(s string) string {
	for _, mark := range []string{"_", "|", " - ", "--", "——"} {
		if title, _, ok := strings.Cut(s, mark); ok && len(strings.TrimSpace(title)) > 0 {
			return strings.TrimSpace(title)
		}
	}
	return s
}

var (
	anyDate   = regexp.MustCompile(`(20\d\d|19\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})`)
	anySource = regexp.MustCompile(`(?:文章|信息|稿件|内容)?来源[：:]\s*([^\s|｜<>]{2,30})`)
)

// isoDate returns the first date in a text as 2025-01-06.
func isoDate(s string) string {
	for _, m := range anyDate.FindAllStringSubmatch(s, 8) {
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		if month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			return m[1] + "-" + twoDigits(month) + "-" + twoDigits(day)
		}
	}
	return ""
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func source(s string) string {
	if m := anySource.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}
