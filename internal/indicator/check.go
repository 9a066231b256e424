package indicator

import (
	"math/big"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// before is what the value of the period before was, nil for none.
type before struct {
	value    *big.Rat
	shown    string
	sameYear bool // it lies in the same year: a cumulative value does not fall
}

func (d *ObservationData) normalise() {
	d.Value = plainDecimal(d.Value)
	d.Unit, d.Origin = tidy(d.Unit), tidy(d.Origin)
	d.Note, d.JumpNote = lines(d.Note), lines(d.JumpNote)
	if d.Qualifier == "" {
		d.Qualifier = Exactly
	}
}

// checkObservation checks a value against its definition and brings it into the unit of it. A value
// that jumps or falls is not refused: it needs a reason.
func checkObservation(def Definition, c Cell, d *ObservationData, prev before, today clock.Date) faults {
	var f faults
	f.number("value", d.Value, true)
	f.choice("qualifier", d.Qualifier, Qualifiers())
	f.line("unit", d.Unit, maxUnit, false)
	f.day("asOf", d.AsOf, false)
	f.prose("note", d.Note, false)
	f.prose("jumpNote", d.JumpNote, false)
	f.line("origin", d.Origin, 2*maxText, def.Kind == External)
	if d.AsOf == "" {
		d.AsOf = min(clock.Date(c.Period.LastDay()), today)
	}
	switch {
	case !d.AsOf.Valid():
	case d.AsOf > today:
		f.add("asOf", "不能晚于今天")
	case d.AsOf < clock.Date(c.Period.FirstDay()):
		f.add("asOf", "不能早于该期的第一天")
	}
	if len(f) > 0 {
		return f
	}
	if d.Unit != "" && d.Unit != def.Unit {
		v, ok := plan.InUnit(d.Value, d.Unit, def.Unit)
		if !ok {
			f.add("unit", "口径的单位是“%s”，这里的单位不能换算", def.Unit)
			return f
		}
		d.Value = v
	}
	d.Unit = def.Unit
	if _, part, _ := strings.Cut(string(d.Value), "."); int64(len(part)) > def.Places {
		f.add("value", "最多 %d 位小数", def.Places)
	}
	checkRange(def, d, prev, &f)
	return f
}

// checkRange checks the size of a value.
func checkRange(def Definition, d *ObservationData, prev before, f *faults) {
	v := d.Value.Rat()
	if lowest := def.Floor.Rat(); lowest != nil && v.Cmp(lowest) < 0 {
		f.add("value", "小于下限 %s，请核对数值和单位", string(def.Floor))
	}
	if highest := def.Ceiling.Rat(); highest != nil && v.Cmp(highest) > 0 {
		f.add("value", "大于上限 %s，请核对数值和单位", string(def.Ceiling))
	}
	if prev.value == nil || d.JumpNote != "" || len(*f) > 0 {
		return
	}
	switch {
	case def.Cumulative && prev.sameYear && v.Cmp(prev.value) < 0:
		f.add("jumpNote", "累计值比上期 %s 还小，请说明原因", prev.shown)
	case jumps(def, prev.value, v):
		f.add("jumpNote", "比上期 %s 变动超过 %s%%，请说明原因", prev.shown, string(def.Jump))
	}
}

// jumps reports whether a value differs from the one before by more than the definition lets pass. A
// cumulative value grows by itself: within a year only its fall counts.
func jumps(def Definition, prev, v *big.Rat) bool {
	limit := def.Jump.Rat()
	if limit == nil || prev.Sign() == 0 || def.Cumulative {
		return false
	}
	change := new(big.Rat).Sub(v, prev)
	change.Quo(change.Abs(change), new(big.Rat).Abs(prev))
	return change.Mul(change, big.NewRat(100, 1)).Cmp(limit) > 0
}
