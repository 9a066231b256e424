package homehttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
)

// measureBody describes a measure in the language of the request.
type measureBody struct {
	Name       string            `json:"name"`
	Title      string            `json:"title"`
	Unit       string            `json:"unit"`
	Definition string            `json:"definition"`
	Version    int               `json:"version" doc:"of the definition"`
	Since      clock.Date        `json:"since" doc:"first day of this version"`
	Dims       map[string]string `json:"dims" doc:"names by which it can be narrowed, with titles"`
}

type measuresOut struct{ Body []measureBody }

// MeasureIn names a measure and narrows it.
type MeasureIn struct {
	Name string   `path:"name" maxLength:"60"`
	Dim  []string `query:"dim,explode" doc:"dimension:value: region:140100, or region:!140105,140106 for none of them"`
}

// dims reads the pairs. A pair without a colon is a fault at "dim".
func (in MeasureIn) dims() (map[string]string, error) {
	out := map[string]string{}
	for _, pair := range in.Dim {
		name, value, ok := strings.Cut(pair, ":")
		if !ok || name == "" {
			return nil, fault.Fields(fault.At("dim", "应写作“维度:值”，如 region:140100"))
		}
		out[name] = value
	}
	return out, nil
}

type figureOut struct{ Body measure.Figure }

type rowsIn struct {
	api.Paging
	MeasureIn
}

type rowsOut struct{ Body api.Page[measure.Row] }

type overdueIn struct {
	api.Paging
	Hours int `query:"hours" minimum:"0" maximum:"720" doc:"limits that end within so many hours, too"`
}

// limitBody is a time limit that is over or ends soon.
type limitBody struct {
	Process string        `json:"process"`
	Object  string        `json:"object"`
	Clock   string        `json:"clock"`
	DueUs   int64         `json:"dueUs"`
	Exact   bool          `json:"exact" doc:"false: reaches into a year without a published calendar"`
	Late    bool          `json:"late"`
	Handed  bool          `json:"handed" doc:"was escalated"`
	Owner   process.Owner `json:"owner"`
}

type overdueOut struct{ Body api.Page[limitBody] }

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	get := func(useCase, path, title, tag string, public bool) api.Operation {
		return api.Operation{UseCase: useCase, Method: http.MethodGet, Path: path, Title: title,
			Tag: tag, Public: public}
	}
	api.Add(a, get("measure.List", "/measures", "列出度量", "measures", true),
		func(ctx context.Context, _ *struct{}) (*measuresOut, error) {
			out := &measuresOut{[]measureBody{}}
			for _, m := range h.Measures.List() {
				out.Body = append(out.Body, measureBodyOf(ctx, m))
			}
			return out, nil
		})
	api.Add(a, get("measure.Figure", "/measures/{name}", "计算度量", "measures", true),
		func(ctx context.Context, in *MeasureIn) (*figureOut, error) {
			dims, err := in.dims()
			if err != nil {
				return nil, err
			}
			f, err := h.Measures.Figure(ctx, api.By(ctx), in.Name, dims)
			return &figureOut{f}, err
		})
	api.Add(a, get("measure.Rows", "/measures/{name}/rows", "列出数字背后的记录", "measures", true),
		func(ctx context.Context, in *rowsIn) (*rowsOut, error) {
			dims, err := in.dims()
			if err != nil {
				return nil, err
			}
			page, err := h.Measures.Rows(ctx, api.By(ctx), in.Name, dims, in.Req())
			return &rowsOut{api.PageOf(page)}, err
		})
	h.draftOperations(a)
	h.tourOperations(a)
	api.Add(a, get("home.Overdue", "/overdue", "列出逾期事项", "workspace", false), h.apiOverdue)
}

func measureBodyOf(ctx context.Context, m measure.Measure) measureBody {
	b := measureBody{Name: m.Name, Title: i18n.T(ctx, m.Title), Unit: i18n.T(ctx, m.Unit),
		Definition: i18n.T(ctx, m.Definition), Version: m.Version, Since: m.Since,
		Dims: map[string]string{}}
	for _, d := range m.Dims {
		b.Dims[d.Name] = i18n.T(ctx, d.Title)
	}
	return b
}

func (h *Handler) apiOverdue(ctx context.Context, in *overdueIn) (*overdueOut, error) {
	page, err := h.overdue(ctx, api.By(ctx), hours(in.Hours), in.Req())
	if err != nil {
		return nil, err
	}
	out := &overdueOut{api.Page[limitBody]{Items: []limitBody{}, Next: page.Next, Prev: page.Prev}}
	now := clock.Us(h.Clock.Now())
	for _, r := range page.Items {
		out.Body.Items = append(out.Body.Items, limitBody{Process: r.Process, Object: r.Object,
			Clock: r.Clock, DueUs: r.DueUs, Exact: r.Exact, Late: r.DueUs < now,
			Handed: r.EscalatedUs > 0, Owner: r.Owner})
	}
	return out, nil
}
