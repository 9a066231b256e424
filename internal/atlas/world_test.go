package atlas

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	official = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}
	visitor  = authz.Actor{Via: authz.ViaSession}
)

// world is the room with those it is made from.
type world struct {
	*Service
	testing.TB
	db     *db.DB
	unit   *unit.Unit
	clock  *clock.Fake
	party  *party.Service
	market *market.Service
	deal   *deal.Service
	feed   *outbox.Dispatcher
	desk   *job.Desk
	jobs   *job.Runner
	orgs   []party.Org
	people []party.Person
	posts  []string
	deals  []string
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	x := &world{TB: t, db: d, clock: clock.NewFake(dbtest.Start)}
	ctx := t.Context()
	x.unit = dbtest.UnitAt(t, d, x.clock)
	places := dict.New(x.unit)
	x.ok(places.Load(ctx))
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, party.FromDict(places), times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	x.ok(err)
	x.market, err = market.New(x.unit, times, market.Options{Party: x.party, Dict: places})
	x.ok(err)
	x.deal, err = deal.New(x.unit, times, deal.Options{Market: x.market, Party: x.party})
	x.ok(err)
	x.ok(x.deal.Load(ctx))
	x.Service, err = New(x.unit, times, Options{Dict: places,
		Home: func() region.Code { return "140100" }})
	x.ok(err)
	x.desk = job.NewDesk(x.unit)
	x.jobs = job.NewRunner(x.unit, x.desk, job.Options{})
	x.RegisterJobs(x.jobs)
	x.feed = outbox.NewDispatcher(d, x.clock, outbox.Options{}, x.market.Follower(), x.deal.Follower(),
		x.Follower())
	return x
}

func (x *world) ok(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// follow brings the map up to date.
func (x *world) follow() {
	x.Helper()
	x.ok(x.feed.CatchUp(x.Context()))
	x.work()
}

// work does the jobs that wait.
func (x *world) work() {
	x.Helper()
	_, err := x.jobs.RunDue(x.Context())
	x.ok(err)
}

var (
	testPlaces = []region.Code{"140105", "140105", "140106", "140109", "140100", "140403"}
	testStates = []string{market.Published, market.Published, market.Talking, market.Signed, market.Draft,
		market.Review, market.Withdrawn}
	orgKinds = []string{"enterprise", "enterprise", "university", "institute", "park"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (x *world) org(name, kind string, at region.Code, by authz.Actor) party.Org {
	x.Helper()
	o, err := x.party.CreateOrganisation(x.Context(), by, party.NewOrg{OrgData: party.OrgData{Name: name,
		Kind: kind, Region: at, Standing: "active"}})
	x.ok(err)
	x.orgs = append(x.orgs, o)
	return o
}

// fill makes a small city of every sort of record.
func (x *world) fill(seed uint64, orgs, posts, deals int) {
	x.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	ctx := x.Context()
	for i := range orgs {
		name := fmt.Sprintf("太原%s%d有限公司", pick(r, []string{"碳纤维材料", "智能装备", "生物医药", "软件信息"}), i)
		x.org(name, pick(r, orgKinds), pick(r, testPlaces), official)
	}
	district := authz.Actor{Account: "acc-d", Login: "d", Role: authz.District, Region: "140105"}
	x.org("小店待核验企业", "enterprise", "140105", district)
	for i := range orgs / 2 {
		p, err := x.party.CreatePerson(ctx, official, party.NewPerson{PersonData: party.PersonData{
			Name: fmt.Sprintf("人员%d", i), Fields: []string{"新能源电池"}, Public: r.IntN(2) == 0},
			Org: pick(r, x.orgs).ID})
		x.ok(err)
		x.people = append(x.people, p)
	}
	x.post(r, posts)
	x.introduce(r, deals)
}

func (x *world) post(r *rand.Rand, n int) {
	x.Helper()
	var list []market.Adopted
	for i := range n {
		p := market.PostData{Kind: market.Need, Title: fmt.Sprintf("碳纤维复合材料表面检测需求%d", i),
			Text: "满足指标要求的技术方案，希望找到合作单位共同攻关。", Org: pick(r, x.orgs).ID, Region: pick(r, testPlaces),
			Field: pick(r, []string{"03", "05"}), Modes: []string{"joint"}, NeedData: market.NeedData{NeedKind: "research"},
			Visibility: pick(r, []market.Visibility{market.Open, market.Open, market.Request, market.Named})}
		if r.IntN(2) == 0 {
			p.SixNew = "material"
		}
		if i%2 == 0 {
			p.Kind, p.NeedData = market.Achievement, market.NeedData{}
			p.AchievementData = market.AchievementData{ResultKind: "applied", Pricing: "listing"}
			if i%4 == 0 {
				p.Rights = []market.Right{{Kind: "invention", Title: "一种检测方法", State: "granted",
					Holder: pick(r, x.orgs).Name + "；" + pick(r, x.orgs).Name}}
			}
		}
		if p.Visibility == market.Named {
			p.Named = []string{pick(r, x.orgs).ID}
		}
		at := clock.Us(dbtest.Start.AddDate(0, -r.IntN(30), -1))
		list = append(list, market.Adopted{PostData: p, State: pick(r, testStates), CreatedUs: at,
			PublishedUs: at, ConfirmedUs: at, CreatedBy: "acc-officer"})
	}
	ids, err := x.market.AdoptPosts(x.Context(), official, list, "test")
	x.ok(err)
	x.posts = append(x.posts, ids...)
}

func (x *world) introduce(r *rand.Rand, n int) {
	x.Helper()
	var list []deal.Adopted
	for range n {
		a, b := pick(r, x.orgs), pick(r, x.orgs)
		if a.ID == b.ID {
			continue
		}
		d := deal.Adopted{Demand: pick(r, x.posts), SupplyOrg: b.ID, AskedBy: "supply", Message: "希望合作",
			State:     pick(r, []string{deal.Talking, deal.Signed, deal.Registered, deal.Refused}),
			CreatedUs: clock.Us(dbtest.Start), UpdatedUs: clock.Us(dbtest.Start)}
		if d.State == deal.Signed || d.State == deal.Registered {
			d.SignedOn, d.ContractFen = "2026-10-10", 100_00
		}
		list = append(list, d)
	}
	ids, err := x.deal.AdoptDeals(x.Context(), official, list, "test")
	x.ok(err)
	x.deals = append(x.deals, ids...)
}
