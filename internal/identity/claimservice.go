package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxOpenClaims bounds the undecided claims of one account.
const maxOpenClaims = 5

var (
	qClaimAdd = db.Stmt(`INSERT INTO claim (id, account, person, uscc, org, org_name, kind, region,
		duty, statement, limit_days, chief_account, chief_role, state, created_us, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'submitted', $14, $14, 1)`)
	qClaimSet = db.Stmt(`UPDATE claim SET org = $2, org_name = $3, kind = $4, region = $5, duty = $6,
		statement = $7, updated_us = $8, version = version + 1
		WHERE id = $1 AND state = 'returned' AND version = $9`)
	qClaimsOpen = db.Stmt(`SELECT COUNT(*) FROM claim
		WHERE account = $1 AND state IN ('submitted', 'returned')`)
	qMember = db.Stmt(`SELECT COUNT(*) FROM account_role WHERE account = $1 AND revoked_us = 0
		AND (org = $2 OR org_now = $2)`)
)

// Claim hands in a claim. Faults: Conflict for somebody who acts for the organisation already or
// has an open claim for it, Invalid at the fields.
func (s *Service) Claim(ctx context.Context, by authz.Actor, in ClaimInput) (Claim, error) {
	c := Claim{Account: by.Account, Person: by.Person}
	if err := ClaimPolicy.May(by, ActClaimCreate, c); err != nil {
		return Claim{}, err
	}
	o, err := s.resolve(ctx, &in)
	if err != nil {
		return Claim{}, err
	}
	const useCase = "identity.Claim"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Claim, error) {
		return s.submit(ctx, tx, c, in, o)
	})
	if db.Violates(err, "claim", "account", "uscc") {
		return Claim{}, fault.New(fault.Conflict, "您对该单位已有一项未办结的认领")
	}
	return out, err
}

// resolve checks the input and finds the organisation of its code.
func (s *Service) resolve(ctx context.Context, in *ClaimInput) (Org, error) {
	if s.cfg.Orgs == nil {
		return Org{}, fault.New(fault.Unavailable, "系统繁忙，请稍后重试")
	}
	if err := in.normalise(); err != nil {
		return Org{}, err
	}
	o, known, err := s.cfg.Orgs.FindByUSCC(ctx, in.USCC)
	if err != nil {
		return Org{}, err
	}
	return o, in.complete(o, known)
}

func (s *Service) submit(
	ctx context.Context, tx *unit.Tx, c Claim, in ClaimInput, o Org,
) (Claim, error) {
	if o.ID != "" {
		n, err := db.Get(ctx, tx, qMember, db.One[int64], c.Account, o.ID)
		if err != nil {
			return Claim{}, err
		}
		if n > 0 {
			return Claim{}, fault.New(fault.Conflict, "您已代表该单位，无须再次认领")
		}
	}
	open, err := db.Get(ctx, tx, qClaimsOpen, db.One[int64], c.Account)
	if err != nil {
		return Claim{}, err
	}
	if open >= maxOpenClaims {
		return Claim{}, fault.New(fault.Conflict, "未办结的认领最多 %d 项", maxOpenClaims)
	}
	c.ID = id.New()
	err = db.ExecOne(ctx, tx.Tx, qClaimAdd, c.ID, c.Account, c.Person, in.USCC, o.ID, in.OrgName,
		in.Kind, in.Region, in.Duty, in.Statement, int64(s.rule.ClaimDays),
		s.rule.ClaimChief.Account, string(s.rule.ClaimChief.Role), tx.NowUs())
	if err != nil {
		return Claim{}, err
	}
	if err := s.attach(ctx, tx, c.ID, in.Files); err != nil {
		return Claim{}, err
	}
	if err := s.claims.Start(ctx, tx, c.ID); err != nil {
		return Claim{}, err
	}
	tx.Audit(audit.Entry{Kind: claimKind, Object: c.ID, What: "submit",
		Detail: map[string]any{"uscc": in.USCC, "org": o.ID, "orgName": in.OrgName}})
	tx.Emit(outbox.Event{Kind: EventClaimSubmitted, Object: c.ID})
	return claimByID(ctx, tx, c.ID)
}

// attach stores the files of a claim.
func (s *Service) attach(
	ctx context.Context, tx *unit.Tx, claimID string, files []*blob.Staged,
) error {
	if len(files) > 0 && s.cfg.Blob == nil {
		return fault.Fields(fault.At("files", "此步骤不接收材料"))
	}
	for _, f := range files {
		if _, err := s.cfg.Blob.Attach(ctx, tx, f, blob.Object{Kind: claimKind, ID: claimID}); err != nil {
			return err
		}
	}
	return nil
}

// mayReadClaim guards the files of claims.
func (s *Service) mayReadClaim(ctx context.Context, by authz.Actor, claimID string) error {
	c, err := claimByID(ctx, s.db, claimID)
	if err != nil {
		return err
	}
	return ClaimPolicy.May(by, ActClaimRead, c)
}

// AmendInput is the input of AmendClaim.
type AmendInput struct {
	ID string `json:"-"`
	ClaimInput
	Version int64 `json:"version"`
}

// AmendClaim corrects a claim that was sent back, and hands it in again. The code stays; a claim
// for another organisation is another claim.
func (s *Service) AmendClaim(ctx context.Context, by authz.Actor, in AmendInput) (Claim, error) {
	old, err := s.readClaim(ctx, s.db, by, in.ID)
	if err != nil {
		return Claim{}, err
	}
	in.USCC = old.USCC
	o, err := s.resolve(ctx, &in.ClaimInput)
	if err != nil {
		return Claim{}, err
	}
	var out Claim
	err = s.unit.Write(ctx, by, "identity.AmendClaim", func(tx *unit.Tx) error {
		if err := ClaimPolicy.May(by, ActClaimAmend, old); err != nil {
			return err
		}
		err := db.ExecOne(ctx, tx.Tx, qClaimSet, in.ID, o.ID, in.OrgName, in.Kind, in.Region, in.Duty,
			in.Statement, tx.NowUs(), in.Version)
		if err != nil {
			return err
		}
		if err := s.attach(ctx, tx, in.ID, in.Files); err != nil {
			return err
		}
		out, err = s.step(ctx, tx, FireInput{ID: in.ID, Step: StepResubmit, Version: in.Version + 1}, nil)
		return err
	})
	return out, err
}

// FireInput is the input of FireClaim.
type FireInput struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireClaim takes a step with a claim. Confirming one for an organisation that the registry does
// not know registers it first, still to be verified.
func (s *Service) FireClaim(ctx context.Context, by authz.Actor, in FireInput) (Claim, error) {
	c, err := s.readClaim(ctx, s.db, by, in.ID)
	if err != nil {
		return Claim{}, err
	}
	if in.Step == StepResubmit {
		return Claim{}, fault.New(fault.Conflict, "请在补正页面修改后重新提交")
	}
	var data any
	if in.Step == StepConfirm && c.Version == in.Version { // of another version there is at most an answer
		o, err := s.toConfirm(ctx, by, c, in.Version)
		if err != nil {
			return Claim{}, err
		}
		data = decision{o}
	}
	out, _, err := unit.Once(ctx, s.unit, by, "identity.FireClaim", in.Key, in,
		func(tx *unit.Tx) (Claim, error) {
			c, err := s.step(ctx, tx, in, data)
			return c.maskedFor(by), err
		})
	return out, err
}

// toConfirm returns the organisation of a claim about to be confirmed. Everything that would refuse
// the step is asked first: nothing is registered for a step that cannot be taken.
func (s *Service) toConfirm(
	ctx context.Context, by authz.Actor, c Claim, version int64,
) (Org, error) {
	if err := ClaimPolicy.May(by, ActClaimDecide, c); err != nil {
		return Org{}, err
	}
	if s.cfg.Orgs == nil {
		return Org{}, fault.New(fault.Unavailable, "系统繁忙，请稍后重试")
	}
	o, known, err := s.cfg.Orgs.FindByUSCC(ctx, c.USCC)
	if err != nil {
		return Org{}, err
	}
	// A member decides about the own organisation; the code may have moved to another one since.
	member := by.Role == authz.Enterprise || by.Role == authz.University
	if member && o.ID != by.Org {
		return Org{}, fault.New(fault.Conflict, "单位信息已变化，请由主管部门审核")
	}
	if known {
		return o, nil
	}
	if c.State != ClaimSubmitted || c.Version != version {
		return Org{}, errStale
	}
	if err := mayBecomeMember(c); err != nil {
		return Org{}, err
	}
	return s.cfg.Orgs.CreatePending(ctx, by, Org{Name: c.OrgName, Kind: c.Kind, Region: c.Region,
		USCC: c.USCC})
}

// step fires a step and tells of it.
func (s *Service) step(
	ctx context.Context, tx *unit.Tx, in FireInput, data any,
) (Claim, error) {
	c, err := s.claims.Fire(ctx, tx, in.ID, in.Version, in.Step,
		process.Input{Reason: in.Reason, Data: data})
	if err != nil {
		return Claim{}, err
	}
	tx.Emit(outbox.Event{Kind: EventClaimMoved, Object: c.ID,
		Data: ClaimEvent{Step: in.Step, State: c.State, Org: c.Org}})
	return c, nil
}

// readClaim reads a claim that the actor may read; to all others it does not exist.
func (s *Service) readClaim(
	ctx context.Context, q db.Q, by authz.Actor, claimID string,
) (Claim, error) {
	c, err := claimByID(ctx, q, claimID)
	if err != nil {
		return Claim{}, err
	}
	return c, ClaimPolicy.May(by, ActClaimRead, c)
}

// ClaimDetail is a claim with everything its page shows.
type ClaimDetail struct {
	Claim
	Offers  []process.Offer
	History []process.Entry
	Running []process.Run
	Files   []blob.Ref
}

// GetClaim returns a claim with the steps the actor may take or why not, its history, its time
// limit and its files.
func (s *Service) GetClaim(
	ctx context.Context, by authz.Actor, claimID string,
) (ClaimDetail, error) {
	c, err := s.readClaim(ctx, s.db, by, claimID)
	if err != nil {
		return ClaimDetail{}, err
	}
	d := ClaimDetail{Claim: c.maskedFor(by)}
	if d.Offers, err = s.claims.Available(ctx, s.db, by, c); err != nil {
		return ClaimDetail{}, err
	}
	if d.History, err = process.History(ctx, s.db, s.claims.Name(), c.ID, 0); err != nil {
		return ClaimDetail{}, err
	}
	if d.Running, err = s.claims.Running(ctx, s.db, c.ID); err != nil {
		return ClaimDetail{}, err
	}
	d.Files, err = blob.Refs(ctx, s.db, blob.Object{Kind: claimKind, ID: c.ID})
	return d, err
}

// maskedFor hides the claimant's phone from who need not call.
func (c Claim) maskedFor(by authz.Actor) Claim {
	c.Phone = ClaimPolicy.Mask(by, ActClaimContact, c, c.Phone, id.MaskPhone)
	return c
}

// claimList is the list of claims.
var claimList = db.Select(claimCols, `claim JOIN account ON account.id = claim.account`,
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("claim.created_us"), db.TextCol("claim.id")}},
	db.Order{Name: "oldest",
		Cols: []db.Col{db.IntCol("claim.created_us"), db.TextCol("claim.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("claim.updated_us"), db.TextCol("claim.id")}},
)

// ClaimOrders returns the names of the orders people may choose.
func ClaimOrders() []string { return claimList.OrderNames() }

// ClaimFilter narrows a list of claims. Zero fields do not narrow.
type ClaimFilter struct {
	Query  string `json:"q,omitempty"` // credit code, or the beginning of the organisation's name
	State  string `json:"state,omitempty"`
	Region string `json:"region,omitempty"` // and everything inside it
	Mine   bool   `json:"mine,omitempty"`   // handed in by the actor
	Late   bool   `json:"late,omitempty"`   // waits and is past its time
}

func (s *Service) claimsWhere(by authz.Actor, f ClaimFilter) db.Where {
	w := db.Where{}
	if f.Late {
		w = w.And("claim.id IN ("+process.LateObjects+")", ClaimProcess.Name(),
			clock.Us(s.unit.Clock().Now()))
	}
	if q := tidy(f.Query); q != "" {
		code, _ := id.ParseUSCC(q)
		w = w.And(`claim.uscc = $1 AND claim.uscc <> '' OR claim.org_name >= $2
			AND claim.org_name < $3`, string(code), q, q+lastRune)
	}
	if f.State != "" {
		w = w.And("claim.state = $1", f.State)
	}
	if f.Region != "" {
		if from, before, ok := authz.RegionRange(f.Region); ok {
			w = w.And("claim.region >= $1 AND claim.region < $2", from, before)
		} else {
			w = w.AndAll(db.Nothing())
		}
	}
	if f.Mine {
		w = w.And("claim.account = $1 AND claim.account <> ''", by.Account)
	}
	return w.AndAll(ClaimPolicy.Scope(by, ActClaimRead))
}

// ListClaims returns a page of the claims the actor may read.
func (s *Service) ListClaims(
	ctx context.Context, by authz.Actor, f ClaimFilter, order string, p db.PageReq,
) (db.Page[Claim], error) {
	page, err := db.List(ctx, s.db, claimList, s.claimsWhere(by, f), claimList.Order(order), p, scanClaim)
	for i := range page.Items {
		page.Items[i].Phone = id.MaskPhone(page.Items[i].Phone)
	}
	return page, err
}

// CountClaims returns how many claims the list has.
func (s *Service) CountClaims(
	ctx context.Context, by authz.Actor, f ClaimFilter,
) (int64, error) {
	return claimList.Count(ctx, s.db, s.claimsWhere(by, f), 0)
}

// EscalateClaims hands claims that are late to who answers for them. A job calls it every few
// minutes.
func (s *Service) EscalateClaims(ctx context.Context, by authz.Actor) (int, error) {
	return s.claims.Escalate(ctx, s.unit, by)
}
