package appraisehttp_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/appraise/appraisehttp"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}

type house struct {
	*webtest.House
	t        testing.TB
	appraise *appraise.Service
	market   *market.Service
	org      string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx, now := context.Background(), clock.NewFake(dbtest.Start)
	h := &house{t: t}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, dbtest.SQLite(t), now)
	places := dict.New(u)
	must(places.Load(ctx))
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	p, err := party.New(u, party.FromDict(places), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	must(err)
	h.market, err = market.New(u, times, market.Options{Party: p, Dict: places})
	must(err)
	must(h.market.Load(ctx))
	h.appraise, err = appraise.New(u, times, appraise.Options{Party: p, Posts: h.market})
	must(err)
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{appraisehttp.New(h.appraise, w, kit.Deps{Party: p, Dict: places,
			Clock: now, Home: func() region.Code { return "140100" }})}
	})
	o, err := p.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: "太原理工学院",
		Kind: "university", Region: "140100", Standing: "active"}})
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

// TestSheet walks a valuation from its form to paper.
func TestSheet(t *testing.T) {
	h := newHouse(t)
	at := h.sent(officer, "/appraisals/sheets/new", "title", "导热膜", "org", h.org, "purpose", "许可谈判", "day",
		"2026-11-20", "limits", "仅供参考")
	record := strings.TrimSuffix(at, "/inputs")
	h.want(officer, at, 200, "成本项 1", "案例 1")
	bad := values("version", "1", "cost.0.name", "人工", "cost.0.amount", "9/8/7", "cost.profit", "10",
		"cost.obsolescence", "0")
	if a := h.Post(officer, at, bad); a.Code != 422 || !strings.Contains(a.Body, `href="#f-cost-0-amount"`) {
		t.Errorf("a wrong range: %d", a.Code)
	}
	h.sent(officer, at, "version", "1", "cost.3.name", "人工", "cost.3.amount", "80/100/120", "cost.profit", "10",
		"cost.obsolescence", "0", "years.0.amount", "1000", "income.way", "relief", "income.royalty", "4/5/6",
		"income.tax", "25", "income.discount", "25")
	h.want(officer, record, 200, "110 万元", "30 万元", "许可费节省法", "不给唯一估值")
	h.want(officer, record+"/print", 200, "仅供参考", "¥1,100,000.00")
	h.sent(officer, record+"/step", "do", "finish", "version", "2")
	stranger := authz.Actor{Account: "x", Org: "other", Role: authz.University}
	h.want(stranger, record, 404)
	for _, p := range []string{"/appraisals", record, record + "/inputs", "/appraisals/sheets/new"} {
		h.English(t, officer, p, "导热膜", "许可谈判", "太原理工学院", "仅供参考", "人工")
	}
}

var invitation = regexp.MustCompile(`/appraisals/join\?code=([0-9a-f]+)`)

// TestReview walks an evaluation from its panel to the report.
func TestReview(t *testing.T) {
	h := newHouse(t)
	record := h.sent(officer, "/appraisals/reviews/new", "title", "导热膜", "org", h.org, "kind", "applied")
	id := strings.TrimPrefix(record, "/appraisals/reviews/")
	version := func() string {
		d, err := h.appraise.GetReview(t.Context(), officer, id)
		if err != nil {
			t.Fatal(err)
		}
		return kit.Number(d.Version)
	}
	var panel []authz.Actor
	for n := range 5 {
		a := h.Post(officer, record+"/expert", values("name", "expert", "version", version()))
		m := invitation.FindStringSubmatch(a.Body)
		if m == nil {
			t.Fatalf("no invitation: %d", a.Code)
		}
		by := authz.Actor{Account: "e" + m[1], Login: "e", Role: authz.Expert}
		h.want(by, record, 404)
		h.want(by, "/appraisals/join?code="+m[1], 200, "独立评分并保密")
		h.sent(by, "/appraisals/join", "code", m[1])
		if n == 0 {
			h.want(officer, record+"/step?do=start", 409, "不少于 5 名")
		}
		panel = append(panel, by)
	}
	h.sent(officer, record+"/step", "do", "start", "version", version())
	for i, by := range panel {
		if i == 0 {
			if a := h.Post(by, record+"/score", values("science", "101")); a.Code != 422 {
				t.Errorf("a score of 101: %d", a.Code)
			}
		}
		h.sent(by, record+"/score", "science", "80", "technology", "70", "economy", "60", "society", "60", "culture",
			"60", "comment", "意见")
	}
	h.want(officer, record, 200, "已评分")
	h.sent(officer, record+"/step", "do", "finish", "version", version())
	// 0.15×80 + 0.45×70 + 0.40×60 = 12 + 31.5 + 24 = 67.5
	h.want(officer, record, 200, "67.50", "使用限制")
	if a := h.Post(officer, record+"/report", values("conclusion", "国内领先", "limits", "x", "version",
		version())); a.Code != 422 {
		t.Errorf("a rank: %d", a.Code)
	}
	h.sent(officer, record+"/report", "conclusion", "可以推广", "limits", "不作排名", "version", version())
	h.sent(officer, record+"/step", "do", "report", "version", version())
	h.want(authz.Actor{Account: "u", Org: h.org, Role: authz.University}, record+"/print", 200, "可以推广", "67.50")
	h.English(t, officer, record, "导热膜", "太原理工学院", "expert", "可以推广", "不作排名", "意见")
}

// TestExports sends both lists to files, for those who read them.
func TestExports(t *testing.T) {
	h := newHouse(t)
	h.sent(officer, "/appraisals/sheets/new", "title", "=导热膜", "org", h.org, "purpose", "许可谈判", "day",
		"2026-11-20", "limits", "仅供参考")
	h.want(officer, "/appraisals", 200, "?format=xlsx")
	csv := h.want(officer, "/appraisals?format=csv", 200, "估值基准日", "'=导热膜", "许可谈判", "2026-11-20", "仅供参考")
	if n := strings.Count(csv, "太原理工学院"); n != 1 {
		t.Errorf("%d rows:\n%s", n, csv)
	}
	h.want(officer, "/appraisals?kind=review&format=csv", 200, "成果分类")
	h.want(officer, "/appraisals?format=pdf", 422)
	if a := h.Call(officer, "GET", "/appraisals/reviews/export?format=csv&state=done", nil); a.Code != 200 {
		t.Errorf("API: %d %s", a.Code, a.Body)
	}
	if a := h.Call(authz.Actor{}, "GET", "/appraisals/sheets/export", nil); a.Code < 400 {
		t.Errorf("a visitor takes the list: %d", a.Code)
	}
}

// TestByCode names the achievement by the code that its page shows: nothing else has to be typed.
func TestByCode(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	p, err := h.market.CreatePost(ctx, officer, market.NewPost{PostData: market.PostData{
		Kind: market.Achievement, Title: "石墨烯导热膜", Org: h.org, Region: "140100", Field: "05"}})
	if err != nil {
		t.Fatal(err)
	}
	at := h.sent(officer, "/appraisals/sheets/new", "post", p.Code, "purpose", "许可谈判", "day", "2026-11-20")
	h.want(officer, at, 200, "石墨烯导热膜")
	d, err := h.appraise.GetSheet(ctx, officer, strings.Split(at, "/")[3], 0)
	if err != nil || d.Post != p.ID || d.OrgName != "太原理工学院" {
		t.Errorf("a sheet of %q, %s, %v", d.Post, d.OrgName, err)
	}
	at = h.sent(officer, "/appraisals/reviews/new", "post", p.Code, "kind", "applied")
	v, err := h.appraise.GetReview(ctx, officer, strings.Split(at, "/")[3])
	if err != nil || v.Post != p.ID || v.Title != p.Title {
		t.Errorf("an evaluation of %q, %s, %v", v.Post, v.Title, err)
	}
	if a := h.Post(officer, "/appraisals/sheets/new", values("post", "CG-0000-00000", "purpose", "许可谈判", "day",
		"2026-11-20")); a.Code != 422 || !strings.Contains(a.Body, "没有找到这条记录") {
		t.Errorf("a code that is none: %d", a.Code)
	}
}
