package doctext

import (
	"cmp"
	"encoding/xml"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/pdftext"
)

// The parts of an OFD file, the layout format of GB/T 33190-2016.
const (
	ofdRoot    = "OFD.xml"
	pageHeight = 297.0       // mm, where the file states none
	point      = 72.0 / 25.4 // of a millimetre
)

// ofd reads the text of an OFD file: the text of its pages with the places of its pieces, of which
// lines and paragraphs are made as of a PDF's.
func (a *archive) ofd() (Document, error) {
	root, title, err := a.ofdBody()
	if err == nil && root == "" {
		err = errors.New("doctext: no document in the file")
	}
	var pages []string
	height := pageHeight
	if err == nil {
		pages, height, err = a.ofdPages(root)
	}
	out := pdftext.Document{Title: title}
	size := 0
	for _, part := range pages {
		if err != nil {
			break
		}
		var p ofdPage
		if err = a.eachToken(part, p.token); err == nil {
			out.Pages = append(out.Pages, pdftext.Page{Lines: p.lines(height)})
		}
		if size += p.size; size > MaxTextBytes {
			return Document{}, because(TooMuchText, MaxTextBytes>>20)
		}
	}
	switch {
	case a.ctx.Err() != nil:
		return Document{}, a.ctx.Err()
	case errors.Is(err, errTooMuch):
		return Document{}, because(TooComplex)
	case err != nil:
		return Document{}, because(Damaged)
	case size == 0 && len(pages) > 0:
		return Document{}, because(Scanned, len(pages))
	}
	return Document{Text: out.Text(), Format: OFD, Title: title, Pages: len(pages)}, nil
}

// ofdBody returns the main part of the first document of the file, and its title.
func (a *archive) ofdBody() (root, title string, err error) {
	var at string
	err = a.eachToken(ofdRoot, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			at = t.Name.Local
		case xml.EndElement:
			at = ""
		case xml.CharData:
			text := strings.TrimSpace(string(t))
			if at == "DocRoot" && root == "" {
				root = path.Clean(strings.TrimPrefix(text, "/"))
			}
			if at == "Title" && len(title)+len(text) < maxTitle {
				title += text
			}
		}
		return nil
	})
	return root, title, err
}

// ofdPages returns the parts of the pages in order and the height of a page in millimetres.
func (a *archive) ofdPages(root string) (pages []string, height float64, err error) {
	height = pageHeight
	at := ""
	err = a.eachToken(root, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			at = t.Name.Local
			if at == "Page" && attr(t, "BaseLoc") != "" {
				loc := attr(t, "BaseLoc")
				if !strings.HasPrefix(loc, "/") {
					loc = path.Join(path.Dir(root), loc)
				}
				pages = append(pages, path.Clean(strings.TrimPrefix(loc, "/")))
			}
		case xml.EndElement:
			at = ""
		case xml.CharData:
			if box := floats(string(t)); at == "PhysicalBox" && len(box) == 4 && box[3] > 0 {
				height = box[3]
			}
		}
		return nil
	})
	if len(pages) > maxZipParts {
		err = errTooMuch
	}
	return pages, height, err
}

// piece is some text of a page: where it begins and ends from the left and how far from the top, in
// millimetres, and the size of its characters.
type piece struct {
	text            string
	x, end, y, size float64
}

// ofdPage collects the pieces of a page.
type ofdPage struct {
	pieces []piece
	size   int // bytes of text

	box  []float64 // of the object being read
	ctm  []float64
	font float64
	code piece
	text bool
}

func (p *ofdPage) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "TextObject":
			p.box, p.ctm = floats(attr(t, "Boundary")), floats(attr(t, "CTM"))
			p.font = 4
			if f := floats(attr(t, "Size")); len(f) == 1 && f[0] > 0 {
				p.font = f[0]
			}
		case "TextCode":
			p.begin(t)
		}
	case xml.EndElement:
		if t.Name.Local == "TextCode" && p.text {
			p.text = false
			if strings.TrimSpace(p.code.text) != "" {
				p.pieces = append(p.pieces, p.code)
			}
		}
	case xml.CharData:
		if p.text {
			p.size += len(t)
			p.code.text += string(t)
			p.code.end = max(p.code.end, p.code.x+p.code.size*float64(utf8.RuneCountInString(p.code.text)))
		}
	}
	if p.size > MaxTextBytes {
		return errTooMuch
	}
	return nil
}

// begin takes in where a run of characters stands.
func (p *ofdPage) begin(t xml.StartElement) {
	var x, y float64
	if f := floats(attr(t, "X")); len(f) == 1 {
		x = f[0]
	}
	if f := floats(attr(t, "Y")); len(f) == 1 {
		y = f[0]
	}
	size := p.font
	if m := p.ctm; len(m) == 6 {
		x, y = m[0]*x+m[2]*y+m[4], m[1]*x+m[3]*y+m[5]
		if m[3] > 0 {
			size *= m[3]
		}
	}
	if len(p.box) == 4 {
		x, y = x+p.box[0], y+p.box[1]
	}
	p.code, p.text = piece{x: x, end: x, y: y, size: size}, true
}

// lines joins the pieces that stand on one height, from the top down and from the left.
func (p *ofdPage) lines(height float64) []pdftext.Line {
	list := p.pieces
	slices.SortStableFunc(list, func(a, b piece) int { return cmp.Compare(a.y, b.y) })
	var out []pdftext.Line
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].y-list[0].y < list[0].size/2 {
			n++
		}
		row := list[:n]
		list = list[n:]
		slices.SortStableFunc(row, func(a, b piece) int { return cmp.Compare(a.x, b.x) })
		line := pdftext.Line{X: row[0].x * point, Y: (height - row[0].y) * point,
			Size: row[0].size * point}
		var text strings.Builder
		for i, x := range row {
			if i > 0 && x.x-row[i-1].end > 2*x.size {
				text.WriteByte('\t') // cells of a table
			}
			text.WriteString(x.text)
			line.End = max(line.End, x.end*point)
		}
		line.Text = strings.TrimSpace(text.String())
		out = append(out, line)
	}
	return out
}

// maxFloats bounds the numbers of a list.
const maxFloats = 8

// floats reads a list of numbers that spaces part, nil where it is none.
func floats(s string) []float64 {
	var out []float64
	for f := range strings.FieldsSeq(s) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || len(out) == maxFloats || v != v || v > 1e6 || v < -1e6 {
			return nil
		}
		out = append(out, v)
	}
	return out
}
