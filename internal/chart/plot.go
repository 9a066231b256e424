package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Limits of what one plot can show and still be read.
const (
	MaxLines  = 4
	MaxStacks = 3
	MaxPoints = 60
)

// Series is a named row of values; Missing() where nothing was reported.
type Series struct {
	Name   string
	Values []float64
}

// Plotted is a chart ready to be drawn. Make it with Lines or Stacks.
type Plotted struct {
	Unit   string
	Labels []string // periods; name a partial one: "2026前三季度"
	Series []Series
	Format func(float64) string
	Period string     // heading of the label column in the table, e.g. 年份
	Hrefs  [][]string // what proves each value of each series; nil, or "" for one, = no link

	ticks []float64
	lines []line
	bars  []bar
}

type dot struct {
	x, y float64
	i    int
}

type line struct {
	path string
	dots []dot
}

type bar struct {
	x, y, w, h float64
	series, i  int
}

// Lines plots at most MaxLines series against the labels, from a zero baseline. A missing value
// breaks the line. More series or points than the limits are cut off: the caller chooses.
func Lines(unit string, labels []string, series ...Series) Plotted {
	p := prepare(unit, labels, series, MaxLines)
	top := 0.0
	for _, s := range p.Series {
		for _, v := range s.Values {
			top = math.Max(top, zeroIfMissing(v))
		}
	}
	p.ticks = axis(top)
	for _, s := range p.Series {
		p.lines = append(p.lines, p.line(s))
	}
	return p
}

func (p Plotted) line(s Series) line {
	var l line
	var b strings.Builder
	pen := byte('M')
	for i, v := range s.Values {
		if math.IsNaN(v) {
			pen = 'M'
			continue
		}
		x := (float64(i) + .5) * 100 / float64(len(p.Labels))
		y := 100 - v*100/p.ticks[0]
		fmt.Fprintf(&b, "%c%.2f %.2f", pen, x, y)
		l.dots = append(l.dots, dot{x, y, i})
		pen = 'L'
	}
	l.path = b.String()
	return l
}

// Stacks plots at most MaxStacks series as stacked columns.
func Stacks(unit string, labels []string, series ...Series) Plotted {
	p := prepare(unit, labels, series, MaxStacks)
	top := 0.0
	for i := range p.Labels {
		sum := 0.0
		for _, s := range p.Series {
			sum += zeroIfMissing(s.Values[i])
		}
		top = math.Max(top, sum)
	}
	p.ticks = axis(top)
	width := 100 / float64(len(p.Labels))
	for i := range p.Labels {
		y := 100.0
		for k, s := range p.Series {
			h := zeroIfMissing(s.Values[i]) * 100 / p.ticks[0]
			y -= h
			if h > 0 {
				p.bars = append(p.bars, bar{float64(i)*width + width*.22, y, width * .56, h, k, i})
			}
		}
	}
	return p
}

// prepare cuts to the limits and makes every series as long as the labels.
func prepare(unit string, labels []string, series []Series, most int) Plotted {
	labels = labels[:min(len(labels), MaxPoints)]
	p := Plotted{Unit: unit, Labels: labels, Format: Number}
	for _, s := range series[:min(len(series), most)] {
		values := make([]float64, len(labels))
		for i := range values {
			values[i] = Missing()
			if i < len(s.Values) {
				values[i] = s.Values[i]
			}
		}
		p.Series = append(p.Series, Series{s.Name, values})
	}
	return p
}

func zeroIfMissing(v float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return v
}

// SparkPath is the line of a sparkline in a box of 100 × 100, "" for fewer than two known values.
func SparkPath(values []float64) string {
	lo, hi, known := math.Inf(1), math.Inf(-1), 0
	for _, v := range values {
		if !math.IsNaN(v) {
			lo, hi, known = math.Min(lo, v), math.Max(hi, v), known+1
		}
	}
	if known < 2 {
		return ""
	}
	var b strings.Builder
	pen := byte('M')
	for i, v := range values {
		if math.IsNaN(v) {
			pen = 'M'
			continue
		}
		x := float64(i) * 100 / float64(len(values)-1)
		y := 50.0
		if hi > lo {
			y = 92 - 84*(v-lo)/(hi-lo)
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", pen, x, y)
		pen = 'L'
	}
	return b.String()
}

// Number writes v with at most two decimals and grouped thousands, as tables of figures do.
func Number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		s = "0"
	}
	whole, frac, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + frac
	}
	return whole
}

func coord(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
