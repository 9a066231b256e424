package blob

import "slices"

// Type is a media type that the house accepts at all.
type Type string

// The accepted types. Plain text and CSV are one type, because content cannot tell them apart; the
// extension a person chose (.txt or .csv) survives in the display name.
const (
	PDF  Type = "application/pdf"
	PNG  Type = "image/png"
	JPEG Type = "image/jpeg"
	DOCX Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	OFD  Type = "application/ofd" // GB/T 33190-2016, the national fixed-layout format 版式文件
	Text Type = "text/plain"
)

// facts of a type: the name for people, the same in both languages, and the extensions that fit;
// the first is the one to add.
type facts struct {
	label string
	exts  []string
}

func (t Type) facts() facts {
	switch t {
	case PDF:
		return facts{"PDF", []string{".pdf"}}
	case PNG:
		return facts{"PNG", []string{".png"}}
	case JPEG:
		return facts{"JPEG", []string{".jpg", ".jpeg"}}
	case DOCX:
		return facts{"Word (.docx)", []string{".docx"}}
	case XLSX:
		return facts{"Excel (.xlsx)", []string{".xlsx"}}
	case OFD:
		return facts{"OFD", []string{".ofd"}}
	case Text:
		return facts{"TXT/CSV", []string{".txt", ".csv"}}
	default:
		return facts{string(t), []string{".bin"}}
	}
}

// Label returns the short name of the type for people.
func (t Type) Label() string { return t.facts().label }

// Kind says what may be attached in one place: which types, and how large a file may be.
type Kind struct {
	Name     string // stable name stored with each reference: "party.licence"
	Types    []Type
	MaxBytes int64 // at most MaxBytes of this package; 0 means that
}

// MaxBytes is the largest file the house takes, whatever a Kind allows.
const MaxBytes = 200 << 20

func (k Kind) limit() int64 {
	if k.MaxBytes <= 0 || k.MaxBytes > MaxBytes {
		return MaxBytes
	}
	return k.MaxBytes
}

func (k Kind) accepts(t Type) bool { return slices.Contains(k.Types, t) }

// labels lists the accepted types for a message.
func (k Kind) labels() string {
	s := ""
	for i, t := range k.Types {
		if i > 0 {
			s += ", "
		}
		s += t.Label()
	}
	return s
}
