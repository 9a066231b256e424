package market

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The columns of posts as a table.
const (
	colCode       = "code"
	colTitle      = "title"
	colText       = "text"
	colOrg        = "org"
	colRegion     = "region"
	colField      = "field"
	colSort       = "sort"
	colChain      = "chain"
	colKeywords   = "keywords"
	colModes      = "modes"
	colPriceLo    = "priceLoFen"
	colPriceHi    = "priceHiFen"
	colTRL        = "trl"
	colParameters = "parameters"
	colDeadline   = "deadline"
	colCurrent    = "current"
	colPricing    = "pricing"
	colRights     = "rights"
	colPayLater   = "payLater"
	colReady      = "ready"
	colVisibility = "visibility"
	colContact    = "contact"
	colPhone      = "contactPhone"
	colMail       = "contactMail"
	colState      = "state"
	colNature     = "nature"
)

// MaxImportRows is how many posts one import may bring.
const MaxImportRows = 2000

// PostSheet describes posts of a kind as a table. Code and state are written for reading and are not
// taken in; contacts are taken in and never written.
func PostSheet(k Kind) sheet.Spec {
	title, sortTitle, sorts := "技术需求", "需求类型", NeedKinds()
	if k == Achievement {
		title, sortTitle, sorts = "科技成果", "成果类别", ResultKinds()
	}
	spec := sheet.Spec{Name: string(k) + "s", Title: title, MaxRows: MaxImportRows,
		Columns: []sheet.Column{
			{Key: colTitle, Title: "名称", Required: true, Width: 40, Aliases: titleAliases},
			{Key: colText, Title: "描述", Required: true, Width: 60, Aliases: textAliases},
			{Key: colOrg, Title: "所属单位", Width: 24, Hint: "不填即本单位；须在主体库中"},
			{Key: colRegion, Title: "行政区划代码", Kind: sheet.Code, Width: 12, Hint: "6 位数字，不填即单位所在地"},
			{Key: colField, Title: "技术领域", Required: true, Kind: sheet.Choice, Width: 18, Choices: titles(Fields())},
			{Key: colSort, Title: sortTitle, Required: true, Kind: sheet.Choice, Width: 12, Choices: titles(sorts)},
			{Key: colChain, Title: "产业链环节", Width: 16},
			{Key: colKeywords, Title: "关键词", Width: 24, Hint: "用顿号隔开"},
			{Key: colModes, Title: "合作方式", Width: 20, Hint: "用顿号隔开"},
			{Key: colPriceLo, Title: "金额下限（万元）", Kind: sheet.Money, Unit: money.Wan, Width: 12},
			{Key: colPriceHi, Title: "金额上限（万元）", Kind: sheet.Money, Unit: money.Wan, Width: 12, Hint: "不填即面议"},
			{Key: colTRL, Title: "技术成熟度", Kind: sheet.Integer, Width: 10, Hint: "1 到 9"},
			{Key: colParameters, Title: "技术指标", Width: 30, Hint: "如 漏检率≤0.5%；几项各占一行"},
		}}
	own := []sheet.Column{
		{Key: colDeadline, Title: "截止日期", Kind: sheet.Date, Width: 12},
		{Key: colCurrent, Title: "现有基础", Width: 30},
	}
	if k == Achievement {
		own = []sheet.Column{
			{Key: colPricing, Title: "定价方式", Required: true, Kind: sheet.Choice, Width: 12, Choices: titles(Pricings())},
			{Key: colRights, Title: "知识产权", Width: 30, Hint: "如 ZL201721099528.4 一种供风装置；几项各占一行"},
			{Key: colPayLater, Title: "先使用后付费", Kind: sheet.Bool, Width: 10},
			{Key: colReady, Title: "可立即签约", Kind: sheet.Bool, Width: 10},
		}
	}
	spec.Columns = append(spec.Columns, own...)
	spec.Columns = append(spec.Columns,
		sheet.Column{Key: colVisibility, Title: "公开级别", Kind: sheet.Choice, Width: 12,
			Choices: titles(Visibilities()[:2]), Hint: "不填即公开"},
		sheet.Column{Key: colContact, Title: "联系人", Width: 12},
		sheet.Column{Key: colPhone, Title: "联系电话", Kind: sheet.Code, Width: 16},
		sheet.Column{Key: colMail, Title: "邮箱", Width: 20},
		sheet.Column{Key: colCode, Title: "编号", Width: 16, Hint: "由系统编，导入时不用填"},
		sheet.Column{Key: colState, Title: "状态", Width: 10, Hint: "导入时不用填"},
		sheet.Column{Key: colNature, Title: "数据性质", Width: 10, Hint: "导入时不用填"})
	return spec
}

func titles(choices []Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Title
	}
	return out
}

// valueOf returns the value of a title, "" when it is none of the choices.
func valueOf(choices []Choice, title string) string {
	for _, c := range choices {
		if c.Title == title {
			return c.Value
		}
	}
	return ""
}

// splitCell splits a cell that names several things.
func splitCell(cell string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(cellMarks, r) }) {
		if s = tidy(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// cellLines splits a cell that holds several lines.
func cellLines(cell string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(lines(cell), func(r rune) bool { return r == '\n' || r == '；' || r == ';' }) {
		if line = tidy(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

var (
	signOf = map[string]string{"≥": ">=", "≤": "<=", "≈": "~", ":": "=", "：": "="}
)

// parseParameter reads 漏检率≤0.5% and 延伸率=12~16%.
func parseParameter(s string) (Parameter, bool) {
	m := parameterForm.FindStringSubmatch(width.Fold.String(s))
	if m == nil {
		return Parameter{}, false
	}
	p := Parameter{Name: tidy(m[1]), Op: m[2], Value: m[3], Top: m[4], Unit: tidy(m[5])}
	if op, ok := signOf[p.Op]; ok {
		p.Op = op
	}
	if p.Top != "" {
		p.Op = "range"
	}
	return p, true
}

// Text writes an indicator as people write it and parseParameter reads it.
func (p Parameter) Text() string {
	switch p.Op {
	case "range":
		return p.Name + "=" + p.Value + "~" + p.Top + p.Unit
	case ">=":
		return p.Name + "≥" + p.Value + p.Unit
	case "<=":
		return p.Name + "≤" + p.Value + p.Unit
	case "~":
		return p.Name + "≈" + p.Value + p.Unit
	default:
		return p.Name + p.Op + p.Value + p.Unit
	}
}

// parseRight reads a number of intellectual property with the title behind it.
func parseRight(s string) (Right, bool) {
	s = width.Fold.String(s)
	m := rightText.FindStringSubmatchIndex(s)
	if m == nil {
		return Right{}, false
	}
	r, _ := readRight(func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return s[m[2*n]:m[2*n+1]]
	})
	r.Title = tidy(s[:m[0]] + " " + s[m[1]:])
	return r, true
}

// texts writes what a list says, a line each.
func texts[T any](list []T, text func(T) string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = text(x)
	}
	return strings.Join(slices.Clip(out), "\n")
}
