package homehttp_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/backup/backuphttp"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dict/dicthttp"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/homehttp"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/job/jobhttp"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/trail"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var (
	officer  = authz.Actor{Account: "officer", Login: "jingban", Role: authz.Officer}
	leader   = authz.Actor{Account: "leader", Role: authz.Leader}
	xiaodian = authz.Actor{Account: "xd", Role: authz.District, Region: "140105"}
	jinyuan  = authz.Actor{Account: "jy", Role: authz.District, Region: "140110"}
)

// noBackups stands for an installation without backups.
type noBackups struct{}

func (noBackups) List(context.Context, authz.Actor) ([]backup.File, error) { return nil, nil }

func (noBackups) Create(context.Context, authz.Actor) (string, error) { return "", nil }

// city is a site of Taiyuan over a real database.
type city struct {
	*webtest.House
	party  *party.Service
	clock  *clock.Fake
	unit   *unit.Unit
	market *market.Service
}

func newCity(t *testing.T) city {
	t.Helper()
	store := dbtest.SQLite(t)
	c := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, store, c)
	lists := dict.New(u)
	if err := lists.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	times := process.Times{Calendar: lists, Service: process.OfficeHours()}
	registry, err := party.New(u, party.FromDict(lists), times, party.Options{})
	if err != nil {
		t.Fatal(err)
	}
	people, err := identity.New(identity.Config{Unit: u, Times: times})
	if err != nil {
		t.Fatal(err)
	}
	posts, err := market.New(u, times, market.Options{Party: registry, Dict: lists})
	if err != nil {
		t.Fatal(err)
	}
	measures, err := measure.NewRegistry(store, c, slices.Concat(registry.Measures(), posts.Measures())...)
	if err != nil {
		t.Fatal(err)
	}
	var house *webtest.House
	d := deps(u, lists, registry, people, measures, c)
	d.Market = posts
	if d.Plan, err = plan.New(u, times, plan.Options{Party: registry, Dict: lists}); err != nil {
		t.Fatal(err)
	}
	d.Operations = func() []api.Operation { return house.API.Operations() }
	house = webtest.New(t, c, func(w *web.Server) []webtest.Door {
		return []webtest.Door{
			homehttp.New(w, d),
			dicthttp.New(lists, w, c), jobhttp.New(job.NewDesk(u), w),
			backuphttp.New(noBackups{}, w, c, backuphttp.Options{Dir: "backups", Keep: 14}),
		}
	})
	return city{house, registry, c, u, posts}
}

func deps(u *unit.Unit, lists *dict.Service, registry *party.Service, people *identity.Service,
	measures *measure.Registry, c clock.Clock) homehttp.Deps {
	return homehttp.Deps{
		Registry: registry, People: people, Jobs: job.NewDesk(u), Trail: trail.New(u),
		Backups: noBackups{}, Measures: measures, Dict: lists, Clock: c,
		Drafts:      draft.New(u.DB(), c),
		Clocks:      homehttp.ClocksOf(u.DB()),
		Home:        func() region.Code { return "140100" },
		AccountName: func(context.Context, string) string { return "" },
		Disk:        func() (uint64, uint64) { return 30 << 30, 100 << 30 },
	}
}

// add registers an organisation as an actor.
func (c city) add(t *testing.T, by authz.Actor, name, kind, place string) party.Org {
	t.Helper()
	o, err := c.party.CreateOrganisation(t.Context(), by, party.NewOrg{OrgData: party.OrgData{
		Name: name, Kind: kind, Region: region.Code(place), Standing: "active"}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// claimed registers an organisation the way a claim does: it waits to be verified.
func (c city) claimed(t *testing.T, name, uscc, place string) party.Org {
	t.Helper()
	o, err := c.party.CreateClaimed(t.Context(), authz.Actor{Account: "new", Role: authz.Public},
		party.OrgData{Name: name, USCC: uscc, Kind: "enterprise", Region: region.Code(place),
			Standing: "active"})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func has(t *testing.T, what, body string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(body, s) {
			t.Errorf("%s lacks %q", what, s)
		}
	}
}

func hasNot(t *testing.T, what, body string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(body, s) {
			t.Errorf("%s has %q", what, s)
		}
	}
}

func TestFreshHomeSaysWhatToDo(t *testing.T) {
	c := newCity(t)
	a := c.Get(authz.Actor{}, "/")
	if a.Code != 200 {
		t.Fatalf("%d", a.Code)
	}
	has(t, "home", a.Body, "还没有公开的组织", `href="/admin/site"`, `href="/orgs/import"`, `name="words"`,
		`href="/login"`, `href="/claim"`, `href="/api/docs"`)
	hasNot(t, "home", a.Body, `class="stats"`)
}

// Each figure is the length of the list it leads to, for whoever looks.
func TestHomeCountsWhatItsReaderMaySee(t *testing.T) {
	c := newCity(t)
	c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	c.add(t, officer, "晋云大学", "university", "140110")
	c.claimed(t, "待核验有限公司", "", "140105")
	visitor := c.Get(authz.Actor{}, "/").Body
	has(t, "home", visitor, "晋云材料有限公司", "晋云大学", `href="/orgs?kind=enterprise"`,
		`href="/orgs?region=140105"`, `<span class="v">2<small>`, "小店区", "娄烦县")
	hasNot(t, "home of a visitor", visitor, "待核验有限公司", `kind=hospital`)
	staff := c.Get(officer, "/").Body
	has(t, "home of an officer", staff, `<span class="v">3<small>`, `href="/workspace"`)
	hasNot(t, "home of an officer", staff, "待核验有限公司")
}

func TestHomeCountsAgainAfterAMinute(t *testing.T) {
	c := newCity(t)
	c.add(t, officer, "甲有限公司", "enterprise", "140105")
	c.Get(authz.Actor{}, "/")
	c.add(t, officer, "乙有限公司", "enterprise", "140105")
	has(t, "kept figure", c.Get(authz.Actor{}, "/").Body, `<span class="v">1<small>`)
	c.clock.Advance(time.Minute)
	has(t, "new figure", c.Get(authz.Actor{}, "/").Body, `<span class="v">2<small>`)
}

func TestWorkspaceOfEachRole(t *testing.T) {
	c := newCity(t)
	o := c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	for role, texts := range map[authz.Role][]string{
		authz.Public:     {"审核中的认领", "保存的视图"},
		authz.Enterprise: {"本单位档案", "晋云材料有限公司", "审核中的认领"},
		authz.University: {"本单位档案"},
		authz.Expert:     {"审核中的认领"},
		authz.Broker:     {"审核中的认领"},
		authz.Officer: {"待核验的组织", "待审核的认领", "逾期与三天内到期", "我的导入", "待审读的文件",
			"红灯任务", "逾期任务", "申请办结待核验"},
		authz.District:    {"待核验的组织", "region=140105", "我的导入"},
		authz.Leader:      {"主体库概况", "逾期与三天内到期", "红灯任务"},
		authz.Department:  {"主体库概况"},
		authz.ChainOffice: {"主体库概况"},
		authz.SysAdmin:    {"失败的任务", "还没有备份", "数据盘剩余", "占 30%"},
		authz.SecAdmin:    {"最近的角色授权"},
		authz.Auditor:     {"最近的审计记录", "验证完整性", "party.CreateOrganisation"},
	} {
		as := authz.Actor{Account: "x", Role: role}
		switch role {
		case authz.Enterprise, authz.University:
			as.Org = o.ID
		case authz.District:
			as.Region = "140105"
		}
		a := c.Get(as, "/workspace")
		if a.Code != 200 {
			t.Errorf("%s: %d", role, a.Code)
			continue
		}
		has(t, string(role), a.Body, texts...)
		c.English(t, as, "/workspace", "晋云材料有限公司", "（在业）")
	}
	if a := c.Get(authz.Actor{}, "/workspace"); a.Code != 303 {
		t.Errorf("a visitor gets %d, not the log-in", a.Code)
	}
}

// A record that nobody verifies in time stands in the workspace of who answers for it, with a
// name, and in that of the leader.
func TestOverdueReachesItsOwner(t *testing.T) {
	c := newCity(t)
	c.claimed(t, "等了很久有限公司", "", "140105")
	quiet := c.Get(xiaodian, "/workspace").Body
	has(t, "in time", quiet, "没有逾期的事项", "待核验的组织")
	c.clock.Advance(14 * 24 * time.Hour)
	for who, as := range map[string]authz.Actor{"district": xiaodian, "leader": leader} {
		has(t, who, c.Get(as, "/workspace").Body, "等了很久有限公司", "已逾期", "区县 · 小店区")
		a := c.Call(as, "GET", "/overdue", nil)
		has(t, who+" by API", a.Body, `"late":true`, `"region":"140105"`)
	}
	hasNot(t, "another district", c.Get(jinyuan, "/workspace").Body, "等了很久有限公司")
	hasNot(t, "another district by API", c.Call(jinyuan, "GET", "/overdue", nil).Body, "party_org")
	if a := c.Call(xiaodian, "GET", "/overdue?hours=721", nil); a.Code != 422 {
		t.Errorf("too far ahead: %d", a.Code)
	}
}

func TestMeasuresByAPI(t *testing.T) {
	c := newCity(t)
	c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	visitor := authz.Actor{}
	for path, want := range map[string]struct {
		code int
		has  string
	}{
		"/measures":            {200, `"name":"party.orgs"`},
		"/measures/party.orgs": {200, `"value":1`},
		"/measures/party.orgs?dim=kind:enterprise":             {200, `"value":1`},
		"/measures/party.orgs?dim=kind:park&dim=region:140105": {200, `"value":0`},
		"/measures/party.orgs?dim=region:!140105":              {200, `"value":0`}, // in none of them
		"/measures/party.orgs?dim=region:!140110,140106":       {200, `"value":1`},
		"/measures/party.orgs?dim=colour:red":                  {422, "colour"},
		"/measures/party.orgs?dim=kind":                        {422, `"field":"dim"`},
		"/measures/none":                                       {404, ""},
		"/measures/party.orgs/rows?dim=kind:enterprise":        {200, "晋云材料有限公司"},
		"/overdue": {401, ""},
	} {
		if a := c.Call(visitor, "GET", path, nil); a.Code != want.code ||
			!strings.Contains(a.Body, want.has) {
			t.Errorf("%s: %d %.300s", path, a.Code, a.Body)
		}
	}
}

func TestPagesForEverybody(t *testing.T) {
	c := newCity(t)
	for path, text := range map[string]string{
		"/about/accessibility": "关怀版", "/about/privacy": "个人信息处理者",
		"/api/docs": "/api/docs/workspace", "/api/docs/workspace": "/api/v1/drafts",
		"/api/docs?q=FIGURE": "measure.Figure", "/api/docs?q=草稿": "/api/v1/drafts", "/api/docs?q=zzz": "没有符合的接口",
	} {
		a := c.Get(authz.Actor{}, path)
		if a.Code != 200 {
			t.Errorf("%s: %d", path, a.Code)
		}
		has(t, path, a.Body, text)
		c.English(t, authz.Actor{}, path, "草稿")
	}
	for _, op := range c.API.Operations() {
		has(t, "API page of "+op.Tag, c.Get(authz.Actor{}, "/api/docs/"+op.Tag).Body, op.UseCase, "/api/v1"+op.Path)
	}
	c.English(t, authz.Actor{}, "/")
	for _, path := range []string{"/workspace/x", "/about", "/about/x", "/nothing", "/api/docs/x"} {
		if a := c.Get(officer, path); a.Code != 404 {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// The administrators see none of the city's records: their home page is their own work, and does not say
// that a full city is empty.
func TestHomeOfAdministrators(t *testing.T) {
	c := newCity(t)
	fresh := c.Get(authz.Actor{Account: "sys", Role: authz.SysAdmin}, "/").Body
	has(t, "home of a fresh site", fresh, "平台刚刚启用", "失败的任务")
	c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	c.clock.Advance(time.Minute)
	for role, texts := range map[authz.Role][]string{
		authz.SysAdmin: {"失败的任务", "还没有备份", `href="/admin/accounts"`, `href="/admin/jobs?state=`},
		authz.SecAdmin: {"最近的角色授权", `href="/admin/accounts"`, `href="/admin/roles"`},
		authz.Auditor:  {"最近的审计记录", "验证完整性"},
	} {
		as := authz.Actor{Account: "x", Role: role}
		body := c.Get(as, "/").Body
		has(t, string(role), body, texts...)
		hasNot(t, string(role), body, "还没有公开的组织", "平台刚刚启用", "晋云材料有限公司")
		c.English(t, as, "/")
		for i := range 5 {
			if step := homehttp.TourOf(t.Context(), role, i); step == nil || strings.Contains(step.Text, "数字都能点开，看到") {
				t.Errorf("step %d of %s: %+v", i, role, step)
			}
		}
	}
}

// taiyuan are the names of the districts, which stay Chinese.
var taiyuan = []string{"小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市"}

// The home page draws the districts, and says the price of what is new and which needs anybody may take up.
func TestHomeShowsMapPricesAndChallenges(t *testing.T) {
	c := newCity(t)
	o := c.add(t, officer, "晋云材料有限公司", "enterprise", "140105")
	post := func(kind market.Kind, title, state string, lo, hi money.Fen) market.Adopted {
		in := market.Adopted{State: state, Source: market.FromDemo, CreatedUs: clock.Us(dbtest.Start),
			PublishedUs: clock.Us(dbtest.Start), ConfirmedUs: clock.Us(dbtest.Start)}
		in.Kind, in.Title, in.Org, in.Region, in.Field = kind, title, o.ID, "140105", "05"
		in.Text, in.Visibility, in.PriceLoFen, in.PriceHiFen = strings.Repeat("说明情况。", 12), market.Open, lo, hi
		return in
	}
	_, err := c.market.AdoptPosts(t.Context(), officer, []market.Adopted{
		post(market.Need, "寻求高导热石墨膜", market.Published, 500_000_00, 2_000_000_00),
		post(market.Need, "攻关碳纤维原丝", market.Challenged, 0, 3_000_000_00),
	}, "test")
	if err != nil {
		t.Fatal(err)
	}
	body := c.Get(authz.Actor{}, "/").Body
	has(t, "home", body, `class="city-map tiled"`, `href="/orgs?region=140105"`, "50～200 万元", "正在揭榜的需求",
		"攻关碳纤维原丝", "不超过 300 万元")
	c.English(t, authz.Actor{}, "/", append(taiyuan, "寻求高导热石墨膜", "攻关碳纤维原丝", "晋云材料有限公司")...)
}
