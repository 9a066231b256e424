package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Sizes of the market.
const (
	needsMade = 300
	doneMade  = 900
	mineMade  = 12 // of the firm and the university that people of the demonstration act for
	yuan      = money.Fen(100)
	tenK      = 10_000 * yuan
	lowestTRL = 3 // of an achievement
	dayUs     = int64(24 * 60 * 60 * 1_000_000)
)

// topic is what posts are about.
type topic struct {
	field, chain, sixNew, thing string
	tasks, means                []string
	indicators                  []gradation
	trouble                     string
	used                        map[[2]int]bool // task and means that an achievement has taken
}

// gradation is a stated or wanted value: between low and high, more is better or less.
type gradation struct {
	name, unit string
	low, high  float64
	digits     int
	more       bool
}

const topicLines = 6

// topics reads topicText.
func topics() []*topic {
	var out []*topic
	lines := slices.DeleteFunc(strings.Split(topicText, "\n"), func(s string) bool { return s == "" })
	for block := range slices.Chunk(lines, topicLines) {
		out = append(out, readTopic(block))
	}
	return out
}

func readTopic(lines []string) *topic {
	head := strings.Split(lines[0], "|")
	t := &topic{field: head[0], chain: head[1], sixNew: head[2], thing: lines[1],
		tasks: strings.Split(lines[2], keepWords), means: strings.Split(lines[3], keepWords),
		trouble: lines[5], used: map[[2]int]bool{}}
	for s := range strings.SplitSeq(lines[4], "；") {
		f := strings.Fields(s)
		low, _ := strconv.ParseFloat(f[2], 64)
		high, _ := strconv.ParseFloat(f[3], 64)
		_, a, _ := strings.Cut(f[2], ".")
		_, b, _ := strings.Cut(f[3], ".")
		t.indicators = append(t.indicators,
			gradation{f[0], f[1], low, high, max(len(a), len(b)), f[4] == "+"})
	}
	return t
}

// stages say how many posts stand where.
type stage struct {
	state string
	count int
}

var needStages = []stage{{market.Draft, 12}, {market.Review, 18}, {market.Returned, 8},
	{market.Published, 152}, {market.Talking, 44}, {market.Signed, 20}, {market.Solved, 20},
	{market.Challenged, 6}, {market.Stale, 12}, {market.Withdrawn, 4}, {market.Closed, 4}}

var doneStages = []stage{{market.Draft, 20}, {market.Review, 40}, {market.Returned, 15},
	{market.Noticed, 15}, {market.Published, 560}, {market.Talking, 110}, {market.Signed, 50},
	{market.Registered, 50}, {market.Stale, 25}, {market.Withdrawn, 8}, {market.Closed, 7}}

// spread mixes the stages, so that neighbours stand elsewhere.
func (c *city) spread(list []stage) []string {
	var out []string
	for _, s := range list {
		for range s.count {
			out = append(out, s.state)
		}
	}
	for i := len(out) - 1; i > 0; i-- {
		j := c.dice.below(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// market makes the needs and achievements of the market, in few writes.
func (c *city) market(ctx context.Context) error {
	all := topics()
	firms, houses := c.holders()
	var list []market.Adopted
	for i, state := range c.spread(needStages)[:needsMade] {
		owner := pick(&c.dice, firms)
		if i < mineMade {
			owner, state = c.first("enterprise"), needStages[i%len(needStages)].state
		}
		list = append(list, c.need(c.about(owner, all), owner, state))
	}
	for i, state := range c.spread(doneStages)[:doneMade] {
		owner := pick(&c.dice, houses)
		if c.dice.one(5) {
			owner = pick(&c.dice, firms)
		}
		if i < mineMade {
			owner, state = c.first("university"), doneStages[i%len(doneStages)].state
		}
		list = append(list, c.achievement(c.about(owner, all), owner, state))
	}
	_, err := c.Market.AdoptPosts(ctx, c.officer(), list, adoptReason)
	c.step()
	return err
}

// holders are the organisations that have needs, and those that have achievements.
func (c *city) holders() (firms, houses []party.Org) {
	for _, o := range c.orgs {
		switch {
		case o.State != party.Verified:
		case o.Kind == "enterprise":
			firms = append(firms, o)
		case o.Kind == "university", o.Kind == "institute":
			houses = append(houses, o, o)
		case o.Kind == "hospital":
			houses = append(houses, o)
		}
	}
	return firms, houses
}

// about is something that an organisation knows about.
func (c *city) about(o party.Org, all []*topic) *topic {
	fields := fieldTrades[o.Industry]
	if fit := ofChain(o, all); fit != nil {
		return fit
	}
	for _, x := range orgFields {
		if o.Kind != "enterprise" && strings.Contains(o.Name, x.word) {
			fields = x.fields
			break
		}
	}
	if len(fields) == 0 {
		return pick(&c.dice, all)
	}
	field := pick(&c.dice, fields)
	var fit []*topic
	for _, t := range all {
		if t.field == field {
			fit = append(fit, t)
		}
	}
	return pick(&c.dice, fit)
}

// ofChain is the topic of a laboratory that is named for one.
func ofChain(o party.Org, all []*topic) *topic {
	if o.Kind != "institute" {
		return nil
	}
	for _, t := range all {
		if strings.Contains(o.Name, t.chain) {
			return t
		}
	}
	return nil
}

// post begins what needs and achievements share.
func (c *city) post(t *topic, o party.Org, state string) market.Adopted {
	in := market.Adopted{State: state, Source: market.FromDemo}
	in.Org, in.Region, in.Field, in.Chain, in.SixNew = o.ID, o.Region, t.field, t.chain, t.sixNew
	in.Contact, in.ContactPhone = c.person(), c.phone()
	in.ContactMail = fmt.Sprintf("market%d@example.com", 1+c.dice.below(9000))
	in.Visibility = market.Open
	if c.dice.one(8) {
		in.Visibility = market.Request
	} else if c.dice.one(25) {
		in.Visibility, in.Named = market.Named, []string{c.first("university").ID}
	}
	c.when(&in)
	return in
}

// when sets the days of a post. Some are to be confirmed soon, and some have not been.
func (c *city) when(in *market.Adopted) {
	now := clock.Us(c.Clock.Now())
	age := int64(5 + c.dice.below(75))
	if in.State == market.Stale {
		age += 200
	}
	in.CreatedUs = now - (age+3)*dayUs - int64(c.dice.below(40_000))*1_000_000
	switch in.State {
	case market.Draft, market.Review, market.Returned, market.Noticed:
		in.CreatedUs = now - int64(1+c.dice.below(9))*dayUs
	default:
		in.PublishedUs = in.CreatedUs + 2*dayUs
		in.ConfirmedUs = in.PublishedUs
	}
}

// price is so many times 10,000 yuan, from and to; sometimes it is left open.
func (c *city) price(in *market.Adopted, most int) {
	if c.dice.one(7) {
		return
	}
	low := int64(5 * (1 + c.dice.below(most/5)))
	in.PriceLoFen = money.Fen(low) * tenK
	in.PriceHiFen = in.PriceLoFen
	if c.dice.one(2) {
		in.PriceHiFen += money.Fen(low/2+5) * tenK
	}
}

// value writes a value of an indicator at so many percent of the way from bad to good.
func (x gradation) value(percent int) string {
	share := float64(percent) / 100
	if !x.more {
		share = 1 - share
	}
	return strconv.FormatFloat(x.low+(x.high-x.low)*share, 'f', x.digits, 64)
}

func (x gradation) parameter(percent int) market.Parameter {
	op := "<="
	if x.more {
		op = ">="
	}
	return market.Parameter{Name: x.name, Op: op, Value: x.value(percent), Unit: x.unit}
}

func (c *city) need(t *topic, o party.Org, state string) market.Adopted {
	in := c.post(t, o, state)
	task, means := pick(&c.dice, t.tasks), pick(&c.dice, t.means)
	in.Kind = market.Need
	w := c.wording(t, task, means)
	in.Title = w.title(needHeads)
	in.Text = w.say(needOpenings, w.fact(needFacts), needContexts, needAsks)
	in.NeedKind = pick(&c.dice, []string{"research", "research", "research", "result"})
	in.Current = pick(&c.dice, moreNow)
	in.Keywords = []string{t.thing, task}
	in.Modes = c.modes([]string{"joint", "commission", "licence", "service"})
	in.TRL = 5 + c.dice.below(4)
	c.price(&in, 300)
	if !c.dice.one(6) {
		in.Deadline = c.days(60 + c.dice.below(300))
	}
	for _, x := range t.indicators[:2+c.dice.below(2)] {
		in.Parameters = append(in.Parameters, x.parameter(30+c.dice.below(55)))
	}
	return in
}

func (c *city) modes(list []string) []string {
	first := c.dice.below(len(list))
	out := []string{list[first]}
	if c.dice.one(2) {
		out = append(out, list[(first+1)%len(list)])
	}
	return out
}

// unused returns a task and a means that no achievement has taken, while there are some.
func (c *city) unused(t *topic) (task, means string) {
	a := c.dice.below(len(t.tasks))
	b := a % len(t.means) // what stands at the same place fits best
	for range len(t.tasks) * len(t.means) {
		if !t.used[[2]int{a, b}] {
			break
		}
		if b = (b + 1) % len(t.means); b == 0 {
			a = (a + 1) % len(t.tasks)
		}
	}
	t.used[[2]int{a, b}] = true
	return t.tasks[a], t.means[b]
}

func (c *city) achievement(t *topic, o party.Org, state string) market.Adopted {
	in := c.post(t, o, state)
	task, means := c.unused(t)
	in.Kind = market.Achievement
	w := c.wording(t, task, means)
	in.Title = w.title(doneHeads)
	in.Text = w.say(doneOpenings, w.fact(doneFacts), doneEffects, doneOffers)
	in.Keywords = []string{t.thing, task, means}
	in.Modes = c.modes([]string{"licence", "transfer", "equity", "joint", "service"})
	in.TRL = lowestTRL + c.dice.below(len(proofTexts))
	in.ResultKind, in.Standard = "applied", "general"
	if t.field == "05" {
		in.Standard = "materials"
	}
	in.Proofs = []market.Proof{{Level: in.TRL, Text: proofTexts[in.TRL-lowestTRL]}}
	c.price(&in, 100*in.TRL)
	for _, x := range t.indicators {
		in.Parameters = append(in.Parameters, x.parameter(25+c.dice.below(75)))
	}
	in.Rights = c.rights(t, task)
	in.Values = market.Values{Technology: valueTech, Economy: valueMoney, Society: valueSociety}
	in.PayLater, in.Ready = c.dice.one(5), in.TRL >= 6 && c.dice.one(3)
	c.pricing(&in, o)
	return in
}

// pricing sets how the price is found; by agreement it was public inside the house.
func (c *city) pricing(in *market.Adopted, o party.Org) {
	in.Pricing = pick(&c.dice, []string{"agreement", "agreement", "agreement", "listing", "equity",
		"auction"})
	if in.State == market.Noticed {
		in.Pricing = "agreement"
	}
	if o.Kind != "enterprise" {
		in.Entitlement = pick(&c.dice, []string{"none", "none", "applied", "noticed", "ownership", "use"})
	}
	if in.Pricing != "agreement" {
		return
	}
	begin := clock.DateOf(clock.Time(in.CreatedUs))
	if in.State != market.Noticed {
		begin = begin.AddDays(-20)
	}
	in.NoticeFrom, in.NoticeTo = begin, begin.AddDays(market.UsualTerms().NoticeDays)
}

// rights are numbers of a year in which nobody has applied yet.
func (c *city) rights(t *topic, task string) []market.Right {
	number := fmt.Sprintf("ZL2099%d%07d", 1+c.dice.below(2), c.dice.below(10_000_000))
	kind := map[byte]string{'1': "invention", '2': "utility"}[number[6]]
	title := fmt.Sprintf(rightName, t.thing, task)
	out := []market.Right{{Kind: kind, Number: number, Title: title, State: "granted"}}
	if c.dice.one(3) {
		out = append(out, market.Right{Kind: "software", State: "granted",
			Title: fmt.Sprintf(softName, t.thing, task), Number: fmt.Sprintf("2099SR%07d", c.dice.below(9_999_999))})
	}
	return out
}
