package monitor

import (
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Mean is the mean yearly growth (年均增长) of a series over a span: (last ÷ first)^(1 ÷ years) − 1.
type Mean struct {
	From    *Point       `json:"from,omitempty"` // nil when there is no span
	To      *Point       `json:"to,omitempty"`
	Years   int64        `json:"years"`
	Percent plan.Decimal `json:"percent,omitempty"` // with two decimals, "" when it cannot be told
	Why     plan.Note    `json:"-"`                 // why not
	// Spans are the periods a span may begin or end with: those of the kind and the part of the year of the latest
	// value, the oldest first.
	Spans []series.Period `json:"spans"`
}

// MeanGrowth returns the mean yearly growth of a series between two periods. "" for them are the first and the last
// of those that compare: of the same part of the year as the latest value, and behind the last break of the series.
func (s *Service) MeanGrowth(
	ctx context.Context, by authz.Actor, c Cell, from, to series.Period,
) (Mean, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return Mean{}, err
	}
	if _, err := s.opt.Plan.GetIndicator(ctx, by, c.Indicator); err != nil {
		return Mean{}, err
	}
	if c.Region == "" {
		c.Region = s.usualPlace(by)
	}
	points, err := seriesOf(ctx, s.unit.DB(), c)
	if err != nil {
		return Mean{}, err
	}
	return meanOf(points, from, to)
}

func meanOf(points []Point, from, to series.Period) (Mean, error) {
	out := Mean{Spans: []series.Period{}}
	if len(points) == 0 {
		return out, nil
	}
	latest := points[len(points)-1].Period
	fits := func(p Point) bool {
		return p.Period.Kind() == latest.Kind() && p.Period.Number() == latest.Number()
	}
	first := ""
	for _, p := range points {
		if p.Breaks {
			first = ""
		}
		if fits(p) {
			out.Spans = append(out.Spans, p.Period)
			if first == "" {
				first = string(p.Period)
			}
		}
	}
	if from == "" {
		from = series.Period(first)
	}
	if to == "" {
		to = latest
	}
	at := func(p series.Period) int {
		return slices.IndexFunc(points, func(o Point) bool { return o.Period == p && fits(o) })
	}
	i, j := at(from), at(to)
	var wrong []fault.Field
	if i < 0 {
		wrong = append(wrong, fault.At("from", "这一期没有可比的数值"))
	}
	if j < 0 {
		wrong = append(wrong, fault.At("to", "这一期没有可比的数值"))
	}
	if len(wrong) == 0 && i > j {
		wrong = append(wrong, fault.At("to", "终点不能早于起点"))
	}
	if err := fault.Fields(wrong...); err != nil {
		return out, err
	}
	if i == j {
		return out, nil // one value has no growth
	}
	out.From, out.To = &points[i], &points[j]
	out.Years = int64(to.Year() - from.Year())
	before, ok := plan.Convert(points[i].Rat(), points[i].Unit, points[j].Unit)
	switch {
	case Broken(points, from, to):
		out.Why = plan.Note{Key: "口径已变，不能计算年均增长"}
		return out, nil
	case !ok:
		out.Why = plan.Note{Key: "单位不能换算，不能计算年均增长"}
		return out, nil
	}
	rate, _ := series.MeanGrowth(points[j].Rat(), before, int(out.Years))
	if rate == nil {
		out.Why = plan.Note{Key: "起点或终点不是正数，不能计算年均增长"}
		return out, nil
	}
	out.Percent, _ = plan.ParseDecimal(new(big.Rat).Mul(rate, hundred).FloatString(2))
	return out, nil
}
