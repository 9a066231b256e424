package job

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	ended := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		return ctx
	}
	live := context.Background()
	third := Job{Attempt: 3, MaxAttempts: 5}
	last := Job{Attempt: 5, MaxAttempts: 5}
	away := fault.New(fault.Unavailable, "系统繁忙，请稍后重试")
	wrong := fault.New(fault.Invalid, "不允许此操作")
	tests := []struct {
		name  string
		ctx   context.Context
		job   Job
		err   error
		state State
		class string
	}{
		{"success", live, third, nil, Done, ""},
		{"success in spite of a stop", ended(ErrStop), third, nil, Done, ""},
		{"unknown error", live, third, errors.New("x"), Retryable, "internal"},
		{"away", live, third, fmt.Errorf("mail: %w", away), Retryable, "unavailable"},
		{"out of attempts", live, last, away, Discarded, "unavailable"},
		{"wrong input", live, third, wrong, Discarded, "invalid"},
		{"arguments of another version", live, third, fmt.Errorf("%w: x", errHopeless), Discarded,
			"internal"},
		{"panic", live, third, fmt.Errorf("%w: x", errPanic), Retryable, "panic"},
		{"too slow", ended(ErrTimeout), third, context.DeadlineExceeded, Retryable, "timeout"},
		{"too slow, last time", ended(ErrTimeout), last, context.DeadlineExceeded, Discarded,
			"timeout"},
		{"stop", ended(ErrStop), last, context.Canceled, Available, ""},
		{"caller went away", ended(nil), last, context.Canceled, Available, ""},
		{"lost", ended(ErrLost), third, context.Canceled, "", ""},
	}
	for _, tt := range tests {
		e := judge(tt.ctx, tt.job, tt.err, 0.5)
		if e.state != tt.state || e.class != tt.class {
			t.Errorf("%s: %s %q, want %s %q", tt.name, e.state, e.class, tt.state, tt.class)
		}
		if e.lost != (tt.state == "") || e.refund != (tt.state == Available) {
			t.Errorf("%s: lost %t, refund %t", tt.name, e.lost, e.refund)
		}
		if (e.state == Retryable || e.state == Discarded) && (e.text.Key == "" || e.detail == "") {
			t.Errorf("%s: says nothing: %+v", tt.name, e)
		}
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	var got []time.Duration
	for _, attempt := range []int64{1, 2, 3, 8, 9, 1000} {
		got = append(got, backOff(attempt, 0.5))
	}
	want := []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 32 * time.Minute,
		time.Hour, time.Hour}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	a, b := backOff(1, 0), backOff(1, 0.9999)
	if a != 11250*time.Millisecond || b > 18750*time.Millisecond {
		t.Errorf("jitter reaches from %v to %v", a, b)
	}
}

func TestSpreadDiffers(t *testing.T) {
	t.Parallel()
	seen := map[float64]bool{}
	for i := range 100 {
		x := spread(Job{ID: fmt.Sprint("job", i%50), Attempt: int64(i / 50)})
		if x < 0 || x >= 1 {
			t.Fatalf("spread = %v", x)
		}
		seen[x] = true
	}
	if len(seen) != 100 {
		t.Errorf("100 attempts got %d different pauses", len(seen))
	}
}
