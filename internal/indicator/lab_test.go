package indicator_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
		Via: authz.ViaSession}
	second = authz.Actor{Account: "acc-second", Login: "second", Role: authz.Officer,
		Via: authz.ViaSession}
	leader = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader,
		Via: authz.ViaSession}
)

// lab is the room with everything around it.
type lab struct {
	*indicator.Service
	db    *db.DB
	unit  *unit.Unit
	clock *clock.Fake
	party *party.Service
	plan  *plan.Service
	orgs  map[string]string
}

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	x := &lab{db: d, clock: clock.NewFake(dbtest.Start), orgs: map[string]string{}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	dicts := dict.New(x.unit)
	if err := dicts.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	times := process.Times{Calendar: dicts, Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, party.FromDict(dicts), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	if x.plan, err = plan.New(x.unit, times, plan.Options{Party: x.party, Dict: dicts}); err != nil {
		t.Fatal(err)
	}
	if err := x.plan.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	x.Service, err = indicator.New(x.unit, times, indicator.Options{Plan: x.plan, Party: x.party,
		Dict: dicts, Home: func() region.Code { return city }})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// org registers a government office once for each name.
func (x *lab) org(t testing.TB, name string, code region.Code) string {
	t.Helper()
	if x.orgs[name] == "" {
		o, err := x.party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: name, Kind: "government", Region: code, Standing: "active"}})
		x.orgs[name] = must(t, o, err).ID
	}
	return x.orgs[name]
}

// Places of tests: a city with two of its districts.
const (
	city     region.Code = "140400"
	luzhou   region.Code = "140403"
	shangdan region.Code = "140404"
)

// office is the office of a district.
func (x *lab) office(t testing.TB, code region.Code) string {
	t.Helper()
	return x.org(t, "科技局"+string(code), code)
}

// district is somebody who acts for a district: by its region, not for one of its offices.
func (x *lab) district(t testing.TB, code region.Code) authz.Actor {
	t.Helper()
	x.office(t, code)
	return authz.Actor{Account: "acc-" + string(code), Login: "d" + string(code), Role: authz.District,
		Region: string(code), Via: authz.ViaSession}
}

// indicator defines an indicator.
func (x *lab) indicator(t testing.TB, name, unit string, additive bool) string {
	t.Helper()
	out, err := x.plan.CreateIndicator(t.Context(), officer, plan.NewIndicator{
		IndicatorData: plan.IndicatorData{Name: name, Unit: unit, Direction: "up", Additive: additive}})
	return must(t, out, err).ID
}

// quarterly is a definition by quarters.
func quarterly() indicator.DefinitionData {
	return indicator.DefinitionData{Kind: indicator.Observed, Text: "有效期内的企业数", Unit: "家",
		Frequency: "quarter", DueDays: 5, DueTime: "17:00", Floor: "0", Jump: "20", From: "2025-01-01"}
}

func (x *lab) define(t testing.TB, id string, d indicator.DefinitionData) indicator.Definition {
	t.Helper()
	out, err := x.CreateDefinition(t.Context(), officer, indicator.NewDefinition{Indicator: id,
		DefinitionData: d})
	return must(t, out, err)
}

func (x *lab) assign(t testing.TB, id string, by authz.Actor, places ...region.Code) {
	t.Helper()
	_, err := x.AssignDuties(t.Context(), officer, indicator.Assignment{Indicators: []string{id},
		Regions: places, Reporter: x.office(t, region.Code(by.Region)), From: "2025-01-01"})
	if err != nil {
		t.Fatal(err)
	}
}

// cell is a value on its way in.
func cell(id string, place region.Code, p series.Period, v plan.Decimal) indicator.NewObservation {
	return indicator.NewObservation{Cell: indicator.Cell{Indicator: id, Region: place, Period: p},
		ObservationData: indicator.ObservationData{Value: v}}
}

// report hands one value in.
func (x *lab) report(t testing.TB, by authz.Actor, c indicator.NewObservation) indicator.Observation {
	t.Helper()
	out, err := x.Report(t.Context(), by, indicator.Reporting{Cells: []indicator.NewObservation{c},
		Submit: true})
	return must(t, out, err)[0]
}

func (x *lab) fire(
	t testing.TB, by authz.Actor, o indicator.Observation, step, reason string,
) indicator.Observation {
	t.Helper()
	return processtest.Again(t, x.db, func(key string) (indicator.Observation, error) {
		return x.FireObservation(t.Context(), by, indicator.Step{ID: o.ID, Step: step, Reason: reason,
			Version: o.Version, Key: key})
	})
}

// approved hands a value in and has another account approve it.
func (x *lab) approved(t testing.TB, by authz.Actor, c indicator.NewObservation) indicator.Observation {
	t.Helper()
	return x.fire(t, second, x.report(t, by, c), indicator.StepApprove, "")
}

// wantFields fails unless err is Invalid at exactly these fields.
func wantFields(t testing.TB, err error, fields ...string) {
	t.Helper()
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) != len(fields) {
		t.Fatalf("error %v, want Invalid at %v", err, fields)
	}
	for i, f := range e.Fields {
		if f.Name != fields[i] {
			t.Errorf("field %d is %s (%v), want %s", i, f.Name, err, fields[i])
		}
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

// file is the content of an upload.
func file(s string) *bytes.Reader { return bytes.NewReader([]byte(strings.TrimSpace(s) + "\n")) }

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}
