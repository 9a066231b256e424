package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// assessments holds one assessment that is published and one whose results are shown, with an appeal
// that waits for its answer.
func (c *city) assessments(ctx context.Context) error {
	units, err := c.assessed(ctx)
	if err != nil {
		return err
	}
	fake := clock.NewFake(c.Clock.Now())
	past, err := assess.New(unit.New(c.DB, fake, unit.Options{}),
		process.Times{Calendar: c.Dict, Service: process.OfficeHours()}, assess.Options{Party: c.Party})
	if err != nil {
		return err
	}
	year := int64(c.Clock.Now().In(clock.Shanghai).Year())
	fake.Set(clock.Time(c.moment(-40, 9, 0)))
	if err := c.publishedRound(ctx, past, fake, year-1, units); err != nil {
		return fmt.Errorf("published assessment: %w", err)
	}
	if err := c.shown(ctx, year, units); err != nil {
		return fmt.Errorf("shown assessment: %w", err)
	}
	return nil
}

// assessed are the units: offices of the city, and one of each of four districts.
func (c *city) assessed(ctx context.Context) ([]assess.Unit, error) {
	var out []assess.Unit
	for _, o := range c.orgs {
		if o.Kind == "government" && strings.HasPrefix(o.Name, c.places[0].city) && len(out) < assessedOffices {
			out = append(out, assess.Unit{Org: o.ID})
		}
	}
	for _, i := range assessedDistricts {
		o, err := c.bureau(ctx, c.places[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.places[i].name, err)
		}
		out = append(out, assess.Unit{Org: o.ID})
	}
	return out, nil
}

// scored makes an assessment of a year with the scores that people give, counted.
func (c *city) scored(
	ctx context.Context, s *assess.Service, year int64, title string, units []assess.Unit,
) (assess.Round, error) {
	by := c.officer()
	r, err := s.CreateRound(ctx, by, assess.NewRound{RoundData: assess.RoundData{Title: title, Year: year,
		Region: string(c.home.region), Scheme: "default-2026", Note: roundNote}})
	if err != nil {
		return r, err
	}
	if r, err = s.AddUnits(ctx, by, assess.NewUnits{Round: r.ID, Units: units, Version: r.Version}); err != nil {
		return r, err
	}
	for _, step := range []string{"announce", "start"} {
		if r, err = s.FireRound(ctx, by, assess.Step{ID: r.ID, Step: step, Version: r.Version}); err != nil {
			return r, fmt.Errorf("%s: %w", step, err)
		}
	}
	d, err := s.GetRound(ctx, by, r.ID)
	if err != nil {
		return r, err
	}
	for i, e := range d.Entries {
		marks := []assess.NewMark{
			{Key: "targets", Value: assess.Decimal(fmt.Sprint(86 + c.dice.below(26))), Reason: markTargets},
			{Key: "quality", Value: assess.Decimal(fmt.Sprint(78 + c.dice.below(20))), Reason: markQuality},
			{Key: "service", Value: assess.Decimal(fmt.Sprintf("%d.%d", 82+c.dice.below(15), c.dice.below(10))),
				Reason: markService}}
		if i == 0 {
			marks = append(marks, assess.NewMark{Key: "pilot", Value: "3", Reason: markPilot})
		}
		for _, m := range marks {
			m.Entry, m.Version = e.ID, r.Version
			if _, err := s.SetMark(ctx, by, m); err != nil {
				return r, fmt.Errorf("%s: %w", m.Key, err)
			}
			r.Version++
		}
	}
	return s.Count(ctx, by, r.ID, r.Version)
}

// publishedRound is an assessment that went all the way, with an appeal that was not accepted.
func (c *city) publishedRound(
	ctx context.Context, s *assess.Service, fake *clock.Fake, year int64, units []assess.Unit,
) error {
	r, err := c.scored(ctx, s, year, lastRoundTitle, units)
	if err != nil {
		return err
	}
	by := c.officer()
	fire := func(by authz.Actor, step string) {
		if err == nil {
			r, err = s.FireRound(ctx, by, assess.Step{ID: r.ID, Step: step, Version: r.Version})
		}
	}
	if fire(by, "show"); err != nil {
		return err
	}
	a, err := c.appealed(ctx, s, r, "service", appealPast)
	if err != nil {
		return err
	}
	_, err = s.FireAppeal(ctx, by, assess.Step{ID: a.ID, Step: "reject", Reason: appealAnswer, Version: a.Version})
	if err != nil {
		return err
	}
	fake.Set(clock.Time(c.moment(-15, 9, 0)))
	fire(by, assess.StepClose)
	fire(c.actor("juzhang", authz.Leader), "publish")
	return err
}

// shown is an assessment in its time for appeals.
func (c *city) shown(ctx context.Context, year int64, units []assess.Unit) error {
	r, err := c.scored(ctx, c.Assess, year, thisRoundTitle, units)
	if err != nil {
		return err
	}
	r, err = c.Assess.FireRound(ctx, c.officer(), assess.Step{ID: r.ID, Step: "show", Version: r.Version})
	if err != nil {
		return err
	}
	_, err = c.appealed(ctx, c.Assess, r, "red", appealText)
	return err
}

// appealed files an appeal of the department that has an account.
func (c *city) appealed(
	ctx context.Context, s *assess.Service, r assess.Round, key, text string,
) (assess.Appeal, error) {
	by := c.actor("gongxin", authz.Department)
	by.Org = c.office(officeOfDepartment).ID
	d, err := s.GetRound(ctx, by, r.ID)
	if err != nil {
		return assess.Appeal{}, err
	}
	if len(d.Entries) != 1 {
		return assess.Appeal{}, fmt.Errorf("the department sees %d results", len(d.Entries))
	}
	return s.FileAppeal(ctx, by, assess.NewAppeal{Entry: d.Entries[0].ID, Key: key, Text: text})
}
