package dict

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Events of this room. The object of the first is "list@edition", of the second the year.
const (
	EventEdition  = "dict.edition.loaded.v1"
	EventCalendar = "dict.calendar.imported.v1"
)

// Kinds of objects in the audit trail.
const (
	auditEdition  = "dict.edition"
	auditCalendar = "dict.calendar"
)

// Service answers from the lists and takes new ones in. It is safe for concurrent use.
type Service struct {
	unit   *unit.Unit
	reload sync.Mutex // one reload at a time, so that an older one never wins
	now    atomic.Pointer[snapshot]
}

// New returns a service that knows nothing before Load.
func New(u *unit.Unit) *Service {
	s := &Service{unit: u}
	s.now.Store(emptySnapshot())
	return s
}

// Load stores the editions and arrangements that ship with the program and are not stored yet, and
// reads everything into memory. The server calls it at start; a second call changes nothing.
func (s *Service) Load(ctx context.Context) error {
	if err := s.Reload(ctx); err != nil {
		return err
	}
	have := s.now.Load()
	changed := false
	for _, sh := range shipped {
		if slices.ContainsFunc(have.lists[sh.edition.List], func(e *edition) bool {
			return e.Edition.Edition == sh.edition.Edition
		}) {
			continue
		}
		if err := s.loadEdition(ctx, sh.edition, sh.file); err != nil {
			return err
		}
		changed = true
	}
	for _, year := range clock.Published().Years() {
		if have.yearVersions[year] > 0 {
			continue
		}
		if err := s.loadYear(ctx, year); err != nil {
			return err
		}
		changed = true
	}
	if !changed {
		return nil
	}
	return s.Reload(ctx)
}

// system is who loads what ships with the program.
func system() authz.Actor { return authz.Actor{Via: authz.ViaSystem} }

func (s *Service) loadEdition(ctx context.Context, e Edition, file string) error {
	items, err := shippedItems(file)
	if err != nil {
		return err
	}
	return s.unit.Write(ctx, system(), "dict.Load", func(tx *unit.Tx) error {
		added, err := addEdition(ctx, tx, e, items)
		if err != nil || !added {
			return err // another process was faster
		}
		e.Items = int64(len(items))
		recordEdition(tx, "load", e)
		return nil
	})
}

func recordEdition(tx *unit.Tx, what string, e Edition) {
	object := string(e.List) + "@" + e.Edition
	tx.Audit(audit.Entry{Kind: auditEdition, Object: object, What: what, Detail: e})
	tx.Emit(outbox.Event{Kind: EventEdition, Object: object, Data: e})
}

func (s *Service) loadYear(ctx context.Context, year int) error {
	holidays := clock.Published().Holidays(year)
	return s.unit.Write(ctx, system(), "dict.Load", func(tx *unit.Tx) error {
		n, err := db.Exec(ctx, tx.Tx, qAddYear, int64(year), tx.NowUs(), tx.By().Account)
		if err != nil || n == 0 {
			return err // another process was faster
		}
		recordYear(tx, "load", year, len(holidays))
		return addDays(ctx, tx, year, holidays)
	})
}

// Reload reads everything into memory again. The server calls it after a change elsewhere.
func (s *Service) Reload(ctx context.Context) error {
	s.reload.Lock()
	defer s.reload.Unlock()
	next, err := read(ctx, s.unit.DB())
	if err != nil {
		return err
	}
	s.now.Store(next)
	return nil
}

// Calendar returns the calendar of working days.
func (s *Service) Calendar() *clock.Calendar { return s.now.Load().calendar }

// IsWorking asks the calendar as it is now, so that a Service is a process.Calendar that follows
// every import.
func (s *Service) IsWorking(d clock.Date) (bool, error) { return s.Calendar().IsWorking(d) }

// Name returns the name of a code on a day, "" as day for now. It reports false for a code that no
// edition has.
func (s *Service) Name(list ListID, code string, at clock.Date) (string, bool) {
	_, it, ok := s.now.Load().find(list, code, at)
	return it.Name, ok
}

// Path returns the items from the top of the list down to the code, itself included; nothing for a
// code that no edition has.
func (s *Service) Path(list ListID, code string, at clock.Date) []Item {
	return s.now.Load().path(list, code, at)
}

// Has reports whether the code is in the edition that is in force on the day, "" for the latest.
// Input is checked with it; Name also knows codes of the past.
func (s *Service) Has(list ListID, code string, at clock.Date) bool {
	e := s.now.Load().inForce(list, at)
	if e == nil {
		return false
	}
	_, ok := e.item(code)
	return ok
}

// RegionName returns the full name of a place, 山西省太原市小店区, and the code itself when it is
// unknown.
func (s *Service) RegionName(c region.Code, at clock.Date) string {
	name := ""
	for _, it := range s.Path(Regions, string(c), at) {
		if it.Kind != Group {
			name += it.Name
		}
	}
	if name == "" {
		return string(c)
	}
	return name
}

// PlaceName is the name of a place for people at home, the parts that they know left out: 小店区 at
// home in Taiyuan, 山西省大同市平城区 elsewhere. home "" is nowhere, the code "" no place.
func (s *Service) PlaceName(home, code region.Code) string {
	if code == "" {
		return ""
	}
	if home != "" && code != home && home.Contains(code) {
		if name, ok := s.Name(Regions, string(code), ""); ok {
			return name
		}
	}
	return s.RegionName(code, "")
}

// Lists returns all editions of all lists, the latest edition of a list first.
func (s *Service) Lists(by authz.Actor) ([]Edition, error) {
	var out []Edition
	now := s.now.Load()
	for _, list := range sortedLists(now) {
		if err := Policy.May(by, ActRead, list); err != nil {
			return nil, err
		}
		for _, e := range slices.Backward(now.lists[list]) {
			out = append(out, e.Edition)
		}
	}
	return out, nil
}

func sortedLists(s *snapshot) []ListID {
	out := make([]ListID, 0, len(s.lists))
	for id := range s.lists {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func noList() error { return fault.New(fault.NotFound, "没有这个字典或版本") }
