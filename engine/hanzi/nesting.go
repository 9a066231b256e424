package hanzi

// nesting measures how deep each rune of a range lies inside brackets, titles and quoted
// terms. Its buffers are used again from one range to the next. The work is linear in the
// length whatever the text: every bracket is pushed and popped at most once.
type nesting struct {
	depth []int32
	stack []opening
	open  [pairKinds]int
}

type opening struct {
	at   int
	kind pairKind
}

type pairKind uint8

const (
	pairNone pairKind = iota
	pairRound
	pairSquare
	pairTortoise
	pairLens
	pairTitle
	pairAngle
	pairDouble
	pairSingle
	pairCorner
	pairWhiteCorner
	pairStraight
	pairKinds
)

// measure returns the depth of each rune of r[p.Start:p.End]. A bracket lies at the depth
// of what it encloses. Brackets without a partner in the range count for nothing, and so
// do the quotes of speech.
func (n *nesting) measure(r []rune, p Span) []int32 {
	if cap(n.depth) < p.Len()+1 {
		n.depth = make([]int32, p.Len()+1)
	}
	d := n.depth[:p.Len()+1]
	clear(d)
	n.stack = n.stack[:0]
	n.open = [pairKinds]int{}
	for i := p.Start; i < p.End; i++ {
		kind, closes := pairOf(r[i])
		switch {
		case kind == pairNone:
		case kind == pairStraight && n.open[pairStraight] > 0, closes:
			if at, ok := n.pop(kind); ok && !isSpeech(r, at, i, p.Start) {
				d[at-p.Start]++
				d[i+1-p.Start]--
			}
		default:
			n.stack = append(n.stack, opening{i, kind})
			n.open[kind]++
		}
	}
	for i := 1; i < len(d); i++ {
		d[i] += d[i-1]
	}
	return d[:p.Len()]
}

// pop takes the innermost opening of a kind from the stack, with all that was opened
// inside it and never closed.
func (n *nesting) pop(kind pairKind) (at int, ok bool) {
	if n.open[kind] == 0 {
		return 0, false
	}
	for {
		top := n.stack[len(n.stack)-1]
		n.stack = n.stack[:len(n.stack)-1]
		n.open[top.kind]--
		if top.kind == kind {
			return top.at, true
		}
	}
}

// isSpeech reports whether the quote from open to end holds speech: it follows a colon, or
// it begins the paragraph or a sentence and closes with a mark of its own. Other quotes
// hold terms and slogans.
func isSpeech(r []rune, open, end, start int) bool {
	switch r[open] {
	case '“', '「', '『', '"':
	default:
		return false
	}
	if open > start && (r[open-1] == '：' || r[open-1] == ':') {
		return true
	}
	begins := open == start
	if !begins {
		switch r[open-1] {
		case '。', '！', '？', '”', '」':
			begins = true
		}
	}
	if !begins {
		return false
	}
	switch r[end-1] {
	case '。', '！', '？', '…', '，':
		return true
	}
	return false
}

func pairOf(c rune) (kind pairKind, closes bool) {
	if c < 0x80 {
		switch c {
		case '(':
			return pairRound, false
		case ')':
			return pairRound, true
		case '[':
			return pairSquare, false
		case ']':
			return pairSquare, true
		case '"':
			return pairStraight, false
		}
		return pairNone, false
	}
	switch c {
	case '（':
		return pairRound, false
	case '）':
		return pairRound, true
	case '［':
		return pairSquare, false
	case '］':
		return pairSquare, true
	case '〔':
		return pairTortoise, false
	case '〕':
		return pairTortoise, true
	case '【':
		return pairLens, false
	case '】':
		return pairLens, true
	case '《':
		return pairTitle, false
	case '》':
		return pairTitle, true
	case '〈':
		return pairAngle, false
	case '〉':
		return pairAngle, true
	}
	return quoteOf(c)
}

func quoteOf(c rune) (kind pairKind, closes bool) {
	switch c {
	case '“':
		return pairDouble, false
	case '”':
		return pairDouble, true
	case '‘':
		return pairSingle, false
	case '’':
		return pairSingle, true
	case '「':
		return pairCorner, false
	case '」':
		return pairCorner, true
	case '『':
		return pairWhiteCorner, false
	case '』':
		return pairWhiteCorner, true
	}
	return pairNone, false
}
