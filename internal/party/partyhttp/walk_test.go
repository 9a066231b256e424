package partyhttp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
)

// TestPermissionWalk opens every page in every role and compares the statuses with the file. With
// YUNTU_UPDATE=1 it writes the file: read the difference before you keep it.
func TestPermissionWalk(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	own := w.org("officer", func(o *party.OrgData) { o.Name = "本企业有限公司" })
	w.folk.firm = own.ID
	public := w.org("officer", full(t))
	hidden := w.org("officer", func(o *party.OrgData) { o.Name = "退回的单位" })
	if a := w.post("officer", "/orgs/"+hidden.ID+"/step",
		form("do", "return", "version", "1", "reason", "补正")); a.Code != 303 {
		t.Fatal(a.Code)
	}
	expert := w.person(public.ID, func(p *party.NewPerson) { p.Public = true })
	private := w.person(public.ID, func(p *party.NewPerson) { p.Name = "不公开" })
	ids := strings.NewReplacer("OWN", own.ID, "PUBLIC", public.ID, "HIDDEN", hidden.ID,
		"EXPERT", expert.ID, "PRIVATE", private.ID)
	var roles []string
	for name := range actors {
		roles = append(roles, name)
	}
	slices.Sort(roles)
	roles = append([]string{""}, roles...)
	var b strings.Builder
	for _, path := range []string{"/orgs", "/orgs?format=csv", "/orgs/new", "/orgs/import",
		"/orgs/similar?name=x", "/orgs/OWN", "/orgs/OWN/edit", "/orgs/OWN/timeline",
		"/orgs/PUBLIC", "/orgs/PUBLIC/contacts", "/orgs/PUBLIC/people", "/orgs/PUBLIC/sources",
		"/orgs/PUBLIC/timeline", "/orgs/PUBLIC/merges", "/orgs/PUBLIC/edit", "/orgs/PUBLIC/merge",
		"/orgs/PUBLIC/step?do=return", "/orgs/HIDDEN", "/orgs/HIDDEN/timeline",
		"/orgs/HIDDEN/edit", "/people", "/people?format=csv", "/people/new", "/people/import",
		"/people/EXPERT", "/people/EXPERT/memberships", "/people/EXPERT/timeline",
		"/people/EXPERT/edit", "/people/PRIVATE", "/people/PRIVATE/edit", "/pick/region?q=x",
		"/pick/org?q=x"} {
		fmt.Fprintf(&b, "GET %s\n", path)
		byStatus := map[int][]string{}
		for _, who := range roles {
			a := w.get(who, ids.Replace(path))
			name := who
			if who == "" {
				name = "visitor"
			}
			byStatus[a.Code] = append(byStatus[a.Code], name)
		}
		for _, code := range []int{200, 301, 303, 403, 404, 409, 422, 500} {
			if len(byStatus[code]) > 0 {
				fmt.Fprintf(&b, "\t%d  %s\n", code, strings.Join(byStatus[code], " "))
			}
		}
	}
	file := filepath.Join("testdata", "permissions.txt")
	if os.Getenv("YUNTU_UPDATE") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

// Contacts are whole for those who keep the record, and nowhere else: page, API and list.
func TestContactsStayHidden(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", full(t))
	for who, whole := range map[string]bool{"officer": true, "leader": false, "district": true,
		"far": false, "": false, "expert": false, "firm": false} {
		for _, a := range []answer{w.get(who, "/orgs/"+o.ID+"/contacts"),
			w.call(who, "GET", "/orgs/"+o.ID, nil)} {
			if a.Code != 200 {
				t.Errorf("%s: %d", who, a.Code)
			}
			if got := strings.Contains(a.text, "13800001234"); got != whole {
				t.Errorf("%s sees the whole phone: %v", who, got)
			}
			if strings.Contains(a.text, "wang@example.cn") != whole {
				t.Errorf("%s: mail", who)
			}
		}
		if a := w.call(who, "GET", "/orgs", nil); strings.Contains(a.text, "1380000") {
			t.Errorf("%s: the list carries contacts", who)
		}
	}
}
