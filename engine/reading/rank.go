package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// rank reads a place in an order at token k: 总量居全省第四位, 获得创新能力评价第一. It reports
// whether there is one.
func (rd *reader) rank(toks []token, pre, k int) bool {
	o := rd.lx.ords[toks[k].at]
	if k+1 < len(toks) {
		n := toks[k+1]
		if n.kind == kText && n.start == toks[k].end || n.kind == kQuote ||
			n.kind == kWord && n.class&(cAct|cMeasure) != 0 && !strings.ContainsAny(o.word, "位名首") {
			return false
		}
	}
	verb := -1
	for i := k - 1; i >= pre; i-- {
		if toks[i].kind == kWord && toks[i].class&cRank != 0 {
			verb = i
			break
		}
	}
	if verb < 0 && k > pre && toks[k-1].class&cFrom != 0 {
		verb = k - 1 // 由第五位升至第二位
	}
	if verb < 0 && (k == pre || toks[k-1].kind != kText && toks[k-1].class&cHere == 0) {
		return false
	}
	s := found{}
	s.Start, s.End = toks[k].start, toks[k].end
	f := frame{k: k}
	rd.rankNouns(&f, &s, toks, pre, verb, k)
	if s.Indicator == "" {
		return false
	}
	s.Measure, s.Unit = Rank, "位"
	rd.c.full = s.Indicator
	op := hanzi.Exactly
	if o.upTo {
		op = hanzi.AtMost
	}
	rd.why(&s, "rank", o.word)
	s.Subject = rd.subjectNow(&s)
	s.para, s.sentence = rd.nPara, rd.nSent
	rd.kindOf(&f, &s)
	rd.period(&f, &s)
	rd.put(s, hanzi.Int(int64(o.value)), false, op)
	return true
}

// rankNouns finds what is ranked, and among whom. The verb is a token or −1.
func (rd *reader) rankNouns(f *frame, s *found, toks []token, pre, verb, k int) {
	inner, start := "", k
	if verb >= 0 {
		start = verb
		inner = rd.betweenRank(toks, verb, k)
	}
	p := frame{k: start}
	np := rd.rankedNoun(&p, s, toks, pre, start-1)
	if verb >= 0 && toks[verb].class&cFrom != 0 {
		s.base = true
	}
	if np == "" && namedRanking(s.Of) && (rd.c.full == "" || endsIn(s.Of, rankingEnds) != "") {
		np, s.Of = s.Of, "" // 在科技创新综合评价中由第五位
	}
	f.time = p.time
	if np == "综合" && verb >= 0 {
		np += rd.tokStr(toks[verb]) // 综合排名
	}
	if np != "" && rd.subjectName(np) {
		np = ""
	}
	if isWhole(inner) || np != "" && !headSet[np] && inner != "" && !namedRanking(inner) {
		if s.Of == "" {
			s.Of = inner
		}
		inner = ""
	}
	switch {
	case np != "" && rd.subjectList(f, s, np):
		s.Indicator, s.Subject = rd.c.indicator, strings.Join(rd.c.distSubject, "、")
		rd.c.lastList, rd.c.distSubject = np, nil
	case endsWith(np, "数", "面", "率") && len([]rune(np)) == 3 && rd.c.indicator != "" &&
		!headSet[np]:
		s.Indicator = compose(rd.c.indicator, np) // 净增数居全市首位
	case np != "" && headSet[np] && rd.haver(np, rd.c.indicator) != "":
		s.Indicator = compose(rd.haver(np, rd.c.indicator), np)
	case np != "" && headSet[np] && rd.lastIndicator != "" && rd.c.indicator == "":
		s.Indicator = rd.remember(compose(rd.lastIndicator, np))
	case np != "":
		s.Indicator = rd.remember(np)
	case inner != "":
		s.Indicator = rd.remember(inner)
		s.Start = toks[start].start
	case rd.c.full != "":
		s.Indicator = rd.c.full
	case rd.c.indicator != "":
		s.Indicator = rd.c.indicator
	default:
		s.Indicator = rd.c.prevNoun
	}
}

// betweenRank is what stands between the verb of a rank and the place: 居全省第四位.
func (rd *reader) betweenRank(toks []token, verb, k int) string {
	if verb+1 >= k {
		return ""
	}
	a, b := rd.trimNoun(span{toks[verb+1].start, toks[k-1].end})
	if toks[verb+1].class&cHere != 0 {
		a = toks[verb+1].start
	}
	return strings.TrimSuffix(rd.str(a, b), "的")
}

// rankedNoun is the noun phrase before token end+1 that is ranked. It sets the whole where that
// stands before the verb, and the start of s.
func (rd *reader) rankedNoun(p *frame, s *found, toks []token, pre, end int) string {
	for end > pre && toks[end-1].class&cFrom != 0 {
		s.Of, s.base = rd.tokStr(toks[end]), true // 由全省第9位
		end -= 2
	}
	if end >= pre && toks[end].kind == kText {
		if among, np := rd.amongIn(toks, pre, end); among.end > 0 {
			s.Of, s.Start, p.np = rd.str(among.start, among.end), np.start, np
			return rd.str(np.start, np.end) // 增速在沿江18个主要港口中排名首位
		}
	}
	for i := end; i >= pre; i-- {
		if rd.r[toks[i].start] != '在' || toks[i].kind != kText && toks[i].end-toks[i].start > 1 {
			continue
		}
		// 在全国省会城市居第三位
		from := toks[i].start + 1
		if cut := rd.amongEnd(toks, i, end); cut > 0 {
			s.Of = rd.str(from, cut)
			if cut+1 < toks[end].end {
				p.np = span{cut + 1, toks[end].end}
			}
		} else {
			s.Of = strings.TrimRight(rd.str(from, toks[end].end), "中里排位列居")
		}
		s.Start = toks[i].start
		end = i - 1
		break
	}
	for end >= pre && (toks[end].kind == kTime ||
		toks[end].kind == kWord && toks[end].class&(cAdverb|cRank|cFrom) != 0) {
		if t := toks[end]; t.kind == kTime && p.time == nil && !durationOnly(rd.r,
			rd.lx.times[t.at]) {
			p.time = rd.timeAt(t)
		}
		end--
	}
	if p.np.empty() {
		rd.nounBack(p, toks, pre, end)
	}
	a, b := rd.trimNoun(p.np)
	if a < b {
		s.Start = a
	}
	if w := rd.str(a, b); w != "排" && w != "位" && w != "列" && w != "居" {
		return w
	}
	return ""
}

// amongIn splits a noun phrase from 在…中 behind it that says among whom it is ranked.
func (rd *reader) amongIn(toks []token, pre, end int) (among, np span) {
	b := toks[end].end
	if b-3 < toks[pre].start || rd.r[b-1] != '中' && rd.r[b-1] != '里' {
		return span{}, span{}
	}
	for i := b - 3; i > toks[pre].start+1 && i > b-maxAmong; i-- {
		if rd.r[i] != '在' || strings.ContainsRune("现存正所潜", rd.r[i-1]) {
			continue
		}
		a := i
		for a > toks[pre].start && rd.r[a-1] >= hanFirst && rd.r[a-1] <= hanLast {
			a--
		}
		if from, to := rd.trimNoun(span{a, i}); to-from >= 2 {
			return span{i + 1, b - 1}, span{from, to}
		}
		break
	}
	return span{}, span{}
}

// maxAmong bounds the runes of those among whom something is ranked.
const maxAmong = 30

// rankingEnds end the names of what ranks: 综合评价, 考核.
var rankingEnds = newEndings(strings.Fields(`评价 考核 考评 测评 评比 评估 榜单 排行榜 竞争力 评选`))

// isWhole says that a phrase names those among whom something is ranked.
func isWhole(s string) bool {
	if namedRanking(s) {
		return false
	}
	for _, p := range []string{"全省", "全市", "全国", "全区", "全县", "我省", "国内", "世界", "全球", "中部", "西部",
		"东部",
		"省会", "同类", "副省级", "地级", "设区市", "省内", "各"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// namedRanking says that a phrase names an order and not those in it: 全国城市科技创新竞争力.
func namedRanking(s string) bool {
	return len([]rune(s)) > 4 && endsIn(s, wholeEnds) == ""
}

var wholeEnds = newEndings(strings.Fields(`
县（区） 县（市、区） 县(区) 县(市、区) 全省 全国 全市 全区 全县 城市 省会 省份 市 省 县 区 地区 园区 企业 高校 开发区 方阵 行业 同类 范围 中 州 盟`))

// amongEnd is the rune of the 中 that ends those among whom something is ranked, or 0: 在全国178家国家高新区
// 中综合排名第56位. Tokens from and to bound the search.
func (rd *reader) amongEnd(toks []token, from, to int) int {
	for i := toks[from].start + 2; i < toks[to].end; i++ {
		if rd.r[i] == '中' && rd.r[i+1] != '心' && rd.r[i+1] != '小' && rd.r[i+1] != '部' {
			return i
		}
	}
	return 0
}
