package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Sizes in twentieths of a point, as the format counts.
const (
	pageWidth   = 11906 // A4
	pageHeight  = 16838
	marginTop   = 2098 // 37 mm
	marginEnd   = 1984 // 35 mm
	marginLeft  = 1588 // 28 mm
	marginRight = 1474 // 26 mm
	textWidth   = pageWidth - marginLeft - marginRight
	lineExactly = 579 // 28.95 points: 22 lines a page
	indentChars = 200 // two characters, in hundredths
)

// packed is the time of every part of the file: the bytes depend on the document alone.
var packed = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the document as a Word file.
func Write(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, p := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", d.core()},
		{"word/document.xml", d.body()},
		{"word/styles.xml", styles()},
		{"word/footer1.xml", footer()},
		{"word/_rels/document.xml.rels", documentRels},
	} {
		part, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: packed})
		if err != nil {
			return fmt.Errorf("docx part %s: %w", p.name, err)
		}
		if _, err := io.WriteString(part, p.text); err != nil {
			return fmt.Errorf("docx part %s: %w", p.name, err)
		}
	}
	return z.Close()
}

// escaped is a text inside XML; what XML cannot hold becomes the sign of replacement.
func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// writer puts the body together.
type writer struct{ strings.Builder }

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

// text writes the runs of a paragraph; line feeds stay line feeds.
func (w *writer) text(runs []Run) {
	for _, r := range runs {
		w.add(`<w:r>`)
		if r.Bold {
			w.add(`<w:rPr><w:b/></w:rPr>`)
		}
		for i, line := range strings.Split(r.Text, "\n") {
			if i > 0 {
				w.add(`<w:br/>`)
			}
			w.add(`<w:t xml:space="preserve">`, escaped(line), `</w:t>`)
		}
		w.add(`</w:r>`)
	}
}

func (w *writer) paragraph(style string, runs ...Run) {
	w.add(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/></w:pPr>`)
	w.text(runs)
	w.add(`</w:p>`)
}

func (d Document) body() string {
	w := &writer{}
	w.add(header, `<w:document `, namespace, `><w:body>`)
	if d.Number != "" {
		w.paragraph("Number", Run{Text: d.Number})
	}
	w.paragraph("Title", Run{Text: d.Title})
	if d.To != "" {
		w.paragraph("To", Run{Text: d.To})
	}
	for _, b := range d.Blocks {
		switch {
		case b.Table != nil:
			w.table(*b.Table)
		case b.Level > 0:
			w.paragraph("Heading"+strconv.Itoa(min(b.Level, 2)), b.Runs...)
		default:
			w.paragraph("BodyText", b.Runs...)
		}
	}
	for _, line := range []string{d.Issuer, d.Date} {
		if line != "" {
			w.paragraph("Signature", Run{Text: line})
		}
	}
	w.add(`<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="`,
		strconv.Itoa(pageWidth), `" w:h="`, strconv.Itoa(pageHeight), `"/><w:pgMar w:top="`,
		strconv.Itoa(marginTop), `" w:right="`, strconv.Itoa(marginRight), `" w:bottom="`,
		strconv.Itoa(marginEnd), `" w:left="`, strconv.Itoa(marginLeft),
		`" w:header="851" w:footer="1418" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return w.String()
}

// columns are the widths of the columns; the last takes what rounding leaves.
func (t Table) columns() []int {
	n := len(t.Head)
	out := make([]int, n)
	sum, used := 0, 0
	share := func(i int) int {
		if len(t.Widths) == n {
			return max(t.Widths[i], 1)
		}
		return 1
	}
	for i := range n {
		sum += share(i)
	}
	for i := range n {
		out[i] = textWidth * share(i) / sum
		if i == n-1 {
			out[i] = textWidth - used
		}
		used += out[i]
	}
	return out
}

func (w *writer) table(t Table) {
	if len(t.Head) == 0 {
		return
	}
	if t.Caption != "" {
		w.paragraph("Caption", Run{Text: t.Caption})
	}
	widths := t.columns()
	w.add(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="`, strconv.Itoa(textWidth),
		`" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, c := range widths {
		w.add(`<w:gridCol w:w="`, strconv.Itoa(c), `"/>`)
	}
	w.add(`</w:tblGrid>`)
	head := make([]Run, len(t.Head))
	for i, h := range t.Head {
		head[i] = Run{Text: h, Bold: true}
	}
	w.row(widths, head, true)
	for _, r := range t.Rows {
		w.row(widths, r, false)
	}
	w.add(`</w:tbl>`)
	w.paragraph("Cell") // two tables that touch would become one
}

// row writes a row; it is as wide as the head, whatever it was given.
func (w *writer) row(widths []int, cells []Run, head bool) {
	w.add(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		w.add(`<w:tblHeader/>`)
	}
	w.add(`</w:trPr>`)
	for i, width := range widths {
		var c Run
		if i < len(cells) {
			c = cells[i]
		}
		w.add(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(width), `" w:type="dxa"/></w:tcPr>`)
		w.paragraph("Cell", c)
		w.add(`</w:tc>`)
	}
	w.add(`</w:tr>`)
}

func (d Document) core() string {
	return header + `<cp:coreProperties ` +
		`xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + escaped(d.Title) +
		`</dc:title><dc:subject>` + escaped(d.Subject) + `</dc:subject></cp:coreProperties>`
}
