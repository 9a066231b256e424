package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
)

// pact is the technology contracts (技术合同) of a city and a year: how many there are and their sum.
// The contracts are invented; what a source published about them holds exactly.
type pact struct {
	city   string // 1401
	year   int
	count  int       // 0: nobody published it, see Volume.Deals
	usual  int       // then so many
	fen    money.Fen // exactly
	source string    // "" for a sum that is invented too
}

// pactCount is how many contracts there will be.
func (c *city) pactCount(v Volume) int {
	n := 0
	for _, p := range pacts {
		n += p.number(v)
	}
	return n
}

func (p pact) number(v Volume) int {
	if p.count > 0 {
		return p.count
	}
	return max(1, p.usual*v.Deals/100)
}

// amounts splits a sum into n parts of very different size, each a whole number of hundreds of yuan,
// that add up to it exactly.
func (d *dice) amounts(n int, sum money.Fen) []money.Fen {
	const step = 100 * yuan
	weights, all := make([]int64, n), int64(0)
	for i := range weights {
		weights[i] = int64(10+d.below(90)) << d.below(7)
		all += weights[i]
	}
	out, left, largest := make([]money.Fen, n), sum, 0
	for i, w := range weights {
		out[i] = max(step, money.Fen(int64(sum/step)*w/all)*step)
		left -= out[i]
		if out[i] > out[largest] {
			largest = i
		}
	}
	out[largest] += left
	return out
}

// contracts makes the contracts of all years and cities.
func (g *growth) contracts(ctx context.Context) error {
	for _, p := range pacts {
		list := g.signed(p)
		for part := range slices.Chunk(list, growBatch) {
			if _, err := g.Deal.AdoptDeals(ctx, g.officer(), part, dealReason); err != nil {
				return fmt.Errorf("%s in %d: %w", p.city, p.year, err)
			}
			g.advance(len(part))
		}
	}
	return nil
}

// signed are the introductions that led to the contracts of a pact, in the order of their days.
func (g *growth) signed(p pact) []deal.Adopted {
	var posts []market.Post
	for _, x := range g.posts {
		if inCity(x.Region, p.city) && x.PublishedUs >= 0 && supplies(x.State) {
			posts = append(posts, x)
		}
	}
	amounts := g.dice.amounts(p.number(g.volume), p.fen)
	days := g.signingDays(p, len(amounts))
	firms := g.firmsOf(p.city)
	var out []deal.Adopted
	for i, fen := range amounts {
		out = append(out, g.contract(p, i, days[i], fen, posts, firms))
	}
	return out
}

// supplies says whether an achievement in a state may have had contracts.
func supplies(state string) bool {
	switch state {
	case market.Published, market.Talking, market.Signed, market.Registered:
		return true
	}
	return false
}

// lastSigning is the last day of a year on which a contract is signed that is registered in it.
const lastSigning = 335

// signingDays are the days of a year on which n contracts were signed, in order. The end of a year
// is busier.
func (g *growth) signingDays(p pact, n int) []clock.Date {
	first := clock.Date(fmt.Sprintf("%d-01-04", p.year))
	last := lastSigning
	for last > 1 && first.AddDays(last) > g.days(-25) { // not in the future
		last--
	}
	out := make([]clock.Date, n)
	for i := range out {
		day := g.dice.below(last)
		if g.dice.one(4) {
			day = max(day, g.dice.below(last))
		}
		out[i] = first.AddDays(day)
	}
	slices.Sort(out)
	return out
}

func (g *growth) firmsOf(city string) []party.Org {
	var out []party.Org
	for _, o := range g.firms {
		if inCity(o.Region, city) {
			out = append(out, o)
		}
	}
	return out
}

// contract is one contract with the introduction that led to it.
func (g *growth) contract(
	p pact, n int, day clock.Date, fen money.Fen, posts []market.Post, firms []party.Org,
) deal.Adopted {
	signed := clock.Us(day.Start()) + int64(9*60+g.dice.below(480))*60_000_000
	asked := signed - int64(30+g.dice.below(120))*dayUs
	known, _ := slices.BinarySearchFunc(posts, asked, func(x market.Post, at int64) int {
		return int((x.CreatedUs - at) / dayUs)
	})
	supply := posts[g.dice.below(max(1, known))]
	asked = max(asked, min(supply.CreatedUs+dayUs, signed-dayUs))
	in := deal.Adopted{Supply: supply.ID, State: deal.Registered, Message: pick(&g.dice, dealAsks),
		AskedBy: pick(&g.dice, []string{deal.Demand, deal.Demand, deal.Supply, deal.Bureau}),
		Source:  pick(&g.dice, []string{"match", "search", "post", "show"}), CreatedUs: asked,
		ContractFen: fen, AmountFen: fen, SignedOn: day, Mode: "licence"}
	if len(supply.Modes) > 0 {
		in.Mode = pick(&g.dice, supply.Modes)
	}
	in.DemandOrg = g.buyer(supply, firms)
	if g.dice.one(2) {
		in.Broker = pick(&g.dice, g.brokers).ID
	}
	registered := day.AddDays(2 + g.dice.below(18))
	in.ContractNo = fmt.Sprintf("%d%s9%07d", p.year, p.city, n+1)
	in.RegisteredOn = registered
	in.AnswerUs = asked + int64(1+g.dice.below(12))*dayUs
	in.AnswerUs = min(in.AnswerUs, signed)
	in.UpdatedUs = clock.Us(registered.Start()) + int64(9*60+g.dice.below(480))*60_000_000
	line := func(at int64, step, side string, text string, data deal.EntryData) {
		in.Lines = append(in.Lines, deal.Entry{Kind: deal.EntryStep, Step: step, AtUs: at, Side: side,
			Seen: deal.SeenAll, Text: text, Data: data})
	}
	line(asked, "ask", in.AskedBy, in.Message, deal.EntryData{})
	line(in.AnswerUs, deal.StepAgree, deal.Supply, "", deal.EntryData{})
	line(signed, deal.StepSign, deal.Demand, "",
		deal.EntryData{AmountFen: fen, Mode: in.Mode, Day: day})
	line(in.UpdatedUs, deal.StepRegister, deal.Supply, "",
		deal.EntryData{Number: in.ContractNo, Day: registered})
	return in
}

// buyer is a firm that takes an achievement; one in five is from elsewhere.
func (g *growth) buyer(supply market.Post, near []party.Org) string {
	for {
		firms := near
		if len(near) == 0 || g.dice.one(5) {
			firms = g.firms
		}
		if o := pick(&g.dice, firms); o.ID != supply.Org {
			return o.ID
		}
	}
}

// moreDeals makes the introductions that go on, and those that came to nothing.
func (g *growth) moreDeals(ctx context.Context) error {
	m := &matchmaker{city: g.city, brokers: g.brokers, needs: g.needs, firms: g.firms, houses: g.houses,
		owners: map[string]string{}}
	open, refused := g.volume.Results/20, g.volume.Results/12
	var list []deal.Adopted
	for _, p := range g.posts {
		switch {
		case p.State == market.Talking:
			list = append(list, m.pair(p, pick(&g.dice, []string{deal.Talking, deal.Talking,
				deal.Intention, deal.Drafting})))
		case p.State == market.Signed:
			list = append(list, m.pair(p, deal.Signed))
		case p.State == market.Published && m.asked < open && g.dice.one(4):
			m.asked++
			list = append(list, m.pair(p, pick(&g.dice, []string{deal.Half, deal.Requested, deal.HalfNDA,
				deal.AwaitingNDA})))
		case p.State == market.Published && m.refused < refused && g.dice.one(3):
			m.refused++
			list = append(list, m.pair(p, pick(&g.dice, []string{deal.Refused, deal.Broken})))
		}
	}
	for _, p := range g.needs[market.Talking] {
		list = append(list, m.answered(p, deal.Talking))
	}
	for part := range slices.Chunk(list, growBatch) {
		if _, err := g.Deal.AdoptDeals(ctx, g.officer(), part, dealReason); err != nil {
			return err
		}
	}
	return nil
}
