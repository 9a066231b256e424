package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
)

// Causes of faults about what is inside the archive.
var (
	errXML     = errors.New("malformed XML")
	errToken   = errors.New("XML token too large")
	errTooMuch = errors.New("over a limit")
)

// eachToken calls each for every token of a part. Encoding/xml resolves no entities of its own; a
// document type, which could define some, is refused.
func (w *workbook) eachToken(ctx context.Context, part string, each func(xml.Token) error) error {
	f := w.parts[part]
	if f == nil {
		return errXML
	}
	if f.UncompressedSize64 > MaxPartBytes {
		return errTooMuch
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(&tokenLimit{src: r})
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, docType := t.(xml.Directive); docType {
			return errXML
		}
		if err := each(t); err != nil {
			return err
		}
	}
}

// eachStart calls each for every opening tag of a part.
func (w *workbook) eachStart(ctx context.Context, part string,
	each func(xml.StartElement) error) error {
	return w.eachToken(ctx, part, func(t xml.Token) error {
		if start, ok := t.(xml.StartElement); ok {
			return each(start)
		}
		return nil
	})
}

// attr returns the value of an attribute by its local name, "" when there is none.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// tokenLimit stops a document in which one tag, text or comment is larger than maxTokenBytes, since
// encoding/xml would hold it whole.
type tokenLimit struct {
	src    io.Reader
	open   int    // bytes since the last "<", or since what is hidden began
	recent uint64 // the last eight bytes
	hidden uint64 // what ends the comment or CDATA section we are in, 0 outside
}

// The bytes that begin and end what hides a "<", as recent shows them.
const (
	beginComment, endComment = 0x3C212D2D, 0x2D2D3E         // <!-- and -->
	beginCData, endCData     = 0x215B43444154415B, 0x5D5D3E // ![CDATA[ and ]]>
)

func (l *tokenLimit) Read(p []byte) (int, error) {
	n, err := l.src.Read(p)
	for _, c := range p[:n] {
		l.recent = l.recent<<8 | uint64(c)
		l.open++
		switch {
		case l.hidden != 0:
			if l.recent&0xFFFFFF == l.hidden {
				l.hidden = 0
			}
		case l.recent&0xFFFFFFFF == beginComment:
			l.hidden = endComment
		case l.recent == beginCData:
			l.hidden = endCData
		case c == '<':
			l.open = 0
		}
		if l.open > maxTokenBytes {
			return 0, errToken
		}
	}
	return n, err
}
