package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// rank reads a place in an order at token k: 总量居全省第四位, 获得创新能力评价第一. It reports
// whether there is one.
func (rd *reader) rank(toks []token, pre, k int) bool {
	o := rd.lx.ords[toks[k].at]
	if k+1 < len(toks) {
		n := toks[k+1]
		if n.kind == kText && n.start == toks[k].end || n.kind == kQuote ||
			n.kind == kWord && n.class&(cAct|cMeasure) != 0 && !strings.ContainsAny(o.word, "位名首") {
			return false
		}
	}
	verb := -1
	for i := k - 1; i >= pre; i-- {
		if toks[i].kind == kWord && toks[i].class&cRank != 0 {
			verb = i
			break
		}
	}
	if verb < 0 && (k == pre || toks[k-1].kind != kText && toks[k-1].class&cHere == 0) {
		return false
	}
	s := found{}
	s.Start, s.End = toks[k].start, toks[k].end
	f := frame{k: k}
	rd.rankNouns(&f, &s, toks, pre, verb, k)
	if s.Indicator == "" {
		return false
	}
	s.Measure, s.Unit = Rank, "位"
	op := hanzi.Exactly
	if o.upTo {
		op = hanzi.AtMost
	}
	rd.why(&s, "rank", o.word)
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	rd.kindOf(&f, &s)
	rd.period(&f, &s)
	rd.put(s, hanzi.Int(int64(o.value)), false, op)
	return true
}

// rankNouns finds what is ranked, and among whom.
func (rd *reader) rankNouns(f *frame, s *found, toks []token, pre, verb, k int) {
	inner := ""
	start := k
	if verb >= 0 {
		start = verb
		if verb+1 < k {
			a, b := rd.trimNoun(span{toks[verb+1].start, toks[k-1].end})
			inner = strings.TrimSuffix(rd.str(a, b), "的")
			if toks[verb+1].class&cHere != 0 && toks[verb+1].start < a {
				inner = rd.str(toks[verb+1].start, b)
			}
		}
	}
	p := frame{k: start}
	end := start - 1
	for verb < 0 && end > pre && toks[end-1].class&cFrom != 0 {
		s.Of, s.base = rd.tokStr(toks[end]), true
		end -= 2
	}
	// 在全国省会城市居第三位: the whole stands before the verb.
	for i := end; i >= pre; i-- {
		if toks[i].kind == kWord && rd.tokStr(toks[i]) == "在" ||
			toks[i].kind == kText && rd.r[toks[i].start] == '在' {
			from := toks[i].start + 1
			s.Of = strings.TrimRight(rd.str(from, toks[end].end), "中里")
			s.Start = toks[i].start
			end = i - 1
			break
		}
	}
	for end >= pre && (toks[end].kind == kTime ||
		toks[end].kind == kWord && toks[end].class&(cAdverb|cRank|cFrom) != 0) {
		if toks[end].kind == kTime && p.time == nil && !durationOnly(rd.r, rd.lx.times[toks[end].at]) {
			p.time = rd.timeAt(toks[end])
		}
		end--
	}
	rd.nounBack(&p, toks, pre, end)
	f.time = p.time
	a, b := rd.trimNoun(p.np)
	np := rd.str(a, b)
	if np != "" {
		s.Start = a
	}
	if np != "" && rd.subjectName(np) {
		np = ""
	}
	if isWhole(inner) || np != "" && !headSet[np] && inner != "" && !namedRanking(inner) {
		if s.Of == "" {
			s.Of = inner
		}
		inner = ""
	}
	switch {
	case np != "" && rd.subjectList(f, s, np):
		s.Indicator, s.Subject = rd.c.indicator, strings.Join(rd.c.distSubject, "、")
		rd.c.lastList, rd.c.distSubject = np, nil
	case np != "" && headSet[np] && rd.c.indicator != "" && !headSet[rd.c.indicator]:
		s.Indicator = compose(rd.c.indicator, np)
	case np != "" && rd.subjectName(np) && inner == "":
		s.Indicator = rd.c.indicator
		if s.Indicator == "" {
			s.Indicator = rd.c.prevNoun
		}
	case np != "" && headSet[np] && rd.lastIndicator != "" && rd.c.indicator == "":
		s.Indicator = compose(rd.lastIndicator, np)
		rd.remember(s.Indicator)
	case np != "":
		s.Indicator = np
		rd.remember(np)
	case inner != "":
		s.Indicator = inner
		s.Start = toks[start].start
		rd.remember(inner)
	default:
		s.Indicator = rd.c.indicator
		if s.Indicator == "" {
			s.Indicator = rd.c.prevNoun
		}
	}
}

// isWhole says that a phrase names those among whom something is ranked.
func isWhole(s string) bool {
	if namedRanking(s) {
		return false
	}
	for _, p := range []string{"全省", "全市", "全国", "全区", "全县", "我省", "国内", "世界", "全球", "中部", "西部", "东部",
		"省会", "同类", "副省级", "地级", "设区市", "省内", "各"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// namedRanking says that a phrase names an order and not those in it: 全国城市科技创新竞争力.
func namedRanking(s string) bool {
	return len([]rune(s)) > 4 && endsIn(s, wholeEnds) == ""
}

var wholeEnds = strings.Fields(`县（区） 县（市、区） 县(区) 县(市、区) 全省 全国 全市 全区 全县 城市 省会 省份 市 省 县 区 地区 园区 企业 高校 开发区 方阵 行业 同类 范围 中 州 盟`)
