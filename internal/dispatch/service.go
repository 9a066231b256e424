package dispatch

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	Plan  *plan.Service  // the ledger: what is talked about, and where decisions become tasks
	Party *party.Service // names units
	Blobs *blob.Store    // keeps the files of replies; without it files are refused
	// Issuer is who signs letters: the organiser of the site. nil or "" leaves the line empty.
	Issuer func() string
	// Sources propose items beside the ledger's own.
	Sources []AgendaSource
}

// Service is the room of dispatch meetings and letters. It is safe for concurrent use.
type Service struct {
	unit     *unit.Unit
	opt      Options
	times    process.Times
	meetings *process.Process[Meeting]
	letters  *process.Process[Letter]
	sources  []AgendaSource
	lights   LightSource // nil: no numbers are shown
}

// New returns the room. times counts the limits of its life cycles. Load comes before its use.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	meetings, err := MeetingProcess.With(times)
	if err != nil {
		return nil, err
	}
	letters, err := LetterProcess.With(times)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: u, opt: o, times: times, meetings: meetings, letters: letters}
	s.sources = append([]AgendaSource{tasks{s}, followed{s}, unanswered{s}}, o.Sources...)
	if o.Blobs != nil {
		o.Blobs.Guard(kindLetter, func(ctx context.Context, by authz.Actor, letterID string) error {
			_, err := s.readLetter(ctx, u.DB(), by, letterID)
			return err
		})
	}
	return s, nil
}

// Propose adds a source of items. It is called while the program is put together.
func (s *Service) Propose(source AgendaSource) { s.sources = append(s.sources, source) }

// house asks on behalf of the system.
var house = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

var qCount = db.Stmt(`INSERT INTO dispatch_counter (scope, last) VALUES ($1, 1)
	ON CONFLICT (scope) DO UPDATE SET last = dispatch_counter.last + 1 RETURNING last`)

// nextNumber returns the next number of a scope.
func nextNumber(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}

// yearOf is the year of a moment in China.
func yearOf(us int64) int { return clock.Time(us).In(clock.Shanghai).Year() }
