package markethttp_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	_ "github.com/yuntu-city/yuntu/internal/homehttp"
	_ "github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/party"
	_ "github.com/yuntu-city/yuntu/internal/party/partyhttp" // the English of words that all doors use
	_ "github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	visitor authz.Actor
)

// house is the market with both doors.
type house struct {
	*webtest.House
	t      testing.TB
	market *market.Service
	party  *party.Service
	clock  *clock.Fake
	door   *markethttp.Handler
	firm   party.Org
	other  party.Org
	found  markethttp.Found // what words find: nothing as long as no test says more
	near   []string         // what is like a post
}

// shop adds to the record of a post what a sibling room would.
type shop struct{}

func (shop) OnPost(_ *http.Request, p market.Post) (markethttp.Addition, error) {
	return markethttp.Addition{Actions: []ui.Action{{Text: "Meet", Href: "/meet/" + p.ID, Primary: true}},
		Facts: []ui.Fact{{Term: "Asked", Text: "7 times"}},
		Tabs: []markethttp.ExtraTab{
			{Name: "talks", Title: "Talks", Count: "3", Body: body("who talks")},
			{Name: "similar", Title: "Matches", Body: body("what fits")}}}, nil
}

func newHouse(t testing.TB, d *db.DB, extras ...markethttp.Extra) *house {
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
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	h.party, err = party.New(u, party.FromDict(places), times,
		party.Options{Key: bytes.Repeat([]byte{7}, party.KeyBytes), Blobs: files})
	must(err)
	h.market, err = market.New(u, times, market.Options{Party: h.party, Dict: places, Blobs: files})
	must(err)
	must(h.market.Load(ctx))
	numbers, err := measure.NewRegistry(d, h.clock, h.market.Measures()...)
	must(err)
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		h.door = markethttp.New(h.market, w, markethttp.Deps{Party: h.party, Dict: places,
			Drafts: draft.New(d, h.clock), Measures: numbers, Clock: h.clock, Extras: extras,
			Near: func(context.Context, authz.Actor, string, int) ([]string, error) { return h.near, nil },
			Find: func(context.Context, authz.Actor, string, market.PostFilter, int) (markethttp.Found, error) {
				return h.found, nil
			},
			Across: true, Jobs: job.NewDesk(u), Home: func() region.Code { return "140100" },
			Public: "https://market.example.cn"})
		return []webtest.Door{h.door}
	})
	h.firm = h.org("太原云帆新材料有限公司", "enterprise")
	h.other = h.org("晋阳理工大学", "university")
	return h
}

func (h *house) org(name, kind string) party.Org {
	h.t.Helper()
	o, err := h.party.CreateOrganisation(context.Background(), officer, party.NewOrg{
		OrgData: party.OrgData{Name: name, Kind: kind, Region: "140105", Standing: "active",
			Contacts: []party.Contact{{Name: "李工", Phone: "13800001234"}}}})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// owner acts for the firm, rival for the university.
func (h *house) owner() authz.Actor {
	return authz.Actor{Account: "acc-firm", Login: "firm", Role: authz.Enterprise, Org: h.firm.ID}
}

func (h *house) rival() authz.Actor {
	return authz.Actor{Account: "acc-uni", Login: "uni", Role: authz.University, Org: h.other.ID}
}

// need is a need that can be handed in.
func (h *house) need() market.PostData {
	return market.PostData{Kind: market.Need, Title: "铝合金薄壁件压铸变形控制", Org: h.firm.ID,
		Text:   "薄壁件在 0.8 毫米处变形，成品率只有七成，希望提高到九成以上，并给出检测办法。",
		Region: "140105", Field: "03", PriceLoFen: 50_000_000, PriceHiFen: 200_000_000, TRL: 6,
		Modes: []string{"joint"}, Parameters: []market.Parameter{
			{Name: "成品率", Op: ">=", Value: "90", Unit: "%"}},
		Contact: "李工", ContactPhone: "13800001234", NeedData: market.NeedData{NeedKind: "research"}}
}

// achievement is an achievement that can be handed in.
func (h *house) achievement() market.PostData {
	return market.PostData{Kind: market.Achievement, Title: "深紫外消杀模组工艺包", Org: h.other.ID,
		Text:   "针对深紫外模组寿命短的问题，形成了从外延到封装的完整工艺，已小批量生产并有检测报告。",
		Region: "140105", Field: "04", PriceLoFen: 261_800_0000, PriceHiFen: 261_800_0000, TRL: 8,
		Modes: []string{"licence", "transfer"}, Contact: "王老师", ContactPhone: "13900005678",
		AchievementData: market.AchievementData{ResultKind: "applied", Pricing: "listing",
			Rights: []market.Right{{Kind: "invention", Number: "ZL202310123456.7", State: "granted",
				Title: "一种深紫外模组封装方法"}}}}
}

// posted stores a post and takes it as far as a state: draft, review or published.
func (h *house) posted(by authz.Actor, d market.PostData, state string) market.Post {
	h.t.Helper()
	ctx := context.Background()
	p, err := h.market.CreatePost(ctx, by, market.NewPost{PostData: d, Submit: state != market.Draft})
	if err != nil {
		h.t.Fatal(err)
	}
	if state == market.Published {
		p, err = h.market.FirePost(ctx, officer, market.PostStep{ID: p.ID, Step: market.StepPublish,
			Version: p.Version})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// now is the post as it is.
func (h *house) now(postID string) market.Post {
	h.t.Helper()
	p, err := h.market.GetPost(context.Background(), officer, postID)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// values makes a form of names and values in turn.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// mainOf is the content of a page.
func mainOf(page string) string {
	_, rest, ok := strings.Cut(page, "<main")
	if !ok {
		return page
	}
	return rest
}

// want asks for a page and fails unless it has the status and the texts; a text that begins with !
// must not be there.
func (h *house) want(as authz.Actor, path string, code int, texts ...string) webtest.Answer {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Fatalf("%s as %s: %d, want %d\n%.900s", path, as.Role, a.Code, code, mainOf(a.Body))
	}
	h.shows(a, path, texts...)
	return a
}

func (h *house) shows(a webtest.Answer, path string, texts ...string) {
	h.t.Helper()
	for _, text := range texts {
		bare, absent := strings.CutPrefix(text, "!")
		if strings.Contains(a.Body, bare) == absent {
			h.t.Errorf("%s: %q shown is %v", path, bare, absent)
		}
	}
}

// sent posts a form and fails unless it leads on; it returns where to.
func (h *house) sent(as authz.Actor, path string, v url.Values) string {
	h.t.Helper()
	a := h.Post(as, path, v)
	if a.Code != http.StatusSeeOther {
		_, wrong, _ := strings.Cut(a.Body, `class="error-summary"`)
		h.t.Fatalf("POST %s: %d %.900s", path, a.Code, wrong)
	}
	return a.Header.Get("Location")
}
