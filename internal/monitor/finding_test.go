package monitor_test

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
)

var qFindingEntries = db.Stmt(`SELECT COUNT(*) FROM audit_entry WHERE kind = 'monitor.finding'`)

// entriesOf counts what the record says of findings.
func entriesOf(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.Get(t.Context(), d, qFindingEntries, db.One[int64])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Suspicions are found from all rows and listed for the bureau; they do not depend on which targets the reader may
// see, and nobody else learns of them: not in the list, not in the count, not on the page of the indicator.
func TestFindings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		i := x.define("研发投入强度", "%", func(f *indicator.DefinitionData) { f.Frequency, f.Cumulative = "month", false })
		x.aim(i.ID, "%", "3") // a target of the city: only those who may read it see its light
		for p, v := range map[string]string{"2026-01": "3.1", "2026-02": "3.2", "2026-03": "3.3", "2026-04": "2.1",
			"2026-07": "3.4", "2026-08": "3.5"} { // nothing for May and June, behind the one bad month
			x.report(i.ID, city, series.Period(p), plan.Decimal(v))
		}
		x.settle()
		x.clock.Advance(2 * time.Hour)
		_, err := x.runner.RunDue(ctx)
		x.must(err)
		before := entriesOf(t, d)
		x.clock.Advance(2 * time.Hour)
		_, err = x.runner.RunDue(ctx)
		x.must(err)
		if n := entriesOf(t, d); n != before || n == 0 {
			t.Errorf("looking again and finding the same left %d entries of the record, %d before", n, before)
		}
		list := func(by authz.Actor) []monitor.FindingRow {
			page, err := x.ListFindings(ctx, by, monitor.FindingFilter{}, db.PageReq{})
			x.must(err)
			return page.Items
		}
		for _, by := range []authz.Actor{officer, leader} {
			got := list(by)
			if len(got) != 1 || got[0].Code != "gap" || len(got[0].Periods) != 2 || got[0].Region != city ||
				got[0].Name != "研发投入强度" || got[0].Text == got[0].English {
				t.Fatalf("%s sees %+v", by.Role, got)
			}
			n, err := x.CountFindings(ctx, by, monitor.FindingFilter{Region: "140000"})
			if err != nil || n["gap"] != 1 {
				t.Errorf("%s counts %v, %v", by.Role, n, err)
			}
			v, err := x.GetIndicator(ctx, by, i.ID, city, "")
			if err != nil || len(v.Findings) != 1 {
				t.Errorf("%s sees %+v on the page, %v", by.Role, v.Findings, err)
			}
		}
		_, err = x.ListFindings(ctx, district, monitor.FindingFilter{}, db.PageReq{})
		wantKind(t, err, fault.Forbidden)
		_, err = x.CountFindings(ctx, district, monitor.FindingFilter{})
		wantKind(t, err, fault.Forbidden)
		v, err := x.GetIndicator(ctx, district, i.ID, city, "")
		if err != nil || len(v.Findings) != 0 {
			t.Errorf("a district sees %+v, %v", v.Findings, err)
		}
		// What was reported later takes the suspicion away.
		x.report(i.ID, city, "2026-05", "3.1")
		x.report(i.ID, city, "2026-06", "3.1")
		x.settle()
		x.clock.Advance(2 * time.Hour)
		_, err = x.runner.RunDue(ctx)
		x.must(err)
		if got := list(officer); len(got) != 0 {
			t.Errorf("still %+v", got)
		}
	})
}
