package appraise

import (
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

var (
	qOrgsOf = db.Stmt(`SELECT org FROM appraise_sheet WHERE org = $1 OR org_now = $1
		UNION SELECT org FROM appraise_review WHERE org = $1 OR org_now = $1`)
	qSheetOrg = db.Stmt(`UPDATE appraise_sheet SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qReviewOrg = db.Stmt(`UPDATE appraise_review SET org_now = $2, org_name = $3
		WHERE org = $1 AND (org_now <> $2 OR org_name <> $3)`)
	qSheetBack  = db.Stmt(`UPDATE appraise_sheet SET org_now = org WHERE org_now <> org`)
	qReviewBack = db.Stmt(`UPDATE appraise_review SET org_now = org WHERE org_now <> org`)
)

// Follower returns the consumer that keeps sheets and evaluations with their organisations.
func (s *Service) Follower() outbox.Consumer {
	return occasion.Orgs{Name: "appraise.orgs", Party: s.opt.Party, Chosen: qOrgsOf,
		Moves: []*db.Statement{qSheetOrg, qReviewOrg},
		Backs: []*db.Statement{qSheetBack, qReviewBack}}.Follower()
}
