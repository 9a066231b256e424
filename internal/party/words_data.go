package party

// aliasesOf returns other headers people use for a column of an import.
func aliasesOf(column string) []string { return headerAliases[column] }

var headerAliases = map[string][]string{
	"name":         {"单位名称", "企业名称", "机构名称", "组织名称", "公司名称"},
	"uscc":         {"信用代码", "社会信用代码", "统一信用代码", "统一代码"},
	"kind":         {"单位类型", "机构类型", "组织类型"},
	"region":       {"地区", "行政区划", "区划代码", "所属地区", "所属区县", "区县"},
	"industry":     {"所属行业", "行业代码", "国民经济行业", "行业门类"},
	"standing":     {"经营状态", "企业状态", "状态"},
	"founded":      {"成立时间", "注册日期"},
	"legalPerson":  {"法人", "法人代表", "负责人"},
	"capitalFen":   {"注册资本（万元）", "注册资金"},
	"nameEn":       {"英文名"},
	"website":      {"官网", "网站"},
	"address":      {"地址", "住所"},
	"contactName":  {"联系人姓名"},
	"contactPhone": {"电话", "手机", "联系方式"},
	"contactEmail": {"邮箱", "电子邮箱"},
	"summary":      {"单位简介", "企业简介", "经营范围"},
	"idNumber":     {"身份证号", "身份证", "证件号码"},
	"fields":       {"领域", "专业领域", "研究方向"},
	"org":          {"工作单位", "所在单位", "单位名称"},
	"phone":        {"手机", "联系电话", "手机号"},
	"email":        {"电子邮箱", "联系邮箱"},
}

// fieldMarks separate several fields in one cell.
const fieldMarks = "；;、，,\n"

// legalForms are the endings of company names that say nothing about which company it is. Longer
// ones stand first.
var legalForms = []string{
	"股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司",
	"集团公司", "总公司", "公司", "集团", "股份", "合伙企业", "有限合伙", "普通合伙",
}

// Bounds in bytes: what is left of a name has two characters at least, and only a form of four or
// more is taken out of the middle.
const (
	shortestName = len("二字")
	shortestForm = len("有限公司")
)

// placeEndings end the names of places.
const placeEndings = "省市区县"

// phoneMarks may stand in a phone number beside digits; 转 comes before an extension.
const phoneMarks = "+-() 转"

// mergedFrom begins the source of a value that a merge took over.
const mergedFrom = "并自："
