package reading

import (
	"strings"
	"unicode/utf8"
)

// class is the set of lists of words_data.go that a word stands in.
type class uint32

const (
	cLevel class = 1 << iota
	cToward
	cUp
	cDown
	cDiffUp
	cDiffDown
	cGain
	cRank
	cAct
	cStrong
	cMilestone
	cTarget
	cAdverb
	cPlace
	cProvince
	cNation
	cCounty
	cNeutral
	cShare
	cFrom // 由, 从 before the start of a change
	cBase // 比, 较 before what a change is measured from
	cOf   // 的
	cYield
	cAdj // an adverb before a verb, an adjective before a noun: 重点推进, 重点任务
)

// cMeasure are the words that link a noun phrase to an amount.
const cMeasure = cLevel | cToward | cUp | cDown | cDiffUp | cDiffDown

// cHere are the words that point at a place instead of naming it.
const cHere = cPlace | cProvince | cNation | cCounty

type word struct {
	runes []rune
	class class
}

// lexicon finds the longest word at a place of a text. Han characters index a table; the few
// other first runes are not in the lists.
type lexicon struct {
	byFirst [hanLast - hanFirst + 1][]word // longest first
}

const hanFirst, hanLast = 0x4e00, 0x9fff

var words = buildLexicon()

func buildLexicon() *lexicon {
	all := map[string]class{}
	for _, l := range []struct {
		list  string
		class class
	}{
		{levelWords, cLevel}, {towardWords, cToward}, {upWords, cUp}, {downWords, cDown},
		{diffUpWords, cDiffUp}, {diffDownWords, cDiffDown}, {gainWords, cGain},
		{rankWords, cRank}, {actWords, cAct}, {strongActs, cAct | cStrong},
		{milestoneWords, cMilestone}, {targetWords, cTarget}, {adverbWords, cAdverb},
		{placeWords, cPlace}, {provinceWords, cProvince}, {nationWords, cNation},
		{countyWords, cCounty}, {shareVerbs, cShare}, {yieldWords, cYield},
		{adjectiveWords, cAdj},
	} {
		for _, w := range strings.Fields(l.list) {
			all[w] |= l.class
		}
	}
	for _, w := range strings.Fields(neutralWords) {
		if all[w] == 0 {
			all[w] = cNeutral
		}
	}
	all["占"] = cShare
	all["距离"] = cBase
	x := &lexicon{}
	for w, c := range all {
		r := []rune(w)
		if r[0] < hanFirst || r[0] > hanLast {
			continue
		}
		list := x.byFirst[r[0]-hanFirst]
		at := len(list)
		for at > 0 && len(list[at-1].runes) < len(r) {
			at--
		}
		list = append(list, word{})
		copy(list[at+1:], list[at:])
		list[at] = word{r, c}
		x.byFirst[r[0]-hanFirst] = list
	}
	return x
}

// match returns the longest word at rune i of r, and its length.
func (x *lexicon) match(r []rune, i int) (class, int) {
	c := r[i]
	if c < hanFirst || c > hanLast {
		return 0, 0
	}
next:
	for _, w := range x.byFirst[c-hanFirst] {
		if i+len(w.runes) > len(r) {
			continue
		}
		for k := 1; k < len(w.runes); k++ {
			if r[i+k] != w.runes[k] {
				continue next
			}
		}
		return w.class, len(w.runes)
	}
	return 0, 0
}

// set makes a lookup of a word list.
func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

var (
	headSet        = set(headWords)
	headList       = newEndings(strings.Fields(headWords))
	shareHeadList  = newEndings(strings.Fields(shareHeads))
	rateHeadList   = newEndings(strings.Fields(growthHeads))
	flowList       = newEndings(strings.Fields(flowWords))
	sharedHeadList = strings.Fields(sharedHeads)
	sharedHeadEnds = newEndings(sharedHeadList)
	nominalSet     = set(nominalActs)
	stockList      = newEndings(strings.Fields(stockWords))
)

// endings finds the words of a list that a phrase ends in, by their last character.
type endings map[string][]string

func newEndings(words []string) endings {
	m := endings{}
	for _, w := range words {
		c := lastRune(w)
		m[c] = append(m[c], w)
	}
	return m
}

// lastRune is the last character of s, as a part of it.
func lastRune(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[len(s)-size:]
}

// endsIn returns the longest word of a list that s ends in, or "".
func endsIn(s string, list endings) string {
	best := ""
	for _, w := range list[lastRune(s)] {
		if len(w) > len(best) && strings.HasSuffix(s, w) {
			best = w
		}
	}
	return best
}
