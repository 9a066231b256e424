package cli

import (
	"regexp"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// postSpec describes posts as a table.
var postSpec = sheet.Spec{Name: "posts", Title: "供需信息", Columns: []sheet.Column{
	{Key: "id", Title: "编号", Aliases: []string{"需求编号", "成果编号", "序号", "_id"}, Kind: sheet.Code, Required: true},
	{Key: "title", Title: "标题", Aliases: []string{"名称", "需求名称", "成果名称", "项目名称", "技术名称", "需求标题", "成果标题"}},
	{Key: "text", Title: "内容", Aliases: []string{"正文", "简介", "需求内容", "成果简介", "需求描述", "成果描述", "描述", "摘要",
		"详细内容", "技术需求", "成果内容"}},
	{Key: "keywords", Title: "关键词", Aliases: []string{"关键字", "标签"}},
	{Key: "field", Title: "技术领域", Aliases: []string{"领域", "所属领域", "行业领域"}},
	{Key: "chain", Title: "产业链环节", Aliases: []string{"环节"}},
	{Key: "region", Title: "地区代码", Aliases: []string{"行政区划代码", "区划代码"}, Kind: sheet.Code},
	{Key: "trl", Title: "技术成熟度", Aliases: []string{"成熟度", "成熟度等级"}},
	{Key: "yuan", Title: "金额（元）", Aliases: []string{"预算", "价格", "budget", "price", "金额", "预算（元）", "价格（元）"}},
	{Key: "wan", Title: "金额（万元）", Aliases: []string{"预算（万元）", "价格（万元）"}},
	{Key: "ip", Title: "知识产权状态", Aliases: []string{"专利状态"}},
	{Key: "deadline", Title: "截止日期", Aliases: []string{"截止时间", "有效期至"}},
	{Key: "modes", Title: "合作方式", Aliases: []string{"合作模式", "转化方式"}},
}}

// unsaidWords stand in cells that leave open what they are for.
var unsaidWords = []string{"面议", "协商", "待定", "不限", "无", "-", "—", "/"}

// ipStates are states of rights as people write them.
var ipStates = map[string]retrieval.IPState{
	"已授权": retrieval.IPGranted, "授权": retrieval.IPGranted, "有效": retrieval.IPGranted, "granted": retrieval.IPGranted,
	"申请中": retrieval.IPApplied, "已申请": retrieval.IPApplied, "已受理": retrieval.IPApplied, "实质审查": retrieval.IPApplied,
	"applied": retrieval.IPApplied, "已失效": retrieval.IPLapsed, "失效": retrieval.IPLapsed, "lapsed": retrieval.IPLapsed,
	"无": retrieval.IPNone, "未申请": retrieval.IPNone, "none": retrieval.IPNone,
}

// Names under which others keep the code, the name and the year of units.
var (
	unitColumns = []string{"unit", "uCode", "code", "单位代码", "代码"}
	nameColumns = []string{"unitName", "uName", "name", "单位名称", "单位", "名称"}
)

// hanBytes is how many bytes a Chinese character takes in UTF-8.
const hanBytes = len("字")

var (
	levelText = regexp.MustCompile(`^(?i:TRL)?[\s-]*第?([1-9])(?:\.0)?\s*级?$`)
	dayText   = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$`)
)
