package auctionhttp_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/auction/auctionhttp"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "li", Role: authz.Leader}
	visitor authz.Actor
)

// house is the room behind both doors, over the real market.
type house struct {
	*webtest.House
	t       testing.TB
	clock   *clock.Fake
	auction *auction.Service
	party   *party.Service
	market  *market.Service
	seller  string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseOn(t, dbtest.SQLite(t))
}

func newHouseOn(t testing.TB, d *db.DB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, clock: clock.NewFake(dbtest.Start)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, d, h.clock)
	places := dict.New(u)
	must(places.Load(ctx))
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	key := []byte("0123456789abcdef0123456789abcdef")
	var err error
	h.party, err = party.New(u, party.FromDict(places), times, party.Options{Key: key})
	must(err)
	h.market, err = market.New(u, times, market.Options{Party: h.party, Dict: places})
	must(err)
	must(h.market.Load(ctx))
	h.auction, err = auction.New(u, times, auction.Options{Party: h.party, Posts: h.market, Key: key})
	must(err)
	h.market.HeldBy(h.auction.Hold)
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		return []webtest.Door{auctionhttp.New(h.auction, w, kit.Deps{Party: h.party, Dict: places,
			Clock: h.clock, Home: func() region.Code { return "140100" }})}
	})
	h.seller = h.org("太原理工学院", "university")
	return h
}

func (h *house) org(name, kind string) string {
	h.t.Helper()
	o, err := h.party.CreateOrganisation(context.Background(), officer, party.NewOrg{OrgData: party.OrgData{
		Name: name, Kind: kind, Region: "140100", Standing: "active"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return o.ID
}

func firm(org string) authz.Actor {
	return authz.Actor{Account: "acc-" + org, Login: "firm", Org: org, Role: authz.Enterprise}
}

// post publishes an achievement that is priced by auction, and returns its code.
func (h *house) post() string {
	h.t.Helper()
	return h.priced("auction")
}

// priced publishes an achievement, and returns its code.
func (h *house) priced(pricing string) string {
	h.t.Helper()
	ctx := context.Background()
	p, err := h.market.CreatePost(ctx, officer, market.NewPost{Submit: true, PostData: market.PostData{
		Kind: market.Achievement, Title: "石墨烯导热膜", Org: h.seller, Region: "140100", Field: "05",
		Text:       "面向功率器件散热的石墨烯导热膜制备技术，已完成中试，性能稳定，可提供成套技术。",
		PriceLoFen: 100_000_000, PriceHiFen: 100_000_000, TRL: 6, Visibility: market.Open,
		AchievementData: market.AchievementData{ResultKind: "applied", Pricing: pricing}}})
	if err == nil {
		p, err = h.market.FirePost(ctx, officer, market.PostStep{ID: p.ID, Step: market.StepPublish,
			Version: p.Version})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return p.Code
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

// open makes an auction by its pages, with its bidders, and goes to the moment it begins.
func (h *house) open(mode string, bidders ...authz.Actor) string {
	h.t.Helper()
	opens := h.clock.Now().AddDate(0, 0, 30).In(clock.Shanghai)
	at := func(x time.Time) string { return x.Format("2006-01-02 15:04") }
	pricing, reserve := "auction", "120"
	if mode == "listing" {
		pricing, reserve = mode, ""
	}
	record := h.sent(officer, "/auctions/new", "post", h.priced(pricing), "mode", mode, "startFen", "100",
		"reserveFen", reserve, "incrementFen", "5", "opensUs", at(opens), "endsUs", at(opens.Add(2*time.Hour)))
	id := strings.TrimPrefix(record, "/auctions/")
	h.want(visitor, record, 404)
	h.want(officer, record+"/edit", 200, `value="`+reserve+`"`)
	h.want(officer, record+"/step?do=announce", 200)
	h.sent(officer, record+"/step", "do", "announce", "version", "1")
	h.want(officer, record+"/edit", 409)
	for _, by := range bidders {
		h.want(by, record+"/apply", 200)
		h.sent(by, record+"/apply", "contact", "张三", "key", by.Org)
		d, err := h.auction.GetAuction(context.Background(), by, id)
		if err != nil || d.Mine == nil {
			h.t.Fatal(err)
		}
		h.want(officer, record+"/applicants", 200, "确认资格")
		h.sent(officer, record+"/decide", "applicant", d.Mine.ID, "version", "1", "admit", "1")
	}
	h.clock.Set(opens)
	if n, err := h.auction.Tick(context.Background()); n != 1 || err != nil {
		h.t.Fatalf("begin: %d %v", n, err)
	}
	return record
}

// TestEnglish walks an ascending auction to its contract; the achievement moves at the end.
func TestEnglish(t *testing.T) {
	h := newHouse(t)
	a, b := firm(h.org("甲公司", "enterprise")), firm(h.org("乙公司", "enterprise"))
	record := h.open("english", a, b)
	h.want(visitor, record, 200, "当前价", "服务器时间", "有，截止前不公开")
	h.want(a, record, 200, "提交出价", "1 号竞买人")
	h.sent(a, record+"/bid", "fen", "100", "key", "1")
	h.want(a, record, 200, "您已是最高出价者") // and no form that is refused in any case
	h.want(b, record, 200, "提交出价")
	if x := h.Post(b, record+"/bid", values("fen", "102", "key", "2")); x.Code != 422 ||
		!strings.Contains(x.Body, "出价不能低于") {
		t.Errorf("too low: %d", x.Code)
	}
	if x := h.Post(a, record+"/bid", values("fen", "110", "key", "3")); x.Code != 409 {
		t.Errorf("own bid: %d", x.Code)
	}
	h.sent(b, record+"/bid", "fen", "125", "key", "4")
	h.want(a, record+"/log", 200, "与保存的结果一致")
	h.clock.Advance(3 * time.Hour)
	if n, err := h.auction.Tick(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	step := func(do string) {
		t.Helper()
		d, err := h.auction.GetAuction(t.Context(), officer, strings.TrimPrefix(record, "/auctions/"))
		if err != nil {
			t.Fatal(err)
		}
		h.sent(officer, record+"/step", "do", do, "version", kit.Number(d.Version))
	}
	step("publicise")
	h.want(visitor, record, 200, "乙公司", "结果公示至")
	h.clock.Advance(9 * 24 * time.Hour)
	step("confirm")
	step("sign")
	d, err := h.auction.GetAuction(t.Context(), officer, strings.TrimPrefix(record, "/auctions/"))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := h.market.GetPost(t.Context(), officer, d.Post); err != nil || p.State != market.Signed {
		t.Errorf("the achievement is %s, %v", p.State, err)
	}
	h.want(visitor, record+"/print", 200, "壹佰贰拾伍万元整")
	for _, p := range []string{"/auctions", record, record + "/rules", record + "/log", record + "/applicants",
		"/auctions/new"} {
		h.English(t, officer, p, "石墨烯导热膜", "太原理工学院", "甲公司", "乙公司", "张三",
			"奖励比例依促进科技成果转化法（2015）第四十五条及国发〔2016〕16号，公示依该法，公告依拍卖法第四十五条；其余为设计")
	}
}

// number is that of a request.
var number = regexp.MustCompile(`01[0-9a-z]{24}`)

// pages are all that somebody can see of an auction by page and API, without what differs each time.
func (h *house) pages(by authz.Actor, record string) string {
	h.t.Helper()
	out := ""
	for _, p := range []string{"/auctions", record, record + "/rules", record + "/log", record + "/applicants",
		record + "/print", record + "/timeline"} {
		a := h.Get(by, p)
		body, _, _ := strings.Cut(a.Body, "<footer")
		if a.Code != 200 { // a refusal has a number of its own
			body = number.ReplaceAllString(body, "no")
		}
		for line := range strings.SplitSeq(body, ">") {
			if !strings.Contains(line, `name="key"`) && !strings.Contains(line, `name="request"`) {
				out += line + "\n"
			}
		}
	}
	id := strings.TrimPrefix(record, "/auctions/")
	for _, p := range []string{"/auctions", "/auctions/count", "/auctions/" + id, "/auctions/" + id + "/log",
		"/auctions/" + id + "/proof", "/auctions/" + id + "/applicants"} {
		a := h.Call(by, "GET", p, nil)
		if a.Code == 200 {
			out += a.Body
		}
	}
	return out
}

// TestSealedPagesAreBlind flips a sealed bid: no page and no answer changes for anybody but the bidder.
func TestSealedPagesAreBlind(t *testing.T) {
	h := newHouse(t)
	a, b := firm(h.org("甲公司", "enterprise")), firm(h.org("乙公司", "enterprise"))
	record := h.open("first", a, b)
	watchers := []authz.Actor{officer, leader, b, visitor, {Account: "s", Org: h.seller, Role: authz.University}}
	var before []string
	for _, by := range watchers {
		before = append(before, h.pages(by, record))
	}
	for _, fen := range []string{"130", "777"} {
		h.sent(a, record+"/bid", "fen", fen)
		for i, by := range watchers {
			if diff := cmp.Diff(before[i], h.pages(by, record)); diff != "" {
				t.Fatalf("%s learns of a sealed bid:\n%.2000s", by.Role, diff)
			}
		}
		h.want(a, record, 200, fen+" 万元")
	}
}
