package auction

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Posts is what this room needs of the market.
type Posts interface {
	// FindPost returns a post, by its id or its code, as the actor may see it.
	FindPost(ctx context.Context, by authz.Actor, name string) (market.Post, error)
	Advance(ctx context.Context, tx *unit.Tx, postID, step string, in process.Input) (market.Post, error)
	Standings(ctx context.Context, q db.Q, ids ...string) (map[string]market.Standing, error)
	// Take says whether a post is in the market, and keeps it there for the rest of the write.
	Take(ctx context.Context, tx *unit.Tx, postID string) (bool, error)
}

// Options of a Service.
type Options struct {
	Party *party.Service
	Posts Posts
	Key   []byte // encrypts sealed bids: 32 bytes
}

// Service is the room of listings and auctions. It is safe for concurrent use.
type Service struct {
	unit  *unit.Unit
	opt   Options
	seal  sealer
	items *process.Process[Item]
}

// New returns the room. times counts the limits of its life cycle.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	s := &Service{unit: u, opt: o}
	var err error
	if s.seal, err = newSealer(o.Key); err != nil {
		return nil, err
	}
	d := Process.Def()
	d.Store.Load = s.load
	d.Steps = slices.Clone(d.Steps)
	for i := range d.Steps {
		switch d.Steps[i].Name {
		case stepAnnounce:
			d.Steps[i].Do = s.announce
		case StepClose:
			d.Steps[i].Do = s.close
		case StepSign:
			d.Steps[i].Do = s.sign
		}
	}
	p, err := process.New(d)
	if err != nil {
		return nil, err
	}
	s.items, err = p.With(times)
	return s, err
}

// load reads an auction with the time it is and whether its achievement still is in the market, for guards.
func (s *Service) load(ctx context.Context, q db.Q, itemID string) (Item, error) {
	x, err := byID(ctx, q, itemID)
	if err != nil {
		return x, err
	}
	x.nowUs = s.nowUs()
	r, err := market.RuleOn(ctx, q, clock.DateOf(clock.Time(x.nowUs)))
	if err != nil {
		return x, err
	}
	x.terms = r.Terms
	if x.open() || x.State == Draft {
		at, err := s.opt.Posts.Standings(ctx, q, x.Post)
		if err != nil {
			return x, err
		}
		x.Gone = !at[x.Post].Live
	}
	return x, nil
}

// Hold says that an achievement has to stay in the market while it is traded, see market.Hold.
func (s *Service) Hold(ctx context.Context, q db.Q, postID string) (*fault.Error, error) {
	code, found, err := db.Find(ctx, q, qOpenOf, db.One[string], postID)
	if err != nil || !found {
		return nil, err
	}
	return fault.New(fault.Conflict,
		"这项成果的挂牌或拍卖（%s）正在进行，办结前不能离开市场；确需停止的，请先由市局经办取消或终结这场交易", code), nil
}

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

// jobTick begins and closes what is due.
const (
	jobTick     = "auction.tick"
	tickTimeout = time.Minute
)

var clockwork = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaJob}

// RegisterJobs gives the runner the work of this room.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobTick, tickTimeout, func(ctx context.Context, run *job.Run) error {
		n, err := s.Tick(ctx)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"moved": n})
	})
	r.Every(jobTick, time.Minute, job.Spec{Kind: jobTick})
}

// Tick begins and closes the auctions that are due, and returns how many it moved. What people did
// meanwhile, or what cannot move yet, stays as it is.
func (s *Service) Tick(ctx context.Context) (int, error) {
	due, err := db.All(ctx, s.unit.DB(), qDue, scanItem, s.nowUs())
	if err != nil {
		return 0, err
	}
	n := 0
	for _, x := range due {
		step := StepBegin
		if x.State == Bidding {
			step = StepClose
		}
		_, err := s.FireAuction(ctx, clockwork, Step{ID: x.ID, Step: step, Version: x.Version})
		switch {
		case err == nil:
			n++
		case !fault.Is(err, fault.Conflict):
			return n, err
		}
	}
	return n, nil
}

// NewItem is the input of CreateAuction.
type NewItem struct {
	Data
	Key string `json:"-"`
}

// Update is the input of UpdateAuction.
type Update struct {
	ID string `json:"-"`
	Data
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// post looks up the achievement, by its id or the code that its page shows, and refuses what cannot be listed
// or auctioned.
func (s *Service) post(
	ctx context.Context, by authz.Actor, d Data, f *occasion.Faults,
) (market.Post, error) {
	if d.Post == "" {
		return market.Post{}, nil
	}
	p, err := s.opt.Posts.FindPost(ctx, by, d.Post)
	if err != nil {
		return p, f.With("post", err)
	}
	switch {
	case p.Kind != market.Achievement || p.Pricing != "listing" && p.Pricing != "auction":
		f.Add("post", "只有定价方式为挂牌交易或拍卖的成果可以在这里交易")
	case !p.Live() || p.Visibility == market.Named:
		f.Add("post", "成果应已发布，且不是定向公开")
	case (p.Pricing == "listing") != (d.Mode == Listing) && d.Mode != "":
		f.Add("mode", "交易方式与成果登记的定价方式不一致")
	}
	return p, nil
}

// CreateAuction prepares a listing or an auction of an achievement.
func (s *Service) CreateAuction(ctx context.Context, by authz.Actor, in NewItem) (Item, error) {
	rule, err := s.RuleAt(ctx, in.Mode, in.OpensUs)
	if err != nil {
		return Item{}, err
	}
	in.normalise(rule)
	if !Policy.Could(by, ActCreate) {
		return Item{}, Policy.May(by, ActCreate, Item{State: Notice})
	}
	var f occasion.Faults
	in.check(rule, &f)
	p, err := s.post(ctx, by, in.Data, &f)
	if err != nil {
		return Item{}, err
	}
	if err := f.Err(); err != nil {
		return Item{}, err
	}
	in.Post = p.ID
	x := Item{Data: in.Data, PostTitle: p.Title, Org: p.Org, OrgNow: p.OrgNow, OrgName: p.OrgName,
		State: Draft, CreatedBy: by.Account}
	if Policy.May(by, ActCreate, x) != nil {
		return Item{}, fault.Fields(fault.At("post", "只能交易本单位的成果"))
	}
	out, _, err := unit.Once(ctx, s.unit, by, "auction.CreateAuction", in.Key, in,
		func(tx *unit.Tx) (Item, error) { return s.add(ctx, tx, x) })
	return out.shown(), err
}

func (s *Service) add(ctx context.Context, tx *unit.Tx, x Item) (Item, error) {
	n, err := next(ctx, tx, "code")
	if err != nil {
		return x, err
	}
	x.ID, x.Code = cmp.Or(x.ID, id.New()), occasion.Code("PM", tx.NowUs(), n)
	err = db.ExecOne(ctx, tx.Tx, qAdd, x.ID, x.Code, x.Post, x.PostTitle, x.Org, x.OrgNow, x.OrgName,
		x.Mode, x.Text, int64(x.StartFen), int64(x.ReserveFen), int64(x.IncrementFen),
		int64(x.DepositFen), x.OpensUs, x.EndsUs, x.WithinSeconds*1e6, x.ExtendSeconds*1e6, x.NoticeDays,
		x.PublicityDays, x.State, tx.NowUs(), x.CreatedBy, x.Listing)
	if err != nil {
		return x, err
	}
	if err := s.items.Start(ctx, tx, x.ID); err != nil {
		return x, err
	}
	tx.Audit(audit.Entry{Kind: kindItem, Object: x.ID, What: "create", Detail: x.traced()})
	tx.Emit(outbox.Event{Kind: EventCreated, Object: x.ID})
	return byID(ctx, tx, x.ID)
}

// traced is what the trail keeps of the data: all but the reserve price.
func (x Item) traced() Data {
	x.ReserveFen = 0
	return x.Data
}

// UpdateAuction replaces what is written about an auction that was not announced yet. The achievement
// stays.
func (s *Service) UpdateAuction(ctx context.Context, by authz.Actor, in Update) (Item, error) {
	rule, err := s.RuleAt(ctx, in.Mode, in.OpensUs)
	if err != nil {
		return Item{}, err
	}
	in.normalise(rule)
	out, _, err := unit.Once(ctx, s.unit, by, "auction.UpdateAuction", in.Key, in,
		func(tx *unit.Tx) (Item, error) {
			old, err := s.read(ctx, tx, by, in.ID)
			if err != nil {
				return Item{}, err
			}
			if err := Policy.May(by, ActUpdate, old); err != nil {
				return Item{}, err
			}
			if old.State != Draft {
				return Item{}, fault.New(fault.Conflict, "已经公告，不能再修改")
			}
			in.Post = old.Post
			var f occasion.Faults
			in.check(rule, &f)
			if _, err := s.post(ctx, by, in.Data, &f); err != nil {
				return Item{}, err
			}
			if err := f.Err(); err != nil {
				return Item{}, err
			}
			err = db.ExecOne(ctx, tx.Tx, qSet, in.ID, in.Version, in.Mode, in.Text, int64(in.StartFen),
				int64(in.ReserveFen), int64(in.IncrementFen), int64(in.DepositFen), in.OpensUs, in.EndsUs,
				in.WithinSeconds*1e6, in.ExtendSeconds*1e6, in.NoticeDays, in.PublicityDays, tx.NowUs())
			if err != nil {
				return Item{}, err
			}
			tx.Audit(audit.Entry{Kind: kindItem, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.traced(), "new": Item{Data: in.Data}.traced()}})
			tx.Emit(outbox.Event{Kind: EventUpdated, Object: in.ID})
			return byID(ctx, tx, in.ID)
		})
	return out.shown(), err
}

// Reserve returns the reserve price to those who prepare an auction, before it is announced.
func (s *Service) Reserve(ctx context.Context, by authz.Actor, itemID string) (Data, error) {
	x, err := s.read(ctx, s.unit.DB(), by, itemID)
	if err != nil {
		return Data{}, err
	}
	if err := Policy.May(by, ActUpdate, x); err != nil {
		return Data{}, err
	}
	if x.State != Draft {
		return Data{}, fault.New(fault.Conflict, "已经公告，保留价在截止前不公开")
	}
	return x.Data, nil
}

func (s *Service) read(ctx context.Context, q db.Q, by authz.Actor, itemID string) (Item, error) {
	x, err := s.load(ctx, q, itemID)
	if err != nil {
		return Item{}, err
	}
	return x, Policy.May(by, ActRead, x)
}

// Step is the input of FireAuction.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireAuction takes a step with an auction.
func (s *Service) FireAuction(ctx context.Context, by authz.Actor, in Step) (Item, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "auction.FireAuction", in.Key, in,
		func(tx *unit.Tx) (Item, error) {
			if err := lock(ctx, tx, in.ID); err != nil {
				return Item{}, err
			}
			if _, err := s.read(ctx, tx, by, in.ID); err != nil {
				return Item{}, err
			}
			out, err := s.items.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventMoved, Object: in.ID, Data: in.Step})
			return out.shown(), err
		})
	if db.Violates(err, "auction_item", "post") {
		return Item{}, fault.New(fault.Conflict, "这项成果已有另一场挂牌或拍卖在进行")
	}
	return out, err
}

// announce keeps the achievement in the market from now on.
func (s *Service) announce(ctx context.Context, tx *unit.Tx, x Item, in process.Input) error {
	live, err := s.opt.Posts.Take(ctx, tx, x.Post)
	if err != nil {
		return err
	}
	if !live {
		return fault.New(fault.Conflict, "成果已不在市场上，不能公告")
	}
	if err := s.samePricing(ctx, tx.By(), x); err != nil {
		return err
	}
	return stampNotice(ctx, tx, x, in)
}

// samePricing refuses the announcement of a draft that is older than what its achievement says now: how its price
// is found, and who may know of it. An auction after a listing rests on the listing.
func (s *Service) samePricing(ctx context.Context, by authz.Actor, x Item) error {
	if x.Listing != "" {
		return nil
	}
	if _, err := s.opt.Posts.FindPost(ctx, by, x.Post); fault.Is(err, fault.NotFound) {
		return nil // whether it is in the market has been asked
	}
	var f occasion.Faults
	if _, err := s.post(ctx, by, x.Data, &f); err != nil {
		return err
	}
	if len(f) > 0 {
		return fault.New(fault.Conflict, "成果在起草之后有改动：%s。请修改草稿或成果后再公告", i18n.Key(f[0].Key))
	}
	return nil
}

// close opens sealed bids, in the order in which they were handed in, and decides.
func (s *Service) close(ctx context.Context, tx *unit.Tx, x Item, _ process.Input) error {
	st, at := x.Replayed(), s.nowUs()
	var err error
	if x.rules().Sealed() {
		if st, err = s.reveal(ctx, tx, x, st, at); err != nil {
			return err
		}
	}
	r := x.rules()
	r.ReserveFen, r.ClosesUs = x.ReserveFen, x.ClosesUs
	_, err = record(ctx, tx, x, st, Event{AtUs: at, Kind: EvClose, Rules: &r})
	return err
}

// sign moves the achievement: it has found its taker.
func (s *Service) sign(ctx context.Context, tx *unit.Tx, x Item, in process.Input) error {
	_, err := s.opt.Posts.Advance(ctx, tx, x.Post, market.StepSign, in)
	return err
}

// Filter narrows a list of auctions. Zero fields do not narrow.
type Filter struct {
	Query string `json:"q,omitempty"` // words of the title, or a code
	Mode  string `json:"mode,omitempty"`
	State string `json:"state,omitempty"`
	Post  string `json:"post,omitempty"`
}

func (s *Service) where(by authz.Actor, f Filter) db.Where {
	w := Policy.Scope(by, ActRead)
	if f.Query != "" {
		w = w.Holds(f.Query, "x.code", "x.post_title")
	}
	if f.Mode != "" {
		w = w.And("x.mode = $1", f.Mode)
	}
	if f.State != "" {
		w = w.And("x.state = $1", f.State)
	}
	if f.Post != "" {
		w = w.And("x.post = $1", f.Post)
	}
	return w
}

// ListAuctions returns a page of the auctions that the actor may read.
func (s *Service) ListAuctions(
	ctx context.Context, by authz.Actor, f Filter, order string, p db.PageReq,
) (db.Page[Item], error) {
	page, err := db.List(ctx, s.unit.DB(), list, s.where(by, f), list.Order(order), p, scanItem)
	for i := range page.Items {
		page.Items[i] = page.Items[i].shown()
	}
	return page, err
}

// CountAuctions returns how many auctions in each state the actor may read.
func (s *Service) CountAuctions(
	ctx context.Context, by authz.Actor, f Filter,
) (map[string]int64, error) {
	return list.CountBy(ctx, s.unit.DB(), "x.state", s.where(by, f))
}

// Detail is an auction with everything its page shows.
type Detail struct {
	Item
	LeastFen   int64           `json:"leastFen,omitempty"` // the lowest open bid that is good now
	WinnerName string          `json:"winnerName,omitempty"`
	NowUs      int64           `json:"nowUs"` // the time of the server
	Offers     []process.Offer `json:"-"`
	History    []process.Entry `json:"-"`
	Follower   string          `json:"follower,omitempty"` // the auction that a listing was turned into
	Mine       *Applicant      `json:"mine,omitempty"`     // the actor's own application
	MyBid      *MyBid          `json:"myBid,omitempty"`
}

// GetAuction returns an auction with the steps the actor may take and their own application.
func (s *Service) GetAuction(ctx context.Context, by authz.Actor, itemID string) (Detail, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, itemID)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Item: x.shown(), NowUs: x.nowUs}
	if x.State == Bidding && x.Mode == English {
		d.LeastFen = int64(x.Replayed().Least())
	}
	if x.winner != "" && (x.State == Publicity || x.State == Objected || x.State == Confirmed ||
		x.State == Signed || Policy.MaySee(by, ActRun, x)) {
		a, err := db.Get(ctx, q, qApplicant, scanApplicant, x.winner)
		if err != nil {
			return d, err
		}
		d.WinnerName = a.OrgName
	}
	if x.State == Contested {
		if d.Follower, _, err = db.Find(ctx, q, qFollower, db.One[string], x.ID); err != nil {
			return d, err
		}
	}
	if d.Offers, err = s.items.Available(ctx, q, by, x); err != nil {
		return d, err
	}
	if Policy.MaySee(by, ActUpdate, x) || by.Role == authz.Leader {
		if d.History, err = process.History(ctx, q, s.items.Name(), x.ID, 0); err != nil {
			return d, err
		}
	}
	return d, s.own(ctx, q, by, x, &d)
}
