package doctext

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// archive is a zip file whose parts are read by name.
type archive struct {
	ctx   context.Context
	parts map[string]*zip.File
}

// others are kinds of archives that are known by a part of theirs, and not read.
var others = []struct{ part, kind string }{
	{"xl/workbook.xml", "xlsx"},
	{"ppt/presentation.xml", "pptx"},
	{"META-INF/container.xml", "EPUB"},
}

// encryptedFlag marks an encrypted part of a zip file.
const encryptedFlag = 1

func readZip(ctx context.Context, data []byte) (Document, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Document{}, because(Damaged)
	}
	if len(z.File) > maxZipParts {
		return Document{}, because(TooComplex)
	}
	a := &archive{ctx: ctx, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		if f.Flags&encryptedFlag != 0 {
			return Document{}, because(Encrypted)
		}
		if a.parts[f.Name] != nil {
			return Document{}, because(Damaged) // readers would differ in which one counts
		}
		a.parts[f.Name] = f
	}
	for _, o := range others {
		if a.parts[o.part] != nil {
			return Document{}, because(Unsupported, o.kind)
		}
	}
	if a.parts[ofdRoot] != nil {
		return a.ofd()
	}
	if a.parts["mimetype"] != nil && a.parts["content.xml"] != nil {
		return Document{}, because(Unsupported, "ODT")
	}
	main := a.mainPart()
	if a.parts[main] == nil {
		return Document{}, because(NotDOCX)
	}
	return a.docx(main)
}

const mainRelation = "/officeDocument"

// mainPart finds the text of a Word file: where its relations say, or where it usually is.
func (a *archive) mainPart() string {
	main := "word/document.xml"
	err := a.eachToken("_rels/.rels", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if ok && e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), mainRelation) {
			main = path.Clean(strings.TrimPrefix(attr(e, "Target"), "/"))
		}
		return nil
	})
	if err != nil {
		return "word/document.xml"
	}
	return main
}

var errTooMuch = errors.New("doctext: over a limit")

// eachToken calls each for the tokens of a part, which may be absent. Package xml resolves no
// entities but its own; a document type, which could define some, is refused.
func (a *archive) eachToken(part string, each func(xml.Token) error) error {
	f := a.parts[part]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	limited := &io.LimitedReader{R: &ctxReader{a.ctx, r}, N: maxPartBytes + 1}
	d := xml.NewDecoder(limited)
	for n, depth := 0, 0; ; n++ {
		if n%1024 == 0 && a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		t, err := d.Token()
		if limited.N <= 0 {
			return errTooMuch
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.Directive:
			return errors.New("doctext: a document type")
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxXMLDepth {
			return errTooMuch
		}
		if err := each(t); err != nil {
			return err
		}
	}
}

// attr returns an attribute by its local name, "" when there is none.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
