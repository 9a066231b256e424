package plan_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

func (x *lab) indicator(t *testing.T, name, unit string, additive bool) plan.Indicator {
	t.Helper()
	out, err := x.CreateIndicator(t.Context(), officer, plan.NewIndicator{
		IndicatorData: plan.IndicatorData{Name: name, Unit: unit, Direction: "up", Additive: additive}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (x *lab) target(t *testing.T, name, unit string, additive bool, value plan.Decimal) plan.Target {
	t.Helper()
	measure := "level"
	if unit == "%" {
		measure = "growth"
	}
	out, err := x.CreateTarget(t.Context(), officer, plan.NewTarget{TargetData: plan.TargetData{
		Indicator: x.indicator(t, name, unit, additive).ID, Region: "140100", Measure: measure,
		Op: ">=", Value: value, Unit: unit, From: "2026-01-01", To: "2026-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDecompose gives a target to units and districts and checks the sum of the parts.
func TestDecompose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		whole := x.target(t, "技术合同成交额", "亿元", true, "228")
		for _, c := range []struct {
			name  string
			parts []plan.Part
			want  plan.Sum
			meets bool
		}{
			{"short by 0.5", []plan.Part{{Org: x.bureau(t), Value: "100"}, {Region: "140105",
				Value: "1275000", Unit: "万元"}}, plan.Sum{Verdict: plan.SumShort, Whole: "228",
				Parts: "227.5", Gap: "0.5", Unit: "亿元", Count: 2}, false},
			{"equal", []plan.Part{{Org: x.bureau(t), Value: "100.50"}, {Region: "140105",
				Value: "127.5"}}, plan.Sum{Verdict: plan.SumEqual, Whole: "228", Parts: "228", Gap: "0",
				Unit: "亿元", Count: 2}, true},
			{"over by 0.0001", []plan.Part{{Org: x.bureau(t), Value: "100.5001"}, {Region: "140105",
				Value: "127.5"}}, plan.Sum{Verdict: plan.SumOver, Whole: "228", Parts: "228.0001",
				Gap: "0.0001", Unit: "亿元", Count: 2}, true},
			{"one part dropped", []plan.Part{{Region: "140105", Value: "127.5"}},
				plan.Sum{Verdict: plan.SumShort, Whole: "228", Parts: "127.5", Gap: "100.5",
					Unit: "亿元", Count: 1}, false},
		} {
			now, err := x.GetTarget(ctx, officer, whole.ID)
			if err != nil {
				t.Fatal(err)
			}
			got, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Parts: c.parts,
				Version: now.Version})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if diff := cmp.Diff(c.want, got.Sum); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
			if got.Sum.Meets(got.Op) != c.meets {
				t.Errorf("%s: meets %v", c.name, !c.meets)
			}
		}
		_, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 1})
		wantKind(t, err, fault.Conflict)
		_, err = x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 5,
			Parts: []plan.Part{{Value: "1"}, {Org: "x", Value: "1"}, {Region: "140105", Value: "a"},
				{Region: "140106", Value: "1", Unit: "个"}, {Region: "140106", Value: "1"}}})
		wantFields(t, err, "parts.0.org", "parts.1.org", "parts.2.value", "parts.3.unit", "parts.4.org")
		_, err = x.Decompose(ctx, leader, plan.Decomposition{Target: whole.ID, Version: 5})
		wantKind(t, err, fault.Forbidden)
	})
}

// TestNotAdded tries targets whose parts do not add up.
func TestNotAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		for _, whole := range []plan.Target{
			x.target(t, "优良天数比例", "%", true, "70"), x.target(t, "人均生产总值", "万元", false, "10"),
		} {
			got, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 1,
				Parts: []plan.Part{{Region: "140105", Value: "70"}, {Region: "140106", Value: "70"}}})
			if err != nil || got.Sum.Verdict != plan.SumNotAdded || got.Sum.Parts != "" {
				t.Errorf("%s: %+v (%v)", whole.Name, got.Sum, err)
			}
		}
	})
}

// TestMovedWhole moves a whole to another year: its parts stay behind, and no sum over both is told until they
// are moved too.
func TestMovedWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		whole := x.target(t, "技术合同成交额", "亿元", true, "200")
		got, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 1,
			Parts: []plan.Part{{Region: "140105", Value: "120"}, {Region: "140106", Value: "80"}}})
		if err != nil || got.Sum.Verdict != plan.SumEqual {
			t.Fatalf("%+v (%v)", got.Sum, err)
		}
		move := func(target plan.Target) plan.TargetDetail {
			t.Helper()
			in := plan.TargetUpdate{ID: target.ID, TargetData: target.TargetData, Reason: "改列明年",
				Version: target.Version}
			in.From, in.To = "2027-01-01", "2027-12-31"
			if _, err := x.UpdateTarget(ctx, officer, in); err != nil {
				t.Fatal(err)
			}
			out, err := x.GetTarget(ctx, officer, whole.ID)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		for _, next := range []plan.Target{got.Target, got.Parts[0]} {
			if out := move(next); out.Sum.Verdict != plan.SumPeriod || out.Sum.Parts != "" || out.Sum.Count != 2 {
				t.Errorf("some parts are behind: %+v", out.Sum)
			}
		}
		if out := move(got.Parts[1]); out.Sum.Verdict != plan.SumEqual {
			t.Errorf("all are moved: %+v", out.Sum)
		}
	})
}

// TestOwnTarget lets a unit break down its own target, and only that, to three levels.
func TestOwnTarget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		bureau := staff(x.bureau(t))
		whole := x.target(t, "技术合同成交额", "亿元", true, "228")
		got, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 1,
			Parts: []plan.Part{{Org: bureau.Org, Value: "228"}}})
		if err != nil {
			t.Fatal(err)
		}
		part := got.Parts[0]
		split := plan.Decomposition{Target: whole.ID, Version: got.Version,
			Parts: []plan.Part{{Region: "140105", Value: "228"}}}
		_, err = x.Decompose(ctx, bureau, split)
		wantKind(t, err, fault.NotFound)
		split.Target, split.Version = part.ID, part.Version
		got, err = x.Decompose(ctx, bureau, split)
		if err != nil || got.Sum.Verdict != plan.SumEqual || got.Parts[0].Level != 3 {
			t.Fatalf("%+v (%v)", got.Sum, err)
		}
		leaf := got.Parts[0]
		_, err = x.Decompose(ctx, officer, plan.Decomposition{Target: leaf.ID, Version: leaf.Version,
			Parts: []plan.Part{{Region: "140106", Value: "1"}}})
		wantKind(t, err, fault.Conflict)
		if n, err := x.CountTargets(ctx, bureau, plan.TargetFilter{}); err != nil || n != 1 {
			t.Errorf("the unit sees %d targets (%v)", n, err)
		}
	})
}

// TestSumIsExact is the property that a sum is the sum, to the last digit: parts made by cutting a
// whole into random decimals in random units add up to it, and moving one by the smallest step is
// noticed with the step as the gap.
func TestSumIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	units := []struct {
		name  string
		scale int64 // in 元
	}{{"亿元", 100_000_000}, {"万元", 10_000}, {"元", 1}, {"百万元", 1_000_000}, {"千万元", 10_000_000}}
	for range 2000 {
		n := 1 + r.IntN(10)
		var parts []plan.Target
		sum := new(big.Rat)
		for range n {
			u := units[r.IntN(len(units))]
			cents := big.NewRat(r.Int64N(1_000_000_000_000), 10_000)
			sum.Add(sum, new(big.Rat).Mul(cents, big.NewRat(u.scale, 1)))
			parts = append(parts, plan.Target{TargetData: plan.TargetData{Measure: "level",
				Value: decimal(t, cents), Unit: u.name}})
		}
		inWan := new(big.Rat).Quo(sum, big.NewRat(10_000, 1))
		whole := plan.AdditiveTarget(plan.TargetData{Measure: "level", Op: ">=",
			Value: decimal(t, inWan), Unit: "万元"})
		got := plan.SumOf(whole, parts)
		if got.Verdict != plan.SumEqual || got.Gap != "0" || got.Parts != whole.Value {
			t.Fatalf("%d parts: %+v, want %s", n, got, whole.Value)
		}
		i := r.IntN(n)
		step := big.NewRat(1, 10_000)
		parts[i].Value = decimal(t, new(big.Rat).Add(parts[i].Value.Rat(), step))
		got = plan.SumOf(whole, parts)
		inYuan := new(big.Rat).Mul(step, scaleOf(t, units, parts[i].Unit))
		want := decimal(t, inYuan.Quo(inYuan, big.NewRat(10_000, 1)))
		if got.Verdict != plan.SumOver || got.Gap != want {
			t.Fatalf("one step more: %+v, want %s", got, want)
		}
	}
}

func scaleOf(t *testing.T, units []struct {
	name  string
	scale int64
}, name string) *big.Rat {
	t.Helper()
	for _, u := range units {
		if u.name == name {
			return big.NewRat(u.scale, 1)
		}
	}
	t.Fatal("no unit " + name)
	return nil
}

// decimal writes a fraction that has an end.
func decimal(t *testing.T, r *big.Rat) plan.Decimal {
	t.Helper()
	d, ok := plan.ParseDecimal(r.FloatString(8))
	if !ok {
		t.Fatalf("%s is no decimal", r)
	}
	return d
}

func TestParseDecimal(t *testing.T) {
	for in, want := range map[string]plan.Decimal{
		"228": "228", "8.70": "8.7", "1,234.5": "1234.5", "１２．５": "12.5", "-0": "0", "+3": "3",
		"007": "7", "": "", "1.": "", ".5": "", "1e3": "", "1/2": "", "0x10": "", "1.123456789": "",
		"1234567890123456789": "", "123456789012345678.12345678": "123456789012345678.12345678",
		"NaN": "", "Inf": "", "1_000": "",
	} {
		got, ok := plan.ParseDecimal(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q reads %q %v, want %q", in, got, ok, want)
		}
	}
}

// FuzzParseDecimal holds that what is read is stored as it was read, and never panics.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"228", "-8.70", "１，２３４", "1e9", "0.00000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := plan.ParseDecimal(s)
		if !ok {
			return
		}
		again, ok := plan.ParseDecimal(string(d))
		if !ok || again != d || !d.Valid() || d.Rat() == nil {
			t.Errorf("%q reads %q, which reads %q", s, d, again)
		}
	})
}

func TestParsePercent(t *testing.T) {
	for in, want := range map[string]int64{"35": 3500, "35%": 3500, "３５％": 3500, "0.01": 1, "100": 10_000,
		"100.01": -1, "-1": -1, "0.001": -1, "": -1, "x": -1} {
		got, ok := plan.ParsePercent(in)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q reads %d %v, want %d", in, got, ok, want)
		}
	}
	for bp, want := range map[int64]string{3500: "35", 1: "0.01", 10_000: "100", 3333: "33.33"} {
		if got := plan.PercentText(bp); got != want {
			t.Errorf("%d writes %s, want %s", bp, got, want)
		}
	}
}

// TestFollower keeps tasks and targets with units that are merged, split and renamed.
func TestFollower(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		feed := outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, x.Follower())
		follow := func() {
			t.Helper()
			if err := feed.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
		}
		old, heir := x.bureau(t), x.org(t, "太原市科技和工业局", "government", "140100")
		task := x.createTask(t, x.sampleTask(t))
		whole := x.target(t, "技术合同成交额", "亿元", true, "228")
		_, err := x.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: 1,
			Parts: []plan.Part{{Org: old, Value: "228"}}})
		if err != nil {
			t.Fatal(err)
		}
		merged, err := x.party.MergeOrganisations(ctx, officer, party.Merge{Keep: heir, Drop: old,
			Reason: "机构改革", KeepVersion: 1, DropVersion: 1})
		if err != nil {
			t.Fatal(err)
		}
		follow()
		mine, err := x.MyTasks(ctx, staff(heir), plan.TaskFilter{}, "", db.PageReq{})
		if err != nil || len(mine.Items) != 1 || mine.Items[0].Owners[0].Name != merged.Name {
			t.Fatalf("the heir has %+v (%v)", mine.Items, err)
		}
		_, err = x.GetTask(ctx, staff(old), task.ID)
		wantKind(t, err, fault.NotFound)
		if n, err := x.CountTargets(ctx, staff(heir), plan.TargetFilter{}); err != nil || n != 1 {
			t.Errorf("the heir has %d targets (%v)", n, err)
		}
		if err := feed.Rebuild(ctx, "plan.units"); err != nil {
			t.Fatal(err)
		}
		if n, err := x.CountTargets(ctx, staff(heir), plan.TargetFilter{}); err != nil || n != 1 {
			t.Errorf("rebuilt, the heir has %d targets (%v)", n, err)
		}
		_, err = x.party.SplitOrganisation(ctx, officer, party.Split{Dropped: old,
			Reason: "误并", Version: 3})
		if err != nil {
			t.Fatal(err)
		}
		follow()
		if _, err := x.GetTask(ctx, staff(old), task.ID); err != nil {
			t.Errorf("after the split: %v", err)
		}
	})
}

// SetTarget links the phrase and sets the target, both or neither.
func TestSetTarget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		doc := x.sampleDocument(t, "到2026年底，全市技术合同成交额达到228亿元以上。")
		list, err := x.Statements(ctx, officer, doc.ID)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		st, err := x.DecideStatement(ctx, officer, plan.Decision{ID: list[0].ID, Accept: true, Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		draft, err := x.DraftTarget(ctx, officer, st.ID)
		if err != nil {
			t.Fatal(err)
		}
		in := plan.StatementTarget{Statement: st.ID, TargetData: draft.TargetData, Version: st.Version,
			Key: "k", New: &plan.NewIndicator{IndicatorData: plan.IndicatorData{Name: "技术合同成交额",
				Unit: "人", Direction: "up", Additive: true}}}
		_, err = x.SetTarget(ctx, officer, in)
		wantFields(t, err, "unit")
		all, err := x.ListIndicators(ctx, officer, plan.IndicatorFilter{}, db.PageReq{})
		if now, _ := x.GetStatement(ctx, officer, st.ID); err != nil || len(all.Items) != 0 ||
			now.Definition != "" {
			t.Fatalf("half of it stays: %v, %s", all.Items, now.Definition)
		}
		in.New.Unit = ""
		_, err = x.SetTarget(ctx, officer, in)
		wantFields(t, err, "new.unit")
		in.New.Unit, in.Key = "亿元", "k2"
		_, err = x.SetTarget(ctx, leader, in)
		wantKind(t, err, fault.Forbidden)
		target, err := x.SetTarget(ctx, officer, in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := x.SetTarget(ctx, officer, in)
		if err != nil || again.ID != target.ID {
			t.Errorf("sent twice: %s and %s (%v)", target.ID, again.ID, err)
		}
		now, err := x.GetStatement(ctx, officer, st.ID)
		detail, derr := x.GetTarget(ctx, officer, target.ID)
		if err != nil || derr != nil || now.Definition != target.Indicator ||
			len(detail.Sources) != 1 || detail.Sources[0].Statement != st.ID {
			t.Errorf("linked to %s, target of %s with %v (%v %v)", now.Definition, target.Indicator,
				detail.Sources, err, derr)
		}
		in = plan.StatementTarget{Statement: st.ID, TargetData: draft.TargetData, Version: st.Version,
			Alias: true}
		in.Indicator = target.Indicator
		_, err = x.SetTarget(ctx, officer, in)
		wantKind(t, err, fault.Conflict) // the version from before the link
	})
}

// Who asks for something else says why: a lowered goal turns a red light. A note needs no reason.
func TestChangedTargetSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		for name, c := range map[string]struct {
			change func(*plan.TargetUpdate)
			reason bool // is asked for
		}{
			"goal":    {func(u *plan.TargetUpdate) { u.Value = "120" }, true},
			"period":  {func(u *plan.TargetUpdate) { u.To = "2027-12-31" }, true},
			"dropped": {func(u *plan.TargetUpdate) { u.Dropped = true }, true},
			"note":    {func(u *plan.TargetUpdate) { u.Note = "按季调度" }, false},
		} {
			old := x.target(t, "技术合同成交额"+name, "亿元", true, "228")
			in := plan.TargetUpdate{ID: old.ID, TargetData: old.TargetData, Version: old.Version}
			c.change(&in)
			_, err := x.UpdateTarget(ctx, officer, in)
			if asked := fault.Is(err, fault.Invalid); asked != c.reason || err != nil && !asked {
				t.Errorf("%s without a reason: %v", name, err)
			}
			if in.Reason = "方案调整"; c.reason {
				if _, err = x.UpdateTarget(ctx, officer, in); err != nil {
					t.Errorf("%s with a reason: %v", name, err)
				}
			}
		}
	})
}
