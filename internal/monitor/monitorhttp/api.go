package monitorhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
)

// Operations hangs the room into the API.
func (h *Handler) Operations(a *api.API) {
	h.numberOps(a)
	h.pointOps(a)
	h.lightOps(a)
	h.ruleOps(a)
	h.findingOps(a)
	h.meanOps(a)
}

// add hangs an operation of this room into the API.
func add[I, O any](a *api.API, o api.Operation, f func(context.Context, *I) (*O, error)) {
	o.Tag = "monitor"
	api.Add(a, o, f)
}

// OverviewQuery asks for an overview.
type OverviewQuery struct {
	Set    string `query:"set" doc:"id or code of a set, empty = the latest" maxLength:"64"`
	Region string `query:"region" doc:"GB/T 2260 code, empty = the usual place" maxLength:"6"`
	Period string `query:"period" doc:"values of periods that end with this one or before: 2026Q3" maxLength:"10"`
}

func (h *Handler) numberOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "monitor.Overview", Method: get, Path: "/monitor/overview",
		Title: "指标总览"}, func(ctx context.Context, in *OverviewQuery) (*kit.Body[monitor.Overview], error) {
		x, err := h.room.Overview(ctx, api.By(ctx), monitor.OverviewReq{Set: in.Set, Region: regionOf(in.Region),
			Period: series.Period(in.Period)})
		x.Sets, x.Figures = kit.List(x.Sets), kit.List(x.Figures)
		return kit.BodyOf(x, err)
	})
	add(a, api.Operation{UseCase: "monitor.GetIndicator", Method: get, Path: "/monitor/indicators/{id}",
		Title: "指标的数据、目标与亮灯"}, func(ctx context.Context, in *struct {
		kit.ByID
		Region string `query:"region" maxLength:"6"`
		Org    string `query:"org" maxLength:"64"`
	}) (*kit.Body[monitor.IndicatorView], error) {
		x, err := h.room.GetIndicator(ctx, api.By(ctx), in.ID, regionOf(in.Region), in.Org)
		x.Definitions, x.Series = kit.List(x.Definitions), kit.List(x.Series)
		return kit.BodyOf(x, err)
	})
	add(a, api.Operation{UseCase: "monitor.Across", Method: get, Path: "/monitor/indicators/{id}/across",
		Title: "指标分地区的数据"}, func(ctx context.Context, in *struct {
		kit.ByID
		Region string `query:"region" doc:"the place whose parts are compared" maxLength:"6"`
		Period string `query:"period" maxLength:"10"`
	}) (*kit.Body[monitor.Across], error) {
		return kit.BodyOf(h.room.Across(ctx, api.By(ctx), in.ID, regionOf(in.Region), series.Period(in.Period)))
	})
	add(a, api.Operation{UseCase: "monitor.Recompute", Method: http.MethodPost,
		Path: "/monitor/indicators/{id}/recompute", Title: "重新计算指标的数据点和亮灯"},
		func(ctx context.Context, in *kit.ByID) (*kit.Body[monitor.Made], error) {
			return kit.BodyOf(h.room.Recompute(ctx, api.By(ctx), in.ID))
		})
}

// PointIn names a data point.
type PointIn struct {
	Indicator string `path:"indicator" maxLength:"64"`
	Region    string `path:"region" maxLength:"6"`
	Period    string `path:"period" maxLength:"10"`
	Org       string `query:"org" doc:"the unit that the value is of" maxLength:"64"`
}

func (p PointIn) read() (monitor.Cell, series.Period, error) {
	at, ok := series.ParsePeriod(p.Period)
	if !ok {
		return monitor.Cell{}, "", fault.New(fault.NotFound, "没有找到这条记录")
	}
	return monitor.Cell{Indicator: p.Indicator, Region: regionOf(p.Region), Org: p.Org}, at, nil
}

func (h *Handler) pointOps(a *api.API) {
	const get, path = http.MethodGet, "/monitor/points/{indicator}/{region}/{period}"
	add(a, api.Operation{UseCase: "monitor.GetPoint", Method: get, Path: path, Title: "数据点及其依据"},
		func(ctx context.Context, in *PointIn) (*kit.Body[monitor.PointView], error) {
			c, p, err := in.read()
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(h.room.GetPoint(ctx, api.By(ctx), c, p))
		})
	add(a, api.Operation{UseCase: "monitor.PointRows", Method: get, Path: path + "/rows",
		Title: "数据点背后的明细"}, func(ctx context.Context, in *struct {
		PointIn
		api.Paging
	}) (*kit.Body[api.Page[measure.Row]], error) {
		c, p, err := in.read()
		if err != nil {
			return nil, err
		}
		page, err := h.room.PointRows(ctx, api.By(ctx), c, p, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
}

// LightView is a light with its reasons in words.
type LightView struct {
	monitor.LightRow
	Why string `json:"why" doc:"the reasons in the language of the caller"`
}

// LightCounts are how many lights have each colour.
type LightCounts struct {
	Lights map[string]int64 `json:"lights"`
}

func (h *Handler) lightOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "monitor.ListLights", Method: get, Path: "/monitor/lights",
		Title: "指标亮灯列表"}, func(ctx context.Context, in *struct {
		LightQuery
		api.Paging
	}) (*kit.Body[api.Page[LightView]], error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		page, err := h.room.ListLights(ctx, api.By(ctx), f, in.Sort, in.Req())
		from := api.PageOf(page)
		out := api.Page[LightView]{Items: []LightView{}, Next: from.Next, Prev: from.Prev}
		for _, l := range page.Items {
			out.Items = append(out.Items, LightView{l, reasons(i18n.From(ctx), l.Light)})
		}
		return kit.BodyOf(out, err)
	})
	add(a, api.Operation{UseCase: "monitor.CountLights", Method: get, Path: "/monitor/lights/count",
		Title: "各色灯的数量"}, func(ctx context.Context, in *LightQuery) (*kit.Body[LightCounts], error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		n, err := h.room.CountLights(ctx, api.By(ctx), f)
		return kit.BodyOf(LightCounts{n}, err)
	})
	add(a, api.Operation{UseCase: "monitor.GetLight", Method: get, Path: "/monitor/lights/{id}",
		Title: "目标的灯、理由与任务"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[monitor.LightDetail], error) {
		x, err := h.room.GetLight(ctx, api.By(ctx), in.ID)
		x.Alerts = kit.List(x.Alerts)
		return kit.BodyOf(x, err)
	})
	add(a, api.Operation{UseCase: "monitor.Decide", Method: http.MethodPost,
		Path: "/monitor/lights/{id}/decision", Title: "决定红灯任务可以办结"},
		func(ctx context.Context, in *struct {
			kit.ByID
			api.Once
			api.Match
			Body monitor.Decision
		}) (*kit.Record[monitor.Alert], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.Target, in.Body.Version, in.Body.Key = in.ID, version, in.Key
			x, err := h.room.Decide(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(x, x.Version, err)
		})
}

func (h *Handler) ruleOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "monitor.ListRules", Method: get, Path: "/monitor/rules",
		Title: "指标亮灯规则"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]monitor.Rule], error) {
		list, err := h.room.ListRules(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "monitor.RuleAt", Method: get, Path: "/monitor/rules/current",
		Title: "某日有效的指标亮灯规则"}, func(ctx context.Context, in *struct {
		Day string `query:"day" doc:"2006-01-02, empty = today" maxLength:"10"`
	}) (*kit.Body[monitor.Rule], error) {
		if in.Day != "" && !clock.Date(in.Day).Valid() {
			return nil, fault.Fields(fault.At("day", "日期应为真实的日期，如 2026-11-22"))
		}
		return kit.BodyOf(h.room.RuleAt(ctx, api.By(ctx), clock.Date(in.Day)))
	})
	add(a, api.Operation{UseCase: "monitor.AddRule", Method: http.MethodPost, Path: "/monitor/rules",
		Title: "增加指标亮灯规则", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body monitor.NewRule
	}) (*kit.Record[monitor.Rule], error) {
		in.Body.Key = in.Key
		x, err := h.room.AddRule(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
