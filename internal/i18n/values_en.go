package i18n

// The English of packages clock and money, which this package builds on and which therefore cannot
// register it themselves.
var _ = English(map[string]string{
	"日期应为真实的日期，如 2026-11-22": "A date is a real day, such as 2026-11-22",
	"未导入 %d 年的节假日安排":         "The holidays of %d have not been imported",
	"工作日数应在 1 到 %d 之间":       "The number of working days is between 1 and %d",
	"%s 不属于 %d 年的安排":         "%s does not belong to the holidays of %d",
	"%s 重复出现":                "%s appears twice",
	"%s 不是周末，不必列为调休上班":       "%s is no weekend, so it is worked anyway",
	"节日名称必填，不超过 %d 个字节":      "The name of the holiday is required, at most %d bytes",
	"发文字号必填，不超过 %d 个字节":      "The document number is required, at most %d bytes",
	"缺少法定节假日 %s，安排不完整":       "The public holiday %s is missing, so these holidays are not complete",
	"节假日安排超过 %d 行":           "There are more than %d rows of holidays",
	"这一行不是有效的 CSV":           "This row is not valid CSV",
	"表头应为 %s":                "The header must be %s",
	"应有 %d 列，现为 %d 列":        "There should be %d columns; there are %d",
	"类别应为 off（放假）或 work（上班）": "The kind is off (day off) or work (worked)",
	"金额应为数字，如 35.6":          "An amount is a number, such as 35.6",
	"金额最多精确到分":               "An amount is exact to a hundredth of a yuan at most",
	"金额超出可记录的范围":             "The amount is too large to be recorded",
	"千位分隔符的位置不对，应如 1,234.56": "The thousands separators are misplaced; write 1,234.56",
	"百分比应为数字，如 5.25":         "A percentage is a number, such as 5.25",
	"比值的分母不能为零":              "The denominator of a ratio is not zero",
	"比值超出可精确表示的范围":           "The ratio is too large or too fine to be exact",
	"小数位数应在 0 到 %d 之间":       "The number of decimals is between 0 and %d",
})
