package homehttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
)

// Values is what this door asks of package indicator.
type Values interface {
	CountObservations(context.Context, authz.Actor, indicator.ObservationFilter) (map[string]int64, error)
}

// Doubts is what this door asks of package monitor.
type Doubts interface {
	CountFindings(context.Context, authz.Actor, monitor.FindingFilter) (map[string]int64, error)
}

// values counts what was reported and waits to be approved, and what looks wrong in it.
func (h *Handler) values(ctx context.Context, by authz.Actor, v *workView) error {
	if h.Values != nil && indicator.ObservationPolicy.Could(by, indicator.ActObservationApprove) {
		n, err := h.Values.CountObservations(ctx, by, indicator.ObservationFilter{})
		if err != nil {
			return err
		}
		v.wait(ctx, "待审核的指标数值", n[indicator.Submitted], "个", "/reporting/review")
	}
	if h.Doubts == nil || !monitor.FindingPolicy.Could(by, monitor.ActFindingRead) {
		return nil
	}
	counts, err := h.Doubts.CountFindings(ctx, by, monitor.FindingFilter{})
	var n int64
	for _, of := range counts {
		n += of
	}
	v.some(ctx, "数据疑点", n, "处", "/monitor/findings")
	return err
}
