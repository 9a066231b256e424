package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
)

func (h *Handler) conflictOperations(a *api.API) {
	add(a, api.Operation{UseCase: "plan.ListConflicts", Method: http.MethodGet, Path: "/conflicts",
		Title: "文件之间说法不一的数值"}, func(ctx context.Context, in *struct {
		ConflictQuery
		api.Paging
	}) (*kit.Body[api.Page[plan.Conflict]], error) {
		f, err := h.conflictFilter(in.ConflictQuery)
		if err != nil {
			return nil, err
		}
		page, err := h.plan.ListConflicts(ctx, api.By(ctx), f, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "plan.GetConflict", Method: http.MethodGet, Path: "/conflicts/{id}",
		Title: "一处说法不一"}, func(ctx context.Context, in *ByID) (*kit.Record[plan.Conflict], error) {
		c, err := h.plan.GetConflict(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(c, c.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.DecideConflict", Method: http.MethodPost,
		Path: "/conflicts/{id}/decision", Title: "核对说法不一的数值"}, h.apiDecideConflict)
}

func (h *Handler) apiDecideConflict(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.ConflictDecision
}) (*kit.Record[plan.Conflict], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	c, err := h.plan.DecideConflict(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(c, c.Version, err)
}
