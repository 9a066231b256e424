// Package jobhttp holds the pages and operations of background jobs. People see their own jobs
// here, the system administrator sees all of them, at the same addresses.
package jobhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Path of the list.
const Path = "/admin/jobs"

const (
	pageSize  = 50
	maxReason = 200 // characters of why a job was cancelled
	maxKind   = 100 // characters of a filter by kind
)

// Desk is what this door asks of package job.
type Desk interface {
	List(context.Context, authz.Actor, job.Filter, string, db.PageReq) (db.Page[job.Job], error)
	Count(context.Context, authz.Actor, job.Filter) (map[job.State]int64, error)
	Get(ctx context.Context, by authz.Actor, jobID string) (job.Job, error)
	Cancel(ctx context.Context, by authz.Actor, jobID, reason string) error
}

// Handler answers for jobs.
type Handler struct {
	desk Desk
	web  *web.Server
}

// New returns a handler.
func New(d Desk, w *web.Server) *Handler { return &Handler{d, w} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: Path, Handle: h.list,
			UseCases: []string{"job.List", "job.Count"}},
		{Method: http.MethodGet, Path: Path + "/{id}", Handle: h.show,
			UseCases: []string{"job.Get"}},
		{Method: http.MethodGet, Path: Path + "/{id}/cancel", Handle: h.ask,
			UseCases: []string{"job.Get"}},
		{Method: http.MethodPost, Path: Path + "/{id}/cancel", Handle: h.cancel,
			UseCases: []string{"job.Cancel"}},
	}
}

// states in the order of the list: what needs a look comes first.
var states = []job.State{
	job.Running, job.Available, job.Retryable, job.Discarded, job.Cancelled, job.Done,
}

// filterOf reads the filter of both doors.
func filterOf(by authz.Actor, state, kind string, mine bool) (job.Filter, error) {
	f := job.Filter{State: job.State(state), Kind: strings.TrimSpace(kind)}
	var wrong []fault.Field
	if state != "" && stateTitles[f.State] == "" {
		wrong = append(wrong, fault.At("state", "没有这个任务状态"))
	}
	if utf8.RuneCountInString(f.Kind) > maxKind {
		wrong = append(wrong, fault.At("kind", "任务类型最多 %d 个字", maxKind))
	}
	if mine {
		f.Owner = by.Account
	}
	return f, fault.Fields(wrong...)
}

// checkReason is the rule on reasons of both doors: who looks at the trail later must learn why.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxReason {
		return "", fault.Fields(fault.At("reason", "请写明取消的理由，最多 %d 个字", maxReason))
	}
	return reason, nil
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	f, err := filterOf(by, q.Get("state"), q.Get("kind"), q.Get("mine") == "1")
	if err != nil {
		return err
	}
	page, err := h.desk.List(ctx, by, f, orderOf(q), web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	all := f
	all.State = "" // the other states stay in sight
	counts, err := h.desk.Count(ctx, by, all)
	if err != nil {
		return err
	}
	v := newListView(r, f, page, counts)
	return h.web.Render(w, r, web.View{
		Page: h.web.Page(r, "后台任务"), Body: listPage(v), Part: results(v),
	})
}

// orderOf returns the order asked for, the newest first by default.
func orderOf(q url.Values) string {
	if s := q.Get(web.SortParam); s != "" {
		return s
	}
	return "newest"
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	j, err := h.desk.Get(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := h.page(r, j)
	if !j.State.Finished() {
		p.Refresh = 5 // seconds; for browsers without scripts
	}
	v := newJobView(r, j)
	return h.web.Render(w, r, web.View{Page: p, Body: jobPage(v), Part: progress(v)})
}

func (h *Handler) ask(w http.ResponseWriter, r *http.Request) error {
	return h.question(w, r, "", nil)
}

func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	reason, err := checkReason(r.PostFormValue("reason"))
	if err == nil {
		err = h.desk.Cancel(r.Context(), web.Actor(r), r.PathValue("id"), reason)
	}
	if fault.Is(err, fault.Invalid) {
		return h.question(w, r, r.PostFormValue("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path+"/"+r.PathValue("id"), "任务已取消")
}

// question asks for the reason; wrong is what was wrong with the one given.
func (h *Handler) question(w http.ResponseWriter, r *http.Request, reason string, wrong error) error {
	by := web.Actor(r)
	j, err := h.desk.Get(r.Context(), by, r.PathValue("id"))
	if err == nil {
		err = job.Policy.May(by, job.ActCancel, j)
	}
	if err == nil && j.State.Finished() {
		err = fault.New(fault.Conflict, "任务已经结束，不能取消")
	}
	if err != nil {
		return err
	}
	v := web.View{Page: h.page(r, j), Body: cancelPage(newQuestion(r, j, reason, wrong))}
	if wrong != nil {
		v.Status = http.StatusUnprocessableEntity
	}
	return h.web.Render(w, r, v)
}
