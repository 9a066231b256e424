package dispatch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewMeeting is the input of CreateMeeting.
type NewMeeting struct {
	MeetingData
	Series string `json:"series"`
	Key    string `json:"-"`
}

// MeetingUpdate is the input of UpdateMeeting.
type MeetingUpdate struct {
	ID string `json:"-"`
	MeetingData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// DraftMeeting returns the input of CreateMeeting as the series has it usually, for a person to
// complete: chair, place and members.
func (s *Service) DraftMeeting(
	ctx context.Context, by authz.Actor, seriesID string,
) (NewMeeting, error) {
	x, err := s.GetSeries(ctx, by, seriesID)
	if err != nil {
		return NewMeeting{}, err
	}
	return NewMeeting{Series: x.ID, MeetingData: MeetingData{Chair: x.Chair, Place: x.Place,
		Members: x.Members}}, nil
}

// CreateMeeting prepares the next meeting of a series. Its agenda is proposed at once.
func (s *Service) CreateMeeting(ctx context.Context, by authz.Actor, in NewMeeting) (Meeting, error) {
	in.normalise()
	if !MeetingPolicy.Could(by, ActMeetingCreate) {
		return Meeting{}, errRole()
	}
	m, members, err := s.newMeeting(ctx, by, in)
	if err != nil {
		return Meeting{}, err
	}
	found, err := s.proposals(ctx, by, m)
	if err != nil {
		return Meeting{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.CreateMeeting", in.Key, in,
		func(tx *unit.Tx) (Meeting, error) {
			m := m
			m.ID = id.New()
			if err := s.insertMeeting(ctx, tx, m, members); err != nil {
				return Meeting{}, err
			}
			if _, err := addProposals(ctx, tx, m.ID, found); err != nil {
				return Meeting{}, err
			}
			if err := s.meetings.Start(ctx, tx, m.ID); err != nil {
				return Meeting{}, err
			}
			tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: "create", Detail: in})
			tx.Emit(outbox.Event{Kind: EventMeetingCreated, Object: m.ID})
			return meetingByID(ctx, tx, m.ID)
		})
	return out, err
}

// newMeeting checks the input and looks up what it names.
func (s *Service) newMeeting(
	ctx context.Context, by authz.Actor, in NewMeeting,
) (Meeting, []Unit, error) {
	var f faults
	in.check(&f)
	if in.Series == "" {
		f.add("series", "请选择一项")
		return Meeting{}, nil, f.err()
	}
	x, err := s.GetSeries(ctx, by, in.Series)
	if fault.Is(err, fault.NotFound) {
		f.add("series", "没有这个系列")
		return Meeting{}, nil, f.err()
	}
	if err != nil {
		return Meeting{}, nil, err
	}
	if x.Closed {
		f.add("series", "这个系列已停用，不能再筹备会议")
	}
	members, err := s.unitsOf(ctx, by, in.Members, &f)
	if err != nil {
		return Meeting{}, nil, err
	}
	m := Meeting{MeetingData: in.MeetingData, Series: x.ID, SeriesName: x.Name, Cadence: x.Cadence,
		Ledger: x.Ledger, Region: x.Region, Host: x.Host, HostNow: x.HostNow, HostName: x.HostName,
		CreatedBy: by.Account}
	m.Previous, _, err = db.Find(ctx, s.unit.DB(), qPrevious, db.One[string], x.ID)
	if err != nil {
		return Meeting{}, nil, err
	}
	return m, members, f.err()
}

func (s *Service) insertMeeting(ctx context.Context, tx *unit.Tx, m Meeting, members []Unit) error {
	rule, err := ruleAt(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
	if err != nil {
		return err
	}
	if m.Number, err = nextNumber(ctx, tx, "series:"+m.Series); err != nil {
		return err
	}
	year := yearOf(tx.NowUs())
	n, err := nextNumber(ctx, tx, fmt.Sprintf("meeting:%d", year))
	if err != nil {
		return err
	}
	if m.Title == "" {
		m.Title = firstRunes(fmt.Sprintf(meetingTitle, m.SeriesName, m.Number), MaxTitle)
	}
	err = db.ExecOne(ctx, tx.Tx, qMeetingAdd, m.ID, i18n.ShortID("DD", year, int(n)), m.Series, m.Number,
		m.Title, m.Previous, m.Ledger, string(m.Region), m.Chair, m.Host, m.HostNow, m.HostName, m.Place,
		m.StartsUs, m.EndsUs, m.Note, rule.MinutesDays, tx.NowUs(), m.CreatedBy)
	if err != nil {
		return err
	}
	return setMembers(ctx, tx, m.ID, members)
}

// write loads a meeting that the actor may change now, as it was seen.
func (s *Service) write(
	ctx context.Context, tx *unit.Tx, meetingID string, version int64, states ...string,
) (Meeting, error) {
	m, err := s.readMeeting(ctx, tx, tx.By(), meetingID)
	if err != nil {
		return m, err
	}
	if err := MeetingPolicy.May(tx.By(), ActMeetingUpdate, m); err != nil {
		return m, err
	}
	if m.Version != version {
		return m, errStale()
	}
	if !slices.Contains(states, m.State) {
		return m, fault.New(fault.Conflict, "会议现在的状态不能修改这些内容")
	}
	return m, nil
}

// touch raises the version of a meeting whose agenda or decisions changed.
func touch(ctx context.Context, tx *unit.Tx, m Meeting) error {
	return db.ExecOne(ctx, tx.Tx, qMeetingTouch, m.ID, m.Version, tx.NowUs())
}

// UpdateMeeting replaces what is written about a meeting that was not held. Its members are told when
// time or place change.
func (s *Service) UpdateMeeting(
	ctx context.Context, by authz.Actor, in MeetingUpdate,
) (Meeting, error) {
	in.normalise()
	var f faults
	in.check(&f)
	members, err := s.unitsOf(ctx, by, in.Members, &f)
	if err != nil {
		return Meeting{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.UpdateMeeting", in.Key, in,
		func(tx *unit.Tx) (Meeting, error) {
			old, err := s.write(ctx, tx, in.ID, in.Version, Preparing, Notified)
			if err != nil {
				return Meeting{}, err
			}
			if err := f.err(); err != nil {
				return Meeting{}, err
			}
			title := in.Title
			if title == "" {
				title = old.Title
			}
			err = db.ExecOne(ctx, tx.Tx, qMeetingSet, in.ID, in.Version, title, in.Chair, in.Place,
				in.StartsUs, in.EndsUs, in.Note, tx.NowUs())
			if err != nil {
				return Meeting{}, err
			}
			if err := setMembers(ctx, tx, in.ID, members); err != nil {
				return Meeting{}, err
			}
			tx.Audit(audit.Entry{Kind: kindMeeting, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.MeetingData, "new": in.MeetingData}})
			tx.Emit(outbox.Event{Kind: EventMeetingUpdated, Object: in.ID, Data: MeetingChange{
				Moved: old.StartsUs != in.StartsUs || old.EndsUs != in.EndsUs || old.Place != in.Place}})
			return meetingByID(ctx, tx, in.ID)
		})
	return out, err
}

// Minutes is the input of WriteMinutes.
type Minutes struct {
	ID         string `json:"-"`
	Text       string `json:"text"`                 // the opening: what the meeting was about
	Attendance string `json:"attendance,omitempty"` // who came, who was excused
	Version    int64  `json:"version"`
	Key        string `json:"-"`
}

// WriteMinutes stores the opening of the minutes of a meeting that was held. The rest of the minutes
// are its decisions.
func (s *Service) WriteMinutes(ctx context.Context, by authz.Actor, in Minutes) (Meeting, error) {
	in.Text, in.Attendance = lines(in.Text), lines(in.Attendance)
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.WriteMinutes", in.Key, in,
		func(tx *unit.Tx) (Meeting, error) {
			if _, err := s.write(ctx, tx, in.ID, in.Version, Held); err != nil {
				return Meeting{}, err
			}
			var f faults
			f.prose("text", in.Text, MaxProse, true)
			f.prose("attendance", in.Attendance, MaxProse, false)
			if err := f.err(); err != nil {
				return Meeting{}, err
			}
			err := db.ExecOne(ctx, tx.Tx, qMinutesSet, in.ID, in.Version, in.Text, in.Attendance, tx.NowUs())
			if err != nil {
				return Meeting{}, err
			}
			tx.Audit(audit.Entry{Kind: kindMeeting, Object: in.ID, What: "minutes"})
			return meetingByID(ctx, tx, in.ID)
		})
	return out, err
}

// Step is the input of FireMeeting.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireMeeting takes a step with a meeting.
func (s *Service) FireMeeting(ctx context.Context, by authz.Actor, in Step) (Meeting, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.FireMeeting", in.Key, in,
		func(tx *unit.Tx) (Meeting, error) {
			if _, err := s.readMeeting(ctx, tx, by, in.ID); err != nil {
				return Meeting{}, err
			}
			m, err := s.meetings.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			if err != nil {
				return Meeting{}, err
			}
			tx.Emit(outbox.Event{Kind: EventMeetingMoved, Object: in.ID, Data: in.Step})
			return m, nil
		})
	return out, err
}

// MeetingDetail is a meeting with everything its page shows.
type MeetingDetail struct {
	Meeting
	Items     []Item          `json:"items"`
	Decisions []Decision      `json:"decisions"` // none before the minutes are issued, but for the bureau
	Offers    []process.Offer `json:"-"`
	History   []process.Entry `json:"-"`
	Running   []process.Run   `json:"-"`
}

// GetMeeting returns a meeting with its agenda and decisions, and the steps the actor may take.
func (s *Service) GetMeeting(
	ctx context.Context, by authz.Actor, meetingID string,
) (MeetingDetail, error) {
	q := s.unit.DB()
	m, err := s.readMeeting(ctx, q, by, meetingID)
	if err != nil {
		return MeetingDetail{}, err
	}
	d := MeetingDetail{Meeting: m}
	if d.Items, err = db.All(ctx, q, qItems, scanItem, m.ID); err != nil {
		return d, err
	}
	inner := MeetingPolicy.MaySee(by, ActMeetingDraft, m)
	if !inner { // what was left out is the bureau's business
		d.Items = slices.DeleteFunc(d.Items, func(x Item) bool { return x.Dropped })
		if err := s.closeLinks(ctx, by, d.Items); err != nil {
			return d, err
		}
	}
	if m.open(by) {
		if d.Decisions, err = db.All(ctx, q, qDecisionsOf, scanDecision, m.ID); err != nil {
			return d, err
		}
	}
	if d.Offers, err = s.meetings.Available(ctx, q, by, m); err != nil {
		return d, err
	}
	if inner {
		if d.History, err = process.History(ctx, q, s.meetings.Name(), m.ID, 0); err != nil {
			return d, err
		}
		d.Running, err = s.meetings.Running(ctx, q, m.ID)
	}
	return d, err
}

// closeLinks takes the links to tasks away that the actor may not read: units sit in one meeting about the tasks
// of all of them, and read the agenda, but not each other's tasks.
func (s *Service) closeLinks(ctx context.Context, by authz.Actor, items []Item) error {
	for i := range items {
		taskID, ok := strings.CutPrefix(items[i].Href, "/tasks/")
		if !ok || s.opt.Plan == nil {
			continue
		}
		_, err := s.opt.Plan.GetTask(ctx, by, taskID)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			items[i].Href, err = "", nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Kept are the items of the agenda that were not dropped, in order.
func (d MeetingDetail) Kept() []Item {
	var out []Item
	for _, x := range d.Items {
		if !x.Dropped {
			out = append(out, x)
		}
	}
	return out
}

// Of are the decisions about an item.
func (d MeetingDetail) Of(itemID string) []Decision {
	var out []Decision
	for _, x := range d.Decisions {
		if x.Item == itemID {
			out = append(out, x)
		}
	}
	return out
}

// MeetingFilter narrows a list of meetings. Zero fields do not narrow.
type MeetingFilter struct {
	Query  string      `json:"q,omitempty"` // words of the title, or a code
	Series string      `json:"series,omitempty"`
	State  string      `json:"state,omitempty"`
	Region region.Code `json:"region,omitempty"` // and everything inside it
	When   string      `json:"when,omitempty"`   // Upcoming or Past
}

// Values of MeetingFilter.When.
const (
	Upcoming = "upcoming"
	Past     = "past"
)

func (s *Service) meetingWhere(by authz.Actor, f MeetingFilter) db.Where {
	w := MeetingPolicy.Scope(by, ActMeetingRead)
	if f.Query != "" {
		w = w.Holds(f.Query, "m.code", "m.title", "s.name")
	}
	if f.Series != "" {
		w = w.And("m.series = $1", f.Series)
	}
	if f.State != "" {
		w = w.And("m.state = $1", f.State)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("m.region >= $1 AND m.region < $2", from, before)
	}
	switch f.When {
	case Upcoming:
		w = w.And("m.ends_us > $1 AND m.state <> 'cancelled'", s.nowUs())
	case Past:
		w = w.And("m.ends_us <= $1", s.nowUs())
	}
	return w
}

// ListMeetings returns a page of the meetings that the actor may read.
func (s *Service) ListMeetings(
	ctx context.Context, by authz.Actor, f MeetingFilter, order string, p db.PageReq,
) (db.Page[Meeting], error) {
	page, err := db.List(ctx, s.unit.DB(), meetingList, s.meetingWhere(by, f), meetingList.Order(order), p,
		scanMeeting)
	for i, m := range page.Items {
		page.Items[i] = m.shownTo(by)
	}
	return page, err
}

// CountMeetings returns how many meetings in each state the actor may read.
func (s *Service) CountMeetings(
	ctx context.Context, by authz.Actor, f MeetingFilter,
) (map[string]int64, error) {
	return meetingList.CountBy(ctx, s.unit.DB(), "m.state", s.meetingWhere(by, f))
}
