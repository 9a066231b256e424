// Package backuphttp holds the pages and operations of backups. Backups stay on the server: a door
// that hands one out would hand out everything, so there is none.
package backuphttp

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Path of the page.
const Path = "/admin/backups"

// Backups is what this door asks of package backup.
type Backups interface {
	List(context.Context, authz.Actor) ([]backup.File, error)
	Create(context.Context, authz.Actor) (string, error)
}

// Options say what the page explains.
type Options struct {
	Dir  string // where the backups lie on the server
	Keep int    // how many good ones are kept
	At   string // time of day of the daily one in China, "" for none
}

// Handler answers for backups.
type Handler struct {
	backups Backups
	web     *web.Server
	clock   clock.Clock
	opt     Options
}

// New returns a handler.
func New(b Backups, w *web.Server, c clock.Clock, o Options) *Handler {
	return &Handler{b, w, c, o}
}

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: Path, Handle: h.list, UseCases: []string{"backup.List"}},
		{Method: http.MethodPost, Path: Path, Handle: h.create, UseCases: []string{"backup.Create"}},
	}
}

// old is how old the last good backup may be before the page warns.
const old = 26 * time.Hour

type listView struct {
	warning string
	facts   []ui.Fact
	table   ui.Table
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	files, err := h.backups.List(ctx, web.Actor(r))
	if err != nil {
		return err
	}
	v := listView{warning: h.warning(ctx, files), facts: h.facts(ctx), table: table(ctx, files)}
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "数据备份"), Body: listPage(v)})
}

// warning says what is wrong with the backups there are, "" when nothing is.
func (h *Handler) warning(ctx context.Context, files []backup.File) string {
	for _, f := range files {
		switch age := h.clock.Now().Sub(f.At); {
		case !f.Good:
			continue
		case age > old:
			return i18n.T(ctx, "最近一次可恢复的备份是 %s，请尽快再做一次。",
				i18n.DateTime(i18n.From(ctx), f.At))
		default:
			return ""
		}
	}
	if len(files) == 0 {
		return ""
	}
	return i18n.T(ctx, "没有一个备份可以恢复，请立即查明原因。")
}

func (h *Handler) facts(ctx context.Context) []ui.Fact {
	t := func(s string) string { return i18n.T(ctx, s) }
	daily := t("未设置")
	if h.opt.At != "" {
		daily = i18n.T(ctx, "每天 %s", h.opt.At)
	}
	dir := h.opt.Dir
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	return []ui.Fact{
		{Term: t("存放位置（服务器上）"), Text: dir, Mono: true},
		{Term: t("自动备份"), Text: daily},
		{Term: t("保留"), Text: i18n.T(ctx, "最近 %d 个", h.opt.Keep)},
		{Term: t("恢复"), Text: "yuntu restore", Mono: true},
	}
}

func table(ctx context.Context, files []backup.File) ui.Table {
	t := func(s string) string { return i18n.T(ctx, s) }
	out := ui.Table{Caption: t("备份"), Dense: true, Cols: []ui.Column{{Label: t("文件")},
		{Label: t("时间")}, {Label: t("大小（MB）"), Num: true}, {Label: t("状态")}}}
	for _, f := range files {
		state := ui.State{Tone: ui.OK, Text: t("已验证可恢复")}
		if !f.Good {
			state = ui.State{Tone: ui.Bad, Text: t("不能恢复")}
		}
		out.Rows = append(out.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Name, Mono: true},
			{Text: i18n.DateTime(i18n.From(ctx), f.At), Time: ui.MachineTime(f.At)},
			{Text: i18n.Decimal(f.Bytes*10/(1<<20), 1)}, {Status: &state}}})
	}
	return out
}

// create orders a backup and leads to the job that makes it.
func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	jobID, err := h.backups.Create(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/admin/jobs/"+jobID, "备份已开始，可以离开本页")
}

type listOut struct{ Body []backup.File }

type createOut struct {
	Location string `header:"Location"`
	Body     struct {
		Job string `json:"job" doc:"id of the job that makes it; see job.Get"`
	}
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	api.Add(a, api.Operation{UseCase: "backup.List", Method: http.MethodGet, Path: "/backups",
		Title: "列出备份", Tag: "backups"},
		func(ctx context.Context, _ *struct{}) (*listOut, error) {
			files, err := h.backups.List(ctx, api.By(ctx))
			if files == nil {
				files = []backup.File{}
			}
			return &listOut{files}, err
		})
	api.Add(a, api.Operation{UseCase: "backup.Create", Method: http.MethodPost, Path: "/backups",
		Title: "创建备份", Tag: "backups", Status: http.StatusAccepted},
		func(ctx context.Context, _ *struct{}) (*createOut, error) {
			jobID, err := h.backups.Create(ctx, api.By(ctx))
			out := &createOut{Location: api.Prefix + "/jobs/" + jobID}
			out.Body.Job = jobID
			return out, err
		})
}
