package studio

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Ask says what is to be computed of a scheme.
type Ask struct {
	Edition int64    `json:"edition,omitempty"`     // saved edition to start from and compare with, 0 = latest
	DataN   int64    `json:"dataEdition,omitempty"` // edition of the dataset, 0 = that of the saved edition
	Choices *Choices `json:"choices,omitempty"`     // none: those of the saved edition
	Spans   bool     `json:"spans,omitempty"`       // intervals of ranks, too
}

// GroupHead is a group of the tree.
type GroupHead struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Level  int     `json:"level"`
	Weight float64 `json:"weight"` // effective
}

// RankRow is one unit of an outcome.
type RankRow struct {
	Unit   string     `json:"unit"`
	Name   string     `json:"name"`
	Rank   int64      `json:"rank"` // 0 for none
	Score  *float64   `json:"score"`
	Groups []*float64 `json:"groups"`
	Filled int64      `json:"filled"` // values that were filled
	Before int64      `json:"before"` // rank in the saved edition, 0 for none
	Span   *RankSpan  `json:"span,omitempty"`
}

// RankSpan is where a rank lies over the variants: 90 % of them are between.
type RankSpan struct {
	Unit   string  `json:"unit"`
	Low    float64 `json:"low"`
	Median float64 `json:"median"`
	High   float64 `json:"high"`
	First  float64 `json:"first"` // share of the variants in which it is first
}

// Outcome is what choices come to.
type Outcome struct {
	Scheme   Scheme               `json:"scheme"`
	Data     Dataset              `json:"data"`
	DataN    int64                `json:"dataEdition"`
	Saved    int64                `json:"saved"`   // the edition it is compared with, 0 for none
	Changed  bool                 `json:"changed"` // the choices are not those of the saved edition
	Choices  Choices              `json:"choices"`
	Groups   []GroupHead          `json:"groups"` // below the whole, the highest first
	Rows     []RankRow            `json:"rows"`   // by rank
	Left     []composite.Screened `json:"left"`   // units that were left out
	Treated  []TreatedBy          `json:"treated"`
	Filled   int64                `json:"filled"`
	Varied   []string             `json:"varied"` // what the variants vary, as far as there is something to vary
	Computed bool                 `json:"spans"`  // the intervals are there

	content Content
	build   *composite.Build
	old     Result
}

// Content is the data that the outcome was computed from. It must not be changed.
func (o *Outcome) Content() *Content { return &o.content }

// Root is the node of the whole.
func (o *Outcome) Root() string {
	for _, n := range o.content.Nodes {
		if n.Parent == "" {
			return n.Code
		}
	}
	return rootCode
}

// asked is what an Ask stands for.
type asked struct {
	scheme  Scheme
	data    Dataset
	n       int64
	saved   Saved
	content Content
	choices Choices
}

func (s *Service) asked(ctx context.Context, by authz.Actor, schemeID string, in Ask) (asked, error) {
	var a asked
	var err error
	q := s.unit.DB()
	if a.scheme, err = s.readScheme(ctx, q, by, schemeID); err != nil {
		return a, err
	}
	if a.data, err = datasetByID(ctx, q, a.scheme.Dataset); err != nil {
		return a, err
	}
	if in.Edition == 0 {
		in.Edition = a.scheme.Edition
	}
	a.n = a.data.Edition
	if in.Edition > 0 {
		if a.saved, err = db.Get(ctx, q, qSaved, scanSaved, a.scheme.ID, in.Edition); err != nil {
			return a, err
		}
		a.n = a.saved.DataN
	}
	if in.DataN != 0 {
		a.n = in.DataN
	}
	if a.content, err = s.content(ctx, q, a.data.ID, a.n); err != nil {
		return a, err
	}
	a.choices = Usual(a.content)
	if a.saved.N > 0 {
		a.choices = a.saved.Choices
	}
	if in.Choices != nil {
		a.choices = *in.Choices
	}
	a.choices = a.choices.Fit(a.content)
	return a, s.withPanel(ctx, q, a.scheme.ID, &a.choices)
}

// withPanel loads the result of a panel that choices name. One that is not of the scheme is a fault.
func (s *Service) withPanel(ctx context.Context, q db.Q, schemeID string, c *Choices) error {
	if c.Panel == "" {
		return nil
	}
	panelID, edition, _ := strings.Cut(c.Panel, ".")
	n, err := strconv.ParseInt(edition, 10, 64)
	if err != nil {
		return errNoPanel()
	}
	p, found, err := db.Find(ctx, q, qPanel, scanPanel, panelID)
	if err != nil {
		return err
	}
	if !found || p.Scheme != schemeID {
		return errNoPanel()
	}
	x, found, err := db.Find(ctx, q, qPanelResult, scanPanelResult, panelID, n)
	if err == nil && !found {
		err = errNoPanel()
	}
	c.Experts = x
	return err
}

// Chosen returns the choices that an Ask without choices stands for, and the content they are for, so that
// a form can be read over them.
func (s *Service) Chosen(ctx context.Context, by authz.Actor, schemeID string, in Ask) (Choices, Content, error) {
	a, err := s.asked(ctx, by, schemeID, in)
	return a.choices, a.content, err
}

// Compute makes an index by choices and says how the units stand. What is wrong with the choices is a fault
// at their fields.
func (s *Service) Compute(ctx context.Context, by authz.Actor, schemeID string, in Ask) (*Outcome, error) {
	a, err := s.asked(ctx, by, schemeID, in)
	if err != nil {
		return nil, err
	}
	return s.compute(ctx, a, in.Spans)
}

func (s *Service) compute(ctx context.Context, a asked, spans bool) (*Outcome, error) {
	o := &Outcome{Scheme: a.scheme, Data: a.data, DataN: a.n, Saved: a.saved.N, Choices: a.choices,
		content: a.content, old: a.saved.Result}
	o.Changed = a.saved.N == 0 || a.n != a.saved.DataN || encode(a.choices) != encode(a.saved.Choices.Fit(a.content))
	var f faults
	a.choices.check(a.content, &f)
	if err := f.err(); err != nil {
		return o, err
	}
	var err error
	if o.build, err = a.choices.build(a.content); err != nil {
		return o, err
	}
	o.fill()
	_, factors := a.choices.variants(a.content, o.build)
	for _, x := range factors {
		o.Varied = append(o.Varied, x.Name)
	}
	key := encode([]any{a.data.ID, a.n, a.choices})
	list, ok := s.spans.get(key)
	if !ok && spans && a.choices.Runs > 1 && len(factors) > 0 {
		if list, err = o.vary(ctx); err != nil {
			return o, err
		}
		s.spans.put(key, list)
		ok = true
	}
	if ok {
		o.place(list)
	}
	return o, nil
}

// fill turns a build into rows.
func (o *Outcome) fill() {
	b := o.build
	weights := b.Tree.EffectiveWeights()
	root := b.Tree.Root()
	groups := b.Tree.Groups()
	slices.Reverse(groups)
	var cols [][]float64
	for level := o.content.Levels() - 1; level > 1; level-- {
		for _, n := range b.Tree.Nodes {
			if n.Level == level && n.Code != root {
				o.Groups = append(o.Groups, GroupHead{n.Code, o.content.NameOf(n.Code), n.Level, weights[n.Code]})
				cols = append(cols, b.Scores.Column(n.Code))
			}
		}
	}
	filled := map[string]int64{}
	for _, x := range b.Filled {
		filled[x.Unit]++
	}
	o.Filled = int64(len(b.Filled))
	before := map[string]int64{}
	for _, u := range o.old.Units {
		before[u.Unit] = u.Rank
	}
	index := b.Index()
	for i, u := range b.Scores.Units {
		row := RankRow{Unit: u, Name: o.nameOf(u), Rank: rankOf(b.Ranks[i]), Score: known(index[i]),
			Filled: filled[u], Before: before[u]}
		for _, col := range cols {
			row.Groups = append(row.Groups, known(col[i]))
		}
		o.Rows = append(o.Rows, row)
	}
	slices.SortStableFunc(o.Rows, func(a, b RankRow) int { return int(place0(a.Rank) - place0(b.Rank)) })
	for _, x := range b.Screened {
		if !x.Kept {
			o.Left = append(o.Left, x)
		}
	}
	o.Treated = resultOf(b).Treated
}

// place0 puts what has no rank last.
func place0(rank int64) int64 {
	if rank == 0 {
		return math.MaxInt32
	}
	return rank
}

func (o *Outcome) nameOf(unit string) string {
	if i := o.content.unit(unit); i >= 0 {
		return o.content.Units[i].Name
	}
	return unit
}

// NameOf is the name of a unit.
func (o *Outcome) NameOf(unit string) string { return o.nameOf(unit) }

func (o *Outcome) vary(ctx context.Context) ([]RankSpan, error) {
	c := o.Choices
	spec, factors := c.variants(o.content, o.build)
	list, err := composite.Vary(spec, o.content.data(), composite.Uncertainty{Runs: int(c.Runs),
		Seed: uint64(c.Seed), Factors: factors}, func(int) error { return ctx.Err() })
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Fields(fault.At("vary", "这些变动中有的无法计算：%s", err.Error())).(*fault.Error).Wrap(err)
	}
	var out []RankSpan
	for _, x := range list {
		if !math.IsNaN(x.Low) && !math.IsNaN(x.High) {
			out = append(out, RankSpan{x.Unit, x.Low, x.Median, x.High, x.First})
		}
	}
	return out, nil
}

func (o *Outcome) place(list []RankSpan) {
	o.Computed = true
	at := map[string]*RankSpan{}
	for i := range list {
		at[list[i].Unit] = &list[i]
	}
	for i := range o.Rows {
		o.Rows[i].Span = at[o.Rows[i].Unit]
	}
}

// Row finds the row of a unit.
func (o *Outcome) Row(unit string) (RankRow, bool) {
	i := slices.IndexFunc(o.Rows, func(r RankRow) bool { return r.Unit == unit })
	if i < 0 {
		return RankRow{}, false
	}
	return o.Rows[i], true
}
