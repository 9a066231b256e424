package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/yuntu-city/yuntu/engine/composite"
)

// composite builds an index from a spec and a table.
func (c *call) composite(args []string) error {
	specFile := c.flags.String("spec", "", c.t("说明 `FILE`：YAML 或 JSON"))
	dataFile := c.flags.String("data", "", c.t("数据 `FILE`：CSV，每行一个单位"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出，含每一步的结果"))
	asks := c.compositeAsks()
	if err := c.none(args); err != nil {
		return err
	}
	if *specFile == "" || *dataFile == "" {
		return misused("请给出 --spec 与 --data")
	}
	spec, nodesFrom, err := c.compositeSpec(*specFile)
	if err != nil {
		return err
	}
	data, sum, err := c.compositeData(*dataFile, &spec)
	if err != nil {
		return err
	}
	b, err := composite.Run(spec, data)
	if err != nil {
		return c.badFile(*specFile, 0, "%s", err.Error())
	}
	r := compositeResult{Spec: *specFile, Nodes: nodesFrom, DataSHA256: sum}
	if err := c.study(&r, spec, data); err != nil {
		return err
	}
	r.take(b, data)
	if err := c.answer(asks, &r, b, data); err != nil {
		return err
	}
	if err := c.against(asks, *dataFile, &r, b); err != nil {
		return err
	}
	if *asJSON {
		return c.json(r)
	}
	if err := c.tellComposite(r, b); err != nil {
		return err
	}
	return c.tellAsked(r)
}

// study runs the variants that the spec asks for.
func (c *call) study(r *compositeResult, spec composite.Spec, data composite.Data) error {
	u := spec.Uncertainty
	if u == nil {
		return nil
	}
	bar := c.progress(c.t("变更各项选择"))
	step := func(total int) func(int) error {
		return func(done int) error {
			bar.at(done, total)
			return c.ctx.Err()
		}
	}
	var err error
	if r.Intervals, err = composite.Vary(spec, data, *u, step(u.Runs)); err != nil {
		return c.refused(err)
	}
	few := *u
	few.Runs = min(u.Runs, composite.MaxRuns/(len(u.Factors)+2))
	r.Influence, err = composite.Sensitivity(spec, data, few, step(few.Runs*(len(u.Factors)+2)))
	return c.refused(err)
}

func (c *call) refused(err error) error {
	if err == nil || c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	fmt.Fprintln(c.err, err)
	return errUnread
}

// specFile is a spec as it is written, with the nodes in place or in a table of their own.
type specFile struct {
	composite.Spec
	Meta string `json:"meta,omitempty"` // CSV with the columns of Node, or those of COINr's iMeta
}

// compositeSpec reads a spec. YAML is read as the JSON it stands for, so that both have the same
// names and a name that is not known is refused.
func (c *call) compositeSpec(name string) (composite.Spec, string, error) {
	text, err := c.whole(name)
	if err != nil {
		return composite.Spec{}, "", err
	}
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return composite.Spec{}, "", c.badFile(name, 0, "%s", err.Error())
	}
	if tree == nil {
		return composite.Spec{}, "", c.badFile(name, 0, "文件是空的")
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		return composite.Spec{}, "", c.badFile(name, 0, "%s", err.Error())
	}
	var s specFile
	d := json.NewDecoder(bytes.NewReader(asJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return composite.Spec{}, "", c.badFile(name, 0, "%s", err.Error())
	}
	if s.Meta != "" {
		meta := beside(name, s.Meta)
		if s.Nodes, err = c.compositeNodes(meta, &s.Spec); err != nil {
			return composite.Spec{}, "", err
		}
	}
	if len(s.Steps) == 0 {
		s.Steps = composite.UsualSteps()
	}
	return s.Spec, s.Meta, nil
}

// maxCompositeFile bounds a spec and a table.
const maxCompositeFile = 64 << 20

func (c *call) whole(name string) ([]byte, error) {
	r, end, err := c.reader(name)
	if err != nil {
		return nil, err
	}
	defer end()
	text, err := io.ReadAll(io.LimitReader(r, maxCompositeFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxCompositeFile {
		return nil, c.badFile(name, 0, "文件超过 %d MB", maxCompositeFile>>20)
	}
	return text, nil
}

// compositeResult is what the command writes as JSON. Missing values are null.
type compositeResult struct {
	Spec       string              `json:"spec"`
	Nodes      string              `json:"meta,omitempty"`
	DataSHA256 string              `json:"dataSha256"`
	Units      []unitJSON          `json:"units"`
	Weights    map[string]nullable `json:"effectiveWeights"`
	Alpha      map[string]nullable `json:"cronbachAlpha"`
	// Judged is what the experts' comparisons in pairs came to, by group.
	Judged    map[string]composite.Consensus `json:"judged,omitempty"`
	Screened  []composite.Screened           `json:"screened,omitempty"`
	Filled    []composite.Filled             `json:"filled,omitempty"`
	Treated   []treatedJSON                  `json:"treated,omitempty"`
	Intervals []composite.Interval           `json:"intervals,omitempty"`
	Influence []composite.Influence          `json:"influence,omitempty"`
	// What was asked beside the ranking.
	Correlations *correlationsJSON `json:"correlations,omitempty"`
	WhatIf       []movedJSON       `json:"whatIf,omitempty"`
	Reach        *reachedJSON      `json:"reach,omitempty"`
	Compared     []movedJSON       `json:"compared,omitempty"`
	Stages       []stageJSON       `json:"stages"`
	Log          composite.Spec    `json:"log"` // the spec as it was run: the same again gives the same
}

type unitJSON struct {
	Unit   string              `json:"unit"`
	Name   string              `json:"name,omitempty"`
	Rank   nullable            `json:"rank"`
	Score  nullable            `json:"score"`
	Groups map[string]nullable `json:"groups"`
}

type treatedJSON struct {
	Code       string              `json:"code"`
	SkewBefore nullable            `json:"skewBefore"`
	KurtBefore nullable            `json:"kurtBefore"`
	Points     []string            `json:"points,omitempty"`
	Transform  composite.Transform `json:"transform,omitempty"`
	SkewAfter  nullable            `json:"skewAfter"`
	KurtAfter  nullable            `json:"kurtAfter"`
	Pass       bool                `json:"pass"`
}

type stageJSON struct {
	Step   string                         `json:"step"`
	Values map[string]map[string]nullable `json:"values"` // by unit, by code
}

// nullable is a number that is null when it is missing.
type nullable float64

// MarshalJSON writes the number, or null.
func (n nullable) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

func (r *compositeResult) take(b *composite.Build, data composite.Data) {
	r.Log, r.Screened, r.Filled, r.Judged = b.Spec, b.Screened, b.Filled, b.Judged
	r.Weights, r.Alpha = map[string]nullable{}, map[string]nullable{}
	for code, w := range b.Tree.EffectiveWeights() {
		r.Weights[code] = nullable(w)
	}
	groups := b.Tree.Groups()
	for _, g := range groups {
		var cols [][]float64
		for _, k := range b.Tree.Children(g.Code) {
			cols = append(cols, b.Scores.Column(k.Code))
		}
		r.Alpha[g.Code] = nullable(composite.Cronbach(cols))
	}
	index := b.Index()
	for i, u := range b.Scores.Units {
		out := unitJSON{Unit: u, Name: data.Names[u], Rank: nullable(b.Ranks[i]), Score: nullable(index[i]),
			Groups: map[string]nullable{}}
		for _, g := range groups {
			out.Groups[g.Code] = nullable(b.Scores.Column(g.Code)[i])
		}
		r.Units = append(r.Units, out)
	}
	slices.SortStableFunc(r.Units, func(a, b unitJSON) int { return byRank(a.Rank, b.Rank) })
	for _, d := range b.Treated {
		r.Treated = append(r.Treated, treatedJSON{d.Code, nullable(d.SkewBefore), nullable(d.KurtBefore),
			d.Points, d.Transform, nullable(d.SkewAfter), nullable(d.KurtAfter), d.Pass})
	}
	for _, s := range b.Stages {
		stage := stageJSON{Step: s.Step, Values: map[string]map[string]nullable{}}
		for i, u := range s.Table.Units {
			row := map[string]nullable{}
			for c, code := range s.Table.Codes {
				row[code] = nullable(s.Table.Values[c][i])
			}
			stage.Values[u] = row
		}
		r.Stages = append(r.Stages, stage)
	}
}

// byRank puts units without a rank last.
func byRank(a, b nullable) int {
	x, y := float64(a), float64(b)
	switch {
	case x < y || math.IsNaN(y) && !math.IsNaN(x):
		return -1
	case x > y || math.IsNaN(x) && !math.IsNaN(y):
		return 1
	}
	return 0
}

// tellComposite writes the ranking for people, and what was done on the way in numbers.
func (c *call) tellComposite(r compositeResult, b *composite.Build) error {
	head := []string{c.t("位次"), c.t("单位"), c.t("得分")}
	groups := b.Tree.Groups()
	for _, g := range groups[:len(groups)-1] {
		head = append(head, g.Code)
	}
	within := map[string]composite.Interval{}
	for _, v := range r.Intervals {
		within[v.Unit] = v
	}
	if len(within) > 0 {
		head = slices.Insert(head, 1, c.t("位次区间"))
	}
	rows := [][]string{head}
	for _, u := range r.Units {
		name := u.Unit
		if u.Name != "" {
			name += " " + u.Name
		}
		row := []string{short(u.Rank, 0), name, short(u.Score, 3)}
		if v, ok := within[u.Unit]; ok {
			row = slices.Insert(row, 1, short(nullable(v.Low), 0)+"–"+short(nullable(v.High), 0))
		}
		for _, g := range groups[:len(groups)-1] {
			row = append(row, short(u.Groups[g.Code], 2))
		}
		rows = append(rows, row)
	}
	if err := table(c.out, rows); err != nil {
		return err
	}
	drawn, changed := 0, 0
	for _, d := range b.Treated {
		drawn += len(d.Points)
		if d.Transform != composite.NoTransform {
			changed++
		}
	}
	fmt.Fprintln(c.out)
	c.tell("补充缺失值 %d 个；收拢离群点 %d 个，变换指标 %d 个；共 %d 个单位、%d 项指标", len(b.Filled), drawn, changed,
		len(b.Scores.Units), len(b.Tree.Indicators()))
	c.tellJudged(r, b)
	for _, f := range r.Influence {
		c.tell("位次变动中由“%s”引起的部分：单独 %s，连同交互 %s", f.Factor, short(nullable(f.First), 2),
			short(nullable(f.Total), 2))
	}
	return nil
}

// tellJudged says how consistent the experts are, each and together, and which judgements do not fit.
func (c *call) tellJudged(r compositeResult, b *composite.Build) {
	for _, g := range b.Tree.Groups() {
		j, ok := r.Judged[g.Code]
		if !ok {
			continue
		}
		c.tell("“%s”的两两比较：%d 位专家，合成后的一致性比率 %s", g.Code, len(j.Voices),
			short(nullable(j.Consistency), 3))
		kids := b.Tree.Children(g.Code)
		for i, v := range j.Voices {
			name := v.Name
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			c.tell("  %s：一致性比率 %s", name, short(nullable(v.Consistency), 3))
			for _, t := range v.Worst {
				c.tell("    %s、%s、%s 三项的判断不相容，相差 %s 倍", kids[t.First].Code, kids[t.Second].Code,
					kids[t.Third].Code, short(nullable(t.Off), 1))
			}
		}
	}
}

func short(v nullable, digits int) string {
	if math.IsNaN(float64(v)) {
		return "–"
	}
	return strconv.FormatFloat(float64(v), 'f', digits, 64)
}
