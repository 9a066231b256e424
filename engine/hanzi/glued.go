package hanzi

// glued tells which sides of the number [start, end) touch a letter or another number.
func glued(r []rune, start, end int) Glued {
	return Glued{Before: gluedBefore(r, start), After: gluedAfter(r, end)}
}

func alnum(c rune) bool { return arabic(c) || latin(c) || c == '_' }

func gluedBefore(r []rune, i int) bool {
	c := at(r, i-1)
	if alnum(c) {
		return true
	}
	return isOne(c, "-./·&") && alnum(at(r, i-2))
}

func gluedAfter(r []rune, i int) bool {
	c := at(r, i)
	if alnum(c) {
		return true
	}
	return isOne(c, "-./·:") && alnum(at(r, i+1))
}
