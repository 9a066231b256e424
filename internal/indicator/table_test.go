package indicator_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// A table is taken in whole or not at all; what is wrong stands at its cell; what the desk exports is
// taken in again.
func TestObservationTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		id := x.indicator(t, "高新技术企业数", "家", true)
		x.define(t, id, quarterly())
		by := x.district(t, luzhou)
		x.assign(t, id, by, luzhou, shangdan)
		send := func(text string, dry bool) (indicator.ImportOutcome, error) {
			return x.ImportObservations(ctx, by, indicator.ObservationImport{DryRun: dry, Name: "a.csv",
				File: file(text)})
		}
		out, err := send(`
指标,所在地区,期别,数值,限定
高新技术企业数,潞州区,2026年二季度,1.5,等于
高新技术企业数,潞州区,2026-06,100,
没有的指标,长治市上党区,2026Q2,8,
高新技术企业数,140404,2026Q2,9,大约
高新技术企业数,140404,2026Q3,,
`, true)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range out.Problems.Kept {
			got = append(got, strings.Join([]string{string(rune('0' + p.Row)), p.Column}, " "))
		}
		want := []string{"4 indicator", "5 qualifier", "2 value", "3 period"}
		if diff := cmp.Diff(want, got); diff != "" || out.Skips != 1 || out.Rows != 5 {
			t.Errorf("problems %s, %+v", diff, out)
		}
		good := `
指标,所在地区,期别,数值
高新技术企业数,潞州区,2026年二季度,100
高新技术企业数,140404,2026Q2,40
`
		if out, err = send(good, true); err != nil || out.Adds != 2 || out.Done {
			t.Fatalf("dry run %+v, %v", out, err)
		}
		if n, _ := x.CountObservations(ctx, by, indicator.ObservationFilter{}); len(n) != 0 {
			t.Errorf("a dry run left %v", n)
		}
		if out, err = send(good, false); err != nil || out.Adds != 2 || !out.Done {
			t.Fatalf("import %+v, %v", out, err)
		}
		if out, err = send(good, false); err != nil || out.Changes != 2 {
			t.Fatalf("again %+v, %v", out, err)
		}
		_, err = send("指标,所在地区,期别,数值\n高新技术企业数,潞州区,2026Q2,x\n", false)
		wantKind(t, err, fault.Invalid)

		var table bytes.Buffer
		_, err = x.WriteDesk(ctx, by, indicator.DeskFilter{From: "2026-06-01"},
			indicator.Export{Format: sheet.XLSX}, &table)
		if err != nil {
			t.Fatal(err)
		}
		out, err = x.ImportObservations(ctx, by, indicator.ObservationImport{Name: "a.xlsx", File: &table})
		if err != nil || out.Changes != 2 || out.Skips != 2 {
			t.Errorf("desk again %+v, %v", out, err)
		}
		_, err = x.ImportObservations(ctx, leader, indicator.ObservationImport{Name: "a.csv", File: file(good)})
		wantKind(t, err, fault.Forbidden)
	})
}

// The sets that come with the program can be installed, written and read again without a change.
func TestShippedSets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		list, err := x.ShippedSets(ctx, officer)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, s.Code+" "+plan.PercentText(int64(s.Items)*100))
		}
		want := []string{"air-index 8", "city-30 30", "innocity-22 22", "park-2021 2", "park-2024 4", "water-class 13"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		for _, s := range list {
			out, err := x.ImportSet(ctx, officer, indicator.SetImport{Shipped: s.Code, DryRun: true})
			if err != nil || out.Done || len(out.Added) != s.Items || len(out.Faults) != 0 {
				t.Fatalf("dry run of %s: %+v, %v", s.Code, out, err)
			}
			out, err = x.ImportSet(ctx, officer, indicator.SetImport{Shipped: s.Code, InForce: "2016-01-01"})
			if err != nil || !out.Done || out.Set.Items != int64(s.Items) || out.Edition.From != "2016-01-01" {
				t.Fatalf("%s: %+v, %v", s.Code, out, err)
			}
			x.roundTrip(ctx, t, out.Set)
		}
		_, err = x.ImportSet(ctx, leader, indicator.SetImport{Shipped: "city-30"})
		wantKind(t, err, fault.Forbidden)
		// What two sets ask for is one indicator.
		all, err := x.Sets(ctx, d)
		if err != nil || len(all) != 6 {
			t.Fatalf("sets %v, %v", all, err)
		}
		in := map[string]int{}
		for _, s := range all {
			items, err := x.SetItems(ctx, d, s.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				in[i.Name]++
			}
		}
		if in["高新技术企业数"] != 2 || in["全社会R&D经费与GDP之比"] != 2 {
			t.Errorf("shared indicators %v", in)
		}
	})
}

// The formulas of the shipped sets are the ready ones, whose published values the engine is held to, over
// inputs in the units that those ask for.
func TestShippedFormulas(t *testing.T) {
	x, ctx := newLab(t, dbtest.SQLite(t)), t.Context()
	out, err := x.ImportSet(ctx, officer, indicator.SetImport{Shipped: "air-index", InForce: "2016-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	items, err := x.SetItems(ctx, x.db, out.Set.ID)
	if err != nil {
		t.Fatal(err)
	}
	units, formulas := map[string]string{}, map[string]string{}
	for _, i := range items {
		d, err := x.DefinitionAt(ctx, x.db, i.Indicator, "2026-01-31")
		if err != nil {
			t.Fatal(err)
		}
		units[i.Name], formulas[i.Name] = d.Unit, strings.Join(strings.Fields(d.Formula), "")
	}
	for _, r := range formula.ReadyFormulas {
		if r.Code != "air-index-2012" && r.Code != "air-index-2026" {
			continue
		}
		if got, want := formulas[r.Name], strings.Join(strings.Fields(r.Formula), ""); got != want {
			t.Errorf("%s is\n%s\nwant\n%s", r.Name, got, want)
		}
		for _, in := range r.Inputs {
			if units[in.Name] != in.Unit {
				t.Errorf("%s of %s is in %q, want %q", in.Name, r.Name, units[in.Name], in.Unit)
			}
		}
	}
}

// roundTrip writes a set in both forms and takes each in again: each makes a draft that changes nothing.
func (x *lab) roundTrip(ctx context.Context, t *testing.T, s indicator.Set) {
	t.Helper()
	ref := indicator.EditionRef{Set: s.ID}
	var asFile, asTable bytes.Buffer
	if err := x.WriteSetFile(ctx, officer, ref, &asFile); err != nil {
		t.Fatal(err)
	}
	_, err := x.WriteSet(ctx, officer, ref, indicator.Export{Format: sheet.XLSX}, &asTable)
	if err != nil {
		t.Fatal(err)
	}
	text := asFile.String()
	same := func(what string, in indicator.SetImport) {
		out, err := x.ImportSet(ctx, officer, in)
		if err != nil || len(out.Added)+len(out.Removed)+len(out.Indicators)+out.Definitions != 0 {
			t.Fatalf("%s of %s: %+v, %v\n%s", what, s.Code, out, err, text)
		}
		d, err := x.GetEdition(ctx, officer, indicator.EditionRef{Set: s.ID, N: out.Edition.N})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Changes {
			// A table holds no groups without indicators.
			if what == "file" || c.Of != indicator.OfGroup || c.Kind != indicator.Removed {
				t.Errorf("%s of %s changes %+v", what, s.Code, c)
			}
		}
		_, err = x.DiscardEdition(ctx, officer, indicator.Step{ID: d.ID, Reason: "试", Version: d.Version})
		if err != nil {
			t.Fatal(err)
		}
	}
	same("file", indicator.SetImport{Name: "a.yaml", File: strings.NewReader(text)})
	same("table", indicator.SetImport{SetData: s.SetData, Name: "a.xlsx", File: &asTable})
}

func TestSetFileFaults(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		send := func(name, text string) error {
			_, err := x.ImportSet(ctx, officer, indicator.SetImport{Name: name, File: file(text), DryRun: true})
			return err
		}
		wantFields(t, send("a.yaml", "code: [x"), "file")
		wantFields(t, send("a.yaml", "code: a\nnonsense: 1"), "file")
		wantFields(t, send("a.yaml", `
code: A B
name: 试
year: 2026
groups:
  - name: 一
    weight: -1
    items:
      - {name: 甲, unit: 个, direction: sideways, mark: maybe}
      - {name: 甲, unit: "", kind: measure}
`), "code", "groups.0.weight", "groups.0.items.0.direction", "groups.0.items.0.mark",
			"groups.0.items.1.name", "groups.0.items.1.unit", "groups.0.items.1.measure")
		x.indicator(t, "甲", "亿元", true)
		out, err := x.ImportSet(ctx, officer, indicator.SetImport{Name: "a.yaml", DryRun: true, File: file(
			"code: a\nname: 试\nyear: 2026\ngroups:\n  - name: 一\n    items:\n      - {name: 甲, unit: 个}\n")})
		if err != nil || len(out.Faults) != 1 || out.Faults[0].Name != "groups.0.items.0.unit" {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func FuzzReadSetFile(f *testing.F) {
	f.Add("code: a\nname: b\nyear: 2026\ngroups:\n  - name: c\n    items:\n      - {name: d, unit: 个, weight: 1.5}\n")
	f.Add("{")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := indicator.ReadSetFile(strings.NewReader(text))
		if _, ok := fault.As(err); err != nil && !ok {
			t.Errorf("%v is no fault: %+v", err, s)
		}
	})
}

// Rankings are stored as they were published and not twice.
func TestRankings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := indicator.NewRanking{RankingData: indicator.RankingData{Name: "国家创新型城市创新能力评价报告",
			Publisher: "中国科学技术信息研究所", Year: 2022, Region: city, Band: "百强", Source: "长治市新闻发布会，2023-06-25"}}
		r, err := x.CreateRanking(ctx, officer, in)
		if err != nil || r.Mark != indicator.Shaky {
			t.Fatalf("%+v, %v", r, err)
		}
		_, err = x.CreateRanking(ctx, officer, in)
		wantFields(t, err, "name")
		in.Year, in.Band, in.Place, in.Of = 2023, "", 102, 101
		in.URL = "javascript:alert(1)"
		_, err = x.CreateRanking(ctx, officer, in)
		wantFields(t, err, "place", "url")
		_, err = x.CreateRanking(ctx, leader, in)
		wantKind(t, err, fault.Forbidden)
		out, err := x.ImportRankings(ctx, officer, indicator.RankingImport{Name: "a.csv", File: file(`
榜单,年度,所在地区,位次,参评数,出处
国家创新型城市创新能力评价报告,2022,长治市,,,重复
城市科技创新竞争力百强,2024,太原市,32,100,新闻发布会
`), DryRun: true})
		if err != nil || out.Problems.Total != 1 || out.Problems.Kept[0].Column != "place" {
			t.Fatalf("%+v, %v", out.Problems, err)
		}
		out, err = x.ImportRankings(ctx, officer, indicator.RankingImport{Name: "a.csv", File: file(`
榜单,年度,所在地区,位次,档次,出处
国家创新型城市创新能力评价报告,2022,长治市,,百强,重复
城市科技创新竞争力百强,2024,太原市,32,,新闻发布会
`)})
		if err != nil || out.Adds != 1 || out.Skips != 1 || !out.Done {
			t.Fatalf("%+v, %v", out, err)
		}
		up := indicator.RankingUpdate{ID: r.ID, RankingData: r.RankingData, Version: r.Version}
		up.Note = "名次未公布"
		if r, err = x.UpdateRanking(ctx, officer, up); err != nil || r.Note != "名次未公布" {
			t.Fatal(err)
		}
		if err := x.RemoveRanking(ctx, officer, r.ID, r.Version); err != nil {
			t.Fatal(err)
		}
		page, err := x.ListRankings(ctx, leader, indicator.RankingFilter{}, db.PageReq{})
		if err != nil || len(page.Items) != 1 {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

// The set of 22 brings 24 tasks: put in force they are drafts in a ledger of their own, without any unit that would
// answer for them; a file keeps them, and a second installation drafts none twice.
func TestSetTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		install := func(in indicator.SetImport) indicator.SetOutcome {
			t.Helper()
			out, err := x.ImportSet(ctx, officer, in)
			return must(t, out, err)
		}
		out := install(indicator.SetImport{Shipped: "innocity-22"})
		tasks := func() []plan.Task {
			page, err := x.plan.ListTasks(ctx, officer, plan.TaskFilter{}, "", db.PageReq{Limit: 100})
			return must(t, page, err).Items
		}
		if out.Tasks != 24 || len(tasks()) != 0 {
			t.Fatalf("a draft of the set has %d tasks and made %d", out.Tasks, len(tasks()))
		}
		e, err := x.PublishEdition(ctx, officer, indicator.Publication{ID: out.Edition.ID, From: "2016-01-01",
			Version: out.Edition.Version})
		if err != nil {
			t.Fatal(err)
		}
		made := tasks()
		if len(made) != 24 {
			t.Fatalf("%d tasks", len(made))
		}
		for _, one := range made {
			if one.State != plan.TaskDraft || one.Lead != "" || len(one.Owners) != 0 || one.Region != city ||
				!strings.Contains(one.Content, "建议牵头（待落实单位）：") {
				t.Errorf("%+v", one)
			}
		}
		var text bytes.Buffer
		if err := x.WriteSetFile(ctx, officer, indicator.EditionRef{Set: e.Set, N: e.N}, &text); err != nil {
			t.Fatal(err)
		}
		back, err := indicator.ReadSetFile(&text)
		if err != nil || len(back.Tasks) != 24 {
			t.Errorf("the file has %d tasks, %v", len(back.Tasks), err)
		}
		install(indicator.SetImport{Shipped: "innocity-22", InForce: "2027-01-01"})
		if n := len(tasks()); n != 24 {
			t.Errorf("%d tasks after the set was installed again", n)
		}
		_, err = x.ImportSet(ctx, officer, indicator.SetImport{Name: "a.yaml", File: file("# nothing")})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "文件是空的") {
			t.Errorf("an empty file: %v", err)
		}
		_, err = x.ImportSet(ctx, officer, indicator.SetImport{Name: "a.yaml",
			File: file("year: " + strings.Repeat("9", 100_000))})
		if err == nil || len(err.Error()) > 2_000 {
			t.Errorf("a number of many digits is repeated in %d bytes", len(err.Error()))
		}
	})
}
