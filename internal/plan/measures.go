package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{
		s.targetMeasure(),
		s.taskMeasure("plan.tasks", "任务数", "台账中未终止的任务数，分任务各计一项",
			TaskFilter{}),
		s.taskMeasure("plan.tasks.overdue", "逾期任务数", "已立项、过了时限而未办结的任务数", TaskFilter{Overdue: true}),
	}
}

// regionDim narrows by a place and everything inside it.
func regionDim(where func(from, before string) db.Where) measure.Dim {
	return measure.Dim{Name: "region", Title: "所在地区", Where: func(v string) db.Where {
		from, before, ok := authz.RegionRange(v)
		if !ok {
			return db.Nothing()
		}
		return where(from, before)
	}}
}

func (s *Service) targetMeasure() measure.Measure {
	return measure.Measure{
		Name: "plan.targets", Title: "目标数", Unit: "个", Version: 1, Since: "2026-01-01",
		Definition: "下达且未取消的目标数，分解出的各计一个",
		Dims: []measure.Dim{
			regionDim(func(from, before string) db.Where {
				return db.Where{}.And("t.region >= $1 AND t.region < $2", from, before)
			}),
			{Name: "indicator", Title: "指标", Where: func(v string) db.Where {
				return db.Where{}.And("t.indicator = $1", v)
			}},
			{Name: "org", Title: "责任单位", Where: func(v string) db.Where {
				return db.Where{}.And("t.org_now = $1", v)
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return TargetPolicy.Scope(by, ActTargetRead).And("NOT t.dropped")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return targetList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, targetList, w, targetList.Order("to"), p, scanTarget)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, t := range page.Items {
				out.Items = append(out.Items,
					measure.Row{ID: t.ID, Title: t.Text(), Href: "/targets/" + t.ID, Value: 1})
			}
			return out, err
		},
	}
}

func (s *Service) taskMeasure(name, title, definition string, f TaskFilter) measure.Measure {
	return measure.Measure{
		Name: name, Title: title, Unit: "项", Version: 1, Since: "2026-01-01",
		Definition: definition,
		Dims: []measure.Dim{
			regionDim(func(from, before string) db.Where {
				return db.Where{}.And("t.region >= $1 AND t.region < $2", from, before)
			}),
			measure.Until("拟立日期", func(before clock.Date) db.Where {
				return db.Where{}.And("t.created_us < $1", clock.Us(before.Start()))
			}),
			{Name: "state", Title: "状态", Where: func(v string) db.Where {
				return db.Where{}.And("t.state = $1", v)
			}},
			{Name: "light", Title: "亮灯", Where: func(v string) db.Where {
				return db.Where{}.And("l.colour = $1", v)
			}},
			{Name: "org", Title: "承担单位", Where: func(v string) db.Where {
				return TaskFilter{Org: v}.ofUnit(db.Where{})
			}},
			{Name: "lead", Title: "牵头单位", Where: func(v string) db.Where {
				return TaskFilter{Org: v, Part: Lead}.ofUnit(db.Where{})
			}},
		},
		Scope: func(by authz.Actor) db.Where {
			return TaskPolicy.Scope(by, ActTaskRead).And("t.state <> 'terminated'").
				AndAll(f.where(clock.Us(s.unit.Clock().Now())))
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return taskList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, taskList, w, taskList.Order("code"), p, scanTask)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, t := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: t.ID, Title: t.Code + " " + t.Title,
					Href: "/tasks/" + t.ID, Value: 1})
			}
			return out, err
		},
	}
}
