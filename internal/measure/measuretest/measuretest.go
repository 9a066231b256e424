// Package measuretest proves that figures and the rows behind them agree.
package measuretest

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Proves adds up the rows behind a figure, page by page, and compares with the figure. It returns
// the figure, so that a caller can check it against what the test stored.
func Proves(
	t testing.TB, r *measure.Registry, by authz.Actor, name string, dims map[string]string,
) int64 {
	t.Helper()
	ctx := context.Background()
	f, err := r.Figure(ctx, by, name, dims)
	if err != nil {
		t.Fatalf("%s %v: %v", name, dims, err)
	}
	var sum int64
	seen := map[string]bool{}
	req := db.PageReq{Limit: 7}
	for {
		page, err := r.Rows(ctx, by, name, dims, req)
		if err != nil {
			t.Fatalf("rows of %s %v: %v", name, dims, err)
		}
		for _, row := range page.Items {
			if seen[row.ID] {
				t.Errorf("%s %v: row %s stands twice", name, dims, row.ID)
			}
			if row.Title == "" || row.Href == "" {
				t.Errorf("%s %v: row %s cannot be opened", name, dims, row.ID)
			}
			seen[row.ID] = true
			sum += row.Value
		}
		if page.Next == "" {
			break
		}
		req.After = page.Next
	}
	if sum != f.Value {
		t.Errorf("%s %v is %d, its rows add up to %d", name, dims, f.Value, sum)
	}
	return f.Value
}
