package monitor_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// each runs a test with the room on both databases.
func each(t *testing.T, fn func(t *testing.T, x *lab)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newLab(t, d)) })
}

// written is all that somebody can read of some indicators, to compare projections.
func (x *lab) written(ids ...string) []string {
	x.t.Helper()
	b, err := json.MarshalIndent(x.everything(ids...), "", " ")
	x.must(err)
	return strings.Split(string(b), "\n")
}

func (x *lab) everything(ids ...string) []monitor.IndicatorView {
	x.t.Helper()
	var out []monitor.IndicatorView
	for _, indicatorID := range ids {
		v, err := x.GetIndicator(x.t.Context(), officer, indicatorID, city, "")
		x.must(err)
		out = append(out, v)
	}
	return out
}

// An approved value becomes a point, a correction another one, a value under way none; dropped and made
// again, the points are the same.
func TestPoints(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		deals := x.define("技术合同成交额", "亿元", nil)
		output := x.define("地区生产总值", "亿元", nil)
		share := x.define("成交额占比", "%", func(d *indicator.DefinitionData) {
			d.Kind, d.Cumulative, d.Formula = indicator.Computed, true, "「技术合同成交额」 / 「地区生产总值」 * 100%"
		})
		orgs := x.define("企业数", "家", func(d *indicator.DefinitionData) {
			d.Kind, d.Cumulative, d.Measure, d.Places = indicator.Measured, false, "party.orgs", 0
			d.Dims = map[string]string{"kind": "enterprise"}
		})
		for n, v := range []plan.Decimal{"30", "80", "154.53"} {
			x.report(deals.ID, city, quarter(2026, n+1), v)
			x.report(output.ID, city, quarter(2026, n+1), "4000")
		}
		for i, place := range []string{"140105", "140106"} {
			_, err := x.party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
				Name: text("第%d厂", i), Kind: "enterprise", Region: "140105", Standing: "active"}})
			x.must(err)
			_ = place
		}
		x.settle()
		_, err := x.Recompute(t.Context(), officer, orgs.ID)
		x.must(err)
		at := func(indicatorID string, n int) monitor.PointView {
			t.Helper()
			p, err := x.GetPoint(t.Context(), leader, monitor.Cell{Indicator: indicatorID, Region: city},
				quarter(2026, n))
			x.must(err)
			return p
		}
		if p := at(deals.ID, 3); p.Value != "154.53" || p.Evidence.Observation == "" || !p.Cumulative {
			t.Errorf("%+v", p.Point)
		}
		// 154.53 of 4000 are 3.86325 %: two places.
		if p := at(share.ID, 3); p.Value != "3.86" || p.Origin != monitor.FromFormula ||
			len(p.Evidence.Inputs) != 2 || p.Evidence.Inputs[0].Value != "154.53" {
			t.Errorf("%+v", p.Point)
		}
		if p := at(orgs.ID, 4); p.Value != "2" || p.Evidence.Measure != "party.orgs" || !p.CanList ||
			p.AsOf != "2026-11-20" {
			t.Errorf("%+v", p.Point)
		}
		rows, err := x.PointRows(t.Context(), leader, monitor.Cell{Indicator: orgs.ID, Region: city},
			quarter(2026, 4), db.PageReq{})
		if err != nil || len(rows.Items) != 2 || !strings.HasPrefix(rows.Items[0].Href, "/orgs/") {
			t.Errorf("rows %v %v", rows.Items, err)
		}
		old := at(deals.ID, 3)
		o, err := x.indicators.GetObservation(t.Context(), officer, old.Evidence.Observation)
		x.must(err)
		x.correct(o.ID, o.Version, "150")
		x.settle()
		if p := at(deals.ID, 3); p.Value != "150" || p.Revision != 2 || len(p.Revisions) != 2 {
			t.Errorf("corrected: %+v, %d revisions", p.Point, len(p.Revisions))
		}
		if p := at(share.ID, 3); p.Value != "3.75" {
			t.Errorf("the formula still says %s", p.Value)
		}
		before := x.written(deals.ID, output.ID, share.ID, orgs.ID)
		x.must(x.feed.Rebuild(t.Context(), "monitor.points"))
		if diff := cmp.Diff(before, x.written(deals.ID, output.ID, share.ID, orgs.ID)); diff != "" {
			t.Errorf("made again, it differs:\n%s", diff)
		}
		_, err = x.GetPoint(t.Context(), visitor, monitor.Cell{Indicator: deals.ID, Region: city}, quarter(2026, 3))
		wantKind(t, err, fault.Forbidden)
		_, err = x.GetPoint(t.Context(), officer, monitor.Cell{Indicator: deals.ID, Region: city}, quarter(2026, 4))
		wantKind(t, err, fault.NotFound)
	})
}

// A definition that breaks the series is marked, and nothing is compared across it.
func TestBreaks(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		i := x.define("研发投入强度", "%", func(d *indicator.DefinitionData) {
			d.Frequency, d.Cumulative = "year", false
		})
		x.version(i.ID, "%", "2024-01-01", func(d *indicator.DefinitionData) {
			d.Frequency, d.Cumulative, d.Breaks, d.BreakNote = "year", false, true, "按新制度"
		})
		for n, v := range []plan.Decimal{"1.5", "1.6", "2.0", "2.1"} {
			x.report(i.ID, city, series.NewPeriod(series.Year, 2022+n, 1), v)
		}
		x.settle()
		v := x.everything(i.ID)[0]
		for n, want := range []struct {
			breaks bool
			change plan.Decimal
		}{{false, ""}, {false, "0.1"}, {true, ""}, {false, "0.1"}} {
			p := v.Series[n]
			got := plan.Decimal("")
			if p.OnYear != nil {
				got = p.OnYear.Value
			}
			if p.Breaks != want.breaks || got != want.change || p.OnYear != nil && !p.OnYear.Points {
				t.Errorf("%s breaks %v, changes by %q", p.Period, p.Breaks, got)
			}
		}
	})
}

func evidence() []plan.FileInput {
	return []plan.FileInput{{Name: "说明.txt", Content: strings.NewReader("原因和措施。")}}
}

// verifying brings the task of an alert to where only its closing is left.
func (x *lab) verifying(taskID string) plan.Task {
	x.t.Helper()
	ctx := x.t.Context()
	task, err := x.plan.GetTask(ctx, officer, taskID)
	x.must(err)
	out := task.Task
	for _, step := range []string{"sign", "start", "apply", "accept"} {
		in := plan.TaskStep{Step: plan.Step{ID: taskID, Step: step, Version: out.Version}}
		by := second
		switch step {
		case "apply":
			in.Reason, in.New = "已完成", evidence()
		case "accept":
			by = officer
		}
		out, err = x.plan.FireTask(ctx, by, in)
		x.must(err)
	}
	return out
}

func (x *lab) close(task plan.Task) error {
	_, err := x.plan.FireTask(x.t.Context(), officer, plan.TaskStep{Step: plan.Step{ID: task.ID,
		Step: "pass", Version: task.Version}})
	return err
}

// A red number opens a task, once, with the unit that answers, a deadline and what is asked for. The
// task is not closed while the number is red; once the number recovers, it is.
func TestRedUntilRecovered(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		i := x.define("技术合同成交额", "亿元", nil)
		target := x.aim(i.ID, "亿元", "228")
		for n, v := range []plan.Decimal{"30", "60", "90"} {
			x.report(i.ID, city, quarter(2026, n+1), v)
		}
		x.settle()
		l := x.light(target.ID)
		// 90 of 228 are 39.47 %, 75 % are planned: 35.53 points behind.
		if l.Light.Colour != plan.Red || l.Behind != "35.53" || l.Gap != "138" || l.Monthly != "46" ||
			len(l.Alerts) != 1 {
			t.Fatalf("%+v", l)
		}
		x.settle()
		x.clock.Advance(time.Hour)
		x.settle()
		if l = x.light(target.ID); len(l.Alerts) != 1 {
			t.Fatalf("%d tasks were opened", len(l.Alerts))
		}
		task, err := x.plan.GetTask(t.Context(), officer, l.Alerts[0].Task)
		x.must(err)
		// Ten working days from Friday 20 November: Friday 4 December, 18:00.
		due := time.Date(2026, 12, 4, 18, 0, 0, 0, dbtest.Start.Location())
		if task.State != plan.TaskEstablished || task.Lead != x.bureau || task.DueUs != due.UnixMicro() ||
			!strings.Contains(task.Content, "落后 35.5 个百分点") || !strings.Contains(task.Content, "数据达标") ||
			len(task.Goals) != 1 {
			t.Errorf("%+v", task.Task)
		}
		applied := x.verifying(task.ID)
		wantKind(t, x.close(applied), fault.Conflict)
		x.report(i.ID, city, quarter(2026, 4), "200")
		x.must(x.feed.CatchUp(t.Context())) // the value is known, no job has run
		x.must(x.close(applied))
		x.settle()
		if l = x.light(target.ID); l.Light.Colour == plan.Red || l.Alerts[0].Live ||
			l.Alerts[0].RecoveredUs == 0 || l.Alerts[0].EndedUs == 0 {
			t.Errorf("%+v", l)
		}
		// Red again after the task was closed: another task.
		v := x.everything(i.ID)[0]
		last := v.Series[len(v.Series)-1]
		o, err := x.indicators.GetObservation(t.Context(), officer, last.Evidence.Observation)
		x.must(err)
		x.correct(o.ID, o.Version, "91")
		x.settle()
		if l = x.light(target.ID); l.Light.Colour != plan.Red || len(l.Alerts) != 2 {
			t.Errorf("%s, %d tasks", l.Light.Colour, len(l.Alerts))
		}
	})
}

// A leader, and nobody else, may decide with a reason that a task is closed although the number is red.
// No second task is opened for the same red.
func TestRedUntilDecided(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		i := x.define("技术合同成交额", "亿元", nil)
		target := x.aim(i.ID, "亿元", "228")
		x.report(i.ID, city, quarter(2026, 3), "90")
		x.settle()
		alert := x.light(target.ID).Alerts[0]
		applied := x.verifying(alert.Task)
		wantKind(t, x.close(applied), fault.Conflict)
		in := monitor.Decision{Target: target.ID, Reason: "统计口径调整，改由明年目标考核", Version: alert.Version}
		_, err := x.Decide(t.Context(), officer, in)
		wantKind(t, err, fault.Forbidden)
		_, err = x.Decide(t.Context(), district, in)
		wantKind(t, err, fault.NotFound)
		_, err = x.Decide(t.Context(), leader, monitor.Decision{Target: target.ID, Version: alert.Version})
		wantKind(t, err, fault.Invalid)
		a, err := x.Decide(t.Context(), leader, in)
		if err != nil || a.DecidedLogin != "leader" || a.Decision != in.Reason {
			t.Fatalf("%+v %v", a, err)
		}
		_, err = x.Decide(t.Context(), leader, in)
		wantKind(t, err, fault.Conflict)
		x.must(x.close(applied))
		x.settle()
		l := x.light(target.ID)
		if l.Light.Colour != plan.Red || len(l.Alerts) != 1 || !l.Alerts[0].Live || l.Live() != nil {
			t.Errorf("%+v", l)
		}
	})
}

// Filing an old plan floods nobody: a target whose period was over when it was recorded is red on the board,
// says so, and opens no task. One that ends later opens one when its period is over.
func TestRecordedLate(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		i := x.define("技术合同成交额", "亿元", nil)
		aim := func(from, to clock.Date) string {
			t.Helper()
			out, err := x.plan.CreateTarget(t.Context(), officer, plan.NewTarget{TargetData: plan.TargetData{
				Indicator: i.ID, Region: city, Measure: "level", Op: ">=", Value: "228", Unit: "亿元", From: from,
				To: to}})
			x.must(err)
			return out.ID
		}
		// It is 20 November 2026.
		old, now := aim("2025-01-01", "2025-12-31"), aim("2026-01-01", "2026-11-20")
		x.report(i.ID, city, quarter(2025, 4), "90")
		x.report(i.ID, city, quarter(2026, 3), "90")
		x.settle()
		l := x.light(old)
		why := l.Light.Reasons[len(l.Light.Reasons)-1].In(i18n.ZH)
		if l.Light.Colour != plan.Red || len(l.Alerts) != 0 || !strings.Contains(why, "2026-11-20 登记目标时期间已过") {
			t.Errorf("%s, %d tasks: %s", l.Light.Colour, len(l.Alerts), why)
		}
		x.clock.Advance(30 * 24 * time.Hour)
		x.settle()
		if l := x.light(old); len(l.Alerts) != 0 {
			t.Error("a task was opened later")
		}
		if l := x.light(now); l.Light.Colour != plan.Red || len(l.Alerts) != 1 {
			t.Errorf("%s, %d tasks", l.Light.Colour, len(l.Alerts))
		}
	})
}

// Nobody turns a red light by asking for less: the task of a target that was changed is held until the target
// is as it was, or a leader decided; that of a target that was dropped is terminated, not completed.
func TestTargetChangedWhileRed(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		i := x.define("技术合同成交额", "亿元", nil)
		target := x.aim(i.ID, "亿元", "228")
		x.report(i.ID, city, quarter(2026, 3), "90")
		x.settle()
		applied := x.verifying(x.light(target.ID).Alerts[0].Task)
		set := func(value plan.Decimal, dropped bool) {
			t.Helper()
			d := target.TargetData
			d.Value = value
			var err error
			target, err = x.plan.UpdateTarget(ctx, officer, plan.TargetUpdate{ID: target.ID, TargetData: d,
				Dropped: dropped, Reason: "调整", Version: target.Version})
			x.must(err)
			x.settle()
		}
		held := func(words string) {
			t.Helper()
			err := x.close(applied)
			wantKind(t, err, fault.Conflict)
			if err != nil && !strings.Contains(err.Error(), words) {
				t.Errorf("closed with %v, want %q", err, words)
			}
		}
		held("仍为红灯")
		set("80", false)
		if l := x.light(target.ID); l.Light.Colour == plan.Red {
			t.Fatalf("90 of 80 is %s", l.Light.Colour)
		}
		held("由“≥228 亿元")
		set("228", true)
		held("已取消")
		_, err := x.plan.FireTask(ctx, officer, plan.TaskStep{Step: plan.Step{ID: applied.ID, Step: "return",
			Reason: "目标已取消", Version: applied.Version}})
		if err == nil {
			applied.Version++
			_, err = x.plan.FireTask(ctx, officer, plan.TaskStep{Step: plan.Step{ID: applied.ID,
				Step: plan.StepTerminate, Reason: "目标已取消", Version: applied.Version}})
		}
		x.must(err)
	})
}

// A leader may let the task of a changed target be closed.
func TestTargetChangedAndDecided(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		i := x.define("技术合同成交额", "亿元", nil)
		target := x.aim(i.ID, "亿元", "228")
		x.report(i.ID, city, quarter(2026, 3), "90")
		x.settle()
		applied := x.verifying(x.light(target.ID).Alerts[0].Task)
		d := target.TargetData
		d.Value = "80"
		_, err := x.plan.UpdateTarget(ctx, officer, plan.TargetUpdate{ID: target.ID, TargetData: d, Reason: "上级调整",
			Version: target.Version})
		x.must(err)
		x.settle()
		wantKind(t, x.close(applied), fault.Conflict)
		_, err = x.Decide(ctx, leader, monitor.Decision{Target: target.ID, Reason: "省里下调了目标",
			Version: x.light(target.ID).Alerts[0].Version})
		x.must(err)
		x.must(x.close(applied))
	})
}

// A value that nobody reports turns the light yellow and then red, by the days that pass.
func TestMissing(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		i := x.define("技术合同成交额", "亿元", nil)
		target := x.aim(i.ID, "亿元", "228")
		x.report(i.ID, city, quarter(2026, 2), "150")
		x.settle()
		// The third quarter was due ten working days after 30 September, past the holidays and with
		// Saturday 10 October: 20 October.
		for _, tc := range []struct {
			day  time.Time
			want plan.Colour
		}{{dbtest.Start.AddDate(0, 0, -1), plan.Green}, {dbtest.Start, plan.Yellow},
			{dbtest.Start.AddDate(0, 2, -1), plan.Yellow}, {dbtest.Start.AddDate(0, 2, 0), plan.Red}} {
			x.clock.Set(tc.day)
			_, err := x.Recompute(t.Context(), officer, i.ID)
			x.must(err)
			if l := x.light(target.ID); l.Light.Colour != tc.want {
				t.Errorf("%s: %s %v", tc.day.Format(time.DateOnly), l.Light.Colour, l.Light.Reasons)
			}
		}
	})
}

// An overview has every indicator of its set, with and without a value, and the lights.
func TestOverview(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		v, err := x.Overview(t.Context(), officer, monitor.OverviewReq{})
		if err != nil || v.Set != nil || len(v.Figures) != 0 {
			t.Fatalf("an empty house: %+v %v", v, err)
		}
		i := x.define("技术合同成交额", "亿元", nil)
		x.aim(i.ID, "亿元", "228")
		for _, year := range []int{2025, 2026} {
			x.report(i.ID, city, quarter(year, 3), plan.Decimal(text("%d", (year-2023)*60)))
			x.report(i.ID, "140105", quarter(year, 3), "40")
		}
		x.settle()
		v, err = x.Overview(t.Context(), leader, monitor.OverviewReq{})
		x.must(err)
		if len(v.Figures) != 1 || v.Known != 1 || v.AsOf != "2026-09-30" || v.Lights["green"] != 1 {
			t.Fatalf("%+v", v)
		}
		// 180 after 120: half as much again.
		f := v.Figures[0]
		if f.Point.Value != "180" || f.Change.Value != "50" || f.Change.Points || len(f.Recent) != 2 ||
			f.Light == nil || f.LeadName != "太原市科学技术局" {
			t.Errorf("%+v", f)
		}
		past, err := x.Overview(t.Context(), leader, monitor.OverviewReq{Period: "2025"})
		if err != nil || past.Figures[0].Point.Value != "120" {
			t.Errorf("in 2025: %+v %v", past.Figures[0].Point, err)
		}
		a, err := x.Across(t.Context(), leader, i.ID, city, "")
		if err != nil || len(a.Places) < 10 || a.Places[0].Region != "140105" ||
			a.Places[0].Last().Value != "40" || a.Places[1].Last() != nil {
			t.Errorf("%+v %v", a, err)
		}
		// A district sees the numbers, and no target of the city.
		own, err := x.Overview(t.Context(), district, monitor.OverviewReq{Region: city})
		if err != nil || own.Figures[0].Point == nil || own.Figures[0].Light != nil || len(own.Lights) != 0 {
			t.Errorf("a district: %+v %v", own, err)
		}
		_, err = x.Overview(t.Context(), visitor, monitor.OverviewReq{})
		wantKind(t, err, fault.Forbidden)
	})
}
