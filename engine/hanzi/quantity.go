package hanzi

// Quantity is a number with its unit, and what stands directly around it that bounds it: 约8.7万人,
// 不少于5—8家, 三千二百余亩, 30亿元以上.
type Quantity struct {
	Start, End int // runes, with comparators
	// Value is the number in Unit: 8.7万人 → 8.7 and 万人; the lower end of a range.
	Value Decimal
	// Low and High are the ends of a range (5—8家), both Value otherwise.
	Low, High Decimal
	Range     bool
	// Unit is as written, with the large scale word before it: 亿元, 万人, 个百分点, 元/平方米. It is
	// empty when the number has none.
	Unit string
	// UnitStart and UnitEnd are the runes of the unit without its scale word.
	UnitStart, UnitEnd int
	Op                 Op
	// Number is the number as read, the first one of a range.
	Number Number
	// Glued says that the quantity is part of a name: A4, 5G, PM2.5.
	Glued Glued
}

// ScanQuantity reads the quantity that begins exactly at rune i of folded text, with its number or
// with a comparator before it.
func ScanQuantity(r []rune, i int) (Quantity, bool) {
	n, ok := ScanNumber(r, i)
	if !ok {
		return Quantity{}, false
	}
	q := Quantity{Start: i, End: n.End, Value: n.Coef, Low: n.Coef, High: n.Coef, Unit: n.Scale,
		UnitStart: n.End, UnitEnd: n.End, Op: n.Op, Number: n, Glued: n.Glued}
	for size := 4; size > 0; size-- {
		if n.End+size > len(r) {
			continue
		}
		if u := string(r[n.End : n.End+size]); firstUnits[u].Name != "" {
			q.Unit += u
			q.End, q.UnitEnd = n.End+size, n.End+size
			break
		}
	}
	return q, true
}
