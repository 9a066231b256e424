package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// kindOf decides whether a statement is a fact or a target.
func (rd *reader) kindOf(f *frame, s *found) {
	s.Kind = Fact
	if s.base || f.link == 0 && f.npVerb == 0 && startsWith(s.Indicator, undone...) {
		return // 17项滞后任务必须完成12项
	}
	t := f.time
	if t == nil {
		t = rd.c.clauseT
	}
	if t == nil {
		t = rd.c.time
	}
	if f.actual || rd.c.done && !f.target || f.time != nil && f.time.Role == hanzi.RoleAsOf &&
		!f.time.To.After(rd.doc.Date) {
		f.actual = true
		rd.c.modal = rd.c.modal && f.target
	}
	date := rd.doc.Date
	whole := t == rd.docTime && t != nil // said of the document, not here
	past := t != nil && !t.To.IsZero() && t.To.Before(date) && !whole
	future := t != nil && !t.To.IsZero() && t.To.After(date) &&
		!(rd.section.review && t.To.Year == rd.section.year && f.time == nil)
	switch {
	case strings.HasSuffix(s.Indicator, "目标") && !f.actual:
		s.Kind = Target
	case past && !f.target:
	case rd.isRule(f, s):
	case f.target:
		s.Kind = Target
	case rd.section.review:
		if future {
			s.Kind = Target
		}
	case rd.section.target:
		s.Kind = Target
	case future && t.Role == hanzi.RoleDeadline && !f.actual:
		s.Kind = Target
	case f.actual && !future, s.state && !f.target:
	case rd.c.goal || rd.c.modal:
		s.Kind = Target
	case rd.modal && future && !f.actual:
		s.Kind = Target
	case rd.modal && f.npVerb&cAct != 0 && (t == nil || future):
		s.Kind = Target
	case future && t.To.Year > date.Year:
		s.Kind = Target
	}
}

// undone begin the names of things that are not done, which are counted as they are.
var undone = strings.Fields(`滞后 未 逾期 停工 超期`)

// isRule says that an amount is a rule of a support scheme and no aim: 最高500万元, 按10%奖补.
func (rd *reader) isRule(f *frame, s *found) bool {
	if !rd.section.target && rd.doc.Kind != Plan {
		return false
	}
	switch f.npVerbW {
	case "给予", "予以", "奖励", "补助", "资助":
		return true
	}
	for _, w := range []string{"支持", "奖补", "补助", "奖励", "补贴", "资助", "申领", "权重"} {
		if strings.Contains(s.Indicator, w) {
			return true
		}
	}
	return false
}
