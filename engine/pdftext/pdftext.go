// Package pdftext reads the text layer of a PDF.
//
// It is written for hostile input. Objects are found by scanning the file from its beginning, the
// last one of a number counting, as in an updated file; the table of offsets at the end is not
// read, so it can be missing, wrong or circular. Everything costs work, of which a file has a
// bounded amount; references, forms and pages that lead back to themselves are followed to a fixed
// depth and no further. Nothing panics, nothing waits, and a call ends soon after its context.
//
// Text is mapped to Unicode by the font's own table (ToUnicode), by the Chinese encodings whose
// codes are Unicode or GB18030 themselves (UniGB-UTF16-H, GBK-EUC-H and their kin), or by the
// simple Latin encodings. A file with only a picture of its pages has no text here: recognising
// characters is another trade.
package pdftext

import (
	"context"
	"errors"
)

// Limits of a file. They bound time and memory: the work is what a page of text costs times a few
// thousand, and decoded streams are held one at a time.
const (
	MaxPages       = 2_000
	MaxRunes       = 2_500_000  // characters of the whole text
	maxWork        = 16_000_000 // tokens, operators and characters
	maxStreamBytes = 32 << 20   // one stream, decoded
	maxAllBytes    = 256 << 20  // all streams, decoded
	maxDepth       = 40         // arrays and dictionaries inside one another, references to references
	maxForms       = 8          // forms inside one another
	maxMapped      = 200_000    // entries of a font's table to Unicode
	maxArray       = 300_000    // elements of an array
	objectCost     = 10         // work of a token that stays in memory
	bytesPerWork   = 16         // for what lies between the tokens of a stream
	maxOperands    = 256        // before an operator
	maxSaved       = 256        // graphics states saved at a time
)

// Errors of Read. A file that is damaged is read as far as it goes; it is an error only when
// nothing can be found.
var (
	ErrNotPDF    = errors.New("pdftext: not a PDF")
	ErrEncrypted = errors.New("pdftext: the PDF asks for a password")
	ErrDamaged   = errors.New("pdftext: the PDF has no pages that could be found")
	ErrTooMuch   = errors.New("pdftext: the PDF is over a limit")
)

// Document is what was read.
type Document struct {
	Title    string // of the file's information, "" when there is none
	Pages    []Page
	Images   bool // some page draws a picture
	Unmapped int  // characters drawn whose meaning the file does not tell
	Mapped   int  // characters drawn that were read
}

// Page holds the lines of one page in the order in which they were drawn.
type Page struct {
	Lines []Line
}

// Line is one line of text. Positions are in points, y upwards from the lower edge.
type Line struct {
	Text           string
	X, End, Y      float64
	Size           float64 // of the characters
	artifact, open bool
}

// Read reads the text of a PDF.
func Read(ctx context.Context, data []byte) (*Document, error) {
	f := &file{ctx: ctx, data: data, objects: map[int]entry{}, work: maxWork, bytes: maxAllBytes}
	if err := f.scan(); err != nil {
		return nil, err
	}
	pages := f.pages()
	if f.err != nil {
		return nil, f.err
	}
	if len(pages) == 0 {
		return nil, ErrDamaged
	}
	doc := &Document{Title: f.title()}
	r := &renderer{file: f, doc: doc, fonts: map[*dict]*font{}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, r.page(p))
		if f.err != nil {
			return nil, f.err
		}
	}
	return doc, nil
}
