package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns s without what a spreadsheet file cannot carry: invalid UTF-8 becomes U+FFFD;
// control characters other than tab and line breaks and the non-characters U+FFFE and U+FFFF,
// which XML forbids, are dropped.
func Clean(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < utf8.RuneSelf
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, s)
}

// guarded reports whether a spreadsheet program might take s for a formula or a command.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	if s == "" {
		return false
	}
	if s[0] == '\t' || s[0] == '\r' || s[0] == '\n' {
		return true
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\''
	})
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@＝＋－＠", r)
}

// Guard puts an apostrophe before a text that a spreadsheet program might take for a formula. It is undone by
// unguard. Sheets of this package are guarded; it is exported for tables that are written elsewhere.
func Guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// unguard undoes guard: unguard(Guard(s)) == s for every s.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && guarded(s) {
		return s[1:]
	}
	return s
}
