package cli

import "github.com/yuntu-city/yuntu/internal/sheet"

// postSpec describes posts as a table.
var postSpec = sheet.Spec{Name: "posts", Title: "供需信息", Columns: []sheet.Column{
	{Key: "id", Title: "编号", Kind: sheet.Code, Required: true},
	{Key: "title", Title: "标题", Aliases: []string{"名称", "需求名称", "成果名称"}},
	{Key: "text", Title: "内容", Aliases: []string{"正文", "简介", "需求内容", "成果简介"}},
	{Key: "keywords", Title: "关键词"},
	{Key: "field", Title: "技术领域", Aliases: []string{"领域"}},
	{Key: "chain", Title: "产业链环节", Aliases: []string{"环节"}},
	{Key: "region", Title: "地区代码", Kind: sheet.Code},
	{Key: "trl", Title: "技术成熟度", Aliases: []string{"成熟度"}, Kind: sheet.Integer},
	{Key: "yuan", Title: "金额（元）", Aliases: []string{"预算", "价格", "budget", "price"}},
}}

// Names under which others keep the code, the name and the year of units.
var (
	unitColumns = []string{"unit", "uCode", "code", "单位代码", "代码"}
	nameColumns = []string{"unitName", "uName", "name", "单位名称", "单位", "名称"}
)
