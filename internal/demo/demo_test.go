package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var officer = authz.Actor{Account: "t", Login: "t", Role: authz.Officer, Via: authz.ViaCLI}

// registered lists what is in the registry, without what differs each time: ids and instants.
func registered(t *testing.T, a *app.App) (orgs, people []string, states map[string]int) {
	t.Helper()
	states = map[string]int{}
	err := a.Party.ExportOrganisations(t.Context(), officer, party.OrgFilter{}, "name",
		func(o party.Org) error {
			orgs = append(orgs, strings.Join([]string{o.Name, o.USCC, o.State, string(o.Region),
				o.Summary}, "|"))
			states[o.State]++
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	err = a.Party.ExportPeople(t.Context(), officer, party.PersonFilter{}, "name",
		func(p party.Person) error {
			people = append(people, strings.Join([]string{p.Name, p.OrgName, p.Duty}, "|"))
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(orgs)
	slices.Sort(people)
	return orgs, people, states
}

func fill(t *testing.T, seed uint64) *app.App {
	t.Helper()
	a := apptest.Open(t)
	last := 0
	err := demo.Fill(t.Context(), a, demo.Options{Seed: seed}, func(done, total int) {
		if done < last || done > total {
			t.Errorf("progress goes from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestCity fills one city and looks at it in every way that needs one as a newcomer gets it.
func TestCity(t *testing.T) {
	t.Parallel()
	a := fill(t, demo.Seed)
	t.Run("whole", func(t *testing.T) { whole(t, a) })
	t.Run("settled", func(t *testing.T) { settled(t, a) })
	t.Run("repeatable", func(t *testing.T) { repeatable(t, a) })
	t.Run("evidence", func(t *testing.T) { evidence(t, a) })
	t.Run("teaches", func(t *testing.T) { teaches(t, a) })
}

// teaches asserts that the introductions of the city are enough to train the matcher with.
func teaches(t *testing.T, a *app.App) {
	if err := a.Feed.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w, err := a.Matching.Train(t.Context(), officer, "train")
	if err != nil {
		t.Fatal(err)
	}
	if w.State != matching.Candidate || w.Pairs < matching.MinPairs || w.Needs < matching.MinNeeds {
		t.Errorf("trained %+v", w)
	}
}

// repeatable asserts that the same seed gives the same city. That another seed gives another one is seen in
// TestGrowRepeatable.
func repeatable(t *testing.T, a *app.App) {
	orgs, people, _ := registered(t, a)
	orgs2, people2, _ := registered(t, fill(t, demo.Seed))
	if d := cmp.Diff(orgs, orgs2); d != "" {
		t.Errorf("organisations differ:\n%.2000s", d)
	}
	if d := cmp.Diff(people, people2); d != "" {
		t.Errorf("people differ:\n%.2000s", d)
	}
}

// whole asserts that the city shows what the site can do: every kind and state, every role, work that
// waits, and a trail that is whole. Nothing in it can be mistaken for a real organisation.
func whole(t *testing.T, a *app.App) {
	orgs, people, states := registered(t, a)
	if len(orgs) < 390 || len(people) != 200 {
		t.Errorf("%d organisations, %d people", len(orgs), len(people))
	}
	for _, state := range []string{party.Pending, party.Returned, party.Verified, party.Ceased} {
		if states[state] == 0 {
			t.Errorf("no organisation is %s: %v", state, states)
		}
	}
	for _, o := range orgs {
		name, _, _ := strings.Cut(o, "|")
		if !strings.Contains(name, "演示") && !strings.Contains(o, "据公开报道") {
			t.Errorf("%s could be taken for a real one", name)
		}
	}
	for _, l := range demo.Logins(demo.Taiyuan) {
		in, err := a.Identity.Login(t.Context(), authz.Actor{Via: authz.ViaSession},
			identity.LoginInput{Login: l.Login, Password: demo.Password})
		if err != nil || in.Next != "" {
			t.Errorf("%s cannot log in: next %q, %v", l.Login, in.Next, err)
			continue
		}
		got, err := a.Identity.Resume(t.Context(), in.Token)
		if err != nil || got.Actor.EffectiveRole() != l.Role && l.Login != "zhuanjia" {
			t.Errorf("%s acts as %s, want %s (%v)", l.Login, got.Actor.Role, l.Role, err)
		}
	}
	hasMarket(t, a)
	if _, err := audit.VerifyDB(t.Context(), a.DB); err != nil {
		t.Error(err)
	}
}

// hasMarket asserts that the market has posts of every kind, field and state.
func hasMarket(t *testing.T, a *app.App) {
	t.Helper()
	boss := authz.Actor{Account: "t", Role: authz.Leader, Via: authz.ViaCLI}
	all, err := a.Market.CountPosts(t.Context(), boss, market.PostFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if all.Kinds["need"] < 280 || all.Kinds["achievement"] < 870 {
		t.Errorf("kinds %v", all.Kinds)
	}
	for _, f := range market.Fields() {
		if all.Fields[f.Value] < 30 {
			t.Errorf("%d posts of field %s", all.Fields[f.Value], f.Title)
		}
	}
	for _, k := range []market.Kind{market.Need, market.Achievement} {
		for _, s := range market.ProcessOf(k).Def().States {
			if s.Name != market.Draft && all.States[s.Name] == 0 {
				t.Errorf("no %s is %s", k, s.Name)
			}
		}
	}
	public, err := a.Market.Counters(t.Context(), authz.Actor{})
	if err != nil || public.Live < 700 || public.Negotiating == 0 || public.Registered == 0 {
		t.Errorf("%+v, %v", public, err)
	}
}

// settled asserts that what the server does of itself changes no number of the reports the city begins with.
func settled(t *testing.T, a *app.App) {
	err := a.Unit.Write(t.Context(), officer, "demo.settled", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "demo", What: "settled"})
		for _, kind := range []string{"monitor.measure", "monitor.lights", "plan.lights"} {
			if _, _, err := job.Enqueue(t.Context(), tx, job.Spec{Kind: kind}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := a.Jobs.RunDue(t.Context()); err != nil || n < 3 {
		t.Fatalf("%d jobs ran, %v", n, err)
	}
	if err := a.Feed.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := a.Report.ListReports(t.Context(), officer, report.Filter{}, db.PageReq{})
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("%d reports, %v", len(page.Items), err)
	}
	for _, x := range page.Items {
		d, err := a.Report.GetReport(t.Context(), officer, x.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Stale {
			t.Errorf("%s: %s was %s, is %s", x.Title, s.Name, s.Was, s.Now)
		}
	}
}
