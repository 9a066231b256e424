package trail_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/trail"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var auditor = authz.Actor{Account: "aud", Login: "aud", Role: authz.Auditor, Via: authz.ViaSession}

// room is the trail with n entries of one clerk.
func room(t *testing.T, d *db.DB, n int) *trail.Service {
	t.Helper()
	u := dbtest.Unit(t, d)
	clerk := authz.Actor{Account: "c", Login: "clerk", Role: authz.Officer, Via: authz.ViaSession}
	for range n {
		err := u.Write(t.Context(), clerk, "test.Write", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "thing", Object: "1", What: "create"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return trail.New(u)
}

// The trail is open to audit administrators and to nobody else, not even to the other two
// administrators.
func TestOnlyAuditorsSeeTheTrail(t *testing.T) {
	s := room(t, dbtest.SQLite(t), 1)
	ctx := t.Context()
	for _, role := range authz.Roles() {
		by := authz.Actor{Account: "x", Role: role, Org: "o", Region: "140100", Via: authz.ViaSession}
		calls := map[string]func() error{
			"list":   func() error { _, err := s.ListEntries(ctx, by, audit.Filter{}, "newest", db.PageReq{}); return err },
			"count":  func() error { _, _, err := s.CountEntries(ctx, by, audit.Filter{}); return err },
			"get":    func() error { _, _, err := s.GetEntry(ctx, by, 1); return err },
			"export": func() error { _, err := s.ExportEntries(ctx, by, 0, &bytes.Buffer{}); return err },
			"verify": func() error { _, err := s.VerifyEntries(ctx, by); return err },
		}
		for name, call := range calls {
			err := call()
			if role == authz.Auditor && err != nil {
				t.Errorf("an auditor: %s: %v", name, err)
			}
			if role != authz.Auditor && !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s may %s: %v", role, name, err)
			}
		}
	}
}

// Reading pages through the entries; counting counts them; an entry comes with the hash it stands
// on.
func TestReadTheTrail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d, 5), t.Context()
		page, err := s.ListEntries(ctx, auditor, audit.Filter{Login: "clerk"}, "oldest",
			db.PageReq{Limit: 2})
		if err != nil || len(page.Items) != 2 || page.Items[0].Seq != 1 || page.Next == "" {
			t.Fatalf("%+v, %v", page, err)
		}
		n, more, err := s.CountEntries(ctx, auditor, audit.Filter{Login: "clerk"})
		if n != 5 || more || err != nil {
			t.Errorf("counted %d, more %v, %v", n, more, err)
		}
		if n, _, _ := s.CountEntries(ctx, auditor, audit.Filter{Login: "nobody"}); n != 0 {
			t.Errorf("counted %d of nobody", n)
		}
		second, prev, err := s.GetEntry(ctx, auditor, 2)
		if err != nil || second.Seq != 2 || prev != page.Items[0].Hash {
			t.Errorf("entry %d on %s, %v", second.Seq, prev, err)
		}
		if _, _, err := s.GetEntry(ctx, auditor, 99); !fault.Is(err, fault.NotFound) {
			t.Errorf("an entry that is not there: %v", err)
		}
	})
}

var qForge = db.Stmt(`UPDATE audit_entry SET what = 'delete' WHERE seq = 3`)

// An export stands in the trail itself and verifies offline; a flipped word is found and named.
func TestExportAndVerify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d, 5), t.Context()
		var file bytes.Buffer
		n, err := s.ExportEntries(ctx, auditor, 0, &file)
		if err != nil || n != 6 { // the export is an entry, too
			t.Fatalf("exported %d, %v", n, err)
		}
		if !strings.Contains(file.String(), "trail.ExportEntries") {
			t.Error("the export does not stand in the trail")
		}
		if _, err := audit.VerifyFile(strings.NewReader(file.String())); err != nil {
			t.Errorf("the exported file: %v", err)
		}
		if _, err := s.ExportEntries(ctx, auditor, -1, &file); !fault.Is(err, fault.Invalid) {
			t.Errorf("after -1: %v", err)
		}
		proof, err := s.VerifyEntries(ctx, auditor)
		if err != nil || proof.Count != 6 {
			t.Fatalf("%+v, %v", proof, err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return db.ExecOne(ctx, tx, qForge) })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.VerifyEntries(ctx, auditor); !fault.Is(err, fault.Conflict) ||
			!strings.Contains(err.Error(), "3") {
			t.Errorf("a forged entry: %v", err)
		}
	})
}
