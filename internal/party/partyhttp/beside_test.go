package partyhttp_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
)

var (
	rowLink    = regexp.MustCompile(`<th scope="row"><a href="(/(?:orgs|people)/[^"]+)">`)
	besideLink = regexp.MustCompile(`<a class="beside-(prev|next)" rel="(?:prev|next)" href="([^"]+)"`)
)

// steps returns the addresses that a record leads on to within its list.
func steps(page string) (prev, next string) {
	for _, m := range besideLink.FindAllStringSubmatch(page, -1) {
		if m[1] == "prev" {
			prev = html.UnescapeString(m[2])
		} else {
			next = html.UnescapeString(m[2])
		}
	}
	return prev, next
}

// idOf cuts the id of a record out of its address.
func idOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

// Stepping from the first record of a list to the next one, and the next, and back again, shows the
// list: page and API, each order, with and without a filter, for those who see all and those who
// see what is public.
func TestSteppingThroughAList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.stock(t)
		w.hidden(t)
		for i, name := range []string{"王一", "李二", "张三"} {
			w.person("", func(p *party.NewPerson) { p.Name, p.Public = name, i != 1 })
		}
		for _, list := range []string{"/orgs?", "/orgs?q=%E5%A4%AA%E5%8E%9F&sort=region",
			"/orgs?region=140100&kind=enterprise&sort=updated", "/people?sort=updated", "/people?"} {
			for _, who := range []string{"officer", ""} {
				w.walkList(t, who, list)
			}
		}
	})
}

func (w *world) walkList(t *testing.T, who, list string) {
	t.Helper()
	var want []string
	first := ""
	for path := list; path != ""; {
		a := w.get(who, path)
		for _, m := range rowLink.FindAllStringSubmatch(a.text, -1) {
			if first == "" {
				first = html.UnescapeString(m[1])
			}
			want = append(want, idOf(html.UnescapeString(m[1])))
		}
		path = next(a.text)
	}
	if len(want) < 2 {
		t.Fatalf("%s: only %d rows", list, len(want))
	}
	base, filter, _ := strings.Cut(list, "?")
	var got []string
	back, came := "", ""
	for path := first; path != ""; {
		a := w.get(who, path)
		if a.Code != 200 {
			t.Fatalf("%s: %d", path, a.Code)
		}
		got = append(got, idOf(path))
		prev, next := steps(a.text)
		if prev != back {
			t.Errorf("%s for %q: back from %s leads to %q, not %q", list, who, path, prev, back)
		}
		var b party.Beside
		w.call(who, "GET", base+"/"+idOf(path)+"/beside?"+filter, nil).json(t, &b)
		if b.Next == nil != (next == "") || b.Next != nil && b.Next.ID != idOf(next) ||
			b.Prev == nil != (came == "") || b.Prev != nil && b.Prev.ID != came {
			t.Errorf("%s for %q: the API says %+v beside %s", list, who, b, path)
		}
		back, came, path = path, idOf(path), next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s for %q:\n%s", list, who, diff)
	}
}

// Whatever one does to a record opened from a list, the list stays.
func TestTheListStays(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o, p := w.stock(t)
	const list = "?list=state%3Dverified%26sort%3Dname"
	for _, path := range []string{"/orgs/" + o.ID, "/orgs/" + o.ID + "/timeline",
		"/orgs/" + o.ID + "/edit", "/people/" + p.ID, "/people/" + p.ID + "/edit"} {
		a := w.get("officer", path+list)
		if a.Code != 200 {
			t.Fatalf("%s: %d", path, a.Code)
		}
		if n := strings.Count(a.text, "list=state%3Dverified%26sort%3Dname"); n < 2 {
			t.Errorf("%s leads on with the list in %d links", path, n)
		}
	}
	form := url.Values{"version": {"1"}, "do": {"return"}, "reason": {"地址不实"}}
	a := w.post("officer", "/orgs/"+o.ID+"/step"+list, form)
	if want := "/orgs/" + o.ID + list; a.Code != 303 || a.Header().Get("Location") != want {
		t.Fatalf("after a step: %d %s", a.Code, a.Header().Get("Location"))
	}
	// It is not among the verified any more, but still leads on from where it was.
	prev, next := steps(w.get("officer", "/orgs/"+o.ID+list).text)
	if prev != "" || next == "" {
		t.Errorf("after the step of the first: %q and %q", prev, next)
	}
}

// An address that somebody made up leads nowhere and breaks nothing.
func TestMadeUpLists(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o, p := w.stock(t)
	hidden := w.hidden(t)
	for _, list := range []string{"kind=castle", "%zz", ";", "after=x", "region=%00",
		"sort=%27%3BDROP", strings.Repeat("q=1&", 1000), "q=" + strings.Repeat("长", 101)} {
		for _, path := range []string{"/orgs/" + o.ID, "/people/" + p.ID} {
			a := w.get("", path+"?list="+url.QueryEscape(list))
			if a.Code != 200 {
				t.Errorf("%s with the list %.40q: %d", path, list, a.Code)
			}
		}
	}
	for who, want := range map[string]int{"": 404, "officer": 200} {
		for _, path := range []string{"/orgs/" + hidden.ID + "/beside",
			"/orgs/" + hidden.ID + "/beside?kind=enterprise"} {
			if a := w.call(who, "GET", path, nil); a.Code != want {
				t.Errorf("%q reads %s: %d", who, path, a.Code)
			}
		}
	}
	page := w.call("", "GET", "/orgs/"+o.ID+"/beside?kind=castle", nil)
	if page.Code != 422 || !strings.Contains(page.text, `"field":"kind"`) {
		t.Errorf("a wrong filter: %d %s", page.Code, page.text)
	}
}

// hidden stores an organisation that the public does not see.
func (w *world) hidden(t *testing.T) party.Org {
	t.Helper()
	o := w.org("officer", func(o *party.OrgData) { o.Name = "太原云帆退回有限公司" })
	s, _ := w.folk.Resume(t.Context(), "officer")
	o, err := w.party.FireOrganisation(t.Context(), s.Actor, party.OrgStep{ID: o.ID, Step: "return",
		Reason: "地址不实", Version: o.Version})
	if err != nil {
		t.Fatal(err)
	}
	return o
}
