package jobhttp_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/job/jobhttp"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var (
	admin   = authz.Actor{Account: "admin", Role: authz.SysAdmin}
	officer = authz.Actor{Account: "officer", Role: authz.Officer}
	other   = authz.Actor{Account: "other", Role: authz.Enterprise}
)

// house has one waiting job of the officer; its id is returned.
func house(t *testing.T) (*webtest.House, string) {
	t.Helper()
	u := dbtest.Unit(t, dbtest.SQLite(t))
	var jobID string
	err := u.Write(t.Context(), officer, "test.Start", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", Object: "1", What: "start"})
		var err error
		jobID, _, err = job.Enqueue(t.Context(), tx,
			job.Spec{Kind: "party.import.run", Args: map[string]string{"secret": "s3cret"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	desk := job.NewDesk(u)
	return webtest.New(t, clock.System(), func(w *web.Server) []webtest.Door {
		return []webtest.Door{jobhttp.New(desk, w)}
	}), jobID
}

func TestWhoSeesWhichJob(t *testing.T) {
	h, jobID := house(t)
	for _, c := range []struct {
		who        string
		as         authz.Actor
		list, show int
		sees       bool
	}{
		{"system administrator", admin, 200, 200, true},
		{"owner", officer, 200, 200, true},
		{"somebody else", other, 200, 404, false},
		{"another officer", authz.Actor{Account: "x", Role: authz.Officer}, 200, 404, false},
		{"security administrator", authz.Actor{Account: "s", Role: authz.SecAdmin}, 200, 404, false},
		{"auditor", authz.Actor{Account: "u", Role: authz.Auditor}, 200, 404, false},
		{"visitor", authz.Actor{}, 303, 303, false},
	} {
		a := h.Get(c.as, jobhttp.Path)
		if a.Code != c.list || strings.Contains(a.Body, jobID) != c.sees {
			t.Errorf("%s: list %d, sees the job: %t", c.who, a.Code, strings.Contains(a.Body, jobID))
		}
		if a := h.Get(c.as, jobhttp.Path+"/"+jobID); a.Code != c.show {
			t.Errorf("%s: job %d, want %d", c.who, a.Code, c.show)
		}
		if a := h.Get(c.as, jobhttp.Path+"/"+jobID+"/cancel"); a.Code != c.show {
			t.Errorf("%s: question %d, want %d", c.who, a.Code, c.show)
		}
	}
}

func TestFilters(t *testing.T) {
	h, jobID := house(t)
	for path, sees := range map[string]bool{
		"":                       true,
		"?state=available":       true,
		"?state=done":            false,
		"?kind=party.import.run": true,
		"?kind=other":            false,
		"?mine=1":                false,
		"?sort=due":              true,
		"?sort=nonsense":         true,
	} {
		a := h.Get(admin, jobhttp.Path+path)
		if a.Code != 200 || strings.Contains(a.Body, jobID) != sees {
			t.Errorf("%q: %d, sees the job: %t", path, a.Code, strings.Contains(a.Body, jobID))
		}
	}
	for _, path := range []string{"?state=nonsense", "?kind=" + strings.Repeat("x", 101)} {
		if a := h.Get(admin, jobhttp.Path+path); a.Code != 422 {
			t.Errorf("%q: %d, want 422", path, a.Code)
		}
	}
}

// The fragment that polls carries everything that changes, and no frame.
func TestFragmentPolls(t *testing.T) {
	h, jobID := house(t)
	r := httptest.NewRequest("GET", jobhttp.Path+"/"+jobID, nil)
	r.Header.Set("HX-Request-Type", "partial")
	a := h.Do(officer, r)
	if strings.Contains(a.Body, "<html") || !strings.Contains(a.Body, "hx-trigger") {
		t.Errorf("fragment: %.400s", a.Body)
	}
	if a := h.Get(officer, jobhttp.Path+"/"+jobID); !strings.Contains(a.Body, `http-equiv="refresh"`) {
		t.Error("the page does not reload itself without scripts")
	}
}

func TestCancel(t *testing.T) {
	h, jobID := house(t)
	page := jobhttp.Path + "/" + jobID + "/cancel"
	for _, reason := range []string{"", "  ", strings.Repeat("长", 201)} {
		a := h.Post(officer, page, url.Values{"reason": {reason}})
		p := h.Call(officer, "POST", "/jobs/"+jobID+"/cancel", map[string]string{"reason": reason})
		if a.Code != 422 || p.Code != 422 {
			t.Fatalf("reason %.10q: page %d, API %d, want 422", reason, a.Code, p.Code)
		}
		errs := p.Problem(t).Errors
		if len(errs) != 1 || errs[0].Field != "reason" || !strings.Contains(a.Body, errs[0].Detail) {
			t.Errorf("page and API do not say the same: %+v", errs)
		}
	}
	if a := h.Post(other, page, url.Values{"reason": {"恶作剧"}}); a.Code != 404 {
		t.Errorf("somebody else cancels: %d", a.Code)
	}
	if a := h.Post(officer, page, url.Values{"reason": {"文件传错了"}}); a.Code != 303 {
		t.Fatalf("cancel: %d %.300s", a.Code, a.Body)
	}
	a := h.Get(officer, jobhttp.Path+"/"+jobID)
	if !strings.Contains(a.Body, "已取消") || strings.Contains(a.Body, "hx-trigger=\"every") {
		t.Error("a cancelled job still polls, or is not shown as cancelled")
	}
	if a := h.Get(officer, page); a.Code != 409 {
		t.Errorf("asking about a finished job: %d, want 409", a.Code)
	}
	for door, code := range map[string]int{
		"page": h.Post(officer, page, url.Values{"reason": {"再来"}}).Code,
		"API": h.Call(officer, "POST", "/jobs/"+jobID+"/cancel",
			map[string]string{"reason": "再来"}).Code,
	} {
		if code != 409 {
			t.Errorf("%s: cancelling twice: %d, want 409", door, code)
		}
	}
}

func TestAPI(t *testing.T) {
	h, jobID := house(t)
	for _, c := range []struct {
		as   authz.Actor
		path string
		code int
		has  string
	}{
		{officer, "/jobs", 200, jobID},
		{other, "/jobs", 200, `"items":[]`},
		{admin, "/jobs?state=running", 200, `"items":[]`},
		{admin, "/jobs?state=nonsense", 422, `"field":"state"`},
		{admin, "/jobs?limit=0", 422, `"field":"limit"`},
		{admin, "/jobs?sort=name", 422, `"field":"sort"`},
		{admin, "/jobs/count", 200, `"available":1`},
		{other, "/jobs/count", 200, `{}`},
		{officer, "/jobs/" + jobID, 200, "s3cret"},
		{other, "/jobs/" + jobID, 404, ""},
		{admin, "/jobs/none", 404, ""},
	} {
		a := h.Call(c.as, "GET", c.path, nil)
		if a.Code != c.code || !strings.Contains(a.Body, c.has) {
			t.Errorf("%s %s: %d %.300s", c.as.Account, c.path, a.Code, a.Body)
		}
	}
	// What a job works on is its owner's.
	a := h.Call(admin, "GET", "/jobs/"+jobID, nil)
	if !json.Valid([]byte(a.Body)) || strings.Contains(a.Body, "s3cret") {
		t.Errorf("the administrator reads the arguments: %s", a.Body)
	}
}

func TestEnglish(t *testing.T) {
	h, jobID := house(t)
	for _, path := range []string{"", "/" + jobID, "/" + jobID + "/cancel"} {
		h.English(t, admin, jobhttp.Path+path)
	}
}
