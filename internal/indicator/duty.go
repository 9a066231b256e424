package indicator

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxAssigned bounds the duties that are assigned at once.
const maxAssigned = 1_000

// maxDuties bounds the duties one look at the desk walks through.
const maxDuties = 5_000

// DutyData says who reports what.
type DutyData struct {
	Indicator string      `json:"indicator"`
	Region    region.Code `json:"region"`
	Org       string      `json:"org,omitempty"` // the unit the value is of, "" for the region as a whole
	Reporter  string      `json:"reporter"`      // the unit that reports
	From      clock.Date  `json:"from"`          // periods that end on this day or later
}

// Duty (填报责任) is one line of who reports which indicator for which place.
type Duty struct {
	ID string `json:"id"`
	DutyData
	Name         string     `json:"name"` // of the indicator
	OrgName      string     `json:"orgName,omitempty"`
	ReporterName string     `json:"reporterName"`
	ReporterNow  string     `json:"-"`
	ReporterAt   string     `json:"-"`            // the place of the unit that reports
	To           clock.Date `json:"to,omitempty"` // and before this day, "" = open
	CreatedUs    int64      `json:"createdUs"`
	Version      int64      `json:"version"`
}

// Holds reports whether the duty asks for the period that ends on a day.
func (d Duty) Holds(end clock.Date) bool { return d.From <= end && (d.To == "" || end < d.To) }

const dutyColumns = `y.id, y.indicator, y.region, y.about, y.org, y.from_day, p.name, y.about_name,
	y.org_name, y.org_now, y.org_region, y.to_day, y.created_us, y.version`

const dutyFrom = `indicator_duty AS y JOIN plan_indicator AS p ON p.id = y.indicator`

func scanDuty(r db.Row) (Duty, error) {
	var d Duty
	err := r.Scan(&d.ID, &d.Indicator, &d.Region, &d.Org, &d.Reporter, &d.From, &d.Name, &d.OrgName,
		&d.ReporterName, &d.ReporterNow, &d.ReporterAt, &d.To, &d.CreatedUs, &d.Version)
	return d, err
}

var duties = db.Select(dutyColumns, dutyFrom,
	db.Order{Name: "indicator", Cols: []db.Col{db.TextCol("p.name"), db.TextCol("y.region"),
		db.TextCol("y.id")}},
	db.Order{Name: "created", Desc: true, Cols: []db.Col{db.IntCol("y.created_us"), db.TextCol("y.id")}})

var (
	qDuty    = db.Stmt(`SELECT ` + dutyColumns + ` FROM ` + dutyFrom + ` WHERE y.id = $1`)
	qDutyAdd = db.Stmt(`INSERT INTO indicator_duty (id, indicator, region, about, about_name, org, org_now,
			org_name, org_region, from_day, to_day, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, $11, 1)`)
	qDutyClose = db.Stmt(`UPDATE indicator_duty SET to_day = $3, updated_us = $4, version = version + 1
		WHERE id = $1 AND version = $2 AND to_day = ''`)
	// Who reports a cell whose period ends on a day.
	qDutyOf = db.Stmt(`SELECT ` + dutyColumns + ` FROM ` + dutyFrom + `
		WHERE y.indicator = $1 AND y.region = $2 AND y.about = $3 AND y.from_day <= $4
			AND (y.to_day = '' OR y.to_day > $4)
		ORDER BY y.from_day DESC, y.id`)
	qDutyAfter = db.Stmt(`SELECT y.id FROM indicator_duty AS y
		WHERE y.indicator = $1 AND y.region = $2 AND y.about = $3 AND (y.to_day = '' OR y.to_day > $4)
		ORDER BY y.id LIMIT 1`)
)

// Assignment is the input of AssignDuties: every indicator for every place, by one unit.
type Assignment struct {
	Indicators []string      `json:"indicators,omitempty"`
	Set        string        `json:"set,omitempty"` // all indicators of a set that are reported
	Regions    []region.Code `json:"regions"`
	Org        string        `json:"org,omitempty"` // the unit the values are of
	// Stations are those that the values are of, each in its own region, instead of Regions and Org.
	Stations []string   `json:"stations,omitempty"`
	Reporter string     `json:"reporter"`
	From     clock.Date `json:"from"`
	Key      string     `json:"-"`
}

// spot is what values are of: a place as a whole, or a unit or a station in it.
type spot struct {
	place       region.Code
	about, name string
}

// Assigned says what an assignment did.
type Assigned struct {
	Added   int `json:"added"`
	Changed int `json:"changed"` // another unit reported them before
	Same    int `json:"same"`    // the unit reports them already
}

// AssignDuties says who reports from a day on. What another unit reports so far passes to the new one
// on that day; what was reported stays as it is.
func (s *Service) AssignDuties(
	ctx context.Context, by authz.Actor, in Assignment,
) (Assigned, error) {
	if err := DutyPolicy.May(by, ActDutyWrite, Duty{}); err != nil {
		return Assigned{}, err
	}
	var f faults
	f.day("from", in.From, true)
	if len(in.Regions) == 0 && len(in.Stations) == 0 {
		f.add("regions", "请选择所在地区")
	}
	for _, c := range in.Regions {
		f.place("regions", c)
	}
	if in.Reporter == "" {
		f.add("reporter", "请选择填报单位")
	}
	reporter, err := s.unitOf(ctx, by, "reporter", in.Reporter, &f)
	if err != nil {
		return Assigned{}, err
	}
	about, err := s.unitOf(ctx, by, "org", in.Org, &f)
	if err != nil {
		return Assigned{}, err
	}
	spots := make([]spot, 0, len(in.Regions)+len(in.Stations))
	for _, place := range in.Regions {
		spots = append(spots, spot{place, about.ID, about.Name})
	}
	for _, stationID := range in.Stations {
		x, found, err := db.Find(ctx, s.unit.DB(), qStation, scanStation, stationID)
		if err != nil {
			return Assigned{}, err
		}
		if !found {
			f.add("stations", "没有这个点位")
		}
		spots = append(spots, spot{x.Region, x.ID, x.Name})
	}
	list, err := s.reported(ctx, in, &f)
	if err != nil {
		return Assigned{}, err
	}
	if len(list)*len(spots) > maxAssigned {
		f.add("regions", "一次最多分配 %d 项", maxAssigned)
	}
	if err := f.err(); err != nil {
		return Assigned{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.AssignDuties", in.Key, in,
		func(tx *unit.Tx) (Assigned, error) {
			var done Assigned
			for _, indicatorID := range list {
				for _, at := range spots {
					d := Duty{DutyData: DutyData{Indicator: indicatorID, Region: at.place, Org: at.about,
						Reporter: reporter.ID, From: in.From}, OrgName: at.name,
						ReporterName: reporter.Name, ReporterNow: reporter.ID,
						ReporterAt: string(reporter.Region)}
					if err := s.assign(ctx, tx, d, &done); err != nil {
						return done, err
					}
				}
			}
			tx.Audit(audit.Entry{Kind: kindDuty, What: "assign", Detail: map[string]any{"reporter": reporter.ID,
				"indicators": list, "regions": in.Regions, "stations": in.Stations, "from": in.From, "done": done}})
			tx.Emit(outbox.Event{Kind: EventDuty, Object: reporter.ID, Data: done})
			return done, nil
		})
	return out, err
}

// reported are the indicators of an assignment that people report.
func (s *Service) reported(ctx context.Context, in Assignment, f *faults) ([]string, error) {
	list := slices.Clone(in.Indicators)
	if in.Set != "" {
		items, err := s.SetItems(ctx, s.unit.DB(), in.Set)
		if err != nil {
			return nil, err
		}
		for _, x := range items {
			list = append(list, x.Indicator)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	var out []string
	for _, indicatorID := range list {
		all, err := s.Definitions(ctx, s.unit.DB(), indicatorID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(d Definition) bool {
			return d.Kind == Observed && (d.To == "" || d.To > in.From)
		}) {
			out = append(out, indicatorID)
		} else if in.Set == "" {
			f.add("indicators", "所选指标没有“填报”的口径，请先建立")
		}
	}
	if len(out) == 0 && len(*f) == 0 {
		f.add("indicators", "请选择要填报的指标")
	}
	return out, nil
}

// assign stores one duty unless it is there already.
func (s *Service) assign(ctx context.Context, tx *unit.Tx, d Duty, done *Assigned) error {
	old, found, err := db.Find(ctx, tx, qDutyOf, scanDuty, d.Indicator, string(d.Region), d.Org,
		string(d.From))
	switch {
	case err != nil:
		return err
	case found && old.ReporterNow == d.ReporterNow && old.To == "":
		done.Same++
		return nil
	case found && old.To == "" && old.From < d.From:
		err := db.ExecOne(ctx, tx.Tx, qDutyClose, old.ID, old.Version, string(d.From), tx.NowUs())
		if err != nil {
			return err
		}
		done.Changed++
	case found:
		return fault.Fields(fault.At("from", "“%s”从这一天起已有填报单位“%s”", old.Name, old.ReporterName))
	default:
		done.Added++
	}
	err = db.ExecOne(ctx, tx.Tx, qDutyAdd, id.New(), d.Indicator, string(d.Region), d.Org, d.OrgName,
		d.Reporter, d.ReporterNow, d.ReporterName, d.ReporterAt, string(d.From), tx.NowUs(), tx.By().Account)
	if db.Violates(err, "indicator_duty", "indicator", "region", "about") {
		return fault.Fields(fault.At("from", "这项指标在这个地区已有更晚开始的填报责任"))
	}
	return err
}

// DutyEnd is the input of CloseDuty.
type DutyEnd struct {
	ID      string     `json:"-"`
	To      clock.Date `json:"to"` // the first day it no longer asks
	Version int64      `json:"version"`
}

// CloseDuty ends a duty: periods that end on that day or later are not asked for.
func (s *Service) CloseDuty(ctx context.Context, by authz.Actor, in DutyEnd) (Duty, error) {
	var out Duty
	err := s.unit.Write(ctx, by, "indicator.CloseDuty", func(tx *unit.Tx) error {
		d, err := db.Get(ctx, tx, qDuty, scanDuty, in.ID)
		if err != nil {
			return err
		}
		if err := DutyPolicy.May(by, ActDutyWrite, d); err != nil {
			return err
		}
		var f faults
		f.day("to", in.To, true)
		if in.To != "" && in.To < d.From {
			f.add("to", "结束日期不能早于开始日期")
		}
		if err := f.err(); err != nil {
			return err
		}
		if d.To != "" || d.Version != in.Version {
			return errStale()
		}
		if err := db.ExecOne(ctx, tx.Tx, qDutyClose, d.ID, d.Version, string(in.To), tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDuty, Object: d.ID, What: "close", Detail: map[string]any{"to": in.To}})
		tx.Emit(outbox.Event{Kind: EventDuty, Object: d.Reporter})
		out, err = db.Get(ctx, tx, qDuty, scanDuty, d.ID)
		return err
	})
	return out, err
}

// DutyFilter narrows a list of duties. Zero fields do not narrow.
type DutyFilter struct {
	Indicator string      `json:"indicator,omitempty"`
	Region    region.Code `json:"region,omitempty"`   // and everything inside it
	Reporter  string      `json:"reporter,omitempty"` // the unit that reports
	Ended     bool        `json:"ended,omitempty"`    // those that ended, too
}

func (f DutyFilter) where(today clock.Date) db.Where {
	w := db.Where{}
	if f.Indicator != "" {
		w = w.And("y.indicator = $1", f.Indicator)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("y.region >= $1 AND y.region < $2", from, before)
	}
	if f.Reporter != "" {
		w = w.And("y.org_now = $1", f.Reporter)
	}
	if !f.Ended {
		w = w.And("(y.to_day = '' OR y.to_day > $1)", string(today))
	}
	return w
}

// ListDuties returns a page of the duties that the actor may see.
func (s *Service) ListDuties(
	ctx context.Context, by authz.Actor, f DutyFilter, p db.PageReq,
) (db.Page[Duty], error) {
	w := DutyPolicy.Scope(by, ActDutyRead).AndAll(f.where(s.today()))
	return db.List(ctx, s.unit.DB(), duties, w, duties.Order(""), p, scanDuty)
}

// Reported says whether somebody has to report values of a unit in a place for periods that end on a day
// or later.
func (s *Service) Reported(
	ctx context.Context, q db.Q, indicatorID string, place region.Code, org string, from clock.Date,
) (bool, error) {
	_, found, err := db.Find(ctx, q, qDutyAfter, db.One[string], indicatorID, string(place), org, string(from))
	return found, err
}

// dutyOf returns who reports a cell.
func dutyOf(ctx context.Context, q db.Q, c Cell) (Duty, bool, error) {
	return db.Find(ctx, q, qDutyOf, scanDuty, c.Indicator, string(c.Region), c.Org, c.Period.LastDay())
}
