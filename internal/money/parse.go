package money

import (
	"math/big"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// maxInput bounds the characters of a typed number.
const maxInput = 48

// Parse reads an amount as people type it into a field whose unit is u: "35.6", "１，２３４.５",
// "¥ 1,234.56". A unit in the text (元, 万, 万元, 亿, 亿元) wins over u, so "2.28亿元" is right in any
// field. Groups of a thousand must be whole. The error is a fault.Invalid: no number, a badly
// placed separator, a fraction of a fen, or too large. A minus sign is read; whether an amount may
// be negative is the caller's rule.
func Parse(s string, u Unit) (Fen, error) {
	if len(s) > 4*maxInput {
		return 0, notAnAmount()
	}
	text := strings.Map(narrow, s)
	text = strings.TrimPrefix(text, "¥")
	text, u = cutUnit(text, u)
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	text = strings.TrimPrefix(text, "¥")
	digits, decimals, err := parseNumber(text)
	if err != nil {
		return 0, err
	}
	fen := digits.Mul(digits, big.NewInt(int64(u)))
	fen, rest := fen.QuoRem(fen, pow10(decimals), new(big.Int))
	if rest.Sign() != 0 {
		return 0, fault.New(fault.Invalid, "金额最多精确到分")
	}
	if negative {
		fen.Neg(fen)
	}
	if !fen.IsInt64() {
		return 0, tooLarge()
	}
	return Fen(fen.Int64()), nil
}

func notAnAmount() error { return fault.New(fault.Invalid, "金额应为数字，如 35.6") }

// narrow turns full-width characters into ASCII ones and the two yuan signs into one, and drops
// spaces.
func narrow(r rune) rune {
	switch r {
	case ' ', '\t', '\u00a0', '\u2009', '\u202f', '\u3000':
		return -1
	case '￥':
		return '¥'
	case '−':
		return '-'
	}
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

func cutUnit(s string, u Unit) (string, Unit) {
	for _, c := range units {
		if rest, ok := strings.CutSuffix(s, c.word); ok {
			return rest, c.unit
		}
	}
	return s, u
}

// parseNumber reads digits with thousands separators and a fraction. It returns the number without
// its point, and how many decimals it had.
func parseNumber(s string) (*big.Int, int, error) {
	whole, fraction, point := strings.Cut(s, ".")
	if len(s) > maxInput || whole == "" || point && fraction == "" {
		return nil, 0, notAnAmount()
	}
	if strings.Trim(whole, "0123456789,") != "" || strings.Trim(fraction, "0123456789") != "" {
		return nil, 0, notAnAmount()
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		first := i == 0 && len(g) >= 1 && len(g) <= 3
		if len(groups) > 1 && !first && (i == 0 || len(g) != 3) {
			return nil, 0, fault.New(fault.Invalid, "千位分隔符的位置不对，应如 1,234.56")
		}
	}
	fraction = strings.TrimRight(fraction, "0")
	v, ok := new(big.Int).SetString(strings.Join(groups, "")+fraction, 10)
	if !ok {
		return nil, 0, notAnAmount()
	}
	return v, len(fraction), nil
}

// ParsePercent reads a percentage as people type it, "5.25" or "5.25%", into the exact ratio
// 0.0525. The error is a fault.Invalid.
func ParsePercent(s string) (Ratio, error) {
	if len(s) > 4*maxInput {
		return Ratio{}, notAPercentage()
	}
	text := strings.TrimSuffix(strings.Map(narrow, s), "%")
	negative := strings.HasPrefix(text, "-")
	if negative {
		text = text[1:]
	}
	digits, decimals, err := parseNumber(text)
	if err != nil {
		return Ratio{}, notAPercentage()
	}
	if negative {
		digits.Neg(digits)
	}
	return fromBig(new(big.Rat).SetFrac(digits, pow10(decimals+2)))
}

func notAPercentage() error { return fault.New(fault.Invalid, "百分比应为数字，如 5.25") }
