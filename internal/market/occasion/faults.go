package occasion

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits that the rooms share, in characters.
const (
	MaxTitle = 80
	MaxLine  = 100
	MaxProse = 4_000
)

// MaxFen bounds an amount of money: 10 亿元.
const MaxFen money.Fen = 100_000_000_000

// Faults collects what is wrong with an input.
type Faults []fault.Field

// Add adds a message at a field.
func (f *Faults) Add(field, key string, args ...any) {
	*f = append(*f, fault.At(field, key, args...))
}

// Err is Invalid with all that was added, or nil.
func (f *Faults) Err() error { return fault.Fields(*f...) }

// With adds a fault of another room at a field; a failure of the machine is returned.
func (f *Faults) With(field string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind == fault.Internal || e.Kind == fault.Unavailable {
		return err
	}
	f.Add(field, e.Key, e.Args...)
	return nil
}

// Line checks a text of one line.
func (f *Faults) Line(field, v string, limit int, required bool) {
	switch n := utf8.RuneCountInString(v); {
	case !utf8.ValidString(v):
		f.Add(field, "含有无法识别的字符")
	case v == "" && required:
		f.Add(field, "请填写这一项")
	case n > limit:
		f.Add(field, "最多 %d 个字，现有 %d 个", limit, n)
	case strings.ContainsFunc(v, unicode.IsControl):
		f.Add(field, "不能含有换行或控制字符")
	}
}

// Prose checks a text that may have several lines.
func (f *Faults) Prose(field, v string, limit int, required bool) {
	f.Line(field, strings.NewReplacer("\n", " ", "\t", " ").Replace(v), limit, required)
}

// Public refuses what may not stand in a text that everybody reads, see market.Public.
func (f *Faults) Public(field, text, contacts string) {
	*f = append(*f, market.Public(field, text, contacts)...)
}

// Choice checks that a value is one of a closed list.
func (f *Faults) Choice(field, v string, choices []market.Choice) {
	if v == "" {
		f.Add(field, "请选择一项")
	} else if market.TitleOf(choices, v) == "" {
		f.Add(field, "没有“%s”这个选项", v)
	}
}

// Number checks a whole number.
func (f *Faults) Number(field string, v, least, most int64) {
	if v < least || v > most {
		f.Add(field, "应在 %d 到 %d 之间", least, most)
	}
}

// Money checks an amount that must be above zero when it is required.
func (f *Faults) Money(field string, v money.Fen, required bool) {
	switch {
	case v == 0 && required:
		f.Add(field, "请填写这一项")
	case v < 0:
		f.Add(field, "金额不能是负数")
	case v > MaxFen:
		f.Add(field, "金额超出可记录的范围")
	}
}

// Moments outside of these are mistakes of typing.
var (
	firstMoment = clock.Us(time.Date(2000, 1, 1, 0, 0, 0, 0, clock.Shanghai))
	lastMoment  = clock.Us(time.Date(2100, 1, 1, 0, 0, 0, 0, clock.Shanghai))
)

// Unreadable is the value of a moment that could not be read.
const Unreadable int64 = -1

// Moment checks a time in microseconds.
func (f *Faults) Moment(field string, us int64, required bool) {
	switch {
	case us == 0 && required:
		f.Add(field, "请填写这一项")
	case us == Unreadable:
		f.Add(field, "时间应写作 2026-11-20 09:30")
	case us != 0 && (us < firstMoment || us > lastMoment):
		f.Add(field, "时间应在 2000 年到 2100 年之间")
	}
}

// Between checks that a period ends after it starts.
func (f *Faults) Between(from, to string, first, last int64) {
	f.Moment(from, first, true)
	f.Moment(to, last, true)
	if first > 0 && last > 0 && last <= first {
		f.Add(to, "结束时间须晚于开始时间")
	}
}

// ParseMoment reads a time in China as people and browsers write it: 2026-11-20 09:30, with a T
// between, with seconds or without. "" is 0; what cannot be read is Unreadable.
func ParseMoment(text string) int64 {
	text = strings.Replace(strings.TrimSpace(text), "T", " ", 1)
	if text == "" {
		return 0
	}
	for _, form := range []string{"2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(form, text, clock.Shanghai); err == nil {
			return clock.Us(t)
		}
	}
	return Unreadable
}

// MomentText writes a time as ParseMoment reads it.
func MomentText(us int64) string {
	if us <= 0 {
		return ""
	}
	t := clock.Time(us).In(clock.Shanghai)
	if t.Second() != 0 {
		return t.Format(time.DateTime)
	}
	return t.Format("2006-01-02 15:04")
}

// Tidy trims a line and makes runs of space one.
func Tidy(s string) string { return typed.Line(s) }

// Lines brings a text of several lines into the form that is stored.
func Lines(s string) string {
	return typed.Text(s)
}

// Code is the short name of a record: LY-2026-003.
func Code(kind string, atUs, n int64) string {
	return fmt.Sprintf("%s-%d-%03d", kind, clock.Time(atUs).In(clock.Shanghai).Year(), n)
}

// Encode writes a value for a column of JSON. Values of the rooms always can be.
func Encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Decode reads a column of JSON.
func Decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// Stale is the fault of a change to what somebody else has changed since.
func Stale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

// Absent is the fault of what is not there, or not for the actor.
func Absent() error { return fault.New(fault.NotFound, "没有找到这条记录") }
