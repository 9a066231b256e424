package dispatch

import "github.com/yuntu-city/yuntu/internal/plan"

// usualMinutesDays, usualReplyDays and usualAnswerDays are shown on the pages of the processes; each
// meeting and letter has its own from the rule in force. [design] No published rule was found.
const (
	usualMinutesDays = 5
	usualReplyDays   = 5
	usualAnswerDays  = 5
	usualReplyUntil  = 18 * 60 // the close of office hours
)

// shippedRules are the rules of supervision that come with the program. The first is used until a city
// sets its own; the others are examples of what others do, kept for comparison.
//
// Yinchuan 2025 (published 2025-03-26): what should have been started and was not for three months
// running is red; a red light is supervised as a priority, by letter. Guangyuan 2018 (environment): a
// second yellow light brings a letter and costs one point. Neither says in how many days to reply:
// those numbers are ours.
var shippedRules = []Rule{
	{ID: "default-2026", Active: true, RuleData: RuleData{
		Name: "默认督办规则", Source: "云图设计，参照各地督查督办通行做法", Mark: "design", ValidFrom: "2000-01-01",
		RuleParams: RuleParams{Triggers: []Trigger{{Colour: plan.Red, Cycles: 1, Then: "发督办函"},
			{Colour: plan.Yellow, Cycles: 2, Then: "发督办函"}},
			ReplyDays: usualReplyDays, ReplyUntil: usualReplyUntil, AnswerDays: usualAnswerDays,
			MinutesDays: usualMinutesDays, LetterPrefix: "并督函", MinutesPrefix: "并调纪"}}},
	{ID: "yinchuan-2025", RuleData: RuleData{
		Name: "银川市督办规则（示例）", Source: "银川市 2025-03-26 公开报道；回复时限为本系统设计", Mark: "verified", ValidFrom: "2025-03-26",
		RuleParams: RuleParams{Triggers: []Trigger{{Colour: plan.Red, Cycles: 1, Then: "重点督办，发督办函"}},
			ReplyDays: usualReplyDays, ReplyUntil: usualReplyUntil, AnswerDays: usualAnswerDays,
			MinutesDays: usualMinutesDays, LetterPrefix: "银督函", MinutesPrefix: "银调纪"}}},
	{ID: "guangyuan-2018", RuleData: RuleData{
		Name: "广元市督办规则（示例）", Source: "广元市 2018 年环保目标亮灯办法；回复时限为本系统设计", Mark: "verified", ValidFrom: "2018-01-01",
		RuleParams: RuleParams{Triggers: []Trigger{{Colour: plan.Red, Cycles: 1, Then: "扣 2 分，约谈，问责"},
			{Colour: plan.Yellow, Cycles: 2, Then: "发函，扣 1 分"}},
			ReplyDays: usualReplyDays, ReplyUntil: usualReplyUntil, AnswerDays: usualAnswerDays,
			MinutesDays: usualMinutesDays, LetterPrefix: "广督函", MinutesPrefix: "广调纪"}}},
}
