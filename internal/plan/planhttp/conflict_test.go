package planhttp_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// contradict files two documents that state one fact differently, and returns the second and the
// conflict.
func (h *house) contradict() (document string, c plan.Conflict) {
	h.t.Helper()
	for title, value := range map[string]string{"统计公报": "64.8", "工作报告": "68.4"} {
		d, err := h.plan.CreateDocument(h.t.Context(), officer, plan.NewDocument{
			DocumentData: plan.DocumentData{Title: title, Kind: "report", Region: "140100",
				Day: "2026-02-01"},
			Text: "2025年，全市技术合同成交额达到" + value + "亿元。"})
		if err != nil {
			h.t.Fatal(err)
		}
		document = d.ID
	}
	page, err := h.plan.ListConflicts(h.t.Context(), officer, plan.ConflictFilter{}, db.PageReq{})
	if err != nil || len(page.Items) != 1 {
		h.t.Fatal(page, err)
	}
	return document, page.Items[0]
}

// The tab of a document, the list and the record show both words with links to them; the form keeps
// a decision with its reason, and only for those who may review.
func TestContradictions(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	doc, c := h.contradict()
	path := "/documents/conflicts/" + c.ID
	for _, page := range []string{"/documents/conflicts", "/documents/" + doc + "/conflicts", path} {
		a := h.Get(leader, page)
		for _, want := range []string{"64.8 亿元", "68.4 亿元", "row=" + c.Places[0].ID, "row=" + c.Places[1].ID} {
			if a.Code != 200 || !strings.Contains(a.Body, want) {
				t.Errorf("%s (%d) lacks %s", page, a.Code, want)
			}
		}
	}
	if a := h.Get(leader, path); strings.Contains(a.Body, `name="reason"`) {
		t.Error("a leader is offered the decision")
	}
	v := values("version", v2s(c.Version), "state", "settled:"+c.Places[1].ID)
	if got := said(t, h.Post(officer, path, v).Body); got["f-reason"] == "" {
		t.Errorf("without a reason: %v", got)
	}
	v.Set("reason", "以统计公报为准")
	h.sent(officer, path, v)
	if a := h.Get(officer, path); !strings.Contains(a.Body, "以此为准") {
		t.Error("the page does not say which holds")
	}
	call := h.Call(officer, "POST", "/conflicts/"+c.ID+"/decision",
		map[string]any{"state": "explained", "reason": "口径不同"}, "If-Match", etag(c.Version+1))
	if call.Code != 200 || !strings.Contains(call.Body, `"state":"explained"`) {
		t.Errorf("%d %s", call.Code, call.Body)
	}
	if a := h.Get(officer, "/documents/conflicts?state=open"); strings.Contains(a.Body, "64.8 亿元") {
		t.Error("what is decided is listed as open")
	}
	if a := h.Get(visitor, path); a.Code == 200 {
		t.Error("the public may read it")
	}
}
