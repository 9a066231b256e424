package doctext

import (
	"context"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads the article of a web page: the element in which most sentences stand. Navigation,
// advertising, recommended headlines, photo credits and footers are left out.
func readHTML(ctx context.Context, text string) (Document, error) {
	if len(text) > MaxHTMLBytes {
		return Document{}, because(TooLarge, MaxHTMLBytes>>20)
	}
	root, err := html.Parse(&ctxReader{ctx, strings.NewReader(text)})
	if ctx.Err() != nil {
		return Document{}, ctx.Err()
	}
	if err != nil {
		return Document{}, because(TooComplex) // elements too deep inside one another
	}
	doc := Document{Format: HTML}
	head := readHead(root)
	page := &webPage{scores: map[*html.Node]*score{}}
	page.prune(root)
	doc.Title, doc.Date, doc.Source = head.title, head.date, head.source
	article := page.article(root)
	if article == nil {
		article = root
		doc.Notes = append(doc.Notes, Note{Code: WholePage})
	}
	r := &htmlWriter{}
	r.block(article)
	r.flush()
	doc.Text = r.finish()
	if doc.Title == "" {
		doc.Title = head.fallback
	}
	return doc, nil
}

// ctxReader ends the parsing of a page with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (r *ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// webPage finds the article of a page.
type webPage struct {
	scores map[*html.Node]*score
}

// score says how much an element reads like an article.
type score struct {
	points float64 // sentences in it, those further down counting less
	text   int     // characters
	links  int     // characters in links
}

// density is the part of the text that is links.
func (s *score) density() float64 {
	if s.text == 0 {
		return 0
	}
	return float64(s.links) / float64(s.text)
}

// noContent are elements that never hold an article.
var noContent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true,
	atom.Footer: true, atom.Aside: true, atom.Form: true, atom.Iframe: true, atom.Object: true,
	atom.Embed: true, atom.Svg: true, atom.Button: true, atom.Select: true, atom.Textarea: true,
	atom.Input: true, atom.Figcaption: true, atom.Canvas: true, atom.Video: true, atom.Audio: true,
	atom.Head: true, atom.Map: true, atom.Dialog: true,
}

// unwanted matches classes and ids of what stands around an article. A name is split into words
// at signs and capitals before it is matched.
var unwanted = regexp.MustCompile(`(^| )(nav|navi|navbar|navigation|menu|submenu|footer|foot|` +
	`sidebar|aside|ad|ads|adv|advert|advertise|advertisement|adbox|banner|popup|share|sharebox|` +
	`bdsharebuttonbox|social|weixin|qrcode|ewm|comment|comments|pinglun|related|relate|relatednews|` +
	`xiangguan|recommend|recommended|tuijian|hot|hotnews|rank|ranking|paihang|breadcrumb|crumbs?|` +
	`dangqian|copyright|banquan|toolbar|tools?|pager|pagination|prevnext|login|search|topbar|` +
	`tags?|zeren|bianji|disclaimer|subscribe|friendlink|links?)( |$)`)

// hiddenStyle matches a style that makes an element invisible.
var hiddenStyle = regexp.MustCompile(`display\s*:\s*none|visibility\s*:\s*hidden`)

var capital = regexp.MustCompile(`([a-z0-9])([A-Z])`)
var betweenWords = regexp.MustCompile(`[^a-z]+`)

func isUnwanted(n *html.Node) bool {
	if noContent[n.DataAtom] {
		return true
	}
	if n.DataAtom == atom.Body || n.DataAtom == atom.Html || n.DataAtom == atom.Article {
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id":
			names := betweenWords.ReplaceAllString(
				strings.ToLower(capital.ReplaceAllString(a.Val, "$1 $2")), " ")
			if unwanted.MatchString(names) {
				return true
			}
		case "style":
			if hiddenStyle.MatchString(strings.ToLower(a.Val)) {
				return true
			}
		case "hidden":
			return true
		case "role":
			if a.Val == "navigation" || a.Val == "banner" || a.Val == "contentinfo" ||
				a.Val == "complementary" {
				return true
			}
		}
	}
	return false
}

// prune removes what is never part of an article, unless most sentences of the page are in it:
// some pages wear such a class on their outermost element, or on the article itself.
func (p *webPage) prune(n *html.Node) {
	lengths := map[*html.Node]int{}
	whole := measureText(n, sentenceLength, lengths)
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			switch {
			case c.Type == html.CommentNode:
				n.RemoveChild(c)
			case c.Type == html.ElementNode && isUnwanted(c) &&
				(noContent[c.DataAtom] || lengths[c]*2 <= whole):
				n.RemoveChild(c)
			default:
				walk(c)
			}
			c = next
		}
	}
	walk(n)
}

// textLength counts the characters in an element without blanks, scripts aside.
func textLength(n *html.Node) int { return measureText(n, visible, nil) }

// sentenceLength counts the characters of a text that has the marks of a sentence.
func sentenceLength(s string) int {
	if strings.Contains(s, "，") || strings.Contains(s, "。") {
		return visible(s)
	}
	return 0
}

// measureText adds up what count says of the texts in an element, and keeps the sum of every
// element below in lengths, if there is such a map.
func measureText(n *html.Node, count func(string) int, lengths map[*html.Node]int) int {
	if n.Type == html.TextNode {
		return count(n.Data)
	}
	if n.Type == html.ElementNode && noContent[n.DataAtom] {
		return 0
	}
	total := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		total += measureText(c, count, lengths)
	}
	if lengths != nil {
		lengths[n] = total
	}
	return total
}

func visible(s string) int {
	n := 0
	for _, word := range strings.Fields(s) {
		n += utf8.RuneCountInString(word)
	}
	return n
}

// article returns the element that reads most like an article, nil when none does.
func (p *webPage) article(root *html.Node) *html.Node {
	p.measure(root, false)
	var best *html.Node
	bestPoints := 0.0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if s := p.scores[n]; s != nil {
			if points := s.points * (1 - s.density()); points > bestPoints {
				best, bestPoints = n, points
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	if best == nil {
		return nil
	}
	return p.widen(best)
}

// Points of an element go up: whole to its parent, less and less further up.
const fading = 0.6

// measure counts the text of every element and gives points to the elements around sentences.
func (p *webPage) measure(n *html.Node, inLink bool) *score {
	s := &score{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			length := visible(c.Data)
			s.text += length
			if inLink {
				s.links += length
			} else {
				s.points += sentencePoints(c.Data)
			}
		case html.ElementNode, html.DocumentNode:
			below := p.measure(c, inLink || c.DataAtom == atom.A)
			s.text += below.text
			s.links += below.links
			if inline[c.DataAtom] || c.DataAtom == atom.P {
				s.points += below.points
			} else {
				s.points += below.points * fading
			}
		}
	}
	if n.Type == html.ElementNode && !inline[n.DataAtom] && n.DataAtom != atom.P {
		p.scores[n] = s
	}
	return s
}

// sentencePoints is the length of a text in characters when it has the marks of sentences.
func sentencePoints(s string) float64 {
	marks := strings.Count(s, "，") + strings.Count(s, "。") + strings.Count(s, "；") +
		strings.Count(s, "、") + strings.Count(s, ", ") + strings.Count(s, ". ")
	if marks == 0 {
		return float64(min(visible(s), 10)) / 4 // a heading, a line of a table
	}
	return float64(visible(s))
}

// widen goes up while the element around has clearly more sentences: pages that divide their
// article into several elements.
func (p *webPage) widen(n *html.Node) *html.Node {
	for up := n.Parent; up != nil; up = up.Parent {
		s, own := p.scores[up], p.scores[n]
		if s == nil || s.density() > 0.3 || up.DataAtom == atom.Body {
			return n
		}
		if float64(s.text-s.links) < 1.15*float64(own.text-own.links) {
			continue // nothing more in it: look further up, but stay here
		}
		if s.points*(1-s.density()) < 0.85*own.points {
			return n
		}
		n = up
	}
	return n
}

var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Big: true, atom.Cite: true, atom.Code: true,
	atom.Del: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Ins: true, atom.Label: true,
	atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true,
	atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Img: true,
}
