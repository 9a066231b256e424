package dispatch

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

var (
	qOrgsChosen = db.Stmt(`SELECT org FROM dispatch_member WHERE org = $1 OR org_now = $1
		UNION SELECT org FROM dispatch_item WHERE org <> '' AND (org = $1 OR org_now = $1)
		UNION SELECT org FROM dispatch_decision WHERE org <> '' AND (org = $1 OR org_now = $1)
		UNION SELECT org FROM dispatch_letter WHERE org = $1 OR org_now = $1
		UNION SELECT host FROM dispatch_series WHERE host = $1 OR host_now = $1
		UNION SELECT host FROM dispatch_meeting WHERE host = $1 OR host_now = $1`)
	qMemberOrg = db.Stmt(`UPDATE dispatch_member SET org_now = $2, name = $3, role = $4, region = $5
		WHERE org = $1 AND (org_now <> $2 OR name <> $3 OR role <> $4 OR region <> $5)`)
	qItemOrg = db.Stmt(`UPDATE dispatch_item SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qDecisionOrg = db.Stmt(`UPDATE dispatch_decision SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qLetterOrg = db.Stmt(`UPDATE dispatch_letter SET org_now = $2, org_name = $3, org_role = $4,
			org_region = $5
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3 OR org_role <> $4 OR org_region <> $5)`)
	qSeriesOrg = db.Stmt(`UPDATE dispatch_series SET host_now = $2, host_name = $3
		WHERE host = $1 AND (host_now <> $2 OR host_name <> $3)`)
	qMeetingOrg = db.Stmt(`UPDATE dispatch_meeting SET host_now = $2, host_name = $3
		WHERE host = $1 AND (host_now <> $2 OR host_name <> $3)`)

	qSettledBack = db.Stmt(`UPDATE dispatch_decision SET settled_us = 0
		WHERE task <> '' AND settled_us <> 0`)
)

// Follower returns the consumer that keeps this room with others: units stay those they live on as,
// and a decision is settled when its task is.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name: "dispatch.follow",
		Kinds: []string{party.EventOrgUpdated, party.EventOrgMerged, party.EventOrgSplit,
			plan.EventTaskMoved},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				if err := s.follow(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qSettledBack)
			return err
		},
	}
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e outbox.Stored) error {
	if e.Kind == plan.EventTaskMoved {
		var m plan.TaskEvent
		if err := json.Unmarshal(e.Data, &m); err != nil {
			return nil // of an older form
		}
		at := int64(0)
		if finished(m.State) {
			at = e.AtUs
		}
		_, err := db.Exec(ctx, tx, qDecisionTask, e.Object, at)
		return err
	}
	var other string
	_ = json.Unmarshal(e.Data, &other) // anything but a text names no organisation
	for _, orgID := range []string{e.Object, other} {
		if err := s.moveUnit(ctx, tx, orgID); err != nil {
			return err
		}
	}
	return nil
}

// moveUnit looks up where the units live that were chosen with this id.
func (s *Service) moveUnit(ctx context.Context, tx *db.Tx, orgID string) error {
	if orgID == "" {
		return nil
	}
	chosen, err := db.All(ctx, tx, qOrgsChosen, db.One[string], orgID)
	if err != nil {
		return err
	}
	for _, unitID := range chosen {
		o, err := s.opt.Party.GetOrganisation(ctx, house, unitID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		role, place := string(roleOf(o)), string(o.Region)
		for _, st := range []*db.Statement{qMemberOrg, qLetterOrg} {
			if _, err := db.Exec(ctx, tx, st, unitID, o.ID, o.Name, role, place); err != nil {
				return err
			}
		}
		for _, st := range []*db.Statement{qItemOrg, qDecisionOrg, qSeriesOrg, qMeetingOrg} {
			if _, err := db.Exec(ctx, tx, st, unitID, o.ID, o.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
