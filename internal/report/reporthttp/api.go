package reporthttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/web"
)

// View is a report with everything its page shows.
type View struct {
	report.Detail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// Versioned names a report that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

func add[In, Out any](a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error)) {
	op.Tag = "report"
	api.Add(a, op, handle)
}

const (
	get  = http.MethodGet
	post = http.MethodPost
	one  = pathReports + "/{id}"
)

// Operations adds the operations of reports.
func (h *Handler) Operations(a *api.API) {
	h.reads(a)
	h.writes(a)
}

func (h *Handler) reads(a *api.API) {
	add(a, api.Operation{UseCase: "report.ListReports", Method: get, Path: pathReports, Title: "报告列表", Public: true},
		func(ctx context.Context, in *struct {
			Q     string `query:"q" maxLength:"100" doc:"words of the title, or a code"`
			Form  string `query:"form" doc:"bulletin or press"`
			State string `query:"state"`
			api.Paging
		}) (*kit.Body[api.Page[report.Report]], error) {
			page, err := h.room.ListReports(ctx, api.By(ctx), report.Filter{Query: in.Q, Form: in.Form,
				State: in.State}, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "report.ListSets", Method: get, Path: pathReports + "/sets",
		Title: "报告可选的指标体系"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]report.Choice], error) {
		list, err := h.room.ListSets(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "report.ListCompared", Method: get, Path: pathReports + "/compared",
		Title: "报告可分县区比较的指标"}, func(ctx context.Context, in *struct {
		Region string `query:"region" doc:"GB/T 2260 code; the site's place when empty"`
	}) (*kit.Body[[]report.Choice], error) {
		list, err := h.room.ListCompared(ctx, api.By(ctx), region.Code(in.Region))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "report.ListBeside", Method: get, Path: pathReports + "/beside",
		Title: "报告可另写的指标"}, func(ctx context.Context, in *struct {
		Region string `query:"region" doc:"GB/T 2260 code; the site's place when empty"`
		Set    string `query:"set" doc:"id of the set of indicators; the usual one when empty"`
	}) (*kit.Body[[]report.Choice], error) {
		list, err := h.room.ListBeside(ctx, api.By(ctx), region.Code(in.Region), in.Set)
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "report.GetReport", Method: get, Path: one, Title: "报告", Public: true},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[View], error) {
			d, err := h.room.GetReport(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(View{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
		})
	add(a, api.Operation{UseCase: "report.ListFigures", Method: get, Path: one + "/figures", Title: "报告中的数字",
		Public: true}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]report.Figure], error) {
		list, err := h.room.ListFigures(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "report.GetFigure", Method: get, Path: one + "/figures/{n}", Title: "报告中数字的来源",
		Public: true}, func(ctx context.Context, in *struct {
		kit.ByID
		N int64 `path:"n" minimum:"1"`
		api.Paging
	}) (*kit.Body[report.Proof], error) {
		return kit.BodyOf(h.room.GetFigure(ctx, api.By(ctx), in.ID, in.N, in.Req()))
	})
	add(a, api.Operation{UseCase: "report.Paper", Method: get, Path: one + "/paper", Title: "报告（Word）", Public: true},
		func(_ context.Context, in *kit.ByID) (*kit.Stream, error) {
			return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				doc, err := h.room.Paper(r.Context(), api.By(r.Context()), in.ID)
				if err != nil {
					return err
				}
				out := web.NewDownload(w, doc.Title+".docx", docx.MIME)
				return out.End(docx.Write(out, doc))
			}), nil
		})
}

func (h *Handler) writes(a *api.API) {
	add(a, api.Operation{UseCase: "report.CreateReport", Method: post, Path: pathReports, Title: "生成报告草稿",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body report.NewReport
	}) (*kit.Record[report.Report], error) {
		in.Body.Key = in.Key
		x, err := h.room.CreateReport(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "report.UpdateReport", Method: http.MethodPut, Path: one, Title: "修改报告的文字"},
		func(ctx context.Context, in *struct {
			Versioned
			api.Once
			Body report.Update
		}) (*kit.Record[report.Report], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
			x, err := h.room.UpdateReport(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "report.FireReport", Method: post, Path: one + "/steps", Title: "办理报告的步骤"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[report.Report], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			x, err := h.room.FireReport(ctx, api.By(ctx), report.Step{ID: in.ID, Step: in.Body.Step,
				Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(x, x.Version, err)
		})
	for _, x := range []struct {
		useCase, tail, title string
		do                   func(context.Context, authz.Actor, string, int64) (report.Report, error)
	}{
		{"report.RefreshFigures", "/refresh", "更新报告的数字", h.room.RefreshFigures},
		{"report.Recompose", "/recompose", "重新生成报告", h.room.Recompose},
		{"report.FileReport", "/file", "报告存入文件库", h.room.FileReport},
	} {
		add(a, api.Operation{UseCase: x.useCase, Method: post, Path: one + x.tail, Title: x.title},
			func(ctx context.Context, in *Versioned) (*kit.Record[report.Report], error) {
				version, err := in.Version()
				if err != nil {
					return nil, err
				}
				got, err := x.do(ctx, api.By(ctx), in.ID, version)
				return kit.RecordOf(got, got.Version, err)
			})
	}
}
