package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
)

var errCrossOrigin = fault.New(fault.Forbidden, "这个请求来自别的网站，已拒绝")

// observe gives the request its number and logs and measures the answer. It logs no query: that
// may hold names and numbers of people.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{id: id.New(), started: s.deps.Clock.Now(), address: s.address(r),
			who: s.deps.Who}
		ctx := context.WithValue(r.Context(), requestKey{}, q)
		w.Header().Set("X-Request-Id", q.id)
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r.WithContext(ctx))
		took := s.deps.Clock.Now().Sub(q.started)
		_, pattern := s.mux.Handler(r)
		if s.deps.Observe != nil {
			s.deps.Observe(pattern, r.Method, rec.code(), took.Seconds())
		}
		s.deps.Log.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("request", q.id), slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", rec.code()),
			slog.Int64("bytes", rec.bytes), slog.Duration("took", took),
			slog.String("account", q.session.Actor.Account))
	})
}

// recorder remembers the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// survive turns a panic into an error page and a log line with the stack.
func (s *Server) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			s.deps.Log.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("request", RequestID(r.Context())), slog.String("path", r.URL.Path),
				slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
			s.failWith(w, r, http.StatusInternalServerError, nil)
		}()
		next.ServeHTTP(w, r)
	})
}

// policy is the content security policy: everything from here, nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

func (s *Server) secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
		h.Set("X-Frame-Options", "DENY")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// identify finds session and preferences. Assets and health checks need neither.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bare(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		q := of(r.Context())
		q.prefs = s.readPrefs(w, r)
		ctx := i18n.With(r.Context(), q.prefs.lang)
		session, err := s.resume(w, r)
		q.session = session
		if err != nil {
			s.Fail(w, r.WithContext(ctx), err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func bare(path string) bool {
	return strings.HasPrefix(path, "/assets/") || path == "/livez" || path == "/readyz"
}

// address returns who calls: the peer, or what a trusted proxy says about it.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !s.trusted(host) {
		return host
	}
	hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			return host
		}
		if host = hop; !s.trusted(hop) {
			return hop
		}
	}
	return host
}

func (s *Server) trusted(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.deps.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}
