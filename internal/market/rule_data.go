package market

// shippedRules say how long posts stay fresh and how long the market waits for what. No rule of the
// state says most of it: they are a proposal, as data that a city replaces by its own from a day on.
var shippedRules = []FreshRule{
	{ID: "default-2026", FreshRuleData: FreshRuleData{
		Name: "默认规则", Source: "奖励比例依促进科技成果转化法（2015）第四十五条及国发〔2016〕16号，公示依该法，公告依拍卖法第四十五条；其余为云图设计", Mark: "design", ValidFrom: "2000-01-01",
		FreshParams: FreshParams{NeedDays: 90, AchievementDays: 180, RemindDays: []int{15, 3},
			GraceDays: 10, Terms: UsualTerms(), Weights: UsualWeights()}}},
}
