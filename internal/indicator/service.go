package indicator

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	Plan  *plan.Service
	Party *party.Service // names units
	Dict  *dict.Service  // names places and knows the working days
	// Measures lists what a definition may rest on; nil = none.
	Measures func() []measure.Measure
	// Home is the city or district of the site, "" or nil = not set: the tasks of sets are its own.
	Home func() region.Code
}

// Service is the room of indicators and reporting. It is safe for concurrent use.
type Service struct {
	unit         *unit.Unit
	opt          Options
	times        process.Times
	observations *process.Process[Observation]
	editions     *process.Process[Edition]
	points       Points
}

// New returns the room. times counts the limits of its life cycle and the deadlines of reporting.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	p, err := ObservationProcess.With(times)
	if err != nil {
		return nil, err
	}
	e, err := EditionProcess.With(times)
	if err != nil {
		return nil, err
	}
	return &Service{unit: u, opt: o, times: times, observations: p, editions: e}, nil
}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }
