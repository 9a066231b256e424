package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Measures are the numbers of the registry. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{orgMeasure(), personMeasure()}
}

func orgMeasure() measure.Measure {
	return measure.Measure{
		Name: "party.orgs", Title: "组织数", Unit: "家", Version: 1, Since: "2026-01-01",
		Definition: "主体库中未并入其他档案的组织数，不论核验状态和登记状态",
		Dims: []measure.Dim{
			{Name: "region", Title: "所在地区", Where: func(v string) db.Where {
				return inRegion(db.Where{}, region.Code(v))
			}},
			measure.Until("登记入库日期", func(before clock.Date) db.Where {
				return db.Where{}.And("org.created_us < $1", clock.Us(before.Start()))
			}),
			measure.Days("成立日期", func(from, before clock.Date) db.Where {
				return db.Where{}.And("org.founded >= $1 AND org.founded < $2", string(from), string(before))
			}),
			{Name: "kind", Title: "类型", Where: func(v string) db.Where {
				return db.Where{}.And("org.kind = $1", v)
			}},
			{Name: "industry", Title: "行业", Where: func(v string) db.Where {
				return inIndustry(db.Where{}, v)
			}},
			{Name: "state", Title: "核验状态", Where: func(v string) db.Where {
				return db.Where{}.And("org.state = $1", v)
			}},
			{Name: "standing", Title: "登记状态", Where: func(v string) db.Where {
				return db.Where{}.And("org.standing = $1", v)
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return OrgPolicy.Scope(by, ActOrgRead).And("org.merged_into = ''")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return orgList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, orgList, w, orgList.Order("name"), p, scanOrg)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, o := range page.Items {
				out.Items = append(out.Items,
					measure.Row{ID: o.ID, Title: o.Name, Href: "/orgs/" + o.ID, Value: 1})
			}
			return out, err
		},
	}
}

func personMeasure() measure.Measure {
	return measure.Measure{
		Name: "party.people", Title: "人员数", Unit: "人", Version: 1, Since: "2026-01-01",
		Definition: "主体库中未归档的人员数",
		Dims: []measure.Dim{
			measure.Until("登记入库日期", func(before clock.Date) db.Where {
				return db.Where{}.And("person.created_us < $1", clock.Us(before.Start()))
			}),
			{Name: "field", Title: "研究领域", Where: func(v string) db.Where {
				return db.Where{}.And(`EXISTS (SELECT 1 FROM person_field AS f
				WHERE f.field = $1 AND f.person = person.id)`, v)
			}},
			{Name: "title", Title: "职称", Where: func(v string) db.Where {
				return db.Where{}.And("person.title = $1", v)
			}},
			{Name: "degree", Title: "学位", Where: func(v string) db.Where {
				return db.Where{}.And("person.degree = $1", v)
			}},
			{Name: "org", Title: "单位", Where: func(v string) db.Where {
				return db.Where{}.And(`EXISTS (SELECT 1 FROM membership AS m
				WHERE m.org_now = $1 AND m.to_day = '' AND m.person = person.id)`, v)
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return PersonPolicy.Scope(by, ActPersonRead).And("NOT person.archived")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return personCount.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, personList, w, personList.Order("name"), p, scanPerson)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, x := range page.Items {
				out.Items = append(out.Items,
					measure.Row{ID: x.ID, Title: x.Name, Href: "/people/" + x.ID, Value: 1})
			}
			return out, err
		},
	}
}
