package indicator

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// checking is a set as a whole on its way through its check.
type checking struct {
	s      *Service
	q      db.Q
	file   SetFile
	live   map[string]plan.Indicator // that are defined, by the name an item or a formula gives them
	counts map[string]Definition     // the last definition, by id of the indicator
	owners map[string]party.Org      // units that answer for an item, by name
	faults
}

// inspect looks at a set against all that is there already: what of it is wrong stands in faults. It is
// the one rule of what may be put in force, for drafts and files.
func (s *Service) inspect(
	ctx context.Context, q db.Q, by authz.Actor, file SetFile,
) (*checking, error) {
	c, err := s.checking(ctx, q, file)
	if err != nil {
		return c, err
	}
	file.check(s, &c.faults)
	if err := c.findOwners(ctx, by); err != nil {
		return c, err
	}
	c.weights()
	c.twice()
	return c, c.formulas(ctx)
}

// checking reads what there is already of a set.
func (s *Service) checking(ctx context.Context, q db.Q, file SetFile) (*checking, error) {
	c := &checking{s: s, q: q, file: file, live: map[string]plan.Indicator{},
		counts: map[string]Definition{}, owners: map[string]party.Org{}}
	all, err := s.AllDefinitions(ctx, q)
	if err != nil {
		return c, err
	}
	for _, d := range all { // the oldest first
		c.counts[d.Indicator] = d
	}
	for _, g := range file.Groups {
		for _, x := range g.Items {
			if err := c.find(ctx, x.Name); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// checkFormula checks the formula of one indicator as a set checks those of its own.
func (s *Service) checkFormula(
	ctx context.Context, q db.Q, indicatorID string, d DefinitionData, f *faults,
) error {
	if d.Kind != Computed || len(*f) > 0 {
		return nil
	}
	x, err := s.opt.Plan.IndicatorIn(ctx, q, indicatorID)
	if fault.Is(err, fault.NotFound) {
		return nil // said where the definition is stored
	}
	if err != nil {
		return err
	}
	c, err := s.checking(ctx, q, SetFile{Groups: []FileGroup{{Items: []FileItem{{Name: x.Name, Unit: d.Unit,
		Kind: Computed, Frequency: d.Frequency, Formula: d.Formula}}}}})
	if err == nil {
		err = c.formulas(ctx)
	}
	for _, wrong := range c.faults {
		f.add(strings.TrimPrefix(wrong.Name, itemPlace(0, 0)), wrong.Key, wrong.Args...)
	}
	return err
}

// each calls f for every indicator with its place in the file.
func (c *checking) each(f func(at string, x FileItem)) {
	for i, g := range c.file.Groups {
		for j, x := range g.Items {
			f(itemPlace(i, j), x)
		}
	}
}

// find looks an indicator up by a name, once.
func (c *checking) find(ctx context.Context, name string) error {
	if _, known := c.live[name]; known || name == "" {
		return nil
	}
	x, found, err := c.s.opt.Plan.FindIndicator(ctx, c.q, name)
	if found {
		c.live[name] = x
	}
	return err
}

// countedNow is how an indicator is counted by its last definition.
func (c *checking) countedNow(name string) (FileItem, bool) {
	d, ok := c.counts[c.live[name].ID]
	if !ok {
		return FileItem{}, false
	}
	var x FileItem
	x.take(d)
	return x, true
}

// findOwners looks up the units that answer for indicators. One that a definition names already stays.
func (c *checking) findOwners(ctx context.Context, by authz.Actor) error {
	look := c.s.lookup(by)
	var failed error
	c.each(func(at string, x FileItem) {
		d := c.counts[c.live[x.Name].ID]
		switch _, known := c.owners[x.Owner]; {
		case x.Owner == "" || known || failed != nil:
			return
		case x.Owner == d.OrgName:
			c.owners[x.Owner] = party.Org{ID: d.orgNow, OrgData: party.OrgData{Name: d.OrgName}}
			return
		}
		o, found, err := look.unit(ctx, x.Owner)
		if failed = err; err != nil {
			return
		}
		if !found {
			c.add(at+"owner", "主体库中没有“%s”", x.Owner)
			return
		}
		c.owners[x.Owner] = o
	})
	return failed
}

// weights checks that weights are there for all or for none, add up, and that no part is dead.
func (c *checking) weights() {
	if len(c.file.Groups) == 0 || c.file.items() == 0 {
		c.add("groups", "还没有指标：先加一级指标，再在其中加指标")
	}
	var groups []plan.Decimal
	gap := false
	for i, g := range c.file.Groups {
		at := fmt.Sprintf("groups.%d.", i)
		groups = append(groups, g.Weight)
		gap = gap || g.Weight == "" && g.Mark == Gap
		if len(g.Items) == 0 && g.Mark != Gap {
			c.add(at+"name", "没有指标：请加入指标，或把核实情况标为“缺口”")
		}
		dead(&c.faults, at, g.Weight)
		var items []plan.Decimal
		for j, x := range g.Items {
			items = append(items, x.Weight)
			dead(&c.faults, itemPlace(i, j), x.Weight)
		}
		sum, have := sumOf(items)
		if have > 0 && have < len(items) {
			for j, x := range g.Items {
				if x.Weight == "" {
					c.add(itemPlace(i, j)+"weight", "同组其他指标有权重，这一项也要有")
				}
			}
		} else if have > 0 && c.file.WeightingOf() == Percent && !whole(sum) {
			c.add(at+"items", "组内权重合计 %s，应为 100（或 1）", plainRat(sum))
		}
	}
	sum, have := sumOf(groups)
	if have == 0 {
		return
	}
	for i, g := range c.file.Groups {
		if g.Weight == "" && g.Mark != Gap {
			c.add(fmt.Sprintf("groups.%d.weight", i), "其他一级指标有权重，这一项也要有；找不到的把核实情况标为“缺口”")
		}
	}
	switch {
	case gap && sum.Cmp(big.NewRat(100, 1)) > 0:
		c.add("groups", "一级权重合计 %s，超过 100", plainRat(sum))
	case !gap && have == len(groups) && !whole(sum):
		c.add("groups", "一级权重合计 %s，应为 100（或 1）", plainRat(sum))
	}
}

// dead refuses a weight of nothing: the part would be there for nothing.
func dead(f *faults, at string, w plan.Decimal) {
	if w.Valid() && w.Rat().Sign() == 0 {
		f.add(at+"weight", "权重是 0，不起作用：请改权重或去掉这一项")
	}
}

// sumOf adds up the weights that are there.
func sumOf(list []plan.Decimal) (sum *big.Rat, have int) {
	sum = new(big.Rat)
	for _, w := range list {
		if w.Valid() {
			sum.Add(sum, w.Rat())
			have++
		}
	}
	return sum, have
}

// whole says whether weights add up to everything, as percent or as shares.
func whole(sum *big.Rat) bool {
	return sum.Cmp(big.NewRat(100, 1)) == 0 || sum.Cmp(big.NewRat(1, 1)) == 0
}

func plainRat(x *big.Rat) string { return string(plainDecimal(plan.Decimal(x.FloatString(8)))) }

// twice finds an indicator that is there under two of its names, and units that do not fit.
func (c *checking) twice() {
	first := map[string]string{}
	c.each(func(at string, x FileItem) {
		live, known := c.live[x.Name]
		if !known {
			return
		}
		if name, there := first[live.ID]; there && name != x.Name {
			c.add(at+"name", "“%s”和“%s”是同一项指标", x.Name, name)
		}
		first[live.ID] = x.Name
		if x.Unit != "" && !plan.SameUnit(x.Unit, live.Unit) {
			c.add(at+"unit", "指标“%s”的单位是“%s”，这里的单位不能换算", live.Name, live.Unit)
		}
	})
}

// formulas checks that formulas speak of indicators that there are, of units that fit, and not in a circle.
func (c *checking) formulas(ctx context.Context) error {
	needs := map[string][]string{}
	for _, d := range c.counts {
		if expr, bad := formula.Parse(d.Formula); d.Kind == Computed && bad == nil {
			needs[d.Name] = namesOf(expr)
		}
	}
	exprs := map[string]*formula.Expr{}
	var failed error
	c.each(func(at string, x FileItem) {
		name := c.ownName(x.Name)
		delete(needs, name)
		expr, bad := formula.Parse(x.Formula)
		if x.Kind != Computed || bad != nil {
			return // a wrong text is said by check
		}
		exprs[at] = expr
		needs[name] = namesOf(expr)
		for _, n := range needs[name] {
			if err := c.find(ctx, n); err != nil {
				failed = err
			}
		}
	})
	if failed != nil {
		return failed
	}
	for k, list := range needs {
		for i, n := range list {
			needs[k][i] = c.ownName(n)
		}
	}
	c.each(func(at string, x FileItem) {
		expr := exprs[at]
		if expr == nil {
			return
		}
		if ring := circle(needs, c.ownName(x.Name)); ring != "" {
			c.add(at+"formula", "公式绕回了自己：%s", ring)
			return
		}
		c.formula(at, x, expr)
	})
	return nil
}

// ownName is the name an indicator goes by, for one of its other names.
func (c *checking) ownName(name string) string {
	if x, known := c.live[name]; known {
		return x.Name
	}
	return name
}

// Unit is the unit of a series: of the draft, or of what is defined already.
func (c *checking) Unit(name string) (formula.Unit, bool) {
	if x, known := c.live[name]; known {
		u, _ := formula.ParseUnit(x.Unit)
		return u, true
	}
	_, by := c.file.spread()
	x, known := by[name]
	u, _ := formula.ParseUnit(x.Unit)
	return u, known
}

// Value is never known here: what does not depend on values is checked.
func (c *checking) Value(name string, _ series.Period) formula.Value {
	u, _ := c.Unit(name)
	return formula.Absent(u, formula.Because("check"))
}

// Table is the dated data that comes with the language of formulas.
func (c *checking) Table(name string, at series.Period) (formula.Table, bool) {
	t, _, ok := formula.ReadyTable(name, at)
	return t, ok
}

func (c *checking) formula(at string, x FileItem, expr *formula.Expr) {
	for _, n := range namesOf(expr) {
		if _, ok := c.Unit(n); !ok {
			c.add(at+"formula", "公式里的“%s”不是已有的指标，体系中也没有", n)
			return
		}
	}
	want, ok := formula.ParseUnit(x.Unit)
	if !ok {
		c.add(at+"unit", "公式的结果不能换算成“%s”", x.Unit)
		return
	}
	day := clock.DateOf(c.s.unit.Clock().Now())
	kind := KindOf(x.Frequency)
	if kind == 0 {
		return // said by check
	}
	period := series.NewPeriod(kind, day.Start().Year(), 1)
	if bad := expr.CheckAs(c, period, want); bad != nil {
		c.add(at+"formula", "公式有误：%s", bad)
	}
}

func namesOf(expr *formula.Expr) []string {
	var out []string
	for _, ref := range expr.Names() {
		if !slices.Contains(out, ref.Name) {
			out = append(out, ref.Name)
		}
	}
	return out
}

// circle is the way by which an indicator needs itself, "" when it does not.
func circle(needs map[string][]string, name string) string {
	seen := map[string]bool{}
	var visit func(x, way string) string
	visit = func(x, way string) string {
		for _, y := range needs[x] {
			if y == name {
				return way + " → " + y
			}
			if !seen[y] {
				seen[y] = true
				if ring := visit(y, way+" → "+y); ring != "" {
					return ring
				}
			}
		}
		return ""
	}
	return visit(name, name)
}

// hints are what a set should have and may be put in force without.
func (s SetFile) hints() []fault.Field {
	var f faults
	for i, g := range s.Groups {
		for j, x := range g.Items {
			at := itemPlace(i, j)
			if x.Text == "" && (x.Kind == Observed || x.Kind == External) {
				f.add(at+"text", "没有写口径：统计什么、包括和不包括什么")
			}
			if x.Owner == "" && x.Kind == Observed {
				f.add(at+"owner", "没有责任单位")
			}
		}
	}
	return f
}
