package auction

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/process"
)

// The worked courses that the modes are defined by. Prices in 万元; the reserve is 120.
func TestReplay(t *testing.T) {
	rules := func(mode string) *Rules {
		return &Rules{Mode: mode, StartFen: 100, IncrementFen: 5, ClosesUs: 1000, WithinUs: 100, ExtendUs: 100}
	}
	closing := &Rules{ReserveFen: 120}
	bid := func(at int64, who string, fen money.Fen) Event {
		return Event{AtUs: at, Kind: EvBid, Who: who, Fen: fen}
	}
	sealed := func(who string, fen money.Fen) Event { return Event{Kind: EvReveal, Who: who, Fen: fen} }
	for name, tc := range map[string]struct {
		mode   string
		events []Event
		winner string
		pay    money.Fen
		closes int64
	}{
		"ascending":              {English, []Event{bid(1, "a", 100), bid(2, "b", 120)}, "b", 120, 1000},
		"below the reserve":      {English, []Event{bid(1, "a", 115)}, "", 0, 1000},
		"late bid extends":       {English, []Event{bid(950, "a", 120), bid(1040, "b", 125)}, "b", 125, 1140},
		"early bid does not":     {English, []Event{bid(899, "a", 120)}, "a", 120, 1000},
		"nobody":                 {English, nil, "", 0, 1000},
		"first price":            {First, []Event{sealed("a", 130), sealed("b", 150)}, "b", 150, 1000},
		"second price":           {Second, []Event{sealed("a", 130), sealed("b", 150)}, "b", 130, 1000},
		"second price, reserve":  {Second, []Event{sealed("a", 110), sealed("b", 150)}, "b", 120, 1000},
		"one sealed bid":         {Second, []Event{sealed("a", 150)}, "a", 120, 1000},
		"tie goes to the first":  {First, []Event{sealed("a", 150), sealed("b", 150)}, "a", 150, 1000},
		"tie of the second":      {Second, []Event{sealed("a", 150), sealed("b", 150)}, "a", 150, 1000},
		"sealed below reserve":   {First, []Event{sealed("a", 119)}, "", 0, 1000},
		"listing with one":       {Listing, []Event{{Kind: EvAdmit, Who: "a"}}, "a", 100, 1000},
		"listing with two":       {Listing, []Event{{Kind: EvAdmit, Who: "a"}, {Kind: EvAdmit, Who: "b"}}, "", 0, 1000},
		"listing without takers": {Listing, nil, "", 0, 1000},
	} {
		log := append([]Event{{Kind: EvBegin, Rules: rules(tc.mode)}}, tc.events...)
		end := closing
		if tc.mode == Listing {
			end = &Rules{}
		}
		log = append(log, Event{Kind: EvClose, Rules: end})
		for i := range log {
			log[i].Seq = int64(i + 1)
		}
		s, err := Replay(log)
		if err != nil || s.Winner != tc.winner || s.PayFen != tc.pay || s.ClosesUs != tc.closes {
			t.Errorf("%s: winner %q pays %d, closes %d, %v", name, s.Winner, s.PayFen, s.ClosesUs, err)
		}
	}
	for name, events := range map[string][]Event{
		"too low":       {bid(1, "a", 99)},
		"no increment":  {bid(1, "a", 100), bid(2, "b", 104)},
		"off the steps": {bid(1, "a", 102)},
		"own bid":       {bid(1, "a", 100), bid(2, "a", 105)},
		"too late":      {bid(1000, "a", 100)},
		"a gap":         {{Seq: 3, Kind: EvBid}},
	} {
		log := append([]Event{{Kind: EvBegin, Rules: rules(English)}}, events...)
		for i := range log {
			if log[i].Seq == 0 {
				log[i].Seq = int64(i + 1)
			}
		}
		if _, err := Replay(log); err == nil {
			t.Errorf("%s: the log is taken", name)
		}
	}
}

// Whatever people do, the log replays to exactly what is stored, at every moment.
func TestRandomCourses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for n, mode := range []string{English, English, First, Second} {
			x := newLab(t, d)
			r := rand.New(rand.NewPCG(7, uint64(n)))
			in := x.sample(mode)
			in.Post = "auction"
			it, err := x.CreateAuction(t.Context(), officerActor, in)
			if err != nil {
				t.Fatal(err)
			}
			it = x.fire(it, "announce")
			var who []authz.Actor
			for i := range 3 {
				who = append(who, x.bidder(it, fmt.Sprint(mode, n, i)))
			}
			x.start(it)
			for range 15 {
				x.clock.Advance(time.Duration(r.IntN(900)) * time.Second)
				err := x.bid(who[r.IntN(3)], it, money.Fen(90+5*r.IntN(30))*wan)
				if e, ok := fault.As(err); err != nil && (!ok || e.Kind == fault.Internal) {
					t.Fatal(err)
				}
				x.proves(it)
			}
			x.clock.Set(clock.Time(it.EndsUs - 1e6)) // a late bid, if it is good
			_ = x.bid(who[0], it, 400*wan)
			x.end(it)
			x.proves(it)
			x.finish(it)
		}
	})
}

func (x *lab) proves(it Item) {
	x.t.Helper()
	if ok, err := x.Prove(x.t.Context(), officerActor, it.ID); !ok || err != nil {
		now, _ := byID(x.t.Context(), x.unit.DB(), it.ID)
		x.t.Fatalf("the log does not come to what is stored: %+v %v", now, err)
	}
}

// finish takes the result to the contract, or ends without one.
func (x *lab) finish(it Item) {
	x.t.Helper()
	now, err := byID(x.t.Context(), x.unit.DB(), it.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	if now.winner == "" {
		x.fire(it, "fail")
		return
	}
	x.fire(it, "publicise")
	x.clock.Advance(8 * 24 * time.Hour)
	x.fire(it, "confirm")
	x.fire(it, StepSign)
	if n := len(x.posts.moved); n != 1 || x.posts.moved[n-1] != "auction "+market.StepSign {
		x.t.Errorf("moved %v", x.posts.moved)
	}
}

// Of many bids that arrive together at one price exactly one is taken.
func TestBidsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		it := x.announced(English)
		var who []authz.Actor
		for i := range 4 {
			who = append(who, x.bidder(it, fmt.Sprint("b", i)))
		}
		x.start(it)
		for round := range 3 {
			price := money.Fen(100+5*round) * wan
			results := make(chan error, len(who))
			var wg sync.WaitGroup
			for _, by := range who {
				wg.Go(func() { results <- x.bid(by, it, price) })
			}
			wg.Wait()
			good := 0
			for range who {
				switch err := <-results; {
				case err == nil:
					good++
				case !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			}
			if good != 1 {
				t.Errorf("round %d: %d bids of %d were taken", round, good, price)
			}
		}
		x.proves(it)
	})
}

// Who was not admitted, has no deposit or is too late does not bid, and says nothing else.
func TestWhoBids(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		it := x.announced(English)
		a, quiet := x.bidder(it, "a"), x.bidder(it, "quiet")
		wantKind(t, x.bid(a, it, 100*wan), fault.Conflict) // not begun
		b := a
		b.Org = "org-other"
		wantKind(t, x.bid(b, it, 100*wan), fault.Forbidden)
		_, err := x.Apply(ctx, a, Application{Auction: it.ID, Contact: "又来"})
		wantKind(t, err, fault.Conflict)
		seller := a
		seller.Org = "org-seller"
		_, err = x.Apply(ctx, seller, Application{Auction: it.ID, Contact: "自己"})
		wantKind(t, err, fault.Forbidden)
		x.start(it)
		if err := x.bid(a, it, 100*wan); err != nil {
			t.Fatal(err)
		}
		mine, err := x.GetAuction(ctx, a, it.ID)
		if err != nil || mine.MyBid == nil || !mine.MyBid.Leading || mine.ReserveFen != 0 || !mine.HasReserve {
			t.Errorf("%+v %v", mine, err)
		}
		for _, by := range []authz.Actor{a, quiet} { // the one who leads, and the one who still may bid
			d, err := x.GetAuction(ctx, by, it.ID)
			if err == nil {
				_, err = x.RecordDeposit(ctx, officerActor, Deposit{ID: d.Mine.ID, State: DepositReturned,
					Version: d.Mine.Version})
			}
			wantKind(t, err, fault.Invalid)
		}
		x.clock.Set(clock.Time(it.EndsUs))
		wantKind(t, x.bid(a, it, 500*wan), fault.Conflict)
		end := x.end(it)
		if end.winner != "" { // 100 is below the reserve of 120
			t.Errorf("winner %s", end.winner)
		}
	})
}

// snapshot is everything somebody can learn of the auctions.
func (x *lab) snapshot(by authz.Actor, it Item) string {
	x.t.Helper()
	ctx := x.t.Context()
	var out []any
	see := func(v any, err error) {
		out = append(out, v)
		if err != nil {
			out = append(out, i18n.Error(i18n.ZH, err))
		}
	}
	see(x.GetAuction(ctx, by, it.ID))
	for _, order := range Orders() {
		see(x.ListAuctions(ctx, by, Filter{}, order, db.PageReq{}))
	}
	see(x.CountAuctions(ctx, by, Filter{}))
	see(x.Log(ctx, by, it.ID))
	see(x.Prove(ctx, by, it.ID))
	see(x.ListApplicants(ctx, by, it.ID, db.PageReq{}))
	_, err := x.Bid(ctx, by, NewBid{Auction: it.ID, Fen: 1})
	see("bid", err)
	_, err = x.FireAuction(ctx, by, Step{ID: it.ID, Step: StepClose, Version: 3})
	see("close", err)
	b, err := json.Marshal(out)
	if err != nil {
		x.t.Fatal(err)
	}
	return string(b)
}

// TestSealedBidsAreBlind flips sealed bids, and whether there are any: nothing that anybody but the
// bidder can see changes until they are opened.
func TestSealedBidsAreBlind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		it := x.announced(Second)
		a, b := x.bidder(it, "a"), x.bidder(it, "b")
		x.start(it)
		leader := authz.Actor{Account: "l", Role: authz.Leader, Via: authz.ViaSession}
		watchers := map[string]authz.Actor{"officer": officerActor, "leader": leader, "rival": b,
			"seller":  {Account: "s", Org: "org-seller", Role: authz.University, Via: authz.ViaSession},
			"visitor": {}, "job": clockwork}
		before := map[string]string{}
		for name, by := range watchers {
			before[name] = x.snapshot(by, it)
		}
		for _, fen := range []money.Fen{130 * wan, 100 * wan, 99_999 * wan} {
			if err := x.bid(a, it, fen); err != nil {
				t.Fatal(err)
			}
			for name, by := range watchers {
				if diff := cmp.Diff(before[name], x.snapshot(by, it)); diff != "" {
					t.Fatalf("%s learns of a sealed bid:\n%s", name, diff)
				}
			}
			mine, err := x.GetAuction(t.Context(), a, it.ID)
			if err != nil || mine.MyBid == nil || mine.MyBid.Fen != fen {
				t.Fatalf("the bidder sees %+v, %v", mine.MyBid, err)
			}
		}
		x.cannotRead(d, "99999000000")
		end := x.end(it)
		if end.Bids != 1 || end.WinnerNo != 1 || end.PayFen != 120*wan {
			t.Errorf("after opening: %+v", end)
		}
	})
}

var qStored = db.Stmt(`SELECT cipher FROM auction_sealed UNION ALL SELECT result FROM idempotency
	UNION ALL SELECT detail FROM audit_entry UNION ALL SELECT data FROM outbox`)

// cannotRead fails when an amount stands anywhere in what is stored.
func (x *lab) cannotRead(d *db.DB, amount string) {
	x.t.Helper()
	all, err := db.All(x.t.Context(), d, qStored, db.One[string])
	if err != nil {
		x.t.Fatal(err)
	}
	for _, text := range all {
		for i := 0; i+len(amount) <= len(text); i++ {
			if text[i:i+len(amount)] == amount {
				x.t.Errorf("the amount is stored readably: %s", text)
			}
		}
	}
}

// A listing with one taker is sold at its price; an objection upheld undoes it.
func TestListing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		it := x.announced(Listing)
		a := x.bidder(it, "a")
		x.start(it)
		end := x.end(it)
		if end.WinnerNo != 1 || end.PayFen != 100*wan {
			t.Fatalf("%+v", end)
		}
		x.proves(it)
		it = x.fire(it, "publicise")
		_, err := x.FireAuction(t.Context(), a, Step{ID: it.ID, Step: "object", Version: it.Version})
		wantKind(t, err, fault.Invalid) // without a reason
		_, err = x.FireAuction(t.Context(), a, Step{ID: it.ID, Step: "object", Version: it.Version,
			Reason: "权属有争议"})
		if err != nil {
			t.Fatal(err)
		}
		if got := x.fire(it, "uphold"); got.State != Failed {
			t.Errorf("state %s", got.State)
		}
	})
}

// Only achievements that are priced so can be auctioned, in the mode of their pricing.
func TestWhatIsAuctioned(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	for post, field := range map[string]string{"agreement": "post", "nothing": "post", "listing": "mode"} {
		in := x.sample(English)
		in.Post = post
		_, err := x.CreateAuction(t.Context(), officerActor, in)
		e, ok := fault.As(err)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", post, err)
		}
	}
	in := x.sample(English)
	marked := in
	marked.Text = "技术资料\n机密★10年"
	_, err := x.CreateAuction(t.Context(), officerActor, marked)
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != "text" {
		t.Errorf("conditions with a mark of secrecy: %v", err)
	}
	in.NoticeDays = 3
	_, err = x.CreateAuction(t.Context(), officerActor, in)
	wantKind(t, err, fault.Invalid)
}

// The days of notice are those of the market's dated rule on the day of the auction.
func TestRuleOfTheMarket(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	rules, err := market.New(x.unit, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		market.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = rules.AddFreshRule(t.Context(), officerActor, market.NewFreshRule{FreshRuleData: market.FreshRuleData{
		Name: "本市规则", Source: "局务会", Mark: "local", Reason: "试行", ValidFrom: clock.DateOf(x.clock.Now()).AddDays(1),
		FreshParams: market.FreshParams{NeedDays: 90, AchievementDays: 180, Terms: market.Terms{AuctionDays: 10}}}})
	if err != nil {
		t.Fatal(err)
	}
	in := x.sample(English)
	in.NoticeDays = 9
	_, err = x.CreateAuction(t.Context(), officerActor, in)
	wantKind(t, err, fault.Invalid)
	in.NoticeDays = 0
	got, err := x.CreateAuction(t.Context(), officerActor, in)
	if err != nil || got.NoticeDays != 10 || got.PublicityDays != 7 || got.WithinSeconds != 300 {
		t.Fatalf("%+v, %v", got, err)
	}
}
