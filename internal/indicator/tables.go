package indicator

import (
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Rows that one import may bring.
const (
	MaxObservationRows = 2_000
	MaxRankingRows     = 2_000
)

func titles(choices []plan.Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Title
	}
	return out
}

// valueOf returns the value that a title stands for, "" for none.
func valueOf(choices []plan.Choice, title string) string {
	for _, c := range choices {
		if c.Title == title {
			return c.Value
		}
	}
	return ""
}

// The columns of values as a table.
const (
	colIndicator = "indicator"
	colRegion    = "region"
	colAbout     = "org"
	colPeriod    = "period"
	colValue     = "value"
	colQualifier = "qualifier"
	colUnit      = "unit"
	colAsOf      = "asOf"
	colNote      = "note"
	colJump      = "jumpNote"
	colOrigin    = "origin"
	colReporter  = "reporter"
	colState     = "state"
	colRevision  = "revision"
	colDue       = "due"

	colJumpLimit = "jump"
)

// ObservationSheet describes values as a table. The last columns are written for reading and are not
// taken in.
func ObservationSheet() sheet.Spec {
	return sheet.Spec{Name: "observations", Title: "指标数据", MaxRows: MaxObservationRows,
		Columns: []sheet.Column{
			{Key: colIndicator, Title: "指标", Required: true, Width: 30, Hint: "指标名称或其他名称，须已定义"},
			{Key: colRegion, Title: "所在地区", Required: true, Width: 18,
				Hint: "填 6 位行政区划代码或名称，如 140105、太原市小店区"},
			{Key: colAbout, Title: "单位", Width: 20,
				Hint: "地区合计不填；某个单位的数值填单位全称，断面、站点的填点位名称或编号"},
			{Key: colPeriod, Title: "期别", Required: true, Kind: sheet.Code, Width: 12,
				Hint: "写作 2026、2026H1、2026Q3、2026-09，或 2026年三季度"},
			{Key: colValue, Title: "数值", Required: true, Width: 14, Hint: "如 228、8.7；不要带单位"},
			{Key: colQualifier, Title: "限定", Kind: sheet.Choice, Choices: titles(Qualifiers()),
				Hint: "不填视为等于"},
			{Key: colUnit, Title: "计量单位", Width: 10, Hint: "不填视为口径的单位；万元与亿元等可以换算"},
			{Key: colAsOf, Title: "截至日", Kind: sheet.Date, Hint: "不填视为期末"},
			{Key: colNote, Title: "说明", Width: 30},
			{Key: colJump, Title: "变动原因", Width: 30, Hint: "比上期变动大或累计值下降时必填"},
			{Key: colOrigin, Title: "来源", Width: 30, Hint: "外部发布的数值必填：文件、网页及日期"},
			{Key: colReporter, Title: "填报单位", Width: 20, Hint: "导入时不用填"},
			{Key: colState, Title: "状态", Width: 10, Hint: "导入时不用填"},
			{Key: colRevision, Title: "版次", Kind: sheet.Integer, Width: 6, Hint: "导入时不用填"},
			{Key: colDue, Title: "时限", Kind: sheet.Date, Width: 12, Hint: "导入时不用填"},
		}}
}

// RankingSheet describes external rankings as a table.
func RankingSheet() sheet.Spec {
	return sheet.Spec{Name: "rankings", Title: "外部排名", MaxRows: MaxRankingRows, Columns: []sheet.Column{
		{Key: "name", Title: "榜单", Required: true, Width: 36},
		{Key: "publisher", Title: "发布机构", Width: 24, Hint: "查不到的不填"},
		{Key: "year", Title: "年度", Kind: sheet.Integer, Required: true, Hint: "榜单的年度，不是数据的年度"},
		{Key: "dataYear", Title: "数据年度", Kind: sheet.Integer, Hint: "榜单没有说明的不填"},
		{Key: colRegion, Title: "所在地区", Required: true, Width: 18,
			Hint: "填 6 位行政区划代码或名称，如 140105、太原市小店区"},
		{Key: "place", Title: "位次", Kind: sheet.Integer, Hint: "只公布档次的不填"},
		{Key: "of", Title: "参评数", Kind: sheet.Integer},
		{Key: "band", Title: "档次", Hint: "没有位次时填，如 百强、前5"},
		{Key: "score", Title: "得分", Width: 10},
		{Key: "day", Title: "发布日期", Kind: sheet.Date},
		{Key: "source", Title: "出处", Required: true, Width: 36},
		{Key: "url", Title: "网址", Width: 30},
		{Key: "mark", Title: "核实情况", Kind: sheet.Choice, Choices: titles(RankingMarks()),
			Hint: "不填视为待核实"},
		{Key: colNote, Title: "说明", Width: 30},
	}}
}

// SetSheet describes the indicators of a set as a table.
func SetSheet() sheet.Spec {
	return sheet.Spec{Name: "indicator-set", Title: "指标体系", MaxRows: maxItems, Columns: []sheet.Column{
		{Key: "group", Title: "一级指标", Required: true, Width: 24},
		{Key: "groupWeight", Title: "一级权重", Width: 10, Hint: "不知道的不填"},
		{Key: "groupMark", Title: "一级核实情况", Kind: sheet.Choice, Choices: titles(Marks())},
		{Key: "groupSource", Title: "一级出处", Width: 24},
		{Key: "name", Title: "指标", Required: true, Width: 36, Hint: "已有的指标写它的名称，没有的会新定义"},
		{Key: "title", Title: "体系中的叫法", Width: 30, Hint: "与名称相同的不填"},
		{Key: colUnit, Title: "计量单位", Required: true, Width: 12},
		{Key: "direction", Title: "方向", Kind: sheet.Choice, Choices: titles(plan.Directions()),
			Hint: "不填视为越高越好"},
		{Key: "additive", Title: "各部分相加", Kind: sheet.Bool},
		{Key: "weight", Title: "权重", Width: 10, Hint: "一级指标内的相对权重，不知道的不填"},
		{Key: "mark", Title: "核实情况", Kind: sheet.Choice, Choices: titles(Marks())},
		{Key: "kind", Title: "数据方式", Kind: sheet.Choice, Choices: titles(Kinds()), Hint: "不填视为填报"},
		{Key: "frequency", Title: "频率", Kind: sheet.Choice, Choices: titles(Frequencies()),
			Hint: "不填视为年"},
		{Key: "cumulative", Title: "自年初累计", Kind: sheet.Bool},
		{Key: "places", Title: "小数位", Kind: sheet.Integer},
		{Key: "text", Title: "口径", Width: 40},
		{Key: "formula", Title: "公式", Width: 30, Hint: "数据方式为公式的必填"},
		{Key: "dueDays", Title: "报送工作日", Kind: sheet.Integer, Hint: "期末后第几个工作日前报送"},
		{Key: "dueTime", Title: "报送时刻", Width: 8, Hint: "写作 17:30；不填视为 18:00"},
		{Key: "owner", Title: "责任单位", Width: 24, Hint: "主体库中单位的全称"},
		{Key: "floor", Title: "下限", Width: 10},
		{Key: "ceiling", Title: "上限", Width: 10},
		{Key: colJumpLimit, Title: "变动提示", Width: 10, Hint: "比上期变动超过百分之几要说明原因"},
		{Key: "continues", Title: "序列可比", Kind: sheet.Bool, Hint: "口径改了但数值仍可比，不断开"},
		{Key: colNote, Title: "说明", Width: 30},
	}}
}
