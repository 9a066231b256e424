package cli

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// formula computes an indicator's formula over a table of values, and says what it was made of.
func (c *call) formula(args []string) error {
	dataFile := c.flags.String("data", "", c.t("数据 `FILE`：CSV，每行一个值"))
	at := c.flags.String("at", "", c.t("统计期 `PERIOD`，如 2026、2026Q3、2026-09"))
	unit := c.flags.String("unit", "", c.t("结果换算为 `UNIT`"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	args, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return misused("请给出一个公式")
	}
	period, ok := series.ReadPeriod(*at)
	if !ok {
		return misused("请用 --at 给出统计期，如 2026Q3")
	}
	want, ok := formula.ParseUnit(*unit)
	if !ok {
		return misused("不认识的单位“%s”", *unit)
	}
	e, wrong := formula.Parse(args[0])
	if wrong != nil {
		return c.badFile(args[0], 0, "%s", wrong.Text(c.common.language() == i18n.EN))
	}
	env := formulaTable{units: map[string]formula.Unit{}, values: map[string]formula.Value{}}
	if *dataFile != "" {
		if err := c.formulaData(*dataFile, env); err != nil {
			return err
		}
	}
	if *unit == "" {
		_, _, wrong = e.Check(env, period)
	} else {
		wrong = e.CheckAs(env, period, want)
	}
	if wrong != nil {
		return c.badFile(args[0], 0, "%s", wrong.Text(c.common.language() == i18n.EN))
	}
	v, trace := e.Eval(env, period)
	if *unit != "" {
		v, _ = v.In(want) // it was checked
	}
	if *asJSON {
		return c.json(c.formulaResult(v, trace))
	}
	return c.tellFormula(v, trace)
}

// formulaPlaces is how many decimals a result shows; --json has the exact number.
const formulaPlaces = 6

func (c *call) tellFormula(v formula.Value, trace formula.Trace) error {
	if v.Missing {
		c.tell("无值：%s", v.Why.Text(c.common.language() == i18n.EN))
	} else {
		fmt.Fprintln(c.out, v.Text(formulaPlaces))
	}
	for _, in := range trace {
		fmt.Fprintf(c.out, "  %s %s = %s\n", in.Name, in.Period, in.Value.Text(formulaPlaces))
	}
	return nil
}

// formulaOut is a value as JSON: the number exact, as a ratio where it is none.
type formulaOut struct {
	Name    string `json:"name,omitempty"`
	Period  string `json:"period,omitempty"`
	Exact   string `json:"exact,omitempty"`
	Text    string `json:"text"`
	Unit    string `json:"unit"`
	Truth   *bool  `json:"truth,omitempty"`
	Missing bool   `json:"missing,omitempty"`
	Why     string `json:"why,omitempty"`
	Rounded bool   `json:"rounded,omitempty"`
}

// formulaResult is a result with its inputs.
type formulaResult struct {
	formulaOut
	Inputs []formulaOut `json:"inputs"`
}

func (c *call) formulaResult(v formula.Value, trace formula.Trace) formulaResult {
	out := formulaResult{c.formulaOut(v), []formulaOut{}}
	for _, in := range trace {
		x := c.formulaOut(in.Value)
		x.Name, x.Period = in.Name, string(in.Period)
		out.Inputs = append(out.Inputs, x)
	}
	return out
}

func (c *call) formulaOut(v formula.Value) formulaOut {
	out := formulaOut{Text: v.Text(formulaPlaces), Unit: v.Unit.String(), Missing: v.Missing, Rounded: v.Rounded}
	switch {
	case v.Missing:
		out.Why = v.Why.Text(c.common.language() == i18n.EN)
	case v.Bool:
		out.Truth = &v.Truth
	default:
		out.Exact = v.Rat.RatString()
	}
	return out
}

// formulaTable is the data of a file, with the tables of limits that come with the program.
type formulaTable struct {
	units  map[string]formula.Unit
	values map[string]formula.Value // by name and period
}

func (t formulaTable) Unit(name string) (formula.Unit, bool) {
	u, ok := t.units[name]
	return u, ok
}

func (t formulaTable) Value(name string, at series.Period) formula.Value {
	if v, ok := t.values[name+"\n"+string(at)]; ok {
		return v
	}
	return formula.Absent(t.units[name], formula.Reason{})
}

func (formulaTable) Table(name string, at series.Period) (formula.Table, bool) {
	t, _, ok := formula.ReadyTable(name, at)
	return t, ok
}

// formulaColumns are the columns of the data: name, unit, period, value; an empty value is missing.
const formulaColumns = 4

func (c *call) formulaData(name string, into formulaTable) error {
	head, rows, _, err := c.csvRows(name)
	if err != nil {
		return err
	}
	if len(head) != formulaColumns {
		return c.badFile(name, 1, "应有 4 列：名称、单位、统计期、数值")
	}
	for i, row := range rows {
		for k := range row {
			row[k] = strings.TrimSpace(row[k])
		}
		unit, ok := formula.ParseUnit(row[1])
		if !ok {
			return c.badFile(name, i+2, "不认识的单位“%s”", row[1])
		}
		if first, known := into.units[row[0]]; !known {
			into.units[row[0]] = unit
		} else if !first.Fits(unit) {
			return c.badFile(name, i+2, "“%s”的单位“%s”与前面的“%s”不能换算", row[0], row[1], first.String())
		}
		at, ok := series.ReadPeriod(row[2])
		if !ok {
			return c.badFile(name, i+2, "“%s”不是统计期", row[2])
		}
		if row[3] == "" {
			continue
		}
		x, ok := new(big.Rat).SetString(row[3])
		if !ok || strings.ContainsAny(row[3], "eE/xX_pP") {
			return c.badFile(name, i+2, "“%s”不是数字", row[3])
		}
		into.values[row[0]+"\n"+string(at)] = formula.Number(x, unit)
	}
	return nil
}
