package atlas

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Actions of this room. Looking at the map is none: what is on it is guarded by the rooms it is from.
const (
	ActMarkSet authz.Action = "atlas.mark.set" // 更正归类

	ActRuleRead  authz.Action = "atlas.rule.read"
	ActRuleWrite authz.Action = "atlas.rule.write"

	ActCorrectionRead     authz.Action = "atlas.correction.read"
	ActCorrectionReport   authz.Action = "atlas.correction.report"
	ActCorrectionHandle   authz.Action = "atlas.correction.handle"
	ActCorrectionWithdraw authz.Action = "atlas.correction.withdraw"

	ActViewRead  authz.Action = "atlas.view.read"
	ActViewWrite authz.Action = "atlas.view.write"

	ActShareRead  authz.Action = "atlas.share.read"
	ActShareWrite authz.Action = "atlas.share.write" // 发放与停用访问地址

	ActBoundaryRead   authz.Action = "atlas.boundary.read"
	ActBoundaryImport authz.Action = "atlas.boundary.import"

	ActNodeExport authz.Action = "atlas.node.export"
)

var (
	everybody = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert, authz.Broker,
		authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice}
	bureau    = []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice}
	staff     = []authz.Role{authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice}
	officer   = []authz.Role{authz.Officer}
	districts = []authz.Role{authz.District}
)

// MarkPolicy says who may correct classes: the bureau, and districts for records of theirs.
var MarkPolicy = authz.NewPolicy("atlas.mark", authz.Rules[region.Code]{
	Title: "云图归类",
	Verbs: []authz.Verb{{Action: ActMarkSet, Title: "更正归类"}},
	Ties: []authz.Tie[region.Code]{authz.TieAny[region.Code](),
		authz.TieRegion(func(c region.Code) string { return string(c) },
			func(from, before string) db.Where {
				return db.Where{}.And("n.region >= $1 AND n.region < $2", from, before)
			})},
	Grants: slices.Concat(authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.ChainOffice}, ActMarkSet),
		authz.Allow(authz.RegionStaff, districts, ActMarkSet)),
})

// RulePolicy: how records are sorted is public; the bureau says how.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[Rule]{
	Title:  "云图归类规则",
	Verbs:  []authz.Verb{{Action: ActRuleRead, Title: "查看"}, {Action: ActRuleWrite, Title: "修改规则"}},
	Ties:   []authz.Tie[Rule]{authz.TieAny[Rule]()},
	Grants: slices.Concat(authz.Allow(authz.Any, everybody, ActRuleRead), authz.Allow(authz.Any, officer, ActRuleWrite)),
})

// NodePolicy says who may take lists of the map away as files: whoever may read them row by row, but
// visitors, of whom nobody knows who they are. Rows are those that the reader may see.
var NodePolicy = authz.NewPolicy("atlas.node", authz.Rules[Node]{
	Title:  "创新云图",
	Verbs:  []authz.Verb{{Action: ActNodeExport, Title: "导出"}},
	Ties:   []authz.Tie[Node]{authz.TieAny[Node]()},
	Grants: authz.Allow(authz.Any, append(slices.Clone(staff), authz.Broker), ActNodeExport),
})

// CorrectionPolicy: everybody may say that something is wrong and follow what becomes of it; the bureau
// deals with it, and districts with what is theirs.
var CorrectionPolicy = authz.NewPolicy(kindCorrection, authz.Rules[Correction]{
	Title: "云图纠错",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActCorrectionRead, Title: "查看"},
		{Action: ActCorrectionReport, Title: "提交纠错"},
		{Action: ActCorrectionHandle, Title: "处理纠错"},
		{Action: ActCorrectionWithdraw, Title: "撤回"},
	},
	Ties: []authz.Tie[Correction]{authz.TieAny[Correction](),
		authz.TieSame(authz.Owner, "本人提交",
			func(by authz.Actor) string { return by.Account },
			func(c Correction) string { return c.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("c.created_by = $1", key) }),
		authz.TieRegion(func(c Correction) string { return string(c.Region) },
			func(from, before string) db.Where {
				return db.Where{}.And("c.region >= $1 AND c.region < $2", from, before)
			})},
	Grants: slices.Concat(
		authz.Allow(authz.Any, everybody, ActCorrectionReport),
		// A citizen with an account has what it reported; a visitor has none, and follows by the receipt.
		authz.Allow(authz.Owner, everybody, ActCorrectionRead, ActCorrectionWithdraw),
		authz.Allow(authz.Any, bureau, ActCorrectionRead),
		authz.Allow(authz.Any, officer, ActCorrectionHandle),
		authz.Allow(authz.RegionStaff, districts, ActCorrectionRead, ActCorrectionHandle)),
})

// Published is the relation of everybody to a view that is public.
const Published authz.Relation = "published"

// ViewPolicy: public views are everybody's and the bureau's to change; what staff keep for
// themselves is nobody else's.
var ViewPolicy = authz.NewPolicy(kindView, authz.Rules[View]{
	Title: "云图视图",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActViewRead, Title: "查看"}, {Action: ActViewWrite, Title: "编制视图"}},
	Ties: []authz.Tie[View]{
		{Name: Published, Title: "公开的视图",
			Holds: func(_ authz.Actor, v View) bool { return v.Public },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("v.public") }},
		authz.TieSame(authz.Owner, "本人编制",
			func(by authz.Actor) string { return by.Account },
			func(v View) string { return v.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("v.created_by = $1", key) })},
	Grants: slices.Concat(
		authz.Allow(Published, everybody, ActViewRead),
		authz.Allow(authz.Owner, staff, ActViewRead, ActViewWrite),
		authz.Allow(Published, officer, ActViewWrite)),
})

// SharePolicy: the bureau gives addresses with a token away, and takes them back.
var SharePolicy = authz.NewPolicy(kindShare, authz.Rules[Share]{
	Title:  "云图访问地址",
	Verbs:  []authz.Verb{{Action: ActShareRead, Title: "查看"}, {Action: ActShareWrite, Title: "发放与收回"}},
	Ties:   []authz.Tie[Share]{authz.TieAny[Share]()},
	Grants: slices.Concat(authz.Allow(authz.Any, bureau, ActShareRead), authz.Allow(authz.Any, officer, ActShareWrite)),
})

// BoundaryPolicy: the drawing of districts is public, the bureau brings it in and answers for its
// approval number.
var BoundaryPolicy = authz.NewPolicy(kindBoundary, authz.Rules[Boundary]{
	Title: "地图边界",
	Verbs: []authz.Verb{{Action: ActBoundaryRead, Title: "查看"}, {Action: ActBoundaryImport, Title: "导入与停用"}},
	Ties:  []authz.Tie[Boundary]{authz.TieAny[Boundary]()},
	Grants: slices.Concat(authz.Allow(authz.Any, everybody, ActBoundaryRead),
		authz.Allow(authz.Any, officer, ActBoundaryImport)),
})
