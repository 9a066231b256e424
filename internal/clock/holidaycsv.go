package clock

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// The columns of a file of holidays.
const (
	ColumnDay    = "day"    // 2026-02-17
	ColumnKind   = "kind"   // off or work
	ColumnName   = "name"   // 春节
	ColumnSource = "source" // 国办发明电〔2025〕7号
)

// The values of the column kind.
const (
	kindOff  = "off"
	kindWork = "work"
)

// maxHolidayRows bounds a file of holidays; a year has about forty rows.
const maxHolidayRows = 1000

// holidays.csv holds the arrangements of 2024, 2025 and 2026 as the General Office of the State
// Council published them (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号). That of 2027 was not to be
// had when the file was made; it is imported like every later year.
//
//go:embed holidays.csv
var files embed.FS

// Published returns the calendar of the arrangements that ship with the program.
var Published = sync.OnceValue(func() *Calendar {
	text, err := files.ReadFile("holidays.csv")
	if err != nil {
		panic(err) // embedded
	}
	holidays, err := ReadHolidays(strings.NewReader(string(text)))
	if err != nil {
		panic(err) // held by a test
	}
	byYear := map[int][]Holiday{}
	for _, h := range holidays {
		byYear[h.Day.year()] = append(byYear[h.Day.year()], h)
	}
	c := &Calendar{}
	for year, list := range byYear {
		c = c.With(year, list)
	}
	return c
})

// ParseHolidays reads and checks the arrangement of one year from a UTF-8 CSV file with the columns
// day, kind (off or work), name and source. The error is a fault.Invalid with one field per wrong
// cell, called "row 3 · day" with rows counted as in the file.
func ParseHolidays(r io.Reader, year int) ([]Holiday, error) {
	holidays, err := ReadHolidays(r)
	if err != nil {
		return nil, err
	}
	if err := CheckHolidays(year, holidays, HolidayField); err != nil {
		return nil, err
	}
	return holidays, nil
}

// HolidayField names a cell of the i-th holiday of a file, whose first row is its header.
func HolidayField(i int, column string) string { return fmt.Sprintf("row %d · %s", i+2, column) }

// ReadHolidays reads rows of holidays without asking which year they arrange. The error is a
// fault.Invalid that names the row of a line that is no row of holidays.
func ReadHolidays(r io.Reader) ([]Holiday, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		return nil, unreadable(1, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	want := []string{ColumnDay, ColumnKind, ColumnName, ColumnSource}
	if strings.Join(header, ",") != strings.Join(want, ",") {
		return nil, fault.Fields(fault.At("row 1", "表头应为 %s", strings.Join(want, ",")))
	}
	var out []Holiday
	var wrong []fault.Field
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, fault.Fields(wrong...)
		}
		line := len(out) + 2
		if err != nil {
			return nil, unreadable(line, err)
		}
		if len(out) == maxHolidayRows {
			return nil, fault.New(fault.Invalid, "节假日安排超过 %d 行", maxHolidayRows)
		}
		if len(row) != len(want) {
			return nil, fault.Fields(fault.At(fmt.Sprintf("row %d", line),
				"应有 %d 列，现为 %d 列", len(want), len(row)))
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if row[1] != kindOff && row[1] != kindWork {
			wrong = append(wrong, fault.At(HolidayField(len(out), ColumnKind),
				"类别应为 off（放假）或 work（上班）"))
		}
		out = append(out, Holiday{Day: Date(row[0]), Off: row[1] == kindOff, Name: row[2],
			Source: row[3]})
	}
}

func unreadable(line int, err error) error {
	f := fault.Fields(fault.At(fmt.Sprintf("row %d", line), "这一行不是有效的 CSV"))
	e, ok := fault.As(f)
	if !ok {
		return err
	}
	return e.Wrap(err)
}
