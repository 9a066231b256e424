package sheet

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// maxPrompt is how much help Excel shows at a cell, in characters.
const maxPrompt = 255

// writeTemplate writes the workbook people fill in: the header, columns in text format where
// digits must stay as typed, lists to choose from, help at the cell and on a sheet 填写说明.
func writeTemplate(ctx context.Context, w io.Writer, spec Spec) error {
	b, err := newBook(i18n.T(ctx, spec.Title))
	if err != nil {
		return err
	}
	defer b.file.Close()
	if err := b.choices(ctx, spec); err != nil {
		return err
	}
	for i, c := range spec.Columns {
		if err := b.templateColumn(ctx, columnName(i), c, spec.maxRows()+titleRow); err != nil {
			return err
		}
	}
	if err := b.file.SetPanes(b.name, frozenHeader()); err != nil {
		return err
	}
	title := i18n.T(ctx, guideTitle)
	if err := b.addSheet(title, []float64{24, 8, 30, 60}, guide(ctx, spec)); err != nil {
		return err
	}
	return b.file.Write(w)
}

// templateColumn sets up one column down to row last. A required title carries an asterisk, which
// Read does not mind.
func (b *book) templateColumn(ctx context.Context, name string, c Column, last int) error {
	title := i18n.T(ctx, c.Title)
	if c.Required {
		title += "*"
	}
	style := map[Kind]int{Integer: b.integer, Money: b.money, Date: b.dateFmt}[c.Kind]
	if style == 0 {
		style = b.text
	}
	if err := b.file.SetColStyle(b.name, name, style); err != nil {
		return err
	}
	if err := b.file.SetColWidth(b.name, name, name, c.width(title)); err != nil {
		return err
	}
	head := fmt.Sprintf("%s%d", name, titleRow)
	if err := b.file.SetCellStr(b.name, head, title); err != nil {
		return err
	}
	if err := b.file.SetCellStyle(b.name, head, head, b.header); err != nil {
		return err
	}
	help := strings.TrimSpace(i18n.T(ctx, c.Hint) + "\n" + c.format(ctx))
	rule := excelize.NewDataValidation(true)
	rule.Sqref = fmt.Sprintf("%s%d:%s%d", name, titleRow+1, name, last)
	if len(c.Choices) > 0 {
		rule.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d",
			sheetName(i18n.T(ctx, choicesTitle)), name, name, len(c.Choices)))
		rule.SetError(excelize.DataValidationErrorStyleStop, cutTo(title, 32),
			i18n.T(ctx, "请从列表中选择"))
	}
	if help != "" {
		rule.SetInput(cutTo(title, 32), cutTo(help, maxPrompt))
	}
	if rule.Type == "" && help == "" {
		return nil
	}
	return b.file.AddDataValidation(b.name, rule)
}

// choices puts the allowed values on a hidden sheet, each under the name of its column: a list
// inside a rule would end at 255 characters.
func (b *book) choices(ctx context.Context, spec Spec) error {
	name := sheetName(i18n.T(ctx, choicesTitle))
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	for i, c := range spec.Columns {
		for y, v := range c.Choices {
			at := fmt.Sprintf("%s%d", columnName(i), y+1)
			if err := b.file.SetCellStr(name, at, i18n.T(ctx, v)); err != nil {
				return err
			}
		}
	}
	return b.file.SetSheetVisible(name, false)
}

// guide returns the sheet that explains each column.
func guide(ctx context.Context, spec Spec) [][]string {
	rows := [][]string{{i18n.T(ctx, "列名"), i18n.T(ctx, "必填"),
		i18n.T(ctx, "填写格式"), i18n.T(ctx, "填写提示")}}
	for _, c := range spec.Columns {
		required := i18n.T(ctx, "否")
		if c.Required {
			required = i18n.T(ctx, "是")
		}
		title, hint := i18n.T(ctx, c.Title), i18n.T(ctx, c.Hint)
		rows = append(rows, []string{title, required, c.format(ctx), hint})
	}
	return append(rows, []string{i18n.T(ctx, "一次最多 %d 行", spec.maxRows())})
}

// format says in words what the cells of the column must look like, "" for free text.
func (c Column) format(ctx context.Context) string {
	switch c.Kind {
	case Code:
		return i18n.T(ctx, "按原样填写，保留前面的 0")
	case Integer:
		return i18n.T(ctx, "整数")
	case Money:
		switch c.Unit {
		case money.Yuan:
			return i18n.T(ctx, "金额，单位：元")
		case money.Wan:
			return i18n.T(ctx, "金额，单位：万元")
		}
		return i18n.T(ctx, "金额")
	case Date:
		return i18n.T(ctx, "日期，如 2026-11-22")
	case Choice:
		return i18n.T(ctx, "从列表中选择")
	case Bool:
		return i18n.T(ctx, "“是”或“否”")
	}
	return ""
}

func cutTo(s string, chars int) string {
	if r := []rune(s); len(r) > chars {
		return string(r[:chars])
	}
	return s
}
