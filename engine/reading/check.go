package reading

import (
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// check compares the numbers of a document with each other, and writes what it finds into the
// statement that could be wrong. It says doubt only where the text itself does not add up.
func (rd *reader) check() {
	for from := 0; from < len(rd.out); {
		to := from
		for to < len(rd.out) && rd.out[to].para == rd.out[from].para {
			to++
		}
		p := rd.out[from:to]
		checkChanges(p)
		checkParts(p)
		checkStates(p)
		checkRates(p)
		checkShares(p)
		checkOfAmount(p)
		checkTotals(p)
		checkCompound(p)
		from = to
	}
	checkTargets(rd.out)
	checkSame(rd.out)
}

// verdict writes the outcome of a check once.
func (f *found) verdict(ok bool, rule string, words ...string) {
	if f.Check.Rule == "" {
		f.Check = Check{OK: ok, Rule: rule, Words: words}
	}
}

// checkChanges compares 增长C and 提高C with the A and B of 由A增至B before it.
func checkChanges(p []found) {
	for i := range p {
		c := &p[i]
		if c.Measure != Growth && c.Measure != Increase || c.Kind == Task || c.annual {
			continue
		}
		a, b := changeBefore(p, i)
		if a == nil {
			continue
		}
		if c.Reason.Rule == "difference" && c.Of != "" {
			continue // 高出规划目标2.5个百分点: not over the start of the change
		}
		if c.Measure == Increase {
			checkDifference(a, b, c)
		} else if a.value.Sign() > 0 {
			checkGrowth(a, b, c)
		}
	}
}

// changeBefore finds the start and the end of the change that statement i measures: in its
// sentence, of the same indicator, the end given first or last.
func changeBefore(p []found, i int) (a, b *found) {
	for j := i - 1; j >= max(0, i-4); j-- {
		x := &p[j]
		if x.sentence != p[i].sentence || x.Measure != Level && x.Measure != Share {
			continue
		}
		if !sameSeries(x, &p[i]) {
			continue
		}
		switch {
		case x.base && a == nil:
			a = x
		case !x.base && b == nil:
			b = x
		}
	}
	if a == nil || b == nil || a.Unit != b.Unit {
		return nil, nil
	}
	return a, b
}

// sameSeries says that two statements are about one thing.
func sameSeries(x, y *found) bool {
	return x.Subject == y.Subject && (x.Indicator == y.Indicator ||
		strings.HasPrefix(x.Indicator, y.Indicator) || strings.HasPrefix(y.Indicator, x.Indicator))
}

func checkDifference(a, b, c *found) {
	if isPoints(c.Unit) != (a.Unit == "%") || !isPoints(c.Unit) &&
		normalUnit(c.Unit) != normalUnit(a.Unit) {
		return
	}
	d := b.value.Sub(a.value)
	words := []string{b.Value, a.Value, decimal(d), c.Unit, c.Value}
	c.verdict(agree(d.Float64(), c.value.Float64(), slack(c, a, b)), "check.difference", words...)
}

func checkGrowth(a, b, c *found) {
	ratio, ok := b.value.Quo(a.value)
	if !ok {
		return
	}
	times := ratio.Float64()
	var got, said float64
	switch c.Unit {
	case "%":
		got, said = (times-1)*100, c.value.Float64()
	case "倍":
		got, said = times-1, c.value.Float64()
	case "番":
		got, said = times, math.Pow(2, c.value.Float64())
	default:
		return
	}
	words := []string{b.Value, a.Value, figure(got), unitOf(c), c.Value}
	switch {
	case c.Unit == "倍" && agree(times, said, 0.5) && !agree(got, said, 0.5):
		c.verdict(false, "check.times", words...) // 增长到N倍 is not 增长N倍
	case agree(got, said, slack(c, a, b)),
		c.Op == string(hanzi.AtLeast) && c.Unit == "番" && got > said: // 翻了两番还多
		c.verdict(true, "check.growth", words...)
	default:
		c.verdict(false, "check.growth", words...)
	}
}

func unitOf(c *found) string {
	if c.Unit == "番" {
		return "倍"
	}
	return c.Unit
}

// slack is how far a computed figure may be from a written one: half a unit of its last digit, and
// more where a figure it comes from is itself vague.
func slack(c *found, from ...*found) float64 {
	s := 0.5 * math.Pow10(-places(c.Value))
	whole := !strings.Contains(c.Value, ".") && c.Unit == "倍"
	if whole {
		s = 0.45 // rounded to whole times, which is more than the rounding of what it is of
	}
	if c.Unit == "番" {
		s = 0.3
	}
	for _, f := range from {
		if f.Op != string(hanzi.Exactly) {
			s += 0.03 * math.Abs(c.value.Float64())
		}
		// The figure may have been rounded.
		if v := math.Abs(f.value.Float64()); v > 0 && !whole {
			rounded := min(0.5*math.Pow10(-places(f.Value))/v, maxRounding)
			s += math.Abs(c.value.Float64()) * rounded
		}
	}
	if c.Op != string(hanzi.Exactly) {
		s += 0.05 * math.Abs(c.value.Float64())
	}
	return s
}

// maxRounding bounds the share of a figure that may have been lost in rounding it: small whole
// numbers are mostly exact.
const maxRounding = 0.05

// places counts the decimal places of a written number.
func places(v string) int {
	_, frac, _ := strings.Cut(v, ".")
	return len(frac)
}

// agree says that two figures are as near as they can be told apart.
func agree(a, b, slack float64) bool { return math.Abs(a-b) <= slack+1e-9 }

// figure writes a computed figure with at most one decimal place.
func figure(v float64) string {
	return hanzi.Scaled(int64(math.Round(v*10)), -1).String()
}

// checkParts adds up the members of an enumeration and compares them with the whole before it:
// 30个, 其中2024年8个、2025年10个、2026年12个.
func checkParts(p []found) {
	for i := 0; i < len(p); i++ {
		if !p[i].part {
			continue
		}
		j := i
		sum := hanzi.Int(0)
		var terms []string
		byTime := p[i].Subject == wholeSubject(p, i)
		for j < len(p) && p[j].part && (p[j].Subject == wholeSubject(p, i)) == byTime {
			sum = sum.Add(p[j].value)
			terms = append(terms, p[j].Value)
			j++
		}
		whole := wholeBefore(p, i)
		if whole != nil && !addsUp(p, i, j, whole, sum) {
			whole = nil
		}
		if whole != nil && len(terms) > 1 && isCounter(whole.Unit) {
			words := []string{strings.Join(terms, "+"), decimal(sum), whole.Unit, whole.Value}
			if sum.Equal(whole.value) {
				whole.verdict(true, "check.sum", words...)
			} else {
				whole.Check = Check{OK: false, Rule: "check.sum", Words: words}
			}
		}
		i = j - 1
	}
}

// wholeBefore is the statement that the parts from i on are parts of.
// addsUp says that the members from i to j can be all of a whole: none is left out, and those of
// years lie in its period.
func addsUp(p []found, i, j int, whole *found, sum hanzi.Decimal) bool {
	first, last := &p[i], &p[j-1]
	switch {
	case last.more && sum.Cmp(whole.value) < 0, i > 0 && p[i-1].each:
		return false
	case first.Subject == whole.Subject && first.From != "" && last.To != "" && whole.From != "":
		return whole.From <= first.From && last.To <= whole.To
	}
	return true
}

func wholeBefore(p []found, i int) *found {
	for j := i - 1; j >= 0; j-- {
		if !p[j].part && p[j].Indicator == p[i].Indicator &&
			normalUnit(p[j].Unit) == normalUnit(p[i].Unit) {
			return &p[j]
		}
	}
	return nil
}

func wholeSubject(p []found, i int) string {
	if w := wholeBefore(p, i); w != nil {
		return w.Subject
	}
	return p[i].Subject
}

// checkStates adds up the states of a number of things: 186项, 已完成102项, 达到序时进度61项, 滞后23项.
// A sum below the whole may only be unfinished; one above it is wrong.
func checkStates(p []found) {
	for i := 1; i < len(p); i++ {
		if !p[i].state || p[i-1].state && p[i-1].Unit == p[i].Unit {
			continue
		}
		whole := countBefore(p, i)
		if whole == nil {
			continue
		}
		sum := hanzi.Int(0)
		var terms []string
		for j := i; j < len(p) && (p[j].state || isRatio(p[j].Unit)); j++ {
			if p[j].state && p[j].Unit == p[i].Unit {
				sum = sum.Add(p[j].value)
				terms = append(terms, p[j].Value)
			}
		}
		words := []string{strings.Join(terms, "+"), decimal(sum), whole.Unit, whole.Value}
		if c := sum.Cmp(whole.value); len(terms) >= 3 && c >= 0 {
			whole.verdict(c == 0, "check.sum", words...)
		}
	}
}

// countBefore is the count that the states from i on divide.
func countBefore(p []found, i int) *found {
	for k := i - 1; k >= max(0, i-3); k-- {
		if !p[k].state && p[k].Measure == Level && p[k].Unit == p[i].Unit {
			return &p[k]
		}
	}
	return nil
}

// checkRates divides the counts that a rate is made of: 整改率66% of 47 and 31. It only confirms,
// for the text seldom says which counts a rate is of.
func checkRates(p []found) {
	for i := range p {
		r := &p[i]
		stem, ok := strings.CutSuffix(r.Indicator, "率")
		if !ok || r.Unit != "%" || r.Measure != Level || len([]rune(stem)) < 2 {
			continue
		}
		verb := string([]rune(stem)[len([]rune(stem))-2:])
		for j := max(0, i-6); j < i; j++ {
			num := &p[j]
			if !num.state || !strings.HasSuffix(num.Indicator, verb) {
				continue
			}
			for k := max(0, j-3); k < j; k++ {
				den := &p[k]
				if den.Unit != num.Unit || den.value.Sign() <= 0 || den.state ||
					den.value.Cmp(num.value) < 0 {
					continue
				}
				q, _ := num.value.Quo(den.value)
				got := q.Float64() * 100
				if agree(got, r.value.Float64(), slack(r)) {
					r.verdict(true, "check.ratio", num.Value, den.Value, figure(got))
				}
			}
		}
	}
}

// checkShares divides part and whole where the paragraph gives both.
func checkShares(p []found) {
	for i := range p {
		s := &p[i]
		if s.Measure != Share || s.Unit != "%" || s.Of == "" || s.Kind != Fact {
			continue
		}
		var part, whole *found
		for j := range p {
			x := &p[j]
			if x.Measure != Level || x.Subject != s.Subject || x.From != s.From || x.To != s.To ||
				x.base {
				continue
			}
			if x.Indicator == s.Indicator {
				part = x
			} else if x.Indicator == s.Of {
				whole = x
			}
		}
		if part == nil || whole == nil {
			continue
		}
		v, ok := hanzi.Convert(part.value, part.Unit, whole.Unit)
		if !ok || whole.value.Sign() <= 0 {
			continue
		}
		q, _ := v.Quo(whole.value)
		got := q.Float64() * 100
		s.verdict(agree(got, s.value.Float64(), slack(s, part, whole)), "check.ratio",
			part.Value, whole.Value, figure(got))
	}
}

// checkCompound raises a base by an annual growth: 153.6亿元 growing by 25% a year for three years.
func checkCompound(p []found) {
	for i := range p {
		g := &p[i]
		if g.Measure != Growth || !g.annual || g.Unit != "%" {
			continue
		}
		var base, end *found
		for j := range p {
			x := &p[j]
			if x.Measure != Level || !sameSeries(x, g) || x.part {
				continue
			}
			if x.Kind == Fact && x.To < g.To {
				base = x
			} else if x.To == g.To && end == nil {
				end = x
			}
		}
		if base == nil || end == nil || base.Unit != end.Unit || len(base.To) < 4 ||
			len(end.To) < 4 {
			continue
		}
		n := yearIn(end.To) - yearIn(base.To)
		if n < 1 || n > 30 {
			continue
		}
		got := base.value.Float64() * math.Pow(1+g.value.Float64()/100, float64(n))
		said := end.value.Float64()
		agrees := math.Abs(got-said) <= 0.015*said
		if !agrees && contains(g.Indicator, constantPrices) {
			continue
		}
		words := []string{base.Value, g.Value, itoa(n), figure(got), end.Unit, end.Value}
		g.verdict(agrees, "check.compound", words...)
	}
}

// constantPrices are in names of amounts whose growth is reckoned in constant prices and whose
// values are not, so that the two need not agree.
var constantPrices = []string{"生产总值", "增加值", "经济总量"}

// checkTargets adds a planned increase to the stock reached and compares it with the planned stock:
// 948家 and 净增150家 do not make 1100家.
func checkTargets(all []found) {
	type key struct {
		subject, name string
		year          int
	}
	of := func(x *found, years int) key {
		return key{x.Subject, strings.TrimSuffix(x.Indicator, "总数"), yearIn(x.To) + years}
	}
	have, more := map[key]*found{}, map[key]*found{}
	for i := range all {
		switch x := &all[i]; {
		case x.Op != "=" || x.base || x.part || !isCounter(x.Unit):
		case x.Kind == Fact && x.Measure == Level && x.From == "":
			have[of(x, 1)] = x
		case x.Kind == Target && x.Measure == Increase:
			more[of(x, 0)] = x
		}
	}
	for i := range all {
		t := &all[i]
		if t.Kind != Target || t.Measure != Level || !isCounter(t.Unit) || t.part {
			continue
		}
		h, m := have[of(t, 0)], more[of(t, 0)]
		if h == nil || m == nil {
			continue
		}
		sum := h.value.Add(m.value)
		words := []string{h.Value + "+" + m.Value, decimal(sum), t.Unit, t.Value}
		t.verdict(sum.Cmp(t.value) >= 0, "check.reach", words...)
	}
}

// checkSame finds two values of one indicator at one time.
func checkSame(all []found) {
	seen := map[[6]string]int{}
	for i := range all {
		x := &all[i]
		if x.Kind != Fact || x.Measure != Level && x.Measure != Share || x.part || x.state ||
			x.base ||
			x.Op != "=" || x.To == "" || len([]rune(x.Indicator)) < 4 || x.From == "" &&
			!isStockName(x.Indicator) {
			continue
		}
		key := [6]string{x.Subject, x.Indicator, x.Measure, x.From, x.To, normalUnit(x.Unit)}
		j, ok := seen[key]
		if !ok {
			seen[key] = i
			continue
		}
		if y := &all[j]; !y.value.Equal(x.value) && y.sentence != x.sentence {
			x.verdict(false, "check.same", x.Indicator, y.Value+y.Unit, x.Value+x.Unit)
		}
	}
}

func isStockName(s string) bool { return endsIn(s, stockList) != "" }

func yearIn(date string) int {
	if len(date) < 4 {
		return 0
	}
	y := 0
	for _, c := range date[:4] {
		if c < '0' || c > '9' {
			return 0
		}
		y = y*10 + int(c-'0')
	}
	return y
}

// checkOfAmount divides where the whole is an amount just before: 占年度目标任务35亿元的89.3%; 授权4126件,
// 其中发明专利653件, 占15.8%.
func checkOfAmount(p []found) {
	for i := 2; i < len(p); i++ {
		s := &p[i]
		if s.Measure != Share || s.Unit != "%" || s.Check.Rule != "" ||
			s.sentence != p[i-1].sentence {
			continue
		}
		part, whole := &p[i-1], &p[i-2]
		switch {
		case strings.HasSuffix(s.Of, p[i-1].Value+p[i-1].Unit):
			part, whole = lastLevel(p[:i-1], s), &p[i-1]
		case s.Of == "" && part.within && part.Indicator == s.Indicator:
		default:
			continue
		}
		if part == nil || part.Measure != Level && part.Measure != Increase || part.Op != "=" ||
			whole.Op != "=" ||
			part.base || whole.base {
			continue
		}
		v, ok := hanzi.Convert(part.value, part.Unit, whole.Unit)
		if !ok || whole.value.Sign() <= 0 {
			continue
		}
		q, _ := v.Quo(whole.value)
		got := q.Float64() * 100
		s.verdict(agree(got, s.value.Float64(), slack(s, part, whole)), "check.ratio",
			part.Value, whole.Value, figure(got))
	}
}

// lastLevel is the last amount of what a share is of a part of.
func lastLevel(p []found, s *found) *found {
	for i := len(p) - 1; i >= max(0, len(p)-4); i-- {
		if p[i].sentence == s.sentence && p[i].Indicator == s.Indicator && p[i].Measure != Share &&
			p[i].Measure != Growth {
			return &p[i]
		}
	}
	return nil
}

// checkTotals adds up the members of an enumeration before 合计.
func checkTotals(p []found) {
	for i := range p {
		t := &p[i]
		if !t.total || t.Measure != Level || t.Check.Rule != "" {
			continue
		}
		sum := hanzi.Int(0)
		var terms []string
		for j := i - 1; j >= 0 && p[j].part && p[j].Unit == t.Unit &&
			(p[j].Indicator == t.Indicator || t.row); j-- {
			sum = sum.Add(p[j].value)
			terms = append([]string{p[j].Value}, terms...)
		}
		if len(terms) > 1 {
			t.verdict(sum.Equal(t.value), "check.sum", strings.Join(terms, "+"), decimal(sum),
				t.Unit,
				t.Value)
		}
	}
}
