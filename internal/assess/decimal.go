package assess

import (
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

// Decimal is an exact decimal as people write it: "5", "-0.5". The zero value is no number.
type Decimal string

var decimalForm = regexp.MustCompile(`^-?\d{1,9}(\.\d{1,6})?$`)

// ParseDecimal reads a decimal and returns it without superfluous zeros. Full-width digits are
// understood.
func ParseDecimal(s string) (Decimal, bool) {
	s = strings.TrimPrefix(width.Fold.String(strings.TrimSpace(s)), "+")
	if !decimalForm.MatchString(s) {
		return "", false
	}
	return Decimal(plain(Decimal(s).Rat(), 6)), true
}

// Rat is the number, 0 for none.
func (d Decimal) Rat() *big.Rat {
	if !decimalForm.MatchString(string(d)) {
		return new(big.Rat)
	}
	r, _ := new(big.Rat).SetString(string(d))
	return r
}

// Valid reports whether d is a number.
func (d Decimal) Valid() bool { return decimalForm.MatchString(string(d)) }

// plain writes a number with at most so many decimals, rounded half away from zero.
func plain(r *big.Rat, places int) string {
	s := r.FloatString(places)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// exact reads a number that RatString wrote. What is none is 0.
func exact(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// TwoPlaces writes an exact number with two decimals for people.
func TwoPlaces(s string) string {
	if s == "" {
		return "—"
	}
	return exact(s).FloatString(2)
}

// Plain writes an exact number with at most two decimals for people.
func Plain(s string) string {
	if s == "" {
		return "—"
	}
	return plain(exact(s), 2)
}

// percentOf is hundredths of a percent as a share of one.
func percentOf(bp int64) *big.Rat { return big.NewRat(bp, 10_000) }
