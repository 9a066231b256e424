package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Fail answers a request with an error: the one place where errors become pages.
func (s *Server) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if Unauthenticated(err) && strings.HasPrefix(r.URL.Path, apiPrefix) {
		s.failWith(w, r, http.StatusUnauthorized, err)
		return
	}
	if errors.Is(err, errLogin) && r.Method == http.MethodGet && !Partial(r) {
		http.Redirect(w, r, ui.PathLogin+"?back="+url.QueryEscape(r.URL.RequestURI()),
			http.StatusSeeOther)
		return
	}
	s.failWith(w, r, ui.StatusOf(err), err)
}

func (s *Server) failWith(w http.ResponseWriter, r *http.Request, status int, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	if status >= http.StatusInternalServerError {
		s.deps.Log.LogAttrs(r.Context(), LevelOf(r.Context()), "request failed",
			slog.String("path", r.URL.Path), slog.String("error", errText(err)))
	}
	if strings.HasPrefix(r.URL.Path, apiPrefix) && s.deps.Problem != nil {
		s.deps.Problem(w, r, status, err)
		return
	}
	l := i18n.From(r.Context())
	f := ui.FailureOf(l, status, err, RequestID(r.Context()))
	p := s.Page(r, f.Title)
	v := View{Status: status, Page: p, Body: ui.ErrorPage(f)}
	if e, ok := fault.As(err); ok && Partial(r) && e.Kind != fault.Internal {
		v.Part = ui.Banner(ui.Bad, i18n.Fault(l, e))
	}
	if rerr := s.Render(w, r, v); rerr != nil {
		http.Error(w, f.Title, status)
	}
}

// LevelOf is how loud a failed request is: one whose client hung up failed by that, which is no error of ours.
func LevelOf(ctx context.Context) slog.Level {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return slog.LevelInfo
	}
	return slog.LevelError
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
