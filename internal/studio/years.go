package studio

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
)

// Years from which missing values may be taken.
const (
	MaxFillYears   = 5
	UsualFillYears = 3
)

// FillWays say how a value that a year lacks is taken from other years.
func FillWays() []Choice {
	return []Choice{{"", "不补"}, {string(composite.PanelLatest), "取之前最近一年的"},
		{string(composite.PanelLinear), "按前后年份线性推算"}}
}

// Taking says how values that a year lacks are taken from other years of the same unit.
type Taking struct {
	Fill      string `json:"fill,omitempty"`      // one of FillWays, "" does not
	FillYears int64  `json:"fillYears,omitempty"` // at most so many years away, 0 = UsualFillYears
}

func (t Taking) checkTaking(f *faults) {
	if t.Fill != "" {
		f.choice("fill", t.Fill, FillWays())
		f.between("fillYears", t.FillYears, 0, MaxFillYears)
	}
}

// far is how many years away a value may be taken from.
func (t Taking) far() int64 { return cmp.Or(t.FillYears, UsualFillYears) }

// OtherYear holds what another year has of the units and columns of a content.
type OtherYear struct {
	Year   int64      `json:"year"`
	Units  []string   `json:"units"`  // codes
	Codes  []string   `json:"codes"`  // of the columns
	Values [][]string `json:"values"` // by unit and column, as in Content
}

// TakenValue says which value of a content was taken from other years.
type TakenValue struct {
	Unit string `json:"unit"`
	Code string `json:"code"`
	From string `json:"from"` // the year, or the two between which it lies: 2022–2025
}

// maxFrom bounds the words for years.
const maxFrom = 20

// table is the year as a table of the units and columns of a content. It says what is wrong at name.
func (y OtherYear) table(like *Content, name string, f *faults) *composite.Table {
	out := composite.NewTable(unitCodes(like), like.Codes)
	f.between(name+".year", y.Year, 1990, 2100)
	if len(y.Values) != len(y.Units) || len(y.Units)*len(y.Codes) > MaxCells {
		f.add(name+".values", "有 %d 个单位、%d 行数据", len(y.Units), len(y.Values))
		return out
	}
	for i, row := range y.Values {
		if len(row) != len(y.Codes) {
			f.add(fmt.Sprintf("%s.values.%d", name, i), "有 %d 列，应为 %d 列", len(row), len(y.Codes))
			continue
		}
		at := like.unit(y.Units[i])
		for k, v := range row {
			text, ok := Decimal(v)
			if !ok {
				f.add(fmt.Sprintf("%s.values.%d.%d", name, i, k), "“%s”不是数字", cut(v))
			}
			if col := slices.Index(like.Codes, y.Codes[k]); ok && at >= 0 && col >= 0 {
				out.Values[col][at] = number(text)
			}
		}
	}
	return out
}

// take fills what a content of a year lacks from other years, and keeps in it what came from where.
func (c *Content) take(year int64, others []OtherYear, t Taking, f *faults) {
	if t.Fill == "" || len(others) == 0 {
		return
	}
	if len(others) > 2*MaxFillYears {
		f.add("years", "最多 %d 个其他年份", 2*MaxFillYears)
		return
	}
	tables := map[int]*composite.Table{int(year): c.data().Values}
	for i, o := range others {
		name := fmt.Sprintf("years.%d", i)
		if _, twice := tables[int(o.Year)]; twice {
			f.add(name+".year", "“%s”重复", strconv.FormatInt(o.Year, 10))
		}
		tables[int(o.Year)] = o.table(c, name, f)
	}
	if len(*f) > 0 {
		return
	}
	var p composite.Panel
	for y := range tables {
		p.Years = append(p.Years, y)
	}
	slices.Sort(p.Years)
	for _, y := range p.Years {
		p.Tables = append(p.Tables, tables[y])
	}
	full, filled, err := composite.ImputePanel(p, int(year), composite.PanelImputation(t.Fill), int(t.far()))
	if err != nil {
		f.add("fill", "从其他年份补不了：%s", err.Error())
		return
	}
	c.Values = slices.Clone(c.Values)
	for i, row := range c.Values {
		c.Values[i] = slices.Clone(row) // who gave it keeps it as it was
	}
	c.Taken = slices.Clone(c.Taken)
	for _, x := range filled {
		i, k := c.unit(x.Unit), slices.Index(c.Codes, x.Code)
		c.Values[i][k] = kept8(full.Values[k][i])
		c.Taken = append(c.Taken, TakenValue{x.Unit, x.Code, x.From})
	}
}

// kept8 is a value that was computed as it is kept, with eight decimals at most.
func kept8(v float64) string {
	text := strconv.FormatFloat(v, 'f', 8, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// taken checks what is said of values from other years.
func (c *Content) taken(f *faults) {
	for i, x := range c.Taken {
		name, u, k := fmt.Sprintf("taken.%d.", i), c.unit(x.Unit), slices.Index(c.Codes, x.Code)
		if u < 0 || k < 0 || c.Values[u][k] == "" {
			f.add(name+"unit", "这个单位的这项指标没有数值")
		}
		f.line(name+"from", x.From, maxFrom, true)
	}
	if len(c.Left) > MaxIndicators {
		f.add("left", "最多 %d 项指标，现有 %d 项", MaxIndicators, len(c.Left))
	}
	for i, x := range c.Left {
		f.line(fmt.Sprintf("left.%d", i), x, MaxLine, true)
	}
}

// TakenFrom says from which years a value was taken, "" for one of its own year.
func (c *Content) TakenFrom(unit, code string) string {
	for _, x := range c.Taken {
		if x.Unit == unit && x.Code == code {
			return x.From
		}
	}
	return ""
}

// TakenCell is the unit of a value from other years by its name, and the value.
func (c *Content) TakenCell(x TakenValue) (unit, value string) {
	u, k := c.unit(x.Unit), slices.Index(c.Codes, x.Code)
	if u < 0 || k < 0 {
		return x.Unit, ""
	}
	return c.Units[u].Name, c.Values[u][k]
}

// drawnYears are the same period of the years around one, as far as values may be taken from them.
func (s *Service) drawnYears(ctx context.Context, by authz.Actor, in Live, c *Content) ([]OtherYear, error) {
	at := series.Period(in.Period)
	if in.Fill == "" || !at.Valid() {
		return nil, nil
	}
	years := int(in.far())
	var out []OtherYear
	for k := -years; k <= years; k++ {
		if k == 0 {
			continue
		}
		of := at.Add(k * at.Kind().PerYear())
		other, _, err := s.opt.Source.Draw(ctx, by, in.Set, string(of))
		if err != nil {
			return nil, err
		}
		out = append(out, other.yearOf(c, int64(of.Year())))
	}
	return out, nil
}

// yearOf is the content of another year as one of the columns of a content; they are known by the names of their
// indicators.
func (c *Content) yearOf(like *Content, year int64) OtherYear {
	out := OtherYear{Year: year, Units: unitCodes(c), Codes: like.Codes}
	for i := range c.Units {
		row := make([]string, len(like.Codes))
		for k, code := range like.Codes {
			name := like.NameOf(code)
			if col := slices.IndexFunc(c.Codes, func(o string) bool { return c.NameOf(o) == name }); col >= 0 {
				row[k] = c.Values[i][col]
			}
		}
		out.Values = append(out.Values, row)
	}
	return out
}

func unitCodes(c *Content) []string {
	out := make([]string, len(c.Units))
	for i, u := range c.Units {
		out[i] = u.Code
	}
	return out
}
