package sheet

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

var (
	integerPattern    = regexp.MustCompile(`^[+-]?\d{1,18}(?:\.0+)?$`)
	compactDate       = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	scientificPattern = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+?\d{2,3}$`)
)

// message is what is wrong with a cell, an i18n key; the zero value means nothing is.
type message struct {
	key  string
	args []any
}

// check returns what is wrong with a cell of column c that is not empty.
func (c Column) check(x cell) message {
	switch {
	case x.mark == markPrecision:
		return message{"该单元格是数字格式，超过 15 位已丢失精度；请设为文本格式后重新填写", nil}
	case x.mark == markNoResult:
		return message{"该单元格是公式且没有计算结果，请改为数值或文字", nil}
	case x.mark == markMerged:
		return message{"该单元格属于合并单元格，请取消合并并逐行填写", nil}
	case x.mark == markError || isErrorValue(x.text):
		return message{"该单元格是错误值 %s", []any{x.text}}
	}
	ok := true
	text := strings.TrimSpace(x.text)
	switch c.Kind {
	case Text:
	case Code:
		if scientificPattern.MatchString(c.code(text)) {
			return message{"“%s”是科学记数，原来的数字已丢失；请设为文本格式后重新填写", []any{text}}
		}
	case Integer:
		if _, ok = parseInteger(text); !ok {
			return message{"“%s”不是整数", []any{short(text)}}
		}
	case Money:
		_, err := money.Parse(text, c.Unit)
		if e, is := fault.As(err); is {
			return message{e.Key, e.Args}
		}
	case Date:
		if _, ok = parseDate(text); !ok {
			return message{"“%s”不是日期，请写成 2026-11-22", []any{short(text)}}
		}
	case Choice:
		if _, ok = c.choice(text); !ok {
			return message{"“%s”不在可选值中，可填：%s", []any{short(text), Listed(c.Choices)}}
		}
	case Bool:
		if _, ok = parseBool(text); !ok {
			return message{"“%s”应为“是”或“否”", []any{short(text)}}
		}
	}
	return message{}
}

// maxListed bounds how many values a message names.
const maxListed = 20

// Listed names values that a cell may have, the first of them when there are many. They are Chinese in every
// language: a message may be kept and read later, and the cell takes them as they are.
func Listed(values []string) string {
	if len(values) <= maxListed {
		return strings.Join(values, "、")
	}
	return strings.Join(values[:maxListed], "、") + "…"
}

// short keeps messages readable when a cell holds a whole page.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// isErrorValue reports whether text is one of Excel's error values, also when it comes as text.
func isErrorValue(text string) bool {
	switch strings.TrimSpace(text) {
	case "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!":
		return true
	}
	return false
}

// code returns an identifier in half width, without the apostrophe people put before numbers.
func (c Column) code(text string) string {
	return strings.TrimSpace(strings.TrimLeft(width.Fold.String(text), "'"))
}

// choice returns the allowed value that text means: the Chinese or the English one, or either in
// another width or case.
func (c Column) choice(text string) (string, bool) {
	folded := foldValue(text)
	for _, v := range c.Choices {
		if folded == foldValue(v) || folded == foldValue(i18n.Text(i18n.EN, v)) {
			return v, true
		}
	}
	return "", false
}

// plainNumber folds full-width digits and drops what groups them.
func plainNumber(text string) string {
	return strings.NewReplacer(",", "", " ", "", "\u00A0", "").Replace(width.Fold.String(text))
}

func parseInteger(text string) (int64, bool) {
	text = plainNumber(text)
	if !integerPattern.MatchString(text) {
		return 0, false
	}
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	return n, err == nil
}

// fenText writes an amount in the given unit without rounding and without superfluous zeros.
func fenText(fen money.Fen, unit money.Unit) string {
	text := big.NewRat(int64(fen), int64(unit)).FloatString(12)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// parseDate returns a day. A time of day behind it is dropped.
func parseDate(text string) (clock.Date, bool) {
	text = width.Fold.String(text)
	m := datePattern.FindStringSubmatch(text)
	if m == nil {
		m = compactDate.FindStringSubmatch(text)
	}
	if m == nil {
		return "", false
	}
	day := clock.Date(m[1] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[3]))
	return day, day.Valid()
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func parseBool(text string) (yes, ok bool) {
	text = foldValue(text)
	if slices.Contains(yesWords, text) {
		return true, true
	}
	return false, slices.Contains(noWords, text)
}
