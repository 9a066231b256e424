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

// FillWays say how a value that a period lacks is taken from the same period of other years.
func FillWays() []Choice {
	return []Choice{{"", "不补"}, {string(composite.PanelLatest), "取之前最近一年的"},
		{string(composite.PanelLinear), "按前后年份线性推算"}}
}

// drawnYears fills what the content of a period lacks from other years, and says what was filled from where.
func (s *Service) drawnYears(ctx context.Context, by authz.Actor, in Live, c *Content) ([]composite.Filled, error) {
	at := series.Period(in.Period)
	if in.Fill == "" || !at.Valid() {
		return nil, nil
	}
	years := int(cmp.Or(in.FillYears, UsualFillYears))
	p := composite.Panel{}
	for k := -years; k <= years; k++ {
		of, table := at.Add(k*at.Kind().PerYear()), c.data().Values
		if k != 0 {
			other, _, err := s.opt.Source.Draw(ctx, by, in.Set, string(of))
			if err != nil {
				return nil, err
			}
			table = other.as(c)
		}
		p.Years, p.Tables = append(p.Years, of.Year()), append(p.Tables, table)
	}
	full, filled, err := composite.ImputePanel(p, at.Year(), composite.PanelImputation(in.Fill), years)
	if err != nil {
		return nil, fmt.Errorf("take values from other years: %w", err)
	}
	c.Values = slices.Clone(c.Values)
	for i, row := range c.Values {
		c.Values[i] = slices.Clone(row) // who drew it keeps it as it was
	}
	for _, x := range filled {
		i, k := c.unit(x.Unit), slices.Index(c.Codes, x.Code)
		text, ok := Decimal(strconv.FormatFloat(full.Values[k][i], 'f', 8, 64))
		if !ok {
			return nil, fmt.Errorf("take values from other years: %v is no number", full.Values[k][i])
		}
		if strings.ContainsRune(text, '.') {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		c.Values[i][k] = text
	}
	return filled, nil
}

// as is the content of another year as a table of the units and columns of one; columns are known by the names of
// their indicators.
func (c *Content) as(like *Content) *composite.Table {
	out := composite.NewTable(unitCodes(like), like.Codes)
	for k, code := range like.Codes {
		name := like.NameOf(code)
		col := slices.IndexFunc(c.Codes, func(o string) bool { return c.NameOf(o) == name })
		for i, u := range like.Units {
			if row := c.unit(u.Code); row >= 0 && col >= 0 {
				out.Values[k][i] = number(c.Values[row][col])
			}
		}
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

// filledNote says in the note of a dataset which values come from other years.
func filledNote(c *Content, filled []composite.Filled) string {
	if len(filled) == 0 {
		return ""
	}
	var list []string
	for _, x := range filled {
		name := x.Unit
		if i := c.unit(x.Unit); i >= 0 {
			name = c.Units[i].Name
		}
		list = append(list, name+c.NameOf(x.Code)+"（"+x.From+"）")
	}
	return filledWord + strings.Join(list, "、")
}
