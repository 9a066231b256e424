package market

// shippedRules say how long posts stay fresh. No rule of the state says so: they are a proposal, as
// data that a city replaces by its own from a day on.
var shippedRules = []FreshRule{
	{ID: "default-2026", FreshRuleData: FreshRuleData{
		Name: "默认规则", Source: "云图设计，无统一规定", Mark: "design", ValidFrom: "2000-01-01",
		FreshParams: FreshParams{NeedDays: 90, AchievementDays: 180, RemindDays: []int{15, 3},
			GraceDays: 10}}},
}
