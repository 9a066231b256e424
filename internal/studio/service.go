package studio

import (
	"context"
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Source draws contents from the numbers of the house: the values of a set of indicators by place, at a
// period.
type Source interface {
	// Offers are the sets and periods that there are values of, the latest first.
	Offers(ctx context.Context, by authz.Actor) ([]Offer, error)
	// Draw makes a content of a set at a period, and names the indicators that have no value there.
	Draw(ctx context.Context, by authz.Actor, set, period string) (Content, []string, error)
}

// Offer is a set of indicators at a period.
type Offer struct {
	Set    string `json:"set"`
	Period string `json:"period"`
	Title  string `json:"title"`  // of the set
	Shown  string `json:"shown"`  // the period in words
	Values int64  `json:"values"` // that there are
}

// Options of a Service.
type Options struct {
	Desk   *job.Desk // cancels what takes long
	Source Source    // nil: datasets come from tables only
	// Accounts finds the account of a log-in; nil: nobody can be invited.
	Accounts func(ctx context.Context, q db.Q, login string) (Known, bool, error)
}

// Service is the studio. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	opt     Options
	schemes *process.Process[Scheme]
	known   *kept[Content]    // editions of datasets, which never change
	spans   *kept[[]RankSpan] // intervals of ranks
}

// New returns the studio.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	p, err := SchemeProcess.With(times)
	if err != nil {
		return nil, err
	}
	return &Service{unit: u, opt: o, schemes: p, known: newKept[Content](16), spans: newKept[[]RankSpan](64)}, nil
}

// kept holds the values that were asked for last.
type kept[T any] struct {
	mu    sync.Mutex
	most  int
	of    map[string]T
	order []string // the oldest first
}

func newKept[T any](most int) *kept[T] { return &kept[T]{most: most, of: map[string]T{}} }

func (k *kept[T]) get(key string) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.of[key]
	return v, ok
}

func (k *kept[T]) put(key string, v T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, is := k.of[key]; !is {
		k.order = append(k.order, key)
	}
	k.of[key] = v
	for len(k.order) > k.most {
		delete(k.of, k.order[0])
		k.order = k.order[1:]
	}
}

// content loads an edition of a dataset. What it returns is shared and must not be changed.
func (s *Service) content(ctx context.Context, q db.Q, dataset string, n int64) (Content, error) {
	key := encode([]any{dataset, n})
	if c, ok := s.known.get(key); ok {
		return c, nil
	}
	text, err := db.Get(ctx, q, qContent, db.One[string], dataset, n)
	if err != nil {
		return Content{}, err
	}
	var c Content
	if err := decode(text, &c); err != nil {
		return Content{}, err
	}
	s.known.put(key, c)
	return c, nil
}
