package i18n

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/money"
)

// Numbers are written the same in both languages: digits in groups of three, a point, no trailing
// zeros. All of them come from integers and exact ratios.

// Int writes a whole number with thousands separators: 2,150.
func Int(n int64) string { return group(strconv.FormatInt(n, 10)) }

// Grouped puts separators of thousands into a decimal as it is stored: 1234.5 gives 1,234.5.
func Grouped(decimal string) string { return group(decimal) }

// Amount writes a number with its unit, the one way for all pages: 1,000 万元, 2,150 家, 23%. A sign of
// percent, per mille or degrees stands at the number, any other unit behind a space. What stands before
// the digits, such as ≥, and behind them, such as 余, stays. A dash as the unit says that there is none.
func Amount(number, unit string) string {
	if unit == "—" {
		return number
	}
	if unit == "" || strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰") || strings.HasPrefix(unit, "℃") {
		return number + unit
	}
	return number + " " + unit
}

// Sign is an operator as people write it before a number, "" for one that says nothing: >= is ≥, ~ is ≈.
func Sign(op string) string {
	switch op {
	case ">=":
		return "≥"
	case "<=":
		return "≤"
	case "~":
		return "≈"
	case ">", "<":
		return op
	}
	return ""
}

// group puts separators into the whole part of a decimal number.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, point := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if point {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// Decimal writes scaled / 10^decimals without trailing zeros: Decimal(3860, 2) is 38.6.
func Decimal(scaled int64, decimals int) string {
	s := Fixed(scaled, decimals)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Fixed writes scaled / 10^decimals with all its decimals: Fixed(3860, 2) is 38.60.
func Fixed(scaled int64, decimals int) string {
	sign, digits := "", strconv.FormatInt(scaled, 10)
	if scaled < 0 {
		sign, digits = "-", digits[1:]
	}
	if decimals <= 0 {
		return sign + group(digits)
	}
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - decimals
	return sign + group(digits[:point]) + "." + digits[point:]
}

// Ratio writes a ratio rounded half up to at most the given decimals: 2/3 with 2 is 0.67.
func Ratio(r money.Ratio, decimals int) string { return decimal(rational(r), decimals) }

// Percent writes a ratio as a percentage with at most the given decimals: 23%, 38.6%.
func Percent(r money.Ratio, decimals int) string { return decimal(hundredfold(r), decimals) + "%" }

func rational(r money.Ratio) *big.Rat {
	num, den := r.Terms()
	return big.NewRat(num, den)
}

func hundredfold(r money.Ratio) *big.Rat {
	v := rational(r)
	return v.Mul(v, big.NewRat(100, 1))
}

// decimal writes v without trailing zeros; halves are rounded away from zero.
func decimal(v *big.Rat, decimals int) string {
	s := v.FloatString(decimals)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return group(s)
}

// Count writes a number of things with its measure word: 2,150 家. In English, where the word is a
// plural that the sentence around it carries, the number stands alone.
func Count(l Lang, n int64, measure Key) string {
	if l == EN {
		return Int(n)
	}
	return Int(n) + " " + string(measure)
}

// Growth writes a relative change in words, the sign as a word: 增长 38.6%, 下降 2.1%, 持平.
func Growth(l Lang, r money.Ratio, decimals int) string {
	return change(l, r, decimals, "增长 %s%%", "下降 %s%%")
}

// GrowthOnYear writes a change against the same period of last year: 同比增长 38.6%.
func GrowthOnYear(l Lang, r money.Ratio, decimals int) string {
	return Text(l, "同比%s", Growth(l, r, decimals))
}

// Points writes the change of a rate in percentage points: 上升 1.2 个百分点. A rate never grows by
// percent here, because that would be read as a relative change.
func Points(l Lang, r money.Ratio, decimals int) string {
	return change(l, r, decimals, "上升 %s 个百分点", "下降 %s 个百分点")
}

func change(l Lang, r money.Ratio, decimals int, up, down string) string {
	v := hundredfold(r)
	size := decimal(v.Abs(v), decimals)
	switch {
	case size == "0":
		return Text(l, "持平")
	case r.Sign() < 0:
		return Text(l, down, size)
	default:
		return Text(l, up, size)
	}
}

// Bytes writes the size of a file as file managers do: 1 KB is 2^10 bytes, and what is smaller is written
// in bytes.
func Bytes(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return Int(n) + " B"
}
