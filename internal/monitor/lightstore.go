package monitor

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// LightRow is the light of a target as it is stored, with the figures it rests on. Figures are text:
// exact decimals in the target's unit, or rounded to two decimals where they have no end.
type LightRow struct {
	Target     string        `json:"target"`
	Indicator  string        `json:"indicator"`
	Name       string        `json:"name"`
	Region     region.Code   `json:"region"`
	Org        string        `json:"org,omitempty"`
	OrgName    string        `json:"orgName,omitempty"`
	Owner      string        `json:"owner,omitempty"` // who answers for the indicator (责任单位)
	Lead       string        `json:"lead,omitempty"`  // who answers for the target: its unit, else the owner
	LeadName   string        `json:"leadName,omitempty"`
	SeriesOrg  string        `json:"seriesOrg,omitempty"` // whose series it was computed from, "" = the place's
	Measure    string        `json:"measure"`
	Op         string        `json:"op"`
	Goal       plan.Decimal  `json:"goal"`
	Unit       string        `json:"unit"`
	From       clock.Date    `json:"from"`
	To         clock.Date    `json:"to"`
	Light      Light         `json:"light"`
	Period     series.Period `json:"period,omitempty"`
	Value      plan.Decimal  `json:"value,omitempty"`
	Qualifier  string        `json:"qualifier,omitempty"`
	AsOf       clock.Date    `json:"asOf,omitempty"`
	Completion plan.Decimal  `json:"completion,omitempty"` // percent
	Progress   plan.Decimal  `json:"progress,omitempty"`   // percent
	Planned    plan.Decimal  `json:"planned,omitempty"`    // percent
	Behind     plan.Decimal  `json:"behind,omitempty"`     // percentage points
	Gap        plan.Decimal  `json:"gap,omitempty"`
	Monthly    plan.Decimal  `json:"monthly,omitempty"`
	Rule       string        `json:"rule"`
	AtUs       int64         `json:"atUs"`

	urgency int64
}

// Series is the series that the light was computed from: see seriesFor.
func (l LightRow) Series() Cell {
	return Cell{Indicator: l.Indicator, Region: l.Region, Org: l.SeriesOrg}
}

// OfPlace says that a unit answers for the target, and the values are those of the place.
func (l LightRow) OfPlace() bool { return l.Org != "" && l.SeriesOrg == "" }

// urgencies order lights: the most urgent first.
var urgencies = map[plan.Colour]int64{plan.Red: 0, plan.Yellow: 1, plan.Grey: 2, plan.Green: 3,
	plan.Blue: 4}

const lightColumns = `l.target, l.indicator, l.name, l.region, l.about, l.about_name, l.lead_name,
	l.of_measure, l.op, l.goal, l.unit, l.from_day, l.to_day, l.colour, l.base, l.urgency, l.reasons,
	l.period, l.value, l.qualifier, l.as_of, l.completion, l.progress, l.planned, l.behind, l.gap,
	l.monthly, l.rule, l.at_us, l.read_about, l.lead,
	l.owner`

var (
	qLight    = db.Stmt(`SELECT ` + lightColumns + ` FROM monitor_light AS l WHERE l.target = $1`)
	qLightPut = db.Stmt(`INSERT INTO monitor_light (target, indicator, name, region, about, about_name,
			lead_name, of_measure, op, goal, unit, from_day, to_day, colour, base, urgency, reasons,
			period, value, qualifier, as_of, completion, progress, planned, behind, gap, monthly, rule,
			at_us, read_about, lead, owner)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
		ON CONFLICT (target) DO UPDATE SET indicator = excluded.indicator, name = excluded.name,
			region = excluded.region, about = excluded.about, about_name = excluded.about_name,
			lead_name = excluded.lead_name, of_measure = excluded.of_measure, op = excluded.op,
			goal = excluded.goal, unit = excluded.unit, from_day = excluded.from_day,
			to_day = excluded.to_day, colour = excluded.colour, base = excluded.base,
			urgency = excluded.urgency, reasons = excluded.reasons, period = excluded.period,
			value = excluded.value, qualifier = excluded.qualifier, as_of = excluded.as_of,
			completion = excluded.completion, progress = excluded.progress, planned = excluded.planned,
			behind = excluded.behind, gap = excluded.gap, monthly = excluded.monthly,
			rule = excluded.rule, at_us = excluded.at_us,
			read_about = excluded.read_about, lead = excluded.lead, owner = excluded.owner`)
	qLightDrop = db.Stmt(`DELETE FROM monitor_light WHERE target = $1`)
	qLightIDs  = db.Stmt(`SELECT l.target FROM monitor_light AS l WHERE l.target > $1 AND l.target <= $2
		ORDER BY l.target`)

	qCycles = db.Stmt(`SELECT c.last_day, c.colour FROM monitor_light_cycle AS c
		WHERE c.target = $1 AND c.last_day < $2 ORDER BY c.last_day DESC LIMIT 12`)
	qCyclePut = db.Stmt(`INSERT INTO monitor_light_cycle (target, last_day, colour) VALUES ($1, $2, $3)
		ON CONFLICT (target, last_day) DO UPDATE SET colour = excluded.colour
			WHERE monitor_light_cycle.colour <> excluded.colour`)
)

var lightList = db.Select(lightColumns, `monitor_light AS l`,
	db.Order{Name: "urgency", Cols: []db.Col{db.IntCol("l.urgency"), db.TextCol("l.to_day"),
		db.TextCol("l.target")}},
	db.Order{Name: "to", Cols: []db.Col{db.TextCol("l.to_day"), db.TextCol("l.target")}},
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("l.name"), db.TextCol("l.target")}},
)

func scanLight(r db.Row) (LightRow, error) {
	var x LightRow
	var reasons string
	err := r.Scan(&x.Target, &x.Indicator, &x.Name, &x.Region, &x.Org, &x.OrgName, &x.LeadName, &x.Measure,
		&x.Op, &x.Goal, &x.Unit, &x.From, &x.To, &x.Light.Colour, &x.Light.base, &x.urgency, &reasons,
		&x.Period, &x.Value, &x.Qualifier, &x.AsOf, &x.Completion, &x.Progress, &x.Planned, &x.Behind,
		&x.Gap, &x.Monthly, &x.Rule, &x.AtUs, &x.SeriesOrg, &x.Lead, &x.Owner)
	if err != nil {
		return x, err
	}
	return x, decode(reasons, &x.Light.Reasons)
}

func (l LightRow) row() []any {
	return []any{l.Target, l.Indicator, l.Name, string(l.Region), l.Org, l.OrgName, l.LeadName, l.Measure,
		l.Op, string(l.Goal), l.Unit, string(l.From), string(l.To), string(l.Light.Colour),
		string(l.Light.base), l.urgency, encode(l.Light.Reasons), string(l.Period), string(l.Value),
		l.Qualifier, string(l.AsOf), string(l.Completion), string(l.Progress), string(l.Planned),
		string(l.Behind), string(l.Gap), string(l.Monthly), l.Rule, l.AtUs, l.SeriesOrg, l.Lead, l.Owner}
}

// same says whether two rows tell people the same; when it was computed is no news.
func (l LightRow) same(o LightRow) bool {
	l.AtUs, o.AtUs = 0, 0
	return encode(l.row()) == encode(o.row())
}

// LightFilter narrows the list of lights. Zero fields do not narrow.
type LightFilter struct {
	Colour    string      `json:"colour,omitempty"`
	Indicator string      `json:"indicator,omitempty"`
	Region    region.Code `json:"region,omitempty"` // and everything inside it
	Org       string      `json:"org,omitempty"`
	On        clock.Date  `json:"on,omitempty"` // its period covers this day
	Query     string      `json:"q,omitempty"`  // begins the name of the indicator
	Targets   []string    // one of these, nil for all
}

func (f LightFilter) where() db.Where {
	w := db.Where{}
	if f.Colour != "" {
		w = w.And("l.colour = $1", f.Colour)
	}
	if f.Indicator != "" {
		w = w.And("l.indicator = $1", f.Indicator)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("l.region >= $1 AND l.region < $2", from, before)
	}
	if f.Org != "" {
		w = w.And("l.about = $1", f.Org)
	}
	if f.On != "" {
		w = w.And("l.from_day <= $1 AND l.to_day >= $1", string(f.On))
	}
	if f.Targets != nil {
		ids := make([]any, len(f.Targets))
		for i, one := range f.Targets {
			ids[i] = one
		}
		w = w.In("l.target", ids...)
	}
	if f.Query != "" {
		w = w.And("l.name >= $1 AND l.name < $2", f.Query, f.Query+"\U0010ffff")
	}
	return w
}

// LightOrders returns the names of the orders people may choose.
func LightOrders() []string { return lightList.OrderNames() }

// ListLights returns a page of the lights that the actor may see.
func (s *Service) ListLights(
	ctx context.Context, by authz.Actor, f LightFilter, order string, p db.PageReq,
) (db.Page[LightRow], error) {
	w := LightPolicy.Scope(by, ActLightRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), lightList, w, lightList.Order(order), p, scanLight)
}

// CountLights returns how many lights of each colour the actor may see, whatever colour f asks for.
func (s *Service) CountLights(
	ctx context.Context, by authz.Actor, f LightFilter,
) (map[string]int64, error) {
	f.Colour = ""
	w := LightPolicy.Scope(by, ActLightRead).AndAll(f.where())
	return lightList.CountBy(ctx, s.unit.DB(), "l.colour", w)
}
