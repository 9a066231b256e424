package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/studio/studiohttp"
)

// indices makes the studio of indices.
func (a *App) indices(times process.Times) error {
	var err error
	a.Studio, err = studio.New(a.Unit, times, studio.Options{Desk: a.Desk, Source: approved{a},
		Accounts: a.expertAccount})
	if err != nil {
		return err
	}
	a.Studio.RegisterJobs(a.Jobs)
	a.Notify.Follow(studio.NoticeRules()...)
	return nil
}

// expertAccount finds the account of somebody who is asked to judge.
func (a *App) expertAccount(ctx context.Context, q db.Q, login string) (studio.Known, bool, error) {
	account, name, found, err := a.Identity.AccountNamed(ctx, q, login)
	return studio.Known{Account: account, Name: name}, found, err
}

// studioDoor is the door of the studio.
func (a *App) studioDoor() *studiohttp.Handler {
	return studiohttp.New(a.Studio, a.Web, kit.Deps{Clock: a.Clock})
}

// approved draws datasets from the data points of indicators: approved values, what the house measures, and
// what formulas make of both. A value is drawn as it counts, exact and in the unit of its definition.
type approved struct{ app *App }

// offeredYears is how many years back values are offered.
const offeredYears = 5

// setValues are the values of a set's indicators for places as a whole, without the site's own city, which is
// no district of itself.
func (x approved) setValues(
	ctx context.Context, by authz.Actor, set string, from clock.Date, period series.Period,
) (indicator.SetDetail, []monitor.Point, error) {
	d, err := x.app.Indicator.GetSet(ctx, by, set)
	if err != nil {
		return d, nil, err
	}
	var ids []string
	for _, m := range d.Members {
		ids = append(ids, m.Indicator)
	}
	if len(ids) == 0 {
		return d, nil, nil
	}
	list, err := x.app.Monitor.Points(ctx, by, monitor.PointFilter{Indicators: ids, From: from, Period: period})
	home := x.app.city()
	return d, slices.DeleteFunc(list, func(p monitor.Point) bool { return p.Region == home }), err
}

// Offers are the sets and periods that have values of two places or more.
func (x approved) Offers(ctx context.Context, by authz.Actor) ([]studio.Offer, error) {
	sets, err := x.app.Indicator.ListSets(ctx, by)
	if err != nil {
		return nil, err
	}
	year := x.app.Clock.Now().In(clock.Shanghai).Year()
	from := clock.Date(fmt.Sprintf("%04d-01-01", year-offeredYears))
	var out []studio.Offer
	for _, s := range sets {
		d, list, err := x.setValues(ctx, by, s.ID, from, "")
		if err != nil {
			return nil, err
		}
		count, places := map[series.Period]int64{}, map[series.Period]map[region.Code]bool{}
		for _, v := range list {
			if places[v.Period] == nil {
				places[v.Period] = map[region.Code]bool{}
			}
			count[v.Period]++
			places[v.Period][v.Region] = true
		}
		for p, n := range count {
			if len(places[p]) > 1 {
				out = append(out, studio.Offer{Set: s.ID, Period: string(p), Title: d.Name, Shown: p.String(), Values: n})
			}
		}
	}
	slices.SortFunc(out, func(a, b studio.Offer) int {
		return cmp.Or(cmp.Compare(b.Period, a.Period), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Set, b.Set))
	})
	return out, nil
}

// Draw makes a content of a set at a period. Indicators without a value, and groups without an indicator, are
// left out.
func (x approved) Draw(
	ctx context.Context, by authz.Actor, set, period string,
) (studio.Content, []string, error) {
	d, list, err := x.setValues(ctx, by, set, "", series.Period(period))
	if err != nil {
		return studio.Content{}, nil, err
	}
	at, values := map[region.Code]int{}, map[string]map[region.Code]string{}
	var c studio.Content
	for _, v := range list {
		if _, known := at[v.Region]; !known {
			at[v.Region] = len(c.Units)
			c.Units = append(c.Units, studio.Unit{Code: string(v.Region), Name: x.app.Dict.RegionName(v.Region, "")})
		}
		if values[v.Indicator] == nil {
			values[v.Indicator] = map[region.Code]string{}
		}
		values[v.Indicator][v.Region] = string(v.Value)
	}
	var left []string
	grouped := map[int64]bool{}
	for _, m := range d.Members {
		if values[m.Indicator] == nil {
			left = append(left, cmp.Or(m.Title, m.Name))
			continue
		}
		grouped[m.Group] = true
		n := composite.Node{Code: fmt.Sprintf("G%d.%02d", m.Group, m.N), Name: cmp.Or(m.Title, m.Name), Unit: m.Unit,
			Parent: fmt.Sprint("G", m.Group), Weight: weightOf(string(m.Weight)), Direction: 1}
		if m.Direction == "down" {
			n.Direction = -1
		}
		c.Nodes, c.Codes = append(c.Nodes, n), append(c.Codes, n.Code)
		for place, i := range at {
			for len(c.Values) <= i {
				c.Values = append(c.Values, nil)
			}
			c.Values[i] = append(c.Values[i], values[m.Indicator][place])
		}
	}
	for _, g := range d.Groups {
		if grouped[g.N] {
			c.Nodes = append(c.Nodes, composite.Node{Code: fmt.Sprint("G", g.N), Name: g.Name,
				Weight: weightOf(string(g.Weight)), Direction: 1})
		}
	}
	return c, left, nil
}

// weightOf is a weight as it is written, 1 when it is not known.
func weightOf(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 1
	}
	return v
}
