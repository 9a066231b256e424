package retrieval

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// headingText lists the headings of a need's sections that say nothing about what is wanted.
//
//go:embed headings.txt
var headingText string

// backgroundHeadings is the set of headingText. It is built once and then only read.
var backgroundHeadings = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(headingText) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, word, dated := strings.Cut(line, "\t"); dated {
			line = word
		}
		out[strings.TrimSpace(line)] = true
	}
	return out
})

// maxHeading is how many characters a heading has at most.
const maxHeading = 24

// SplitNeed parts the text of a need: what it wants, and its background (现有工作基础, 企业简介, 预算),
// which tells who asks and not what for. A section begins with a heading before a colon or on a
// line of its own and ends where the next one begins. A text that is background alone wants that.
func SplitNeed(text string) (wanted, background string) {
	var parts [2]strings.Builder
	now := 0
	for len(text) > 0 {
		end := pieceEnd(text)
		piece := text[:end]
		text = text[end:]
		if name, ok := heading(piece); ok {
			now = 0
			if backgroundHeadings()[name] {
				now = 1
			}
		}
		parts[now].WriteString(piece)
	}
	if strings.TrimSpace(parts[0].String()) == "" {
		return parts[1].String(), ""
	}
	return parts[0].String(), parts[1].String()
}

// pieceEnd is where the first sentence or line of a text ends, or the heading before its colon.
func pieceEnd(text string) int {
	for i, c := range text {
		switch c {
		case '\n', '。', '；', ';', '：', ':':
			return i + len(string(c))
		}
	}
	return len(text)
}

// heading returns the heading that a piece is, without its number and what joins it.
func heading(piece string) (string, bool) {
	last := strings.TrimRight(piece, " \t\r\n")
	if !strings.HasSuffix(last, "：") && !strings.HasSuffix(last, ":") && !strings.HasSuffix(piece, "\n") {
		return "", false
	}
	name := strings.TrimFunc(last, func(c rune) bool { return !unicode.Is(unicode.Han, c) })
	for _, number := range []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"} {
		if rest, ok := strings.CutPrefix(name, number); ok && strings.IndexAny(rest, "、.．)） ,，") == 0 {
			name = strings.TrimLeftFunc(rest, func(c rune) bool { return !unicode.Is(unicode.Han, c) })
			break
		}
	}
	n := len([]rune(name))
	return name, n > 1 && n <= maxHeading
}
