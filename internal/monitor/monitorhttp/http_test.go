package monitorhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/indicator/indicatorhttp"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/monitor/monitorhttp"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// Who acts in tests.
var (
	officer  = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	second   = authz.Actor{Account: "acc-second", Login: "zhao", Role: authz.Officer}
	leader   = authz.Actor{Account: "acc-leader", Login: "li", Role: authz.Leader}
	district = authz.Actor{Account: "acc-d", Login: "xiaodian", Role: authz.District, Region: "140105"}
	firm     = authz.Actor{Account: "acc-f", Login: "firm", Role: authz.Enterprise, Org: "org-x"}
)

const city region.Code = "140100"

// house is the room with the doors that its pages lead to.
type house struct {
	*webtest.House
	t          testing.TB
	room       *monitor.Service
	plan       *plan.Service
	indicators *indicator.Service
	party      *party.Service
	feed       *outbox.Dispatcher
	runner     *job.Runner
	bureau     string
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// pagesOnly is a door of which a test only opens pages.
type pagesOnly struct {
	door interface{ Routes() []web.Route }
}

func (p pagesOnly) Routes() []web.Route { return p.door.Routes() }
func (pagesOnly) Operations(*api.API)   {}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	ctx, now := context.Background(), clock.NewFake(dbtest.Start)
	h := &house{t: t}
	u := dbtest.UnitAt(t, d, now)
	places := dict.New(u)
	h.must(places.Load(ctx))
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	h.must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: places, Service: process.OfficeHours()}
	h.party, err = party.New(u, party.FromDict(places), times,
		party.Options{Key: bytes.Repeat([]byte{7}, party.KeyBytes), Blobs: files})
	h.must(err)
	h.plan, err = plan.New(u, times, plan.Options{Blobs: files, Party: h.party, Dict: places})
	h.must(err)
	h.must(h.plan.Load(ctx))
	reg, err := measure.NewRegistry(d, now, h.party.Measures()...)
	h.must(err)
	h.indicators, err = indicator.New(u, times, indicator.Options{Plan: h.plan, Party: h.party, Dict: places,
		Measures: reg.List})
	h.must(err)
	home := func() region.Code { return city }
	h.room = monitor.New(u, monitor.Options{Plan: h.plan, Indicator: h.indicators, Dict: places,
		Measures: func() *measure.Registry { return reg }, Home: home})
	h.must(h.room.Load(ctx))
	h.feed = outbox.NewDispatcher(d, now, outbox.Options{}, h.room.Follower())
	h.runner = job.NewRunner(u, job.NewDesk(u), job.Options{})
	h.room.RegisterJobs(h.runner)
	deps := kit.Deps{Party: h.party, Dict: places, Clock: now, Home: home}
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{monitorhttp.New(h.room, w, deps),
			pagesOnly{indicatorhttp.New(h.indicators, w, indicatorhttp.Deps{Deps: deps, Plan: h.plan,
				Drafts: draft.New(d, now), Measures: reg.List})},
			planhttp.New(h.plan, w, planhttp.Deps{Party: h.party, Dict: places, Clock: now, Home: home}),
			partyhttp.New(h.party, w, places, partyhttp.Deps{Clock: now, Home: home})}
	})
	o, err := h.party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{
		Name: "太原市科学技术局", Kind: "government", Region: city, Standing: "active"}})
	h.must(err)
	h.bureau = o.ID
	return h
}

func (h *house) define(name, unit string, change func(*indicator.DefinitionData)) string {
	h.t.Helper()
	i, err := h.plan.CreateIndicator(context.Background(), officer, plan.NewIndicator{
		IndicatorData: plan.IndicatorData{Name: name, Unit: unit, Direction: "up", Additive: true}})
	h.must(err)
	d := indicator.DefinitionData{Kind: indicator.Observed, Text: "按统计制度", Unit: unit, Places: 2,
		Frequency: "quarter", Cumulative: true, DueDays: 10, DueTime: "18:00", From: "2020-01-01", Org: h.bureau,
		Source: "统计报表制度"}
	change(&d)
	_, err = h.indicators.CreateDefinition(context.Background(), officer,
		indicator.NewDefinition{Indicator: i.ID, DefinitionData: d})
	h.must(err)
	return i.ID
}

func (h *house) report(indicatorID string, place region.Code, p series.Period, value plan.Decimal) {
	h.t.Helper()
	list, err := h.indicators.Report(context.Background(), officer, indicator.Reporting{Submit: true,
		Cells: []indicator.NewObservation{{Cell: indicator.Cell{Indicator: indicatorID, Region: place, Period: p},
			ObservationData: indicator.ObservationData{Value: value, JumpNote: "项目集中签约"}}}})
	h.must(err)
	_, err = h.indicators.FireObservation(context.Background(), second, indicator.Step{ID: list[0].ID,
		Step: indicator.StepApprove, Version: list[0].Version})
	h.must(err)
}

func (h *house) settle() {
	h.t.Helper()
	h.must(h.feed.CatchUp(context.Background()))
	_, err := h.runner.RunDue(context.Background())
	h.must(err)
	h.must(h.feed.CatchUp(context.Background()))
}

// filled is a house with something on every page.
type filled struct {
	*house
	deals, share, orgs, rnd string
	target                  plan.Target
	set                     indicator.Set
}

func fill(h *house) filled {
	h.t.Helper()
	ctx := context.Background()
	x := filled{house: h}
	x.deals = h.define("技术合同成交额", "亿元", func(*indicator.DefinitionData) {})
	gdp := h.define("地区生产总值", "亿元", func(*indicator.DefinitionData) {})
	x.share = h.define("成交额占比", "%", func(d *indicator.DefinitionData) {
		d.Kind, d.Formula = indicator.Computed, "「技术合同成交额」 / 「地区生产总值」 * 100%"
	})
	x.orgs = h.define("企业数", "家", func(d *indicator.DefinitionData) {
		d.Kind, d.Cumulative, d.Measure, d.Places = indicator.Measured, false, "party.orgs", 0
	})
	x.rnd = h.define("研发投入强度", "%", func(d *indicator.DefinitionData) { d.Frequency, d.Cumulative = "year", false })
	_, err := h.indicators.CreateDefinition(ctx, officer, indicator.NewDefinition{Indicator: x.rnd,
		DefinitionData: indicator.DefinitionData{Kind: indicator.Observed, Text: "新制度", Unit: "%", Places: 2,
			Frequency: "year", DueDays: 10, DueTime: "18:00", From: "2024-01-01", Org: h.bureau, Breaks: true,
			BreakNote: "按新制度统计", Source: "统计报表制度"}})
	h.must(err)
	for _, year := range []int{2023, 2024, 2025, 2026} {
		for n := 1; n <= 4 && (year < 2026 || n <= 3); n++ {
			v := plan.Decimal(kit.Number(int64((year-2020)*8*n + n)))
			h.report(x.deals, city, series.NewPeriod(series.Quarter, year, n), v)
			h.report(gdp, city, series.NewPeriod(series.Quarter, year, n), "4000")
			h.report(x.deals, "140105", series.NewPeriod(series.Quarter, year, n), v)
		}
		if year < 2026 {
			h.report(x.rnd, city, series.NewPeriod(series.Year, year, 1), plan.Decimal("2."+kit.Number(int64(year-2020))))
		}
	}
	for _, o := range []string{"太原精密铸造厂", "太原仪表厂"} {
		_, err := h.party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: o,
			Kind: "enterprise", Region: "140105", Standing: "active"}})
		h.must(err)
	}
	x.target, err = h.plan.CreateTarget(ctx, officer, plan.NewTarget{TargetData: plan.TargetData{
		Indicator: x.deals, Region: city, Measure: "level", Op: ">=", Value: "400", Unit: "亿元",
		From: "2026-01-01", To: "2026-12-31"}})
	h.must(err)
	x.set = x.makeSet()
	h.settle()
	for _, indicatorID := range []string{x.orgs, x.share} {
		_, err := h.room.Recompute(ctx, officer, indicatorID)
		h.must(err)
	}
	return x
}

// makeSet puts the indicators into a set; they are defined already.
func (x filled) makeSet() indicator.Set {
	x.t.Helper()
	text := "code: trial\nname: 创新监测\nyear: 2026\nlabel: 试用\nsource: 试用体系\ngroups:\n  - name: 投入与产出\n    items:\n"
	for _, name := range []string{"技术合同成交额:亿元", "成交额占比:%", "企业数:家", "研发投入强度:%", "高价值发明专利:件"} {
		title, unit, _ := strings.Cut(name, ":")
		text += "      - name: " + title + "\n        unit: \"" + unit + "\"\n"
	}
	out, err := x.indicators.ImportSet(context.Background(), officer, indicator.SetImport{Name: "trial.yaml",
		File: strings.NewReader(text), InForce: "2026-01-01"})
	x.must(err)
	return out.Set
}

func (x filled) pages() map[string]string {
	point := "/monitor/points/" + x.deals + "/140100/2026Q3"
	return map[string]string{"home": "/monitor", "brief": "/monitor/brief", "set": "/monitor/sets/" + x.set.ID,
		"paper":     "/monitor/sets/" + x.set.ID + "?view=print",
		"district":  "/monitor/sets/" + x.set.ID + "?region=140105",
		"indicator": "/monitor/indicators/" + x.deals, "broken": "/monitor/indicators/" + x.rnd,
		"measured": "/monitor/indicators/" + x.orgs, "computed": "/monitor/indicators/" + x.share,
		"nothing": "/monitor/indicators/" + x.deals + "?region=140106",
		"point":   point, "lights": "/monitor/lights", "lights-none": "/monitor/lights?q=zzz",
		"lights-wrong": "/monitor/lights?colour=pink", "light": "/monitor/lights/" + x.target.ID,
		"rules": "/monitor/rules", "rows": "/monitor/points/" + x.orgs + "/140100/2026Q4/rows",
		"point-measure": "/monitor/points/" + x.orgs + "/140100/2026Q4",
		"point-formula": "/monitor/points/" + x.share + "/140100/2026Q3"}
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

var (
	mainPart = regexp.MustCompile(`(?s)<main.*</main>`)
	anchors  = regexp.MustCompile(`<a[^>]*\shref="(/[^"#]*)`)
	figures  = regexp.MustCompile(`(?s)<td[^>]*class="[^"]*num[^"]*"[^>]*>(.*?)</td>`)
	heats    = regexp.MustCompile(`(?s)<td class="q[0-5]">(.*?)</td>`)
	bigs     = regexp.MustCompile(`(?s)<span class="v">(.*?)</span>`)
	digit    = regexp.MustCompile(`\d`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// Every number on every page is a link, and every link of it opens for whoever sees the number: what
// proves it, and what proves that.
func TestEvidence(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	staff := authz.Actor{Account: "acc-s", Login: "han", Role: authz.Department, Org: x.bureau}
	chain := authz.Actor{Account: "acc-c", Login: "chain", Role: authz.ChainOffice}
	for _, by := range []authz.Actor{officer, leader, staff, district, chain} {
		seen := map[string]bool{}
		var queue []string
		for name, path := range x.pages() {
			if name == "lights-wrong" || (by.Role == authz.District || by.Role == authz.Department) && name == "light" {
				continue
			}
			queue = append(queue, path)
		}
		slices.Sort(queue)
		numbers := 0
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			if strings.HasPrefix(path, "/screen") {
				continue // the door of the map, which this house has not
			}
			a := x.Get(by, path)
			if a.Code != http.StatusOK {
				t.Errorf("%s opens %s: %d", by.Role, path, a.Code)
				continue
			}
			if !strings.HasPrefix(path, "/monitor") || strings.Contains(path, "format=") ||
				strings.Contains(path, "view=print") {
				continue
			}
			body := mainPart.FindString(a.Body)
			for _, re := range []*regexp.Regexp{figures, heats, bigs} {
				for _, m := range re.FindAllStringSubmatch(body, -1) {
					if !digit.MatchString(tags.ReplaceAllString(m[1], "")) {
						continue
					}
					numbers++
					if !strings.Contains(m[1], "<a ") {
						t.Errorf("%s: no proof of %q", path, tags.ReplaceAllString(m[1], " "))
					}
				}
			}
			if len(seen) > 400 {
				continue // what is found by then is of one kind with what is still to come
			}
			for _, m := range anchors.FindAllStringSubmatch(body, -1) {
				next := html.UnescapeString(m[1])
				if strings.HasPrefix(next, "/lang") || strings.Contains(next, "/edit") {
					continue
				}
				queue = append(queue, next)
			}
		}
		if numbers < 100 {
			t.Errorf("%s saw %d numbers only", by.Role, numbers)
		}
		t.Logf("%s: %d pages, %d numbers", by.Role, len(seen), numbers)
	}
}

// The pages say what is known, and a stranger sees none of them.
func TestPages(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	p := x.pages()
	x.want(leader, p["home"], 200, "技术合同成交额", "数据截至", "红灯", "需要关注")
	x.want(leader, p["brief"], 200, "红灯", "落后", "技术合同成交额")
	x.want(leader, p["set"], 200, "指标完成率", "走势", "各区县", "近六期", "导出 Excel")
	x.want(leader, p["broken"], 200, "口径变更", "不可比", "口径有变，分段绘制")
	x.want(leader, p["indicator"], 200, "年末预计", "红灯开的任务", "/monitor/points/")
	x.want(leader, p["light"], 200, "同意在红灯时办结", "落后", "缺口")
	if body := x.want(officer, p["light"], 200); strings.Contains(body, "同意在红灯时办结") {
		t.Error("an officer may decide")
	}
	x.want(leader, p["point"], 200, "填报与审核记录", "上年同期")
	x.want(leader, p["point-measure"], 200, "组织数", "看明细")
	x.want(leader, p["point-formula"], 200, "公式用到的数据", "地区生产总值")
	x.want(leader, p["rows"], 200, "太原仪表厂", "/orgs/")
	x.want(officer, p["rules"], 200, "指标默认规则", "现行", "三亚市", "增加规则")
	x.want(officer, p["lights-wrong"], 422, "没有“pink”这个选项")
	x.want(officer, p["lights-none"], 200, "没有符合条件的目标")
	x.want(officer, "/monitor/sets/none", 404)
	x.want(officer, "/monitor?period=2026Q9", 422)
	for name, path := range p {
		a := x.Get(firm, path)
		if a.Code != 403 && a.Code != 404 {
			t.Errorf("a firm opens %s: %d", name, a.Code)
		}
	}
	x.want(district, p["light"], 404)
	for _, path := range []string{p["set"], p["indicator"], p["lights"]} {
		for _, format := range []string{"xlsx", "csv"} {
			a := x.Get(officer, path+"?format="+format)
			if a.Code != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), format) || len(a.Body) < 200 {
				t.Errorf("%s as %s: %d", path, format, a.Code)
			}
		}
		x.want(officer, path+"?format=doc", 422)
	}
}

// A leader decides on the page of a light; without a reason the form says so and keeps what was typed.
func TestDecision(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	path := x.pages()["light"]
	l, err := x.room.GetLight(t.Context(), leader, x.target.ID)
	x.must(err)
	send := func(as authz.Actor, reason string) webtest.Answer {
		return x.Post(as, path, map[string][]string{"reason": {reason}, "key": {"k" + reason},
			"version": {kit.Number(l.Live().Version)}})
	}
	if a := send(leader, " "); a.Code != 422 || !strings.Contains(a.Body, "请填写这一项") {
		t.Errorf("without a reason: %d", a.Code)
	}
	if a := send(officer, "x"); a.Code != 403 {
		t.Errorf("an officer: %d", a.Code)
	}
	if a := send(leader, "口径调整"); a.Code != 303 {
		t.Errorf("a decision: %d %.500s", a.Code, a.Body)
	}
	x.want(officer, path, 200, "已决定可以办结", "口径调整")
}

// A rule is set from a day on; a wrong one says so at its fields and keeps what was typed.
func TestRule(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	form := map[string][]string{"name": {"太原市指标亮灯规则"}, "source": {"并政办发〔2026〕9号"}, "mark": {"local"},
		"validFrom": {"2027-01-01"}, "red.behind": {"20"}, "yellow.behind": {"5"}, "runs": {"2"},
		"shape": {"season"}, "taskDays": {"7"}, "taskClock": {"17:30"}, "evidence": {"data"}, "ledger": {"指标督办台账"},
		"watch.assessDays": {"12-31 06-30"}, "key": {"k1"}}
	bad := map[string][]string{}
	for k, v := range form {
		bad[k] = v
	}
	bad["validFrom"], bad["taskClock"], bad["red.behind"] = []string{"2026-11-20x"}, []string{"25:00"}, []string{"many"}
	a := h.Post(officer, "/monitor/rules", bad)
	if a.Code != 422 || !strings.Contains(a.Body, `value="2026-11-20x"`) || !strings.Contains(a.Body, "时间应如 18:00") ||
		!strings.Contains(a.Body, `value="many"`) {
		t.Errorf("a wrong rule: %d", a.Code)
	}
	if a := h.Post(leader, "/monitor/rules", form); a.Code != 403 {
		t.Errorf("a leader: %d", a.Code)
	}
	if a := h.Post(officer, "/monitor/rules", form); a.Code != 303 {
		t.Fatalf("a rule: %d %.900s", a.Code, mainPart.FindString(a.Body))
	}
	h.want(leader, "/monitor/rules", 200, "太原市指标亮灯规则", "连续 2 期黄灯转红灯", "7 个工作日内（至 17:30）")
}

// Both doors give the same: what the page shows, the API says.
func TestAPI(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	get := func(path string, out any) {
		t.Helper()
		a := x.Call(officer, http.MethodGet, path, nil)
		if a.Code != 200 {
			t.Fatalf("%s: %d %s", path, a.Code, a.Body)
		}
		x.must(json.Unmarshal([]byte(a.Body), out))
	}
	var v monitor.Overview
	get("/monitor/overview?set="+x.set.ID, &v)
	if v.Known != 4 || v.Figures[0].Point.Value == "" {
		t.Errorf("%+v", v)
	}
	var l struct {
		Items []struct{ Why, Target string }
	}
	get("/monitor/lights?colour=red", &l)
	if len(l.Items) != 1 || l.Items[0].Target != x.target.ID || !strings.Contains(l.Items[0].Why, "落后") {
		t.Errorf("%+v", l)
	}
	var p monitor.PointView
	get("/monitor/points/"+x.share+"/140100/2026Q3", &p)
	if len(p.Evidence.Inputs) != 2 {
		t.Errorf("%+v", p)
	}
}
