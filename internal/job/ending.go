package job

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Pauses between attempts: doubling from the first to the last, each up to a quarter longer or
// shorter, so that jobs which failed together do not come back together.
const (
	firstRetry = 15 * time.Second
	lastRetry  = time.Hour
)

var (
	errPanic    = errors.New("panic")
	errHopeless = errors.New("hopeless")
)

// ending is how an attempt is stored.
type ending struct {
	state  State
	refund bool // the attempt does not count
	wait   time.Duration
	class  string
	text   Text
	detail string
	lost   bool // the row is no longer ours
}

// judge decides what becomes of a job whose handler returned err under ctx. jitter is from [0, 1).
func judge(ctx context.Context, j Job, err error, jitter float64) ending {
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		return ending{state: Done}
	case errors.Is(cause, ErrLost):
		return ending{lost: true}
	case ctx.Err() != nil && !errors.Is(cause, ErrTimeout): // the process stops
		return ending{state: Available, refund: true, class: j.ErrorClass, text: j.Error,
			detail: j.ErrorDetail}
	}
	e := ending{state: Retryable, class: class(cause, err), text: publicError(err),
		detail: clean(err.Error()), wait: backOff(j.Attempt, jitter)}
	if e.class == "timeout" {
		e.text = Text{Key: "任务超过了允许的时间"}
	}
	if hopeless(err) || j.Attempt >= j.MaxAttempts {
		e.state = Discarded
	}
	return e
}

// class names the failure for lists and metrics.
func class(cause, err error) string {
	switch {
	case errors.Is(err, errPanic):
		return "panic"
	case errors.Is(cause, ErrTimeout):
		return "timeout"
	default:
		return fault.KindOf(err).String()
	}
}

// hopeless failures come back the same however often one tries.
func hopeless(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden:
		return true
	default:
		return errors.Is(err, errHopeless)
	}
}

func backOff(attempt int64, jitter float64) time.Duration {
	wait := firstRetry
	for ; attempt > 1 && wait < lastRetry; attempt-- {
		wait *= 2
	}
	return time.Duration(float64(min(wait, lastRetry)) * (0.75 + jitter/2))
}

// spread is the default jitter: a number from [0, 1) that differs from job to job and from attempt
// to attempt, without a source of chance.
func spread(j Job) float64 {
	h := fnv.New32a()
	h.Write([]byte(j.ID + "/" + strconv.FormatInt(j.Attempt, 10)))
	return float64(h.Sum32()) / (1 << 32)
}
