package studio

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Kinds of object, for policies and the trail.
const (
	kindDataset = "studio.dataset"
	kindScheme  = "studio.scheme"
)

// Actions.
const (
	ActDatasetRead authz.Action = "studio.dataset.read"
	ActDatasetMake authz.Action = "studio.dataset.make"
	ActSchemeRead  authz.Action = "studio.scheme.read"
	ActSchemeMake  authz.Action = "studio.scheme.make"
)

// Relations.
const (
	Finished authz.Relation = "finished" // 已定稿: what the bureau stands by
	Behind   authz.Relation = "behind"   // the data of a finished scheme
)

var (
	makers  = []authz.Role{authz.Officer}
	readers = []authz.Role{authz.Leader, authz.Department, authz.District, authz.ChainOffice}
)

// SchemePolicy says who may do what with schemes: the bureau makes them, others read what is finished.
var SchemePolicy = authz.NewPolicy(kindScheme, authz.Rules[Scheme]{
	Title: "指数方案",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActSchemeRead, Title: "查看"},
		{Action: ActSchemeMake, Title: "编制"},
	},
	Ties: []authz.Tie[Scheme]{
		authz.TieAny[Scheme](),
		{Name: Finished, Title: "已定稿的",
			Holds: func(_ authz.Actor, s Scheme) bool { return s.State == Final || s.State == Archived },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("s.state IN ('final', 'archived')") }},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, makers, ActSchemeRead, ActSchemeMake),
		authz.Allow(Finished, readers, ActSchemeRead)),
})

// DatasetPolicy says who may do what with datasets: the bureau makes them, others read those that
// finished schemes stand on.
var DatasetPolicy = authz.NewPolicy(kindDataset, authz.Rules[Dataset]{
	Title: "指数数据集",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActDatasetRead, Title: "查看"},
		{Action: ActDatasetMake, Title: "编制"},
	},
	Ties: []authz.Tie[Dataset]{
		authz.TieAny[Dataset](),
		{Name: Behind, Title: "已定稿方案所用的",
			Holds: func(_ authz.Actor, d Dataset) bool { return d.Finished > 0 },
			Where: func(authz.Actor) db.Where {
				return db.Where{}.And(`EXISTS (SELECT 1 FROM studio_scheme AS s WHERE s.dataset = d.id
					AND s.state IN ('final', 'archived'))`)
			}},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, makers, ActDatasetRead, ActDatasetMake),
		authz.Allow(Behind, readers, ActDatasetRead)),
})
