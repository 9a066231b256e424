package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
)

// compositeAsk is what may be asked of an index beside the ranking.
type compositeAsk struct {
	correlate, whatIf, reach, compare *string
}

func (c *call) compositeAsks() compositeAsk {
	return compositeAsk{
		correlate: c.flags.String("correlate", "", c.t("列出各项指标的相关系数 `KIND`：pearson、spearman 或 kendall")),
		whatIf:    c.flags.String("what-if", "", c.t("设想 `UNIT:CODE=VALUE`：某单位某指标改为该值后的位次，可用逗号写几处")),
		reach:     c.flags.String("reach", "", c.t("求 `UNIT:CODE=RANK`：该指标至少要到多少才有这个位次")),
		compare:   c.flags.String("compare", "", c.t("与另一份说明 `FILE` 的结果比较")),
	}
}

// correlationsJSON are the correlations of the indicators, as they were before they were normalised.
type correlationsJSON struct {
	How    composite.Correlation          `json:"how"`
	Values map[string]map[string]nullable `json:"values"`
}

// movedJSON is how a unit stands in two builds.
type movedJSON struct {
	Unit   string              `json:"unit"`
	Name   string              `json:"name,omitempty"`
	Before nullable            `json:"before"` // rank
	After  nullable            `json:"after"`
	Score  nullable            `json:"score"` // what it changed by
	Parts  map[string]nullable `json:"parts,omitempty"`
}

// reachedJSON is what it takes to get a rank.
type reachedJSON struct {
	Unit  string   `json:"unit"`
	Code  string   `json:"code"`
	Rank  float64  `json:"rank"`
	Now   nullable `json:"now"`   // the value
	Limit nullable `json:"limit"` // looked no further
	Found bool     `json:"found"`
	Value nullable `json:"value"` // needed, null when it is not found
}

// answer computes what was asked and keeps it in the result.
func (c *call) answer(a compositeAsk, r *compositeResult, b *composite.Build, data composite.Data) error {
	if how := composite.Correlation(*a.correlate); how != "" {
		if !slices.Contains([]composite.Correlation{composite.Pearson, composite.Spearman, composite.Kendall}, how) {
			return misused("--correlate 应为 pearson、spearman 或 kendall")
		}
		r.Correlations = correlated(b, how)
	}
	if *a.whatIf != "" {
		var changes []composite.Change
		for _, one := range strings.Split(*a.whatIf, ",") {
			unit, code, v, ok := aim(one)
			if !ok {
				return misused("--what-if 应写作 单位:指标=数值")
			}
			changes = append(changes, composite.Change{Unit: unit, Code: code, Value: v})
		}
		after, err := composite.WhatIf(b.Spec, data, changes...)
		if err != nil {
			return c.refused(err)
		}
		r.WhatIf = movedAll(composite.Compare(b, after), data)
	}
	if *a.reach != "" {
		unit, code, rank, ok := aim(*a.reach)
		if !ok {
			return misused("--reach 应写作 单位:指标=位次")
		}
		out := &reachedJSON{Unit: unit, Code: code, Rank: rank, Value: nullable(math.NaN()), Now: nullable(math.NaN())}
		limit := farthest(b, data, code)
		out.Limit = nullable(limit)
		if col, row := data.Values.Column(code), data.Values.Unit(unit); col != nil && row >= 0 {
			out.Now = nullable(col[row])
		}
		v, found, err := composite.Needed(b.Spec, data, unit, code, rank, limit)
		if err != nil {
			return c.refused(err)
		}
		if out.Found = found; found {
			out.Value = nullable(v)
		}
		r.Reach = out
	}
	return nil
}

// against builds the other version and says what changed from it to this one.
func (c *call) against(a compositeAsk, dataFile string, r *compositeResult, b *composite.Build) error {
	if *a.compare == "" {
		return nil
	}
	spec, _, err := c.compositeSpec(*a.compare)
	if err != nil {
		return err
	}
	data, _, err := c.compositeData(dataFile, &spec)
	if err != nil {
		return err
	}
	before, err := composite.Run(spec, data)
	if err != nil {
		return c.badFile(*a.compare, 0, "%s", err.Error())
	}
	r.Compared = movedAll(composite.Compare(before, b), data)
	return nil
}

// aim reads unit:code=number.
func aim(text string) (unit, code string, v float64, ok bool) {
	where, number, ok := strings.Cut(strings.TrimSpace(text), "=")
	if !ok {
		return "", "", 0, false
	}
	i := strings.LastIndexByte(where, ':')
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if i <= 0 || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return "", "", 0, false
	}
	return where[:i], where[i+1:], v, true
}

// farthest is how far a value is looked for: the best of all units and as far again as they lie apart.
func farthest(b *composite.Build, data composite.Data, code string) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range data.Values.Column(code) {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	for _, n := range b.Tree.Indicators() {
		if n.Code == code && n.Direction < 0 {
			if least := lo - (hi - lo); lo < 0 || least > 0 {
				return least
			}
			return 0 // what is never below zero stays so
		}
	}
	return hi + (hi - lo)
}

// correlated are the correlations of the indicators in the table that is normalised.
func correlated(b *composite.Build, how composite.Correlation) *correlationsJSON {
	out := &correlationsJSON{How: how, Values: map[string]map[string]nullable{}}
	t := b.Stages[0].Table
	for _, s := range b.Stages {
		if s.Step == composite.StepNormalise {
			break
		}
		t = s.Table
	}
	m := composite.CorrelationMatrix(t.Values, how)
	for i, x := range t.Codes {
		row := map[string]nullable{}
		for k, y := range t.Codes {
			row[y] = nullable(m[i][k])
		}
		out.Values[x] = row
	}
	return out
}

func movedAll(list []composite.Moved, data composite.Data) []movedJSON {
	out := []movedJSON{}
	for _, m := range list {
		x := movedJSON{Unit: m.Unit, Name: data.Names[m.Unit], Before: nullable(m.Before), After: nullable(m.After),
			Score: nullable(m.Score), Parts: map[string]nullable{}}
		for code, v := range m.Parts {
			x.Parts[code] = nullable(v)
		}
		out = append(out, x)
	}
	return out
}

// tellAsked writes what was asked, for people.
func (c *call) tellAsked(r compositeResult) error {
	if r.Correlations != nil {
		var codes []string
		for code := range r.Correlations.Values {
			codes = append(codes, code)
		}
		slices.Sort(codes)
		rows := [][]string{append([]string{c.t("相关系数")}, codes...)}
		for _, x := range codes {
			row := []string{x}
			for _, y := range codes {
				row = append(row, short(r.Correlations.Values[x][y], 3))
			}
			rows = append(rows, row)
		}
		fmt.Fprintln(c.out)
		if err := table(c.out, rows); err != nil {
			return err
		}
	}
	if err := c.tellMoved(c.t("设想之后"), r.WhatIf); err != nil {
		return err
	}
	if x := r.Reach; x != nil {
		fmt.Fprintln(c.out)
		if x.Found {
			c.tell("%s 的 %s 从 %s 到 %s，可列第 %s 位", x.Unit, x.Code, short(x.Now, 3), short(x.Value, 3),
				short(nullable(x.Rank), 0))
		} else {
			c.tell("%s 的 %s 到 %s 也列不到第 %s 位", x.Unit, x.Code, short(x.Limit, 3), short(nullable(x.Rank), 0))
		}
	}
	return c.tellMoved(c.t("与另一份说明相比"), r.Compared)
}

// tellMoved lists who moved; who did not is counted only.
func (c *call) tellMoved(title string, list []movedJSON) error {
	if list == nil {
		return nil
	}
	rows := [][]string{{title, c.t("原位次"), c.t("现位次"), c.t("得分变化")}}
	for _, m := range list {
		name := m.Unit
		if m.Name != "" {
			name += " " + m.Name
		}
		rows = append(rows, []string{name, short(m.Before, 0), short(m.After, 0), short(m.Score, 3)})
	}
	fmt.Fprintln(c.out)
	return table(c.out, rows)
}
