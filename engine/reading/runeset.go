package reading

// runeSet is a set of runes that is asked about most runes of a text.
type runeSet [1 << 16 / 64]uint64

func (x *runeSet) add(c rune) {
	if uint32(c) < 1<<16 {
		x[c>>6] |= 1 << (c & 63)
	}
}

func (x *runeSet) has(c rune) bool {
	return uint32(c) < 1<<16 && x[c>>6]>>(c&63)&1 != 0
}

// firstRunes are the runes that the words of some lists begin with.
func firstRunes(lists ...[]string) *runeSet {
	x := &runeSet{}
	for _, l := range lists {
		for _, w := range l {
			x.add([]rune(w)[0])
		}
	}
	return x
}
