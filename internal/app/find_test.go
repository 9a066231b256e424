package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/find"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// One box finds in every room what the reader may see there, and nothing else.
func TestFindKeepsToTheScopesOfTheRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.OpenOn(t, d)
		officer := authz.Actor{Account: "acc-officer", Login: "wang", Role: authz.Officer}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err := a.Party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: "太原石墨材料厂", Kind: "enterprise", Region: "140105", Standing: "active"}})
		must(err)
		_, err = a.Plan.CreateDocument(t.Context(), officer, plan.NewDocument{Text: "建设石墨中试基地。",
			DocumentData: plan.DocumentData{Title: "石墨产业计划", Kind: "plan", Region: "140100", Day: "2026-03-01"}})
		must(err)
		for _, c := range []struct {
			who  string
			by   authz.Actor
			want string
		}{
			{"an officer", officer, "org document"},
			{"a leader", authz.Actor{Account: "l", Role: authz.Leader}, "org document"},
			{"the public", authz.Actor{}, "org"},
		} {
			kinds := ""
			got, err := app.Find(a).Search(t.Context(), c.by, "石墨", "")
			must(err)
			for _, g := range got.Groups {
				if kinds += " " + g.Kind; len(g.Hits) != 1 {
					t.Errorf("%s: %d hits of %s", c.who, len(g.Hits), g.Kind)
				}
			}
			if want := " " + c.want; kinds != want {
				t.Errorf("%s found%s, want%s", c.who, kinds, want)
			}
		}
	})
}

// A saved view of the map is found by its name, cluster and conditions: a public one by everybody, a private one by
// who keeps it alone. Who has no views is not told that there are any.
func TestFindViews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.OpenOn(t, d)
		officer := authz.Actor{Account: "acc-officer", Login: "wang", Role: authz.Officer}
		leader := authz.Actor{Account: "acc-leader", Login: "li", Role: authz.Leader}
		for by, v := range map[*authz.Actor]atlas.ViewData{
			&officer: {Name: "碳基产业链", Cluster: "新材料集群", Query: "词:碳纤维", Public: true},
			&leader:  {Name: "碳基会前看", Query: "词:碳纤维"},
		} {
			if _, err := a.Atlas.CreateView(t.Context(), *by, atlas.ViewInput{ViewData: v}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			who         string
			by          authz.Actor
			query, want string
		}{
			{"the public", authz.Actor{}, "碳基", "碳基产业链"},
			{"a firm", authz.Actor{Account: "f", Role: authz.Enterprise, Org: "o"}, "碳纤维", "碳基产业链"},
			{"the public, by the cluster", authz.Actor{}, "新材料集群", "碳基产业链"},
			{"an officer", officer, "碳基", "碳基产业链"},
			{"who keeps it", leader, "碳基", "碳基产业链 碳基会前看"},
			{"another leader", authz.Actor{Account: "x", Role: authz.Leader}, "会前看", ""},
			{"an administrator", authz.Actor{Account: "s", Role: authz.SysAdmin}, "碳基", ""},
		} {
			got, err := app.Find(a).Search(t.Context(), c.by, c.query, "")
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, g := range got.Groups {
				for _, h := range g.Hits {
					if g.Kind == "view" {
						names = append(names, h.Title)
					}
				}
			}
			if found := strings.Join(names, " "); found != c.want {
				t.Errorf("%s finds %q, want %q", c.who, found, c.want)
			}
		}
		kinds := app.Find(a).Kinds(authz.Actor{Account: "s", Role: authz.SysAdmin})
		if slices.ContainsFunc(kinds, func(x find.Source) bool { return x.Kind == "view" }) {
			t.Error("an administrator is offered views")
		}
	})
}

// What has a number is found by it, first and alone.
func TestFindByNumber(t *testing.T) {
	c := apptest.NewCity(t)
	ctx := t.Context()
	officer := authz.Actor{Account: "acc-officer", Login: "wang", Role: authz.Officer}
	for _, x := range []struct{ kind, query, want string }{
		{"org", c.OwnOrg.USCC, c.OwnOrg.ID},
		{"org", strings.ToLower(c.OwnOrg.USCC), c.OwnOrg.ID},
		{"post", c.Achievement.Code, c.Achievement.ID},
		{"post", strings.ToLower(c.Need.Code), c.Need.ID},
		{"deal", c.Introduction.Code, c.Introduction.ID},
		{"task", c.Task.Code, c.Task.ID},
		{"show", c.Roadshow.Code, c.Roadshow.ID},
	} {
		got, err := app.Find(c.App).Search(ctx, officer, x.query, "")
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, g := range got.Groups {
			if g.Kind == x.kind && len(g.Hits) == 1 {
				found = g.Hits[0].ID
			}
		}
		if found != x.want {
			t.Errorf("%s %q finds %+v, want %s", x.kind, x.query, got.Groups, x.want)
		}
	}
}
