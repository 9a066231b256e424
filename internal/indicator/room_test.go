package indicator_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Definitions never overlap, the past is closed and not changed, and a day finds its own.
func TestDefinitions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "科技型中小企业数", "家", true)
		first := x.define(t, id, quarterly())
		in := quarterly()
		in.From = "2025-01-01"
		_, err := x.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: id, DefinitionData: in})
		wantFields(t, err, "from")
		in.From, in.Breaks = "2026-01-01", true
		_, err = x.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: id, DefinitionData: in})
		wantFields(t, err, "breakNote")
		in.BreakNote, in.Frequency = "由累计入库改为当年有效", "month"
		second := x.define(t, id, in)
		all, err := x.Definitions(ctx, d, id)
		if err != nil || len(all) != 2 || all[0].To != "2026-01-01" || all[1].To != "" || all[1].N != 2 {
			t.Fatalf("definitions %+v, %v", all, err)
		}
		for day, want := range map[clock.Date]string{"2025-12-31": first.ID, "2026-01-01": second.ID} {
			if got, err := x.DefinitionAt(ctx, d, id, day); err != nil || got.ID != want {
				t.Errorf("at %s: %s, %v", day, got.ID, err)
			}
		}
		_, err = x.DefinitionAt(ctx, d, id, "2024-12-31")
		wantKind(t, err, fault.NotFound)

		in = quarterly()
		in.Unit, in.Places, in.Ceiling, in.Floor, in.Jump = "亿元", 9, "1", "2", "0"
		_, err = x.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: id, DefinitionData: in})
		wantFields(t, err, "places", "ceiling", "jump")
		in = quarterly()
		in.Unit, in.From = "亿元", "2027-01-01"
		_, err = x.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: id, DefinitionData: in})
		wantFields(t, err, "unit")

		// What nothing rests on may be corrected, what something rests on may not.
		up := indicator.DefinitionUpdate{ID: second.ID, DefinitionData: second.DefinitionData,
			Version: second.Version}
		up.DueDays = 8
		if second, err = x.UpdateDefinition(ctx, officer, up); err != nil || second.DueDays != 8 {
			t.Fatalf("update: %+v, %v", second, err)
		}
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		x.report(t, by, cell(id, luzhou, "2026-09", "100"))
		up.Version = second.Version
		_, err = x.UpdateDefinition(ctx, officer, up)
		wantKind(t, err, fault.Conflict)
		_, err = x.UpdateDefinition(ctx, leader, up)
		wantKind(t, err, fault.Forbidden)
		_, err = x.CloseDefinition(ctx, officer, indicator.DefinitionEnd{ID: second.ID, To: "2027-01-01",
			Version: second.Version})
		if err != nil {
			t.Error(err)
		}
	})
}

// A definition does not end before a period that has a value; its end can be taken back with a reason until
// a later version begins; and no value is approved that its definition does not hold for.
func TestDefinitionEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "科技型中小企业数", "家", true)
		def := x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		for _, p := range []series.Period{"2025Q1", "2025Q4"} {
			x.approved(t, by, cell(id, luzhou, p, "100"))
		}
		end := func(day clock.Date) (indicator.Definition, error) {
			return x.CloseDefinition(ctx, officer, indicator.DefinitionEnd{ID: def.ID, To: day, Version: def.Version})
		}
		for _, day := range []clock.Date{"2025-02-01", "2025-12-31"} {
			_, err := end(day)
			wantFields(t, err, "to")
			if !strings.Contains(err.Error(), "2025Q4") {
				t.Errorf("which period has a value: %v", err)
			}
		}
		late := x.report(t, by, cell(id, luzhou, "2026Q1", "101"))
		closed, err := end("2026-01-01")
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.FireObservation(ctx, officer, indicator.Step{ID: late.ID, Step: indicator.StepApprove,
			Version: late.Version})
		wantKind(t, err, fault.Conflict)
		back := indicator.DefinitionReopening{ID: def.ID, Version: closed.Version}
		_, err = x.ReopenDefinition(ctx, officer, back)
		wantFields(t, err, "reason")
		back.Reason = "停用日期填错"
		_, err = x.ReopenDefinition(ctx, leader, back)
		wantKind(t, err, fault.Forbidden)
		if def, err = x.ReopenDefinition(ctx, officer, back); err != nil || def.To != "" {
			t.Fatalf("reopened: %+v, %v", def, err)
		}
		_, err = x.ReopenDefinition(ctx, officer, back)
		wantKind(t, err, fault.Conflict)
		late = x.fire(t, officer, late, indicator.StepApprove, "")

		// A correction under way is of the version that held when it was written.
		o, err := x.Correct(ctx, by, indicator.Correction{ID: late.ID, Submit: true, Reason: "核减",
			ObservationData: indicator.ObservationData{Value: "99"}, Version: late.Version})
		if err != nil {
			t.Fatal(err)
		}
		next := quarterly()
		next.From = "2026-01-01"
		x.define(t, id, next)
		_, err = x.FireObservation(ctx, officer, indicator.Step{ID: o.ID, Step: indicator.StepApprove,
			Version: o.Version})
		wantKind(t, err, fault.Conflict)
		all, err := x.Definitions(ctx, d, id)
		if err != nil {
			t.Fatal(err)
		}
		back.Version = all[0].Version
		_, err = x.ReopenDefinition(ctx, officer, back)
		wantKind(t, err, fault.Conflict)
	})
}

// A value is checked at its field: unit, places, bounds, period, jump, fall, and who may report it.
func TestReportChecks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		try := func(by authz.Actor, c indicator.NewObservation) error {
			_, err := x.Report(ctx, by, indicator.Reporting{Cells: []indicator.NewObservation{c}})
			return err
		}
		for _, c := range []struct {
			in    indicator.NewObservation
			field string
		}{
			{cell(id, luzhou, "2026Q2", "abc"), "value"},
			{cell(id, luzhou, "2026Q2", ""), "value"},
			{cell(id, luzhou, "2026Q2", "-1"), "value"},
			{cell(id, luzhou, "2026Q2", "1.5"), "value"},
			{cell(id, luzhou, "2026-06", "1"), "period"},
			{cell(id, luzhou, "2024Q4", "1"), "period"},
			{cell(id, luzhou, "2027Q1", "1"), "period"},
			{cell(id, luzhou, "x", "1"), "period"},
			{cell(id, "14", "2026Q2", "1"), "region"},
			{cell(id, shangdan, "2026Q2", "1"), "region"},
			{cell("", luzhou, "2026Q2", "1"), "indicator"},
		} {
			wantFields(t, try(by, c.in), "cells.0."+c.field)
		}
		c := cell(id, luzhou, "2026Q2", "1")
		c.Unit = "亿元"
		wantFields(t, try(by, c), "cells.0.unit")
		c = cell(id, luzhou, "2026Q2", "1")
		c.AsOf = "2026-12-01"
		wantFields(t, try(by, c), "cells.0.asOf")
		wantKind(t, try(leader, cell(id, luzhou, "2026Q2", "1")), fault.Forbidden)
		if err := try(x.district(t, shangdan), cell(id, luzhou, "2026Q2", "1")); !fault.Is(err, fault.Invalid) {
			t.Errorf("another district reports: %v", err)
		}

		x.approved(t, by, cell(id, luzhou, "2026Q1", "100"))
		wantFields(t, try(by, cell(id, luzhou, "2026Q2", "121")), "cells.0.jumpNote")
		if err := try(by, cell(id, luzhou, "2026Q2", "120")); err != nil {
			t.Errorf("a change of just so much: %v", err)
		}
		c = cell(id, luzhou, "2026Q2", "121")
		c.JumpNote, c.Version = "新认定一批", 1
		if err := try(by, c); err != nil {
			t.Errorf("a jump with its reason: %v", err)
		}
		c.Version = 1
		wantFields(t, try(by, c), "cells.0.value") // seen too early
	})
}

// A cumulative value that falls needs a reason, and money is brought into the unit of the definition.
func TestCumulativeAndUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "技术合同成交额", "亿元", true)
		in := indicator.DefinitionData{Kind: indicator.Observed, Unit: "亿元", Places: 4, Frequency: "month",
			Cumulative: true, From: "2026-01-01"}
		x.define(t, id, in)
		c := cell(id, city, "2026-01", "30620")
		c.Unit = "万元"
		if o := x.approved(t, officer, c); o.Value != "3.062" || o.Unit != "亿元" || o.AsOf != "2026-01-31" {
			t.Errorf("stored %s%s as of %s", o.Value, o.Unit, o.AsOf)
		}
		_, err := x.Report(ctx, officer, indicator.Reporting{Cells: []indicator.NewObservation{
			cell(id, city, "2026-02", "3.05")}})
		wantFields(t, err, "cells.0.jumpNote")
		vs, err := x.Values(ctx, d, indicator.ValueFilter{Indicator: id})
		if err != nil || len(vs) != 1 || vs[0].Value != "3.062" || vs[0].Qualifier != "=" {
			t.Errorf("values %+v, %v", vs, err)
		}
	})
}

// Nobody approves or returns what they wrote or handed in themselves (四眼原则), one by one or in a batch; the
// reason is in words and the page offers no such step. Another officer does, and a later correction by a
// third person makes nobody judge their own value.
func TestFourEyes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		approve := func(by authz.Actor, o indicator.Observation) error {
			_, err := x.FireObservation(ctx, by, indicator.Step{ID: o.ID, Step: indicator.StepApprove, Version: o.Version})
			return err
		}
		refused := func(by authz.Actor, o indicator.Observation) {
			t.Helper()
			err := approve(by, o)
			wantKind(t, err, fault.Forbidden)
			if !strings.Contains(err.Error(), "本人填报") {
				t.Errorf("the reason is %v", err)
			}
			_, err = x.FireObservations(ctx, by, indicator.Steps{Step: indicator.StepReturn, Reason: "试",
				Values: []indicator.Step{{ID: o.ID, Version: o.Version}}})
			wantKind(t, err, fault.Forbidden)
			detail, err := x.GetObservation(ctx, by, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, offer := range detail.Offers {
				if offer.Step != indicator.StepRecall && offer.Allowed {
					t.Errorf("the page offers %s", offer.Step)
				}
			}
		}
		own := x.report(t, officer, cell(id, luzhou, "2026Q1", "100")) // an officer may report what units report
		refused(officer, own)
		own = x.fire(t, second, own, indicator.StepApprove, "")
		// Written by one officer, handed in by another: both are too near.
		list, err := x.Report(ctx, officer, indicator.Reporting{Cells: []indicator.NewObservation{
			cell(id, luzhou, "2026Q2", "101")}})
		if err != nil {
			t.Fatal(err)
		}
		o := x.fire(t, second, list[0], indicator.StepSubmit, "")
		refused(officer, o)
		refused(second, o)
		third := authz.Actor{Account: "acc-third", Login: "third", Role: authz.Officer, Via: authz.ViaSession}
		x.fire(t, third, o, indicator.StepApprove, "")
		// A unit corrects what an officer reported: that officer may approve the correction, which moves the
		// officer's own value aside.
		next, err := x.Correct(ctx, by, indicator.Correction{ID: own.ID, Reason: "核减", Submit: true, Version: own.Version,
			ObservationData: indicator.ObservationData{Value: "99"}})
		if err != nil {
			t.Fatal(err)
		}
		x.fire(t, officer, next, indicator.StepApprove, "")
	})
}

// A value whose definition does not hold any more says so where its steps are offered.
func TestOutdatedOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		o := x.report(t, by, cell(id, luzhou, "2026Q2", "100"))
		next := quarterly()
		next.From = "2026-01-01"
		x.define(t, id, next)
		detail, err := x.GetObservation(ctx, officer, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, offer := range detail.Offers {
			if approves := offer.Step == indicator.StepApprove; offer.Allowed == approves {
				t.Errorf("%s is offered: %v, %v", offer.Step, offer.Allowed, offer.WhyNot)
			}
		}
	})
}

// The way of a value: handed in, returned, handed in again, approved, corrected, approved again.
func TestCorrection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		o := x.report(t, by, cell(id, luzhou, "2026Q2", "100"))
		_, err := x.FireObservation(ctx, by, indicator.Step{ID: o.ID, Step: indicator.StepApprove,
			Version: o.Version})
		wantKind(t, err, fault.Forbidden)
		o = x.fire(t, officer, o, indicator.StepReturn, "请附名单")
		c := cell(id, luzhou, "2026Q2", "101")
		c.Version = o.Version
		o = x.approved(t, by, c)
		if o.Revision != 1 || o.State != indicator.Approved {
			t.Fatalf("approved %+v", o)
		}
		fix := indicator.Correction{ID: o.ID, ObservationData: indicator.ObservationData{Value: "99"},
			Submit: true, Version: o.Version}
		_, err = x.Correct(ctx, by, fix)
		wantFields(t, err, "reason")
		fix.Reason = "剔除已迁出的企业"
		next, err := x.Correct(ctx, by, fix)
		if err != nil || next.Revision != 2 || next.State != indicator.Submitted {
			t.Fatalf("correction %+v, %v", next, err)
		}
		_, err = x.Correct(ctx, by, fix)
		wantKind(t, err, fault.Conflict)
		now := func() plan.Decimal {
			vs, err := x.Values(ctx, d, indicator.ValueFilter{Indicator: id, Region: luzhou})
			if err != nil || len(vs) != 1 {
				t.Fatalf("values %+v, %v", vs, err)
			}
			return vs[0].Value
		}
		if now() != "101" {
			t.Errorf("a correction counts before it is approved")
		}
		x.fire(t, officer, next, indicator.StepApprove, "")
		if now() != "99" {
			t.Errorf("the correction does not count")
		}
		revisions, err := x.Revisions(ctx, d, id, luzhou)
		var got []string
		for _, r := range revisions {
			got = append(got, string(r.Value)+" "+r.State+" "+r.Reason)
		}
		want := []string{"101 superseded ", "99 approved 剔除已迁出的企业"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("revisions %v: %s", err, diff)
		}
		detail, err := x.GetObservation(ctx, by, next.ID)
		if err != nil || len(detail.Revisions) != 2 || len(detail.History) == 0 {
			t.Errorf("detail %+v, %v", detail, err)
		}
	})
}

// A lock stops reporting, approval and correction until it is opened with a reason.
func TestLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou)
		o := x.report(t, by, cell(id, luzhou, "2026Q2", "100"))
		_, err := x.LockPeriod(ctx, by, indicator.NewLock{Kind: "indicator", Object: id, Period: "2026",
			Reason: "年报定稿"})
		wantKind(t, err, fault.Forbidden)
		l, err := x.LockPeriod(ctx, officer, indicator.NewLock{Kind: "indicator", Object: id, Period: "2026",
			Reason: "年报定稿"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.LockPeriod(ctx, officer, indicator.NewLock{Kind: "indicator", Object: id, Period: "2026",
			Reason: "年报定稿"})
		wantFields(t, err, "period")
		_, err = x.FireObservation(ctx, officer, indicator.Step{ID: o.ID, Step: indicator.StepApprove,
			Version: o.Version})
		wantKind(t, err, fault.Conflict)
		_, err = x.Report(ctx, by, indicator.Reporting{Cells: []indicator.NewObservation{
			cell(id, luzhou, "2026Q3", "100")}})
		wantFields(t, err, "cells.0.value")
		desk, err := x.Desk(ctx, by, indicator.DeskFilter{Period: "2026Q3"})
		if err != nil || len(desk) != 1 || !desk[0].Locked {
			t.Errorf("desk %+v, %v", desk, err)
		}
		_, err = x.Unlock(ctx, officer, indicator.Unlocking{ID: l.ID, Version: l.Version})
		wantFields(t, err, "reason")
		if _, err = x.Unlock(ctx, officer, indicator.Unlocking{ID: l.ID, Reason: "补报", Version: l.Version}); err != nil {
			t.Fatal(err)
		}
		x.fire(t, officer, o, indicator.StepApprove, "")
	})
}

// Nobody but the unit and the bureau learns of what was not approved: not by id, list, count, desk,
// export, revisions or doubts.
func TestDraftsAreHidden(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		one, two := x.district(t, luzhou), x.district(t, shangdan)
		x.assign(t, id, one, luzhou)
		x.assign(t, id, two, shangdan)
		secret := x.report(t, one, cell(id, luzhou, "2026Q2", "7777"))
		see := func(by authz.Actor) string {
			var out bytes.Buffer
			page, err := x.ListObservations(ctx, by, indicator.ObservationFilter{}, "", db.PageReq{})
			if err != nil {
				t.Fatal(err)
			}
			counts, err := x.CountObservations(ctx, by, indicator.ObservationFilter{})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Items) != int(counts[indicator.Submitted]+counts[indicator.Approved]) {
				t.Errorf("%d listed, counted %v", len(page.Items), counts)
			}
			_, err = x.WriteObservations(ctx, by, indicator.ObservationFilter{},
				indicator.Export{Format: sheet.CSV}, &out)
			if err != nil {
				t.Fatal(err)
			}
			desk, err := x.Desk(ctx, by, indicator.DeskFilter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range desk {
				if a.Observation != nil {
					out.WriteString(string(a.Observation.Value))
				}
			}
			return out.String()
		}
		shows := func(by authz.Actor) bool { return bytes.Contains([]byte(see(by)), []byte("7777")) }
		if !shows(one) || !shows(officer) || shows(two) {
			t.Errorf("own %v, officer %v, other %v", shows(one), shows(officer), shows(two))
		}
		_, err := x.GetObservation(ctx, two, secret.ID)
		wantKind(t, err, fault.NotFound)
		_, err = x.FireObservation(ctx, two, indicator.Step{ID: secret.ID, Step: indicator.StepWithdraw,
			Version: secret.Version})
		wantKind(t, err, fault.NotFound)
		_, err = x.Correct(ctx, two, indicator.Correction{ID: secret.ID, Version: secret.Version})
		wantKind(t, err, fault.NotFound)

		// Once approved, the other reads it, but not the correction under way.
		open := x.fire(t, officer, secret, indicator.StepApprove, "")
		if got, err := x.GetObservation(ctx, two, open.ID); err != nil || got.Value != "7777" {
			t.Errorf("approved value: %v", err)
		}
		fix, err := x.Correct(ctx, one, indicator.Correction{ID: open.ID, Reason: "核减",
			ObservationData: indicator.ObservationData{Value: "8888"}, Submit: true, Version: open.Version})
		if err != nil {
			t.Fatal(err)
		}
		detail, err := x.GetObservation(ctx, two, open.ID)
		if err != nil || len(detail.Revisions) != 1 || bytes.Contains([]byte(see(two)), []byte("8888")) {
			t.Errorf("the correction %s is seen: %+v, %v", fix.ID, detail.Revisions, err)
		}
	})
}

// What is asked for and the rates follow from duties, definitions and what was handed in when.
func TestDeskAndRates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou, shangdan)
		// 2026Q3 ends on a Wednesday; the holidays of October 2026 last until the 7th.
		desk, err := x.Desk(ctx, by, indicator.DeskFilter{From: "2026-06-01"})
		if err != nil || len(desk) != 4 {
			t.Fatalf("desk %d, %v", len(desk), err)
		}
		due := clock.Time(desk[3].DueUs)
		if want := at("2026-10-13 17:00"); desk[3].Period != "2026Q3" || !due.Equal(want) {
			t.Errorf("%s due %v, want %v", desk[3].Period, due, want)
		}
		x.clock.Set(at("2026-07-02 10:00"))
		x.report(t, by, cell(id, luzhou, "2026Q2", "100")) // by the 7th: on time
		x.clock.Set(at("2026-11-20 09:30"))
		x.report(t, by, cell(id, shangdan, "2026Q2", "50")) // late
		rates, err := x.Rates(ctx, officer, indicator.DeskFilter{From: "2026-06-01"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rates {
			got = append(got, string(r.Period)+" "+rateText(r))
		}
		want := []string{" 4/4/1/1/2 2500 5000", "2026Q3 2/2/0/0/2 0 0", "2026Q2 2/2/1/1/0 5000 10000"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rates: %s", diff)
		}
		if list, err := x.Rates(ctx, x.district(t, shangdan), indicator.DeskFilter{}); err != nil || len(list) != 0 {
			t.Errorf("a unit without duties sees %v, %v", list, err)
		}
		// A duty that passes to another unit asks each for its own periods.
		other := x.district(t, shangdan)
		_, err = x.AssignDuties(ctx, officer, indicator.Assignment{Indicators: []string{id},
			Regions: []region.Code{shangdan}, Reporter: x.office(t, shangdan), From: "2026-07-01"})
		if err != nil {
			t.Fatal(err)
		}
		desk, err = x.Desk(ctx, other, indicator.DeskFilter{From: "2026-01-01"})
		if err != nil || len(desk) != 1 || desk[0].Period != "2026Q3" {
			t.Errorf("after the change %+v, %v", desk, err)
		}
	})
}

func rateText(r indicator.Rate) string {
	var out bytes.Buffer
	for _, n := range []int64{r.Asked, r.Due, r.OnTime, r.Late, r.Missing} {
		if out.Len() > 0 {
			out.WriteByte('/')
		}
		out.WriteString(plan.PercentText(n * 100))
	}
	return out.String() + " " + plan.PercentText(r.OnTimeBp()*100) + " " + plan.PercentText(r.CompleteBp()*100)
}

// Parts that do not add up are a doubt of the whole and of each part, once all are approved.
func TestSumDoubt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		one, two := x.district(t, luzhou), x.district(t, shangdan)
		x.assign(t, id, one, luzhou)
		x.assign(t, id, two, shangdan)
		whole := x.approved(t, officer, cell(id, city, "2026Q2", "264"))
		doubts := func(by authz.Actor, o indicator.Observation) (out []string) {
			got, err := x.GetObservation(ctx, by, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, y := range got.Doubts {
				if y.Kind == indicator.DoubtSum {
					out = append(out, y.Args[0].(string)+"≠"+y.Args[1].(string))
				}
			}
			return out
		}
		x.approved(t, one, cell(id, luzhou, "2026Q2", "160"))
		if got := doubts(officer, whole); len(got) != 0 {
			t.Errorf("doubts before all parts are there: %v", got)
		}
		part := x.approved(t, two, cell(id, shangdan, "2026Q2", "100"))
		for _, o := range []indicator.Observation{whole, part} {
			if got := doubts(officer, o); len(got) != 1 || got[0] != "260≠264" {
				t.Errorf("doubts %v", got)
			}
		}
	})
}

// A period that has not ended is asked for by nobody, from the first day of a definition on.
func TestFirstPeriodNotAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id, by := x.indicator(t, "高新技术企业数", "家", true), x.district(t, luzhou)
		q := quarterly()
		q.From = "2026-10-01"
		x.define(t, id, q)
		_, err := x.AssignDuties(ctx, officer, indicator.Assignment{Indicators: []string{id},
			Regions: []region.Code{luzhou}, Reporter: x.office(t, luzhou), From: "2026-10-01"})
		if err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]int{"2026-10-01 09:00": 0, "2026-11-15 09:00": 0, "2026-12-31 23:00": 0,
			"2027-01-01 09:00": 1} {
			x.clock.Set(at(day))
			list, err := x.Desk(ctx, by, indicator.DeskFilter{})
			if err != nil || len(list) != want {
				t.Errorf("%s: %d cells, %v", day, len(list), err)
			}
			rates, err := x.Rates(ctx, officer, indicator.DeskFilter{})
			if err != nil || want == 0 && len(rates) != 0 || want == 1 && (rates[0].Asked != 1 || rates[0].Due != 0) {
				t.Errorf("%s: %+v, %v", day, rates, err)
			}
		}
	})
}
