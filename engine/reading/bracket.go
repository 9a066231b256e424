package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// bracketed reads the amounts in the bracket at token k: one alone is that of the noun phrase before
// it, 实际使用外资（5200万美元）; others are said beside the clause, 老旧小区23个（惠及居民8600户）, often of
// a part of what it counts, 直播基地23个（省级5个）. It reports whether the noun phrase before was used.
func (rd *reader) bracketed(toks []token, pre, k int) bool {
	t := toks[k]
	from, to := t.start+1, t.end-1
	if !hasFigure(rd.r[from:to]) {
		return false
	}
	if q, ok := hanzi.ScanQuantity(rd.r[:to], from); ok && q.End == to {
		before := rd.c
		used := rd.amountOf(toks, pre, k, q)
		if k+1 < len(toks) && rd.r[toks[k+1].start] == '的' {
			rd.c, used = before, false // 占年度计划（110亿元）的88%
		}
		return used
	}
	if rd.r[from] == '含' && to-from > 2 {
		from++
		rd.beside.part = true
	}
	outer, before := rd.lx, rd.c
	rd.lx = rd.beside.lx
	rd.besides(rd.lx.sentence(from, to), before.last.q.Unit)
	rd.beside.lx, rd.lx = rd.lx, outer
	rd.c, rd.beside.part = before, false
	return false
}

// beside is what reads the words in brackets.
type beside struct {
	lx   lexer
	part bool // they are of a part of what was counted before
}

// hasFigure says that there is a figure in some runes.
func hasFigure(r []rune) bool {
	for _, c := range r {
		if c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}

// amountOf gives the amount of the bracket at token k to the noun phrase before it.
func (rd *reader) amountOf(toks []token, pre, k int, q hanzi.Quantity) bool {
	if k <= pre || toks[k-1].kind != kText || q.Unit == "" || q.Name || q.Range ||
		q.Op != hanzi.Exactly || isDuration(q.Unit) {
		return false
	}
	p := frame{k: k}
	rd.nounBack(&p, toks, pre, k-1)
	a, b := rd.trimNoun(p.np)
	if b-a < 3 || rd.subjectName(rd.str(a, b)) {
		return false
	}
	f, s := rd.frame(), rd.found()
	*f = p
	f.q, f.op, f.linkFrom = q, q.Op, toks[k].start
	s.Start, s.End = a, toks[k].end
	s.Indicator = rd.remember(rd.str(a, b))
	rd.measure(f, s)
	rd.emit(f, s)
	rd.c.full = s.Indicator
	return true
}

// besides reads the clauses of a bracket; unit is that of the amount before it.
func (rd *reader) besides(toks []token, unit string) {
	for from := 0; from < len(toks); {
		to := from
		for to < len(toks) && !clauseEnd(toks[to].kind) {
			to++
		}
		part := toks[from:to]
		for k, pre := 0, 0; k < len(part); k++ {
			if part[k].kind != kQty {
				continue
			}
			q := rd.lx.qtys[part[k].at]
			if q.Unit == "" || q.Name || q.Op != hanzi.Exactly || k == pre {
				break
			}
			of := rd.beside.part
			rd.beside.part = of || normalUnit(q.Unit) == normalUnit(unit)
			end := rd.amount(part, pre, k)
			rd.beside.part = of
			if end <= k {
				break
			}
			pre, k = end, end-1
		}
		from = to + 1
	}
}

// partly says that the noun phrase of an amount in a bracket names only a part.
func (rd *reader) partly(f *frame) bool {
	return rd.beside.part && f.link == 0 && !strings.HasPrefix(rd.str(f.np.start, f.np.end), "总")
}
