package hanzi

// Span is a half-open range of rune offsets, [Start, End).
type Span struct{ Start, End int }

// Len is the number of runes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Paragraphs returns the lines of a text that hold more than white space, without the
// white space around them. A line break always ends a paragraph: in official texts a
// heading is a line without punctuation.
func Paragraphs(r []rune) []Span {
	var out []Span
	start := 0
	for i := 0; i <= len(r); i++ {
		if i < len(r) && !isLineBreak(r[i]) {
			continue
		}
		if s := trimSpan(r, Span{start, i}); s.Len() > 0 {
			out = append(out, s)
		}
		start = i + 1
	}
	return out
}

// Sentences returns the sentences of a text, in order, without the white space around
// them; together they hold every rune that is not white space.
//
// A sentence ends at 。！？ and … at the end of a line, together with the closing quotes
// and brackets behind it. Inside brackets, book titles and quoted terms (“谁来干？”等问题)
// nothing ends; inside quoted speech, which follows a colon or begins a sentence, it does,
// so that the numbers of a long speech stay apart. A full stop of Latin script ends only
// before white space and not behind a number, so 2.08, 1. and PM2.5 stay whole.
func Sentences(r []rune) []Span {
	var out []Span
	var nest nesting
	for _, p := range Paragraphs(r) {
		depth := nest.measure(r, p)
		start := p.Start
		for i := p.Start; i < p.End; i++ {
			if depth[i-p.Start] > 0 || !endsSentence(r, i, p.End) {
				continue
			}
			i = sentenceTail(r, i+1, p.End)
			if s := trimSpan(r, Span{start, i}); s.Len() > 0 {
				out = append(out, s)
			}
			start = i
			i--
		}
		if s := trimSpan(r, Span{start, p.End}); s.Len() > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Clauses returns the clauses of one sentence: what stands between ，；：and the end
// marks, outside brackets, titles and quoted terms. The separator belongs to the clause
// before it. 、 does not separate clauses: it joins the members of one (see Items). Commas
// and colons inside numbers (1,234, 8:00, 2：1) separate nothing.
func Clauses(r []rune) []Span {
	var nest nesting
	depth := nest.measure(r, Span{0, len(r)})
	var out []Span
	start := 0
	for i := range r {
		if depth[i] > 0 || !endsClause(r, i) && !endsSentence(r, i, len(r)) {
			continue
		}
		end := sentenceTail(r, i+1, len(r))
		if end <= start {
			continue
		}
		if s := trimSpan(r, Span{start, end}); s.Len() > 0 {
			out = append(out, s)
		}
		start = end
	}
	if s := trimSpan(r, Span{start, len(r)}); s.Len() > 0 {
		out = append(out, s)
	}
	return out
}

// Items returns the members of a coordination within one clause: what stands between 、
// outside brackets, titles and quotes, without the marks themselves. A clause without 、
// is its own single member. 和, 与 and 及 are left to the reader, for they also stand
// inside names.
func Items(r []rune) []Span {
	var nest nesting
	depth := nest.measure(r, Span{0, len(r)})
	var out []Span
	start := 0
	for i := 0; i <= len(r); i++ {
		if i < len(r) && (depth[i] > 0 || r[i] != '、') {
			continue
		}
		if s := trimSpan(r, Span{start, i}); s.Len() > 0 {
			out = append(out, s)
		}
		start = i + 1
	}
	return out
}

// endsSentence reports whether the mark at i ends a sentence of the paragraph that ends
// at end.
func endsSentence(r []rune, i, end int) bool {
	switch r[i] {
	case '。', '！', '？', '｡', '!', '?':
		return true
	case '…':
		return i+1 == end
	case '.':
		if i+1 < end && !isSpace(r[i+1]) {
			return false
		}
		return i > 0 && !isASCIIDigit(r[i-1]) && r[i-1] != '.'
	}
	return false
}

// endsClause reports whether the mark at i separates clauses.
func endsClause(r []rune, i int) bool {
	switch r[i] {
	case '，', '；', '﹔', '﹐':
		return true
	case ',', ';', ':', '：':
		between := i > 0 && i+1 < len(r) && isASCIIDigit(r[i-1]) && isASCIIDigit(r[i+1])
		return !between
	}
	return false
}

// sentenceTail skips the end marks and closing quotes and brackets from i on: ？！, 。”, ……
func sentenceTail(r []rune, i, end int) int {
	for i < end {
		switch r[i] {
		case '。', '！', '？', '!', '?', '”', '’', '」', '』', '）', ')', '】', '》', '〉', '〕', '］', ']':
			i++
		default:
			return i
		}
	}
	return i
}

func trimSpan(r []rune, s Span) Span {
	for s.Start < s.End && isSpace(r[s.Start]) {
		s.Start++
	}
	for s.End > s.Start && isSpace(r[s.End-1]) {
		s.End--
	}
	return s
}

func isLineBreak(c rune) bool {
	switch c {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// isSpace reports white space of any width, with the invisible marks that web pages and
// word processors leave in a text.
func isSpace(c rune) bool {
	switch c {
	case ' ', '\t', 0xA0, 0x3000, 0x200B, 0xFEFF:
		return true
	}
	return isLineBreak(c) || c >= 0x2000 && c <= 0x200A
}

func isASCIIDigit(c rune) bool { return c >= '0' && c <= '9' }
