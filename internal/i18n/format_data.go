package i18n

// Chinese patterns whose English is no translation of the pattern but another layout.
const (
	zhDate     = "%d年%d月%d日"
	zhMonthDay = "%d月%d日"
	zhMonth    = "%d年%d月"
	zhMonths   = "%d年%d—%d月"
	zhYear     = "%d年"
	zhQuarter  = "%d年%s季度"
	zhHalf     = "%d年%s半年"
	zhPlan     = "“%s五”"
	zhYuan     = "%s 元"
	zhWan      = "%s 万元"
	zhYi       = "%s 亿元"
	zhRest     = "（%s）"
	zhNumerals = "零一二三四五六七八九"
	zhTen      = "十"
	zhFirst    = "上"
	zhSecond   = "下"
	zhDays     = "%d 天"
	zhHours    = "%d 小时"
	zhMinutes  = "%d 分钟"
	documentNo = "%s〔%d〕%d号"
)
