package market

import (
	"strings"
	"unicode"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// label is a line of a form within a text: 联系人：…
type label struct {
	field      string
	start      int // where its word begins
	value, end int // what it says
}

// findLabels finds what a text calls its parts: a known word at the beginning of a line or behind a
// mark, with a colon, or alone on its line.
func (x *reader) findLabels() {
	for i := range x.r {
		if i > 0 && !strings.ContainsRune("\n 　\t；;，,。、）)】【[（(", x.r[i-1]) && !unicode.IsDigit(x.r[i-1]) {
			continue
		}
		if m, long, ok := x.labelAt(i); ok {
			m.end = x.endOfLine(m.value)
			if long {
				m.end = len(x.r)
			}
			x.marks = append(x.marks, m)
		}
	}
	for i := range x.marks {
		m := &x.marks[i]
		if i+1 < len(x.marks) {
			m.end = min(m.end, x.marks[i+1].start)
		}
		m.end = max(m.end, m.value)
	}
}

// labelAt reads the longest label that begins at a rune.
func (x *reader) labelAt(i int) (label, bool, bool) {
	var best label
	long, size := false, 0
	for _, l := range labels {
		for _, w := range l.words {
			word := []rune(w)
			if len(word) <= size || !hasRunes(x.r, i, word) {
				continue
			}
			start, j := i, i+len(word)
			boxed := i > 0 && strings.ContainsRune("【[", x.r[i-1]) && j < len(x.r) &&
				strings.ContainsRune("】]", x.r[j])
			if boxed {
				start--
			}
			for j < len(x.r) && strings.ContainsRune("】]） )", x.r[j]) {
				j++
			}
			colon := j < len(x.r) && (x.r[j] == ':' || x.r[j] == '：')
			alone := (i == 0 || x.r[i-1] == '\n') && (j == len(x.r) || x.r[j] == '\n')
			if !colon && !boxed && (!alone || !l.long) {
				continue
			}
			if colon {
				j++
			}
			best, long, size = label{field: l.field, start: start, value: j}, l.long, len(word)
		}
	}
	return best, long, size > 0
}

func hasRunes(r []rune, i int, word []rune) bool {
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

// labelled says whether a label begins at a rune.
func (x *reader) labelled(i int) bool {
	for _, m := range x.marks {
		if m.start == i {
			return true
		}
	}
	return false
}

// short returns what the first label of a field says on its line.
func (x *reader) short(field string) (hanzi.Span, bool) {
	for _, m := range x.marks {
		if m.field == field {
			v := x.trim(hanzi.Span{Start: m.value, End: min(m.end, x.endOfLine(m.value))})
			return v, v.Len() > 0
		}
	}
	return hanzi.Span{}, false
}

// lineOf widens what a label says by the label itself.
func (x *reader) lineOf(v hanzi.Span) hanzi.Span {
	for _, m := range x.marks {
		if m.value <= v.Start && v.End <= m.end {
			v.Start = m.start
		}
	}
	return v
}

// within says whether a rune is in what a label of the field says.
func (x *reader) within(i int, fields ...string) bool {
	for _, m := range x.marks {
		if m.start <= i && i < m.end {
			for _, f := range fields {
				if m.field == f {
					return true
				}
			}
		}
	}
	return false
}

// trim takes space and marks off both ends.
func (x *reader) trim(s hanzi.Span) hanzi.Span {
	idle := func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune("，,。；;：:、.", c)
	}
	for s.Start < s.End && idle(x.r[s.Start]) {
		s.Start++
	}
	for s.End > s.Start && idle(x.r[s.End-1]) {
		s.End--
	}
	return s
}
