package doctext

import (
	"encoding/xml"
	"errors"
	"strings"
)

// The namespaces of WordprocessingML, transitional and strict.
const (
	wordSpace       = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	wordStrictSpace = "http://purl.oclc.org/ooxml/wordprocessingml/main"
	compatSpace     = "http://schemas.openxmlformats.org/markup-compatibility/2006"
)

// docx reads the text of a Word file. Notes, comments, running heads, deleted and hidden text are
// left out; the numbers of numbered paragraphs are worked out and written before them.
func (a *archive) docx(main string) (Document, error) {
	w := &wordReader{numbers: a.numbering()}
	err := a.eachToken(main, w.token)
	switch {
	case a.ctx.Err() != nil:
		return Document{}, a.ctx.Err()
	case errors.Is(err, errTooMuch):
		return Document{}, because(TooComplex)
	case errors.Is(err, errTooMuchText):
		return Document{}, because(TooMuchText, MaxTextBytes>>20)
	case err != nil, !w.sawBody:
		return Document{}, because(Damaged)
	}
	return Document{Text: w.out.String(), Format: DOCX, Title: a.coreTitle()}, nil
}

// coreTitle returns the title of the file's properties.
func (a *archive) coreTitle() string {
	var title strings.Builder
	inside := false
	err := a.eachToken("docProps/core.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "title"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside && title.Len() < maxTitle {
				title.Write(t)
			}
		}
		return nil
	})
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(title.String()), " ")
}

// maxTitle bounds a title in bytes.
const maxTitle = 1000

var errTooMuchText = errors.New("doctext: too much text")

// paragraph is one that is being read. Text boxes stand inside a paragraph and have their own.
type paragraph struct {
	text  strings.Builder
	style string
	num   numbered
	own   bool // num was stated in the paragraph itself
}

// cell is a cell of a table being read; tables may stand in cells.
type cell struct {
	paragraphs []string
}

// wordReader collects the text of the main part.
type wordReader struct {
	out     strings.Builder
	numbers *numbering
	open    []*paragraph
	rows    [][]string // of the tables we are in, the cells so far
	cells   []*cell
	skip    int  // elements inside one whose text does not count
	hidden  bool // the run is hidden
	inText  bool
	inRun   int
	sawBody bool
}

func isWord(n xml.Name) bool { return n.Space == wordSpace || n.Space == wordStrictSpace }

func (w *wordReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		w.start(t)
	case xml.EndElement:
		w.end(t.Name)
	case xml.CharData:
		if w.inText && w.skip == 0 && !w.hidden && len(w.open) > 0 {
			w.open[len(w.open)-1].text.Write(t)
		}
	}
	if w.size() > MaxTextBytes {
		return errTooMuchText
	}
	return nil
}

// size is how much text is held, open paragraphs included.
func (w *wordReader) size() int {
	n := w.out.Len()
	if len(w.open) > 0 {
		n += w.open[len(w.open)-1].text.Len()
	}
	return n
}

// leaves reports whether the text in an element does not count: deleted and moved-away text, the
// second form of what stands twice, deleted rows' marks.
func leaves(n xml.Name) bool {
	if n.Space == compatSpace {
		return n.Local == "Fallback"
	}
	return isWord(n) && (n.Local == "del" || n.Local == "moveFrom")
}

func (w *wordReader) start(e xml.StartElement) {
	if w.skip > 0 || leaves(e.Name) {
		w.skip++
		return
	}
	if !isWord(e.Name) {
		return
	}
	switch e.Name.Local {
	case "body":
		w.sawBody = true
	case "p":
		w.open = append(w.open, &paragraph{})
	case "tbl":
		w.rows = append(w.rows, nil)
	case "tc":
		w.cells = append(w.cells, &cell{})
	case "r":
		w.inRun++
		w.hidden = false
	case "vanish":
		w.hidden = w.inRun > 0 && attr(e, "val") != "0" && attr(e, "val") != "false"
	case "t":
		w.inText = true
	default:
		w.inParagraph(e)
	}
}

// inParagraph reads what stands in a paragraph beside its text.
func (w *wordReader) inParagraph(e xml.StartElement) {
	if len(w.open) == 0 || w.hidden {
		return
	}
	p := w.open[len(w.open)-1]
	switch e.Name.Local {
	case "tab":
		if w.inRun > 0 { // else it is a tab stop
			p.text.WriteByte('\t')
		}
	case "br", "cr":
		if kind := attr(e, "type"); kind == "" || kind == "textWrapping" {
			p.text.WriteByte('\n')
		}
	case "noBreakHyphen":
		p.text.WriteByte('-')
	case "pStyle":
		p.style = attr(e, "val")
	case "numId":
		p.num.id, p.own = attr(e, "val"), true
	case "ilvl":
		p.num.level = level(attr(e, "val"))
	}
}

func (w *wordReader) end(n xml.Name) {
	if w.skip > 0 {
		w.skip--
		return
	}
	if !isWord(n) {
		return
	}
	switch n.Local {
	case "t":
		w.inText = false
	case "r":
		w.inRun = max(0, w.inRun-1)
		w.hidden = false
	case "p":
		w.endParagraph()
	case "tc":
		w.endCell()
	case "tr":
		w.endRow()
	case "tbl":
		if k := len(w.rows); k > 0 {
			w.rows = w.rows[:k-1]
		}
	}
}

func (w *wordReader) endParagraph() {
	k := len(w.open)
	if k == 0 {
		return
	}
	p := w.open[k-1]
	w.open = w.open[:k-1]
	text := strings.TrimRight(p.text.String(), " \t\n")
	if strings.TrimSpace(text) != "" {
		text = w.numbers.label(p) + text
	}
	if c := len(w.cells); c > 0 {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			w.cells[c-1].paragraphs = append(w.cells[c-1].paragraphs, text)
		}
		return
	}
	w.out.WriteString(text + "\n")
}

// endCell closes a cell. In a cell of an inner table the text goes to the cell around it.
func (w *wordReader) endCell() {
	c, r := len(w.cells), len(w.rows)
	if c == 0 || r == 0 {
		return
	}
	text := strings.Join(w.cells[c-1].paragraphs, " ")
	w.cells = w.cells[:c-1]
	w.rows[r-1] = append(w.rows[r-1], text)
}

func (w *wordReader) endRow() {
	r := len(w.rows)
	if r == 0 {
		return
	}
	cells := w.rows[r-1]
	w.rows[r-1] = nil
	if c := len(w.cells); c > 0 {
		w.cells[c-1].paragraphs = append(w.cells[c-1].paragraphs, strings.Join(cells, " "))
		return
	}
	w.out.WriteString(strings.Join(cells, "\t") + "\n")
}
