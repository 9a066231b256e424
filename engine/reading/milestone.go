package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// milestone reads what is finished, opened, begun or founded at a time: 云州东站5月建成投用.
func (rd *reader) milestone(toks []token, counted bool) {
	at, verb := rd.dateAndVerb(toks)
	if verb < 0 || at < 0 && !rd.ownDate() {
		return
	}
	if w := rd.tokStr(toks[verb]); (w == "运行" || w == "运营") && verb+1 < len(toks) {
		return // 经济运行平稳: a state
	}
	if counted && !endsAt(toks, at, verb) &&
		(at < 0 || !rd.dueBy(toks[at]) || amountAfter(toks, at)) {
		return
	}
	s := found{}
	s.Start, s.End = toks[verb].start, toks[verb].end
	t := rd.c.clauseT
	if at >= 0 {
		t = rd.timeAt(toks[at])
	}
	if t.Role == hanzi.RoleFrom && t.To.IsZero() {
		t.To = t.From // 自2025年4月18日起施行
	}
	word := rd.tokStr(toks[verb])
	np := rd.milestoneNoun(&frame{k: verb, time: t}, &s, toks, at, verb)
	if np == "" {
		if np = rd.builtBefore(); np == "" {
			return
		}
		np += word
		if at >= 0 {
			s.Start = min(s.Start, toks[at].start)
		}
	}
	rd.c.built = strings.TrimSuffix(np, word)
	rd.c.made = rd.c.built
	s.Indicator, s.Measure, s.Kind = np, Date, Fact
	rd.why(&s, "milestone", rd.str(t.Start, t.End), word)
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	date := rd.doc.Date
	later := date.Before(t.From) && !t.Partial // 计划明年10月建成通车, in a review too
	if later || date.Before(t.To) && !(rd.section.review && t.Role != hanzi.RoleDeadline) ||
		rd.section.target && !t.To.Before(date) {
		s.Kind = Target
	}
	from, to := rd.dueSpan(*t)
	s.From, s.To = rd.iso(from), rd.iso(to)
	if x := rd.c.clauseT; x != nil && t.Start == x.Start && s.Kind == Fact &&
		t.Precision <= hanzi.PrecisionMonth && t.Role != hanzi.RoleAsOf {
		rd.c.event = x.Start + 1
	}
	rd.keep(s)
}

// dateAndVerb finds the time of a milestone and its verb, as tokens or −1.
func (rd *reader) dateAndVerb(toks []token) (at, verb int) {
	at, verb = -1, -1
	for i, t := range toks {
		if t.kind == kTime && at < 0 {
			x := rd.lx.times[t.at]
			compared := i > 0 && (toks[i-1].class&(cBase|cFrom) != 0 ||
				endsWith(rd.tokStr(toks[i-1]), "每月", "每季度", "每周", "每年", "每半月", "每季", "每旬"))
			opens := i+2 == len(toks) && x.Precision == hanzi.PrecisionYear &&
				toks[i+1].class&cMilestone != 0 && toks[i+1].class&cMeasure == 0 // 2022年开工
			if milestoneTime(x) && !compared || opens {
				at = i
			}
		}
		if t.kind != kWord {
			continue
		}
		due := at >= 0 && verb < 0 && i > at && rd.dueBy(toks[at])
		if due && t.class&(cAct|cLevel) != 0 && t.class&(cAdverb|cTarget) == 0 &&
			i+1 < len(toks) && verbAt(rd.r, toks, 0, i) {
			verb = i
		}
		if t.class&cMilestone != 0 && (verb < 0 || t.class&cAct == 0 || i == verb+1) {
			verb = i
		}
	}
	return at, verb
}

// builtBefore is what the milestones of the clause, the task of the sentence or the amounts before
// are about, for a milestone that names nothing: 2024年投入运行.
func (rd *reader) builtBefore() string {
	for _, name := range []string{rd.c.built, rd.c.object, rd.c.indicator} {
		if name != "" {
			return name
		}
	}
	return ""
}

// dueSpan is the period of a milestone: from the year's beginning to a month by which it is due,
// and
// without a beginning where it is due by a day or in this month.
func (rd *reader) dueSpan(t hanzi.Time) (from, to hanzi.Date) {
	from, to = t.From, t.To
	if t.Role != hanzi.RoleDeadline && !(isYearEnd(to) && t.Precision == hanzi.PrecisionDay) {
		return from, to
	}
	d := rd.doc.Date
	byDay := t.Precision == hanzi.PrecisionDay && !strings.ContainsAny(rd.str(t.Start, t.End), "底末")
	if byDay || to.Year == d.Year && to.Month == d.Month {
		return hanzi.Date{}, to
	}
	return hanzi.Date{Year: to.Year, Month: 1, Day: 1}, to
}

// endsAt says that a clause ends in a time and its milestone: what it counts before them only names
// the thing (总投资12.8亿元的生产线今年5月投产).
func endsAt(toks []token, at, verb int) bool {
	if at < 1 || verb != len(toks)-1 {
		return false
	}
	for _, t := range toks[at+1 : verb] {
		if t.kind != kWord || t.class&(cAdverb|cMilestone|cLevel) == 0 {
			return false
		}
	}
	return true
}

// ownDate says that the clauses before name a day or month that this one shares.
func (rd *reader) ownDate() bool {
	return rd.c.clauseT != nil && milestoneTime(*rd.c.clauseT) &&
		rd.c.clauseT.Precision < hanzi.PrecisionYear
}

// milestoneTime says that a time is a day to finish at, and no span that something goes on in.
func milestoneTime(t hanzi.Time) bool {
	if t.Role == hanzi.RoleFrom && t.Precision == hanzi.PrecisionDay {
		return true
	}
	if t.To.IsZero() || t.Role == hanzi.RoleSince || t.Role == hanzi.RoleAsOf ||
		t.Role == hanzi.RoleAfter {
		return false
	}
	switch t.Precision {
	case hanzi.PrecisionDay, hanzi.PrecisionTenDays, hanzi.PrecisionMonth, hanzi.PrecisionQuarter,
		hanzi.PrecisionHalf:
		return true
	case hanzi.PrecisionYear:
		return t.Role == hanzi.RoleDeadline || t.Relative || t.Partial
	}
	return false
}

// milestoneNoun names the milestone and sets the span of s.
func (rd *reader) milestoneNoun(f *frame, s *found, toks []token, at, verb int) string {
	end := verb - 1
	for end >= 0 && (end == at || toks[end].kind == kTime ||
		toks[end].kind == kWord && toks[end].class&(cAdverb|cTarget|cMilestone) != 0 ||
		rd.tokStr(toks[end]) == "实现" || rd.tokStr(toks[end]) == "完成") {
		end--
	}
	p := frame{k: end + 1}
	rd.nounBack(&p, toks, 0, end)
	a, b := rd.trimNoun(p.np)
	np := rd.str(a, b)
	word := rd.tokStr(toks[verb])
	if at >= 0 {
		s.Start, s.End = min(s.Start, toks[at].start), max(s.End, toks[at].end)
	}
	if rd.dueBy2(at, toks) && verb+1 < len(toks) && toks[verb].class&cMilestone == 0 {
		s.Start = toks[at].start
		follow, _ := rd.objectOf(toks, verb)
		s.End = toks[len(toks)-1].end
		if toks[verb].class&cLevel != 0 {
			return word + follow
		}
		return follow
	}
	transitive := toks[verb].class&cStrong != 0 || transitives[word]
	follows := verb+1 < len(toks) && (toks[verb+1].kind == kText ||
		toks[verb+1].kind == kQuote || toks[verb+1].class&cAct != 0 && verb+2 < len(toks))
	if np != "" && !(follows && (transitive || rd.subjectName(np))) {
		s.Start = min(s.Start, a)
		return np + word
	}
	// 印发《…》, 启动…建设: the noun stands behind the verb.
	i := verb + 1
	for i < len(toks) && (toks[i].kind == kText || toks[i].kind == kQuote ||
		toks[i].kind == kPause ||
		toks[i].kind == kWord && toks[i].class&(cMeasure|cTarget) == 0) {
		i++
	}
	if i == verb+1 {
		if np != "" {
			return np + word
		}
		return ""
	}
	a, b = rd.trimNoun(span{toks[verb+1].start, toks[i-1].end})
	if a >= b {
		return ""
	}
	s.End = max(s.End, b)
	return rd.str(a, b) + word
}

// transitives are the words of milestones that name their object behind them.
var transitives = set(`
提出 制定 印发 出台 完成 发布 启动 举办 召开 举行 报送 提交 上报 建成 开通 签约 启用 启动建设 启动实施 全面完成 基本完成 成立 验收`)

// dueBy says that a time is a day or month by which something is due, or in which it will be done.
func (rd *reader) dueBy(t token) bool {
	x := rd.lx.times[t.at]
	if x.To.IsZero() || x.To.Before(rd.doc.Date) {
		return false
	}
	switch x.Precision {
	case hanzi.PrecisionDay, hanzi.PrecisionTenDays, hanzi.PrecisionMonth:
		return x.Role == hanzi.RoleDeadline || rd.c.modal || rd.section.target
	case hanzi.PrecisionYear:
		return rd.tokStr(t) == "年内"
	}
	return false
}

// amountAfter says that a clause has an amount behind token i: then the time belongs to it.
func amountAfter(toks []token, i int) bool {
	for _, t := range toks[i:] {
		if t.kind == kQty || t.kind == kOrd {
			return true
		}
	}
	return false
}

func (rd *reader) dueBy2(at int, toks []token) bool { return at >= 0 && rd.dueBy(toks[at]) }

// objectOf is the object of the verb at token i.
func (rd *reader) objectOf(toks []token, i int) (string, int) {
	end := len(toks)
	for end > i+1 && toks[end-1].kind == kParen {
		end--
	}
	a, b := rd.trimTask(span{toks[i+1].start, toks[end-1].end})
	return rd.str(a, b), b
}
