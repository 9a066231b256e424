package authz_test

import (
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// Rights lists an action for a role where, and only where, the policy grants it.
func TestRights(t *testing.T) {
	tables := []authz.Table{papers, accountPolicy()}
	for _, role := range authz.Roles() {
		rights := authz.Rights(tables, role)
		has := func(act authz.Action) bool {
			return slices.ContainsFunc(rights, func(r authz.Right) bool { return r.Action == act })
		}
		for _, act := range papers.Actions() {
			if want := slices.Contains(papers.RolesFor(act), role); has(act) != want {
				t.Errorf("%s lists %s: %v, want %v", role, act, !want, want)
			}
		}
	}
	got := authz.Rights(tables, authz.SecAdmin)
	want := authz.Right{Object: "lab.account", ObjectTitle: "账号", Action: "lab.account.grant",
		Title: "授予角色"}
	if len(got) != 2 || got[1] != want {
		t.Errorf("安全管理员 has %v", got)
	}
}
