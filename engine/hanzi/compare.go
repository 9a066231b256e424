package hanzi

import (
	"sync"
	"unicode/utf8"
)

// comparator is a word that bounds the number behind it.
type comparator struct {
	word string
	op   Op
	// not holds the runes that make another word of it when they stand before it: 节约 is no 约.
	not string
	// round limits it to numbers that a scale word begins: 上百, 过万, but not 通过20项.
	round bool
}

// comparators lists the words before a number, longer ones before those they begin with.
var comparators = [...]comparator{
	{"大于或者等于", AtLeast, "", false}, {"大于或等于", AtLeast, "", false}, {"大于等于", AtLeast, "", false},
	{"小于或者等于", AtMost, "", false}, {"小于或等于", AtMost, "", false}, {"小于等于", AtMost, "", false},
	{"不少于", AtLeast, "", false}, {"不低于", AtLeast, "", false}, {"不小于", AtLeast, "", false},
	{"不下于", AtLeast, "", false}, {"不下", AtLeast, "上高", false}, {"不短于", AtLeast, "", false},
	{"不超过", AtMost, "", false}, {"不高于", AtMost, "", false}, {"不多于", AtMost, "", false},
	{"不大于", AtMost, "", false}, {"不长于", AtMost, "", false}, {"不得低于", AtLeast, "", false},
	{"不得少于", AtLeast, "", false}, {"不得超过", AtMost, "", false}, {"不得高于", AtMost, "", false},
	{"不得多于", AtMost, "", false}, {"不能低于", AtLeast, "", false}, {"不能超过", AtMost, "", false},
	{"不足", Less, "", false}, {"不到", Less, "看听找做得想", false}, {"不满", Less, "", false},
	{"未超过", AtMost, "", false}, {"未超", AtMost, "", false}, {"未满", Less, "", false},
	{"未达到", Less, "", false}, {"未达", Less, "", false},
	{"大于", More, "", false}, {"高于", More, "", false}, {"多于", More, "", false},
	{"小于", Less, "", false}, {"低于", Less, "", false}, {"少于", Less, "", false},
	{"超过", AtLeast, "", false}, {"超出", AtLeast, "", false}, {"超", AtLeast, "高", false},
	{"突破", AtLeast, "", false}, {"至少", AtLeast, "", false}, {"最少", AtLeast, "", false},
	{"最低", AtLeast, "", false}, {"最短", AtLeast, "", false}, {"起码", AtLeast, "", false},
	{"至多", AtMost, "", false}, {"最多", AtMost, "", false}, {"最高", AtMost, "", false},
	{"最长", AtMost, "", false}, {"最大", AtMost, "", false},
	{"跨越", AtLeast, "", false}, {"跨过", AtLeast, "", false}, {"跨上", AtLeast, "", false},
	{"迈上", AtLeast, "", false}, {"迈过", AtLeast, "", false}, {"跃上", AtLeast, "", false},
	{"站上", AtLeast, "", false}, {"逾", AtLeast, "", false},
	{"上", AtLeast, "百千成", true}, {"过", AtLeast, "", true}, {"破", AtLeast, "", true},
	{"大约", About, "", false}, {"大概", About, "", false}, {"大致", About, "", false},
	{"约", About, "节合签履违解预集特公条制简隐誓契邀", false},
	{"将近", About, "", false}, {"接近", About, "", false}, {"近", About, "附接邻最临靠亲相新远", false},
	{"> =", AtLeast, "", false}, {">=", AtLeast, "", false}, {"≥", AtLeast, "", false},
	{"≧", AtLeast, "", false}, {"< =", AtMost, "", false}, {"<=", AtMost, "", false},
	{"≤", AtMost, "", false}, {"≦", AtMost, "", false},
	{">", More, "", false}, {"<", Less, "", false},
}

// startsComparator reports whether a comparator can begin with c.
func startsComparator(c rune) bool {
	switch c {
	case '大', '小', '不', '未', '高', '多', '低', '少', '超', '突', '至', '最', '起', '跨', '迈', '跃', '站',
		'逾', '上', '过', '過', '破', '约', '約', '将', '接', '近', '>', '<', '≥', '≧', '≤', '≦':
		return true
	}
	return false
}

// comparatorAt returns the comparator at i with the position behind it and behind a 有, 为, 达 or 了
// that follows it.
func comparatorAt(r []rune, i int) (*comparator, int) {
	if !startsComparator(at(r, i)) {
		return nil, i
	}
	for _, c := range comparatorIndex()[plain(r[i])] {
		if !hasPlain(r, i, c.word) || isOne(at(r, i-1), c.not) {
			continue
		}
		for range c.word {
			i++
		}
		if isOne(at(r, i), "有为达了在") {
			i++
		}
		return c, skipGap(r, i)
	}
	return nil, i
}

// comparatorIndex holds the comparators by their first rune. It is built once and then only read.
var comparatorIndex = sync.OnceValue(func() map[rune][]*comparator {
	index := map[rune][]*comparator{}
	for k := range comparators {
		c := &comparators[k]
		first, _ := utf8.DecodeRuneInString(c.word)
		index[first] = append(index[first], c)
	}
	return index
})

// plain returns the simplified form of the few traditional characters that comparators have.
func plain(c rune) rune {
	switch c {
	case '於':
		return '于'
	case '過':
		return '过'
	case '約':
		return '约'
	}
	return c
}

// hasPlain is hasAt for a word of which the text may have traditional forms.
func hasPlain(r []rune, i int, word string) bool {
	for _, c := range word {
		if plain(at(r, i)) != c {
			return false
		}
		i++
	}
	return true
}

// bound is a word behind a quantity that bounds it.
type bound struct {
	word string
	op   Op
}

// bounds lists the words behind a quantity, longer ones before those they begin with.
var bounds = [...]bound{
	{"及其以上", AtLeast}, {"及以上", AtLeast}, {"(含)以上", AtLeast}, {"以上", AtLeast}, {"之上", AtLeast},
	{"及其以下", AtMost}, {"及以下", AtMost}, {"(含)以下", AtMost}, {"以下", AtMost}, {"之下", AtMost},
	{"(含)以内", AtMost}, {"以内", AtMost}, {"之内", AtMost},
	{"左右", About}, {"上下", About}, {"有余", AtLeast}, {"开外", AtLeast},
}

// boundAt returns the bound at i with the position behind it.
func boundAt(r []rune, i int) (*bound, int) {
	i = skipGap(r, i)
	if !isOne(at(r, i), "及(以之左上有开") {
		return nil, i
	}
	for k := range bounds {
		if b := &bounds[k]; hasAt(r, i, b.word) {
			for range b.word {
				i++
			}
			return b, i
		}
	}
	return nil, i
}
