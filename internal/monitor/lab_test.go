package monitor_test

import (
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const city region.Code = "140100"

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
		Via: authz.ViaSession}
	second = authz.Actor{Account: "acc-second", Login: "second", Role: authz.Officer,
		Via: authz.ViaSession}
	leader = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader,
		Via: authz.ViaSession}
	district = authz.Actor{Account: "acc-d", Login: "district", Role: authz.District,
		Region: "140105", Via: authz.ViaSession}
	visitor = authz.Actor{Role: authz.Public, Via: authz.ViaSession}
)

// lab is the room with everything around it.
type lab struct {
	*monitor.Service
	t          *testing.T
	db         *db.DB
	unit       *unit.Unit
	clock      *clock.Fake
	plan       *plan.Service
	indicators *indicator.Service
	party      *party.Service
	feed       *outbox.Dispatcher
	runner     *job.Runner
	bureau     string
}

func newLab(t *testing.T, d *db.DB) *lab {
	t.Helper()
	x := &lab{t: t, db: d, clock: clock.NewFake(dbtest.Start)}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	ctx := t.Context()
	places := dict.New(x.unit)
	x.must(places.Load(ctx))
	times := process.Times{Calendar: places, Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, party.FromDict(places), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	x.must(err)
	blobs, err := blob.Open(x.unit, blob.Options{Dir: t.TempDir()})
	x.must(err)
	t.Cleanup(func() { x.must(blobs.Close()) })
	x.plan, err = plan.New(x.unit, times, plan.Options{Blobs: blobs, Party: x.party, Dict: places})
	x.must(err)
	x.must(x.plan.Load(ctx))
	reg, err := measure.NewRegistry(d, x.clock, x.party.Measures()...)
	x.must(err)
	x.indicators, err = indicator.New(x.unit, times, indicator.Options{Plan: x.plan, Party: x.party,
		Dict: places, Measures: reg.List})
	x.must(err)
	x.Service = monitor.New(x.unit, monitor.Options{Plan: x.plan, Indicator: x.indicators, Dict: places,
		Measures: func() *measure.Registry { return reg }, Home: func() region.Code { return city }})
	x.must(x.Load(ctx))
	x.feed = outbox.NewDispatcher(d, x.clock, outbox.Options{}, x.Follower())
	x.runner = job.NewRunner(x.unit, job.NewDesk(x.unit), job.Options{})
	x.RegisterJobs(x.runner)
	o, err := x.party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{
		Name: "太原市科学技术局", Kind: "government", Region: city, Standing: "active"}})
	x.must(err)
	x.bureau = o.ID
	return x
}

func (x *lab) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// settle lets the follower and the jobs do what they have to.
func (x *lab) settle() {
	x.t.Helper()
	x.must(x.feed.CatchUp(x.t.Context()))
	_, err := x.runner.RunDue(x.t.Context())
	x.must(err)
	x.must(x.feed.CatchUp(x.t.Context()))
}

// define makes an indicator with a definition; change may make it another one.
func (x *lab) define(name, unit string, change func(*indicator.DefinitionData)) plan.Indicator {
	x.t.Helper()
	i, err := x.plan.CreateIndicator(x.t.Context(), officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
		Name: name, Unit: unit, Direction: "up", Additive: true}})
	x.must(err)
	x.version(i.ID, unit, "2020-01-01", change)
	return i
}

// version gives an indicator its next definition.
func (x *lab) version(
	indicatorID, unit string, from clock.Date, change func(*indicator.DefinitionData),
) indicator.Definition {
	x.t.Helper()
	d := indicator.DefinitionData{Kind: indicator.Observed, Text: "按统计制度", Unit: unit, Places: 2,
		Frequency: "quarter", Cumulative: true, DueDays: 10, DueTime: "18:00", From: from, Org: x.bureau}
	if change != nil {
		change(&d)
	}
	out, err := x.indicators.CreateDefinition(x.t.Context(), officer,
		indicator.NewDefinition{Indicator: indicatorID, DefinitionData: d})
	x.must(err)
	return out
}

// report has a value reported by one officer and approved by another.
func (x *lab) report(indicatorID string, place region.Code, p series.Period, value plan.Decimal) {
	x.t.Helper()
	ctx := x.t.Context()
	list, err := x.indicators.Report(ctx, officer, indicator.Reporting{Submit: true,
		Cells: []indicator.NewObservation{{Cell: indicator.Cell{Indicator: indicatorID, Region: place,
			Period: p}, ObservationData: indicator.ObservationData{Value: value, JumpNote: "说明"}}}})
	x.must(err)
	_, err = x.indicators.FireObservation(ctx, second, indicator.Step{ID: list[0].ID,
		Step: indicator.StepApprove, Version: list[0].Version})
	x.must(err)
}

// correct replaces an approved value.
func (x *lab) correct(observationID string, version int64, value plan.Decimal) {
	x.t.Helper()
	o, err := x.indicators.Correct(x.t.Context(), officer, indicator.Correction{ID: observationID,
		ObservationData: indicator.ObservationData{Value: value, JumpNote: "说明"}, Reason: "核减重复登记",
		Submit: true, Version: version})
	x.must(err)
	_, err = x.indicators.FireObservation(x.t.Context(), second, indicator.Step{ID: o.ID,
		Step: indicator.StepApprove, Version: o.Version})
	x.must(err)
}

// aim sets a target of the city for 2026.
func (x *lab) aim(indicatorID, unit string, value plan.Decimal) plan.Target {
	x.t.Helper()
	t, err := x.plan.CreateTarget(x.t.Context(), officer, plan.NewTarget{TargetData: plan.TargetData{
		Indicator: indicatorID, Region: city, Measure: "level", Op: ">=", Value: value, Unit: unit,
		From: "2026-01-01", To: "2026-12-31"}})
	x.must(err)
	return t
}

func (x *lab) light(targetID string) monitor.LightDetail {
	x.t.Helper()
	l, err := x.GetLight(x.t.Context(), officer, targetID)
	x.must(err)
	return l
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

func quarter(year, n int) series.Period { return series.NewPeriod(series.Quarter, year, n) }

func text(format string, args ...any) string { return fmt.Sprintf(format, args...) }
