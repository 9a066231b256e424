package monitor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// water is a lab with the water set in force and sections to report of.
type water struct {
	*lab
	sections map[string]indicator.Station
}

func newWater(t *testing.T, d *db.DB) water {
	x := water{newLab(t, d), map[string]indicator.Station{}}
	_, err := x.indicators.ImportSet(t.Context(), officer, indicator.SetImport{Shipped: "water-class",
		InForce: "2016-01-01"})
	x.must(err)
	for _, s := range []struct {
		name, kind, grade string
		place             region.Code
		goal              int64
	}{{"甲断面", "river", "national", "140105", 4}, {"乙断面", "river", "provincial", "140106", 3},
		{"丙水库", "lake", "provincial", "140106", 2}, {"空气站", "air", "national", "140105", 0}} {
		out, err := x.indicators.CreateStation(t.Context(), officer, indicator.NewStation{
			StationData: indicator.StationData{Code: s.name, Name: s.name, Kind: s.kind, Grade: s.grade, Region: s.place,
				Goals: map[string]int64{"2026": s.goal}, From: "2026-01-01"}})
		x.must(err)
		x.sections[s.name] = out
	}
	return x
}

func (x water) indicator(name string) string {
	i, found, err := x.plan.FindIndicator(x.t.Context(), x.db, name)
	x.must(err)
	if !found {
		x.t.Fatalf("no indicator %s", name)
	}
	return i.ID
}

// sample reports what was measured at a section in a month, by the names of the items.
func (x water) sample(section string, p series.Period, values map[string]plan.Decimal) {
	x.t.Helper()
	s := x.sections[section]
	for name, v := range values {
		list, err := x.indicators.Report(x.t.Context(), officer, indicator.Reporting{Submit: true,
			Cells: []indicator.NewObservation{{Cell: indicator.Cell{Indicator: x.indicator(name), Region: s.Region,
				Org: s.ID, Period: p}, ObservationData: indicator.ObservationData{Value: v}}}})
		x.must(err)
		_, err = x.indicators.FireObservation(x.t.Context(), second, indicator.Step{ID: list[0].ID,
			Step: indicator.StepApprove, Version: list[0].Version})
		x.must(err)
	}
}

// value is that of an indicator of a place, "" where there is none.
func (x water) value(name string, place region.Code, station string, p series.Period) plan.Decimal {
	x.t.Helper()
	v, err := x.GetIndicator(x.t.Context(), officer, x.indicator(name), place, x.sections[station].ID)
	x.must(err)
	for _, one := range v.Series {
		if one.Period == p {
			return one.Value
		}
	}
	return ""
}

// Observations of sections give the class of each and the share of the city that is Ⅰ to Ⅲ. The golden values are
// those of GB 3838—2002 as domain/08 §15.2 has them: DO 6.2, COD 18, NH₃-N 0.62, TP 0.15 is Ⅲ; its goal was Ⅳ.
func TestWaterClasses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newWater(t, d), t.Context()
		const may, june = "2026-05", "2026-06"
		x.sample("甲断面", may, map[string]plan.Decimal{"溶解氧": "6.2", "化学需氧量": "18", "氨氮": "0.62", "总磷": "0.15"})
		x.settle()
		if got := x.value("断面水质类别", "140105", "甲断面", may); got != "3" {
			t.Fatalf("the golden section is of class %q, want 3", got)
		}
		// One section is not reported: it is not counted as good, and the share is not known.
		if got := x.value("优良水体比例", city, "", may); got != "" {
			t.Errorf("the share is %s although two sections are not reported", got)
		}
		x.sample("乙断面", may, map[string]plan.Decimal{"溶解氧": "8", "化学需氧量": "41"}) // worse than Ⅴ
		// A lake has limits of its own: 0.04 is Ⅱ in a river and Ⅲ in a lake.
		x.sample("丙水库", may, map[string]plan.Decimal{"溶解氧": "8", "湖库总磷": "0.04"})
		x.settle()
		for section, want := range map[string]plan.Decimal{"甲断面": "3", "乙断面": "6", "丙水库": "3"} {
			if got := x.value("断面水质类别", x.sections[section].Region, section, may); got != want {
				t.Errorf("%s is of class %s, want %s", section, got, want)
			}
		}
		for place, want := range map[region.Code]plan.Decimal{city: "66.7", "140105": "100", "140106": "50"} {
			if got := x.value("优良水体比例", place, "", may); got != want {
				t.Errorf("the share of %s is %s, want %s", place, got, want)
			}
		}
		if got := x.value("国考断面优良比例", city, "", may); got != "100" {
			t.Errorf("the share of the national sections is %s", got)
		}
		// A dry section is not assessed and does not count.
		x.sample("甲断面", june, map[string]plan.Decimal{"溶解氧": "7.5", "化学需氧量": "15", "氨氮": "0.15", "总磷": "0.02"})
		x.sample("乙断面", june, map[string]plan.Decimal{"断流": "1"})
		x.sample("丙水库", june, map[string]plan.Decimal{"溶解氧": "1.9"})
		x.settle()
		if got := x.value("断面水质类别", "140105", "甲断面", june); got != "1" {
			t.Errorf("class %s, want 1", got)
		}
		if got := x.value("断面水质类别", "140106", "乙断面", june); got != "" {
			t.Errorf("a dry section is of class %s", got)
		}
		if got := x.value("优良水体比例", city, "", june); got != "50" {
			t.Errorf("the share with a dry section is %s, want 50", got)
		}

		// The page of the city says how each section stands, with its goal; the share leads to what it was counted from.
		v, err := x.GetIndicator(ctx, leader, x.indicator("断面水质类别"), city, "")
		x.must(err)
		var got []string
		for _, s := range v.Stations {
			meets, known := s.Meets()
			got = append(got, text("%s %s→%s %v %v", s.Name, s.Label, s.Goaled, meets, known))
		}
		want := []string{"甲断面 Ⅰ类→Ⅳ类 true true", "丙水库 劣Ⅴ类→Ⅱ类 false true", "乙断面 →Ⅲ类 false false"}
		if slices.Sort(got); !slices.Equal(got, sorted(want)) {
			t.Errorf("stations %q, want %q", got, want)
		}
		p, err := x.GetPoint(ctx, leader, monitor.Cell{Indicator: x.indicator("优良水体比例"), Region: city}, may)
		x.must(err)
		seen := map[string]bool{}
		for _, in := range p.Evidence.Inputs {
			if in.Name == "断面水质类别" && in.Value != "" {
				seen[in.OrgName] = true
				_, err := x.GetPoint(ctx, leader, monitor.Cell{Indicator: in.Indicator, Region: in.Region, Org: in.Org}, in.Period)
				x.must(err)
			}
		}
		if len(seen) != 3 {
			t.Errorf("the share rests on %v", p.Evidence.Inputs)
		}

		// A section that ends is no longer asked for.
		old := x.sections["丙水库"]
		_, err = x.indicators.UpdateStation(ctx, officer, indicator.StationUpdate{ID: old.ID, StationData: old.StationData,
			To: "2026-06-01", Version: old.Version})
		x.must(err)
		x.settle()
		if got := x.value("优良水体比例", city, "", june); got != "100" {
			t.Errorf("the share without the section that ended is %s, want 100", got)
		}
		if got := x.value("优良水体比例", city, "", may); got != "66.7" {
			t.Errorf("the share of the month before became %s", got)
		}
	})
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// A value of a station stands where the station is, and while it is in force; both doors say so at the field.
func TestStationFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newWater(t, d), t.Context()
		s := x.sections["甲断面"]
		send := func(place region.Code, p series.Period) error {
			_, err := x.indicators.Report(ctx, officer, indicator.Reporting{Cells: []indicator.NewObservation{{
				Cell:            indicator.Cell{Indicator: x.indicator("溶解氧"), Region: place, Org: s.ID, Period: p},
				ObservationData: indicator.ObservationData{Value: "7"}}}})
			return err
		}
		for _, c := range []struct {
			place region.Code
			p     series.Period
			field string
		}{{city, "2026-05", "cells.0.region"}, {"140105", "2025-12", "cells.0.period"}, {"140105", "2026-05", ""}} {
			err := send(c.place, c.p)
			e, ok := fault.As(err)
			switch {
			case c.field == "" && err != nil, c.field != "" && (!ok || len(e.Fields) != 1 || e.Fields[0].Name != c.field):
				t.Errorf("%s %s: %v, want %q", c.place, c.p, err, c.field)
			}
		}
		_, err := x.indicators.CreateStation(ctx, leader, indicator.NewStation{StationData: s.StationData})
		wantKind(t, err, fault.Forbidden)
		_, err = x.indicators.CreateStation(ctx, officer, indicator.NewStation{StationData: s.StationData})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "重复") {
			t.Errorf("a code twice: %v", err)
		}
		moved := indicator.StationUpdate{ID: s.ID, StationData: s.StationData, Version: s.Version}
		moved.Region = "140106"
		if _, err = x.indicators.UpdateStation(ctx, officer, moved); !fault.Is(err, fault.Invalid) {
			t.Errorf("a station with values moves: %v", err)
		}
		// Values of stations are asked for, each in the region of the station.
		out, err := x.indicators.AssignDuties(ctx, officer, indicator.Assignment{Indicators: []string{x.indicator("溶解氧")},
			Stations: []string{s.ID, x.sections["乙断面"].ID}, Reporter: x.bureau, From: "2026-01-01"})
		if err != nil || out.Added != 2 {
			t.Fatalf("assigned %+v, %v", out, err)
		}
		asked, err := x.indicators.Desk(ctx, officer, indicator.DeskFilter{Period: "2026-05"})
		if err != nil || len(asked) != 2 || asked[0].OrgName == "" || asked[0].Region == asked[1].Region {
			t.Errorf("asked for %+v, %v", asked, err)
		}
		// A table names a station by its code.
		in, err := x.indicators.ImportObservations(ctx, officer, indicator.ObservationImport{Name: "a.csv",
			File: strings.NewReader("指标,所在地区,单位,期别,数值\n氨氮,140106,乙断面,2026-05,0.3\n")})
		if err != nil || in.Adds != 1 {
			t.Errorf("import %+v, %v", in, err)
		}
	})
}
