package sheet

import (
	"context"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Facts says how a file was read, for the person who sent it.
type Facts struct {
	Format    Format
	Encoding  string // of a CSV: UTF-8, UTF-8 BOM, UTF-16 or GB18030
	Delimiter string // of a CSV
	Sheet     string // of an XLSX: the sheet that was read
	HeaderRow int    // as Excel shows it
	Rows      int    // rows with content below the header
	Ignored   []string
	Notices   []Notice
}

// Notice is something the sender should know that is no error.
type Notice struct {
	Key  string
	Args []any
}

// Text returns the notice in words.
func (n Notice) Text(l i18n.Lang) string { return i18n.Text(l, n.Key, n.Args...) }

// Table is a file that has been read whole. It may be walked more than once and is safe for
// concurrent use.
type Table struct {
	Facts   Facts
	spec    Spec
	header  line
	lines   []line
	columns map[string]int // Column.Key to position in the spec
	source  []int          // position in the spec to position in the file, -1 when absent
}

// Read reads a table. The name of the file is only compared with the content, which decides.
//
// The file must have all required columns, no column twice and no merged header cells; columns the
// spec does not know are named in Facts.Ignored. Errors: fault.Invalid at FieldFile in words for
// whatever is wrong with the file, the context's error, or the reader's.
func Read(ctx context.Context, name string, r io.Reader, spec Spec) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFileBytes {
		return nil, refuse("文件超过 %d MB", MaxFileBytes>>20)
	}
	format, refused := sniff(data)
	if refused != nil {
		return nil, refused
	}
	t := &Table{Facts: Facts{Format: format}, spec: spec}
	if want := named(path.Base(name)); want != "" && want != format {
		t.notice("文件名是 %s，内容其实是 %s，已按内容读取", path.Ext(name), strings.ToUpper(string(format)))
	}
	if format == XLSX {
		err = t.readXLSX(ctx, data)
	} else {
		err = t.readCSV(ctx, data)
	}
	if err != nil {
		return nil, err
	}
	if err := t.findHeader(); err != nil {
		return nil, err
	}
	if len(t.lines) > spec.maxRows() {
		return nil, refuse("文件超过 %d 行，请分批导入", spec.maxRows())
	}
	t.Facts.Rows = len(t.lines)
	return t, nil
}

func (t *Table) notice(key string, args ...any) {
	t.Facts.Notices = append(t.Facts.Notices, Notice{key, args})
}

func (t *Table) readCSV(ctx context.Context, data []byte) error {
	text, encoding, refused := decodeText(data)
	if refused == nil {
		refused = refuseMarkup(text)
	}
	if refused != nil {
		return refused
	}
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		t.notice("文件里有 %d 个“�”，是以前转换编码时丢失的文字，请核对", n)
	}
	lines, delimiter, err := readCSV(ctx, text, t.spec)
	t.lines = lines
	t.Facts.Encoding, t.Facts.Delimiter = encoding, string(delimiter)
	t.notice("按 %s 读取", encoding)
	return err
}

func (t *Table) readXLSX(ctx context.Context, data []byte) error {
	book, err := openWorkbook(ctx, data)
	if err != nil {
		return err
	}
	if book.macros {
		t.notice("文件含有宏；只读取数据，宏不会运行")
	}
	ref, ok := book.choose(t.spec)
	if !ok {
		return refuse("文件里没有工作表")
	}
	ws, err := book.readSheet(ctx, ref.part, t.spec)
	if err != nil {
		return err
	}
	t.lines, t.Facts.Sheet = ws.lines, ref.name
	var others []string
	for _, s := range book.sheets {
		if s != ref && !s.hidden && !isOwnSheet(s.name) {
			others = append(others, s.name)
		}
	}
	if len(others) > 0 {
		t.notice("只读取了工作表“%s”，未读取：%s", ref.name, strings.Join(others, "、"))
	}
	return nil
}

// choose picks the sheet to read: the one named like the table, else the first visible one.
func (w *workbook) choose(spec Spec) (sheetRef, bool) {
	for _, s := range w.sheets {
		if s.name == sheetName(spec.Title) || s.name == sheetName(i18n.Text(i18n.EN, spec.Title)) {
			return s, true
		}
	}
	for _, s := range w.sheets {
		if !s.hidden {
			return s, true
		}
	}
	return sheetRef{}, false
}

// findHeader takes as header the one of the first rows that names most columns of the spec.
func (t *Table) findHeader() error {
	words, best, most := t.spec.headers(), -1, 0
	for i := range min(len(t.lines), headerSearchRows) {
		found := map[int]bool{}
		for _, c := range t.lines[i].cells {
			if column, ok := words[foldTitle(c.text)]; ok {
				found[column] = true
			}
		}
		if len(found) > most {
			best, most = i, len(found)
		}
	}
	if best < 0 {
		return refuse(NoHeader)
	}
	t.header = t.lines[best]
	t.Facts.HeaderRow = t.header.number
	t.lines = slices.DeleteFunc(t.lines[best+1:], isExportNote)
	return t.mapColumns(words)
}

// mapColumns binds the columns of the file to those of the spec and refuses what is unclear.
func (t *Table) mapColumns(words map[string]int) error {
	t.columns, t.source = map[string]int{}, make([]int, len(t.spec.Columns))
	for i, c := range t.spec.Columns {
		t.columns[c.Key], t.source[i] = i, -1
	}
	var wrong []fault.Field
	for i, c := range t.header.cells {
		column, ok := words[foldTitle(c.text)]
		switch {
		case c.mark == markMerged:
			wrong = append(wrong, fault.At(FieldFile, "表头单元格 %s%d 是合并单元格，请取消合并",
				columnName(i), t.header.number))
		case ok && t.source[column] >= 0:
			wrong = append(wrong, fault.At(FieldFile, "“%s”列出现了两次：%s 列和 %s 列",
				i18n.Key(t.spec.Columns[column].Title), columnName(t.source[column]),
				columnName(i)))
		case ok:
			t.source[column] = i
		case strings.TrimSpace(c.text) != "" && !isProblemTitle(c.text):
			t.Facts.Ignored = append(t.Facts.Ignored, strings.TrimSpace(c.text))
		}
	}
	for i, c := range t.spec.Columns {
		if c.Required && t.source[i] < 0 {
			wrong = append(wrong, fault.At(FieldFile, "缺少必填的列“%s”", i18n.Key(c.Title)))
		}
	}
	t.noticeNameless()
	if len(wrong) == 1 {
		return refuse(wrong[0].Key, wrong[0].Args...)
	}
	return fault.Fields(wrong...)
}

// noticeNameless names the columns that hold data under an empty header; they are not read.
func (t *Table) noticeNameless() {
	var filled [MaxColumns]bool
	for _, l := range t.lines {
		for i, c := range l.cells {
			filled[i] = filled[i] || !c.empty()
		}
	}
	for i, has := range filled {
		beyond := i >= len(t.header.cells)
		if has && (beyond && t.Facts.Format == XLSX || !beyond && t.header.cells[i].empty()) {
			t.notice("%s 列有内容但没有表头，未读取", columnName(i))
		}
	}
}

// Len returns the number of rows.
func (t *Table) Len() int { return len(t.lines) }

// Has reports whether the file has the column with the given key.
func (t *Table) Has(key string) bool { return t.source[t.columns[key]] >= 0 }

// Rows walks the rows and reports progress every hundred rows and at the end; progress may be nil.
// When ctx ends, its error is yielded and the walk stops.
func (t *Table) Rows(ctx context.Context, progress func(done, total int)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i := range t.lines {
			if err := ctx.Err(); err != nil {
				yield(Row{}, err)
				return
			}
			if progress != nil && i%100 == 0 {
				progress(i, len(t.lines))
			}
			if !yield(t.row(t.lines[i]), nil) {
				return
			}
		}
		if progress != nil {
			progress(len(t.lines), len(t.lines))
		}
	}
}

// row checks a line against the spec.
func (t *Table) row(l line) Row {
	r := Row{Number: l.number, table: t, cells: l.cells}
	if extra := t.extraCells(l); extra > 0 {
		r.Problems = append(r.Problems, Problem{Row: l.number,
			Key: "这一行比表头多出 %d 列，请检查引号和分隔符", Args: []any{extra}})
	}
	for i, c := range t.spec.Columns {
		if t.source[i] < 0 {
			continue
		}
		x := r.cell(i)
		var m message
		if !x.empty() {
			m = c.check(x)
		} else if c.Required {
			m = message{"必填", nil}
		}
		if m.key != "" {
			r.Problems = append(r.Problems, r.Problem(c.Key, m.key, m.args...))
		}
	}
	return r
}

// extraCells counts the cells of a CSV row beyond the header: a sign of a stray delimiter, which
// shifts all cells behind it. In an XLSX such cells are remarks beside the table.
func (t *Table) extraCells(l line) int {
	beyond := len(t.header.cells)
	if t.Facts.Format != CSV || len(l.cells) <= beyond || (line{cells: l.cells[beyond:]}).blank() {
		return 0
	}
	return len(l.cells) - beyond
}

// Row is one row with what its cells say. The methods take the key of a column of the spec; any
// other key is a mistake in the program and panics. Int, Fen, Date, Choice and Bool return the zero
// value for a cell that is empty or that Problems names.
type Row struct {
	Number   int       // as Excel shows it
	Problems []Problem // what the spec says is wrong in it

	table *Table
	cells []cell
}

func (r Row) cell(column int) cell {
	i := r.table.source[column]
	if i < 0 || i >= len(r.cells) {
		return cell{}
	}
	return r.cells[i]
}

func (r Row) find(key string) (Column, cell) {
	i, ok := r.table.columns[key]
	if !ok {
		panic("sheet: no column " + key + " in " + r.table.spec.Name)
	}
	return r.table.spec.Columns[i], r.cell(i)
}

// Problem returns a problem of this row at a column; key is the message, an i18n key.
func (r Row) Problem(column, key string, args ...any) Problem {
	c, _ := r.find(column)
	return Problem{Row: r.Number, Column: c.Key, Title: c.Title, Key: key, Args: args}
}

// Raw returns the text of a cell as it stands in the file.
func (r Row) Raw(key string) string {
	_, x := r.find(key)
	return x.text
}

// Text returns the text of a cell without outer blanks, a Code also in half width.
func (r Row) Text(key string) string {
	c, x := r.find(key)
	if c.Kind == Code {
		return c.code(x.text)
	}
	return strings.TrimSpace(x.text)
}

// Int returns the number in an Integer column.
func (r Row) Int(key string) int64 {
	n, _ := parseInteger(r.Text(key))
	return n
}

// Fen returns the amount in a Money column.
func (r Row) Fen(key string) money.Fen {
	c, _ := r.find(key)
	amount, err := money.Parse(r.Text(key), c.Unit)
	if err != nil {
		return 0
	}
	return amount
}

// Date returns the day in a Date column, "" when it is empty or wrong.
func (r Row) Date(key string) clock.Date {
	if day, ok := parseDate(r.Text(key)); ok {
		return day
	}
	return ""
}

// Choice returns the value of a Choice column as it stands in Column.Choices.
func (r Row) Choice(key string) string {
	c, _ := r.find(key)
	v, _ := c.choice(r.Text(key))
	return v
}

// Bool returns whether a Bool column says yes.
func (r Row) Bool(key string) bool {
	yes, _ := parseBool(r.Text(key))
	return yes
}
