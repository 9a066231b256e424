package plan

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/doctext"
	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
)

// read reads a text, at most MaxStatements, and completes the data of its document from what the
// text says of itself: title, number, issuer, date and kind, where nobody wrote them.
func (s *Service) read(text string, d *DocumentData) ([]Statement, error) {
	day, _ := hanzi.ParseDate(string(d.Day)) // without one it is guessed from the text
	result := reading.Read(text, reading.Options{Date: day, Home: s.placeName(string(d.Region))})
	d.complete(result.Document)
	if len(result.Statements) > MaxStatements {
		return nil, fault.Fields(fault.At("text", "读出 %d 条条目，最多 %d 条，请分成几份登记",
			len(result.Statements), MaxStatements))
	}
	var out []Statement
	for _, x := range result.Statements {
		out = append(out, statementOf(x))
	}
	return out, nil
}

// kindOf are the kinds of document as engine/reading names them.
var kindOf = map[string]string{reading.Plan: "scheme", reading.Report: "report",
	reading.Notice: "notice", reading.News: "news", reading.Other: "other"}

func (d *DocumentData) complete(x reading.Document) {
	d.Title = cmp.Or(d.Title, firstRunes(tidy(x.Title), MaxTitle))
	d.Issuer = cmp.Or(d.Issuer, firstRunes(tidy(x.Issuer), MaxLine))
	d.Kind = cmp.Or(d.Kind, kindOf[x.Kind])
	if !x.Date.IsZero() {
		d.Day = cmp.Or(d.Day, clock.Date(x.Date.String()))
	}
	if d.Number == "" && numberForm.MatchString(x.Number) {
		d.Number = x.Number
	}
	d.Normalise()
}

// statementOf is what is stored of a reading. Longer phrases than can be stored lose their end; a
// number beyond the exact ones is left for the person to write.
func statementOf(x reading.Statement) Statement {
	value, _ := ParseDecimal(x.Value)
	d := StatementData{Kind: x.Kind, Subject: x.Subject, Indicator: x.Indicator, Measure: x.Measure,
		Verb: x.Verb, Op: x.Op, Value: value, Unit: x.Unit, From: clock.Date(x.From),
		To: clock.Date(x.To), Of: x.Of}
	if x.Kind == reading.Task {
		d.Owner, d.Subject = x.Subject, ""
	}
	d.clip()
	return Statement{ID: id.New(), StatementData: d, Start: int64(x.Start), End: int64(x.End),
		Quote: firstRunes(x.Quote, maxQuote), Origin: OriginRead, State: StatementPending,
		found: evidenced{x.Reason, x.Check}}
}

// original is an uploaded file that was opened.
type original struct {
	name    string
	content []byte     // what is kept
	text    string     // "" while it was not opened
	day     clock.Date // of a web page: when it was published
	source  string     // and by whom
}

// open reads an uploaded file whole and takes its text out of it, unless it is so large that a job
// does that. Of a web page only its text is kept: the house stores no markup of others.
func (s *Service) open(ctx context.Context, file FileInput) (original, error) {
	if s.opt.Blobs == nil {
		return original{}, fault.Fields(fault.At("file", "暂不能上传文件，请粘贴正文"))
	}
	content, err := io.ReadAll(io.LimitReader(file.Content, MaxDocumentBytes+1))
	if err != nil {
		return original{}, fmt.Errorf("read upload: %w", err)
	}
	if len(content) > MaxDocumentBytes {
		return original{}, fault.Fields(fault.At("file", "文件太大，最多 %d MB", MaxDocumentBytes>>20))
	}
	out := original{name: file.Name, content: content}
	if len(content) > readAtOnceBytes {
		return out, nil
	}
	doc, err := extract(ctx, file.Name, content)
	if err != nil {
		return original{}, err
	}
	out.text = doc.Text
	if doc.Format == doctext.HTML {
		out.content, out.source = []byte(doc.Text), firstRunes(tidy(doc.Source), MaxLine)
		if day := clock.Date(doc.Date); day.Valid() {
			out.day = day
		}
		out.name = strings.TrimSuffix(file.Name, path.Ext(file.Name)) + ".txt"
	}
	return out, nil
}

// extract takes the text out of a file and refuses one without text or with too much.
func extract(ctx context.Context, name string, content []byte) (doctext.Document, error) {
	doc, err := doctext.Extract(ctx, name, content)
	if because, ok := errors.AsType[*doctext.Error](err); ok {
		return doc, fault.Fields(fault.At("file", because.Code.Key(), because.Args...))
	}
	if err != nil {
		return doc, err
	}
	doc.Text = plainText(doc.Text)
	if n := utf8.RuneCountInString(doc.Text); n > MaxTextChars {
		return doc, fault.Fields(fault.At("file", "正文有 %d 个字，最多 %d 个", n, MaxTextChars))
	}
	return doc, nil
}

// stageOriginal checks a file and keeps it until the document is stored.
func (s *Service) stageOriginal(ctx context.Context, x original) (*blob.Staged, error) {
	return s.opt.Blobs.Stage(ctx, blob.Upload{Kind: DocumentFile, Field: "file", Name: x.name,
		Content: bytes.NewReader(x.content)})
}

// plainText drops what cannot be stored or shown: a byte order mark, carriage returns and control
// characters.
func plainText(s string) string {
	s = strings.ToValidUTF8(strings.TrimPrefix(s, "\ufeff"), "\ufffd")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
