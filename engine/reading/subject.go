package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// orgSuffixes end the names of organisations and places; longest first.
var orgSuffixes = newEndings(strings.Fields(`
委员会 管委会 办公室 开发区 高新区 经开区 示范区 试验区 合作区 实验区 自治区 自治州 研究院 研究所 研究会 基金会
分公司 有限公司 集团 公司 大学 学院 医院 银行 分行 支行 中学 小学 联盟 协会 商会 学会 新区 街道 管理局
大学城 一中 二中 三中 四中 五中 六中 七中 八中 九中 十中 州市 区 县 市 镇 乡 局 委 厅 院`))

// firmSuffixes end the short names of firms: two characters and one of these.
var firmSuffixes = newEndings(strings.Fields(`科技 重工 股份 电子 药业 能源 智能 汽车 生物 钢铁 机械 化工 电气 装备 光电
航空 材料 数智 软件 重机 特钢 精工 医药 光学 集成 制药 动力 环保 新材 半导体 智造 锅炉 通信 信息 食品 酒业 乳业 纺织 轻合金`))

// commonPairs are two-character words that make a common noun, not a firm, with such a suffix.
var commonPairs = set(`
特种 海洋 高端 先进 清洁 绿色 信息 新型 智能 现代 传统 战略 重点 核心 关键 基础 城市 农业 工业 科技 高新 国家 省级 市级 节能 环保 航空 轨道 交通 精密 碳基 特色
优势 支柱 新兴 未来 全市 全省 我市 规上 医疗 数字 前沿 基础 海外 国际 民营 中小 大型 低空
办事 申报 申请 证明 宣传 档案 施工 装修 包装 保温 防水 隔热 节水 农产 智慧 安全 防护
应急 公共 家用 商用 车载 移动 无线 卫星 光纤 量子 网络 数据 我省 本市 推动 推进 加快 发展 培育 壮大 支持 促进 强化 深化 提升 聚焦 围绕
坚持 以及 其中 可再 再生 功能 复合 合金 金属 应用 建筑 机器 硬核 黑色 有色 通用 专用 成套 首台 煤炭 石油 军工 民用 汽车 动力 消费 电力 热力 生活 办公 教育 卫生
文化 旅游 体育 食品 药品 全国 电子 全球 世界 县域 区域 企业 产业 行业 项目 开展 实施 打造`)

// notPlaces end like places and are none.
var notPlaces = newEndings(strings.Fields(`
上市公司 子公司 平台公司 物业公司
小区 社区 地区 片区 景区 园区 城区 校区 厂区 库区 林区 山区 牧区 灾区 城市 超市 上市 都市 全市 我市 本市 全区 全县 我县 我区 各县 各区 各市 市区 郊区 县区 港区
矿区 辖区 街区 商务区 功能区 试点县 示范县 强县 大县 百强县 示范市 试点市 强市 先进县 门市 楼市 股市 车市 夜市 集市 中小学 建成区 产业区 集聚区 聚集区 保护区 服务区 先导区
老区 新城区 老城区 中心城区 主城区 贫困县 下城市 大城市 型城市 级市 个县 个市 个区 房地产市 技术局 格局 布局 结局 大局 全局 开局 当局 书局 定局 破局 变局 僵局
住院 出院 入院 水利局势 政府院 法院 医学院 四合院 城乡 下乡 返乡 家乡 故乡 水乡 老乡 他乡 村镇 城镇 乡镇 集镇 重镇 小镇 特色镇 市委 省委 党委 常委 部委 区委 县委 纪委`))

// subjectOf finds who a clause is about and keeps it for the clauses behind it.
func (rd *reader) subjectOf(toks []token) {
	if endsWith(rd.tokStr(toks[len(toks)-1]), speechVerbs...) {
		rd.nameFirm(toks[0])
		return // who speaks is not who is spoken of
	}
	i := rd.firstNoun(toks)
	if i < 0 {
		if len(toks) > 1 && rd.r[toks[0].start] == '在' && toks[1].kind == kText {
			if name := rd.nameAt(toks[1].start, toks[1].end); name != "" && !rd.isPlace(name) {
				rd.lastName = name // 在雁南大学，…。该校
			}
		}
		return
	}
	t := toks[i]
	if distributes(rd.c.subject) && t.class&(cAct|cGain) == 0 {
		rd.c.subject = "" // what each has is said; this is another thing
	}
	switch name := rd.tokStr(t); {
	case t.kind == kText && startsWith(name, "该") && startsWith(name, thatOrgs...) &&
		rd.lastName != "":
		rd.c.subject, rd.c.subjectEnd = rd.lastName, t.end
		return
	case t.kind == kText && startsWith(name, "公司") && endsWith(rd.lastName, "公司", "集团"):
		rd.c.subject, rd.c.subjectEnd = rd.lastName, t.start+len([]rune("公司"))
		return
	case t.kind == kWord && t.class&cHere != 0:
		rd.c.subject = rd.here(t)
		return
	}
	for _, rule := range [...]func([]token, int) string{rd.maker, rd.actor} {
		if name := rule(toks, i); name != "" {
			rd.c.subject, rd.lastName = name, name
			return
		}
	}
	if t.kind == kText {
		rd.namedSubject(toks, i)
	}
}

// nameFirm keeps the firm whose speaker a clause names: 某某公司总经理何川告诉记者.
func (rd *reader) nameFirm(t token) {
	if t.kind != kText {
		return
	}
	if name := rd.nameAt(t.start, t.end); endsWith(name, "公司", "集团") {
		rd.lastName = name
	}
}

// firstNoun is the first token of a clause that is no time, adverb or bracket, or −1 where the
// clause
// begins with what something is compared with.
func (rd *reader) firstNoun(toks []token) int {
	for i, t := range toks {
		switch {
		case t.kind == kTime || t.kind == kParen:
		case t.kind == kWord && t.class&(cAdverb|cTarget) != 0 &&
			t.class&(cAct|cHere|cMeasure) == 0:
			if w := rd.tokStr(t); boundOps[w] != "" || w == "在" {
				return -1
			}
		default:
			return i
		}
	}
	return -1
}

// namedSubject takes the name, or the obliged office, that begins at the text token i.
func (rd *reader) namedSubject(toks []token, i int) {
	t := toks[i]
	word := rd.tokStr(t)
	if i+1 < len(toks) && toks[i+1].class&cTarget != 0 && t.end-t.start <= 14 &&
		endsWith(word, obligedEnds...) && !strings.Contains(word, "的") {
		rd.c.subject = word
		return
	}
	if isCity(word) {
		rd.c.subject = word + "市"
		return
	}
	end := i
	for end < len(toks) && (toks[end].kind == kText || toks[end].kind == kWord) && end < i+4 {
		end++
	}
	if i == len(toks)-1 && rd.topicName(word) {
		rd.c.subject, rd.lastName, rd.c.subjectEnd = word, word, t.end
		if rd.sentenceStart == t.start {
			rd.paraSubject = word // 陈原县，综合得分72.6分。开工率81.3%
		}
		return
	}
	if name := rd.nameAt(t.start, toks[end-1].end); name != "" {
		rd.lastName = name
		if word == name {
			rd.c.subjectEnd = t.end
		}
		rd.c.subject = rd.nameList(name, toks, i)
	}
}

var (
	// speechVerbs end clauses that say who speaks.
	speechVerbs = strings.Fields(`表示 介绍 指出 强调 透露 说 获悉 认为 提出 要求 了解到 显示 提到 介绍说 报道
告诉 告诉记者 说道 坦言 谈到 记者`)
	// thatOrgs point back at the organisation named last.
	thatOrgs = strings.Fields(`该公司 该企业 该院 该县 该区 该校 该所 该集团 该中心`)
	// obligedEnds end the names of those whom 要 and 应 oblige.
	obligedEnds = strings.Fields(`政府 部门 单位 县区 区县 党委 乡镇 街道 公司 县（市、区） 县(市、区) 县（区）`)
)

// here is whom a word like 全市 means.
func (rd *reader) here(t token) string {
	switch {
	case t.class&cProvince != 0 && !strings.HasSuffix(rd.doc.Place, "省"):
		if rd.doc.Province != "" {
			return rd.doc.Province
		}
		return "全省"
	case t.class&cNation != 0:
		return ""
	}
	return ""
}

// nameAt returns the name of an organisation or place, or the distributed 每个…, that begins at
// rune from, or "".
func (rd *reader) nameAt(from, to int) string {
	if from < to && rd.r[from] == '请' {
		from++
	}
	r := rd.r[from:to]
	if each := rd.eachAt(from, to); each != "" {
		return each
	}
	for n := 2; n <= min(len(r), 20); n++ {
		c := r[n-1]
		if isMark(c) && c != '（' && c != '）' && c != '(' && c != ')' || c == '的' || c == ' ' {
			return ""
		}
		if !nameFinals.has(c) {
			continue
		}
		s := string(r[:n])
		if !orgName(s, r, n) {
			continue
		}
		if n < len(r) && (r[n] == '(' || r[n] == '（') && n+2 < len(r) && (r[n+2] == ')' ||
			r[n+2] == '）') {
			return rd.str(from, from+n+3)
		}
		if longer := rd.longerName(r, n); longer > n {
			s = string(r[:longer])
		}
		if rd.isPlace(s) {
			// 太原市高新技术企业: the document's place, or the name goes on (太原市科技局).
			if rest := rd.nameAt(from+n, min(to, from+n+10)); rest != "" && !rd.isPlace(rest) &&
				endsIn(rest, officeEnds) != "" {
				return s + rest
			}
			return rd.doc.Place
		}
		return rd.str(from, from+len([]rune(s)))
	}
	return ""
}

// orgName says that s, the first n runes of r, is the name of an organisation.
func orgName(s string, r []rune, n int) bool {
	suffix := endsIn(s, orgSuffixes)
	if suffix == "" && n != 4 || levelAdjective(r) || inBracket(r[:n]) {
		return false
	}
	if suffix == "" {
		return n == 4 && firmName(s, r, n)
	}
	if n < 3 || notPlace(s, n) ||
		startsWith(s, "按", "根据", "依照", "遵照", "走进", "来到", "位于", "走访") {
		return false
	}
	rest := strings.TrimSuffix(s, suffix)
	if len([]rune(suffix)) == 1 {
		for i := range n - 1 {
			if c, size := words.match(r, i); size > 1 && c&cStrong != 0 {
				return false
			}
		}
	}
	switch suffix {
	case "区", "县", "市", "镇", "乡", "州市":
		return n <= 5 && !strings.ContainsAny(rest, "在和与是为了有到从由各")
	case "局", "委", "厅", "院":
		return n <= 8 && !strings.ContainsAny(rest, "在和与是为了有到从由")
	}
	return !strings.ContainsAny(rest, "在和与是为了有到从由各等")
}

// notPlace says that s, of n runes, only ends like the name of a place: 老城区, but 东城区 is one.
func notPlace(s string, n int) bool {
	x := endsIn(s, notPlaces)
	if x == "" || n != 3 {
		return x != ""
	}
	switch x {
	case "城区", "山区", "林区", "港区", "水乡":
		return strings.ContainsAny(s[:len("新")], "新老主内外各全大小本该在到沿临")
	}
	return true
}

// firmName says that four characters are the short name of a firm: 云锻重工.
func firmName(s string, r []rune, n int) bool {
	suffix := endsIn(s, firmSuffixes)
	if len([]rune(suffix)) != 2 || commonPairs[string(r[:2])] {
		return false
	}
	if c, size := words.match(r, 0); size >= 2 && c != 0 {
		return false
	}
	if n < len(r) {
		switch r[n] {
		case '企', '型', '园', '城', '局', '人', '产', '行', '创', '成', '服', '工', '类', '领', '等', '、', '和',
			'与', '的',
			'项', '基', '中', '平', '链', '集', '奖', '计', '大', '小', '投', '攻', '支', '特', '体':
			return false
		}
	}
	return true
}

// longerName extends a name: 山西东杰智能研究院, 中国建设银行山西省分行.
func (rd *reader) longerName(r []rune, n int) int {
	for m := n + 1; m <= min(len(r), n+6); m++ {
		s := string(r[:m])
		if x := endsIn(s, orgSuffixes); len([]rune(x)) >= 2 && endsIn(s, notPlaces) == "" &&
			!strings.ContainsAny(strings.TrimSuffix(s, x), "在和与是为了有到从由各等、") {
			return m
		}
	}
	return n
}

// eachAt reads a distributed subject: 每条产业链, 每个县（区）, 单个企业.
func (rd *reader) eachAt(from, to int) string {
	r := rd.r[from:to]
	if len(r) < 3 || r[0] != '每' && r[0] != '单' && r[0] != '各' {
		return ""
	}
	if r[0] == '各' && !startsWith(string(r[1:]), "县", "区", "市", "乡", "镇", "开发区", "街道", "地", "单位",
		"部门", "责任", "级", "有关", "学校", "企业", "园区") {
		return ""
	}
	switch r[1] {
	case '个', '条', '家', '户', '所', '名', '座', '县', '期', '只', '支', '村', '镇', '区', '类':
	default:
		if r[0] != '各' {
			return ""
		}
	}
	n := 2
	for n < len(r) && n < 16 {
		if r[n] == '年' && n > 2 || r[n] == '新' && n+2 < len(r) && verbOf(r, n+1) {
			break
		}
		if c, size := words.match(r, n); size > 0 && c&(cAct|cAdverb|cTarget|cMeasure) != 0 &&
			(c&cAdj == 0 || r[n] == '最') {
			break
		}
		if isMark(r[n]) && r[n] != '（' && r[n] != '(' && r[n] != '）' && r[n] != ')' &&
			!(r[n] == '、' && inBracket(r[:n])) {
			break
		}
		if r[0] == '各' && (r[n] == ')' || r[n] == '）') {
			n++
			break
		}
		n++
	}
	if x := endsIn(string(r[:n]), heldEnds); x != "" && n-len([]rune(x)) > 2 {
		n -= len([]rune(x)) // 每个中心床位
	}
	for n > 2 && (r[n-1] == '于' || r[n-1] == '在' || r[n-1] == '要' || r[n-1] == '均' ||
		r[n-1] == '由' || r[n-1] == '以') {
		n--
	}
	return rd.str(from, from+n)
}

// subjectName says that a phrase as a whole is a name of somebody.
func (rd *reader) subjectName(s string) bool {
	r := []rune(s)
	if len(r) < 2 || len(r) > 20 {
		return false
	}
	if rd.isPlace(s) {
		return true
	}
	return orgName(s, r, len(r))
}

// isPlace says that a name is that of the document's place.
func (rd *reader) isPlace(s string) bool {
	p := rd.doc.Place
	return p != "" && (s == p || s == shortPlace(p))
}

func shortPlace(p string) string {
	for _, x := range []string{"市", "省", "县", "区"} {
		if t, ok := strings.CutSuffix(p, x); ok && len([]rune(t)) >= 2 {
			return t
		}
	}
	return p
}

// placePrefix is the length of the document's place, or of a word for it, at the start of a phrase.
func (rd *reader) placePrefix(a, b int) int {
	for _, p := range []string{rd.doc.Place, shortPlace(rd.doc.Place), "全市", "我市", "全省", "我省",
		"全县", "全区", "年末", "期末"} {
		if p == "" || !strings.HasPrefix(rd.str(a, b), p) {
			continue
		}
		n := len([]rune(p))
		if p == shortPlace(rd.doc.Place) && p != rd.doc.Place && a+n < b &&
			(strings.ContainsRune("东西南北机港站大高地", rd.r[a+n]) ||
				a+n+1 < b && rd.r[a+n+1] == '中' && numeral(rd.r[a+n]) ||
				startsWith(rd.str(a+n, b), "实验室", "学院", "医院", "研究院", "中心", "集团")) {
			return 0 // 云州东站
		}
		return n
	}
	return 0
}

// numeral says that c is a figure written in Chinese.
func numeral(c rune) bool { return strings.ContainsRune("一二三四五六七八九十", c) }

// subjectNow is the subject of a statement.
func (rd *reader) subjectNow(s *found) string {
	switch {
	case s.Subject != "":
		return s.Subject
	case rd.c.subject != "":
		return rd.c.subject
	case rd.paraSubject != "":
		return rd.paraSubject
	}
	return rd.doc.Place
}

// attribution is the organisation that a paragraph is signed by: (江文波,中国建设银行山西省分行行长).
// Offices of government speak for their place.
func (rd *reader) attribution(p hanzi.Span) string {
	r := rd.r[p.Start:p.End]
	n := len(r)
	if n < 8 || r[n-1] != ')' && r[n-1] != '）' {
		return ""
	}
	for i := n - 2; i > max(0, n-40); i-- {
		if r[i] != '(' && r[i] != '（' {
			continue
		}
		in := string(r[i+1 : n-1])
		_, who, ok := strings.Cut(strings.ReplaceAll(in, ",", "，"), "，")
		if !ok {
			return ""
		}
		for _, suffix := range []string{"分行", "银行", "有限公司", "集团", "公司", "大学", "医院"} {
			if k := strings.LastIndex(who, suffix); k > 0 {
				return who[:k+len(suffix)]
			}
		}
		return ""
	}
	return ""
}

// levelAdjective says that a phrase begins with a grade and names a kind, nobody: 省级开发区.
func levelAdjective(r []rune) bool {
	for i := 0; i < min(len(r), 4); i++ {
		if r[i] == '级' || r[i] == '型' || r[i] == '类' {
			return true
		}
	}
	return startsWith(string(r[:min(len(r), 4)]), "新建", "重点", "各", "其他", "国内", "全国", "全省", "一些",
		"部分", "所有", "多数",
		"首批", "首家", "首个", "相关", "有关", "在建", "已建", "民办", "公办", "普惠")
}

// verbOf says that a word of doing stands at rune i.
func verbOf(r []rune, i int) bool {
	c, size := words.match(r, i)
	return size > 1 && c&(cAct|cMilestone) != 0
}

// nameList adds the names that follow a name in a list: 青山乡、白水镇、大坪乡.
func (rd *reader) nameList(name string, toks []token, i int) string {
	list := name
	if toks[i].kind != kText || rd.tokStr(toks[i]) != name {
		return list
	}
	for i++; i+1 < len(toks) && toks[i].kind == kPause && toks[i+1].kind == kText; i += 2 {
		next := rd.nameAt(toks[i+1].start, toks[i+1].end)
		if next == "" || rd.isPlace(next) {
			break
		}
		list += "、" + next
	}
	return list
}

// officeEnds end the names of offices and institutions of a place.
var officeEnds = newEndings(strings.Fields(`局 委 厅 办公室 委员会 管委会 研究院 大学 集团`))

// nameFinals are the runes that names of organisations and places end in.
var nameFinals = finals(orgSuffixes, firmSuffixes)

func finals(lists ...endings) *runeSet {
	x := &runeSet{}
	for _, l := range lists {
		for last := range l {
			x.add([]rune(last)[0])
		}
	}
	return x
}

// actor is a quoted or double name, or that of a base or centre, at the head of a clause, that does
// something with something: “晋创谷·太原”已入驻企业243家. What is itself counted is none.
func (rd *reader) actor(toks []token, i int) string {
	t := toks[i]
	if i+3 >= len(toks) || toks[i+1].kind != kWord && toks[i+1].kind != kTime {
		return ""
	}
	name := rd.tokStr(t)
	switch {
	case t.kind == kQuote && rd.r[t.start] == '“':
		if toks[i+1].kind == kWord && toks[i+1].class&(cAdverb|cMilestone) == 0 {
			return "" // “标准地”出让比例
		}
		name = strings.Trim(name, "“”")
		if endsIn(name, schemeEnds) != "" || strings.ContainsAny(name, "0123456789") {
			return ""
		}
	case t.kind == kText && (strings.Contains(name, "·") || t.end-t.start >= 5 &&
		endsIn(name, actorEnds) != "" && !levelAdjective(rd.r[t.start:t.end])):
	default:
		return ""
	}
	if toks[i+1].class&(cMeasure|cGain|cShare|cRank) != 0 && toks[i+1].class&cAct == 0 {
		return ""
	}
	for j := i + 2; j < len(toks); j++ {
		switch toks[j].kind {
		case kText:
			return name
		case kQty, kOrd:
			return ""
		}
	}
	return ""
}

// schemeEnds end the quoted names of what is done or used, which does nothing: “15分钟养老服务圈”.
var schemeEnds = newEndings(strings.Fields(`
圈 工程 行动 计划 机制 模式 制 制度 通 码 网 窗口 榜 卡 办 贷 券 名片 办法 条 策 链 项目 改革`))

// actorEnds end the names of places that do something: bases, parks, centres.
var actorEnds = newEndings(strings.Fields(`基地 产业园 创新园 科技园 孵化器 中心 创新谷 科技城 工业园 园区 实验室`))

// topicName says that a clause is only the name of a unit that what follows is about.
func (rd *reader) topicName(s string) bool {
	r := []rune(s)
	return len(r) == 2 && r[1] == '县' && !strings.ContainsRune("全我本各该县城", r[0]) ||
		!rd.isPlace(s) && rd.subjectName(s)
}

// maker is who made the thing that a sentence is about: 中科潞安自主研制的深紫外LED.
func (rd *reader) maker(toks []token, i int) string {
	if toks[i].kind != kText || i+2 >= len(toks) || toks[i+1].kind != kWord {
		return ""
	}
	switch rd.tokStr(toks[i+1]) {
	case "研制", "研发", "生产", "制造", "开发", "设计":
	default:
		return ""
	}
	j := i + 2
	for j < len(toks) && toks[j].class&cAct != 0 {
		j++
	}
	if j >= len(toks) || rd.r[toks[j].start] != '的' {
		return ""
	}
	name := rd.tokStr(toks[i])
	for _, x := range []string{"自主", "自行", "独立", "联合", "成功"} {
		name = strings.TrimSuffix(name, x)
	}
	if n := len([]rune(name)); n < 3 || n > 12 || strings.ContainsAny(name, "的在由我本该") {
		return ""
	}
	return name
}

// inBracket says that a bracket of r is open at its end.
func inBracket(r []rune) bool {
	open := false
	for _, c := range r {
		switch c {
		case '(', '（':
			open = true
		case ')', '）':
			open = false
		}
	}
	return open
}

// heldEnds are what each of many has, no part of its name.
var heldEnds = newEndings(strings.Fields(`床位 面积 人数 户数 收入 产值 投资 资金 经费 时间 学位 岗位`))
