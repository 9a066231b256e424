// Package sitehttp holds the pages and operations of the site settings.
package sitehttp

import (
	"context"
	"net/http"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Path of the page.
const Path = "/admin/site"

// Handler answers for the settings.
type Handler struct {
	site *site.Service
	web  *web.Server
}

// New returns a handler.
func New(s *site.Service, w *web.Server) *Handler { return &Handler{s, w} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: Path, UseCases: []string{"site.GetSettings"}, Handle: h.show},
		{Method: http.MethodPost, Path: Path, UseCases: []string{"site.UpdateSettings"},
			Handle: h.save},
	}
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	got, err := h.site.GetSettings(r.Context(), by)
	if err != nil {
		return err
	}
	if err := site.Policy.May(by, site.ActWrite, got); err != nil {
		return err
	}
	return h.render(w, r, got, nil)
}

func (h *Handler) save(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "表单不完整，请刷新后重试").Wrap(err)
	}
	in := site.Settings{Version: version}
	for _, f := range site.Fields() {
		in = in.With(f.Name, r.PostFormValue(f.Name))
	}
	_, err = h.site.UpdateSettings(r.Context(), web.Actor(r), in)
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.render(w, r, in, err)
	case fault.Conflict:
		return h.stale(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path, "站点设置已保存")
}

func (h *Handler) render(w http.ResponseWriter, r *http.Request, s site.Settings, err error) error {
	l := i18n.From(r.Context())
	var inputs []ui.Input
	for _, f := range site.Fields() {
		in := ui.Input{Name: f.Name, Label: i18n.Text(l, f.Title), Value: s.Value(f.Name),
			MaxLen: f.Max, Optional: f.Name != "name"}
		if f.Hint != "" {
			in.Hint = i18n.Text(l, f.Hint)
		}
		for _, c := range f.Choices {
			in.Kind = ui.InSelect
			in.Options = append(in.Options, ui.Option{Value: c.Value, Text: i18n.Text(l, c.Title)})
		}
		inputs = append(inputs, in)
	}
	ui.Mark(l, inputs, err)
	form := ui.FormView{Action: Path, Version: strconv.FormatInt(s.Version, 10), Guard: true,
		Summary: ui.SummaryOf(l, err),
		Buttons: []ui.Action{{Text: i18n.Text(l, "保存设置"), Primary: true}}}
	v := web.View{Page: h.web.Page(r, "站点设置"), Body: page(form, inputs)}
	if err != nil {
		v.Status = http.StatusUnprocessableEntity
	}
	return h.web.Render(w, r, v)
}

// stale shows both versions after somebody else saved first.
func (h *Handler) stale(w http.ResponseWriter, r *http.Request, mine site.Settings, _ error) error {
	l := i18n.From(r.Context())
	theirs, err := h.site.GetSettings(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	d := ui.Stale{Title: i18n.Text(l, "保存前，这些设置已被他人修改"), Post: Path, Reload: Path,
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(theirs.Version, 10)}}}
	for _, f := range site.Fields() {
		a, b := theirs.Value(f.Name), mine.Value(f.Name)
		d.Hidden = append(d.Hidden, ui.Hidden{Name: f.Name, Value: b})
		if a != b {
			d.Fields = append(d.Fields, ui.StaleField{Label: i18n.Text(l, f.Title), Theirs: a, Mine: b})
		}
	}
	return h.web.Render(w, r, web.View{Status: http.StatusConflict,
		Page: h.web.Page(r, "站点设置"), Body: ui.Diff(d)})
}

type settingsOut struct {
	ETag string `header:"ETag"`
	Body site.Settings
}

type settingsIn struct {
	api.Match
	Body site.Settings
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	api.Add(a, api.Operation{UseCase: "site.GetSettings", Method: http.MethodGet, Path: "/site",
		Title: "查看站点设置", Tag: "site", Public: true},
		func(ctx context.Context, _ *struct{}) (*settingsOut, error) {
			got, err := h.site.GetSettings(ctx, api.By(ctx))
			return &settingsOut{api.ETag(got.Version), got}, err
		})
	api.Add(a, api.Operation{UseCase: "site.UpdateSettings", Method: http.MethodPut, Path: "/site",
		Title: "修改站点设置", Tag: "site"},
		func(ctx context.Context, in *settingsIn) (*settingsOut, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.Version = version
			got, err := h.site.UpdateSettings(ctx, api.By(ctx), in.Body)
			return &settingsOut{api.ETag(got.Version), got}, err
		})
}
