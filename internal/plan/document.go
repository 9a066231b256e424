package plan

import (
	"io"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Limits of a document.
const (
	MaxDocumentBytes = 5 << 20 // of its file
	MaxTextChars     = 200_000 // of its text
	MaxStatements    = 5_000   // of one document
	MaxTitle         = 200     // characters
	MaxLine          = 200     // of every other line
	MaxProse         = 2_000   // of a text of several lines
	readAtOnceChars  = 20_000  // longer texts are read by a job
	readAtOnceBytes  = 1 << 20 // and larger files opened by one
)

// kindDocument is the kind of object of documents, for policies, files and the trail.
const kindDocument = "plan.document"

// DocumentFile is what can be read as a document.
var DocumentFile = blob.Kind{Name: "plan.document", MaxBytes: MaxDocumentBytes,
	Types: []blob.Type{blob.PDF, blob.OFD, blob.DOCX, blob.Text}}

// DocumentData is what people write about a document.
type DocumentData struct {
	Title  string      `json:"title"`
	Kind   string      `json:"kind"`             // one of DocumentKinds
	Number string      `json:"number,omitempty"` // 文号: 并科发〔2026〕12号
	Issuer string      `json:"issuer,omitempty"` // 发文机关
	Region region.Code `json:"region"`           // the place it is about, GB/T 2260
	Day    clock.Date  `json:"day"`              // 成文日期; 去年 and 年内 are understood by it
	Source string      `json:"source,omitempty"` // where it was found: an address, a meeting
}

// Document is a document as stored. Lists do not carry its text.
type Document struct {
	ID string `json:"id"`
	DocumentData
	File         string `json:"file,omitempty"` // id of the file, "" for pasted text
	Series       string `json:"series"`         // id of the first edition
	Edition      int64  `json:"edition"`        // 1, 2, 3 …
	SupersededBy string `json:"supersededBy,omitempty"`
	Chars        int64  `json:"chars"`
	Reading      string `json:"reading"` // ReadingWaiting, ReadingDone or ReadingFailed
	ReadingNote  Note   `json:"readingNote,omitzero"`
	Job          string `json:"job,omitempty"` // that reads it
	State        string `json:"state"`
	CreatedUs    int64  `json:"createdUs"`
	CreatedBy    string `json:"-"`
	UpdatedUs    int64  `json:"updatedUs"`
	Version      int64  `json:"version"`

	pending int64 // statements nobody has decided about
}

// How far the reading of a document is.
const (
	ReadingWaiting = "waiting" // a job has it
	ReadingDone    = "done"
	ReadingFailed  = "failed"
)

// NewDocument is the input of CreateDocument: a file or a pasted text. Title, number, issuer, day
// and kind that are left out are taken from a text that is read at once.
type NewDocument struct {
	DocumentData
	Text     string     `json:"text,omitempty"`
	Replaces string     `json:"replaces,omitempty"` // id of the edition it supersedes
	File     *FileInput `json:"-"`
	Key      string     `json:"-"` // idempotency key
}

// FileInput is a file as it comes in.
type FileInput struct {
	Name    string // as the person's machine calls it
	Content io.Reader
}

// DocumentUpdate is the input of UpdateDocument.
type DocumentUpdate struct {
	ID string `json:"-"`
	DocumentData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// brackets are written for the hexagonal ones.
var brackets = strings.NewReplacer("[", "〔", "]", "〕", "(", "〔", ")", "〕", "【", "〔", "】", "〕",
	"［", "〔", "］", "〕", " ", "")

// Normalise brings what people type into the form that is stored. Other brackets around the year of
// a 文号 become the hexagonal ones.
func (d *DocumentData) Normalise() {
	d.Title, d.Issuer, d.Source = tidy(d.Title), tidy(d.Issuer), tidy(d.Source)
	d.Number = brackets.Replace(width.Fold.String(strings.TrimSpace(d.Number)))
}

// Validate returns everything that is wrong with the form of the data.
func (d DocumentData) Validate() error {
	var f faults
	d.check(&f)
	return f.err()
}

func (d DocumentData) check(f *faults) {
	f.line("title", d.Title, MaxTitle, true)
	f.choice("kind", d.Kind, DocumentKinds())
	if d.Number != "" && !numberForm.MatchString(d.Number) {
		f.add("number", "文号应写作 并科发〔2026〕12号，序号前不加“第”和 0")
	}
	f.line("issuer", d.Issuer, MaxLine, false)
	f.line("source", d.Source, MaxLine, false)
	f.place("region", d.Region)
	f.day("day", d.Day, true)
}

const documentColumns = `d.id, d.title, d.kind, d.number, d.issuer, d.region, d.day, d.source,
	d.file, d.series, d.edition, d.superseded_by, d.chars, d.reading, d.reading_note, d.job, d.state,
	d.created_us, d.created_by, d.updated_us, d.version`

func scanDocument(r db.Row) (Document, error) {
	var d Document
	var note string
	err := r.Scan(&d.ID, &d.Title, &d.Kind, &d.Number, &d.Issuer, &d.Region, &d.Day, &d.Source,
		&d.File, &d.Series, &d.Edition, &d.SupersededBy, &d.Chars, &d.Reading, &note, &d.Job,
		&d.State, &d.CreatedUs, &d.CreatedBy, &d.UpdatedUs, &d.Version)
	if err != nil {
		return d, err
	}
	return d, decode(note, &d.ReadingNote)
}
