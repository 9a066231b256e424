package matching

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Posts is the room of posts as this one needs it.
type Posts interface {
	GetPost(ctx context.Context, by authz.Actor, id string) (market.Post, error)
	SomePosts(ctx context.Context, by authz.Actor, ids []string) ([]market.Post, error) // up to db.MaxLimit
}

// Accounts is the room of identities as this one needs it.
type Accounts interface {
	// ActorOf returns an account in a role that it holds now, false when it does not.
	ActorOf(ctx context.Context, q db.Q, account string, role authz.Role, org string) (authz.Actor, bool, error)
}

// Options of a Service.
type Options struct {
	Market   Posts
	Notify   *notify.Service // nil: nobody is told
	Accounts Accounts        // nil: saved searches look with the rights of everybody
	// Places says which places there are, for the filters of saved searches; nil: any.
	Places func(region.Code) bool
	// Dictionary is a file with a Chinese-English dictionary, by which searching and matching in one language
	// finds posts in the other; "": none.
	Dictionary string
	Dir        string        // where snapshots of the index are kept; "": nowhere
	Poll       time.Duration // how often to look for posts of other processes; 0: 200 ms
	Log        *slog.Logger
	Program    string // version of the program: snapshots of another one are not used
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	db      *db.DB
	opt     Options
	lang    atomic.Pointer[language] // built at its first use: the dictionary takes a third of a second
	weights weightSets

	start sync.Mutex                    // one index is made at a time
	begun atomic.Pointer[chan struct{}] // closed when Prepare has ended; nil: nobody promised to call it
	now   atomic.Pointer[epoch]
}

// epoch is the time of one index, from when it was made or read to when another takes its place.
type epoch struct {
	index *index
	tail  *outbox.Tail  // nil before the first
	done  chan struct{} // closed when another took its place
}

// New returns the room. Prepare comes before its use, Run keeps it up to date.
func New(u *unit.Unit, o Options) *Service {
	if o.Poll <= 0 {
		o.Poll = usualPoll
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{unit: u, db: u.DB(), opt: o}
	s.now.Store(&epoch{index: &index{}, done: make(chan struct{})}) // ready never
	return s
}

func (s *Service) index() *index { return s.now.Load().index }

// usualPoll is how soon a post that another process stored is found here.
const usualPoll = 200 * time.Millisecond

// patience is how long somebody who asks waits for the index at the start of the program, which reads it
// behind the first answers.
const patience = 5 * time.Second

// ready says whether the index was made. While the program starts it waits for that.
func (s *Service) ready(ctx context.Context) error {
	if s.index().ready.Load() {
		return nil
	}
	if begun := s.begun.Load(); begun != nil {
		wait, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		select {
		case <-*begun:
		case <-wait.Done():
		}
	}
	if !s.index().ready.Load() {
		return errBuilding
	}
	return nil
}
