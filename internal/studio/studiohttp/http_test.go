package studiohttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/studio/studiohttp"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader}
)

// numbers are those of three districts, with an indicator that nobody reports.
type numbers struct{}

func (numbers) Offers(context.Context, authz.Actor) ([]studio.Offer, error) {
	return []studio.Offer{{Set: "set-1", Period: "2025", Title: "示范体系", Shown: "2025", Values: 3}}, nil
}

func (numbers) Draw(_ context.Context, _ authz.Actor, set, period string) (studio.Content, []string, error) {
	c := studio.Content{Nodes: []composite.Node{{Code: "A", Name: "甲", Weight: 1, Direction: 1}}, Codes: []string{"A"}}
	for i := range 3 {
		c.Units = append(c.Units, studio.Unit{Code: fmt.Sprint("14010", i), Name: fmt.Sprint("区", i)})
		c.Values = append(c.Values, []string{fmt.Sprint(len(set+period) + i)})
	}
	return c, []string{"未报的指标"}, nil
}

type house struct {
	*webtest.House
	t      testing.TB
	studio *studio.Service
	jobs   *job.Runner
}

func newHouse(t testing.TB) *house {
	t.Helper()
	now := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, dbtest.SQLite(t), now)
	desk := job.NewDesk(u)
	s, err := studio.New(u, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		studio.Options{Desk: desk, Source: numbers{}, Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, studio: s, jobs: job.NewRunner(u, desk, job.Options{})}
	s.RegisterJobs(h.jobs)
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{studiohttp.New(s, w, kit.Deps{Clock: now})}
	})
	return h
}

func (h *house) want(as authz.Actor, path string, code int, texts ...string) string {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Fatalf("%s as %s: %d, want %d\n%.1500s", path, as.Role, a.Code, code, a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a.Body
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func (h *house) sent(as authz.Actor, path string, pairs ...string) string {
	h.t.Helper()
	a := h.Post(as, path, values(pairs...))
	if a.Code != 303 {
		h.t.Fatalf("POST %s: %d %.900s", path, a.Code, a.Body)
	}
	return a.Header.Get("Location")
}

// upload sends a form with files; a pair whose name begins with @ is a file.
func (h *house) upload(as authz.Actor, path string, pairs ...string) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, is := strings.CutPrefix(pairs[i], "@"); is {
			f, err := w.CreateFormFile(name, name+".csv")
			if err != nil {
				h.t.Fatal(err)
			}
			fmt.Fprint(f, pairs[i+1])
		} else if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		h.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return h.Do(as, r)
}

// cities are the names in tables.
func cities() []string {
	var out []string
	for i := range 8 {
		out = append(out, fmt.Sprintf("示范%d市", i))
	}
	return out
}

// tables are a tree of two groups and values of eight cities.
func tables() (tree, data string) {
	tree = "代码,名称,上级代码,权重,方向\nA,甲组,,2,\nA1,甲一,A,1,正向\nA2,甲二,A,1,逆向\nB,乙组,,1,\nB1,乙一,B,1,\nB2,乙二,B,3,\n"
	data = "单位代码,单位名称,分组,A1,A2,B1,B2\n"
	for i := range 8 {
		data += fmt.Sprintf("U%d,示范%d市,片区,%d,%d,%d,%d\n", i, i, 10+i*i, 50-3*i, 5+(i*5)%8, 20+(i*3)%7)
	}
	return tree, strings.Replace(data, ",41,", ",,", 1)
}

var about = []string{"title", "示范集", "standing", "reference", "kind", "city", "source", "示范年鉴", "dataYear", "2024",
	"reportYear", "2026", "key", "k1", "layout", "wide"}

var carriedField = regexp.MustCompile(`name="((?:tree|data)\.(?:name|content))" value="([^"]*)"`)

// dataset imports the tables as a person does: checked first, then stored by what the page carried.
func (h *house) dataset() string {
	h.t.Helper()
	tree, data := tables()
	const path = "/studio/datasets/new"
	bad := h.upload(officer, path, append(about, "do", "check", "@tree", tree, "@data",
		strings.Replace(data, "U3,", "U2,", 1))...)
	if bad.Code != 200 || !strings.Contains(bad.Body, "需要修改") || !strings.Contains(bad.Body, "第 5 行") {
		h.t.Fatalf("a code that is there twice: %d %.900s", bad.Code, bad.Body)
	}
	if a := h.upload(officer, path, append(about, "do", "check", "@tree", tree)...); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-data"`) {
		h.t.Fatalf("no values: %d", a.Code)
	}
	good := h.upload(officer, path, append(about, "do", "check", "@tree", tree, "@data", data)...)
	if good.Code != 200 || !strings.Contains(good.Body, "共 8 个单位、4 项指标") {
		h.t.Fatalf("%d %.900s", good.Code, good.Body)
	}
	pairs := append([]string{"do", "store"}, about...)
	for _, m := range carriedField.FindAllStringSubmatch(good.Body, -1) {
		pairs = append(pairs, m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
	}
	a := h.upload(officer, path, pairs...)
	if a.Code != 303 {
		h.t.Fatalf("%d %.900s", a.Code, a.Body)
	}
	return strings.TrimPrefix(a.Header.Get("Location"), "/studio/datasets/")
}

func (h *house) version(scheme string) string {
	d, err := h.studio.GetScheme(context.Background(), officer, scheme)
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprint(d.Version)
}

// TestStudio walks from two files to a finished index that others read.
func TestStudio(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/studio", 200, "还没有方案")
	data := h.dataset()
	h.want(officer, "/studio/datasets/"+data, 200, "参照体系（非官方）", "甲二", "逆向")
	h.want(officer, "/studio/datasets/"+data+"?code=A1", 200, "示范7市", "59")
	h.want(officer, "/studio/datasets/"+data+"/export?what=values&format=csv", 200, "A2 甲二")
	at := h.sent(officer, "/studio/schemes/new", "title", "示范指数", "dataset", data, "key", "s1")
	id := strings.TrimPrefix(at, "/studio/schemes/")
	page := h.want(officer, at, 200, `id="choices"`, "示范7市", "位次区间：200 个变体", "还没有保存过", "保存这一版")
	if strings.Contains(page, "style=") {
		t.Error("a style in the page")
	}
	// Choices in the address, with and without scripts.
	chosen := "?set=1&screen=50&impute=median&treat=none&norm=zscore&scale=0-100&w1=own&own.A1=1&own.A2=1" +
		"&own.B1=2&own.B2=1&w2=ahp&p.INDEX.0=5&m2=arithmetic&m3=arithmetic&runs=50&seed=7&spread=20&vary=weights"
	h.want(officer, at+chosen, 200, "一致性比率", "甲组 83.3%", "50 个变体", "随机种子 7", `name="own.B1"`)
	r := httptest.NewRequest(http.MethodGet, at+chosen, nil)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Request-Type", "partial")
	part := h.Do(officer, r)
	if part.Code != 200 || strings.Contains(part.Body, "<html") ||
		!strings.Contains(part.Body, `hx-swap-oob="outerMorph"`) {
		t.Errorf("the part: %d %.300s", part.Code, part.Body)
	}
	h.want(officer, at+strings.NewReplacer("m3=arithmetic", "m3=geometric", "zscore", "minmax").Replace(chosen), 422,
		`href="#f-m3"`, "要求所有得分大于零")
	h.want(officer, at+"?set=1&norm=nonsense", 422, `href="#f-norm"`)
	for tab, text := range map[string]string{"groups": "heat", "checks": "克隆巴赫系数", "sense": "还没有分析",
		"record": "还没有保存过"} {
		h.want(officer, at+chosen+"&tab="+tab, 200, text)
	}
	h.sent(officer, at+"/save", append(pairsOf(chosen), "note", "首版", "data", "1", "version", h.version(id))...)
	h.want(officer, at, 200, "即第 1 版", "未变")
	h.want(officer, at+"?set=1&norm=rank", 200, "与第 1 版不同", "比第 1 版")
	h.unit(at)
	h.want(officer, at+"/verify?n=1", 200, "逐位相同")
	h.again(at)
	h.want(leader, at, 404)
	h.want(officer, at+"/step?do=finish", 200, "定稿")
	h.sent(officer, at+"/step", "do", "finish", "version", h.version(id))
	if body := h.want(leader, at, 200, "示范7市"); strings.Contains(body, "保存这一版") {
		t.Error("a leader is offered to save")
	}
	h.want(leader, at+"/print", 200, "参照体系（非官方）", "示范7市")
	h.want(leader, "/studio", 200, "示范指数")
	h.want(leader, "/studio/datasets/"+data, 200, "示范集")
	h.want(authz.Actor{Account: "e", Role: authz.Enterprise, Org: "o"}, at, 404)
	h.want(authz.Actor{Account: "e", Role: authz.Enterprise, Org: "o"}, "/studio", 403)
	own := append(cities(), "示范指数", "示范集", "示范年鉴", "示范", "甲组", "乙组", "甲一", "甲二", "乙一", "乙二", "首版", "片区")
	for _, p := range []string{"/studio", "/studio?kind=data", "/studio/datasets/new", "/studio/datasets/" + data,
		"/studio/datasets/" + data + "/revise", at, at + "?tab=groups", at + "?tab=checks", at + "?tab=sense",
		at + "?tab=record", at + chosen, at + "/unit?unit=U3", at + "/cell?unit=U3&code=A1", at + "/cell?unit=U3&code=A",
		at + "/verify", "/studio/schemes/new"} {
		h.English(t, officer, p, own...)
	}
}

func pairsOf(query string) []string {
	v, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil {
		panic(err)
	}
	var out []string
	for name, list := range v {
		for _, x := range list {
			out = append(out, name, x)
		}
	}
	return out
}

// unit walks the page of a unit: every number opens how it was made.
func (h *house) unit(at string) {
	h.t.Helper()
	body := h.want(officer, at+"/unit?unit=U3", 200, "每项指标怎样算出来", "补缺", "强在哪里", "弱在哪里")
	links := regexp.MustCompile(`href="(/studio/schemes/[^"]+/cell\?[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(links) < 7 {
		h.t.Errorf("%d numbers open", len(links))
	}
	for _, m := range links {
		h.want(officer, strings.ReplaceAll(m[1], "&amp;", "&"), 200, "怎样算出来")
	}
	h.want(officer, at+"/cell?unit=U3&code=A2", 200, "按指标中位数补为", "标准差")
	h.want(officer, at+"/cell?unit=U3&code=Z", 404)
	h.want(officer, at+"/unit?unit=U0&if=A1&value=60", 200, "“甲一”从 10 到 60", "得分变化来自")
	h.want(officer, at+"/unit?unit=U0&if=A1&rank=4", 200, "第 4 位")
	h.want(officer, at+"/unit?unit=U0&if=A1&value=x", 200, "不是数字")
	h.want(officer, at+"/export?what=unit&unit=U3&format=csv", 200, "标准化得分")
	h.want(officer, at+"/export?what=ranks&format=csv", 200, "示范7市", "随机种子 7")
	h.want(officer, at+"/export?what=groups&format=xlsx", 200)
	h.want(officer, at+"/export?what=weights&format=csv", 200, "有效权重")
	h.want(officer, at+"/export?what=correlations&group=A&format=csv", 200, "A2 甲二")
	h.want(officer, at+"/export?what=alphas&format=csv", 200, "克隆巴赫系数")
	h.want(officer, at+"/export?what=treated&format=csv", 200, "偏度")
	h.want(officer, "/studio/export?format=csv", 200, "示范指数")
	h.want(leader, "/studio/export?kind=data&format=xlsx", 200)
}

// again makes the edition again from the two files that the page offers, as the command in the shell does.
func (h *house) again(at string) {
	h.t.Helper()
	var spec composite.Spec
	if err := json.Unmarshal([]byte(h.want(officer, at+"/export?what=spec&n=1", 200)), &spec); err != nil {
		h.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(h.want(officer, at+"/export?what=data&n=1", 200)), "\n")
	head := strings.Split(lines[0], ",")
	t := composite.NewTable(nil, head[3:])
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		t.Units = append(t.Units, cells[0])
		for k, v := range cells[3:] {
			x := composite.Missing
			if v != "" {
				if _, err := fmt.Sscan(v, &x); err != nil {
					h.t.Fatal(err)
				}
			}
			t.Values[k] = append(t.Values[k], x)
		}
	}
	b, err := composite.Run(spec, composite.Data{Values: t})
	if err != nil {
		h.t.Fatal(err)
	}
	saved, err := h.studio.GetEdition(context.Background(), officer, strings.TrimPrefix(at, "/studio/schemes/"), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	for i, u := range saved.Result.Units {
		if got := b.Index()[i]; got != *u.Scores[len(u.Scores)-1] || int64(b.Ranks[i]) != u.Rank {
			h.t.Errorf("%s: %v at %v, kept %v at %d", u.Unit, got, b.Ranks[i], *u.Scores[len(u.Scores)-1], u.Rank)
		}
	}
}

// TestCorrection corrects a value and compares the editions.
func TestCorrection(t *testing.T) {
	h := newHouse(t)
	data := h.dataset()
	_, rows := tables()
	path := "/studio/datasets/" + data + "/revise"
	h.want(officer, path, 200, "更正原因")
	h.want(officer, path+"?template=csv&layout=long", 200, "指标代码")
	fixed := strings.Replace(rows, "U0,示范0市,片区,10,", "U0,示范0市,片区,90,", 1)
	a := h.upload(officer, path, "do", "store", "version", "1", "layout", "wide", "reason", "", "@data", fixed)
	if a.Code != 422 || !strings.Contains(a.Body, `href="#f-reason"`) {
		t.Fatalf("without a reason: %d", a.Code)
	}
	a = h.upload(officer, path, "do", "store", "version", "1", "layout", "wide", "reason", "年报更正", "@data", fixed)
	if a.Code != 303 {
		t.Fatalf("%d %.900s", a.Code, a.Body)
	}
	h.want(officer, a.Header.Get("Location"), 200, "年报更正", "自身改动 1 个数据", "因其他单位的数据变动", "改动的数据：1 个")
	h.English(t, officer, a.Header.Get("Location"), append(cities(), "示范集", "甲组", "乙组", "甲一", "年报更正")...)
	h.want(officer, a.Header.Get("Location")+"&what=cells&format=csv", 200, "90")
	h.want(officer, a.Header.Get("Location")+"&what=moved&format=csv", 200, "自身改动 1 个数据")
	if a := h.upload(leader, path, "do", "store"); a.Code != 404 {
		t.Errorf("a leader corrects: %d", a.Code)
	}
}

// TestDraw makes a dataset of the numbers of the house.
func TestDraw(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/studio/datasets/draw", 200, "示范体系")
	h.English(t, officer, "/studio/datasets/draw", "示范体系")
	h.want(leader, "/studio/datasets/draw", 404)
	pairs := []string{"title", "县区示范", "standing", "own", "kind", "district", "source", "指标监测", "dataYear", "2025",
		"reportYear", "2026", "key", "d1"}
	if a := h.Post(officer, "/studio/datasets/draw", values(pairs...)); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-offer"`) {
		t.Errorf("nothing chosen: %d", a.Code)
	}
	at := h.sent(officer, "/studio/datasets/draw", append(pairs, "offer", "set-1 2025")...)
	h.want(officer, at, 200, "未报的指标", "指标监测", "县区，3 个")
}

// TestYears uploads a table with several years: the check lists what is taken from which year, and so do the dataset
// and the steps of the number.
func TestYears(t *testing.T) {
	h := newHouse(t)
	tree, data := tables()
	lines := strings.Split(strings.TrimSpace(data), "\n")
	lines[0] += ",year"
	for i := range lines[1:] {
		lines[i+1] += ",2024"
	}
	before := strings.Replace(lines[1], ",10,", ",33,", 1)
	lines[1] = strings.Replace(lines[1], ",10,", ",,", 1)
	lines = append(lines, strings.TrimSuffix(before, ",2024")+",2022")
	pairs := append([]string{"fill", "latest", "fillYears", "3", "@tree", tree, "@data", strings.Join(lines, "\n")}, about...)
	check := h.upload(officer, "/studio/datasets/new", append(pairs, "do", "check")...)
	for _, text := range []string{"可以导入", "表中另有 1 个年份", "由其他年份补入的数值：1 个", "2022 年", `name="fill" value="latest"`} {
		if !strings.Contains(check.Body, text) {
			t.Errorf("the check lacks %q: %.600s", text, check.Body)
		}
	}
	a := h.upload(officer, "/studio/datasets/new", append(pairs, "do", "store")...)
	if a.Code != 303 {
		t.Fatalf("%d %.900s", a.Code, a.Body)
	}
	at := a.Header.Get("Location")
	h.want(officer, at, 200, "由其他年份补入的数值：1 个", "2022 年", "33")
	h.English(t, officer, at, append(cities(), "示范集", "示范年鉴", "甲组", "乙组", "甲一", "甲二", "乙一", "乙二")...)
	scheme := h.sent(officer, "/studio/schemes/new", "title", "示范指数", "dataset",
		strings.TrimPrefix(at, "/studio/datasets/"), "key", "s1")
	h.want(officer, scheme+"/cell?unit=U0&code=A1", 200, "数据年份缺这个数值，取自 2022 年", "33")
}

// TestStudyPages starts a study, follows it and shows what came of it.
func TestStudyPages(t *testing.T) {
	h := newHouse(t)
	data := h.dataset()
	at := h.sent(officer, "/studio/schemes/new", "title", "示范指数", "dataset", data, "key", "s1")
	id := strings.TrimPrefix(at, "/studio/schemes/")
	h.sent(officer, at+"/save", "note", "首版", "data", "1", "version", h.version(id))
	run := h.sent(officer, at+"/study", "n", "1", "key", "k")
	h.want(officer, run, 200, "计算中", "取消分析")
	if _, err := h.jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.want(officer, run, 200, "已完成", "位次取决于什么")
	h.want(officer, at+"?tab=sense", 200, "位次取决于什么", "±25%")
	h.English(t, officer, run, "示范指数", "示范集")
	second := h.sent(officer, at+"/study", "n", "1", "key", "k2")
	h.sent(officer, second+"/cancel")
	h.want(officer, second, 200, "已取消")
}

// TestOperations does by the API what the pages do.
func TestOperations(t *testing.T) {
	h := newHouse(t)
	content := studio.Content{Nodes: []composite.Node{{Code: "A", Name: "甲", Weight: 1, Direction: 1},
		{Code: "B", Name: "乙", Weight: 1, Direction: 1}}, Codes: []string{"A", "B"}}
	for i := range 6 {
		content.Units = append(content.Units, studio.Unit{Code: fmt.Sprint("U", i), Name: fmt.Sprint("市", i)})
		content.Values = append(content.Values, []string{fmt.Sprint(i * i), fmt.Sprint(10 - i)})
	}
	in := map[string]any{"title": "示范", "standing": "own", "kind": "city", "source": "示范", "dataYear": 2024,
		"reportYear": 2026, "content": content}
	call := func(as authz.Actor, method, path string, body any, code int, into any, headers ...string) {
		t.Helper()
		a := h.Call(as, method, path, body, headers...)
		if a.Code != code {
			t.Fatalf("%s %s: %d %s", method, path, a.Code, a.Body)
		}
		if into != nil {
			if err := json.Unmarshal([]byte(a.Body), into); err != nil {
				t.Fatal(err)
			}
		}
	}
	content.Values[2][1] = "x"
	a := h.Call(officer, http.MethodPost, "/studio/datasets", in)
	if a.Code != 422 || !strings.Contains(a.Body, "values.2.1") {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	content.Values[2][1] = ""
	var d studio.Dataset
	call(officer, http.MethodPost, "/studio/datasets", in, 201, &d)
	var x studio.Scheme
	call(officer, http.MethodPost, "/studio/schemes", map[string]any{"title": "方案", "dataset": d.ID}, 201, &x)
	var o studio.Outcome
	call(officer, http.MethodPost, "/studio/schemes/"+x.ID+"/outcome", map[string]any{"spans": true}, 200, &o)
	if len(o.Rows) != 5 || len(o.Left) != 1 || o.Rows[0].Rank != 1 || !o.Computed { // one has half of its values
		t.Errorf("%+v", o)
	}
	call(leader, http.MethodPost, "/studio/schemes/"+x.ID+"/outcome", map[string]any{}, 404, nil)
	call(officer, http.MethodPost, "/studio/schemes/"+x.ID+"/editions", map[string]any{"choices": o.Choices}, 201, &x,
		"If-Match", `"1"`)
	var v studio.Verdict
	call(officer, http.MethodGet, "/studio/schemes/"+x.ID+"/editions/1/verification", nil, 200, &v)
	if !v.Same {
		t.Errorf("%+v", v)
	}
	var w studio.WhatIfAnswer
	call(officer, http.MethodPost, "/studio/schemes/"+x.ID+"/what-if", map[string]any{"question": map[string]any{
		"unit": "U0", "code": "A", "value": "100"}}, 200, &w)
	if w.Then != 1 {
		t.Errorf("%+v", w)
	}
	call(officer, http.MethodPost, "/studio/schemes/"+x.ID+"/checks", map[string]any{}, 200, nil)
	call(officer, http.MethodPost, "/studio/schemes/"+x.ID+"/unit", map[string]any{"unit": "U1"}, 200, nil)
}
