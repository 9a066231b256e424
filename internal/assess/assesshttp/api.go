package assesshttp

import (
	"context"
	"mime/multipart"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// RoundView is a round with everything its page shows.
type RoundView struct {
	assess.RoundDetail
	Appeals []assess.Appeal `json:"appeals"`
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// AppealView is an appeal with everything its page shows.
type AppealView struct {
	assess.AppealDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

func add[In, Out any](a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error)) {
	op.Tag = "assess"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.schemeOps(a)
	h.roundReads(a)
	h.roundWrites(a)
	h.roundWork(a)
	h.entryOps(a)
	h.appealOps(a)
}

func (h *Handler) schemeOps(a *api.API) {
	add(a, api.Operation{UseCase: "assess.ListSchemes", Method: http.MethodGet, Path: "/assessments/schemes",
		Title: "计分办法列表"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]assess.Scheme], error) {
		list, err := h.assess.ListSchemes(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "assess.GetScheme", Method: http.MethodGet, Path: "/assessments/schemes/{id}",
		Title: "计分办法"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[assess.Scheme], error) {
		x, err := h.assess.GetScheme(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.CreateScheme", Method: http.MethodPost, Path: "/assessments/schemes",
		Title: "制定计分办法", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body assess.NewScheme
	}) (*kit.Record[assess.Scheme], error) {
		in.Body.Key = in.Key
		x, err := h.assess.CreateScheme(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}

func (h *Handler) roundReads(a *api.API) {
	add(a, api.Operation{UseCase: "assess.ListRounds", Method: http.MethodGet, Path: "/assessments/rounds",
		Title: "考核列表"}, func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[assess.Round]], error) {
		page, err := h.assess.ListRounds(ctx, api.By(ctx), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "assess.GetRound", Method: http.MethodGet, Path: "/assessments/rounds/{id}",
		Title: "考核与结果"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[RoundView], error) {
		d, err := h.assess.GetRound(ctx, api.By(ctx), in.ID)
		d.Entries = kit.List(d.Entries)
		return kit.RecordOf(RoundView{d, kit.List(d.Pending), kit.Offers(ctx, d.Offers), kit.Events(d.History)},
			d.Version, err)
	})
	type tableIn struct {
		kit.ByID
		Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
	}
	add(a, api.Operation{UseCase: "assess.WriteResults", Method: http.MethodGet,
		Path: "/assessments/rounds/{id}/export", Title: "导出考核结果"},
		func(_ context.Context, in *tableIn) (*api.Stream, error) {
			return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				return h.export(w, r, in.ID, "", in.Format)
			}), nil
		})
	add(a, api.Operation{UseCase: "assess.WriteMarkSheet", Method: http.MethodGet,
		Path: "/assessments/rounds/{id}/sheet", Title: "下载考核填报表"},
		func(_ context.Context, in *tableIn) (*api.Stream, error) {
			return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				return h.export(w, r, in.ID, "marks", in.Format)
			}), nil
		})
}

func (h *Handler) roundWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "assess.CreateRound", Method: post, Path: "/assessments/rounds", Title: "拟定考核",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body assess.NewRound
	}) (*kit.Record[assess.Round], error) {
		in.Body.Key = in.Key
		x, err := h.assess.CreateRound(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.UpdateRound", Method: http.MethodPut, Path: "/assessments/rounds/{id}",
		Title: "修改考核"}, func(ctx context.Context, in *struct {
		Versioned
		Body assess.RoundUpdate
	}) (*kit.Record[assess.Round], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.assess.UpdateRound(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.FireRound", Method: post, Path: "/assessments/rounds/{id}/steps",
		Title: "办理考核的步骤"}, func(ctx context.Context, in *kit.StepReq) (*kit.Record[assess.Round], error) {
		version, err := in.Read()
		if err != nil {
			return nil, err
		}
		x, err := h.assess.FireRound(ctx, api.By(ctx), assess.Step{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.Count", Method: post, Path: "/assessments/rounds/{id}/count",
		Title: "计分"}, func(ctx context.Context, in *Versioned) (*kit.Record[assess.Round], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		x, err := h.assess.Count(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(x, x.Version, err)
	})
}

// Taken says how many numbers a table brought.
type Taken struct {
	Marks int `json:"marks"`
}

// roundWork are the units of a round and the table of their scores.
func (h *Handler) roundWork(a *api.API) {
	add(a, api.Operation{UseCase: "assess.AddUnits", Method: http.MethodPost,
		Path: "/assessments/rounds/{id}/units", Title: "列入被考核单位"}, func(ctx context.Context, in *struct {
		Versioned
		Body assess.NewUnits
	}) (*kit.Record[assess.Round], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Round, in.Body.Version = in.ID, version
		x, err := h.assess.AddUnits(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.RemoveUnit", Method: http.MethodDelete,
		Path: "/assessments/rounds/{id}/units/{entry}", Title: "移除被考核单位"}, func(ctx context.Context, in *struct {
		Versioned
		Entry string `path:"entry" maxLength:"64"`
	}) (*kit.Record[assess.Round], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		x, err := h.assess.RemoveUnit(ctx, api.By(ctx), in.ID, in.Entry, version)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.ImportMarks", Method: http.MethodPost,
		Path: "/assessments/rounds/{id}/sheet", Title: "导入考核填报表", Maximum: sheet.MaxFileBytes + formMemory,
		Form: []api.FormField{kit.TableField}},
		func(ctx context.Context, in *struct {
			Versioned
			RawBody multipart.Form
		}) (*kit.Body[Taken], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			heads := in.RawBody.File[sheet.FieldFile]
			if len(heads) == 0 {
				return nil, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
			}
			content, err := heads[0].Open()
			if err != nil {
				return nil, kit.BadForm(err)
			}
			defer func() { _ = content.Close() }() // it was only read
			n, err := h.assess.ImportMarks(ctx, api.By(ctx), assess.MarkImport{Round: in.ID, Version: version,
				Name: heads[0].Filename, File: content})
			return kit.BodyOf(Taken{n}, err)
		})
}

func (h *Handler) entryOps(a *api.API) {
	add(a, api.Operation{UseCase: "assess.GetEntry", Method: http.MethodGet, Path: "/assessments/entries/{id}",
		Title: "单位的考核明细"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[assess.EntryDetail], error) {
		return kit.BodyOf(h.assess.GetEntry(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "assess.SetMark", Method: http.MethodPost, Path: "/assessments/entries/{id}/marks",
		Title: "人工填写"}, func(ctx context.Context, in *struct {
		Versioned
		Body assess.NewMark
	}) (*kit.Body[assess.Entry], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Entry, in.Body.Version = in.ID, version
		return kit.BodyOf(h.assess.SetMark(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "assess.FileAppeal", Method: http.MethodPost,
		Path: "/assessments/entries/{id}/appeals", Title: "提出申诉", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			kit.ByID
			api.Once
			Body assess.NewAppeal
		}) (*kit.Record[assess.Appeal], error) {
			in.Body.Entry, in.Body.Once = in.ID, in.Key
			x, err := h.assess.FileAppeal(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(x, x.Version, err)
		})
}

func (h *Handler) appealOps(a *api.API) {
	add(a, api.Operation{UseCase: "assess.ListAppeals", Method: http.MethodGet, Path: "/assessments/appeals",
		Title: "申诉列表"}, func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[assess.Appeal]], error) {
		page, err := h.assess.ListAppeals(ctx, api.By(ctx), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "assess.GetAppeal", Method: http.MethodGet, Path: "/assessments/appeals/{id}",
		Title: "申诉"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[AppealView], error) {
		d, err := h.assess.GetAppeal(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(AppealView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
	add(a, api.Operation{UseCase: "assess.FireAppeal", Method: http.MethodPost,
		Path: "/assessments/appeals/{id}/steps", Title: "答复或撤回申诉"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[assess.Appeal], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			x, err := h.assess.FireAppeal(ctx, api.By(ctx), assess.Step{ID: in.ID, Step: in.Body.Step,
				Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(x, x.Version, err)
		})
}
