package market

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// faults collects what is wrong with an input.
type faults []fault.Field

func (f *faults) add(field, key string, args ...any) {
	*f = append(*f, fault.At(field, key, args...))
}

func (f *faults) err() error { return fault.Fields(*f...) }

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
func (f *faults) prose(field, v string, limit int, required bool) {
	f.line(field, strings.NewReplacer("\n", " ", "\t", " ").Replace(v), limit, required)
}

func (f *faults) choice(field, v string, choices []Choice, required bool) {
	switch {
	case v == "" && required:
		f.add(field, "请选择一项")
	case v != "" && TitleOf(choices, v) == "":
		f.add(field, "没有“%s”这个选项", v)
	}
}

func (f *faults) day(field string, d clock.Date) {
	if d != "" && !d.Valid() {
		f.add(field, "日期应为真实的日期，如 2026-11-22")
	}
}

func (f *faults) place(field string, c region.Code) {
	if key, args := c.Check(); key != "" {
		f.add(field, key, args...)
	}
}

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// lines brings a text of several lines into the form that is stored.
func lines(s string) string {
	return typed.Text(s)
}

// firstRunes cuts a text after n characters.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

func errAbsent() error { return fault.New(fault.NotFound, "没有找到这条记录") }
