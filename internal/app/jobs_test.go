package app_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/job/jobhttp"
)

// Every kind of job that the house does has a name that people can read.
func TestJobsHaveTitles(t *testing.T) {
	kinds := apptest.Open(t).Jobs.Kinds()
	if len(kinds) < 20 {
		t.Errorf("only %d kinds", len(kinds))
	}
	for _, kind := range kinds {
		if jobhttp.KindTitle(t.Context(), kind) == kind {
			t.Errorf("%s has no title", kind)
		}
	}
}
