package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// postOf makes a post of texts as people and programs write them, and says what is wrong with one.
func postOf(cell func(key string) string) (retrieval.Post, string) {
	p := retrieval.Post{ID: cell("id"), Title: cell("title"), Text: cell("text"), Keywords: cell("keywords"),
		Field: cell("field"), Chain: cell("chain"), Region: cell("region"), Modes: modesOf(cell("modes"))}
	var ok bool
	if p.Yuan, ok = yuanOf(cell("yuan"), ""); !ok {
		return p, "budget 或 price 不是金额"
	}
	if p.Yuan.Sign() == 0 {
		if p.Yuan, ok = yuanOf(cell("wan"), "万元"); !ok {
			return p, "budget 或 price 不是金额"
		}
	}
	if p.TRL, ok = levelOf(cell("trl")); !ok {
		return p, "trl 应为 1 至 9 级"
	}
	if p.IP, ok = ipOf(cell("ip")); !ok {
		return p, "ip 应为已授权、申请中、已失效或无"
	}
	if p.Deadline, ok = dayOf(cell("deadline")); !ok {
		return p, "deadline 不是日期，应如 2026-06-30"
	}
	return p, ""
}

// unsaid reports whether a cell leaves open what it is for.
func unsaid(text string) bool { return text == "" || slices.Contains(unsaidWords, text) }

// yuanOf reads an amount of money in yuan: 500000, 500,000.00, 50万元. unit is that of a plain number.
// What is left open is zero.
func yuanOf(text, unit string) (hanzi.Decimal, bool) {
	text = strings.TrimSpace(text)
	if unsaid(text) {
		return hanzi.Decimal{}, true
	}
	plain := strings.ReplaceAll(text, ",", "")
	if d, ok := hanzi.ParseDecimal(plain); ok && unit == "" {
		return d, d.Sign() >= 0
	} else if ok {
		text = plain + unit
	}
	r := hanzi.Fold(text).Runes
	q, ok := hanzi.ScanQuantity(r, 0)
	if !ok || q.End != len(r) || q.Dim != "CNY" {
		return hanzi.Decimal{}, false
	}
	u, ok := hanzi.ParseUnit(q.Unit)
	d := q.High.Mul(u.Size)
	return d, ok && d.Finite() && d.Sign() >= 0
}

// levelOf reads a level of readiness: 7, TRL7, 7级. What is left open is 0.
func levelOf(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if unsaid(text) || text == "0" {
		return 0, true
	}
	m := levelText.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// ipOf reads a state of rights.
func ipOf(text string) (retrieval.IPState, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return retrieval.IPUnknown, true
	}
	s, ok := ipStates[text]
	return s, ok
}

// dayOf reads a day as 20260630. What is left open is 0.
func dayOf(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if unsaid(text) {
		return 0, true
	}
	m := dayText.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	return year*10_000 + month*100 + day, month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// modesOf cuts a list of ways to work together.
func modesOf(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("、，,；;/ \t\n", c) })
}
