package deal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
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

// public refuses what may not stand in the profile of a broker, which everybody reads: marks of secrecy, and
// contacts, for which there is a field.
func (f *faults) public(field, v string) {
	*f = append(*f, market.Public(field, v, "办公电话")...)
}

// secret refuses a mark of secrecy in what people write freely.
func (f *faults) secret(field, v string) {
	if !f.has(field) {
		*f = append(*f, market.SecretMark(field, v)...)
	}
}

// quiet refuses a mark of secrecy, and a phone or mail too where others read the text before both
// sides consented: contacts have a field of their own and come with both consents.
func (f *faults) quiet(field, v string, consented bool) {
	f.secret(field, v)
	if !consented && !f.has(field) {
		*f = append(*f, market.ContactIn(field, v)...)
	}
}

func (f *faults) has(field string) bool {
	return slices.ContainsFunc(*f, func(x fault.Field) bool { return x.Name == field })
}

func (f *faults) choice(field, v string, choices []Choice) {
	if v == "" {
		f.add(field, "请选择一项")
	} else if TitleOf(choices, v) == "" {
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

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// lines brings a text of several lines into the form that is stored.
func lines(s string) string {
	return typed.Text(s)
}

func errAbsent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// encode writes what a column keeps as JSON.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("deal: encode %T: %v", v, err)) // plain structs of this package
	}
	return string(b)
}

func decode(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}
