package partyhttp_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// Both doors show a contact in part, and in full to who asks and may; the page does it with and
// without scripts.
func TestContactsInBothDoors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.org("officer", full(t))
		page := w.get("leader", "/orgs/"+o.ID+"/contacts").text
		for _, want := range []string{"王*", "138****1234", "w***@example.cn", "将记入时间线",
			`action="/orgs/` + o.ID + `/reveal?contact=0&amp;field=phone&amp;version=1"`} {
			if !strings.Contains(page, want) {
				t.Errorf("the leader's page lacks %s", want)
			}
		}
		if strings.Contains(page, "13800001234") {
			t.Error("the leader's page shows the whole number")
		}
		if page := w.get("", "/orgs/"+o.ID+"/contacts").text; strings.Contains(page, "/reveal") ||
			strings.Contains(page, "13800001234") {
			t.Error("a visitor is offered the number")
		}
		if page := w.get("officer", "/orgs/"+o.ID+"/contacts").text; strings.Contains(page, "/reveal") ||
			!strings.Contains(page, "13800001234") {
			t.Error("who keeps the record does not see the number")
		}
		path := "/orgs/" + o.ID + "/reveal"
		a := w.post("leader", path+"?contact=0&field=phone&version=1", url.Values{}, partial)
		if a.Code != 200 || !strings.HasPrefix(strings.TrimSpace(a.text), `<span class="masked" id="c-0-phone"`) ||
			!strings.Contains(a.text, "13800001234") {
			t.Errorf("with scripts: %d %.300s", a.Code, a.text)
		}
		a = w.post("leader", path+"?contact=0&field=name&version=1", url.Values{})
		if a.Code != 200 || !strings.Contains(a.text, "王小明") || !strings.Contains(a.text, "<h1>") {
			t.Errorf("without scripts: %d", a.Code)
		}
		a = w.call("leader", "POST", path, map[string]any{"contact": 0, "field": "email", "version": 1})
		if a.Code != 200 || !strings.Contains(a.text, `"email":"wang@example.cn"`) {
			t.Errorf("API: %d %s", a.Code, a.text)
		}
		if n := strings.Count(w.get("leader", "/orgs/"+o.ID+"/timeline").text, "查看完整信息"); n != 3 {
			t.Errorf("%d looks are in the timeline", n)
		}
		for who, want := range map[string][2]int{"": {403, 401}, "expert": {403, 403}, "far": {403, 403},
			"leader": {422, 422}} {
			page := w.post(who, path+"?contact=zz&field=phone&version=1", url.Values{})
			call := w.call(who, "POST", path, map[string]any{"contact": 9, "field": "phone", "version": 1})
			if got := [2]int{page.Code, call.Code}; got != want {
				t.Errorf("%q: page and API answer %v, not %v", who, got, want)
			}
		}
		if a := w.post("leader", path+"?contact=0&field=phone&version=7", url.Values{}); a.Code != 409 {
			t.Errorf("another version: %d", a.Code)
		}
	})
}
