package plan_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// hostile holds that no filter finds anything by a value that attackers send.
func (x *lab) hostile(ctx context.Context, t *testing.T) {
	t.Helper()
	for name, f := range map[string]func(v string) plan.TaskFilter{
		"q":        func(v string) plan.TaskFilter { return plan.TaskFilter{Query: "\x01" + v} },
		"ledger":   func(v string) plan.TaskFilter { return plan.TaskFilter{Ledger: v} },
		"org":      func(v string) plan.TaskFilter { return plan.TaskFilter{Org: v} },
		"state":    func(v string) plan.TaskFilter { return plan.TaskFilter{State: v} },
		"light":    func(v string) plan.TaskFilter { return plan.TaskFilter{Light: v} },
		"region":   func(v string) plan.TaskFilter { return plan.TaskFilter{Region: region.Code(v)} },
		"from":     func(v string) plan.TaskFilter { return plan.TaskFilter{From: clock.Date(v)} },
		"to":       func(v string) plan.TaskFilter { return plan.TaskFilter{To: clock.Date(v)} },
		"document": func(v string) plan.TaskFilter { return plan.TaskFilter{Document: v} },
		"target":   func(v string) plan.TaskFilter { return plan.TaskFilter{Target: v} },
		"parent":   func(v string) plan.TaskFilter { return plan.TaskFilter{Parent: v} },
	} {
		t.Log("tasks by", name)
		authztest.FilterFindsNothing(t, func(v string) (int, error) {
			page, err := x.ListTasks(ctx, officer, f(v), v, db.PageReq{})
			return len(page.Items), err
		})
	}
	for name, f := range map[string]func(v string) plan.DocumentFilter{
		"q":      func(v string) plan.DocumentFilter { return plan.DocumentFilter{Query: "\x01" + v} },
		"kind":   func(v string) plan.DocumentFilter { return plan.DocumentFilter{Kind: v} },
		"state":  func(v string) plan.DocumentFilter { return plan.DocumentFilter{State: v} },
		"region": func(v string) plan.DocumentFilter { return plan.DocumentFilter{Region: region.Code(v)} },
	} {
		t.Log("documents by", name)
		authztest.FilterFindsNothing(t, func(v string) (int, error) {
			page, err := x.ListDocuments(ctx, officer, f(v), v, db.PageReq{})
			return len(page.Items), err
		})
	}
	for name, f := range map[string]func(v string) plan.TargetFilter{
		"q":         func(v string) plan.TargetFilter { return plan.TargetFilter{Query: "\x01" + v} },
		"indicator": func(v string) plan.TargetFilter { return plan.TargetFilter{Indicator: v} },
		"org":       func(v string) plan.TargetFilter { return plan.TargetFilter{Org: v} },
		"region":    func(v string) plan.TargetFilter { return plan.TargetFilter{Region: region.Code(v)} },
		"document":  func(v string) plan.TargetFilter { return plan.TargetFilter{Document: v} },
	} {
		t.Log("targets by", name)
		authztest.FilterFindsNothing(t, func(v string) (int, error) {
			page, err := x.ListTargets(ctx, officer, f(v), v, db.PageReq{})
			return len(page.Items), err
		})
	}
}
