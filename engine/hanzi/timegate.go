package hanzi

import "math/bits"

// reading is a set of the ways in which a time can begin with a rune.
type reading uint16

const (
	readNumber reading = 1 << iota
	readYear
	readWithin
	readDay
	readWeek
	readMonth
	readEra
	readPlan
	readEpoch
	readDecade
	readVague
	readSpan
	readClock
	readRole
	readHoliday
)

const digitRunes = "0123456789０１２３４５６７８９"
const numeralRunes = "〇零○一二三四五六七八九十百两兩千元壹贰叁"

// timeStarts are the runes with which each reading can begin.
var timeStarts = []struct {
	runes string
	as    reading
}{
	{digitRunes + numeralRunes, readNumber},
	{"公今本这去上大前明来下后翌次过", readYear},
	{"上前头下后首第季春夏秋冬年岁全当该同本农農阴旧大正腊臘", readWithin},
	{"元妇植五劳青儿教国情愚平圣七八十双春端中重腊除母父感清", readWithin | readHoliday},
	{"大前昨今当即明次翌后後第", readDay},
	{"上下这本當当星礼禮周週", readWeek},
	{"上下次本当这同月前后", readMonth},
	{"民宣光同咸道嘉乾雍康顺崇天万隆弘成景正永建洪贞神开武元会庆熙政靖绍至黄太大", readEra},
	{"“\"‘「'", readPlan | readWithin | readHoliday},
	{"党改新建加进", readEpoch},
	{"本这上下公", readDecade},
	{"截到目当现眼如迄至近这多长一日最马立此刚同上下本今明去", readVague},
	{"最近过此连之以前上未今接往后下再还半", readSpan},
	{"凌清今晨早上中正下午傍晚深半夜大", readClock},
	{"截到至直自从不早晚迟最", readRole},
}

// startIndex finds the readings of a rune: a bit for each rune of the table, and before
// each word of bits how many runes come before it.
type startIndex struct {
	bits  [1 << 16 / 64]uint64
	ranks [1 << 16 / 64]uint16
	sets  []reading
}

var timeStartIndex = newStartIndex()

func newStartIndex() *startIndex {
	x := &startIndex{}
	for _, s := range timeStarts {
		for _, c := range s.runes {
			x.bits[c>>6] |= 1 << (c & 63)
		}
	}
	n := 0
	for w := range x.bits {
		x.ranks[w] = uint16(n)
		n += bits.OnesCount64(x.bits[w])
	}
	x.sets = make([]reading, n)
	for _, s := range timeStarts {
		for _, c := range s.runes {
			x.sets[x.rank(c)] |= s.as
		}
	}
	return x
}

func (x *startIndex) rank(c rune) int {
	return int(x.ranks[c>>6]) + bits.OnesCount64(x.bits[c>>6]&(1<<(c&63)-1))
}

// timeReadings are the ways in which a time can begin with c, 0 for none.
func timeReadings(c rune) reading {
	if uint32(c) >= 1<<16 || timeStartIndex.bits[c>>6]>>(c&63)&1 == 0 {
		return 0
	}
	return timeStartIndex.sets[timeStartIndex.rank(c)]
}

// leadsPair reports whether the number at i stands before 、 and another one of a month or
// a quarter: 7、8月.
func (s *timeScanner) leadsPair(i, k int) bool {
	_, j, ok := s.number(k + 1)
	_, _, unit := s.any(j, "月", "季度")
	return ok && unit
}

// amidNumber reports whether the digit or numeral at i goes on one that began before it.
func (s *timeScanner) amidNumber(i int) bool {
	c := s.at(i - 1)
	if digitValue(s.at(i)) >= 0 {
		return digitValue(c) >= 0
	}
	return c != '元' && (numeralValue(c) >= 0 || numeralUnit(c) > 0)
}

// maxTimeRun bounds the digits and numerals at the beginning of a time.
const maxTimeRun = 12

// leads reports whether the number at i may belong to a time, by the rune behind it. Most
// numbers of a text are counts and amounts, and leave here.
func (s *timeScanner) leads(i int) bool {
	j, points := i, 0
	for ; j < i+maxTimeRun; j++ {
		c := s.at(j)
		if c == '.' && digitValue(s.at(j+1)) >= 0 {
			points++
		} else if digitValue(c) < 0 && numeralValue(c) < 0 && numeralUnit(c) == 0 {
			break
		}
	}
	if points >= 2 {
		return true // 2024.3.5
	}
	k := s.skip(j)
	switch s.at(k) {
	case '年', '月', '日', '号', '號', '季', '时', '時', '点', '點', '天', '周', '週', '星', '礼', '禮', '小',
		'分', '秒', '世', '刻', '工', '自', '钟', ':', '：', '-', '－', '—', '–', '―', '─', '−', '‐',
		'~', '～', '/', '至', '到', '届', '整', '半':
		return true
	case '大', '前', '后', '期', '假', '长', '劳', '黄', '节', '”', '"', '以', '规', '计',
		'末', '开', '收', '第', '头', '之', '初', '胜', '召', '起':
		return j-i >= 2 // a holiday, a congress or a plan: 五一假期, 十八大, 十四五
	case '个', '個':
		switch s.at(s.skip(k + 1)) {
		case '月', '季', '半', '小', '工', '星', '礼', '周', '世', '钟', '年':
			return true
		}
		return false
	case '多', '余':
		c := s.at(k + 1)
		return c == '年' || c == '个' || c == '天' || c == '月'
	case '、':
		return s.leadsPair(i, k)
	case '直':
		return s.at(i) == '一'
	}
	return s.at(j-1) == '五' && j-i >= 2 || s.Loose && k > j
}

// MayStart reports whether a time or a quantity can begin with c. It rejects most runes of a text
// in one step.
func MayStart(c rune) bool { return timeReadings(c) != 0 || startsQuantity(c) }
