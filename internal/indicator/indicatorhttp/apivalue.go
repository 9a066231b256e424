package indicatorhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
)

// ObservationQuery narrows a list of values.
type ObservationQuery struct {
	Indicator string `query:"indicator" maxLength:"64"`
	Set       string `query:"set" maxLength:"64"`
	Region    string `query:"region" maxLength:"6" doc:"and everything inside it"`
	Reporter  string `query:"reporter" maxLength:"64"`
	Period    string `query:"period" maxLength:"7" doc:"2026, 2026H1, 2026Q3 or 2026-09"`
	From      string `query:"from" maxLength:"10"`
	To        string `query:"to" maxLength:"10"`
	State     string `query:"state" maxLength:"20"`
	Source    string `query:"source" maxLength:"20"`
	Document  string `query:"document" maxLength:"64"`
}

func (q ObservationQuery) filter() (indicator.ObservationFilter, error) {
	f := indicator.ObservationFilter{Indicator: q.Indicator, Set: q.Set, Region: region.Code(q.Region),
		Reporter: q.Reporter, Period: series.Period(q.Period), From: clock.Date(q.From),
		To: clock.Date(q.To), State: q.State, Source: q.Source, Document: q.Document}
	if q.Period != "" && !f.Period.Valid() {
		return f, fault.Fields(fault.At("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09"))
	}
	return f, nil
}

// ObservationView is a value with everything its page shows.
type ObservationView struct {
	indicator.ObservationDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

func (h *Handler) valueReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "indicator.ListObservations", Method: get, Path: "/observations",
		Title: "数值列表"}, func(ctx context.Context, in *struct {
		ObservationQuery
		Sort string `query:"sort" enum:"updated,period,submitted,cell" default:"updated"`
		api.Paging
	}) (*kit.Body[api.Page[indicator.Observation]], error) {
		f, err := in.filter()
		if err == nil && !indicator.ObservationPolicy.Could(api.By(ctx), indicator.ActObservationRead) {
			err = kit.ErrRole()
		}
		if err != nil {
			return nil, err
		}
		page, err := h.room.ListObservations(ctx, api.By(ctx), f, in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "indicator.CountObservations", Method: get, Path: "/observations/count",
		Title: "各状态数值的数量"}, func(ctx context.Context, in *ObservationQuery) (*kit.Body[map[string]int64], error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.room.CountObservations(ctx, api.By(ctx), f))
	})
	add(a, api.Operation{UseCase: "indicator.WriteObservations", Method: get, Path: "/observations/export",
		Title: "导出指标数据"}, func(_ context.Context, in *struct {
		ObservationQuery
		FormatIn
	}) (*api.Stream, error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "指标数据", in.Format, "", func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteObservations(r.Context(), api.By(r.Context()), f, e, out)
				return err
			})
		}), nil
	})
	add(a, api.Operation{UseCase: "indicator.DraftFromStatement", Method: get,
		Path: "/statements/{id}/observation", Title: "条目作为数值"},
		func(ctx context.Context, in *kit.ByID) (*kit.Body[indicator.StatementDraft], error) {
			return kit.BodyOf(h.room.DraftFromStatement(ctx, api.By(ctx), in.ID))
		})
	add(a, api.Operation{UseCase: "indicator.GetObservation", Method: get, Path: "/observations/{id}",
		Title: "数值档案"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[ObservationView], error) {
		d, err := h.room.GetObservation(ctx, api.By(ctx), in.ID)
		d.Revisions, d.Doubts = kit.List(d.Revisions), kit.List(d.Doubts)
		return kit.RecordOf(ObservationView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
}

func (h *Handler) valueWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "indicator.FireObservation", Method: post, Path: "/observations/{id}/steps",
		Title: "办理数值的步骤"}, func(ctx context.Context, in *kit.StepReq) (*kit.Record[indicator.Observation], error) {
		version, err := in.Read()
		if err != nil {
			return nil, err
		}
		x, err := h.room.FireObservation(ctx, api.By(ctx), indicator.Step{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.FireObservations", Method: post, Path: "/observations/steps",
		Title: "批量办理数值"}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.Steps
	}) (*kit.Body[[]indicator.Observation], error) {
		in.Body.Key = in.Key
		out, err := h.room.FireObservations(ctx, api.By(ctx), in.Body)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "indicator.Correct", Method: post, Path: "/observations/{id}/corrections",
		Title: "更正数值", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		Versioned
		api.Once
		Body indicator.Correction
	}) (*kit.Record[indicator.Observation], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.room.Correct(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}

func (h *Handler) definitionOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.InForce", Method: get, Path: "/definitions", Title: "现行口径"},
		func(ctx context.Context, in *struct {
			Kind      string `query:"kind" maxLength:"20"`
			Frequency string `query:"frequency" maxLength:"20"`
			Set       string `query:"set" maxLength:"64"`
			Day       string `query:"day" maxLength:"10" doc:"today by default"`
		}) (*kit.Body[[]indicator.Definition], error) {
			out, err := h.room.InForce(ctx, api.By(ctx), indicator.DefinitionFilter{Kind: in.Kind,
				Frequency: in.Frequency, Set: in.Set}, clock.Date(in.Day))
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "indicator.DefinitionsOf", Method: get, Path: "/indicators/{id}/definitions",
		Title: "指标的口径"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[indicator.IndicatorDefinitions], error) {
		out, err := h.room.DefinitionsOf(ctx, api.By(ctx), in.ID)
		out.Definitions, out.Sets = kit.List(out.Definitions), kit.List(out.Sets)
		return kit.BodyOf(out, err)
	})
	add(a, api.Operation{UseCase: "indicator.CreateDefinition", Method: post, Path: "/indicators/{id}/definitions",
		Title: "建立口径", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body indicator.DefinitionData
	}) (*kit.Record[indicator.Definition], error) {
		x, err := h.room.CreateDefinition(ctx, api.By(ctx), indicator.NewDefinition{Indicator: in.ID,
			DefinitionData: in.Body, Key: in.Key})
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.UpdateDefinition", Method: http.MethodPut, Path: "/definitions/{id}",
		Title: "修改口径"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.DefinitionData
	}) (*kit.Record[indicator.Definition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		x, err := h.room.UpdateDefinition(ctx, api.By(ctx), indicator.DefinitionUpdate{ID: in.ID,
			DefinitionData: in.Body, Version: version})
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.CloseDefinition", Method: post, Path: "/definitions/{id}/close",
		Title: "停用口径"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.DefinitionEnd
	}) (*kit.Record[indicator.Definition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.CloseDefinition(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.ReopenDefinition", Method: post, Path: "/definitions/{id}/reopen",
		Title: "撤回停用口径"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.DefinitionReopening
	}) (*kit.Record[indicator.Definition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.ReopenDefinition(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
