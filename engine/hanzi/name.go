package hanzi

import (
	"strings"
	"sync"
)

// words lists words that begin with a numeral and do not count.
const words = `一次性 一些 一点 一定 一起 一切 一直 一般 一样 一并 一旦 一度 一面 一系列 一流 一线 一把手 一体
	一带一路 一站式 一件事 一网 一条龙 一头 一道 一口气 一行 一路 一批 一字 一类 一级 一等 一时 一方 一大 一把 一步 一层楼
	二维 二手 二级 三农 三甲 三级 三方 四川 四大发明 五金 五台山 三角 五角大楼 零星 六合 七夕 九江 九寨 十分 十足
	百姓 百货 百度 百科 千万别 千万不 万一 万科 半导体 半成品 半径 半岛 半路 半边 半数 几何 几乎 几点
	两会 两岸 两边 两面 两级 两线 两路 两口子 两头`

// wordIndex holds the words by their first rune. It is built once and then only read.
var wordIndex = sync.OnceValue(func() map[rune][][]rune {
	index := map[rune][][]rune{}
	for word := range strings.FieldsSeq(words) {
		r := []rune(word)
		index[r[0]] = append(index[r[0]], r)
	}
	return index
})

// wordAt reports whether a word of words begins at i.
func wordAt(r []rune, i int) bool {
	for _, w := range wordIndex()[at(r, i)] {
		if matches(r, i, w) {
			return true
		}
	}
	return false
}

// behindName and beforeName list what makes a name of the number beside it.
var (
	behindName = [...]string{"号", "热线", "国道", "省道", "县道", "高速", "路公交", "路车", "纸", "频道"}
	beforeName = [...]string{
		"国道", "省道", "县道", "乡道", "GB", "GB/T", "GB/Z", "DB", "ISO", "IEC", "IEEE",
		"No.", "NO.", "№", "编号", "邮编", "电话", "热线", "传真", "文号", "代码", "型号", "牌号", "QQ",
		"微信", "〔", "车次", "航班",
	}
)

// endsOfNames are the last runes of beforeName.
const endsOfNames = "道BTZOCE.№号编话线真码班Q信〔次"

// isName reports whether the number of the quantity is part of a name.
func isName(r []rune, q *Quantity) bool {
	n := &q.Number
	switch {
	case n.Glued.Before && !measuresAfter(r, q):
		return true
	case n.Glued.After && q.UnitEnd == n.End:
		return true
	case n.Arabic && n.Scale == "" && hasLeadingZero(r, n), n.Digits && q.Unit != "折":
		return true
	case n.Bare && at(r, q.Start-1) == '每': // 每万人
		return true
	case calendarYear(r, q), q.Unit != "" && at(r, q.End) == '级':
		return true
	}
	if q.Dim != "" {
		return false
	}
	for _, w := range behindName {
		if hasAt(r, q.End, w) {
			return true
		}
	}
	before := n.Start
	for at(r, before-1) == ' ' && n.Start-before < maxGap {
		before--
	}
	if !isOne(at(r, before-1), endsOfNames) {
		return false
	}
	for _, w := range beforeName {
		if endsWith(r, before, w) {
			return true
		}
	}
	return false
}

// measuresAfter reports whether a number that letters touch still measures: GDP2486.3亿元, the second
// of 100MW/200MWh, but not T2座, where the letter is one and the unit a counter.
func measuresAfter(r []rune, q *Quantity) bool {
	c, before := at(r, q.Number.Start-1), at(r, q.Number.Start-2)
	switch q.Dim {
	case "":
		return false
	case DimCount, DimNamed, DimGrade:
		return latin(c) && latin(before)
	}
	return latin(c) || c == '/' && latin(before)
}

// hasLeadingZero reports whether the number is written like a code: 0351, 007.
func hasLeadingZero(r []rune, n *Number) bool {
	return r[n.Start] == '0' && arabic(at(r, n.Start+1))
}

// fiveYearPlan reports whether the name of a plan begins at i: 十二五, 十四五.
func fiveYearPlan(r []rune, i int) bool {
	if at(r, i) != '十' || at(r, i+2) != '五' || !isOne(at(r, i+1), "一二三四五") {
		return false
	}
	u, _, ok := simpleUnit(r, i+3)
	return power(at(r, i+3)) == 0 && (!ok || u.Name == "期")
}

// calendarYear reports whether the quantity is a year of the calendar: 2024年, 二〇二五年, 2021—2025年.
func calendarYear(r []rune, q *Quantity) bool {
	n := &q.Number
	if q.Unit != "年" || n.Digits || !n.Arabic || n.End-n.Start != 4 {
		return q.Unit == "年" && n.Digits
	}
	v, whole := n.Value.Int64()
	return whole && v >= 1800 && v < 2200
}
