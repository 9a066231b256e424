package retrieval

import (
	"slices"
	"strings"
	"unicode"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Parameter is an amount that a text states or asks for: 堆积密度≥1.80克/立方厘米.
type Parameter struct {
	Name     string // the words right before it, 指标: 堆积密度
	Surface  string // the amount as written, with its operator
	Op       hanzi.Op
	Low, Top hanzi.Decimal // in the base unit of Dim; equal unless a range
	Dim      string
	// Now says that it tells how things stand and not what is wanted: 目前仅 1200W/(m·K).
	Now bool
	// Before says that it tells how things were before: 由7m/min of 检测速度由7m/min改进到19m/min.
	Before bool
}

// Limits of parameters.
const (
	maxParameters     = 64 // of one text
	maxParameterRunes = 20_000
	maxNameRunes      = 12
)

// Parameters returns the amounts with units of a text, in its order. Counted things, money, times
// and numbers within names are none.
func Parameters(text string) []Parameter {
	r := hanzi.Fold(clip(text, MaxText)).Runes
	foldRunes(r)
	r = r[:min(len(r), maxParameterRunes)]
	var out []Parameter
	last := 0 // where the amount before ends: its unit is no part of a name
	for i := 0; i < len(r) && len(out) < maxParameters; i++ {
		q, ok := hanzi.ScanQuantity(r, i)
		if !ok {
			if r[i] >= '0' && r[i] <= '9' {
				i = endOfDigits(r, i) - 1
			}
			continue
		}
		if p, ok := parameter(r, &q, last); ok {
			if n := len(out); n > 0 && wishAlone(p.Name) && out[n-1].Dim == p.Dim {
				p.Name = out[n-1].Name // 导热系数仅1200W/(m·K)，希望≥1500W/(m·K)
			}
			p.Name, p.Before = cutFrom(p.Name, r, q.End)
			p.Now = p.Before || tellsNow(r, &q)
			if p.Name != "" {
				out = append(out, p)
			}
		}
		last = unitEnd(r, q.End)
		i = max(i, q.End-1)
	}
	return out
}

func parameter(r []rune, q *hanzi.Quantity, last int) (Parameter, bool) {
	switch q.Dim {
	case "", hanzi.DimCount, hanzi.DimNamed, hanzi.DimMonths, hanzi.DimGrade, hanzi.DimVisits, "CNY":
		return Parameter{}, false
	}
	u, ok := hanzi.ParseUnit(q.Unit)
	if !ok || q.Name {
		return Parameter{}, false
	}
	end := unitEnd(r, q.End)
	p := Parameter{Name: nameBefore(r, last, q.Start), Surface: string(r[q.Start:end]), Op: q.Op,
		Low: q.Low.Mul(u.Size), Top: q.High.Mul(u.Size), Dim: u.Dim + string(r[q.End:end])}
	return p, p.Name != ""
}

// unitEnd returns where a unit ends that goes on after what is known of it: mΩ·cm² is not mΩ.
func unitEnd(r []rune, i int) int {
	for i+1 < len(r) && strings.ContainsRune("·•⋅*/", r[i]) && unitRune(r[i+1]) {
		for i++; i < len(r) && (unitRune(r[i]) || r[i] >= '0' && r[i] <= '9'); i++ {
		}
	}
	return i
}

func unitRune(c rune) bool {
	return c < 0x2e80 && unicode.IsLetter(c) || strings.ContainsRune("²³⁻°℃%", c)
}

// cutFrom takes 由 and 从 off a name when the amount that ends at rune i is what a change began with.
func cutFrom(name string, r []rune, i int) (string, bool) {
	cut := strings.TrimRight(name, "由从")
	if cut == name {
		return name, false
	}
	after := string(r[i:min(i+maxNameRunes, len(r))])
	if end := strings.IndexAny(after, "，,。；;、！!？?\n"); end >= 0 {
		after = after[:end]
	}
	return cut, strings.ContainsAny(after, "到至为升降增减")
}

// nameBefore returns the words right before rune i and not before rune from, without what only joins them to
// the amount.
func nameBefore(r []rune, from, i int) string {
	end := i
	for end > 0 && strings.ContainsRune(" :：=(（", r[end-1]) {
		end--
	}
	reached := false // 降低到 5 says what is reached, 降低 5 by how much
	for end > 0 && strings.ContainsRune("为达到在是约可的至仅", r[end-1]) {
		end--
		reached = reached || r[end] == '到' || r[end] == '至' || r[end] == '为'
	}
	start := end
	for start > from && end-start < maxNameRunes &&
		(nameRune(r[start-1]) || r[start-1] == '使' && start < end && r[start] == '用') {
		start--
	}
	// 现有石墨膜导热系数 is 石墨膜导热系数, wherever the limit cuts it.
	if i, w := lastOf(string(r[max(0, start-1):end]), nowWords); i >= 0 {
		return string(r[max(0, start-1):end])[i+len(w):]
	}
	name := string(r[start:end])
	if i, w := lastOf(name, leadWords); i >= 0 && i+len(w) < len(name) {
		name = name[i+len(w):]
	}
	for _, w := range askWords {
		if rest := strings.TrimPrefix(name, w); rest != "" {
			name = rest
		}
	}
	for _, w := range changeWords {
		if rest := strings.TrimSuffix(name, w); rest != "" && reached {
			name = rest
		}
	}
	return name
}

func nameRune(c rune) bool {
	return unicode.IsLetter(c) && !strings.ContainsRune("的和及与或在到了将使", c)
}

// nowWords before an amount say that it tells how things stand, wishWords that it is wanted.
var (
	nowWords  = []string{"现有", "目前", "当前", "现状", "现阶段", "现为", "仅", "只有"}
	wishWords = []string{"希望", "要求", "需要", "期望", "目标", "提高", "提升", "增加", "降低", "降至", "力争"}
	askWords  = []string{"希望", "要求", "需要", "期望", "力争"}
	// changeWords tell of a change, and of what it ends with, not of what changes.
	changeWords = []string{"提高", "提升", "增加", "降低", "改进", "改善", "优化", "缩短", "延长", "减少", "下降", "上升",
		"压缩", "扩大", "降", "升"}
	// leadWords end what only leads to an indicator: 典型工况下层间强度.
	leadWords = []string{"工况下", "条件下", "环境下", "状态下", "情况下", "实测", "测得"}
)

// maxNowRunes is how far before an amount such a word is looked for.
const maxNowRunes = 60

// tellsNow says whether the nearest of these words in the sentence of an amount is one of how things
// stand. A bound, ≥1500, is wanted unless such a word stands in its own clause and is not 现有, which
// may only name what is to become better.
func tellsNow(r []rune, q *hanzi.Quantity) bool {
	from := q.Start
	for from > 0 && q.Start-from < maxNowRunes && !strings.ContainsRune("。；;！？!?\n", r[from-1]) {
		from--
	}
	before := string(r[from:q.Start])
	clause := before
	if i := strings.LastIndexAny(before, "，,"); i >= 0 {
		clause = before[i:]
	}
	now, word := lastOf(before, nowWords)
	if wish, _ := lastOf(before, wishWords); now < 0 || wish > now {
		return false
	}
	bound := q.Op != hanzi.Exactly && q.Op != hanzi.About
	return !bound || word != "现有" && strings.Contains(clause, word)
}

// lastOf returns where the last of some words stands, -1 for nowhere.
func lastOf(s string, words []string) (int, string) {
	at, found := -1, ""
	for _, w := range words {
		if i := strings.LastIndex(s, w); i > at {
			at, found = i, w
		}
	}
	return at, found
}

// wishAlone says whether a name only says that something is wanted, and not what.
func wishAlone(name string) bool {
	for again := true; again && name != ""; {
		again = false
		for _, w := range slices.Concat(wishWords, changeWords) {
			if rest, ok := strings.CutPrefix(name, w); ok {
				name, again = rest, true
			}
		}
	}
	return name == ""
}

// Wanted are the amounts of a text that a need asks for: those that do not tell how things stand.
func Wanted(text string) []Parameter {
	return slices.DeleteFunc(Parameters(text), func(p Parameter) bool { return p.Now })
}

// Verdict says whether a stated amount keeps a wanted one.
type Verdict int8

// Verdicts.
const (
	Unsure Verdict = iota // not comparable, or it depends
	Kept
	Broken
)

// Compare says whether what is stated keeps what is wanted. Amounts of another dimension, or of
// another thing, cannot be compared.
func Compare(wanted, stated *Parameter) Verdict {
	if wanted.Dim != stated.Dim || stated.Before || !sameThing(wanted.Name, stated.Name) {
		return Unsure
	}
	switch wanted.Op {
	case hanzi.AtLeast, hanzi.More:
		return atLeast(wanted, stated)
	case hanzi.AtMost, hanzi.Less:
		return atMost(wanted, stated)
	}
	if stated.Op != hanzi.Exactly || wanted.Op != hanzi.Exactly {
		return Unsure
	}
	if stated.Top.Cmp(wanted.Low) < 0 || stated.Low.Cmp(wanted.Top) > 0 {
		return Broken
	}
	return Kept
}

func atLeast(wanted, stated *Parameter) Verdict {
	switch c := stated.Low.Cmp(wanted.Low); {
	case stated.Op == hanzi.About:
		return Unsure
	case stated.Op == hanzi.AtMost || stated.Op == hanzi.Less:
		if stated.Top.Cmp(wanted.Low) < 0 {
			return Broken
		}
		return Unsure
	case c > 0, c == 0 && (wanted.Op == hanzi.AtLeast || stated.Op == hanzi.More):
		return Kept
	case stated.Op == hanzi.Exactly && stated.Top.Cmp(wanted.Low) < 0,
		stated.Op == hanzi.Exactly && stated.Top.Equal(wanted.Low) && wanted.Op == hanzi.More:
		return Broken
	}
	return Unsure
}

func atMost(wanted, stated *Parameter) Verdict {
	switch c := stated.Top.Cmp(wanted.Top); {
	case stated.Op == hanzi.About:
		return Unsure
	case stated.Op == hanzi.AtLeast || stated.Op == hanzi.More:
		if stated.Low.Cmp(wanted.Top) > 0 {
			return Broken
		}
		return Unsure
	case c < 0, c == 0 && (wanted.Op == hanzi.AtMost || stated.Op == hanzi.Less):
		return Kept
	case stated.Op == hanzi.Exactly && stated.Low.Cmp(wanted.Top) > 0,
		stated.Op == hanzi.Exactly && stated.Low.Equal(wanted.Top) && wanted.Op == hanzi.Less:
		return Broken
	}
	return Unsure
}

// Answer returns which of the stated amounts answers a wanted one, and how: the one whose name is nearest
// to it, and of several one that keeps it. nil and Unsure where none can be compared.
func Answer(wanted *Parameter, stated []Parameter) (*Parameter, Verdict) {
	var best *Parameter
	verdict, near := Unsure, 0
	for i := range stated {
		v := Compare(wanted, &stated[i])
		if v == Unsure {
			continue
		}
		n := commonEnd([]rune(wanted.Name), []rune(stated[i].Name))
		if best == nil || n > near || n == near && v == Kept && verdict != Kept {
			best, verdict, near = &stated[i], v, n
		}
	}
	return best, verdict
}

// minCommon is how many runes two names must share at their ends to be of one thing when both say more: a
// shared 强度 does not make 拉伸强度 and 层间强度 the same, 合格率 makes it of 焊缝合格率 and 产品合格率.
const minCommon = 3

// sameThing reports whether two names of indicators end in the same words, or one in the other:
// 抗冲击韧性 and 韧性.
func sameThing(a, b string) bool {
	if strings.HasSuffix(a, b) || strings.HasSuffix(b, a) {
		return len([]rune(a)) > 1 && len([]rune(b)) > 1
	}
	return commonEnd([]rune(a), []rune(b)) >= minCommon
}

// commonEnd returns how many runes two names share at their ends.
func commonEnd(x, y []rune) int {
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}
