package hanzi

import "golang.org/x/text/unicode/norm"

// Text is a folded text. Positions in it are indexes of Runes; Origin leads back.
type Text struct {
	Runes []rune
	// from holds, for each folded rune, the index of the rune it came from; nil when every rune
	// came from the one at its own index.
	from []int32
	size int // runes of the text as given
}

// Fold writes s in one way where Unicode has several:
//   - full-width digits, letters and signs in their half-width form (１２％ → 12%). The comma ， is
//     a clause mark and stays, except between two full-width digits, where it groups thousands;
//   - compatibility characters as what they stand for: ㎡ → m², ℃ → °C, the ligature ﬁ → fi, a
//     compatibility ideograph → the ideograph, the ideographic and the no-break space → a space;
//   - characters that take no room (zero-width spaces, byte order mark, soft hyphen) are left out.
//
// Superscripts, circled numbers (①), vulgar fractions (½) and … stay: written out they would be
// read together with the digits beside them. The case of letters stays too. Each rune is folded by
// itself, so a base letter and its combining mark are not joined. It takes time linear in s;
// invalid UTF-8 is U+FFFD, as in a conversion to []rune.
func Fold(s string) Text {
	given := []rune(s)
	t := Text{Runes: given, size: len(given)}
	for i, c := range given {
		if changes(given, i, c) {
			t.foldFrom(i, given)
			break
		}
	}
	return t
}

// changes reports whether given[i], which is c, may fold to something else.
func changes(given []rune, i int, c rune) bool {
	switch {
	case c < 0xa0, c >= 0x4e00 && c < 0xf900, c >= 0x3001 && c < 0x3100:
		return false
	case c == '，':
		return i > 0 && i+1 < len(given) && wideDigit(given[i-1]) && wideDigit(given[i+1])
	}
	return true
}

func wideDigit(c rune) bool { return c >= '０' && c <= '９' }

// foldFrom folds given from rune i on; those before it stay.
func (t *Text) foldFrom(i int, given []rune) {
	t.Runes = make([]rune, i, len(given)+len(given)/16)
	copy(t.Runes, given)
	for ; i < len(given); i++ {
		c := given[i]
		if !changes(given, i, c) {
			t.Runes = append(t.Runes, c)
		} else if c >= '！' && c <= '～' {
			t.Runes = append(t.Runes, c-'！'+'!')
		} else {
			t.Runes = appendCompat(t.Runes, c)
		}
		t.place(i)
	}
}

// place keeps the way back for the runes that rune i of the text as given became.
func (t *Text) place(i int) {
	if t.from == nil {
		if len(t.Runes) == i+1 {
			return
		}
		t.from = make([]int32, min(i, len(t.Runes)), cap(t.Runes))
		for k := range t.from {
			t.from[k] = int32(k)
		}
	}
	for len(t.from) < len(t.Runes) {
		t.from = append(t.from, int32(i))
	}
}

// appendCompat appends what a compatibility character stands for, and any other as it is.
func appendCompat(out []rune, c rune) []rune {
	switch {
	case c == '\u200b' || c == '\u200c' || c == '\u200d' || c == '\u2060' || c == '\ufeff',
		c == '\u00ad':
		return out
	case c == '²' || c == '³' || c == '¹' || c == '…' || c == '‥', c == '½' || c == '¼' || c == '¾',
		c >= '\u2070' && c <= '\u209c', c >= '\u2150' && c <= '\u215f', c == '\u2189',
		c >= '\u2460' && c <= '\u24ff', c >= '\u2776' && c <= '\u2793':
		return append(out, c)
	}
	out = append(out, []rune(norm.NFKC.String(string(c)))...)
	if raised := squared(c); raised != 0 {
		out[len(out)-1] = raised
	}
	return out
}

// squared returns the superscript that ends a squared unit sign (㎡, ㎥), which NFKC makes a plain
// digit, and 0 for any other rune.
func squared(c rune) rune {
	switch c {
	case '㎟', '㎠', '㎡', '㎢':
		return '²'
	case '㎣', '㎤', '㎥', '㎦':
		return '³'
	}
	return 0
}

// Origin returns the span of runes of the text as given that the folded span [start, end) came
// from. An empty span leads to an empty span.
func (t Text) Origin(start, end int) (int, int) {
	if t.from == nil {
		return start, end
	}
	if start < end {
		return int(t.from[start]), int(t.from[end-1]) + 1
	}
	if start < len(t.from) {
		return int(t.from[start]), int(t.from[start])
	}
	return t.size, t.size
}
