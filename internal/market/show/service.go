package show

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Posts is what this room needs of the market.
type Posts interface {
	// FindPost returns a post, by its id or its code, as the actor may see it.
	FindPost(ctx context.Context, by authz.Actor, name string) (market.Post, error)
	Standings(ctx context.Context, q db.Q, ids ...string) (map[string]market.Standing, error)
}

// Options of a Service.
type Options struct {
	Blobs *blob.Store // keeps pitches; without it files are refused
	Party *party.Service
	Posts Posts
	Key   []byte // signs the codes for check-in
}

// Service is the room of roadshows and matchmaking days. It is safe for concurrent use.
type Service struct {
	unit  *unit.Unit
	opt   Options
	shows *process.Process[Show]
}

// New returns the room. times counts the limits of its life cycle.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	shows, err := Process.With(times)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: u, opt: o, shows: shows}
	if o.Blobs != nil {
		o.Blobs.Guard(kindShow, func(ctx context.Context, by authz.Actor, showID string) error {
			_, err := s.read(ctx, u.DB(), by, showID)
			return err
		})
	}
	return s, nil
}

// NewShow is the input of CreateShow.
type NewShow struct {
	Data
	Key string `json:"-"` // idempotency key
}

// Update is the input of UpdateShow.
type Update struct {
	ID string `json:"-"`
	Data
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// org looks up an organisation and puts what is wrong at a field.
func (s *Service) org(
	ctx context.Context, by authz.Actor, field, orgID string, f *occasion.Faults,
) (party.Org, error) {
	if orgID == "" {
		return party.Org{}, nil
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, orgID)
	if fault.Is(err, fault.NotFound) {
		f.Add(field, "主体库中没有这个单位")
		return o, nil
	}
	return o, err
}

// complete normalises data with the rule of the day on which the event ends.
func (s *Service) complete(ctx context.Context, d *Data) error {
	r, err := market.RuleOn(ctx, s.unit.DB(), clock.DateOf(clock.Time(max(d.EndsUs, 0))))
	d.normalise(int64(r.ReportDays))
	return err
}

// CreateShow prepares an event.
func (s *Service) CreateShow(ctx context.Context, by authz.Actor, in NewShow) (Show, error) {
	if err := s.complete(ctx, &in.Data); err != nil {
		return Show{}, err
	}
	x := Show{Data: in.Data, OrgNow: in.Org, State: Draft, CreatedBy: by.Account}
	if err := Policy.May(by, ActCreate, x); err != nil {
		return Show{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "show.CreateShow", in.Key, in,
		func(tx *unit.Tx) (Show, error) {
			var f occasion.Faults
			in.check(&f)
			o, err := s.org(ctx, by, "org", in.Org, &f)
			if err != nil {
				return Show{}, err
			}
			if err := f.Err(); err != nil {
				return Show{}, err
			}
			x := x
			x.ID, x.OrgNow, x.OrgName = id.New(), o.ID, o.Name
			n, err := next(ctx, tx, "code")
			if err != nil {
				return Show{}, err
			}
			x.Code = occasion.Code("LY", tx.NowUs(), n)
			return x, s.insert(ctx, tx, &x)
		})
	return out, err
}

func (s *Service) insert(ctx context.Context, tx *unit.Tx, x *Show) error {
	err := db.ExecOne(ctx, tx.Tx, qAdd, x.ID, x.Code, x.Kind, x.Title, x.Text, x.Place,
		string(x.Region), x.Contact, x.Org, x.OrgNow, x.OrgName, x.StartsUs, x.EndsUs, x.SignupUntilUs,
		x.Capacity, x.TalkFromUs, x.TalkMinutes, x.TalkRounds, x.TalkTables, x.ReportDays, x.State,
		tx.NowUs(), x.CreatedBy)
	if err != nil {
		return err
	}
	if err := s.shows.Start(ctx, tx, x.ID); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindShow, Object: x.ID, What: "create", Detail: x.Data})
	tx.Emit(outbox.Event{Kind: EventCreated, Object: x.ID})
	*x, err = byID(ctx, tx, x.ID)
	return err
}

// Changeable says whether the data and the agenda of an event can still be changed.
func Changeable(s Show) bool {
	switch s.State {
	case Draft, Published, Open, Closed:
		return true
	}
	return false
}

func changeable(s Show) error {
	if Changeable(s) {
		return nil
	}
	return fault.New(fault.Conflict, "活动已经开始、结束或取消，不能再修改")
}

// UpdateShow replaces what is written about an event.
func (s *Service) UpdateShow(ctx context.Context, by authz.Actor, in Update) (Show, error) {
	if err := s.complete(ctx, &in.Data); err != nil {
		return Show{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "show.UpdateShow", in.Key, in,
		func(tx *unit.Tx) (Show, error) {
			old, err := s.write(ctx, tx, by, in.ID, in.Version)
			if err != nil {
				return Show{}, err
			}
			var f occasion.Faults
			in.check(&f)
			o, err := s.org(ctx, by, "org", in.Org, &f)
			if err != nil {
				return Show{}, err
			}
			if err := s.fits(ctx, tx, old, in.Data, &f); err != nil {
				return Show{}, err
			}
			if err := f.Err(); err != nil {
				return Show{}, err
			}
			moved := old
			moved.OrgNow = o.ID
			if err := Policy.May(by, ActUpdate, moved); err != nil { // no giving away of one's own
				return Show{}, err
			}
			err = db.ExecOne(ctx, tx.Tx, qSet, in.ID, in.Version, in.Kind, in.Title, in.Text, in.Place,
				string(in.Region), in.Contact, in.Org, o.ID, o.Name, in.StartsUs, in.EndsUs,
				in.SignupUntilUs, in.Capacity, in.TalkFromUs, in.TalkMinutes, in.TalkRounds,
				in.TalkTables, in.ReportDays, tx.NowUs())
			if err != nil {
				return Show{}, err
			}
			if err := promote(ctx, tx, in.ID, in.Capacity); err != nil {
				return Show{}, err
			}
			tx.Audit(audit.Entry{Kind: kindShow, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.Data, "new": in.Data}})
			tx.Emit(outbox.Event{Kind: EventUpdated, Object: in.ID})
			return byID(ctx, tx, in.ID)
		})
	return out, err
}

// fits checks new data against what is there already: slots, seats and talks.
func (s *Service) fits(
	ctx context.Context, tx *unit.Tx, old Show, d Data, f *occasion.Faults,
) error {
	slots, err := db.All(ctx, tx, qSlots, scanSlot, old.ID)
	if err != nil {
		return err
	}
	for _, x := range slots {
		if x.StartsUs < d.StartsUs || x.EndsUs > d.EndsUs {
			f.Add("endsUs", "议程中的“%s”不在新的活动时间内，请先调整议程", x.Title)
			break
		}
	}
	if d.Capacity < old.Taken {
		f.Add("capacity", "已有 %d 人确认席位，不能少于此数", old.Taken)
	}
	n, err := db.Get(ctx, tx, qTalksLive, db.One[int64], old.ID)
	if err != nil {
		return err
	}
	if n > 0 && (d.TalkFromUs != old.TalkFromUs || d.TalkMinutes != old.TalkMinutes ||
		d.TalkRounds < old.TalkRounds || d.TalkTables < old.TalkTables) {
		f.Add("talkFromUs", "已有约谈，不能改动洽谈的时间或减少轮次和桌数")
	}
	return nil
}

// SetReport is the input of WriteReport.
type SetReport struct {
	ID      string `json:"-"`
	Text    string `json:"text"`
	Version int64  `json:"version"`
}

// WriteReport stores the report (总结) of an event that is over.
func (s *Service) WriteReport(ctx context.Context, by authz.Actor, in SetReport) (Show, error) {
	in.Text = occasion.Lines(in.Text)
	var out Show
	err := s.unit.Write(ctx, by, "show.WriteReport", func(tx *unit.Tx) error {
		x, err := s.read(ctx, tx, by, in.ID)
		if err != nil {
			return err
		}
		if err := Policy.May(by, ActRun, x); err != nil {
			return err
		}
		if x.State != Ended {
			return fault.New(fault.Conflict, "活动结束后、提交总结前才能写总结")
		}
		var f occasion.Faults
		f.Prose("text", in.Text, occasion.MaxProse, true)
		f.Public("text", in.Text, contactField)
		if err := f.Err(); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qReport, in.ID, in.Version, in.Text, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindShow, Object: in.ID, What: "report"})
		out, err = byID(ctx, tx, in.ID)
		return err
	})
	return out, err
}

// read loads an event that the actor may read; to all others it does not exist.
func (s *Service) read(ctx context.Context, q db.Q, by authz.Actor, showID string) (Show, error) {
	x, err := byID(ctx, q, showID)
	if err != nil {
		return Show{}, err
	}
	return x, Policy.May(by, ActRead, x)
}

// write loads an event that the actor may change now, as it was seen.
func (s *Service) write(
	ctx context.Context, tx *unit.Tx, by authz.Actor, showID string, version int64,
) (Show, error) {
	x, err := s.read(ctx, tx, by, showID)
	if err != nil {
		return x, err
	}
	if err := Policy.May(by, ActUpdate, x); err != nil {
		return x, err
	}
	if x.Version != version {
		return x, occasion.Stale()
	}
	return x, changeable(x)
}

// Detail is an event with everything its page shows.
type Detail struct {
	Show
	Slots   []Slot          `json:"slots"`
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
	Mine    []Signup        `json:"mine"` // the actor's own sign-ups
}

// Seat is the actor's own sign-up that has a seat.
func (d Detail) Seat() (Signup, bool) {
	for _, g := range d.Mine {
		if g.State == Confirmed {
			return g, true
		}
	}
	return Signup{}, false
}

// GetShow returns an event with its agenda, the steps the actor may take, and their own sign-ups.
func (s *Service) GetShow(ctx context.Context, by authz.Actor, showID string) (Detail, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, showID)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Show: x}
	if d.Slots, err = s.slotsFor(ctx, q, by, x.ID); err != nil {
		return d, err
	}
	if d.Offers, err = s.shows.Available(ctx, q, by, x); err != nil {
		return d, err
	}
	if Policy.MaySee(by, ActRun, x) || Policy.MaySee(by, ActPublish, x) || by.Role == authz.Leader {
		if d.History, err = process.History(ctx, q, s.shows.Name(), x.ID, 0); err != nil {
			return d, err
		}
	}
	if by.Account != "" {
		d.Mine, err = db.All(ctx, q, qOwnSignups, scanSignup, x.ID, by.Account)
	}
	return d, err
}

// Step is the input of FireShow.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireShow takes a step with an event.
func (s *Service) FireShow(ctx context.Context, by authz.Actor, in Step) (Show, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "show.FireShow", in.Key, in,
		func(tx *unit.Tx) (Show, error) {
			if _, err := s.read(ctx, tx, by, in.ID); err != nil {
				return Show{}, err
			}
			out, err := s.shows.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}

// Filter narrows a list of events. Zero fields do not narrow.
type Filter struct {
	Query  string      `json:"q,omitempty"` // words of the name, or a code
	Kind   string      `json:"kind,omitempty"`
	State  string      `json:"state,omitempty"`
	Region region.Code `json:"region,omitempty"` // and everything inside it
	When   string      `json:"when,omitempty"`   // Upcoming or Past
	Org    string      `json:"org,omitempty"`
}

// Values of Filter.When.
const (
	Upcoming = "upcoming"
	Past     = "past"
)

func (s *Service) where(by authz.Actor, f Filter) db.Where {
	w := Policy.Scope(by, ActRead)
	if f.Query != "" {
		w = w.Holds(f.Query, "s.code", "s.title")
	}
	if f.Kind != "" {
		w = w.And("s.kind = $1", f.Kind)
	}
	if f.State != "" {
		w = w.And("s.state = $1", f.State)
	}
	if f.Org != "" {
		w = w.And("s.org_now = $1", f.Org)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("s.region >= $1 AND s.region < $2", from, before)
	}
	now := clock.Us(s.unit.Clock().Now())
	switch f.When {
	case Upcoming:
		w = w.And("s.ends_us > $1", now)
	case Past:
		w = w.And("s.ends_us <= $1", now)
	}
	return w
}

// ListShows returns a page of the events that the actor may read.
func (s *Service) ListShows(
	ctx context.Context, by authz.Actor, f Filter, order string, p db.PageReq,
) (db.Page[Show], error) {
	return db.List(ctx, s.unit.DB(), list, s.where(by, f), list.Order(order), p, scanShow)
}

// CountShows returns how many events in each state the actor may read.
func (s *Service) CountShows(
	ctx context.Context, by authz.Actor, f Filter,
) (map[string]int64, error) {
	return list.CountBy(ctx, s.unit.DB(), "s.state", s.where(by, f))
}

// signupOver says why nobody can sign up any more.
func signupOver(x Show, now time.Time) error {
	if clock.Us(now) >= x.SignupUntilUs {
		return fault.New(fault.Conflict, "报名已于 %s 截止", occasion.MomentText(x.SignupUntilUs))
	}
	return nil
}
