package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Volume is how much Grow adds to the small city.
type Volume struct {
	Orgs, People, Brokers int
	Needs, Results        int
	Deals                 int // contracts of a year whose number nobody has published, in per cent of a real city
}

// Whole is the volume of a real city, together with what Begin makes: 12,000 organisations, 3,000
// experts and brokers, 1,500 needs and 6,000 achievements.
func Whole() Volume {
	return Volume{Orgs: 11_650, People: 2_680, Brokers: 110, Needs: 1_200, Results: 5_100, Deals: 100}
}

// growBatch is how many records are made between two words about progress.
const growBatch = 1000

// firstDay is the day from which the records of the whole city begin.
const firstDay = clock.Date("2021-02-01")

// growth is what Grow has made so far.
type growth struct {
	*city
	volume Volume
	firms  []party.Org
	houses []party.Org
	posts  []market.Post // achievements
	needs  map[string][]market.Post
	topics []*topic
}

// Grow brings the city to its volume. People may use the site meanwhile: everything comes in by
// writes of some hundred records.
func (x *City) Grow(ctx context.Context, progress Progress) error {
	if x.volume == (Volume{}) {
		return nil
	}
	c, v := x.city, x.volume
	end, err := c.DB.Bulk(ctx)
	if err != nil {
		return err
	}
	defer end()
	c.progress, c.done, c.total = progress, 0, c.whole(v)
	g := &growth{city: c, volume: v, needs: map[string][]market.Post{}, topics: topics()}
	err = do(ctx, append([]part{
		{"more organisations", g.moreOrgs},
		{"more people", g.morePeople},
		{"more tasks", g.moreTasks},
		{"indicators", g.indicators},
		{"more brokers", g.moreBrokers},
		{"more of the market", g.morePosts},
		{"contracts", g.contracts},
		{"more introductions", g.moreDeals},
	}, c.last()...))
	if err == nil && progress != nil {
		progress(c.total, c.total)
	}
	return err
}

// whole is how many records Grow makes.
func (c *city) whole(v Volume) int {
	return v.Orgs + v.People + v.Brokers + v.Needs + v.Results + c.pactCount(v)
}

// advance says that so many more records are made.
func (g *growth) advance(n int) {
	g.done += n
	if g.progress != nil {
		g.progress(min(g.done, g.total), g.total)
	}
}

// since is a moment between firstDay and so many days ago.
func (g *growth) since(daysAgo int) int64 {
	from, to := clock.Us(firstDay.Start()), clock.Us(g.days(-daysAgo).Start())
	days := int((to - from) / dayUs)
	return from + int64(g.dice.below(days))*dayUs + int64(9*60+g.dice.below(480))*60_000_000
}

// moreOrgs makes organisations: some of each sort that is no company in every district, and companies.
func (g *growth) moreOrgs(ctx context.Context) error {
	list := g.bodies()
	list = list[:min(len(list), g.volume.Orgs/2)]
	lines := slices.Concat(trades, tradesMore)
	for len(list) < g.volume.Orgs {
		list = append(list, g.fresh(lines))
	}
	for part := range slices.Chunk(list, growBatch) {
		in := make([]party.AdoptedOrg, len(part))
		for i, o := range part {
			in[i] = party.AdoptedOrg{OrgData: o, CreatedUs: g.since(10)}
		}
		made, err := g.Party.AdoptOrganisations(ctx, g.officer(), in, sourceName)
		if err != nil {
			return err
		}
		g.orgs = append(g.orgs, made...)
		g.advance(len(part))
	}
	g.firms, g.houses = g.holders()
	return nil
}

// bodies are organisations that are no companies.
func (g *growth) bodies() []party.OrgData {
	var out []party.OrgData
	add := func(at place, b body, name string) {
		if name += suffix; g.used[name] {
			return
		}
		g.used[name] = true
		o := g.org(at, b.kind, name, b.industry)
		o.USCC = g.uscc(b.code, at)
		o.Summary = fmt.Sprintf(b.about, at.city, at.name)
		out = append(out, o)
	}
	for _, at := range g.places {
		for _, b := range districtBodies {
			for _, name := range b.names {
				add(at, b, at.city+at.name+name)
			}
		}
	}
	for _, b := range topicBodies {
		for _, t := range g.topics {
			for i, name := range b.names {
				if at := g.place(); (len(out)+i)%2 == 0 {
					add(at, b, at.city+t.chain+name)
				}
			}
		}
	}
	for _, b := range brandBodies {
		for range b.many {
			at := g.place()
			add(at, b, at.city+g.brand()+pick(&g.dice, b.names))
		}
	}
	return out
}

// morePeople makes experts of universities, institutes and firms.
func (g *growth) morePeople(ctx context.Context) error {
	employers := append(slices.Clone(g.houses), g.firms[:len(g.firms)/8]...)
	lines := slices.Concat(trades, tradesMore)
	var list []party.AdoptedPerson
	for n := range g.volume.People {
		t := pick(&g.dice, lines)
		p := party.PersonData{
			Name:   pick(&g.dice, surnames) + pick(&g.dice, moreGiven) + pick(&g.dice, moreGivenEnd) + suffix,
			Gender: pick(&g.dice, []string{"male", "female"}), Title: pick(&g.dice, titles),
			Degree: pick(&g.dice, degrees), Fields: []string{t.field}, Phone: g.phone(),
			Email: fmt.Sprintf("expert%d@example.com", n), Public: !g.dice.one(4),
			Summary: fmt.Sprintf(aboutPerson, t.field, 1+g.dice.below(9)),
		}
		if second := pick(&g.dice, lines).field; second != t.field && g.dice.one(2) {
			p.Fields = append(p.Fields, second)
		}
		list = append(list, party.AdoptedPerson{PersonData: p, Org: pick(&g.dice, employers),
			Duty: pick(&g.dice, duties), From: g.day(2008, 16)})
	}
	for part := range slices.Chunk(list, growBatch) {
		if _, err := g.Party.AdoptPeople(ctx, g.officer(), part); err != nil {
			return err
		}
		g.advance(len(part))
	}
	return nil
}

// moreBrokers makes brokers.
func (g *growth) moreBrokers(ctx context.Context) error {
	var houses []party.Org
	for _, o := range g.orgs {
		if o.Kind == "service" && o.State == party.Verified {
			houses = append(houses, o)
		}
	}
	grades := []string{"senior", "middle", "middle", "junior", "junior", "junior"}
	fields := market.Fields()
	for i := range g.volume.Brokers {
		field := pick(&g.dice, fields)
		house := pick(&g.dice, houses)
		b, err := g.Deal.CreateBroker(ctx, g.officer(), deal.NewBroker{BrokerData: deal.BrokerData{
			Name:   pick(&g.dice, surnames) + pick(&g.dice, moreGiven) + pick(&g.dice, moreGivenEnd) + suffix,
			Region: region.Code(string(house.Region)[:4] + "00"), Grade: pick(&g.dice, grades), Org: house.ID,
			Certificate: fmt.Sprintf("SXJS%06d", 2024100+i), Issuer: brokerIssuer,
			ValidFrom: g.days(-900 + g.dice.below(600)), ValidTo: g.days(60 + g.dice.below(900)),
			Fields:  []string{field.Value},
			Summary: fmt.Sprintf(pick(&g.dice, brokerSummaries), field.Title), Phone: g.phone()}})
		if err != nil {
			return err
		}
		b, err = g.Deal.FireBroker(ctx, g.officer(), deal.BrokerStep{ID: b.ID, Step: "verify",
			Version: b.Version})
		if err != nil {
			return err
		}
		g.brokers = append(g.brokers, b)
		if i%10 == 9 {
			g.advance(10)
		}
	}
	return nil
}

// Stages of the posts of the whole city, of a thousand.
var (
	needShares = []stage{{market.Draft, 12}, {market.Review, 30}, {market.Returned, 12},
		{market.Published, 480}, {market.Talking, 130}, {market.Signed, 60}, {market.Solved, 200},
		{market.Challenged, 16}, {market.Stale, 36}, {market.Withdrawn, 10}, {market.Closed, 14}}
	doneShares = []stage{{market.Draft, 6}, {market.Review, 12}, {market.Returned, 6}, {market.Noticed, 8},
		{market.Published, 590}, {market.Talking, 90}, {market.Signed, 40}, {market.Registered, 180},
		{market.Stale, 42}, {market.Withdrawn, 12}, {market.Closed, 14}}
)

// shares spreads n posts over states as their shares say.
func (g *growth) shares(list []stage, n int) []string {
	all := g.spread(list)
	out := make([]string, n)
	for i := range out {
		out[i] = all[i%len(all)]
	}
	return out
}

// morePosts makes needs and achievements over five years, oldest first.
func (g *growth) morePosts(ctx context.Context) error {
	var list []market.Adopted
	for _, state := range g.shares(needShares, g.volume.Needs) {
		o := pick(&g.dice, g.firms)
		list = append(list, g.aged(g.need(g.about(o, g.topics), o, state)))
	}
	for _, state := range g.shares(doneShares, g.volume.Results) {
		o := pick(&g.dice, g.houses)
		if g.dice.one(4) {
			o = pick(&g.dice, g.firms)
		}
		list = append(list, g.aged(g.achievement(g.about(o, g.topics), o, state)))
	}
	slices.SortStableFunc(list, func(a, b market.Adopted) int {
		return int(a.CreatedUs/dayUs - b.CreatedUs/dayUs)
	})
	for part := range slices.Chunk(list, growBatch) {
		ids, err := g.Market.AdoptPosts(ctx, g.officer(), part, adoptReason)
		if err != nil {
			return err
		}
		for i, in := range part {
			g.keep(ids[i], in)
		}
		clear(part) // the texts are stored
		g.advance(len(part))
	}
	return nil
}

// keep remembers of a post what its introductions ask for.
func (g *growth) keep(id string, in market.Adopted) {
	p := market.Post{ID: id, State: in.State, CreatedUs: in.CreatedUs, PostData: market.PostData{Kind: in.Kind,
		Org: in.Org, Region: in.Region, Field: in.Field, PriceHiFen: in.PriceHiFen, Modes: in.Modes}}
	if p.Kind == market.Need {
		g.needs[p.State] = append(g.needs[p.State], p)
	} else {
		g.posts = append(g.posts, p)
	}
}

// aged spreads the days of a post that was published over five years. Its owner has confirmed it
// since, unless it faded.
func (g *growth) aged(in market.Adopted) market.Adopted {
	if in.PublishedUs == 0 {
		return in
	}
	at := g.since(12)
	if in.State == market.Stale {
		at = g.since(230)
	}
	if at < in.CreatedUs {
		in.CreatedUs, in.PublishedUs = at, at+2*dayUs
	}
	if in.Pricing == "agreement" {
		begin := clock.DateOf(clock.Time(in.CreatedUs)).AddDays(-20)
		in.NoticeFrom, in.NoticeTo = begin, begin.AddDays(market.UsualTerms().NoticeDays)
	}
	return in
}

// inCity says whether a record is in a city: 1401.
func inCity(code region.Code, city string) bool { return strings.HasPrefix(string(code), city) }
