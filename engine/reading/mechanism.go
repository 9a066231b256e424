package reading

import "github.com/yuntu-city/yuntu/engine/hanzi"

// mechanisms reads named mechanisms with a count: 十大行动, 科技企业梯度培育“三大计划”. Counts of
// fields and sides (三大领域) say nothing.
func (rd *reader) mechanisms(toks []token) {
	for i, t := range toks {
		switch t.kind {
		case kQty:
			q := rd.lx.qtys[t.at]
			if q.Unit != "" || i+1 >= len(toks) || toks[i+1].kind == kQuote {
				continue
			}
			n := toks[i+1]
			if rd.r[n.start] != '大' || n.start != t.end {
				continue
			}
			end := rd.mechanismEnd(toks, i+1)
			rd.mechanism(toks, i, t.start, end, q.Value, rd.str(n.start+1, end))
		case kQuote:
			rd.quotedMechanism(toks, i)
		}
	}
}

// mechanismEnd is the rune behind the noun that 大 begins.
func (rd *reader) mechanismEnd(toks []token, i int) int {
	end := toks[i].end
	if end-toks[i].start > 1 {
		for k := toks[i].start + 2; k < end; k++ {
			switch rd.r[k] {
			case '为', '作', '内', '上', '等', '的', '和', '与', '及', '是', '推', '在', '将', '以':
				return k
			case '中':
				if k+1 == end || rd.r[k+1] != '心' {
					return k
				}
			}
		}
		return end
	}
	for i++; i < len(toks) && (toks[i].kind == kText || toks[i].kind == kWord &&
		toks[i].class&cAct != 0 && end == toks[i].start && end-toks[i-1].start == 1); i++ {
		end = toks[i].end
	}
	return end
}

func (rd *reader) quotedMechanism(toks []token, i int) {
	t := toks[i]
	if t.end-t.start < 5 || t.end-t.start > 9 {
		return
	}
	q, ok := hanzi.ScanNumber(rd.r[:t.end-1], t.start+1)
	if !ok || q.End >= t.end-1 || rd.r[q.End] != '大' {
		return
	}
	end := t.end
	rd.mechanism(toks, i, t.start, end, q.Value, rd.str(q.End+1, t.end-1))
}

// mechanism keeps a count of named things.
func (rd *reader) mechanism(toks []token, i, from, to int, n hanzi.Decimal, noun string) {
	if noun == "" || endsIn(noun, indefiniteList) != "" {
		return
	}
	f := frame{k: i}
	s := found{}
	s.Start, s.End = from, to
	s.Indicator, s.Measure = noun, Level
	if i > 0 && toks[i].kind == kQuote && toks[i-1].kind == kText {
		rd.nounBack(&f, toks, 0, i-1)
		a, _ := rd.trimNoun(f.np)
		if a < from {
			s.Indicator, s.Start = rd.str(a, to), a
		}
	}
	rd.why(&s, "mechanism", rd.str(from, to))
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	f.q.Unit = "个"
	rd.kindOf(&f, &s)
	rd.period(&f, &s)
	rd.put(s, n, false, hanzi.Exactly)
}
