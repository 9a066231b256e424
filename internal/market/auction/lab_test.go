package auction

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var officerActor = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
	Via: authz.ViaSession}

// codes knows every code.
type codes struct{}

func (codes) KnowsRegion(string) bool         { return true }
func (codes) KnowsIndustry(string) bool       { return true }
func (codes) RegionName(code string) string   { return code }
func (codes) IndustryName(code string) string { return code }
func (codes) Regions() []party.Code           { return nil }
func (codes) Industries() []party.Code        { return nil }

// posts has an achievement of the seller for each pricing, and remembers what was moved.
type posts struct {
	seller string
	moved  []string
	left   string // this one left the market
	priced string // how the price of all of them is found since, "" = as their ids say
}

func (p *posts) FindPost(_ context.Context, _ authz.Actor, name string) (market.Post, error) {
	id := strings.TrimPrefix(name, "CG-") // the code of one
	x := market.Post{ID: id, State: market.Published, OrgNow: p.seller, OrgName: "转让方"}
	x.Kind, x.Title, x.Org, x.Pricing = market.Achievement, "石墨烯导热膜", p.seller, cmp.Or(p.priced, id)
	if id != "listing" && id != "auction" && id != "agreement" {
		return x, fault.New(fault.NotFound, "没有找到这条记录")
	}
	return x, nil
}

func (p *posts) Advance(
	_ context.Context, _ *unit.Tx, postID, step string, _ process.Input,
) (market.Post, error) {
	p.moved = append(p.moved, postID+" "+step)
	return market.Post{}, nil
}

func (p *posts) Standings(_ context.Context, _ db.Q, ids ...string) (map[string]market.Standing, error) {
	out := map[string]market.Standing{}
	for _, id := range ids {
		out[id] = market.Standing{Live: id != p.left, Shown: id != p.left}
	}
	return out, nil
}

func (p *posts) Take(_ context.Context, _ *unit.Tx, id string) (bool, error) {
	return id != p.left, nil
}

// lab is the room with what it needs.
type lab struct {
	*Service
	t     testing.TB
	unit  *unit.Unit
	clock *clock.Fake
	posts *posts
	party *party.Service
}

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	x := &lab{t: t, clock: clock.NewFake(dbtest.Start), posts: &posts{seller: "org-seller"}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	key := []byte("0123456789abcdef0123456789abcdef")
	var err error
	if x.party, err = party.New(x.unit, codes{}, times, party.Options{Key: key}); err != nil {
		t.Fatal(err)
	}
	x.Service, err = New(x.unit, times, Options{Party: x.party, Posts: x.posts, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

const wan = money.Fen(money.Wan)

// sample starts 30 days from now and runs for two hours.
func (x *lab) sample(mode string) NewItem {
	opens := x.clock.Now().AddDate(0, 0, 30)
	in := NewItem{Data: Data{Post: "auction", Mode: mode, StartFen: 100 * wan, ReserveFen: 120 * wan,
		DepositFen: 10 * wan, OpensUs: clock.Us(opens), EndsUs: clock.Us(opens.Add(2 * time.Hour))}}
	if mode == Listing {
		in.Post, in.ReserveFen = "listing", 0
	}
	if mode == English {
		in.IncrementFen = 5 * wan
	}
	return in
}

func (x *lab) fire(it Item, step string) Item {
	x.t.Helper()
	now, err := x.GetAuction(x.t.Context(), officerActor, it.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return processtest.Again(x.t, x.unit.DB(), func(key string) (Item, error) {
		return x.FireAuction(x.t.Context(), officerActor, Step{ID: it.ID, Step: step, Version: now.Version,
			Reason: "因故", Key: key})
	})
}

// announced is an auction in its notice.
func (x *lab) announced(mode string) Item {
	x.t.Helper()
	it, err := x.CreateAuction(x.t.Context(), officerActor, x.sample(mode))
	if err != nil {
		x.t.Fatal(err)
	}
	return x.fire(it, "announce")
}

// bidder makes a firm that is admitted to an auction, with its deposit paid.
func (x *lab) bidder(it Item, name string) authz.Actor {
	x.t.Helper()
	ctx := x.t.Context()
	o, err := x.party.CreateOrganisation(ctx, officerActor, party.NewOrg{OrgData: party.OrgData{
		Name: name, Kind: "enterprise", Region: "140100", Standing: "active"}})
	if err != nil {
		x.t.Fatal(err)
	}
	by := authz.Actor{Account: "acc-" + name, Login: name, Org: o.ID, Role: authz.Enterprise,
		Via: authz.ViaSession}
	a, err := x.Apply(ctx, by, Application{Auction: it.ID, Contact: "张三"})
	if err != nil {
		x.t.Fatal(err)
	}
	a, err = x.RecordDeposit(ctx, officerActor, Deposit{ID: a.ID, State: DepositPaid, Fen: 10 * wan,
		Version: a.Version})
	if err != nil {
		x.t.Fatal(err)
	}
	_, err = x.DecideApplicant(ctx, officerActor, Decision{ID: a.ID, Admit: true, Version: a.Version})
	if err != nil {
		x.t.Fatal(err)
	}
	return by
}

// start goes to the moment at which bidding begins.
func (x *lab) start(it Item) {
	x.t.Helper()
	x.clock.Set(clock.Time(it.OpensUs))
	if n, err := x.Tick(x.t.Context()); n != 1 || err != nil {
		x.t.Fatalf("begin: %d %v", n, err)
	}
}

// end goes to the moment at which bidding ends.
func (x *lab) end(it Item) Item {
	x.t.Helper()
	now, err := x.GetAuction(x.t.Context(), officerActor, it.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	x.clock.Set(clock.Time(now.ClosesUs))
	if n, err := x.Tick(x.t.Context()); n != 1 || err != nil {
		x.t.Fatalf("close: %d %v", n, err)
	}
	out, err := byID(x.t.Context(), x.unit.DB(), it.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return out
}

func (x *lab) bid(by authz.Actor, it Item, fen money.Fen) error {
	_, err := x.Bid(x.t.Context(), by, NewBid{Auction: it.ID, Fen: fen})
	return err
}
