package market

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	// Party names the owners of posts and keeps the key that seals contacts.
	Party *party.Service
	// Dict names places.
	Dict *dict.Service
	// Blobs keep the tables of imports; nil: only what is small is imported.
	Blobs *blob.Store
}

// countRule is how long counts of posts are used. What another process stored shows after Sure at the latest.
var countRule = kept.Rule{Sure: 2 * time.Second, Many: 2000, Late: 30 * time.Second, Stale: 2 * time.Minute,
	Most: 1000}

// Service is the room of posts. It is safe for concurrent use.
type Service struct {
	unit         *unit.Unit
	opt          Options
	needs        *process.Process[Post]
	achievements *process.Process[Post]
	counters     *kept.Shelf[string, uint64, Counters]
	counts       *kept.Shelf[countKey, uint64, Counts]
	stored       atomic.Uint64 // counts what was stored
	views        waitingViews
	holds        []Hold
	brokersNamed func(ctx context.Context, q db.Q, name string) ([]string, error)
}

// New returns the room. times counts the limits of its life cycles. Load comes before its use.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	s := &Service{unit: u, opt: o,
		counters: kept.New[string, uint64](countRule,
			func(c Counters) int64 { return c.Live + c.Introduced + c.Registered }),
		counts: kept.New[countKey, uint64](countRule, func(c Counts) int64 { return c.All })}
	u.AfterCommit(func() { s.stored.Add(1) })
	for _, x := range []struct {
		to *(*process.Process[Post])
		of *process.Process[Post]
	}{{&s.needs, NeedProcess}, {&s.achievements, AchievementProcess}} {
		p, err := process.New(s.today(x.of.Def()))
		if err != nil {
			return nil, err
		}
		if *x.to, err = p.With(times); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// today makes a life cycle load posts with the day it is, the limits of the rule and what holds them, for
// guards and clocks.
func (s *Service) today(d process.Def[Post]) process.Def[Post] {
	load := d.Store.Load
	d.Store.Load = func(ctx context.Context, q db.Q, id string) (Post, error) {
		p, err := load(ctx, q, id)
		if err != nil {
			return p, err
		}
		if err := s.withTerms(ctx, q, &p); err != nil {
			return p, err
		}
		p.held, err = s.heldBy(ctx, q, p)
		return p, err
	}
	d.Steps = s.holding(d.Steps)
	return d
}

// BrokersNamed makes the room of brokers be asked who of them has a name: it returns the ids of their persons.
// Rooms know the market and not the other way round, so whoever puts them together calls it, before the service
// is used.
func (s *Service) BrokersNamed(ask func(ctx context.Context, q db.Q, name string) ([]string, error)) {
	s.brokersNamed = ask
}

func (s *Service) day() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

func (s *Service) process(k Kind) *process.Process[Post] {
	if k == Need {
		return s.needs
	}
	return s.achievements
}

// house acts for the system itself.
var house = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

var errNoParty = errors.New("market: posts need the registry")

// orgOf returns an organisation of the registry as it lives now.
func (s *Service) orgOf(ctx context.Context, by authz.Actor, orgID string) (party.Org, error) {
	if s.opt.Party == nil {
		return party.Org{}, errNoParty
	}
	return s.opt.Party.GetOrganisation(ctx, by, orgID)
}

// seenBy returns of a post what the actor may see, without the contact.
func (p Post) seenBy(by authz.Actor) Post {
	if PostPolicy.MaySee(by, ActPostWhole, p) {
		return p.namedFor(by)
	}
	source := ""
	if p.Invented() {
		source = p.Source
	}
	return Post{ID: p.ID, Code: p.Code, State: p.State, PublishedUs: p.PublishedUs, Version: p.Version,
		Limited: true, Source: source, PostData: PostData{Kind: p.Kind, Title: p.Title, Field: p.Field,
			Region: p.Region, Visibility: p.Visibility}}
}

// namedFor leaves of the organisations that a post is for those that the actor may know: all, or its own.
func (p Post) namedFor(by authz.Actor) Post {
	if len(p.Named) == 0 || PostPolicy.MaySee(by, ActPostNamed, p) {
		return p
	}
	p.Named = nil
	if slices.Contains(p.namedNow, by.Org) {
		p.Named = []string{by.Org}
	}
	return p
}

// As returns a post that was read whole, see PostByID, as GetPost would give it to the actor, but for
// the contact, which stays blank: for rooms that show one post to many. To those who may not know of
// it, it is NotFound.
func (p Post) As(by authz.Actor) (Post, error) {
	if err := PostPolicy.May(by, ActPostRead, p); err != nil {
		return Post{}, err
	}
	return p.seenBy(by), nil
}

// readPost reads a post as far as the actor may; to those who may not know of it, it does not exist.
func (s *Service) readPost(
	ctx context.Context, q db.Q, by authz.Actor, postID string,
) (Post, error) {
	p, err := s.load(ctx, q, by, postID)
	if err != nil {
		return Post{}, err
	}
	return p.seenBy(by), nil
}

// load returns a post whole, for somebody who may know of it.
func (s *Service) load(ctx context.Context, q db.Q, by authz.Actor, postID string) (Post, error) {
	p, err := PostByID(ctx, q, postID)
	if err != nil {
		return Post{}, err
	}
	if err := PostPolicy.May(by, ActPostRead, p); err != nil {
		return Post{}, err
	}
	return p, s.withTerms(ctx, q, &p)
}

// GetPost returns a post as the actor may see it: the contact is blank for all but its owner and the
// bureau, and of one that is shown by request a stranger sees kind, title, field and place.
func (s *Service) GetPost(ctx context.Context, by authz.Actor, postID string) (Post, error) {
	p, err := s.load(ctx, s.unit.DB(), by, postID)
	if err != nil {
		return Post{}, err
	}
	if PostPolicy.MaySee(by, ActPostContact, p) {
		s.open(&p)
	}
	return p.seenBy(by), nil
}

var qPostOfCode = db.Stmt(`SELECT id FROM market_post WHERE code = $1`)

// FindPost returns a post by its id, or by the code that its page shows.
func (s *Service) FindPost(ctx context.Context, by authz.Actor, name string) (Post, error) {
	postID, found, err := db.Find(ctx, s.unit.DB(), qPostOfCode, db.One[string], strings.ToUpper(tidy(name)))
	if err != nil {
		return Post{}, err
	}
	if !found {
		postID = name
	}
	return s.GetPost(ctx, by, postID)
}

// Available returns the steps that lead on from where a post stands, and why one is not the actor's
// to take. What dealing does, and what the page of changes does, has no button here.
func (s *Service) Available(ctx context.Context, by authz.Actor, postID string) ([]process.Offer, error) {
	p, err := s.load(ctx, s.unit.DB(), by, postID)
	if err != nil {
		return nil, err
	}
	if p.held, err = s.heldBy(ctx, s.unit.DB(), p); err != nil {
		return nil, err
	}
	offers, err := s.process(p.Kind).Available(ctx, s.unit.DB(), by, p)
	return slices.DeleteFunc(offers, func(o process.Offer) bool {
		return s.offPage(by, p, o.Step) != nil
	}), err
}

// offPage says why a step cannot be taken by FirePost.
func (s *Service) offPage(by authz.Actor, p Post, step string) error {
	if step == StepRevise {
		return fault.New(fault.Conflict, "请在修改页面修改")
	}
	def := s.process(p.Kind).Def()
	i := slices.IndexFunc(def.Steps, func(x process.Step[Post]) bool { return x.Name == step })
	if i >= 0 && def.Steps[i].May == ActPostAdvance && !PostPolicy.MaySee(by, ActPostReview, p) {
		return fault.New(fault.Forbidden, "这一步随供需对接办理")
	}
	return nil
}

// History returns the latest entries of a post's history, for its owner and the bureau.
func (s *Service) History(
	ctx context.Context, by authz.Actor, postID string, before int64,
) ([]process.Entry, error) {
	p, err := s.load(ctx, s.unit.DB(), by, postID)
	if err != nil {
		return nil, err
	}
	if err := PostPolicy.May(by, ActPostContact, p); err != nil {
		return nil, err
	}
	return process.History(ctx, s.unit.DB(), s.process(p.Kind).Name(), p.ID, before)
}

// Running returns the limits that run for a post, for its owner and the bureau.
func (s *Service) Running(ctx context.Context, by authz.Actor, postID string) ([]process.Run, error) {
	p, err := s.load(ctx, s.unit.DB(), by, postID)
	if err != nil || PostPolicy.May(by, ActPostContact, p) != nil {
		return nil, err
	}
	return s.process(p.Kind).Running(ctx, s.unit.DB(), p.ID)
}
