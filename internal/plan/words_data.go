package plan

import "regexp"

// idleWords may stand before an indicator and say only whose or how counted it is.
var idleWords = []string{"全市", "我市", "本市", "全省", "我省", "全区", "全县", "累计", "年度", "当年", "新增", "新培育",
	"培育", "实现", "完成"}

// powers of ten stand before a unit.
var powers = []struct {
	word  string
	times int64
}{{"十", 10}, {"百", 100}, {"千", 1_000}, {"万", 10_000}, {"亿", 100_000_000}}

// counters are units of counting that documents use one for the other.
var (
	counter  = "个"
	counters = map[string]bool{"个": true, "家": true, "户": true}
)

// opWords compare a value; those that stand after the unit say so.
var opWords = []struct {
	word, op string
	after    bool
}{
	{"≥", ">=", false}, {">=", ">=", false}, {"≤", "<=", false}, {"<=", "<=", false},
	{">", ">", false}, {"<", "<", false}, {"≈", "~", false}, {"~", "~", false}, {"=", "=", false},
	{"不少于", ">=", false}, {"不低于", ">=", false}, {"至少", ">=", false}, {"达到", ">=", false},
	{"不超过", "<=", false}, {"不高于", "<=", false}, {"超过", ">", false}, {"突破", ">", false},
	{"高于", ">", false}, {"低于", "<", false}, {"少于", "<", false}, {"约", "~", false},
	{"以上", ">=", true}, {"以内", "<=", true}, {"以下", "<=", true}, {"左右", "~", true},
}

// nameMarks separate the names of units in one cell.
const nameMarks = "、，,；;\n"

// growthWords in a name say that a percentage is a rate of growth.
var growthWords = []string{"增长", "增速", "增幅", "增长率"}

// headerAliases are other headers offices use for a column.
var headerAliases = map[string][]string{
	"task":      {"任务名称", "重点任务", "工作任务", "目标任务", "主要任务"},
	"indicator": {"指标名称", "量化指标", "主要指标"},
	"goal":      {"目标", "年度目标", "指标值", "目标数"},
	"lead":      {"牵头部门", "牵头责任单位"},
	"due":       {"完成时限", "办结时限", "完成时间", "截止日期"},
	"progress":  {"进展情况", "工作进展", "完成情况"},
}

// progressMark stands between the percentage and what is said.
const progressMark = "："

// nameMark stands between the names of units in one cell.
const nameMark = "、"

// importedFrom is the reason of adopting a task that was under way already.
const importedFrom = "由台账表格导入"

// numberForm is the form of a 文号: the short name of the issuer, the year in hexagonal brackets and
// the number without leading zeros (GB/T 9704—2012, 7.2.5).
var numberForm = regexp.MustCompile(`^[\p{Han}]{1,20}〔(?:19|20)\d{2}〕[1-9]\d{0,4}号$`)
