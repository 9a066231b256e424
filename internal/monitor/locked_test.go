package monitor_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// said are the values of an indicator's series, by period.
func (x *lab) said(indicatorID string) map[string]plan.Decimal {
	x.t.Helper()
	out := map[string]plan.Decimal{}
	for _, p := range x.everything(indicatorID)[0].Series {
		out[string(p.Period)] = p.Value
	}
	return out
}

// A formula that gave values is not changed in place: a new version from a later day draws the break, and
// the past says what it said.
func TestFormulaIsNotRewritten(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		deals := x.define("技术合同成交额", "亿元", nil)
		i := x.define("成交额折算", "亿元", func(d *indicator.DefinitionData) {
			d.Kind, d.Formula = indicator.Computed, "「技术合同成交额」"
		})
		all, err := x.indicators.Definitions(ctx, x.db, i.ID)
		x.must(err)
		change := func(formula string) error {
			up := indicator.DefinitionUpdate{ID: all[0].ID, DefinitionData: all[0].DefinitionData,
				Version: all[0].Version}
			up.Formula = formula
			d, err := x.indicators.UpdateDefinition(ctx, officer, up)
			if err == nil {
				all[0] = d
			}
			return err
		}
		x.must(change("2 * 「技术合同成交额」")) // nobody has seen a value yet
		for n, v := range []plan.Decimal{"10", "20", "30", "40"} {
			x.report(deals.ID, city, quarter(2025, n+1), v)
		}
		x.settle()
		wantKind(t, change("10 * 「技术合同成交额」"), fault.Conflict)
		x.version(i.ID, "亿元", "2025-07-01", func(d *indicator.DefinitionData) {
			d.Kind, d.Formula, d.Breaks, d.BreakNote = indicator.Computed, "10 * 「技术合同成交额」", true, "按新制度"
		})
		x.settle()
		want := map[string]plan.Decimal{"2025Q1": "20", "2025Q2": "40", "2025Q3": "300", "2025Q4": "400"}
		if diff := cmp.Diff(want, x.said(i.ID)); diff != "" {
			t.Error(diff)
		}
		if s := x.everything(i.ID)[0].Series; !s[2].Breaks || s[1].Breaks {
			t.Error("the new formula draws no break")
		}
	})
}

// What a locked period says stays as it was when it was locked, whatever its inputs and its definitions say
// later; the difference is told, and counts once the period is unlocked.
func TestLockedPeriodStays(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		deals := x.define("技术合同成交额", "亿元", nil)
		i := x.define("成交额折算", "亿元", func(d *indicator.DefinitionData) {
			d.Kind, d.Formula = indicator.Computed, "2 * 「技术合同成交额」"
		})
		x.report(deals.ID, city, quarter(2025, 3), "30")
		lock, err := x.indicators.LockPeriod(ctx, officer, indicator.NewLock{Kind: indicator.LockIndicator,
			Object: i.ID, Period: "2025", Reason: "年度考核已公布"})
		x.must(err)
		x.report(deals.ID, city, quarter(2026, 1), "7")
		x.settle() // the value that was approved before the lock is in it, though computed now
		p, err := x.GetPoint(ctx, officer, monitor.Cell{Indicator: deals.ID, Region: city}, "2025Q3")
		x.must(err)
		o, err := x.indicators.GetObservation(ctx, officer, p.Evidence.Observation)
		x.must(err)
		x.correct(o.ID, o.Version, "31")
		x.report(deals.ID, city, quarter(2025, 4), "50") // the period before had no such value
		x.settle()
		locked := map[string]plan.Decimal{"2025Q3": "60", "2026Q1": "14"}
		if diff := cmp.Diff(locked, x.said(i.ID)); diff != "" {
			t.Errorf("locked: %s", diff)
		}
		p, err = x.GetPoint(ctx, officer, monitor.Cell{Indicator: i.ID, Region: city}, "2025Q3")
		if err != nil || !p.Evidence.Locked || p.Evidence.Recount == nil || p.Evidence.Recount.Value != "62" {
			t.Errorf("the difference is not told: %+v %v", p.Evidence, err)
		}
		f := x.everything(i.ID)[0].Findings
		if len(f) != 1 || f[0].Code != monitor.FindingLocked || f[0].Text == f[0].English {
			t.Errorf("findings %+v", f)
		}
		_, err = x.indicators.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: i.ID,
			DefinitionData: indicator.DefinitionData{Kind: indicator.Computed, Unit: "亿元", Places: 2,
				Frequency: "quarter", Cumulative: true, Formula: "9 * 「技术合同成交额」", From: "2025-06-01"}})
		wantKind(t, err, fault.Invalid)
		_, err = x.Recompute(ctx, officer, i.ID)
		x.must(err)
		before := x.written(i.ID)
		x.must(x.feed.Rebuild(ctx, "monitor.points"))
		if diff := cmp.Diff(before, x.written(i.ID)); diff != "" {
			t.Errorf("made again, it differs:\n%s", diff)
		}
		_, err = x.indicators.Unlock(ctx, officer, indicator.Unlocking{ID: lock.ID, Reason: "复核后重新公布",
			Version: lock.Version})
		x.must(err)
		x.settle()
		open := map[string]plan.Decimal{"2025Q3": "62", "2025Q4": "100", "2026Q1": "14"}
		if diff := cmp.Diff(open, x.said(i.ID)); diff != "" {
			t.Errorf("unlocked: %s", diff)
		}
	})
}

// A measure that counts otherwise later changes no locked period, and its definition is not changed in
// place once it gave a value.
func TestLockedMeasure(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		orgs := x.define("单位数", "家", func(d *indicator.DefinitionData) {
			d.Kind, d.Cumulative, d.Measure, d.Places = indicator.Measured, false, "party.orgs", 0
		})
		_, err := x.Recompute(ctx, officer, orgs.ID)
		x.must(err)
		was := x.said(orgs.ID)
		if len(was) == 0 {
			t.Fatal("nothing was measured")
		}
		all, err := x.indicators.Definitions(ctx, x.db, orgs.ID)
		x.must(err)
		up := indicator.DefinitionUpdate{ID: all[0].ID, DefinitionData: all[0].DefinitionData, Version: all[0].Version}
		up.Factor = "10"
		_, err = x.indicators.UpdateDefinition(ctx, officer, up)
		wantKind(t, err, fault.Conflict)
		_, err = x.indicators.LockPeriod(ctx, officer, indicator.NewLock{Kind: indicator.LockIndicator,
			Object: orgs.ID, Period: "2026", Reason: "已公布"})
		x.must(err)
		x.settle()
		for _, name := range []string{"甲厂", "乙厂"} {
			_, err := x.party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: name,
				Kind: "enterprise", Region: "140105", Standing: "active"}})
			x.must(err)
		}
		_, err = x.Recompute(ctx, officer, orgs.ID)
		x.must(err)
		x.settle()
		if diff := cmp.Diff(was, x.said(orgs.ID)); diff != "" {
			t.Error(diff)
		}
	})
}
