package monitor

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits of texts.
const (
	maxLine  = 200
	maxName  = 60
	maxProse = 2_000
)

// faults collects what is wrong with an input.
type faults []fault.Field

func (f *faults) add(field, key string, args ...any) { *f = append(*f, fault.At(field, key, args...)) }

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

func (f *faults) within(field string, n, least, most int64) {
	if n < least || n > most {
		f.add(field, "应在 %d 与 %d 之间", least, most)
	}
}

// tidy trims a text of one line.
func tidy(s string) string { return typed.Line(s) }

// lines trims a text of several lines.
func lines(s string) string {
	return typed.Text(s)
}

// minuteOf reads a time of day.
func minuteOf(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || len(h) != 2 || len(m) != 2 || err != nil || err2 != nil || hour > 23 || minute > 59 ||
		hour < 0 || minute < 0 {
		return 0, false
	}
	return hour*60 + minute, true
}
