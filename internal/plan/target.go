package plan

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindTarget is the kind of object of targets.
const kindTarget = "plan.target"

// maxLevels is how deep targets and tasks are broken down: a whole, its parts, and their parts.
const maxLevels = 3

// TargetData is what people write about a target.
type TargetData struct {
	Indicator   string      `json:"indicator"`     // id of the Indicator
	Region      region.Code `json:"region"`        // the place it is set for
	Org         string      `json:"org,omitempty"` // the unit that answers for it, "" = the place
	Measure     string      `json:"measure"`       // one of Measures but "date"
	Op          string      `json:"op"`
	Value       Decimal     `json:"value"`
	Unit        string      `json:"unit"`
	From        clock.Date  `json:"from"` // the period in which it is to be reached
	To          clock.Date  `json:"to"`
	Baseline    Decimal     `json:"baseline,omitempty"` // where it starts, in Unit
	BaselineDay clock.Date  `json:"baselineDay,omitempty"`
	Note        string      `json:"note,omitempty"`
}

// Target (目标) is a value to be reached.
type Target struct {
	ID string `json:"id"`
	TargetData
	Parent    string `json:"parent,omitempty"` // the target it is a part of
	Level     int64  `json:"level"`            // 1 for a whole, at most 3
	Name      string `json:"name"`             // of the indicator
	OrgName   string `json:"orgName,omitempty"`
	Dropped   bool   `json:"dropped,omitempty"` // 取消
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	orgNow   string // the record that Org lives on as
	additive bool
}

// NewTarget is the input of CreateTarget.
type NewTarget struct {
	TargetData
	Statements []string `json:"statements,omitempty"` // ids: what it comes from
	Key        string   `json:"-"`
}

// TargetUpdate is the input of UpdateTarget.
type TargetUpdate struct {
	ID string `json:"-"`
	TargetData
	Dropped bool   `json:"dropped,omitempty"`
	Reason  string `json:"reason,omitempty"` // why it changes
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

func (d *TargetData) normalise() {
	d.Unit, d.Note = tidy(d.Unit), lines(d.Note)
	if v, ok := ParseDecimal(string(d.Value)); ok {
		d.Value = v
	}
	if v, ok := ParseDecimal(string(d.Baseline)); ok {
		d.Baseline = v
	}
}

func (d TargetData) check(f *faults) {
	if d.Indicator == "" {
		f.add("indicator", "请选择一项")
	}
	f.place("region", d.Region)
	f.choice("measure", d.Measure, Measures())
	if d.Measure == "date" {
		f.add("measure", "节点没有数值，请登记为任务")
	}
	f.choice("op", d.Op, Operators())
	f.number("value", d.Value, true)
	f.number("baseline", d.Baseline, false)
	f.line("unit", d.Unit, maxUnit, true)
	f.period("from", "to", d.From, d.To, true)
	f.day("baselineDay", d.BaselineDay, false)
	f.prose("note", d.Note, MaxProse, false)
}

func (f *faults) number(field string, d Decimal, required bool) {
	switch {
	case d == "" && required:
		f.add(field, "请填写这一项")
	case d != "" && !d.Valid():
		f.add(field, "应为数字，整数最多 %d 位，小数最多 %d 位", maxWhole, maxFraction)
	}
}

// Actions on targets.
const (
	ActTargetRead  authz.Action = "plan.target.read"
	ActTargetWrite authz.Action = "plan.target.write"
	ActTargetSplit authz.Action = "plan.target.split" // 分解
)

// TargetPolicy says who may do what with targets: officers set them, a unit reads and breaks down
// its own, staff read those of their place.
var TargetPolicy = authz.NewPolicy(kindTarget, authz.Rules[Target]{
	Title: "目标",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActTargetRead, Title: "查看"},
		{Action: ActTargetWrite, Title: "下达与修改"},
		{Action: ActTargetSplit, Title: "分解"},
	},
	Ties: []authz.Tie[Target]{
		authz.TieAny[Target](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(t Target) string { return t.orgNow },
			func(key string) db.Where { return db.Where{}.And("t.org_now = $1", key) }),
		authz.TieRegion(
			func(t Target) string { return string(t.Region) },
			func(from, before string) db.Where {
				return db.Where{}.And("t.region >= $1 AND t.region < $2", from, before)
			}),
	},
	Grants: targetGrants(),
})

func targetGrants() []authz.Grant {
	g := authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice},
		ActTargetRead)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActTargetWrite,
		ActTargetSplit)...)
	g = append(g, authz.Allow(authz.RegionStaff, staff, ActTargetRead)...)
	g = append(g, authz.Allow(authz.SameOrg, staff, ActTargetRead, ActTargetSplit)...)
	return append(g, authz.Allow(authz.SameOrg, []authz.Role{authz.Enterprise, authz.University},
		ActTargetRead)...)
}

const targetColumns = `t.id, t.indicator, t.region, t.org, t.measure, t.op, t.value, t.unit,
	t.from_day, t.to_day, t.baseline, t.baseline_day, t.note, t.parent, t.level, i.name, t.org_name,
	t.dropped, t.created_us, t.created_by, t.updated_us, t.version, t.org_now, i.additive`

const targetFrom = `plan_target AS t JOIN plan_indicator AS i ON i.id = t.indicator`

func scanTarget(r db.Row) (Target, error) {
	var t Target
	err := r.Scan(&t.ID, &t.Indicator, &t.Region, &t.Org, &t.Measure, &t.Op, &t.Value, &t.Unit,
		&t.From, &t.To, &t.Baseline, &t.BaselineDay, &t.Note, &t.Parent, &t.Level, &t.Name,
		&t.OrgName, &t.Dropped, &t.CreatedUs, &t.CreatedBy, &t.UpdatedUs, &t.Version, &t.orgNow,
		&t.additive)
	return t, err
}
