package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Frame is what stands around every figure.
type Frame struct {
	ID      string
	Title   string // the question or the finding
	Unit    string // "亿元"; shown top right
	Source  string // "来源：… · 截至 2026-09-30"
	Data    *Plotted
	Exports []Export
	Level   int // heading level 2 (default) or 3
}

// Export is a link to the figure's numbers as a file.
type Export struct {
	Text string
	Href string
}

// Bar is one row of a BarTable.
type Bar struct {
	Name  string
	Href  string  // records behind the number
	Share float64 // length of the bar, 0–100
	Mark  float64 // target as a thin mark, 0–100; 0 = none
	Text  string  // the number as read; "" = 未报
	Proof string  // what proves the number, where that is not Href
	Tone  string  // "", "ok", "warn", "bad", "mute"
}

// KeyFigure is one number of Stats, large, with its unit small.
type KeyFigure struct {
	Name  string
	Value string
	Unit  string
	Delta string // "较上年 ↑ 23%": arrow and word, never red or green
	Href  string // each count is a link
	Proof string // what proves the number, where that is not Href
	Spark []float64
}

// Heat is a table of tinted cells.
type Heat struct {
	Corner   string // heading of the row column, e.g. 区县
	Rows     []string
	Cols     []string
	Values   [][]float64 // Missing() where nothing was reported
	Format   func(float64) string
	Hrefs    [][]string // what proves each value; nil, or "" for one, = no link
	RowHrefs []string   // page of each row; nil = none
}

func (h Heat) href(i, j int) string {
	if i >= len(h.Hrefs) || j >= len(h.Hrefs[i]) || missing(h.Values[i][j]) {
		return ""
	}
	return h.Hrefs[i][j]
}

func (h Heat) rowHref(i int) string {
	if i >= len(h.RowHrefs) {
		return ""
	}
	return h.RowHrefs[i]
}

// heatClasses is how many tints there are: q0 … q5.
const heatClasses = 6

// classes are the tints of all cells, -1 for a missing value.
func (h Heat) classes() [][]int {
	var flat []float64
	for _, row := range h.Values {
		flat = append(flat, row...)
	}
	cs := Classes(flat, heatClasses)
	out := make([][]int, len(h.Values))
	for i, row := range h.Values {
		out[i], cs = cs[:len(row)], cs[len(row):]
	}
	return out
}

func (h Heat) text(v float64) string {
	if h.Format != nil {
		return h.Format(v)
	}
	return Number(v)
}

func (p Plotted) text(v float64) string {
	if p.Format != nil {
		return p.Format(v)
	}
	return Number(v)
}

// tip is the sentence a mark shows under the pointer: period, series, value, unit.
func (p Plotted) tip(series, i int) string {
	s := p.Series[series]
	return strings.Join([]string{p.Labels[i], s.Name, p.text(s.Values[i]), p.Unit}, " ")
}

func (p Plotted) href(series, i int) string {
	if series >= len(p.Hrefs) || i >= len(p.Hrefs[series]) || missing(p.Series[series].Values[i]) {
		return ""
	}
	return p.Hrefs[series][i]
}

func missing(v float64) bool { return math.IsNaN(v) }

func (b Bar) class() string {
	switch b.Tone {
	case "ok", "warn", "bad", "mute":
		return "t-" + b.Tone
	}
	return "s0"
}

func clamp(v float64) float64 { return math.Max(0, math.Min(100, v)) }

// heatClass is the tint of cell i, j; a missing value is hatched.
func heatClass(h Heat, i, j int) string {
	c := h.classes()[i][j]
	if c < 0 {
		return "none"
	}
	return "q" + strconv.Itoa(c)
}

// markPath is the thin vertical line of a target, a little taller than the bar.
func markPath(b Bar) string { return fmt.Sprintf("M%.1f -1V11", clamp(b.Mark)) }
