package partyhttp_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest"
)

func TestSmoke(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", full(t))
	p := w.person(o.ID, nil)
	for _, path := range []string{"/orgs", "/orgs?q=碳基&region=140100", "/orgs/new", "/orgs/import",
		"/orgs/similar?name=太原云帆", "/orgs/" + o.ID, "/orgs/" + o.ID + "/contacts",
		"/orgs/" + o.ID + "/people", "/orgs/" + o.ID + "/timeline", "/orgs/" + o.ID + "/sources",
		"/orgs/" + o.ID + "/merges", "/orgs/" + o.ID + "/edit", "/orgs/" + o.ID + "/merge",
		"/orgs/" + o.ID + "/step?do=return", "/people", "/people/new", "/people/import",
		"/people/" + p.ID, "/people/" + p.ID + "/memberships", "/people/" + p.ID + "/timeline",
		"/people/" + p.ID + "/edit", "/orgs?kind=zz", "/orgs?after=zz", "/orgs/zz",
		"/orgs?format=csv", "/people?format=csv", "/pick/region?q=小店", "/api/v1/orgs",
		"/api/v1/orgs/" + o.ID, "/api/v1/orgs/export?format=csv", "/api/v1/imports"} {
		a := w.get("officer", path)
		t.Log(a.Code, len(a.text), path)
		if a.Code >= 400 {
			t.Log(a.text[:min(len(a.text), 300)])
		}
	}
}
