package plan

// shippedRules are the rules of lights that come with the program. The first is used until a city
// sets its own; the second is an example of one really used, kept for comparison.
//
// The default: green below 10 percentage points behind the plan; yellow from 10 to 30, both
// included, or a milestone overdue by 15 days at most; red beyond either, or after three cycles in
// yellow. A rule of our own after common practice: no published rule says exactly this.
//
// Yinchuan 2025 (published 2025-03-26): a task due to start that is not is yellow, red when that
// lasts three months running; progress 10 to 30 points below the schedule is yellow, both ends
// included, more is red; statistics not entered a month after the start are yellow, after more than
// two red. Between 0 and 10 points below the rule says nothing; that is taken as green.
var shippedRules = []LightRule{
	{ID: "default-2026", Active: true, LightRuleData: LightRuleData{
		Name: "默认规则", Source: "云图设计，参照各地督查督办通行做法", Mark: "design", ValidFrom: "2000-01-01",
		LightParams: LightParams{
			Bands: []Band{
				{Colour: Red, Of: FigureGap, Above: "30"},
				{Colour: Red, Of: FigureOverdue, Above: "15"},
				{Colour: Yellow, Of: FigureGap, Least: "10"},
				{Colour: Yellow, Of: FigureOverdue, Above: "0"},
			},
			YellowCycles: 3, SignDays: 2, AnswerDays: 5,
		},
	}},
	{ID: "yinchuan-2025", Active: false, LightRuleData: LightRuleData{
		Name: "银川市亮灯规则（示例）", Source: "银川市 2025-03-26 公开报道", Mark: "verified", ValidFrom: "2025-03-26",
		LightParams: LightParams{
			Bands: []Band{
				{Colour: Red, Of: FigureGap, Above: "30", Then: "重点督办，发督办函"},
				{Colour: Red, Of: FigureUnstarted, Least: "3", Then: "重点督办，发督办函"},
				{Colour: Red, Of: FigureUnreported, Above: "2", Then: "重点督办，发督办函"},
				{Colour: Yellow, Of: FigureGap, Least: "10", Most: "30", Then: "牵头单位推动"},
				{Colour: Yellow, Of: FigureUnstarted, Least: "1", Then: "牵头单位推动"},
				{Colour: Yellow, Of: FigureUnreported, Least: "1", Then: "牵头单位推动"},
			},
			YellowCycles: 0, SignDays: 2, AnswerDays: 5,
		},
	}},
}
