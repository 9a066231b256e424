package party

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on imports.
const (
	ActImportRead authz.Action = "party.import.read"
	ActImportRun  authz.Action = "party.import.run" // and cancel
)

// ImportPolicy lets who started an import see and finish it, and nobody else: its file is personal
// data that has not been taken over yet.
var ImportPolicy = authz.NewPolicy("party.import", authz.Rules[Import]{
	Title: "批量导入",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActImportRead, Title: "查看"},
		{Action: ActImportRun, Title: "执行与取消"},
	},
	Ties: []authz.Tie[Import]{
		authz.TieSame(authz.Owner, "本人发起",
			func(by authz.Actor) string { return by.Account },
			func(i Import) string { return i.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("created_by = $1", key) }),
	},
	Grants: authz.Allow(authz.Owner, []authz.Role{authz.Officer, authz.District},
		ActImportRead, ActImportRun),
})
