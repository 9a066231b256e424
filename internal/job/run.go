package job

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Func does a job. Its context ends when the job is cancelled, lost to another process, out of time
// or when the process stops; it should then return soon with the context's error.
type Func func(ctx context.Context, r *Run) error

// Run is one attempt at a job, as its handler sees it. It is safe for concurrent use.
type Run struct {
	job    Job
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	percent int64
	text    Text
	dirty   bool // progress that is not stored yet
	result  string
}

// Why a handler's context ended; ask context.Cause.
var (
	ErrLost    = errors.New("job was cancelled or taken over by another process")
	ErrStop    = errors.New("process is stopping")
	ErrTimeout = errors.New("job took longer than allowed")
)

// Job returns the job as it was when the attempt began.
func (r *Run) Job() Job { return r.job }

// Args decodes the arguments into dst and refuses unknown fields.
func (r *Run) Args(dst any) error {
	d := json.NewDecoder(bytes.NewReader(r.job.Args))
	d.DisallowUnknownFields()
	if err := d.Decode(dst); err != nil {
		return fmt.Errorf("%w: arguments of %s: %w", errHopeless, r.job.Kind, err)
	}
	return nil
}

// Progress says that done of total parts are finished, in words that are a key of package i18n with
// its arguments ("已读 %d 行"). It costs nothing to call it often: the runner stores the latest one
// about once a second.
func (r *Run) Progress(done, total int, key string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if total > 0 {
		r.percent = int64(100 * float64(min(max(done, 0), total)) / float64(total))
	}
	r.text, r.dirty = Text{key, args}, true
}

// Result keeps what the job brought, as JSON, for its owner. The last one counts, and only if the
// handler ends without an error.
func (r *Run) Result(v any) error {
	b, err := encode(v)
	if err != nil {
		return fmt.Errorf("result of job %s: %w", r.job.Kind, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result = string(b)
	return nil
}

// Hold makes a write of the handler depend on the job: it is a Conflict, and the write rolls back,
// when the job was cancelled or taken over since. Until the write ends, nobody can do either.
func (r *Run) Hold(ctx context.Context, tx *db.Tx) error {
	return db.ExecOne(ctx, tx, qHold, r.job.ID, r.job.Attempt, r.job.LeaseOwner)
}

// call runs the handler; a panic becomes an error.
func (r *Run) call(ctx context.Context, do Func) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, p, debug.Stack())
		}
	}()
	return do(ctx, r)
}

func (r *Run) takeResult() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}

// takeProgress returns the progress if it was not stored yet.
func (r *Run) takeProgress() (int64, Text, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	dirty := r.dirty
	r.dirty = false
	return r.percent, r.text, dirty
}
