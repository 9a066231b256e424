package formula

import (
	"math/big"
	"strings"

	"github.com/yuntu-city/yuntu/engine/series"
)

// maxBits bounds the size of a number while it is computed with: some 1,200 digits.
const maxBits = 4096

// Value is a number with its unit or a truth value; both may be missing.
type Value struct {
	Rat     *big.Rat // the number in Unit, nil when missing or a truth value
	Unit    Unit
	Bool    bool // is it a truth value
	Truth   bool
	Missing bool
	Why     Reason // why it is missing
	Rounded bool   // a root was rounded to series.RootDigits digits

	free bool // of no unit yet: a plain 0, missing
}

// Number is a value of a unit.
func Number(x *big.Rat, unit Unit) Value { return Value{Rat: x, Unit: unit} }

// Absent is a missing number with the reason why.
func Absent(unit Unit, why Reason) Value { return Value{Unit: unit, Missing: true, Why: why} }

// In is the value in another unit that fits.
func (v Value) In(unit Unit) (Value, bool) {
	if v.Bool || !v.Unit.Fits(unit) {
		return v, false
	}
	if !v.Missing {
		v.Rat, _ = v.Unit.Convert(v.Rat, unit)
	}
	v.Unit = unit
	return v, true
}

// Text is the value with at most places decimals, rounded half away from zero, and its unit.
func (v Value) Text(places int) string {
	switch {
	case v.Missing:
		return "—"
	case v.Bool && v.Truth:
		return "是"
	case v.Bool:
		return "否"
	}
	t := v.Rat.FloatString(places)
	if strings.ContainsRune(t, '.') {
		t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	}
	return t + v.Unit.String()
}

// Reason says in a code and its words why a value is missing.
type Reason struct {
	Code string
	Args []string
}

// Because makes a reason of a code of words_data.go.
func Because(code string, args ...string) Reason { return Reason{code, args} }

// Text is the reason in words, in English if english, else in Chinese.
func (r Reason) Text(english bool) string { return sentence(r.Code, r.Args, english) }

// Input is a value that a result was made of.
type Input struct {
	Name   string
	Period series.Period
	Value  Value
	Site   string // id of the site it was looked up at, "" for the place itself
}

// Trace lists the inputs of a result in the order of their first use, each once.
type Trace []Input

// Error says what is wrong with a formula and where. Places are counted in runes.
type Error struct {
	From int
	To   int
	Code string
	Args []string
}

// Error is the sentence in Chinese with the place, counted from one.
func (e *Error) Error() string { return e.Text(false) }

// Text is the error in words, in English if english, else in Chinese.
func (e *Error) Text(english bool) string {
	place, code := itoa(e.From+1), "at"
	return sentence(code, []string{place, sentence(e.Code, e.Args, english)}, english)
}

func fail(from, to int, code string, args ...string) *Error { return &Error{from, to, code, args} }

func sentence(code string, args []string, english bool) string {
	texts, ok := sentences[code]
	if !ok {
		return code
	}
	text := texts[0]
	if english {
		text = texts[1]
	}
	var pairs []string
	for i, a := range args {
		pairs = append(pairs, "{"+itoa(i)+"}", a)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
