package plan

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	// Blobs keeps originals and evidence. Without it files are refused.
	Blobs *blob.Store
	// Party names the units of tasks and targets.
	Party *party.Service
	// Dict names places.
	Dict *dict.Service
	// Home is the place of the site: what a document is about when it does not say.
	Home func() region.Code
}

// Service is the room of documents and the ledger. It is safe for concurrent use.
type Service struct {
	unit      *unit.Unit
	opt       Options
	documents *process.Process[Document]
	tasks     *process.Process[Task]
	imports   *imports
	holders   []Holder
	wake      func()
}

// New returns the room. times counts the limits of its life cycles. Load comes before its use.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	documents, err := DocumentProcess.With(times)
	if err != nil {
		return nil, err
	}
	tasks, err := TaskProcess.With(times)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: u, opt: o, documents: documents, tasks: tasks, imports: newImports()}
	if o.Blobs != nil {
		o.Blobs.Guard(kindDocument, s.mayReadDocument)
		o.Blobs.Guard(kindTask, s.mayReadTask)
	}
	return s, nil
}

// Load stores the rules of lights that ship with the program and are not stored yet. The server
// calls it at start; a second call changes nothing.
func (s *Service) Load(ctx context.Context) error { return s.loadRules(ctx) }

// RegisterJobs gives the runner the work of this room: long texts, and the lights as time passes. It
// is called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobRead, readTimeout, s.readJob)
	r.Handle(jobLights, lightsTimeout, s.lightsJob)
	r.Every(jobLights, time.Hour, job.Spec{Kind: jobLights})
	r.Handle(jobImportCheck, importTimeout, s.importCheckJob)
	r.Handle(jobImportRun, 2*importTimeout, s.importRunJob)
	r.Handle(jobFacts, factsTimeout, s.factsJob)
	r.Every(jobFacts, time.Hour, job.Spec{Kind: jobFacts})
	s.wake = r.Poke
}

func (s *Service) poke() {
	if s.wake != nil {
		s.wake()
	}
}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

// placeName is what a place is called in its documents: 太原市. "" without dictionaries.
func (s *Service) placeName(code string) string {
	if s.opt.Dict == nil {
		return ""
	}
	name, _ := s.opt.Dict.Name(dict.Regions, code, "")
	return name
}
