// Package docx writes documents for offices (公文, 会议材料) as Word files: a title, headings,
// paragraphs, tables, a signature and page numbers, laid out after GB/T 9704-2012: margins of 37, 35,
// 28 and 26 millimetres, text of 三号 in 仿宋, headings in 黑体 and 楷体.
//
// Fonts are named, not embedded: the machine that opens the file has them or takes its own. The same
// Document gives the same bytes. The package knows no city and no language; what it writes is what
// it is given.
//
// A Document is plain data, so that a page on the web shows the same one with its links.
package docx

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// MIME is the type of the files.
const MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Limits of a document.
const (
	MaxBlocks = 5_000
	MaxCells  = 50_000
)

// Document is what is written.
type Document struct {
	Title   string
	Number  string // 并督函〔2026〕3号, above the title
	To      string // whom it is sent to, before the text: 小店区科技局：
	Blocks  []Block
	Issuer  string // below the text
	Date    string
	Subject string // kept in the properties of the file
}

// Block is a heading, a paragraph or a table, whichever is filled in.
type Block struct {
	Level int    // 1 or 2 of a heading; 0 for a paragraph
	Runs  []Run  // of a heading or a paragraph
	Table *Table // of a table
}

// Run is a stretch of text. Href is where a page on the web leads; the file does not use it.
type Run struct {
	Text string
	Href string
	Bold bool
}

// Table is a table with a head. Widths are shares of the width of the page; none means equal ones.
type Table struct {
	Caption string
	Head    []string
	Widths  []int
	Rows    [][]Run
}

// Heading makes a heading of level 1 or 2.
func Heading(level int, text string) Block { return Block{Level: level, Runs: []Run{{Text: text}}} }

// Text makes a paragraph.
func Text(runs ...Run) Block { return Block{Runs: runs} }

// Plain makes a paragraph for each line of a text.
func Plain(text string) []Block {
	var out []Block
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			out = append(out, Text(Run{Text: line}))
		}
	}
	return out
}

func (d Document) check() error {
	cells := 0
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			cells += len(row)
		}
	}
	if len(d.Blocks) > MaxBlocks || cells > MaxCells {
		return fault.New(fault.Invalid, "文档太长，请先缩小范围")
	}
	return nil
}
