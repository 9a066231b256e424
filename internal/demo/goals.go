package demo

import (
	"context"
	"fmt"
	"math/big"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// goals sets targets of the city beside invented values, some of them missed: a light turns red, and opens
// its task where the period of the target is not over yet.
func (g *growth) goals(
	ctx context.Context, items []indicator.Item, cells []indicator.NewObservation,
) error {
	for _, x := range goalsOf {
		for _, it := range items {
			if it.Title != x.title {
				continue
			}
			if err := g.goal(ctx, it, x.percent, cells); err != nil {
				return fmt.Errorf("target of %s: %w", it.Title, err)
			}
		}
	}
	return nil
}

// goal sets a target for the year of the city's last value, at so many percent of it.
func (g *growth) goal(
	ctx context.Context, it indicator.Item, percent int64, cells []indicator.NewObservation,
) error {
	var last indicator.NewObservation
	for _, c := range cells {
		if c.Indicator == it.Indicator && c.Region == g.home.region &&
			c.Period.SortKey() >= last.Period.SortKey() {
			last = c
		}
	}
	value, ok := new(big.Rat).SetString(string(last.Value))
	if !ok {
		return nil // nothing was invented for it
	}
	def, err := g.Indicator.DefinitionAt(ctx, g.DB, it.Indicator, clock.Date(last.Period.LastDay()))
	if err != nil {
		return err
	}
	value.Mul(value, big.NewRat(percent, 100))
	year := last.Period.LastDay()[:5]
	_, err = g.Plan.CreateTarget(ctx, g.officer(), plan.NewTarget{TargetData: plan.TargetData{
		Indicator: it.Indicator, Region: g.home.region, Measure: "level", Op: ">=",
		Value: plan.Decimal(value.FloatString(int(def.Places))), Unit: def.Unit,
		From: clock.Date(year + "01-01"), To: clock.Date(year + "12-31"), Note: inventedValue}})
	return err
}
