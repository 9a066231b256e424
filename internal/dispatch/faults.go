package dispatch

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits of texts, in characters.
const (
	MaxTitle = 80
	MaxLine  = 100
	MaxProse = 4_000
)

// faults collects what is wrong with an input.
type faults []fault.Field

func (f *faults) add(field, key string, args ...any) {
	*f = append(*f, fault.At(field, key, args...))
}

func (f *faults) err() error { return fault.Fields(*f...) }

// rename puts the fields of a fault of another room where this room has them; fields it has none for
// go to one of its own.
func rename(err error, other string, to map[string]string) error {
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) == 0 {
		return err
	}
	var f faults
	for _, x := range e.Fields {
		name := to[x.Name]
		if name == "" {
			name = other
		}
		f.add(name, x.Key, x.Args...)
	}
	return f.err()
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

func (f *faults) place(field string, c region.Code) {
	if key, args := c.Check(); key != "" {
		f.add(field, key, args...)
	}
}

func (f *faults) number(field string, v, least, most int64) {
	if v < least || v > most {
		f.add(field, "应在 %d 到 %d 之间", least, most)
	}
}

// Moments outside of these are mistakes of typing.
var (
	firstMoment = clock.Us(time.Date(2000, 1, 1, 0, 0, 0, 0, clock.Shanghai))
	lastMoment  = clock.Us(time.Date(2100, 1, 1, 0, 0, 0, 0, clock.Shanghai))
)

// Unreadable is the value of a moment that could not be read.
const Unreadable int64 = -1

// moment checks a time in microseconds.
func (f *faults) moment(field string, us int64, required bool) {
	switch {
	case us == 0 && required:
		f.add(field, "请填写这一项")
	case us == Unreadable:
		f.add(field, "时间应写作 2026-11-20 09:30")
	case us != 0 && (us < firstMoment || us > lastMoment):
		f.add(field, "时间应在 2000 年到 2100 年之间")
	}
}

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// lines brings a text of several lines into the form that is stored.
func lines(s string) string {
	return typed.Text(s)
}

// firstRunes cuts a text.
func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

// errRole refuses those who may do this with nothing at all.
func errRole() error { return fault.New(fault.Forbidden, "您的角色不能查看这里的内容") }

func errAbsent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// encode writes a value for a column of JSON. Values of this room always can be.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// decode reads a column of JSON.
func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}
