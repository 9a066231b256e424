package sheet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Meta says who exported what and when. It is written into the file as its watermark: in CSV as
// the last row, in XLSX as a second sheet, in the document properties and at the foot of each
// printed page.
type Meta struct {
	Title  string // what it is, in words, for people
	By     string // who exported it: name and log-in
	At     time.Time
	Filter string // the filter of the list in words, "" for everything
}

// exportNoteMark and exportNoteTitle start the last row of a CSV, by which Read knows it.
const (
	exportNoteMark  = "※ "
	exportNoteTitle = "导出说明"
	problemTitle    = "问题（重新导入时忽略本列）"
)

// Write writes rows as a file and returns how many there were. Each row has a value for each
// column of spec: a string of any named type, an integer (fen in a Money column), a float64, a
// bool, a time.Time or nil. See the package comment for what happens to formulas.
//
// The first error of rows or of ctx ends it. An XLSX is written to w only when all rows have come;
// of a CSV part may have been written by then.
func Write(ctx context.Context, w io.Writer, f Format, spec Spec, rows iter.Seq2[[]any, error],
	meta Meta) (int, error) {
	if f == CSV {
		return writeCSV(ctx, w, spec, rows, meta)
	}
	return writeXLSX(ctx, w, spec, rows, meta)
}

// Template writes an empty table for people to fill in.
func Template(ctx context.Context, w io.Writer, f Format, spec Spec) error {
	if f == CSV {
		c := csvWriter{w: bufio.NewWriter(w)}
		c.header(ctx, spec)
		return c.w.Flush()
	}
	return writeTemplate(ctx, w, spec)
}

// Report writes all rows of a table as XLSX with a column in front that says what is wrong in
// each, so that a person can correct the file and send it again: Read ignores that column. Only
// the kept problems are written; the sheet 导出说明 counts all.
func (t *Table) Report(ctx context.Context, w io.Writer, ps *Problems, meta Meta) error {
	spec := Spec{Name: t.spec.Name, Title: t.spec.Title}
	spec.Columns = append(spec.Columns, Column{Key: "problem", Title: problemTitle, Width: 40})
	for i := range t.widest() {
		title := ""
		if i < len(t.header.cells) {
			title = t.header.cells[i].text
		}
		spec.Columns = append(spec.Columns, Column{Key: columnName(i), Title: title})
	}
	words := map[int][]string{}
	for _, p := range ps.Kept {
		what := i18n.T(ctx, p.Key, p.Args...)
		if p.Column != "" {
			what = i18n.T(ctx, "“%s”：%s", i18n.Key(p.Title), what)
		}
		words[p.Row] = append(words[p.Row], what)
	}
	if ps.Total > len(ps.Kept) {
		meta.Filter = i18n.T(ctx, "共 %d 处问题，本表列出前 %d 处", ps.Total, len(ps.Kept))
	}
	rows := func(yield func([]any, error) bool) {
		for _, l := range t.lines {
			row := make([]any, len(spec.Columns))
			row[0] = strings.Join(words[l.number], "\n")
			for i, c := range l.cells {
				row[i+1] = c.text
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	_, err := writeXLSX(ctx, w, spec, rows, meta)
	return err
}

func (t *Table) widest() int {
	n := len(t.header.cells)
	for _, l := range t.lines {
		n = max(n, len(l.cells))
	}
	return n
}

// export walks rows, with the limits that hold for both formats, and renders each.
func export(ctx context.Context, spec Spec, rows iter.Seq2[[]any, error],
	write func(cells []out) error) (int, error) {
	n := 0
	cells := make([]out, len(spec.Columns))
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, err
		}
		if len(row) != len(spec.Columns) {
			return n, fmt.Errorf("write %s: row %d has %d values for %d columns",
				spec.Name, n+1, len(row), len(spec.Columns))
		}
		if n == MaxExportRows {
			return n, fault.New(fault.Invalid, "导出超过 %d 行，请先筛选", MaxExportRows)
		}
		for i, v := range row {
			if cells[i], err = render(ctx, spec.Columns[i], v); err != nil {
				return n, fmt.Errorf("write %s row %d: %w", spec.Name, n+1, err)
			}
		}
		if err := write(cells); err != nil {
			return n, err
		}
		n++
	}
	return n, ctx.Err()
}

// note returns the lines of the watermark, each a name and a value.
func (m Meta) note(ctx context.Context, rows int) [][2]string {
	filter := m.Filter
	if filter == "" {
		filter = i18n.T(ctx, "未筛选")
	}
	return [][2]string{
		{i18n.T(ctx, "导出内容"), Clean(m.Title)},
		{i18n.T(ctx, "导出人"), Clean(m.By)},
		{i18n.T(ctx, "导出时间"), m.stamp()},
		{i18n.T(ctx, "筛选条件"), Clean(filter)},
		{i18n.T(ctx, "导出行数"), fmt.Sprint(rows)},
	}
}

func (m Meta) stamp() string { return m.At.In(clock.Shanghai).Format(time.DateTime) }

func isExportNote(l line) bool {
	if len(l.cells) != 1 {
		return false
	}
	note, ok := strings.CutPrefix(l.cells[0].text, exportNoteMark)
	return ok && (strings.HasPrefix(note, exportNoteTitle) ||
		strings.HasPrefix(note, i18n.Text(i18n.EN, exportNoteTitle)))
}

// isOwnSheet reports whether Write or Template made the sheet beside the data.
func isOwnSheet(name string) bool {
	for _, own := range []string{exportNoteTitle, guideTitle, choicesTitle} {
		if name == own || name == i18n.Text(i18n.EN, own) {
			return true
		}
	}
	return false
}

func isProblemTitle(header string) bool {
	word := foldTitle(header)
	return word == foldTitle(problemTitle) || word == foldTitle(i18n.Text(i18n.EN, problemTitle))
}

// csvWriter writes RFC 4180: commas, CRLF, quotes where needed.
type csvWriter struct{ w *bufio.Writer }

func writeCSV(ctx context.Context, w io.Writer, spec Spec, rows iter.Seq2[[]any, error],
	meta Meta) (int, error) {
	c := csvWriter{w: bufio.NewWriter(w)}
	c.header(ctx, spec)
	fields := make([]string, len(spec.Columns))
	n, err := export(ctx, spec, rows, func(cells []out) error {
		for i, x := range cells {
			fields[i] = x.text
			if x.kind == outText {
				fields[i] = Guard(x.text)
			}
		}
		return c.record(fields)
	})
	if err != nil {
		return n, err
	}
	note := exportNoteMark + i18n.T(ctx, exportNoteTitle)
	for _, l := range meta.note(ctx, n) {
		note += " · " + l[0] + " " + l[1]
	}
	clear(fields)
	fields[0] = note
	if err := c.record(fields); err != nil {
		return n, err
	}
	return n, c.w.Flush()
}

// header writes the byte order mark, without which Excel takes UTF-8 for GB18030, and the titles.
func (c csvWriter) header(ctx context.Context, spec Spec) {
	c.w.WriteString("\uFEFF")
	fields := make([]string, len(spec.Columns))
	for i, column := range spec.Columns {
		fields[i] = Guard(i18n.T(ctx, column.Title))
	}
	c.record(fields)
}

// record returns the first error of the underlying writer, also one of an earlier call.
func (c csvWriter) record(fields []string) error {
	for i, f := range fields {
		if i > 0 {
			c.w.WriteByte(',')
		}
		if strings.ContainsAny(f, ",;\t\"\r\n") {
			f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		c.w.WriteString(f)
	}
	_, err := c.w.WriteString("\r\n")
	return err
}
