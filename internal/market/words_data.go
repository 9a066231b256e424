package market

// Why posts leave the market by themselves, as their history says it.
const (
	whyUnconfirmed = "逾期未确认仍有效"
	whyDeadline    = "需求截止日期已过"
)

// Headers that tables use beside the titles of columns, and marks between names in a cell.
var (
	titleAliases = []string{"需求名称", "成果名称", "项目名称", "技术名称", "标题"}
	textAliases  = []string{"需求描述", "需求内容", "成果简介", "成果介绍", "简介", "内容"}
)

const (
	cellMarks = "、，,；;\n"
	cellMark  = "、"
)
