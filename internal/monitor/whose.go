package monitor

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// seriesFor decides by which series a target is measured, and returns it. The rule:
//
//   - A target without a unit is measured by the series of its place.
//   - A target that carries a unit is measured by the unit's own series, where the unit has a value of
//     its own or somebody has to report one (填报责任).
//   - A whole target (level 1) whose unit has neither is measured by the series of the place: the unit is
//     its lead (牵头单位), and what is asked for is the place's.
//   - A part of a target (level 2 and 3) that was given to a unit is never measured by the place: the unit
//     would answer for what all do together. Its light stays grey and says so.
//
// The light keeps which series it was (LightRow.SeriesOrg), and its page links to it.
func (s *Service) seriesFor(ctx context.Context, q db.Q, t plan.Target) (basis, error) {
	b := basis{Cell: Cell{Indicator: t.Indicator, Region: t.Region, Org: t.UnitNow()}, due: true}
	var err error
	if b.points, err = seriesOf(ctx, q, b.Cell); err != nil || b.Org == "" || len(b.points) > 0 {
		return b, err
	}
	b.due, err = s.opt.Indicator.Reported(ctx, q, b.Indicator, b.Region, b.Org, t.From)
	if err != nil || b.due || t.Level > 1 {
		return b, err
	}
	b.Org, b.due = "", true
	b.points, err = seriesOf(ctx, q, b.Cell)
	return b, err
}

// basis is the series that a target is measured by.
type basis struct {
	Cell
	points []Point
	due    bool // a value that is not there may be missing; a unit's own only where somebody reports it
}

// lacking says why there is no value within the period of a target, zero where there is one.
func lacking(t plan.Target, w ways, points []Point, day clock.Date) plan.Note {
	switch {
	case latest(points, t) >= 0:
		return plan.Note{}
	case len(w.list) == 0:
		return plan.Note{Key: "指标还没有口径，不知道从哪里取数：请先在指标页建立口径"}
	case t.From > day:
		return plan.Note{Key: "目标期间 %s 起，尚未开始", Args: []any{i18n.Date(i18n.ZH, t.From)}}
	case len(points) > 0:
		return plan.Note{Key: "最近一期数据是 %s，目标期间（%s 起）还没有数据",
			Args: []any{string(points[len(points)-1].Period), i18n.Date(i18n.ZH, t.From)}}
	case t.UnitNow() != "" && t.Level > 1:
		return plan.Note{Key: "分解给单位的目标只与该单位自己的数值比较，该单位还没有数值"}
	}
	return plan.Note{Key: "已有口径，还没有数值：请分配填报责任或登记公布的数值"}
}
