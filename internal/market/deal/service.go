package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	// Market holds the posts that introductions are about.
	Market *market.Service
	// Party names the two sides and seals their contacts.
	Party *party.Service
	// Outcome is told, in the same write, how far an organisation has come with a post: introduced,
	// talking, signed or refused, with the code of the introduction. Where it showed its interest, at a
	// roadshow, the outcome is written down. nil: nobody asks.
	Outcome func(ctx context.Context, tx *unit.Tx, post, org, outcome, note string) error
}

// Service is the room of introductions and brokers. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	opt     Options
	times   process.Times
	deals   *process.Process[Deal]
	brokers *process.Process[Broker]
}

// New returns the room. times counts the limits of its life cycles. Load comes before its use.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	deals, err := DealProcess.With(times)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: u, opt: o, times: times, deals: deals}
	d := BrokerProcess.Def()
	d.Store.Load = s.brokerNow
	brokers, err := process.New(d)
	if err != nil {
		return nil, err
	}
	s.brokers, err = brokers.With(times)
	return s, err
}

// brokerNow loads a broker with the limit of today's rule.
func (s *Service) brokerNow(ctx context.Context, q db.Q, brokerID string) (Broker, error) {
	b, err := brokerByID(ctx, q, brokerID)
	if err != nil {
		return b, err
	}
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(s.today()))
	if found {
		b.verifyDays = r.VerifyDays
	}
	return b, err
}

// Load stores the rules that ship with the program and are not stored yet. A second call changes
// nothing.
func (s *Service) Load(ctx context.Context) error { return s.loadRules(ctx) }

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

// house asks the registry on behalf of the system.
var house = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

// readDeal reads an introduction that the actor may read; to all others it does not exist.
func (s *Service) readDeal(
	ctx context.Context, q db.Q, by authz.Actor, dealID string,
) (Deal, error) {
	d, err := dealByID(ctx, q, dealID)
	if err != nil {
		return Deal{}, err
	}
	return d, DealPolicy.May(by, ActDealRead, d)
}

// sideOf makes a side of an organisation of the registry.
func (s *Service) sideOf(ctx context.Context, orgID string) (Side, error) {
	o, err := s.opt.Party.GetOrganisation(ctx, house, orgID)
	if fault.Is(err, fault.NotFound) {
		return Side{}, fault.New(fault.NotFound, "主体库中没有这个单位")
	}
	if err != nil {
		return Side{}, err
	}
	return Side{Org: orgID, Now: o.ID, Name: o.Name, Role: roleOf(o)}, nil
}

// roleOf is the role in which the people of an organisation act.
func roleOf(o party.Org) authz.Role {
	switch {
	case o.Kind == "government" && o.Region.Level() == region.LevelCounty:
		return authz.District
	case o.Kind == "government":
		return authz.Department
	case o.Kind == "university" || o.Kind == "institute":
		return authz.University
	default:
		return authz.Enterprise
	}
}
