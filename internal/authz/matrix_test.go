package authz_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

var _ = i18n.English(map[string]string{
	"论文": "Paper", "查看": "View", "修改": "Edit", "评审": "Review", "导出": "Export",
	"通知": "Be told", "查看完整号码": "See full numbers", "已公开": "published", "本人提交": "own submission",
	"本单位": "own organisation", "评审组成员": "panel member", "利益冲突": "conflict of interest",
	"账号": "Account", "新增": "Create", "授予角色": "Grant roles", "本人": "self",
	"审计记录": "Audit trail",
})

// account and entry show how the three administrators share an object without sharing work.
type account struct{ ID string }

var self = authz.TieSame(authz.Self, "本人",
	func(by authz.Actor) string { return by.Account }, func(a account) string { return a.ID }, nil)

func accountPolicy() *authz.Policy[account] {
	tie := self
	tie.Where = publishedTie.Where // not asked here
	held := authz.Roles()[1:]
	return authz.NewPolicy("lab.account", authz.Rules[account]{
		Title: "账号",
		Verbs: []authz.Verb{
			{Action: "lab.account.read", Title: "查看",
				Work: authz.SysWork | authz.SecWork | authz.OwnWork},
			{Action: "lab.account.create", Title: "新增", Work: authz.SysWork},
			{Action: "lab.account.grant", Title: "授予角色", Work: authz.SecWork},
		},
		Ties: []authz.Tie[account]{authz.TieAny[account](), tie},
		Grants: append(authz.Allow(authz.Self, held, "lab.account.read"),
			authz.Grant{Role: authz.SysAdmin, Action: "lab.account.read", Relation: authz.Any},
			authz.Grant{Role: authz.SecAdmin, Action: "lab.account.read", Relation: authz.Any},
			authz.Grant{Role: authz.SysAdmin, Action: "lab.account.create", Relation: authz.Any},
			authz.Grant{Role: authz.SecAdmin, Action: "lab.account.grant", Relation: authz.Any}),
		Removals: []authz.Removal{
			{Relation: authz.Self, Actions: []authz.Action{"lab.account.grant"}},
		},
	})
}

func trailPolicy() *authz.Policy[struct{}] {
	return authz.NewPolicy("lab.trail", authz.Rules[struct{}]{
		Title: "审计记录",
		Verbs: []authz.Verb{
			{Action: "lab.trail.read", Title: "查看", Work: authz.AuditWork},
			{Action: "lab.trail.export", Title: "导出", Work: authz.AuditWork},
		},
		Ties: []authz.Tie[struct{}]{authz.TieAny[struct{}]()},
		Grants: authz.Allow(authz.Any, []authz.Role{authz.Auditor},
			"lab.trail.read", "lab.trail.export"),
	})
}

func TestMarkdown(t *testing.T) {
	got := authz.Markdown([]authz.Table{papers, accountPolicy(), trailPolicy()})
	path := filepath.Join("testdata", "permissions.md")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("permissions changed; if meant, run with -update\n%s", diff)
	}
}

// TestAdministratorFacesTheOwnAccount: a removal stops the security administrator from raising
// the own account.
func TestAdministratorFacesTheOwnAccount(t *testing.T) {
	p := accountPolicy()
	by := authz.Actor{Account: "sec", Role: authz.SecAdmin}
	if err := p.May(by, "lab.account.grant", account{"other"}); err != nil {
		t.Error(err)
	}
	if p.May(by, "lab.account.grant", account{"sec"}) == nil {
		t.Error("an administrator grants roles to the own account")
	}
}
