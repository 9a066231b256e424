package market

import (
	"context"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const (
	jobFresh     = "market.fresh"
	freshTimeout = 20 * time.Minute
	freshBatch   = 100
)

// MaxConfirm is how many posts can be confirmed at once.
const MaxConfirm = 200

// ReminderEvent is the data of EventPostReminder.
type ReminderEvent struct {
	Days    int    `json:"days"`    // that are left, at most
	UntilUs int64  `json:"untilUs"` // by when the post has to be confirmed
	Org     string `json:"org"`     // the record its owner lives on as
}

// RegisterJobs gives the runner the work of this room: it looks after freshness as time passes. It
// is called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobFresh, freshTimeout, func(ctx context.Context, run *job.Run) error {
		kept, err := s.KeepFresh(ctx)
		if err != nil {
			return err
		}
		return run.Result(kept)
	})
	r.Handle(jobImport, importTimeout, s.importJob)
	r.Every(jobFresh, time.Hour, job.Spec{Kind: jobFresh})
}

// Kept says what KeepFresh did.
type Kept struct {
	Reminded int `json:"reminded"`
	Stale    int `json:"stale"`
}

var (
	// The nearest reminder comes first, so that a post that is late is reminded once.
	qToRemind = db.Stmt(`SELECT p.id FROM market_post AS p
		WHERE p.state = 'published' AND p.fresh_us > 0 AND p.fresh_us <= $1
			AND NOT EXISTS (SELECT 1 FROM market_reminder AS r WHERE r.post = p.id
				AND r.fresh_us = p.fresh_us AND r.days <= $2)
		ORDER BY p.id LIMIT $3`)
	qReminded = db.Stmt(`INSERT INTO market_reminder (post, fresh_us, days, at_us)
		VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`)
	qToStale = db.Stmt(`SELECT p.id FROM market_post AS p
		WHERE p.state = 'published' AND (p.fresh_us > 0 AND p.fresh_us < $1
			OR p.deadline <> '' AND p.deadline < $2)
			AND p.id > $4
		ORDER BY p.id LIMIT $3`)
)

// KeepFresh reminds owners of posts that are to be confirmed, and takes out of the market what
// nobody confirmed and needs whose deadline has passed. What is talked about or traded stays.
func (s *Service) KeepFresh(ctx context.Context) (Kept, error) {
	var out Kept
	rule, err := ruleAt(ctx, s.unit.DB(), s.day())
	if err != nil {
		return out, err
	}
	limit := s.nowUs() - int64(rule.GraceDays)*dayUs
	for after := ""; ; {
		n, last, err := s.staleBatch(ctx, limit, after)
		out.Stale += n
		if err != nil {
			return out, err
		}
		if last == "" {
			break
		}
		after = last
	}
	days := slices.Clone(rule.RemindDays)
	slices.Sort(days)
	for _, d := range days {
		for {
			n, err := s.remindBatch(ctx, d)
			out.Reminded += n
			if err != nil {
				return out, err
			}
			if n == 0 {
				break
			}
		}
	}
	return out, nil
}

// staleBatch takes the next posts out of the market, and returns how many and the last one it looked at,
// "" where there are no more.
func (s *Service) staleBatch(ctx context.Context, limitUs int64, after string) (int, string, error) {
	n, last := 0, ""
	err := s.unit.Write(ctx, house, "market.fresh", func(tx *unit.Tx) error {
		today := clock.DateOf(clock.Time(tx.NowUs()))
		ids, err := db.All(ctx, tx, qToStale, db.One[string], limitUs, string(today), int64(freshBatch), after)
		if err != nil {
			return err
		}
		n, last = 0, ""
		for _, postID := range ids {
			last = postID
			p, err := PostByID(ctx, tx, postID)
			if err != nil {
				return err
			}
			if held, err := s.heldBy(ctx, tx, p); err != nil {
				return err
			} else if held != nil {
				continue // once the trade has ended
			}
			why := whyUnconfirmed
			if p.FreshUntil >= limitUs {
				why = whyDeadline
			}
			p, err = s.process(p.Kind).Fire(ctx, tx, p.ID, p.Version, StepGoStale, process.Input{Reason: why})
			if err != nil {
				return err
			}
			moved(tx, p, StepGoStale)
			n++
		}
		return nil
	})
	return n, last, err
}

func (s *Service) remindBatch(ctx context.Context, days int) (int, error) {
	n := 0
	err := s.unit.Write(ctx, house, "market.remind", func(tx *unit.Tx) error {
		ids, err := db.All(ctx, tx, qToRemind, db.One[string], tx.NowUs()+int64(days)*dayUs,
			int64(days), int64(freshBatch))
		if err != nil || len(ids) == 0 {
			n = 0
			return err
		}
		n = len(ids)
		for _, postID := range ids {
			p, err := PostByID(ctx, tx, postID)
			if err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx.Tx, qReminded, p.ID, p.FreshUntil, int64(days), tx.NowUs())
			if err != nil {
				return err
			}
			tx.Emit(outbox.Event{Kind: EventPostReminder, Object: p.ID,
				Data: ReminderEvent{days, p.FreshUntil, p.OrgNow}})
		}
		tx.Audit(audit.Entry{Kind: kindPost, What: "remind",
			Detail: map[string]any{"posts": n, "days": days}})
		return nil
	})
	return n, err
}

// Confirmed says what ConfirmPosts did.
type Confirmed struct {
	Done    []string  `json:"done"` // ids
	Refused []Refusal `json:"refused,omitempty"`
}

// Refusal is a post that could not be confirmed.
type Refusal struct {
	ID    string       `json:"id"`
	Title string       `json:"title,omitempty"`
	Why   *fault.Error `json:"-"`
}

// ConfirmPosts says of posts that they are still so, as many as there are: one that went stale
// comes back. Those that cannot be confirmed are returned with the reason; the others are confirmed.
func (s *Service) ConfirmPosts(
	ctx context.Context, by authz.Actor, ids []string,
) (Confirmed, error) {
	if len(ids) == 0 || len(ids) > MaxConfirm {
		return Confirmed{}, fault.Fields(fault.At("ids", "一次可确认 1 到 %d 条", MaxConfirm))
	}
	var out Confirmed
	err := s.unit.Write(ctx, by, "market.ConfirmPosts", func(tx *unit.Tx) error {
		out = Confirmed{Done: []string{}}
		for _, postID := range unique(ids) {
			p, step, err := s.confirmable(ctx, tx, by, postID)
			if why, ok := fault.As(err); ok && why.Kind != fault.Internal && why.Kind != fault.Unavailable {
				out.Refused = append(out.Refused, Refusal{postID, p.Title, why})
				continue
			}
			if err != nil {
				return err
			}
			p, err = s.process(p.Kind).Fire(ctx, tx, p.ID, p.Version, step, process.Input{})
			if err != nil {
				return err
			}
			moved(tx, p, step)
			out.Done = append(out.Done, p.ID)
		}
		return nil
	})
	return out, err
}

// confirmable returns a post and the step that confirms it, or why it cannot be.
func (s *Service) confirmable(
	ctx context.Context, q db.Q, by authz.Actor, postID string,
) (Post, string, error) {
	p, err := s.load(ctx, q, by, postID)
	if err != nil {
		return Post{}, "", err
	}
	if err := PostPolicy.May(by, ActPostConfirm, p); err != nil {
		return p.seenBy(by), "", err
	}
	step := StepConfirm
	switch p.State {
	case Published, Talking:
	case Stale:
		step = StepReconfirm
	default:
		return p, "", fault.New(fault.Conflict, "当前状态不需要确认")
	}
	return p, step, inTime(p)
}

// inTime says why a need whose deadline has passed cannot be confirmed.
func inTime(p Post) error {
	if p.Deadline != "" && p.today != "" && p.Deadline < p.today {
		return fault.New(fault.Conflict, "需求截止日期 %s 已过，请先修改截止日期", string(p.Deadline))
	}
	return nil
}
