package i18n

import (
	"fmt"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/internal/money"
)

// amountDecimals is how many decimals an amount keeps in its unit when it is written to be read; a
// contract shows the exact amount.
const amountDecimals = 2

// scale is a unit that amounts are written in: from at on, as pattern.
type scale struct {
	at      money.Fen
	unit    money.Unit
	pattern string
}

// scales returns the units of a language, the largest first. Chinese counts in 万 and 亿, English in
// millions (m) and billions (bn).
func scales(l Lang) []scale {
	const million, billion = 100 * money.Wan, 10 * money.Yi
	if l == EN {
		return []scale{
			{money.Fen(billion), billion, "¥%s bn"},
			{money.Fen(million), million, "¥%s m"},
			{0, money.Yuan, "¥%s"},
		}
	}
	return []scale{
		{money.Fen(money.Yi), money.Yi, zhYi},
		{money.Fen(money.Wan), money.Wan, zhWan},
		{0, money.Yuan, zhYuan},
	}
}

// scaleOf returns the unit that f is written in. An amount that rounds up to the next unit takes
// that: 99,999,999 元 is 1 亿元, never 10,000 万元.
func scaleOf(l Lang, f money.Fen) scale {
	all := scales(l)
	f = size(f)
	for i, s := range all {
		larger := i > 0 && in(f, s.unit) >= in(all[i-1].at, s.unit)
		if larger {
			return all[i-1]
		}
		if f >= s.at && s.at > 0 {
			return s
		}
	}
	return all[len(all)-1]
}

// in returns f in a unit, rounded half up and scaled by amountDecimals.
func in(f money.Fen, u money.Unit) int64 {
	v, err := f.In(u).Scaled(amountDecimals, money.HalfUp)
	if err != nil {
		return 0 // a unit has at least 100 fen, so two decimals always fit
	}
	return v
}

// size is f without its sign; the smallest amount, which has no opposite, loses a fen.
func size(f money.Fen) money.Fen {
	if f < 0 {
		return -max(f, -math.MaxInt64)
	}
	return f
}

// Yuan writes an amount as it is read aloud: 8,600 元, 35.6 万元, 2.28 亿元; in English ¥8,600,
// ¥8.58 m, ¥2.28 bn. It keeps at most two decimals.
func Yuan(l Lang, f money.Fen) string {
	s := scaleOf(l, f)
	text := amountIn(f, s.unit)
	if l == EN && s.unit == money.Yuan && strings.Contains(text, ".") {
		text = Fixed(int64(size(f)), amountDecimals) // cents are always two digits
	}
	return minus(f) + fmt.Sprintf(s.pattern, text)
}

// minus stands before the currency sign and the digits alike.
func minus(f money.Fen) string {
	if f < 0 {
		return "-"
	}
	return ""
}

// amountIn writes the size of f in a unit without sign and name.
func amountIn(f money.Fen, u money.Unit) string { return Decimal(in(size(f), u), amountDecimals) }

// AmountIn writes an amount in a fixed unit without naming it, for a column whose header does: with
// money.Wan 2,618 stands for 26.18 million yuan.
func AmountIn(f money.Fen, u money.Unit) string {
	text := amountIn(f, u)
	if text == "0" {
		return text
	}
	return minus(f) + text
}

// UnitName names the unit of a column: 元, 万元, 亿元.
func UnitName(l Lang, u money.Unit) string {
	switch u {
	case money.Wan:
		return Text(l, "万元")
	case money.Yi:
		return Text(l, "亿元")
	default:
		return Text(l, "元")
	}
}

// YuanRange writes a range of amounts: 200～500 万元, ¥2–5 m. Ends in different units keep their own
// units: 50 万元～2 亿元.
func YuanRange(l Lang, from, to money.Fen) string {
	low, high := scaleOf(l, from), scaleOf(l, to)
	dash := "～"
	if l == EN {
		dash = "–"
	}
	if low.unit != high.unit || from < 0 {
		return Yuan(l, from) + dash + Yuan(l, to)
	}
	return fmt.Sprintf(high.pattern, amountIn(from, low.unit)+dash+amountIn(to, high.unit))
}

// Exact writes an amount to the fen, as contracts do: ¥2,618,000.00.
func Exact(f money.Fen) string {
	s := Fixed(int64(f), amountDecimals)
	if f < 0 {
		return "-¥" + s[1:]
	}
	return "¥" + s
}

// None stands for a value that does not apply.
const None = "—"

// Negotiable stands for a price that is left to be agreed.
func Negotiable(l Lang) string { return Text(l, "面议") }

// Withheld stands for a value that the reader may not see.
func Withheld(l Lang) string { return Text(l, "不公开") }
