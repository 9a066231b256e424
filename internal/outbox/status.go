package outbox

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// MaxPending is where the count of waiting events stops.
const MaxPending = 10_000

// Status is how a consumer is doing.
type Status struct {
	Name     string
	At       Place
	MovedUs  int64  // when it last handled something
	Pending  int64  // events that wait, counted up to MaxPending
	OldestUs int64  // time of the oldest of them, 0 without one: the lag is now minus this
	Failures int64  // in a row; 0 means that it works
	FailedUs int64  // when the first of them was
	RetryUs  int64  // next try, not before
	Error    string // of the last failure, for operators: it names the event
	Owner    string // process that holds the lease …
	UntilUs  int64  // … until then
}

var (
	qStatus = db.Stmt(`SELECT name, seq, n, moved_us, failures, failed_us, retry_us, error,
		lease_owner, lease_until_us FROM outbox_cursor ORDER BY name`)
	qPending = db.Stmt(`SELECT COUNT(*), COALESCE(MIN(at_us), 0) FROM (SELECT at_us FROM outbox
		WHERE (seq, n) > ($1, $2) ORDER BY seq, n LIMIT $3) AS waiting`)
)

func scanStatus(r db.Row) (Status, error) {
	var s Status
	err := r.Scan(&s.Name, &s.At.Seq, &s.At.N, &s.MovedUs, &s.Failures, &s.FailedUs, &s.RetryUs,
		&s.Error, &s.Owner, &s.UntilUs)
	return s, err
}

// Statuses returns how all consumers that ever ran on this database are doing.
func Statuses(ctx context.Context, q db.Q) ([]Status, error) {
	all, err := db.All(ctx, q, qStatus, scanStatus)
	if err != nil {
		return nil, err
	}
	for i := range all {
		s := &all[i]
		_, err := db.Get(ctx, q, qPending, func(r db.Row) (bool, error) {
			return true, r.Scan(&s.Pending, &s.OldestUs)
		}, s.At.Seq, s.At.N, int64(MaxPending))
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
