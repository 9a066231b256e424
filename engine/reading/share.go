package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// share reads an amount that 占 leads to: 工业投资占固定资产投资的比重提高到41.5%. It reports whether
// the amount is one.
func (rd *reader) share(f *frame, s *found, toks []token, pre int) bool {
	at := -1
	for i := f.k - 1; i >= pre; i-- {
		if toks[i].kind == kWord && toks[i].class&cShare != 0 {
			at = i
			break
		}
		if toks[i].kind == kQty {
			break
		}
	}
	if at < 0 {
		return rd.partOf(f, s, toks)
	}
	if !isRatio(f.q.Unit) && !isPoints(f.q.Unit) && !f.q.Number.Fraction {
		return false
	}
	if w := rd.tokStr(toks[at]); f.op == hanzi.Exactly && strings.HasPrefix(w, "约") {
		f.op = hanzi.About
	}
	whole := rd.whole(f, toks, at)
	part := ""
	if at > pre {
		p := frame{k: at}
		rd.nounBack(&p, toks, pre, at-1)
		a, b := rd.trimNoun(p.np)
		part = rd.str(a, b)
		if part != "" {
			s.Start = a
		}
		if f.time == nil {
			f.time = p.time
		}
	}
	if part == "" || headSet[part] {
		if part == "" {
			part = rd.c.full
		}
		if part == "" || headSet[part] {
			part = compose(rd.c.indicator, part)
		}
		s.Start = toks[at].start
	}
	if part == "" {
		return false
	}
	rd.remember(part)
	rd.c.share = whole
	s.Indicator, s.Of, s.Measure = part, whole, Share
	rd.why(s, "share", rd.tokStr(toks[at]), whole)
	switch {
	case f.from:
		s.base = true
	case f.link&(cUp|cDown) != 0:
		s.Indicator = part + "占" + whole + "比重"
		if whole == "" {
			s.Indicator = part + "占比"
		}
		s.Measure, s.Of = Increase, ""
		if !isPoints(f.q.Unit) {
			s.Measure = Growth
		}
		rd.baseOf(f, s)
		if f.link&cDown != 0 {
			s.Value = "-"
		}
	}
	return true
}

// whole is the noun phrase between 占 and the amount, without 的比重.
func (rd *reader) whole(f *frame, toks []token, at int) string {
	a, b := toks[at].end, toks[at].end
	for i := at + 1; i < f.k; i++ {
		t := toks[i]
		if t.kind == kWord && (t.class&(cMeasure|cFrom) != 0 || t.class&cAdverb != 0 && b > a) &&
			t.class&cHere == 0 ||
			rd.modalAt(toks, i) ||
			t.kind == kTime {
			break
		}
		b = t.end
	}
	w := strings.TrimSpace(rd.str(a, b))
	for _, h := range []string{"的比重", "的比例", "的份额", "比重", "比例", "份额", "总量的", "的"} {
		if r, ok := strings.CutSuffix(w, h); ok && r != "" {
			w = r
			break
		}
	}
	if w == "比" || w == "比重" || w == "比例" {
		return ""
	}
	return strings.TrimSuffix(w, "的")
}

// partOf reads shares without 占: 完成年度任务的115%, 仅为甲的三成, 其中三分之二在本地转化,
// 按服务收入的10%予以奖补.
func (rd *reader) partOf(f *frame, s *found, toks []token) bool {
	unit := f.q.Unit
	ratio := unit == "%" || unit == "成" || f.q.Number.Fraction || unit == "倍" && f.of
	if !ratio || f.link&(cUp|cDown|cToward|cDiffUp|cDiffDown) != 0 {
		return false
	}
	switch of := rd.according(f, toks); {
	case of != "":
		s.Of = of
		if s.Indicator = rd.nominalAhead(toks, f.k); s.Indicator == "" {
			s.Indicator = of
		}
	case f.of && f.np.empty() && f.pre > 0 && toks[f.pre-1].kind == kQty && rd.c.indicator != "":
		// 完成年度净增目标60家的61.7%
		s.Indicator, s.Of = rd.c.indicator, rd.tokStr(toks[f.pre-1])
	case f.from:
		return false
	case f.of && f.time != nil && f.time.End == toks[f.k-1].start && rd.c.indicator != "":
		// 恢复到2019年同期的112.4%
		s.Indicator, s.Of = rd.c.indicator, trimWords(rd.str(f.time.Start, f.time.End), "到")
		f.baseTime, f.time = f.time, nil
	case f.of && !f.np.empty():
		rd.partOfNoun(f, s, toks)
	case f.np.empty() && f.postOf && !f.post.empty() && f.link == 0 && unit != "倍":
		a, b := rd.trimNoun(f.post) // 三分之一的高新技术企业集中在我市
		if a >= b || emptyGoal[rd.str(a, b)] {
			return false
		}
		s.Indicator, s.End = rd.remember(rd.str(a, b)), b
	case f.q.Number.Fraction && f.np.empty():
		if !rd.partBehind(f, s, toks) {
			return false
		}
	default:
		return false
	}
	s.Measure = Share
	rd.why(s, "part", s.Of, "的")
	return s.Indicator != ""
}

// partOfNoun reads NP的N%, and finds what the part is.
func (rd *reader) partOfNoun(f *frame, s *found, toks []token) {
	a, b := rd.trimNoun(f.np)
	s.Start = a
	s.Of = trimWords(rd.str(a, b), "仅为", "为", "是", "仅是", "相当于", "约为")
	of := s.Of
	if f.time != nil && f.time.End == f.np.start {
		s.Of = rd.str(f.time.Start, b)
		f.baseTime, f.time = f.time, nil
	}
	part := ""
	if f.npVerb&cLevel != 0 {
		part = rd.subjectOfPart(f, toks)
	}
	switch {
	case part != "":
		s.Indicator = rd.remember(part)
	case f.npVerb&cAct != 0 && rd.c.indicator != "" && f.post.empty():
		s.Indicator = rd.c.indicator + f.npVerbW + of
		if len([]rune(s.Indicator)) > 14 {
			s.Indicator = f.npVerbW + of
		}
	case !f.post.empty() && !strings.ContainsRune("归用由在向", rd.r[f.post.start]):
		a, b := rd.trimNoun(f.post)
		s.Indicator = rd.str(a, b)
	case rd.c.full != "":
		s.Indicator = rd.c.full
	case rd.c.indicator != "":
		s.Indicator = rd.c.indicator
	case f.npVerb&cAct != 0:
		s.Indicator = f.npVerbW + of
	default:
		s.Indicator = of
	}
}

// partBehind reads a fraction with its predicate: 其中三分之二在本地转化.
func (rd *reader) partBehind(f *frame, s *found, toks []token) bool {
	end := f.postEnd
	for end < len(toks) && toks[end].kind != kQty {
		end++
	}
	if end <= f.k+1 {
		return false
	}
	b := toks[end-1].end
	s.Indicator = strings.TrimPrefix(rd.str(toks[f.k+1].start, b), "的")
	s.Of, s.End = rd.c.indicator, b
	f.postEnd = end
	return true
}

// subjectOfPart is the noun phrase before 为 in 厚度仅为A4纸的二十五分之一.
func (rd *reader) subjectOfPart(f *frame, toks []token) string {
	for i := f.k - 1; i >= f.pre; i-- {
		if toks[i].kind == kWord && toks[i].class&cLevel != 0 && i > f.pre {
			p := frame{k: i}
			rd.nounBack(&p, toks, f.pre, i-1)
			a, b := rd.trimNoun(p.np)
			return rd.str(a, b)
		}
	}
	return ""
}

// nominalAhead is the support that a share is given as: 按服务收入的10%予以奖补.
func (rd *reader) nominalAhead(toks []token, k int) string {
	for _, t := range toks[k+1:] {
		if w := rd.tokStr(t); nominalSet[w] {
			return w
		}
	}
	return ""
}

// trimWords takes the first of some words from the start of a phrase.
func trimWords(s string, words ...string) string {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(s, w); ok && rest != "" {
			return rest
		}
	}
	return s
}

// according is what an amount is reckoned by: 按实际投入的30%给予补助.
func (rd *reader) according(f *frame, toks []token) string {
	if !f.of || f.k < 2 || toks[f.k-1].class&cOf == 0 {
		return ""
	}
	for i := f.k - 2; i >= f.pre; i-- {
		if toks[i].kind == kPause || toks[i].kind == kQty {
			return ""
		}
		s := rd.tokStr(toks[i])
		for _, w := range []string{"按照", "按"} {
			if _, of, ok := strings.Cut(s, w); ok && (of != "" || i+1 < f.k-1) {
				end := toks[f.k-1].start
				return rd.str(toks[i].end-len([]rune(of)), end)
			}
		}
	}
	return ""
}
