package dbtest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
)

func TestMaySkip(t *testing.T) {
	missing := fmt.Errorf("start: %w", cluster.ErrNotInstalled)
	for _, tc := range []struct {
		err  error
		ci   string
		want bool
	}{
		{missing, "", true},
		{missing, "false", true},
		{missing, "true", false},
		{errors.New("initdb failed"), "", false},
		{nil, "", false},
	} {
		if got := maySkip(tc.err, tc.ci); got != tc.want {
			t.Errorf("maySkip(%v, %q) = %v, want %v", tc.err, tc.ci, got, tc.want)
		}
	}
}
