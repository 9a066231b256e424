package indicatorhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/web"
)

// SetIn is what goes with the file of a set; a set file says the rest itself.
type SetIn struct {
	indicator.SetData
	Shipped string     `json:"shipped,omitempty"` // code of a set that comes with the program, instead of a file
	InForce clock.Date `json:"inForce,omitempty"` // put the draft in force from this day on; "" leaves it a draft
	DryRun  bool       `json:"dryRun,omitempty"`
}

// SetImportView is what the import of a set did or would do.
type SetImportView struct {
	indicator.SetOutcome
	Problems []string    `json:"problems" doc:"what is wrong in a table, with the row and the column"`
	Draft    []FieldNote `json:"draft" doc:"what the draft must mend before it can be put in force"`
}

func (h *Handler) setOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.ListSets", Method: get, Path: "/indicator-sets", Title: "指标体系列表"},
		func(ctx context.Context, _ *struct{}) (*kit.Body[[]indicator.Set], error) {
			out, err := h.room.ListSets(ctx, api.By(ctx))
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "indicator.ShippedSets", Method: get, Path: "/indicator-sets/shipped",
		Title: "随系统提供的体系"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]indicator.Shipped], error) {
		out, err := h.room.ShippedSets(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "indicator.ImportSet", Method: post, Path: "/indicator-sets/import",
		Title: "导入体系", Maximum: sheet.MaxFileBytes + formMemory}, h.apiImportSet)
	add(a, api.Operation{UseCase: "indicator.GetSet", Method: get, Path: "/indicator-sets/{id}", Title: "指标体系"},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[indicator.SetDetail], error) {
			d, err := h.room.GetSet(ctx, api.By(ctx), in.ID)
			d.Groups, d.Members = kit.List(d.Groups), kit.List(d.Members)
			return kit.RecordOf(d, d.Version, err)
		})
	add(a, api.Operation{UseCase: "indicator.UpdateSet", Method: http.MethodPut, Path: "/indicator-sets/{id}",
		Title: "编辑体系"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.SetUpdate
	}) (*kit.Record[indicator.Set], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.UpdateSet(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.WriteSet", Method: get, Path: "/indicator-sets/{id}/export",
		Title: "导出 Excel"}, func(_ context.Context, in *struct {
		kit.ByID
		EditionQuery
		FormatIn
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "指标体系", in.Format, "", func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteSet(r.Context(), api.By(r.Context()), indicator.EditionRef{Set: in.ID,
					N: in.Edition}, e, out)
				return err
			})
		}), nil
	})
	add(a, api.Operation{UseCase: "indicator.WriteSetFile", Method: get, Path: "/indicator-sets/{id}/file",
		Title: "导出体系文件"}, func(_ context.Context, in *struct {
		kit.ByID
		EditionQuery
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			out := web.NewDownload(w, "indicator-set.yaml", mediaTypes["yaml"])
			return out.End(h.room.WriteSetFile(r.Context(), api.By(r.Context()), indicator.EditionRef{Set: in.ID,
				N: in.Edition}, out))
		}), nil
	})
}

func (h *Handler) apiImportSet(ctx context.Context, in *struct {
	api.Once
	api.Upload[SetIn]
}) (*kit.Body[SetImportView], error) {
	data, files, err := in.Read()
	if err != nil {
		return nil, err
	}
	what := indicator.SetImport{SetData: data.SetData, Shipped: data.Shipped, DryRun: data.DryRun,
		InForce: data.InForce, Key: keyOr(in.Key)}
	if data.Shipped == "" {
		f, name, err := uploadOf(files)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		what.Name, what.File = name, f
	}
	out, err := h.room.ImportSet(ctx, api.By(ctx), what)
	out.Added, out.Removed, out.Indicators = kit.List(out.Added), kit.List(out.Removed), kit.List(out.Indicators)
	out.Breaks = kit.List(out.Breaks)
	return kit.BodyOf(SetImportView{out, texts(ctx, out.Problems), notes(ctx, out.Faults)}, err)
}

// RankingQuery narrows a list of rankings.
type RankingQuery struct {
	Region string `query:"region" maxLength:"6"`
	Year   int64  `query:"year" minimum:"0" maximum:"2100"`
	Name   string `query:"name" maxLength:"100"`
}

func (q RankingQuery) filter() indicator.RankingFilter {
	return indicator.RankingFilter{Region: region.Code(q.Region), Year: q.Year, Name: q.Name}
}

func (h *Handler) rankingReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "indicator.ListRankings", Method: get, Path: "/rankings", Title: "外部排名列表"},
		func(ctx context.Context, in *struct {
			RankingQuery
			api.Paging
		}) (*kit.Body[api.Page[indicator.Ranking]], error) {
			page, err := h.room.ListRankings(ctx, api.By(ctx), in.filter(), in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "indicator.WriteRankings", Method: get, Path: "/rankings/export",
		Title: "导出外部排名"}, func(_ context.Context, in *struct {
		RankingQuery
		FormatIn
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "外部排名", in.Format, "", func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteRankings(r.Context(), api.By(r.Context()), in.filter(), e, out)
				return err
			})
		}), nil
	})
	add(a, api.Operation{UseCase: "indicator.GetRanking", Method: get, Path: "/rankings/{id}", Title: "外部排名"},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[indicator.Ranking], error) {
			x, err := h.room.GetRanking(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(x, x.Version, err)
		})
}

func (h *Handler) rankingWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "indicator.CreateRanking", Method: post, Path: "/rankings", Title: "登记排名",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.NewRanking
	}) (*kit.Record[indicator.Ranking], error) {
		in.Body.Key = in.Key
		x, err := h.room.CreateRanking(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.UpdateRanking", Method: http.MethodPut, Path: "/rankings/{id}",
		Title: "修改排名"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.RankingUpdate
	}) (*kit.Record[indicator.Ranking], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.UpdateRanking(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.RemoveRanking", Method: http.MethodDelete, Path: "/rankings/{id}",
		Title: "删除排名", Status: http.StatusNoContent}, func(ctx context.Context, in *Versioned) (*kit.None, error) {
		version, err := in.Version()
		if err == nil {
			err = h.room.RemoveRanking(ctx, api.By(ctx), in.ID, version)
		}
		return &kit.None{}, err
	})
	add(a, api.Operation{UseCase: "indicator.ImportRankings", Method: post, Path: "/rankings/import",
		Title: "导入排名", Maximum: sheet.MaxFileBytes + formMemory}, h.apiImportRankings)
}

func (h *Handler) apiImportRankings(ctx context.Context, in *struct {
	api.Once
	api.Upload[ImportIn]
}) (*kit.Body[ImportView], error) {
	data, files, err := in.Read()
	if err != nil {
		return nil, err
	}
	f, name, err := uploadOf(files)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out, err := h.room.ImportRankings(ctx, api.By(ctx), indicator.RankingImport{DryRun: data.DryRun, Name: name,
		File: f, Key: keyOr(in.Key)})
	return kit.BodyOf(ImportView{out, texts(ctx, out.Problems)}, err)
}
