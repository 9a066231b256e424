// Package doctext turns the bytes of a file into plain text for reading.
//
// It takes what offices exchange: plain text in UTF-8, UTF-16 or GB18030, web pages, Word files
// (.docx), and PDF and OFD with a text layer. The content decides what a file is; its name is only a
// hint for text that looks like a web page. Of a web page only the article is kept. Paragraphs
// become lines, and rows of a table become lines with a tab between cells.
//
// A file that cannot be read gives an *Error, whose code says why and whose words, in Chinese and
// English, say what to do. Input is hostile: sizes, depths and amounts are bounded by the
// constants below, and a call ends soon after its context.
package doctext

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"

	"github.com/yuntu-city/yuntu/engine/pdftext"
	"github.com/yuntu-city/yuntu/engine/textenc"
)

// Limits of a file.
const (
	MaxFileBytes = 20 << 20 // the file
	MaxTextBytes = 5 << 20  // the text that is returned
	MaxHTMLBytes = 8 << 20  // a web page, decoded

	maxZipParts  = 2_000
	maxPartBytes = 64 << 20 // one part of a .docx, unpacked
	maxXMLDepth  = 200
)

// Format is what a file turned out to be.
type Format string

// The formats that can be read.
const (
	TXT  Format = "txt"
	HTML Format = "html"
	DOCX Format = "docx"
	PDF  Format = "pdf"
	OFD  Format = "ofd"
)

// Document is the text of a file.
type Document struct {
	Text     string
	Format   Format
	Encoding string // of a text or web page, as in textenc; "" for others
	Title    string // where the file states one
	Date     string // of a web page: the date of publication as 2025-01-06
	Source   string // of a web page: who published it, as stated
	Pages    int    // of a PDF or OFD
	Notes    []Note // what a person should know about the reading
}

// Extract returns the text of a file. The name may be empty. Errors are *Error, or that of ctx.
//
// The text of a plain text file is the file itself, decoded: line breaks stay as they are, so that
// offsets into the text are offsets into the file.
func Extract(ctx context.Context, name string, data []byte) (Document, error) {
	if err := ctx.Err(); err != nil {
		return Document{}, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return Document{}, because(Empty)
	}
	if len(data) > MaxFileBytes {
		return Document{}, because(TooLarge, MaxFileBytes>>20)
	}
	doc, err := read(ctx, name, data)
	if err != nil {
		return Document{}, err
	}
	if len(doc.Text) > MaxTextBytes {
		return Document{}, because(TooMuchText, MaxTextBytes>>20)
	}
	if strings.TrimSpace(doc.Text) == "" {
		return Document{}, because(Empty)
	}
	return doc, nil
}

func read(ctx context.Context, name string, data []byte) (Document, error) {
	kind, code := sniff(data)
	switch {
	case code != "":
		return Document{}, because(code)
	case kind == kindPDF:
		return readPDF(ctx, data)
	case kind == kindZip:
		return readZip(ctx, data)
	case kind != kindText:
		return Document{}, because(Unsupported, kind)
	}
	text, encoding, err := textenc.Decode(data)
	if err != nil {
		return Document{}, textReason(err)
	}
	if looksLikeHTML(name, text) {
		doc, err := readHTML(ctx, text)
		doc.Encoding = encoding
		if ext := extension(name); err == nil && (ext == ".doc" || ext == ".docx" || ext == ".wps") {
			doc.Notes = append(doc.Notes, Note{Code: WebPageAsWord})
		}
		return doc, err
	}
	return Document{Text: text, Format: TXT, Encoding: encoding}, nil
}

func textReason(err error) error {
	if broken, ok := errors.AsType[*textenc.BrokenError](err); ok {
		return because(BrokenText, broken.Line)
	}
	if errors.Is(err, textenc.ErrNUL) {
		return because(Binary)
	}
	return because(UnknownEncoding)
}

func readPDF(ctx context.Context, data []byte) (Document, error) {
	pdf, err := pdftext.Read(ctx, data)
	switch {
	case errors.Is(err, pdftext.ErrEncrypted):
		return Document{}, because(Encrypted)
	case errors.Is(err, pdftext.ErrTooMuch):
		return Document{}, because(TooComplex)
	case errors.Is(err, pdftext.ErrDamaged), errors.Is(err, pdftext.ErrNotPDF):
		return Document{}, because(Damaged)
	case err != nil:
		return Document{}, err
	}
	if pdf.Unmapped > pdf.Mapped/2 {
		return Document{}, because(NoCharacters)
	}
	if pdf.Mapped == 0 && pdf.Images {
		return Document{}, because(Scanned, len(pdf.Pages))
	}
	doc := Document{Text: pdf.Text(), Format: PDF, Title: pdf.Title, Pages: len(pdf.Pages)}
	if n := emptyPages(pdf); n > 0 && pdf.Images {
		doc.Notes = append(doc.Notes, Note{PagesWithoutText, []any{n, len(pdf.Pages)}})
	}
	if pdf.Unmapped > 0 {
		doc.Notes = append(doc.Notes, Note{LostCharacters, []any{pdf.Unmapped}})
	}
	return doc, nil
}

func emptyPages(pdf *pdftext.Document) int {
	n := 0
	for _, p := range pdf.Pages {
		if len(p.Lines) == 0 {
			n++
		}
	}
	return n
}

func extension(name string) string {
	return strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
}
