package demo

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	room "github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// measured says how the indicators of the scheme are counted, who reports them, and reports them for
// the last quarter that is over, so that its targets have a true light. One is left without a value:
// its light says in words what is missing. One more target is led by a bureau, which has no values of its
// own: it is measured by those of the city.
func (c *city) measured(ctx context.Context) error {
	page, err := c.Plan.ListTargets(ctx, c.officer(), plan.TargetFilter{}, "", db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return err
	}
	ids, done := map[string]string{}, map[string]bool{}
	for _, t := range page.Items {
		ids[t.Name] = t.Indicator
	}
	for _, x := range schemeValues {
		if ids[x.name] == "" {
			continue // the scheme of another city may not set it
		}
		if !done[x.name] {
			done[x.name] = true
			if err := c.counted(ctx, ids[x.name], x); err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
		}
		if x.value == (figure{}) {
			continue
		}
		if err := c.value(ctx, ids[x.name], x); err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
	}
	if err := c.published(ctx, ids); err != nil {
		return err
	}
	if ids[ledIndicator] == "" {
		return nil
	}
	year := lastQuarter(c.days(0)).LastDay()[:5]
	_, err = c.Plan.CreateTarget(ctx, c.officer(), plan.NewTarget{TargetData: plan.TargetData{
		Indicator: ids[ledIndicator], Region: c.home.region, Org: c.office(officeOfDepartment).ID, Measure: "level",
		Op: ">=", Value: plan.Decimal(c.figure(ledTarget)), Unit: "个", From: clock.Date(year + "01-01"),
		To:   clock.Date(year + "12-31"),
		Note: inventedValue}})
	return err
}

// counted defines an indicator of the scheme. Its lead reports it for the city.
func (c *city) counted(ctx context.Context, indicatorID string, x schemeValue) error {
	lead := c.office(x.lead).ID
	_, err := c.Indicator.CreateDefinition(ctx, c.officer(), room.NewDefinition{Indicator: indicatorID,
		DefinitionData: room.DefinitionData{Kind: room.Observed, Text: x.what, Unit: x.unit, Places: 2,
			Frequency: "quarter", Cumulative: x.gathers, Org: lead, DueDays: 15, From: schemeFrom,
			Source: inventedValue}})
	if err != nil {
		return err
	}
	_, err = c.Indicator.AssignDuties(ctx, c.officer(), room.Assignment{Indicators: []string{indicatorID},
		Regions: []region.Code{c.home.region}, Reporter: lead, From: clock.Date(lastQuarter(c.days(0)).FirstDay())})
	return err
}

// value reports one value of the last quarter, which another officer approves.
func (c *city) value(ctx context.Context, indicatorID string, x schemeValue) error {
	place := c.home.region
	if x.place >= 0 {
		place = c.at(x.place)
	}
	out, err := c.Indicator.Report(ctx, c.officer(), room.Reporting{Submit: true,
		Cells: []room.NewObservation{{Cell: room.Cell{Indicator: indicatorID, Region: place,
			Period: lastQuarter(c.days(0))}, ObservationData: room.ObservationData{
			Value: plan.Decimal(c.figure(x.value)), Note: inventedValue}}}})
	if err != nil {
		return err
	}
	_, err = c.Indicator.FireObservation(ctx, c.chief(), room.Step{ID: out[0].ID, Step: room.StepApprove,
		Version: out[0].Version})
	return err
}

// lastQuarter is the last quarter that is over on a day.
func lastQuarter(day clock.Date) series.Period {
	at := day.Start().In(clock.Shanghai)
	return series.PeriodOf(series.Quarter, at.Year(), int(at.Month())).Prev()
}
