package assesshttp_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/assess/assesshttp"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "juzhang", Role: authz.Leader}
)

// figures gives every unit one target that is met to nine tenths and one red task.
type figures struct{}

func (figures) Figures(context.Context, authz.Actor, string, int) (map[string][]assess.Fact, error) {
	return map[string][]assess.Fact{
		assess.Targets: {{Name: "technology", Href: "/targets/t1", Ratio: "9/10", Note: "90 / 100"}},
		assess.Red:     {{Name: "2026-001", Href: "/tasks/x1"}}}, nil
}

type house struct {
	*webtest.House
	t      testing.TB
	now    *clock.Fake
	assess *assess.Service
	orgs   []string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx, now := context.Background(), clock.NewFake(dbtest.Start)
	h := &house{t: t, now: now}
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
	h.assess, err = assess.New(u, times, assess.Options{Party: p, Figures: figures{}})
	must(err)
	must(h.assess.Load(ctx))
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{assesshttp.New(h.assess, w, kit.Deps{Party: p, Dict: places, Clock: now,
			Home: func() region.Code { return "140100" }})}
	})
	for _, name := range []string{"太原市科学技术局", "太原市教育局"} {
		o, err := p.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: name,
			Kind: "government", Region: "140100", Standing: "active"}})
		must(err)
		h.orgs = append(h.orgs, o.ID)
	}
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

// refused posts a form that is wrong at a field.
func (h *house) refused(as authz.Actor, path, field string, pairs ...string) {
	h.t.Helper()
	if a := h.Post(as, path, values(pairs...)); a.Code != 422 || !strings.Contains(a.Body, `href="#`+field+`"`) {
		h.t.Errorf("POST %s: %d, want a fault at %s", path, a.Code, field)
	}
}

// TestRound walks an assessment over its pages, from the plan to its publication.
func TestRound(t *testing.T) {
	h := newHouse(t)
	h.refused(officer, "/assessments/rounds/new", "f-scheme", "title", "2026", "year", "2026", "region", "140100")
	record := h.sent(officer, "/assessments/rounds/new", "title", "2026年度考核", "year", "2026", "region", "140100",
		"scheme", "default-2026", "key", "k1")
	roundID := strings.TrimPrefix(record, "/assessments/rounds/")
	version := func() string {
		d, err := h.assess.GetRound(t.Context(), officer, roundID)
		if err != nil {
			t.Fatal(err)
		}
		return kit.Number(d.Version)
	}
	step := func(as authz.Actor, name string) {
		t.Helper()
		h.want(as, record+"/step?do="+name, 200)
		h.sent(as, record+"/step", "do", name, "version", version())
	}
	h.want(officer, record+"/edit", 200, "2026年度考核")
	h.want(officer, record+"/step?do=announce", 409, "还没有列入被考核单位")
	h.refused(officer, record+"/units", "f-names", "names", "没有这个局", "version", version())
	h.sent(officer, record+"/units", "names", "太原市科学技术局\n太原市教育局\n", "version", version())
	own := authz.Actor{Account: "u", Login: "gongxin", Org: h.orgs[0], Role: authz.Department}
	h.want(own, record, 404)
	step(officer, "announce")
	h.want(own, record, 200, "公示后，这里显示本单位的得分和明细")
	step(officer, "start")
	h.sent(officer, record+"/count", "version", version())
	h.want(officer, record, 200, "复算一致", "88.00", "太原市教育局")
	d, err := h.assess.GetRound(t.Context(), officer, roundID)
	if err != nil {
		t.Fatal(err)
	}
	mine, other := d.Entries[0], d.Entries[1]
	if mine.Org != h.orgs[0] {
		mine, other = other, mine
	}
	entry := "/assessments/entries/" + mine.ID
	h.refused(officer, entry+"/mark", "f-value", "key", "quality", "value", "101", "reason", "x", "version", version())
	h.sent(officer, entry+"/mark", "key", "quality", "value", "95", "reason", "group", "version", version())
	h.want(officer, record, 200, "计分之后有改动")
	h.sent(officer, record+"/count", "version", version())
	// (35 × 90 + 30 × 95) / 65 − 2 = 90.31
	h.want(officer, entry, 200, "90.31", `href="/targets/t1"`, `href="/tasks/x1"`, "人工填写")
	step(officer, "show")
	h.want(own, "/assessments/entries/"+other.ID, 404)
	h.want(own, entry, 200, "90.31", "提出申诉")
	h.want(own, entry+"/print", 200, "90.31")
	if page := h.want(own, record, 200, "结果公示中"); strings.Contains(page, "太原市教育局") {
		t.Error("a unit sees another before publication")
	}
	h.appeals(record, entry, own, version)
	step(leader, "publish")
	h.want(own, record, 200, "太原市教育局", "结果已发布")
	h.want(own, record+"/print", 200, "太原市教育局")
	if a := h.Get(own, record+"/export?format=csv"); a.Code != 200 || !strings.Contains(a.Body, "太原市教育局") {
		t.Errorf("export: %d", a.Code)
	}
	for _, p := range []string{"/assessments", "/assessments?kind=schemes", "/assessments?kind=appeals", record, entry,
		"/assessments/schemes/default-2026", "/assessments/schemes/new?from=default-2026", "/assessments/rounds/new"} {
		h.English(t, officer, p, "2026年度考核", "太原市科学技术局", "太原市教育局", "已办结", "属实", "创新发展目标责任考核计分办法",
			"设计，参照各地目标责任考核通行做法", "目标完成", "任务推进", "工作质量", "服务对象满意度", "红灯任务", "黄灯任务",
			"逾期未办结任务", "获批国家级试点示范", "获国家级表彰奖励", "数据弄虚作假", "优秀", "良好", "不合格", "合格", "太原市",
			"小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市", "山西转型综合改革示范区")
	}
}

// appeals files an appeal, answers it and ends the time for them.
func (h *house) appeals(record, entry string, own authz.Actor, version func() string) {
	h.t.Helper()
	h.refused(own, entry+"/appeal", "f-text", "key", "red", "text", "")
	h.sent(own, entry+"/appeal", "key", "red", "text", "已办结", "once", "o1")
	page, err := h.assess.ListAppeals(h.t.Context(), officer, db.PageReq{Limit: 20})
	if err != nil || len(page.Items) != 1 {
		h.t.Fatalf("appeals: %v", err)
	}
	appeal := "/assessments/appeals/" + page.Items[0].ID
	h.want(officer, appeal+"/step?do=reject", 200, "已办结")
	h.refused(officer, appeal+"/step", "f-reason", "do", "reject", "version", "1")
	h.want(officer, record+"/step?do=close", 409, "还有 1 件申诉没有答复")
	h.sent(officer, appeal+"/step", "do", "reject", "reason", "属实", "version", "1")
	h.want(own, entry, 200, "未采纳", "属实")
	h.want(officer, record+"/step?do=close", 409, "申诉期到")
	h.now.Advance(14 * 24 * time.Hour)
	h.sent(officer, record+"/step", "do", "close", "version", version())
}

// TestScheme sets a new edition by the form.
func TestScheme(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/assessments/schemes/default-2026", 200, "35%", "100 / 90 / 80", "一票否决")
	pairs := []string{"name", "县区考核", "source", "市政府办〔2026〕9号", "mark", "local", "validFrom", "2026-01-01",
		"missing", "zero", "appealDays", "5", "answerDays", "3", "items.0.name", "目标", "items.0.key", "targets",
		"items.0.figure", "targets", "items.0.weightBp", "100", "items.0.capBp", "120", "items.0.tiers", "100/90",
		"grades.0.name", "好", "grades.0.least", "80", "grades.0.shareBp", "25.5", "grades.1.name", "差",
		"grades.1.least", "0"}
	h.refused(officer, "/assessments/schemes/new", "f-items", append(pairs, "items.1.name", "二", "items.1.key", "b",
		"items.1.figure", "typed", "items.1.weightBp", "10", "items.1.capBp", "100")...)
	at := h.sent(officer, "/assessments/schemes/new", pairs...)
	h.want(officer, at, 200, "25.5%", "100 / 90", "120%")
	h.want(authz.Actor{Account: "x", Role: authz.Expert}, "/assessments", 403)
}
