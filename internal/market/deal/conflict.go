package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Conflict is an interest of a broker in an organisation: declared, or computed because the broker
// works there or did so. As long as it holds, the broker has no part in introductions of that
// organisation.
type Conflict struct {
	ID         string `json:"id"`
	Broker     string `json:"-"`
	Org        string `json:"org"`
	OrgName    string `json:"orgName"`
	Source     string `json:"source"` // one of Tied
	Reason     string `json:"reason,omitempty"`
	DeclaredUs int64  `json:"declaredUs"`
	EndedUs    int64  `json:"endedUs,omitempty"` // 0 = holds
	Version    int64  `json:"version"`
}

const maxConflicts = 200

var (
	qConflictAdd = db.Stmt(`INSERT INTO deal_conflict (id, broker, account, org, org_now, org_name,
		source, reason, declared_us, ended_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1)`)
	qConflicts = db.Stmt(`SELECT id, broker, org, org_name, source, reason, declared_us, ended_us,
		version FROM deal_conflict WHERE broker = $1 ORDER BY declared_us DESC, id DESC LIMIT 200`)
	qConflictEnd = db.Stmt(`UPDATE deal_conflict SET ended_us = $4, version = version + 1
		WHERE id = $1 AND broker = $2 AND version = $3 AND ended_us = 0`)
	qConflictHolds = db.Stmt(`SELECT COUNT(*) FROM deal_conflict WHERE broker = $1 AND ended_us = 0
		AND (org_now = $2 OR org_now = $3)`)
	qConflictComputed = db.Stmt(`UPDATE deal_conflict SET ended_us = $2, version = version + 1
		WHERE broker = $1 AND source <> 'declared' AND ended_us = 0`)
	// qDealsOf finds the introductions of a broker with an organisation that go on.
	qDealsOf = db.Stmt(`SELECT ` + dealColumns + ` FROM ` + dealFrom + ` WHERE d.broker = $1 AND d.broker <> ''
		AND d.end_us = 0 AND (d.demand_now = $2 OR d.supply_now = $2) ORDER BY d.id`)
	qDealUnbroker = db.Stmt(`UPDATE deal SET broker = '', version = version + 1
		WHERE id = $1 AND version = $2`)
)

func scanConflict(r db.Row) (Conflict, error) {
	var c Conflict
	err := r.Scan(&c.ID, &c.Broker, &c.Org, &c.OrgName, &c.Source, &c.Reason, &c.DeclaredUs,
		&c.EndedUs, &c.Version)
	return c, err
}

// conflicted says whether a broker has a conflict with one of two organisations.
func conflicted(ctx context.Context, q db.Q, brokerID, demand, supply string) (bool, error) {
	n, err := db.Get(ctx, q, qConflictHolds, db.One[int64], brokerID, demand, supply)
	return n > 0, err
}

// NewConflict is the input of DeclareConflict.
type NewConflict struct {
	Broker string `json:"-"`
	Org    string `json:"org"`
	Reason string `json:"reason"`
	Key    string `json:"-"`
}

// DeclareConflict declares an interest in an organisation. Introductions of that organisation that
// the broker has under way lose their broker at once and go to the bureau.
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
	c := Conflict{ID: id.New(), Broker: b.ID, Org: side.Org, OrgName: side.Name, Source: "declared",
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

// recuse takes a broker out of what goes on with an organisation (回避).
func (s *Service) recuse(ctx context.Context, tx *unit.Tx, b Broker, org string) error {
	list, err := db.All(ctx, tx, qDealsOf, scanDeal, b.ID, org)
	if err != nil {
		return err
	}
	for _, d := range list {
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
	}
	return nil
}

// ConflictEnd is the input of EndConflict.
type ConflictEnd struct {
	Broker  string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"version"`
	Reason  string `json:"reason"`
	Key     string `json:"-"`
}

// EndConflict says that a declared interest is over. A computed one ends with what it comes from.
func (s *Service) EndConflict(ctx context.Context, by authz.Actor, in ConflictEnd) error {
	in.Reason = lines(in.Reason)
	b, err := s.brokerFor(ctx, by, in.Broker, ActBrokerDeclare)
	if err != nil {
		return err
	}
	var f faults
	f.prose("reason", in.Reason, MaxNext, true)
	f.secret("reason", in.Reason)
	if len(f) > 0 {
		return f.err()
	}
	list, err := db.All(ctx, s.unit.DB(), qConflicts, scanConflict, b.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(c Conflict) bool { return c.ID == in.ID })
	if i < 0 {
		return errAbsent()
	}
	if list[i].Source != "declared" {
		return fault.New(fault.Conflict, "由任职关系得出的利益冲突不能撤销，请先变更任职信息")
	}
	return s.unit.Write(ctx, by, "deal.EndConflict", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "conflict_end", Reason: in.Reason,
			Detail: map[string]string{"conflict": in.ID}})
		return db.ExecOne(ctx, tx.Tx, qConflictEnd, in.ID, b.ID, in.Version, tx.NowUs())
	})
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

// compute writes the conflicts anew that follow from where a broker works.
func (s *Service) compute(ctx context.Context, tx *unit.Tx, b Broker, at []workplace) error {
	if _, err := db.Exec(ctx, tx.Tx, qConflictComputed, b.ID, tx.NowUs()); err != nil {
		return err
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
