package hanzi

import (
	"sort"
	"strings"
	"sync"
)

// Unit is a word that says what is counted or measured.
type Unit struct {
	Name string // as written
	// Dim is the dimension, one of the Dim constants, the ISO 4217 code of a currency, or two of
	// them with a slash (volume/time), the second with dots between several
	// (power/length·temperature). Only units of one dimension convert into each other.
	Dim string
	// Size is how much of the base unit of the dimension one of it is.
	Size Decimal
}

// unitWord is a unit in the index.
type unitWord struct {
	runes []rune
	unit  Unit
}

// unitIndex finds the units by their first rune, longest first. It is built once and then only
// read.
var unitIndex = sync.OnceValue(func() map[rune][]unitWord {
	b := unitBuilder{}
	for _, line := range unitTable {
		b.line(line.dim, line.units)
	}
	for _, c := range currencies {
		b.names(c.one, c.code, Int(1))
		b.names(c.tenth, c.code, Scaled(1, -1))
		b.names(c.hundredth, c.code, Scaled(1, -2))
	}
	return b
})

// unitBuilder makes the index.
type unitBuilder map[rune][]unitWord

// line adds the units of one line of unitTable.
func (b unitBuilder) line(dim, units string) {
	for _, field := range strings.Fields(units) {
		cut := strings.LastIndexByte(field, '=')
		size, ok := ParseDecimal(field[cut+1:])
		if !ok {
			panic("hanzi: size of " + field)
		}
		for name := range strings.SplitSeq(field[:cut], ",") {
			base, prefixed := strings.CutSuffix(name, "/")
			b.add(base, dim, size)
			if prefixed {
				b.prefixes(base, dim, size)
			}
		}
	}
}

// names adds names of the same unit.
func (b unitBuilder) names(names, dim string, size Decimal) {
	for name := range strings.FieldsSeq(names) {
		b.add(name, dim, size)
	}
}

func (b unitBuilder) prefixes(base, dim string, size Decimal) {
	for _, p := range unitPrefixes {
		prefix := p.han
		if latin([]rune(base)[0]) {
			prefix = p.latin
		}
		b.add(prefix+base, dim, size.Mul(Scaled(1, p.power)))
	}
}

// add puts a unit before the shorter ones with its first rune. A name is added once.
func (b unitBuilder) add(name, dim string, size Decimal) {
	w := unitWord{[]rune(name), Unit{name, dim, size}}
	list := b[w.runes[0]]
	at := 0
	for at < len(list) && len(list[at].runes) >= len(w.runes) {
		if list[at].unit.Name == name {
			return
		}
		at++
	}
	list = append(list, w)
	copy(list[at+1:], list[at:])
	list[at] = w
	b[w.runes[0]] = list
}

// ScanUnit reads the longest unit that begins exactly at rune i of folded text, with what it is
// divided by (元/平方米, 件/万人, W/(m·K)), and returns the position behind it.
func ScanUnit(r []rune, i int) (Unit, int, bool) {
	u, end, ok := thousandUnit(r, i)
	if !ok {
		return u, i, false
	}
	if c := at(r, end); c != '/' && c != '每' {
		return u, end, true
	}
	per, next, ok := product(r, end+1)
	if !ok {
		return u, end, true
	}
	size, _ := u.Size.Quo(per.Size)
	return Unit{string(r[i:next]), u.Dim + "/" + per.Dim, size}, next, true
}

// thousandUnit reads a unit that may have 千 before it, as statistics write: 3586.7千公顷.
func thousandUnit(r []rune, i int) (Unit, int, bool) {
	u, end, ok := simpleUnit(r, i)
	if ok || at(r, i) != '千' {
		return u, end, ok
	}
	u, end, ok = simpleUnit(r, i+1)
	return Unit{"千" + u.Name, u.Dim, u.Size.Mul(Int(1000))}, end, ok
}

// maxFactors bounds the units that another is divided by.
const maxFactors = 4

// product reads what a unit is divided by: one unit, several with dots between them, or several in
// brackets: m², m·K, (kg·°C).
func product(r []rune, i int) (Unit, int, bool) {
	inside := at(r, i) == '('
	if inside {
		i++
	}
	size, end := Int(1), i
	var dims []string
	for {
		u, next, ok := factor(r, end)
		if !ok {
			break
		}
		size, end, dims = size.Mul(u.Size), next, append(dims, u.Dim)
		if !isOne(at(r, end), "·⋅•*×") || len(dims) == maxFactors {
			break
		}
		if _, _, more := factor(r, end+1); !more {
			break
		}
		end++
	}
	if inside {
		if len(dims) < 2 || at(r, end) != ')' {
			return Unit{}, i, false
		}
		end++
	}
	sort.Strings(dims) // K·m is m·K
	return Unit{Dim: strings.Join(dims, "·"), Size: size}, end, len(dims) > 0
}

// factor reads a unit of a divisor. A kelvin there is as much as a degree.
func factor(r []rune, i int) (Unit, int, bool) {
	if at(r, i) == 'K' && !alnum(at(r, i+1)) {
		return Unit{"K", DimTemperature, Int(1)}, i + 1, true
	}
	return divisor(r, i)
}

// divisor reads the unit that another is divided by, with scale words before it: 万人, 千人. The
// letters d and a are a day and a year there: m³/d.
func divisor(r []rune, i int) (Unit, int, bool) {
	u, end, ok := simpleUnit(r, i)
	if c := at(r, i); !ok && (c == 'd' || c == 'a') && !alnum(at(r, i+1)) {
		if c == 'a' {
			return Unit{"a", DimMonths, Int(12)}, i + 1, true
		}
		return Unit{"d", DimTime, Int(86400)}, i + 1, true
	}
	for size := Int(1); !ok && power(at(r, i)) > 1 && size.Cmp(Scaled(1, 16)) < 0; {
		size = size.Mul(Scaled(1, power(r[i])))
		i++
		u, end, ok = simpleUnit(r, i)
		u.Size = u.Size.Mul(size)
	}
	return u, end, ok
}

// simpleUnit reads a unit without a divisor.
func simpleUnit(r []rune, i int) (Unit, int, bool) {
	for _, w := range unitIndex()[at(r, i)] {
		end := i + len(w.runes)
		if matches(r, i, w.runes) && !endsInside(r, end) && !otherWord(r, w.unit.Name, end) {
			return w.unit, end, true
		}
	}
	return Unit{}, i, false
}

func matches(r []rune, i int, word []rune) bool {
	if i+len(word) > len(r) {
		return false
	}
	for k, c := range word {
		if r[i+k] != c {
			return false
		}
	}
	return true
}

// endsInside reports whether a name that ends at end would end inside a word of letters.
func endsInside(r []rune, end int) bool {
	return latin(at(r, end-1)) && alnum(at(r, end))
}

// Convert returns value in another unit of the same dimension, and false when there is none: 1 亿元
// is 10000 万元, 1 小时 is 3600 秒, and 家, 户 and 个 are one counter. Units are given as Quantity has
// them, with large scale words before the unit. An empty unit converts into scale words only.
func Convert(value Decimal, from, to string) (Decimal, bool) {
	f, ok := ParseUnit(from)
	if !ok {
		return Decimal{}, false
	}
	t, ok := ParseUnit(to)
	if !ok || f.Dim != t.Dim {
		return Decimal{}, false
	}
	return value.Mul(f.Size).Quo(t.Size)
}

// maxScaleWords bounds the large scale words of one unit.
const maxScaleWords = 16

// ParseUnit returns the unit that s is, with large scale words before it: 亿元, 万人, 万千瓦.
func ParseUnit(s string) (Unit, bool) {
	r := []rune(s)
	size, i := Int(1), 0
	for ; i < len(r) && power(r[i]) >= 4 && i < maxScaleWords && !prefixes(r, i); i++ {
		size = size.Mul(Scaled(1, power(r[i])))
	}
	if i == len(r) {
		return Unit{Name: s, Size: size}, true
	}
	u, end, ok := ScanUnit(r, i)
	if !ok || end != len(r) {
		return Unit{}, false
	}
	return Unit{s, u.Dim, u.Size.Mul(size)}, true
}
