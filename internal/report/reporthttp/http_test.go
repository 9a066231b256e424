package reporthttp_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/report/reporthttp"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader}
	visitor = authz.Actor{Role: authz.Public}
)

// counts is a city with needs and achievements only.
type counts struct{ needs int64 }

func (*counts) PlaceName(region.Code) string                  { return "太原市" }
func (*counts) Sets(context.Context) ([]report.Choice, error) { return nil, nil }
func (*counts) Compared(context.Context, region.Code) ([]report.Choice, error) {
	return []report.Choice{{Value: "i2", Title: "高新技术企业数"}}, nil
}

func (*counts) PointOf(context.Context, report.Figure) (string, string, map[string]string, error) {
	return report.WayReported, "", nil, nil
}
func (*counts) Defined(string) (string, string)       { return "在架供需数", "" }
func (*counts) Opens(authz.Actor, report.Figure) bool { return false }
func (*counts) Standings(context.Context, region.Code, string, string, []string) ([]report.Standing, error) {
	return nil, nil
}

func (*counts) Beside(context.Context, region.Code, string) ([]report.Choice, error) {
	return []report.Choice{{Value: "i9", Title: "创新券兑付金额"}}, nil
}

func (*counts) Across(context.Context, region.Code, string, string, string) ([]report.Standing, error) {
	return []report.Standing{{Indicator: "i4", Name: "每万名就业人员中R&D人员", Unit: "人年", Place: "140105", Period: "2025",
		Value: "52", Qualifier: "=", AsOf: "2025-12-31"}}, nil
}

func (c *counts) Count(context.Context, string, map[string]string) (measure.Figure, error) {
	return measure.Figure{Value: c.needs, Unit: "项"}, nil
}

func (*counts) Lights(context.Context, region.Code, clock.Date) (map[string]int64, error) {
	return nil, nil
}

func (*counts) Rows(context.Context, authz.Actor, string, map[string]string, db.PageReq) (db.Page[measure.Row], error) {
	return db.Page[measure.Row]{Items: []measure.Row{{ID: "1", Title: "XQ-1 需求", Href: "/market/posts/1"}}}, nil
}

// TestPages writes, mends and publishes a report through its pages.
func TestPages(t *testing.T) {
	t.Parallel()
	now, src := clock.NewFake(clock.Date("2026-11-29").Start()), &counts{needs: 7}
	s, err := report.New(dbtest.UnitAt(t, dbtest.SQLite(t), now), process.Times{Calendar: clock.Published(),
		Service: process.OfficeHours()}, report.Options{Source: src,
		File: func(context.Context, authz.Actor, report.Filing) (string, error) {
			return "01k00000000000000000000000", nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	h := webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{reporthttp.New(s, w, kit.Deps{Clock: now, Home: func() region.Code { return "140100" }})}
	})
	want := func(as authz.Actor, path string, code int, texts ...string) string {
		t.Helper()
		a := h.Get(as, path)
		if a.Code != code {
			t.Fatalf("%s as %s: %d, want %d", path, as.Role, a.Code, code)
		}
		for _, text := range texts {
			if shown := strings.Contains(a.Body, strings.TrimPrefix(text, "!")); shown == strings.HasPrefix(text, "!") {
				t.Errorf("%s as %s: %q", path, as.Role, text)
			}
		}
		return a.Body
	}
	post := func(as authz.Actor, path string, code int, pairs ...string) webtest.Answer {
		t.Helper()
		v := map[string][]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v[pairs[i]] = append(v[pairs[i]], pairs[i+1])
		}
		a := h.Post(as, path, v)
		if a.Code != code {
			t.Fatalf("POST %s: %d, want %d\n%.900s", path, a.Code, code, a.Body)
		}
		return a
	}
	want(officer, "/reports", 200, "还没有报告")
	want(leader, "/reports/new", 403)
	want(officer, "/reports/new", 200, "供需在架", "分县区比较的指标", "高新技术企业数")
	post(officer, "/reports/new", http.StatusUnprocessableEntity, "form", "press", "region", "140100", "key", "k1")
	at := post(officer, "/reports/new", 303, "form", "press", "region", "140100", "parts", "market", "parts", "places", "across", "i4",
		"public", "1", "key", "k2").Header.Get("Location")
	body := want(officer, at, 200, "读回：2 个数字读回 2 个", "/figures/1\">7项</a>", "修改文字")
	want(visitor, at, 404)
	version := regexp.MustCompile(`name="version" value="([0-9]+)"`)
	versionOf := func(page string) string { return version.FindStringSubmatch(want(officer, page, 200))[1] }
	_ = body
	post(officer, at+"/edit", 303, "version", versionOf(at+"/edit"), "title", "口径", "public", "1",
		"text", "截至2026年11月29日，全市在架需求8项。另有企业9家。")
	want(officer, at, 200, "<mark>", "与来源不符，来源是 7项", "没有来源", "2 处需要改正")
	want(leader, at+"/step?do=review", 409, "改好后才能审核")
	post(officer, at+"/edit", 303, "version", versionOf(at+"/edit"), "title", "口径", "public", "1",
		"text", "截至2026年11月29日，全市在架需求7项。")
	src.needs = 9
	body = want(officer, at, 200, "有 1 个数字的来源在成稿后变化")
	post(officer, at+"/refresh", 303, "version", version.FindStringSubmatch(body)[1])
	want(officer, at, 200, "9项", "!成稿后变化")
	for _, step := range []string{"review", "publish"} {
		page := want(leader, at+"/step?do="+step, 200)
		post(leader, at+"/step", 303, "version", version.FindStringSubmatch(page)[1], "do", step)
	}
	want(visitor, at, 200, "9项", "!wangming", "!修改文字")
	want(visitor, at+"/figures/1", 200, "9项", "2026年11月29日", "XQ-1 需求")
	want(visitor, at+"/figures/7", 404)
	want(visitor, at, 200, "/figures/301\">52人年</a>", "!/monitor/") // the text is silent about it: only the table has it
	want(visitor, at+"/figures/301", 200, "52人年", "2025年12月31日", "责任单位填报", "没有可以公开的明细", "!查看来源", "!/monitor/")
	want(visitor, at+"/print", 200, "9项")
	want(visitor, "/reports", 200, "口径")
	if a := h.Get(visitor, at+"/report.docx"); a.Code != 200 || !strings.HasPrefix(a.Body, "PK") {
		t.Errorf("the file: %d", a.Code)
	}
	body = want(officer, at, 200, "存入文件库")
	post(officer, at+"/file", 303, "version", version.FindStringSubmatch(body)[1])
	want(officer, at, 200, "/documents/01k00000000000000000000000")
	if a := h.Get(officer, fmt.Sprintf("%s?lang=en", at)); a.Code != 200 {
		t.Errorf("English: %d", a.Code)
	}
}
