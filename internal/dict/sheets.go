package dict

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The columns of the tables that are imported.
const (
	columnCode   = "code"
	columnParent = "parent"
	columnName   = "name"
	columnKind   = "kind"
)

// The kinds as they stand in a table.
const (
	choiceStatistical = "统计用代码"
	choiceGroup       = "汇总项"
	choiceOff         = "放假"
	choiceWork        = "上班"
)

// ItemSheet describes the table of an edition.
var ItemSheet = sheet.Spec{
	Name: "dict-items", Title: "字典", MaxRows: maxItems,
	Columns: []sheet.Column{
		{Key: columnCode, Title: "代码", Kind: sheet.Code, Required: true},
		{Key: columnParent, Title: "上级代码", Kind: sheet.Code, Hint: "最上一级留空"},
		{Key: columnName, Title: "名称", Required: true, Width: 40},
		{Key: columnKind, Title: "类别", Kind: sheet.Choice, Hint: "一般留空",
			Choices: []string{choiceStatistical, choiceGroup}},
	},
}

// HolidaySheet describes the table of a year's arrangement of holidays.
var HolidaySheet = sheet.Spec{
	Name: "holidays", Title: "节假日安排", MaxRows: maxHolidays,
	Columns: []sheet.Column{
		{Key: clock.ColumnDay, Title: "日期", Kind: sheet.Date, Required: true},
		{Key: clock.ColumnKind, Title: "类别", Kind: sheet.Choice, Required: true,
			Choices: []string{choiceOff, choiceWork}, Hint: "放假，或周末调休上班"},
		{Key: clock.ColumnName, Title: "节日", Required: true},
		{Key: clock.ColumnSource, Title: "发文字号", Required: true, Width: 24},
	},
}

// problemAt returns a problem of a row of ItemSheet.
func problemAt(r ItemRow, column, key string, args ...any) sheet.Problem {
	return problemIn(ItemSheet, r.Number, column, key, args...)
}

func problemIn(spec sheet.Spec, row int, column, key string, args ...any) sheet.Problem {
	i := slices.IndexFunc(spec.Columns, func(c sheet.Column) bool { return c.Key == column })
	title := spec.Columns[i].Title
	return sheet.Problem{Row: row, Column: column, Title: title, Key: key, Args: args}
}

// ReadItems takes the items out of a table that was read with ItemSheet. The error is the context's
// or a fault.Invalid with a field for every cell that cannot be read.
func ReadItems(ctx context.Context, t *sheet.Table) ([]ItemRow, error) {
	rows, problems, err := readItems(ctx, t)
	if err != nil {
		return nil, err
	}
	return rows, problems.Err(ctx)
}

func readItems(ctx context.Context, t *sheet.Table) ([]ItemRow, sheet.Problems, error) {
	var rows []ItemRow
	var problems sheet.Problems
	for r, err := range t.Rows(ctx, nil) {
		if err != nil {
			return nil, problems, err
		}
		problems.Add(r.Problems...)
		it := Item{Code: r.Text(columnCode), Parent: r.Text(columnParent), Name: r.Text(columnName)}
		switch r.Choice(columnKind) {
		case choiceStatistical:
			it.Kind = Statistical
		case choiceGroup:
			it.Kind = Group
		}
		rows = append(rows, ItemRow{Number: r.Number, Item: it})
	}
	return rows, problems, nil
}

// HolidayRow is a day of an arrangement with the number of the row it came from.
type HolidayRow struct {
	Number  int
	Holiday clock.Holiday
}

// ReadHolidays takes the days out of a table that was read with HolidaySheet. The error is the
// context's or a fault.Invalid with a field for every cell that cannot be read.
func ReadHolidays(ctx context.Context, t *sheet.Table) ([]HolidayRow, error) {
	var rows []HolidayRow
	var problems sheet.Problems
	for r, err := range t.Rows(ctx, nil) {
		if err != nil {
			return nil, err
		}
		problems.Add(r.Problems...)
		rows = append(rows, HolidayRow{Number: r.Number, Holiday: clock.Holiday{
			Day: r.Date(clock.ColumnDay), Off: r.Choice(clock.ColumnKind) == choiceOff,
			Name: r.Text(clock.ColumnName), Source: r.Text(clock.ColumnSource),
		}})
	}
	return rows, problems.Err(ctx)
}
