package indicator

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Kinds of stations.
const (
	StationRiver = "river"
	StationLake  = "lake"
	StationAir   = "air"
)

// StationKinds are the kinds of stations.
func StationKinds() []plan.Choice {
	return []plan.Choice{{Value: StationRiver, Title: "河流断面"}, {Value: StationLake, Title: "湖库点位"},
		{Value: StationAir, Title: "空气站点"}}
}

// StationGrades say whose network a station is of.
func StationGrades() []plan.Choice {
	return []plan.Choice{{Value: "national", Title: "国考"}, {Value: "provincial", Title: "省考"},
		{Value: "city", Title: "市考"}}
}

// SurfaceWater is what formulas call sections of rivers and points of lakes together.
const SurfaceWater = "地表水"

// Limits of a station.
const (
	maxStations = 500
	maxGoals    = 20
	maxClass    = 6 // 劣Ⅴ类
)

// StationData is what people write about a station.
type StationData struct {
	Code   string      `json:"code"` // as the monitoring network calls it
	Name   string      `json:"name"`
	Kind   string      `json:"kind"`             // one of StationKinds
	Grade  string      `json:"grade"`            // one of StationGrades
	Waters string      `json:"waters,omitempty"` // the river or lake
	Region region.Code `json:"region"`
	// Goals are the classes to be reached, by year: {"2026": 4}.
	Goals  map[string]int64 `json:"goals,omitempty"`
	From   clock.Date       `json:"from"` // periods that end on this day or later
	Source string           `json:"source,omitempty"`
}

// Station (点位) is a place that is measured: a section of a river (断面), a point of a lake, a station of the
// air. Values of it stand in its region and are about it.
type Station struct {
	ID string `json:"id"`
	StationData
	To        clock.Date `json:"to,omitempty"` // and before this day, "" = open
	CreatedUs int64      `json:"createdUs"`
	UpdatedUs int64      `json:"updatedUs"`
	Version   int64      `json:"version"`
}

// Holds reports whether it is in force for periods that end on a day.
func (x Station) Holds(day clock.Date) bool { return x.From <= day && (x.To == "" || day < x.To) }

// Is says whether a formula means it by a kind: its kind, its grade with or without 断面, SurfaceWater, or ""
// for all.
func (x Station) Is(kind string) bool {
	grade := plan.TitleOf(StationGrades(), x.Grade)
	switch kind {
	case "", plan.TitleOf(StationKinds(), x.Kind), grade:
		return true
	case SurfaceWater:
		return x.Kind != StationAir
	}
	return x.Kind != StationAir && kind == grade+"断面"
}

// Goal is the class to be reached in a year, 0 for none.
func (x Station) Goal(year int) int64 { return x.Goals[strconv.Itoa(year)] }

func (d *StationData) normalise() {
	d.Code, d.Name, d.Waters, d.Source = tidy(d.Code), tidy(d.Name), tidy(d.Waters), tidy(d.Source)
	for year, class := range d.Goals {
		if class == 0 {
			delete(d.Goals, year)
		}
	}
}

func (d StationData) check(f *faults) {
	f.line("code", d.Code, maxUnit, true)
	f.line("name", d.Name, maxText, true)
	f.choice("kind", d.Kind, StationKinds())
	f.choice("grade", d.Grade, StationGrades())
	f.line("waters", d.Waters, maxText, false)
	f.place("region", d.Region)
	f.day("from", d.From, true)
	f.line("source", d.Source, 2*maxText, false)
	if len(d.Goals) > maxGoals {
		f.add("goals", "最多 %d 项", maxGoals)
	}
	for year, class := range d.Goals {
		n, err := strconv.Atoi(year)
		if err != nil || n < firstYear || n > lastYear || class < 1 || class > maxClass {
			f.add("goals", "目标类别写作年份和 1 到 6 的类别，如 2026=3")
			break
		}
	}
}

const stationColumns = `n.id, n.code, n.name, n.kind, n.grade, n.waters, n.region, n.goals, n.from_day, n.to_day,
	n.source, n.created_us, n.updated_us, n.version`

func scanStation(r db.Row) (Station, error) {
	var x Station
	var goals string
	err := r.Scan(&x.ID, &x.Code, &x.Name, &x.Kind, &x.Grade, &x.Waters, &x.Region, &goals, &x.From, &x.To,
		&x.Source, &x.CreatedUs, &x.UpdatedUs, &x.Version)
	if err != nil {
		return x, err
	}
	x.Goals, _ = ReadGoals(goals)
	return x, nil
}

var stations = db.Select(stationColumns, `indicator_station AS n`,
	db.Order{Name: "place", Cols: []db.Col{db.TextCol("n.region"), db.TextCol("n.code"), db.TextCol("n.id")}})

var (
	qStation    = db.Stmt(`SELECT ` + stationColumns + ` FROM indicator_station AS n WHERE n.id = $1`)
	qStationNow = db.Stmt(`SELECT ` + stationColumns + ` FROM indicator_station AS n
		WHERE n.code = $1 OR n.name = $1 ORDER BY CASE WHEN n.to_day = '' THEN 0 ELSE 1 END, n.code LIMIT 1`)
	qStationAdd = db.Stmt(`INSERT INTO indicator_station (id, code, name, kind, grade, waters, region, goals,
			from_day, to_day, source, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12, $11, 1)`)
	qStationSet = db.Stmt(`UPDATE indicator_station SET code = $3, name = $4, kind = $5, grade = $6, waters = $7,
			region = $8, goals = $9, from_day = $10, to_day = $11, source = $12, updated_us = $13,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qStationUsed = db.Stmt(`SELECT COUNT(*) FROM indicator_observation WHERE about = $1`)
)

// StationPolicy lets the staff of the city read the stations and officers keep them.
var StationPolicy = authz.NewPolicy(kindStation, authz.Rules[Station]{
	Title: "监测点位",
	Verbs: []authz.Verb{{Action: ActStationRead, Title: "查看"}, {Action: ActStationWrite, Title: "维护"}},
	Ties:  []authz.Tie[Station]{authz.TieAny[Station]()},
	Grants: append(authz.Allow(authz.Any, staff, ActStationRead),
		authz.Allow(authz.Any, officer, ActStationWrite)...),
})

// Stations returns all stations, for rooms that compute with them, by region and code.
func (s *Service) Stations(ctx context.Context, q db.Q) ([]Station, error) {
	var out []Station
	err := db.Stream(ctx, q, stations, db.Where{}, stations.Order(""), maxStations, scanStation,
		func(x Station) error {
			out = append(out, x)
			return nil
		})
	return out, err
}

// StationFilter narrows a list of stations. Zero fields do not narrow.
type StationFilter struct {
	Region region.Code `json:"region,omitempty"` // and everything inside it
	Kind   string      `json:"kind,omitempty"`
	Ended  bool        `json:"ended,omitempty"` // those that ended, too
}

// ListStations returns a page of the stations, by region and code.
func (s *Service) ListStations(
	ctx context.Context, by authz.Actor, f StationFilter, p db.PageReq,
) (db.Page[Station], error) {
	if err := StationPolicy.May(by, ActStationRead, Station{}); err != nil {
		return db.Page[Station]{}, err
	}
	w := db.Where{}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Page[Station]{}, nil
		}
		w = w.And("n.region >= $1 AND n.region < $2", from, before)
	}
	if f.Kind != "" {
		w = w.And("n.kind = $1", f.Kind)
	}
	if !f.Ended {
		w = w.And("(n.to_day = '' OR n.to_day > $1)", string(s.today()))
	}
	return db.List(ctx, s.unit.DB(), stations, w, stations.Order(""), p, scanStation)
}

// GetStation returns a station.
func (s *Service) GetStation(ctx context.Context, by authz.Actor, stationID string) (Station, error) {
	if err := StationPolicy.May(by, ActStationRead, Station{}); err != nil {
		return Station{}, err
	}
	return db.Get(ctx, s.unit.DB(), qStation, scanStation, stationID)
}

// NewStation is the input of CreateStation.
type NewStation struct {
	StationData
	Key string `json:"-"`
}

// CreateStation registers a station.
func (s *Service) CreateStation(ctx context.Context, by authz.Actor, in NewStation) (Station, error) {
	if err := StationPolicy.May(by, ActStationWrite, Station{}); err != nil {
		return Station{}, err
	}
	in.normalise()
	var f faults
	in.check(&f)
	if err := f.err(); err != nil {
		return Station{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.CreateStation", in.Key, in,
		func(tx *unit.Tx) (Station, error) {
			all, err := s.Stations(ctx, tx)
			if err != nil {
				return Station{}, err
			}
			if len(all) >= maxStations {
				return Station{}, fault.New(fault.Conflict, "最多 %d 个点位", maxStations)
			}
			newID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qStationAdd, newID, in.Code, in.Name, in.Kind, in.Grade, in.Waters,
				string(in.Region), in.GoalText(), string(in.From), in.Source, tx.NowUs(), by.Account)
			if err != nil {
				return Station{}, stationTaken(err, in.Code)
			}
			tx.Audit(audit.Entry{Kind: kindStation, Object: newID, What: "create", Detail: in.StationData})
			tx.Emit(outbox.Event{Kind: EventStation, Object: newID})
			return db.Get(ctx, tx, qStation, scanStation, newID)
		})
	return out, err
}

func stationTaken(err error, code string) error {
	if db.Violates(err, "indicator_station", "code") {
		return fault.Fields(fault.At("code", "“%s”重复", code))
	}
	return err
}

// StationUpdate is the input of UpdateStation.
type StationUpdate struct {
	ID string `json:"-"`
	StationData
	To      clock.Date `json:"to,omitempty"` // the first day it is no longer in force
	Version int64      `json:"version"`
}

// UpdateStation changes what is said about a station, or ends it. Where it lies stays once values are of it.
func (s *Service) UpdateStation(ctx context.Context, by authz.Actor, in StationUpdate) (Station, error) {
	in.normalise()
	var out Station
	err := s.unit.Write(ctx, by, "indicator.UpdateStation", func(tx *unit.Tx) error {
		old, err := db.Get(ctx, tx, qStation, scanStation, in.ID)
		if err != nil {
			return err
		}
		if err := StationPolicy.May(by, ActStationWrite, old); err != nil {
			return err
		}
		var f faults
		in.check(&f)
		f.day("to", in.To, false)
		if in.To != "" && in.To <= in.From {
			f.add("to", "结束日期不能早于开始日期")
		}
		used, err := db.Get(ctx, tx, qStationUsed, db.One[int64], in.ID)
		if err != nil {
			return err
		}
		if used > 0 && (in.Region != old.Region || in.Kind != old.Kind) {
			f.add("region", "已有数值的点位不能改地区和类型")
		}
		if err := f.err(); err != nil {
			return err
		}
		if old.Version != in.Version {
			return errStale()
		}
		err = db.ExecOne(ctx, tx.Tx, qStationSet, in.ID, in.Version, in.Code, in.Name, in.Kind, in.Grade, in.Waters,
			string(in.Region), in.GoalText(), string(in.From), string(in.To), in.Source, tx.NowUs())
		if err != nil {
			return stationTaken(err, in.Code)
		}
		tx.Audit(audit.Entry{Kind: kindStation, Object: in.ID, What: "update",
			Detail: map[string]any{"old": old.StationData, "new": in.StationData, "to": in.To}})
		tx.Emit(outbox.Event{Kind: EventStation, Object: in.ID})
		out, err = db.Get(ctx, tx, qStation, scanStation, in.ID)
		return err
	})
	return out, err
}

// about is what a cell is about, by its id: a station or a unit of the registry. A value of a station stands in
// the region of the station and while it is in force.
func (s *Service) about(ctx context.Context, q db.Q, by authz.Actor, c Cell) (name string, _ error) {
	x, found, err := db.Find(ctx, q, qStation, scanStation, c.Org)
	switch {
	case err != nil:
		return "", err
	case found && x.Region != c.Region:
		return "", fault.Fields(fault.At("region", "点位“%s”在%s", x.Name, s.placeName(x.Region)))
	case found && !x.Holds(clock.Date(c.Period.LastDay())):
		return "", fault.Fields(fault.At("period", "点位“%s”在这一期没有启用", x.Name))
	case found:
		return x.Name, nil
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, c.Org)
	if fault.Is(err, fault.NotFound) {
		return "", fault.Fields(fault.At("org", "主体库中没有这个单位"))
	}
	return o.Name, err
}

// ReadGoals reads the goals of a station as people write them: 2026=3 2027=3. ok is false for anything else.
func ReadGoals(text string) (goals map[string]int64, ok bool) {
	goals = map[string]int64{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，;；\n", r) }) {
		year, class, found := strings.Cut(word, "=")
		n, err := strconv.ParseInt(class, 10, 64)
		if !found || err != nil {
			return nil, false
		}
		goals[year] = n
	}
	return goals, true
}

// GoalText writes the goals of a station as they are kept and as a form has them: 2026=3 2027=3.
func (d StationData) GoalText() string {
	out := ""
	for year := firstYear; year <= lastYear; year++ {
		if class := d.Goals[strconv.Itoa(year)]; class != 0 {
			out += fmt.Sprintf(" %d=%d", year, class)
		}
	}
	return tidy(out)
}
