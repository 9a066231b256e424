package auction

import (
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

var (
	qOrgsOf = db.Stmt(`SELECT org FROM auction_item WHERE org = $1 OR org_now = $1
		UNION SELECT org FROM auction_applicant WHERE org = $1 OR org_now = $1`)
	qItemOrg = db.Stmt(`UPDATE auction_item SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qApplicantOrg = db.Stmt(`UPDATE auction_applicant SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qItemBack      = db.Stmt(`UPDATE auction_item SET org_now = org WHERE org_now <> org`)
	qApplicantBack = db.Stmt(`UPDATE auction_applicant SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps auctions and applicants with their organisations. What was
// bid stays that of the applicant who bid it.
func (s *Service) Follower() outbox.Consumer {
	return occasion.Orgs{Name: "auction.orgs", Party: s.opt.Party, Chosen: qOrgsOf,
		Moves: []*db.Statement{qItemOrg, qApplicantOrg},
		Backs: []*db.Statement{qItemBack, qApplicantBack}}.Follower()
}
