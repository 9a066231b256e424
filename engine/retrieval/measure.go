package retrieval

import "github.com/yuntu-city/yuntu/engine/hanzi"

// appendMeasures appends the numbers with units of a folded text, one term for one amount however
// it is written: 0.5米 and 50厘米 are the same. Counted things (8家), years and parts of names are
// left to the words. It writes 8-inch as 8 inch, which cuts the same words.
func appendMeasures(dst []Token, r []rune) []Token {
	for i := 1; i+1 < len(r); i++ {
		if r[i] == '-' && r[i-1] >= '0' && r[i-1] <= '9' && (r[i+1]|0x20 >= 'a' && r[i+1]|0x20 <= 'z') {
			r[i] = ' '
		}
	}
	for i := 0; i < len(r); i++ {
		if r[i] < '0' || r[i] > '9' {
			continue
		}
		q, ok := hanzi.ScanQuantity(r, i)
		if !ok {
			i = endOfDigits(r, i) - 1
			continue
		}
		surface := string(r[q.Start:q.End])
		if term, ok := measureTerm(&q, q.Low); ok {
			dst = append(dst, Token{term, surface, Measure})
			if top, ok := measureTerm(&q, q.High); ok && top != term { // both ends of a range: 6-8英寸
				dst = append(dst, Token{top, surface, Measure})
			}
		}
		i = max(i, q.End-1)
	}
	return dst
}

func endOfDigits(r []rune, i int) int {
	for i < len(r) && r[i] >= '0' && r[i] <= '9' {
		i++
	}
	return i
}

// measureTerm returns the term of a value of a quantity: the value in the base unit, and the dimension.
func measureTerm(q *hanzi.Quantity, value hanzi.Decimal) (string, bool) {
	if q.Name || q.Dim == "" || q.Dim == hanzi.DimCount || q.Dim == hanzi.DimNamed {
		return "", false
	}
	u, ok := hanzi.ParseUnit(q.Unit)
	if !ok {
		return "", false
	}
	base := value.Mul(u.Size)
	if !base.Finite() {
		return "", false
	}
	return base.String() + " " + u.Dim, true
}
