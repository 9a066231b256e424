package dispatch

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{
		s.letterMeasure("dispatch.letters", "督办函数", "已签发且未撤回的督办函数", LetterFilter{}),
		s.letterMeasure("dispatch.letters.late", "逾期未回复的督办函数", "已送达、过了回复期限而没有回复的督办函数",
			LetterFilter{Late: true}),
		s.decisionMeasure("dispatch.decisions", "调度会决议数", "各次调度会的决议数", DecisionFilter{}),
		s.decisionMeasure("dispatch.decisions.open", "未办结的调度会决议数", "调度会决议中要求办理而尚未办结的条数",
			DecisionFilter{Open: true}),
	}
}

func placed(where func(from, before string) db.Where) measure.Dim {
	return measure.Dim{Name: "region", Title: "所在地区", Where: func(v string) db.Where {
		from, before, ok := authz.RegionRange(v)
		if !ok {
			return db.Nothing()
		}
		return where(from, before)
	}}
}

func (s *Service) letterMeasure(name, title, definition string, f LetterFilter) measure.Measure {
	return measure.Measure{
		Name: name, Title: title, Unit: "件", Version: 1, Since: "2026-01-01", Definition: definition,
		Dims: []measure.Dim{
			placed(func(from, before string) db.Where {
				return db.Where{}.And("l.region >= $1 AND l.region < $2", from, before)
			}),
			{Name: "org", Title: "收函单位", Where: func(v string) db.Where {
				return db.Where{}.And("l.org_now = $1", v)
			}},
			{Name: "state", Title: "状态", Where: func(v string) db.Where {
				return db.Where{}.And("l.state = $1", v)
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return s.letterWhere(by, f).And("l.number <> '' AND l.state <> 'withdrawn'")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return letterList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, letterList, w, letterList.Order(""), p, scanLetter)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, l := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: l.ID, Title: l.Number + " " + l.Title,
					Href: "/letters/" + l.ID, Value: 1})
			}
			return out, err
		},
	}
}

func (s *Service) decisionMeasure(
	name, title, definition string, f DecisionFilter,
) measure.Measure {
	return measure.Measure{
		Name: name, Title: title, Unit: "条", Version: 1, Since: "2026-01-01", Definition: definition,
		Dims: []measure.Dim{
			placed(func(from, before string) db.Where {
				return db.Where{}.And("m.region >= $1 AND m.region < $2", from, before)
			}),
			{Name: "org", Title: "责任单位", Where: func(v string) db.Where {
				return db.Where{}.And("d.org_now = $1", v)
			}},
			{Name: "series", Title: "调度会系列", Where: func(v string) db.Where {
				return db.Where{}.And("m.series = $1", v)
			}},
		},
		Scope: func(by authz.Actor) db.Where { return s.decisionWhere(by, f) },
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return decisionList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, decisionList, w, decisionList.Order(""), p, scanDecision)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, d := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: d.ID, Title: firstRunes(d.Text, MaxTitle),
					Href: "/dispatch/" + d.Meeting + "/decisions", Value: 1})
			}
			return out, err
		},
	}
}
