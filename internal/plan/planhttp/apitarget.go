package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

func (h *Handler) targetReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "plan.ListTargets", Method: get, Path: "/targets",
		Title: "目标列表"}, func(ctx context.Context, in *struct {
		TargetQuery
		api.Paging
	}) (*kit.Body[api.Page[plan.Target]], error) {
		f, err := h.targetFilter(in.TargetQuery)
		if err != nil {
			return nil, err
		}
		page, err := h.plan.ListTargets(ctx, api.By(ctx), f, in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "plan.CountTargets", Method: get, Path: "/targets/count",
		Title: "目标数量"}, func(ctx context.Context, in *TargetQuery) (*kit.Body[planCount], error) {
		f, err := h.targetFilter(*in)
		if err != nil {
			return nil, err
		}
		n, err := h.plan.CountTargets(ctx, api.By(ctx), f)
		return kit.BodyOf(planCount{n}, err)
	})
	add(a, api.Operation{UseCase: "plan.SimilarTargets", Method: get, Path: "/targets/similar",
		Title: "相近的目标"}, h.apiSimilarTargets)
	add(a, api.Operation{UseCase: "plan.GetTarget", Method: get, Path: "/targets/{id}",
		Title: "目标档案"}, func(ctx context.Context, in *struct {
		ByID
		IfNone
	}) (*kit.Record[plan.TargetDetail], error) {
		x, err := h.plan.GetTarget(ctx, api.By(ctx), in.ID)
		if err == nil {
			err = in.unchanged(x.Version)
		}
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.ListIndicators", Method: get, Path: "/indicators",
		Title: "指标列表"}, func(ctx context.Context, in *struct {
		Q       string `query:"q" doc:"words of the name" maxLength:"400"`
		Retired bool   `query:"retired" doc:"those that are no longer offered, too"`
		api.Paging
	}) (*kit.Body[api.Page[plan.Indicator]], error) {
		page, err := h.plan.ListIndicators(ctx, api.By(ctx),
			plan.IndicatorFilter{Query: in.Q, Retired: in.Retired}, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "plan.GetIndicator", Method: get, Path: "/indicators/{id}",
		Title: "指标"}, func(ctx context.Context, in *ByID) (*kit.Record[plan.Indicator], error) {
		x, err := h.plan.GetIndicator(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.IndicatorSaid", Method: get, Path: "/indicators/{id}/said",
		Title: "文件对指标的各种说法"},
		func(ctx context.Context, in *ByID) (*kit.Body[plan.IndicatorEvidence], error) {
			x, err := h.plan.IndicatorSaid(ctx, api.By(ctx), in.ID)
			x.Facts, x.Aims, x.Phrases = kit.List(x.Facts), kit.List(x.Aims), kit.List(x.Phrases)
			return kit.BodyOf(x, err)
		})
	add(a, api.Operation{UseCase: "plan.SuggestIndicators", Method: get,
		Path: "/indicators/suggest", Title: "可能是哪个指标"}, func(ctx context.Context, in *struct {
		Phrase string `query:"phrase" maxLength:"500"`
	}) (*kit.Body[[]plan.Suggestion], error) {
		out, err := h.plan.SuggestIndicators(ctx, api.By(ctx), in.Phrase)
		return kit.BodyOf(kit.List(out), err)
	})
}

func (h *Handler) apiSimilarTargets(ctx context.Context, in *struct {
	Indicator string `query:"indicator" maxLength:"64"`
	Region    string `query:"region" maxLength:"6"`
	Org       string `query:"org" maxLength:"64"`
	From      string `query:"from" doc:"first day of the period"`
	To        string `query:"to" doc:"last day of the period"`
}) (*kit.Body[[]plan.SimilarTarget], error) {
	w := wrong{h: h}
	w.place("region", in.Region)
	w.days(in.From, in.To)
	if err := w.err(); err != nil {
		return nil, err
	}
	out, err := h.plan.SimilarTargets(ctx, api.By(ctx), plan.TargetData{Indicator: in.Indicator,
		Region: region.Code(in.Region), Org: in.Org, From: clock.Date(in.From), To: clock.Date(in.To)})
	return kit.BodyOf(kit.List(out), err)
}

func (h *Handler) targetWrites(a *api.API) {
	const post, put = http.MethodPost, http.MethodPut
	add(a, api.Operation{UseCase: "plan.CreateTarget", Method: post, Path: "/targets",
		Title: "下达目标", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body plan.NewTarget
	}) (*kit.Record[plan.Target], error) {
		in.Body.Key = in.Key
		x, err := h.plan.CreateTarget(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.UpdateTarget", Method: put, Path: "/targets/{id}",
		Title: "修改目标"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
		api.Once
		Body plan.TargetUpdate
	}) (*kit.Record[plan.Target], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.plan.UpdateTarget(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.Decompose", Method: put, Path: "/targets/{id}/parts",
		Title: "分解目标"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
		api.Once
		Body plan.Decomposition
	}) (*kit.Record[plan.TargetDetail], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Target, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.plan.Decompose(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.CreateIndicator", Method: post, Path: "/indicators",
		Title: "定义指标", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body plan.NewIndicator
	}) (*kit.Record[plan.Indicator], error) {
		in.Body.Key = in.Key
		x, err := h.plan.CreateIndicator(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.UpdateIndicator", Method: put, Path: "/indicators/{id}",
		Title: "修改指标"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
		api.Once
		Body plan.IndicatorUpdate
	}) (*kit.Record[plan.Indicator], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.plan.UpdateIndicator(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}

// ruleOperations are those of ledgers and of the rules of lights.
func (h *Handler) ruleOperations(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "plan.ListLedgers", Method: get, Path: "/ledgers",
		Title: "台账目录"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]plan.Ledger], error) {
		out, err := h.plan.ListLedgers(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "plan.CreateLedger", Method: post, Path: "/ledgers",
		Title: "设立台账", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body plan.NewLedger
	}) (*kit.Record[plan.Ledger], error) {
		in.Body.Key = in.Key
		x, err := h.plan.CreateLedger(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.UpdateLedger", Method: http.MethodPut, Path: "/ledgers/{id}",
		Title: "修改台账"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
		api.Once
		Body plan.LedgerUpdate
	}) (*kit.Record[plan.Ledger], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.plan.UpdateLedger(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.ListLightRules", Method: get, Path: "/lights",
		Title: "亮灯规则"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]plan.LightRule], error) {
		out, err := h.plan.ListLightRules(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "plan.LightRuleAt", Method: get, Path: "/lights/at",
		Title: "某一天的亮灯规则"}, func(ctx context.Context, in *struct {
		Day string `query:"day" doc:"2006-01-02, empty for today"`
	}) (*kit.Body[plan.LightRule], error) {
		if in.Day != "" && !clock.Date(in.Day).Valid() {
			return nil, fault.Fields(fault.At("day", "日期应写作 2026-11-20"))
		}
		return kit.BodyOf(h.plan.LightRuleAt(ctx, api.By(ctx), clock.Date(in.Day)))
	})
	add(a, api.Operation{UseCase: "plan.AddLightRule", Method: post, Path: "/lights",
		Title: "增加亮灯规则", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body plan.NewLightRule
	}) (*kit.Record[plan.LightRule], error) {
		in.Body.Key = in.Key
		x, err := h.plan.AddLightRule(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
