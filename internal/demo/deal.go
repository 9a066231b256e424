package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Sizes of the introductions of the demonstration.
const (
	dealsAsked   = 60  // wait for an answer
	dealsRefused = 110 // came to nothing before anybody talked, or after
	ownEvery     = 9   // one in so many is with the firm that somebody of the demonstration acts for
)

// deals makes brokers, and introductions in every state over the posts of the market.
func (c *city) deals(ctx context.Context) error {
	brokers, err := c.firstBrokers(ctx)
	if err != nil {
		return err
	}
	c.brokers = brokers
	m, err := c.matchmaker(ctx, brokers)
	if err != nil {
		return err
	}
	var list []deal.Adopted
	for _, p := range m.results {
		switch p.State {
		case market.Talking:
			list = append(list, m.pair(p, pick(&c.dice, []string{deal.Talking, deal.Talking,
				deal.Intention, deal.Drafting})))
		case market.Signed:
			list = append(list, m.pair(p, deal.Signed))
		case market.Registered:
			list = append(list, m.pair(p, deal.Registered))
		case market.Published:
			if m.asked < dealsAsked {
				m.asked++
				list = append(list, m.pair(p, pick(&c.dice, []string{deal.Half, deal.Half,
					deal.Requested, deal.HalfNDA, deal.AwaitingNDA})))
			} else if m.refused < dealsRefused {
				m.refused++
				list = append(list, m.pair(p, pick(&c.dice, []string{deal.Refused, deal.Broken})))
			}
		}
	}
	for _, p := range m.needs[market.Talking] {
		list = append(list, m.answered(p, deal.Talking))
	}
	list = append(list, m.misfits(list, m.results)...)
	ids, err := c.Deal.AdoptDeals(ctx, c.officer(), list, dealReason)
	if err != nil {
		return err
	}
	c.step()
	seen := slices.Clone(m.results)
	for _, state := range []string{market.Published, market.Talking, market.Signed} {
		seen = append(seen, m.needs[state]...)
	}
	if err := c.viewed(ctx, seen); err != nil {
		return err
	}
	return c.commissions(ctx, list, ids, brokers[0])
}

// Sizes of what was looked at.
const (
	viewedDays  = 40
	viewedPosts = 60 // and all of the organisations that people of the demonstration act for
)

// viewed lets people have looked at posts in the last weeks.
func (c *city) viewed(ctx context.Context, list []market.Post) error {
	own := []string{c.first("enterprise").ID, c.first("university").ID}
	var out []market.AdoptedViews
	for i, p := range list {
		if i >= viewedPosts && !slices.Contains(own, p.Org) {
			continue
		}
		for day := range viewedDays {
			if n := (i*7 + day*5) % 11; n > 3 {
				out = append(out, market.AdoptedViews{Post: p.ID, Day: c.days(-day), N: int64(n)})
			}
		}
	}
	return c.Market.AdoptViews(ctx, c.officer(), out)
}

// firstBrokers registers the brokers; the first has an account.
func (c *city) firstBrokers(ctx context.Context) ([]deal.Broker, error) {
	var houses []party.Org
	for _, o := range c.orgs {
		if o.Kind == "service" && o.State == party.Verified {
			houses = append(houses, o)
		}
	}
	grades := []string{"senior", "middle", "middle", "junior"}
	var out []deal.Broker
	for i, name := range append([]string{rosterName("jingjiren")}, brokerNames...) {
		if i > 0 {
			name += suffix
		}
		field := market.Fields()[i%len(market.Fields())]
		in := deal.NewBroker{BrokerData: deal.BrokerData{Name: name, Region: c.home.region,
			Grade: grades[i%len(grades)], Certificate: fmt.Sprintf("SXJS%06d", 2024000+i),
			Issuer: brokerIssuer, ValidFrom: c.days(-500 - 20*i), ValidTo: c.days(700 - 60*i),
			Fields:  []string{field.Value, market.Fields()[(i+2)%len(market.Fields())].Value},
			Summary: fmt.Sprintf(brokerSummary, field.Title), Phone: c.phone()}}
		if len(houses) > 0 {
			in.Org = houses[i%len(houses)].ID
		}
		if i == 0 {
			in.Account = c.accounts["jingjiren"]
		}
		b, err := c.Deal.CreateBroker(ctx, c.officer(), in)
		if err != nil {
			return nil, err
		}
		if i < len(brokerNames) { // the last one waits to be verified
			b, err = c.Deal.FireBroker(ctx, c.officer(), deal.BrokerStep{ID: b.ID, Step: "verify",
				Version: b.Version})
			if err != nil {
				return nil, err
			}
			out = append(out, b)
		}
		if err := c.proofs(ctx, b, i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// proofs gives a broker a case and two certificates, of which the bureau has confirmed the first.
func (c *city) proofs(ctx context.Context, b deal.Broker, n int) error {
	_, err := c.Deal.AddCase(ctx, c.officer(), deal.NewCase{Broker: b.ID, CaseData: deal.CaseData{
		Title: fmt.Sprintf(caseTitle, market.Fields()[n%len(market.Fields())].Title), Day: c.days(-400 - 30*n),
		Field: b.Fields[0], Work: deal.Works()[n%len(deal.Works())].Value, Source: caseSource}})
	for i, title := range certificateTitles {
		if err != nil {
			return err
		}
		var got deal.Certificate
		got, err = c.Deal.AddCertificate(ctx, c.officer(), deal.NewCertificate{Broker: b.ID,
			CertificateData: deal.CertificateData{Title: title, Grade: b.Grade, Issuer: brokerIssuer,
				Number: fmt.Sprintf("SF%04d%02d", n, i), ValidFrom: c.days(-300), ValidTo: c.days(800)}})
		if err == nil && i == 0 {
			_, err = c.Deal.DecideCertificate(ctx, c.officer(), deal.CertificateDecision{ID: got.ID,
				State: deal.CertificateConfirmed, Version: got.Version})
		}
	}
	return err
}

func rosterName(login string) string {
	for _, p := range roster {
		if p.login == login {
			return p.name
		}
	}
	return login
}

// matchmaker puts needs and achievements together.
type matchmaker struct {
	*city
	brokers        []deal.Broker
	results        []market.Post
	needs          map[string][]market.Post // by state
	owners         map[string]string        // of the needs that an introduction is about
	firms          []party.Org
	houses         []party.Org
	n              int
	asked, refused int
}

func (c *city) matchmaker(ctx context.Context, brokers []deal.Broker) (*matchmaker, error) {
	m := &matchmaker{city: c, brokers: brokers, needs: map[string][]market.Post{},
		owners: map[string]string{}}
	m.firms, m.houses = c.holders()
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := c.Market.ListPosts(ctx, c.officer(), market.PostFilter{}, "code", req)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Items {
			if p.Kind == market.Need {
				m.needs[p.State] = append(m.needs[p.State], p)
			} else {
				m.results = append(m.results, p)
			}
		}
		if page.Next == "" {
			return m, nil
		}
		req.After = page.Next
	}
}

// takeNeed takes a need of the field that stands where an introduction of a state leaves it.
func (m *matchmaker) takeNeed(state, field, owner string) string {
	want := map[string]string{deal.Talking: market.Talking, deal.Intention: market.Talking,
		deal.Drafting: market.Talking, deal.Signed: market.Signed, deal.Registered: market.Solved}[state]
	if want == "" {
		want = market.Published
	}
	for i, p := range m.needs[want] {
		if p.Field == field && p.Org != owner {
			m.needs[want] = append(m.needs[want][:i:i], m.needs[want][i+1:]...)
			m.owners[p.ID] = p.Org
			return p.ID
		}
	}
	return ""
}

// pair makes an introduction about an achievement.
func (m *matchmaker) pair(p market.Post, state string) deal.Adopted {
	in := deal.Adopted{Supply: p.ID, Demand: m.takeNeed(state, p.Field, p.Org)}
	if in.Demand == "" {
		firm := pick(&m.dice, m.firms)
		if own := m.first("enterprise"); m.n%ownEvery == 0 {
			firm = own
		}
		for firm.ID == p.Org {
			firm = pick(&m.dice, m.firms)
		}
		in.DemandOrg = firm.ID
	}
	return m.tell(in, p, state)
}

// misfitsEach is how many achievements a need was shown that did not fit, for each that did. The matcher
// learns from needs that have both.
const misfitsEach = 4

// misfits makes introductions that were declined because the one does not do what the other needs, for the
// needs that found something in a list.
func (m *matchmaker) misfits(list []deal.Adopted, posts []market.Post) []deal.Adopted {
	fields, at := map[string][]market.Post{}, map[string]market.Post{}
	for _, p := range posts {
		at[p.ID] = p
		if p.State == market.Published {
			fields[p.Field] = append(fields[p.Field], p)
		}
	}
	var out []deal.Adopted
	for _, in := range list {
		if in.Demand == "" || in.Supply == "" || dealPath[in.State] == 0 || in.State == deal.Broken {
			continue
		}
		near := fields[at[in.Supply].Field]
		first := m.dice.below(max(1, len(near)))
		for k := range min(misfitsEach, len(near)) {
			if p := near[(first+k)%len(near)]; p.Org != m.owners[in.Demand] && p.ID != in.Supply {
				out = append(out, m.tell(deal.Adopted{Demand: in.Demand, Supply: p.ID,
					Class: pick(&m.dice, []string{"parameters", "immature"})}, p, deal.Refused))
			}
		}
	}
	return out
}

// answered makes an introduction about a need that an institute answers without a post of its own.
func (m *matchmaker) answered(p market.Post, state string) deal.Adopted {
	house := pick(&m.dice, m.houses)
	for house.ID == p.Org {
		house = pick(&m.dice, m.houses)
	}
	return m.tell(deal.Adopted{Demand: p.ID, SupplyOrg: house.ID}, p, state)
}

// path is how far an introduction in a state came.
var dealPath = map[string]int{deal.AwaitingNDA: 0, deal.HalfNDA: 0, deal.Requested: 0, deal.Half: 0,
	deal.Refused: 0, deal.Talking: 1, deal.Broken: 1, deal.Intention: 2, deal.Drafting: 3,
	deal.Signed: 4, deal.Registered: 5}

// tell completes an introduction: who asked and when, the steps it went through and what was said.
func (m *matchmaker) tell(in deal.Adopted, p market.Post, state string) deal.Adopted {
	m.n++
	in.State, in.Message = state, pick(&m.dice, dealAsks)
	in.AskedBy = pick(&m.dice, []string{deal.Demand, deal.Demand, deal.Supply, deal.Agent, deal.Bureau})
	if in.Broker == "" && m.n%4 != 0 {
		in.Broker = m.brokers[m.n%len(m.brokers)].ID
		if m.n%3 == 0 {
			in.Broker = m.brokers[0].ID
		}
	}
	if in.Broker == "" && in.AskedBy == deal.Agent {
		in.AskedBy = deal.Bureau
	}
	if state == deal.Half || state == deal.HalfNDA {
		in.AskedBy = pick(&m.dice, []string{deal.Demand, deal.Supply})
	}
	if state == deal.AwaitingNDA || state == deal.HalfNDA || m.dice.one(5) {
		in.NDA = dealNDA
	}
	in.Source = pick(&m.dice, []string{"match", "match", "search", "post", "show"})
	days := []int{3, 60, 110, 150, 200, 260}[dealPath[state]] + m.dice.below(40)
	if state == deal.Refused || state == deal.Broken {
		days += 40 + m.dice.below(160)
	}
	at := m.dayAgo(days)
	in.CreatedUs = at
	m.line(&in, &at, deal.EntryStep, "ask", in.AskedBy, deal.SeenAll, in.Message, deal.EntryData{})
	m.steps(&in, &at, p)
	in.UpdatedUs = at
	return in
}

// dayAgo is a moment of a working hour so many days ago.
func (m *matchmaker) dayAgo(days int) int64 {
	return clock.Us(m.days(-days).Start()) + int64(9*60+m.dice.below(480))*60_000_000
}

// line adds a line to a timeline and moves on by some days.
func (m *matchmaker) line(
	in *deal.Adopted, at *int64, kind, step, side, seen, text string, data deal.EntryData,
) {
	if side == deal.Agent && in.Broker == "" {
		side = deal.Demand
	}
	in.Lines = append(in.Lines, deal.Entry{Kind: kind, Step: step, AtUs: *at, Side: side, Seen: seen,
		Text: text, Data: data})
	*at = min(*at+int64(2+m.dice.below(20))*dayUs, m.dayAgo(0)-dayUs)
}

// steps writes what happened after the request.
func (m *matchmaker) steps(in *deal.Adopted, at *int64, p market.Post) {
	how := dealPath[in.State]
	if how > 0 {
		in.AnswerUs = *at
		m.line(in, at, deal.EntryStep, deal.StepAgree, deal.Supply, deal.SeenAll, "", deal.EntryData{})
		m.line(in, at, deal.EntryMeeting, deal.StepRecord, deal.Agent, deal.SeenAll,
			pick(&m.dice, dealTalks), deal.EntryData{Day: clock.DateOf(clock.Time(*at))})
		m.line(in, at, deal.EntryNote, "note", deal.Demand, deal.SeenDemand,
			pick(&m.dice, dealNotes), deal.EntryData{})
		m.line(in, at, deal.EntryNote, "note", deal.Supply, deal.SeenSupply,
			pick(&m.dice, dealNotes), deal.EntryData{})
		m.line(in, at, deal.EntryNote, "note", deal.Agent, deal.SeenStaff,
			pick(&m.dice, staffNotes), deal.EntryData{})
	}
	price := money.Fen(20+m.dice.below(480)) * tenK
	if p.PriceHiFen > 0 {
		price = p.PriceHiFen * money.Fen(70+m.dice.below(30)) / 100
	}
	mode := "licence"
	if len(p.Modes) > 0 {
		mode = p.Modes[0]
	}
	if how > 1 {
		in.AmountFen, in.Mode = price, mode
		m.line(in, at, deal.EntryStep, deal.StepIntend, deal.Agent, deal.SeenAll, "",
			deal.EntryData{AmountFen: price, Mode: mode})
	}
	if how > 2 {
		m.line(in, at, deal.EntryStep, deal.StepDraft, deal.Supply, deal.SeenAll, "", deal.EntryData{})
	}
	if how > 3 {
		in.ContractFen, in.SignedOn = price, clock.DateOf(clock.Time(*at))
		m.line(in, at, deal.EntryStep, deal.StepSign, deal.Demand, deal.SeenAll, "",
			deal.EntryData{AmountFen: price, Mode: mode, Day: in.SignedOn})
	}
	if how > 4 {
		in.ContractNo, in.RegisteredOn = fmt.Sprintf("20261401%08d", m.n),
			clock.DateOf(clock.Time(*at))
		m.line(in, at, deal.EntryStep, deal.StepRegister, deal.Supply, deal.SeenAll, "",
			deal.EntryData{Number: in.ContractNo, Day: in.RegisteredOn})
	}
	m.end(in, at)
}

// end writes why an introduction came to nothing.
func (m *matchmaker) end(in *deal.Adopted, at *int64) {
	step := map[string]string{deal.Refused: deal.StepRefuse, deal.Broken: deal.StepBreak}[in.State]
	if step == "" {
		return
	}
	e := pick(&m.dice, dealEnds)
	for _, x := range dealEnds {
		if x.class == in.Class { // it is known why
			e = x
		}
	}
	in.Class, in.Next = e.class, e.next
	if in.AnswerUs == 0 {
		in.AnswerUs = *at
	}
	m.line(in, at, deal.EntryStep, step, pick(&m.dice, []string{deal.Demand, deal.Supply}),
		deal.SeenAll, e.text, deal.EntryData{Class: e.class, Next: e.next})
}

// commissions proposes the shares of some commissions of the broker who has an account, and has one
// side complain.
func (c *city) commissions(
	ctx context.Context, list []deal.Adopted, ids []string, b deal.Broker,
) error {
	agent := c.actor("jingjiren", authz.Broker)
	done := 0
	for i, in := range list {
		if in.Broker != b.ID || in.State != deal.Drafting && in.State != deal.Intention || done == 4 {
			continue
		}
		done++
		_, err := c.Deal.ProposeSplit(ctx, agent, deal.NewSplit{Deal: ids[i], RateBp: 150 + int64(done)*25,
			Parts: []deal.Part{{Name: b.Name, Bp: 7000}, {Name: shareOrg, Bp: 3000}}})
		if err != nil {
			return err
		}
	}
	firm := c.actor("qiye", authz.Enterprise)
	firm.Org = c.first("enterprise").ID
	for i, in := range list {
		if in.DemandOrg == firm.Org && in.Broker != "" && in.Broker != b.ID {
			_, err := c.Deal.Complain(ctx, firm, deal.NewComplaint{Deal: ids[i], Text: complainText})
			return err
		}
	}
	return nil
}
