package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Conflict is an interest of a broker in an organisation: declared, or computed because the broker
// works there or did so. As long as it holds, the broker has no part in introductions of that
// organisation. In one of which the broker may not know that it is a side, it shows to the bureau alone, and
// the broker is withdrawn when that side consents: whoever declares interests in organisations by guessing is
// answered alike, whether a guess was right or not.
type Conflict struct {
	ID         string `json:"id"`
	Broker     string `json:"-"`
	Org        string `json:"org"`
	OrgName    string `json:"orgName"`
	Source     string `json:"source"` // one of Tied
	Reason     string `json:"reason,omitempty"`
	DeclaredUs int64  `json:"declaredUs"`
	// AskedUs and Asked are when and why the broker last asked the bureau to lift it, 0 = never.
	AskedUs int64  `json:"askedUs,omitempty"`
	Asked   string `json:"asked,omitempty"`
	EndedUs int64  `json:"endedUs,omitempty"` // 0 = holds
	EndedBy string `json:"endedBy,omitempty"` // log-in of the officer who lifted it
	Ended   string `json:"ended,omitempty"`   // and why
	Version int64  `json:"version"`
}

// Follows says whether it is one that was computed: it ends by itself when an officer changes the record that it
// follows from.
func (c Conflict) Follows() bool { return c.Source != declared }

// declared is the source of conflicts that brokers declare.
const declared = "declared"

const maxConflicts = 200

var (
	qConflictAdd = db.Stmt(`INSERT INTO deal_conflict (id, broker, account, org, org_now, org_name,
		source, reason, declared_us, ended_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1)`)
	qConflicts = db.Stmt(`SELECT id, broker, org, org_name, source, reason, declared_us, asked_us, asked,
		ended_us, ended_by, ended, version
		FROM deal_conflict WHERE broker = $1 ORDER BY declared_us DESC, id DESC LIMIT 200`)
	qConflictAsk = db.Stmt(`UPDATE deal_conflict SET asked_us = $4, asked = $5, version = version + 1
		WHERE id = $1 AND broker = $2 AND version = $3 AND ended_us = 0`)
	qConflictEnd = db.Stmt(`UPDATE deal_conflict SET ended_us = $4, ended_by = $5, ended = $6,
			version = version + 1
		WHERE id = $1 AND broker = $2 AND version = $3 AND ended_us = 0`)
	qConflictHolds = db.Stmt(`SELECT COUNT(*) FROM deal_conflict WHERE broker = $1 AND ended_us = 0
		AND (org_now = $2 OR org_now = $3)`)
	qComputed = db.Stmt(`SELECT id, org_now, source FROM deal_conflict
		WHERE broker = $1 AND source <> 'declared' AND ended_us = 0 ORDER BY id`)
	qConflictOver = db.Stmt(`UPDATE deal_conflict SET ended_us = $2, version = version + 1
		WHERE id = $1 AND ended_us = 0`)
	// qDealsOf finds the introductions of a broker with an organisation that go on.
	qDealsOf = db.Stmt(`SELECT ` + dealColumns + ` FROM ` + dealFrom + ` WHERE d.broker = $1 AND d.broker <> ''
		AND d.end_us = 0 AND (d.demand_now = $2 OR d.supply_now = $2) ORDER BY d.id`)
	qDealUnbroker = db.Stmt(`UPDATE deal SET broker = '', version = version + 1
		WHERE id = $1 AND version = $2`)
)

func scanConflict(r db.Row) (Conflict, error) {
	var c Conflict
	err := r.Scan(&c.ID, &c.Broker, &c.Org, &c.OrgName, &c.Source, &c.Reason, &c.DeclaredUs,
		&c.AskedUs, &c.Asked, &c.EndedUs, &c.EndedBy, &c.Ended, &c.Version)
	return c, err
}

// conflicted says whether a broker has a conflict with one of two organisations.
func conflicted(ctx context.Context, q db.Q, brokerID, demand, supply string) (bool, error) {
	n, err := db.Get(ctx, q, qConflictHolds, db.One[int64], brokerID, demand, supply)
	return n > 0, err
}

// tells says whether a broker may know who a side is before it consents.
func (d *Deal) tells(b Broker, side string) bool {
	s := d.side(side)
	return s.Post == "" || s.ConsentUs > 0 || s.post != nil && (s.post.Broker != "" && s.post.Broker == b.Person ||
		market.PostPolicy.MaySee(authz.Actor{Role: authz.Public}, market.ActPostWhole, *s.post))
}

// conflictIn says whether a broker has a conflict with a side of an introduction whose posts were loaded, and
// whether with one that the broker may know.
func conflictIn(ctx context.Context, q db.Q, b Broker, d Deal) (some, told bool, err error) {
	for _, side := range []string{Demand, Supply} {
		org := d.side(side).Now
		with, err := conflicted(ctx, q, b.ID, org, org)
		if err != nil {
			return false, false, err
		}
		some, told = some || with, told || with && d.tells(b, side)
	}
	return some, told, nil
}

// NewConflict is the input of DeclareConflict.
type NewConflict struct {
	Broker string `json:"-"`
	Org    string `json:"org"`
	Reason string `json:"reason"`
	Key    string `json:"-"`
}

// DeclareConflict declares an interest in an organisation. Introductions of that organisation that
// the broker has under way lose their broker at once and go to the bureau; those in which the broker may not know
// it stay as they are for the broker, and the bureau is told.
func (s *Service) DeclareConflict(
	ctx context.Context, by authz.Actor, in NewConflict,
) (Conflict, error) {
	in.Reason = lines(in.Reason)
	b, err := s.brokerFor(ctx, by, in.Broker, ActBrokerDeclare)
	if err != nil {
		return Conflict{}, err
	}
	var f faults
	f.prose("reason", in.Reason, MaxNext, true)
	f.secret("reason", in.Reason)
	side, err := s.sideOf(ctx, in.Org)
	if fault.Is(err, fault.NotFound) {
		f.add("org", "主体库中没有这个单位")
	} else if err != nil {
		return Conflict{}, err
	}
	if len(f) > 0 {
		return Conflict{}, f.err()
	}
	c := Conflict{ID: id.New(), Broker: b.ID, Org: side.Org, OrgName: side.Name, Source: declared,
		Reason: in.Reason, Version: 1}
	const useCase = "deal.DeclareConflict"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Conflict, error) {
		c := c
		c.DeclaredUs = tx.NowUs()
		if err := addConflict(ctx, tx, b, c, side.Now); err != nil {
			return c, err
		}
		return c, s.recuse(ctx, tx, b, side.Now)
	})
	return out, err
}

func addConflict(ctx context.Context, tx *unit.Tx, b Broker, c Conflict, now string) error {
	tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "conflict", Reason: c.Reason,
		Detail: c})
	return db.ExecOne(ctx, tx.Tx, qConflictAdd, c.ID, b.ID, b.Account, c.Org, now, c.OrgName,
		c.Source, c.Reason, c.DeclaredUs)
}

// recuse takes a broker out of what goes on with an organisation (回避), as far as the broker may know of it. Of the
// rest it tells the bureau.
func (s *Service) recuse(ctx context.Context, tx *unit.Tx, b Broker, org string) error {
	list, err := db.All(ctx, tx, qDealsOf, scanDeal, b.ID, org)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.barred {
			if err := s.withdraw(ctx, tx, b, d); err != nil {
				return err
			}
			continue
		}
		tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "hidden_conflict"})
		tx.Emit(outbox.Event{Kind: EventConflict, Object: b.ID, Data: ConflictMoved{State: ConflictHidden, Deal: d.ID,
			By: tx.By().Account, AtUs: tx.NowUs()}})
	}
	return nil
}

// withdraw takes a broker out of an introduction.
func (s *Service) withdraw(ctx context.Context, tx *unit.Tx, b Broker, d Deal) error {
	if err := db.ExecOne(ctx, tx.Tx, qDealUnbroker, d.ID, d.Version); err != nil {
		return err
	}
	e := newEntry(tx, d, EntryStep, "withdraw_broker")
	e.Side, e.Broker, e.Data.Name = Agent, b.ID, b.Name
	if err := e.save(ctx, tx.Tx); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "withdraw_broker"})
	reopened, err := s.reopenSplit(ctx, tx, d)
	if err != nil {
		return err
	}
	tx.Emit(outbox.Event{Kind: EventDealMoved, Object: d.ID, Data: Moved{Step: "withdraw_broker",
		State: d.State, Demand: d.Demand.Post, Supply: d.Supply.Post, Split: reopened}})
	return nil
}

// withdrawTold takes the broker out of an introduction that has a conflict of interest with a side that it may know
// now, because that consented.
func (s *Service) withdrawTold(ctx context.Context, tx *unit.Tx, dealID string) error {
	d, err := dealByID(ctx, tx, dealID)
	if err != nil || !d.barred {
		return err
	}
	b, err := brokerByID(ctx, tx, d.Broker)
	if err != nil {
		return err
	}
	return s.withdraw(ctx, tx, b, d)
}

// ConflictEnd is the input of AskConflictEnd and EndConflict.
type ConflictEnd struct {
	Broker  string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"version"`
	Reason  string `json:"reason"`
	Key     string `json:"-"`
}

// conflictFor reads a conflict that holds, for an actor who may do something with its broker.
func (s *Service) conflictFor(
	ctx context.Context, by authz.Actor, in *ConflictEnd, act authz.Action,
) (Broker, Conflict, error) {
	in.Reason = lines(in.Reason)
	b, err := s.brokerFor(ctx, by, in.Broker, act)
	if err != nil {
		return b, Conflict{}, err
	}
	var f faults
	f.prose("reason", in.Reason, MaxNext, true)
	f.secret("reason", in.Reason)
	if len(f) > 0 {
		return b, Conflict{}, f.err()
	}
	list, err := db.All(ctx, s.unit.DB(), qConflicts, scanConflict, b.ID)
	if err != nil {
		return b, Conflict{}, err
	}
	i := slices.IndexFunc(list, func(c Conflict) bool { return c.ID == in.ID })
	if i < 0 {
		return b, Conflict{}, errAbsent()
	}
	if list[i].EndedUs > 0 {
		return b, list[i], fault.New(fault.Conflict, "这项利益冲突已经解除")
	}
	return b, list[i], nil
}

// AskConflictEnd asks the bureau to lift an interest that is over. It goes on barring the broker until an
// officer has: whoever is barred does not lift the bar.
func (s *Service) AskConflictEnd(ctx context.Context, by authz.Actor, in ConflictEnd) error {
	b, c, err := s.conflictFor(ctx, by, &in, ActBrokerDeclare)
	if err != nil {
		return err
	}
	const useCase = "deal.AskConflictEnd"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "conflict_ask", Reason: in.Reason,
			Detail: map[string]string{"conflict": c.ID}})
		tx.Emit(outbox.Event{Kind: EventConflict, Object: b.ID, Data: ConflictMoved{Conflict: c.ID,
			Org: c.OrgName, State: ConflictAsked, Reason: in.Reason, By: by.Account, AtUs: tx.NowUs()}})
		return c.ID, db.ExecOne(ctx, tx.Tx, qConflictAsk, c.ID, b.ID, in.Version, tx.NowUs(), in.Reason)
	})
	return err
}

// EndConflict lifts an interest that is over: an officer does, with the reason on record. One that follows from
// where the broker works stays as long as the broker works there.
func (s *Service) EndConflict(ctx context.Context, by authz.Actor, in ConflictEnd) error {
	b, c, err := s.conflictFor(ctx, by, &in, ActBrokerLift)
	if err != nil {
		return err
	}
	if c.Follows() {
		at, err := s.workplacesOf(ctx, b)
		if err != nil {
			return err
		}
		side, err := s.sideOf(ctx, c.Org)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if slices.ContainsFunc(at, func(w workplace) bool { return w.side.Now == side.Now }) {
			return fault.New(fault.Conflict, "由任职关系得出的利益冲突不能撤销，请先变更任职信息")
		}
	}
	const useCase = "deal.EndConflict"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "conflict_end", Reason: in.Reason,
			Detail: map[string]string{"conflict": c.ID}})
		tx.Emit(outbox.Event{Kind: EventConflict, Object: b.ID, Data: ConflictMoved{Conflict: c.ID,
			Org: c.OrgName, State: ConflictLifted, Reason: in.Reason, By: by.Account, AtUs: tx.NowUs()}})
		return c.ID, db.ExecOne(ctx, tx.Tx, qConflictEnd, c.ID, b.ID, in.Version, tx.NowUs(), by.Login, in.Reason)
	})
	return err
}

// ListConflicts returns the conflicts of a broker, the newest first, for the broker and the bureau.
func (s *Service) ListConflicts(
	ctx context.Context, by authz.Actor, brokerID string,
) ([]Conflict, error) {
	b, err := s.brokerFor(ctx, by, brokerID, ActBrokerInside)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qConflicts, scanConflict, b.ID)
}

// workplaces are the organisations a broker is tied to by work: id as named to where it lives on.
type workplace struct {
	side   Side
	source string
}

// workplacesOf looks up where a broker works and worked.
func (s *Service) workplacesOf(ctx context.Context, b Broker) ([]workplace, error) {
	var out []workplace
	add := func(orgID, source string) error {
		if orgID == "" || len(out) >= maxConflicts {
			return nil
		}
		side, err := s.sideOf(ctx, orgID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(out, func(w workplace) bool { return w.side.Now == side.Now }) {
			out = append(out, workplace{side, source})
		}
		return nil
	}
	if err := add(b.Org, "employer"); err != nil {
		return nil, err
	}
	if b.Person == "" {
		return out, nil
	}
	p, err := s.opt.Party.GetPerson(ctx, house, b.Person)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, m := range p.Memberships {
		if m.To != "" && m.To < s.today() {
			continue
		}
		if err := add(m.Org, "member"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// computed is a conflict that follows from where a broker works.
type computed struct{ id, org, source string }

// compute adds the conflicts that follow from where a broker works now. One that does so no more ends when an
// officer changed the record; when the broker did, it holds until an officer lifts it.
func (s *Service) compute(ctx context.Context, tx *unit.Tx, b Broker, at []workplace) error {
	list, err := db.All(ctx, tx, qComputed, func(r db.Row) (computed, error) {
		var c computed
		return c, r.Scan(&c.id, &c.org, &c.source)
	}, b.ID)
	if err != nil {
		return err
	}
	desk := BrokerPolicy.May(tx.By(), ActBrokerLift, b) == nil
	for _, c := range list {
		i := slices.IndexFunc(at, func(w workplace) bool { return w.side.Now == c.org && w.source == c.source })
		if i >= 0 {
			at = slices.Delete(slices.Clone(at), i, i+1)
			continue
		}
		if !desk {
			continue
		}
		if _, err := db.Exec(ctx, tx.Tx, qConflictOver, c.id, tx.NowUs()); err != nil {
			return err
		}
	}
	for _, w := range at {
		c := Conflict{ID: id.New(), Broker: b.ID, Org: w.side.Org, OrgName: w.side.Name,
			Source: w.source, DeclaredUs: tx.NowUs()}
		if err := addConflict(ctx, tx, b, c, w.side.Now); err != nil {
			return err
		}
		if err := s.recuse(ctx, tx, b, w.side.Now); err != nil {
			return err
		}
	}
	return nil
}
