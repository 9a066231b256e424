package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/site"
)

// livez says that the process runs; it asks nobody.
func (a *App) livez() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusOK, "ok\n")
	})
}

// readyz says that requests can be served: the database answers and has the schema of this program.
func (a *App) readyz() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		if err := a.DB.Ready(ctx); err != nil {
			a.Log.LogAttrs(ctx, slog.LevelWarn, "not ready", slog.String("error", err.Error()))
			plain(w, http.StatusServiceUnavailable, "not ready: the database does not answer, or its "+
				"schema is not that of this program\n")
			return
		}
		plain(w, http.StatusOK, "ok\n")
	})
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// Listener is an open port that Run serves, with that of the metrics if they have one.
type Listener struct {
	net.Listener
	metrics net.Listener
	serve   func(*http.Server, net.Listener) error
}

// CheckTLS says whether the certificate and its key can be used, where there are any.
func CheckTLS(c config.Config) error {
	cert, key := c.Server.TLSCert, c.Server.TLSKey
	if cert == "" {
		return nil
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return fmt.Errorf("server.tls_cert = %s, server.tls_key = %s: %w", cert, key, err)
	}
	return nil
}

// Listen opens the configured addresses, so that a taken port or a wrong certificate is known before
// anything starts and anybody is told that it runs.
func (a *App) Listen() (*Listener, error) {
	if err := CheckTLS(a.Config); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", a.Config.Server.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a.Config.Server.Addr, err)
	}
	out := &Listener{Listener: l}
	if at := a.Config.Metrics.Addr; at != "" {
		if out.metrics, err = net.Listen("tcp", at); err != nil {
			return nil, errors.Join(fmt.Errorf("listen on metrics.addr %s: %w", at, err), l.Close())
		}
	}
	cert, key := a.Config.Server.TLSCert, a.Config.Server.TLSKey
	out.serve = func(s *http.Server, l net.Listener) error {
		if cert != "" {
			return s.ServeTLS(l, cert, key)
		}
		return s.Serve(l)
	}
	return out, nil
}

// Close closes the ports.
func (l *Listener) Close() error {
	if l.metrics == nil {
		return l.Listener.Close()
	}
	return errors.Join(l.Listener.Close(), l.metrics.Close())
}

// Prepare reads what serving needs in memory and most commands do without: the index of the market.
// It takes longer than all the rest of Open; Run does it behind its first answers.
func (a *App) Prepare(ctx context.Context) error {
	if err := a.Matching.Prepare(ctx); err != nil {
		return fmt.Errorf("make the index of the market: %w", err)
	}
	return nil
}

// Run serves until ctx ends, then stops in the reverse order: no new requests, running ones to
// their end, jobs wound up, all within the grace period. It returns nil after an orderly stop.
func (a *App) Run(ctx context.Context, l *Listener) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	if err := a.Matching.Begin(ctx); err != nil {
		l.Close()
		if ctx.Err() != nil {
			return nil // told to stop before anybody was served
		}
		return fmt.Errorf("begin the index of the market: %w", err)
	}
	failed := make(chan error, 3)
	var background sync.WaitGroup
	background.Go(func() { a.Feed.Run(work) })
	background.Go(func() {
		if err := a.Jobs.Run(work); err != nil && work.Err() == nil {
			a.Log.LogAttrs(ctx, slog.LevelError, "jobs stopped", slog.String("error", err.Error()))
		}
	})
	background.Go(func() { a.follow(work) })
	background.Go(func() {
		if err := a.Prepare(work); err != nil && work.Err() == nil {
			failed <- err
			return
		}
		debug.FreeOSMemory() // reading dictionary and index took several times what they are
		a.Matching.Run(work)
	})
	background.Go(func() { a.storeViews(work) })

	server := a.server(a.Web.Handler(), a.Config.Server.WriteTimeout)
	servers := []*http.Server{server}
	go func() { failed <- l.serve(server, l.Listener) }()
	if l.metrics != nil {
		m := a.metricsServer()
		servers = append(servers, m)
		go func() { failed <- m.Serve(l.metrics) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Config.Server.Grace)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(grace))
	}
	stopWork()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

func (a *App) server(h http.Handler, write time.Duration) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: a.Config.Server.ReadTimeout,
		WriteTimeout: write, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
}

func (a *App) metricsServer() *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	return a.server(mux, 30*time.Second)
}

// storeViewsEvery is how long views of posts are kept in memory: a crash loses no more.
const storeViewsEvery = 15 * time.Second

// storeViews stores views of posts now and then until ctx ends, and once more then.
func (a *App) storeViews(ctx context.Context) {
	tick := time.NewTicker(storeViewsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_, _ = a.Market.StoreViews(last)
			return
		case <-tick.C:
		}
		if _, err := a.Market.StoreViews(ctx); err != nil && ctx.Err() == nil {
			a.Log.LogAttrs(ctx, slog.LevelWarn, "cannot store views", slog.String("error", err.Error()))
		}
	}
}

// followEvery is how long a change of settings or dictionaries made by another process may stay
// unseen.
const followEvery = 3 * time.Second

var qFollow = db.Stmt(`SELECT DISTINCT kind FROM outbox WHERE seq > $1
	AND kind IN ('site.changed.v1', 'dict.edition.loaded.v1', 'dict.calendar.imported.v1')`)

// follow reads settings and dictionaries again after another process changed them.
func (a *App) follow(ctx context.Context) {
	seen, _ := audit.Head(ctx, a.DB)
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		head, err := audit.Head(ctx, a.DB)
		if err == nil && head != seen {
			err = a.reload(ctx, seen.Seq)
		}
		if err != nil && ctx.Err() == nil {
			a.Log.LogAttrs(ctx, slog.LevelWarn, "cannot follow changes", slog.String("error", err.Error()))
			continue
		}
		seen = head
	}
}

func (a *App) reload(ctx context.Context, after int64) error {
	kinds, err := db.All(ctx, a.DB, qFollow, db.One[string], after)
	for _, k := range kinds {
		switch k {
		case site.EventChanged:
			err = errors.Join(err, a.Site.Load(ctx))
		case dict.EventEdition, dict.EventCalendar:
			err = errors.Join(err, a.Dict.Reload(ctx))
		}
	}
	return err
}
