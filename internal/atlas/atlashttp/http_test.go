package atlashttp_test

import (
	"context"
	"html"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/atlas/atlashttp"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	visitor = authz.Actor{}
)

type house struct {
	*webtest.House
	t     testing.TB
	party *party.Service
	atlas *atlas.Service
	orgs  []string
	feed  *outbox.Dispatcher
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
	d := dbtest.SQLite(t)
	u := dbtest.UnitAt(t, d, now)
	places := dict.New(u)
	must(places.Load(ctx))
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	var err error
	h.party, err = party.New(u, party.FromDict(places), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	must(err)
	home := func() region.Code { return "140100" }
	room, err := atlas.New(u, times, atlas.Options{Dict: places, Home: home})
	must(err)
	h.atlas = room
	h.feed = outbox.NewDispatcher(d, now, outbox.Options{}, room.Follower())
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{atlashttp.New(room, w, kit.Deps{Party: h.party, Dict: places, Clock: now,
			Home: home}, nil, indicators)}
	})
	for _, o := range []party.OrgData{{Name: "太原碳纤维材料有限公司", Kind: "enterprise", Region: "140105", Industry: "C30"},
		{Name: "太原智能装备有限公司", Kind: "enterprise", Region: "140105", Industry: "C34"},
		{Name: "并州理工学院", Kind: "university", Region: "140106"}, {Name: "太原某园区", Kind: "park", Region: "140100"}} {
		o.Standing = "active"
		made, err := h.party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: o})
		must(err)
		h.orgs = append(h.orgs, made.ID)
	}
	_, err = h.party.CreatePerson(ctx, officer, party.NewPerson{PersonData: party.PersonData{Name: "王教授",
		Public: true}, Org: h.orgs[2]})
	must(err)
	must(h.feed.CatchUp(ctx))
	return h
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
	if m := regexp.MustCompile(`@[A-Z]\w+\(`).FindString(a.Body); m != "" {
		h.t.Errorf("%s shows %s", path, m)
	}
	return a.Body
}

// The map shows every district, what is missing, how old it is, and where to say that it is wrong.
func TestMap(t *testing.T) {
	h := newHouse(t)
	body := h.want(visitor, "/atlas", 200, "小店区", "娄烦县", "方格示意", "缺什么", "以来新增", "最早数据", "这里有误，提交纠错",
		"共 5 条记录", "没有区县")
	if strings.Contains(body, "style=") {
		t.Error("a style in the markup")
	}
	h.want(visitor, "/atlas?region=140105", 200, "太原碳纤维材料有限公司", "共 2 条记录")
	h.want(visitor, "/atlas?q="+url.QueryEscape("类型:企业 地区:小店区"), 200, "共 2 条记录")
	h.want(visitor, "/atlas?q="+url.QueryEscape("类型:飞船"), 422, "第 1 个字“飞船”", "没有按这些条件查询")
	h.want(visitor, "/atlas?region=abc", 422)
	h.want(officer, "/atlas?lang=en", 200, "Tile diagram", "Ecosystem map")
	h.want(visitor, "/atlas/poster", 200, "<svg", "小店区", "共 5 条记录")
	h.want(visitor, "/atlas/rules", 200, "碳纤维", "系统设计")
	h.want(visitor, "/screen", 303)
	h.want(officer, "/screen", 200, "创新生态运行监测", `data-surface="screen"`, "every 60s")
}

// Every number of the landscape leads to a list of that many records.
func TestNumbersLeadToTheirRows(t *testing.T) {
	h := newHouse(t)
	cell := regexp.MustCompile(`<td class="q\d"><a href="([^"]+)">\s*(\d+)\s*</a>`)
	seen := 0
	for _, path := range []string{"/atlas/landscape", "/atlas/landscape?region=140105"} {
		body := h.want(visitor, path, 200)
		for _, m := range cell.FindAllStringSubmatch(body, -1) {
			seen++
			h.want(visitor, html.UnescapeString(m[1]), 200, "共 "+m[2]+" 条记录")
		}
	}
	if seen < 8 {
		t.Errorf("only %d cells lead anywhere", seen)
	}
	table := h.want(visitor, "/atlas", 200, "全部地区", "太原市，区县未知")
	if _, table, _ = strings.Cut(table, "<table"); !strings.Contains(table, "asof") {
		t.Error("what nobody confirmed for a year leads nowhere")
	}
	count := regexp.MustCompile(`<a href="(/atlas/list[^"]*)"[^>]*>(\d+)</a>`)
	for _, m := range count.FindAllStringSubmatch(h.want(visitor, "/atlas", 200), -1) {
		h.want(visitor, html.UnescapeString(m[1]), 200, "共 "+m[2]+" 条记录")
	}
}

func TestListAndExport(t *testing.T) {
	h := newHouse(t)
	h.want(visitor, "/atlas/list?sort=title", 200, "太原碳纤维材料有限公司", "按规则归类", "新材料")
	h.want(visitor, "/atlas/list?kind=finance", 200, "没有符合条件的记录")
	if a := h.Get(visitor, "/atlas/list?format=csv"); a.Code != 403 {
		t.Errorf("a visitor exports: %d", a.Code)
	}
	a := h.Get(officer, "/atlas/list?format=csv&kind=enterprise")
	if a.Code != 200 || !strings.Contains(a.Body, "太原碳纤维材料有限公司") || strings.Contains(a.Body, "并州理工学院") {
		t.Errorf("%d %.300s", a.Code, a.Body)
	}
	h.want(officer, "/atlas/list?format=pdf", 422)
}

func TestRecordAndNetwork(t *testing.T) {
	h := newHouse(t)
	at := "/atlas/nodes/" + h.orgs[0]
	h.want(visitor, at, 200, "打开原始记录", "按规则归类", "数据截至")
	h.want(visitor, "/atlas/nodes/x", 404)
	if a := h.Post(officer, at, url.Values{"what": {"six"}, "six": {"product"}}); a.Code != 422 {
		t.Errorf("a correction without a reason: %d", a.Code)
	}
	if a := h.Post(officer, at, url.Values{"what": {"six"}, "six": {"product"}, "reason": {"主营产品"}}); a.Code != 303 {
		t.Fatalf("%d %.300s", a.Code, a.Body)
	}
	if err := h.feed.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.want(visitor, at, 200, "人工更正", "主营产品", "新产品")
	net := "/atlas/network/" + h.orgs[2]
	h.want(visitor, net, 200, "王教授", "任职", "人员档案", `class="net"`)
	h.want(visitor, net+"?depth=2&name="+url.QueryEscape("王"), 200, "王教授")
	h.want(visitor, net+"?to="+h.orgs[0], 200, "没有联系")
}

// A visitor reports, the bureau deals with it, the receipt shows the answer.
func TestCorrection(t *testing.T) {
	h := newHouse(t)
	form := "/atlas/corrections/new?node=" + h.orgs[0]
	h.want(visitor, form, 200, "太原碳纤维材料有限公司", "请自行保存")
	if a := h.Post(visitor, "/atlas/corrections/new", url.Values{"node": {h.orgs[0]}}); a.Code != 422 ||
		!strings.Contains(a.Body, `href="#f-text"`) || !strings.Contains(a.Body, h.orgs[0]) {
		t.Errorf("an empty report: %d", a.Code)
	}
	a := h.Post(visitor, "/atlas/corrections/new", url.Values{"node": {h.orgs[0]}, "what": {"place"}, "text": {"在迎泽区"}})
	receipt := a.Header.Get("Location")
	if a.Code != 303 || !strings.HasPrefix(receipt, "/atlas/receipts/") {
		t.Fatalf("%d %s", a.Code, receipt)
	}
	h.want(visitor, receipt, 200, "已提交", "在迎泽区", "办理期限")
	list := h.want(officer, "/atlas/corrections", 200, "JC-2026-001", "访客")
	record := regexp.MustCompile(`/atlas/corrections/[0-9a-z]{20,}`).FindString(list)
	h.want(officer, record+"/step?do=accept", 200, "受理")
	for i, step := range []string{"accept", "correct"} {
		a := h.Post(officer, record+"/step", url.Values{"do": {step}, "version": {string(rune('1' + i))}, "reason": {"已改到迎泽区"}})
		if a.Code != 303 {
			t.Fatalf("%s: %d %.400s", step, a.Code, a.Body)
		}
	}
	if body := h.want(visitor, receipt, 200, "已更正", "已改到迎泽区"); strings.Contains(body, officer.Login) {
		t.Error("a receipt names who dealt with it")
	}
}

// A page may stand in a frame of the sites named for it; no other page may, and none after it was taken
// back.
func TestFrames(t *testing.T) {
	h := newHouse(t)
	a := h.Post(officer, "/atlas/shares", url.Values{"kind": {"embed"}, "note": {"合作网站"}, "hosts": {"https://www.example.cn"}})
	address := regexp.MustCompile(`/embed/atlas/[0-9a-z]+`).FindString(a.Body)
	if a.Code != 200 || address == "" {
		t.Fatalf("%d %.500s", a.Code, a.Body)
	}
	e := h.Get(visitor, address)
	if e.Code != 200 || !strings.Contains(e.Header.Get("Content-Security-Policy"), "frame-ancestors https://www.example.cn") ||
		e.Header.Get("X-Frame-Options") != "" || !strings.Contains(e.Body, "小店区") || strings.Contains(e.Body, "<form") {
		t.Errorf("%d %v", e.Code, e.Header)
	}
	for _, path := range []string{"/atlas", "/embed/atlas/x", "/atlas/list"} {
		o := h.Get(visitor, path)
		if !strings.Contains(o.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
			o.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s may stand in a frame", path)
		}
	}
	h.want(visitor, strings.Replace(address, "/embed/atlas/", "/screen/", 1), 404)
	list := h.want(officer, "/atlas/shares", 200, "合作网站")
	if strings.Contains(list, address) {
		t.Error("a token is shown again")
	}
	id := regexp.MustCompile(`name="end" value="([^"]+)"`).FindStringSubmatch(list)[1]
	if a := h.Post(officer, "/atlas/shares", url.Values{"end": {id}, "version": {"1"}}); a.Code != 303 {
		t.Fatalf("%d", a.Code)
	}
	h.want(visitor, address, 404)
}

// An officer changes which words, industries, fields and kinds lead to classes; what is wrong is said in words, and
// everybody reads what holds, on the page and by the API.
func TestRuleForm(t *testing.T) {
	h := newHouse(t)
	v := url.Values{"name": {"本市规则"}, "source": {"市局"}, "six.product": {"新品、样机"},
		"industries.product": {"C26、Z99"}}
	a := h.Post(officer, "/atlas/rules", v)
	for _, text := range []string{"没有“Z99”这个行业代码", "请至少选择一类组织", "C26、Z99"} {
		if a.Code != 422 || !strings.Contains(a.Body, text) {
			t.Errorf("%d does not show %q", a.Code, text)
		}
	}
	v.Set("industries.product", "C26、C27")
	v["kinds"] = []string{"enterprise", "hospital"}
	v.Set("sixField.04", "business")
	v.Set("platforms", "工作站")
	v.Set("fields.05", "材料")
	v.Set("fieldIndustries.05", "C28")
	if a := h.Post(visitor, "/atlas/rules", v); a.Code == 303 && strings.HasSuffix(a.Header.Get("Location"), "/atlas/rules") {
		t.Errorf("a visitor sets the rule: %d", a.Code)
	}
	if a := h.Post(officer, "/atlas/rules", v); a.Code != 303 {
		t.Fatalf("%d %.500s", a.Code, a.Body)
	}
	h.want(visitor, "/atlas/rules", 200, "新品、样机 · 行业 C26、C27", "企业、医疗机构", "工作站", "材料 · 行业 C28", "本地规定")
	got := h.Call(visitor, http.MethodGet, "/atlas/rules", nil)
	for _, text := range []string{`"kinds":["enterprise","hospital"]`, `"platforms":["工作站"]`, `"class":"business","words":[],"fields":["04"]`} {
		if got.Code != 200 || !strings.Contains(got.Body, text) {
			t.Errorf("%d %s does not have %s", got.Code, got.Body, text)
		}
	}
}

// Page and API say the same.
func TestOperations(t *testing.T) {
	h := newHouse(t)
	for path, want := range map[string]string{
		"/atlas/overview?region=140105":          `"total":2`,
		"/atlas/count?kind=enterprise":           `"n":2`,
		"/atlas/nodes?six=material":              "太原碳纤维材料有限公司",
		"/atlas/nodes/" + h.orgs[0]:              `"fieldBy":"rule"`,
		"/atlas/nodes/" + h.orgs[2] + "/network": "王教授",
		"/atlas/rules":                           "碳纤维",
		"/atlas/views":                           `"items":[]`,
		"/atlas/ground":                          `"shapes":[]`,
		"/atlas/count?kind=enterprise&kind=park": `"n":3`,
	} {
		a := h.Call(visitor, http.MethodGet, path, nil)
		if a.Code != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %.300s", path, a.Code, a.Body)
		}
	}
	a := h.Call(visitor, http.MethodGet, "/atlas/overview?q="+url.QueryEscape("类型:飞船"), nil)
	if p := a.Problem(t); a.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Field != "q" {
		t.Errorf("%d %+v", a.Code, p)
	}
	a = h.Call(officer, http.MethodPost, "/atlas/views", map[string]any{"name": "碳基", "query": "碳", "public": true,
		"cluster": "碳基新材料"})
	if a.Code != 201 || a.Header.Get("ETag") != `"1"` {
		t.Errorf("%d %.300s", a.Code, a.Body)
	}
	h.want(visitor, "/atlas/views", 200, "碳基新材料")
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(a.Body)[1]
	a = h.Call(officer, http.MethodPut, "/atlas/views/"+id, map[string]any{"name": "碳", "query": "碳"}, "If-Match", `"1"`)
	if a.Code != 200 || a.Header.Get("ETag") != `"2"` {
		t.Errorf("%d %.300s", a.Code, a.Body)
	}
	a = h.Call(officer, http.MethodPost, "/atlas/views", map[string]any{"name": "碳", "query": 5})
	if p := a.Problem(t); a.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Field != "query" {
		t.Errorf("%d %+v", a.Code, p)
	}
	firm := authz.Actor{Account: "acc-f", Login: "f", Role: authz.Enterprise}
	if a = h.Call(firm, http.MethodPost, "/atlas/views", map[string]any{"name": "碳"}); a.Code != 403 {
		t.Errorf("a firm saves a view: %d", a.Code)
	}
}

// A citizen with an account sees what became of its report.
func TestCorrectionOfACitizen(t *testing.T) {
	h := newHouse(t)
	citizen := authz.Actor{Account: "acc-c", Login: "citizen", Role: authz.Public}
	a := h.Post(citizen, "/atlas/corrections/new", url.Values{"node": {h.orgs[0]}, "what": {"place"}, "text": {"在迎泽区"}})
	at := a.Header.Get("Location")
	if a.Code != 303 || !strings.HasPrefix(at, "/atlas/corrections/") {
		t.Fatalf("%d %s", a.Code, at)
	}
	h.want(citizen, at, 200, "在迎泽区", "撤回")
	h.want(citizen, "/atlas/corrections", 200, "JC-2026-001")
	h.want(authz.Actor{Account: "acc-d", Role: authz.Public}, at, 404)
}

// A wrong span of days stands where it can be seen.
func TestWrongDatesAreSeen(t *testing.T) {
	h := newHouse(t)
	body := h.want(visitor, "/atlas?from=2026-03-01&to=2026-02-01", 422, "止日早于起日", `value="2026-02-01"`)
	if !regexp.MustCompile(`<details class="more-filters" open`).MatchString(body) {
		t.Error("the dates are folded away")
	}
}

// A draft of outlines says what it lacks; a file that is too large is refused in words, on the form.
func TestBoundaryPage(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/atlas/boundaries", 200, "不超过 31 MB")
	square := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":"140105"},"geometry":
		{"type":"Polygon","coordinates":[[[112.5,37.7],[112.6,37.7],[112.6,37.8],[112.5,37.8],[112.5,37.7]]]}}]}`
	_, err := h.atlas.ImportBoundary(context.Background(), officer, atlas.NewBoundary{BoundaryData: atlas.BoundaryData{
		Name: "边界", Approval: "晋S(2023)005号", Source: "市局", Day: "2026-01-01"}, File: strings.NewReader(square)})
	if err != nil {
		t.Fatal(err)
	}
	h.want(officer, "/atlas/boundaries", 200, "草稿", "还缺：", "娄烦县")
	h.want(visitor, "/atlas", 200, "方格示意", "娄烦县")
}

// The poster is one sheet of A0 with everything on it, whatever the screen shows.
func TestPosterIsOneSheetOfA0(t *testing.T) {
	h := newHouse(t)
	h.scatter(60)
	site := httptest.NewServer(h.Handler())
	t.Cleanup(site.Close)
	p := browsertest.New(t, site.URL)
	p.Goto("/atlas/poster")
	pdf := p.PDF()
	sheets := regexp.MustCompile(`/Type ?/Page\b[^s]`).FindAll(pdf, -1)
	size := regexp.MustCompile(`/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]`).FindSubmatch(pdf)
	if len(sheets) != 1 || size == nil {
		t.Fatalf("%d sheets of %q", len(sheets), size)
	}
	const mm = 72 / 25.4
	for i, want := range []float64{841, 1189} {
		got, err := strconv.ParseFloat(string(size[i+1]), 64)
		if err != nil || math.Abs(got/mm-want) > 1 {
			t.Errorf("side %d of the sheet is %s points, want %v mm", i, size[i+1], want)
		}
	}
	p.Media("print", "")
	p.SetSize(2876) // 761 mm, as wide as the sheet within its margins
	const cut = `[...document.querySelectorAll(".poster *")].filter(e => e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0 &&
		getComputedStyle(e).overflowX !== "visible" && !e.closest(".sr") && !e.matches(".sr")).map(e => e.className + e.textContent.slice(0, 20))`
	if got := browsertest.Eval[[]string](p, cut); len(got) > 0 {
		t.Errorf("cut off: %q", got)
	}
	const square = `(b => Math.abs(b.width - b.height) < 2 && b.width > 80)(document.querySelector(".poster-qr svg").getBoundingClientRect())`
	if !browsertest.Eval[bool](p, square) {
		t.Error("the code is out of shape: no telephone reads it")
	}
	p.Media("", "")
}

// indicators are what the room of indicators shows on the big screen.
func indicators(r *http.Request, _ authz.Actor) ([]chart.KeyFigure, []templ.Component, error) {
	parts := []templ.Component{templ.Raw("<p>走势</p>"), templ.Raw("<p>亮灯</p>")}
	if r.FormValue("set") == "young" { // no value of it has one before it
		parts = parts[1:]
	}
	return []chart.KeyFigure{{Name: "技术合同成交额", Value: "228", Unit: "亿元", Href: "/monitor"}}, parts, nil
}

// The big screen of who is logged in begins with indicators, how they went and their lights; the one in a hall
// has the public map alone.
func TestScreenWithIndicators(t *testing.T) {
	h := newHouse(t)
	page := h.want(officer, "/screen", 200, "技术合同成交额", "228", "走势", "亮灯", "云图记录", "各区县")
	if strings.Contains(page, "六新") {
		t.Error("六新 stands beside the indicators: there is no room for it")
	}
	page = h.want(officer, "/screen?set=young", 200, "亮灯", "六新")
	if strings.Contains(page, "走势") || strings.Contains(page, `aria-labelledby="fields`) {
		t.Error("the left column has more than two cards")
	}
	if !strings.Contains(page, `href="/atlas/list?region=140100"`) {
		t.Error("the records that the screen counts are not those of the city it names, or lead nowhere")
	}
	a := h.Post(officer, "/atlas/shares", url.Values{"kind": {"screen"}, "note": {"大厅"}})
	address := regexp.MustCompile(`/screen/[0-9a-z]+`).FindString(a.Body)
	if a.Code != 200 || address == "" {
		t.Fatalf("%d %.500s", a.Code, a.Body)
	}
	if page := h.want(visitor, address, 200, "六新", "各区县"); strings.Contains(page, "228") || strings.Contains(page, "亮灯") {
		t.Error("the hall sees indicators")
	}
}
