// Package typed brings what people type, paste or upload into the form that is stored: without characters that
// nobody sees. They make two names differ that look alike, turn the order of what is read around, or pass an
// empty name off as one.
package typed

import (
	"strings"
	"unicode"
)

// joiner (U+200D) makes one sign of several, such as a family of emoji. It is kept between them.
const joiner = '\u200d'

// Line is a text of one line, with single blanks.
func Line(s string) string {
	return strings.Join(strings.Fields(seen(s)), " ")
}

// Text is a text of several lines, without blanks around it. Lines end with a line feed.
func Text(s string) string {
	return strings.TrimSpace(seen(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)))
}

// seen drops format characters: those that say where to break a word, in which direction to write, and the like.
// Control characters stay: rooms refuse them at their field, and a search for one finds nothing.
func seen(s string) string {
	if !strings.ContainsFunc(s, unseen) && !strings.ContainsRune(s, joiner) {
		return s
	}
	var out []rune
	for _, r := range s {
		switch {
		case unseen(r), r == joiner && (len(out) == 0 || apart(out[len(out)-1])):
		case apart(r) && len(out) > 0 && out[len(out)-1] == joiner:
			out[len(out)-1] = r // it joined nothing
		default:
			out = append(out, r)
		}
	}
	return strings.TrimSuffix(string(out), string(joiner))
}

// apart reports whether nothing is joined with a rune.
func apart(r rune) bool { return r == joiner || unicode.IsSpace(r) }

func unseen(r rune) bool {
	return r != joiner && unicode.Is(unicode.Cf, r)
}
