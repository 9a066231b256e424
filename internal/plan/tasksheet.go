package plan

import (
	"regexp"
	"strings"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The columns of the ledger as a table.
const (
	colSerial    = "serial"
	colTask      = "task"
	colIndicator = "indicator"
	colGoal      = "goal"
	colLead      = "lead"
	colDuty      = "duty"
	colDue       = "due"
	colProgress  = "progress"
	colAssist    = "assist"
	colPerson    = "person"
	colCode      = "code"
	colState     = "state"
	colLight     = "light"
)

// MaxImportRows is how many tasks one import may bring.
const MaxImportRows = 1000

// TaskSheet describes the ledger as offices write it: the eight columns of the usual form first.
// Code, state and light are written for reading and are not taken in.
func TaskSheet() sheet.Spec {
	return sheet.Spec{
		Name: "tasks", Title: "任务台账", MaxRows: MaxImportRows,
		Columns: []sheet.Column{
			{Key: colSerial, Title: "序号", Width: 8, Hint: "分任务写作 1.1、1.1.1，跟在上级任务之后",
				Kind: sheet.Code},
			{Key: colTask, Title: "任务", Required: true, Width: 40, Aliases: headerAliases[colTask]},
			{Key: colIndicator, Title: "指标", Width: 24, Hint: "几个指标各占一行",
				Aliases: headerAliases[colIndicator]},
			{Key: colGoal, Title: "目标值", Width: 16, Hint: "如 ≥228亿元；与指标逐行对应",
				Aliases: headerAliases[colGoal]},
			{Key: colLead, Title: "牵头单位", Required: true, Width: 20, Hint: "只填一个，须在主体库中",
				Aliases: headerAliases[colLead]},
			{Key: colDuty, Title: "责任单位", Width: 24, Hint: "几个单位用顿号隔开"},
			{Key: colDue, Title: "时限", Kind: sheet.Date, Required: true, Width: 12,
				Aliases: headerAliases[colDue]},
			{Key: colProgress, Title: "进展", Width: 40, Hint: "如 35%：已完成选址",
				Aliases: headerAliases[colProgress]},
			{Key: colAssist, Title: "配合单位", Width: 24, Hint: "几个单位用顿号隔开"},
			{Key: colPerson, Title: "责任人", Width: 12},
			{Key: colCode, Title: "编号", Width: 12, Hint: "由系统编，导入时不用填"},
			{Key: colState, Title: "状态", Width: 10, Hint: "导入时不用填"},
			{Key: colLight, Title: "亮灯", Width: 8, Hint: "导入时不用填"},
		},
	}
}

// goal is a value with its operator and unit.
type goal struct {
	Op    string
	Value Decimal
	Unit  string
}

// parseGoal reads 228亿元, ≥228亿元, 不少于228亿元 and 228亿元以上.
func parseGoal(text string) (goal, bool) {
	text = strings.ReplaceAll(narrow(text), " ", "")
	var g goal
	for _, w := range opWords {
		if w.after {
			if rest, ok := strings.CutSuffix(text, w.word); ok && g.Op == "" {
				text, g.Op = rest, w.op
			}
		} else if rest, ok := strings.CutPrefix(text, w.word); ok && g.Op == "" {
			text, g.Op = rest, w.op
		}
	}
	m := plainGoal.FindStringSubmatch(text)
	if m == nil {
		return goal{}, false
	}
	var ok bool
	g.Value, ok = ParseDecimal(m[1])
	g.Unit = m[2]
	if g.Op == "" {
		g.Op = "="
	}
	return g, ok && g.Unit != "" && len([]rune(g.Unit)) <= maxUnit
}

var plainGoal = regexp.MustCompile(`^(-?\d[\d,]*(?:\.\d+)?)([^\d\s.,]*)$`)

// text writes a value as parseGoal reads it.
func (g goal) text() string { return i18n.Sign(g.Op) + string(g.Value) + g.Unit }

// names splits a cell that names several units.
func names(cell string) []string {
	var out []string
	for _, name := range strings.FieldsFunc(cell, func(r rune) bool {
		return strings.ContainsRune(nameMarks, r)
	}) {
		if name = tidy(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// cellLines splits a cell that holds several lines.
func cellLines(cell string) []string {
	var out []string
	for line := range strings.SplitSeq(lines(cell), "\n") {
		if line = tidy(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// progressForm is the percentage in front of what is said about the progress.
var progressForm = regexp.MustCompile(`^(\d{1,3}(?:\.\d{1,2})?)\s*[%％]\s*[:：,，;；]?\s*`)

// parseProgress reads 35%：已完成选址, and a text without a percentage as one of nought.
func parseProgress(cell string) (bp int64, situation string, ok bool) {
	cell = lines(cell)
	m := progressForm.FindStringSubmatch(cell)
	if m == nil {
		return 0, cell, cell != ""
	}
	bp, ok = ParsePercent(m[1])
	return bp, strings.TrimSpace(cell[len(m[0]):]), ok
}
