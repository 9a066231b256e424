package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Limits of a formula's text.
const (
	MaxRunes  = 4000 // length of the text
	MaxTokens = 1500
	maxDigits = 40 // digits of a number
	maxName   = 80 // runes of a name
)

// class is what a token is.
type class uint8

const (
	end class = iota
	number
	word   // an identifier
	quoted // 「name」
	text   // "text"
	mark   // an operator or a bracket
)

// token is one word of the text. Places are counted in runes.
type token struct {
	class class
	text  string
	unit  string // written directly behind a number: % or 亿元
	from  int
	to    int
}

// marks are the operators and brackets, longer ones first. Those after the first of a line are other
// ways to write it.
var marks = [][]string{
	{"<=", "≤", "=<"}, {">=", "≥", "=>"}, {"!=", "≠", "<>"}, {"==", "="}, {"&&"}, {"||"},
	{"<"}, {">"}, {"+"}, {"-", "−", "–"}, {"*", "×"}, {"/", "÷"}, {"^"}, {"("}, {")"}, {",", "、", ";"},
	{"!"},
}

// lexer cuts the text into tokens.
type lexer struct {
	r      []rune
	at     int
	tokens []token
}

// scan cuts src into tokens, the last of class end.
func scan(src string) ([]token, *Error) {
	if !utf8.ValidString(src) {
		return nil, fail(0, 0, "encoding")
	}
	l := &lexer{r: []rune(src)}
	if len(l.r) > MaxRunes {
		return nil, fail(MaxRunes, len(l.r), "long", itoa(MaxRunes))
	}
	for i, r := range l.r {
		l.r[i] = fold(r)
	}
	for {
		for l.at < len(l.r) && unicode.IsSpace(l.r[l.at]) {
			l.at++
		}
		if l.at == len(l.r) {
			break
		}
		t, err := l.token()
		if err != nil {
			return nil, err
		}
		if l.tokens = append(l.tokens, t); len(l.tokens) > MaxTokens {
			return nil, fail(t.from, t.to, "long", itoa(MaxRunes))
		}
	}
	return append(l.tokens, token{class: end, from: len(l.r), to: len(l.r)}), nil
}

// fold gives full-width letters, digits and marks their narrow form.
func fold(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　' || r == '\ufeff':
		return ' '
	case r == 'µ':
		return 'μ'
	}
	return r
}

func (l *lexer) token() (token, *Error) {
	from := l.at
	switch r := l.r[from]; {
	case r >= '0' && r <= '9':
		return l.number()
	case r == '「':
		return l.until('」', quoted, "quote")
	case r == '“':
		return l.until('”', text, "text")
	case r == '"':
		return l.until('"', text, "text")
	case unicode.IsLetter(r) || r == '_':
		l.word()
		t := token{class: word, text: string(l.r[from:l.at]), from: from, to: l.at}
		if l.at-from > maxName {
			return t, fail(from, l.at, "name", itoa(maxName))
		}
		return t, nil
	}
	for _, ways := range marks {
		for _, way := range ways {
			n := utf8.RuneCountInString(way)
			if from+n <= len(l.r) && string(l.r[from:from+n]) == way {
				l.at += n
				return token{class: mark, text: ways[0], from: from, to: l.at}, nil
			}
		}
	}
	return token{}, fail(from, from+1, "mark", string(l.r[from]))
}

// word moves behind an identifier: letters, digits and marks that names have inside.
func (l *lexer) word() {
	for l.at < len(l.r) && (unicode.IsLetter(l.r[l.at]) || unicode.IsDigit(l.r[l.at]) ||
		unicode.Is(unicode.No, l.r[l.at]) || l.r[l.at] == '_') {
		l.at++
	}
}

func (l *lexer) until(last rune, c class, code string) (token, *Error) {
	from := l.at
	for l.at++; l.at < len(l.r) && l.r[l.at] != last; l.at++ {
	}
	if l.at == len(l.r) {
		return token{}, fail(from, l.at, code+".open")
	}
	t := token{class: c, text: strings.TrimSpace(string(l.r[from+1 : l.at])), from: from}
	l.at++
	t.to = l.at
	if t.text == "" || t.to-t.from-2 > maxName {
		return t, fail(t.from, t.to, "name", itoa(maxName))
	}
	return t, nil
}

// number reads 1234.5 with the unit that stands directly behind it.
func (l *lexer) number() (token, *Error) {
	from, digits, points := l.at, 0, 0
	for l.at < len(l.r) {
		r := l.r[l.at]
		if r == '.' && points == 0 && l.at+1 < len(l.r) && isDigit(l.r[l.at+1]) {
			points++
		} else if !isDigit(r) {
			break
		} else {
			digits++
		}
		l.at++
	}
	t := token{class: number, text: string(l.r[from:l.at]), from: from}
	unitFrom := l.at
	for l.at < len(l.r) && (unicode.IsLetter(l.r[l.at]) || strings.ContainsRune("%‰²³㎡", l.r[l.at])) {
		l.at++
	}
	t.unit, t.to = string(l.r[unitFrom:l.at]), l.at
	switch {
	case digits > maxDigits:
		return t, fail(t.from, t.to, "digits", itoa(maxDigits))
	case l.at < len(l.r) && l.r[l.at] == '.':
		return t, fail(l.at, l.at+1, "mark", ".")
	}
	if t.unit != "" && !known(t.unit) {
		return t, fail(unitFrom, t.to, "unit.unknown", t.unit)
	}
	return t, nil
}

// known reports whether a word is a unit of statistics. Behind a number only those are read, so that
// a word of the language that was glued to it is not taken for one.
func known(word string) bool {
	_, ok := hanzi.ParseUnit(word)
	return ok
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
