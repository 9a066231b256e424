package planhttp

import (
	"cmp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/plan"
)

// paragraph is one line of a document with text on it.
type paragraph struct {
	start int64 // in characters of the text
	text  string
}

func (p paragraph) end() int64 { return p.start + int64(len([]rune(p.text))) }

// paragraphsOf cuts a text into its lines and leaves out the blank ones.
func paragraphsOf(text []rune) []paragraph {
	var out []paragraph
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] != '\n' {
			end++
		}
		if line := string(text[at:end]); strings.TrimSpace(line) != "" {
			out = append(out, paragraph{int64(at), line})
		}
		at = end + 1
	}
	return out
}

// piece is a stretch of a paragraph that the same statements cover.
type piece struct {
	text  string
	of    []plan.Statement // empty for plain text
	first bool             // the first piece of of[0]: it carries its id
}

// cut cuts a paragraph at the ends of the statements in it, which may lie inside each other.
func (p paragraph) cut(all []plan.Statement) []piece {
	var inside []plan.Statement
	edges := []int64{p.start, p.end()}
	for _, s := range all {
		if s.Start < p.end() && s.End > p.start {
			inside = append(inside, s)
			edges = append(edges, max(s.Start, p.start), min(s.End, p.end()))
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	runes := []rune(p.text)
	var out []piece
	for i := 0; i+1 < len(edges); i++ {
		from, to := edges[i], edges[i+1]
		x := piece{text: string(runes[from-p.start : to-p.start])}
		for _, s := range inside {
			if s.Start <= from && s.End >= to {
				x.of = append(x.of, s)
			}
		}
		slices.SortStableFunc(x.of, func(a, b plan.Statement) int {
			return cmp.Compare(a.End-a.Start, b.End-b.Start)
		})
		x.first = len(x.of) > 0 && max(x.of[0].Start, p.start) == from
		out = append(out, x)
	}
	return out
}

// windowChars is how much of a text the desk shows at once.
const windowChars = 4_000

// window returns the paragraphs around the one at a character, as many as fit, and whether there
// are more before and behind.
func window(all []paragraph, at int64) (shown []paragraph, before, after bool) {
	if len(all) == 0 {
		return nil, false, false
	}
	mid := len(all) - 1
	for i, p := range all {
		if at < p.end() {
			mid = i
			break
		}
	}
	from, to := mid, mid+1
	size := len([]rune(all[mid].text))
	for grew := true; grew; {
		grew = false
		if to < len(all) {
			if n := len([]rune(all[to].text)); size+n <= windowChars {
				size, to, grew = size+n, to+1, true
			}
		}
		if from > 0 {
			if n := len([]rune(all[from-1].text)); size+n <= windowChars {
				size, from, grew = size+n, from-1, true
			}
		}
	}
	return all[from:to], from > 0, to < len(all)
}

// context returns the sentence around a statement: what stands before it, its words, and what
// stands behind, so that the row can be judged without the text beside it.
func contextOf(text []rune, s plan.Statement) (before, words, after string) {
	const most = 60
	from, to := int(s.Start), int(s.End)
	if from < 0 || to > len(text) || from > to {
		return "", s.Quote, ""
	}
	a := from
	for a > 0 && from-a < most && !strings.ContainsRune(sentenceEnds, text[a-1]) {
		a--
	}
	b := to
	for b < len(text) && b-to < most && text[b] != '\n' {
		b++
		if strings.ContainsRune(sentenceEnds, text[b-1]) {
			break
		}
	}
	return string(text[a:from]), string(text[from:to]), string(text[to:b])
}
