package outbox_test

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/outbox"
)

func TestPause(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int64]time.Duration{
		0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 9: 512 * time.Second,
		10: 10 * time.Minute, 1_000_000: 10 * time.Minute,
	} {
		if got := outbox.Pause(failures); got != want {
			t.Errorf("after %d failures: %v, want %v", failures, got, want)
		}
	}
}
