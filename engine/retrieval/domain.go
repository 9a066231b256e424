package retrieval

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// WordLearner finds the words of a field (固态电池, 立方氮化硼) that the dictionary cuts apart: runs
// of its words that stand together more often than chance has it (information) and next to many
// different characters (entropy on both sides). It learns text by text, and can take a text away again:
// the same texts give the same words, in whatever order they came and whatever else came and went, as long
// as no more than maxCandidates runs were met (Exact). It is not safe for concurrent use.
type WordLearner struct {
	a      *Analyzer
	id     map[string]uint32
	count  []uint32          // by id of a run or a word of the dictionary
	free   []uint32          // ids of runs that were taken away, to be used again
	beside map[uint64]uint32 // by id, side and character: how often it stands there
	total  uint64            // words of the dictionary met
	forgot bool              // runs were dropped that texts hold

	words []string  // of one block, used again
	runs  []meeting // of one text, used again
}

// meeting is one place of a text where a run stands.
type meeting struct {
	run         string
	left, right rune // beside it, 0 at the edge of a block: like a character of its own each time
	several     bool // words of the dictionary: a candidate
}

// Limits of learning.
const (
	maxRunWords   = 4 // words of the dictionary in a learned word
	maxRunRunes   = 8
	maxCandidates = 4 << 20
	maxDomain     = 200_000 // learned words
	// maxLearnedBytes is what Learned reads at most: some seven hundred thousand characters, a second.
	maxLearnedBytes = 2 << 20
)

// NewWordLearner returns a learner that has met nothing. a cuts the texts.
func NewWordLearner(a *Analyzer) *WordLearner {
	return &WordLearner{a: a, id: map[string]uint32{}, beside: map[uint64]uint32{}}
}

// Add learns from a text.
func (l *WordLearner) Add(text string) {
	for _, m := range l.read(text) {
		l.meet(m)
	}
	if len(l.id) > maxCandidates {
		l.forget()
	}
}

// Remove takes a text away that was added before: what is left is what there were if it had never come. It
// returns false, and changes nothing, where the text cannot have been added or runs were forgotten.
func (l *WordLearner) Remove(text string) bool {
	if l.forgot {
		return false
	}
	list := l.read(text)
	for i, m := range list {
		if l.unmeet(m) {
			continue
		}
		for _, m := range list[:i] {
			l.meet(m)
		}
		return false
	}
	return true
}

// Exact reports whether all that was added is known: no run was forgotten for want of room.
func (l *WordLearner) Exact() bool { return !l.forgot }

// read returns the runs of a text. They share memory with what is read next.
func (l *WordLearner) read(text string) []meeting {
	l.runs = l.runs[:0]
	f := hanzi.Fold(clip(text, MaxText))
	foldRunes(f.Runes)
	from := 0
	for i := 0; i <= len(f.Runes); i++ {
		if i < len(f.Runes) && isHan(f.Runes[i]) {
			continue
		}
		if i > from {
			l.block(string(f.Runes[from:i]))
		}
		from = i + 1
	}
	return l.runs
}

// block reads characters without a mark between them.
func (l *WordLearner) block(block string) {
	l.words = l.a.seg.Cut(l.words[:0], block)
	at := 0
	for i, w := range l.words {
		end, runes := at, 0
		for n := range min(maxRunWords, len(l.words)-i) {
			end += len(l.words[i+n])
			if runes += utf8.RuneCountInString(l.words[i+n]); end > len(block) || n > 0 && runes > maxRunRunes {
				break
			}
			m := meeting{run: block[at:end], several: n > 0}
			if at > 0 {
				m.left, _ = utf8.DecodeLastRuneInString(block[:at])
			}
			if end < len(block) {
				m.right, _ = utf8.DecodeRuneInString(block[end:])
			}
			l.runs = append(l.runs, m)
		}
		at += len(w)
	}
}

// meet counts a run, with the characters that it stands between.
func (l *WordLearner) meet(m meeting) {
	id, ok := l.id[m.run]
	if !ok {
		if n := len(l.free); n > 0 {
			id, l.free = l.free[n-1], l.free[:n-1]
		} else {
			id = uint32(len(l.count))
			l.count = append(l.count, 0)
		}
		l.id[strings.Clone(m.run)] = id
	}
	l.count[id]++
	if !m.several {
		l.total++
		return // a word of the dictionary is no candidate
	}
	l.beside[besideKey(id, 0, m.left)]++
	l.beside[besideKey(id, 1, m.right)]++
}

// unmeet takes a run back that was counted; false, and nothing is changed, where it was not.
func (l *WordLearner) unmeet(m meeting) bool {
	id, ok := l.id[m.run]
	if !ok {
		return false
	}
	if m.several {
		left, right := besideKey(id, 0, m.left), besideKey(id, 1, m.right)
		if l.beside[left] == 0 || l.beside[right] == 0 {
			return false
		}
		for _, key := range []uint64{left, right} {
			if l.beside[key]--; l.beside[key] == 0 {
				delete(l.beside, key)
			}
		}
	} else if l.total == 0 {
		return false
	} else {
		l.total--
	}
	if l.count[id]--; l.count[id] == 0 {
		delete(l.id, m.run)
		l.free = append(l.free, id)
	}
	return true
}

func besideKey(id uint32, side uint64, c rune) uint64 {
	return uint64(id)<<22 | side<<21 | uint64(c)
}

// forget drops the runs met once: what is left of them will be met again.
func (l *WordLearner) forget() {
	l.forgot = true
	renumbered, count := map[string]uint32{}, l.count[:0:0]
	to := make([]uint32, len(l.count))
	for _, run := range l.sorted(1) {
		id := l.id[run]
		to[id] = noTerm
		if l.count[id] > 1 {
			to[id] = uint32(len(count))
			renumbered[run] = to[id]
			count = append(count, l.count[id])
		}
	}
	beside := map[uint64]uint32{}
	for key, n := range l.beside {
		if id := to[key>>22]; id != noTerm {
			beside[uint64(id)<<22|key&(1<<22-1)] = n
		}
	}
	l.id, l.count, l.beside, l.free = renumbered, count, beside, nil
}

// sorted returns the runs that were met at least so often, in order. Those that were read from a state come in
// order, which makes sorting fast.
func (l *WordLearner) sorted(least uint32) []string {
	byID := make([]string, len(l.count))
	for run, id := range l.id {
		if l.count[id] >= least {
			byID[id] = run
		}
	}
	runs := slices.DeleteFunc(byID, func(run string) bool { return run == "" })
	slices.Sort(runs)
	return runs
}

// DomainRule says which runs are words.
type DomainRule struct {
	Count       int     // met at least so often
	Information float64 // at least so many nats more often than its parts by chance
	Entropy     float64 // at least so many nats on each side
}

// DefaultDomainRule is what was found to keep nearly only words: see docs/evaluation.md.
func DefaultDomainRule() DomainRule { return DomainRule{Count: 4, Information: 5, Entropy: 1} }

// Domain returns the words found so far.
func (l *WordLearner) Domain(rule DomainRule) *Domain {
	least := uint32(max(rule.Count, 1))
	entropy := l.entropies(least)
	d := &Domain{at: map[string]int{}}
	for _, run := range l.sorted(least) {
		id := l.id[run]
		if int(l.count[id]) < rule.Count || l.a.seg.Has(run) || utf8.RuneCountInString(run) < 2 {
			continue
		}
		w := DomainWord{Word: run, Count: int(l.count[id]), Information: l.information(run),
			Entropy: min(entropy[0][id], entropy[1][id])}
		if w.Information >= rule.Information && w.Entropy >= rule.Entropy && l.plain(run) {
			d.words = append(d.words, w)
		}
	}
	slices.SortStableFunc(d.words, func(a, b DomainWord) int { return cmp.Compare(b.Count, a.Count) })
	d.words = d.words[:min(len(d.words), maxDomain)]
	d.number()
	return d
}

// plain reports whether a run neither begins nor ends with a word that tells nothing (的, 进行).
func (l *WordLearner) plain(run string) bool {
	l.words = l.a.seg.Cut(l.words[:0], run)
	return len(l.words) > 0 && !l.a.stops[l.words[0]] && !l.a.stops[l.words[len(l.words)-1]]
}

// information is the least that any way to part a run in two leaves unexplained.
func (l *WordLearner) information(run string) float64 {
	least := math.Inf(1)
	l.words = l.a.seg.Cut(l.words[:0], run)
	p := func(part string) float64 { return float64(l.count[l.id[part]]) / float64(l.total) }
	at := 0
	for _, w := range l.words[:max(0, len(l.words)-1)] {
		at += len(w)
		_, left := l.id[run[:at]]
		_, right := l.id[run[at:]]
		if left && right {
			least = min(least, math.Log(p(run)/(p(run[:at])*p(run[at:]))))
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// entropies returns, for the left and the right side of each run that was met at least so often, how uncertain the
// next character is. Edges of blocks count as different characters.
func (l *WordLearner) entropies(least uint32) [2][]float64 {
	out := [2][]float64{make([]float64, len(l.count)), make([]float64, len(l.count))}
	var keys []uint64
	for key := range l.beside {
		if l.count[key>>22] >= least {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys) // sums are the same however the texts came
	for _, key := range keys {
		n := l.beside[key]
		id, side, c := key>>22, key>>21&1, key&(1<<21-1)
		p := float64(n) / float64(l.count[id])
		if c == 0 {
			out[side][id] += p * math.Log(float64(l.count[id]))
			continue
		}
		out[side][id] -= p * math.Log(p)
	}
	return out
}

// Learned returns an analyzer that also finds the words that recur in posts: those of their field that
// the dictionary cuts apart. Of many posts it learns from some, evenly spread.
func (a *Analyzer) Learned(posts ...[]Post) *Analyzer {
	total := 0
	for _, list := range posts {
		for i := range list {
			total += len(list[i].Title) + len(list[i].Text)
		}
	}
	every := max(1, (total+maxLearnedBytes-1)/maxLearnedBytes)
	l := NewWordLearner(a)
	for _, list := range posts {
		for i := 0; i < len(list); i += every {
			for _, text := range list[i].texts() {
				l.Add(text)
			}
		}
	}
	return a.With(l.Domain(DefaultDomainRule()))
}

// DomainWord is a learned word.
type DomainWord struct {
	Word        string
	Count       int
	Information float64 // nats
	Entropy     float64 // nats, of the side that has less
}

// Domain is the learned words of a field: a WordList for Analyzer.With. It is immutable.
type Domain struct {
	words   []DomainWord // the most frequent first
	at      map[string]int
	begin   beginnings
	longest int
}

func (d *Domain) number() {
	d.begin = beginnings{}
	for i, w := range d.words {
		d.at[w.Word] = i
		d.begin.add(w.Word)
		d.longest = max(d.longest, utf8.RuneCountInString(w.Word))
	}
}

// Has reports whether a word was learned.
func (d *Domain) Has(word string) bool { _, ok := d.at[word]; return ok }

func (d *Domain) starts(two string) bool { return d.begin[two] }

// Longest is how many characters the longest word has.
func (d *Domain) Longest() int { return d.longest }

// Words returns the words, the most frequent first. They must not be changed.
func (d *Domain) Words() []DomainWord { return d.words }

// domainVersion heads a list of learned words.
const domainVersion = "# yuntu domain words 1"

// Write writes the words as lines of tab-separated word, count, information and entropy, which
// people may edit.
func (d *Domain) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, domainVersion)
	for _, x := range d.words {
		fmt.Fprintf(b, "%s\t%d\t%.4f\t%.4f\n", x.Word, x.Count, x.Information, x.Entropy)
	}
	return b.Flush()
}

// ReadDomain reads a list that Write wrote; counts and what follows may be missing.
func ReadDomain(r io.Reader) (*Domain, error) {
	d := &Domain{at: map[string]int{}}
	scan := bufio.NewScanner(r)
	for line := 1; scan.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		cells := strings.Split(text, "\t")
		w := DomainWord{Word: cells[0], Count: 1}
		if n := utf8.RuneCountInString(w.Word); n < 2 || n > maxWordRunes || len(d.words) == maxDomain {
			return nil, fmt.Errorf("retrieval: line %d of the domain words: no word, or one too many", line)
		}
		if len(cells) > 1 {
			n, err := strconv.Atoi(cells[1])
			if err != nil || n < 1 {
				return nil, fmt.Errorf("retrieval: line %d of the domain words: %q is no count", line, cells[1])
			}
			w.Count = n
		}
		d.words = append(d.words, w)
	}
	d.number()
	return d, scan.Err()
}
