package homehttp_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/party"
)

// One finds the forms one did not send in the workspace, opens or discards them there; the API has
// the same.
func TestMyDrafts(t *testing.T) {
	c := newCity(t)
	o := c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	hasNot(t, "workspace without drafts", c.Get(officer, "/workspace").Body, "未提交的草稿")
	s := draft.New(c.unit.DB(), c.clock)
	for _, form := range []string{"party.org:new", "party.org:" + o.ID, "old.form:7"} {
		if _, err := s.Save(t.Context(), officer, form, url.Values{"name": {"甲"}}); err != nil {
			t.Fatal(err)
		}
	}
	c.clock.Advance(2 * time.Hour)
	page := c.Get(officer, "/workspace").Body
	has(t, "workspace", page, "未提交的草稿", `href="/orgs/new"`, "登记组织",
		`href="/orgs/`+o.ID+`/edit"`, "晋云材料有限公司", "2 小时前", "2027-01-19", "已停用的表单",
		`value="party.org:new"`, `value="old.form:7"`)
	hasNot(t, "workspace of another", c.Get(leader, "/workspace").Body, "未提交的草稿")

	a := c.Post(officer, "/workspace/drafts", url.Values{"form": {"party.org:new"}})
	if a.Code != 303 || a.Header.Get("Location") != "/workspace" {
		t.Fatalf("discard: %d", a.Code)
	}
	hasNot(t, "workspace after that", c.Get(officer, "/workspace").Body, `value="party.org:new"`)

	var list []draft.Line
	a = c.Call(officer, "GET", "/drafts", nil)
	if err := json.Unmarshal([]byte(a.Body), &list); err != nil || len(list) != 2 {
		t.Fatalf("API: %d %s", a.Code, a.Body)
	}
	if a := c.Call(leader, "DELETE", "/drafts/old.form:7", nil); a.Code != 204 {
		t.Errorf("what is not there: %d %s", a.Code, a.Body)
	}
	for range 2 { // gone is gone
		if a := c.Call(officer, "DELETE", "/drafts/old.form:7", nil); a.Code != 204 {
			t.Errorf("API discards: %d %s", a.Code, a.Body)
		}
	}
	list = nil
	a = c.Call(officer, "GET", "/drafts", nil)
	if err := json.Unmarshal([]byte(a.Body), &list); err != nil || len(list) != 1 ||
		list[0].Form != "party.org:"+o.ID {
		t.Errorf("left: %s", a.Body)
	}
	if a := c.Call(authz.Actor{}, "GET", "/drafts", nil); a.Code != 401 {
		t.Errorf("a visitor: %d", a.Code)
	}
}

// A draft about a record that one cannot read any more is named by its form only.
func TestDraftOfWhatIsHidden(t *testing.T) {
	c := newCity(t)
	o := c.claimed(t, "待核验有限公司", "", "140105")
	by := authz.Actor{Account: "firm", Role: authz.Public}
	s := draft.New(c.unit.DB(), c.clock)
	if _, err := s.Save(t.Context(), by, "party.org:"+o.ID, url.Values{}); err != nil {
		t.Fatal(err)
	}
	page := c.Get(by, "/workspace").Body
	has(t, "workspace", page, "您现在不能打开这份档案")
	hasNot(t, "workspace", page, o.Name, "/orgs/"+o.ID+"/edit")
	if party.OrgPolicy.May(by, party.ActOrgRead, o) == nil {
		t.Fatal("the record is not hidden: the test proves nothing")
	}
}
