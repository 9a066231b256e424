package retrieval

import (
	_ "embed"
	"sync"
)

// traditional holds pairs of a traditional character and its simplified form, side by side. They
// are those of OpenCC (Apache-2.0) that are one character each, of Unicode's basic plane; where a
// character has several forms, the first. See NOTICE.
//
//go:embed traditional.txt
var traditional string

// simplified returns the simplified forms of the characters from firstHan on, 0 for a character that
// is written one way. It is built once and then only read. Words that the two scripts write
// differently (軟體, 软件) are not known here: they are synonyms. A character with several simplified
// forms always takes the most frequent.
var simplified = sync.OnceValue(func() []uint16 {
	forms := make([]uint16, lastHan-firstHan+1)
	var first rune
	for _, c := range traditional {
		switch {
		case c == '\n':
		case first == 0:
			first = c
		default:
			if first >= firstHan && first <= lastHan {
				forms[first-firstHan] = uint16(c)
			}
			first = 0
		}
	}
	return forms
})
