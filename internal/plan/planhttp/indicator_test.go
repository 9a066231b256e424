package planhttp_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// An indicator shows its targets and what documents say of it, with the words; it is found by its
// other names and changed by officers.
func TestIndicatorPages(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	doc := h.file()
	target := h.target("技术合同成交额", nil)
	fact := h.find(doc, "186.5")
	desk := "/documents/" + doc + "/review"
	h.sent(officer, desk, values("id", fact.ID, "version", v2s(fact.Version), "do", "accept"))
	_, err := h.plan.LinkIndicator(t.Context(), officer, plan.Linking{Statement: fact.ID,
		Indicator: target.Indicator, Version: fact.Version + 1})
	if err != nil {
		t.Fatal(err)
	}
	path := "/indicators/" + target.Indicator
	a := h.Get(leader, path)
	for _, want := range []string{"186.5亿元", "row=" + fact.ID, "/targets/" + target.ID, "技术合同成交额（1 处）"} {
		if a.Code != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("the record (%d) lacks %s", a.Code, want)
		}
	}
	v := values("version", "1", "name", "技术合同成交额", "unit", "", "direction", "up", "additive", "1",
		"aliases", "技术合同成交金额\r\n技术交易额")
	if got := said(t, h.Post(officer, path+"/edit", v).Body); got["f-unit"] == "" {
		t.Errorf("without a unit: %v", got)
	}
	v.Set("unit", "亿元")
	h.sent(officer, path+"/edit", v)
	if a := h.Get(officer, "/indicators?q=技术交易额"); !strings.Contains(a.Body, path) {
		t.Error("not found by another name")
	}
	h.sent(officer, "/indicators/new", values("name", "研发投入强度", "unit", "%", "direction", "up"))
	if a := h.Post(leader, path+"/edit", v); a.Code != 403 {
		t.Errorf("a leader: %d", a.Code)
	}
	if a := h.Get(visitor, path); a.Code == 200 {
		t.Error("the public may read it")
	}
}

// The ledger is narrowed by the words of a unit's name; a task of a text has the unit it names.
func TestUnitsByName(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.task(nil)
	for name, want := range map[string]bool{"科学技术局": true, "工业和信息化局": false} {
		a := h.Get(officer, "/ledger?unit="+name)
		if a.Code != 200 || strings.Contains(a.Body, "建成科技大市场") != want {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	if a := h.Get(officer, "/ledger?unit=没有的局"); a.Code != 422 ||
		!strings.Contains(a.Body, "主体库中没有“没有的局”") {
		t.Errorf("an unknown unit: %d", a.Code)
	}
	duty, err := h.plan.AddStatement(t.Context(), officer, plan.NewStatement{Document: h.file(), End: 4,
		StatementData: plan.StatementData{Kind: plan.TaskKind, Indicator: "平台", Owner: "市科技局"}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.plan.DraftTask(t.Context(), officer, duty.ID)
	if err != nil || in.Lead != h.bureau.ID {
		t.Errorf("%s leads what %s is to do (%v)", in.Lead, duty.Owner, err)
	}
}
