package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{{
		Name: "indicator.values", Title: "已审核的指标数值", Unit: "个", Version: 1, Since: "2026-01-01",
		Definition: "已审核、未被更正取代的指标数值数",
		Dims: []measure.Dim{
			{Name: "region", Title: "所在地区", Where: func(v string) db.Where { return within(region.Code(v)) }},
			{Name: "indicator", Title: "指标", Where: func(v string) db.Where {
				return db.Where{}.And("o.indicator = $1", v)
			}},
			{Name: "period", Title: "期别", Where: func(v string) db.Where {
				return db.Where{}.And("o.period = $1", v)
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return ObservationPolicy.Scope(by, ActObservationRead).And("o.state = 'approved'")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return observations.Count(ctx, q, w, 0)
		},
		Rows: func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, observations, w, observations.Order("updated"), p, scanObservation)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, o := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: o.ID, Value: 1, Href: "/observations/" + o.ID,
					Title: o.Name + " " + string(o.Period) + " " + Shown(o.Value, o.Qualifier)})
			}
			return out, err
		},
	}}
}

