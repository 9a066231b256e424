package reading

import "strings"

// task reads the obligations of a clause without a number: 推进轨道交通建设. Members of a list with
// verbs of their own are tasks of their own: 建设智能矿山、开展智慧医疗示范.
func (rd *reader) task(toks []token) {
	if !rd.obliges(toks) {
		return
	}
	for from := 0; from < len(toks); {
		to := from + 1
		for to < len(toks) && !(toks[to].kind == kPause && rd.verbFollows(toks, to+1)) {
			to++
		}
		rd.oneTask(toks[from:to], from == 0)
		from = to + 1
	}
}

// verbFollows says that a member of a list begins with a verb and its object at token i.
func (rd *reader) verbFollows(toks []token, i int) bool {
	if i+1 >= len(toks) || toks[i].class&cStrong == 0 || nominalSet[rd.tokStr(toks[i])] {
		return false
	}
	n := toks[i+1]
	return n.kind == kText && rd.r[n.start] != '的' || n.kind == kQuote || n.class&cAct != 0
}

// oneTask keeps the obligation of one member.
func (rd *reader) oneTask(toks []token, first bool) {
	s := found{}
	s.Kind = Task
	if !rd.disposed(toks, &s) && !rd.verbObject(toks, first, &s) {
		return
	}
	rd.why(&s, "task", s.Verb)
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	t := rd.c.clauseT
	if t == nil {
		t = rd.c.time
	}
	if t != nil && t.To.After(rd.doc.Date) {
		s.To = rd.iso(t.To)
	} else if _, to := rd.defaultPeriod(); t == nil && to.After(rd.doc.Date) {
		s.To = rd.iso(to)
	}
	rd.keep(s)
	rd.topic, rd.topicHead, rd.c.object = s.Indicator, false, s.Indicator
}

// verbObject reads a verb and what follows it.
func (rd *reader) verbObject(toks []token, first bool, s *found) bool {
	verb := -1
	loose := startsWith(rd.clauseStart(toks), "用", "以", "通过", "为", "在", "对", "由", "与", "向")
	for i, t := range toks {
		if t.kind != kWord || t.class&cAct == 0 && !rd.begins(toks, i) {
			if verb >= 0 && i > verb {
				break
			}
			continue
		}
		if verb >= 0 && i > verb+1 {
			break
		}
		if i+1 >= len(toks) || !loose && !verbAt(rd.r, toks, 0, i) {
			continue
		}
		if verb >= 0 && t.class&cStrong == 0 && t.class&cAdverb == 0 &&
			toks[verb].class&cAdverb == 0 {
			break // 开展培训: the second is the object
		}
		verb = i
	}
	if strings.HasPrefix(rd.clauseStart(toks), "为") && !contains(rd.str(toks[0].start,
		toks[len(toks)-1].end), []string{"进行", "提供", "创造"}) {
		return false // what something is done for
	}
	if verb < 0 || prepositions[rd.tokStr(toks[verb])] {
		return false
	}
	if n := toks[verb+1]; n.kind == kPause || n.kind == kText && strings.ContainsRune("起了过出性",
		rd.r[n.start]) {
		return false
	}
	for _, t := range toks[:verb] {
		if t.kind == kText && strings.HasSuffix(rd.tokStr(t), "是") {
			return false
		}
	}
	last := len(toks) - 1
	for last > verb && toks[last].kind == kParen {
		last--
	}
	a, b := rd.trimTask(span{toks[verb+1].start, toks[last].end})
	if b-a < 2 {
		return false
	}
	s.Verb, s.Indicator = rd.tokStr(toks[verb]), rd.str(a, b)
	s.Start, s.End = toks[verb].start, b
	if c, n := words.match(rd.r, a); n == b-a && c&cAct != 0 && n == 2 {
		return false // 贯彻执行
	}
	return !strings.HasSuffix(s.Indicator, "的") && !contains(s.Indicator, []string{"基础上", "过程中",
		"的同时", "仍是", "不足仍", "不畅", "给你们", "本行动计划", "本方案", "本意见", "本办法", "本实施", "本计划", "如下"})
}

// begins says that the word of a milestone at token i has an object, and so is what somebody is to
// do: 启动红旗片区改造.
func (rd *reader) begins(toks []token, i int) bool {
	return toks[i].class&cMilestone != 0 && i+1 < len(toks) &&
		(toks[i+1].kind == kText || toks[i+1].kind == kQuote) && transitives[rd.tokStr(toks[i])]
}

// clauseStart is the text that a clause begins with, adverbs and places apart.
func (rd *reader) clauseStart(toks []token) string {
	for _, t := range toks {
		if t.kind == kWord && t.class&(cAdverb|cHere|cTarget) != 0 && t.class&cAct == 0 &&
			rd.r[t.start] != '在' {
			continue
		}
		return rd.tokStr(t)
	}
	return ""
}

// disposed reads an object before its verb: 将滞留资金拨付到位, 对整改不力的单位予以通报批评.
func (rd *reader) disposed(toks []token, s *found) bool {
	start := -1
	for i, t := range toks {
		if t.kind == kText || t.kind == kWord && t.class&cTarget != 0 && t.end-t.start == 1 {
			if c := rd.r[t.start]; (c == '将' || c == '把' || c == '对') &&
				!(c == '将' && t.end-t.start == 1 && i+1 < len(toks) &&
					toks[i+1].class&(cAct|cAdverb) != 0) {
				start = i
			}
			if c := rd.r[t.end-1]; t.kind == kText && (c == '将' || c == '把') && t.end-t.start > 1 {
				start = i
			}
			if t.kind == kText && i+1 < len(toks) && toks[i+1].class&cTarget != 0 {
				continue
			}
			break
		}
		if t.kind != kWord || t.class&(cAdverb|cTarget|cHere) == 0 {
			break
		}
	}
	if start < 0 {
		return false
	}
	a := toks[start].start + 1
	if c := rd.r[toks[start].end-1]; toks[start].end-toks[start].start > 1 && (c == '将' ||
		c == '把') {
		a = toks[start].end
	}
	for i := start + 1; i < len(toks); i++ {
		if toks[i].kind != kWord || toks[i].class&cAct == 0 || toks[i].start <= a+1 {
			continue
		}
		if toks[i].class&cStrong == 0 && i+1 < len(toks) && toks[i+1].kind == kText &&
			rd.r[toks[i+1].start] == '的' {
			continue
		}
		verb := i
		if w := rd.tokStr(toks[i]); (w == "予以" || w == "给予" || w == "进行") && i+1 < len(toks) {
			verb = i + 1
		}
		b := toks[i].start
		for b > a && (trailing(rd.r, b-1) || rd.r[b-1] == ' ') {
			b--
		}
		if b-a < 2 {
			return false
		}
		s.Verb, s.Indicator = rd.tokStr(toks[verb]), rd.str(a, b)
		s.Start, s.End = toks[start].start, toks[len(toks)-1].end
		return s.Verb != "印发"
	}
	return false
}

// prepositions are verbs that say with or around what something is done.
var prepositions = set(`聚焦 围绕 瞄准 立足 依托 运用 利用 紧扣 对标 借助 针对 采取 采用 管理 参加 予以 给予 进行 就业 研究`)

// obliges says that a clause without a number says what is to be done.
func (rd *reader) obliges(toks []token) bool {
	if rd.section.review {
		return false
	}
	if !rd.c.modal && !rd.c.future && !rd.modal && !rd.modalBefore && !rd.section.target &&
		!rd.section.imperative {
		return false
	}
	for i, t := range toks {
		if t.kind == kText && i > 0 && rd.r[t.start] == '了' && rd.r[min(t.start+1,
			len(rd.r)-1)] != '解' {
			return false
		}
		if t.kind == kWord {
			switch rd.tokStr(t) {
			case "已经", "均已", "也已", "现已":
				return false
			}
		}
	}
	return true
}

// trimTask takes marks and particles from the object of a task.
func (rd *reader) trimTask(p span) (int, int) {
	a, b := p.start, p.end
	for a < b && (rd.r[a] == '好' || rd.r[a] == '了' || rd.r[a] == '一' && a+1 < b &&
		rd.r[a+1] == '批') {
		if rd.r[a] == '一' {
			a++
		}
		a++
	}
	for b > a && (isMark(rd.r[b-1]) && rd.r[b-1] != '”' && rd.r[b-1] != '》' || rd.r[b-1] == ' ') {
		b--
	}
	return a, b
}
