package trailhttp_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/trail"
	"github.com/yuntu-city/yuntu/internal/trail/trailhttp"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var auditor = authz.Actor{Account: "a", Role: authz.Auditor}

// house has a trail of 60 entries by two people.
func house(t *testing.T) *webtest.House {
	u := dbtest.Unit(t, dbtest.SQLite(t))
	for i := range 60 {
		by := authz.Actor{Account: "p1", Login: "wang", Role: authz.Officer, Via: authz.ViaSession}
		if i%3 == 0 {
			by.Login = "li"
		}
		err := u.Write(context.Background(), by, "test.Do", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test.thing", Object: "x", What: "touch",
				Detail: map[string]string{"note": "<script>alert(1)</script>"}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return webtest.New(t, clock.System(), func(w *web.Server) []webtest.Door {
		return []webtest.Door{trailhttp.New(trail.New(u), w, clock.System())}
	})
}

func TestOnlyTheAuditorSeesTheTrail(t *testing.T) {
	h := house(t)
	for _, role := range authz.Roles() {
		for _, path := range []string{trailhttp.Path, trailhttp.Path + "/1", trailhttp.Path + "/export"} {
			got, want := h.Get(authz.Actor{Account: "x", Role: role}, path).Code, 403
			if role == authz.Auditor {
				want = 200
			}
			if got != want {
				t.Errorf("%s on %s: %d, want %d", role, path, got, want)
			}
		}
	}
}

func TestListFiltersAndPages(t *testing.T) {
	h := house(t)
	a := h.Get(auditor, trailhttp.Path)
	if !strings.Contains(a.Body, "共 60 条") || !strings.Contains(a.Body, "last=1") {
		t.Errorf("first page: %.300s", a.Body)
	}
	if a := h.Get(auditor, trailhttp.Path+"?login=li"); !strings.Contains(a.Body, "共 20 条") {
		t.Error("the filter by login does not narrow")
	}
	if a := h.Get(auditor, trailhttp.Path+"?from=2026-11-21"); !strings.Contains(a.Body, "没有符合条件") {
		t.Error("a day without entries is not said to be empty")
	}
	if a := h.Get(auditor, trailhttp.Path+"?from=yesterday"); a.Code != 422 {
		t.Errorf("a day that is none: %d", a.Code)
	}
	if a := h.Get(auditor, trailhttp.Path+"?after=%00&sort='"); a.Code != 422 {
		t.Errorf("a hostile place: %d", a.Code)
	}
}

func TestEntryAndProof(t *testing.T) {
	h := house(t)
	a := h.Get(auditor, trailhttp.Path+"/2")
	if a.Code != 200 || strings.Contains(a.Body, "<script>alert") {
		t.Errorf("entry: %d, or its content is not escaped", a.Code)
	}
	if a := h.Get(auditor, trailhttp.Path+"/999"); a.Code != 404 {
		t.Errorf("no such entry: %d", a.Code)
	}
	if a := h.Post(auditor, trailhttp.Path+"/verify", url.Values{}); a.Code != 303 {
		t.Errorf("verify: %d", a.Code)
	}
	export := h.Get(auditor, trailhttp.Path+"/export")
	proof, err := audit.VerifyFile(strings.NewReader(export.Body))
	if err != nil || proof.Count != 61 { // the export itself is on record, and in the file
		t.Errorf("the downloaded file: %+v, %v", proof, err)
	}
	if c := h.Call(auditor, "GET", "/audit?limit=5&login=wang", nil); c.Code != 200 ||
		!strings.Contains(c.Body, `"next"`) {
		t.Errorf("the operation: %d %.200s", c.Code, c.Body)
	}
}
