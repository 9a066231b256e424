package demo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	room "github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// reportingDistricts is how many districts report, the first of places.
const reportingDistricts = 4

// indicators takes a set over, lets districts report, and registers what was published.
func (c *city) indicators(ctx context.Context) error {
	by := c.officer()
	set, err := c.takeSet(ctx, by)
	if err != nil {
		return err
	}
	items, err := c.Indicator.SetItems(ctx, c.DB, set)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, x := range items {
		ids[x.Name] = x.Indicator
	}
	for i, p := range c.places[:reportingDistricts] {
		if err := c.districtReports(ctx, i, p, ids); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if err := c.published(ctx, ids); err != nil {
		return err
	}
	for _, x := range rankingFacts {
		_, err := c.Indicator.CreateRanking(ctx, by, room.NewRanking{RankingData: room.RankingData{
			Name: x.name, Publisher: x.publisher, Year: x.year, Region: region.Code(x.region), Place: x.place,
			Of: x.of, Band: x.band, Score: plan.Decimal(x.score), Source: x.source, Mark: x.mark}})
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
	}
	return nil
}

// districtReports lets a district report since the start of last year. The first one has still to
// report the latest period, and the second one's waits to be approved.
func (c *city) districtReports(ctx context.Context, i int, p place, ids map[string]string) error {
	by := c.officer()
	office, err := c.bureau(ctx, p)
	if err != nil {
		return err
	}
	if i == 0 {
		if err := c.together(ctx, office.ID); err != nil {
			return err
		}
	}
	today := clock.DateOf(c.Clock.Now())
	from := clock.Date(strconv.Itoa(today.Start().Year()-1) + "-01-01")
	in := room.Assignment{Regions: []region.Code{region.Code(p.code)}, Reporter: office.ID, From: from}
	for _, x := range reportedByDistricts {
		in.Indicators = append(in.Indicators, ids[x.name])
	}
	if _, err := c.Indicator.AssignDuties(ctx, by, in); err != nil {
		return err
	}
	staff := c.actor(c.home.district, authz.District)
	staff.Region = p.code
	for _, x := range reportedByDistricts {
		first, step := x.first, x.step
		if c.home.code == cities[Changzhi].code {
			first, step = x.less, x.lessStep
		}
		if err := c.reports(ctx, staff, ids[x.name], p.code, i, first, step); err != nil {
			return err
		}
	}
	return nil
}

// reports hands in one indicator of a district, period by period, as a cumulative one begins anew each
// year.
func (c *city) reports(
	ctx context.Context, staff authz.Actor, indicatorID, place string, i, first, step int,
) error {
	asked, err := c.Indicator.Desk(ctx, staff, room.DeskFilter{Indicator: indicatorID,
		Region: region.Code(place)})
	if err != nil {
		return err
	}
	value := first - i*first/12
	for n, a := range asked {
		if a.Definition.Cumulative && a.Period.Number() == 1 {
			value = first - 2*i
		}
		value += step + c.dice.below(step+1)
		latest := n == len(asked)-1
		if latest && i == 0 {
			return nil
		}
		out, err := c.Indicator.Report(ctx, staff, room.Reporting{Submit: true,
			Cells: []room.NewObservation{{Cell: a.Cell, ObservationData: room.ObservationData{
				Value: plan.Decimal(strconv.Itoa(max(value, 1))), Note: inventedValue}}}})
		if err != nil {
			return fmt.Errorf("%s %s: %w", a.Name, a.Period, err)
		}
		if latest && i == 1 {
			return nil
		}
		_, err = c.Indicator.FireObservation(ctx, c.chief(), room.Step{ID: out[0].ID,
			Step: room.StepApprove, Version: out[0].Version})
		if err != nil {
			return err
		}
	}
	return nil
}

// published registers values of the two cities that were published, of the indicators that are here.
func (c *city) published(ctx context.Context, ids map[string]string) error {
	for _, x := range cityFacts {
		if ids[x.name] == "" {
			continue
		}
		out, err := c.Indicator.Report(ctx, c.officer(), room.Reporting{Submit: true,
			Cells: []room.NewObservation{{Cell: room.Cell{Indicator: ids[x.name], Region: region.Code(x.region),
				Period: series.Period(x.period)}, ObservationData: room.ObservationData{
				Value: plan.Decimal(x.value), Qualifier: x.qualifier, AsOf: clock.Date(x.asOf),
				Origin: x.origin, JumpNote: x.jump}}}})
		if err != nil {
			return fmt.Errorf("%s %s: %w", x.name, x.period, err)
		}
		_, err = c.Indicator.FireObservation(ctx, c.chief(), room.Step{ID: out[0].ID,
			Step: room.StepApprove, Version: out[0].Version})
		if err != nil {
			return err
		}
	}
	return nil
}
