package retrieval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reason is one thing that made a match, or that speaks against it.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	For  bool       `json:"for"` // false: it speaks against the match
	// Words are those that both texts have, or that stand for each other.
	Words []string `json:"words,omitempty"`
	// Wanted and Stated are the two sides of a parameter or a signal, as written.
	Wanted string `json:"wanted,omitempty"`
	Stated string `json:"stated,omitempty"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
}

// ReasonKind is the kind of a reason.
type ReasonKind string

// Kinds of reasons.
const (
	SharedWords ReasonKind = "words"     // both texts have them
	BySynonym   ReasonKind = "synonyms"  // one text has a word, the other one that means the same
	ByParameter ReasonKind = "parameter" // an amount that is wanted and stated
	ByMeaning   ReasonKind = "meaning"   // vectors lie close: words that go together elsewhere
	ByModel     ReasonKind = "model"     // vectors from outside lie close, see Embedder
	BySignal    ReasonKind = "signal"    // a field beside the text: region, readiness, price
	MissingWord ReasonKind = "missing"   // the heaviest words that only the query has
)

// Limits of what is said.
const (
	maxReasonWords = 6
	maxMissing     = 3
	// minNear is the cosine from which nearness is worth a word.
	minNear = 0.4
	// minMissing is how much a missing word must tell to be named, of what the heaviest word tells.
	minMissing = 0.4
)

// shared is a term that counts for a document.
type shared struct {
	word  string // as the document has it
	asked string // as the query has it
	gain  float64
}

// Reasons says which words made the hit and which were missed, and how near it lies in meaning.
func (ix *Index) Reasons(q *Query, h *Hit) []Reason {
	same, alike, missing := ix.compare(q, h.Doc)
	var out []Reason
	if words := namesOf(same); len(words) > 0 {
		out = append(out, Reason{Kind: SharedWords, For: true, Words: words,
			Zh: "都提到" + quoted(words, "、"), En: "both mention " + listed(words)})
	}
	for _, s := range alike[:min(len(alike), maxMissing)] {
		out = append(out, Reason{Kind: BySynonym, For: true, Words: []string{s.asked, s.word},
			Zh: fmt.Sprintf("“%s”与“%s”说的是一回事", s.asked, s.word),
			En: fmt.Sprintf("%s is another word for %s", s.word, s.asked)})
	}
	if h.Signals.Near >= minNear {
		out = append(out, Reason{Kind: ByMeaning, For: true,
			Zh: fmt.Sprintf("所用词语常出现在同类文本中（相近度 %.2f）", h.Signals.Near),
			En: fmt.Sprintf("their words are used in the same texts (nearness %.2f)", h.Signals.Near)})
	}
	if h.Signals.Outside >= minNear { // models differ in what is near: the figure is said
		out = append(out, Reason{Kind: ByModel, For: true,
			Zh: fmt.Sprintf("向量模型认为意思相近（相近度 %.2f）", h.Signals.Outside),
			En: fmt.Sprintf("a model of vectors finds them close in meaning (nearness %.2f)", h.Signals.Outside)})
	}
	if len(missing) > 0 {
		out = append(out, Reason{Kind: MissingWord, Words: missing,
			Zh: "没有提到" + quoted(missing, "、"), En: "does not mention " + listed(missing)})
	}
	return out
}

func quoted(words []string, between string) string {
	return "“" + strings.Join(words, "”"+between+"“") + "”"
}

// namesOf returns the words that count most, none within another. Single characters are named when
// nothing else is shared, weak words never.
func namesOf(list []shared) []string {
	var out []string
	longer := func(s shared) bool { return utf8.RuneCountInString(s.word) > 1 && !weak(s.word) }
	some := slices.ContainsFunc(list, longer)
	for _, s := range list {
		if some && !longer(s) || weak(s.word) {
			continue
		}
		within := func(w string) bool { return strings.Contains(w, s.word) }
		if slices.ContainsFunc(out, within) {
			continue
		}
		out = slices.DeleteFunc(out, func(w string) bool { return strings.Contains(s.word, w) })
		if out = append(out, s.word); len(out) == maxReasonWords {
			break
		}
	}
	return out
}

// compare finds the terms of the query that a document has, has by another word, and lacks, the
// heaviest first.
func (ix *Index) compare(q *Query, doc int) (same, alike []shared, missing []string) {
	seg, local := ix.locate(doc)
	g := ix.segs[seg]
	var terms []uint32
	for f := g.forward(local); f.next(); {
		terms = append(terms, f.term)
	}
	best := map[int32]queryTerm{}
	for _, t := range q.terms { // heaviest first
		if _, has := slices.BinarySearch(terms, t.id); has {
			if _, known := best[t.group]; !known {
				best[t.group] = t
			}
		}
	}
	ix.lex.mu.RLock()
	defer ix.lex.mu.RUnlock()
	for group, t := range best {
		s := shared{word: ix.lex.shown(t.id), asked: q.names[group], gain: t.weight}
		switch kind := ix.lex.kinds[t.id]; {
		case kind == Char || kind == Single:
			s.gain /= 4 // a single character says little to a reader
		case string(ix.lex.terms.at(t.id)) != q.asked[group]:
			alike = append(alike, s)
			continue
		}
		same = append(same, s)
	}
	byGain := func(a, b shared) int {
		return cmp.Or(cmp.Compare(b.gain, a.gain), strings.Compare(a.word, b.word))
	}
	slices.SortFunc(same, byGain)
	slices.SortFunc(alike, byGain)
	said := map[int32]bool{}
	heaviest := 0.0
	for _, t := range q.terms {
		_, has := best[t.group]
		if kind := ix.lex.kinds[t.id]; kind == Char || kind == Single {
			continue
		}
		heaviest = max(heaviest, t.weight)
		if has || said[t.group] || t.weight < minMissing*heaviest {
			continue
		}
		said[t.group] = true
		name := q.names[t.group]
		if weak(name) {
			continue
		}
		// 人机 is not missing where 无人机 was met, nor 可靠 beside 可靠性.
		part := func(s shared) bool { return strings.Contains(s.asked, name) }
		beside := func(m string) bool { return strings.Contains(m, name) || strings.Contains(name, m) }
		if slices.ContainsFunc(same, part) || slices.ContainsFunc(alike, part) || slices.ContainsFunc(missing, beside) {
			continue
		}
		if missing = append(missing, name); len(missing) == maxMissing {
			break
		}
	}
	return same, alike, missing
}

// Sentence puts reasons into one sentence, in Chinese and in English.
func Sentence(reasons []Reason) (zh, en string) {
	var forZh, forEn, butZh, butEn []string
	for _, r := range reasons {
		if r.For {
			forZh, forEn = append(forZh, r.Zh), append(forEn, r.En)
		} else {
			butZh, butEn = append(butZh, r.Zh), append(butEn, r.En)
		}
	}
	switch {
	case len(forZh) == 0 && len(butZh) == 0:
		return "没有可说明的依据。", "Nothing speaks for or against it."
	case len(forZh) == 0:
		return "不利之处：" + strings.Join(butZh, "；") + "。", "Against it: " + listed(butEn) + "."
	case len(butZh) == 0:
		return "推荐理由：" + strings.Join(forZh, "；") + "。", "It fits: " + strings.Join(forEn, "; ") + "."
	}
	return "推荐理由：" + strings.Join(forZh, "；") + "；但" + strings.Join(butZh, "；") + "。",
		"It fits: " + strings.Join(forEn, "; ") + "; but it " + listed(butEn) + "."
}
