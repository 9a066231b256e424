package cli

import (
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// kindWords and measureWords are what people call the values of a statement.
var (
	kindWords = map[string]string{
		reading.Fact: "事实", reading.Target: "目标", reading.Task: "工作任务",
	}
	measureWords = map[string]string{
		reading.Level: "水平", reading.Increase: "增量", reading.Growth: "增速",
		reading.Share: "占比", reading.Rank: "位次", reading.Date: "节点",
	}
)

// Columns wide enough for most subjects and indicators; what is longer is cut with a mark, the
// whole is in --json.
const (
	maxSubjectWidth   = 20
	maxIndicatorWidth = 40
)

// showStatements writes the statements of a document as a table, with counts before and doubts
// behind it.
func (c *call) showStatements(name, text string, r reading.Result) error {
	lines := lineNumbers(text)
	count := map[string]int{}
	proved := 0
	var doubts []reading.Statement
	rows := [][]string{{c.t("行号"), c.t("类别"), c.t("量"), c.t("主体"), c.t("指标"), c.t("数值"),
		c.t("时期"), c.t("核对")}}
	for _, s := range r.Statements {
		count[s.Kind]++
		mark := ""
		switch {
		case s.Check.Rule == "":
		case s.Check.OK:
			mark = c.t("相符")
			proved++
		default:
			mark = c.t("存疑")
			doubts = append(doubts, s)
		}
		rows = append(rows, []string{fmt.Sprint(lines[s.Start]), c.t(kindWords[s.Kind]),
			c.word(measureWords[s.Measure]), cut(s.Subject, maxSubjectWidth),
			cut(s.Verb+s.Indicator, maxIndicatorWidth), c.amount(s), period(s.From, s.To), mark})
	}
	c.tell("%s：%d 条，事实 %d，目标 %d，任务 %d；核对相符 %d，存疑 %d", name, len(r.Statements),
		count[reading.Fact], count[reading.Target], count[reading.Task], proved, len(doubts))
	if n := len(r.Others); n > 0 {
		c.tell("  另有 %d 处不属于这份文件，没有读取", n)
	}
	if len(r.Statements) > 0 {
		if err := table(c.out, rows); err != nil {
			return err
		}
	}
	for _, s := range doubts {
		c.tell("存疑，第 %d 行“%s”：%s", lines[s.Start], s.Quote,
			s.Check.Text(c.english()))
	}
	_, err := fmt.Fprintln(c.out)
	return err
}

// english reports whether the engines should speak English.
func (c *call) english() bool { return c.common.language() == i18n.EN }

// word translates a word, of which there may be none.
func (c *call) word(zh string) string {
	if zh == "" {
		return ""
	}
	return c.t(zh)
}

// lineNumbers returns the line, from 1, of every character and of the end of a text.
func lineNumbers(text string) []int {
	out := make([]int, 0, len(text)+1)
	line := 1
	for _, r := range text {
		out = append(out, line)
		if r == '\n' {
			line++
		}
	}
	return append(out, line)
}

// cut shortens a text to a width on the terminal.
func cut(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if width(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += width(string(r)); n >= most {
			return s[:i] + "…"
		}
	}
	return s
}

// amount writes the value of a statement: ≥1100家, 第3位.
func (c *call) amount(s reading.Statement) string {
	if s.Value == "" {
		return ""
	}
	return i18n.Sign(s.Op) + s.Value + s.Unit
}

// period writes a period briefly: a year as such, and only what is known.
func period(from, to string) string {
	year := func(date string) string { return date[:min(4, len(date))] }
	switch {
	case from == "" && to == "":
		return ""
	case from == "":
		return "…" + to
	case to == "":
		return from + "…"
	case strings.HasSuffix(from, "-01-01") && strings.HasSuffix(to, "-12-31"):
		if year(from) == year(to) {
			return year(from)
		}
		return year(from) + "…" + year(to)
	case from == to:
		return from
	}
	return from + "…" + to
}
