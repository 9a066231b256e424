package demo_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// grown asserts that what was published adds up exactly: 507 contracts of 3.062 billion yuan that Changzhi
// signed in 2022, and 22.8 billion yuan that Taiyuan signed in 2024. Nothing in the city can be mistaken for
// real but what a source names.
func grown(t *testing.T, a *app.App) {
	adds(t, a)
	marked(t, a)
	varied(t, a)
	published(t, a)
	observed(t, a)
	tasks, err := a.Plan.CountTasks(t.Context(), officer, plan.TaskFilter{})
	if err != nil || tasks.All != 24+3+4 { // of the plan; two of a meeting and one with a district; of red lights
		t.Errorf("%d tasks, %v", tasks.All, err)
	}
	if _, err := audit.VerifyDB(t.Context(), a.DB); err != nil {
		t.Error(err)
	}
}

// adds sums the contracts by the city of their place and the year in which they were signed.
func adds(t *testing.T, a *app.App) {
	t.Helper()
	type key struct{ city, year string }
	sums, counts := map[key]money.Fen{}, map[key]int{}
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := a.Deal.ListDeals(t.Context(), officer, deal.DealFilter{}, "code", req)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Items {
			if d.SignedOn == "" {
				continue
			}
			k := key{string(d.Region)[:4], string(d.SignedOn)[:4]}
			sums[k] += d.ContractFen
			counts[k]++
			if d.RegisteredOn != "" && string(d.RegisteredOn)[:4] != k.year {
				t.Errorf("%s was signed in %s and registered on %s", d.Code, k.year, d.RegisteredOn)
			}
		}
		if page.Next == "" {
			break
		}
		req.After = page.Next
	}
	if k := (key{"1404", "2022"}); sums[k] != 3_062_000_000_00 || counts[k] != 507 {
		t.Errorf("Changzhi 2022: %d contracts of %d fen", counts[k], sums[k])
	}
	if k := (key{"1401", "2024"}); sums[k] != 22_800_000_000_00 || counts[k] == 0 {
		t.Errorf("Taiyuan 2024: %d contracts of %d fen", counts[k], sums[k])
	}
	for _, year := range []string{"2022", "2023", "2024", "2025", "2026"} {
		for _, city := range []string{"1401", "1404"} {
			if counts[key{city, year}] == 0 {
				t.Errorf("%s has no contracts in %s", city, year)
			}
		}
	}
}

// marked asserts that every organisation, person and post is marked as invented, or comes from a
// named source.
func marked(t *testing.T, a *app.App) {
	t.Helper()
	orgs, real := 0, 0
	err := a.Party.ExportOrganisations(t.Context(), officer, party.OrgFilter{}, "name",
		func(o party.Org) error {
			orgs++
			switch {
			case strings.Contains(o.Name, "演示"):
			case strings.Contains(o.Summary, "据公开报道") && o.USCC == "" && len(o.Contacts) == 0:
				real++
			default:
				t.Errorf("%s could be taken for a real one", o.Name)
			}
			return nil
		})
	if err != nil || orgs < 850 || real != 22 {
		t.Errorf("%d organisations, %d named by sources, %v", orgs, real, err)
	}
	err = a.Party.ExportPeople(t.Context(), officer, party.PersonFilter{}, "name",
		func(p party.Person) error {
			if !strings.Contains(p.Name, "演示") {
				t.Errorf("%s could be taken for a real person", p.Name)
			}
			return nil
		})
	if err != nil {
		t.Error(err)
	}
}

// posts lists all posts.
func posts(t *testing.T, a *app.App) []market.Post {
	t.Helper()
	var out []market.Post
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := a.Market.ListPosts(t.Context(), officer, market.PostFilter{}, "code", req)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		req.After = page.Next
	}
}

// varied asserts that titles hardly repeat, texts not at all, and that nothing is left to be put in.
func varied(t *testing.T, a *app.App) {
	t.Helper()
	titles, texts := map[string]int{}, map[string]int{}
	all := posts(t, a)
	for _, p := range all {
		titles[p.Title]++
		texts[p.Text]++
		if strings.ContainsAny(p.Title+p.Text, "{}%") && strings.ContainsAny(p.Title+p.Text, "{}") {
			t.Errorf("%s: %s", p.Title, p.Text)
		}
		if !p.Invented() && !strings.Contains(p.Title, "演示") {
			t.Errorf("%s %s could be taken for a real one", p.Code, p.Title)
		}
		if p.PublishedUs != 0 && p.PublishedUs < p.CreatedUs {
			t.Errorf("%s was published before it was there", p.Code)
		}
	}
	if share := len(titles) * 1000 / len(all); share < 980 {
		t.Errorf("only %d of 1,000 titles are distinct", share)
	}
	if share := len(texts) * 1000 / len(all); share < 990 {
		t.Errorf("only %d of 1,000 texts are distinct", share)
	}
	for title, n := range titles {
		if n > 3 {
			t.Errorf("%d posts are called %s", n, title)
		}
	}
}

// published asserts that the numbers of the sources are confirmed statements, with how they were said.
func published(t *testing.T, a *app.App) {
	t.Helper()
	docs, err := a.Plan.ListDocuments(t.Context(), officer, plan.DocumentFilter{}, "",
		db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]plan.Statement{}
	confirmed := 0
	for _, d := range docs.Items {
		if !strings.HasPrefix(d.Title, "公开数据摘录") {
			continue
		}
		list, err := a.Plan.Statements(t.Context(), officer, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range list {
			if st.State == plan.StatementPending {
				t.Errorf("%s waits: %s", d.Title, st.Quote)
			}
			if st.Confirmed() {
				confirmed++
				said[st.Subject+st.Indicator+st.Measure+string(st.To)] = st
			}
		}
	}
	if confirmed != demo.SeedFacts() {
		t.Errorf("%d statements are confirmed of %d", confirmed, demo.SeedFacts())
	}
	for _, want := range []struct{ key, op, value, unit string }{
		{"长治市技术合同成交额level2022-12-31", "=", "30.62", "亿元"},
		{"长治市技术合同成交项数level2022-12-31", "=", "507", "项"},
		{"太原市技术合同成交额level2024-12-31", "=", "228", "亿元"},
		{"太原市科技型中小企业数量level2020-12-31", ">", "8700", "家"},
	} {
		st := said[want.key]
		if st.Op != want.op || string(st.Value) != want.value || st.Unit != want.unit {
			t.Errorf("%s: %s %s %s", want.key, st.Op, st.Value, st.Unit)
		}
	}
}

// The same seed gives the same posts, another seed other posts and organisations.
func TestGrowRepeatable(t *testing.T) {
	t.Parallel()
	said := func(seed uint64, city string) (list, registry []string) {
		a := apptest.Open(t)
		o := demo.Options{Seed: seed, City: city, Volume: demo.Volume{Orgs: 120, People: 10, Brokers: 1,
			Needs: 20, Results: 120, Deals: 1}}
		if err := demo.Fill(t.Context(), a, o, nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range posts(t, a) {
			list = append(list, strings.Join([]string{p.Title, p.Text, p.OrgName, string(p.Region),
				strconv.FormatInt(int64(p.PriceLoFen), 10), p.State}, "|"))
		}
		slices.Sort(list)
		registry, _, _ = registered(t, a)
		return list, registry
	}
	one, orgs := said(7, demo.Taiyuan)
	if same, _ := said(7, demo.Taiyuan); !slices.Equal(one, same) {
		t.Error("the same seed gives other posts")
	}
	if other, others := said(8, demo.Taiyuan); slices.Equal(one, other) || slices.Equal(orgs, others) {
		t.Error("another seed gives the same city")
	}
}

// An empty city has accounts and no records.
func TestEmpty(t *testing.T) {
	t.Parallel()
	a := apptest.Open(t)
	if err := demo.Empty(t.Context(), a, demo.Options{Seed: 1, City: demo.Changzhi}, nil); err != nil {
		t.Fatal(err)
	}
	n, err := a.Party.CountOrganisations(t.Context(), officer, party.OrgFilter{})
	if err != nil || n != 0 {
		t.Errorf("%d organisations, %v", n, err)
	}
	if name := a.Site.Current().Name; !strings.Contains(name, "长治") {
		t.Errorf("the site is called %s", name)
	}
	if len(demo.EmptyLogins(demo.Changzhi)) != len(demo.Logins(demo.Changzhi))-3 {
		t.Error("accounts that act for an organisation are printed")
	}
}

// observed asserts that the indicators have approved values of the city and its districts, that the
// published ones name their source, and that all others say that they are invented.
func observed(t *testing.T, a *app.App) {
	t.Helper()
	sourced, made, waiting := 0, 0, 0
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := a.Indicator.ListObservations(t.Context(), officer, indicator.ObservationFilter{}, "", req)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			switch {
			case o.State == indicator.Submitted:
				waiting++ // one district's latest values
			case o.State != indicator.Approved:
				t.Errorf("%s of %s is %s", o.Name, o.Period, o.State)
			case o.Origin != "":
				sourced++
			case strings.Contains(o.Note, "示范数据"):
				made++
			default:
				t.Errorf("%s of %s has no source and no mark", o.Name, o.Period)
			}
		}
		if page.Next == "" {
			break
		}
		req.After = page.Next
	}
	if sourced != 11 || made < 500 || waiting != 3 {
		t.Errorf("%d values from sources, %d invented, %d waiting", sourced, made, waiting)
	}
}
