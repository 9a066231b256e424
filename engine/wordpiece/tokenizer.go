package wordpiece

import "unicode/utf8"

// Least is the number of pieces that a text has at least: its start and its end.
const Least = 2

// Tokenizer turns texts into the numbers of their pieces. It is safe for concurrent use.
type Tokenizer struct {
	v *Vocabulary
	o Options
}

// New returns a tokenizer for a model's vocabulary.
func New(v *Vocabulary, o Options) *Tokenizer { return &Tokenizer{v, o} }

// Pad is the number of the piece that fills up what is shorter than its neighbours.
func (t *Tokenizer) Pad() int64 { return t.v.pad }

// Encode returns the numbers of the pieces of a text between those of [CLS] and [SEP], at most most in
// all (and at least Least). What is beyond is left out, and not looked at.
func (t *Tokenizer) Encode(text string, most int) []int64 {
	room := max(most, Least) - 1 // one is for the end
	out := append(make([]int64, 0, min(room+1, Least+len(text))), t.v.start)
	t.o.words(text, func(word []byte, long bool) bool {
		if long {
			out = append(out, t.v.unknown)
		} else {
			out = t.v.cut(out, word)
		}
		return len(out) < room
	})
	return append(out[:min(len(out), room)], t.v.end)
}

// cut appends the pieces of a word: the longest there is, again and again, or [UNK] when one is missing.
func (v *Vocabulary) cut(out []int64, word []byte) []int64 {
	pieces, known := &v.first, len(out)
	for len(word) > 0 {
		id, n := pieces.longestOf(word)
		if n == 0 {
			return append(out[:known], v.unknown)
		}
		out, word = append(out, id), word[n:]
		pieces = &v.rest
	}
	return out
}

// longestOf finds the longest piece that a word begins with, and its bytes, 0 when there is none.
func (t *table) longestOf(word []byte) (int64, int) {
	for n := min(len(word), t.longest); n > 0; n-- {
		if n < len(word) && !utf8.RuneStart(word[n]) {
			continue
		}
		if id, ok := t.ids[string(word[:n])]; ok {
			return id, n
		}
	}
	return 0, 0
}
