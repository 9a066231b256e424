package party

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// englishForms are the same for English names, as whole words.
var englishForms = map[string]bool{
	"co": true, "ltd": true, "limited": true, "inc": true, "corp": true, "corporation": true,
	"company": true, "llc": true, "group": true, "plc": true, "gmbh": true,
}

// fold makes letters that mean the same equal: compatibility forms, width, case, brackets.
func fold(s string) string {
	s = norm.NFKC.String(width.Fold.String(s))
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		} else if unicode.IsSpace(r) {
			b.WriteRune(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// NameKey is what is left of a name when everything is taken away that two spellings of one
// organisation may differ in: width, case, brackets and their place, the legal form, and the
// endings 省 市 区 县 of places. Records with the same key are likely the same organisation; the
// key decides nothing, it only warns.
func NameKey(name string) string {
	s := fold(name)
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return englishKey(s)
	}
	s = strings.ReplaceAll(s, " ", "")
	for again := true; again; {
		again = false
		for _, form := range legalForms {
			if rest, ok := strings.CutSuffix(s, form); ok && len(rest) >= shortestName {
				s, again = rest, true
				break
			}
		}
	}
	for _, form := range legalForms { // a bracket may have moved the form into the middle
		if i := strings.Index(s, form); i > 0 && len(form) >= shortestForm {
			s = s[:i] + s[i+len(form):]
		}
	}
	return withoutPlaceEndings(s)
}

// englishKey drops the legal form of an English name.
func englishKey(s string) string {
	var keep []string
	for _, w := range strings.Fields(s) {
		if !englishForms[w] {
			keep = append(keep, w)
		}
	}
	if len(keep) == 0 {
		return s
	}
	return strings.Join(keep, " ")
}

// withoutPlaceEndings makes 太原市甲厂 and 太原甲厂 equal: it drops 省 市 区 县 where two to four
// characters stand before them and something follows, at most twice from the left.
func withoutPlaceEndings(s string) string {
	runes := []rune(s)
	start := 0
	for range 2 {
		end := -1
		for i := start + 2; i <= start+4 && i < len(runes)-1; i++ {
			if strings.ContainsRune(placeEndings, runes[i]) {
				end = i
				break
			}
		}
		if end < 0 {
			break
		}
		runes = append(runes[:end:end], runes[end+1:]...)
		start = end
	}
	return string(runes)
}

// Grams returns the distinct pairs of neighbouring characters of names, for searching. A name of
// one character gives that character.
func Grams(names ...string) []string {
	return gramsOf(names, func(i, n int) bool { return n == 1 })
}

// IndexGrams returns the pairs of names as they are stored where a character is found as the
// beginning of a pair: the last character of each word stands by itself too.
func IndexGrams(names ...string) []string {
	return gramsOf(names, func(i, n int) bool { return i == n-1 })
}

// searchGrams returns the pairs of names and each of their characters.
func searchGrams(names ...string) []string {
	return gramsOf(names, func(int, int) bool { return true })
}

// gramsOf returns the pairs of names, and the characters for which alone is true: the i-th of a
// word of n.
func gramsOf(names []string, alone func(i, n int) bool) []string {
	seen := map[string]bool{}
	var out []string
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	for _, name := range names {
		for _, word := range strings.Fields(fold(name)) {
			runes := []rune(word)
			for i := range runes {
				if i+1 < len(runes) {
					add(string(runes[i : i+2]))
				}
				if alone(i, len(runes)) {
					add(string(runes[i]))
				}
			}
		}
	}
	return out
}

// maxSortKey bounds a stored sort key, in bytes of its hex form.
const maxSortKey = 240

// collators hands out collators: one may be used by one goroutine at a time.
var collators = sync.Pool{New: func() any {
	return collate.New(language.MustParse("zh-u-co-pinyin"), collate.IgnoreCase)
}}

// SortKey returns the text by which names are ordered on both databases: pinyin for Chinese.
func SortKey(name string) string {
	c, _ := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buf collate.Buffer
	key := hex.EncodeToString(c.KeyFromString(&buf, name))
	if len(key) > maxSortKey {
		key = key[:maxSortKey]
	}
	return key
}
