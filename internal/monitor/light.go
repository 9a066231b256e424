package monitor

import (
	"math/big"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/plan"
)

// Light (灯) is the colour of a target with its reasons.
type Light struct {
	Colour  plan.Colour `json:"colour"`
	Reasons []plan.Note `json:"reasons,omitempty"`
	base    plan.Colour // before yellow periods in a row turned it red
}

// LightOf computes the light of a target from where it stands, the rule, and how many periods right
// before the present one were yellow. It is pure: the bands are compared as fractions, only the shown
// figures are rounded.
func LightOf(rule Rule, s Standing, yellowBefore int) Light {
	if s.Point != nil && s.Reached && s.Missing == 0 {
		return light(plan.Blue, s.reachedWords())
	}
	if s.Point == nil && s.Missing == 0 {
		return light(plan.Grey, s.noValue())
	}
	out := Light{Colour: plan.Green}
	figures, words := s.figures()
	for _, b := range rule.Bands {
		if !b.holds(figures[b.Of]) || b.Colour == plan.Yellow && out.Colour == plan.Red {
			continue
		}
		if b.Colour != out.Colour {
			out.Colour, out.Reasons = b.Colour, nil
		}
		out.Reasons = append(out.Reasons, words[b.Of])
		if b.Then != "" {
			out.Reasons = append(out.Reasons, plan.Note{Key: "处置：%s", Args: []any{b.Then}})
		}
	}
	out.base = out.Colour
	if out.Colour == plan.Yellow && rule.Runs > 0 && int64(yellowBefore)+1 >= rule.Runs {
		out.Colour = plan.Red
		out.Reasons = append(out.Reasons,
			plan.Note{Key: "连续 %s 期为黄灯", Args: []any{strconv.Itoa(yellowBefore + 1)}})
	}
	switch {
	case out.Colour != plan.Green:
	case s.Point == nil:
		return light(plan.Grey, s.noValue())
	case s.Reached:
		out.Reasons = []plan.Note{s.reachedWords()}
	case s.Why.Key != "":
		return light(plan.Grey, s.Why)
	case s.Planned != nil && s.Progress != nil:
		out.Reasons = []plan.Note{{Key: "应完成 %s%%，实际 %s%%",
			Args: []any{round(s.Planned, 1), round(s.Progress, 1)}}}
	case s.Completion != nil:
		out.Reasons = []plan.Note{{Key: "完成目标的 %s%%", Args: []any{round(s.Completion, 1)}}}
	}
	return out
}

func light(c plan.Colour, why plan.Note) Light {
	return Light{Colour: c, base: c, Reasons: []plan.Note{why}}
}

// noValue says why there is nothing to compare.
func (s Standing) noValue() plan.Note {
	if s.Why.Key != "" {
		return s.Why
	}
	return plan.Note{Key: "还没有应报的数据"}
}

func (s Standing) reachedWords() plan.Note {
	if s.Completion == nil {
		return plan.Note{Key: "已达到目标"}
	}
	return plan.Note{Key: "已达到目标，完成率 %s%%", Args: []any{round(s.Completion, 1)}}
}

// figures are what bands are asked of, with what each says in words. What there is no figure for, no
// band holds.
func (s Standing) figures() (map[string]*big.Rat, map[string]plan.Note) {
	figures := map[string]*big.Rat{FigureMissing: big.NewRat(s.Missing, 1)}
	words := map[string]plan.Note{
		FigureMissing: {Key: "应报的数据已 %s 个月未报", Args: []any{strconv.FormatInt(s.Missing, 10)}},
		FigureOverdue: {Key: "到期未达标，已 %s 天", Args: []any{strconv.FormatInt(s.Overdue, 10)}},
	}
	if s.Overdue > 0 {
		figures[FigureOverdue] = big.NewRat(s.Overdue, 1)
	}
	if s.Behind != nil && !s.Reached {
		figures[FigureBehind] = s.Behind
		words[FigureBehind] = plan.Note{Key: "应完成 %s%%，实际 %s%%，落后 %s 个百分点",
			Args: []any{round(s.Planned, 1), round(s.Progress, 1), round(s.Behind, 1)}}
	}
	if s.Planned == nil && s.Completion != nil && !s.Reached {
		short := new(big.Rat).Sub(hundred, s.Completion)
		figures[FigureShort] = short
		words[FigureShort] = plan.Note{Key: "完成目标的 %s%%，还差 %s%%",
			Args: []any{round(s.Completion, 1), round(short, 1)}}
	}
	return figures, words
}

// round writes a number with so many digits behind the point, half away from zero; "" for none.
func round(r *big.Rat, digits int) string {
	if r == nil {
		return ""
	}
	return r.FloatString(digits)
}
