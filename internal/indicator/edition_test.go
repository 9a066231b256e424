package indicator_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// trialFile is a set of two groups whose weights add up.
const trialFile = `
code: trial
name: 试用体系
year: 2025
from: 2024-01-01
weighting: percent
groups:
  - name: 投入
    weight: 40
    items:
      - {name: 研发经费, unit: 亿元, additive: true, weight: 60, text: 全社会研发经费, dueDays: 10}
      - {name: 研发人员, unit: 人, weight: 40, text: 全时当量, places: 0}
  - name: 产出
    weight: 60
    items:
      - {name: 地区生产总值, unit: 亿元, weight: 30, text: 初步核算数}
      - {name: 研发强度, unit: "%", weight: 70, kind: formula, formula: 研发经费 / 地区生产总值, text: 占比}
`

// trial takes the set over and puts it in force.
func (x *lab) trial(t testing.TB) indicator.SetOutcome {
	t.Helper()
	out, err := x.ImportSet(t.Context(), officer, indicator.SetImport{Name: "a.yaml", File: file(trialFile),
		InForce: "2025-01-01"})
	return must(t, out, err)
}

// draft begins a draft of a set and changes it.
func (x *lab) draft(t testing.TB, set string, change func(*indicator.SetFile)) indicator.EditionDetail {
	t.Helper()
	e, err := x.DraftEdition(t.Context(), officer, indicator.NewDraft{Set: set, Note: "年度修订"})
	must(t, e, err)
	return x.edit(t, x.edition(t, set, e.N), change)
}

func (x *lab) edition(t testing.TB, set string, n int64) indicator.EditionDetail {
	t.Helper()
	d, err := x.GetEdition(t.Context(), officer, indicator.EditionRef{Set: set, N: n})
	return must(t, d, err)
}

func (x *lab) edit(
	t testing.TB, d indicator.EditionDetail, change func(*indicator.SetFile),
) indicator.EditionDetail {
	t.Helper()
	change(&d.Content)
	_, err := x.UpdateDraft(t.Context(), officer, indicator.DraftUpdate{ID: d.ID, Content: d.Content,
		Note: d.Note, Version: d.Version})
	if err != nil {
		t.Fatal(err)
	}
	return x.edition(t, d.Set, d.N)
}

func (x *lab) publish(d indicator.EditionDetail, from clock.Date) error {
	_, err := x.PublishEdition(context.Background(), officer, indicator.Publication{ID: d.ID, From: from, Version: d.Version})
	return err
}

func placesOf(list []fault.Field) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Name)
	}
	return out
}

// A draft changes nothing until it is put in force; from that day on the set, its definitions and breaks
// are those of the draft, and the edition before ends.
func TestEditionInForce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		set := x.trial(t).Set.ID
		e := x.draft(t, set, func(s *indicator.SetFile) {
			s.Groups[0].Items[0].Text = "全社会研发经费，含地方院所" // another thing is counted
			s.Groups[0].Items[0].Weight, s.Groups[0].Items[1].Weight = "50", "50"
			s.Groups[0].Items[1].DueDays = 15 // the calendar changes, the values go on
			s.Groups[1].Items[0].Text, s.Groups[1].Items[0].Continues = "最终核实数", true
			s.Groups[1].Items = append(s.Groups[1].Items[:1], indicator.FileItem{Name: "技术合同成交额", Unit: "亿元",
				Weight: "70", Text: "登记的合同"})
		})
		if len(e.Faults) != 0 || e.Adds != 1 || e.Defines != 4 {
			t.Fatalf("%+v", e)
		}
		var got []string
		for _, c := range e.Changes {
			line := c.Kind + " " + c.Name
			for _, f := range c.Fields {
				line += " " + f.Field
			}
			if c.Breaks {
				line += " !"
			}
			got = append(got, line)
		}
		want := []string{"changed 研发经费 weight text !", "changed 研发人员 weight dueDays", "changed 地区生产总值 text",
			"added 技术合同成交额", "removed 研发强度"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if items, _ := x.SetItems(ctx, d, set); items[3].Name != "研发强度" {
			t.Errorf("a draft is in force: %+v", items)
		}
		wantFields(t, x.publish(e, "2024-01-01"), "from", "from", "from", "from")
		wantFields(t, x.publish(e, ""), "from")
		x.publishOK(t, e, "2027-01-01")

		before, _ := x.SetItems(ctx, d, set)
		x.clock.Set(at("2027-01-01 00:00"))
		after, _ := x.SetItems(ctx, d, set)
		if before[3].Name != "研发强度" || after[3].Name != "技术合同成交额" || after[0].Weight != "50" {
			t.Errorf("in force by date: %v then %v", before, after)
		}
		first := x.edition(t, set, 1)
		if first.To != "2027-01-01" || x.edition(t, set, 2).State != indicator.EditionPublished {
			t.Errorf("editions %+v", first.Edition)
		}
		breaks := map[string]string{}
		all, err := x.AllDefinitions(ctx, d)
		for _, def := range all {
			if def.N == 2 {
				breaks[def.Name] = string(def.From) + " " + def.BreakNote
			}
		}
		if diff := cmp.Diff(map[string]string{"研发经费": "2027-01-01 《试用体系》第 2 版修改口径",
			"研发人员": "2027-01-01 ", "地区生产总值": "2027-01-01 "}, breaks); diff != "" || err != nil {
			t.Error(diff, err)
		}
		wantKind(t, x.publish(x.edition(t, set, 2), "2028-01-01"), fault.Conflict)
	})
}

// What is wrong with a draft stands at its field, in words, and hinders that it is put in force.
func TestDraftCheck(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		set := x.trial(t).Set.ID
		x.indicator(t, "专利数", "件", true)
		for _, c := range []struct {
			name   string
			change func(*indicator.SetFile)
			want   []string
		}{
			{"sums", func(s *indicator.SetFile) {
				s.Groups[0].Weight, s.Groups[1].Items[0].Weight = "50", "20"
			}, []string{"groups.1.items", "groups"}},
			{"lacking weights", func(s *indicator.SetFile) {
				s.Groups[0].Weight, s.Groups[0].Items[1].Weight = "", ""
			}, []string{"groups.0.items.1.weight", "groups.0.weight"}},
			{"dead dimension", func(s *indicator.SetFile) {
				s.Groups = append(s.Groups, indicator.FileGroup{Name: "环境", Weight: "0"})
			}, []string{"groups.2.name", "groups.2.weight"}},
			{"reference", func(s *indicator.SetFile) {
				s.Groups[1].Items[1].Formula = "研发经费 / 地区总产值"
			}, []string{"groups.1.items.1.formula"}},
			{"units", func(s *indicator.SetFile) {
				s.Groups[1].Items[1].Formula = "研发经费 + 研发人员"
			}, []string{"groups.1.items.1.formula"}},
			{"result", func(s *indicator.SetFile) {
				s.Groups[1].Items[1].Formula = "研发经费 + 地区生产总值"
			}, []string{"groups.1.items.1.formula"}},
			{"circle", func(s *indicator.SetFile) {
				s.Groups[0].Items[1].Kind, s.Groups[0].Items[1].Formula = indicator.Computed, "研发强度 * 1人"
				s.Groups[1].Items[1].Formula = "研发人员 / 1人"
			}, []string{"groups.0.items.1.formula", "groups.1.items.1.formula"}},
			{"unit of the indicator", func(s *indicator.SetFile) {
				s.Groups[0].Items[1].Name, s.Groups[0].Items[1].Unit = "专利数", "亿元"
			}, []string{"groups.0.items.1.unit"}},
			{"owner", func(s *indicator.SetFile) {
				s.Groups[0].Items[1].Owner = "没有这个局"
			}, []string{"groups.0.items.1.owner"}},
			{"nothing", func(s *indicator.SetFile) { s.Groups = nil }, []string{"groups"}},
		} {
			e := x.draft(t, set, c.change)
			if diff := cmp.Diff(c.want, placesOf(e.Faults)); diff != "" {
				t.Errorf("%s: %s%v", c.name, diff, e.Faults)
			}
			wantFields(t, x.publish(e, "2026-11-01"), c.want...)
			_, err := x.DiscardEdition(t.Context(), officer, indicator.Step{ID: e.ID, Reason: "试", Version: e.Version})
			if err != nil {
				t.Fatal(err)
			}
		}
		// Percent or shares; a gap may lack its weight, and relative weights need not add up.
		e := x.draft(t, set, func(s *indicator.SetFile) {
			s.Groups[0].Weight, s.Groups[1].Weight = "0.4", "0.6"
			s.Weighting = indicator.Relative
			s.Groups[1].Items[0].Weight = "0.8"
			x.org(t, "市统计局", city)
			s.Groups[0].Items[0].Owner = "市统计局"
		})
		if len(e.Faults) != 0 {
			t.Error(e.Faults)
		}
		x.publishOK(t, e, "2026-11-01")
		defs, err := x.DefinitionAt(t.Context(), d, x.item(t, set, "研发经费"), "2026-12-31")
		if err != nil || defs.OrgName != "市统计局" || defs.Org == "" || defs.Breaks {
			t.Errorf("%+v, %v", defs, err)
		}
	})
}

func (x *lab) publishOK(t testing.TB, d indicator.EditionDetail, from clock.Date) {
	t.Helper()
	if err := x.publish(d, from); err != nil {
		t.Fatal(err)
	}
}

// item is the id of an indicator of a set.
func (x *lab) item(t testing.TB, set, name string) string {
	t.Helper()
	items, err := x.SetItems(t.Context(), x.db, set)
	must(t, items, err)
	i := slices.IndexFunc(items, func(i indicator.Item) bool { return i.Name == name })
	if i < 0 {
		t.Fatalf("no %s in %v", name, items)
	}
	return items[i].Indicator
}

// A wrong field is refused and changes nothing; a draft is not edited twice at once, nor after its end.
func TestDraftEdit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		set := x.trial(t).Set.ID
		e := x.draft(t, set, func(s *indicator.SetFile) {})
		send := func(by authz.Actor, version int64, change func(*indicator.SetFile)) error {
			c := x.edition(t, set, 2).Content
			change(&c)
			_, err := x.UpdateDraft(ctx, by, indicator.DraftUpdate{ID: e.ID, Content: c, Version: version})
			return err
		}
		wantFields(t, send(officer, e.Version, func(s *indicator.SetFile) {
			s.Name = ""
			s.Groups[0].Items[0].Weight = "多"
			s.Groups[1].Items[1].Formula = "研发经费 /"
			s.Groups[1].Name = "投入"
		}), "name", "groups.0.items.0.weight", "groups.1.name", "groups.1.items.1.formula")
		wantKind(t, send(leader, e.Version, func(*indicator.SetFile) {}), fault.Forbidden)
		wantKind(t, send(x.district(t, luzhou), e.Version, func(*indicator.SetFile) {}), fault.NotFound)
		wantKind(t, send(officer, e.Version-1, func(*indicator.SetFile) {}), fault.Conflict)
		_, err := x.DraftEdition(ctx, officer, indicator.NewDraft{Set: set})
		wantKind(t, err, fault.Conflict)
		_, err = x.UpdateSet(ctx, officer, indicator.SetUpdate{ID: set, SetData: x.edition(t, set, 1).Content.Data(),
			Version: 2})
		wantKind(t, err, fault.Conflict)
		if got := x.edition(t, set, 2); got.Version != e.Version {
			t.Errorf("a refused change left %+v", got.Edition)
		}
		_, err = x.DiscardEdition(ctx, officer, indicator.Step{ID: e.ID, Version: e.Version})
		wantFields(t, err, "reason")
		_, err = x.DiscardEdition(ctx, leader, indicator.Step{ID: e.ID, Version: e.Version, Reason: "不改了"})
		wantKind(t, err, fault.Forbidden)
		if _, err = x.DiscardEdition(ctx, officer, indicator.Step{ID: e.ID, Version: e.Version, Reason: "不改了"}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, send(officer, e.Version+1, func(*indicator.SetFile) {}), fault.Conflict)
		// The bureau sees what became of the draft, others only what was put in force.
		for by, want := range map[*authz.Actor]int{&leader: 2, ptr(x.district(t, luzhou)): 1} {
			list, err := x.ListEditions(ctx, *by, set)
			if err != nil || len(list) != want {
				t.Errorf("%s sees %d editions, %v", by.Login, len(list), err)
			}
		}
	})
}

func ptr[T any](v T) *T { return &v }

// A set begins on pages, too; two editions are compared; every edition leaves as the file it would come as.
func TestEditionFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		_, err := x.CreateSet(ctx, officer, indicator.NewSet{SetData: indicator.SetData{Code: "A B", Year: 2026}})
		wantFields(t, err, "code", "name")
		e, err := x.CreateSet(ctx, officer, indicator.NewSet{SetData: indicator.SetData{Code: "own", Name: "自建体系",
			Year: 2026}})
		must(t, e, err)
		_, err = x.CreateSet(ctx, officer, indicator.NewSet{SetData: indicator.SetData{Code: "own", Name: "又一个",
			Year: 2026}})
		wantFields(t, err, "code")
		if list, err := x.Sets(ctx, d); err != nil || len(list) != 0 {
			t.Errorf("a set without an edition is in use: %v, %v", list, err)
		}
		one := x.edit(t, x.edition(t, e.Set, 1), func(s *indicator.SetFile) {
			s.Groups = []indicator.FileGroup{{Name: "总量", Items: []indicator.FileItem{{Name: "甲", Unit: "家",
				Weight: plan.Decimal("100")}}}}
		})
		x.publishOK(t, one, "2026-01-01")
		two := x.draft(t, e.Set, func(s *indicator.SetFile) { s.Groups[0].Items[0].Places = ptr(int64(0)) })
		c, err := x.CompareEditions(ctx, leader, e.Set, 1, 2)
		if err != nil || len(c.Changes) != 1 || c.Changes[0].Breaks || c.Changes[0].Fields[0].Field != "places" {
			t.Errorf("%+v, %v", c, err)
		}
		_, err = x.CompareEditions(ctx, x.district(t, luzhou), e.Set, 1, 2)
		wantKind(t, err, fault.NotFound)
		var text bytes.Buffer
		if err := x.WriteSetFile(ctx, officer, indicator.EditionRef{Set: e.Set, N: 2}, &text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), "places: 0\n") || !strings.Contains(text.String(), "weight: 100\n") {
			t.Error(text.String())
		}
		_, err = x.DiscardEdition(ctx, officer, indicator.Step{ID: two.ID, Reason: "试", Version: two.Version})
		must(t, 0, err)
		out, err := x.ImportSet(ctx, officer, indicator.SetImport{Name: "a.yaml", File: &text})
		if err != nil || out.Definitions != 1 || out.Edition.State != indicator.EditionDraft {
			t.Fatalf("%+v, %v", out, err)
		}
		three := x.edition(t, e.Set, 3)
		if diff := cmp.Diff(two.Content, three.Content); diff != "" {
			t.Error(diff)
		}
	})
}

// A definition of its own is held to the rule of sets: its formula speaks of what there is, in units that fit.
func TestFormulaOfDefinition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		x.trial(t)
		share := x.indicator(t, "研发强度（另算）", "%", false)
		for text, ok := range map[string]bool{"研发经费 / 地区生产总值": true, "研发经费 / 研发人员": false,
			"研发经费 / 没有的": false, "研发经费 +": false} {
			_, err := x.CreateDefinition(t.Context(), officer, indicator.NewDefinition{Indicator: share,
				DefinitionData: indicator.DefinitionData{Kind: indicator.Computed, Unit: "%", Frequency: "year",
					Formula: text, From: "2024-01-01"}})
			if ok && err != nil {
				t.Errorf("%s: %v", text, err)
			}
			if !ok {
				wantFields(t, err, "formula")
			}
		}
		// A limit of characters counts characters: these are 1,313 in more than 2,000 bytes.
		_, err := x.CreateDefinition(t.Context(), officer, indicator.NewDefinition{
			Indicator: x.indicator(t, "研发强度（很长）", "%", false), DefinitionData: indicator.DefinitionData{
				Kind: indicator.Computed, Unit: "%", Frequency: "year", From: "2024-01-01",
				Formula: "研发经费 / 地区生产总值" + strings.Repeat(" + 研发经费 / 研发经费", 100)}})
		if err != nil {
			t.Errorf("a formula of 1,313 characters: %v", err)
		}
	})
}
