package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// maxTableUnit bounds the runes of the unit that a table names for its figures.
const maxTableUnit = 8

// maxTableHead bounds the runes of a line of a table, and of the one over it.
const maxTableHead = 80

// tableLine takes in a line of a table in text: one that names the unit of the figures (单位：万元), or
// a name and a figure below it. It reports whether it read a figure.
func (rd *reader) tableLine(p hanzi.Span) bool {
	line := rd.r[p.Start:p.End]
	if len(line) > maxTableHead {
		return false
	}
	if unit := tableUnit(string(line)); unit != "" {
		rd.tableUnit = unit
		rd.nPara++
		return false
	}
	if rd.tableUnit == "" {
		return false
	}
	name, figure, ok := cells(line)
	if !ok {
		return false
	}
	n, ok := hanzi.ScanNumber(rd.r[:p.End], p.Start+figure)
	if !ok || n.End != p.End || !n.Arabic {
		return false
	}
	rd.nSent++
	rd.c = carry{}
	rd.paraSubject = ""
	f := frame{q: hanzi.Quantity{Start: n.Start, End: n.End, Value: n.Value, Unit: rd.tableUnit,
		Op: hanzi.Exactly, Number: n}, op: hanzi.Exactly, linkFrom: p.Start}
	s := found{}
	s.Start, s.End = p.Start, p.End
	s.Indicator = rd.str(p.Start, p.Start+name)
	if rd.subjectName(s.Indicator) && rd.topic != "" {
		s.Subject, s.Indicator = s.Indicator, rd.topic
	}
	s.row, s.part = true, !sums[s.Indicator]
	f.total = !s.part
	rd.measure(&f, &s)
	rd.emit(&f, &s)
	return true
}

// sums name the line of a table that adds up those above it.
var sums = set(`合计 总计 共计 总额 小计`)

// tableUnit is the unit that a line names for the figures below it, or "".
func tableUnit(line string) string {
	for _, label := range []string{"单位:", "单位："} {
		_, rest, ok := strings.Cut(line, label)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		if k := strings.IndexAny(rest, "）)，, 。；;"); k >= 0 {
			rest = rest[:k]
		}
		if _, ok := hanzi.Convert(hanzi.Int(1), rest, rest); ok && rest != "" &&
			len([]rune(rest)) <= maxTableUnit {
			return rest
		}
	}
	return ""
}

// cells splits a line of a table into the runes of its name and the start of its figure.
func cells(line []rune) (name, figure int, ok bool) {
	i := 0
	for i < len(line) && line[i] != ' ' && line[i] != '\t' && line[i] != '|' {
		i++
	}
	name = i
	for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '|') {
		i++
	}
	if name < 2 || i-name < 1 || i >= len(line) || !han(line[:name]) {
		return 0, 0, false
	}
	return name, i, true
}
