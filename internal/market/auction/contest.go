package auction

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Contest is the input of Contest: the auction in which the takers of a listing compete.
type Contest struct {
	ID string `json:"-"` // of the listing
	Data
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// follower is the data of StepContest: the id of the auction that follows.
type follower struct{ ID string }

func followed(_ Item, in process.Input) error {
	if _, ok := in.Data.(follower); !ok {
		return fault.New(fault.Conflict, "请在“转为竞价”页面填写竞价方式和时间")
	}
	return nil
}

var (
	qCarry = db.Stmt(`INSERT INTO auction_applicant (id, auction, number, account, org, org_now, org_name,
			contact, note, state, reason, deposit_fen, deposit_state, deposit_us, created_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, $13, $14, 1)`)
	qFollower = db.Stmt(`SELECT id FROM auction_item WHERE listing = $1 AND listing <> ''
		ORDER BY created_us, id LIMIT 1`)
)

// Hours at which an auction opens and ends that nobody has changed, in China.
const (
	opensAt = 9 * time.Hour
	endsAt  = 17 * time.Hour
)

// Following is what an auction after a listing begins with: the conditions, the price and the deposit that
// its takers have accepted, as soon as the notice of the rule allows.
func Following(x Item, r Rule, now time.Time) Data {
	first := clock.Time(daysAfter(clock.Us(now), r.NoticeDays))
	return Data{Post: x.Post, Mode: English, Text: x.Text, StartFen: x.StartFen, DepositFen: x.DepositFen,
		IncrementFen: max(x.StartFen/100, 1), OpensUs: clock.Us(first.Add(opensAt)),
		EndsUs: clock.Us(first.Add(endsAt)), NoticeDays: r.NoticeDays, PublicityDays: r.PublicityDays,
		WithinSeconds: int64(r.Within / time.Second), ExtendSeconds: int64(r.Extend / time.Second)}
}

// Contest ends a listing with several takers and announces the auction in which they compete, all at
// once. The takers are its applicants: with the deposit that they paid, where it is enough, and admitted,
// where besides the conditions are those that they were admitted by.
func (s *Service) Contest(ctx context.Context, by authz.Actor, in Contest) (Item, error) {
	rule, err := s.RuleAt(ctx, in.Mode, in.OpensUs)
	if err != nil {
		return Item{}, err
	}
	in.normalise(rule)
	out, _, err := unit.Once(ctx, s.unit, by, "auction.Contest", in.Key, in,
		func(tx *unit.Tx) (Item, error) {
			if err := lock(ctx, tx, in.ID); err != nil {
				return Item{}, err
			}
			old, err := s.read(ctx, tx, by, in.ID)
			if err != nil {
				return Item{}, err
			}
			if err := Policy.May(by, ActRun, old); err != nil {
				return Item{}, err
			}
			d := in.Data
			d.Post = old.Post
			if err := d.follows(old, rule); err != nil {
				return Item{}, err
			}
			return s.follow(ctx, tx, old, d, in.Version)
		})
	return out.shown(), err
}

// follows checks the auction that follows a listing.
func (d Data) follows(old Item, rule Rule) error {
	if d.Mode == Listing { // whose rule is another one: what else is wrong is said by the next attempt
		return fault.Fields(fault.At("mode", "请选择增价拍卖或密封报价"))
	}
	var f occasion.Faults
	d.check(rule, &f)
	if d.StartFen > 0 && d.StartFen < old.StartFen {
		f.Add("startFen", "起拍价不能低于挂牌价 %s 元，受让方已接受这个价格", yuan(old.StartFen))
	}
	if earliest := daysAfter(old.nowUs, d.NoticeDays); d.OpensUs > 0 && d.OpensUs < earliest {
		f.Add("opensUs", "公告期 %d 天，今天公告，竞价最早于 %s 开始", d.NoticeDays, second(earliest))
	}
	return f.Err()
}

func (s *Service) follow(ctx context.Context, tx *unit.Tx, old Item, d Data, version int64) (Item, error) {
	x := Item{ID: id.New(), Data: d, PostTitle: old.PostTitle, Org: old.Org, OrgNow: old.OrgNow,
		OrgName: old.OrgName, State: Draft, CreatedBy: tx.By().Account, Listing: old.ID}
	_, err := s.items.Fire(ctx, tx, old.ID, version, StepContest, process.Input{Data: follower{x.ID}})
	if err != nil {
		return x, err
	}
	tx.Emit(outbox.Event{Kind: EventMoved, Object: old.ID, Data: StepContest})
	if x, err = s.add(ctx, tx, x); err != nil {
		return x, err
	}
	if x, err = s.items.Fire(ctx, tx, x.ID, x.Version, stepAnnounce, process.Input{}); err != nil {
		return x, err
	}
	tx.Emit(outbox.Event{Kind: EventMoved, Object: x.ID, Data: stepAnnounce})
	takers, err := db.All(ctx, tx, qAdmitted, scanApplicant, old.ID)
	if err != nil {
		return x, err
	}
	for _, a := range takers {
		if err := carry(ctx, tx, old, x, a); err != nil {
			return x, err
		}
	}
	return x, nil
}

// carry makes a taker of a listing an applicant of the auction that follows it. A deposit is in one of
// the two only.
func carry(ctx context.Context, tx *unit.Tx, old, x Item, a Applicant) error {
	n, err := next(ctx, tx, "applicant:"+x.ID)
	if err != nil {
		return err
	}
	b := a
	b.ID, b.State, b.DepositFen, b.DepositState, b.DepositUs = id.New(), StateApplied, 0, DepositNone, 0
	enough := x.DepositFen == 0
	if x.DepositFen > 0 && a.DepositState == DepositPaid && a.DepositFen >= x.DepositFen {
		enough = true
		b.DepositFen, b.DepositState, b.DepositUs = a.DepositFen, DepositPaid, a.DepositUs
		err := db.ExecOne(ctx, tx.Tx, qDeposit, a.ID, a.Version, int64(a.DepositFen), DepositMoved, tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindApplicant, Object: a.ID, What: "deposit_" + DepositMoved,
			Detail: map[string]any{"fen": a.DepositFen, "applicant": b.ID}})
	}
	if enough && x.Text == old.Text {
		b.State = StateAdmitted
	}
	tx.Audit(audit.Entry{Kind: kindApplicant, Object: b.ID, What: "carry",
		Detail: map[string]any{"auction": x.ID, "from": a.ID, "state": b.State}})
	return db.ExecOne(ctx, tx.Tx, qCarry, b.ID, x.ID, n, a.account, a.Org, a.orgNow, a.OrgName, a.Contact,
		a.Note, b.State, int64(b.DepositFen), b.DepositState, b.DepositUs, tx.NowUs())
}
