package dict

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// Actions of this room.
const (
	ActRead  authz.Action = "dict.read"
	ActWrite authz.Action = "dict.write"
)

// Policy lets everybody read the lists, visitors included, and system administrators import. The
// two other administrators have no work with them; the names of codes, which every page shows, are
// not guarded at all.
var Policy = authz.NewPolicy("dict", authz.Rules[ListID]{
	Title: "字典",
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看", Work: authz.SysWork},
		{Action: ActWrite, Title: "导入", Work: authz.SysWork},
	},
	Ties: []authz.Tie[ListID]{authz.TieAny[ListID]()},
	Grants: append(
		authz.Allow(authz.Any, readers(), ActRead),
		authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActWrite)...),
})

func readers() []authz.Role {
	return slices.DeleteFunc(authz.Roles(), func(r authz.Role) bool {
		return r == authz.SecAdmin || r == authz.Auditor
	})
}
