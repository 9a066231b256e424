package chart

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// grid is the numbers of a figure as a table to take away, the head first.
type grid [][]string

// mark tells a spreadsheet that a file is UTF-8.
const mark = "\ufeff"

// address is the table as a file that lies in the page itself: it needs no script and no other request.
func (s grid) address() templ.SafeURL {
	var b strings.Builder
	b.WriteString(mark)
	w := csv.NewWriter(&b)
	for _, row := range s {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		_ = w.Write(safe) // into memory
	}
	w.Flush()
	return templ.SafeURL("data:text/csv;charset=utf-8;base64," +
		base64.StdEncoding.EncodeToString([]byte(b.String())))
}

// harmless keeps a text from being taken for a formula; numbers stay numbers.
func harmless(cell string) string {
	if rest := strings.TrimLeft(cell, "+-"); rest != "" && strings.Trim(rest, "0123456789.,%") == "" {
		return cell
	}
	return sheet.Guard(cell)
}

// fileName is what the file of a figure is called.
func fileName(title string) string {
	return strings.NewReplacer("/", "-", "\\", "-", ":", "-").Replace(title) + ".csv"
}

// grid is the table of a plot: a row for each period.
func (p Plotted) grid(ctx context.Context) grid {
	head := []string{p.Period}
	if p.Period == "" {
		head[0] = i18n.T(ctx, "期间")
	}
	for _, s := range p.Series {
		head = append(head, s.Name+inUnit(p.Unit))
	}
	out := grid{head}
	for i, label := range p.Labels {
		row := []string{label}
		for _, s := range p.Series {
			row = append(row, textOf(s.Values[i], p.text))
		}
		out = append(out, row)
	}
	return out
}

// grid is the table of tints.
func (h Heat) grid() grid {
	out := grid{append([]string{h.Corner}, h.Cols...)}
	for i, name := range h.Rows {
		row := []string{name}
		for j := range h.Cols {
			row = append(row, textOf(h.Values[i][j], h.text))
		}
		out = append(out, row)
	}
	return out
}

func barGrid(head, unit string, rows []Bar) grid {
	out := grid{{head, unit}}
	for _, r := range rows {
		out = append(out, []string{r.Name, r.Text})
	}
	return out
}

// textOf writes a value; a missing one is an empty cell.
func textOf(v float64, text func(float64) string) string {
	if missing(v) {
		return ""
	}
	return text(v)
}

func inUnit(unit string) string {
	if unit == "" {
		return ""
	}
	return "（" + unit + "）"
}
