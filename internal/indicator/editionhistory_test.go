package indicator_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qBlankEdition = db.Stmt(`UPDATE indicator_set_edition SET content = '', from_day = '' WHERE id = $1`)

// old makes an edition one from before there were drafts: only its rows say what it is.
func (x *lab) old(t testing.TB, editionID string) {
	t.Helper()
	err := x.unit.Write(t.Context(), officer, "test.Old", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "update"})
		return db.ExecOne(t.Context(), tx.Tx, qBlankEdition, editionID)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An edition from before there were drafts still says what it said when the next one is in force.
func TestOldEditionStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		out := x.trial(t)
		set := out.Set.ID
		x.old(t, out.Edition.ID)
		before := x.edition(t, set, 1).Content
		e := x.draft(t, set, func(s *indicator.SetFile) {
			s.Name, s.Year = "新的体系", 2026
			s.Groups[0].Items[0].Text = "另一种口径"
		})
		x.publishOK(t, e, "2026-11-01")
		if diff := cmp.Diff(before, x.edition(t, set, 1).Content); diff != "" {
			t.Error(diff)
		}
		c, err := x.CompareEditions(ctx, officer, set, 1, 2)
		if err != nil || len(c.Changes) != 2 || len(c.Changes[0].Fields) != 2 || !c.Changes[1].Breaks {
			t.Errorf("%+v, %v", c.Changes, err)
		}
	})
}

// An edition that is put in force from a day to come changes what is said about the set on that day, not before;
// what is written about the set in between stays until then.
func TestComingEditionHeader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		set := x.trial(t).Set.ID
		lock, err := x.LockPeriod(ctx, officer, indicator.NewLock{Kind: indicator.LockSet, Object: set, Period: "2025", Reason: "年报"})
		must(t, lock, err)
		e := x.draft(t, set, func(s *indicator.SetFile) { s.Name, s.Year, s.Note = "新的体系", 2027, "已核实" })
		x.publishOK(t, e, "2027-01-01")
		says := func(name string, year int64) {
			t.Helper()
			one, err := x.GetSet(ctx, officer, set)
			must(t, one, err)
			all, err := x.ListSets(ctx, officer)
			must(t, all, err)
			used, err := x.Sets(ctx, d)
			must(t, used, err)
			of, err := x.DefinitionsOf(ctx, officer, x.item(t, set, "研发经费"))
			must(t, of, err)
			for _, s := range []indicator.Set{one.Set, all[0], used[0], of.Sets[0]} {
				if s.Name != name || s.Year != year || s.Code != "trial" {
					t.Errorf("%s: %+v, want %s", x.clock.Now(), s, name)
				}
			}
			locks, err := x.ListLocks(ctx, officer, true, db.PageReq{})
			if err != nil || locks.Items[0].Name != name {
				t.Errorf("%+v, %v", locks.Items, err)
			}
		}
		update := func(name string) {
			t.Helper()
			one, err := x.GetSet(ctx, officer, set)
			must(t, one, err)
			one.Name = name
			_, err = x.UpdateSet(ctx, officer, indicator.SetUpdate{ID: set, SetData: one.SetData, Version: one.Version})
			must(t, 0, err)
		}
		says("试用体系", 2025)
		update("试用体系（暂行）")
		says("试用体系（暂行）", 2025)
		next := x.draft(t, set, func(*indicator.SetFile) {})
		if next.Content.Name != "新的体系" || next.Content.Year != 2027 {
			t.Errorf("a draft begins as %s %d", next.Content.Name, next.Content.Year)
		}
		_, err = x.DiscardEdition(ctx, officer, indicator.Step{ID: next.ID, Reason: "试", Version: next.Version})
		must(t, 0, err)
		x.clock.Set(at("2027-01-01 00:00"))
		says("新的体系", 2027)
		update("新的体系（修）")
		says("新的体系（修）", 2027)
	})
}

// What is asked for as the edition in force is the one of today, with the definitions of today, not one to come.
func TestExportInForce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		set := x.trial(t).Set.ID
		export := func() string {
			t.Helper()
			var yaml, table bytes.Buffer
			ref := indicator.EditionRef{Set: set}
			if err := x.WriteSetFile(ctx, officer, ref, &yaml); err != nil {
				t.Fatal(err)
			}
			_, err := x.WriteSet(ctx, officer, ref, indicator.Export{Format: sheet.CSV}, &table)
			must(t, 0, err)
			for _, word := range []string{"另一种口径", "技术合同成交额"} {
				if strings.Contains(table.String(), word) != strings.Contains(yaml.String(), word) {
					t.Errorf("%s is in one form only", word)
				}
			}
			return yaml.String()
		}
		now := export()
		e := x.draft(t, set, func(s *indicator.SetFile) {
			s.Name = "新的体系"
			s.Groups[0].Items[0].Text = "另一种口径"
			s.Groups[1].Items[1] = indicator.FileItem{Name: "技术合同成交额", Unit: "亿元", Weight: "70", Text: "登记的合同"}
		})
		x.publishOK(t, e, "2027-01-01")
		if diff := cmp.Diff(now, export()); diff != "" {
			t.Error(diff)
		}
		x.clock.Set(at("2027-01-01 00:00"))
		for _, word := range []string{"新的体系", "另一种口径", "技术合同成交额"} {
			if text := export(); !strings.Contains(text, word) {
				t.Errorf("no %s in\n%s", word, text)
			}
		}
	})
}

// The first edition that is put in force counts from the day its file names, whatever its number is.
func TestFirstDayOfFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		take := func(inForce clock.Date) indicator.SetOutcome {
			t.Helper()
			out, err := x.ImportSet(ctx, officer, indicator.SetImport{Name: "a.yaml", File: file(trialFile), InForce: inForce})
			return must(t, out, err)
		}
		e := take("").Edition
		_, err := x.DiscardEdition(ctx, officer, indicator.Step{ID: e.ID, Reason: "试", Version: e.Version})
		must(t, 0, err)
		out := take("2025-01-01")
		defs, err := x.Definitions(ctx, d, x.item(t, out.Set.ID, "研发经费"))
		if err != nil || out.Edition.N != 2 || len(defs) != 1 || defs[0].From != "2024-01-01" {
			t.Errorf("edition %d: %+v, %v", out.Edition.N, defs, err)
		}
	})
}

// An indicator whose last definition was ended is defined again by an edition, from the day it ended on or later.
func TestEndedDefinition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		set := x.trial(t).Set.ID
		people, money := x.item(t, set, "研发人员"), x.item(t, set, "研发经费")
		for _, id := range []string{people, money} {
			defs, err := x.Definitions(ctx, d, id)
			must(t, defs, err)
			_, err = x.CloseDefinition(ctx, officer, indicator.DefinitionEnd{ID: defs[0].ID, To: "2026-12-01",
				Version: defs[0].Version})
			must(t, 0, err)
		}
		e := x.draft(t, set, func(s *indicator.SetFile) { s.Groups[0].Items[0].Text = "另一种口径" })
		if e.Defines != 2 {
			t.Errorf("%d definitions, want 2", e.Defines)
		}
		wantFields(t, x.publish(e, "2026-11-30"), "from", "from")
		x.publishOK(t, e, "2026-12-01")
		for _, id := range []string{people, money} {
			defs, err := x.Definitions(ctx, d, id)
			if err != nil || len(defs) != 2 || defs[1].From != "2026-12-01" || defs[1].To != "" ||
				defs[1].Breaks != (id == money) {
				t.Errorf("%+v, %v", defs, err)
			}
		}
	})
}
