package formula

import (
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
)

// maxYears bounds the years that 年均增长 looks back.
const maxYears = 50

// timeFunctions are the functions that ask for other periods.
var timeFunctions = []named{
	{[]string{"上期", "prev"}, function{least: 1, most: 1, usage: "上期(甲)", reach: back(0, 1),
		eval: moved(func(at series.Period, _ int) series.Period { return at.Prev() })}},
	{[]string{"前推", "lag"}, function{least: 2, most: 2, usage: "前推(甲, 期数)", counts: MaxLag,
		reach: func(n *node, r *Ref) { r.Periods += n.n },
		eval:  moved(func(at series.Period, n int) series.Period { return at.Add(-n) })}},
	{[]string{"同期", "same"}, function{least: 1, most: 1, usage: "同期(甲)", reach: back(1, 0),
		eval: moved(func(at series.Period, _ int) series.Period { return at.SamePeriodLastYear() })}},
	{[]string{"同比", "yoy"}, function{least: 1, most: 1, usage: "同比(甲)", reach: back(1, 0), work: twice,
		eval: change(series.Period.SamePeriodLastYear)}},
	{[]string{"环比", "mom"}, function{least: 1, most: 1, usage: "环比(甲)", reach: back(0, 1), work: twice,
		eval: change(series.Period.Prev)}},
	{[]string{"年均增长", "cagr"}, function{least: 2, most: 2, usage: "年均增长(甲, 年数)", from: 1, counts: maxYears,
		reach: func(n *node, r *Ref) { r.Years += n.n }, work: twice, eval: compound}},
	{[]string{"累计", "ytd"}, function{least: 1, most: 1, usage: "累计(甲)",
		reach: func(_ *node, r *Ref) { r.ToDate = true }, work: func(*node) int { return 12 }, eval: toDate}},
	{[]string{"滚动合计", "rolling"}, function{least: 2, most: 2, usage: "滚动合计(甲, 期数)", from: 1, counts: MaxLag,
		reach: window, work: wide, eval: rolling(false)}},
	{[]string{"滚动平均", "average"}, function{least: 2, most: 2, usage: "滚动平均(甲, 期数)", from: 1, counts: MaxLag,
		reach: window, work: wide, eval: rolling(true)}},
}

func back(years, periods int) func(*node, *Ref) {
	return func(_ *node, r *Ref) { r.Years += years; r.Periods += periods }
}

func window(n *node, r *Ref) { r.Periods += n.n - 1 }
func twice(*node) int        { return 2 }
func wide(n *node) int       { return n.n }

// moved evaluates its argument in another period.
func moved(to func(at series.Period, n int) series.Period) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value { return r.number(n.args[0], to(at, n.n)) }
}

// change compares with another period: a share by percentage points, everything else in percent.
func change(to func(series.Period) series.Period) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value {
		now, then := r.number(n.args[0], at), r.number(n.args[0], to(at))
		if now.Unit.IsRatio() {
			return r.add(n, now, then, -1)
		}
		if reason, bad := unfitBase(now, then); bad {
			return Absent(Percent, reason)
		}
		x := new(big.Rat).Quo(now.Rat, then.Rat)
		return percent(r, x.Sub(x, one), now.Rounded || then.Rounded)
	}
}

var (
	one     = big.NewRat(1, 1)
	hundred = big.NewRat(100, 1)
)

func percent(r *run, x *big.Rat, rounded bool) Value {
	return r.bounded(Value{Rat: x.Mul(x, hundred), Unit: Percent, Rounded: rounded})
}

// unfitBase says why a growth cannot be told: a value is missing, or the base is not above zero.
func unfitBase(now, then Value) (Reason, bool) {
	switch {
	case now.Missing || then.Missing:
		return why(now, then), true
	case then.Rat.Sign() == 0:
		return Because("base.zero"), true
	case then.Rat.Sign() < 0:
		return Because("base.negative"), true
	}
	return Reason{}, false
}

// compound is the mean yearly growth over n years.
func compound(r *run, n *node, at series.Period) Value {
	now, then := r.number(n.args[0], at), r.number(n.args[0], at.Add(-n.n*at.Kind().PerYear()))
	if reason, bad := unfitBase(now, then); bad {
		return Absent(Percent, reason)
	}
	if now.Rat.Sign() <= 0 {
		return Absent(Percent, Because("root"))
	}
	x, exact := series.Root(new(big.Rat).Quo(now.Rat, then.Rat), n.n)
	return percent(r, x.Sub(x, one), !exact || now.Rounded || then.Rounded)
}

// toDate sums the periods since the start of the year.
func toDate(r *run, n *node, at series.Period) Value {
	if at == "" {
		return r.number(n.args[0], at)
	}
	return r.over(n, at, at.Number(), false)
}

func rolling(mean bool) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value { return r.over(n, at, n.n, mean) }
}

// over sums the last periods up to at, oldest first.
func (r *run) over(n *node, at series.Period, periods int, mean bool) Value {
	list := make([]Value, 0, periods)
	for i := periods - 1; i >= 0; i-- {
		list = append(list, r.number(n.args[0], at.Add(-i)))
	}
	return r.sum(list, list[0].Unit, mean)
}
