package reading

// task reads a clause that obliges somebody without a number: 推进轨道交通建设.
func (rd *reader) task(toks []token) {
	if !rd.obliges(toks) {
		return
	}
	verb := -1
	for i, t := range toks {
		if t.kind != kWord || t.class&cAct == 0 {
			continue
		}
		if verb >= 0 && i > verb+1 {
			break
		}
		if !verbAt(rd.r, toks, 0, i) || i+1 >= len(toks) {
			continue
		}
		verb = i
	}
	if verb < 0 || verb+1 >= len(toks) {
		return
	}
	last := len(toks) - 1
	for last > verb && toks[last].kind == kParen {
		last--
	}
	a, b := rd.trimTask(span{toks[verb+1].start, toks[last].end})
	if b-a < 2 {
		return
	}
	s := found{}
	s.Kind, s.Verb = Task, rd.tokStr(toks[verb])
	s.Indicator = rd.str(a, b)
	s.Start, s.End = toks[verb].start, b
	rd.why(&s, "task", s.Verb)
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	t := rd.c.clauseT
	if t == nil {
		t = rd.c.time
	}
	if t != nil && t.To.After(rd.doc.Date) {
		s.To = t.To.String()
	} else if _, to := rd.defaultPeriod(); to.After(rd.doc.Date) {
		s.To = to.String()
	}
	rd.out = append(rd.out, s)
	rd.topic = s.Indicator
}

// obliges says that a clause without a number says what is to be done.
func (rd *reader) obliges(toks []token) bool {
	if rd.section.review {
		return false
	}
	if rd.c.modal || rd.modal || rd.section.target || rd.section.imperative {
		for i, t := range toks {
			if t.kind == kText && i > 0 && rd.r[t.start] == '了' {
				return false
			}
		}
		return true
	}
	return false
}

// trimTask takes marks and particles from the object of a task.
func (rd *reader) trimTask(p span) (int, int) {
	a, b := p.start, p.end
	for a < b && (rd.r[a] == '好' || rd.r[a] == '了' || rd.r[a] == '一' && a+1 < b && rd.r[a+1] == '批') {
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
