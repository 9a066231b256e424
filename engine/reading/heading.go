package reading

import (
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

var (
	reviewHeads = strings.Fields(`
总结 回顾 工作情况 主要成效 完成情况 进展情况 取得的成绩 过去 总体情况 基本情况 主要成绩 存在 现状 主要问题 成效 总体评价 运行情况`)
	targetHeads = strings.Fields(`计划 思路 规划 安排 目标 任务 打算 下一步 今年工作 重点工作 工作要求 保障 措施 部署 展望 要求 建议 行动 举措`)
)

// heading takes in what a heading says of the paragraphs under it.
func (rd *reader) heading(p hanzi.Span) {
	s := rd.str(p.Start, p.End)
	r := rd.r[p.Start:p.End]
	top := len(r) > 1 && strings.ContainsRune("一二三四五六七八九十", r[0])
	year := 0
	for i := p.Start; i < p.End; i++ {
		if t, ok := hanzi.ScanTime(rd.r[:p.End], i, rd.doc.Date); ok &&
			t.Precision == hanzi.PrecisionYear {
			year = t.To.Year
			break
		}
	}
	rd.modalBefore, rd.modalLast = false, false
	from, to := rd.spanOf(p)
	sec := rd.section
	switch {
	case contains(s, reviewHeads):
		sec = section{review: true, year: year, from: from, to: to}
	case contains(s, targetHeads) && (top || year > 0 || rd.doc.Kind != News):
		sec = section{target: true, year: year}
	case year > 0 && year == rd.doc.Review:
		sec = section{review: true, year: year}
	case year > 0 && rd.doc.Review > 0 && year > rd.doc.Review:
		sec = section{target: true, year: year}
	case top && rd.doc.Review == 0:
		sec = section{target: rd.doc.Kind == Plan}
	}
	if year == 0 && rd.doc.Kind == Report {
		if sec.review && rd.doc.Review > 0 {
			sec.year = rd.doc.Review
		} else if sec.review {
			sec.year = rd.doc.Date.Year - 1
		} else if sec.target && rd.doc.Review > 0 {
			sec.year = rd.doc.Review + 1
		} else if sec.target {
			sec.year = rd.doc.Date.Year
		}
	}
	sec.imperative = false
	if numbered(r) {
		i := 0
		for i < len(r) && !strings.ContainsRune("、.．)）", r[i]) {
			i++
		}
		for i++; i < len(r); {
			c, n := words.match(r, i)
			if n == 0 {
				break
			}
			if c&cAct != 0 {
				sec.imperative = true
				break
			}
			if c&cAdverb == 0 {
				break
			}
			i += n
		}
	}
	rd.section = sec
}

func contains(s string, list []string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// itemHead passes over the number of an item (1．, （二）, 一是) at the head of a paragraph.
func (rd *reader) itemHead(p hanzi.Span) hanzi.Span {
	r := rd.r[p.Start:p.End]
	if !numbered(r) {
		return p
	}
	i := 1
	for i < len(r) && !strings.ContainsRune("、.．)）章节条,，", r[i]) {
		i++
	}
	if i+1 < len(r) && i <= 4 {
		p.Start += i + 1
	}
	return p
}

// ownerLabels lead to the units that a paragraph obliges, dueLabels to its deadline.
var (
	ownerLabels = strings.Fields(`牵头单位 责任单位 牵头部门 责任部门 承办单位 责任主体 主办单位`)
	dueLabels   = strings.Fields(`完成时限 完成时间 时限要求 办结时限 时限 完成期限`)
	otherLabels = strings.Fields(`配合单位 协办单位 责任人 责任领导 牵头领导 包联领导 联系人 联系电话 分管领导`)
)

// labelRunes are the runes that the labels begin with.
var labelRunes = firstRunes(ownerLabels, dueLabels, otherLabels)

// ownerClause says that a clause names owners or deadlines and states nothing else.
func (rd *reader) ownerClause(toks []token) bool {
	if len(toks) == 0 {
		return false
	}
	if !labelRunes.has(rd.r[toks[0].start]) {
		return false
	}
	s := rd.str(toks[0].start, toks[len(toks)-1].end)
	return startsWith(s, ownerLabels...) || startsWith(s, dueLabels...) || startsWith(s,
		otherLabels...)
}

// owners gives the tasks of a paragraph the unit and the deadline that its end names:
// （市科技局牵头，市工信局配合）, 责任单位：市科技局；完成时限：12月底.
func (rd *reader) owners(p hanzi.Span, first int) {
	if !slices.ContainsFunc(rd.out[first:], func(x found) bool { return x.Kind == Task }) {
		return
	}
	s := rd.str(p.Start, p.End)
	if !contains(s, []string{"单位", "部门", "时限", "牵头", "责任", "期限", "完成时间"}) {
		return
	}
	owner := firstName(labelled(s, ownerLabels))
	if owner == "" {
		if k := strings.LastIndexAny(s, "（("); k >= 0 {
			if who, _, ok := strings.Cut(strings.TrimLeft(s[k:], "（("), "牵头"); ok {
				owner = firstName(who)
			}
		}
	}
	due := ""
	if r := []rune(labelled(s, dueLabels)); len(r) > 0 {
		if t, ok := hanzi.ScanTime(r, 0, rd.doc.Date); ok {
			due = rd.iso(t.To)
		}
	}
	for i := first; i < len(rd.out); i++ {
		x := &rd.out[i]
		if x.Kind != Task {
			continue
		}
		if owner != "" {
			x.Subject = owner
		}
		if due != "" {
			x.To = due
		}
	}
}

// labelled is what follows one of the labels and a colon in a paragraph, or "".
func labelled(s string, labels []string) string {
	for _, l := range labels {
		_, rest, ok := strings.Cut(s, l)
		if !ok {
			continue
		}
		if x := strings.TrimLeft(rest, "：: "); x != rest {
			return x
		}
	}
	return ""
}

func firstName(s string) string {
	if k := strings.IndexAny(s, "、，,；;。 ）)"); k > 0 {
		s = s[:k]
	}
	if len([]rune(s)) > 20 {
		return ""
	}
	return s
}

// maxRunIn bounds the runes of a heading within a paragraph: （四）老旧小区改造。年度任务156个.
const maxRunIn = 24

// runIn takes in a first sentence that is only a noun phrase: it names the topic of the paragraph.
func (rd *reader) runIn(s, p hanzi.Span) bool {
	if s.Len() > maxRunIn || s.End >= p.End || s.Len() > 1 && rd.r[s.Start+1] == '是' {
		return false
	}
	toks := rd.lx.sentence(s.Start, s.End)
	n := len(toks)
	if n > 0 && toks[n-1].kind == kEnd {
		n--
	}
	if n == 0 || toks[0].kind != kText && toks[0].kind != kQuote {
		return false
	}
	for _, t := range toks[:n] {
		if t.kind != kText && t.kind != kQuote && t.kind != kPause &&
			t.class&(cAct|cAdj|cUp|cDown) == 0 {
			return false
		}
	}
	topic := rd.str(toks[0].start, toks[n-1].end)
	if strings.ContainsAny(topic, "不未偏较慢缺弱再更") ||
		contains(topic, []string{"成效", "台阶", "突破", "势头", "步伐", "答卷", "有力", "有效", "预期"}) {
		return false
	}
	topic = strings.TrimPrefix(topic, "关于")
	for _, x := range []string{"工作情况", "情况", "工作", "方面", "培育", "任务"} {
		if t, ok := strings.CutSuffix(topic, x); ok && len([]rune(t)) >= 2 {
			topic = t
			break
		}
	}
	rd.topic, rd.topicHead = topic, true
	return true
}

// spanOf is the number of years that a heading speaks of: 过去五年工作回顾.
func (rd *reader) spanOf(p hanzi.Span) (from, to hanzi.Date) {
	d := rd.doc.Date
	for i := p.Start; i < p.End; i++ {
		t, ok := hanzi.ScanTime(rd.r[:p.End], i, d)
		if ok && t.Precision == hanzi.PrecisionRange && t.Relative && !t.Open() && t.To == d &&
			t.To.Year-t.From.Year >= 2 {
			from, _ = yearOf(t.From.Year)
			_, to = yearOf(d.Year - 1)
			return from, to
		}
	}
	return from, to
}

// hasAmount says that a numbered line states an amount.
func hasAmount(line []rune) bool {
	if !numbered(line) {
		return false
	}
	for i := 2; i < len(line); i++ {
		if line[i] == '番' {
			return true
		}
		q, ok := hanzi.ScanQuantity(line, i)
		if !ok {
			continue
		}
		if t, isTime := hanzi.ScanTime(line, i, hanzi.Date{Year: 2000, Month: 1,
			Day: 1}); isTime && t.End >= q.End {
			i = t.End - 1
			continue
		}
		if !q.Name && !q.Number.Ordinal && q.Dim != "" &&
			(q.Number.Arabic || q.Dim == hanzi.DimDoublings) {
			return true
		}
		i = max(i, q.End-1)
	}
	return false
}

// goalHeads say in the first words of a paragraph that it speaks of what is to be done.
var goalHeads = []string{"预期目标", "主要目标", "工作安排", "总体要求", "奋斗目标", "今年工作", "今年要", "目标是",
	"重点做好", "重点抓好", "做好以下", "抓好以下"}

// stepWords begin a paragraph on what comes next.
var stepWords = []string{"下一步", "下一阶段", "下步", "接下来", "今后一个时期"}

func nextSteps(head string) bool { return startsWith(head, stepWords...) }

// goalParagraph turns a report from what was done to what is to be done where a paragraph says so:
// 2023年，主要预期目标为：….
func (rd *reader) goalParagraph(p hanzi.Span) {
	if rd.section.target {
		return
	}
	head := rd.str(p.Start, min(p.End, p.Start+maxHeading))
	if rd.doc.Kind != Report {
		if rd.section.review && nextSteps(head) {
			rd.section = section{imperative: true}
		}
		return
	}
	if !contains(head, goalHeads) && !nextSteps(head) {
		return
	}
	year := rd.doc.Date.Year
	if t, ok := hanzi.ScanTime(rd.r[:p.End], p.Start, rd.doc.Date); ok && !t.To.IsZero() {
		if t.To.Before(rd.doc.Date) {
			return
		}
		if t.Precision == hanzi.PrecisionYear {
			year = t.To.Year
		}
	}
	rd.section = section{target: true, year: year, imperative: true}
}
