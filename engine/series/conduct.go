package series

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Report is one value as it was handed in, first or as a correction (报送).
type Report struct {
	Day   string   // 2026-10-12
	Value *big.Rat // nil says that it was withdrawn
}

// Reported is a period with its reports in the order they came; none means that it is missing.
type Reported struct {
	Period  Period
	Reports []Report
}

// last is the value that holds now, nil when missing.
func (r Reported) last() *big.Rat {
	if len(r.Reports) == 0 {
		return nil
	}
	return r.Reports[len(r.Reports)-1].Value
}

// Watch says what is looked for. Every number is the office's own choice, dated data of the caller.
type Watch struct {
	LateDays   int      // a correction so many days after the first report is late; 0 does not look
	LateShare  *big.Rat // and only if it changed the value by at least this share
	Before     []string // days of assessment
	BeforeDays int      // a value that came so many days before one of them is looked at
	JumpTimes  *big.Rat // and is a jump if its step is so many times the usual one
	Direction  Direction
	Target     *big.Rat // what divides good from bad values; nil does not look for gaps
}

// Finding is something that an honest series rarely shows. It proves nothing: somebody should ask.
type Finding struct {
	Code    string // late, jump or gap
	Periods []Period
	Args    []string
}

// Text is the finding in words, in English if english, else in Chinese.
func (f Finding) Text(english bool) string {
	texts := findingTexts[f.Code]
	text := texts[0]
	if english {
		text = texts[1]
	}
	for i, a := range f.Args {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", a)
	}
	return text
}

// Suspicious looks through a series for late corrections, jumps before an assessment, and values that
// are missing just where the others are bad. Findings come in the order of their periods.
func Suspicious(list []Reported, w Watch) []Finding {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Reported) int {
		return cmp.Compare(a.Period.SortKey(), b.Period.SortKey())
	})
	out := slices.Concat(late(list, w), jumps(list, w), gaps(list, w))
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Compare(a.Periods[0].SortKey(), b.Periods[0].SortKey())
	})
	return out
}

// late finds corrections long after the first report.
func late(list []Reported, w Watch) []Finding {
	var out []Finding
	for _, r := range list {
		for i := 1; i < len(r.Reports) && w.LateDays > 0; i++ {
			before, after := r.Reports[i-1].Value, r.Reports[i].Value
			n, ok := daysBetween(r.Reports[0].Day, r.Reports[i].Day)
			if !ok || n < w.LateDays || before == nil || after == nil || !moved(before, after, w.LateShare) {
				continue
			}
			out = append(out, Finding{"late", []Period{r.Period}, []string{r.Reports[i].Day, strconv.Itoa(n),
				plain(before), plain(after)}})
		}
	}
	return out
}

// moved reports whether a value changed by at least a share of itself.
func moved(before, after, share *big.Rat) bool {
	d := new(big.Rat).Sub(after, before)
	if d.Sign() == 0 {
		return false
	}
	if share == nil {
		return true
	}
	return d.Abs(d).Cmp(new(big.Rat).Mul(new(big.Rat).Abs(before), share)) >= 0
}

// minSteps is how many other steps it takes to know what is usual.
const minSteps = 4

// jumps finds values that came just before an assessment and moved far more than is usual, to the
// good side.
func jumps(list []Reported, w Watch) []Finding {
	if w.JumpTimes == nil {
		return nil
	}
	var out []Finding
	for i := 1; i < len(list); i++ {
		step := difference(list, i)
		day, eve := reportEve(list[i], w)
		if step == nil || !eve || step.Sign() == 0 || step.Sign() < 0 == (w.Direction == Up) {
			continue
		}
		var others []*big.Rat
		for j := 1; j < len(list); j++ {
			if d := difference(list, j); d != nil && j != i {
				others = append(others, d.Abs(d))
			}
		}
		if len(others) < minSteps {
			continue
		}
		slices.SortFunc(others, func(a, b *big.Rat) int { return a.Cmp(b) })
		usual := others[len(others)/2]
		size := new(big.Rat).Abs(step)
		if usual.Sign() == 0 || size.Cmp(new(big.Rat).Mul(usual, w.JumpTimes)) < 0 {
			continue
		}
		out = append(out, Finding{"jump", []Period{list[i].Period}, []string{day, plain(size), plain(usual),
			new(big.Rat).Quo(size, usual).FloatString(1)}})
	}
	return out
}

// difference is the step to a value from the one before, nil when one of them is missing.
func difference(list []Reported, i int) *big.Rat {
	now, then := list[i].last(), list[i-1].last()
	if now == nil || then == nil {
		return nil
	}
	return new(big.Rat).Sub(now, then)
}

// reportEve reports whether the value that holds came in the days before an assessment, and which.
func reportEve(r Reported, w Watch) (day string, ok bool) {
	if len(r.Reports) == 0 {
		return "", false
	}
	for _, day := range w.Before {
		n, ok := daysBetween(r.Reports[len(r.Reports)-1].Day, day)
		if ok && n >= 0 && n <= w.BeforeDays {
			return day, true
		}
	}
	return "", false
}

// minGaps and minGood are how many missing and good values it takes to speak of a pattern.
const (
	minGaps = 2
	minGood = 3
)

// gaps finds a series whose values are missing only behind bad ones.
func gaps(list []Reported, w Watch) []Finding {
	if w.Target == nil {
		return nil
	}
	var missing []Period
	good, behindGood := 0, 0
	for i, r := range list {
		v := r.last()
		if v != nil {
			if !bad(v, w) {
				good++
			}
			continue
		}
		before := known(list[:i])
		switch {
		case before == nil:
		case bad(before, w):
			missing = append(missing, r.Period)
		default:
			behindGood++
		}
	}
	if len(missing) < minGaps || good < minGood || behindGood > 0 {
		return nil
	}
	return []Finding{{"gap", missing, []string{strconv.Itoa(len(missing)), plain(w.Target), strconv.Itoa(good)}}}
}

// known is the last value that is there.
func known(list []Reported) *big.Rat {
	for i := len(list) - 1; i >= 0; i-- {
		if v := list[i].last(); v != nil {
			return v
		}
	}
	return nil
}

func bad(v *big.Rat, w Watch) bool {
	if w.Direction == Up {
		return v.Cmp(w.Target) < 0
	}
	return v.Cmp(w.Target) > 0
}

// plain writes a number with up to four decimals.
func plain(x *big.Rat) string {
	t := x.FloatString(4)
	return strings.TrimRight(strings.TrimRight(t, "0"), ".")
}
