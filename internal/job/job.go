package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// State is where a job stands.
type State string

// The states.
const (
	Available State = "available" // waits for its time or a free worker
	Running   State = "running"
	Retryable State = "retryable" // failed, waits for its next attempt
	Done      State = "done"
	Discarded State = "discarded" // failed for good
	Cancelled State = "cancelled"
)

// Finished reports whether nothing will happen any more.
func (s State) Finished() bool { return s == Done || s == Discarded || s == Cancelled }

// Limits of a job.
const (
	MaxAttempts    = 25 // the most a Spec may ask for
	defaultAttempt = 5
	maxJSON        = 64 << 10 // bytes of arguments or of a result; more belongs in a blob
	maxKey         = 200      // bytes of a kind or a unique key
	maxDetail      = 4000     // bytes of an error kept for operators
)

// Job is a job as stored.
type Job struct {
	ID           string
	Kind         string
	Args         json.RawMessage
	State        State
	UniqueKey    string
	Attempt      int64 // times it was begun
	MaxAttempts  int64
	RunAtUs      int64 // not before
	LeaseOwner   string
	LeaseUntilUs int64
	Progress     int64 // 0–100
	ProgressText Text
	Result       json.RawMessage // nil without one
	ErrorClass   string          // last failure: a fault kind, "panic", "timeout" or "abandoned"
	Error        Text            // what its owner may read about it
	ErrorDetail  string          // for operators
	Owner        string          // account, "" for jobs of the house
	CreatedUs    int64
	StartedUs    int64
	FinishedUs   int64
	Version      int64
}

// Spec asks for a job.
type Spec struct {
	Kind        string
	Args        any       // becomes JSON
	UniqueKey   string    // at most one unfinished job of this key; "" means any number
	RunAt       time.Time // not before; zero means now
	MaxAttempts int       // 0 means 5
	Owner       string    // account that may see and cancel it; "" means the actor of the write
}

// Enqueue adds a job in the caller's write and returns its id. When an unfinished job has the
// unique key already, it returns that one's id and false. The write's own audit entry speaks for
// the job. Poke the runner after the write, or let it find the job within a second.
func Enqueue(ctx context.Context, tx *unit.Tx, s Spec) (string, bool, error) {
	if s.Owner == "" {
		s.Owner = tx.By().Account
	}
	return Add(ctx, tx.Tx, tx.NowUs(), s)
}

// Add is Enqueue for writes that no person makes: consumers of the outbox and periodic work.
func Add(ctx context.Context, tx *db.Tx, nowUs int64, s Spec) (string, bool, error) {
	args, err := encode(s.Args)
	if err != nil {
		return "", false, fmt.Errorf("arguments of job %s: %w", s.Kind, err)
	}
	if s.MaxAttempts == 0 {
		s.MaxAttempts = defaultAttempt
	}
	if !validKind(s.Kind) || len(s.UniqueKey) > maxKey || s.MaxAttempts < 0 ||
		s.MaxAttempts > MaxAttempts {
		return "", false, fmt.Errorf("job %q with key %q and %d attempts is over a limit", s.Kind,
			s.UniqueKey, s.MaxAttempts)
	}
	runAtUs := nowUs
	if !s.RunAt.IsZero() {
		runAtUs = clock.Us(s.RunAt)
	}
	// The job that holds the key can finish between both statements; then the key is free.
	for range 3 {
		newID := id.New()
		n, err := db.Exec(ctx, tx, qAdd, newID, s.Kind, string(args), s.UniqueKey,
			int64(s.MaxAttempts), runAtUs, s.Owner, nowUs)
		if err != nil || n == 1 {
			return newID, n == 1, err
		}
		old, found, err := db.Find(ctx, tx, qByKey, db.One[string], s.UniqueKey)
		if err != nil || found {
			return old, false, err
		}
	}
	return "", false, fmt.Errorf("unique key %q of job %s comes and goes", s.UniqueKey, s.Kind)
}

// validKind accepts lower-case words joined by dots: kinds are compared inside a comma-separated
// list.
func validKind(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxKey
}

func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err == nil && len(b) > maxJSON {
		err = fmt.Errorf("%d bytes of JSON are over the limit of %d", len(b), maxJSON)
	}
	return b, err
}
