package reading

import (
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// The kinds of document (文种).
const (
	Plan   = "plan"   // 行动方案, 实施意见, 规划, 工作要点: says what is to be done
	Report = "report" // 政府工作报告: says what was done and what is to be done
	Notice = "notice" // 督查通报: says how far things are
	News   = "news"   // 报道
	Other  = "other"
)

// Document is what a document says of itself.
type Document struct {
	Title    string
	Number   string // 文号: 澜政办发〔2024〕17号
	Issuer   string // 发文机关
	Place    string
	Province string
	Date     hanzi.Date
	Kind     string
	From, To hanzi.Date // the period a plan is for
	Review   int        // the year a bulletin or review looks back on, or 0
}

// maxHead bounds the lines that can hold title, number and date.
const maxHead = 14

// about guesses what is not given.
func about(r []rune, paras []para, o Options) (Document, front) {
	d := Document{Date: o.Date, Place: o.Place}
	var f front
	f.titleEnd = title(&d, r, paras)
	number(&d, r, paras)
	date(&d, r, paras)
	place(&d, o, r, paras)
	issuer(&d)
	d.Kind = kindOfTitle(d.Title, r, paras)
	planPeriod(&d, r)
	reviewYear(&d)
	f.part = briefing(&d)
	return d, f
}

// front is what the head of a document says of the reading of the rest.
type front struct {
	titleEnd int         // the rune behind the title
	part     *hanzi.Time // the part of a year that a briefing is of: 一季度, 1—5月
}

// briefing reads the months that a briefing is of from its title: 一季度全市经济运行情况.
func briefing(d *Document) *hanzi.Time {
	if d.Kind == Plan || d.Review > 0 {
		return nil
	}
	t := []rune(d.Title)
	for i := range t {
		x, ok := hanzi.ScanTime(t, i, d.Date)
		if ok && !x.From.IsZero() && !x.To.IsZero() && !x.To.After(d.Date) &&
			x.Precision >= hanzi.PrecisionMonth && x.Precision < hanzi.PrecisionYear ||
			ok && months(x, d.Date) {
			return &x
		}
	}
	return nil
}

// months says that a time is whole months of the year of the document: 1—5月.
func months(x hanzi.Time, date hanzi.Date) bool {
	return x.Precision == hanzi.PrecisionRange && x.From.Day == 1 && x.To == x.To.LastOfMonth() &&
		x.From.Year == x.To.Year && !x.To.After(date) && date.Year-x.To.Year <= 1 &&
		!(x.From.Month == 1 && x.To.Month == 12)
}

// title takes the first headings before the body and returns the rune behind them.
func title(d *Document, r []rune, paras []para) (end int) {
	var b strings.Builder
	for i, p := range paras {
		if i >= maxHead || p.role == roleBody || b.Len() > 240 {
			break
		}
		line := r[p.Start:p.End]
		if line[len(line)-1] == '：' || line[len(line)-1] == ':' {
			break
		}
		if p.role == roleChrome || numbered(line) || dateLine(line) ||
			strings.HasPrefix(string(line), "——") ||
			strings.ContainsRune(string(line), '〔') {
			if b.Len() > 0 {
				break
			}
			continue
		}
		b.WriteString(string(line))
		end = p.End
	}
	d.Title = b.String()
	return end
}

// number finds 澜政办发〔2024〕17号 among the first lines.
func number(d *Document, r []rune, paras []para) {
	for i, p := range paras {
		if i >= maxHead {
			return
		}
		s := string(r[p.Start:p.End])
		open := strings.IndexAny(s, "〔[［")
		end := strings.Index(s, "号")
		if open > 0 && end > open && end < 90 && numberYear(s[open:end]) > 0 {
			from := strings.LastIndexAny(s[:open], " （(:：，") + 1
			d.Number = strings.TrimLeft(s[from:end+len("号")], "（(：，")
			return
		}
	}
}

// date takes the first full date of the head, or the last line, or the year of the number.
func date(d *Document, r []rune, paras []para) {
	if !d.Date.IsZero() {
		return
	}
	find := func(p para) bool {
		line := r[:p.End]
		for i := p.Start; i < p.End; i++ {
			if !fullYear(line, i) {
				continue
			}
			t, ok := hanzi.ScanTime(line, i, hanzi.Date{Year: 2000, Month: 1, Day: 1})
			if ok && !t.Partial && !t.Relative && (t.Precision == hanzi.PrecisionDay ||
				t.Precision == hanzi.PrecisionSecond) && !t.From.IsZero() {
				d.Date = t.From
				return true
			}
		}
		return false
	}
	for i := 0; i < len(paras) && i < maxHead; i++ {
		if paras[i].End-paras[i].Start <= 60 && find(paras[i]) {
			return
		}
	}
	for i := len(paras) - 1; i >= 0 && i > len(paras)-6; i-- {
		if paras[i].End-paras[i].Start <= 40 && find(paras[i]) {
			return
		}
	}
	for i := 0; i < len(paras) && i < maxHead; i++ {
		if find(paras[i]) {
			return
		}
	}
	d.Date = lastYear(r)
	if y := numberYear(d.Number); y > 0 {
		d.Date = hanzi.Date{Year: y, Month: 1, Day: 1}
	}
}

// numberYear is the year in a document number: 澜政办发〔2024〕17号.
func numberYear(s string) int {
	y, n := 0, 0
	for _, c := range s {
		if c < '0' || c > '9' {
			if n == 4 && y > 1949 && y < 2100 {
				return y
			}
			y, n = 0, 0
			continue
		}
		y, n = y*10+int(c-'0'), n+1
	}
	return 0
}

// lastYear is the end of the latest year that a text without a date names with 年.
func lastYear(r []rune) hanzi.Date {
	best := 0
	for i := 4; i < len(r); i++ {
		if r[i] != '年' {
			continue
		}
		y := 0
		for _, c := range r[i-4 : i] {
			if c < '0' || c > '9' {
				y = -1
				break
			}
			y = y*10 + int(c-'0')
		}
		if y > best && y < 2100 && y > 1949 {
			best = y
		}
	}
	if best == 0 {
		return hanzi.Date{}
	}
	return hanzi.Date{Year: best, Month: 12, Day: 31}
}

// cityProvince is the province of each city of prefecture level, by its name without 市.
var cityProvince = buildCities()

func buildCities() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(cityNames)) {
		province, names, _ := strings.Cut(line, ":")
		for _, n := range strings.Fields(names) {
			m[n] = province
		}
	}
	return m
}

func isCity(s string) bool {
	_, ok := cityProvince[s]
	return ok
}

// place takes the place that the title names, else the one that the text names most.
func place(d *Document, o Options, r []rune, paras []para) {
	count := map[string]int{}
	for i, p := range paras {
		if p.role == roleOther || p.role == roleChrome {
			continue
		}
		weight := 1
		if i < 3 {
			weight = 5
		}
		countPlaces(r, p.Span, weight, count)
	}
	best, province := "", ""
	for name, n := range count {
		if strings.HasSuffix(name, "省") || strings.HasSuffix(name, "自治区") {
			if n > count[province] || n == count[province] && name < province {
				province = name
			}
		} else if n > count[best] || n == count[best] && name < best {
			best = name
		}
	}
	if d.Place == "" {
		d.Place = best
		if best == "" || count[province] > 2*count[best] {
			d.Place = province
		}
		if o.Home != "" && (speaksFor(o.Home, r, paras) || !speaksFor(d.Place, r, paras)) {
			d.Place = o.Home
		}
	}
	d.Province = province
	if p := cityProvince[shortPlace(d.Place)]; p != "" && strings.HasSuffix(d.Place, "市") {
		d.Province = p
	}
}

// countPlaces counts the names of places in a line: known cities and provinces, and whatever is
// written like 云州市 or 云岭县.
func countPlaces(r []rune, p hanzi.Span, weight int, count map[string]int) {
	for i := p.Start; i < p.End; i++ {
		c := r[i]
		if !placeRunes.has(c) {
			continue
		}
		for _, x := range placesByFirst[c] {
			if !x.at(r[:p.End], i) {
				continue
			}
			next := rune(0)
			if n := i + len(x.runes); n < p.End {
				next = r[n]
			}
			switch {
			case !x.city:
				count[x.name] += weight
			case strings.ContainsRune("县区镇乡省", next) && next != 0: // another place of that name
			case next == '市':
				count[x.name] += 1 + weight
			default:
				count[x.name]++
			}
		}
		if c != '市' && c != '县' || i-2 < p.Start || i+1 < p.End && strings.ContainsRune(placeTails,
			r[i+1]) {
			continue
		}
		name := string(r[i-2 : i+1])
		if !han(r[i-2:i]) || c == '市' && isCity(string(r[i-2:i])) || endsIn(name,
			notPlaces) != "" ||
			strings.ContainsAny(name, "的在和与是为了全我本各于省兴业强百城向前由经请至报对以到") {
			continue
		}
		if c, size := words.match(r, i-2); size >= 2 && c != 0 {
			continue
		}
		count[name] += weight
		if i-2 == p.Start || r[i-3] == '\n' {
			count[name] += 3 * weight
		}
	}
}

// placeTails are runes that make 市 or 县 before them part of another word: 市场, 县域.
const placeTails = "场民委级面值容况域城直属"

func han(r []rune) bool {
	for _, c := range r {
		if c < hanFirst || c > hanLast {
			return false
		}
	}
	return true
}

var planTitles = strings.Fields(`
规划纲要 纲要 行动方案 实施方案 工作方案 行动计划 实施意见 规划 工作要点 若干措施 若干政策 工作安排 实施细则 责任分解 任务分解 分工方案 总体方案 计划 要点 意见 措施 方案
任务清单`)

func kindOfTitle(t string, r []rune, paras []para) string {
	switch {
	case strings.Contains(t, "工作报告"), strings.Contains(t, "总结"),
		strings.Contains(t, "工作情况") && contains(t, []string{"打算", "计划", "安排", "思路"}):
		return Report
	case contains(t, []string{"发布会", "吹风会", "座谈会", "调研"}):
		return News
	case strings.Contains(t, "通报") || strings.Contains(t, "督查") || strings.Contains(t, "督办") ||
		strings.Contains(t, "公报") || strings.Contains(t, "完成情况") || strings.Contains(t, "进展情况"):
		return Notice
	}
	for _, w := range planTitles {
		if strings.Contains(t, w) {
			return Plan
		}
	}
	for _, p := range paras {
		if credit(r[p.Start:p.End]) || strings.Contains(string(r[max(p.Start, p.End-12):p.End]),
			"记者") {
			return News
		}
	}
	return Other
}

// planPeriod reads 2024—2026年 or 三年行动 from the title of a plan.
func planPeriod(d *Document, r []rune) {
	if d.Kind != Plan {
		return
	}
	t := []rune(d.Title)
	if ordinalPlan(t) > 0 {
		t = []rune(d.Title[:strings.Index(d.Title, "第")+3*9])
	}
	for i := range t {
		x, ok := hanzi.ScanTime(t, i, d.Date)
		if ok && !x.From.IsZero() && !x.To.IsZero() && x.Precision >= hanzi.PrecisionYear {
			d.From, d.To = x.From, x.To
			return
		}
	}
	if n := ordinalPlan(t); n > 0 {
		d.From, _ = yearOf(1981 + 5*(n-6))
		_, d.To = yearOf(1985 + 5*(n-6))
		return
	}
	if !d.Date.IsZero() {
		d.From, d.To = yearOf(d.Date.Year)
		if y := horizon(r, d.Date); y > d.Date.Year {
			_, d.To = yearOf(y)
		}
	}
}

var provinceSet = set(provinces)

// reviewYear reads the year of a bulletin from its title: 2023年国民经济和社会发展统计公报.
func reviewYear(d *Document) {
	if !contains(d.Title, []string{"统计公报", "公报", "工作总结", "年度报告", "工作综述"}) {
		return
	}
	t := []rune(d.Title)
	for i := range t {
		x, ok := hanzi.ScanTime(t, i, d.Date)
		if ok && x.Precision == hanzi.PrecisionYear && !x.To.IsZero() && x.To.Year <= d.Date.Year {
			d.Review = x.To.Year
			return
		}
	}
}

// dateLine says that a line is a date and nothing else.
func dateLine(line []rune) bool {
	i := 0
	for i < len(line) && (line[i] == '(' || line[i] == '（' || line[i] == ' ') {
		i++
	}
	t, ok := hanzi.ScanTime(line, i, hanzi.Date{Year: 2000, Month: 1, Day: 1})
	return ok && !t.Partial && (t.End >= len(line)-1 || t.Precision <= hanzi.PrecisionDay &&
		len(line) < 40)
}

// fullYear says that a year of four figures begins at i: 2024, 二〇二四.
func fullYear(r []rune, i int) bool {
	if i+4 > len(r) || i > 0 && r[i-1] >= '0' && r[i-1] <= '9' {
		return false
	}
	for _, c := range r[i : i+4] {
		if (c < '0' || c > '9') && !strings.ContainsRune("〇零一二三四五六七八九", c) {
			return false
		}
	}
	return true
}

// knownPlace is a city or province of the lists.
type knownPlace struct {
	runes []rune // of a city, without 市
	name  string // of a city, with 市
	city  bool
}

// at says that the name stands at rune i of r.
func (x *knownPlace) at(r []rune, i int) bool {
	return i+len(x.runes) <= len(r) && slices.Equal(r[i:i+len(x.runes)], x.runes)
}

// maxKnownPlace bounds the runes of a name that is looked for.
const maxKnownPlace = 4

// placesByFirst are the cities and provinces by their first rune, placeRunes those runes and the
// last ones of the names of other places.
var placesByFirst, placeRunes = buildPlaces()

func buildPlaces() (map[rune][]knownPlace, *runeSet) {
	m, first := map[rune][]knownPlace{}, &runeSet{}
	add := func(s, name string, city bool) {
		r := []rune(s)
		if len(r) >= 2 && len(r) <= maxKnownPlace {
			m[r[0]] = append(m[r[0]], knownPlace{r, name, city})
			first.add(r[0])
		}
	}
	for name := range cityProvince {
		add(name, name+"市", true)
	}
	for name := range provinceSet {
		if !isCity(name) {
			add(name, name, false)
		}
	}
	first.add('市')
	first.add('县')
	return m, first
}

// issuer takes the office from a title such as 澜江市人民政府办公室关于印发….
func issuer(d *Document) {
	for _, w := range []string{"关于", "印发", "转发", "批转"} {
		if k := strings.Index(d.Title, w); k > 0 && k < 90 {
			name := d.Title[:k]
			if endsIn(name, issuerEnds) != "" {
				d.Issuer = name
			}
			return
		}
	}
}

var issuerEnds = newEndings(strings.Fields(`政府 办公室 委员会 委 局 厅 部 室 院 办 组 会 党组 中心`))

// ordinalPlan is the number of a five-year plan in a title: 第十四个五年规划.
func ordinalPlan(t []rune) int {
	for i := 0; i+6 < len(t); i++ {
		if t[i] != '第' {
			continue
		}
		n, ok := hanzi.ScanNumber(t, i+1)
		if ok && n.End+3 <= len(t) && string(t[n.End:n.End+3]) == "个五年" {
			if v, ok := n.Value.Int64(); ok && v >= 6 && v < 30 {
				return int(v)
			}
		}
	}
	return 0
}

// maxHorizon bounds the years that a plan without a period of its own can be for.
const maxHorizon = 6

// horizon is the year by which a plan's first aim is to be reached: 到2027年, or 0.
func horizon(r []rune, date hanzi.Date) int {
	for i := 0; i+5 < len(r); i++ {
		if r[i] != '到' || !fullYear(r, i+1) || r[i+5] != '年' {
			continue
		}
		t, ok := hanzi.ScanTime(r, i, date)
		if ok && t.To.Year > date.Year && t.To.Year <= date.Year+maxHorizon {
			return t.To.Year
		}
	}
	return 0
}
