package monitor

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	Plan      *plan.Service      // targets, and the tasks that red lights open
	Indicator *indicator.Service // definitions, sets and approved values
	Dict      *dict.Service      // working days, and the districts of a city; nil = none
	// Measures are the numbers of the program's own rows; nil, or a nil registry, = none.
	Measures func() *measure.Registry
	// Home is the city or district of the site, "" = not set.
	Home func() region.Code
}

// Service is the room in which numbers are watched. It is safe for concurrent use.
type Service struct {
	unit *unit.Unit
	opt  Options
	wake func()
}

// New returns the room, which from now on holds open the tasks of red numbers. Load comes before its
// use.
func New(u *unit.Unit, o Options) *Service {
	s := &Service{unit: u, opt: o}
	o.Plan.HoldWith(s)
	o.Indicator.AskPoints(s)
	return s
}

// Kinds of jobs.
const (
	jobMeasure = "monitor.measure"
	jobLights  = "monitor.lights"
	jobTimeout = 30 * time.Minute
)

// RegisterJobs gives the runner the work of this room: to measure anew, and the lights as time passes.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobMeasure, jobTimeout, s.measureJob)
	r.Every(jobMeasure, time.Hour, job.Spec{Kind: jobMeasure, UniqueKey: jobMeasure})
	r.Handle(jobLights, jobTimeout, s.lightsJob)
	r.Every(jobLights, time.Hour, lightsSpec)
	r.Handle(jobFindings, findingsTimeout, s.findingsJob)
	r.Every(jobFindings, findingsEvery, findingsSpec)
	s.wake = r.Poke
}

// lightsSpec is the work of computing the lights; it waits once however often it is asked for.
var lightsSpec = job.Spec{Kind: jobLights, UniqueKey: jobLights}

// system is who acts when nobody does.
var system = authz.Actor{Login: "system", Via: authz.ViaSystem}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

func (s *Service) home() region.Code {
	if s.opt.Home == nil {
		return ""
	}
	return s.opt.Home()
}

// lightsJob computes the lights: days pass although nobody writes.
func (s *Service) lightsJob(ctx context.Context, r *job.Run) error {
	n, err := s.relight(ctx)
	if err != nil {
		return err
	}
	return r.Result(n)
}

// measureJob measures anew.
func (s *Service) measureJob(ctx context.Context, r *job.Run) error {
	n, err := s.measureAll(ctx)
	if err != nil {
		return err
	}
	return r.Result(map[string]int{"changed": n})
}
