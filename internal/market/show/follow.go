package show

import (
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

var (
	qOrgsOf = db.Stmt(`SELECT org FROM show_event WHERE org = $1 OR org_now = $1
		UNION SELECT org FROM show_signup WHERE org <> '' AND (org = $1 OR org_now = $1)
		UNION SELECT org FROM show_slot WHERE org <> '' AND org = $1`)
	qEventOrg = db.Stmt(`UPDATE show_event SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qGuestOrg = db.Stmt(`UPDATE show_signup SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qSlotOrg = db.Stmt(`UPDATE show_slot SET org_name = $3
		WHERE org = $1 AND $2 <> '' AND org_name <> $3`)
	qEventBack = db.Stmt(`UPDATE show_event SET org_now = org WHERE org_now <> org`)
	qGuestBack = db.Stmt(`UPDATE show_signup SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps events and their guests with their organisations.
func (s *Service) Follower() outbox.Consumer {
	return occasion.Orgs{Name: "show.orgs", Party: s.opt.Party, Chosen: qOrgsOf,
		Moves: []*db.Statement{qEventOrg, qGuestOrg, qSlotOrg},
		Backs: []*db.Statement{qEventBack, qGuestBack}}.Follower()
}
