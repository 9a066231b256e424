package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

var (
	reviewHeads = strings.Fields(`回顾 工作情况 主要成效 完成情况 进展情况 取得的成绩 过去 总体情况 基本情况 主要成绩 存在 现状 主要问题 成效 总体评价 运行情况`)
	targetHeads = strings.Fields(`安排 目标 任务 打算 下一步 今年工作 重点工作 工作要求 保障 措施 部署 展望 要求 建议 行动 举措`)
)

// heading takes in what a heading says of the paragraphs under it.
func (rd *reader) heading(p hanzi.Span) {
	s := rd.str(p.Start, p.End)
	r := rd.r[p.Start:p.End]
	top := len(r) > 1 && strings.ContainsRune("一二三四五六七八九十", r[0])
	year := 0
	for i := p.Start; i < p.End; i++ {
		if t, ok := hanzi.ScanTime(rd.r[:p.End], i, rd.doc.Date); ok && t.Precision == hanzi.PrecisionYear {
			year = t.To.Year
			break
		}
	}
	rd.modalBefore, rd.modalLast = false, false
	sec := rd.section
	switch {
	case contains(s, reviewHeads):
		sec = section{review: true, year: year}
	case contains(s, targetHeads) && (top || year > 0 || rd.doc.Kind != News):
		sec = section{target: true, year: year}
	case top && rd.doc.Review == 0:
		sec = section{target: rd.doc.Kind == Plan}
	}
	if year == 0 && rd.doc.Kind == Report {
		if sec.review {
			sec.year = rd.doc.Date.Year - 1
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

// owners gives the tasks of a paragraph the unit that its end names: （市科技局牵头，市工信局配合）.
func (rd *reader) owners(p hanzi.Span, first int) {
	s := rd.str(p.Start, p.End)
	k := strings.LastIndexAny(s, "（(")
	if k < 0 {
		return
	}
	in := strings.TrimRight(s[k:], "）)。")
	in = strings.TrimLeft(in, "（(")
	owner := ""
	for _, label := range []string{"牵头单位：", "责任单位：", "牵头单位:", "责任单位:", "牵头部门：", "责任部门："} {
		if rest, ok := strings.CutPrefix(in, label); ok {
			owner = firstName(rest)
		}
	}
	if owner == "" {
		if who, _, ok := strings.Cut(in, "牵头"); ok {
			owner = firstName(who)
		}
	}
	if owner == "" {
		return
	}
	for i := first; i < len(rd.out); i++ {
		if rd.out[i].Kind == Task {
			rd.out[i].Subject = owner
		}
	}
}

func firstName(s string) string {
	if k := strings.IndexAny(s, "、，,；;。 "); k > 0 {
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
		if t.kind != kText && t.kind != kQuote && t.kind != kPause && t.class&(cAct|cAdj|cUp|cDown) == 0 {
			return false
		}
	}
	topic := rd.str(toks[0].start, toks[n-1].end)
	if strings.ContainsAny(topic, "不未偏较慢缺弱") {
		return false
	}
	for _, x := range []string{"工作情况", "情况", "工作", "方面", "培育", "任务"} {
		if t, ok := strings.CutSuffix(topic, x); ok && len([]rune(t)) >= 2 {
			topic = t
			break
		}
	}
	rd.topic, rd.topicHead = topic, true
	return true
}
