package pdftext

import (
	"slices"
	"strings"
)

// cmap maps the codes of a font: to Unicode in a ToUnicode table, to numbers of glyphs in an
// encoding.
type cmap struct {
	spaces []codeSpace
	single map[uint32]string
	ranges []codeRange // sorted by low once read
	glyphs []codeRange // as ranges, with the number of the first glyph
}

// codeSpace says how long the codes between two are.
type codeSpace struct {
	bytes     int
	low, high uint32
}

// codeRange maps low … high to what follows base, or to the elements of list.
type codeRange struct {
	low, high uint32
	base      string // UTF-16, of which the last unit counts up
	list      array
	glyph     uint32
}

// readCMap reads the table in a stream.
func (f *file) readCMap(d *dict) *cmap {
	m := &cmap{single: map[uint32]string{}}
	l := &lexer{file: f, data: f.decode(d), content: true}
	f.spend(len(l.data) / bytesPerWork)
	var operands []object
	for f.err == nil {
		o := l.object(0)
		op, isOp := o.(keyword)
		if !isOp {
			operands = append(operands, o)
			if len(operands) > maxOperands*maxOperands {
				operands = operands[:0]
			}
			continue
		}
		switch op {
		case endOfData:
			m.sort()
			return m
		case "endcodespacerange":
			m.addSpaces(operands)
		case "endbfchar":
			m.addSingles(operands)
		case "endbfrange":
			m.addRanges(operands)
		case "endcidrange":
			m.addGlyphs(operands)
		}
		operands = operands[:0]
	}
	return m
}

func (m *cmap) sort() {
	byLow := func(a, b codeRange) int { return int(a.low) - int(b.low) }
	slices.SortStableFunc(m.ranges, byLow)
	slices.SortStableFunc(m.glyphs, byLow)
}

func (m *cmap) full() bool { return len(m.single)+len(m.ranges)+len(m.glyphs) >= maxMapped }

func (m *cmap) addSpaces(ops []object) {
	for ; len(ops) >= 2 && len(m.spaces) < maxOperands; ops = ops[2:] {
		low, ok1 := ops[0].(string)
		high, ok2 := ops[1].(string)
		if ok1 && ok2 && len(low) == len(high) && len(low) >= 1 && len(low) <= 4 {
			m.spaces = append(m.spaces, codeSpace{len(low), code(low), code(high)})
		}
	}
}

func (m *cmap) addSingles(ops []object) {
	for ; len(ops) >= 2 && !m.full(); ops = ops[2:] {
		from, ok1 := ops[0].(string)
		to, ok2 := ops[1].(string)
		if ok1 && ok2 && len(to) <= maxOperands {
			m.single[code(from)] = to
		}
	}
}

func (m *cmap) addRanges(ops []object) {
	for ; len(ops) >= 3 && !m.full(); ops = ops[3:] {
		low, ok1 := ops[0].(string)
		high, ok2 := ops[1].(string)
		if !ok1 || !ok2 {
			continue
		}
		switch to := ops[2].(type) {
		case string:
			if len(to) <= maxOperands {
				m.ranges = append(m.ranges, codeRange{low: code(low), high: code(high), base: to})
			}
		case array:
			m.ranges = append(m.ranges, codeRange{low: code(low), high: code(high), list: to})
		}
	}
}

func (m *cmap) addGlyphs(ops []object) {
	for ; len(ops) >= 3 && !m.full(); ops = ops[3:] {
		low, ok1 := ops[0].(string)
		high, ok2 := ops[1].(string)
		if to, ok := ops[2].(float64); ok && ok1 && ok2 {
			m.glyphs = append(m.glyphs,
				codeRange{low: code(low), high: code(high), glyph: uint32(max(0, to))})
		}
	}
}

func code(s string) uint32 {
	n := uint32(0)
	for i := range min(len(s), 4) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

// find returns the last range that begins at or before a code, if the code is in it.
func find(ranges []codeRange, c uint32) (codeRange, bool) {
	i, exact := slices.BinarySearchFunc(ranges, c, func(r codeRange, c uint32) int {
		return int(r.low) - int(c)
	})
	if !exact {
		i--
	}
	if i < 0 || ranges[i].high < c {
		return codeRange{}, false
	}
	return ranges[i], true
}

// text returns what a code means, and whether the table says it.
func (m *cmap) text(c uint32) (string, bool) {
	if s, ok := m.single[c]; ok {
		return utf16Text(s), true
	}
	r, ok := find(m.ranges, c)
	if !ok {
		return "", false
	}
	n := c - r.low
	if r.list != nil {
		if int(n) >= len(r.list) {
			return "", false
		}
		s, ok := r.list[n].(string)
		return utf16Text(s), ok
	}
	if len(r.base) < 2 {
		return "", false
	}
	last := code(r.base[len(r.base)-2:]) + n
	return utf16Text(r.base[:len(r.base)-2] + string([]byte{byte(last >> 8), byte(last)})), true
}

// glyph returns the number of the glyph of a code.
func (m *cmap) glyph(c uint32) uint32 {
	r, ok := find(m.glyphs, c)
	if !ok {
		return c
	}
	return r.glyph + c - r.low
}

// split cuts the first code off a string by the code spaces; without any that fits, codes are as
// long as the shortest ones.
func (m *cmap) split(s string) (string, string) {
	shortest := 2
	for _, space := range m.spaces {
		shortest = min(shortest, space.bytes)
		if len(s) < space.bytes {
			continue
		}
		if within(code(s[:space.bytes]), space) {
			return s[:space.bytes], s[space.bytes:]
		}
	}
	n := min(shortest, len(s))
	return s[:n], s[n:]
}

// within compares byte by byte, as code spaces do.
func within(c uint32, space codeSpace) bool {
	for shift := 0; shift < space.bytes*8; shift += 8 {
		b := c >> shift & 0xFF
		if b < space.low>>shift&0xFF || b > space.high>>shift&0xFF {
			return false
		}
	}
	return true
}

// clean makes a mapped text what a person would type: without NUL, other control characters and
// the characters that a font uses for itself alone, with the Chinese forms of blank and dash.
func clean(s string) string {
	return cleaner.Replace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r == 0xA0:
			return ' '
		case r < ' ', r >= 0xE000 && r <= 0xF8FF, r == 0xFFFD, r == 0xFEFF:
			return -1
		}
		return r
	}, s))
}

// cleaner undoes what fonts do to characters that they draw alike: an em space for the
// ideographic one, one long dash for two.
var cleaner = strings.NewReplacer("\u2003", "\u3000", "\u2E3A", "——", "\u2E3B", "———")
