package studiohttp_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// accounts knows one expert.
func accounts(_ context.Context, _ db.Q, login string) (studio.Known, bool, error) {
	return studio.Known{Account: "acc-expert", Name: "张工"}, login == "zhanggong", nil
}

// TestPanelPages walks from an invitation to weights of a scheme, as an officer and as the expert, who sees the
// own judgements and nobody else's; what is wrong stands beside its field, on the page and in the API.
func TestPanelPages(t *testing.T) {
	h := newHouse(t)
	expert := authz.Actor{Account: "acc-expert", Login: "zhanggong", Role: authz.Expert}
	scheme := strings.TrimPrefix(h.sent(officer, "/studio/schemes/new", "title", "示范指数", "dataset", h.dataset(),
		"key", "s1"), "/studio/schemes/")
	h.want(officer, "/studio/panels?scheme="+scheme, 200, "还没有专家组", "新建专家组")
	h.want(officer, "/studio/panels/new?scheme="+scheme, 200, "邀请的专家")
	h.want(leader, "/studio/panels/new?scheme="+scheme, 404)
	bad := h.Post(officer, "/studio/panels/new", values("scheme", scheme, "title", "", "logins", "nobody"))
	if bad.Code != 422 || !strings.Contains(bad.Body, `href="#f-title"`) ||
		!strings.Contains(bad.Body, `href="#f-logins"`) {
		t.Fatalf("%d %.900s", bad.Code, bad.Body)
	}
	problem := h.Call(officer, http.MethodPost, "/studio/panels",
		map[string]any{"scheme": scheme, "title": "", "logins": []string{"nobody"}}).Problem(t)
	if len(problem.Errors) != 2 {
		t.Errorf("%+v", problem.Errors)
	}
	at := h.sent(officer, "/studio/panels/new", "scheme", scheme, "title", "权重论证", "logins", "zhanggong", "key", "p1")
	h.want(officer, at, 200, "0 / 1 人已交回判断", "还没有交回的：张工")
	h.want(leader, at, 404)

	h.want(expert, "/studio/panels", 200, "权重论证")
	form := h.want(expert, at, 200, "我的判断", `name="p.A.0"`, `name="p.INDEX.0"`)
	if strings.Contains(form, "邀请专家") || strings.Contains(form, "style=") {
		t.Error("the expert sees the bureau's forms, or a style")
	}
	if a := h.Post(expert, at+"/judge", values("version", "1", "p.A.0", "77", "p.B.0", "1", "p.INDEX.0",
		"1")); a.Code != 422 {
		t.Errorf("a judgement of 77: %d", a.Code)
	}
	h.sent(expert, at+"/judge", "version", "1", "p.A.0", "3", "p.B.0", "1", "p.INDEX.0", "1/2")
	h.want(expert, at, 200, "一致性比率 0.000", "甲一 75.0%")

	table := "专家,分组代码,左项代码,右项代码,判断值\n李工,A,A1,A2,1\n李工,B,B1,B2,1\n李工,INDEX,A,B,"
	if a := h.upload(officer, at+"/import", "version", "1", "@file", table+"x\n"); a.Code != 422 ||
		!strings.Contains(a.Body, "判断值应为") {
		t.Errorf("%d %.900s", a.Code, a.Body)
	}
	if a := h.upload(officer, at+"/import", "version", "1", "@file", table+"2\n"); a.Code != 303 {
		t.Fatalf("%d %.900s", a.Code, a.Body)
	}
	// √(½ · 2) = 1: both groups count the same.
	h.want(officer, at+"?pool=priorities", 200, "2 / 2 人已交回判断", "李工", "甲组 50.0%", "全组")
	if page := h.want(expert, at, 200); strings.Contains(page, "李工") {
		t.Error("an expert sees another one")
	}
	h.want(officer, at+"/table?format=csv", 200, "张工,A,A1,A2,3")
	h.sent(officer, at+"/save", "version", "2", "pool", "judgements", "note", "首版")
	h.want(officer, at, 200, "第 1 版", "首版")

	seats := h.want(officer, at, 200, "各人票重", "1 · 50.0%")
	_, seat, _ := strings.Cut(seats, `name="expert"`)
	_, seat, _ = strings.Cut(seat, `请选择</option>`)
	_, seat, _ = strings.Cut(seat, `value="`)
	seat, _, _ = strings.Cut(seat, `"`)
	if a := h.Post(officer, at+"/weigh", values("version", "3", "expert", seat, "weight", "x", "from", "2026-01-01",
		"reason", "主持单位")); a.Code != 422 || !strings.Contains(a.Body, `href="#f-weight"`) ||
		!strings.Contains(a.Body, "主持单位") {
		t.Errorf("a weight of x: %d", a.Code)
	}
	h.sent(officer, at+"/weigh", "version", "3", "expert", seat, "weight", "3", "from", "2026-01-01", "reason", "主持单位")
	h.want(officer, at, 200, "3 · 75.0%", "主持单位")
	if page := h.want(expert, at, 200); strings.Contains(page, "票重") {
		t.Error("an expert sees what voices count")
	}

	panel := strings.TrimPrefix(at, "/studio/panels/")
	chosen := "/studio/schemes/" + scheme + "?set=1&screen=50&impute=median&treat=none&norm=minmax&scale=0-100&w1=tree" +
		"&w2=panel&m2=arithmetic&m3=arithmetic&runs=0&seed=7&spread=20"
	h.want(officer, chosen, 422, "请选择一个专家组结果")
	h.want(officer, chosen+"&panel="+panel+".1", 200, "专家组结果", "一致性比率 0.000", "示范7市")
	h.English(t, officer, at, "权重论证", "张工", "李工", "甲组", "乙组", "甲一", "甲二", "乙一", "乙二", "首版", "示范集", "主持单位")
}
