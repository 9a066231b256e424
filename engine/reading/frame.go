package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// frame is one amount of a clause with the words around it that say what it is.
type frame struct {
	q        hanzi.Quantity
	k        int // its token
	pre      int // first token behind the amount before it
	linkFrom int // rune where its verb and adverbs begin

	link  class // the measure verb before it, or 0
	verb  string
	op    hanzi.Op
	from  bool   // 由4家: the start of a change
	of    bool   // 的 stands before it: 服务收入的10%
	hadOf bool   // … directly before it
	yield string // 年产
	yoy   string // the base of 同比 and 环比

	// What adverbs and words before the noun phrase say.
	annual    bool // 年均
	wholeYear bool // 全年
	estimate  bool // 预计
	sum       bool // 累计
	partOf    bool // a member of an enumeration that adds up
	npCut     int  // runes at the end of the noun phrase that say where a change starts
	yearly    bool // 年度
	apart     bool // 分别
	amounts   int  // in the clause from this one on
	total     bool // 合计
	within    bool // 其中
	actual    bool // 已, 实际, 目前: it is so
	target    bool // 力争, 目标: it is to be
	done      bool // a verb follows what it counts: 153个项目竣工投产

	time      *hanzi.Time
	baseTime  *hanzi.Time // what is compared with, as a time
	base      string      // … as words
	moreBases string      // those that the numbers behind are compared with: 高于全国、全省2.0、1.3

	np      span   // the noun phrase before
	npVerb  class  // the verb before that
	npVerbW string // … as a word
	post    span   // the noun phrase behind
	postOf  bool   // 的 joins it: 50亿元的产业引导基金
	postEnd int    // first token behind it
	purpose string // what the amount is for: 拿出3000万元设立概念验证资金
	support string // what is given: 分别给予50万元、200万元奖励
	ahead   string // what ends the clause right behind the amount: 尚未开工
}

// span is a range of runes.
type span struct{ start, end int }

func (s span) empty() bool { return s.start >= s.end }

// frameAt reads the words around the amount at token k of a clause. Tokens before pre belong to
// the amount before it. The frame is valid until the next call.
func (rd *reader) frameAt(toks []token, pre, k int) *frame {
	f := rd.frame()
	f.q, f.k, f.pre, f.linkFrom = rd.lx.qtys[toks[k].at], k, pre, toks[k].start
	f.op = f.q.Op
	i := rd.linkBack(f, toks, pre, k)
	rd.nounBack(f, toks, pre, i)
	rd.nounAhead(f, toks, k)
	f.within = f.within || rd.partly(f)
	return f
}

// linkBack walks back from the amount over verbs, adverbs and times and returns the index of the
// first token that is none of them.
func (rd *reader) linkBack(f *frame, toks []token, pre, k int) int {
	i := k - 1
	for ; i >= pre; i-- {
		t := toks[i]
		switch {
		case rd.goalReference(f, toks, pre, i):
			i--
			for i > pre && toks[i].class&(cDiffUp|cDiffDown|cBase) == 0 {
				i--
			}
			continue
		case t.kind == kTime:
			if f.time == nil && !f.from {
				f.time = rd.timeAt(t)
				rd.sinceTime(f, t)
			}
		case i > pre && i < k-1 && f.passes(toks[i-1], t, toks[i+1]):
		case t.kind == kText && i > pre && toks[i-1].class&cFrom != 0 && perHead(rd.tokStr(t)):
		case t.kind != kWord:
			if rd.reference(f, toks, pre, i) {
				i--
				continue
			}
			if n := startWord(rd.tokStr(t)); f.hadOf && n > 0 {
				f.from, f.npCut = true, n // 增速由年初的21%
			}
			return i
		case t.start == f.linkFrom && f.base != "": // 高于 of 高于全省平均水平
			continue
		case t.class&cFrom != 0:
			f.from = true
		case t.class&cBase != 0:
			f.compare()
		case t.class&cOf != 0:
			if f.link == 0 && f.time == nil {
				f.of = true
				f.hadOf = i == k-1
			}
		case t.class&cYield != 0:
			f.yield = rd.tokStr(t)
		case t.class&(cMeasure|cGain) != 0 && f.link == 0:
			f.link, f.verb = t.class, rd.tokStr(t)
			if f.link&(cDiffUp|cDiffDown) != 0 && f.link&cLevel == 0 && i+1 < k &&
				toks[i+1].kind == kTime {
				f.compare() // 快于上年同期
			}
			f.apart = f.apart || strings.HasPrefix(f.verb, "分别")
			f.bound(f.verb)
		case t.class&cAdverb != 0 || t.class&cTarget != 0:
			f.target = f.target || i == k-1 && rd.tokStr(t) == "目标"
			f.adverb(rd.tokStr(t))
			f.target = f.target || rd.modalAt(toks, i)
		case t.class&cHere != 0 && (f.link == 0 || f.base == "") && rd.reference(f, toks, pre, i):
			i = listStart(toks, pre, i) - 1
			continue
		default:
			return i
		}
		f.linkFrom = t.start
	}
	if f.hadOf && f.time != nil && f.link&cLevel != 0 && !f.from && rd.before(f.time) &&
		(f.verb == "超过" || f.verb == "高于" || f.verb == "突破") {
		f.from, f.op = true, hanzi.Exactly // 已经超过去年全年的79.5亿元
	}
	return i
}

// passes says that a pause between times, or behind an adverb, does not end what leads to an
// amount: 今年6月底、12月底分别达到; 从无到有、达到148公里.
func (f *frame) passes(before, t, behind token) bool {
	return t.kind == kPause && (before.kind == kTime && behind.kind == kTime ||
		before.class&cAdverb != 0 && f.link != 0)
}

// compare makes the time that was read what the amount is compared with; before 的 it is that of
// the start of a change.
func (f *frame) compare() {
	switch {
	case f.time == nil:
	case f.hadOf:
		f.from = true
	case f.baseTime == nil:
		f.baseTime, f.time = f.time, nil
	}
}

// perHead says that a phrase only says for whom an amount is: 由每人每月143元, 由平均5.2份.
func perHead(s string) bool {
	switch s {
	case "平均", "原来", "最初":
		return true
	}
	return strings.HasPrefix(s, "每") && len([]rune(s)) <= maxPerHead
}

// maxPerHead bounds the runes of 每人每月 and the like.
const maxPerHead = 6

// startWords say when a change starts.
var startWords = strings.Fields(`由年初 从年初 由期初 从期初 由上年末 由上年底 由最初 由原来 从最初 由试点前`)

// startWord is the length of the words in which a phrase ends that say when a change starts, or 0.
func startWord(s string) int {
	for _, w := range startWords {
		if strings.HasSuffix(s, w) {
			return len([]rune(w))
		}
	}
	return 0
}

// sinceTime makes the start of a change of a time that 从 leads to: 从2020年的38%.
func (rd *reader) sinceTime(f *frame, t token) {
	if !f.hadOf || !strings.ContainsRune("从由自", rd.r[t.start]) {
		return
	}
	f.from = true
	if x, ok := hanzi.ScanTime(rd.r[:t.end], t.start+1, rd.doc.Date); ok {
		f.time = &x
	}
}

// before says that a time lies wholly before the document.
func (rd *reader) before(t *hanzi.Time) bool {
	return !t.To.IsZero() && t.To.Before(rd.doc.Date)
}

// reference reads what an amount is compared with: 高于全国1.1个百分点, 比全省平均水平高, 占全省的.
// Token i is the noun; it is one when a word of comparison stands before it.
func (rd *reader) reference(f *frame, toks []token, pre, i int) bool {
	if i-1 < pre {
		return false
	}
	t, before := toks[i], toks[i-1]
	if j := listStart(toks, pre, i); j < i && j > pre &&
		toks[j-1].class&(cDiffUp|cDiffDown|cBase) != 0 {
		t.start, before = toks[j].start, toks[j-1] // 高于全国、全省
	}
	if i-2 >= pre && t.kind == kText && before.class&cHere != 0 &&
		toks[i-2].class&(cDiffUp|cDiffDown|cBase) != 0 {
		t.start, before = before.start, toks[i-2]
	}
	if t.kind != kText && t.class&cHere == 0 || before.kind != kWord {
		return false
	}
	switch {
	case f.link == 0 && before.class&(cDiffUp|cDiffDown) != 0:
		f.link, f.verb = before.class&(cDiffUp|cDiffDown), rd.tokStr(before)
	case before.class&cBase != 0 && f.base == "":
	case f.link == 0 && isPoints(f.q.Unit) && boundOps[rd.tokStr(before)] != "" && t.kind == kText:
		f.link, f.verb = cDiffUp, rd.tokStr(before) // 不低于支出增幅3个百分点
		f.bound(f.verb)
	default:
		return false
	}
	f.base, f.linkFrom = rd.tokStr(t), before.start
	if first, rest, ok := strings.Cut(f.base, "、"); ok && t.class&cHere != 0 {
		f.base, f.moreBases = first, rest
	}
	return true
}

// bound sets the operator that a verb or adverb implies.
func (f *frame) bound(w string) {
	if f.op != hanzi.Exactly {
		return
	}
	if op, ok := boundOps[w]; ok {
		f.op = op
	}
}

var boundOps = buildBounds()

func buildBounds() map[string]hanzi.Op {
	m := map[string]hanzi.Op{}
	for _, l := range []struct {
		list string
		op   hanzi.Op
	}{
		{atLeastWords, hanzi.AtLeast}, {atMostWords, hanzi.AtMost},
		{aboutWords, hanzi.About}, {lessWords, hanzi.Less},
	} {
		for _, w := range strings.Fields(l.list) {
			m[w] = l.op
		}
	}
	return m
}

// adverb takes in an adverb before the amount.
func (f *frame) adverb(w string) {
	f.bound(w)
	switch w {
	case "实际", "已", "已经", "目前", "仅", "均已", "现已", "累计":
		f.actual = true
		f.sum = w == "累计"
	case "同比":
		f.yoy = "上年同期"
	case "环比":
		f.yoy = "上期"
	case "年均", "平均", "每年", "年均增长":
		f.annual = f.annual || w != "每年"
	case "分别":
		f.apart = true
	case "合计", "共计", "总计":
		f.total = true
	case "全年", "预计全年":
		f.wholeYear = true
	case "预计":
		f.estimate = true
	}
}

// nounBack finds the noun phrase that ends at token i.
func (rd *reader) nounBack(f *frame, toks []token, pre, i int) {
	end := rd.bracketsBack(f, toks, pre, i)
	if end >= pre && toks[end].kind == kText && rd.r[toks[end].end-1] == '了' {
		return // the verb before it is none of the lists: 部署了24项重点任务
	}
	j := end
	for ; j >= pre; j-- {
		if !rd.nounPart(toks, pre, j, j == end) {
			break
		}
	}
	// A noun phrase does not begin with a mark or a particle.
	for j+1 <= end && (toks[j+1].kind == kPause || toks[j+1].class&(cOf|cFrom|cBase) != 0) {
		j++
	}
	if j+1 <= end {
		f.np = span{toks[j+1].start, toks[end].end - f.npCut}
	}
	if (f.from || f.link&(cToward|cUp|cDown) != 0) && j >= pre && j+1 <= end {
		for j >= pre && toks[j].kind == kWord && toks[j].class&cAct != 0 &&
			toks[j].class&(cMeasure|cGain|cAdverb) == 0 && !pureVerbs[rd.tokStr(toks[j])] &&
			!causatives[rd.tokStr(toks[j])] {
			f.np.start = toks[j].start // 生产效率提高30%
			j--
		}
	}
	if j >= pre && j+1 == end && toks[j].class&cAct != 0 &&
		toks[j].class&(cStrong|cMeasure|cGain|cMilestone) == 0 &&
		headSet[rd.tokStr(toks[end])] || j >= pre && j+1 == end && toks[j].class&cAct != 0 &&
		toks[j].class&(cMeasure|cGain) == 0 && tailHeads[rd.tokStr(toks[end])] {
		f.np.start = toks[j].start // 净化面积
		j--
	}
	if j > pre && j+1 <= end && f.np.end-f.np.start <= 4 && rd.owned(toks, pre, j) {
		for j--; j >= pre && rd.nounPart(toks, pre, j, false); j-- {
		}
		f.np.start = toks[j+1].start
	}
	if g := gainBefore(toks, pre, j); g >= 0 && j+1 <= end {
		f.np.start, j = toks[g+1].start, g
	}
	if j >= pre && toks[j].kind == kWord {
		f.npVerb, f.npVerbW = toks[j].class, rd.tokStr(toks[j])
	}
	for ; j >= pre; j-- {
		t := toks[j]
		if t.kind == kTime && f.time == nil && !f.from {
			if j > pre && toks[j-1].class&cBase != 0 {
				f.baseTime = rd.timeAt(t)
				continue
			}
			f.time = rd.timeAt(t)
		}
		if t.kind == kWord {
			f.target = f.target || rd.modalAt(toks, j)
			if t.class&cAdverb != 0 {
				f.adverbFar(rd.tokStr(t))
			}
		}
	}
}

// bracketsBack passes over the brackets that end at token i; a time in one is that of the amount:
// 营业收入（1—2月）.
func (rd *reader) bracketsBack(f *frame, toks []token, pre, i int) int {
	for ; i >= pre && toks[i].kind == kParen; i-- {
		if t := toks[i]; f.time == nil {
			x, ok := hanzi.ScanTime(rd.r[:t.end], t.start+1, rd.doc.Date)
			if ok && x.End == t.end-1 {
				f.time = &x
			}
		}
	}
	return i
}

// gainBefore is the word of gain before the verb at token j, which is then part of a name, or −1:
// 新增有效注册商标5600件.
func gainBefore(toks []token, pre, j int) int {
	if j <= pre || toks[j].class&cAct == 0 || toks[j].class&(cStrong|cGain|cMeasure) != 0 {
		return -1
	}
	g := j - 1
	if g > pre && toks[g].class&cAdj != 0 {
		g--
	}
	if toks[g].class&cGain == 0 {
		return -1
	}
	return g
}

// adverbFar takes in an adverb before the noun phrase.
func (f *frame) adverbFar(w string) {
	switch w {
	case "分别":
		f.apart = true
	case "其中":
		f.within = true
	case "合计", "共计", "总计":
		f.total = true
	case "全年":
		f.wholeYear = true
	case "至少", "不少于", "不低于", "不超过", "不足", "不到", "超过", "不高于", "最高", "最低", "最多":
		f.bound(w)
	}
}

// nounPart says whether token j belongs to the noun phrase that ends right of it; last is true for
// the last token of the phrase.
func (rd *reader) nounPart(toks []token, pre, j int, last bool) bool {
	t := toks[j]
	switch t.kind {
	case kText, kQuote, kOrd:
		return true
	case kParen:
		return t.end-t.start < 12
	case kPause:
		return !last && j > pre
	case kWord:
	default:
		return false
	}
	switch {
	case t.class == cNation && !last:
		return true // 国家 within a name
	case t.class&cTarget != 0 && t.end-t.start == 2 && !rd.modalAt(toks, j) &&
		goalNouns[rd.tokStr(t)]:
		return !last && j > pre && j+1 < len(toks) && toks[j+1].kind == kText
	case t.class&cHere != 0, t.class&cTarget != 0, t.class&cShare != 0:
		return false
	case t.class&(cFrom|cBase) != 0:
		return false
	case t.class&cOf != 0:
		return !last
	case t.class&cGain != 0:
		return false
	case t.class&cAct != 0:
		if last {
			return j > pre && !pureVerbs[rd.tokStr(t)] && (toks[j-1].kind == kText ||
				toks[j-1].kind == kQuote || toks[j-1].class&cAdj != 0 ||
				toks[j-1].class&cAct != 0)
		}
		if j > pre && toks[j-1].class&cAct != 0 && t.class&cStrong == 0 && j+1 < len(toks) &&
			toks[j+1].kind == kText && toks[j+1].end-toks[j+1].start <= 2 {
			return true // 投入研发资金
		}
		return !verbAt(rd.r, toks, pre, j)
	case t.class&(cUp|cDown) != 0, t.class&(cDiffUp|cDiffDown) != 0:
		return j > pre && (last || t.class&(cUp|cDown) != 0 && j+1 < len(toks) &&
			toks[j+1].kind == kText && rd.r[toks[j+1].start] == '的') // 经济增长的贡献率
	case t.class&cRank != 0 && last && rankNames[rd.tokStr(t)]:
		return j > pre
	case t.class&(cLevel|cToward|cRank) != 0:
		return false
	case t.class&cAdj != 0:
		return !last && j+1 < len(toks) && toks[j+1].kind == kText &&
			!strings.ContainsRune("可不为达", rd.r[toks[j+1].start])
	case t.class&cAdverb != 0:
		return false
	}
	return true
}

// verbAt says whether the word of doing at token j is a verb there: at the head of the clause or
// behind an adverb, time, place or mark it is; behind a noun only if names hardly contain it.
func verbAt(r []rune, toks []token, pre, j int) bool {
	if j == pre {
		return true
	}
	b := toks[j-1]
	if b.kind == kText || b.kind == kQuote {
		return toks[j].class&cStrong != 0 && !compound(r, toks, j)
	}
	if b.kind == kWord && b.class&cAct != 0 && !verbAt(r, toks, pre, j-1) {
		return false
	}
	return true
}

// nounAhead finds the noun phrase behind the amount at token k.
func (rd *reader) nounAhead(f *frame, toks []token, k int) {
	i := k + 1
	f.postEnd = i
	if i < len(toks) && toks[i].kind == kText && rd.r[toks[i].start] == '的' {
		f.postOf = true
	}
	if i < len(toks) && toks[i].kind == kText && rd.r[toks[i].start] == '由' {
		return // 其余10个由机场集团承担
	}
	start := i
	for i < len(toks) && rd.goesOn(f, toks, start, i) {
		i++
	}
	if end := rd.counted(toks, k); end > 0 {
		i = end
	}
	if i == start {
		for j := i; j < len(toks) && (toks[j].kind == kWord || toks[j].kind == kText &&
			j == len(toks)-1); j++ {
			if j == len(toks)-1 {
				if f.ahead = rd.tokStr(toks[j]); stateSet[f.ahead] {
					f.ahead = rd.str(toks[i].start, toks[j].end)
				}
			}
		}
	}
	if i == start && i+1 < len(toks) && toks[i].class&cAct != 0 && (toks[i+1].kind == kText ||
		toks[i+1].kind == kQuote) {
		f.purpose = rd.str(toks[i+1].start, toks[i+1].end)
	}
	f.done = i < len(toks) && toks[i].kind == kWord && toks[i].class&(cAct|cMilestone) != 0
	if i > start {
		f.post = span{toks[start].start, toks[i-1].end}
		if f.postOf {
			f.post.start++
		}
		f.postEnd = i
	}
}

// goesOn says that token i belongs to the noun phrase behind an amount that begins at token start.
func (rd *reader) goesOn(f *frame, toks []token, start, i int) bool {
	t := toks[i]
	switch t.kind {
	case kText, kQuote:
		return i == start || t.end-t.start < 2 || rd.r[t.start+1] != '均' ||
			!strings.ContainsRune("户人亩校村", rd.r[t.start]) // 4.1万户药农户均增收
	case kPause:
		return i > start && (i+1 >= len(toks) || !endsList(toks, i+1))
	case kWord:
		return rd.verbGoesOn(f, toks, start, i)
	}
	return false
}

// verbGoesOn says that the word at token i is part of a noun phrase and no new predicate.
func (rd *reader) verbGoesOn(f *frame, toks []token, start, i int) bool {
	t, word := toks[i], rd.tokStr(toks[i])
	noun := i+1 < len(toks) && toks[i+1].kind == kText
	empty := i == start || f.postOf && toks[start].end-toks[start].start == 1 && i == start+1
	switch {
	case i == start && aspects[word] && i+2 < len(toks) && toks[i+1].class&cAct != 0,
		i == start+1 && aspects[rd.tokStr(toks[start])] && noun:
		return i > start || toks[i+2].kind == kText // 17个未开工项目
	case t.class&cStrong != 0 && !empty, t.class&cMilestone != 0 && !empty,
		t.class&cStrong != 0 && !weakHead(toks, i):
		return false
	case i == start && t.class&cDiffDown != 0 && stateSet[word]:
		return noun // 17项滞后任务
	case relations[word] && i > start && rd.actorNoun(toks[i-1]):
		return false
	case t.class&cAct != 0 && t.class&cMeasure == 0, t.class == cNation && empty:
		return true
	case t.class&cAdj == 0 || i > start && endsWith(rd.tokStr(toks[i-1]), "部门", "单位", "乡镇",
		"县区", "企业"):
		return false
	}
	return noun || i+1 < len(toks) && toks[i+1].class&cAct != 0
}

// relations are what those who are counted do with one another: 与7家企业共建学院.
var relations = set(`共建 合作 联合 签订 签署 参加 参与 建立 达成 开展 组建 共享 对接`)

// actorNoun says that a token ends in a word for those who do something.
func (rd *reader) actorNoun(t token) bool {
	return endsWith(rd.tokStr(t), "企业", "高校", "院校", "单位", "部门", "机构", "院所", "县区", "学校", "公司", "大学")
}

// aspects before a verb make with it the attribute of a noun: 未开工项目, 拟建项目.
var aspects = set(`未 已 待 拟 在 需 新`)

// weakHead says that the word of doing at token i, right behind an amount, begins a noun phrase
// (10场招聘活动) and not a new predicate (5000万元支持企业).
func weakHead(toks []token, i int) bool {
	return i+1 < len(toks) && toks[i+1].kind == kText && toks[i+1].end-toks[i+1].start <= 3
}

// endsList says that behind a pause the next member of an enumeration has its own amount.
func endsList(toks []token, i int) bool {
	for ; i < len(toks); i++ {
		switch toks[i].kind {
		case kQty:
			return true
		case kText, kQuote, kPause, kTime:
			continue
		case kWord:
			if toks[i].class&(cMeasure|cGain|cAct|cAdverb) != 0 {
				continue
			}
			return false
		default:
			return false
		}
	}
	return false
}

// compound says that a verb between two short nouns makes one noun with them: 各类救助资金.
func compound(r []rune, toks []token, j int) bool {
	if j+1 >= len(toks) || toks[j+1].kind != kText {
		return false
	}
	if compoundTails[string(r[toks[j+1].start:min(toks[j+1].end, toks[j+1].start+2)])] {
		return true
	}
	if n := toks[j+1].end - toks[j+1].start; n <= 2 &&
		nominalStrong[string(r[toks[j].start:toks[j].end])] &&
		toks[j-1].kind == kText && toks[j-1].end-toks[j-1].start >= 2 {
		return true // 成果转化收益
	}
	if endsWith(string(r[toks[j+1].start:toks[j+1].end]), "率") &&
		toks[j+1].end-toks[j+1].start <= 4 {
		return true // 数字化改造覆盖率
	}
	return toks[j+1].end-toks[j+1].start <= 2 && toks[j-1].end-toks[j-1].start <= 2 && j > 1 &&
		toks[j-2].kind == kWord && toks[j-2].class&cAct != 0
}

// compoundTails end compounds of a verb and a noun: 改扩建工程, 培育计划.
var compoundTails = set(`工程 项目 行动 计划 任务 试点 体系 制度 机制 方案 规划 办法 政策`)

// owned says that the verb at token j joins a noun phrase with what it has or reaches, which names
// little alone: 规模以上工业企业实现利润, 每千人口拥有床位.
func (rd *reader) owned(toks []token, pre, j int) bool {
	w := rd.tokStr(toks[j])
	for j-1 > pre && (toks[j-1].kind == kTime || wholeWords[rd.tokStr(toks[j-1])]) {
		j-- // 重点项目全年完成投资
	}
	if w == "" || toks[j-1].kind != kText {
		return false
	}
	before := rd.tokStr(toks[j-1])
	switch w {
	case "实现", "完成":
		return toks[j-1].end-toks[j-1].start >= 2 && !rd.subjectName(before) &&
			rd.nameAt(toks[j-1].start, toks[j-1].end) == "" &&
			!strings.HasSuffix(before, "市")
	case "拥有", "共有":
		return strings.HasPrefix(before, "每") && toks[j-1].end-toks[j-1].start >= 3
	}
	return false
}

// wholeWords stand between a noun and the verb of what it has: 重点项目全年完成投资.
var wholeWords = set(`全年 累计 全年共 全年累计`)

// causatives are verbs that make something change: 促进就业增长5%. Other verbs before a noun that
// itself changes are parts of its name: 生产效率提高30%.
var causatives = set(`推动 带动 促进 拉动 确保 保持 助推 助力 引领 支撑 争取 力争 帮助 加快 使得 让 服务 保障`)

// counted finds the end of what a counter counts where that has an amount of its own: 100家以上营收超
// 亿元的企业. It is 0 elsewhere.
func (rd *reader) counted(toks []token, k int) int {
	if !isCounter(rd.lx.qtys[toks[k].at].Unit) || k+3 >= len(toks) || toks[k+1].kind != kText {
		return 0
	}
	i := k + 2
	if toks[i].kind == kWord && toks[i].class&cLevel != 0 {
		i++
	}
	if i+1 >= len(toks) || toks[i].kind != kQty || isCounter(rd.lx.qtys[toks[i].at].Unit) ||
		toks[i+1].kind != kText || rd.r[toks[i+1].start] != '的' {
		return 0
	}
	return i + 2
}

// tailHeads are heads that a verb before them names: 签约金额.
var tailHeads = set(`总面积 总金额 金额 总额 面积 人数 户数 数量 件数 项目数`)

// goalReference reads a goal that an amount is compared with: 低于年度目标7个百分点.
func (rd *reader) goalReference(f *frame, toks []token, pre, i int) bool {
	if toks[i].class&cTarget == 0 || f.base != "" {
		return false
	}
	if w := rd.tokStr(toks[i]); w != "目标" && w != "计划" && w != "预期" {
		return false
	}
	j := i - 1
	if j > pre && (toks[j].kind == kText || toks[j].class&cAct != 0 && toks[j].class&cDiffUp == 0) {
		j-- // 高出规划目标
	}
	if j < pre || toks[j].class&(cDiffUp|cDiffDown) == 0 {
		return false
	}
	f.link, f.verb = toks[j].class&(cDiffUp|cDiffDown), rd.tokStr(toks[j])
	f.base, f.linkFrom = rd.str(toks[j+1].start, toks[i].end), toks[j].start
	return true
}

// timeList are the times that the numbers behind 分别 go to in order: 2024年、2025年分别完成30亿元、35亿元.
func (rd *reader) timeList(toks []token) []*hanzi.Time {
	var list []*hanzi.Time
	for i, t := range toks {
		if t.kind == kTime && (i == 0 || len(list) == 0 || toks[i-1].kind == kPause ||
			toks[i-1].end-toks[i-1].start == 1) {
			list = append(list, rd.timeAt(t))
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// nominalStrong are verbs that make compounds with the nouns around them: 成果转化收益.
var nominalStrong = set(`转化 建设 改造 培训 登记 培养 培育 孵化 认定 入驻 转移转化`)

// pureVerbs name nothing, not even as the last word of a phrase: 给予50万元.
var pureVerbs = set(`给予 予以 提供 安排 完成 实现 达成 引进 建成 促成 获得 获批 惠及 带动 撬动 拉动 吸引 成为 作为
拿出 筹措 整合 进行 设立 成立 组建 配备 选派 发放 拨付 涉及 承担 新增 净增 发现`)

// listStart is the first token of the list of words for places that ends at token i.
func listStart(toks []token, pre, i int) int {
	for i-2 >= pre && toks[i].class&cHere != 0 && toks[i-1].kind == kPause &&
		toks[i-2].class&cHere != 0 {
		i -= 2
	}
	return i
}

// goalNouns are words for aims that are parts of names: 招商目标企业, 重点研发计划课题.
var goalNouns = set(`目标 计划 预期`)

// rankNames are words for ranks that end noun phrases too: 综合排名前进6位.
var rankNames = set(`排名 排位 排序`)
