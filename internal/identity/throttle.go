package identity

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Guessing is slowed down where it comes from. A counter belongs to a login name as seen from one
// network, to a network as a whole, to a device the owner has logged in from before, or to a
// session that confirms its own password. None belongs to an account as such: whoever guesses from
// elsewhere, or without the owner's device, slows down only themselves.
//
// Each try is counted before the password is looked at, and uncounted when it was right, so that
// many tries at once are as slow as one after the other.

// pace is how a counter slows down: the first free failures cost nothing, then the pause doubles
// with every step failures, up to the longest; after forget without a failure all is as new.
type pace struct {
	prefix  string
	free    int64
	step    int64
	first   time.Duration
	longest time.Duration
	forget  time.Duration
}

var (
	paceLogin   = pace{"login:", 5, 1, time.Second, 15 * time.Minute, 24 * time.Hour}
	paceDevice  = pace{"device:", 5, 1, time.Second, 15 * time.Minute, 24 * time.Hour}
	paceConfirm = pace{"confirm:", 5, 1, time.Second, 15 * time.Minute, 24 * time.Hour}
	// An office shares one address: its typing errors must not add up to a lock.
	paceNetwork  = pace{"network:", 100, 20, time.Second, 5 * time.Minute, time.Hour}
	paceRegister = pace{"register:", 30, 1, time.Minute, time.Hour, 24 * time.Hour}
)

// pause is how long to wait after so many failures.
func (p pace) pause(failures int64) time.Duration {
	if failures < p.free {
		return 0
	}
	wait := p.first
	for n := (failures - p.free) / p.step; n > 0 && wait < p.longest; n-- {
		wait *= 2
	}
	return min(wait, p.longest)
}

// counter names one row of login_throttle.
type counter struct {
	pace pace
	key  string
}

// counterOf returns the counter of these parts. They are hashed: the table tells nobody's address
// or login name.
func counterOf(p pace, parts ...string) counter {
	text := ""
	for _, part := range parts {
		text += part + "\n"
	}
	return counter{p, p.prefix + digest(text)}
}

// Networks are told apart by what a customer usually gets: a /24 of IPv4, a /48 of IPv6.
const (
	bitsIPv4 = 24
	bitsIPv6 = 48
)

// network returns the prefix that an address belongs to. What is no address counts as one network.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	bits := bitsIPv6
	if a.Is4() {
		bits = bitsIPv4
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// tally is the state of a counter.
type tally struct{ failures, lastUs, untilUs int64 }

var (
	// Reading takes the row, so that tries at once come one after the other.
	qTake = db.Stmt(`INSERT INTO login_throttle (counter, failures, last_us, until_us, version)
		VALUES ($1, 0, $2, 0, 1)
		ON CONFLICT (counter) DO UPDATE SET version = login_throttle.version + 1
		RETURNING failures, last_us, until_us`)
	qCount = db.Stmt(`UPDATE login_throttle SET failures = $2, last_us = $3, until_us = $4
		WHERE counter = $1`)
	// The pause goes, too: to come this far the try had to wait for it.
	qUncount = db.Stmt(`UPDATE login_throttle SET failures = failures - 1, until_us = 0,
		version = version + 1 WHERE counter = $1 AND failures > 0`)
	qForgive   = db.Stmt(`DELETE FROM login_throttle WHERE counter = $1 RETURNING failures`)
	qForgetOld = db.Stmt(`DELETE FROM login_throttle WHERE last_us < $1 AND until_us < $1`)
)

func scanTally(r db.Row) (tally, error) {
	var t tally
	err := r.Scan(&t.failures, &t.lastUs, &t.untilUs)
	return t, err
}

// errTooFast undoes the counting of a try that comes too early: it was not looked at.
type errTooFast struct{ until time.Time }

func (e errTooFast) Error() string { return "too many tries, next at " + e.until.String() }

func isTooFast(err error) bool {
	_, fast := errors.AsType[errTooFast](err)
	return fast
}

// charge counts a try on every counter, or refuses it as Unavailable without counting when one of
// them still pauses. The pause ends at its last instant: a try at that moment is taken.
func (s *Service) charge(ctx context.Context, counters ...counter) error {
	slices.SortFunc(counters, func(a, b counter) int { // one order for all: no deadlock
		if a.key < b.key {
			return -1
		}
		return 1
	})
	now := s.clock.Now()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, c := range counters {
			if _, err := c.charge(ctx, tx, now); err != nil {
				return err
			}
		}
		return nil
	})
	if fast, ok := errors.AsType[errTooFast](err); ok {
		return fault.New(fault.Unavailable, "尝试次数过多，请在 %s 后再试",
			waiting(fast.until.Sub(now))).Wrap(fast)
	}
	return err
}

// waiting is a pause in words, rounded up.
func waiting(d time.Duration) i18n.Key {
	if d <= time.Minute {
		return "一分钟"
	}
	if d <= 5*time.Minute {
		return "五分钟"
	}
	if d <= 15*time.Minute {
		return "一刻钟"
	}
	return "一小时"
}

// charge counts a try and returns how many there are.
func (c counter) charge(ctx context.Context, tx *db.Tx, now time.Time) (int64, error) {
	nowUs := clock.Us(now)
	t, err := db.Get(ctx, tx, qTake, scanTally, c.key, nowUs)
	if err != nil {
		return 0, err
	}
	if nowUs < t.untilUs {
		return 0, errTooFast{clock.Time(t.untilUs)}
	}
	if nowUs-t.lastUs >= c.pace.forget.Microseconds() {
		t.failures = 0
	}
	t.failures++
	until := int64(0)
	if p := c.pace.pause(t.failures); p > 0 {
		until = nowUs + p.Microseconds()
	}
	return t.failures, db.ExecOne(ctx, tx, qCount, c.key, t.failures, nowUs, until)
}

// forgive clears the counters of whoever proved to be the owner, and takes the try off those that
// others share. It returns how many failures the owner's counters had.
func forgive(ctx context.Context, tx *db.Tx, counters []counter) (int64, error) {
	var failures int64
	for _, c := range counters {
		if c.pace == paceNetwork {
			if err := uncount(ctx, tx, c); err != nil {
				return 0, err
			}
			continue
		}
		n, _, err := db.Find(ctx, tx, qForgive, db.One[int64], c.key)
		if err != nil {
			return 0, err
		}
		failures += max(n-1, 0) // the right try was counted, too
	}
	return failures, nil
}

// uncount takes a try that was right off its counters and leaves the failures before it.
func uncount(ctx context.Context, tx *db.Tx, counters ...counter) error {
	for _, c := range counters {
		if _, err := db.Exec(ctx, tx, qUncount, c.key); err != nil {
			return err
		}
	}
	return nil
}

// Classes of failed log-ins, for the audit trail. The person who fails sees none of them.
const (
	failUnknown  = "unknown"  // no such login name
	failPassword = "password" // wrong password, or an account without one
	failStatus   = "status"   // right password of a locked or closed account
	failCode     = "code"     // wrong or used second factor
	failFast     = "fast"     // came too early, was not looked at
)

var qFailure = db.Stmt(`INSERT INTO login_failure (hour_us, class, n) VALUES ($1, $2, 1)
	ON CONFLICT (hour_us, class) DO UPDATE SET n = login_failure.n + 1`)

// failed counts a failed log-in.
func (s *Service) failed(ctx context.Context, class string) error {
	now := clock.Us(s.clock.Now())
	hour := now - now%time.Hour.Microseconds()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExecOne(ctx, tx, qFailure, hour, class)
	})
}
