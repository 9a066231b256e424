package assess

// shippedSchemes are the schemes that come with the program, to be replaced by a city's own.
//
// [design] after common city rules: completion capped at 120 %, progress 60 % and quality 30 % and
// satisfaction 10 %; a bonus for national pilots and awards, at most 5; a red light costs 2 points, a
// yellow one 1 after two (Guangyuan 2018); false data are a veto; 优秀 for at most 30 %; appeals in
// five working days. No published rule says exactly this.
var shippedSchemes = []Scheme{
	{ID: "default-2026", Edition: 1, SchemeData: SchemeData{
		Name: "创新发展目标责任考核计分办法", Source: "云图设计，参照各地目标责任考核通行做法", Mark: "design",
		ValidFrom: "2000-01-01",
		Params: Params{
			Items: []Item{
				{Key: "targets", Name: "目标完成", WeightBp: 3500, Figure: Targets, CapBp: 12_000},
				{Key: "tasks", Name: "任务推进", WeightBp: 2500, Figure: Tasks, CapBp: 10_000},
				{Key: "quality", Name: "工作质量", WeightBp: 3000, Figure: Typed, CapBp: 10_000},
				{Key: "service", Name: "服务对象满意度", WeightBp: 1000, Figure: Typed, CapBp: 10_000,
					Tiers: []Decimal{"100", "90", "80"}},
			},
			Deductions: []Deduction{
				{Key: "red", Name: "红灯任务", Figure: Red, Points: "2", Max: "10"},
				{Key: "yellow", Name: "黄灯任务", Figure: Yellow, Points: "1", Free: 2, Max: "5"},
				{Key: "overdue", Name: "逾期未办结任务", Figure: Overdue, Points: "1", Max: "5"},
			},
			Bonuses: []Bonus{
				{Key: "pilot", Name: "获批国家级试点示范", Max: "3"},
				{Key: "award", Name: "获国家级表彰奖励", Max: "3"},
			},
			BonusCap: "5",
			Vetoes:   []Veto{{Key: "false_data", Name: "数据弄虚作假"}},
			Grades: []Grade{{Name: "优秀", Least: "90", ShareBp: 3000}, {Name: "良好", Least: "80"},
				{Name: "合格", Least: "60"}, {Name: "不合格", Least: "0"}},
			Missing: Spread, AppealDays: 5, AnswerDays: 5,
		},
	}},
}
