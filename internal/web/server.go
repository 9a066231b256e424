package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Deps is what the door needs from the house.
type Deps struct {
	Log      *slog.Logger
	Clock    clock.Clock
	Sessions Sessions
	Site     func(context.Context, i18n.Lang) ui.Site
	Nav      func(context.Context, authz.Actor) ([]ui.NavItem, []ui.NavGroup)
	Tour     func(context.Context, authz.Actor) *ui.Tour // may be nil
	// Who returns the name of the person with a log-in, "" for nobody. nil: pages show log-ins.
	Who       func(ctx context.Context, login string) string
	PublicURL string         // "" = as the request says
	Secure    bool           // browsers reach us by https: cookies are marked so
	Proxies   []netip.Prefix // whose X-Forwarded-For counts
	Limits    Limits
	// Problem answers errors below /api/ in the API's own form.
	Problem func(w http.ResponseWriter, r *http.Request, status int, err error)
	Observe func(route, method string, status int, seconds float64) // metrics; may be nil
}

const apiPrefix = "/api/"

// Limits bound requests.
type Limits struct {
	PerSecond   int // requests per account, or per address of a visitor
	Burst       int
	BodyBytes   int64
	UploadBytes int64
}

// Server is the door for browsers. The API hangs beside it in the same frame.
type Server struct {
	deps    Deps
	mux     *http.ServeMux
	routes  []Route
	secure  bool
	limiter *limiter
}

// New returns a server without the rooms' routes.
func New(d Deps) *Server {
	s := &Server{
		deps: d, mux: http.NewServeMux(), secure: d.Secure, limiter: newLimiter(d.Limits, d.Clock),
	}
	s.mux.Handle("GET "+ui.PathAssets, ui.Assets())
	s.mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, ui.AssetURL("seal.svg"), http.StatusMovedPermanently)
	})
	s.mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, "User-agent: *\nDisallow: /api/\nDisallow: /login\n")
	})
	s.Add(Route{Method: http.MethodPost, Path: ui.PathPrefs, Access: Everyone, Handle: s.postPrefs})
	return s
}

// Add adds routes. A route that clashes with another panics at start.
func (s *Server) Add(routes ...Route) {
	for _, rt := range routes {
		s.routes = append(s.routes, rt)
		s.mux.Handle(rt.Method+" "+rt.Path, s.page(rt))
	}
}

// Mount hangs a handler with its own pattern beside the pages: the API, health checks.
func (s *Server) Mount(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Routes returns what was added, for the tests that walk over every page.
func (s *Server) Routes() []Route { return s.routes }

// UploadBytes is the largest request with files that is read.
func (s *Server) UploadBytes() int64 { return s.deps.Limits.UploadBytes }

// page runs one route: body limit, log-in, pending step, handler, fault.
func (s *Server) page(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := s.deps.Limits.BodyBytes
		if rt.Upload {
			limit = s.deps.Limits.UploadBytes
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		session := SessionOf(r)
		err := rt.require(session)
		if err == nil && session.Pending != "" && !allowedWhilePending(r, session.Pending) {
			http.Redirect(w, r, session.Pending, http.StatusSeeOther)
			return
		}
		if err == nil {
			defer DropUploads(r)
			err = rt.Handle(w, r)
		}
		if err != nil {
			s.Fail(w, r, err)
		}
	})
}

// DropUploads removes the temporary files of a form. The server of package http looks only at the request that it
// made itself, not at the copies of it that carry a session.
func DropUploads(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // the system clears what stays
	}
}

// allowedWhilePending lets a person finish the pending step, change preferences, or leave.
func allowedWhilePending(r *http.Request, pending string) bool {
	p := r.URL.Path
	return p == pending || strings.HasPrefix(p, pending+"/") || p == ui.PathLogout ||
		p == ui.PathPrefs
}

// Handler returns the whole frame around the routes.
func (s *Server) Handler() http.Handler {
	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.failWith(w, r, http.StatusForbidden, errCrossOrigin)
	}))
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1000), gzhttp.SuffixETag("-gz"))
	if err != nil {
		panic(err) // the options are constants
	}
	var h http.Handler = http.HandlerFunc(s.route)
	h = protect.Handler(h)
	h = s.limit(h)
	h = s.identify(h)
	h = compress(h)
	h = s.secureHeaders(h)
	h = s.survive(h)
	return s.observe(h)
}

// route serves the request, and answers unknown addresses and methods with our own pages.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	if pattern == "" {
		probe := &statusProbe{header: http.Header{}}
		h.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.header.Get("Allow"))
		}
		if probe.status >= 300 && probe.status < 400 {
			h.ServeHTTP(w, r)
			return
		}
		s.failWith(w, r, probe.status, nil)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// statusProbe learns what the mux would answer to a request that matches nothing.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header { return p.header }
func (p *statusProbe) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}
func (p *statusProbe) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return len(b), nil
}

// origin is scheme and host as the outside sees them.
func (s *Server) origin(r *http.Request) string {
	if s.deps.PublicURL != "" {
		return strings.TrimSuffix(s.deps.PublicURL, "/")
	}
	scheme := "http"
	if s.secure {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
