package pdftext

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// glyph is a character where it was drawn.
type glyph struct {
	x, y, width, size float64
	r                 rune
	artifact          bool
}

// Distances in parts of the size of the characters.
const (
	sameLine  = 0.45 // up and down, with room for raised and lowered characters
	backwards = 0.8  // to the left: kerning, accents, boldness by drawing twice
	wordGap   = 0.22 // between Latin words and numbers
	cellGap   = 0.9  // between cells of a table
)

// lineMaker joins characters into lines as they are drawn.
type lineMaker struct {
	lines   []Line
	text    strings.Builder
	current Line
	last    rune
}

func (m *lineMaker) add(g glyph) {
	size := max(g.size, 1)
	gap := (g.x - m.current.End) / size
	joins := m.current.open && math.Abs(g.y-m.current.Y) <= sameLine*max(size, m.current.Size) &&
		gap >= -backwards && g.artifact == m.current.artifact
	if g.r == ' ' || g.r == '\u3000' {
		if joins && m.last != ' ' {
			m.put(g.r)
			m.current.End = g.x + g.width
		}
		return
	}
	if !joins {
		m.flush()
		m.current = Line{X: g.x, Y: g.y, Size: size, artifact: g.artifact, open: true}
		gap = 0
	}
	switch {
	case gap > cellGap:
		m.put('\t')
	case gap > wordGap && latinWord(m.last) && latinWord(g.r):
		m.put(' ')
	}
	m.put(g.r)
	m.current.End = g.x + g.width
	m.current.Size = max(m.current.Size, size)
}

func (m *lineMaker) put(r rune) {
	m.text.WriteRune(r)
	m.last = r
}

func latinWord(r rune) bool {
	return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (m *lineMaker) flush() {
	if m.current.open {
		m.current.Text = tidy(m.text.String())
		if m.current.Text != "" {
			m.lines = append(m.lines, m.current)
		}
	}
	m.text.Reset()
	m.current, m.last = Line{}, 0
}

// finish returns the lines of a page. What the file itself calls an artifact, page numbers and
// running heads, is left out, unless everything is called so.
func (m *lineMaker) finish() []Line {
	m.flush()
	own := slices.DeleteFunc(slices.Clone(m.lines), func(l Line) bool { return l.artifact })
	if len(own) > 0 {
		return own
	}
	return m.lines
}

var (
	blankAtHan = regexp.MustCompile(`(\p{Han}|[，。；：、？！（）“”《》]) +(\p{Han}|[，。；：、？！（）“”《》])`)
	manyBlanks = regexp.MustCompile(`  +`)
)

// tidy removes the blanks that typesetting leaves between Chinese characters.
func tidy(s string) string {
	s = manyBlanks.ReplaceAllString(strings.Trim(s, " \u3000"), " ")
	for range 2 { // matches do not overlap: 年 度 报 告 takes two rounds
		s = blankAtHan.ReplaceAllString(s, "$1$2")
	}
	return s
}

// Text returns the paragraphs of the document, one a line. Lines that the width of the page broke
// are joined; page numbers and lines that repeat from page to page are left out.
func (d *Document) Text() string {
	repeated := d.repeated()
	var out strings.Builder
	p := paragraphs{out: &out}
	for _, page := range d.Pages {
		lines := slices.DeleteFunc(slices.Clone(page.Lines), func(l Line) bool {
			return pageNumber.MatchString(l.Text) || repeated[sameEverywhere(l)]
		})
		p.page(lines)
	}
	p.end()
	return out.String()
}

var (
	pageNumber = regexp.MustCompile(
		`^[\s\-—–―－·•]*(\d{1,4}|第\s*\d{1,4}\s*页)([\s/，,]*共\s*\d{1,4}\s*页)?[\s\-—–―－·•]*$`)
	digits = regexp.MustCompile(`\d+`)
)

// place is what makes two lines of different pages the same running head or foot.
type place struct {
	text string
	y    int
}

func sameEverywhere(l Line) place {
	return place{digits.ReplaceAllString(l.Text, "0"), int(math.Round(l.Y / 4))}
}

// minRepeated is on how many pages a line stands at the same place before it is a running head,
// and at least on half of the pages.
const minRepeated = 3

func (d *Document) repeated() map[place]bool {
	count := map[place]int{}
	for _, p := range d.Pages {
		seen := map[place]bool{}
		for i, l := range p.Lines {
			at := sameEverywhere(l)
			if (i < 1 || i >= len(p.Lines)-2) && !seen[at] {
				seen[at] = true
				count[at]++
			}
		}
	}
	out := map[place]bool{}
	for at, n := range count {
		if n >= minRepeated && n*2 >= len(d.Pages) {
			out[at] = true
		}
	}
	return out
}

// paragraphs joins lines.
type paragraphs struct {
	out         *strings.Builder
	last        Line
	begun       bool
	left, right float64 // of the text of this page
	wasFull     bool    // the last line reached the right edge
}

func (p *paragraphs) page(lines []Line) {
	p.left, p.right = edges(lines)
	for i, l := range lines {
		if p.begun && p.continues(l, i == 0) {
			p.join(l.Text)
		} else {
			p.end()
			p.out.WriteString(l.Text)
			p.begun = true
		}
		p.last = l
		p.wasFull = l.End > p.right-2.2*l.Size && !strings.Contains(l.Text, "\t")
	}
}

func (p *paragraphs) end() {
	if p.begun {
		p.out.WriteString("\n")
	}
	p.begun = false
}

// edges returns where most lines of a page begin and the furthest point where lines end.
func edges(lines []Line) (left, right float64) {
	if len(lines) == 0 {
		return 0, 0
	}
	ends := make([]float64, 0, len(lines))
	left = math.Inf(1)
	for _, l := range lines {
		left = min(left, l.X)
		ends = append(ends, l.End)
	}
	slices.Sort(ends)
	return left, ends[len(ends)-1]
}

// continues reports whether a line goes on with the paragraph of the last one.
func (p *paragraphs) continues(l Line, newPage bool) bool {
	indented := l.X > p.left+1.2*l.Size
	sameSize := math.Abs(l.Size-p.last.Size) < 0.15*p.last.Size
	down := p.last.Y - l.Y
	near := newPage || down > 0 && down < 2.6*l.Size
	return p.wasFull && !indented && sameSize && near && !strings.Contains(l.Text, "\t")
}

// join appends a line to a paragraph: with a blank between Latin words, without in Chinese.
func (p *paragraphs) join(text string) {
	before := []rune(p.last.Text)
	after := []rune(text)
	if latinWord(before[len(before)-1]) && latinWord(after[0]) &&
		(unicode.IsLetter(before[len(before)-1]) || unicode.IsLetter(after[0])) {
		p.out.WriteByte(' ')
	}
	p.out.WriteString(text)
}
