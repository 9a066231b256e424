package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// listMember reads a member of an enumeration that names only whose or when the amount is, and
// whose indicator stands before: 其中2024年8个、2025年10个; 滨澜区9个，港北区8个. It returns the first
// token behind the amount, or 0.
func (rd *reader) listMember(toks []token, pre, k int) int {
	last, indicator := rd.c.last, rd.c.indicator
	if !rd.c.hasLast {
		last, indicator = rd.last, rd.lastIndicator
	}
	bare := indicator == "" && rd.topicHead
	if bare {
		indicator = rd.topic // （一）营业收入。2025年，澜阳区1020亿元、古桥区760亿元
	}
	if indicator == "" {
		return 0
	}
	i := pre
	for i < k && (toks[i].kind == kPause || toks[i].kind == kWord && toks[i].class&cAdverb != 0 &&
		toks[i].class&cMeasure == 0) {
		i++
	}
	q := rd.lx.qtys[toks[k].at]
	if k+1 < len(toks) && (toks[k+1].kind == kText || toks[k+1].kind == kQuote) {
		return 0
	}
	if !bare && normalUnit(q.Unit) != normalUnit(last.q.Unit) {
		return 0
	}
	if !bare && last.q.Unit != q.Unit {
		indicator = rd.sameUnit(q.Unit, indicator)
	}
	f := rd.frameAt(toks, i, k)
	s := rd.found()
	s.part = true
	s.Start, s.End = toks[i].start, q.End
	switch {
	case f.apart:
		return 0
	case bare && i == k-1 && toks[i].kind == kTime:
		return 0
	case i == k-1 && toks[i].kind == kTime, i == k-2 && toks[i].kind == kTime && f.link&cLevel != 0:
	case i == k-1 && toks[i].kind == kText && rd.subjectName(rd.tokStr(toks[i])):
		s.Subject = rd.tokStr(toks[i])
		if f.time == nil {
			f.time = rd.c.partTime // 其中今年120个，东城区40个
		}
	default:
		return 0
	}
	if f.time != nil {
		rd.c.partTime = f.time
	}
	if f.link == 0 && q.Op == hanzi.Exactly && !bare {
		f.link, f.npVerb = last.link&^cToward, last.npVerb
	}
	s.Indicator = indicator
	rd.c.indicator = indicator
	rd.measure(f, s)
	rd.emit(f, s)
	if bare {
		last = *f
	}
	rd.c.last, rd.c.hasLast = last, true
	return k + 1
}

// normalUnit makes one counter of all.
func normalUnit(u string) string {
	if isCounter(u) {
		return "个"
	}
	return u
}

// eachOf reads an amount that every member of a list has: 2026年、2027年各195户. It returns the first
// token behind it, or 0.
func (rd *reader) eachOf(toks []token, pre, k int) int {
	if end := rd.eachName(toks, pre, k); end > 0 {
		return end
	}
	if k-2 < pre || toks[k-1].kind != kWord || rd.tokStr(toks[k-1]) != "各" || rd.c.indicator == "" {
		return 0
	}
	var times []token
	i := k - 2
	for ; i >= pre && (toks[i].kind == kTime || toks[i].kind == kPause); i-- {
		if toks[i].kind == kTime {
			times = append([]token{toks[i]}, times...)
		}
	}
	if len(times) < 2 || i >= pre {
		return 0
	}
	last := rd.c.last
	for _, t := range times {
		f := rd.frameAt(toks, k-1, k)
		f.time = rd.timeAt(t)
		f.link, f.npVerb = last.link&^cToward, last.npVerb
		s := rd.found()
		s.part = true
		s.Start, s.End = t.start, f.q.End
		s.Indicator = rd.c.indicator
		rd.measure(f, s)
		rd.emit(f, s)
	}
	rd.c.last, rd.c.hasLast = last, true
	return k + 1
}

// eachName reads an amount that every name of a list has: 东城区、临沅区各40个. It returns the first
// token behind it, or 0.
func (rd *reader) eachName(toks []token, pre, k int) int {
	indicator := rd.c.indicator
	if indicator == "" {
		indicator = rd.lastIndicator
	}
	i, each := k-1, false
	for i >= pre && toks[i].kind == kWord && toks[i].class&(cAdverb|cLevel) != 0 {
		each = each || rd.tokStr(toks[i]) == "各"
		i--
	}
	if i >= pre && toks[i].kind == kText && strings.HasSuffix(rd.tokStr(toks[i]), "各") {
		each = true // 榆桥县、云台县各只有7家
		toks[i].end--
		defer func(i int) { toks[i].end++ }(i)
	}
	if !each || indicator == "" || k+1 < len(toks) && toks[k+1].kind == kText {
		return 0
	}
	var names []token
	for ; i >= pre && toks[i].kind == kText && rd.subjectName(rd.tokStr(toks[i])); i -= 2 {
		names = append([]token{toks[i]}, names...)
		if i-1 < pre || toks[i-1].kind != kPause {
			break
		}
	}
	if len(names) < 2 {
		return 0
	}
	last := rd.c.last
	for _, t := range names {
		f := rd.frameAt(toks, k-1, k)
		f.link, f.npVerb, f.time = last.link&^cToward, last.npVerb, rd.c.partTime
		s := rd.found()
		s.each = true
		s.Start, s.End = t.start, f.q.End
		s.Subject, s.Indicator = rd.tokStr(t), indicator
		rd.measure(f, s)
		rd.emit(f, s)
	}
	rd.c.indicator = indicator
	return k + 1
}

// inside reads an amount that a bracket gives to the name before it: 榆桥县（58.6%）、金滩区（56.1%）. It
// reports whether there is a name.
func (rd *reader) inside(toks []token, k int) bool {
	t := toks[k]
	indicator := rd.c.indicator
	if indicator == "" {
		indicator = rd.lastIndicator
	}
	if k == 0 || toks[k-1].kind != kText {
		return false
	}
	q, ok := hanzi.ScanQuantity(rd.r[:t.end-1], t.start+1)
	if !ok || q.Start != t.start+1 || q.End != t.end-1 || q.Unit == "" || q.Name {
		return false
	}
	name := strings.TrimLeft(rd.tokStr(toks[k-1]), "的是为有")
	if !rd.subjectName(name) {
		return false
	}
	if np := rd.rankedBefore(toks, k); np != "" {
		indicator = np
	}
	if indicator == "" {
		return true
	}
	f := frame{q: q, k: k, op: q.Op, linkFrom: t.start}
	s := found{}
	s.Start, s.End = t.start-len([]rune(name)), t.end
	s.Subject, s.Indicator = name, indicator
	rd.measure(&f, &s)
	rd.emit(&f, &s)
	rd.c.indicator = indicator
	return true
}

// rankedBefore is what a place in an order before token k ranks: 投资完成率排名前3位的是榆桥县（58.6%）.
func (rd *reader) rankedBefore(toks []token, k int) string {
	for i := k - 1; i > 0; i-- {
		if toks[i].kind != kOrd {
			continue
		}
		for i--; i > 0 && toks[i].kind == kWord; i-- {
		}
		p := frame{k: i + 1}
		rd.nounBack(&p, toks, 0, i)
		a, b := rd.trimNoun(p.np)
		return rd.str(a, b)
	}
	return ""
}

// sameUnit is the name of the last amount of the sentence in a unit: in 改造小区21个、惠及居民4200户, 其中
// 城关街道9个 the number counts what 21个 does.
func (rd *reader) sameUnit(unit, indicator string) string {
	for i := len(rd.out) - 1; i >= 0 && rd.out[i].sentence == rd.nSent; i-- {
		x := &rd.out[i]
		if normalUnit(x.Unit) == normalUnit(unit) && x.Measure != Rank && !x.state {
			return x.Indicator
		}
	}
	return indicator
}
