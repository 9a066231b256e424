package doctext

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlWriter writes the text of an element: a line for each paragraph, a tab between the cells of
// a row.
type htmlWriter struct {
	lines  []htmlLine
	line   strings.Builder
	last   rune // of the line, 0 at its begin
	blank  bool // a blank is due before the next character
	broken bool // the source broke its line here
	links  int  // characters of links in the line
	link   int  // links we are in
}

type htmlLine struct {
	text  string
	links int
}

// block writes an element and what is in it.
func (w *htmlWriter) block(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text(n.Data)
		return
	case n.DataAtom == atom.Br:
		w.flush()
		return
	case n.DataAtom == atom.Tr:
		w.row(n)
		return
	case n.DataAtom == atom.A:
		w.link++
		defer func() { w.link-- }()
	}
	isBlock := n.Type == html.ElementNode && !inline[n.DataAtom]
	if isBlock {
		w.flush()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.block(c)
	}
	if isBlock {
		w.flush()
	}
}

// row writes a row of a table in one line. A table for layout, whose cells hold paragraphs, is
// written as if it were none.
func (w *htmlWriter) row(n *html.Node) {
	w.flush()
	var columns []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			columns = append(columns, c)
		}
	}
	if slices.ContainsFunc(columns, isLayout) {
		for _, c := range columns {
			w.block(c)
		}
		return
	}
	var cells []string
	for _, c := range columns {
		inner := &htmlWriter{}
		inner.block(c)
		inner.flush()
		var parts []string
		for _, l := range inner.lines {
			parts = append(parts, l.text)
			w.links += l.links
		}
		cells = append(cells, strings.Join(parts, " "))
	}
	w.line.WriteString(strings.Join(cells, "\t"))
	w.flush()
}

// layoutChars is the length from which a cell is a column of the page and no value.
const layoutChars = 300

func isLayout(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Table {
			return true
		}
	}
	return textLength(n) > layoutChars
}

// text writes text. A run of blanks is one, and none at the begin of a line or where the source of
// the page broke its line between two Chinese characters.
func (w *htmlWriter) text(s string) {
	if w.link > 0 {
		w.links += visible(s)
	}
	for _, r := range s {
		switch r {
		case '\u200B', '\uFEFF':
			continue
		case '\n', '\r':
			w.broken = true
			continue
		case ' ', '\t', '\u00A0', '\u3000':
			w.blank = w.blank || !w.broken
			continue
		}
		between := w.last >= firstWide && r >= firstWide
		if w.last != 0 && (w.blank || w.broken && !between) {
			w.line.WriteByte(' ')
		}
		w.blank, w.broken = false, false
		w.line.WriteRune(r)
		w.last = r
	}
}

// firstWide is where the characters begin between which Chinese has no blanks.
const firstWide = '\u2E80'

func (w *htmlWriter) flush() {
	if text := strings.TrimSpace(w.line.String()); text != "" {
		w.lines = append(w.lines, htmlLine{text, w.links})
	}
	w.line.Reset()
	w.links, w.last, w.blank, w.broken = 0, 0, false, false
}

// mostlyLinks is the part of a line in links from which the line is a headline to another page.
const mostlyLinks = 0.7

// finish drops lines that are not of the article and returns the others.
func (w *htmlWriter) finish() string {
	var out strings.Builder
	for i, l := range w.lines {
		if i > 0 && endsArticle.MatchString(l.text) && visible(l.text) <= shortLine {
			break
		}
		linked := float64(l.links) >= mostlyLinks*float64(visible(l.text)) && l.links > 0
		if linked && !strings.HasSuffix(l.text, "。") || isExtra(l.text) {
			continue
		}
		out.WriteString(l.text)
		out.WriteByte('\n')
	}
	return out.String()
}

// shortLine is the longest line, in characters, that can be a credit or a heading of other news.
const shortLine = 40

// endsArticle matches headings behind which an article does not go on.
var endsArticle = regexp.MustCompile(`^[【\[（(]?\s*(相关(阅读|新闻|文章|链接|报道|推荐|稿件)|` +
	`推荐阅读|延伸阅读|热门(推荐|新闻|文章)|猜你喜欢|精彩推荐|为您推荐|更多(新闻|精彩)|热点新闻|` +
	`网友评论|发表评论|版权(声明|所有)|免责声明|友情链接|扫一扫|分享到|上一篇|下一篇)`)

var (
	extraLine = regexp.MustCompile(`^[【\[（(]?\s*((责任|本期|值班|网络)?编辑|责编|校对|审核|编审|终审|` +
		`监制|(信息|文章|稿件|图片|内容|视频)?来源|(发布|更新)(时间|日期)|作者|记者|字[体号]|` +
		`浏览(次数|量)|阅读(次数|量)?|点击(数|量|次数)?|打印|关闭(窗口)?|收藏|分享|当前位置|您的位置|` +
		`主办(单位)?|承办(单位)?|网站标识码|ICP备|京公网安备)\s*[：:】\]]`)
	photoCredit = regexp.MustCompile(`(摄影报道|[\p{Han}\s]{2,12}\s*摄|供图|图片来源.*|/图)\s*[）)】]?$`)
	buttons     = regexp.MustCompile(
		`^(\[?(大|中|小|打印|关闭|关闭窗口|打印本页|收藏|分享|返回顶部|首页|更多)\]?[\s|｜/]*)+$`)
	byline = regexp.MustCompile(`^(20\d\d|19\d\d)[-年/.]\d{1,2}[-月/.]\d{1,2}日?` +
		`(\s*\d{1,2}[:：]\d{2}([:：]\d{2})?)?(\s.{0,60})?$`)
)

// isExtra reports whether a short line is a credit, a byline, a caption or a row of buttons.
func isExtra(line string) bool {
	if visible(line) > shortLine || strings.HasSuffix(line, "。") && !photoCredit.MatchString(line) {
		return false
	}
	return extraLine.MatchString(line) || photoCredit.MatchString(line) ||
		buttons.MatchString(line) || byline.MatchString(line) && !strings.Contains(line, "，")
}
