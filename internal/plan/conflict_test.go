package plan_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// filed files a document of a place.
func (x *lab) filed(
	t *testing.T, title string, place region.Code, day clock.Date, text, replaces string,
) plan.Document {
	t.Helper()
	d, err := x.CreateDocument(t.Context(), officer, plan.NewDocument{DocumentData: plan.DocumentData{
		Title: title, Kind: "report", Region: place, Day: day}, Text: text, Replaces: replaces})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (x *lab) conflicts(t *testing.T, by authz.Actor, f plan.ConflictFilter) []plan.Conflict {
	t.Helper()
	page, err := x.ListConflicts(t.Context(), by, f, db.PageReq{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// Two documents that state one fact differently are found, whatever the unit; a decision needs a
// reason and an officer, and another amount opens it again.
func TestDocumentsContradict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		a := x.filed(t, "报告", "140100", "2026-01-08", "2025年，全市技术合同成交额达到64.8亿元。", "")
		x.filed(t, "公报", "140105", "2026-03-01", "2025年，全市技术合同成交额达到648000万元。", "")
		if got := x.conflicts(t, officer, plan.ConflictFilter{}); len(got) != 0 {
			t.Fatalf("one amount in two units: %v", got)
		}
		b := x.filed(t, "方案", "140105", "2026-02-01", "2025年，全市技术合同成交额达到68.4亿元。", "")
		got := x.conflicts(t, leader, plan.ConflictFilter{Document: b.ID})
		if len(got) != 1 || len(got[0].Places) != 3 || got[0].Places[0].Document != a.ID ||
			got[0].Places[1].Quote == "" || got[0].State != plan.ConflictOpen {
			t.Fatalf("%+v", got)
		}
		c := got[0]
		in := plan.ConflictDecision{ID: c.ID, State: plan.ConflictSettled, Holds: c.Places[0].ID,
			Version: c.Version}
		_, err := x.DecideConflict(t.Context(), officer, in)
		wantFields(t, err, "reason")
		in.Holds, in.Reason = "x", "以统计公报为准"
		_, err = x.DecideConflict(t.Context(), officer, in)
		wantFields(t, err, "holds")
		in.Holds = c.Places[0].ID
		_, err = x.DecideConflict(t.Context(), leader, in)
		wantKind(t, err, fault.Forbidden)
		if c, err = x.DecideConflict(t.Context(), officer, in); err != nil || c.DecidedBy != "officer" {
			t.Fatal(c, err)
		}
		_, err = x.DecideConflict(t.Context(), officer, in)
		wantKind(t, err, fault.Conflict)
		if n := len(x.conflicts(t, officer, plan.ConflictFilter{State: plan.ConflictOpen})); n != 0 {
			t.Errorf("%d are open", n)
		}
		x.filed(t, "要点", "140100", "2026-04-01", "2025年，全市技术合同成交额达到65亿元。", "")
		if n := len(x.conflicts(t, officer, plan.ConflictFilter{State: plan.ConflictOpen})); n != 1 {
			t.Errorf("another amount opens none: %d", n)
		}
	})
}

// Nobody learns of a document that he may not read, and an edition takes its words back.
func TestConflictsOfWhatOneMayRead(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	district := authz.Actor{Account: "acc-d", Login: "d", Role: authz.District, Region: "140105"}
	x.filed(t, "报告", "140100", "2026-01-08", "2025年，全市技术合同成交额达到64.8亿元。", "")
	b := x.filed(t, "方案", "140105", "2026-02-01", "2025年，全市技术合同成交额达到68.4亿元。", "")
	all := x.conflicts(t, officer, plan.ConflictFilter{})
	if len(all) != 1 {
		t.Fatal(all)
	}
	if got := x.conflicts(t, district, plan.ConflictFilter{}); len(got) != 0 {
		t.Errorf("the district sees %v", got)
	}
	_, err := x.GetConflict(t.Context(), district, all[0].ID)
	wantKind(t, err, fault.NotFound)
	x.filed(t, "通报", "140105", "2026-02-03", "2025年，全市技术合同成交额达到66亿元。", "")
	if got := x.conflicts(t, district, plan.ConflictFilter{}); len(got) != 1 || len(got[0].Places) != 2 {
		t.Errorf("of two documents of its own: %v", got)
	}
	if _, err := x.ListConflicts(t.Context(), visitor, plan.ConflictFilter{}, db.PageReq{}); err == nil {
		t.Error("the public may list them")
	}
	x.filed(t, "方案（修订）", "140105", "2026-02-01", "2025年，全市技术合同成交额达到66亿元。", b.ID)
	if got := x.conflicts(t, district, plan.ConflictFilter{}); len(got) != 0 {
		t.Errorf("the edition that was corrected still counts: %v", got)
	}
}

// Correcting a statement ends the conflict; taking that back brings it again.
func TestCorrectingEndsAConflict(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	x.filed(t, "报告", "140100", "2026-01-08", "2025年，全市技术合同成交额达到64.8亿元。", "")
	b := x.filed(t, "方案", "140100", "2026-02-01", "2025年，全市技术合同成交额达到68.4亿元。", "")
	list, err := x.Statements(t.Context(), officer, b.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	fix := plan.Correction{ID: list[0].ID, StatementData: list[0].StatementData,
		Version: list[0].Version}
	fix.Value = "64.8"
	st, err := x.CorrectStatement(t.Context(), officer, fix)
	if err != nil {
		t.Fatal(err)
	}
	if got := x.conflicts(t, officer, plan.ConflictFilter{}); len(got) != 0 {
		t.Errorf("%v", got)
	}
	_, err = x.UndoStatement(t.Context(), officer, plan.Undo{ID: st.ID, Version: st.Version})
	if err != nil {
		t.Fatal(err)
	}
	if got := x.conflicts(t, officer, plan.ConflictFilter{}); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
