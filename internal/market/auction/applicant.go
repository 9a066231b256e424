package auction

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an applicant, and of its deposit (保证金).
const (
	StateApplied  = "applied"  // 待审查
	StateAdmitted = "admitted" // 已获资格
	StateRefused  = "refused"  // 未通过

	DepositNone      = "none"
	DepositPaid      = "paid"      // 已缴
	DepositReturned  = "returned"  // 已退还
	DepositForfeited = "forfeited" // 已没收
	DepositMoved     = "moved"     // 已转入竞价: it is the deposit for the auction that follows
)

// Applicant is an organisation that wants to take part (竞买人). Others know it by its number.
type Applicant struct {
	ID           string    `json:"id"`
	Auction      string    `json:"auction"`
	Number       int64     `json:"number"`
	Org          string    `json:"org"`
	OrgName      string    `json:"orgName"`
	Contact      string    `json:"contact,omitempty"`
	Note         string    `json:"note,omitempty"`
	State        string    `json:"state"`
	Reason       string    `json:"reason,omitempty"` // why it was refused
	DepositFen   money.Fen `json:"depositFen,omitempty"`
	DepositState string    `json:"depositState"`
	DepositUs    int64     `json:"depositUs,omitempty"`
	CreatedUs    int64     `json:"createdUs"`
	Version      int64     `json:"version"`

	account, orgNow string
}

const applicantCols = `a.id, a.auction, a.number, a.account, a.org, a.org_now, a.org_name, a.contact,
	a.note, a.state, a.reason, a.deposit_fen, a.deposit_state, a.deposit_us, a.created_us, a.version`

func scanApplicant(r db.Row) (Applicant, error) {
	var a Applicant
	err := r.Scan(&a.ID, &a.Auction, &a.Number, &a.account, &a.Org, &a.orgNow, &a.OrgName, &a.Contact,
		&a.Note, &a.State, &a.Reason, &a.DepositFen, &a.DepositState, &a.DepositUs, &a.CreatedUs,
		&a.Version)
	return a, err
}

var (
	qApplicant = db.Stmt(`SELECT ` + applicantCols + ` FROM auction_applicant AS a WHERE a.id = $1`)
	qAdmitted  = db.Stmt(`SELECT ` + applicantCols + ` FROM auction_applicant AS a
		WHERE a.auction = $1 AND a.state = 'admitted' ORDER BY a.number`)
	qOwn = db.Stmt(`SELECT ` + applicantCols + ` FROM auction_applicant AS a
		WHERE a.auction = $1 AND a.org_now = $2 ORDER BY a.number LIMIT 1`)
	qNumbers = db.Stmt(`SELECT ` + applicantCols + ` FROM auction_applicant AS a
		WHERE a.auction = $1 ORDER BY a.number`)
	qApplicantAdd = db.Stmt(`INSERT INTO auction_applicant (id, auction, number, account, org, org_now,
			org_name, contact, note, state, reason, deposit_fen, deposit_state, deposit_us, created_us,
			version)
		VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, 'applied', '', 0, 'none', 0, $9, 1)`)
	qDecide = db.Stmt(`UPDATE auction_applicant SET state = $3, reason = $4, version = version + 1
		WHERE id = $1 AND version = $2`)
	qDeposit = db.Stmt(`UPDATE auction_applicant SET deposit_fen = $3, deposit_state = $4,
		deposit_us = $5, version = version + 1 WHERE id = $1 AND version = $2`)
)

var applicants = db.Select(applicantCols, `auction_applicant AS a`,
	db.Order{Name: "number", Cols: []db.Col{db.IntCol("a.number"), db.TextCol("a.id")}},
)

// Application is the input of Apply.
type Application struct {
	Auction string `json:"-"`
	Contact string `json:"contact"`
	Note    string `json:"note,omitempty"`
	Key     string `json:"-"`
}

// Apply asks to take part, on behalf of the actor's organisation.
func (s *Service) Apply(ctx context.Context, by authz.Actor, in Application) (Applicant, error) {
	in.Contact, in.Note = occasion.Tidy(in.Contact), occasion.Lines(in.Note)
	out, _, err := unit.Once(ctx, s.unit, by, "auction.Apply", in.Key, in,
		func(tx *unit.Tx) (Applicant, error) {
			if err := lock(ctx, tx, in.Auction); err != nil {
				return Applicant{}, err
			}
			x, err := s.read(ctx, tx, by, in.Auction)
			if err != nil {
				return Applicant{}, err
			}
			if x.State != Notice && x.State != Bidding || x.nowUs >= x.ClosesUs {
				return Applicant{}, fault.New(fault.Conflict, "现在不接受申请")
			}
			if err := Policy.May(by, ActApply, x); err != nil {
				return Applicant{}, err
			}
			var f occasion.Faults
			f.Line("contact", in.Contact, occasion.MaxLine, true)
			f.Prose("note", in.Note, maxNote, false)
			if err := f.Err(); err != nil {
				return Applicant{}, err
			}
			o, err := s.opt.Party.GetOrganisation(ctx, by, by.Org)
			if err != nil {
				return Applicant{}, err
			}
			n, err := next(ctx, tx, "applicant:"+x.ID)
			if err != nil {
				return Applicant{}, err
			}
			applicantID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qApplicantAdd, applicantID, x.ID, n, by.Account, by.Org, o.Name,
				in.Contact, in.Note, tx.NowUs())
			if err != nil {
				return Applicant{}, err
			}
			tx.Audit(audit.Entry{Kind: kindApplicant, Object: applicantID, What: "apply",
				Detail: map[string]any{"auction": x.ID}})
			return db.Get(ctx, tx, qApplicant, scanApplicant, applicantID)
		})
	if db.Violates(err, "auction_applicant", "auction", "org") {
		return Applicant{}, fault.New(fault.Conflict, "本单位已经申请")
	}
	return out, err
}

// maxNote bounds what an applicant writes, in characters.
const maxNote = 500

// applicant loads an applicant and its auction for an action.
func (s *Service) applicant(
	ctx context.Context, tx *unit.Tx, by authz.Actor, applicantID string, act authz.Action,
) (Applicant, Item, error) {
	a, err := db.Get(ctx, tx, qApplicant, scanApplicant, applicantID)
	if err != nil {
		return a, Item{}, err
	}
	if err := ApplicantPolicy.May(by, act, a); err != nil {
		return a, Item{}, err
	}
	if err := lock(ctx, tx, a.Auction); err != nil {
		return a, Item{}, err
	}
	x, err := s.load(ctx, tx, a.Auction)
	return a, x, err
}

// Decision is the input of DecideApplicant.
type Decision struct {
	ID      string `json:"-"`
	Admit   bool   `json:"admit"`
	Reason  string `json:"reason,omitempty"` // why not
	Version int64  `json:"version"`
}

// DecideApplicant admits an applicant whose deposit is paid, or refuses it with a reason.
func (s *Service) DecideApplicant(
	ctx context.Context, by authz.Actor, in Decision,
) (Applicant, error) {
	in.Reason = occasion.Tidy(in.Reason)
	var out Applicant
	err := s.unit.Write(ctx, by, "auction.DecideApplicant", func(tx *unit.Tx) error {
		a, x, err := s.applicant(ctx, tx, by, in.ID, ActApplicantRun)
		if err != nil {
			return err
		}
		var f occasion.Faults
		f.Line("reason", in.Reason, maxNote, !in.Admit)
		if err := f.Err(); err != nil {
			return err
		}
		switch {
		case a.State != StateApplied:
			return fault.New(fault.Conflict, "这项申请已经审查")
		case x.State != Notice && x.State != Bidding:
			return fault.New(fault.Conflict, "现在不能审查资格")
		case in.Admit && x.DepositFen > 0 && a.DepositState != DepositPaid:
			return fault.New(fault.Conflict, "保证金尚未缴纳")
		}
		state := StateRefused
		if in.Admit {
			state = StateAdmitted
		}
		if err := db.ExecOne(ctx, tx.Tx, qDecide, a.ID, in.Version, state, in.Reason); err != nil {
			return err
		}
		if in.Admit && x.Mode == Listing && x.State == Bidding {
			_, err := record(ctx, tx, x, x.Replayed(), Event{AtUs: s.nowUs(), Kind: EvAdmit, Who: a.ID})
			if err != nil {
				return err
			}
		}
		tx.Audit(audit.Entry{Kind: kindApplicant, Object: a.ID, What: state, Reason: in.Reason})
		out, err = db.Get(ctx, tx, qApplicant, scanApplicant, a.ID)
		return err
	})
	return out, err
}

// Deposit is the input of RecordDeposit.
type Deposit struct {
	ID      string    `json:"-"`
	State   string    `json:"state"` // paid, returned or forfeited
	Fen     money.Fen `json:"fen,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Version int64     `json:"version"`
}

// RecordDeposit records that a deposit was paid, returned or forfeited. The money itself moves
// elsewhere.
func (s *Service) RecordDeposit(ctx context.Context, by authz.Actor, in Deposit) (Applicant, error) {
	in.Reason = occasion.Tidy(in.Reason)
	var out Applicant
	err := s.unit.Write(ctx, by, "auction.RecordDeposit", func(tx *unit.Tx) error {
		a, x, err := s.applicant(ctx, tx, by, in.ID, ActApplicantRun)
		if err != nil {
			return err
		}
		if err := s.checkDeposit(a, x, &in); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qDeposit, a.ID, in.Version, int64(in.Fen), in.State, tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindApplicant, Object: a.ID, What: "deposit_" + in.State,
			Reason: in.Reason, Detail: map[string]any{"fen": in.Fen}})
		out, err = db.Get(ctx, tx, qApplicant, scanApplicant, a.ID)
		return err
	})
	return out, err
}

func (s *Service) checkDeposit(a Applicant, x Item, in *Deposit) error {
	var f occasion.Faults
	f.Line("reason", in.Reason, maxNote, in.State == DepositForfeited)
	switch in.State {
	case DepositPaid:
		f.Money("fen", in.Fen, true)
		if in.Fen > 0 && in.Fen < x.DepositFen {
			f.Add("fen", "保证金应不少于 %s 元", yuan(x.DepositFen))
		}
		if a.DepositState != DepositNone {
			f.Add("state", "保证金已经登记")
		}
	case DepositReturned, DepositForfeited:
		if a.DepositState != DepositPaid {
			f.Add("state", "没有已缴的保证金")
		}
		// Who may bid has a deposit until bidding is over: else a bid would bind nobody.
		if a.State == StateAdmitted && (x.State == Notice || x.State == Bidding) {
			f.Add("state", "已获资格的竞买人的保证金在竞价结束前不能退还或没收")
		}
		if in.State == DepositForfeited && x.State == Cancelled {
			f.Add("state", "交易已取消或终结，不算任何一方违约，保证金应退还")
		}
		in.Fen = a.DepositFen
	default:
		f.Add("state", "没有“%s”这个选项", in.State)
	}
	return f.Err()
}

// ListApplicants returns the applicants of an auction that the actor may read.
func (s *Service) ListApplicants(
	ctx context.Context, by authz.Actor, itemID string, p db.PageReq,
) (db.Page[Applicant], error) {
	w := ApplicantPolicy.Scope(by, ActApplicantRead).And("a.auction = $1", itemID)
	return db.List(ctx, s.unit.DB(), applicants, w, applicants.Order(""), p, scanApplicant)
}
