package deal

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// DealFilter narrows lists of introductions. Zero fields do not narrow.
type DealFilter struct {
	Query  string      `json:"q,omitempty"` // of title and sides, or a code
	State  string      `json:"state,omitempty"`
	Class  string      `json:"class,omitempty"`
	Field  string      `json:"field,omitempty"`
	Region region.Code `json:"region,omitempty"` // and all inside
	Post   string      `json:"post,omitempty"`
	Org    string      `json:"org,omitempty"` // one of the two sides
	Broker string      `json:"broker,omitempty"`
	From   clock.Date  `json:"from,omitempty"` // asked for at or after
	To     clock.Date  `json:"to,omitempty"`   // and at or before
	Open   bool        `json:"open,omitempty"`
	Late   bool        `json:"late,omitempty"` // a limit is over
	// Soon keeps those whose limit is over within SoonDays, and is not over yet.
	Soon bool `json:"soon,omitempty"`
	// Waiting keeps those that wait for the actor: a side that has not accepted or consented, what a
	// broker or the bureau answers for.
	Waiting bool `json:"waiting,omitempty"`
}

// SoonDays is how many days ahead a limit is soon.
const SoonDays = 3

var dealList = db.Select(dealColumns, dealFrom,
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("d.updated_us"), db.TextCol("d.id")}},
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("d.created_us"), db.TextCol("d.id")}},
	db.Order{Name: "due", Cols: []db.Col{db.IntCol("d.due_us"), db.TextCol("d.id")}},
	db.Order{Name: "code", Cols: []db.Col{db.TextCol("d.code"), db.TextCol("d.id")}},
)

// DealOrders returns the names of the orders people may choose.
func DealOrders() []string { return dealList.OrderNames() }

func (f DealFilter) where(by authz.Actor, nowUs int64) db.Where {
	w := db.Where{}
	if f.Query != "" {
		w = w.AndAll(db.Or(db.Where{}.And("d.code = $1", strings.ToUpper(tidy(firstRunes(f.Query, maxSearch)))),
			matching(f.Query, func(from, before string) db.Where {
				return db.Where{}.And(`d.id IN (SELECT g.object FROM deal_gram AS g WHERE g.kind = 'deal'
					AND g.gram >= $1 AND g.gram < $2)`, from, before)
			}).AndAll(db.Or(NamesKnown(by), inTitle(f.Query)))))
	}
	for _, c := range []struct {
		value string
		where func(db.Where) db.Where
	}{
		{f.State, func(w db.Where) db.Where { return w.And("d.state = $1", f.State) }},
		{f.Class, func(w db.Where) db.Where { return w.And("d.class = $1", f.Class) }},
		{f.Field, func(w db.Where) db.Where { return w.And("d.field = $1", f.Field) }},
		{string(f.Region), func(w db.Where) db.Where { return inRegion(w, string(f.Region)) }},
		{f.Post, func(w db.Where) db.Where {
			return w.And(`d.demand_post = $1 AND d.demand_post <> '' OR
				d.supply_post = $1 AND d.supply_post <> ''`, f.Post)
		}},
		{f.Org, func(w db.Where) db.Where {
			return w.AndAll(withSide(by, f.Org))
		}},
		{f.Broker, func(w db.Where) db.Where { return w.And("d.broker = $1 AND d.broker <> ''", f.Broker) }},
	} {
		if c.value != "" {
			w = c.where(w)
		}
	}
	return f.when(w, by, nowUs)
}

func inRegion(w db.Where, place string) db.Where {
	from, before, ok := authz.RegionRange(place)
	if !ok {
		return db.Nothing()
	}
	return w.And("d.region >= $1 AND d.region < $2", from, before)
}

func (f DealFilter) when(w db.Where, by authz.Actor, nowUs int64) db.Where {
	if f.From != "" {
		if !f.From.Valid() {
			return db.Nothing()
		}
		w = w.And("d.created_us >= $1", clock.Us(f.From.Start()))
	}
	if f.To != "" {
		if !f.To.Valid() {
			return db.Nothing()
		}
		w = w.And("d.created_us <= $1", endOf(f.To))
	}
	if f.Open || f.Late || f.Waiting || f.Soon {
		w = w.And("d.end_us = 0")
	}
	if f.Late {
		w = w.And("d.due_us < $1", nowUs)
	}
	if f.Soon {
		w = w.And("d.due_us >= $1 AND d.due_us < $2", nowUs, nowUs+SoonDays*dayUs)
	}
	if f.Waiting {
		w = w.AndAll(waitsFor(by, nowUs))
	}
	return w
}

// waitsFor is what an actor is to do something about.
func waitsFor(by authz.Actor, nowUs int64) db.Where {
	switch role := by.EffectiveRole(); {
	case role == authz.Broker:
		return db.Where{}.And("d.due_us < $1 OR d.state IN ('talking', 'intention', 'drafting')",
			nowUs)
	case isParty(role) && by.Org != "":
		return db.Where{}.And(`d.state IN ('requested', 'half') AND
				(d.demand_now = $1 AND d.demand_consent_us = 0
				OR d.supply_now = $1 AND d.supply_consent_us = 0)
			OR d.state IN ('nda', 'nda_half') AND (d.demand_now = $1 AND d.demand_nda_us = 0
				OR d.supply_now = $1 AND d.supply_nda_us = 0)`, by.Org)
	case role == authz.Officer:
		return db.Where{}.And("d.chase_us < $1 OR d.broker = '' AND d.due_us < $1 OR d.state = 'disputed'", nowUs)
	}
	return db.Nothing()
}

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

func (s *Service) dealScope(by authz.Actor, f DealFilter) db.Where {
	return DealPolicy.Scope(by, ActDealRead).AndAll(f.where(by, s.nowUs()))
}

// ListDeals returns a page of introductions as the actor may read them.
func (s *Service) ListDeals(
	ctx context.Context, by authz.Actor, f DealFilter, order string, p db.PageReq,
) (db.Page[Deal], error) {
	page, err := db.List(ctx, s.unit.DB(), dealList, s.dealScope(by, f), dealList.Order(order), p,
		scanDeal)
	if err != nil {
		return page, err
	}
	return page, allSeenBy(ctx, s.unit.DB(), by, page.Items)
}

// DealCounts says how many introductions there are.
type DealCounts struct {
	All     int64            `json:"all"`
	States  map[string]int64 `json:"states"`
	Classes map[string]int64 `json:"classes"` // of those that ended
	Waiting int64            `json:"waiting"` // for the actor
	Late    int64            `json:"late"`
	Soon    int64            `json:"soon"` // due within SoonDays
}

// CountDeals counts the introductions of a list.
func (s *Service) CountDeals(
	ctx context.Context, by authz.Actor, f DealFilter,
) (DealCounts, error) {
	c := DealCounts{States: map[string]int64{}, Classes: map[string]int64{}}
	now := s.nowUs()
	var parts []db.Where
	for _, only := range []DealFilter{{Late: true}, {Soon: true}, {Waiting: true}} {
		parts = append(parts, only.when(db.Where{}, by, now))
	}
	err := dealList.CountParts(ctx, s.unit.DB(), s.dealScope(by, f), parts,
		func(values []string, n int64, of []int64) {
			state, class := values[0], values[1]
			c.All += n
			c.States[state] += n
			if class != "" {
				c.Classes[class] += n
			}
			c.Late += of[0]
			c.Soon += of[1]
			c.Waiting += of[2]
		}, "d.state", "d.class")
	return c, err
}

// Column is one column of a broker's board: the introductions in one state.
type Column struct {
	State string `json:"state"`
	Title string `json:"title"` // key of package i18n
	Count int64  `json:"count"`
	Deals []Card `json:"deals"` // the first of them, those due soonest before
}

// Card is an introduction on the board with the steps that the actor may take now, and with whose turn it is.
type Card struct {
	Deal
	Waits  string          `json:"waits,omitempty"` // one of Parties, "" once it has ended
	Offers []process.Offer `json:"-"`
}

// boardCards is how many introductions a column shows.
const boardCards = 20

// Board returns introductions by state, in the order of the process. Of what has ended it shows what
// led to a contract.
func (s *Service) Board(ctx context.Context, by authz.Actor, f DealFilter) ([]Column, error) {
	counts, err := dealList.CountBy(ctx, s.unit.DB(), "d.state", s.dealScope(by, f))
	if err != nil {
		return nil, err
	}
	var out []Column
	for _, st := range DealProcess.Def().States {
		if st.Name == Refused || st.Name == Broken || (st.Name == Kept || st.Name == Disputed) &&
			counts[st.Name] == 0 ||
			f.State != "" && f.State != st.Name {
			continue
		}
		c := Column{State: st.Name, Title: st.Title, Count: counts[st.Name], Deals: []Card{}}
		if c.Count > 0 {
			if c.Deals, err = s.cards(ctx, by, f, st.Name); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (s *Service) cards(
	ctx context.Context, by authz.Actor, f DealFilter, state string,
) ([]Card, error) {
	f.State = state
	page, err := s.ListDeals(ctx, by, f, "due", db.PageReq{Limit: boardCards})
	if err != nil {
		return nil, err
	}
	out := make([]Card, 0, len(page.Items))
	for _, d := range page.Items {
		offers, err := s.deals.Available(ctx, s.unit.DB(), by, d)
		if err != nil {
			return nil, err
		}
		out = append(out, Card{d, d.waitsFor(), offers})
	}
	return out, nil
}
