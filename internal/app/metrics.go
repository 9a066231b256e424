package app

import (
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// metrics are what Prometheus may read. Labels come from the program (routes, use cases), never
// from input, so their number is bounded.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	writes   *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yuntu_request_seconds", Help: "Time to answer a request, by route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "method", "status"}),
		writes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yuntu_write_seconds", Help: "Time of a write, by use case and outcome.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1, 10},
		}, []string{"use_case", "outcome"}),
	}
	m.registry.MustRegister(m.requests, m.writes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) request(route, method string, status int, seconds float64) {
	if route == "" {
		route = "none"
	}
	if _, path, ok := strings.Cut(route, " "); ok {
		route = path
	}
	switch method {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD":
	default:
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(seconds)
}

func (m *metrics) write(o unit.Outcome) {
	outcome := "ok"
	if o.Err != nil {
		outcome = fault.KindOf(o.Err).String()
	}
	m.writes.WithLabelValues(o.UseCase, outcome).Observe(o.Took.Seconds())
}
