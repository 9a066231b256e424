package deal

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
)

var (
	qOrgsOf = db.Stmt(`SELECT demand_org FROM deal WHERE demand_org = $1 OR demand_now = $1
		UNION SELECT supply_org FROM deal WHERE supply_org = $1 OR supply_now = $1
		UNION SELECT org FROM deal_broker WHERE org <> '' AND (org = $1 OR org_now = $1)
		UNION SELECT org FROM deal_conflict WHERE org = $1 OR org_now = $1`)
	qDemandMove = db.Stmt(`UPDATE deal SET demand_now = $2, demand_name = $3, demand_role = $4
		WHERE demand_org = $1 AND (demand_now <> $2 OR demand_name <> $3 OR demand_role <> $4)`)
	qSupplyMove = db.Stmt(`UPDATE deal SET supply_now = $2, supply_name = $3, supply_role = $4
		WHERE supply_org = $1 AND (supply_now <> $2 OR supply_name <> $3 OR supply_role <> $4)`)
	qBrokerOrgMove = db.Stmt(`UPDATE deal_broker SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qConflictMove = db.Stmt(`UPDATE deal_conflict SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qDemandBack    = db.Stmt(`UPDATE deal SET demand_now = demand_org WHERE demand_now <> demand_org`)
	qSupplyBack    = db.Stmt(`UPDATE deal SET supply_now = supply_org WHERE supply_now <> supply_org`)
	qBrokerOrgBack = db.Stmt(`UPDATE deal_broker SET org_now = org WHERE org_now <> org`)
	qConflictBack  = db.Stmt(`UPDATE deal_conflict SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps introductions and brokers with their organisations: after
// a merge they are those of the organisation it was merged into, after a split those of their own
// again, and a rename shows.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name:  "deal.orgs",
		Kinds: []string{party.EventOrgUpdated, party.EventOrgMerged, party.EventOrgSplit},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				var other string
				_ = json.Unmarshal(e.Data, &other) // anything but a text names no organisation
				for _, orgID := range []string{e.Object, other} {
					if err := s.follow(ctx, tx, orgID); err != nil {
						return err
					}
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			for _, back := range []*db.Statement{qDemandBack, qSupplyBack, qBrokerOrgBack,
				qConflictBack} {
				if _, err := db.Exec(ctx, tx, back); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// follow looks up where the organisations live that were chosen with this id.
func (s *Service) follow(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" {
		return nil
	}
	chosen, err := db.All(ctx, tx, qOrgsOf, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, one := range chosen {
		side, err := s.sideOf(ctx, one)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, move := range []*db.Statement{qDemandMove, qSupplyMove} {
			_, err := db.Exec(ctx, tx, move, one, side.Now, side.Name, string(side.Role))
			if err != nil {
				return err
			}
		}
		for _, move := range []*db.Statement{qBrokerOrgMove, qConflictMove} {
			if _, err := db.Exec(ctx, tx, move, one, side.Now, side.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Overdue returns the consumer that writes limits which were handed up into the timeline, and into
// the credit of a broker from whom one was taken.
func (s *Service) Overdue() outbox.Consumer {
	return outbox.Consumer{
		Name: "deal.overdue", Kinds: []string{process.OverdueEvent},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				var a process.Alarm
				if err := json.Unmarshal(e.Data, &a); err != nil || a.Process != DealProcess.Name() {
					continue // of another process
				}
				if err := s.noteOverdue(ctx, tx, e, a); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (s *Service) noteOverdue(
	ctx context.Context, tx *db.Tx, e outbox.Stored, a process.Alarm,
) error {
	d, err := dealByID(ctx, tx, a.Object)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	line := Entry{ID: id.New(), Deal: d.ID, Kind: EntryOverdue, Step: a.Clock, AtUs: e.AtUs,
		Side: Nobody, Seen: SeenAll, Data: EntryData{DueUs: a.Handed.DueUs, To: a.Handed.To.Role}}
	taken := a.Clock == clockChase && d.Broker != "" && d.brokerAccount != "" &&
		a.Handed.From.Account == d.brokerAccount
	if taken {
		line.Broker = d.Broker
	}
	if err := line.save(ctx, tx); err != nil || !taken {
		return err
	}
	day := clock.DateOf(clock.Time(e.AtUs))
	rule, err := ruleAt(ctx, tx, day)
	if err != nil {
		return err
	}
	return recredit(ctx, tx, d.Broker, rule, day)
}

// clockChase is the limit of the broker.
const clockChase = "chase"
