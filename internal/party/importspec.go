package party

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// MaxImportRows bounds one import, in rows.
const MaxImportRows = 20_000

func titles(choices []Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Title
	}
	return out
}

// valueOf returns the value that a title stands for, "" for none.
func valueOf(choices []Choice, title string) string {
	for _, c := range choices {
		if c.Title == title {
			return c.Value
		}
	}
	return ""
}

// OrgSheet describes the table in which organisations come and go.
func OrgSheet() sheet.Spec {
	return sheet.Spec{Name: "organisations", Title: "组织名录", MaxRows: MaxImportRows,
		Columns: []sheet.Column{
			{Key: "name", Title: "名称", Aliases: aliasesOf("name"), Required: true, Width: 36},
			{Key: "uscc", Title: "统一社会信用代码", Aliases: aliasesOf("uscc"), Kind: sheet.Code,
				Width: 22, Hint: "没有的可以不填"},
			{Key: "kind", Title: "类型", Aliases: aliasesOf("kind"), Required: true,
				Kind: sheet.Choice, Choices: titles(OrgKinds())},
			{Key: "region", Title: "所在地区", Aliases: aliasesOf("region"), Required: true, Width: 20,
				Hint: "填 6 位行政区划代码或名称，如 140105、太原市小店区"},
			{Key: "industry", Title: "行业", Aliases: aliasesOf("industry"), Width: 20,
				Hint: "填国民经济行业代码或名称"},
			{Key: "standing", Title: "登记状态", Aliases: aliasesOf("standing"), Kind: sheet.Choice,
				Choices: titles(Standings()), Hint: "不填视为存续"},
			{Key: "founded", Title: "成立日期", Aliases: aliasesOf("founded"), Kind: sheet.Date},
			{Key: "legalPerson", Title: "法定代表人", Aliases: aliasesOf("legalPerson")},
			{Key: "capitalFen", Title: "注册资本", Aliases: aliasesOf("capitalFen"), Kind: sheet.Money,
				Unit: money.Wan},
			{Key: "nameEn", Title: "英文名称", Aliases: aliasesOf("nameEn"), Width: 30},
			{Key: "website", Title: "网址", Aliases: aliasesOf("website"), Width: 24},
			{Key: "address", Title: "注册地址", Aliases: aliasesOf("address"), Width: 36},
			{Key: "contactName", Title: "联系人", Aliases: aliasesOf("contactName")},
			{Key: "contactPhone", Title: "联系电话", Aliases: aliasesOf("contactPhone"),
				Kind: sheet.Code, Width: 16},
			{Key: "contactEmail", Title: "联系邮箱", Aliases: aliasesOf("contactEmail"), Width: 24},
			{Key: "summary", Title: "简介", Aliases: aliasesOf("summary"), Width: 40},
		}}
}

// PersonSheet describes the table in which people come and go.
func PersonSheet() sheet.Spec {
	return sheet.Spec{Name: "people", Title: "人员名录", MaxRows: MaxImportRows,
		Columns: []sheet.Column{
			{Key: "name", Title: "姓名", Required: true},
			{Key: "nameEn", Title: "英文姓名", Width: 20},
			{Key: "gender", Title: "性别", Kind: sheet.Choice, Choices: titles(Genders())},
			{Key: "idNumber", Title: "身份证号码", Aliases: aliasesOf("idNumber"), Kind: sheet.Code,
				Width: 22},
			{Key: "title", Title: "职称"},
			{Key: "degree", Title: "学位", Kind: sheet.Choice, Choices: titles(Degrees())},
			{Key: "fields", Title: "研究领域", Aliases: aliasesOf("fields"), Width: 30,
				Hint: "多个领域用分号隔开"},
			{Key: "org", Title: "单位", Aliases: aliasesOf("org"), Width: 36,
				Hint: "填统一社会信用代码或单位全称"},
			{Key: "duty", Title: "职务"},
			{Key: "from", Title: "任职开始日期", Kind: sheet.Date},
			{Key: "phone", Title: "电话", Aliases: aliasesOf("phone"), Kind: sheet.Code, Width: 16},
			{Key: "email", Title: "邮箱", Aliases: aliasesOf("email"), Width: 24},
			{Key: "orcid", Title: "ORCID", Kind: sheet.Code, Width: 22},
			{Key: "summary", Title: "简介", Width: 40},
			{Key: "public", Title: "公开", Kind: sheet.Bool},
		}}
}

// ImportKinds are what can be imported.
const (
	ImportOrgs   = "org"
	ImportPeople = "person"
)

func importSpec(kind string) (sheet.Spec, error) {
	switch kind {
	case ImportOrgs:
		return OrgSheet(), nil
	case ImportPeople:
		return PersonSheet(), nil
	}
	return sheet.Spec{}, fault.New(fault.NotFound, "没有这种导入")
}

// ImportTemplate writes an empty table to fill in.
func ImportTemplate(ctx context.Context, w io.Writer, kind string, f sheet.Format) error {
	spec, err := importSpec(kind)
	if err != nil {
		return err
	}
	return sheet.Template(ctx, w, f, spec)
}
