package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// kind is what a token is.
type kind uint8

const (
	kText  kind = iota // anything not otherwise known: mostly nouns
	kWord              // a word of the lexicon
	kQty               // a number with or without a unit
	kOrd               // 第三, 首位, 前十: a place in an order
	kTime              // a time expression
	kPause             // 、
	kComma             // ，
	kSemi              // ；
	kColon             // ：
	kEnd               // 。！？
	kQuote             // “…” or 《…》, whole
	kParen             // （…）, whole
)

// token is a piece of a sentence; the tokens of a sentence leave no gap but spaces.
type token struct {
	kind       kind
	start, end int
	class      class
	at         int // index in quantities, ordinals or times
}

// ordinal is a place in an order.
type ordinal struct {
	value int  // 1 for the first; negative from the end
	upTo  bool // 前三: within
	word  string
}

// lexer splits sentences into tokens. Its buffers are used again for every sentence.
type lexer struct {
	r     []rune
	ref   hanzi.Date
	toks  []token
	qtys  []hanzi.Quantity
	ords  []ordinal
	times []hanzi.Time
}

// maxQuoted and maxBracketed bound the runes that are taken as one token.
const (
	maxQuoted    = 30
	maxTitle     = 90
	maxBracketed = 120
)

// sentence splits r[from:to] into tokens, valid until the next call.
func (x *lexer) sentence(from, to int) []token {
	x.toks, x.qtys, x.ords, x.times = x.toks[:0], x.qtys[:0], x.ords[:0], x.times[:0]
	for i := from; i < to; {
		if !active.has(x.r[i]) {
			j := i + 1
			for j < to && !active.has(x.r[j]) {
				j++
			}
			x.text(i, j)
			i = j
			continue
		}
		n := x.next(i, to)
		if n == 0 {
			x.text(i, i+1)
			n = 1
		}
		i += n
	}
	return x.toks
}

// active are the runes at which a token other than plain text can begin: marks, spaces and signs,
// the first runes of words, times and amounts, and words of one rune. Of the Han characters most
// are not.
var active = buildActive()

func buildActive() *runeSet {
	x := &runeSet{}
	for c := rune(0); c <= maxPlane; c++ {
		plain := c >= hanFirst && c <= hanLast && len(words.byFirst[c-hanFirst]) == 0 &&
			!hanzi.MayStart(c)
		if !plain {
			x.add(c)
		}
	}
	for _, c := range shortWords + "首倒前后榜末翻超半过近站" {
		x.add(c)
	}
	return x
}

// maxPlane is the last rune of the basic plane, where nearly all text lies.
const maxPlane = 1<<16 - 1

// shortWords are the runes that shortWord takes for words.
const shortWords = "由但抓超新共已均再可仍也还都又就正并未各先曾仅要将应须"

// next pushes the token at i and returns its length, or 0 for plain text.
func (x *lexer) next(i, to int) int {
	c := x.r[i]
	if n := x.sign(i, to); n > 0 {
		return n
	}
	if c < 0x80 && c != '-' && c != '.' && (c < '0' || c > '9') {
		return 0
	}
	if n := x.itemNumber(i, to); n > 0 {
		return n
	}
	r := x.r[:to]
	if n := longNumber(r, i); n > 0 {
		x.text(i, i+n)
		return n
	}
	cls, size := words.match(r, i)
	if c == '站' && size > 1 && i > 0 && strings.ContainsRune("电车泵油气基热客货工", x.r[i-1]) {
		x.text(i, i+1)
		return 1 // 电站上水库
	}
	if cls == cNeutral {
		if x.average(i, size) {
			x.toks = append(x.toks, token{kind: kText, start: i, end: i + size})
			return size
		}
		x.push(token{kind: kText, start: i, end: i + size})
		return size
	}
	if n := x.ordinal(i, to); n > 0 {
		return n
	}
	if size < 2 || cls&(cAdverb|cTarget|cAdj) != 0 {
		if n := x.timeAt(i, to, size); n > 0 {
			return n
		}
	}
	if n := x.quantity(i, to, size); n > 0 {
		return n
	}
	if size == 0 {
		cls, size = x.shortWord(i, to)
	}
	if size == 0 {
		return 0
	}
	if cls&(cUp|cDown) != 0 && i+size < to && r[i+size] == '了' {
		size++ // 前进了2位
	}
	if cls&cYield != 0 && strings.Contains(string(r[i+size:min(to, i+size+5)]), "能力") {
		x.text(i, i+size)
		return size // 年加工转化能力
	}
	if cls&cHere == 0 && i+size < to && nounSuffix(r, i+size) {
		x.text(i, i+size+1)
		return size + 1
	}
	x.push(token{kind: kWord, start: i, end: i + size, class: cls})
	return size
}

// sign pushes a mark, a space or a run of Latin letters at i, and returns its length.
func (x *lexer) sign(i, to int) int {
	switch c := x.r[i]; {
	case c == '\t' || c == '|':
		x.push(token{kind: kComma, start: i, end: i + 1}) // the cells of a table
		return 1
	case c == ' ':
		x.text(i, i+1)
		return 1
	case isMark(c):
		if c == '“' {
			if t, ok := hanzi.ScanTime(x.r[:to], i, x.ref); ok {
				return x.time(t)
			}
		}
		return max(1, x.mark(i, to)) // an opening mark without its partner is passed over
	case c == '”' || c == '』' || c == '」':
		return 1
	case latin(c):
		n := 1
		for i+n < to && nameRune(x.r[i+n]) {
			n++
		}
		x.text(i, i+n)
		return n
	}
	return 0
}

// timeAt pushes a time expression at i that is longer than the word of the lists there.
func (x *lexer) timeAt(i, to, wordSize int) int {
	r := x.r[:to]
	if mayBeTime(r, i) {
		t, ok := hanzi.ScanTime(r, i, x.ref)
		longer := t.End-i > wordSize || t.Role == hanzi.RoleAsOf && t.End-i == wordSize
		if ok && t.End > i && longer && !x.lengthOfTime(t, to) {
			return x.time(t)
		}
	}
	if r[i] == '年' && i+1 < to && r[i+1] == '初' {
		d := hanzi.Date{Year: x.ref.Year, Month: 1, Day: 1}
		return x.time(hanzi.Time{Start: i, End: i + 2, From: d, To: d,
			Precision: hanzi.PrecisionDay})
	}
	return 0
}

// average says that 户均 and the like at i begin the noun phrase of an amount of their own: 带动4.1万
// 户药农户均增收7800元.
func (x *lexer) average(i, size int) bool {
	n := len(x.toks)
	return size == 2 && x.r[i+1] == '均' && n > 1 && x.toks[n-1].kind == kText &&
		x.toks[n-1].end == i && x.toks[n-2].kind == kQty
}

// shortWord reads words of one character, which are words only before certain others: 要推进, 均达到,
// 超计划; and 新 with its verb: 新签约.
func (x *lexer) shortWord(i, to int) (class, int) {
	if i+2 >= to {
		return 0, 0
	}
	c, r := x.r[i], x.r[:to]
	switch {
	case c == '由' && (r[i+1] == '每' || startsWith(string(r[i+1:i+3]), "平均", "原来", "最初")):
		return cFrom, 1 // 由平均5.2份减至2.6份
	case c == '但' && x.opensText(i) && r[i+1] != '是' && r[i+1] != '凡' && r[i+1] != '书':
		return cAdverb, 1
	case c == '抓' && x.opensText(i) && !strings.ContainsRune("好实紧手细住拍取", r[i+1]):
		return cAct, 1
	}
	if c == '超' && startsWith(string(r[i+1:i+3]), plannedWords...) {
		return cDiffUp, 1
	}
	if c == '要' && x.headsClause() && !strings.ContainsRune("素求点害闻是么件道塞", r[i+1]) {
		return cTarget, 1 // 会议强调，要咬定目标不放松
	}
	after, n := words.match(r, i+1)
	if n < 2 {
		return 0, 0
	}
	switch {
	case c == '新' && verbOf(r, i+1):
		return cAct | cStrong, n + 1
	case strings.ContainsRune("共已均再可仍也还都又就正并未各先曾仅", c) && x.opensText(i) &&
		after&(cAct|cLevel|cToward|cGain|cMilestone) != 0:
		return cAdverb, 1
	case (c == '要' || c == '将' || c == '应' || c == '须') && !x.inWord(i) &&
		after&(cAct|cAdverb|cMilestone|cMeasure) != 0:
		return cTarget, 1
	}
	return 0, 0
}

// plannedWords are what something can be ahead of: 超计划, 超序时进度.
var plannedWords = strings.Fields(`计划 目标 时间进度 时序进度 序时 年度 进度 预期 全省 全国 任务`)

// time pushes a time expression. Two years that 和 joins are one period: 2019年和2020年.
func (x *lexer) time(t hanzi.Time) int {
	if t.End-t.Start == 2 && x.r[t.Start] == '两' {
		x.text(t.Start, t.End)
		return 2 // 连续两月
	}
	if x.numbered(t) {
		x.text(t.Start, t.End)
		return t.End - t.Start
	}
	if t.End-t.Start == 2 && x.r[t.Start] == '后' && t.Start > 0 && x.r[t.Start-1] >= hanFirst &&
		x.r[t.Start-1] <= hanLast {
		x.text(t.Start, t.Start+1) // 达产后年产值
		return 1
	}
	if n := len(x.toks); n >= 2 && x.toks[n-2].kind == kTime && x.toks[n-1].end == t.Start &&
		x.toks[n-1].end-x.toks[n-1].start == 1 && (x.r[t.Start-1] == '和' || x.r[t.Start-1] == '、') {
		last := &x.times[x.toks[n-2].at]
		apart := t.End+1 < len(x.r) && (x.r[t.End] == '、' || x.r[t.End] == '各' ||
			x.r[t.End] == '分' &&
				x.r[t.End+1] == '别')
		if !apart && last.Precision == t.Precision && !last.From.IsZero() && last.To.Before(t.To) {
			last.To, last.End = t.To, t.End
			x.toks[n-2].end = t.End
			x.toks = x.toks[:n-1]
			return t.End - t.Start
		}
	}
	x.times = append(x.times, t)
	x.push(token{kind: kTime, start: t.Start, end: t.End, at: len(x.times) - 1})
	return t.End - t.Start
}

// numbered says that what looks like a day is the number of a thing: 3号泊位.
func (x *lexer) numbered(t hanzi.Time) bool {
	if t.End-t.Start > 3 || x.r[t.End-1] != '号' || t.End >= len(x.r) {
		return false
	}
	c := x.r[t.End]
	return c >= hanFirst && c <= hanLast && !strings.ContainsRune("上下中早晚起前后至到在为是将召举开正", c)
}

// nounSuffix says that the rune at i makes a noun of the verb before it: 完成率, 增加值, 投资者.
func nounSuffix(r []rune, i int) bool {
	next := rune(0)
	if i+1 < len(r) {
		next = r[i+1]
	}
	switch r[i] {
	case '率', '值', '者', '器':
		return true
	case '面':
		return !strings.ContainsRune("向对临板貌积子", next) // 增长面, 滞后面
	case '数':
		return !strings.ContainsRune("字据智学控量值码", next) // 净增数, 申报数
	case '量':
		return next != '化' && next != '子'
	case '额':
		return next != '外'
	case '商':
		return !strings.ContainsRune("业务标品场会", next)
	case '员':
		return next != '工'
	}
	return false
}

// quantity pushes the quantity at i.
func (x *lexer) quantity(i, to, wordSize int) int {
	switch x.r[i] {
	case '翻':
		return x.doubling(i, to)
	case '超', '半', '过', '近':
		if n := x.half(i, to); n > 0 {
			return n
		}
	case '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖':
		if i+1 < to && !strings.ContainsRune("壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分", x.r[i+1]) {
			return 0 // 陆路, 陆港
		}
	}
	q, ok := hanzi.ScanQuantity(x.r[:to], i)
	if n, is := hanzi.ScanNumber(x.r[:to], i); is && n.End < to && x.r[n.End] == '大' &&
		(n.End+1 == to || x.r[n.End+1] != '关') &&
		!n.Arabic && n.Scale == "" && n.Value.Cmp(hanzi.Int(1)) > 0 {
		q, ok = hanzi.Quantity{Start: i, End: n.End, Value: n.Value, Op: n.Op, Number: n}, true
		q.Number.Lone = true
	}
	if !ok || q.End <= i || q.End-i < wordSize {
		return 0
	}
	if q.Number.Ordinal {
		x.text(i, q.End)
		return q.End - i
	}
	if nameNumber(x.r[:to], q) {
		x.text(i, q.End)
		return q.End - i
	}
	x.extend(&q, to)
	if (q.Unit == "" || q.Unit == "个") && q.Number.Arabic && q.End+1 < to &&
		(x.r[q.End] == '、' || x.r[q.End] == '和') {
		if next, ok := hanzi.ScanQuantity(x.r[:to], q.End+1); ok && next.Number.Arabic &&
			!next.Name &&
			(next.Dim == hanzi.DimPoints || next.Dim == hanzi.DimRatio) {
			q.Unit, q.Dim = next.Unit, next.Dim // 高于全国、全省2.0、1.3个百分点
		}
	}
	if n := proportion(x.r[:to], q.Number.Start); n > 0 {
		n += q.Number.Start - i
		x.text(i, i+n)
		return n
	}
	x.qtys = append(x.qtys, q)
	x.push(token{kind: kQty, start: i, end: q.End, at: len(x.qtys) - 1})
	return q.End - i
}

// extend takes in what goes on behind a quantity: 两成三, 18.7万个次.
func (x *lexer) extend(q *hanzi.Quantity, to int) {
	if q.End >= to {
		return
	}
	c := x.r[q.End]
	if unit, ok := strings.CutSuffix(q.Unit, "大"); ok && c == '关' {
		q.Unit = unit // 八百亿大关
		q.End--
		return
	}
	if k := strings.IndexRune("一二三四五六七八九", c); k >= 0 && q.Unit == "成" && !q.Range &&
		q.Value.Cmp(hanzi.Int(10)) < 0 && (q.End+1 == to || isMark(x.r[q.End+1])) {
		q.Value = q.Value.Add(hanzi.Scaled(int64(k/len("一")+1), -1))
		q.End++
	}
	if c == '次' && endsWith(q.Unit, "个", "家", "户", "件", "场", "台") {
		q.Unit += "次"
		q.End++
	}
}

// half reads 过半, 超过半数 and 半数以上.
func (x *lexer) half(i, to int) int {
	r := x.r[:to]
	n, op := 0, hanzi.AtLeast
	for _, w := range halves {
		if startsWith(string(r[i:min(to, i+4)]), w) {
			n = len([]rune(w))
			break
		}
	}
	if n == 0 || i+n < to && x.r[i] == '过' && strings.ContainsRune("山路百天年月夜空场", x.r[i+n]) {
		return 0
	}
	if i > 0 && x.r[i] == '过' && strings.ContainsRune("未没不超通经", x.r[i-1]) {
		return 0
	}
	if x.r[i] == '近' {
		op = hanzi.About
	}
	q := hanzi.Quantity{Start: i, End: i + n, Value: hanzi.Scaled(5, -1), Op: op}
	q.Number = hanzi.Number{Start: i, End: i + n, Value: q.Value, Fraction: true}
	x.qtys = append(x.qtys, q)
	x.push(token{kind: kQty, start: i, end: i + n, at: len(x.qtys) - 1})
	return n
}

// halves are the words for a half that are no amounts to hanzi.
var halves = []string{"超过半数", "半数以上", "超半数", "过半数", "近半数", "过半"}

// doubling reads 翻番, 翻一番, 翻了两番多.
func (x *lexer) doubling(i, to int) int {
	j := i + 1
	if j < to && x.r[j] == '了' {
		j++
	}
	n, k := int64(1), j
	if k < to && x.r[k] != '番' {
		num, ok := hanzi.ScanNumber(x.r[:to], k)
		if !ok {
			return 0
		}
		if n, ok = num.Value.Int64(); !ok {
			return 0
		}
		k = num.End
	}
	if k >= to || x.r[k] != '番' {
		return 0
	}
	q := hanzi.Quantity{Start: i, End: k + 1, Value: hanzi.Int(n), Unit: "番", Op: hanzi.Exactly}
	if q.End < to && x.r[q.End] == '半' {
		q.Value = q.Value.Add(hanzi.Scaled(5, -1))
		q.End++
	}
	if q.End+1 < to && x.r[q.End] == '还' && x.r[q.End+1] == '多' {
		q.Op = hanzi.AtLeast
		q.End += 2
	} else if q.End < to && x.r[q.End] == '多' {
		q.Op = hanzi.AtLeast
		q.End++
	} else if q.End+1 < to && x.r[q.End] == '以' && x.r[q.End+1] == '上' {
		q.Op = hanzi.AtLeast
		q.End += 2
	}
	x.qtys = append(x.qtys, q)
	x.push(token{kind: kQty, start: i, end: q.End, at: len(x.qtys) - 1})
	return q.End - i
}

// mark pushes a punctuation mark, or what it opens as a whole.
func (x *lexer) mark(i, to int) int {
	c := x.r[i]
	one := func(k kind) int {
		x.push(token{kind: k, start: i, end: i + 1})
		return 1
	}
	switch c {
	case '、':
		return one(kPause)
	case '，', ',':
		return one(kComma)
	case '；', ';':
		return one(kSemi)
	case '：', ':':
		return one(kColon)
	case '。', '！', '？', '!', '?':
		return one(kEnd)
	case '“', '「', '『':
		return x.enclosed(i, to, closing(c), maxQuoted, kQuote)
	case '《', '〈':
		return x.enclosed(i, to, closing(c), maxTitle, kQuote)
	case '（', '(', '〔', '[', '【', '［':
		return x.enclosed(i, to, closing(c), maxBracketed, kParen)
	}
	return 0
}

// enclosed pushes what stands from the opening mark at i to its closing one as a token.
func (x *lexer) enclosed(i, to int, end rune, limit int, k kind) int {
	depth := 0
	for j := i + 1; j < min(to, i+limit); j++ {
		switch c := x.r[j]; {
		case c == x.r[i]:
			depth++
		case c == end && depth > 0:
			depth--
		case c == end:
			if k == kParen && districts(x.r[i+1:j]) { // 县（市、区）
				x.text(i, j+1)
				return j + 1 - i
			}
			x.push(token{kind: k, start: i, end: j + 1})
			return j + 1 - i
		case k == kQuote && (c == '。' || c == '！' || c == '？'):
			return 0
		}
	}
	return 0
}

func closing(c rune) rune {
	switch c {
	case '“':
		return '”'
	case '「':
		return '」'
	case '『':
		return '』'
	case '《':
		return '》'
	case '〈':
		return '〉'
	case '（':
		return '）'
	case '(':
		return ')'
	case '〔':
		return '〕'
	case '[':
		return ']'
	case '［':
		return '］'
	case '【':
		return '】'
	}
	return 0
}

// text adds r[i:j] to the text token before it, or begins one.
func (x *lexer) text(i, j int) {
	if n := len(x.toks); n > 0 && x.toks[n-1].kind == kText && x.toks[n-1].end == i {
		x.toks[n-1].end = j
		return
	}
	if x.r[i] == ' ' {
		return
	}
	x.toks = append(x.toks, token{kind: kText, start: i, end: j})
}

// push adds a token. Before amounts, times and words for places the one-character verbs and
// particles stand (达, 由, 比 …), which elsewhere are parts of other words.
func (x *lexer) push(t token) {
	if t.kind == kText {
		x.text(t.start, t.end)
		return
	}
	if t.kind == kQty || t.kind == kTime || t.kind == kOrd || t.class&cHere != 0 {
		x.particles(t)
	}
	x.toks = append(x.toks, t)
}

// particles cuts the particles that end the last text token into words of their own.
func (x *lexer) particles(t token) {
	n := len(x.toks)
	if n == 0 || x.toks[n-1].kind != kText || x.toks[n-1].end != t.start {
		return
	}
	last := x.toks[n-1]
	cut := last.end
	for cut > last.start && last.end-cut < 3 {
		c := particleClass(x.r[cut-1], t)
		if c == 0 || c == cCompared && !x.compared(last.start, cut-1) ||
			x.r[cut-1] == '过' && cut-2 >= last.start &&
				strings.ContainsRune("经通超路走穿越渡不", x.r[cut-2]) {
			break
		}
		if x.r[cut-1] == '均' && cut-2 >= last.start && strings.ContainsRune("户人亩平校村年月日社",
			x.r[cut-2]) {
			break // 户均518万元
		}
		cut--
		if c == cFrom || c == cBase {
			break
		}
	}
	x.toks = x.toks[:n-1]
	if cut > last.start {
		x.toks = append(x.toks, token{kind: kText, start: last.start, end: cut})
	}
	for ; cut < last.end; cut++ {
		x.toks = append(x.toks, token{kind: kWord, start: cut, end: cut + 1,
			class: x.directed(cut, particleClass(x.r[cut], t))})
	}
}

// cCompared marks 高, 低, 多 and 少 until it is known that something is compared.
const cCompared = cDiffUp | cDiffDown

// compared says that 较 or 比 stands before 高 or 低 in the same clause.
func (x *lexer) compared(start, i int) bool {
	if i > 1 && x.r[i-1] == '比' && (x.r[i-2] == '同' || x.r[i-2] == '环') {
		return true // 同比多8个
	}
	for j := i - 1; j >= max(start-16, 0) && i-j < 24; j-- {
		switch x.r[j] {
		case '较', '比':
			return i-j > 1
		case '，', ',', '。', '；', '、':
			return false
		}
	}
	return false
}

// directed tells up from down for 高 and 低.
func (x *lexer) directed(i int, c class) class {
	if c != cCompared {
		return c
	}
	if x.r[i] == '高' || x.r[i] == '多' {
		return cDiffUp
	}
	return cDiffDown
}

// particleClass is the class of a one-character word before t.
func particleClass(c rune, t token) class {
	switch c {
	case '由', '从', '自':
		return cFrom
	case '比', '较', '与', '同', '距':
		if t.kind == kQty {
			return 0
		}
		return cBase
	case '的':
		return cOf
	}
	if t.kind != kQty {
		if c == '居' || c == '列' || c == '位' {
			return cRank
		}
		if c == '将' || c == '要' || c == '拟' || c == '须' {
			return cTarget
		}
		if c == '在' || c == '于' || c == '至' || c == '到' {
			return cAdverb
		}
		return 0
	}
	switch c {
	case '达', '为', '有', '是', '设', '超', '逾', '过':
		return cLevel
	case '至', '到':
		return cToward
	case '增', '升', '涨':
		return cUp
	case '降', '减', '跌':
		return cDown
	case '高', '低', '多', '少':
		return cCompared
	case '仅', '共', '均', '各', '已', '只', '都', '再', '又':
		return cAdverb
	}
	return 0
}

func isMark(c rune) bool {
	switch c {
	case '、', '，', ',', '；', ';', '：', ':', '。', '！', '？', '!', '?', '“', '「', '『', '《', '〈',
		'（', '(', '〔', '[', '【', '［':
		return true
	}
	return false
}

func latin(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func nameRune(c rune) bool {
	return latin(c) || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '&' || c == '+' ||
		c == '/' || c == '_'
}

// nameNumber says that a number is part of a name: 5G, 1号线, 国道108, 9+5.
func nameNumber(r []rune, q hanzi.Quantity) bool {
	if q.Name {
		return true
	}
	if q.Unit == "线" && q.Start > 0 && r[q.Start-1] == '道' {
		return true // 国道315线
	}
	if q.Unit != "" {
		return false
	}
	before, after := rune(0), rune(0)
	if q.Start > 0 {
		before = r[q.Start-1]
	}
	if q.End < len(r) {
		after = r[q.End]
	}
	switch after {
	case '号', '届', '版', '级', '型', '类', '字', '代', '路', '+', '度':
		return true
	}
	return before == '+' || before == '/'
}

// districts says that a bracket only varies a noun: 县（市、区）, 镇（街道）.
func districts(in []rune) bool {
	if len(in) > 5 {
		return false
	}
	for _, c := range in {
		switch c {
		case '市', '县', '区', '镇', '乡', '街', '道', '、', '村', '局', '厅', '校', '院', '所', '州', '场':
		default:
			return len(in) == 1 && c >= hanFirst && c <= hanLast
		}
	}
	return len(in) > 0
}

// proportion is the length of a proportion of three or more numbers, 3.2∶45.6∶51.2, or 0.
func proportion(r []rune, i int) int {
	if k := i + 1; k+3 < len(r) && (r[k] == '∶' || r[k] == ':' || r[k] == '：') && r[k+2] == '的' {
		return 3 // 不低于1∶1的比例
	}
	parts, j := 0, i
	for j < len(r) {
		k := j
		for k < len(r) && (r[k] >= '0' && r[k] <= '9' || r[k] == '.') {
			k++
		}
		if k == j {
			break
		}
		parts++
		j = k
		if j >= len(r) || r[j] != '∶' && r[j] != ':' && r[j] != '：' {
			break
		}
		j++
	}
	if parts < 3 {
		return 0
	}
	return j - i
}

// inWord says that 要, 将 or 应 at i ends a word: 主要, 重要, 相应.
func (x *lexer) inWord(i int) bool {
	if i == 0 {
		return false
	}
	switch x.r[i-1] {
	case '主', '重', '需', '必', '首', '只', '还', '相', '响', '适', '反', '效', '供', '即', '纪', '摘', '概', '次',
		'险', '大', '上', '名', '呼', '顺', '理':
		return true
	}
	return false
}

// maxDigits bounds the digits of a number; a longer row is an identifier or noise.
const maxDigits = 24

// longNumber is the length of a row of digits that is too long for a number, or 0.
func longNumber(r []rune, i int) int {
	n := 0
	for i+n < len(r) && r[i+n] >= '0' && r[i+n] <= '9' {
		n++
	}
	if n <= maxDigits {
		return 0
	}
	return n
}

// mayBeTime says that a time can begin at i. Most numbers are no time, which the rune behind their
// digits tells.
func mayBeTime(r []rune, i int) bool {
	j := i
	for j < len(r) && (r[j] >= '0' && r[j] <= '9' || r[j] == '.' && j > i) {
		j++
	}
	if j == i || j == len(r) {
		return j == i
	}
	switch c := r[j]; {
	case c == '亿' || c == '万' || c == '%' || c == '家' || c == '户' || c == '项' || c == '件' ||
		c == '名' ||
		c == '余' && j+1 < len(r) && r[j+1] != '年' && r[j+1] != '天' && r[j+1] != '个',
		c == '元' || c == '公' || c == '平' || c == '人' || c == '条' || c == '所' || c == '倍',
		c == '亩' || c == '吨':
		return false
	}
	return true
}

// headsClause says that no token of the clause has been read.
func (x *lexer) headsClause() bool {
	n := len(x.toks)
	return n == 0 || clauseEnd(x.toks[n-1].kind)
}

// opensText says that no noun stands directly before i.
func (x *lexer) opensText(i int) bool {
	n := len(x.toks)
	return n == 0 || x.toks[n-1].kind != kText || x.toks[n-1].end != i
}

// itemNumber is the length of the number of an item at the head of a clause (2.改造农村危房), or 0.
func (x *lexer) itemNumber(i, to int) int {
	if n := len(x.toks); n > 0 && x.toks[n-1].kind != kSemi && x.toks[n-1].kind != kColon &&
		x.toks[n-1].kind != kEnd {
		return 0
	}
	if i+2 < to && x.r[i+1] == '是' && strings.ContainsRune("一二三四五六七八九十", x.r[i]) {
		return 2 // 一是, 二是
	}
	n := 0
	for i+n < to && n < 2 && x.r[i+n] >= '0' && x.r[i+n] <= '9' {
		n++
	}
	if n == 0 || i+n+1 >= to || x.r[i+n] != '.' && x.r[i+n] != '、' || x.r[i+n+1] < hanFirst {
		return 0
	}
	return n + 1
}

// lengthOfTime says that a time is only how long something takes: 压减至4小时以内.
func (x *lexer) lengthOfTime(t hanzi.Time, to int) bool {
	n := len(x.toks)
	if n == 0 || x.toks[n-1].class&(cToward|cFrom) == 0 || x.r[t.Start] < '0' ||
		x.r[t.Start] > '9' {
		return false
	}
	q, ok := hanzi.ScanQuantity(x.r[:to], t.Start)
	return ok && !q.Name && q.End >= t.End-2 && q.Unit != ""
}
