package indicatorhttp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// item is the form of an indicator as a browser sends it.
func item(pairs ...string) []string {
	out := append([]string{"group", "0", "direction", "up", "frequency", "year", "places", "2", "dueDays", "10"},
		pairs...)
	for _, usual := range [][2]string{{"position", "9"}, {"kind", "observed"}} {
		if !slices.Contains(out, usual[0]) {
			out = append(out, usual[:]...)
		}
	}
	return out
}

// TestReviseSet makes a set on pages: what is wrong stands at its field and loses nothing, the check names
// what hinders and leads there, editions are compared, one is put in force and a draft thrown away.
func TestReviseSet(t *testing.T) {
	h := newHouse(t)
	bad := h.Post(officer, "/indicator-sets/new", values("code", "city-2027", "name", "", "year", "2027"))
	if bad.Code != 422 || !strings.Contains(bad.Body, `href="#f-name"`) || !strings.Contains(bad.Body, "city-2027") {
		t.Errorf("a set without a name: %d", bad.Code)
	}
	draft := h.sent(officer, "/indicator-sets/new", "code", "city-2027", "name", "城市创新监测", "year", "2027")
	set, _, _ := strings.Cut(draft, "/editions/")
	h.want(officer, draft, 200, "有 1 处要改好才能定版", "还没有指标")
	for _, by := range []authz.Actor{luzhou, expert} {
		if a := h.Get(by, draft); a.Code != 404 && a.Code != 403 {
			t.Errorf("%s opens a draft: %d", by.Role, a.Code)
		}
	}
	h.want(leader, draft, 200, "草案")
	h.want(leader, draft+"/about", 403)
	h.sent(officer, draft+"/group", "at", "new", "version", "1", "name", "创新投入", "weight", "100", "position", "1")
	h.want(officer, draft, 200, `权重 100</h2><div class="stack"><p class="muted">`, "创新投入", "没有指标：请加入指标", draft+"/group?at=0#f-name")

	wrong := h.Post(officer, draft+"/item", values(item("at", "0.new", "version", "2", "name", "研发强度", "unit", "%",
		"weight", "多", "kind", "formula", "formula", "研发经费 /")...))
	if wrong.Code != 422 || !strings.Contains(wrong.Body, `href="#f-weight"`) ||
		!strings.Contains(wrong.Body, `href="#f-formula"`) || !strings.Contains(wrong.Body, "研发经费 /") {
		t.Fatalf("a wrong indicator: %d %.2000s", wrong.Code, wrong.Body)
	}
	h.sent(officer, draft+"/item", item("at", "0.new", "version", "2", "name", "研发经费", "unit", "亿元",
		"weight", "60", "text", "全社会研发经费")...)
	h.sent(officer, draft+"/item", item("at", "0.new", "version", "3", "name", "研发强度", "unit", "%",
		"weight", "30", "kind", "formula", "formula", "研发经费 / 地区生产总值")...)
	h.want(officer, draft, 200, "组内权重合计 90", "公式里的“地区生产总值”不是已有的指标", "建议补充")
	h.want(officer, draft+"/item?at=0.1", 200, "研发强度", "公式里的“地区生产总值”不是已有的指标", "从草案中去掉")
	stale := h.Post(officer, draft+"/group", values("at", "0", "version", "2", "name", "投入", "position", "1"))
	if stale.Code != 409 || !strings.Contains(stale.Body, "已被他人修改") {
		t.Errorf("a stale form: %d", stale.Code)
	}
	no := h.Post(officer, draft+"/publish", values("from", "2027-01-01", "version", "4"))
	if no.Code != 422 || !strings.Contains(no.Body, "组内权重合计 90") {
		t.Errorf("a draft with faults: %d", no.Code)
	}
	h.sent(officer, draft+"/item", item("at", "0.1", "version", "4", "position", "2", "name", "研发强度", "unit", "%",
		"weight", "40")...)
	h.want(officer, draft+"?format=yaml", 200, "code: city-2027", "weight: 40")
	h.sent(officer, draft+"/publish", "from", "2026-01-01", "version", "5")
	h.want(luzhou, set, 200, "研发强度", "第 1 版")
	h.want(luzhou, set+"/editions", 200, "现行")

	second := h.sent(officer, set+"/editions", "note", "年度修订")
	h.want(officer, set, 200, "第 2 版草案")
	h.sent(officer, second+"/item", item("at", "0.0", "version", "1", "do", "remove")...)
	h.sent(officer, second+"/item", item("at", "0.0", "version", "2", "name", "研发强度", "unit", "%",
		"weight", "100", "text", "另一种算法")...)
	h.want(leader, set+"/compare?from=1&to=2", 200, "去掉", "断开：与以前不可比", "其中 1 项指标的序列会断开")
	h.want(luzhou, set+"/compare?from=1&to=2", 404)
	h.want(officer, second+"/discard", 200, "作废")
	if a := h.Post(officer, second+"/discard", values("version", "3")); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-reason"`) {
		t.Errorf("thrown away without a reason: %d", a.Code)
	}
	h.sent(officer, second+"/discard", "version", "3", "reason", "不改了")
	h.want(officer, second, 200, "已作废", "不改了")
	h.want(officer, set, 200, "研发经费")
}
