package indicator

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
)

// Rate (填报情况) counts what a unit was asked for in a period and what came of it.
type Rate struct {
	Reporter     string        `json:"reporter"`
	ReporterName string        `json:"reporterName"`
	Period       series.Period `json:"period,omitempty"` // "" = all periods together
	Asked        int64         `json:"asked"`            // 应报
	Due          int64         `json:"due"`              // of these the deadline has passed
	OnTime       int64         `json:"onTime"`           // 按时: handed in by the deadline
	Late         int64         `json:"late"`             // 逾期报
	Missing      int64         `json:"missing"`          // 未报: nothing was handed in
	Approved     int64         `json:"approved"`         // 已审核
}

// Handed is how many were handed in at all.
func (r Rate) Handed() int64 { return r.OnTime + r.Late }

// OnTimeBp is the share of 按时 in what is due or in already, in hundredths of a percent; -1 for none.
func (r Rate) OnTimeBp() int64 { return share(r.OnTime, r.judged()) }

// CompleteBp is the share of what was handed in in all that was asked for, in hundredths of a percent;
// -1 for none.
func (r Rate) CompleteBp() int64 { return share(r.Handed(), r.Asked) }

// judged are those that can be said to be on time or not: due, or in before.
func (r Rate) judged() int64 { return max(r.Due, r.Handed()) }

func share(part, whole int64) int64 {
	if whole == 0 {
		return -1
	}
	return (part*10_000 + whole/2) / whole
}

func (r *Rate) count(a Asked, nowUs int64) {
	r.Asked++
	switch {
	case a.OnTime():
		r.OnTime++
	case a.FirstUs > 0:
		r.Late++
	default:
		r.Missing++
	}
	if a.DueUs <= nowUs {
		r.Due++
	}
	if a.Approved {
		r.Approved++
	}
}

// Rates returns how units report, by unit and period, the latest period first; the sums of each unit
// stand before its periods.
func (s *Service) Rates(ctx context.Context, by authz.Actor, f DeskFilter) ([]Rate, error) {
	f.State = ""
	list, err := s.Desk(ctx, by, f)
	if err != nil {
		return nil, err
	}
	nowUs := clock.Us(s.unit.Clock().Now())
	type key struct {
		reporter string
		period   series.Period
	}
	sums := map[key]*Rate{}
	for _, a := range list {
		for _, p := range []series.Period{"", a.Period} {
			k := key{a.Reporter, p}
			if sums[k] == nil {
				sums[k] = &Rate{Reporter: a.Reporter, ReporterName: a.ReporterName, Period: p}
			}
			sums[k].count(a, nowUs)
		}
	}
	out := make([]Rate, 0, len(sums))
	for _, r := range sums {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Rate) int {
		first := cmp.Or(cmp.Compare(a.ReporterName, b.ReporterName), cmp.Compare(a.Reporter, b.Reporter))
		if first != 0 || a.Period == "" || b.Period == "" {
			return cmp.Or(first, cmp.Compare(len(a.Period), len(b.Period)))
		}
		return cmp.Compare(b.Period.SortKey(), a.Period.SortKey())
	})
	return out, nil
}
