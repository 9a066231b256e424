package jobhttp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
)

// jobBody is a job as the API shows it, in the language of the request.
type jobBody struct {
	ID           string          `json:"id"`
	Kind         string          `json:"kind"`
	State        job.State       `json:"state"`
	Attempt      int64           `json:"attempt" doc:"times it was begun"`
	MaxAttempts  int64           `json:"maxAttempts"`
	Progress     int64           `json:"progress" doc:"0 to 100"`
	ProgressText string          `json:"progressText,omitempty"`
	Args         json.RawMessage `json:"args,omitempty" doc:"for its owner only"`
	Result       json.RawMessage `json:"result,omitempty" doc:"for its owner only"`
	ErrorClass   string          `json:"errorClass,omitempty"`
	Error        string          `json:"error,omitempty"`
	ErrorDetail  string          `json:"errorDetail,omitempty" doc:"for operators"`
	Owner        string          `json:"owner,omitempty" doc:"account"`
	RunAtUs      int64           `json:"runAtUs" doc:"not before"`
	CreatedUs    int64           `json:"createdUs"`
	StartedUs    int64           `json:"startedUs,omitempty"`
	FinishedUs   int64           `json:"finishedUs,omitempty"`
}

func bodyOf(ctx context.Context, j job.Job) jobBody {
	b := jobBody{ID: j.ID, Kind: j.Kind, State: j.State, Attempt: j.Attempt,
		MaxAttempts: j.MaxAttempts, Progress: j.Progress, Args: j.Args, Result: j.Result,
		ErrorClass: j.ErrorClass, ErrorDetail: j.ErrorDetail, Owner: j.Owner, RunAtUs: j.RunAtUs,
		CreatedUs: j.CreatedUs, StartedUs: j.StartedUs, FinishedUs: j.FinishedUs}
	l := i18n.From(ctx)
	if j.ProgressText.Key != "" {
		b.ProgressText = j.ProgressText.In(l)
	}
	if j.Error.Key != "" {
		b.Error = j.Error.In(l)
	}
	return b
}

// FilterIn is embedded: the API framework reads exported fields only.
type FilterIn struct {
	State string `query:"state" doc:"available, running, retryable, done, discarded or cancelled"`
	Kind  string `query:"kind"`
	Mine  bool   `query:"mine" doc:"only jobs that the caller started"`
}

type listIn struct {
	api.Paging
	FilterIn
	Sort string `query:"sort" enum:"newest,due" default:"newest"`
}

type listOut struct{ Body api.Page[jobBody] }

type countOut struct {
	Body map[job.State]int64
}

type idIn struct {
	ID string `path:"id" maxLength:"40"`
}

type jobOut struct{ Body jobBody }

type cancelIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Reason string `json:"reason"`
	}
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	op := func(name, method, path, title string) api.Operation {
		return api.Operation{UseCase: "job." + name, Method: method, Path: path, Title: title, Tag: "jobs"}
	}
	api.Add(a, op("List", http.MethodGet, "/jobs", "查询后台任务"), h.apiList)
	api.Add(a, op("Count", http.MethodGet, "/jobs/count", "按状态统计后台任务"), h.apiCount)
	api.Add(a, op("Get", http.MethodGet, "/jobs/{id}", "查看一个后台任务"),
		func(ctx context.Context, in *idIn) (*jobOut, error) { return h.apiGet(ctx, in.ID) })
	api.Add(a, op("Cancel", http.MethodPost, "/jobs/{id}/cancel", "取消后台任务"), h.apiCancel)
}

func (h *Handler) apiList(ctx context.Context, in *listIn) (*listOut, error) {
	f, err := filterOf(api.By(ctx), in.State, in.Kind, in.Mine)
	if err != nil {
		return nil, err
	}
	page, err := h.desk.List(ctx, api.By(ctx), f, in.Sort, in.Req())
	if err != nil {
		return nil, err
	}
	out := &listOut{api.Page[jobBody]{Items: []jobBody{}, Next: page.Next, Prev: page.Prev}}
	for _, j := range page.Items {
		out.Body.Items = append(out.Body.Items, bodyOf(ctx, j))
	}
	return out, nil
}

func (h *Handler) apiCount(ctx context.Context, in *FilterIn) (*countOut, error) {
	f, err := filterOf(api.By(ctx), in.State, in.Kind, in.Mine)
	if err != nil {
		return nil, err
	}
	counts, err := h.desk.Count(ctx, api.By(ctx), f)
	return &countOut{counts}, err
}

func (h *Handler) apiGet(ctx context.Context, jobID string) (*jobOut, error) {
	j, err := h.desk.Get(ctx, api.By(ctx), jobID)
	if err != nil {
		return nil, err
	}
	return &jobOut{bodyOf(ctx, j)}, nil
}

func (h *Handler) apiCancel(ctx context.Context, in *cancelIn) (*jobOut, error) {
	reason, err := checkReason(in.Body.Reason)
	if err == nil {
		err = h.desk.Cancel(ctx, api.By(ctx), in.ID, reason)
	}
	if err != nil {
		return nil, err
	}
	return h.apiGet(ctx, in.ID)
}
