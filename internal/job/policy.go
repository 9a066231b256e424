package job

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// The actions on jobs.
const (
	ActRead    authz.Action = "job.read"
	ActCancel  authz.Action = "job.cancel"
	ActInspect authz.Action = "job.inspect" // details of failures, for operators
)

// Policy lets people see and cancel their own jobs, and the system administrator all of them. What
// a job works on and what came of it stays with its owner: see mask.
var Policy = authz.NewPolicy("job", authz.Rules[Job]{
	Title: "后台任务",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看任务", Work: authz.SysWork | authz.OwnWork},
		{Action: ActCancel, Title: "取消任务", Work: authz.SysWork | authz.OwnWork},
		{Action: ActInspect, Title: "查看出错细节", Work: authz.SysWork},
	},
	Ties: []authz.Tie[Job]{
		authz.TieAny[Job](),
		authz.TieSame(authz.Self, "本人发起",
			func(by authz.Actor) string { return by.Account },
			func(j Job) string { return j.Owner },
			func(key string) db.Where { return db.Where{}.And("owner_account = $1", key) }),
	},
	Grants: append(
		authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActRead, ActCancel, ActInspect),
		authz.Allow(authz.Self, everyoneElse(), ActRead, ActCancel)...),
})

// everyoneElse is every role of an account but the system administrator.
func everyoneElse() []authz.Role {
	var out []authz.Role
	for _, r := range authz.Roles() {
		if r != authz.Public && r != authz.SysAdmin {
			out = append(out, r)
		}
	}
	return out
}

// mask removes what the actor may not read of a job that it may see.
func mask(by authz.Actor, j Job) Job {
	if by.Account == "" || by.Account != j.Owner {
		j.Args, j.Result = nil, nil
	}
	if Policy.May(by, ActInspect, j) != nil {
		j.ErrorDetail = ""
	}
	return j
}
