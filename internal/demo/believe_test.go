package demo_test

import (
	"bytes"
	"math/big"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/opendata"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Each city can be believed: it shows what was published of it, and what is invented goes on from there.
func TestBelievable(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		city, name string
		region     region.Code
		volume     demo.Volume // as many as a test can wait for
	}{
		{demo.Taiyuan, "太原", "140100",
			demo.Volume{Orgs: 900, People: 60, Brokers: 4, Needs: 80, Results: 300, Deals: 8}},
		{demo.Changzhi, "长治", "140400",
			demo.Volume{Orgs: 900, People: 20, Brokers: 2, Needs: 60, Results: 200, Deals: 2}},
	} {
		t.Run(x.city, func(t *testing.T) {
			t.Parallel()
			a := apptest.Open(t)
			o := demo.Options{Seed: demo.Seed, City: x.city, Volume: x.volume}
			if err := demo.Fill(t.Context(), a, o, nil); err != nil {
				t.Fatal(err)
			}
			if err := a.Feed.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if x.city == demo.Taiyuan { // whose years have contracts of both cities
				grown(t, a)
			}
			shown(t, a, x.region)
			within(t, a)
			answered(t, a, x.name, x.region)
			once(t, a)
			dated(t, a)
			sorted(t, a)
			plain(t, a)
			settled(t, a)
		})
	}
}

// shown asserts that the overview of a city has the published numbers of its indicators, with the day
// they are of, and that every published number stands where its indicator is watched.
func shown(t *testing.T, a *app.App, home region.Code) {
	t.Helper()
	o, err := a.Monitor.Overview(t.Context(), officer, monitor.OverviewReq{Region: home})
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]monitor.Figure{}
	for _, f := range o.Figures {
		figures[f.Name] = f
	}
	for name, want := range map[region.Code]map[string]string{
		"140100": {"高新技术企业数": "2150", "科技型中小企业入库数": "2606", "省级以上创新平台数": "228", "晋创谷入驻企业数": "243"},
		"140400": {"高新技术企业数": "264", "省级以上创新平台数": "75", "校地合作成果数": "500"},
	}[home] {
		p := figures[name].Point
		if p == nil || string(p.Value) != want || p.AsOf > "2025-01-06" {
			t.Errorf("%s shows %+v, %s was published", name, p, want)
		}
	}
	known := observations(t, a)
	for _, f := range demo.PublishedNumbers() {
		list, watched := known[f.Indicator+string(f.Region)]
		if !watched || f.To < "2017-01-01" {
			continue // no indicator of the set counts it, or not yet: it is a statement of its document
		}
		found := false
		for _, x := range list {
			found = found || string(x.Value) == f.Value && x.Origin != ""
		}
		if !found {
			t.Errorf("%s of %s on %s was published as %s", f.Indicator, f.Region, f.To, f.Value)
		}
	}
}

// observations are the approved values by the name of the indicator and the place.
func observations(t *testing.T, a *app.App) map[string][]indicator.Observation {
	t.Helper()
	out := map[string][]indicator.Observation{}
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := a.Indicator.ListObservations(t.Context(), officer, indicator.ObservationFilter{}, "", req)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Items {
			key := x.Name + string(x.Region)
			out[key] = append(out[key], x)
		}
		if page.Next == "" {
			return out
		}
		req.After = page.Next
	}
}

// within asserts that invented values do not contradict published ones: districts have less than their
// city, and a city has not left the published number behind by more than a tenth each year, nor fallen
// below it.
func within(t *testing.T, a *app.App) {
	t.Helper()
	all := observations(t, a)
	rat := func(d plan.Decimal) *big.Rat {
		r, ok := new(big.Rat).SetString(string(d))
		if !ok {
			t.Fatalf("%q is no number", d)
		}
		return r
	}
	for _, name := range []string{"高新技术企业数", "科技型中小企业入库数", "省级以上创新平台数"} {
		for _, home := range []string{"1401", "1404"} {
			top, last := new(big.Rat), 0 // the last published
			for _, x := range all[name+home+"00"] {
				if at := x.Period.SortKey(); x.Origin != "" && at > last {
					top, last = rat(x.Value), at
				}
			}
			if last == 0 {
				continue
			}
			sums := map[string]*big.Rat{}
			for key, list := range all {
				if !strings.HasPrefix(key, name+home) || strings.HasSuffix(key, "00") {
					continue
				}
				for _, x := range list {
					p := string(x.Period)
					if sums[p] == nil {
						sums[p] = new(big.Rat)
					}
					sums[p].Add(sums[p], rat(x.Value))
				}
			}
			for p, sum := range sums {
				if sum.Cmp(top) > 0 {
					t.Errorf("districts of %s have %s of %s in %s, the city %s", home, sum.FloatString(0), name, p,
						top.FloatString(0))
				}
			}
		}
	}
	for name, published := range map[string]map[string]struct {
		value int64
		year  int
	}{
		"高新技术企业":  {"140100": {2150, 2024}, "140400": {264, 2022}},
		"技术合同成交额": {"140100": {228, 2024}, "140400": {30, 2022}},
	} {
		for place, p := range published {
			for _, x := range all[name+place] {
				if x.Origin != "" {
					continue
				}
				years := x.Period.Year() - p.year
				most := new(big.Rat).SetInt64(p.value)
				for range years {
					most.Mul(most, big.NewRat(115, 100))
				}
				least := big.NewRat(p.value*3, 4) // of a year that is not over
				if v := rat(x.Value); v.Cmp(most) > 0 || v.Cmp(least) < 0 {
					t.Errorf("%s of %s is %s in %s, %d were published of %d", name, place, x.Value, x.Period, p.value,
						p.year)
				}
			}
		}
	}
}

// answered asserts that every indicator has a unit of the home that answers for it and a name.
func answered(t *testing.T, a *app.App, name string, home region.Code) {
	t.Helper()
	o, err := a.Monitor.Overview(t.Context(), officer, monitor.OverviewReq{Region: home})
	if err != nil || len(o.Figures) != 22 {
		t.Fatalf("%d indicators, %v", len(o.Figures), err)
	}
	for _, f := range o.Figures {
		if !strings.HasPrefix(f.LeadName, name) || strings.Contains(f.Name, "待定") {
			t.Errorf("%s is that of %q", f.Name, f.LeadName)
		}
	}
	rounds, err := a.Assess.ListRounds(t.Context(), officer, db.PageReq{Limit: 10})
	if err != nil || len(rounds.Items) != 2 {
		t.Fatalf("%d assessments, %v", len(rounds.Items), err)
	}
	for _, r := range rounds.Items {
		d, err := a.Assess.GetRound(t.Context(), officer, r.ID)
		if err != nil || r.Region != string(home) || len(d.Entries) != 7 {
			t.Errorf("%s is of %s with %d units, %v", r.Title, r.Region, len(d.Entries), err)
		}
		for _, e := range d.Entries {
			if !strings.HasPrefix(e.OrgName, name) {
				t.Errorf("%s assesses %s", r.Title, e.OrgName)
			}
		}
	}
}

// once asserts that no district has two offices for the same.
func once(t *testing.T, a *app.App) {
	t.Helper()
	offices := map[string][]string{}
	newest := ""
	err := a.Party.ExportOrganisations(t.Context(), officer, party.OrgFilter{Kind: "government"}, "name",
		func(o party.Org) error {
			for _, ending := range []string{"科技局", "科学技术局", "科技工业局"} {
				if strings.Contains(o.Name, ending+"（") {
					offices[string(o.Region)] = append(offices[string(o.Region)], o.Name)
				}
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	for place, list := range offices {
		if len(list) > 1 {
			t.Errorf("%s has %v", place, list)
		}
	}
	page, err := a.Party.ListOrganisations(t.Context(), officer, party.OrgFilter{State: party.Verified}, "created",
		db.PageReq{Limit: 8})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range page.Items {
		if newest = o.Name; o.Kind == "government" {
			t.Errorf("%s is news", newest)
		}
	}
}

// dated asserts that what a source names carries the day of the source, and is not news.
func dated(t *testing.T, a *app.App) {
	t.Helper()
	n := 0
	err := a.Party.ExportOrganisations(t.Context(), officer, party.OrgFilter{}, "name", func(o party.Org) error {
		if !strings.Contains(o.Summary, "据公开报道") {
			return nil
		}
		n++
		if clock.DateOf(clock.Time(o.UpdatedUs)) > "2025-01-06" || o.CreatedUs > o.UpdatedUs {
			t.Errorf("%s is of %s", o.Name, clock.DateOf(clock.Time(o.UpdatedUs)))
		}
		sources, err := a.Party.OrganisationSources(t.Context(), officer, o.ID)
		if err != nil || len(sources) == 0 || sources[0].AsOf == "" {
			t.Errorf("%s has sources %+v, %v", o.Name, sources, err)
		}
		if node, err := a.Atlas.GetNode(t.Context(), officer, o.ID); err != nil ||
			clock.DateOf(clock.Time(node.AsOfUs)) > "2025-01-06" {
			t.Errorf("the map has %s of %s, %v", o.Name, clock.DateOf(clock.Time(node.AsOfUs)), err)
		}
		if strings.Contains(o.Summary, "间距") || strings.Contains(o.Summary, "未经单位确认") {
			t.Errorf("%s: %s", o.Name, o.Summary)
		}
		return nil
	})
	if err != nil || n != 22 {
		t.Errorf("%d organisations of sources, %v", n, err)
	}
}

// plain asserts that the open data of figures say their operators in words that a table program takes for
// no formula, and that the published numbers are among them.
func plain(t *testing.T, a *app.App) {
	t.Helper()
	var file bytes.Buffer
	if err := a.Open.Write(t.Context(), "report-figures", opendata.CSV, &file); err != nil {
		t.Fatal(err)
	}
	if text := file.String(); strings.Contains(text, ",'") || !strings.Contains(text, ",eq,") {
		t.Errorf("open data:\n%.800s", text)
	}
}

// sorted asserts that each class of the six new has needs, achievements and enterprises, and that no
// office, bank, school or hospital has a class.
func sorted(t *testing.T, a *app.App) {
	t.Helper()
	for _, kind := range []string{"government", "finance", "hospital", "university", "service", "other", "park"} {
		nodes, err := a.Atlas.ListNodes(t.Context(), officer, atlas.Query{Kinds: []string{kind}}, "",
			db.PageReq{Limit: db.MaxLimit})
		if err != nil || len(nodes.Items) == 0 {
			t.Fatalf("%d of %s, %v", len(nodes.Items), kind, err)
		}
		for _, n := range nodes.Items {
			if n.Six != "" {
				t.Errorf("%s is %s", n.Title, n.Six)
			}
		}
	}
	for _, class := range market.SixNews() {
		for _, kind := range []string{"enterprise", atlas.KindNeed, atlas.KindAchievement} {
			nodes, err := a.Atlas.ListNodes(t.Context(), officer,
				atlas.Query{Kinds: []string{kind}, Six: []string{class.Value}}, "", db.PageReq{Limit: db.MaxLimit})
			if err != nil || len(nodes.Items) == 0 {
				t.Errorf("%s has %d of %s, %v", class.Title, len(nodes.Items), kind, err)
			}
		}
	}
}
