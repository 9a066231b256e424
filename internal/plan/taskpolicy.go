package plan

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on tasks.
const (
	ActTaskRead     authz.Action = "plan.task.read"
	ActTaskCreate   authz.Action = "plan.task.create"
	ActTaskUpdate   authz.Action = "plan.task.update"
	ActTaskDecide   authz.Action = "plan.task.decide"   // 立项, 挂起, 终止, 销号
	ActTaskSign     authz.Action = "plan.task.sign"     // 签收, 退签
	ActTaskReport   authz.Action = "plan.task.report"   // 填报进展
	ActTaskApply    authz.Action = "plan.task.apply"    // 开始办理, 申请办结, 申请延期
	ActTaskVerify   authz.Action = "plan.task.verify"   // 核验办结, 批复延期
	ActTaskInstruct authz.Action = "plan.task.instruct" // 批示
	ActTaskImport   authz.Action = "plan.task.import"
	ActTaskExport   authz.Action = "plan.task.export"
)

// Relations of people to tasks.
const (
	LeadUnit  authz.Relation = "lead-unit" // acts for the unit that leads it
	OwnerUnit authz.Relation = "owner-unit"
	OwnOffice authz.Relation = "own-office" // an office of the own district has a part in it
	Applicant authz.Relation = "applicant"  // applied last
)

var (
	taskOfficers = []authz.Role{authz.Officer}
	taskReaders  = []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice}
	taskUnits    = []authz.Role{authz.Department, authz.District, authz.Enterprise,
		authz.University}
)

// TaskPolicy says who may do what with tasks. Officers keep the ledger and may act for a unit that
// does not use the system; leaders read all and instruct; staff read the ledger of their place; a
// unit reads and reports what it has a part in, and signs for, carries out and applies for what it
// leads. The staff of a district sees the tasks of the city that an office of the district leads or
// takes part in. Who applied does not decide about it.
var TaskPolicy = authz.NewPolicy(kindTask, authz.Rules[Task]{
	Title: "任务",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActTaskRead, Title: "查看"},
		{Action: ActTaskCreate, Title: "拟立"},
		{Action: ActTaskUpdate, Title: "修改与变更"},
		{Action: ActTaskDecide, Title: "立项与督办"},
		{Action: ActTaskSign, Title: "签收"},
		{Action: ActTaskReport, Title: "填报进展"},
		{Action: ActTaskApply, Title: "办理与申请"},
		{Action: ActTaskVerify, Title: "核验办结与批复延期"},
		{Action: ActTaskInstruct, Title: "批示"},
		{Action: ActTaskImport, Title: "批量导入"},
		{Action: ActTaskExport, Title: "导出"},
	},
	Ties: []authz.Tie[Task]{
		authz.TieAny[Task](),
		authz.TieRegion(
			func(t Task) string { return string(t.Region) },
			func(from, before string) db.Where {
				return db.Where{}.And("t.region >= $1 AND t.region < $2", from, before)
			}),
		tieUnit(LeadUnit, "牵头单位", Lead),
		tieUnit(OwnerUnit, "承担单位", Lead, Duty, Assist),
		{Name: OwnOffice, Title: "本区县部门承担", Holds: hasOffice, Where: officeWhere},
		authz.TieSame(Applicant, "上次申请人",
			func(by authz.Actor) string { return by.Account },
			func(t Task) string { return t.appliedBy },
			func(key string) db.Where { return db.Where{}.And("t.applied_by = $1", key) }),
	},
	Grants:   taskGrants(),
	Removals: []authz.Removal{{Relation: Applicant, Actions: []authz.Action{ActTaskVerify}}},
})

func taskGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	add(authz.Any, taskReaders, ActTaskRead, ActTaskExport)
	add(authz.Any, taskOfficers, ActTaskCreate, ActTaskUpdate, ActTaskDecide, ActTaskSign,
		ActTaskReport, ActTaskApply, ActTaskVerify, ActTaskImport)
	add(authz.Any, []authz.Role{authz.Leader}, ActTaskInstruct)
	add(authz.RegionStaff, staff, ActTaskRead, ActTaskExport)
	add(OwnerUnit, taskUnits, ActTaskRead, ActTaskReport, ActTaskExport)
	add(OwnOffice, []authz.Role{authz.District}, ActTaskRead, ActTaskExport)
	add(LeadUnit, taskUnits, ActTaskSign, ActTaskApply)
	return g
}

// hasOffice says whether an office of the actor's district has a part in a task.
func hasOffice(by authz.Actor, t Task) bool {
	from, before, ok := authz.RegionRange(by.Region)
	return ok && slices.ContainsFunc(t.Owners, func(o Owner) bool {
		return o.Role == authz.District && string(o.region) >= from && string(o.region) < before
	})
}

// officeWhere is hasOffice for lists.
func officeWhere(by authz.Actor) db.Where {
	from, before, ok := authz.RegionRange(by.Region)
	if !ok {
		return db.Nothing()
	}
	return db.Where{}.And(`EXISTS (SELECT 1 FROM plan_task_org AS o WHERE o.task = t.id
		AND o.role = 'district' AND o.region >= $1 AND o.region < $2)`, from, before)
}

// tieUnit is the relation of people who act for a unit that has one of the parts.
func tieUnit(name authz.Relation, title string, parts ...string) authz.Tie[Task] {
	return authz.Tie[Task]{
		Name: name, Title: title,
		Holds: func(by authz.Actor, t Task) bool {
			return by.Org != "" && slices.ContainsFunc(t.Owners, func(o Owner) bool {
				return o.Now == by.Org && slices.Contains(parts, o.Part)
			})
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			if len(parts) == 1 {
				return db.Where{}.And(`EXISTS (SELECT 1 FROM plan_task_org AS o WHERE o.org_now = $1
					AND o.task = t.id AND o.part = $2)`, by.Org, parts[0])
			}
			return db.Where{}.And(`EXISTS (SELECT 1 FROM plan_task_org AS o WHERE o.org_now = $1
				AND o.task = t.id)`, by.Org)
		},
	}
}
