package market_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
		Via: authz.ViaSession}
	visitor = authz.Actor{Role: authz.Public, Via: authz.ViaSession}
)

// allCodes knows every code.
type allCodes struct{}

func (allCodes) KnowsRegion(string) bool         { return true }
func (allCodes) KnowsIndustry(string) bool       { return true }
func (allCodes) RegionName(code string) string   { return code }
func (allCodes) IndustryName(code string) string { return code }
func (allCodes) Regions() []party.Code           { return nil }
func (allCodes) Industries() []party.Code        { return nil }

// lab is the room with everything around it.
type lab struct {
	*market.Service
	db    *db.DB
	unit  *unit.Unit
	clock *clock.Fake
	party *party.Service
	orgs  map[string]string
}

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	x := &lab{db: d, clock: clock.NewFake(dbtest.Start), orgs: map[string]string{}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, allCodes{}, times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	x.Service, err = market.New(x.unit, times, market.Options{Party: x.party})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

// org registers an organisation once for each name.
func (x *lab) org(t testing.TB, name, kind string, code region.Code) string {
	t.Helper()
	if x.orgs[name] == "" {
		o, err := x.party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: name, Kind: kind, Region: code, Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		x.orgs[name] = o.ID
	}
	return x.orgs[name]
}

// firm is somebody of an enterprise in the district of Xiaodian.
func (x *lab) firm(t testing.TB, name string) authz.Actor {
	return authz.Actor{Account: "acc-" + name, Login: name, Org: x.org(t, name, "enterprise", "140105"),
		Role: authz.Enterprise, Via: authz.ViaSession}
}

func (x *lab) need(t testing.TB, by authz.Actor) market.NewPost {
	t.Helper()
	return market.NewPost{PostData: market.PostData{Kind: market.Need, Title: "不锈钢精密带钢表面缺陷在线检测",
		Text: "现有产线速度每分钟一百二十米，人工抽检漏检率高，希望找到机器视觉方案。", Org: by.Org,
		Region: "140105", Field: "03", Keywords: []string{"机器视觉"}, Modes: []string{"joint"},
		PriceLoFen: 800_000_00, PriceHiFen: 1_200_000_00, TRL: 6, Deadline: "2027-06-30",
		Parameters: []market.Parameter{{Name: "漏检率", Op: "<=", Value: "0.5", Unit: "%"}},
		Contact:    "赵工", ContactPhone: "13835150001", ContactMail: "zhao@example.com",
		NeedData: market.NeedData{NeedKind: "research", Current: "已有产线相机"}}}
}

func (x *lab) achievement(t testing.TB, by authz.Actor) market.NewPost {
	t.Helper()
	return market.NewPost{PostData: market.PostData{Kind: market.Achievement, Title: "高强镁合金半固态成形技术",
		Text: "面向轻量化部件的半固态成形工艺，已完成中试，性能稳定，可提供成套技术。", Org: by.Org,
		Region: "140105", Field: "05", PriceLoFen: 3_000_000_00, PriceHiFen: 3_000_000_00, TRL: 6,
		AchievementData: market.AchievementData{ResultKind: "applied", Pricing: "listing"}}}
}

func (x *lab) create(t testing.TB, by authz.Actor, in market.NewPost) market.Post {
	t.Helper()
	p, err := x.CreatePost(t.Context(), by, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (x *lab) fire(t testing.TB, by authz.Actor, p market.Post, step string) market.Post {
	t.Helper()
	out, err := x.FirePost(t.Context(), by, market.PostStep{ID: p.ID, Step: step, Version: p.Version,
		Reason: "因故"})
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	return out
}

// publish writes a post, hands it in and lets it through.
func (x *lab) publish(t testing.TB, by authz.Actor, in market.NewPost) market.Post {
	t.Helper()
	in.Submit = true
	return x.fire(t, officer, x.create(t, by, in), market.StepPublish)
}

// write runs what a sibling room does.
func (x *lab) write(t testing.TB, by authz.Actor, fn func(ctx context.Context, tx *unit.Tx) error) {
	t.Helper()
	err := x.unit.Write(t.Context(), by, "test", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "test"})
		return fn(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (x *lab) ids(t testing.TB, by authz.Actor, f market.PostFilter, order string) []string {
	t.Helper()
	page, err := x.ListPosts(t.Context(), by, f, order, db.PageReq{})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, p := range page.Items {
		out = append(out, p.ID)
	}
	return out
}

func says(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantNone(t testing.TB, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%q is in %s", w, text)
		}
	}
}

// wantFields fails unless err is Invalid at exactly these fields.
func wantFields(t testing.TB, err error, fields ...string) {
	t.Helper()
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) != len(fields) {
		t.Fatalf("error %v, want Invalid at %v", err, fields)
	}
	for i, f := range e.Fields {
		if f.Name != fields[i] {
			t.Errorf("field %d is %s (%v), want %s", i, f.Name, err, fields[i])
		}
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}
