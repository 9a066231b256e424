package demo

import (
	"context"
	"maps"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/report"
)

// press publishes a press paragraph for everybody.
func (c *city) press(ctx context.Context) error {
	x, err := c.written(ctx, report.Press)
	if err != nil {
		return err
	}
	for _, step := range []string{report.StepReview, report.StepPublish} {
		x, err = c.Report.FireReport(ctx, c.actor("juzhang", authz.Leader), report.Step{ID: x.ID, Step: step,
			Version: x.Version})
		if err != nil {
			return err
		}
	}
	c.step()
	return nil
}

// bulletin leaves a bulletin as a draft.
func (c *city) bulletin(ctx context.Context) error {
	_, err := c.written(ctx, report.Bulletin)
	return err
}

// written makes a report of all parts. One for the press is public.
func (c *city) written(ctx context.Context, form string) (report.Report, error) {
	if err := c.upToDate(ctx); err != nil {
		return report.Report{}, err
	}
	beside, err := c.besideSet(ctx)
	if err != nil {
		return report.Report{}, err
	}
	ask := report.Ask{Form: form, Region: c.home.region, Beside: beside}
	for _, p := range report.Parts() {
		ask.Parts = append(ask.Parts, p.Value)
	}
	return c.Report.CreateReport(ctx, c.officer(), report.NewReport{Ask: ask, Public: form == report.Press})
}

// upToDate makes the data points and the lights of all indicators that are in a set or have a target. The
// consumers and jobs that do so run with the server; the reports need them now, or their numbers would have
// changed as soon as it runs.
func (c *city) upToDate(ctx context.Context) error {
	of := map[string]bool{}
	sets, err := c.Indicator.ListSets(ctx, c.officer())
	if err != nil {
		return err
	}
	for _, s := range sets {
		d, err := c.Indicator.GetSet(ctx, c.officer(), s.ID)
		if err != nil {
			return err
		}
		for _, m := range d.Members {
			of[m.Indicator] = true
		}
	}
	for req := (db.PageReq{Limit: db.MaxLimit}); ; {
		page, err := c.Plan.ListTargets(ctx, c.officer(), plan.TargetFilter{}, "", req)
		if err != nil {
			return err
		}
		for _, t := range page.Items {
			of[t.Indicator] = true
		}
		if page.Next == "" {
			break
		}
		req.After = page.Next
	}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		if _, err := c.Monitor.Recompute(ctx, c.officer(), id); err != nil {
			return err
		}
	}
	return nil
}

// besideSet is what the sources tell first of both cities and neither set has, where it has a value.
func (c *city) besideSet(ctx context.Context) ([]string, error) {
	page, err := c.Plan.ListIndicators(ctx, c.officer(), plan.IndicatorFilter{Query: contractVolume},
		db.PageReq{Limit: 20})
	if err != nil {
		return nil, err
	}
	for _, i := range page.Items {
		if i.Name != contractVolume {
			continue
		}
		if _, err := c.Monitor.Recompute(ctx, c.officer(), i.ID); err != nil {
			return nil, err
		}
	}
	known, err := c.Report.ListBeside(ctx, c.officer(), c.home.region, "")
	var out []string
	for _, x := range known {
		if x.Title == contractVolume {
			out = append(out, x.Value)
		}
	}
	return out, err
}
