package market

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
)

// Limits of a pasted text and of what is read from it.
const (
	MaxPaste       = MaxText // characters
	maxDraftTitle  = 40
	maxDraftRights = 20
	maxDraftValues = 15 // indicators
	maxDraftWords  = 6  // keywords
	maxHidden      = 99 // phones and mails of one field
)

// PostDraft is what a text says, as the input of CreatePost for a person to complete. Reading decides
// nothing: each filled field says the words it came from.
type PostDraft struct {
	PostData
	Spans []Span `json:"spans"`
}

// Span says which words of the pasted text a field came from.
type Span struct {
	Field string `json:"field"` // title, priceHiFen, parameters.0
	Start int    `json:"start"` // in characters of the text as it was pasted
	End   int    `json:"end"`
	Quote string `json:"quote"`
	// Doubt says why the field wants a second look: a key of package i18n, "" for none.
	Doubt string `json:"doubt,omitempty"`
}

// Structure reads a pasted text. An empty kind is read too. The same text on the same day always gives
// the same draft.
func (s *Service) Structure(
	_ context.Context, by authz.Actor, kind Kind, text string,
) (PostDraft, error) {
	if !PostPolicy.Could(by, ActPostCreate) {
		return PostDraft{}, PostPolicy.May(by, ActPostCreate,
			Post{State: Published, PostData: PostData{Visibility: Open}})
	}
	text = lines(text)
	var f faults
	f.prose("text", text, MaxPaste, true)
	if kind != "" {
		f.choice("kind", string(kind), Kinds(), true)
	}
	if len(f) == 0 {
		secretIn(&f, "text", text)
	}
	if err := f.err(); err != nil {
		return PostDraft{}, err
	}
	return structure(kind, text, s.day()), nil
}

// structure is Structure without asking who.
func structure(kind Kind, text string, today clock.Date) PostDraft {
	x := newReader(kind, text, today)
	x.readKind()
	x.readTitle()
	x.readContact()
	x.readField()
	x.readChoices()
	x.readModes()
	x.readPrice()
	x.readDeadline()
	x.readLevel()
	x.readRights()
	x.readParameters()
	x.readKeywords()
	x.readCurrent()
	x.readText()
	x.hideContacts()
	x.d.normalise()
	return x.d
}

// hideContacts takes phones and mails out of what others read, wherever a field got them from.
func (x *reader) hideContacts() {
	hide := func(s *string) {
		for range maxHidden {
			flat := hanzi.Fold(*s)
			text := string(flat.Runes)
			m := mailText.FindStringIndex(text)
			if p := phoneText.FindStringSubmatchIndex(text); p != nil {
				m = p[2:4]
			}
			if m == nil {
				return
			}
			a, b := flat.Origin(utf8.RuneCountInString(text[:m[0]]), utf8.RuneCountInString(text[:m[1]]))
			given := []rune(*s)
			*s = string(given[:a]) + string(given[b:])
		}
		*s = ""
	}
	hide(&x.d.Title)
	hide(&x.d.Text)
	hide(&x.d.Current)
	for i := range x.d.Keywords {
		hide(&x.d.Keywords[i])
	}
	for i := range x.d.Rights {
		hide(&x.d.Rights[i].Title)
		x.d.Rights[i].Title = cmp.Or(x.d.Rights[i].Title, x.d.Rights[i].Number)
	}
}

// reader reads one text.
type reader struct {
	given []rune
	text  hanzi.Text
	r     []rune // folded
	flat  string // the same as a text, for finding words
	at    []int  // for each byte of flat the rune it is in
	today clock.Date
	d     PostDraft
	marks []label // in the order of the text
	cut   []hanzi.Span
	taken []taken
}

// taken are the folded runes that filled a field.
type taken struct {
	field      string
	start, end int
}

func newReader(kind Kind, text string, today clock.Date) *reader {
	x := &reader{given: []rune(text), text: hanzi.Fold(text), today: today}
	x.r = x.text.Runes
	x.flat = string(x.r)
	x.at = make([]int, 0, len(x.flat)+1)
	for i, c := range x.r {
		for range len(string(c)) {
			x.at = append(x.at, i)
		}
	}
	x.at = append(x.at, len(x.r))
	x.d.Kind = kind
	x.findLabels()
	return x
}

// from notes the folded runes a field came from.
func (x *reader) from(field string, start, end int) *Span {
	x.taken = append(x.taken, taken{field, start, end})
	a, b := x.text.Origin(start, end)
	x.d.Spans = append(x.d.Spans, Span{Field: field, Start: a, End: b, Quote: string(x.given[a:b])})
	return &x.d.Spans[len(x.d.Spans)-1]
}

// find returns where a word stands first at or after a rune, in folded runes.
func (x *reader) find(word string, from int) (int, int, bool) {
	start := byteOf(x.at, from)
	i := strings.Index(x.flat[start:], word)
	if i < 0 {
		return 0, 0, false
	}
	return x.at[start+i], x.at[start+i+len(word)], true
}

// byteOf is the byte at which a rune begins.
func byteOf(at []int, r int) int {
	i, _ := slices.BinarySearch(at, r)
	return i
}

// denied says whether words right before a rune take back what follows.
func (x *reader) denied(i int) bool {
	before := string(x.r[max(0, i-4):i])
	return slices.ContainsFunc(notYet, func(w string) bool { return strings.HasSuffix(before, w) })
}

// maxSentence is how far a sentence is looked at to each side, so that a text without any mark takes
// no longer than others.
const maxSentence = 200

// sentence is the sentence around a rune.
func (x *reader) sentence(i int) (int, int) {
	ends := func(c rune) bool { return strings.ContainsRune("。；;！!？?\n", c) }
	start, end := i, i
	for start > 0 && i-start < maxSentence && !ends(x.r[start-1]) {
		start--
	}
	for end < len(x.r) && end-i < maxSentence && !ends(x.r[end]) {
		end++
	}
	return start, end
}

func hasAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// readKind decides between need and achievement where nobody said which, by the words that speak for
// either.
func (x *reader) readKind() {
	if x.d.Kind != "" {
		return
	}
	best, score := Need, -1
	var at [2]int
	for _, k := range []Kind{Need, Achievement} {
		n, first := 0, [2]int{-1, -1}
		for _, w := range kindWords[k] {
			n += strings.Count(x.flat, w)
			if start, end, ok := x.find(w, 0); ok && (first[0] < 0 || start < first[0]) {
				first = [2]int{start, end}
			}
		}
		if n > score {
			best, score, at = k, n, first
		}
	}
	x.d.Kind = best
	if at[0] >= 0 {
		x.from("kind", at[0], at[1])
	}
}

func (x *reader) readTitle() {
	if v, ok := x.short("title"); ok && v.End-v.Start <= MaxTitle {
		x.d.Title = string(x.r[v.Start:v.End])
		x.from("title", v.Start, v.End)
		x.cut = append(x.cut, x.lineOf(v))
		return
	}
	line := x.trim(hanzi.Span{Start: 0, End: x.endOfLine(0)})
	titled := line.Len() > 0 && line.Len() <= maxDraftTitle && line.End < len(x.r) &&
		!strings.ContainsAny(string(x.r[line.Start:line.End]), "。！？；，") && !x.labelled(line.Start)
	if titled {
		x.cut = append(x.cut, hanzi.Span{Start: 0, End: x.endOfLine(0)})
	} else {
		line = x.topic()
	}
	if line.Len() > 0 {
		x.d.Title = string(x.r[line.Start:line.End])
		s := x.from("title", line.Start, line.End)
		if !titled {
			s.Doubt = doubtTitle
		}
	}
}

// topic is the phrase that says what a text without a title is about: what stands behind a verb of
// its kind, or how it begins.
func (x *reader) topic() hanzi.Span {
	start := 0
	for _, m := range x.marks {
		if m.field == "text" {
			start = m.value
			break
		}
	}
	first := x.phrase(start)
	if x.d.Kind == Achievement && x.titles(first) {
		return first
	}
	best := hanzi.Span{}
	for _, w := range titleVerbs[x.d.Kind] {
		for i := start; ; {
			at, end, ok := x.find(w, i)
			if !ok {
				break
			}
			s := x.phrase(end)
			if x.titles(s) && (best.Len() == 0 || at < best.Start) {
				best = s
			}
			i = end
		}
	}
	if best.Len() == 0 {
		return first
	}
	return best
}

// shortestTopic is how long a phrase is at least that names what a text is about.
const shortestTopic = 5

// titles says whether a phrase can be a title: long enough, and not about the writer or an amount.
func (x *reader) titles(s hanzi.Span) bool {
	text := string(x.r[s.Start:s.End])
	for _, w := range noTitle {
		if strings.HasPrefix(text, w) {
			return false
		}
	}
	return s.Len() >= shortestTopic && !strings.ContainsAny(text, "0123456789") && !hasAny(text, priceWords[Need])
}

// phrase is what follows up to the next mark.
func (x *reader) phrase(start int) hanzi.Span {
	s := x.trim(hanzi.Span{Start: start, End: min(len(x.r), start+maxDraftTitle)})
	for _, w := range titleLeads {
		if word := []rune(w); hasRunes(x.r[:s.End], s.Start, word) {
			s.Start += len(word)
		}
	}
	for i := s.Start; i < s.End; i++ {
		if strings.ContainsRune("，,。；;：:！？\n、", x.r[i]) {
			s.End = i
		}
	}
	return s
}

func (x *reader) endOfLine(i int) int {
	for i < len(x.r) && x.r[i] != '\n' {
		i++
	}
	return i
}

// readText takes over the text, without the lines whose place is elsewhere and without phones and
// mails, which are not for everybody.
func (x *reader) readText() {
	for _, m := range x.marks {
		filled := slices.ContainsFunc(x.taken, func(t taken) bool {
			name, _, _ := strings.Cut(t.field, ".")
			return strings.HasPrefix(name, m.field) && m.field != "text" && m.field != "parameters" &&
				m.field != "rights" && m.start <= t.start && t.end <= m.end
		})
		if filled {
			x.cut = append(x.cut, hanzi.Span{Start: m.start, End: m.end})
		}
	}
	slices.SortFunc(x.cut, func(a, b hanzi.Span) int { return a.Start - b.Start })
	var b strings.Builder
	done := 0
	for _, c := range x.cut {
		if c.Start > done {
			b.WriteString(x.origin(done, c.Start))
		}
		done = max(done, c.End)
	}
	b.WriteString(x.origin(done, len(x.r)))
	var keep []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			keep = append(keep, line)
		}
	}
	x.d.Text = strings.Join(keep, "\n")
	if x.d.Text != "" {
		x.from("text", 0, len(x.r))
	}
}

// readCurrent reads what a need's owner has already.
func (x *reader) readCurrent() {
	for _, m := range x.marks {
		v := x.trim(hanzi.Span{Start: m.value, End: m.end})
		if x.d.Kind == Need && m.field == "current" && v.Len() > 0 && v.Len() <= maxProse {
			x.d.Current = x.origin(v.Start, v.End)
			x.from("current", v.Start, v.End)
			return
		}
	}
}

// origin is the text as it was given for folded runes.
func (x *reader) origin(start, end int) string {
	if start >= end {
		return ""
	}
	a, b := x.text.Origin(start, end)
	return string(x.given[a:b])
}
