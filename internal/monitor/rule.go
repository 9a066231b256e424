package monitor

import (
	"fmt"
	"math/big"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// kindRule is the kind of object of rules.
const kindRule = "monitor.rule"

// Rule is the rule of the lights of indicators from a day on: data, not code, because each city has its
// own.
type Rule struct {
	ID string `json:"id"`
	RuleData
	Active    bool  `json:"active"` // an example is kept but never used
	CreatedUs int64 `json:"createdUs"`
	Version   int64 `json:"version"`
}

// RuleData is what people write about a rule.
type RuleData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"` // who said so
	Mark      string     `json:"mark"`   // one of plan.Marks: how sure it is
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	Params
}

// Params are the numbers of a rule.
type Params struct {
	Bands     []Band `json:"bands"`            // what is in none of them is green
	Runs      int64  `json:"runs"`             // periods in a row in yellow that make red; 0 = never
	Shape     string `json:"shape"`            // one of Shapes: how the schedule runs through a year
	TaskDays  int64  `json:"taskDays"`         // working days a red light gives; 0 = it opens no task
	TaskClock string `json:"taskClock"`        // time of day of that deadline: 18:00
	Evidence  string `json:"evidence"`         // one of Evidences: what the task asks for
	Ledger    string `json:"ledger,omitempty"` // name of the ledger of such tasks
	Watch     Watch  `json:"watch"`
}

// Watch says what is looked for in a series that an honest one rarely shows. Zero does not look.
type Watch struct {
	LateDays    int64        `json:"lateDays,omitempty"`    // a correction so many days after the first report
	LatePercent plan.Decimal `json:"latePercent,omitempty"` // that changed the value by so many percent
	AssessDays  []string     `json:"assessDays,omitempty"`  // days of the year of assessments: 12-31
	BeforeDays  int64        `json:"beforeDays,omitempty"`  // how long before one a value is looked at
	JumpTimes   plan.Decimal `json:"jumpTimes,omitempty"`   // a step so many times the usual one is a jump
}

// assessDay is a day of the year in a year.
func assessDay(year int, day string) string { return fmt.Sprintf("%04d-%s", year, day) }

func (w Watch) check(f *faults) {
	f.within("watch.lateDays", w.LateDays, 0, maxWatchDays)
	f.within("watch.beforeDays", w.BeforeDays, 0, maxWatchDays)
	for name, d := range map[string]plan.Decimal{"watch.latePercent": w.LatePercent,
		"watch.jumpTimes": w.JumpTimes} {
		if d != "" && (!d.Valid() || d.Rat().Sign() < 0) {
			f.add(name, "应为数字，整数最多 %d 位，小数最多 %d 位", 18, 8)
		}
	}
	if len(w.AssessDays) > maxRuns {
		f.add("watch.assessDays", "最多 %d 项", maxRuns)
	}
	for _, day := range w.AssessDays {
		if !clock.Date(assessDay(leapYear, day)).Valid() {
			f.add("watch.assessDays", "考核日应如 12-31")
		}
	}
}

// leapYear has all days a year may have.
const leapYear = 2024

// Band is one stretch of one figure: red where progress is behind by more than 30. The bounds that are
// given all hold; Least and Most include their number, Above and Below do not.
type Band struct {
	Colour plan.Colour  `json:"colour"` // plan.Red or plan.Yellow
	Of     string       `json:"of"`     // one of Figures
	Above  plan.Decimal `json:"above,omitempty"`
	Least  plan.Decimal `json:"least,omitempty"`
	Below  plan.Decimal `json:"below,omitempty"`
	Most   plan.Decimal `json:"most,omitempty"`
	Then   string       `json:"then,omitempty"` // what follows from it, in words: 约谈
}

// The figures that bands are of.
const (
	FigureBehind  = "behind"  // percentage points by which progress is behind the schedule
	FigureShort   = "short"   // percent that the value is short of its target, where no schedule runs
	FigureOverdue = "overdue" // days since the target should have been reached
	FigureMissing = "missing" // whole months for which a value that is due has not been reported
)

// Figures are the figures with their titles.
func Figures() []plan.Choice {
	return []plan.Choice{{Value: FigureBehind, Title: "落后序时进度的百分点"},
		{Value: FigureShort, Title: "距目标的百分比"}, {Value: FigureOverdue, Title: "到期未达标的天数"},
		{Value: FigureMissing, Title: "应报未报的月数"}}
}

// How the schedule of a target runs through its period.
const (
	ShapeEqual  = "equal"  // every month the same
	ShapeSeason = "season" // as the last three years ran
)

// Shapes are the ways a schedule runs.
func Shapes() []plan.Choice {
	return []plan.Choice{{Value: ShapeEqual, Title: "按月均匀"}, {Value: ShapeSeason, Title: "按近三年各月占比"}}
}

// What a task that a red light opened asks for.
const (
	EvidenceData = "data" // the number itself
	EvidenceNote = "note" // a written explanation besides
)

// Evidences are the kinds of evidence.
func Evidences() []plan.Choice {
	return []plan.Choice{{Value: EvidenceData, Title: "数据达标"}, {Value: EvidenceNote, Title: "说明材料"}}
}

// Limits of a rule.
const (
	maxBands    = 20
	maxRuns     = 12
	maxTaskDays = 60

	maxWatchDays = 1_000
)

// holds says whether a figure is in the band; one that is not known is in none.
func (b Band) holds(x *big.Rat) bool {
	if x == nil {
		return false
	}
	for _, bound := range []struct {
		at plan.Decimal
		ok func(sign int) bool
	}{
		{b.Above, func(sign int) bool { return sign > 0 }},
		{b.Least, func(sign int) bool { return sign >= 0 }},
		{b.Below, func(sign int) bool { return sign < 0 }},
		{b.Most, func(sign int) bool { return sign <= 0 }},
	} {
		if bound.at != "" && !bound.ok(x.Cmp(bound.at.Rat())) {
			return false
		}
	}
	return true
}

func (d *RuleData) check() error {
	var f faults
	f.line("name", d.Name, maxLine, true)
	f.line("source", d.Source, maxLine, true)
	f.choice("mark", d.Mark, plan.Marks())
	f.day("validFrom", d.ValidFrom, true)
	if len(d.Bands) == 0 || len(d.Bands) > maxBands {
		f.add("bands", "应有 1 至 %d 档", maxBands)
	}
	for _, b := range d.Bands {
		b.check(&f)
	}
	f.within("runs", d.Runs, 0, maxRuns)
	f.choice("shape", d.Shape, Shapes())
	f.within("taskDays", d.TaskDays, 0, maxTaskDays)
	if _, ok := minuteOf(d.TaskClock); !ok {
		f.add("taskClock", "时间应如 18:00")
	}
	f.choice("evidence", d.Evidence, Evidences())
	f.line("ledger", d.Ledger, maxName, d.TaskDays > 0)
	d.Watch.check(&f)
	return f.err()
}

func (b Band) check(f *faults) {
	if b.Colour != plan.Red && b.Colour != plan.Yellow {
		f.add("bands", "档位只能是红灯或黄灯")
	}
	f.choice("bands", b.Of, Figures())
	f.line("bands", b.Then, maxLine, false)
	bounds := 0
	for _, d := range []plan.Decimal{b.Above, b.Least, b.Below, b.Most} {
		if d == "" {
			continue
		}
		bounds++
		if !d.Valid() {
			f.add("bands", "应为数字，整数最多 %d 位，小数最多 %d 位", 18, 8)
		}
	}
	if bounds == 0 {
		f.add("bands", "每档至少有一个界限")
	}
}
