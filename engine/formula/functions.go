package formula

import (
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
)

// function is one function of the language.
type function struct {
	least, most int    // arguments, a written count among them
	usage       string // how it is written
	text        int    // which argument is a text, from 1
	from        int    // the last argument is a written whole number from this …
	counts      int    // … to this; 0 means there is none
	reach       func(n *node, reach *Ref)
	work        func(n *node) int // how many times its arguments are asked for
	eval        func(r *run, n *node, at series.Period) Value
}

// functions are all functions by each of their names.
var functions = func() map[string]*function {
	out := map[string]*function{}
	for _, list := range [][]named{plainFunctions, timeFunctions, siteFunctions} {
		for _, f := range list {
			for _, name := range f.names {
				out[name] = &f.function
			}
		}
	}
	return out
}()

// named is a function with its names.
type named struct {
	names []string
	function
}

// Usage is a function as it is written, for a help page.
type Usage struct {
	Name    string // in Chinese
	English string
	Written string // 如果(条件, 甲, 乙)
	meaning [2]string
}

// Meaning says in words what the function gives.
func (u Usage) Meaning(english bool) string {
	if english {
		return u.meaning[1]
	}
	return u.meaning[0]
}

// Usages are the functions as they are written, for a help page.
func Usages() []Usage {
	var out []Usage
	for _, list := range [][]named{plainFunctions, timeFunctions, siteFunctions} {
		for _, f := range list {
			out = append(out, Usage{f.names[0], f.names[1], f.usage, meanings[f.names[0]]})
		}
	}
	return out
}

// maxPlaces bounds the decimals that a formula rounds to.
const maxPlaces = 12

var plainFunctions = []named{
	{[]string{"如果", "if"}, function{least: 3, most: 3, usage: "如果(条件, 甲, 乙)", eval: choose}},
	{[]string{"最小", "min"}, function{least: 1, most: MaxArgs, usage: "最小(甲, 乙, …)", eval: extreme(-1, false)}},
	{[]string{"最大", "max"}, function{least: 1, most: MaxArgs, usage: "最大(甲, 乙, …)", eval: extreme(1, false)}},
	{[]string{"最大已有", "maxknown"}, function{least: 1, most: MaxArgs, usage: "最大已有(甲, 乙, …)",
		eval: extreme(1, true)}},
	{[]string{"合计", "sum"}, function{least: 1, most: MaxArgs, usage: "合计(甲, 乙, …)", eval: total(false)}},
	{[]string{"平均", "mean"}, function{least: 1, most: MaxArgs, usage: "平均(甲, 乙, …)", eval: total(true)}},
	{[]string{"绝对值", "abs"}, function{least: 1, most: 1, usage: "绝对值(甲)",
		eval: mapped(func(x *big.Rat, _ int) *big.Rat { return new(big.Rat).Abs(x) })}},
	{[]string{"四舍五入", "round"}, function{least: 2, most: 2, usage: "四舍五入(甲, 小数位)", counts: maxPlaces,
		eval: mapped(func(x *big.Rat, n int) *big.Rat { return series.Round(x, n, false) })}},
	{[]string{"修约", "revise"}, function{least: 2, most: 2, usage: "修约(甲, 小数位)", counts: maxPlaces,
		eval: mapped(func(x *big.Rat, n int) *big.Rat { return series.Round(x, n, true) })}},
	{[]string{"下取整", "floor"}, function{least: 1, most: 1, usage: "下取整(甲)",
		eval: mapped(func(x *big.Rat, _ int) *big.Rat { return floor(x) })}},
	{[]string{"首个有值", "coalesce"}, function{least: 2, most: MaxArgs, usage: "首个有值(甲, 乙, …)", eval: first}},
	{[]string{"有值", "known"}, function{least: 1, most: 1, usage: "有值(甲)", eval: isKnown}},
	{[]string{"占比", "share"}, function{least: 2, most: 2, usage: "占比(部分, 全部)", eval: share}},
	{[]string{"换算", "to"}, function{least: 2, most: 2, usage: `换算(甲, "单位")`, text: 2, eval: convert}},
	{[]string{"赋单位", "of"}, function{least: 2, most: 2, usage: `赋单位(甲, "单位")`, text: 2, eval: assign}},
	{[]string{"参数", "param"}, function{least: 1, most: 1, usage: `参数("名称")`, text: 1, eval: parameter}},
	{[]string{"分级", "grade"}, function{least: 2, most: 2, usage: `分级(甲, "分级表")`, text: 2,
		eval: lookup(Table.grade, false)}},
	{[]string{"插值", "between"}, function{least: 2, most: 2, usage: `插值(甲, "分段表")`, text: 2,
		eval: lookup(Table.between, true)}},
}

// choose is if. The branch that is not taken is checked and leaves no trace.
func choose(r *run, n *node, at series.Period) Value {
	cond := r.truth(n.args[0], at)
	branch := func(i int, taken bool) Value {
		quiet := r.quiet
		r.quiet = quiet || !taken
		defer func() { r.quiet = quiet }()
		return r.eval(n.args[i], at)
	}
	a := branch(1, cond.Missing || cond.Truth)
	b := branch(2, cond.Missing || !cond.Truth)
	if a.Bool != b.Bool && !a.free && !b.free {
		return r.wrong(n, "branches")
	}
	unit := a.Unit
	isBool := a.Bool || b.Bool
	if a.free {
		unit = b.Unit
	}
	if !isBool {
		var ok bool
		if b, ok = r.same(n, a, b); !ok {
			return b
		}
	}
	out := a
	switch {
	case cond.Missing:
		out = Absent(unit, cond.Why)
	case !cond.Truth:
		out = b
	}
	out.Unit, out.Bool, out.free = unit, isBool, a.free && b.free
	out.Rounded = out.Rounded || cond.Rounded
	return out
}

// numbers evaluates the arguments in the unit of the first that has one.
func (r *run) numbers(n *node, at series.Period) ([]Value, Unit, bool) {
	list := make([]Value, 0, len(n.args))
	lead := Value{free: true}
	for _, a := range n.args {
		v := r.number(a, at)
		if lead.free {
			lead = v
		}
		v, ok := r.same(a, lead, v)
		if !ok {
			return nil, None, false
		}
		list = append(list, v)
	}
	return list, lead.Unit, true
}

// extreme is the smallest or the largest value. It is missing when one is, or, if others count
// although one is missing, when all are.
func extreme(sign int, others bool) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value {
		list, unit, ok := r.numbers(n, at)
		if !ok {
			return Value{Missing: true, free: true}
		}
		var best Value
		for _, v := range list {
			switch {
			case v.Missing && others:
			case v.Missing:
				return Absent(unit, v.Why)
			case best.Rat == nil || v.Rat.Cmp(best.Rat)*sign > 0:
				best = v
			}
		}
		if best.Rat == nil {
			return Absent(unit, list[0].Why)
		}
		best.Unit = unit
		return best
	}
}

func total(mean bool) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value {
		list, unit, ok := r.numbers(n, at)
		if !ok {
			return Value{Missing: true, free: true}
		}
		return r.sum(list, unit, mean)
	}
}

// sum adds values of one unit.
func (r *run) sum(list []Value, unit Unit, mean bool) Value {
	out := Value{Rat: new(big.Rat), Unit: unit}
	for _, v := range list {
		if v.Missing {
			return Absent(unit, v.Why)
		}
		out.Rat.Add(out.Rat, v.Rat)
		out.Rounded = out.Rounded || v.Rounded
		if out = r.bounded(out); out.Missing {
			return out
		}
	}
	if mean {
		out.Rat.Quo(out.Rat, big.NewRat(int64(len(list)), 1))
	}
	return out
}

func mapped(f func(x *big.Rat, n int) *big.Rat) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value {
		v := r.number(n.args[0], at)
		if !v.Missing {
			v.Rat = f(v.Rat, n.n)
		}
		return v
	}
}

func first(r *run, n *node, at series.Period) Value {
	list, unit, ok := r.numbers(n, at)
	if !ok {
		return Value{Missing: true, free: true}
	}
	for _, v := range list {
		if !v.Missing {
			v.Unit = unit
			return v
		}
	}
	return Absent(unit, list[0].Why)
}

func isKnown(r *run, n *node, at series.Period) Value {
	return Value{Bool: true, Truth: !r.number(n.args[0], at).Missing}
}

func share(r *run, n *node, at series.Period) Value {
	v := r.times(n, r.number(n.args[0], at), r.number(n.args[1], at), -1)
	out, ok := v.In(Percent)
	if !ok && !v.free {
		return r.wrong(n, "share", said(v.Unit))
	}
	return out
}

// unitOf reads the unit that an argument writes.
func (r *run) unitOf(n *node) (Unit, bool) {
	unit, ok := ParseUnit(n.text)
	if !ok {
		r.wrong(n, "unit.unknown", n.text)
	}
	return unit, ok
}

func convert(r *run, n *node, at series.Period) Value {
	v := r.number(n.args[0], at)
	unit, ok := r.unitOf(n.args[1])
	if !ok || v.free {
		v.Unit = unit
		return v
	}
	out, ok := v.In(unit)
	if !ok {
		return r.wrong(n, "convert", said(v.Unit), said(unit))
	}
	return out
}

func assign(r *run, n *node, at series.Period) Value {
	v := r.number(n.args[0], at)
	unit, ok := r.unitOf(n.args[1])
	if ok && len(v.Unit.factors) > 0 {
		return r.wrong(n.args[0], "assign", v.Unit.String())
	}
	v.Unit, v.free = unit, false
	return v
}

// table finds a table, which must be there for the formula to pass its check.
func (r *run) table(n *node, at series.Period) (Table, bool) {
	t, ok := r.env.Table(n.text, at)
	if !ok {
		r.wrong(n, "table", n.text, at.Text())
	}
	return t, ok
}

func parameter(r *run, n *node, at series.Period) Value {
	t, ok := r.table(n.args[0], at)
	if !ok {
		return Value{Missing: true, free: true}
	}
	if t.Constant == nil {
		return r.wrong(n, "constant", n.args[0].text)
	}
	v := Number(t.Constant, t.Result)
	r.used(n.args[0].text, at, v)
	return v
}

// lookup finds a number in a table of grades, or on a broken line.
func lookup(
	find func(Table, *big.Rat) (*big.Rat, bool), linear bool,
) func(*run, *node, series.Period) Value {
	return func(r *run, n *node, at series.Period) Value {
		v := r.number(n.args[0], at)
		t, ok := r.table(n.args[1], at)
		if !ok {
			return Value{Missing: true, free: true}
		}
		v, ok = v.In(t.Unit)
		switch {
		case !ok && !v.free:
			return r.wrong(n, "units", said(t.Unit), said(v.Unit))
		case len(t.Steps) == 0 || t.Linear != linear:
			return r.wrong(n, "steps", n.args[1].text)
		case v.Missing:
			return Absent(t.Result, v.Why)
		}
		x, ok := find(t, v.Rat)
		if !ok {
			return Absent(t.Result, Because("beyond", n.args[1].text, v.Text(6)))
		}
		return Value{Rat: x, Unit: t.Result, Rounded: v.Rounded}
	}
}

// floor is the largest whole number not above x: Div rounds down when the divisor is positive.
func floor(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom()))
}
