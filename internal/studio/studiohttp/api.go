package studiohttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// SchemeView is a scheme with everything its page shows.
type SchemeView struct {
	studio.SchemeDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

// AskIn asks for a computation.
type AskIn struct {
	kit.ByID
	Body studio.Ask
}

// UnitIn asks for a unit of a computation.
type UnitIn struct {
	studio.Ask
	Unit string `json:"unit" maxLength:"40"`
}

// ChecksIn asks for the checks of a computation.
type ChecksIn struct {
	studio.Ask
	Group string `json:"group,omitempty" maxLength:"40"`
}

// WhatIfIn asks what a unit would come to.
type WhatIfIn struct {
	studio.Ask
	Question studio.WhatIf `json:"question"`
}

// UnitView is a unit with the steps of its numbers.
type UnitView struct {
	Profile studio.Profile `json:"profile"`
	Choices studio.Choices `json:"choices"`
}

// ChecksView are the checks of choices.
type ChecksView struct {
	Checks  studio.Checks  `json:"checks"`
	Choices studio.Choices `json:"choices"`
}

func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "studio"
	api.Add(a, op, handle)
}

// Operations adds the operations of the studio.
func (h *Handler) Operations(a *api.API) {
	h.datasetReads(a)
	h.datasetWrites(a)
	h.schemeReads(a)
	h.schemeWrites(a)
	h.computing(a)
	h.studies(a)
	h.panelReads(a)
	h.panelWrites(a)
}

func (h *Handler) datasetReads(a *api.API) {
	const get, path = http.MethodGet, "/studio/datasets"
	add(a, api.Operation{UseCase: "studio.ListDatasets", Method: get, Path: path, Title: "指数数据集列表"},
		func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[studio.Dataset]], error) {
			by := api.By(ctx)
			if !studio.DatasetPolicy.Could(by, studio.ActDatasetRead) {
				return nil, kit.ErrRole()
			}
			page, err := h.studio.ListDatasets(ctx, by, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "studio.GetDataset", Method: get, Path: path + "/{id}", Title: "指数数据集"},
		func(ctx context.Context, in *struct {
			kit.ByID
			Edition int64 `query:"edition" doc:"0 = the latest" minimum:"0"`
		}) (*kit.Record[studio.DatasetDetail], error) {
			d, err := h.studio.GetDataset(ctx, api.By(ctx), in.ID, in.Edition)
			return kit.RecordOf(d, d.Version, err)
		})
	add(a, api.Operation{UseCase: "studio.CompareEditions", Method: get, Path: path + "/{id}/comparison",
		Title: "比较数据集的两版"}, func(ctx context.Context, in *struct {
		kit.ByID
		A      int64  `query:"a" minimum:"1"`
		B      int64  `query:"b" minimum:"1"`
		Scheme string `query:"scheme" maxLength:"64" doc:"whose choices are used; none: the usual ones"`
	}) (*kit.Body[studio.Comparison], error) {
		return kit.BodyOf(h.studio.CompareEditions(ctx, api.By(ctx), in.ID, in.Scheme, in.A, in.B))
	})
}

func (h *Handler) datasetWrites(a *api.API) {
	const path = "/studio/datasets"
	add(a, api.Operation{UseCase: "studio.ListOffers", Method: http.MethodGet, Path: "/studio/offers",
		Title: "可取的数据集"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]studio.Offer], error) {
		list, err := h.studio.ListOffers(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "studio.DrawDataset", Method: http.MethodPost, Path: "/studio/draws",
		Title: "从指标监测取数据集", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body studio.Live
	}) (*kit.Record[studio.Dataset], error) {
		in.Body.Key = in.Key
		d, err := h.studio.DrawDataset(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.CreateDataset", Method: http.MethodPost, Path: path, Title: "建立数据集",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body studio.NewDataset
	}) (*kit.Record[studio.Dataset], error) {
		in.Body.Key = in.Key
		d, err := h.studio.CreateDataset(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.UpdateDataset", Method: http.MethodPut, Path: path + "/{id}",
		Title: "修改数据集的说明"}, func(ctx context.Context, in *struct {
		Versioned
		Body studio.DatasetUpdate
	}) (*kit.Record[studio.Dataset], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		d, err := h.studio.UpdateDataset(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.ReviseDataset", Method: http.MethodPost, Path: path + "/{id}/editions",
		Title: "更正数据集", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		Versioned
		Body studio.Revision
	}) (*kit.Record[studio.Dataset], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		d, err := h.studio.ReviseDataset(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
}

func (h *Handler) schemeReads(a *api.API) {
	const get, path = http.MethodGet, "/studio/schemes"
	add(a, api.Operation{UseCase: "studio.ListSchemes", Method: get, Path: path, Title: "指数方案列表"},
		func(ctx context.Context, in *struct {
			Dataset string `query:"dataset" maxLength:"64"`
			State   string `query:"state" maxLength:"20"`
			api.Paging
		}) (*kit.Body[api.Page[studio.Scheme]], error) {
			by := api.By(ctx)
			if !studio.SchemePolicy.Could(by, studio.ActSchemeRead) {
				return nil, kit.ErrRole()
			}
			page, err := h.studio.ListSchemes(ctx, by, in.Dataset, in.State, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "studio.GetScheme", Method: get, Path: path + "/{id}", Title: "指数方案"},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[SchemeView], error) {
			d, err := h.studio.GetScheme(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(SchemeView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
		})
	add(a, api.Operation{UseCase: "studio.GetEdition", Method: get, Path: path + "/{id}/editions/{n}",
		Title: "方案的一版及其结果"}, func(ctx context.Context, in *struct {
		kit.ByID
		N int64 `path:"n" minimum:"0" doc:"0 = the latest"`
	}) (*kit.Body[studio.Saved], error) {
		return kit.BodyOf(h.studio.GetEdition(ctx, api.By(ctx), in.ID, in.N))
	})
	add(a, api.Operation{UseCase: "studio.VerifyEdition", Method: get, Path: path + "/{id}/editions/{n}/verification",
		Title: "复算核对方案的一版"}, func(ctx context.Context, in *struct {
		kit.ByID
		N int64 `path:"n" minimum:"0" doc:"0 = the latest"`
	}) (*kit.Body[studio.Verdict], error) {
		return kit.BodyOf(h.studio.VerifyEdition(ctx, api.By(ctx), in.ID, in.N))
	})
}

func (h *Handler) schemeWrites(a *api.API) {
	const post, path = http.MethodPost, "/studio/schemes"
	add(a, api.Operation{UseCase: "studio.CreateScheme", Method: post, Path: path, Title: "新建方案",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body studio.NewScheme
	}) (*kit.Record[studio.Scheme], error) {
		in.Body.Key = in.Key
		x, err := h.studio.CreateScheme(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.UpdateScheme", Method: http.MethodPut, Path: path + "/{id}",
		Title: "修改方案的说明"}, func(ctx context.Context, in *struct {
		Versioned
		Body studio.SchemeUpdate
	}) (*kit.Record[studio.Scheme], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.studio.UpdateScheme(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.SaveEdition", Method: post, Path: path + "/{id}/editions",
		Title: "保存方案的一版", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		Versioned
		Body studio.NewEdition
	}) (*kit.Record[studio.Scheme], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.studio.SaveEdition(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.FireScheme", Method: post, Path: path + "/{id}/steps",
		Title: "办理方案的步骤"}, func(ctx context.Context, in *kit.StepReq) (*kit.Record[studio.Scheme], error) {
		version, err := in.Read()
		if err != nil {
			return nil, err
		}
		x, err := h.studio.FireScheme(ctx, api.By(ctx), studio.Step{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(x, x.Version, err)
	})
}

// computing adds what is computed and not kept.
func (h *Handler) computing(a *api.API) {
	const post, path = http.MethodPost, "/studio/schemes/{id}"
	add(a, api.Operation{UseCase: "studio.Compute", Method: post, Path: path + "/outcome", Title: "按选择计算指数"},
		func(ctx context.Context, in *AskIn) (*kit.Body[studio.Outcome], error) {
			o, err := h.studio.Compute(ctx, api.By(ctx), in.ID, in.Body)
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(*o, nil)
		})
	add(a, api.Operation{UseCase: "studio.GetUnit", Method: post, Path: path + "/unit", Title: "一个单位的得分怎样算出来"},
		func(ctx context.Context, in *struct {
			kit.ByID
			Body UnitIn
		}) (*kit.Body[UnitView], error) {
			o, p, err := h.studio.GetUnit(ctx, api.By(ctx), in.ID, in.Body.Unit, in.Body.Ask)
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(UnitView{p, o.Choices}, nil)
		})
	add(a, api.Operation{UseCase: "studio.GetChecks", Method: post, Path: path + "/checks", Title: "指数的检查"},
		func(ctx context.Context, in *struct {
			kit.ByID
			Body ChecksIn
		}) (*kit.Body[ChecksView], error) {
			o, c, err := h.studio.GetChecks(ctx, api.By(ctx), in.ID, in.Body.Group, in.Body.Ask)
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(ChecksView{c, o.Choices}, nil)
		})
	add(a, api.Operation{UseCase: "studio.AskWhatIf", Method: post, Path: path + "/what-if",
		Title: "设想一项指标的变化"}, func(ctx context.Context, in *struct {
		kit.ByID
		Body WhatIfIn
	}) (*kit.Body[studio.WhatIfAnswer], error) {
		return kit.BodyOf(h.studio.AskWhatIf(ctx, api.By(ctx), in.ID, in.Body.Ask, in.Body.Question))
	})
}

func (h *Handler) studies(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "studio.ListStudies", Method: get, Path: "/studio/schemes/{id}/studies",
		Title: "方案的敏感性分析列表"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]studio.Study], error) {
		list, err := h.studio.ListStudies(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "studio.StartStudy", Method: post, Path: "/studio/schemes/{id}/studies",
		Title: "开始敏感性分析", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body studio.NewStudy
	}) (*kit.Body[studio.Study], error) {
		in.Body.Scheme, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.studio.StartStudy(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "studio.GetStudy", Method: get, Path: "/studio/studies/{id}",
		Title: "敏感性分析的进度与结果"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[studio.StudyDetail], error) {
		return kit.BodyOf(h.studio.GetStudy(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "studio.CancelStudy", Method: post, Path: "/studio/studies/{id}/cancel",
		Title: "取消敏感性分析"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[studio.Study], error) {
		return kit.BodyOf(h.studio.CancelStudy(ctx, api.By(ctx), in.ID))
	})
}
