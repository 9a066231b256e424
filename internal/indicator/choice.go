package indicator

import (
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Kinds of definitions.
const (
	Observed = "observed" // 填报
	Measured = "measure"  // 系统度量
	Computed = "formula"  // 公式
	External = "external" // 外部发布
)

// Kinds say where the values of an indicator come from.
func Kinds() []plan.Choice {
	return []plan.Choice{{Value: Observed, Title: "填报"}, {Value: Measured, Title: "系统度量"},
		{Value: Computed, Title: "公式"}, {Value: External, Title: "外部发布"}}
}

// Frequencies are how often an indicator has a value.
func Frequencies() []plan.Choice {
	return []plan.Choice{{Value: "year", Title: "年"}, {Value: "half", Title: "半年"},
		{Value: "quarter", Title: "季度"}, {Value: "month", Title: "月"}}
}

// KindOf is the kind of period of a frequency, 0 for no frequency.
func KindOf(frequency string) series.Kind {
	return map[string]series.Kind{"year": series.Year, "half": series.Half, "quarter": series.Quarter,
		"month": series.Month}[frequency]
}

// Qualifiers say how exact a value is as its source has it.
const (
	Exactly = "="
	AtLeast = ">="
	Above   = ">"
	AtMost  = "<="
	Below   = "<"
	About   = "~"
	Odd     = "+" // 余: a little more than a round number
)

// Qualifiers are the qualifiers with what people say.
func Qualifiers() []plan.Choice {
	return []plan.Choice{{Value: Exactly, Title: "等于"}, {Value: AtLeast, Title: "不少于"},
		{Value: Above, Title: "超过"}, {Value: AtMost, Title: "不超过"}, {Value: Below, Title: "低于"},
		{Value: About, Title: "约"}, {Value: Odd, Title: "余"}}
}

// Shown writes a value with its qualifier: ≥300, 8,700余.
func Shown(value plan.Decimal, q string) string {
	if q == Odd {
		return value.Grouped() + oddWord
	}
	return i18n.Sign(q) + value.Grouped() // none for an exact one
}

// Sources of a value.
const (
	FromForm     = "form"
	FromImport   = "import"
	FromDocument = "document"
	FromExternal = "external"
)

// Sources say how a value came in.
func Sources() []plan.Choice {
	return []plan.Choice{{Value: FromForm, Title: "填报"}, {Value: FromImport, Title: "表格导入"},
		{Value: FromDocument, Title: "文件"}, {Value: FromExternal, Title: "外部发布"}}
}

// Marks say how sure a part of a set is.
const (
	Verified = "verified"
	Shaky    = "shaky"
	Design   = "design"
	Gap      = "gap"
)

// Marks are the marks with their titles.
func Marks() []plan.Choice {
	return []plan.Choice{{Value: Verified, Title: "已核实"}, {Value: Shaky, Title: "待核实"},
		{Value: Design, Title: "自拟"}, {Value: Gap, Title: "缺口"}}
}

// What the weights of the indicators of a group are.
const (
	Relative = "relative" // 相对权重（赋权）: they need not add up
	Percent  = "percent"  // 百分数: they add up to 100, or to 1
)

// Weightings are what weights may be.
func Weightings() []plan.Choice {
	return []plan.Choice{{Value: Relative, Title: "相对权重（赋权）"}, {Value: Percent, Title: "百分数，每组合计 100"}}
}
