package formula

import (
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
)

// Eval computes the formula for a period. It always returns: what cannot be computed is missing with
// the reason, and the trace names the values that were used or were missing.
func (e *Expr) Eval(env Env, at series.Period) (Value, Trace) {
	r := &run{env: env, seen: map[use]bool{}}
	v := r.eval(e.root, at)
	if r.err != nil {
		v = Value{Missing: true, Why: Reason{r.err.Code, r.err.Args}}
	}
	v.free = false
	return v, r.trace
}

// Check tells the unit of the result, or what is wrong with the formula: a series that is not there,
// units that do not fit, a truth value where a number belongs. A formula that passes is computed for
// every period without such an error. isBool says that the result is a truth value.
func (e *Expr) Check(env Env, at series.Period) (u Unit, isBool bool, err *Error) {
	r := &run{env: blank{env}, quiet: true}
	v := r.eval(e.root, at)
	return v.Unit, v.Bool, r.err
}

// CheckAs checks that the result converts into the unit that the indicator is declared with. A plain
// number that was multiplied by 100 is not a percentage: one writes × 100%.
func (e *Expr) CheckAs(env Env, at series.Period, want Unit) *Error {
	u, isBool, err := e.Check(env, at)
	switch n := e.root; {
	case err != nil:
		return err
	case isBool:
		return fail(n.from, n.to, "result.bool", want.String())
	case !u.Fits(want):
		return fail(n.from, n.to, "result.unit", u.String(), want.String())
	case want.IsRatio() && len(u.factors) == 0 && n.op == opMul && (n.hundred(0) || n.hundred(1)):
		return fail(n.from, n.to, "hundred")
	}
	return nil
}

// hundred reports whether an argument is a plain 100.
func (n *node) hundred(i int) bool {
	a := n.args[i]
	return a.op == opNumber && len(a.unit.factors) == 0 && a.value.Cmp(big.NewRat(100, 1)) == 0
}

// blank is an Env in which every series is there and every value missing.
type blank struct{ Env }

func (b blank) Value(name string, _ series.Period) Value {
	u, _ := b.Unit(name)
	return Absent(u, Because("check"))
}

// run is one evaluation.
type run struct {
	env   Env
	err   *Error
	trace Trace
	seen  map[use]bool
	quiet bool // do not trace
	site  Site // that is looked at, none while it is the place itself
}

// use is a name in a period, at a site.
type use struct {
	name string
	at   series.Period
	site string
}

// wrong keeps the first error.
func (r *run) wrong(n *node, code string, args ...string) Value {
	if r.err == nil {
		r.err = fail(n.from, n.to, code, args...)
	}
	return Value{Missing: true, Why: Because(code, args...), free: true}
}

func (r *run) eval(n *node, at series.Period) Value {
	switch n.op {
	case opNumber:
		v := Number(n.value, n.unit)
		v.free = n.value.Sign() == 0 && len(n.unit.factors) == 0 // nothing is nothing in every unit
		return v
	case opBool:
		return Value{Bool: true, Truth: n.truth}
	case opMissing:
		return Value{Missing: true, Why: Because("missing"), free: true}
	case opName:
		return r.name(n, at)
	case opNegate:
		v := r.number(n.args[0], at)
		if !v.Missing {
			v.Rat = new(big.Rat).Neg(v.Rat)
		}
		return v
	case opNot, opAnd, opOr:
		return r.logic(n, at)
	case opCompare:
		return r.compare(n, at)
	case opPow:
		return r.power(n, at)
	case opCall:
		return n.fn.eval(r, n, at)
	}
	a, b := r.number(n.args[0], at), r.number(n.args[1], at)
	switch n.op {
	case opAdd:
		return r.add(n, a, b, 1)
	case opSub:
		return r.add(n, a, b, -1)
	case opMul:
		return r.times(n, a, b, 1)
	}
	return r.times(n, a, b, -1)
}

// number evaluates a node that must not be a truth value.
func (r *run) number(n *node, at series.Period) Value {
	v := r.eval(n, at)
	if v.Bool {
		return r.wrong(n, "want.number")
	}
	return v
}

// truth evaluates a node that must be a truth value.
func (r *run) truth(n *node, at series.Period) Value {
	v := r.eval(n, at)
	if !v.Bool && !v.free {
		return r.wrong(n, "want.bool")
	}
	v.Bool = true
	return v
}

// name looks a value up. What the Env gives is converted into the unit of the series.
func (r *run) name(n *node, at series.Period) Value {
	unit, ok := r.env.Unit(n.text)
	if !ok {
		return r.wrong(n, "name.unknown", n.text)
	}
	var v Value
	if at == "" {
		v = Absent(unit, Because("period"))
	} else if v, ok = r.env.Value(n.text, at).In(unit); !ok {
		return r.wrong(n, "unit.value", n.text, v.Unit.String(), unit.String())
	}
	v.free = false
	if v.Missing && v.Why.Code == "" {
		v.Why = Because("no.value", n.text, at.Text())
	}
	r.used(n.text, at, v)
	return r.bounded(v)
}

// used adds an input to the trace.
func (r *run) used(name string, at series.Period, v Value) {
	key := use{name, at, r.site.ID}
	if r.quiet || r.seen[key] {
		return
	}
	r.seen[key] = true
	r.trace = append(r.trace, Input{name, at, v, r.site.ID})
}

// bounded gives up a number that has grown too large to go on with.
func (r *run) bounded(v Value) Value {
	if v.Rat != nil && (v.Rat.Num().BitLen() > maxBits || v.Rat.Denom().BitLen() > maxBits) {
		return Absent(v.Unit, Because("large"))
	}
	return v
}

// logic is and, or, not with three values: a missing side decides nothing, a known one may.
func (r *run) logic(n *node, at series.Period) Value {
	a := r.truth(n.args[0], at)
	if n.op == opNot {
		a.Truth = !a.Truth
		return a
	}
	b := r.truth(n.args[1], at)
	decides := n.op == opOr
	switch {
	case !a.Missing && a.Truth == decides:
		return a
	case !b.Missing && b.Truth == decides:
		return b
	case a.Missing:
		return a
	}
	return b
}

func (r *run) compare(n *node, at series.Period) Value {
	a, b := r.number(n.args[0], at), r.number(n.args[1], at)
	b, ok := r.same(n, a, b)
	if !ok {
		return Value{Bool: true, Missing: true, Why: b.Why}
	}
	for _, v := range []Value{a, b} {
		if v.Missing {
			return Value{Bool: true, Missing: true, Why: v.Why}
		}
	}
	c := a.Rat.Cmp(b.Rat)
	truth := map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0, "==": c == 0, "!=": c != 0}
	return Value{Bool: true, Truth: truth[n.text], Rounded: a.Rounded || b.Rounded}
}

// same gives b in the unit of a. ok is false when the units do not fit.
func (r *run) same(n *node, a, b Value) (Value, bool) {
	switch {
	case b.free:
		b.Unit = a.Unit
		return b, true
	case a.free:
		return b, true
	}
	out, ok := b.In(a.Unit)
	if !ok {
		return r.wrong(n, "units", said(a.Unit), said(b.Unit)), false
	}
	return out, true
}

// said names a unit, also that of a plain number.
func said(u Unit) string {
	if t := u.String(); t != "" {
		return t
	}
	return "无单位"
}

// add is a sum, or a difference when sign is -1. Two percentages differ by percentage points, and a
// percentage plus points is a percentage.
func (r *run) add(n *node, a, b Value, sign int64) Value {
	unit := a.Unit
	switch {
	case a.free:
		unit = b.Unit
	case b.free:
	case sign < 0 && a.Unit.IsRatio() && b.Unit.IsRatio():
		unit = Points
		a, b = points(a), points(b)
	case a.Unit.IsRatio() && b.Unit.IsPoints():
		b = shares(b, a.Unit)
	case a.Unit.IsPoints() && b.Unit.IsRatio() && sign > 0:
		unit = b.Unit
		a = shares(a, b.Unit)
	default:
		var ok bool
		if b, ok = r.same(n, a, b); !ok {
			return b
		}
	}
	if a.Missing || b.Missing {
		return Absent(unit, why(a, b))
	}
	x := new(big.Rat).Mul(b.Rat, big.NewRat(sign, 1))
	return r.bounded(Value{Rat: x.Add(x, a.Rat), Unit: unit, Rounded: a.Rounded || b.Rounded})
}

// points writes a share in percentage points, which are as large as percents.
func points(v Value) Value {
	v, _ = v.In(Percent)
	v.Unit = Points
	return v
}

// shares writes percentage points in a unit of shares.
func shares(v Value, unit Unit) Value {
	v, _ = v.In(Points)
	v.Unit = Percent
	v, _ = v.In(unit)
	return v
}

// why is the reason of the first value that is missing.
func why(list ...Value) Reason {
	for _, v := range list {
		if v.Missing {
			return v.Why
		}
	}
	return Reason{}
}

// times is a product, or a quotient when sign is -1.
func (r *run) times(n *node, a, b Value, sign int) Value {
	unit, scale, ok := a.Unit.times(b.Unit, sign)
	switch {
	case !ok:
		return r.wrong(n, "unit.power")
	case a.Missing || b.Missing:
		return Absent(unit, why(a, b))
	case sign < 0 && b.Rat.Sign() == 0:
		return Absent(unit, Because("zero"))
	}
	if sign < 0 {
		scale.Quo(scale, b.Rat)
	} else {
		scale.Mul(scale, b.Rat)
	}
	return r.bounded(Value{Rat: scale.Mul(scale, a.Rat), Unit: unit, Rounded: a.Rounded || b.Rounded})
}

func (r *run) power(n *node, at series.Period) Value {
	v := r.number(n.args[0], at)
	unit, scale, ok := v.Unit.raised(n.n)
	switch {
	case !ok:
		return r.wrong(n, "unit.power")
	case v.Missing:
		return Absent(unit, v.Why)
	case n.n < 0 && v.Rat.Sign() == 0:
		return Absent(unit, Because("zero"))
	}
	if v.Rat.Num().BitLen()*max(n.n, -n.n) > maxBits || v.Rat.Denom().BitLen()*max(n.n, -n.n) > maxBits {
		return Absent(unit, Because("large"))
	}
	return r.bounded(Value{Rat: scale.Mul(scale, power(v.Rat, n.n)), Unit: unit, Rounded: v.Rounded})
}
