package reading

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// The kinds of statement (陈述类别).
const (
	Fact   = "fact"   // 事实: is, was or has been reached
	Target = "target" // 目标: to be reached
	Task   = "task"   // 任务: obliges somebody, without a number
)

// The measures of a statement (量的种类).
const (
	Level    = "level"    // 水平: a stock or an amount
	Increase = "increase" // 增量: an absolute change, points included
	Growth   = "growth"   // 增速: a relative change, in %, 倍 or 番
	Share    = "share"    // 占比: a part of a whole
	Rank     = "rank"     // 位次: a place in an order
	Date     = "date"     // 节点: a milestone with a time and no number
)

// Statement is one countable statement or one obligation of a document. Absent fields are
// empty strings.
type Statement struct {
	Kind      string // Fact, Target or Task
	Subject   string // 主体: who or what it is about; of a task, its owner
	Indicator string // 指标: what is counted or measured; of a task, its object
	Measure   string // Level … Date; empty for a task
	Value     string // decimal in the unit written, ASCII, minus sign for a fall
	Unit      string // 单位, as written
	Op        string // "=", ">=", "<=", ">", "<", "~"; empty where there is no value
	From, To  string // period, ISO dates; a stock has only To
	Of        string // the whole of a share or rank, the base of a growth
	Start     int    // rune offsets in the text as given, half-open
	End       int
	Quote     string // the text between them
	Check     Check  // where the text allows arithmetic
	Verb      string // of a task
	Reason    Reason // the rule that found it and the words that fired it
}

// MarshalJSON writes the line of the specification: absent fields are null, a value is a
// number written exactly.
func (s Statement) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	text := func(name, v string) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(name))
		b.WriteByte(':')
		if v == "" {
			b.WriteString("null")
			return
		}
		writeString(&b, v)
	}
	text("kind", s.Kind)
	if s.Kind == Task {
		text("verb", s.Verb)
	}
	text("subject", s.Subject)
	text("indicator", s.Indicator)
	text("measure", s.Measure)
	b.WriteString(`,"value":`)
	if s.Value == "" {
		b.WriteString("null")
	} else {
		b.WriteString(s.Value)
	}
	text("unit", s.Unit)
	text("op", s.Op)
	text("from", s.From)
	text("to", s.To)
	text("of", s.Of)
	b.WriteString(`,"start":` + strconv.Itoa(s.Start) + `,"end":` + strconv.Itoa(s.End))
	text("quote", s.Quote)
	text("check", s.Check.String())
	b.WriteByte('}')
	return b.Bytes(), nil
}

// writeString writes a JSON string without escaping <, > and &, which are common in text.
func writeString(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)         // a string always encodes
	b.Truncate(b.Len() - 1) // the encoder's line break
}
