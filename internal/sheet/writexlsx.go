package sheet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

const (
	guideTitle   = "填写说明"
	choicesTitle = "可选值"

	maxSheetName  = 31
	maxFooterText = 100 // Excel allows 255 units with all codes of the footer
	titleRow      = 1
	formatText    = 49 // built-in number formats of the file format
	formatMoney   = 4  // #,##0.00
	formatInteger = 1  // 0
)

// book is an XLSX being written, with the styles its cells use.
type book struct {
	file                                           *excelize.File
	name                                           string
	header, text, guarded, integer, money, dateFmt int
}

// newBook returns a workbook with one empty sheet. Close must be called: large sheets lie in
// temporary files until then.
func newBook(title string) (*book, error) {
	b := &book{file: excelize.NewFile(), name: sheetName(title)}
	if err := b.file.SetSheetName("Sheet1", b.name); err != nil {
		return nil, err
	}
	dateFormat := "yyyy-mm-dd"
	styles := []struct {
		id    *int
		style excelize.Style
	}{
		{&b.header, excelize.Style{
			NumFmt: formatText,
			Font:   &excelize.Font{Bold: true},
			Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		}},
		{&b.text, excelize.Style{NumFmt: formatText}},
		{&b.integer, excelize.Style{NumFmt: formatInteger}},
		{&b.money, excelize.Style{NumFmt: formatMoney}},
		{&b.dateFmt, excelize.Style{CustomNumFmt: &dateFormat}},
		// A style of its own, since equal styles share an id and the prefix is set below.
		{&b.guarded, excelize.Style{NumFmt: formatText, Font: &excelize.Font{Color: "1F1F1F"}}},
	}
	for _, s := range styles {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	quotePrefix := true
	b.file.Styles.CellXfs.Xf[b.guarded].QuotePrefix = &quotePrefix
	return b, nil
}

func writeXLSX(ctx context.Context, w io.Writer, spec Spec, rows iter.Seq2[[]any, error],
	meta Meta) (int, error) {
	b, err := newBook(i18n.T(ctx, spec.Title))
	if err != nil {
		return 0, err
	}
	defer b.file.Close()
	if err := b.stamp(ctx, meta); err != nil {
		return 0, err
	}
	sw, err := b.startSheet(ctx, spec)
	if err != nil {
		return 0, err
	}
	row := make([]any, len(spec.Columns))
	at, cut := titleRow, 0
	n, err := export(ctx, spec, rows, func(cells []out) error {
		at++
		for i, x := range cells {
			short, wasCut := fit(x.text)
			if wasCut {
				cut++
			}
			row[i] = b.cell(spec.Columns[i].Kind, out{x.kind, short})
		}
		return sw.SetRow("A"+strconv.Itoa(at), row)
	})
	if err != nil {
		return n, err
	}
	if err := sw.Flush(); err != nil {
		return n, err
	}
	if err := b.note(ctx, meta.note(ctx, n), cut); err != nil {
		return n, err
	}
	return n, b.file.Write(w)
}

// cell returns what excelize writes for a value. A text is always a text cell.
func (b *book) cell(kind Kind, x out) any {
	switch {
	case x.text == "":
		return nil
	case x.kind == outNumber:
		number, _ := strconv.ParseFloat(x.text, 64)
		style := b.integer
		switch kind {
		case Money:
			style = b.money
		case Text, Code:
			style = 0
		}
		return excelize.Cell{StyleID: style, Value: number}
	case x.kind == outDate:
		if serial, ok := dateSerial(x.text); ok {
			return excelize.Cell{StyleID: b.dateFmt, Value: serial}
		}
	case guarded(x.text):
		return excelize.Cell{StyleID: b.guarded, Value: plainText(x.text)}
	}
	return excelize.Cell{StyleID: b.text, Value: plainText(x.text)}
}

// plainText keeps texts that look like the _xHHHH_ notation of control characters as they are.
// excelize escapes them, but not where two overlap; cut in the middle into two runs, each is no
// such notation and needs no escape.
func plainText(s string) any {
	if !strings.Contains(s, "_x") {
		return s
	}
	var runs []excelize.RichTextRun
	for {
		n := strings.Index(s, "_x")
		if n < 0 {
			return append(runs, excelize.RichTextRun{Text: s})
		}
		runs = append(runs, excelize.RichTextRun{Text: s[:n+1]})
		s = s[n+1:]
	}
}

// fit cuts a text to what a cell can hold and marks it with an ellipsis.
func fit(s string) (string, bool) {
	if !tooLong(s) {
		return s, false
	}
	n := 0
	for i, r := range s {
		n += 1
		if r > 0xFFFF {
			n++
		}
		if n > MaxCellChars-1 {
			return s[:i] + "…", true
		}
	}
	return s, false
}

// startSheet writes what stands above the rows: widths, the frozen header and the titles.
func (b *book) startSheet(ctx context.Context, spec Spec) (*excelize.StreamWriter, error) {
	sw, err := b.file.NewStreamWriter(b.name)
	if err != nil {
		return nil, err
	}
	titles := make([]any, len(spec.Columns))
	// From the last column on: excelize puts each width before the ones it has.
	for i, c := range slices.Backward(spec.Columns) {
		title := i18n.T(ctx, c.Title)
		if err := sw.SetColWidth(i+1, i+1, c.width(title)); err != nil {
			return nil, err
		}
		titles[i] = excelize.Cell{StyleID: b.header, Value: Clean(title)}
	}
	if err := sw.SetPanes(frozenHeader()); err != nil {
		return nil, err
	}
	return sw, sw.SetRow("A"+strconv.Itoa(titleRow), titles)
}

func frozenHeader() *excelize.Panes {
	return &excelize.Panes{Freeze: true, YSplit: titleRow, TopLeftCell: "A2",
		ActivePane: "bottomLeft"}
}

// width returns the width of a column in characters; a Han character takes two.
func (c Column) width(title string) float64 {
	if c.Width > 0 {
		return float64(min(c.Width, 100))
	}
	return float64(min(max(10, 2*utf8.RuneCountInString(title)+2), 60))
}

// stamp puts who and when into the document properties and under each printed page. An ampersand
// starts a code in a footer and is doubled.
func (b *book) stamp(ctx context.Context, meta Meta) error {
	line := i18n.T(ctx, "导出人 %s，导出时间 %s", Clean(meta.By), meta.stamp())
	at := meta.At.UTC().Format(time.RFC3339)
	err := b.file.SetDocProps(&excelize.DocProperties{
		Creator: Clean(meta.By), LastModifiedBy: Clean(meta.By), Title: Clean(meta.Title),
		Description: line, Created: at, Modified: at,
	})
	if err != nil {
		return err
	}
	if r := []rune(line); len(r) > maxFooterText {
		line = string(r[:maxFooterText])
	}
	footer := "&L" + strings.ReplaceAll(line, "&", "&&") + "&R&P / &N"
	return b.file.SetHeaderFooter(b.name, &excelize.HeaderFooterOptions{OddFooter: footer})
}

// note adds the sheet that says who exported what, when and with which filter.
func (b *book) note(ctx context.Context, lines [][2]string, cut int) error {
	if cut > 0 {
		lines = append(lines, [2]string{i18n.T(ctx, "截断说明"),
			i18n.T(ctx, "%d 个单元格超过 %d 字，已在末尾截断", cut, MaxCellChars)})
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = l[:]
	}
	return b.addSheet(i18n.T(ctx, exportNoteTitle), []float64{16, 80}, rows)
}

// addSheet adds a sheet of texts.
func (b *book) addSheet(title string, widths []float64, rows [][]string) error {
	name := sheetName(title)
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	for i, w := range widths {
		if err := b.file.SetColWidth(name, columnName(i), columnName(i), w); err != nil {
			return err
		}
	}
	for y, row := range rows {
		for x, text := range row {
			at := fmt.Sprintf("%s%d", columnName(x), y+1)
			text, _ = fit(text)
			if err := b.file.SetCellStr(name, at, text); err != nil {
				return err
			}
			style := b.text
			if guarded(text) {
				style = b.guarded
			}
			if err := b.file.SetCellStyle(name, at, at, style); err != nil {
				return err
			}
		}
	}
	return nil
}

// sheetName makes a title fit for the name of a sheet: 31 characters, none of []:*?/\.
func sheetName(title string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return -1
		}
		return r
	}, Clean(title)), "' \t\r\n")
	if r := []rune(name); len(r) > maxSheetName {
		name = string(r[:maxSheetName])
	}
	if name == "" {
		return "Sheet1"
	}
	return name
}
