package market

// shippedRules say how long posts stay fresh. No rule of the state says so: they are a proposal, as
// data that a city replaces by its own from a day on.
var shippedRules = []FreshRule{
	{ID: "default-2026", ValidFrom: "2000-01-01", Source: "云图设计", Mark: "design",
		NeedDays: 90, AchievementDays: 180, RemindDays: []int{15, 3}, GraceDays: 10},
}
