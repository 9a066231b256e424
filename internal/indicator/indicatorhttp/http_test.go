package indicatorhttp_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/indicator/indicatorhttp"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "juzhang", Role: authz.Leader}
	luzhou  = authz.Actor{Account: "acc-1", Login: "luzhou", Role: authz.District, Region: "140403"}
	other   = authz.Actor{Account: "acc-2", Login: "shangdang", Role: authz.District, Region: "140404"}
	expert  = authz.Actor{Account: "acc-3", Login: "expert", Role: authz.Expert}
)

type house struct {
	*webtest.House
	t    testing.TB
	db   *db.DB
	room *indicator.Service
	plan *plan.Service
	org  string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx, now := context.Background(), clock.NewFake(dbtest.Start)
	h := &house{t: t, db: dbtest.SQLite(t)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, h.db, now)
	places := dict.New(u)
	must(places.Load(ctx))
	times := process.Times{Calendar: places, Service: process.OfficeHours()}
	p, err := party.New(u, party.FromDict(places), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	must(err)
	h.plan, err = plan.New(u, times, plan.Options{Party: p, Dict: places})
	must(err)
	h.room, err = indicator.New(u, times, indicator.Options{Plan: h.plan, Party: p, Dict: places})
	must(err)
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{indicatorhttp.New(h.room, w, indicatorhttp.Deps{Plan: h.plan,
			Drafts: draft.New(h.db, now), Deps: kit.Deps{Party: p, Dict: places, Clock: now,
				Home: func() region.Code { return "140400" }}})}
	})
	o, err := p.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: "潞州区科学技术局",
		Kind: "government", Region: "140403", Standing: "active"}})
	must(err)
	h.org = o.ID
	return h
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func (h *house) want(as authz.Actor, path string, code int, texts ...string) string {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Fatalf("%s as %s: %d, want %d\n%.900s", path, as.Role, a.Code, code, a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a.Body
}

func (h *house) sent(as authz.Actor, path string, pairs ...string) string {
	h.t.Helper()
	a := h.Post(as, path, values(pairs...))
	if a.Code != 303 {
		_, wrong, _ := strings.Cut(a.Body, `class="error-summary"`)
		h.t.Fatalf("POST %s: %d %.900s", path, a.Code, wrong)
	}
	return a.Header.Get("Location")
}

// defined takes a set over, counts an indicator by quarters and lets the district report it.
func (h *house) defined() string {
	h.t.Helper()
	x, err := h.plan.CreateIndicator(context.Background(), officer, plan.NewIndicator{
		IndicatorData: plan.IndicatorData{Name: "高新技术企业数", Unit: "家", Direction: "up", Additive: true}})
	if err != nil {
		h.t.Fatal(err)
	}
	base := "/indicators/" + x.ID + "/definitions"
	h.want(officer, base, 200, "还没有口径")
	bad := h.Post(officer, base+"/new", values("kind", "observed", "unit", "亿元", "places", "0", "frequency",
		"quarter", "dueDays", "5", "dueTime", "25:00", "from", "2026-01-01", "text", "有效期内"))
	if bad.Code != 422 || !strings.Contains(bad.Body, `href="#f-dueTime"`) || !strings.Contains(bad.Body, "有效期内") {
		h.t.Errorf("a wrong definition: %d", bad.Code)
	}
	h.sent(officer, base+"/new", "kind", "observed", "unit", "家", "places", "0", "frequency", "quarter",
		"dueDays", "5", "dueTime", "17:00", "from", "2026-01-01", "text", "有效期内的企业数", "jump", "20", "floor", "0")
	h.want(officer, base, 200, "第 1 版", "期末后第 5 个工作日 17:00 前")
	h.sent(officer, "/reporting/duties/new", "indicators", x.ID, "regions", "140403", "reporter", h.org, "from",
		"2026-01-01")
	return x.ID
}

// TestDesk walks values from the desk to the approval, with faults at the cell, a draft and a return.
func TestDesk(t *testing.T) {
	h := newHouse(t)
	x := h.defined()
	h.want(luzhou, "/reporting", 200, "高新技术企业数", "2026年三季度", "潞州区")
	h.want(other, "/reporting", 200, "没有待填报的数值")
	h.want(expert, "/reporting", 403)
	row := func(n, period, value, version string) []string {
		at := "cells." + n + "."
		return []string{at + "indicator", x, at + "region", "140403", at + "org", "", at + "period", period,
			at + "version", version, at + "value", value, at + "qualifier", "="}
	}
	a := h.Post(luzhou, "/reporting", values(append(append(row("0", "2026Q1", "12x", "0"),
		row("1", "2026Q2", "100", "0")...), "do", "submit")...))
	if a.Code != 422 || !strings.Contains(a.Body, `href="#f-cells-0-value"`) ||
		!strings.Contains(a.Body, `value="12x"`) || !strings.Contains(a.Body, `value="100"`) {
		t.Errorf("a wrong cell: %d", a.Code)
	}
	if a := h.Post(luzhou, "/reporting/draft", values(row("0", "2026Q3", "7", "0")...)); a.Code != 204 {
		t.Errorf("draft: %d", a.Code)
	}
	h.want(luzhou, "/reporting", 200, `value="7"`, "丢弃草稿")
	h.sent(luzhou, "/reporting", append(append(row("0", "2026Q1", "100", "0"), row("1", "2026Q2", "110",
		"0")...), "do", "submit")...)
	page, err := h.room.ListObservations(context.Background(), officer, indicator.ObservationFilter{
		Period: series.Period("2026Q1")}, "", db.PageReq{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%v, %v", page, err)
	}
	o := page.Items[0]
	h.want(other, "/observations/"+o.ID, 404)
	h.want(leader, "/observations/"+o.ID, 200, "100 家")
	h.want(leader, "/reporting/review", 403)
	h.want(officer, "/reporting/review", 200, "高新技术企业数", "潞州区科学技术局")
	key := o.ID + ".2"
	if a := h.Post(officer, "/reporting/review", values("id", key, "do", "return")); a.Code != 200 ||
		!strings.Contains(a.Body, "退回 1 个数值") {
		t.Errorf("the question before a return: %d", a.Code)
	}
	h.sent(officer, "/reporting/review", "id", key, "do", "return", "reason", "请附名单")
	h.want(luzhou, "/observations/"+o.ID, 200, "请附名单")
	h.sent(luzhou, "/reporting", append(row("0", "2026Q1", "101", "3"), "do", "submit")...)
	h.sent(officer, "/reporting/review", "id", o.ID+".5", "do", "approve")
	h.want(other, "/observations/"+o.ID, 200, "101 家")
	h.sent(luzhou, "/observations/"+o.ID+"/correct", "version", "6", "value", "99", "qualifier", "=", "asOf",
		"2026-03-31", "reason", "剔除迁出企业")
	h.want(officer, "/reporting/rates", 200, "潞州区科学技术局", "按时率")
	h.want(officer, "/indicators/"+x+"/definitions", 200, "最近的数值")
	for _, path := range []string{"/reporting?format=xlsx", "/observations?format=csv",
		"/reporting/import?template=xlsx"} {
		h.want(luzhou, path, 200)
	}
}

// TestSetsLocksRankings opens the other pages and keeps what was typed wrong.
func TestSetsLocksRankings(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/indicator-sets", 200, "参照体系（非官方）", "采用")
	a := h.Post(officer, "/indicator-sets/import", values("shipped", "city-30", "do", "check"))
	if a.Code != 200 || !strings.Contains(a.Body, "导入 30 项指标") {
		t.Fatalf("check of a set: %d", a.Code)
	}
	draft := h.sent(officer, "/indicator-sets/import", "shipped", "city-30", "do", "store")
	set, _, _ := strings.Cut(draft, "/editions/")
	h.want(luzhou, set, 404)
	h.want(officer, set, 200, "还没有生效的版本")
	h.want(officer, draft, 200, "检查没有问题", "创新治理力")
	h.sent(officer, draft+"/publish", "from", "2016-01-01", "version", "1")
	h.want(leader, set, 200, `权重未知</h2><div class="stack"><p class="muted">`, "创新治理力", "权重未知", "参照体系（非官方）")
	h.want(leader, set+"?format=yaml", 200, "code: city-30")
	h.want(leader, set+"/edit", 403)
	if a := h.Post(officer, "/reporting/locks", values("object", "set:"+strings.TrimPrefix(set,
		"/indicator-sets/"), "period", "abc", "reason", "定稿")); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-period"`) || !strings.Contains(a.Body, "定稿") {
		t.Errorf("a wrong lock: %d", a.Code)
	}
	h.sent(officer, "/reporting/locks", "object", "set:"+strings.TrimPrefix(set, "/indicator-sets/"), "period",
		"2025年", "reason", "定稿")
	h.want(luzhou, "/reporting/locks", 200, "已锁定", "定稿")
	bad := h.Post(officer, "/rankings/new", values("name", "数字经济百强市", "year", "2024", "region", "140400",
		"mark", "shaky", "source", "发布会"))
	if bad.Code != 422 || !strings.Contains(bad.Body, `href="#f-place"`) {
		t.Errorf("a ranking without a place: %d", bad.Code)
	}
	h.sent(officer, "/rankings/new", "name", "数字经济百强市", "year", "2024", "region", "140400", "place", "35",
		"mark", "shaky", "source", "发布会")
	h.want(luzhou, "/rankings", 200, "数字经济百强市", "第 35 位")
	for _, path := range []string{"/indicator-sets", "/reporting", "/reporting/duties", "/reporting/duties/new",
		"/reporting/locks", "/reporting/rates", "/reporting/review", "/reporting/import", "/rankings",
		"/rankings/new", "/observations", "/indicator-sets/import"} {
		h.want(officer, path, 200)
	}
}

// TestDefinitionPages shows how a formula is written beside its field, refuses an end before a value with the
// form kept, and takes an end back with a reason.
func TestDefinitionPages(t *testing.T) {
	h := newHouse(t)
	x := h.defined()
	base := "/indicators/" + x + "/definitions"
	h.want(officer, base+"/new", 200, "<summary>公式的写法和函数", "同比(甲)", "比上年同期的增幅", "年均增长(甲, 年数)")
	d, err := h.room.DefinitionsOf(context.Background(), officer, x)
	if err != nil {
		t.Fatal(err)
	}
	at := base + "/" + d.Definitions[0].ID
	h.want(officer, base, 200, at+"/edit", at+"/close")
	h.sent(luzhou, "/reporting", "cells.0.indicator", x, "cells.0.region", "140403", "cells.0.org", "",
		"cells.0.period", "2026Q1", "cells.0.version", "0", "cells.0.value", "100", "cells.0.qualifier", "=",
		"do", "submit")
	page, err := h.room.ListObservations(context.Background(), officer, indicator.ObservationFilter{
		Period: series.Period("2026Q1")}, "", db.PageReq{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%v, %v", page, err)
	}
	h.sent(officer, "/reporting/review", "id", page.Items[0].ID+".2", "do", "approve")
	if a := h.Get(officer, base); strings.Contains(a.Body, at+"/edit") {
		t.Error("a definition with a value may be edited")
	}
	if a := h.Post(officer, at+"/close", values("version", "1", "to", "2026-02-01")); a.Code != 422 ||
		!strings.Contains(a.Body, "2026Q1") || !strings.Contains(a.Body, `value="2026-02-01"`) {
		t.Errorf("an end before a value: %d", a.Code)
	}
	h.sent(officer, at+"/close", "version", "1", "to", "2026-04-01")
	h.want(officer, base, 200, at+"/reopen")
	h.want(officer, at+"/reopen", 200, "撤回后这一版口径继续有效")
	if a := h.Post(officer, at+"/reopen", values("version", "2")); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-reason"`) {
		t.Errorf("taken back without a reason: %d", a.Code)
	}
	h.sent(officer, at+"/reopen", "version", "2", "reason", "日期填错")
	h.want(officer, base, 200, at+"/close")
}
