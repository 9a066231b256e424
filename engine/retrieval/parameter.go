package retrieval

import (
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
}

// Limits of parameters.
const (
	maxParameters     = 64 // of one text
	maxParameterRunes = 20_000
	maxNameRunes      = 8
)

// Parameters returns the amounts with units of a text, in its order. Counted things, money, times
// and numbers within names are none.
func Parameters(text string) []Parameter {
	r := hanzi.Fold(clip(text, MaxText)).Runes
	foldRunes(r)
	r = r[:min(len(r), maxParameterRunes)]
	var out []Parameter
	for i := 0; i < len(r) && len(out) < maxParameters; i++ {
		q, ok := hanzi.ScanQuantity(r, i)
		if !ok {
			if r[i] >= '0' && r[i] <= '9' {
				i = endOfDigits(r, i) - 1
			}
			continue
		}
		if p, ok := parameter(r, &q); ok {
			out = append(out, p)
		}
		i = max(i, q.End-1)
	}
	return out
}

func parameter(r []rune, q *hanzi.Quantity) (Parameter, bool) {
	switch q.Dim {
	case "", hanzi.DimCount, hanzi.DimNamed, hanzi.DimMonths, hanzi.DimGrade, hanzi.DimVisits, "CNY":
		return Parameter{}, false
	}
	u, ok := hanzi.ParseUnit(q.Unit)
	if !ok || q.Name {
		return Parameter{}, false
	}
	p := Parameter{Name: nameBefore(r, q.Start), Surface: string(r[q.Start:q.End]), Op: q.Op,
		Low: q.Low.Mul(u.Size), Top: q.High.Mul(u.Size), Dim: u.Dim}
	return p, p.Name != "" && p.Low.Finite() && p.Top.Finite()
}

// nameBefore returns the words right before rune i, without what only joins them to the amount.
func nameBefore(r []rune, i int) string {
	end := i
	for end > 0 && strings.ContainsRune(" :：=(（", r[end-1]) {
		end--
	}
	for end > 0 && strings.ContainsRune("为达到在是约可的至", r[end-1]) {
		end--
	}
	start := end
	for start > 0 && end-start < maxNameRunes && nameRune(r[start-1]) {
		start--
	}
	return string(r[start:end])
}

func nameRune(c rune) bool {
	return unicode.IsLetter(c) && !strings.ContainsRune("的和及与或在到了将使", c)
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
	if wanted.Dim != stated.Dim || !sameThing(wanted.Name, stated.Name) {
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

// sameThing reports whether two names of indicators end in the same word, or one in the other:
// 抗冲击韧性 and 韧性.
func sameThing(a, b string) bool {
	if strings.HasSuffix(a, b) || strings.HasSuffix(b, a) {
		return len([]rune(a)) > 1 && len([]rune(b)) > 1
	}
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n >= 2
}
