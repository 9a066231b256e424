package assess

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits of texts, in characters.
const (
	maxTitle = 80
	maxLine  = 100
	maxProse = 4000
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
func (f *faults) prose(field, v string, required bool) {
	f.line(field, strings.NewReplacer("\n", " ", "\t", " ").Replace(v), maxProse, required)
}

func (f *faults) choice(field, v string, choices []Choice) {
	if v == "" {
		f.add(field, "请选择一项")
	} else if TitleOf(choices, v) == "" {
		f.add(field, "没有“%s”这个选项", v)
	}
}

// number checks a whole number.
func (f *faults) number(field string, v, least, most int64) {
	if v < least || v > most {
		f.add(field, "应在 %d 到 %d 之间", least, most)
	}
}

// points checks a number of points.
func (f *faults) points(field string, d Decimal) {
	if !d.Valid() || d.Rat().Sign() < 0 || d.Rat().Cmp(big1000) > 0 {
		f.add(field, "分数应为 0 到 1000 之间的数")
	}
}

// row names a field of a row of a form.
func row(name string, i int, field string) string { return fmt.Sprintf("%s.%d.%s", name, i, field) }

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// lines brings a text of several lines into the form that is stored.
func lines(s string) string {
	return typed.Text(s)
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of this room always can be
	}
	return string(b)
}

func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

func errAbsent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

func errState() error {
	return fault.New(fault.Conflict, "考核的状态已改变，不能进行此操作")
}
