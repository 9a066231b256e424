package indicator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/indicator"
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
