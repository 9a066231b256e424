package reading

import (
	"slices"
	"strings"
)

// usesPost says that the noun phrase behind the amount is what is counted.
func (rd *reader) usesPost(f *frame) bool {
	switch {
	case f.post.empty():
		return false
	case f.yield != "", f.link&cGain != 0 && isCounter(f.q.Unit) && !f.postOf:
		return true
	case f.np.empty():
		return f.link&(cToward|cUp|cDown|cDiffUp|cDiffDown) == 0 && !f.from
	case f.postOf:
		return true
	case endsWith(rd.str(f.np.start, f.np.end), "等"):
		return true
	case f.link != 0:
		return having[f.verb] || f.verb == "为"
	case isRatio(f.q.Unit) && f.q.Unit != "" || isPoints(f.q.Unit):
		return false
	case !isCounter(f.q.Unit):
		return false
	}
	return true
}

// having are the verbs of having, which an amount with its noun follows: 共有10家企业.
var having = map[string]bool{"有": true, "共有": true, "拥有": true, "现有": true, "设": true,
	"已有": true, "仅有": true, "只有": true, "是": true, "实现": true, "完成": true, "达成": true}

// indicator names what the amount of a frame measures, and moves the start of s to its words. The
// rules are tried in order; the first that has a name wins.
func (rd *reader) indicator(f *frame, s *found) string {
	np := rd.nounBefore(f, s)
	for _, rule := range [...]func(*frame, *found, string) string{
		rd.namedByVerb, rd.distribute, rd.namedBehind, rd.nextOfList, rd.namedByState, rd.ellipsis,
	} {
		if name := rule(f, s, np); name != "" {
			return name
		}
	}
	if np == "" {
		return ""
	}
	if headSet[np] || rateOf(np) {
		before := rd.c.indicator
		if endsWith(before, "率") && isCounter(f.q.Unit) {
			before = rd.sameUnit(f.q.Unit, "") // 通过率72%，总量达到521家
		}
		if before == "" || rd.c.made != "" && rd.c.full == "" {
			before = rd.c.made // 改线工程6月18日开工，完成投资4.2亿元
		}
		if before == "" {
			before = rd.lastIndicator
		}
		if stem := rd.haver(np, before); stem != "" {
			return compose(stem, np)
		}
	}
	if f.within && rd.c.indicator != "" {
		if isCounter(f.q.Unit) && !isCounter(rd.c.last.q.Unit) {
			return within(np, rd.sameUnit(f.q.Unit, rd.c.indicator)) // 项目46个、总投资318亿元, 其中百亿级1个
		}
		return within(np, rd.c.indicator)
	}
	return rd.remember(np)
}

// nounBefore is the noun phrase before the amount, without what only says when, of whom or compared
// with what. It is "" where the phrase says nothing else.
func (rd *reader) nounBefore(f *frame, s *found) string {
	if f.np.empty() {
		return ""
	}
	a, b := rd.trimNoun(f.np)
	if a >= b {
		return ""
	}
	np := rd.str(a, b)
	s.Start = a
	if rest, ok := strings.CutPrefix(np, "年度"); ok {
		f.yearly = true
		if !strings.HasPrefix(rest, "任务") {
			np = rest
		}
	}
	if len([]rune(np)) <= 6 && endsWith(np, "后", "期间", "一期", "二期", "三期", "四期") {
		f.np = span{} // an adverbial: 全部建成后将达到
		return ""
	}
	if endsWith(np, "排名", "位次") {
		if k := strings.LastIndex(np, "中"); k > 0 && k+len("中排名") < len(np) {
			np = np[k+len("中"):] // 在全国高新区中综合排名
		}
	}
	if reckoned(np) || np == "大类" || averages[np] && f.link&(cDiffUp|cDiffDown) != 0 {
		return ""
	}
	if rest, ok := cutBase(np); ok {
		f.base = rest
		return ""
	}
	if f.link&(cUp|cDown|cDiffUp|cDiffDown|cGain) != 0 {
		if before, after, ok := comparison(np); ok {
			np, f.base = before, after
		}
	}
	if np == rd.c.subject || np != "" && each(np) {
		return ""
	}
	if rd.allNames(np) {
		s.Subject = np
		rd.c.lastList = np
		return ""
	}
	if areaNames[np] || rd.subjectName(np) && np != "" {
		if rd.c.fresh && measurable(rd.c.prevNoun) || rd.c.hasLast && isRatio(f.q.Unit) &&
			f.q.Unit == rd.c.last.q.Unit && rd.c.indicator != "" && f.link&(cUp|cDown) == 0 {
			s.Subject = np // 快充桩占比，城区不低于50%，县（市）不低于40%
			return ""
		}
	}
	if grades[np] && !f.within && rd.c.full != "" {
		return ""
	}
	return np
}

// averages are what something is compared with, and not what is: 与全市平均水平相差27.4个百分点.
var averages = set(`平均 平均水平 平均值 水平 均值`)

// areaNames are kinds of place that have an amount of their own in a list of them.
var areaNames = set(`城区 主城区 中心城区 市区 县城 城市 城镇 农村 乡镇 县域 县（市） 县(市) 县（市、区） 县（区） 山区 北部山区
南部山区 平原 平原地区 山区县 库区 郊区 城郊 园区 农村地区 城市地区 山区乡镇 边远地区`)

// reckoned says that a phrase only says how a change is reckoned: 按可比价格计算, 扣除价格因素, 可比.
func reckoned(np string) bool {
	switch np {
	case "可比", "名义", "实际", "可比价", "不变价", "同口径", "可比口径", "自然口径", "剔除不可比因素":
		return true
	}
	return startsWith(np, "按", "扣除", "剔除", "考虑") &&
		endsWith(np, "计算", "因素", "口径", "价格", "可比价", "不变价", "测算", "核算", "因素后", "影响", "影响后")
}

// namedByVerb names amounts whose verb is part of the name: 户均增收3000元, 钢材年产16万吨; and the
// whole of what was distributed before: 合计占比.
func (rd *reader) namedByVerb(f *frame, s *found, np string) string {
	switch {
	case np == "":
		return ""
	case (np == "户均" || np == "人均" || np == "亩均") && f.link&(cUp|cDown) != 0:
		return np + f.verb
	case f.yield != "" && f.post.empty():
		return np + f.yield
	case f.total && rd.c.dist != nil && headSet[np]:
		return strings.Join(rd.c.dist, "、") + np
	}
	return ""
}

// distribute begins a distribution: the numbers behind 分别 go to the members of a list in order.
func (rd *reader) distribute(f *frame, s *found, np string) string {
	if !f.apart || f.support != "" {
		return ""
	}
	list := []string(nil)
	switch {
	case np == "" && len(rd.c.dist) > 1 && f.time == nil:
		list = rd.c.dist // the list of the clause before once more
	case np == "" && rd.c.hasLast && !rd.c.last.np.empty() && !rd.c.last.post.empty():
		// 新能源装备、特种合金两条链分别达到860亿元、540亿元
		l := rd.c.last
		list = strings.Split(rd.str(l.np.start, l.np.end), "、")
		for i, m := range list {
			list[i] = m + rd.str(l.post.start, l.post.end)
		}
	}
	if len(list) < 2 && np == "" {
		list = rd.levelsBefore(f)
	}
	if len(list) < 2 && rd.subjectList(f, s, np) {
		return rd.distributed(s)
	}
	if len(list) < 2 && headSet[np] && rd.c.fresh {
		list = members(rd.c.prevNoun) // 信访总量、事故起数双下降，降幅分别为11%和两成
		for i := range list {
			list[i] += np
		}
	}
	if len(list) < 2 && np != "" {
		list = members(np)
	}
	if len(list) < 2 {
		return ""
	}
	rd.c.dist, rd.c.distNext = list, 1
	return rd.remember(list[0])
}

// nextOfList continues a distribution.
func (rd *reader) nextOfList(f *frame, s *found, np string) string {
	switch {
	case np != "":
		return ""
	case s.Subject == "" && rd.c.distNext < len(rd.c.distSubject):
		return rd.distributed(s)
	case rd.c.distNext < len(rd.c.dist):
		rd.c.distNext++
		return rd.remember(rd.c.dist[rd.c.distNext-1])
	}
	return ""
}

// namedBehind takes the noun phrase behind the amount: 24项重点任务, 总规模50亿元的产业引导基金.
func (rd *reader) namedBehind(f *frame, s *found, np string) string {
	if !rd.usesPost(f) {
		return ""
	}
	a, b := rd.trimNoun(f.post)
	post := rd.str(a, b)
	switch {
	case post == "" || f.postOf && emptyGoal[post] || thresholds[post]:
		return ""
	case f.yield != "":
		s.End = b
		return rd.remember(post) + f.yield
	case f.postOf && np != "":
		s.End = b
		return rd.remember(post) + np
	}
	s.Start = min(s.Start, f.q.Start)
	if np != "" && f.link == 0 {
		s.Start = f.q.Start
	}
	s.End = b
	return rd.remember(post)
}

// namedByState names a part of things named before by how far they are: 已完成102项.
func (rd *reader) namedByState(f *frame, s *found, np string) string {
	state := rd.state(f, np)
	if state == "" {
		return ""
	}
	base := rd.topic
	if base == "" || rd.c.hasAny && rd.c.indicator != "" && !rd.topicHead {
		base = rd.c.indicator
	}
	if rd.topicHead && rd.c.hasAny && !contains(rd.c.indicator, aimWords) {
		if name := rd.partBase(f.q.Unit); name != "" && !contains(name, aimWords) {
			base = name
		}
	}
	if base == rd.c.indicator && !isCounter(rd.c.last.q.Unit) || base == "" {
		if name := rd.countedBefore(); name != "" {
			base = name
		}
	}
	if base == "" {
		base = rd.lastIndicator
	}
	if base == "" {
		return ""
	}
	s.state = true
	return base + state
}

// aimWords are in names of aims, which parts of what was done are not of.
var aimWords = []string{"任务", "目标", "计划"}

// partBase is what the last amount of the sentence in a unit counts, states and members apart.
func (rd *reader) partBase(unit string) string {
	for i := len(rd.out) - 1; i >= 0 && rd.out[i].sentence == rd.nSent; i-- {
		if x := &rd.out[i]; x.Unit == unit && x.Measure == Level && !x.state && !x.within {
			return x.Indicator
		}
	}
	return ""
}

// maxBack bounds the statements that are looked back on for what a count is of.
const maxBack = 60

// countedBefore is what the last count of the paragraph counts, how far it is apart.
func (rd *reader) countedBefore() string {
	for i := len(rd.out) - 1; i >= max(0, len(rd.out)-maxBack) && rd.out[i].para == rd.nPara; i-- {
		if x := &rd.out[i]; isCounter(x.Unit) && !x.state && x.Measure == Level {
			return x.Indicator
		}
	}
	return ""
}

// ellipsis names an amount without a noun phrase of its own by what stands before it.
func (rd *reader) ellipsis(f *frame, s *found, np string) string {
	switch {
	case np != "":
		return ""
	case f.support != "":
		return rd.remember(f.support)
	case f.purpose != "" && providers[f.npVerbW]:
		return rd.remember(f.purpose)
	case nominalSet[f.npVerbW]:
		return rd.remember(f.npVerbW)
	case rd.c.fresh && f.npVerb == 0 && measurable(rd.c.prevNoun):
		np := rd.c.prevNoun // 民间投资增速由负转正，增长2.3%
		if x := endsIn(np, rateHeadList); x != "" && f.link&(cUp|cDown) != 0 && x != np {
			np = strings.TrimSuffix(np, x)
		}
		return rd.remember(np)
	case rd.c.indicator == "" && rd.c.prevNoun != "":
		return rd.remember(rd.c.prevNoun)
	case f.npVerb&cAct != 0 && f.npVerb&(cGain|cMeasure) == 0 && f.link == 0 && rd.c.hasLast &&
		rd.c.indicator != "" && normalUnit(f.q.Unit) != normalUnit(rd.c.last.q.Unit):
		return compose(rd.c.indicator, f.npVerbW) // 普通高中52所, 招生2.4万人
	case rd.c.full != "":
		return rd.c.full
	case rd.c.indicator != "":
		return rd.c.indicator
	case rd.lastIndicator != "" && f.link != 0:
		return rd.lastIndicator
	}
	return rd.topic
}

// measurable says that a noun phrase is one that amounts are of.
func measurable(np string) bool {
	return endsIn(np, rateHeadList) != "" || endsIn(np, shareHeadList) != "" ||
		endsIn(np, flowList) != "" || endsIn(np, headList) != ""
}

// within completes a member of a whole: behind 居民人均可支配收入增长6.5%, 其中农村居民 is
// 农村居民人均可支配收入.
func within(np, whole string) string {
	if x := endsIn(whole, totals); x != "" {
		whole = strings.TrimSuffix(whole, x)
	}
	if endsWith(np, "型", "类", "级") {
		for _, grade := range []string{"级以上", "级及以上", "级"} {
			if _, rest, ok := strings.Cut(whole, grade); ok && rest != "" {
				whole = rest // 市级以上研发平台, 其中国家级
				break
			}
		}
		return np + whole
	}
	r := []rune(np)
	for k := 0; k+2 <= len(r); k++ {
		i := strings.Index(whole, string(r[k:]))
		if i < 0 {
			continue
		}
		if rest := whole[i+len(string(r[k:])):]; len(rest) > len("群") {
			return np + rest
		}
		return np
	}
	return np
}

// totals are heads that a member of the whole does not take over.
var totals = newEndings(strings.Fields(`总数 总量 总额 数量 总规模`))

// each says that a phrase is a distributed subject and no noun phrase of its own: 每家.
func each(np string) bool {
	r := []rune(np)
	return len(r) <= 3 && (r[0] == '每' || r[0] == '各')
}

// haver is the noun phrase that a head needs from before it, or "". Heads that say enough alone
// (营业收入) do only where it is something that has them: 亿元以上项目94个, 总投资566亿元.
func (rd *reader) haver(head, before string) string {
	if before == "" || headSet[before] || distributes(rd.c.subject) {
		return ""
	}
	if !fullHeads[head] {
		return before
	}
	if x := endsIn(before, headList); x != "" && x != before {
		before = strings.TrimSuffix(before, x)
	}
	if rd.c.subject == "" && endsIn(before, havers) != "" {
		return before
	}
	return ""
}

var (
	fullHeads = set(`营业收入 营收 利润 税收 产值 总产值 投资 投资额 总投资 收入 总收入 销售额 总资产 产量 面积 增加值 综合排名 排名 综合得分`)
	havers    = newEndings(strings.Fields(`
项目 合同 工程 产业链 链 基金 园 基地 平台 产业 专利 订单 公路 铁路 园区 集群 企业 工业 农业 服务业 业`))
)

// distributes says that a subject is each of many: 每条产业链.
func distributes(subject string) bool {
	return startsWith(subject, "每", "各", "单个")
}

// remember keeps a name for the clauses behind it that leave it out.
func (rd *reader) remember(name string) string {
	rd.c.indicator = name
	return name
}

// thresholds are nouns behind an amount that only call it one to pass: 突破六百亿元大关.
var thresholds = set(`大关 关口 台阶 门槛 关 整数关口 新台阶 大台阶`)

// emptyGoal are nouns behind an amount that only call it a goal.
var emptyGoal = map[string]bool{"目标": true, "任务": true, "要求": true, "速度": true, "比例": true,
	"水平": true, "标准": true, "突破": true, "增速": true, "增长": true, "增幅": true, "规模": true}

// compose joins an indicator with a head that stands for it: 全社会研发经费投入 and 投入强度 are
// 全社会研发经费投入强度.
func compose(base, head string) string {
	b, h := []rune(base), []rune(head)
	if strings.HasSuffix(base, head) {
		return base
	}
	for k := min(len(b), len(h)); k >= 2; k-- {
		if string(b[len(b)-k:]) == string(h[:k]) {
			return base + string(h[k:])
		}
	}
	return base + head
}

// trimNoun takes from a noun phrase what does not name anything: marks and particles at its ends,
// the place of the document, and what a relative clause says before its last 的.
func (rd *reader) trimNoun(p span) (int, int) {
	a, b := p.start, p.end
	for a < b && (leading(rd.r[a:b]) > 0 || isMark(rd.r[a]) && !opens(rd.r[a]) || rd.r[a] == ' ') {
		a += max(1, leading(rd.r[a:b]))
	}
	if a < b && rd.r[a] == '在' {
		for i := a + 1; i+2 < b; i++ {
			if rd.r[i] == '对' || rd.r[i] == '中' && i > a+2 || rd.r[i] == '上' && i > a+2 {
				a = i + 1
				break
			}
		}
	}
	b = rd.cutClause(a, b)
	for b > a && (trailing(rd.r, b-1) || rd.r[b-1] == ' ' || rd.r[b-1] == '、') {
		b--
	}
	for _, p := range []string{"该公司", "该企业", "该院", "该县", "该区", "该校", "该集团"} {
		if strings.HasPrefix(rd.str(a, b), p) {
			a += len([]rune(p))
		}
	}
	for _, p := range []string{"每人", "每年", "每户", "每亩", "每月", "每天", "每名"} {
		if s := rd.str(a, b); strings.HasSuffix(s, p) && len(s) > len(p) {
			b -= 2
		}
	}
	for _, p := range []string{"为企业", "为群众", "为经营主体", "为市场主体", "为困难群众", "为各类企业"} {
		if n := len([]rune(p)); b-a > n+1 && strings.HasPrefix(rd.str(a, b), p) {
			a += n
		}
	}
	if n := rd.placePrefix(a, b); n > 0 && n < b-a {
		a += n
		if a < b && rd.r[a] == '的' {
			a++
		}
	}
	if n := len([]rune(rd.c.subject)); n > 0 && n < b-a && strings.HasPrefix(rd.str(a, b),
		rd.c.subject) &&
		!strings.ContainsRune("、和与在及", rd.r[a+n]) {
		a += n
		if rd.r[a] == '的' {
			a++
		}
	}
	depth := 0
	for i := b - 1; i > a; i-- {
		switch rd.r[i] {
		case '”', '》', '）', ')':
			depth++
		case '“', '《', '（', '(':
			depth--
		case '的':
			if rd.r[i-1] != '元' && depth == 0 && b-i-1 >= 2 && !headSet[rd.str(i+1, b)] {
				return i + 1, b
			}
		}
	}
	return a, b
}

// cutClause ends a noun phrase where 中 begins a predicate: 项目中脱颖而出. A phrase that begins with
// 在 is an adverbial up to 对.
func (rd *reader) cutClause(a, b int) int {
	for i := a + 2; i+2 < b; i++ {
		if rd.r[i] == '中' && !strings.ContainsRune("一二三四五六七八九十高初", rd.r[i-1]) {
			switch rd.r[i+1] {
			case '心', '试', '小', '国', '医', '学', '型', '央', '层', '级', '间', '期', '华', '部', '外', '低',
				'高', '等', '药', '式', '欧', '东', '青', '老', '职', '和', '关', '科', '铁', '长':
			default:
				return i
			}
		}
	}
	return b
}

func opens(c rune) bool { return c == '“' || c == '《' || c == '（' || c == '(' || c == '「' }

// leading is the length of a particle that begins a noun phrase without belonging to it.
func leading(r []rune) int {
	switch r[0] {
	case '但', '却', '仍', '的', '和', '与', '及', '其', '将', '把', '使', '令', '并', '且', '被', '了', '让',
		'至', '由', '从':
		if len(r) > 1 && r[0] == '其' && r[1] == '他' {
			return 0
		}
		return 1
	case '以':
		if len(r) > 1 && r[1] == '及' {
			return 2
		}
	case '对':
		if len(r) > 1 && r[1] != '外' && r[1] != '口' {
			return 1
		}
	case '等':
		return 1
	}
	return 0
}

// trailing says that the rune at i, the last of a phrase, is a particle and no part of a word.
func trailing(r []rune, i int) bool {
	var words string // runes before it that make a word with it
	switch r[i] {
	case '的', '了', '已', '也', '仅', '又', '且', '则', '却', '仍', '但', '微', '略', '未', '尚':
		return true
	case '中', '里':
		return i > 1 && !strings.ContainsRune("高初空集其之手心途期华关", r[i-1]) && r[i] != '里' ||
			r[i] == '里' && i > 1 &&
				r[i-1] >= hanFirst && !strings.ContainsRune("公英华海万千百亩", r[i-1])
	case '在':
		words = "存现所潜内"
	case '为':
		words = "行作人成"
	case '达':
		words = "发到"
	case '和':
		words = "总共饱温"
	case '与':
		words = "参赠给"
	case '等':
		words = "高同平中初上"
	case '共':
		words = "公总合"
	case '均', '各', '将', '按', '于', '由', '再':
		words = "平人自亩理关大对户校村社"
	default:
		return false
	}
	return i == 0 || !strings.ContainsRune(words, r[i-1])
}

// wholes are words for several things that numbers go to in order: 三次产业增加值分别增长.
var wholes = []struct {
	whole string
	parts []string
}{
	{"三次产业", []string{"第一产业", "第二产业", "第三产业"}},
	{"一、二、三产业", []string{"第一产业", "第二产业", "第三产业"}},
	{"一二三产业", []string{"第一产业", "第二产业", "第三产业"}},
	{"城乡居民", []string{"城镇居民", "农村居民"}},
}

// members splits a coordination and gives every member the tail that only the last one has:
// 城镇和农村居民人均可支配收入 are 城镇居民人均可支配收入 and 农村居民人均可支配收入.
func members(np string) []string {
	for _, w := range wholes {
		if rest, ok := strings.CutPrefix(np, w.whole); ok {
			list := slices.Clone(w.parts)
			for i := range list {
				list[i] += rest
			}
			return list
		}
	}
	var list []string
	for _, part := range strings.FieldsFunc(np, func(c rune) bool {
		return c == '、' || c == '和' || c == '与' || c == '及'
	}) {
		part = strings.TrimPrefix(part, "以")
		if part != "" {
			list = append(list, part)
		}
	}
	if len(list) < 2 {
		return nil
	}
	tail := list[len(list)-1]
	last := []rune(tail)
	for k := 2; k < len(last); k++ {
		if startsWith(string(last[k:]), sharedHeadList...) {
			for i, m := range list[:len(list)-1] {
				if endsIn(m, sharedHeadEnds) == "" && (i == 0 || len([]rune(m)) <= k+1) {
					list[i] = m + string(last[k:])
				}
			}
			return list
		}
	}
	head := sharedHead(tail)
	for i, m := range list[:len(list)-1] {
		r := []rune(m)
		switch {
		case sameHead(r, last) || endsIn(m, headList) != "":
		case head != "" && endsIn(m, flowList) == "":
			list[i] = m + head // 锂电池、电动汽车出口
		case head == "" && len(r) < len(last):
			list[i] = m + string(last[len(r):])
		}
	}
	return list
}

// sharedHead is the word for an amount that the last member of a coordination ends in and the
// others share, or "".
func sharedHead(last string) string {
	head := endsIn(last, flowList)
	if x := endsIn(last, headList); len(x) > len(head) {
		head = x
	}
	if head == last {
		return ""
	}
	return head
}

// sameHead says that two members of a coordination are whole noun phrases of one shape: they end
// in the same two characters.
func sameHead(a, b []rune) bool {
	if len(a) < 3 || len(b) < 3 {
		return false
	}
	return string(a[len(a)-2:]) == string(b[len(b)-2:])
}

var (
	stateSet  = set(stateWords)
	stateList = newEndings(strings.Fields(stateWords))
)

// state is what a clause says of a number of things named before: 已完成102项, 另有11个尚未开工.
func (rd *reader) state(f *frame, np string) string {
	if !isCounter(f.q.Unit) {
		return ""
	}
	switch {
	case np != "" && stateSet[np]:
		return np
	case (np == "进度" || np == "进展") && stateSet[f.verb]:
		return np + f.verb
	case np != "" && f.link == 0 && (f.npVerbW == "达到" || f.npVerbW == "未达到") &&
		rd.c.indicator != "":
		return f.npVerbW + np
	case np != "":
		return ""
	case f.link&(cToward|cUp|cDown|cGain) != 0:
		return ""
	case stateSet[f.npVerbW]:
		return f.npVerbW
	case stateSet[f.verb]:
		return f.verb
	case endsIn(f.ahead, stateList) != "":
		return f.ahead
	}
	return ""
}

// cutBase takes 较 or 比 from what a change is compared with: 较年初.
func cutBase(np string) (string, bool) {
	for _, p := range []string{"较", "比"} {
		if rest, ok := strings.CutPrefix(np, p); ok && endsWith(rest, "上届", "上次",
			"上轮", "上期", "年初", "年末", "上年末", "上年底",
			"上年",
			"同期", "季度", "月", "期", "平均", "水平", "底", "末", "初") {
			return rest, true
		}
	}
	return "", false
}

// subjectList keeps a list of names that the numbers behind 分别 go to in order: 柳河区、安塬县完工率
// 分别为81.3%和75%. The list may stand in the clause before.
func (rd *reader) subjectList(f *frame, s *found, np string) bool {
	if np == "" {
		np = rd.c.lastList
	}
	if strings.Contains(rd.c.subject, "、") && (!strings.Contains(np, "、") || np == rd.c.lastList) {
		if np == rd.c.lastList {
			np = ""
		}
		np = rd.c.subject + np
	}
	parts := strings.FieldsFunc(np, func(c rune) bool { return c == '、' || c == '和' || c == '与' })
	if len(parts) < 2 {
		return false
	}
	last := parts[len(parts)-1]
	head := ""
	if !rd.subjectName(last) {
		r := []rune(last)
		n := 0
		for k := 2; k < len(r); k++ {
			if rd.subjectName(string(r[:k])) {
				n = k
				break
			}
		}
		if n == 0 {
			return false
		}
		head, last = string(r[n:]), string(r[:n])
	}
	parts[len(parts)-1] = last
	for _, p := range parts {
		if !rd.subjectName(p) {
			return false
		}
	}
	base := rd.c.indicator
	if base == "" {
		base = rd.lastIndicator
	}
	if base == "" {
		base = rd.topic
	}
	ind := base
	if head != "" {
		ind = head
		if headSet[head] && base != "" {
			ind = compose(base, head)
		}
	}
	rd.c.distSubject, rd.c.distNext = parts, 0
	rd.remember(ind)
	return ind != ""
}

// distributed takes the next name of the list.
func (rd *reader) distributed(s *found) string {
	s.Subject = rd.c.distSubject[rd.c.distNext]
	rd.c.distNext++
	return rd.c.indicator
}

// comparison splits a noun phrase from what it is compared with: 单台售价较同类产品.
func comparison(np string) (before, after string, ok bool) {
	for _, w := range []string{"较", "比"} {
		k := strings.LastIndex(np, w)
		if k < 6 || k+len(w) >= len(np) || startsWith(np[k:], "比重", "比例", "比率", "比较", "较大", "较好",
			"较快", "比赛", "比价") ||
			endsWith(np[:k], "占", "对", "评", "同", "环", "相", "之", "可") {
			continue
		}
		return np[:k], np[k+len(w):], true
	}
	return np, "", false
}

// grades alone name nothing: 市级全年不少于30场.
var grades = set(`市级 省级 国家级 县级 区级 全市 全省 全县 全区`)

// providers are verbs of giving money to what is named behind it.
var providers = set(`拿出 安排 投入 筹措 筹集 列支 整合 统筹`)

// allNames says that a phrase is a list of names and nothing else: 澜阳区、古桥区.
func (rd *reader) allNames(np string) bool {
	if !strings.Contains(np, "、") {
		return false
	}
	for _, n := range strings.Split(np, "、") {
		if !rd.subjectName(n) {
			return false
		}
	}
	return true
}

// levelsBefore are the names of the amounts of the clauses before, where as many numbers follow:
// 施工面积1120万平方米、新开工面积198万平方米, 分别下降6.3%、15.8%.
func (rd *reader) levelsBefore(f *frame) []string {
	var list []string
	for i := len(rd.out) - 1; i >= 0 && rd.out[i].sentence == rd.nSent &&
		len(list) < f.amounts; i-- {
		if x := &rd.out[i]; x.Measure == Level && (x.Unit == "%") == isPoints(f.q.Unit) ||
			x.Measure == Increase && isCounter(x.Unit) && isCounter(f.q.Unit) {
			list = append([]string{x.Indicator}, list...)
		}
	}
	if len(list) < f.amounts {
		return nil
	}
	return list
}

// rateOf says that a phrase is a verb and 率, the rate of what was named before: 通过率.
func rateOf(np string) bool {
	r := []rune(np)
	if len(r) != 3 || r[2] != '率' {
		return false
	}
	c, n := words.match(r, 0)
	return n == 2 && c&cAct != 0
}
