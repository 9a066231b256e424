package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// style is what a cell format means for the text of its cells.
type style struct {
	isDate      bool
	quotePrefix bool
	digits      int // a format of zeros only, such as 000000: that many digits at least
}

// exactBelow is where Excel stops telling whole numbers apart: it keeps 15 digits.
const exactBelow = 1e15

// numberText returns the text of a numeric cell: dates as days, everything else as a plain decimal
// with the 15 digits that Excel keeps, so that 0.1+0.2 reads 0.3. A number too large to be exact
// is marked and stays in scientific notation, which no later reading takes for a code.
func numberText(raw string, st style, date1904 bool) (cell, bool) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return cell{}, false
	}
	if st.isDate && f >= 0 {
		if text, ok := dateText(f, date1904); ok {
			return cell{text: text}, true
		}
	}
	if math.Abs(f) >= exactBelow {
		return cell{strconv.FormatFloat(f, 'E', 14, 64), markPrecision}, true
	}
	return cell{text: padDigits(decimalText(f), st.digits)}, true
}

// decimalText writes f without exponent, rounded to 15 digits.
func decimalText(f float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'E', 14, 64), 64)
	if err != nil || rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func padDigits(text string, digits int) string {
	if len(text) >= digits || strings.Trim(text, "0123456789") != "" {
		return text
	}
	return strings.Repeat("0", digits-len(text)) + text
}

// The days of serial 0 in Excel's two date systems. Excel believes in a 29 February 1900, serial
// 60; the serials before it are therefore one day off.
var (
	epoch1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	epoch1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

const (
	falseLeapDay = 60        // serial of 1900-02-29
	maxSerial    = 2_958_466 // 10000-01-01
)

// dateText returns a day, a day with its time, or for a serial below 1 the time alone.
func dateText(serial float64, date1904 bool) (string, bool) {
	seconds := math.Round(serial * 24 * 60 * 60)
	day, second := int(seconds)/86400, int(seconds)%86400
	if serial >= maxSerial || day == falseLeapDay && !date1904 {
		return "", false
	}
	epoch := epoch1900
	switch {
	case date1904:
		epoch = epoch1904
	case day < falseLeapDay:
		day++
	}
	t := epoch.AddDate(0, 0, day).Add(time.Duration(second) * time.Second)
	switch {
	case second == 0 && serial >= 1:
		return t.Format(time.DateOnly), true
	case serial < 1:
		return t.Format(time.TimeOnly), true
	}
	return t.Format(time.DateTime), true
}

// dateSerial returns Excel's serial of a day, or false before 1900-03-01, where programs disagree.
func dateSerial(day string) (int, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	n := int(t.Sub(epoch1900) / (24 * time.Hour))
	return n, n > falseLeapDay
}

// builtinDate reports whether a number format without a code of its own shows a date or time; 27
// to 36 and 50 to 58 are the Chinese, Japanese and Korean ones.
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 ||
		id >= 50 && id <= 58
}

// formatStyle reads a custom number format as far as the text of a cell depends on it.
func formatStyle(code string) style {
	if code != "" && strings.Trim(code, "0") == "" {
		return style{digits: min(len(code), 15)}
	}
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			quoted = !quoted
		case quoted:
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			bracket = true
		case code[i] == ']':
			bracket = false
		case bracket:
		case code[i] == ';':
			return style{}
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			return style{isDate: true}
		}
	}
	return style{}
}
