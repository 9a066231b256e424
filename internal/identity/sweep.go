package identity

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qSessionsOld = db.Stmt(`DELETE FROM session WHERE ends_us < $1`)
	qFailures    = db.Stmt(`SELECT hour_us, class, n FROM login_failure WHERE hour_us < $1
		ORDER BY hour_us, class`)
	qFailuresDone = db.Stmt(`DELETE FROM login_failure WHERE hour_us < $1`)
)

// Sweep removes what is no longer needed: counters that have forgotten, log-ins at a provider that
// nobody finished, devices and sessions of long ago. It records the failed log-ins of the hours
// that have passed. A job calls it every hour.
func (s *Service) Sweep(ctx context.Context, by authz.Actor) error {
	now := s.clock.Now()
	if err := s.recordFailures(ctx, by, now); err != nil {
		return err
	}
	for _, old := range []struct {
		q      *db.Statement
		before time.Time
	}{
		{qForgetOld, now.Add(-paceLogin.forget)},
		{qFlowsOld, now},
		{qDevicesOld, now.Add(-keepDevices)},
		{qSessionsOld, now.Add(-keepSessions)},
	} {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, old.q, clock.Us(old.before))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hourOfFailures is how often log-ins failed in an hour, by class.
type hourOfFailures struct {
	HourUs int64            `json:"hourUs"`
	Counts map[string]int64 `json:"counts"`
}

// recordFailures moves the counts of the hours before this one into the audit trail, one entry for
// each. An attack thus leaves few entries, however many tries it makes.
func (s *Service) recordFailures(ctx context.Context, by authz.Actor, now time.Time) error {
	nowUs := clock.Us(now)
	hour := nowUs - nowUs%time.Hour.Microseconds()
	return s.unit.Write(ctx, by, "identity.Sweep", func(tx *unit.Tx) error {
		var hours []hourOfFailures
		err := db.Each(ctx, tx, qFailures, func(r db.Row) error {
			var at, n int64
			var class string
			if err := r.Scan(&at, &class, &n); err != nil {
				return err
			}
			if len(hours) == 0 || hours[len(hours)-1].HourUs != at {
				hours = append(hours, hourOfFailures{at, map[string]int64{}})
			}
			hours[len(hours)-1].Counts[class] = n
			return nil
		}, hour)
		if err != nil || len(hours) == 0 {
			return err
		}
		for _, h := range hours {
			tx.Audit(audit.Entry{Kind: "identity.login", What: "failures", Detail: h})
		}
		_, err = db.Exec(ctx, tx.Tx, qFailuresDone, hour)
		return err
	})
}
