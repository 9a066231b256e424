package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// clause reads one clause: its amounts from left to right, or, where there are none, a milestone
// or a task.
func (rd *reader) clause(toks []token, first bool) {
	if len(toks) == 0 {
		return
	}
	rd.subjectOf(toks)
	rd.scope(toks, first)
	n := len(rd.out)
	pre := 0
	for k := 0; k < len(toks); k++ {
		switch toks[k].kind {
		case kOrd:
			if rd.rank(toks, pre, k) {
				pre = k + 1
			}
		case kQty:
			if end := rd.amount(toks, pre, k); end > k {
				pre = end
				k = end - 1
			} else if toks[k].end >= len(rd.r) || rd.r[toks[k].end] != '大' {
				toks[k].kind = kText // it counts nothing: part of a name
				of := k+1 < len(toks) && toks[k+1].kind == kText && toks[k+1].start == toks[k].end
				if u := rd.lx.qtys[toks[k].at].Unit; u == "次" || isDuration(u) && !of {
					toks[k].kind, toks[k].class = kWord, cAdverb
					rd.lapse(toks[k])
				}
			}
		case kParen:
			if !rd.inside(toks, k) && rd.bracketed(toks, pre, k) {
				pre = k + 1
			}
		}
	}
	if len(rd.out) == n && n > 0 && rd.tokStr(toks[0]) == "其余" {
		rd.out[n-1].more = true
	}
	rd.mechanisms(toks)
	rd.milestones(toks, n)
	fresh := rd.c.prevNoun
	rd.c.fresh = false
	if len(rd.out) == n && rd.headed(toks) {
		return
	}
	if len(rd.out) == n {
		rd.c.prevNoun = ""
		rd.task(toks)
		rd.leadingNoun(toks)
		rd.pointedAt(toks)
		if rd.c.fresh = rd.c.prevNoun != ""; !rd.c.fresh {
			rd.c.prevNoun = fresh
		}
	}
}

// lapse keeps a number of years, in which a change behind it came about: 五年累计下降16.2%.
func (rd *reader) lapse(t token) {
	q := rd.lx.qtys[t.at]
	if n, whole := q.Value.Int64(); whole && q.Unit == "年" && n < 100 {
		rd.c.lapse, rd.c.lapseEnd = int(n), t.end
	}
}

// scope takes in what a clause says of time and mood for itself and the clauses behind it.
func (rd *reader) scope(toks []token, first bool) {
	for i, t := range toks {
		if t.kind == kWord && t.class&cTarget != 0 {
			w := rd.tokStr(t)
			if w == "目标" || w == "预期" {
				rd.c.goal = true
			} else if w != "预计" && rd.modalAt(toks, i) {
				rd.c.modal = true
			}
		}
	}
	rd.c.done = rd.saysDone(toks)
	i := 0
	for i < len(toks) && toks[i].kind == kWord && toks[i].class&(cAdverb|cHere|cTarget) != 0 &&
		toks[i].class&cMeasure == 0 {
		if rd.tokStr(toks[i]) == "其中" {
			return
		}
		i++
	}
	if i+1 < len(toks) && toks[i].kind == kText && toks[i+1].kind == kTime &&
		toks[i].end-toks[i].start <= 12 &&
		rd.c.subjectEnd == toks[i].end &&
		rd.lx.times[toks[i+1].at].Precision >= hanzi.PrecisionYear {
		i++ // 该公司去年实现…
	}
	if i >= len(toks) || toks[i].kind != kTime {
		return
	}
	t := rd.timeAt(toks[i])
	if durationOnly(rd.r, *t) {
		return
	}
	rd.c.clauseT = t
	if rd.ahead(*t) {
		rd.c.future = true
	}
	if old := rd.c.time; t.Role == hanzi.RoleAsOf && old != nil && old.To.Before(t.To) {
		rd.c.time = t // 三年前只有2家，如今11家；…
	}
	alone := i == len(toks)-1
	if alone && !first {
		rd.c.time = t // 数据显示，1—10月，…
	}
	if t.Role == hanzi.RoleFrom && t.Precision < hanzi.PrecisionYear {
		return // 从8月起: what follows need not
	}
	if first && (alone || t.Precision >= hanzi.PrecisionYear || t.Role == hanzi.RoleAsOf) {
		rd.c.time = t
		if rd.doc.Review > 0 && t.Precision == hanzi.PrecisionYear && t.To.Year != rd.doc.Review {
			return // one figure of another year in a bulletin
		}
		if alone || rd.paraTime == nil {
			rd.paraTime = t
		}
		if alone && rd.nPara <= 2 && rd.doc.Kind == Notice &&
			!t.To.After(rd.doc.Date) &&
			t.Precision >= hanzi.PrecisionMonth && t.Precision < hanzi.PrecisionYear {
			rd.docTime = t // 上半年, …: the paragraphs behind it speak of the same
		}
	}
}

// saysDone says that a clause tells of what has happened (建成了).
func (rd *reader) saysDone(toks []token) bool {
	for i, t := range toks {
		if t.kind == kWord && rd.r[t.end-1] == '了' {
			return true
		}
		if t.kind == kText && i > 0 && rd.r[t.start] == '了' && toks[i-1].kind == kWord &&
			!(t.end-t.start > 1 && rd.r[t.start+1] == '解') {
			return true
		}
	}
	return false
}

// durationOnly says that a time only says since when something holds (近三年, 连续三年).
func durationOnly(r []rune, t hanzi.Time) bool {
	return t.Precision == hanzi.PrecisionVague && t.Role != hanzi.RoleAsOf ||
		t.Start+1 < len(r) && r[t.Start] == '连' && r[t.Start+1] == '续'
}

// amount makes the statements of the amount at token k and returns the first token behind it, or
// 0 if it states nothing.
func (rd *reader) amount(toks []token, pre, k int) int {
	q := rd.lx.qtys[toks[k].at]
	if end := rd.eachOf(toks, pre, k); end > 0 {
		return end
	}
	if end := rd.listMember(toks, pre, k); end > 0 {
		return end
	}
	f := rd.frameAt(toks, pre, k)
	if f.npVerbW == "给予" || f.npVerbW == "予以" {
		if f.support = rd.nominalAhead(toks, k); f.support == "" {
			f.support = "奖励"
		}
	}
	if f.apart {
		for _, t := range toks[k:] {
			if t.kind == kQty {
				f.amounts++
			}
		}
		rd.c.distTimes = rd.timeList(toks[pre:k])
	}
	if n := len(rd.c.distTimes); n > 0 {
		f.time, rd.c.distTimes = rd.c.distTimes[0], rd.c.distTimes[1:]
		f.partOf = f.link == 0 // 2025年、2026年分别建设50个、70个
	}
	f.partOf = f.partOf || k > pre && rd.tokStr(toks[pre]) == "其余" && f.post.empty()
	rd.follow(f, toks, pre, k)
	if rd.skip(f, toks, k) {
		return 0
	}
	s := rd.found()
	s.Start, s.End = f.linkFrom, q.End
	end := k + 1
	if rd.share(f, s, toks, pre) {
		end = f.postEnd
		if !rd.usesPost(f) {
			end = k + 1
		}
	} else {
		ind := rd.indicator(f, s)
		if ind == "" {
			return 0
		}
		s.Indicator = ind
		if rd.usesPost(f) {
			end = f.postEnd
		}
		rd.measure(f, s)
	}
	rd.emit(f, s)
	return end
}

// follow gives an amount that only a mark or 和 parts from the one before it that one's verb and
// time: 分别增长5.2%、7.4%.
func (rd *reader) follow(f *frame, toks []token, pre, k int) {
	if !rd.c.hasLast || f.link != 0 {
		return
	}
	last := &rd.c.last
	if !f.np.empty() && f.np.end-f.np.start > 1 {
		if pre > 0 && toks[pre-1].kind == kQty || pre > 0 && toks[pre].kind == kPause {
			if f.npVerb == 0 && last.npVerb&(cGain|cAct) != 0 {
				f.npVerb, f.npVerbW = last.npVerb, last.npVerbW
			}
			f.within = f.within || last.within
			if f.time == nil {
				f.time = last.time
			}
		}
		return
	}
	if normalUnit(last.q.Unit) != normalUnit(f.q.Unit) {
		return
	}
	for _, t := range toks[pre:k] {
		if t.kind == kText && t.end-t.start == 1 {
			switch rd.r[t.start] {
			case '和', '与', '及', '、':
				continue
			}
		}
		if t.kind != kPause && t.kind != kQty && t.class&(cTarget|cAdverb) == 0 {
			return
		}
	}
	f.np = span{}
	f.support = last.support
	f.link, f.verb, f.npVerb, f.npVerbW = last.link, last.verb, last.npVerb, last.npVerbW
	f.yoy, f.base, f.baseTime = last.yoy, last.base, last.baseTime
	if last.moreBases != "" {
		f.base, f.moreBases, _ = strings.Cut(last.moreBases, "、")
	}
	if f.time == nil {
		f.time = last.time
	}
}

// skip says that the amount at token k is no statement.
func (rd *reader) skip(f *frame, toks []token, k int) bool {
	q := &f.q
	if q.Number.Digits || rd.qualifies(f, toks, k) {
		return true
	}
	post := rd.str(f.post.start, f.post.end)
	next := token{}
	if k+1 < len(toks) {
		next = toks[k+1]
	}
	switch unit := q.Unit; {
	case isDuration(unit):
		linked := f.link&(cToward|cUp|cDown|cLevel) != 0
		return !linked && (f.np.empty() || !f.from && !isTimeLimit(rd.str(f.np.start, f.np.end)))
	case unit == "":
		return rd.skipBare(f, next, post)
	case unit == "期" && !q.Number.Arabic:
		return true
	case next.kind == kQty && next.start == toks[k].end,
		q.Number.Bare && f.link == 0 && startsWith(post, "台阶", "大关", "关口"):
		return true // 连跨七个百亿元台阶
	case unit == "位" && startsWith(post, "数"):
		return true
	case unit == "次" && !q.Number.Arabic && next.class&(cAct|cRank) != 0:
		return true // 两次获得
	case isCounter(unit):
		return one(q) && f.op == hanzi.Exactly && !distributes(rd.c.subject) ||
			startsWith(post, "会议", "全会", "全体会议", "常务会", "代表大会", "大会") ||
			f.usePostIndefinite(rd)
	}
	return false
}

// qualifies says that an amount only says which things are meant, among whom something is ranked, or
// since when something holds.
func (rd *reader) qualifies(f *frame, toks []token, k int) bool {
	post := rd.str(f.post.start, f.post.end)
	unit := f.q.Unit
	switch {
	case f.postEnd < len(toks) && toks[f.postEnd].kind == kOrd && post != "":
		return true // 列全市10个县（区）第8位
	case rankAhead(toks, k) && (endsWith(post, "中", "里") || strings.Contains(post, "中的")):
		return true
	case isAge(unit) && f.op != hanzi.Exactly && post != "" && f.link&cToward == 0:
		return true // 60岁以上老年人
	case k > 0 && (isDuration(unit) || unit == "次" || unit == "期"):
		if endsWith(rd.tokStr(toks[k-1]), "连续", "近", "每") {
			return true
		}
	}
	return f.bounding(rd, toks, k) || f.restricting(rd, toks, k)
}

// skipBare says that a number without a unit states nothing.
func (rd *reader) skipBare(f *frame, next token, post string) bool {
	q := &f.q
	switch {
	case next.kind == kText && next.end > next.start && rd.r[next.start] == '大':
		return true // read by mechanisms
	case q.Number.Fraction || q.Ratio, countable(post) && !one(q):
		return false
	}
	if f.link&(cToward|cLevel|cUp|cDown) == 0 && !f.from &&
		(endsIn(rd.str(f.np.start, f.np.end), bareHeads) == "" || post != "") {
		return true
	}
	return f.np.empty() && !rd.c.hasLast || q.Number.Lone && !q.Number.Arabic
}

// bareHeads end noun phrases whose amounts have no unit.
var bareHeads = newEndings(strings.Fields("指数 得分 评分 综合得分 平均得分 比 系数 满意度 分值 均分"))

// one says that the amount is the article 一个, 一家, which counts nothing.
func one(q *hanzi.Quantity) bool {
	n := &q.Number
	if n.Arabic || !n.Lone || n.Scale != "" {
		return false
	}
	v, ok := q.Value.Int64()
	return ok && v == 1 && q.Op == hanzi.Exactly
}

func (f *frame) usePostIndefinite(rd *reader) bool {
	if f.post.empty() || f.q.Number.Arabic {
		return false
	}
	post := rd.str(f.post.start, f.post.end)
	return post == "事" || post == "大事" || startsWith(post, "方面") || endsIn(post, indefiniteList) != ""
}

var indefiniteList = newEndings(strings.Fields(indefinites))

func isDuration(u string) bool {
	switch u {
	case "年", "个月", "月", "天", "日", "周", "小时", "分钟", "秒", "个工作日", "工作日", "个小时", "个季度",
		"年度", "学年", "个百分", "岁", "周岁", "周年", "个年头", "多年", "届", "代", "期":
		return u != "期" && u != "天"
	}
	return false
}

func isTimeLimit(np string) bool {
	for _, w := range []string{"时限", "时间", "周期", "期限", "工期", "时长", "寿命", "年限", "天数", "用时", "账期"} {
		if strings.HasSuffix(np, w) {
			return true
		}
	}
	return false
}

// isCounter says that a unit only counts: 家, 户, 万个.
func isCounter(u string) bool {
	if counterSet[u] {
		return true
	}
	for _, scale := range [...]string{"万", "亿", "千", "百"} {
		if rest, ok := strings.CutPrefix(u, scale); ok {
			return counterSet[rest]
		}
	}
	return false
}

// counterSet are those of the counters below that are counters.
var counterSet = countersOf(counterWords)

func countersOf(list string) map[string]bool {
	m := map[string]bool{}
	for _, u := range strings.Fields(list) {
		if _, ok := hanzi.Convert(hanzi.Int(1), u, "个"); ok {
			m[u] = true
		}
	}
	return m
}

// isRatio says that an amount of this unit is a part or a multiple of something.
func isRatio(u string) bool {
	switch u {
	case "%", "成", "倍", "番", "‰", "":
		return true
	}
	return false
}

func startsWith(s string, list ...string) bool {
	for _, w := range list {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// modalAt says that the word at token i says what is to be, and is no noun (三年行动计划).
func (rd *reader) modalAt(toks []token, i int) bool {
	if toks[i].class&cTarget == 0 {
		return false
	}
	switch rd.tokStr(toks[i]) {
	case "争取":
		return !(i+2 < len(toks) && toks[i+1].kind == kText && toks[i+2].kind == kQty) // 争取资金6.4亿元
	case "预计":
		return !rd.section.review
	case "计划", "目标", "预期", "规划":
		if i+1 < len(toks) && (toks[i+1].kind == kTime || toks[i+1].class&(cAct|cLevel) != 0) &&
			rd.tokStr(toks[i]) == "计划" &&
			!(i > 0 && toks[i-1].kind == kText && endsWith(rd.tokStr(toks[i-1]), "行动", "年度")) {
			return true
		}
		return i == 0 || toks[i-1].kind != kText && toks[i-1].kind != kQuote &&
			toks[i-1].kind != kQty && toks[i-1].class&cAct == 0
	}
	return true
}

// countable says that a noun phrase can follow a number without a counter: 6部门, 9县区.
func countable(np string) bool {
	return startsWith(np, "部门", "县", "市州", "市直", "地市", "省份", "省市", "镇", "村", "企业", "校", "项目", "单位",
		"乡镇",
		"区县", "园区", "平台", "国家级", "省级", "市级")
}

// bounding says that an amount only says which things are counted by the amount behind it:
// 50亿元以上项目2个.
func (f *frame) bounding(rd *reader, toks []token, k int) bool {
	if isCounter(f.q.Unit) || f.q.Op == hanzi.Exactly && !f.q.Range || k+2 >= len(toks) ||
		f.link&^(cLevel|cDiffUp|cAct|cMilestone|cStrong) != 0 {
		return false
	}
	i := k + 1
	for i < len(toks) && (toks[i].kind == kText || toks[i].kind == kQuote) {
		i++
	}
	return i > k+1 && i < len(toks) && toks[i].kind == kQty &&
		(f.np.end-f.np.start <= 3 || f.verb == "拥有" || endsWith(rd.str(f.np.start, f.np.end), "收入",
			"营收", "产值", "投资",
			"规模", "金额", "面积")) &&
		isCounter(rd.lx.qtys[toks[i].at].Unit)
}

func endsWith(s string, list ...string) bool {
	for _, w := range list {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// rankAhead says that a place in an order follows the amount: it counts those who are ranked.
func rankAhead(toks []token, k int) bool {
	for _, t := range toks[k+1:] {
		if t.kind == kOrd {
			return true
		}
	}
	return false
}

// leadingNoun keeps what a clause without a number begins with, for the clauses behind it that name
// nothing: 粮食总产量实现“十八连丰”，达到56.8万吨. In 在世界城市排名中 it is what stands between.
func (rd *reader) leadingNoun(toks []token) {
	if a, b := toks[0].start, toks[len(toks)-1].end; rd.r[a] == '在' && (rd.r[b-1] == '中' ||
		rd.r[b-1] == '上') && b-a > 4 {
		if a, b = rd.trimNoun(span{a + 1, b - 1}); b-a >= 2 {
			rd.c.prevNoun = strings.Trim(rd.str(a, b), "《》")
		}
		return
	}
	i := 0
	for i < len(toks) && (toks[i].kind == kTime || toks[i].kind == kWord &&
		toks[i].class&(cAdverb|cHere) != 0) {
		i++
	}
	if i < len(toks) && toks[i].kind == kWord && toks[i].class&cRank != 0 {
		i++
		for i < len(toks) && toks[i].class&cHere != 0 {
			i++
		}
	}
	j := i
	for j < len(toks) && rd.nounPart(toks, i, j, false) && !(toks[j].class&cAct != 0 && j > i &&
		verbAt(rd.r, toks, i, j)) {
		j++
	}
	if j == i || toks[i].kind != kText {
		return
	}
	a, b := toks[i].start, toks[j-1].end
	if rd.r[a] == '在' || rd.r[a] == '据' {
		a++
		for b > a && (rd.r[b-1] == '中' || rd.r[b-1] == '上' || rd.r[b-1] == '里') {
			b--
		}
	}
	a, b = rd.trimNoun(span{a, b})
	if b-a >= 3 && !rd.subjectName(rd.str(a, b)) {
		rd.c.prevNoun = rd.str(a, b)
	}
}

// headed takes a clause that is one noun phrase and names a rate or share as what the clauses
// behind it give amounts of: 新建桩中快充桩所占比例，城区不得低于50%.
func (rd *reader) headed(toks []token) bool {
	for _, t := range toks {
		if t.kind != kText && t.kind != kQuote && t.class&cAct == 0 && t.class&cShare == 0 {
			return false
		}
	}
	last := toks[len(toks)-1].end
	if len(toks) < 2 || !strings.ContainsRune("比重例额率速幅度", rd.r[last-1]) {
		return false
	}
	a, b := rd.trimNoun(span{toks[0].start, last})
	np := rd.str(a, b)
	if endsIn(np, shareHeadList) == "" && endsIn(np, rateHeadList) == "" &&
		!strings.HasSuffix(np, "率") {
		return false
	}
	rd.c.prevNoun, rd.c.fresh = np, true
	return true
}

// pointedAt takes the name that a clause ends in as the subject of the next: 排名末位的是寨河县, 为31.7%.
func (rd *reader) pointedAt(toks []token) {
	_, name, ok := strings.Cut(rd.tokStr(toks[len(toks)-1]), "是")
	if !ok || !rd.subjectName(name) {
		return
	}
	rd.c.subject, rd.lastName = name, name
	if np := rd.rankedBefore(toks, len(toks)-1); np != "" {
		rd.remember(np)
		rd.c.full = np
	}
}

// ahead says that a time lies before the document: 今后五年; at the start of a year, 今年.
func (rd *reader) ahead(t hanzi.Time) bool {
	d := rd.doc.Date
	if d.IsZero() || t.To.IsZero() || t.Role == hanzi.RoleSince {
		return false
	}
	if t.From.Before(d) {
		return t.Precision == hanzi.PrecisionYear && t.To.Year == d.Year && d.Month <= 3 &&
			t.Role == hanzi.RoleIn ||
			t.Role == hanzi.RoleDeadline && t.To.After(d)
	}
	return t.To.After(d)
}

// restricting says that an amount with 的 only says which things are counted before or behind it:
// 100家以上营收超亿元的企业, 总投资超百亿元的项目达到8个.
func (f *frame) restricting(rd *reader, toks []token, k int) bool {
	if !f.postOf || f.post.empty() || isCounter(f.q.Unit) || isRatio(f.q.Unit) ||
		f.op == hanzi.Exactly && !f.q.Range {
		return false
	}
	if f.pre > 0 && toks[f.pre-1].kind == kQty && isCounter(rd.lx.qtys[toks[f.pre-1].at].Unit) {
		return true
	}
	for i := f.postEnd; i < len(toks) && toks[i].kind != kPause; i++ {
		if toks[i].kind == kQty {
			u := rd.lx.qtys[toks[i].at].Unit
			return isCounter(u) || u == "%"
		}
	}
	return false
}

// milestones reads the members of a list one by one: 6月底前主体封顶、年底前投入使用. The statements
// from n on are those of the clause.
func (rd *reader) milestones(toks []token, n int) {
	rd.c.built = ""
	found := rd.out[n:]
	for from := 0; from < len(toks); {
		to := from + 1
		for to < len(toks) && !(toks[to-1].kind == kPause && (toks[to].kind == kTime ||
			rd.verbFollows(toks, to))) {
			to++
		}
		end := to
		if to < len(toks) {
			end--
		}
		if end == from {
			from = to
			continue
		}
		counted := false
		for _, s := range found {
			counted = counted || s.Start < toks[end-1].end && toks[from].start < s.End
		}
		rd.milestone(toks[from:end], counted)
		from = to
	}
}

func isAge(u string) bool { return u == "岁" || u == "周岁" }
