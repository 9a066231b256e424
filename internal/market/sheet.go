package market

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The columns of posts as a table. They have the names of the fields of a post, so that what is wrong with a
// field is wrong with its column.
const (
	colCode        = "code"
	colVersion     = "version"
	colTitle       = "title"
	colText        = "text"
	colOrg         = "org"
	colRegion      = "region"
	colField       = "field"
	colSort        = "sort" // needKind or resultKind
	colChain       = "chain"
	colSixNew      = "sixNew"
	colKeywords    = "keywords"
	colModes       = "modes"
	colService     = "service"
	colPriceLo     = "priceLoFen"
	colPriceHi     = "priceHiFen"
	colTRL         = "trl"
	colParameters  = "parameters"
	colDeadline    = "deadline"
	colCurrent     = "current"
	colStandard    = "standard"
	colProofs      = "proofs"
	colPricing     = "pricing"
	colNoticeFrom  = "noticeFrom"
	colNoticeTo    = "noticeTo"
	colEntitlement = "entitlement"
	colRights      = "rights"
	colPayLater    = "payLater"
	colReady       = "ready"
	colScience     = "values.science"
	colTechnology  = "values.technology"
	colEconomy     = "values.economy"
	colSociety     = "values.society"
	colCulture     = "values.culture"
	colVisibility  = "visibility"
	colNamed       = "named"
	colBroker      = "broker"
	colContact     = "contact"
	colPhone       = "contactPhone"
	colMail        = "contactMail"
	colState       = "state"
	colNature      = "nature"
)

// MaxImportRows is how many posts one import may bring.
const MaxImportRows = 2000

// PostSheet describes posts of a kind as a table. Code and version say which post a row is about, and as of
// when; state and nature are written for reading and are not taken in; contacts are taken in and never written.
func PostSheet(k Kind) sheet.Spec {
	title := "技术需求"
	if k == Achievement {
		title = "科技成果"
	}
	return sheet.Spec{Name: string(k) + "s", Title: title, MaxRows: MaxImportRows,
		Columns: slices.Concat(firstColumns(k), kindColumns(k), []sheet.Column{
			{Key: colVisibility, Title: "公开级别", Kind: sheet.Choice, Width: 12, Choices: titles(Visibilities()),
				Hint: "新增的不填即公开，已有的不填即不变"},
			{Key: colNamed, Title: "定向公开的单位", Width: 24, Hint: "只用于定向公开；须在主体库中，几个单位各占一行"},
			{Key: colBroker, Title: "技术经理人", Width: 12, Hint: "已核验的技术经理人的姓名，不填即不指定"},
			{Key: colContact, Title: "联系人", Width: 12, Hint: contactHint},
			{Key: colPhone, Title: "联系电话", Kind: sheet.Code, Width: 16, Hint: contactHint},
			{Key: colMail, Title: "邮箱", Width: 20, Hint: contactHint},
			{Key: colCode, Title: "编号", Kind: sheet.Code, Width: 16, Hint: "由系统编，新增的不填；修改已有的，保留导出时的编号"},
			{Key: colVersion, Title: "版本", Kind: sheet.Integer, Width: 8, Hint: "由系统填，修改已有的，保留导出时的版本"},
			{Key: colState, Title: "状态", Width: 10, Hint: "导入时不用填"},
			{Key: colNature, Title: "数据性质", Width: 10, Hint: "导入时不用填"}})}
}

const contactHint = "从不导出；已有的不填即不变"

func firstColumns(k Kind) []sheet.Column {
	sortTitle, sorts := "需求类型", NeedKinds()
	if k == Achievement {
		sortTitle, sorts = "成果类别", ResultKinds()
	}
	return []sheet.Column{
		{Key: colTitle, Title: "名称", Required: true, Width: 40, Aliases: titleAliases},
		{Key: colText, Title: "描述", Required: true, Width: 60, Aliases: textAliases},
		{Key: colOrg, Title: "所属单位", Width: 24, Hint: "不填即本单位；须在主体库中"},
		{Key: colRegion, Title: "行政区划代码", Kind: sheet.Code, Width: 12, Hint: "6 位数字，不填即单位所在地"},
		{Key: colField, Title: "技术领域", Required: true, Kind: sheet.Choice, Width: 18, Choices: titles(Fields())},
		{Key: colSort, Title: sortTitle, Required: true, Kind: sheet.Choice, Width: 12, Choices: titles(sorts)},
		{Key: colChain, Title: "产业链环节", Width: 16},
		{Key: colSixNew, Title: "六新", Kind: sheet.Choice, Width: 10, Choices: titles(SixNews())},
		{Key: colKeywords, Title: "关键词", Width: 24, Hint: "用顿号隔开"},
		{Key: colModes, Title: "合作方式", Width: 20, Hint: "用顿号隔开"},
		{Key: colService, Title: "配套服务", Width: 24},
		{Key: colPriceLo, Title: "金额下限（万元）", Kind: sheet.Money, Unit: money.Wan, Width: 12},
		{Key: colPriceHi, Title: "金额上限（万元）", Kind: sheet.Money, Unit: money.Wan, Width: 12, Hint: "不填即面议"},
		{Key: colTRL, Title: "技术成熟度", Kind: sheet.Integer, Width: 10, Hint: "1 到 9，商业化扩展到 13"},
		{Key: colParameters, Title: "技术指标", Width: 30, Hint: "如 漏检率≤0.5%；几项各占一行"},
	}
}

func kindColumns(k Kind) []sheet.Column {
	if k == Need {
		return []sheet.Column{
			{Key: colDeadline, Title: "截止日期", Kind: sheet.Date, Width: 12},
			{Key: colCurrent, Title: "现有基础", Width: 30},
		}
	}
	return []sheet.Column{
		{Key: colStandard, Title: "依据的标准", Kind: sheet.Choice, Width: 18, Choices: titles(Standards())},
		{Key: colProofs, Title: "成熟度的证明", Width: 30, Hint: "如 TRL 6: 中试报告；一级一条，各占一行"},
		{Key: colPricing, Title: "定价方式", Required: true, Kind: sheet.Choice, Width: 12, Choices: titles(Pricings())},
		{Key: colNoticeFrom, Title: "公示开始", Kind: sheet.Date, Width: 12, Hint: "协议定价在本单位公示的第一天"},
		{Key: colNoticeTo, Title: "公示结束", Kind: sheet.Date, Width: 12},
		{Key: colEntitlement, Title: "职务科技成果赋权", Kind: sheet.Choice, Width: 14, Choices: titles(Entitlements())},
		{Key: colRights, Title: "知识产权", Width: 30,
			Hint: "如 ZL201721099528.4 一种供风装置，或 类别|号码|名称|状态|权利人；几项各占一行"},
		{Key: colPayLater, Title: "先使用后付费", Kind: sheet.Bool, Width: 10},
		{Key: colReady, Title: "可立即签约", Kind: sheet.Bool, Width: 10},
		{Key: colScience, Title: "科学价值", Width: 24},
		{Key: colTechnology, Title: "技术价值", Width: 24},
		{Key: colEconomy, Title: "经济价值", Width: 24},
		{Key: colSociety, Title: "社会价值", Width: 24},
		{Key: colCulture, Title: "文化价值", Width: 24},
	}
}

func titles(choices []Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Title
	}
	return out
}
