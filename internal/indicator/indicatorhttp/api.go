package indicatorhttp

import (
	"context"
	"mime/multipart"
	"net/http"
	"path"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.deskOps(a)
	h.dutyOps(a)
	h.valueReads(a)
	h.valueWrites(a)
	h.definitionOps(a)
	h.setOps(a)
	h.editionOps(a)
	h.rankingReads(a)
	h.rankingWrites(a)
	h.lockOps(a)
	h.stationOps(a)
}

func add[In, Out any](a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error)) {
	op.Tag = "indicator"
	api.Add(a, op, handle)
}

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

// FormatIn asks for a file of a list.
type FormatIn struct {
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

// uploadOf returns the one file of a request.
func uploadOf(files []*multipart.FileHeader) (multipart.File, string, error) {
	if len(files) == 0 {
		return nil, "", errNoFile()
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, "", kit.BadForm(err)
	}
	return f, path.Base(files[0].Filename), nil
}

// keyOr is the idempotency key of a request, a new one when it has none.
func keyOr(key string) string {
	if key == "" {
		return id.New()
	}
	return key
}

// texts are problems of a table in words.
func texts(ctx context.Context, ps sheet.Problems) []string {
	out := []string{}
	for _, p := range ps.Kept {
		out = append(out, p.Text(i18n.From(ctx)))
	}
	return out
}

// DeskQuery narrows what is asked for.
type DeskQuery struct {
	Indicator string `query:"indicator" maxLength:"64"`
	Set       string `query:"set" maxLength:"64"`
	Region    string `query:"region" maxLength:"6" doc:"and everything inside it"`
	Reporter  string `query:"reporter" maxLength:"64" doc:"id of the unit that reports"`
	Period    string `query:"period" maxLength:"7" doc:"2026, 2026H1, 2026Q3 or 2026-09"`
	From      string `query:"from" maxLength:"10" doc:"periods that end on this day or later; a year ago by default"`
	To        string `query:"to" maxLength:"10" doc:"and on this day or earlier"`
	State     string `query:"state" maxLength:"20" doc:"a state, or missing, open, ontime, late, unsent"`
}

func (q DeskQuery) filter() (indicator.DeskFilter, error) {
	f := indicator.DeskFilter{Indicator: q.Indicator, Set: q.Set, Region: region.Code(q.Region),
		Reporter: q.Reporter, Period: series.Period(q.Period), From: clock.Date(q.From),
		To: clock.Date(q.To), State: q.State}
	if q.Period != "" && !f.Period.Valid() {
		return f, fault.Fields(fault.At("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09"))
	}
	return f, nil
}

func (h *Handler) deskOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.Desk", Method: get, Path: "/reporting/desk", Title: "应报清单"},
		func(ctx context.Context, in *DeskQuery) (*kit.Body[[]indicator.Asked], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			out, err := h.room.Desk(ctx, api.By(ctx), f)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "indicator.WriteDesk", Method: get, Path: "/reporting/desk/export",
		Title: "下载待填表"}, func(_ context.Context, in *struct {
		DeskQuery
		FormatIn
	}) (*api.Stream, error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, "应报清单", in.Format, "", func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteDesk(r.Context(), api.By(r.Context()), f, e, out)
				return err
			})
		}), nil
	})
	add(a, api.Operation{UseCase: "indicator.Rates", Method: get, Path: "/reporting/rates", Title: "填报情况"},
		func(ctx context.Context, in *DeskQuery) (*kit.Body[[]RateView], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			list, err := h.room.Rates(ctx, api.By(ctx), f)
			out := []RateView{}
			for _, x := range list {
				out = append(out, RateView{x, x.OnTimeBp(), x.CompleteBp()})
			}
			return kit.BodyOf(out, err)
		})
	add(a, api.Operation{UseCase: "indicator.Report", Method: post, Path: "/observations", Title: "填报数值",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.Reporting
	}) (*kit.Body[[]indicator.Observation], error) {
		in.Body.Key = in.Key
		out, err := h.room.Report(ctx, api.By(ctx), in.Body)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "indicator.ImportObservations", Method: post, Path: "/observations/import",
		Title: "导入指标数据", Maximum: sheet.MaxFileBytes + formMemory}, h.apiImport)
}

// RateView is how a unit reports, with its rates.
type RateView struct {
	indicator.Rate
	OnTimeBp   int64 `json:"onTimeBp" doc:"hundredths of a percent, -1 for none"`
	CompleteBp int64 `json:"completeBp" doc:"hundredths of a percent, -1 for none"`
}

// ImportIn is what goes with a table.
type ImportIn struct {
	DryRun bool `json:"dryRun,omitempty"`
	Submit bool `json:"submit,omitempty"`
}

// ImportView is what an import did or would do.
type ImportView struct {
	indicator.ImportOutcome
	Problems []string `json:"problems" doc:"what is wrong, with the row and the column"`
}

func (h *Handler) apiImport(ctx context.Context, in *struct {
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
	out, err := h.room.ImportObservations(ctx, api.By(ctx), indicator.ObservationImport{Submit: data.Submit,
		DryRun: data.DryRun, Name: name, File: f, Key: keyOr(in.Key)})
	return kit.BodyOf(ImportView{out, texts(ctx, out.Problems)}, err)
}

func (h *Handler) dutyOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.ListDuties", Method: get, Path: "/reporting/duties",
		Title: "填报责任"}, func(ctx context.Context, in *struct {
		Indicator string `query:"indicator" maxLength:"64"`
		Region    string `query:"region" maxLength:"6"`
		Reporter  string `query:"reporter" maxLength:"64"`
		Ended     bool   `query:"ended"`
		api.Paging
	}) (*kit.Body[api.Page[indicator.Duty]], error) {
		page, err := h.room.ListDuties(ctx, api.By(ctx), indicator.DutyFilter{Indicator: in.Indicator,
			Region: region.Code(in.Region), Reporter: in.Reporter, Ended: in.Ended}, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "indicator.AssignDuties", Method: post, Path: "/reporting/duties",
		Title: "分配填报责任"}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.Assignment
	}) (*kit.Body[indicator.Assigned], error) {
		in.Body.Key = in.Key
		return kit.BodyOf(h.room.AssignDuties(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "indicator.CloseDuty", Method: post, Path: "/reporting/duties/{id}/close",
		Title: "停止填报"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.DutyEnd
	}) (*kit.Record[indicator.Duty], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.CloseDuty(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}

func (h *Handler) lockOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.ListLocks", Method: get, Path: "/reporting/locks",
		Title: "锁定记录"}, func(ctx context.Context, in *struct {
		Open bool `query:"open" doc:"only what is locked now"`
		api.Paging
	}) (*kit.Body[api.Page[indicator.Lock]], error) {
		page, err := h.room.ListLocks(ctx, api.By(ctx), in.Open, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "indicator.LockPeriod", Method: post, Path: "/reporting/locks",
		Title: "锁定一期", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.NewLock
	}) (*kit.Record[indicator.Lock], error) {
		in.Body.Key = in.Key
		x, err := h.room.LockPeriod(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.Unlock", Method: post, Path: "/reporting/locks/{id}/unlock",
		Title: "解锁"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.Unlocking
	}) (*kit.Record[indicator.Lock], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.Unlock(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
