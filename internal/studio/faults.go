package studio

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits of what people write, in characters.
const (
	MaxTitle = 80
	MaxLine  = 100
	MaxProse = 2_000
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

func (f *faults) choice(field, v string, choices []Choice) {
	if v == "" {
		f.add(field, "请选择一项")
	} else if TitleOf(choices, v) == "" {
		f.add(field, "没有“%s”这个选项", v)
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

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

func errAbsent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// encode writes a value for a column of JSON. Values of this room always can be.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// Choice is one entry of a closed list; the title is a key of package i18n.
type Choice struct{ Value, Title string }

// TitleOf returns the title of a value, "" when there is none.
func TitleOf(list []Choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return c.Title
		}
	}
	return ""
}
