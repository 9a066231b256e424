package deal

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewDeal is the input of CreateDeal. The other side is that of the other post, or an organisation;
// of somebody who acts for an organisation it is that one unless another is named.
type NewDeal struct {
	Post    string  `json:"post"`           // what it is about
	With    string  `json:"with,omitempty"` // a post of the other kind
	Org     string  `json:"org,omitempty"`  // the other side, when no post stands for it
	Source  string  `json:"source,omitempty"`
	Message string  `json:"message"`
	NDA     string  `json:"nda,omitempty"`    // text of an agreement that both accept before
	Contact Contact `json:"contact,omitzero"` // of the asking side
	Key     string  `json:"-"`
}

func (in *NewDeal) tidy() {
	in.Message, in.NDA = lines(in.Message), lines(in.NDA)
	in.Contact = in.Contact.tidied()
	in.Source = cmp.Or(in.Source, "post")
}

// liveFor says whether a post can be talked about.
func liveFor(p market.Post) bool {
	return p.Live() || p.State == market.Signed || p.State == market.Registered ||
		p.State == market.Challenged
}

// postFor reads a post that the actor knows of, as it is.
func (s *Service) postFor(
	ctx context.Context, by authz.Actor, field, postID string, f *faults,
) (market.Post, error) {
	seen, err := s.opt.Market.GetPost(ctx, by, postID)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		f.add(field, "没有这条供需信息，或者您不能查看")
		return market.Post{}, nil
	}
	if err != nil {
		return market.Post{}, err
	}
	p, err := market.PostByID(ctx, s.unit.DB(), seen.ID)
	if err == nil && !liveFor(p) {
		f.add(field, "这条供需信息不在对接期")
	}
	return p, err
}

// CreateDeal asks for an introduction. A side that asks consents by that, unless an agreement has to
// be accepted before; then it accepts that one.
func (s *Service) CreateDeal(ctx context.Context, by authz.Actor, in NewDeal) (Deal, error) {
	in.tidy()
	if !DealPolicy.Could(by, ActDealCreate) {
		return Deal{}, DealPolicy.May(by, ActDealCreate, Deal{})
	}
	var f faults
	f.prose("message", in.Message, MaxMessage, true)
	f.quiet("message", in.Message, false)
	f.prose("nda", in.NDA, MaxNDA, false)
	f.quiet("nda", in.NDA, false)
	f.choice("source", in.Source, Sources())
	d, err := s.newDeal(ctx, by, in, &f)
	if err != nil {
		return Deal{}, err
	}
	if len(f) > 0 {
		return Deal{}, f.err()
	}
	if err := DealPolicy.May(by, ActDealCreate, d); err != nil {
		return Deal{}, err // before the two are compared: that would tell who owns the post
	}
	if d.oneOrg() {
		told, err := s.toldOwner(ctx, by, d)
		if err != nil {
			return Deal{}, err
		}
		if told {
			return Deal{}, fault.Fields(fault.At("org", "对接双方不能是同一个单位"))
		}
		// Refused here, the answer would name the hidden owner: it is asked like any other, and declines.
	}
	side := d.SideOf(by)
	contact, err := s.contactFor(ctx, d, side, in.Contact)
	if err != nil {
		return Deal{}, err
	}
	if in.NDA == "" && (side == Demand || side == Supply) {
		contact.check(&f)
	}
	if len(f) > 0 {
		return Deal{}, f.err()
	}
	in.Contact = Contact{} // neither hashed nor kept with the request
	const useCase = "deal.CreateDeal"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return d.ID, s.addDeal(ctx, tx, d, side, contact)
	})
	if err != nil {
		return Deal{}, err
	}
	if d, err = s.readDeal(ctx, s.unit.DB(), by, out); err != nil {
		return Deal{}, err
	}
	return d.seenBy(ctx, by), nil
}

// oneOrg says whether both sides are the same organisation: somebody who did not know the owner of a post asked
// for an introduction with it. Nothing but its end may come of that.
func (d Deal) oneOrg() bool { return d.Demand.Now != "" && d.Demand.Now == d.Supply.Now }

// toldOwner says whether an actor who asks for an introduction knows who both sides are.
func (s *Service) toldOwner(ctx context.Context, by authz.Actor, d Deal) (bool, error) {
	list := []Deal{d}
	if err := withPosts(ctx, s.unit.DB(), list); err != nil {
		return false, err
	}
	return list[0].knows(by, Demand) && list[0].knows(by, Supply), nil
}

// newDeal puts the two sides together and puts what is wrong at its field.
func (s *Service) newDeal(
	ctx context.Context, by authz.Actor, in NewDeal, f *faults,
) (Deal, error) {
	if in.Post == "" {
		f.add("post", "请选择一项")
		return Deal{}, nil
	}
	p, err := s.postFor(ctx, by, "post", in.Post, f)
	if err != nil || p.ID == "" {
		return Deal{}, err
	}
	d := Deal{ID: id.New(), Title: p.Title, Source: in.Source, Message: in.Message, NDA: in.NDA,
		Field: p.Field, Region: p.Region, CreatedBy: by.Account}
	own := Demand
	if p.Kind == market.Achievement {
		own = Supply
	}
	*d.side(own), err = s.ofPost(ctx, p)
	if err != nil {
		return d, err
	}
	if *d.side(other(own)), err = s.otherSide(ctx, by, in, &d, p, f); err != nil {
		return d, err
	}
	return d, s.appoint(ctx, by, &d, p)
}

func (s *Service) ofPost(ctx context.Context, p market.Post) (Side, error) {
	side, err := s.sideOf(ctx, p.Org)
	side.Post = p.ID
	return side, err
}

func (s *Service) otherSide(
	ctx context.Context, by authz.Actor, in NewDeal, d *Deal, p market.Post, f *faults,
) (Side, error) {
	if in.With != "" {
		q, err := s.postFor(ctx, by, "with", in.With, f)
		if err != nil || q.ID == "" {
			return Side{}, err
		}
		if q.Kind == p.Kind {
			f.add("with", "对接的另一方应为另一类供需信息")
			return Side{}, nil
		}
		if q.Kind == market.Need { // from whichever side it was asked, it is about the same place
			d.Region = q.Region
		}
		return s.ofPost(ctx, q)
	}
	orgID := in.Org
	if orgID == "" && isParty(by.EffectiveRole()) {
		orgID = by.Org
	}
	if orgID == "" {
		f.add("org", "请选择对接的单位")
		return Side{}, nil
	}
	side, err := s.sideOf(ctx, orgID)
	if fault.Is(err, fault.NotFound) {
		f.add("org", "主体库中没有这个单位")
		return Side{}, nil
	}
	return side, err
}

// appoint makes the broker who asks, or the one who looks after the post, the broker of an
// introduction, unless there is a conflict of interest. A broker who asks is refused for one that it may know of
// alone: refused for another, it would be told who owns the post.
func (s *Service) appoint(
	ctx context.Context, by authz.Actor, d *Deal, p market.Post,
) error {
	q := s.unit.DB()
	var b Broker
	var found bool
	var err error
	if by.EffectiveRole() == authz.Broker {
		b, found, err = db.Find(ctx, q, qBrokerOfAccount, scanBroker, by.Account)
	} else if p.Broker != "" {
		b, found, err = db.Find(ctx, q, qBrokerOfPerson, scanBroker, p.Broker)
	}
	if err != nil || !found || b.State != BrokerActive {
		return err
	}
	list := []Deal{*d}
	if err := withPosts(ctx, q, list); err != nil {
		return err
	}
	some, told, err := conflictIn(ctx, q, b, list[0])
	if err != nil || some && by.EffectiveRole() != authz.Broker {
		return err
	}
	d.Broker, d.BrokerName, d.brokerAccount, d.barred = b.ID, b.Name, b.Account, told
	return nil
}

// contactFor is the contact of a side: what was written, or else that of its post.
func (s *Service) contactFor(
	ctx context.Context, d Deal, side string, c Contact,
) (Contact, error) {
	if c != (Contact{}) || side != Demand && side != Supply || d.side(side).Post == "" {
		return c, nil
	}
	kept, err := s.opt.Market.Contact(ctx, s.unit.DB(), d.side(side).Post)
	return Contact(kept), err
}

// begin sets how an introduction starts: who asks, what that side says by asking, and the limits.
func (s *Service) begin(ctx context.Context, tx *unit.Tx, d *Deal, side string) error {
	d.AskedBy, d.State = side, Requested
	own := side == Demand || side == Supply
	switch {
	case d.NDA != "" && own:
		d.State = HalfNDA
		d.side(side).NDAUs, d.side(side).NDABy = tx.NowUs(), tx.By().Login
	case d.NDA != "":
		d.State = AwaitingNDA
	case own:
		d.State = Half
		d.side(side).ConsentUs, d.side(side).ConsentBy = tx.NowUs(), tx.By().Login
	}
	now := clock.Time(tx.NowUs())
	rule, err := ruleAt(ctx, tx, clock.DateOf(now))
	if err != nil {
		return err
	}
	d.DueUs, d.ChaseUs = rule.limits(s.times.Calendar, d.State, now)
	d.CreatedUs, d.UpdatedUs, d.Version = tx.NowUs(), tx.NowUs(), 1
	return nil
}

// onlyOne refuses a second introduction of the same sides about the same posts while one goes on. Somebody who may
// not know of the first, such as a broker who asks about a post by request, is not told of it by a refusal: the
// second is made, and a side, which sees both, ends one.
func (s *Service) onlyOne(ctx context.Context, tx *unit.Tx, d Deal) error {
	twins, err := db.All(ctx, tx, qTwin, db.One[string], d.Demand.Now, d.Supply.Now, d.Demand.Post, d.Supply.Post)
	if err != nil {
		return err
	}
	for _, id := range twins {
		twin, err := dealByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if DealPolicy.May(tx.By(), ActDealRead, twin) == nil {
			return fault.New(fault.Conflict, "双方就此事已有进行中的对接 %s", twin.Code)
		}
	}
	return nil
}

// addDeal stores a new introduction. fn of a write may run twice, so it works on its own copy.
func (s *Service) addDeal(
	ctx context.Context, tx *unit.Tx, d Deal, side string, contact Contact,
) error {
	err := s.onlyOne(ctx, tx, d)
	if err != nil {
		return err
	}
	if err = s.begin(ctx, tx, &d, side); err != nil {
		return err
	}
	if d.Code, err = nextCode(ctx, tx, codeDeal); err != nil {
		return err
	}
	if err := insertDeal(ctx, tx, d); err != nil {
		return err
	}
	if d.State == Half {
		if err := s.keepContact(ctx, tx, d.ID, side, contact); err != nil {
			return err
		}
	}
	if err := s.deals.Start(ctx, tx, d.ID); err != nil {
		return err
	}
	e := newEntry(tx, d, EntryStep, stepAsk)
	e.Text = d.Message
	if err := e.save(ctx, tx.Tx); err != nil {
		return err
	}
	if hidden, err := dealByID(ctx, tx, d.ID); err != nil {
		return err
	} else if hidden.conflict {
		tx.Emit(outbox.Event{Kind: EventConflict, Object: d.Broker, Data: ConflictMoved{State: ConflictHidden,
			Deal: d.ID, By: tx.By().Account, AtUs: tx.NowUs()}})
	}
	tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "create",
		Detail: map[string]any{"code": d.Code, "data": d}})
	tx.Emit(outbox.Event{Kind: EventDealCreated, Object: d.ID, Data: Moved{Step: stepAsk,
		State: d.State, Demand: d.Demand.Post, Supply: d.Supply.Post}})
	return s.tellOutcome(ctx, tx, d)
}

// codeDeal begins the codes of introductions (对接); stepAsk names the first line of a timeline.
const (
	codeDeal = "DJ"
	stepAsk  = "ask"
)
