package plan

import (
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Decimal is an exact decimal as people write it: "228", "8.7", "-0.5". The zero value is no
// number.
type Decimal string

// Limits of a decimal: digits before and after the point.
const (
	maxWhole    = 18
	maxFraction = 8
)

var decimalForm = regexp.MustCompile(`^-?(\d{1,18})(?:\.(\d{1,8}))?$`)

// ParseDecimal reads a decimal and returns it without superfluous zeros: full-width digits and
// separators of thousands are understood. It reports false for anything else.
func ParseDecimal(s string) (Decimal, bool) {
	s = strings.ReplaceAll(width.Fold.String(strings.TrimSpace(s)), ",", "")
	s = strings.TrimPrefix(s, "+")
	if !decimalForm.MatchString(s) {
		return "", false
	}
	r, _ := new(big.Rat).SetString(s)
	return decimalOf(r), true
}

// Rat returns the number, nil for none.
func (d Decimal) Rat() *big.Rat {
	if !decimalForm.MatchString(string(d)) {
		return nil
	}
	r, _ := new(big.Rat).SetString(string(d))
	return r
}

// Valid reports whether d is a number as it is stored.
func (d Decimal) Valid() bool {
	again, ok := ParseDecimal(string(d))
	return ok && again == d
}

// decimalOf writes a number that has an end: one made of decimals by adding and by powers of ten.
func decimalOf(r *big.Rat) Decimal {
	s := r.FloatString(maxWhole + maxFraction)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return Decimal(s)
}

// Grouped writes the number with separators of thousands.
func (d Decimal) Grouped() string { return i18n.Grouped(string(d)) }

// Amount writes the number with its unit: 1,000 万元, 23%.
func (d Decimal) Amount(unit string) string { return i18n.Amount(d.Grouped(), unit) }

// rounded writes a number with so many digits behind the point, half away from zero.
func rounded(r *big.Rat, digits int) string { return r.FloatString(digits) }

// hundred is 100 %.
var hundred = big.NewRat(100, 1)

// percent returns basis points as percent.
func percent(bp int64) *big.Rat { return big.NewRat(bp, 100) }

// ParsePercent reads a percentage between 0 and 100 with at most two digits behind the point, with
// or without its sign, and returns it in hundredths.
func ParsePercent(s string) (bp int64, ok bool) {
	s = strings.TrimSuffix(width.Fold.String(strings.TrimSpace(s)), "%")
	d, ok := ParseDecimal(s)
	if !ok {
		return 0, false
	}
	r := new(big.Rat).Mul(d.Rat(), hundred)
	if !r.IsInt() || r.Sign() < 0 || r.Num().Cmp(big.NewInt(10_000)) > 0 {
		return 0, false
	}
	return r.Num().Int64(), true
}

// PercentText writes hundredths of a percent without superfluous zeros: 3500 gives "35".
func PercentText(bp int64) string { return string(decimalOf(percent(bp))) }
