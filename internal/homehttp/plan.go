package homehttp

import (
	"context"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// documents counts what waits to be reviewed.
func (h *Handler) documents(ctx context.Context, by authz.Actor, v *workView) error {
	counts, err := h.Plan.CountDocuments(ctx, by, plan.DocumentFilter{Latest: true})
	if err != nil {
		return err
	}
	v.wait(ctx, "待审读的文件", counts[plan.DocumentPending], "份",
		"/documents?state="+plan.DocumentPending)
	return nil
}

// tasks counts the ledger: what is red, what is late, what waits for an answer.
func (h *Handler) tasks(ctx context.Context, by authz.Actor, v *workView) error {
	counts, err := h.Plan.CountTasks(ctx, by, plan.TaskFilter{Open: true})
	if err != nil {
		return err
	}
	v.wait(ctx, "红灯任务", counts.Lights[string(plan.Red)], "项", "/ledger?light=red&open=1")
	v.wait(ctx, "逾期任务", counts.Overdue, "项", "/ledger?overdue=1")
	v.wait(ctx, "申请办结待核验", counts.States[plan.TaskApplied]+counts.States[plan.TaskVerifying], "项",
		"/ledger?view=board")
	return nil
}

// ownTasks counts what waits for the unit that somebody acts for. Who acts for none sees nothing.
func (h *Handler) ownTasks(ctx context.Context, by authz.Actor, v *workView) error {
	if by.Org == "" {
		return nil
	}
	counts, err := h.Plan.CountTasks(ctx, by, plan.TaskFilter{Open: true, Org: by.Org})
	if err != nil || counts.All == 0 && by.Role != authz.Department && by.Role != authz.District {
		return err
	}
	mine := "&org=" + url.QueryEscape(by.Org)
	v.wait(ctx, "待签收的任务", counts.States[plan.TaskEstablished], "项",
		"/ledger?state="+plan.TaskEstablished+mine)
	v.wait(ctx, "红灯任务", counts.Lights[string(plan.Red)], "项", "/ledger?light=red&open=1"+mine)
	v.wait(ctx, "逾期任务", counts.Overdue, "项", "/ledger?overdue=1"+mine)
	v.wait(ctx, "我的任务", counts.All, "项", "/tasks/mine")
	return nil
}
