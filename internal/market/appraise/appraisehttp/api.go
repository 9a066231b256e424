package appraisehttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
)

// SheetView is a sheet with everything its page shows.
type SheetView struct {
	appraise.SheetDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// ReviewView is an evaluation with everything its page shows.
type ReviewView struct {
	appraise.ReviewDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "appraise"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.sheetReads(a)
	h.sheetWrites(a)
	h.reviewReads(a)
	h.reviewWrites(a)
	h.panelOps(a)
	h.exportOps(a)
}

// ExportReq asks for a list as a file.
type ExportReq struct {
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}

func (h *Handler) exportOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "appraise.WriteSheets", Method: get, Path: "/appraisals/sheets/export",
		Title: "导出估值工作表"}, func(_ context.Context, in *ExportReq) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "", "", in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "appraise.WriteReviews", Method: get, Path: "/appraisals/reviews/export",
		Title: "导出评价"}, func(_ context.Context, in *struct {
		ExportReq
		State string `query:"state"`
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "review", in.State, in.Format)
		}), nil
	})
}

func (h *Handler) sheetReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "appraise.ListSheets", Method: get, Path: "/appraisals/sheets",
		Title: "估值工作表列表"},
		func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[appraise.Sheet]], error) {
			by := api.By(ctx)
			if !appraise.SheetPolicy.Could(by, appraise.ActSheetRead) {
				return nil, kit.ErrRole()
			}
			page, err := h.appraise.ListSheets(ctx, by, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "appraise.GetSheet", Method: get, Path: "/appraisals/sheets/{id}",
		Title: "估值工作表档案"}, func(ctx context.Context, in *struct {
		kit.ByID
		Edition int64 `query:"edition" doc:"0 = the latest" minimum:"0"`
	}) (*kit.Record[SheetView], error) {
		d, err := h.appraise.GetSheet(ctx, api.By(ctx), in.ID, in.Edition)
		d.Results, d.Editions = kit.List(d.Results), kit.List(d.Editions)
		return kit.RecordOf(SheetView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
}

func (h *Handler) sheetWrites(a *api.API) {
	add(a, api.Operation{UseCase: "appraise.CreateSheet", Method: http.MethodPost,
		Path: "/appraisals/sheets", Title: "编制估值表", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			api.Once
			Body appraise.NewSheet
		}) (*kit.Record[appraise.Sheet], error) {
			in.Body.Key = in.Key
			x, err := h.appraise.CreateSheet(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "appraise.UpdateSheet", Method: http.MethodPut,
		Path: "/appraisals/sheets/{id}", Title: "修改估值表"}, func(ctx context.Context, in *struct {
		Versioned
		Body appraise.SheetUpdate
	}) (*kit.Record[appraise.Sheet], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.appraise.UpdateSheet(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "appraise.SaveInputs", Method: http.MethodPost,
		Path: "/appraisals/sheets/{id}/editions", Title: "保存估值数据", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Versioned
			Body appraise.NewEdition
		}) (*kit.Record[appraise.Sheet], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.ID, in.Body.Version = in.ID, version
			x, err := h.appraise.SaveInputs(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "appraise.FireSheet", Method: http.MethodPost,
		Path: "/appraisals/sheets/{id}/steps", Title: "办理估值表的步骤"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[appraise.Sheet], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			x, err := h.appraise.FireSheet(ctx, api.By(ctx), appraise.Step{ID: in.ID, Step: in.Body.Step,
				Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(x, x.Version, err)
		})
}

func (h *Handler) reviewReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "appraise.ListReviews", Method: get, Path: "/appraisals/reviews",
		Title: "评价列表"}, func(ctx context.Context, in *struct {
		State string `query:"state"`
		api.Paging
	}) (*kit.Body[api.Page[appraise.Review]], error) {
		by := api.By(ctx)
		if !appraise.ReviewPolicy.Could(by, appraise.ActReviewRead) {
			return nil, kit.ErrRole()
		}
		page, err := h.appraise.ListReviews(ctx, by, in.State, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "appraise.GetReview", Method: get, Path: "/appraisals/reviews/{id}",
		Title: "评价档案"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[ReviewView], error) {
		d, err := h.appraise.GetReview(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(ReviewView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
}

func (h *Handler) reviewWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "appraise.CreateReview", Method: post, Path: "/appraisals/reviews",
		Title: "发起评价", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body appraise.NewReview
	}) (*kit.Record[appraise.Review], error) {
		in.Body.Key = in.Key
		v, err := h.appraise.CreateReview(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(v, v.Version, err)
	})
	add(a, api.Operation{UseCase: "appraise.FireReview", Method: post,
		Path: "/appraisals/reviews/{id}/steps", Title: "办理评价的步骤"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[appraise.Review], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			v, err := h.appraise.FireReview(ctx, api.By(ctx), appraise.Step{ID: in.ID, Step: in.Body.Step,
				Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(v, v.Version, err)
		})
	add(a, api.Operation{UseCase: "appraise.WriteReport", Method: http.MethodPut,
		Path: "/appraisals/reviews/{id}/report", Title: "撰写评价报告"}, func(ctx context.Context, in *struct {
		Versioned
		Body appraise.Report
	}) (*kit.Record[appraise.Review], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		v, err := h.appraise.WriteReport(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(v, v.Version, err)
	})
}

// JoinIn is the body of taking up an invitation.
type JoinIn struct {
	Code string `json:"code"`
}

func (h *Handler) panelOps(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "appraise.AddExpert", Method: post,
		Path: "/appraisals/reviews/{id}/experts", Title: "添加评价专家", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Versioned
			Body appraise.NewExpert
		}) (*kit.Body[appraise.Invited], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.Review, in.Body.Version = in.ID, version
			return kit.BodyOf(h.appraise.AddExpert(ctx, api.By(ctx), in.Body))
		})
	add(a, api.Operation{UseCase: "appraise.RemoveExpert", Method: http.MethodDelete,
		Path: "/appraisals/reviews/{id}/experts/{expert}", Title: "移除评价专家", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Versioned
			Expert string `path:"expert" maxLength:"64"`
		}) (*kit.None, error) {
			version, err := in.Version()
			if err == nil {
				err = h.appraise.RemoveExpert(ctx, api.By(ctx), in.ID, in.Expert, version)
			}
			return &kit.None{}, err
		})
	add(a, api.Operation{UseCase: "appraise.Join", Method: post, Path: "/appraisals/join",
		Title: "加入评价"}, func(ctx context.Context, in *struct{ Body JoinIn }) (*kit.Record[appraise.Review], error) {
		v, err := h.appraise.Join(ctx, api.By(ctx), in.Body.Code)
		return kit.RecordOf(v, v.Version, err)
	})
	add(a, api.Operation{UseCase: "appraise.Score", Method: http.MethodPut,
		Path: "/appraisals/reviews/{id}/scores", Title: "专家评分"}, func(ctx context.Context, in *struct {
		kit.ByID
		Body appraise.Scores
	}) (*kit.Body[appraise.Expert], error) {
		in.Body.Review = in.ID
		return kit.BodyOf(h.appraise.Score(ctx, api.By(ctx), in.Body))
	})
}
