package sheet

import (
	"context"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// worksheet collects the rows of one sheet. It sees the tokens of the sheet in order; merged
// ranges stand after the rows.
type worksheet struct {
	book    *workbook
	maxRows int // rows with content that are still taken
	lines   []line
	merges  []area

	inData bool
	row    int
	cells  [MaxColumns]cell
	used   int // cells of the row, up to the last one that is not empty

	column             int
	kind               string
	style              style
	formula, hasResult bool
	inValue            bool
	value              []byte
	inline             richText
}

// area is a range of cells, rows from 1 and columns from 0, all inclusive.
type area struct{ top, left, bottom, end int }

func (w *workbook) readSheet(ctx context.Context, part string, spec Spec) (*worksheet, error) {
	ws := &worksheet{book: w, maxRows: spec.maxRows()}
	if err := w.eachToken(ctx, part, ws.token); err != nil {
		return nil, refuseXML(err)
	}
	if err := ws.markMerged(); err != nil {
		return nil, refuseXML(err)
	}
	return ws, nil
}

func (ws *worksheet) token(t xml.Token) error {
	if ws.kind == "inlineStr" {
		ws.inline.token(t)
	}
	switch e := t.(type) {
	case xml.CharData:
		if ws.inValue && len(ws.value) <= maxCellBytes {
			ws.value = append(ws.value, e...)
		}
	case xml.StartElement:
		return ws.start(e)
	case xml.EndElement:
		return ws.end(e.Name.Local)
	}
	return nil
}

func (ws *worksheet) start(e xml.StartElement) error {
	switch {
	case e.Name.Local == "sheetData":
		ws.inData = true
	case e.Name.Local == "mergeCell":
		return ws.merge(attr(e, "ref"))
	case !ws.inData:
	case e.Name.Local == "row":
		return ws.startRow(attr(e, "r"))
	case e.Name.Local == "c":
		return ws.startCell(e)
	case e.Name.Local == "f":
		ws.formula = true
	case e.Name.Local == "v":
		ws.hasResult, ws.inValue = true, true
	}
	return nil
}

func (ws *worksheet) end(name string) error {
	switch {
	case !ws.inData:
	case name == "sheetData":
		ws.inData = false
	case name == "row":
		return ws.endRow()
	case name == "c":
		return ws.endCell()
	case name == "v":
		ws.inValue = false
	}
	return nil
}

// startRow takes the number of the row from the file; a row without one follows the last.
func (ws *worksheet) startRow(ref string) error {
	next := ws.row + 1
	if ref != "" {
		var err error
		if next, err = strconv.Atoi(ref); err != nil {
			return errXML
		}
	}
	if next <= ws.row || next > maxSheetRow {
		return errXML
	}
	clear(ws.cells[:ws.used])
	ws.row, ws.used, ws.column = next, 0, -1
	return nil
}

func (ws *worksheet) startCell(e xml.StartElement) error {
	column := ws.column + 1
	if ref := attr(e, "r"); ref != "" {
		var err error
		if column, _, err = parseRef(ref); err != nil {
			return err
		}
	}
	if column <= ws.column || ws.row == 0 {
		return errXML
	}
	ws.column, ws.kind, ws.style = column, attr(e, "t"), style{}
	ws.formula, ws.hasResult, ws.inValue, ws.value = false, false, false, ws.value[:0]
	ws.inline.take()
	if n, err := strconv.Atoi(attr(e, "s")); err == nil && n >= 0 && n < len(ws.book.styles) {
		ws.style = ws.book.styles[n]
	}
	return nil
}

// endCell stores the cell unless there is nothing in it.
func (ws *worksheet) endCell() error {
	c, err := ws.cell()
	ws.kind = ""
	if err != nil || c == (cell{}) {
		return err
	}
	if ws.column >= MaxColumns {
		if c.empty() {
			return nil
		}
		return refuse("第 %d 行超过 %d 列，请删去多余的列", ws.row, MaxColumns)
	}
	if tooLong(c.text) {
		return refuse("第 %d 行有单元格超过 %d 字", ws.row, MaxCellChars)
	}
	ws.cells[ws.column], ws.used = c, ws.column+1
	return nil
}

// cell returns the cell that was just read, by its type.
func (ws *worksheet) cell() (cell, error) {
	value := string(ws.value)
	switch {
	case ws.formula && !ws.hasResult:
		return cell{mark: markNoResult}, nil
	case ws.kind == "inlineStr":
		return ws.textCell(Clean(ws.inline.take()))
	case value == "":
		return cell{}, nil
	}
	switch ws.kind {
	case "s":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n >= len(ws.book.shared) {
			return cell{}, errXML
		}
		return ws.textCell(ws.book.shared[n])
	case "str":
		return ws.textCell(Clean(decodeControls(value)))
	case "b":
		if value == "1" || value == "true" {
			return cell{text: "TRUE"}, nil
		}
		return cell{text: "FALSE"}, nil
	case "e":
		return cell{Clean(value), markError}, nil
	case "d":
		value = strings.Replace(Clean(value), "T", " ", 1)
		return cell{text: strings.TrimSuffix(value, " 00:00:00")}, nil
	}
	n, ok := numberText(strings.TrimSpace(value), ws.style, ws.book.date1904)
	if !ok {
		return cell{Clean(value), markError}, nil
	}
	return n, nil
}

// textCell takes the apostrophe off that a guarded text carries when it came by way of a CSV.
func (ws *worksheet) textCell(text string) (cell, error) {
	if !ws.style.quotePrefix {
		text = unguard(text)
	}
	if ws.kind == "s" {
		return cell{text: text}, nil // counted when the shared strings were read
	}
	return cell{text: text}, ws.book.count(len(text))
}

// endRow keeps the row if it has content.
func (ws *worksheet) endRow() error {
	l := line{ws.row, ws.cells[:ws.used]}
	if l.blank() {
		return nil
	}
	if len(ws.lines) >= ws.maxRows+headerSearchRows {
		return refuse("文件超过 %d 行，请分批导入", ws.maxRows)
	}
	l.cells = slices.Clone(l.cells)
	ws.lines = append(ws.lines, l)
	return nil
}

func (ws *worksheet) merge(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return nil
	}
	var a area
	var err error
	if a.left, a.top, err = parseRef(from); err != nil {
		return err
	}
	if a.end, a.bottom, err = parseRef(to); err != nil {
		return err
	}
	if len(ws.merges) == maxMerges {
		return errTooMuch
	}
	ws.merges = append(ws.merges, a)
	return nil
}

// markMerged marks the cells that a merged range covers, other than the one that shows its value.
// Only rows with content are marked.
func (ws *worksheet) markMerged() error {
	work := 0
	for _, a := range ws.merges {
		if a.left >= MaxColumns {
			continue
		}
		i, _ := slices.BinarySearchFunc(ws.lines, a.top, func(l line, row int) int {
			return l.number - row
		})
		for ; i < len(ws.lines) && ws.lines[i].number <= a.bottom; i++ {
			l := &ws.lines[i]
			for column := a.left; column <= min(a.end, MaxColumns-1); column++ {
				if work++; work > maxMergedCells {
					return errTooMuch
				}
				if l.number == a.top && column == a.left {
					continue
				}
				for len(l.cells) <= column {
					l.cells = append(l.cells, cell{})
				}
				l.cells[column].mark = markMerged
			}
		}
	}
	return nil
}

// parseRef reads a cell name such as AB12: the column from 0 and the row from 1.
func parseRef(ref string) (int, int, error) {
	column, i := 0, 0
	for ; i < len(ref) && i < 3 && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'; i++ {
		column = column*26 + int(ref[i]|0x20-'a') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	if i == 0 || err != nil || row < 1 || row > maxSheetRow {
		return 0, 0, errXML
	}
	return column - 1, row, nil
}
