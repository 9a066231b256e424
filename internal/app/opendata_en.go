package app

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"主体库中可以公开的组织":             "Organisations of the registry that everybody may see",
	"公开的技术需求，不含联系方式":          "Needs that everybody may see, without contacts",
	"公开的科技成果，不含联系方式":          "Achievements that everybody may see, without contacts",
	"技术市场统计":                  "Figures of the technology market",
	"按地区和类型汇总的在架、对接、签约和合同登记数": "Posts on offer, introduced, signed and registered, by place and kind",
	"度量":       "Measure",
	"已公开报告的数字": "Figures of public reports",
	"已向社会发布的通报和新闻口径中的指标和数字，附时间和来源页面": "Indicators and numbers of bulletins and press paragraphs that were published for everybody, with their time and the page of their source",
	"起始日": "First day", "截止日": "Last day",
})
