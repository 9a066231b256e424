package report

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"通报":      "Bulletin",
	"新闻口径":    "Press paragraph",
	"指标进展":    "Indicators",
	"分县区进展":   "By district",
	"供需在架":    "Needs and achievements",
	"对接签约":    "Contracts",
	"督办推进":    "Tasks",
	"指标亮灯":    "Lights of indicators",
	"报告":      "Report",
	"拟写":      "write",
	"发布与撤回":   "publish and withdraw",
	"已发布的":    "what is published",
	"已向社会发布的": "what is published for everybody",
	"他人拟写的":   "what others wrote",
	"作废":      "Discard",
	"草稿，尚未发布": "Draft, not published",
	"审核人不是拟稿人；每个数字都有来源，读回的数字与来源一致": "Who reviews it did not write it; each number has a source and is read back as the source says it",
	"发布后文字和数字不再改动":                 "Once it is published, words and numbers do not change",
	"正文里没有带来源的数字":                  "The text has no number with a source",
	"正文有 %d 处数字与来源不符或读不回来，改好后才能审核": "%d numbers of the text differ from their source or are not read back; mend them before the review",
	"只有草稿可以修改":                     "Only a draft can be changed",
	"所选内容还没有数字可写":                  "There are no numbers yet to write about what you chose",
	"请至少选择一项":                      "Choose at least one.",
	"发布后才能存入文件库":                   "It can be filed as a document once it is published",
	"数字变化后句子不再成立，请重新生成全文或先改文字":     "The sentences do not hold with the new numbers; compose the text anew or change the words first",
	"责任单位填报或公开发布，已审核":              "Reported by the unit that answers for it or published, and reviewed", "从平台记录统计": "Counted from records of the platform",
	"按公式由其他指标算出": "Computed from other indicators", "%s的县区没有这个指标的数据": "The districts of %s have no values of this indicator",
	"没有一种写法能原样读回": "No wording reads back as it is",
})
