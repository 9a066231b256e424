package reading

import "strings"

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
		if t.kind == kWord && t.class&(cMeasure|cAdverb|cFrom) != 0 && t.class&cHere == 0 ||
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
	if f.of && f.np.empty() && f.pre > 0 && toks[f.pre-1].kind == kQty && rd.c.indicator != "" {
		s.Indicator, s.Of, s.Measure = rd.c.indicator, rd.tokStr(toks[f.pre-1]), Share
		rd.why(s, "part", s.Of, "的")
		return true
	}
	if f.of && f.time != nil && f.time.End == toks[f.k-1].start && rd.c.indicator != "" {
		s.Indicator, s.Of, s.Measure = rd.c.indicator, rd.str(f.time.Start, f.time.End), Share
		f.baseTime, f.time = f.time, nil
		rd.why(s, "part", s.Of, "的")
		return true
	}
	if f.of && !f.np.empty() {
		a, b := rd.trimNoun(f.np)
		of := strings.TrimPrefix(rd.str(a, b), "为")
		s.Of, s.Measure, s.Start = of, Share, a
		if f.time != nil && f.time.End == f.np.start {
			s.Of = rd.str(f.time.Start, b)
			f.baseTime, f.time = f.time, nil
		}
		switch {
		case f.npVerb&cLevel != 0 && rd.subjectOfPart(f, toks) != "":
			s.Indicator = rd.subjectOfPart(f, toks)
			rd.remember(s.Indicator)
		case strings.HasPrefix(of, "按照") || strings.HasPrefix(of, "按"):
			s.Of = strings.TrimPrefix(strings.TrimPrefix(of, "按照"), "按")
			s.Indicator = rd.nominalAhead(toks, f.k)
			if s.Indicator == "" {
				s.Indicator = s.Of
			}
		case f.npVerb&cAct != 0 && rd.c.indicator != "" && f.post.empty():
			s.Indicator = rd.c.indicator + f.npVerbW + of
			if len([]rune(s.Indicator)) > 14 {
				s.Indicator = f.npVerbW + of
			}
		case !f.post.empty():
			a, b := rd.trimNoun(f.post)
			s.Indicator = rd.str(a, b)
		case rd.c.indicator != "":
			s.Indicator = rd.c.indicator
		case f.npVerb&cAct != 0:
			s.Indicator = f.npVerbW + of
		default:
			s.Indicator = of
		}
		rd.why(s, "part", of, "的")
		return s.Indicator != ""
	}
	if f.q.Number.Fraction && f.np.empty() {
		end := f.postEnd
		for end < len(toks) && toks[end].kind != kQty {
			end++
		}
		if end > f.k+1 {
			a, b := toks[f.k+1].start, toks[end-1].end
			s.Indicator = strings.TrimPrefix(rd.str(a, b), "的")
			s.Of, s.Measure, s.End = rd.c.indicator, Share, b
			f.postEnd = end
			rd.why(s, "part", rd.tokStr(toks[f.k]))
			return true
		}
	}
	return false
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
