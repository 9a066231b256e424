package indicator

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// faults collects what is wrong with an input.
type faults []fault.Field

func (f *faults) add(field, key string, args ...any) { *f = append(*f, fault.At(field, key, args...)) }

func (f *faults) err() error { return fault.Fields(*f...) }

// under takes over the fields of a fault below a place, and any other fault of an input at the field
// there; what is no fault is returned.
func (f *faults) under(at, field string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind == fault.Internal || e.Kind == fault.Unavailable {
		return err
	}
	for _, x := range e.Fields {
		f.add(at+x.Name, x.Key, x.Args...)
	}
	if len(e.Fields) == 0 {
		f.add(at+field, e.Key, e.Args...)
	}
	return nil
}

// line checks a text of one line.
func (f *faults) line(field, v string, limit int, required bool) {
	switch n := utf8.RuneCountInString(v); {
	case !utf8.ValidString(v):
		f.add(field, "含有无法识别的字符")
	case v == "" && required:
		f.add(field, "请填写这一项")
	case n > limit:
		f.add(field, "最多 %d 个字，现有 %d 个", limit, n)
	case strings.ContainsFunc(v, unicode.IsControl):
		f.add(field, "不能含有换行或控制字符")
	}
}

// prose checks a text that may have several lines.
func (f *faults) prose(field, v string, required bool) {
	f.line(field, strings.NewReplacer("\n", " ", "\t", " ").Replace(v), plan.MaxProse, required)
}

func (f *faults) choice(field, v string, choices []plan.Choice) {
	if v == "" {
		f.add(field, "请选择一项")
	} else if plan.TitleOf(choices, v) == "" {
		f.add(field, "没有“%s”这个选项", v)
	}
}

func (f *faults) day(field string, d clock.Date, required bool) {
	switch {
	case d == "" && required:
		f.add(field, "请填写这一项")
	case d != "" && !d.Valid():
		f.add(field, "日期应为真实的日期，如 2026-11-22")
	}
}

func (f *faults) place(field string, c region.Code) {
	if key, args := c.Check(); key != "" {
		f.add(field, key, args...)
	}
}

func (f *faults) number(field string, d plan.Decimal, required bool) {
	switch {
	case d == "" && required:
		f.add(field, "请填写这一项")
	case d != "" && !d.Valid():
		f.add(field, "应为数字，整数最多 %d 位，小数最多 %d 位", 18, 8)
	}
}

func (f *faults) between(field string, v, least, most int64) {
	if v < least || v > most {
		f.add(field, "应在 %d 到 %d 之间", least, most)
	}
}

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// lines brings a text of several lines into the form that is stored.
func lines(s string) string {
	return typed.Text(s)
}

// plainDecimal brings a number as people type it into the form that is stored; what is none stays.
func plainDecimal(d plan.Decimal) plan.Decimal {
	if v, ok := plan.ParseDecimal(string(d)); ok {
		return v
	}
	return plan.Decimal(strings.TrimSpace(string(d)))
}

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}
