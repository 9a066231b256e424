package monitor

import "github.com/yuntu-city/yuntu/internal/plan"

// shippedRules are the rules of lights that come with the program. The first is used until a city sets
// its own; the others are examples of what cities really use, kept for comparison.
//
// The default: green less than 10 percentage points behind the schedule; yellow from 10 to 30, both
// included; red beyond, or after three periods in yellow. Where no schedule runs, the same bounds are
// asked of what the value is short of its target. A target that is due and not reached is yellow, and
// red after 15 days. A value not reported for a whole month is yellow, for more than two red. A rule of
// our own: no published rule says exactly this. What is looked for in a series is of our own, too: a
// correction by 5 percent or more, two months or more after the first report; a step three times the
// usual one in a value that comes in the last month before the year's assessment.
//
// Yinchuan 2025 (published 2025-03-26): progress 10 to 30 points below the schedule is yellow, both ends
// included, more is red; statistics not entered a month after the start are yellow, after more than two
// red. Between 0 and 10 points below the rule says nothing; that is taken as green.
//
// Sanya 2022, districts: a month's target missed is yellow, missed in two months running is red.
var shippedRules = []Rule{
	{ID: "default-2026", Active: true, RuleData: RuleData{Name: "指标默认规则",
		Source: "云图设计，参照各地督查督办通行做法", Mark: "design", ValidFrom: "2000-01-01",
		Params: Params{Bands: []Band{
			{Colour: plan.Red, Of: FigureBehind, Above: "30"},
			{Colour: plan.Red, Of: FigureShort, Above: "30"},
			{Colour: plan.Red, Of: FigureOverdue, Above: "15"},
			{Colour: plan.Red, Of: FigureMissing, Above: "2"},
			{Colour: plan.Yellow, Of: FigureBehind, Least: "10"},
			{Colour: plan.Yellow, Of: FigureShort, Least: "10"},
			{Colour: plan.Yellow, Of: FigureOverdue, Above: "0"},
			{Colour: plan.Yellow, Of: FigureMissing, Least: "1"},
		}, Runs: 3, Shape: ShapeEqual, TaskDays: 10, TaskClock: "18:00", Evidence: EvidenceData,
			Ledger: usualLedger, Watch: Watch{LateDays: 60, LatePercent: "5", AssessDays: []string{"12-31"},
				BeforeDays: 31, JumpTimes: "3"}}}},
	{ID: "yinchuan-2025", RuleData: RuleData{Name: "银川市指标亮灯规则（示例）",
		Source: "银川市 2025-03-26 公开报道", Mark: "verified", ValidFrom: "2025-03-26",
		Params: Params{Bands: []Band{
			{Colour: plan.Red, Of: FigureBehind, Above: "30", Then: "重点督办，发督办函"},
			{Colour: plan.Red, Of: FigureMissing, Above: "2", Then: "重点督办，发督办函"},
			{Colour: plan.Yellow, Of: FigureBehind, Least: "10", Most: "30", Then: "牵头单位推动"},
			{Colour: plan.Yellow, Of: FigureMissing, Least: "1", Then: "牵头单位推动"},
		}, Shape: ShapeEqual, TaskDays: 5, TaskClock: "18:00", Evidence: EvidenceData,
			Ledger: usualLedger}}},
	{ID: "sanya-2022", RuleData: RuleData{Name: "三亚市区级亮灯规则（示例）",
		Source: "三亚市 2022 年公开报道", Mark: "verified", ValidFrom: "2022-01-01",
		Params: Params{Bands: []Band{
			{Colour: plan.Yellow, Of: FigureBehind, Above: "0", Then: "约谈"},
		}, Runs: 2, Shape: ShapeEqual, TaskDays: 5, TaskClock: "18:00", Evidence: EvidenceNote,
			Ledger: usualLedger}}},
}

// usualLedger is the ledger of the tasks that red lights open, where a rule names no other.
const usualLedger = "指标督办台账"
