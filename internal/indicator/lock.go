package indicator

import (
	"context"
	"errors"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// What a lock closes.
const (
	LockSet       = "set"
	LockIndicator = "indicator"
)

// LockKinds are what can be locked.
func LockKinds() []plan.Choice {
	return []plan.Choice{{Value: LockSet, Title: "指标体系"}, {Value: LockIndicator, Title: "指标"}}
}

// Lock (锁定) closes a set or an indicator for the periods within one.
type Lock struct {
	ID            string        `json:"id"`
	Kind          string        `json:"kind"`   // LockSet or LockIndicator
	Object        string        `json:"object"` // its id
	Name          string        `json:"name"`
	Period        series.Period `json:"period"`
	Reason        string        `json:"reason"`
	LockedUs      int64         `json:"lockedUs"`
	LockedLogin   string        `json:"lockedLogin"`
	UnlockedUs    int64         `json:"unlockedUs,omitempty"` // 0 = locked
	UnlockedLogin string        `json:"unlockedLogin,omitempty"`
	UnlockReason  string        `json:"unlockReason,omitempty"`
	Version       int64         `json:"version"`
}

const lockColumns = `l.id, l.kind, l.object, COALESCE(s.name, p.name, ''), l.period, l.reason, l.locked_us,
	l.locked_login, l.unlocked_us, l.unlocked_login, l.unlock_reason, l.version`

// lockedSet is the condition that edition e tells what a lock l of its set stands for: the one in force at
// the end of the locked days, the first one for days before there was any.
const lockedSet = `e.state = 'published' AND (e.to_day = '' OR l.last_day < e.to_day) AND (e.from_day <= l.last_day
	OR NOT EXISTS (SELECT 1 FROM indicator_set_edition AS b WHERE b.in_set = e.in_set AND b.state = 'published'
		AND b.from_day < e.from_day))`

const lockFrom = `indicator_lock AS l
	LEFT JOIN indicator_set AS s ON l.kind = 'set' AND s.id = l.object
	LEFT JOIN plan_indicator AS p ON l.kind = 'indicator' AND p.id = l.object`

func scanLock(r db.Row) (Lock, error) {
	var l Lock
	err := r.Scan(&l.ID, &l.Kind, &l.Object, &l.Name, &l.Period, &l.Reason, &l.LockedUs, &l.LockedLogin,
		&l.UnlockedUs, &l.UnlockedLogin, &l.UnlockReason, &l.Version)
	return l, err
}

var locks = db.Select(lockColumns, lockFrom, db.Order{Name: "locked", Desc: true,
	Cols: []db.Col{db.IntCol("l.locked_us"), db.TextCol("l.id")}})

var (
	qLock    = db.Stmt(`SELECT ` + lockColumns + ` FROM ` + lockFrom + ` WHERE l.id = $1`)
	qLockAdd = db.Stmt(`INSERT INTO indicator_lock (id, kind, object, period, first_day, last_day, reason,
			locked_us, locked_by, locked_login, unlocked_us, unlocked_by, unlocked_login, unlock_reason,
			version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '', '', 1)`)
	qUnlock = db.Stmt(`UPDATE indicator_lock SET unlocked_us = $3, unlocked_by = $4, unlocked_login = $5,
			unlock_reason = $6, version = version + 1
		WHERE id = $1 AND version = $2 AND unlocked_us = 0`)
	// What is locked now, by indicator: a set stands for those it has at the end of the locked days.
	qLockedSpans = db.Stmt(`SELECT l.id, l.object, l.first_day, l.last_day FROM indicator_lock AS l
			WHERE l.unlocked_us = 0 AND l.kind = 'indicator'
		UNION SELECT l.id, i.indicator, l.first_day, l.last_day FROM indicator_lock AS l
			JOIN indicator_edition_item AS i ON i.in_set = l.object
			JOIN indicator_set_edition AS e ON e.id = i.edition
			WHERE l.unlocked_us = 0 AND l.kind = 'set' AND ` + lockedSet)
)

// LockedSpan is a stretch of days that a lock closes for an indicator.
type LockedSpan struct{ Lock, Indicator, First, Last string }

// Closes reports whether a period lies within the span.
func (l LockedSpan) Closes(p series.Period) bool {
	return l.First <= p.FirstDay() && p.LastDay() <= l.Last
}

// LockedSpans returns what is locked now, by lock and indicator.
func (s *Service) LockedSpans(ctx context.Context, q db.Q) ([]LockedSpan, error) {
	return db.All(ctx, q, qLockedSpans, func(r db.Row) (LockedSpan, error) {
		var l LockedSpan
		err := r.Scan(&l.Lock, &l.Indicator, &l.First, &l.Last)
		return l, err
	})
}

// closedSpans are all of them by indicator.
type closedSpans map[string][]LockedSpan

func (c closedSpans) closed(x Cell) bool {
	return slices.ContainsFunc(c[x.Indicator], func(l LockedSpan) bool { return l.Closes(x.Period) })
}

func (s *Service) openLocks(ctx context.Context, q db.Q) (closedSpans, error) {
	all, err := s.LockedSpans(ctx, q)
	out := closedSpans{}
	for _, l := range all {
		out[l.Indicator] = append(out[l.Indicator], l)
	}
	return out, err
}

// NewLock is the input of LockPeriod.
type NewLock struct {
	Kind   string        `json:"kind"`
	Object string        `json:"object"`
	Period series.Period `json:"period"`
	Reason string        `json:"reason"`
	Key    string        `json:"-"`
}

// LockPeriod closes a set or an indicator for all periods within one: nothing of them can be reported,
// approved or corrected until it is unlocked.
func (s *Service) LockPeriod(ctx context.Context, by authz.Actor, in NewLock) (Lock, error) {
	if err := LockPolicy.May(by, ActLockWrite, Lock{}); err != nil {
		return Lock{}, err
	}
	in.Reason = lines(in.Reason)
	var f faults
	f.choice("kind", in.Kind, LockKinds())
	f.prose("reason", in.Reason, true)
	if !in.Period.Valid() {
		f.add("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09")
	}
	if err := f.err(); err != nil {
		return Lock{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.LockPeriod", in.Key, in,
		func(tx *unit.Tx) (Lock, error) {
			var err error
			if in.Kind == LockSet {
				_, err = s.setByID(ctx, tx, in.Object)
			} else {
				_, err = s.opt.Plan.IndicatorIn(ctx, tx, in.Object)
			}
			if fault.Is(err, fault.NotFound) {
				return Lock{}, fault.Fields(fault.At("object", "请选择一项"))
			}
			if err != nil {
				return Lock{}, err
			}
			newID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qLockAdd, newID, in.Kind, in.Object, string(in.Period),
				in.Period.FirstDay(), in.Period.LastDay(), in.Reason, tx.NowUs(), by.Account, by.Login)
			if db.Violates(err, "indicator_lock", "kind", "object", "period") {
				return Lock{}, fault.Fields(fault.At("period", "这一期已经锁定"))
			}
			if err != nil {
				return Lock{}, err
			}
			tx.Audit(audit.Entry{Kind: kindLock, Object: newID, What: "lock", Reason: in.Reason, Detail: in})
			tx.Emit(outbox.Event{Kind: EventLock, Object: newID, Data: "locked"})
			return s.lockByID(ctx, tx, newID)
		})
	return out, err
}

// Unlocking is the input of Unlock.
type Unlocking struct {
	ID      string `json:"-"`
	Reason  string `json:"reason"`
	Version int64  `json:"version"`
}

// Unlock opens what was locked; the lock stays to be read with the reason.
func (s *Service) Unlock(ctx context.Context, by authz.Actor, in Unlocking) (Lock, error) {
	var out Lock
	in.Reason = lines(in.Reason)
	err := s.unit.Write(ctx, by, "indicator.Unlock", func(tx *unit.Tx) error {
		l, err := s.lockByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := LockPolicy.May(by, ActLockWrite, l); err != nil {
			return err
		}
		var f faults
		f.prose("reason", in.Reason, true)
		if err := f.err(); err != nil {
			return err
		}
		if l.UnlockedUs != 0 || l.Version != in.Version {
			return errStale()
		}
		err = db.ExecOne(ctx, tx.Tx, qUnlock, l.ID, l.Version, tx.NowUs(), by.Account, by.Login, in.Reason)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindLock, Object: l.ID, What: "unlock", Reason: in.Reason})
		tx.Emit(outbox.Event{Kind: EventLock, Object: l.ID, Data: "unlocked"})
		out, err = s.lockByID(ctx, tx, l.ID)
		return err
	})
	return out, err
}

// ListLocks returns a page of what is or was locked, the latest first.
func (s *Service) ListLocks(
	ctx context.Context, by authz.Actor, openOnly bool, p db.PageReq,
) (db.Page[Lock], error) {
	w := LockPolicy.Scope(by, ActLockRead)
	if openOnly {
		w = w.And("l.unlocked_us = 0")
	}
	page, err := db.List(ctx, s.unit.DB(), locks, w, locks.Order(""), p, scanLock)
	for i := range page.Items {
		err = errors.Join(err, s.nameLock(ctx, s.unit.DB(), &page.Items[i]))
	}
	return page, err
}

func (s *Service) lockByID(ctx context.Context, q db.Q, lockID string) (Lock, error) {
	l, err := db.Get(ctx, q, qLock, scanLock, lockID)
	if err != nil {
		return l, err
	}
	return l, s.nameLock(ctx, q, &l)
}

// nameLock gives a lock of a set the name the set has today.
func (s *Service) nameLock(ctx context.Context, q db.Q, l *Lock) error {
	if l.Kind != LockSet {
		return nil
	}
	x, err := s.setByID(ctx, q, l.Object)
	if err == nil {
		l.Name = x.Name
	}
	return err
}
