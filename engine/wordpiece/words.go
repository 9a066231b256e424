package wordpiece

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Options say how the model that a vocabulary belongs to writes its words.
type Options struct {
	LowerCase    bool // Hello is hello
	StripAccents bool // é is e
	SplitChinese bool // each Chinese character is a word
}

// Uncased are the options of models that know neither case nor accents; those for Chinese are such.
func Uncased() Options { return Options{LowerCase: true, StripAccents: true, SplitChinese: true} }

// maxWordRunes bounds a word: what is longer is [UNK].
const maxWordRunes = 100

// words calls take with each word of a text, and with long for a word over maxWordRunes, until it
// returns false. A word is valid during the call only.
func (o Options) words(text string, take func(word []byte, long bool) bool) {
	if o.StripAccents {
		text = norm.NFD.String(text)
	}
	var word []byte
	runes := 0
	flush := func() bool {
		more := runes == 0 || take(word, runes > maxWordRunes)
		word, runes = word[:0], 0
		return more
	}
	for _, c := range text {
		switch {
		case dropped(c), o.StripAccents && unicode.Is(unicode.Mn, c):
			continue
		case unicode.IsSpace(c):
			if !flush() {
				return
			}
		case punctuation(c), o.SplitChinese && chinese(c):
			if !flush() {
				return
			}
			word, runes = utf8.AppendRune(word, c), 1
			if !flush() {
				return
			}
		default:
			if o.LowerCase {
				c = unicode.ToLower(c)
			}
			if runes++; runes <= maxWordRunes { // no more is kept of what is too long
				word = utf8.AppendRune(word, c)
			}
		}
	}
	flush()
}

// dropped are characters that leave no trace: control characters other than blanks, format characters,
// those for private use, and what is no character.
func dropped(c rune) bool {
	switch c {
	case '\t', '\n', '\r':
		return false
	case utf8.RuneError:
		return true
	}
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co)
}

// punctuation counts the signs of ASCII such as $ and ^ in.
func punctuation(c rune) bool {
	if c < utf8.RuneSelf {
		return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
	}
	return unicode.Is(unicode.P, c)
}

// chinese are the ideographs that the models know as such: the blocks of Unicode 8.
func chinese(c rune) bool {
	switch {
	case c < 0x3400:
		return false
	case c <= 0x4dbf, c >= 0x4e00 && c <= 0x9fff, c >= 0xf900 && c <= 0xfaff:
		return true
	}
	return c >= 0x20000 && c <= 0x2a6df || c >= 0x2a700 && c <= 0x2ceaf || c >= 0x2f800 && c <= 0x2fa1f
}
