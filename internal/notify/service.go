package notify

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	Accounts Accounts             // nil: nobody is told anything
	Kinds    []Kind               // of all rooms
	Rules    []Rule               // of all rooms
	Sender   Sender               // nil: there are no mails
	Site     func(i18n.Lang) Site // of mails; needed with a Sender
	Quiet    func() Quiet         // what holds for accounts that said nothing; nil: mails at any time
	Calendar process.Calendar     // nil: Monday to Friday are worked
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	unit     *unit.Unit
	db       *db.DB
	clock    clock.Clock
	accounts Accounts
	kinds    []Kind
	rules    []Rule
	sender   Sender
	site     func(i18n.Lang) Site
	usual    func() Quiet
	calendar process.Calendar
}

// New puts the room together. Two kinds of one name, or one without a title, are a mistake in the
// program.
func New(u *unit.Unit, o Options) (*Service, error) {
	seen := map[string]bool{}
	for _, k := range o.Kinds {
		if k.Name == "" || len(k.Name) > maxKind || k.Title == "" || seen[k.Name] {
			return nil, fmt.Errorf("notices of kind %q are declared twice or without a title", k.Name)
		}
		seen[k.Name] = true
	}
	return &Service{unit: u, db: u.DB(), clock: u.Clock(), accounts: o.Accounts, kinds: o.Kinds,
		sender: o.Sender, site: o.Site, usual: o.Quiet, calendar: o.Calendar}, nil
}

// Kinds returns the kinds of notices, in the order the rooms declared them.
func (s *Service) Kinds() []Kind { return s.kinds }

// Follow adds the rules of a room, while the program is put together: before Follower.
func (s *Service) Follow(rules ...Rule) { s.rules = append(s.rules, rules...) }
