package identity

import (
	"context"
	"errors"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a claim.
const (
	ClaimSubmitted = "submitted" // 待确认
	ClaimReturned  = "returned"  // 待补正
	ClaimConfirmed = "confirmed" // 已确认
	ClaimRefused   = "refused"   // 已驳回
	ClaimWithdrawn = "withdrawn" // 已撤回
)

// Steps of a claim.
const (
	StepConfirm  = "confirm"
	StepReturn   = "return"
	StepResubmit = "resubmit"
	StepRefuse   = "refuse"
	StepWithdraw = "withdraw"
)

var (
	qClaim = db.Stmt(`SELECT ` + claimCols + ` FROM claim
		JOIN account ON account.id = claim.account WHERE claim.id = $1`)
	qClaimMove = db.Stmt(`UPDATE claim SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	// Other people's open claims for the code now lead to the same organisation, so that the first
	// member sees them.
	qClaimOrg = db.Stmt(`UPDATE claim SET org = $2, org_name = $3, version = version + 1
		WHERE uscc = $1 AND org <> $2 AND (id = $4 OR state IN ('submitted', 'returned'))`)
)

func claimByID(ctx context.Context, q db.Q, claimID string) (Claim, error) {
	return db.Get(ctx, q, qClaim, scanClaim, claimID)
}

// ClaimProcess is the life cycle of a claim.
var ClaimProcess = process.MustNew(process.Def[Claim]{
	Name:   "identity_claim",
	Title:  "单位认领",
	Policy: ClaimPolicy,
	Store: process.Store[Claim]{
		Load: claimByID,
		At: func(c Claim) process.Position {
			return process.Position{ID: c.ID, State: c.State, Version: c.Version}
		},
		Move: qClaimMove,
	},
	States: []process.State{
		{Name: ClaimSubmitted, Title: "待确认", Initial: true},
		{Name: ClaimReturned, Title: "待补正"},
		{Name: ClaimConfirmed, Title: "已确认", Final: true},
		{Name: ClaimRefused, Title: "已驳回", Final: true},
		{Name: ClaimWithdrawn, Title: "已撤回", Final: true},
	},
	Steps: []process.Step[Claim]{
		{Name: StepConfirm, Title: "确认", From: []string{ClaimSubmitted}, To: ClaimConfirmed,
			May: ActClaimDecide, Rule: "申请人账号正常，且尚不代表该单位", Guard: mayBecomeMember,
			Check: needsOrg, Do: admitMember},
		{Name: StepReturn, Title: "退回补正", From: []string{ClaimSubmitted}, To: ClaimReturned,
			May: ActClaimDecide, Needs: process.Reason},
		{Name: StepRefuse, Title: "驳回", From: []string{ClaimSubmitted}, To: ClaimRefused,
			May: ActClaimDecide, Needs: process.Reason},
		{Name: StepResubmit, Title: "重新提交", From: []string{ClaimReturned}, To: ClaimSubmitted,
			May: ActClaimAmend},
		{Name: StepWithdraw, Title: "撤回", From: []string{ClaimSubmitted, ClaimReturned},
			To: ClaimWithdrawn, May: ActClaimAmend},
	},
	Clocks: []process.Clock[Claim]{{
		Name: "decide", Title: "审核", In: []string{ClaimSubmitted}, Paused: []string{ClaimReturned},
		// [design] No published rule: the limit is the city's own promise, kept with each claim.
		Limit:      process.WorkingDays(UsualLimit),
		Varies:     func(c Claim) process.Limit { return process.WorkingDays(int(c.Days)) },
		Owner:      func(Claim) process.Owner { return process.Owner{Role: authz.Officer} },
		Escalate:   func(c Claim) process.Owner { return c.chief },
		LastResort: process.Owner{Role: authz.Leader},
	}},
})

// mayBecomeMember says why a claim cannot be confirmed now.
func mayBecomeMember(c Claim) error {
	switch {
	case c.status != Active:
		return fault.New(fault.Conflict, "申请人账号已停用或注销")
	case c.member:
		return fault.New(fault.Conflict, "申请人已代表该单位")
	default:
		return nil
	}
}

// decision is what confirming hands to the process: the organisation as the registry has it.
type decision struct{ Org Org }

// errNoOrg is a mistake of the program: FireClaim finds or registers the organisation first.
var errNoOrg = errors.New("claim confirmed without an organisation")

func needsOrg(_ Claim, in process.Input) error {
	if d, ok := in.Data.(decision); !ok || d.Org.ID == "" {
		return errNoOrg
	}
	return nil
}

// admitMember gives the claimant the role in which people act for the organisation.
func admitMember(ctx context.Context, tx *unit.Tx, c Claim, in process.Input) error {
	d, ok := in.Data.(decision)
	if !ok {
		return errNoOrg
	}
	_, err := db.Exec(ctx, tx.Tx, qClaimOrg, c.USCC, d.Org.ID, d.Org.Name, c.ID)
	if err != nil {
		return err
	}
	_, err = grant(ctx, tx, Held{Account: c.Account, Role: roleOfKind(d.Org.Kind), Org: d.Org.ID,
		OrgNow: d.Org.ID, OrgName: d.Org.Name, Basis: basisClaim + c.ID})
	return err
}
