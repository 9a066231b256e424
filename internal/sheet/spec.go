package sheet

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Kind says what the cells of a column hold and how they are checked and written.
type Kind uint8

// The kinds. The zero value is free text.
const (
	Text    Kind = iota // free text
	Code                // an identifier: digits and zeros are kept as typed (统一社会信用代码, 邮编)
	Integer             // a whole number
	Money               // an amount in Column.Unit, exact to the fen
	Date                // a day, 2026-11-22
	Choice              // one of Column.Choices
	Bool                // yes or no (是/否)
)

// Column describes one column of a table.
type Column struct {
	Key      string   // name of the field, stable; accepted as a header too
	Title    string   // header: the Chinese source text, an i18n key
	Aliases  []string // other headers people use for it
	Required bool     // the column must be there and no cell of it empty
	Kind     Kind
	Unit     money.Unit // Money: the unit of amounts without one; must be given
	Width    int        // width in characters of a written column; 0 lets the title decide
	Hint     string     // help for the person who fills it in, an i18n key
	Choices  []string   // Choice: the allowed values, i18n keys
}

// Spec describes a table.
type Spec struct {
	Name    string // stable English name, used for the file name
	Title   string // i18n key, name of the sheet
	Columns []Column
	MaxRows int // 0 means MaxRows of the package, which is also the most it may be
}

func (s Spec) maxRows() int {
	if s.MaxRows > 0 && s.MaxRows < MaxRows {
		return s.MaxRows
	}
	return MaxRows
}

// headers maps each folded header word that s accepts to the position of its column.
func (s Spec) headers() map[string]int {
	words := map[string]int{}
	for i, c := range s.Columns {
		own := []string{c.Title, i18n.Text(i18n.EN, c.Title), c.Key}
		for _, w := range append(own, c.Aliases...) {
			if w = foldTitle(w); w != "" {
				words[w] = i
			}
		}
	}
	return words
}

// foldTitle makes header words comparable: width, case, blanks, colons and the marks of required
// columns do not matter.
func foldTitle(s string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '*' || r == ':' || r == '\u200B' || r == '\uFEFF' {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
	for _, mark := range titleMarks {
		folded = strings.ReplaceAll(folded, mark, "")
	}
	return folded
}

// foldValue makes cell values comparable: outer blanks, width and case do not matter.
func foldValue(s string) string {
	return strings.ToLower(width.Fold.String(strings.TrimSpace(s)))
}

// columnName returns Excel's name of the column at index i from 0: A … Z, AA …
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// NoHeader is the key of the refusal of a table without a header row, for callers that offer no template.
const NoHeader = "没有找到表头，请用下载的模板填写"

// refuse returns the fault for a file that cannot be read; the words stand beside the upload.
func refuse(key string, args ...any) *fault.Error {
	e := fault.New(fault.Invalid, key, args...)
	e.Fields = []fault.Field{fault.At(FieldFile, key, args...)}
	return e
}

func isFault(err error) bool {
	_, ok := fault.As(err)
	return ok
}
