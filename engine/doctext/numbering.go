package doctext

import (
	"encoding/xml"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// Limits of numbering: Word has nine levels; a style is based on others to a small depth.
const (
	maxLevels    = 9
	maxBasedOn   = 10
	maxNumbering = 10_000 // definitions
)

// numbered says in which list a paragraph stands, and how deep.
type numbered struct {
	id    string // of the list; "" or "0" for none
	level int
}

// listLevel is how one level of a list is written: its format, its text such as "（%1）", and the
// first number.
type listLevel struct {
	format, text string
	start        int
}

// numbering works out the numbers before paragraphs, which a Word file does not contain.
type numbering struct {
	abstract map[string]*[maxLevels]listLevel
	lists    map[string]string // id of a list → its definition
	styles   map[string]style
	counts   map[string]*[maxLevels]int // by definition: lists of one definition count on
}

type style struct {
	based string
	num   numbered
}

func level(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= maxLevels {
		return 0
	}
	return n
}

// numbering reads the definitions of a file. Without them, or when they are damaged, paragraphs
// have no numbers.
func (a *archive) numbering() *numbering {
	n := &numbering{abstract: map[string]*[maxLevels]listLevel{}, lists: map[string]string{},
		styles: map[string]style{}, counts: map[string]*[maxLevels]int{}}
	d := &definitions{numbering: n}
	if a.eachToken("word/numbering.xml", d.token) != nil ||
		a.eachToken("word/styles.xml", n.styleToken()) != nil {
		return &numbering{}
	}
	return n
}

// definitions reads numbering.xml.
type definitions struct {
	*numbering
	abstractID, list string
	level            int
}

func (d *definitions) token(t xml.Token) error {
	e, ok := t.(xml.StartElement)
	if !ok || !isWord(e.Name) || len(d.abstract)+len(d.lists) > maxNumbering {
		return nil
	}
	value := attr(e, "val")
	switch e.Name.Local {
	case "abstractNum":
		d.abstractID = attr(e, "abstractNumId")
		d.abstract[d.abstractID] = &[maxLevels]listLevel{}
	case "num":
		d.list, d.abstractID = attr(e, "numId"), ""
	case "abstractNumId":
		if d.list != "" {
			d.lists[d.list] = value
		}
	case "lvl":
		d.level = level(attr(e, "ilvl"))
	}
	levels := d.abstract[d.abstractID]
	if levels == nil {
		return nil // overrides of single lists are rare and only restart the numbers
	}
	switch l := &levels[d.level]; e.Name.Local {
	case "start":
		l.start, _ = strconv.Atoi(value)
	case "numFmt":
		l.format = value
	case "lvlText":
		l.text = value
	}
	return nil
}

// styleToken reads styles.xml: headings are often numbered by their style.
func (n *numbering) styleToken() func(xml.Token) error {
	id := ""
	return func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || !isWord(e.Name) || len(n.styles) > maxNumbering {
			return nil
		}
		if e.Name.Local == "style" {
			id = attr(e, "styleId")
		}
		s := n.styles[id]
		switch e.Name.Local {
		case "basedOn":
			s.based = attr(e, "val")
		case "numId":
			s.num.id = attr(e, "val")
		case "ilvl":
			s.num.level = level(attr(e, "val"))
		}
		n.styles[id] = s
		return nil
	}
}

// label returns the number of a paragraph as Word shows it, "" when it has none, and counts it.
func (n *numbering) label(p *paragraph) string {
	num := p.num
	for id, i := p.style, 0; !p.own && num.id == "" && i < maxBasedOn; i++ {
		s, ok := n.styles[id]
		if !ok {
			break
		}
		num, id = s.num, s.based
	}
	definition := n.lists[num.id]
	levels := n.abstract[definition]
	if num.id == "" || num.id == "0" || levels == nil {
		return ""
	}
	counts := n.counts[definition]
	if counts == nil {
		counts = &[maxLevels]int{}
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		n.counts[definition] = counts
	}
	counts[num.level]++
	for i := num.level + 1; i < maxLevels; i++ {
		counts[i] = levels[i].start - 1
	}
	return written(levels, counts, num.level)
}

// written puts the numbers into the text of a level.
func written(levels *[maxLevels]listLevel, counts *[maxLevels]int, at int) string {
	if levels[at].format == "bullet" || levels[at].format == "none" {
		return ""
	}
	out := levels[at].text
	for i := 0; i <= at; i++ {
		mark := "%" + strconv.Itoa(i+1)
		if strings.Contains(out, mark) {
			n := max(counts[i], levels[i].start) // a level above that has no paragraph yet
			out = strings.ReplaceAll(out, mark, counted(levels[i].format, n))
		}
	}
	if len(out) > maxTitle {
		return ""
	}
	return out
}

// counted writes a number in a format of Word.
func counted(format string, n int) string {
	switch format {
	case "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
		"ideographTraditional", "taiwaneseCountingThousand":
		return chineseNumber(n)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	case "decimalFullWidth":
		return width.Widen.String(strconv.Itoa(n))
	case "lowerLetter":
		return letters('a', n)
	case "upperLetter":
		return letters('A', n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	}
	return strconv.Itoa(n)
}

// chineseNumber writes 1 to 9999 as 一, 十, 二十三, 一百零五.
func chineseNumber(n int) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits := []rune("零一二三四五六七八九")
	units := []string{"千", "百", "十", ""}
	var out strings.Builder
	gap := false
	for i, place := range []int{1000, 100, 10, 1} {
		d := n / place % 10
		if d == 0 {
			gap = gap || out.Len() > 0
			continue
		}
		if gap {
			out.WriteRune('零')
			gap = false
		}
		if d != 1 || place != 10 || out.Len() > 0 {
			out.WriteRune(digits[d])
		}
		out.WriteString(units[i])
	}
	return out.String()
}

func letters(first rune, n int) string {
	if n < 1 || n > 26*maxLevels {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var out strings.Builder
	for _, r := range []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
		{40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value {
			out.WriteString(r.text)
			n -= r.value
		}
	}
	return out.String()
}
