package dealhttp_test

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	_ "github.com/yuntu-city/yuntu/internal/homehttp"
	_ "github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/deal/dealhttp"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/party"
	_ "github.com/yuntu-city/yuntu/internal/party/partyhttp" // the English of words that all doors use
	_ "github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var officer = authz.Actor{Account: "acc-o", Login: "wangming", Role: authz.Officer}

// house is the room with both doors, a firm and a university with a published achievement.
type house struct {
	*webtest.House
	deal         *deal.Service
	market       *market.Service
	firm, school authz.Actor
	post         string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	d, c := dbtest.SQLite(t), clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, d, c)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	places := dict.New(u)
	must(places.Load(t.Context()))
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	registry, err := party.New(u, party.FromDict(places), times,
		party.Options{Key: bytes.Repeat([]byte{7}, party.KeyBytes)})
	must(err)
	posts, err := market.New(u, times, market.Options{Party: registry, Dict: places})
	must(err)
	must(posts.Load(t.Context()))
	h := &house{}
	h.deal, err = deal.New(u, times, deal.Options{Market: posts, Party: registry})
	must(err)
	must(h.deal.Load(t.Context()))
	numbers, err := measure.NewRegistry(d, c, slices.Concat(posts.Measures(), h.deal.Measures())...)
	must(err)
	h.House = webtest.New(t, c, func(w *web.Server) []webtest.Door {
		return []webtest.Door{markethttp.New(posts, w, markethttp.Deps{Party: registry, Dict: places,
			Measures: numbers, Clock: c}), dealhttp.New(h.deal, w, dealhttp.Deps{Market: posts, Party: registry,
			Dict: places, Clock: c, Home: func() region.Code { return "140100" }})}
	})
	member := func(name, kind string, role authz.Role) authz.Actor {
		o, err := registry.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: name, Kind: kind, Region: "140105", Standing: "active"}})
		must(err)
		return authz.Actor{Account: "acc-" + kind, Login: kind, Role: role, Org: o.ID}
	}
	h.firm = member("太原晶体科技有限公司", "enterprise", authz.Enterprise)
	h.school = member("并州理工学院", "university", authz.University)
	h.market = posts
	h.post = h.publish(t, "碳化硅晶锭激光剥离装备", market.Open)
	return h
}

// publish puts an achievement of the university into the market.
func (h *house) publish(t *testing.T, title string, v market.Visibility) string {
	t.Helper()
	p, err := h.market.CreatePost(t.Context(), h.school, market.NewPost{Submit: true,
		PostData: market.PostData{Kind: market.Achievement, Title: title,
			Org: h.school.Org, Text: strings.Repeat("满足指标要求的技术方案。", 5), Region: "140105",
			Field: "03", Visibility: v, Contact: "王老师", ContactPhone: "0351-7770002",
			AchievementData: market.AchievementData{ResultKind: "applied", Pricing: "listing"}}})
	if err == nil {
		_, err = h.market.FirePost(t.Context(), officer, market.PostStep{ID: p.ID,
			Step: market.StepPublish, Version: p.Version})
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// Whoever asks for an introduction about a post that is shown by request is told at neither door who
// owns it.
func TestOwnerByRequest(t *testing.T) {
	h := newHouse(t)
	post := h.publish(t, "大尺寸晶片减薄工艺", market.Request)
	made := h.Call(h.firm, "POST", "/deals", map[string]any{"post": post, "message": "希望了解样机参数",
		"contact": map[string]any{"name": "赵", "phone": "0351-0000003"}})
	list := h.Call(h.firm, "GET", "/deals", nil)
	if made.Code != 201 || !strings.Contains(made.Body, "依申请公开") || list.Code != 200 {
		t.Fatalf("%d %s, %d", made.Code, made.Body, list.Code)
	}
	bodies := map[string]string{"the answer": made.Body, "the API": list.Body}
	href := regexp.MustCompile(`/deals/[0-9a-zA-Z-]{20,}`).FindString(h.Get(h.firm, "/deals").Body)
	for _, path := range []string{"/deals", href, href + "/step?do=refuse", "/deals?format=csv",
		"/deals?q=" + url.QueryEscape("并州理工"), "/deals?org=" + h.school.Org} {
		a := h.Get(h.firm, path)
		if a.Code != 200 {
			t.Errorf("%s: %d", path, a.Code)
		}
		bodies[path] = a.Body
	}
	for where, body := range bodies {
		if strings.Contains(body, "并州理工学院") || strings.Contains(body, "/orgs/"+h.school.Org) {
			t.Errorf("%s tells who it is", where)
		}
	}
	if !strings.Contains(bodies[href], "依申请公开") || !strings.Contains(h.Get(officer, href).Body, "并州理工学院") {
		t.Error("the record has no neutral name, or hides it from the bureau")
	}
}

// An introduction is asked for and answered by pages; what is private to a side is on no page of the
// other, and contacts are on none before both consented.
func TestThread(t *testing.T) {
	h := newHouse(t)
	bad := h.Post(h.firm, "/deals/new", url.Values{"post": {h.post}, "message": {""}})
	call := h.Call(h.firm, "POST", "/deals", map[string]any{"post": h.post, "message": ""})
	if bad.Code != 422 || call.Code != 422 {
		t.Fatalf("an empty request: page %d, API %d", bad.Code, call.Code)
	}
	a := h.Post(h.firm, "/deals/new", url.Values{"post": {h.post}, "message": {"希望了解样机参数"},
		"contact.name": {"赵"}, "contact.phone": {"0351-0000003"}})
	path := a.Header.Get("Location")
	if a.Code != 303 || !strings.HasPrefix(path, "/deals/") {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	if a := h.Post(h.firm, path+"/note", url.Values{"text": {"内部底价"}}); a.Code != 303 {
		t.Fatalf("note: %d", a.Code)
	}
	page := h.Get(h.school, path)
	if strings.Contains(page.Body, "enterprise · 需求方") || !strings.Contains(page.Body, "太原晶体科技有限公司 · 需求方") {
		t.Error("the other side is not told by its name")
	}
	if page.Code != 200 || strings.Contains(page.Body, "内部底价") ||
		strings.Contains(page.Body, "0351-0000003") {
		t.Errorf("%d: the other side sees too much", page.Code)
	}
	if !strings.Contains(h.Get(h.firm, path).Body, "内部底价") {
		t.Error("the own side does not see its note")
	}
	a = h.Post(h.school, path+"/step", url.Values{"do": {deal.StepAgree}, "version": {"1"}})
	if a.Code != 303 {
		t.Fatalf("agree: %d %.400s", a.Code, a.Body)
	}
	if a := h.Post(h.school, path+"/contact", nil); !strings.Contains(a.Body, "0351-0000003") {
		t.Errorf("contact: %d", a.Code)
	}
	for _, p := range []string{"/deals", "/deals?waiting=1", "/deals/feedback", "/brokers",
		path + "/step?do=intend", "/deals/feedback/" + h.post, "/deals/new?post=" + h.post} {
		if a := h.Get(h.school, p); a.Code != 200 {
			t.Errorf("%s: %d", p, a.Code)
		}
	}
}

// brokered is an introduction that a broker made.
func (h *house) brokered(t *testing.T) (authz.Actor, deal.Broker, deal.Deal) {
	t.Helper()
	agent := authz.Actor{Account: "acc-b", Login: "qiao", Role: authz.Broker}
	b, err := h.deal.CreateBroker(t.Context(), agent, deal.NewBroker{BrokerData: deal.BrokerData{Name: "乔云飞",
		Region: "140100", Grade: "middle", Certificate: "JJ-001", ValidTo: "2028-12-31", Fields: []string{"03"}}})
	if err == nil {
		b, err = h.deal.FireBroker(t.Context(), officer, deal.BrokerStep{ID: b.ID, Step: "verify", Version: b.Version})
	}
	var d deal.Deal
	if err == nil {
		d, err = h.deal.CreateDeal(t.Context(), agent, deal.NewDeal{Post: h.post, Org: h.firm.Org, Message: "代为联系"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return agent, b, d
}

// The counts on a broker's record open their introductions for who may read all of them, and lead nowhere for others.
func TestBrokerCounts(t *testing.T) {
	h := newHouse(t)
	_, b, d := h.brokered(t)
	rows := regexp.MustCompile(`href="(/market/figures/rows\?[^"]+)"`)
	found := rows.FindAllStringSubmatch(h.Get(officer, "/brokers/"+b.ID).Body, -1)
	if len(found) != 2 { // open ones and signed ones: there is no amount yet
		t.Fatalf("%d counts open", len(found))
	}
	for i, has := range []bool{true, false} {
		a := h.Get(officer, strings.ReplaceAll(found[i][1], "&amp;", "&"))
		if a.Code != 200 || strings.Contains(a.Body, d.Code) != has {
			t.Errorf("%s: %d, lists it: %v", found[i][1], a.Code, !has)
		}
	}
	for who, by := range map[string]authz.Actor{"a visitor": {}, "a side": h.firm} {
		if a := h.Get(by, "/brokers/"+b.ID); a.Code != 200 || rows.MatchString(a.Body) {
			t.Errorf("%s: %d, or is offered introductions of others", who, a.Code)
		}
	}
}

// A page offers a commission to be confirmed while it can be, and says that it cannot be after the end.
func TestCommissionAfterTheEnd(t *testing.T) {
	h := newHouse(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	agent, _, d := h.brokered(t)
	_, err := h.deal.ProposeSplit(t.Context(), agent, deal.NewSplit{Deal: d.ID, RateBp: 200,
		Parts: []deal.Part{{Name: "乔云飞", Bp: 10_000}}})
	must(err)
	path := "/deals/" + d.ID
	if a := h.Get(h.firm, path); !strings.Contains(a.Body, "确认第 1 版") {
		t.Errorf("nothing to confirm: %d", a.Code)
	}
	if a := h.Get(officer, path+"/step?do=assign"); !strings.Contains(a.Body, "须由新的技术经理人重新确认") {
		t.Error("the form of an assignment does not say what it takes back")
	}
	_, err = h.deal.FireDeal(t.Context(), h.firm, deal.DealStep{ID: d.ID, Version: d.Version,
		Step: deal.StepRefuse, StepData: deal.StepData{Class: "price", Next: "明年再议"}})
	must(err)
	page := h.Get(h.firm, path).Body
	if strings.Contains(page, "确认第 1 版") || strings.Contains(page, "待确认") ||
		!strings.Contains(page, "未经三方确认") {
		t.Error("the page of an end offers a confirmation")
	}
	if a := h.Post(h.firm, path+"/confirm", url.Values{"n": {"1"}}); a.Code != 409 {
		t.Errorf("confirmed after the end: %d", a.Code)
	}
}

// The figures of the market have those of introductions, each with the rows behind it, for those who
// read introductions and in both languages.
func TestFigures(t *testing.T) {
	h := newHouse(t)
	made := h.Call(h.firm, "POST", "/deals", map[string]any{"post": h.post, "message": "希望了解样机参数",
		"contact": map[string]any{"name": "赵", "phone": "0351-0000003"}})
	if made.Code != 201 {
		t.Fatalf("%d %s", made.Code, made.Body)
	}
	page, err := h.deal.ListDeals(t.Context(), officer, deal.DealFilter{}, "", db.PageReq{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := page.Items[0]
	_, err = h.deal.FireDeal(t.Context(), h.school, deal.DealStep{ID: d.ID, Version: d.Version,
		Step: deal.StepRefuse, StepData: deal.StepData{Class: "price", Next: "明年再议"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range h.deal.Measures() {
		a := h.Get(officer, "/market/figures?measure="+m.Name)
		rows := h.Get(officer, "/market/figures/rows?measure="+m.Name)
		if a.Code != 200 || rows.Code != 200 || !strings.Contains(a.Body, m.Title) {
			t.Errorf("%s: page %d, rows %d", m.Name, a.Code, rows.Code)
		}
		if a := h.Get(authz.Actor{}, "/market/figures?measure="+m.Name); a.Code != 404 {
			t.Errorf("%s for a visitor, who reads no introduction: %d", m.Name, a.Code)
		}
	}
	ended := h.Get(officer, "/market/figures?measure=deal.ended").Body
	byClass := "/market/figures?dim=class%3Aprice&amp;measure=deal.ended"
	if !strings.Contains(ended, byClass) || !strings.Contains(ended, "价格分歧") {
		t.Error("what ended is not broken down by class")
	}
	for _, who := range []authz.Actor{officer, h.firm} {
		rows := h.Get(who, "/market/figures/rows?measure=deal.ended&dim=class:price").Body
		none := h.Get(who, "/market/figures/rows?measure=deal.ended&dim=class:funds").Body
		if !strings.Contains(rows, "/deals/"+d.ID) || strings.Contains(none, "/deals/"+d.ID) {
			t.Errorf("rows behind a class for %s", who.Login)
		}
	}
	h.English(t, officer, "/market/figures?measure=deal.outcome_days")
	h.English(t, officer, "/market/figures/rows?measure=deal.contracts")
	if a := h.Get(h.firm, "/market/figures?dim=class:price&measure=deal.ended"); strings.Contains(a.Body,
		"dim=class%3Aprice&amp;measure=market.") {
		t.Error("a figure of posts is narrowed by a class, which it has not")
	}
}

// The rules are read by everybody who signed in and set by officers, on the page and through the API.
func TestRules(t *testing.T) {
	h := newHouse(t)
	if a := h.Get(h.firm, "/deals/rules"); a.Code != 200 || strings.Contains(a.Body, "增加这条规则") {
		t.Errorf("the page for a firm: %d", a.Code)
	}
	page := h.Get(officer, "/deals/rules")
	if page.Code != 200 || !strings.Contains(page.Body, "增加这条规则") {
		t.Fatalf("the page: %d", page.Code)
	}
	now, err := h.deal.RuleAt(t.Context(), officer, "")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"name": {"本市规则"}, "source": {"局务会"}, "mark": {"local"}, "reason": {"试行"},
		"validFrom": {"2027-01-01"}, "chaseDays": {"x"}, "remindDays": {"3"},
		"verifyDays": {"4"}, "classes": now.Classes, "grades": now.Grades}
	for _, s := range deal.RuleStates() {
		form.Set("days."+s, "4")
	}
	for _, c := range deal.CreditTerms() {
		form.Set("credit."+c.Name, strconv.FormatInt(*c.At(&now.Credit), 10))
	}
	if a := h.Post(officer, "/deals/rules", form); a.Code != 422 || !strings.Contains(a.Body, "请填写整数") {
		t.Errorf("a number that is none: %d", a.Code)
	}
	form.Set("chaseDays", "2")
	if a := h.Post(h.firm, "/deals/rules", form); a.Code != 403 {
		t.Errorf("a firm sets a rule: %d", a.Code)
	}
	if a := h.Post(officer, "/deals/rules", form); a.Code != 303 {
		t.Fatalf("set: %d %.300s", a.Code, a.Body)
	}
	if a := h.Get(h.firm, "/deals/rules"); !strings.Contains(a.Body, "本市规则") {
		t.Error("the new rule is not on the page")
	}
	next := now.RuleData
	next.Name, next.Reason, next.ValidFrom = "再改", "复核", "2027-03-01"
	if a := h.Call(officer, "POST", "/brokers/rules", next); a.Code != 201 {
		t.Errorf("through the API: %d %.300s", a.Code, a.Body)
	}
}
