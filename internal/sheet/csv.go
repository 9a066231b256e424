package sheet

import (
	"context"
	"slices"
	"strings"
	"unicode/utf16"
)

// mark says what is wrong with a cell beyond its text.
type mark uint8

const (
	markNone      mark = iota
	markError          // #REF! and the like
	markPrecision      // a number with more digits than Excel keeps
	markNoResult       // a formula whose result was not stored
	markMerged         // covered by a merged cell
)

type cell struct {
	text string
	mark mark
}

func (c cell) empty() bool { return c.mark == markNone && isBlank(c.text) }

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// line is one row with content; number is the row as Excel shows it.
type line struct {
	number int
	cells  []cell
}

// blank reports whether the row shows nothing.
func (l line) blank() bool {
	return !slices.ContainsFunc(l.cells, func(c cell) bool { return !c.empty() })
}

// csvReader splits text into records as RFC 4180 says. It takes what programs really write as
// well: any line break, a quote inside an unquoted field, text after a closing quote.
type csvReader struct {
	text      string
	delimiter byte
	stops     string // what ends an unquoted field
	number    int
}

func newCSVReader(text string, delimiter byte) *csvReader {
	return &csvReader{text: text, delimiter: delimiter, stops: string(delimiter) + "\r\n"}
}

// next returns the next record. The last result is false at the end. A quote that is never closed
// is an error at the row where it opens.
func (r *csvReader) next() ([]string, bool, error) {
	if r.text == "" {
		return nil, false, nil
	}
	r.number++
	var fields []string
	for {
		field, err := r.field()
		if err != nil {
			return nil, false, err
		}
		fields = append(fields, field)
		if r.text == "" {
			return fields, true, nil
		}
		end := r.text[0]
		r.text = r.text[1:]
		if end == r.delimiter {
			continue
		}
		if end == '\r' && strings.HasPrefix(r.text, "\n") {
			r.text = r.text[1:]
		}
		return fields, true, nil
	}
}

// field cuts one field off the text and leaves the text at what ended it. The end of the text
// right after a delimiter is an empty last field.
func (r *csvReader) field() (string, error) {
	if !strings.HasPrefix(r.text, `"`) {
		return r.bare(), nil
	}
	rest := r.text[1:]
	var b strings.Builder
	for {
		n := strings.IndexByte(rest, '"')
		if n < 0 || b.Len()+n > maxCellBytes {
			return "", refuse("第 %d 行的引号没有成对，或单元格超过 %d 字", r.number,
				MaxCellChars)
		}
		b.WriteString(rest[:n])
		rest = rest[n+1:]
		if !strings.HasPrefix(rest, `"`) {
			break
		}
		b.WriteByte('"')
		rest = rest[1:]
	}
	r.text = rest
	b.WriteString(r.bare())
	return b.String(), nil
}

func (r *csvReader) bare() string {
	n := strings.IndexAny(r.text, r.stops)
	if n < 0 {
		n = len(r.text)
	}
	field := r.text[:n]
	r.text = r.text[n:]
	return field
}

// readCSV returns the rows of a text and the delimiter it was split by: the one that finds most of
// the headers, the comma if none does.
func readCSV(ctx context.Context, text string, spec Spec) ([]line, byte, error) {
	best, most := byte(','), 0
	for _, delimiter := range []byte{',', '\t', ';'} {
		if n := countHeaders(text, delimiter, spec); n > most {
			best, most = delimiter, n
		}
	}
	r := newCSVReader(text, best)
	var lines []line
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		fields, ok, err := r.next()
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			return lines, best, nil
		}
		l := line{number: r.number, cells: make([]cell, 0, min(len(fields), MaxColumns))}
		if err := l.fill(fields); err != nil {
			return nil, 0, err
		}
		if l.blank() {
			continue
		}
		lines = append(lines, l)
		if len(lines) > spec.maxRows()+headerSearchRows {
			return nil, 0, refuse("文件超过 %d 行，请分批导入", spec.maxRows())
		}
	}
}

// fill sets the cells of l up to the last one that is not empty.
func (l *line) fill(fields []string) error {
	last := len(fields)
	for last > 0 && (fields[last-1] == "" || last > MaxColumns && isBlank(fields[last-1])) {
		last--
	}
	if last > MaxColumns {
		return refuse("第 %d 行超过 %d 列，请删去多余的列", l.number, MaxColumns)
	}
	for _, f := range fields[:last] {
		if tooLong(f) {
			return refuse("第 %d 行有单元格超过 %d 字", l.number, MaxCellChars)
		}
		l.cells = append(l.cells, cell{text: unguard(Clean(f))})
	}
	return nil
}

func countHeaders(text string, delimiter byte, spec Spec) int {
	r := newCSVReader(text, delimiter)
	words, most := spec.headers(), 0
	for range headerSearchRows {
		fields, ok, err := r.next()
		if !ok || err != nil {
			break
		}
		found := map[int]bool{}
		for _, f := range fields {
			if i, ok := words[foldTitle(f)]; ok {
				found[i] = true
			}
		}
		most = max(most, len(found))
	}
	return most
}

// tooLong reports whether s has more than MaxCellChars UTF-16 units.
func tooLong(s string) bool { return charsOver(s, MaxCellChars) }

func charsOver(s string, limit int) bool {
	if len(s) <= limit {
		return false
	}
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
		if n > limit {
			return true
		}
	}
	return false
}
