package deal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Adopted is an introduction that stands somewhere in its life already, as an older system or a
// demonstration knows it.
type Adopted struct {
	Demand, Supply       string // posts; one of the two may be ""
	DemandOrg, SupplyOrg string // instead of a post
	State                string
	AskedBy              string
	Broker               string // id
	Message              string
	NDA                  string
	Mode                 string
	AmountFen            money.Fen
	ContractFen          money.Fen
	ContractNo           string
	SignedOn             clock.Date
	RegisteredOn         clock.Date
	Class, Next          string
	Source               string
	CreatedUs, UpdatedUs int64
	AnswerUs             int64
	Lines                []Entry // of the timeline; AtUs, Side, Kind, Step, Seen, Text and Data count
}

// adoptBatch is how many introductions one transaction takes over.
const adoptBatch = 500

// AdoptDeals takes over introductions in few writes. Their limits start now; the posts stay where
// they are.
func (s *Service) AdoptDeals(
	ctx context.Context, by authz.Actor, list []Adopted, reason string,
) ([]string, error) {
	if err := DealPolicy.May(by, ActDealManage, Deal{}); err != nil {
		return nil, err
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return nil, err
	}
	posts, err := s.postsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	sides, err := s.sidesOf(ctx, list, posts)
	if err != nil {
		return nil, err
	}
	var ids []string
	var deals []Deal
	for i, in := range list {
		d, err := s.adopted(ctx, in, rule, posts, sides)
		if err != nil {
			return nil, fmt.Errorf("introduction %d: %w", i, err)
		}
		deals, ids = append(deals, d), append(ids, d.ID)
	}
	at := 0
	for batch := range slices.Chunk(deals, adoptBatch) {
		lines := list[at : at+len(batch)]
		at += len(batch)
		err := s.unit.Write(ctx, by, "deal.AdoptDeals", func(tx *unit.Tx) error {
			return s.adopt(ctx, tx, slices.Clone(batch), lines, reason)
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// postsOf loads the posts that introductions are about.
func (s *Service) postsOf(ctx context.Context, list []Adopted) (map[string]market.Post, error) {
	var ids []string
	for _, in := range list {
		ids = append(ids, in.Demand, in.Supply)
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(post string) bool { return post == "" })
	found, err := market.PostsByID(ctx, s.unit.DB(), ids)
	if err != nil {
		return nil, err
	}
	if len(found) < len(ids) {
		return nil, fault.New(fault.NotFound, "没有找到这条记录")
	}
	out := make(map[string]market.Post, len(found))
	for _, p := range found {
		p.Text = "" // nobody asks for it, and there are many
		out[p.ID] = p
	}
	return out, nil
}

// sidesOf loads the organisations that introductions name, and those of their posts.
func (s *Service) sidesOf(
	ctx context.Context, list []Adopted, posts map[string]market.Post,
) (map[string]Side, error) {
	var ids []string
	for _, in := range list {
		ids = append(ids, in.DemandOrg, in.SupplyOrg)
	}
	for _, p := range posts {
		ids = append(ids, p.Org)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	orgs, err := s.opt.Party.LivingOrganisations(ctx, house, ids)
	out := map[string]Side{}
	for orgID, o := range orgs {
		out[orgID] = Side{Org: orgID, Now: o.ID, Name: o.Name, Role: roleOf(o)}
	}
	return out, err
}

// adopted checks an introduction that is taken over and completes it.
func (s *Service) adopted(
	ctx context.Context, in Adopted, rule Rule, posts map[string]market.Post, sides map[string]Side,
) (Deal, error) {
	d := Deal{ID: id.New(), State: in.State, AskedBy: in.AskedBy, Broker: in.Broker,
		Message: in.Message, NDA: in.NDA, Mode: in.Mode, AmountFen: in.AmountFen,
		ContractFen: in.ContractFen, ContractNo: in.ContractNo, SignedOn: in.SignedOn,
		RegisteredOn: in.RegisteredOn, Class: in.Class, NextStep: in.Next,
		Source: cmp.Or(in.Source, "post"), AnswerUs: in.AnswerUs, CreatedUs: in.CreatedUs,
		UpdatedUs: in.UpdatedUs, Version: 1}
	if !slices.ContainsFunc(DealProcess.Def().States, func(st process.State) bool {
		return st.Name == d.State
	}) {
		return d, fault.Fields(fault.At("state", "没有“%s”这个选项", d.State))
	}
	for _, x := range []struct{ side, post, org string }{{Demand, in.Demand, in.DemandOrg},
		{Supply, in.Supply, in.SupplyOrg}} {
		if x.post != "" {
			p := posts[x.post]
			x.org, d.Title, d.Field, d.Region = p.Org, p.Title, p.Field, p.Region
		}
		side, known := sides[x.org]
		if !known {
			var err error
			if side, err = s.sideOf(ctx, x.org); err != nil {
				return d, err
			}
			sides[x.org] = side
		}
		side.Post = x.post
		*d.side(x.side) = side
	}
	d.consents()
	now := s.unit.Clock().Now()
	d.DueUs, d.ChaseUs = rule.limits(s.times.Calendar, d.State, now)
	if slices.Contains([]string{Registered, Kept, Refused, Broken}, d.State) {
		d.EndUs = d.UpdatedUs
	}
	return d, nil
}

// consents sets who must have accepted and consented for an introduction to stand where it stands.
func (d *Deal) consents() {
	first := d.AskedBy
	if first != Demand && first != Supply {
		first = Demand
	}
	nda := d.NDA != "" && d.State != AwaitingNDA
	for _, side := range []string{first, other(first)} {
		s := d.side(side)
		own := side == first
		if nda && (own || d.State != HalfNDA) {
			s.NDAUs = d.CreatedUs
		}
		switch d.State {
		case AwaitingNDA, HalfNDA, Requested, Refused:
		case Half:
			if own {
				s.ConsentUs = d.CreatedUs
			}
		default:
			s.ConsentUs = cmp.Or(d.AnswerUs, d.CreatedUs)
		}
	}
}

func (s *Service) adopt(
	ctx context.Context, tx *unit.Tx, list []Deal, from []Adopted, reason string,
) error {
	var deals, lines, grams [][]any
	brokers := map[string]bool{}
	for i := range list {
		d := &list[i]
		d.CreatedUs = cmp.Or(d.CreatedUs, tx.NowUs())
		d.UpdatedUs = cmp.Or(d.UpdatedUs, d.CreatedUs)
		year := clock.Time(d.CreatedUs).In(clock.Shanghai).Year()
		n, err := db.Get(ctx, tx, qCount, db.One[int64], fmt.Sprintf("%s:%d", codeDeal, year))
		if err != nil {
			return err
		}
		d.Code = codeOf(codeDeal, year, n)
		deals = append(deals, d.row())
		grams = append(grams, gramRows(gramDeal, d.ID, d.names()...)...)
		for _, e := range from[i].Lines {
			e.ID, e.Deal = id.New(), d.ID
			if e.Side == Agent {
				e.Broker = d.Broker
			}
			lines = append(lines, e.row())
		}
		brokers[d.Broker] = true
	}
	inOrder(grams)
	for _, x := range []struct {
		stmt *db.Statement
		rows [][]any
	}{{qDealAdd, deals}, {qEntryAdd, lines}, {qGramAdd, grams}} {
		if _, err := db.InsertMany(ctx, tx.Tx, x.stmt, x.rows); err != nil {
			return err
		}
	}
	if err := s.enter(ctx, tx, list, reason); err != nil {
		return err
	}
	for _, d := range list {
		tx.Emit(d.adoption())
	}
	tx.Audit(audit.Entry{Kind: kindDeal, What: "adopt", Reason: reason,
		Detail: map[string]any{"deals": len(list), "first": list[0].Code}})
	for brokerID := range brokers {
		if err := s.recredit(ctx, tx, brokerID); err != nil {
			return err
		}
	}
	return nil
}

// adoption is the event of an introduction that was taken over.
func (d *Deal) adoption() outbox.Event {
	e := outbox.Event{Kind: EventDealAdopted, Object: d.ID}
	if d.Demand.Post != "" && d.Supply.Post != "" {
		e.Data = Adoption{State: d.State, Class: d.Class, Demand: d.Demand.Post, Supply: d.Supply.Post}
	}
	return e
}

// enter begins the lives of introductions. Those that wait for nobody any more need no look at who
// they wait for.
func (s *Service) enter(ctx context.Context, tx *unit.Tx, list []Deal, reason string) error {
	var over []Deal
	for _, d := range list {
		if !slices.Contains(ongoing, d.State) {
			over = append(over, d)
			continue
		}
		if err := s.deals.Adopt(ctx, tx, d.ID, reason); err != nil {
			return err
		}
	}
	return s.deals.AdoptMany(ctx, tx, over, reason)
}

// inOrder sorts the rows of deal_gram by what they are found by: each page of the index is touched
// once.
func inOrder(grams [][]any) {
	slices.SortFunc(grams, func(a, b []any) int { return strings.Compare(a[1].(string), b[1].(string)) })
}
