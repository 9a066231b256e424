package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// saleroom is the room of auctions in the past: a notice takes days that a demonstration cannot wait.
type saleroom struct {
	*auction.Service
	clock *clock.Fake
}

func (c *city) saleroom() (*saleroom, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	fake := clock.NewFake(c.Clock.Now())
	s, err := auction.New(unit.New(c.DB, fake, unit.Options{}),
		process.Times{Calendar: c.Dict, Service: process.OfficeHours()},
		auction.Options{Party: c.Party, Posts: c.Market, Key: key})
	return &saleroom{s, fake}, err
}

// auctions holds an auction that ended with a contract's result, one that runs, and a listing.
func (c *city) auctions(ctx context.Context, posts []market.Post) error {
	room, err := c.saleroom()
	if err != nil {
		return err
	}
	if err := c.sold(ctx, room, posts[1]); err != nil {
		return fmt.Errorf("ended auction: %w", err)
	}
	if err := c.onSale(ctx, room, posts[3]); err != nil {
		return fmt.Errorf("running auction: %w", err)
	}
	_, err = c.Auctions.CreateAuction(ctx, c.officer(), auction.NewItem{Data: auction.Data{
		Post: posts[0].ID, Mode: auction.Listing, Text: auctionTerms, StartFen: posts[0].PriceLoFen,
		OpensUs: c.moment(25, 9, 0), EndsUs: c.moment(45, 17, 0)}})
	return err
}

// buyers are organisations that bid.
func (c *city) buyers() []authz.Actor {
	var out []authz.Actor
	for _, o := range c.orgs {
		if o.Kind == "enterprise" && o.State == party.Verified && len(out) < 3 {
			by := c.actor("qiye", authz.Enterprise)
			by.Org = o.ID
			out = append(out, by)
		}
	}
	return out
}

// announced makes an auction whose notice began so many days ago, with its bidders admitted.
func (c *city) announced(
	ctx context.Context, room *saleroom, d auction.Data, days int,
) (auction.Item, error) {
	room.clock.Set(clock.Time(c.moment(-days, 9, 0)))
	x, err := room.CreateAuction(ctx, c.officer(), auction.NewItem{Data: d})
	if err != nil {
		return x, err
	}
	x, err = room.FireAuction(ctx, c.officer(), auction.Step{ID: x.ID, Step: "announce", Version: x.Version})
	if err != nil {
		return x, err
	}
	for _, by := range c.buyers() {
		a, err := room.Apply(ctx, by, auction.Application{Auction: x.ID, Contact: bidderContact})
		if err != nil {
			return x, err
		}
		a, err = room.RecordDeposit(ctx, c.officer(), auction.Deposit{ID: a.ID, State: auction.DepositPaid,
			Fen: d.DepositFen, Version: a.Version})
		if err != nil {
			return x, err
		}
		_, err = room.DecideApplicant(ctx, c.officer(), auction.Decision{ID: a.ID, Admit: true,
			Version: a.Version})
		if err != nil {
			return x, err
		}
	}
	room.clock.Set(clock.Time(d.OpensUs))
	_, err = room.Tick(ctx)
	return x, err
}

// bids makes the buyers bid in turn, a few minutes apart.
func (c *city) bids(ctx context.Context, room *saleroom, x auction.Item, times int) error {
	buyers := c.buyers()
	price := x.StartFen
	for i := range times {
		room.clock.Advance(7 * time.Minute)
		_, err := room.Bid(ctx, buyers[i%len(buyers)], auction.NewBid{Auction: x.ID, Fen: price})
		if err != nil {
			return err
		}
		price += x.IncrementFen
	}
	return nil
}

const wan = money.Fen(money.Wan)

// sold is an auction of three weeks ago; its result was publicised and confirmed.
func (c *city) sold(ctx context.Context, room *saleroom, p market.Post) error {
	d := auction.Data{Post: p.ID, Mode: auction.English, Text: auctionTerms, StartFen: 60 * wan,
		ReserveFen: 62 * wan, IncrementFen: 2 * wan, DepositFen: 6 * wan, OpensUs: c.moment(-20, 9, 0),
		EndsUs: c.moment(-20, 10, 0)}
	x, err := c.announced(ctx, room, d, 30)
	if err != nil {
		return err
	}
	if err := c.bids(ctx, room, x, 6); err != nil {
		return err
	}
	room.clock.Set(clock.Time(c.moment(-20, 11, 0)))
	if _, err := room.Tick(ctx); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		days int
	}{{"publicise", -20}, {"confirm", -11}} {
		room.clock.Set(clock.Time(c.moment(step.days, 15, 0)))
		now, err := room.GetAuction(ctx, c.officer(), x.ID)
		if err != nil {
			return err
		}
		_, err = room.FireAuction(ctx, c.officer(), auction.Step{ID: x.ID, Step: step.name,
			Version: now.Version})
		if err != nil {
			return err
		}
	}
	return nil
}

// onSale is an auction that takes bids now.
func (c *city) onSale(ctx context.Context, room *saleroom, p market.Post) error {
	d := auction.Data{Post: p.ID, Mode: auction.English, Text: auctionTerms, StartFen: 25 * wan,
		ReserveFen: 30 * wan, IncrementFen: wan, DepositFen: 2 * wan, OpensUs: c.moment(-1, 9, 0),
		EndsUs: c.moment(3, 17, 0)}
	x, err := c.announced(ctx, room, d, 12)
	if err != nil {
		return err
	}
	return c.bids(ctx, room, x, 4)
}

// appraisals are a valuation sheet and an evaluation with its report.
func (c *city) appraisals(ctx context.Context, posts []market.Post) error {
	if err := c.valuation(ctx, posts[0]); err != nil {
		return fmt.Errorf("valuation: %w", err)
	}
	if err := c.evaluation(ctx, posts[1]); err != nil {
		return fmt.Errorf("evaluation: %w", err)
	}
	return nil
}

func (c *city) valuation(ctx context.Context, p market.Post) error {
	by := c.actor("gaoxiao", authz.University)
	by.Org = c.first("university").ID
	r := appraise.ParseRange
	x, err := c.Appraisals.CreateSheet(ctx, by, appraise.NewSheet{SheetData: appraise.SheetData{Post: p.ID,
		Purpose: sheetPurpose, Day: c.days(-3), Limits: sheetLimits}})
	if err != nil {
		return err
	}
	in := appraise.Inputs{Cost: appraise.Cost{Items: []appraise.Named{{Name: costLabour, Amount: r("60/75/90")},
		{Name: costTrial, Amount: r("35/40/50")}, {Name: costEquipment, Amount: r("12/15/18")}},
		Profit: r("8/10/12"), Obsolescence: r("5/10/20")},
		Income: appraise.Income{Way: appraise.Relief, Years: []appraise.Range{r("300/500/700"),
			r("600/900/1300"), r("900/1400/2000"), r("1000/1600/2400"), r("1000/1600/2400")},
			Royalty: r("3/4/5"), Tax: r("25"), Discount: r("12/15/18")},
		Market: []appraise.Comparable{{Name: comparableOne, Price: "160", Adjust: "105"},
			{Name: comparableTwo, Price: "220", Adjust: "90"}, {Name: comparableLast, Price: "150", Adjust: "115"}}}
	x, err = c.Appraisals.SaveInputs(ctx, by, appraise.NewEdition{ID: x.ID, Inputs: in, Note: editionNote,
		Version: x.Version})
	if err != nil {
		return err
	}
	_, err = c.Appraisals.FireSheet(ctx, by, appraise.Step{ID: x.ID, Step: "finish", Version: x.Version})
	return err
}

func (c *city) evaluation(ctx context.Context, p market.Post) error {
	by := c.officer()
	v, err := c.Appraisals.CreateReview(ctx, by, appraise.NewReview{ReviewData: appraise.ReviewData{
		Post: p.ID, Kind: "industry", Trimmed: true, Basis: reviewBasis}})
	if err != nil {
		return err
	}
	logins := []string{"zhuanjia", "jingjiren", "gongzhong", "lianban", "gongxin"}
	for i, login := range logins {
		x, err := c.Appraisals.AddExpert(ctx, by, appraise.NewExpert{Review: v.ID, Name: c.person(),
			Unit: expertUnit, Version: v.Version + int64(i)})
		if err != nil {
			return err
		}
		if _, err := c.Appraisals.Join(ctx, c.actor(login, authz.Expert), x.Code); err != nil {
			return err
		}
	}
	fire := func(step string, version int64) error {
		v, err = c.Appraisals.FireReview(ctx, by, appraise.Step{ID: v.ID, Step: step, Version: version})
		return err
	}
	if err := fire("start", v.Version+int64(len(logins))); err != nil {
		return err
	}
	for i, login := range logins {
		n := int64(4 * i)
		_, err := c.Appraisals.Score(ctx, c.actor(login, authz.Expert), appraise.Scores{Review: v.ID,
			Scores: appraise.Five{60 + n, 76 + n, 58 + n, 70 + n, 55 + n}, Comment: reviewOpinion})
		if err != nil {
			return err
		}
	}
	if err := fire("finish", v.Version); err != nil {
		return err
	}
	v, err = c.Appraisals.WriteReport(ctx, by, appraise.Report{ID: v.ID, Conclusion: reviewResult,
		Limits: reviewLimits, Version: v.Version})
	if err != nil {
		return err
	}
	return fire("report", v.Version)
}
