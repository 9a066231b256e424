package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// AgendaSource proposes items of an agenda. Each room whose lights call for a meeting has one; it
// looks with the rights of the actor, at what lies in the region of the meeting and, where it keeps
// ledgers, in its ledger.
type AgendaSource interface {
	Proposals(ctx context.Context, by authz.Actor, m Meeting) ([]Proposal, error)
}

// Proposal is an item that a source proposes.
type Proposal struct {
	Key     string      // what it is about, "plan.task:" + id; several proposals of one key are one item
	Also    []string    // other keys of the same thing: the target whose red light opened the task
	Origin  string      // one of Origins
	Title   string      // of the item
	Reasons []plan.Note // why, in words
	Href    string      // the page behind it
	Org     string      // id of the unit that reports, "" for none
	OrgNow  string
	OrgName string
	Colour  plan.Colour // of its light, "" for none
	DueUs   int64       // the sooner the more urgent; 0 = none
}

// maxItems bounds an agenda, and so what is proposed.
const maxItems = 100

// urgency orders origins: what needs an answer first.
var urgency = map[string]int{OriginExtension: 1, OriginRed: 2, OriginLetter: 3, OriginOverdue: 4,
	OriginDecision: 5, OriginIndicator: 6, OriginYellow: 7}

// keys are all names of what a proposal is about.
func (p Proposal) keys() []string { return append([]string{p.Key}, p.Also...) }

// merge puts proposals about the same thing together and the most urgent first: a red number and the task
// it opened are one item.
func merge(list []Proposal) []Proposal {
	var out []Proposal
	at := map[string]int{}
	for _, p := range list {
		i, known := len(out), false
		for _, key := range p.keys() {
			if n, there := at[key]; there {
				i, known = n, true
				break
			}
		}
		for _, key := range p.keys() {
			if _, there := at[key]; !there {
				at[key] = i
			}
		}
		if !known {
			out = append(out, p)
			continue
		}
		x := &out[i]
		for _, key := range p.keys() {
			if !slices.Contains(x.keys(), key) {
				x.Also = append(slices.Clip(x.Also), key)
			}
		}
		for _, r := range p.Reasons {
			if !slices.ContainsFunc(x.Reasons, func(n plan.Note) bool { return encode(n) == encode(r) }) {
				x.Reasons = append(slices.Clip(x.Reasons), r)
			}
		}
		if urgency[p.Origin] < urgency[x.Origin] {
			x.Origin = p.Origin
		}
		x.Colour = cmp.Or(x.Colour, p.Colour)
		if x.Org == "" {
			x.Org, x.OrgNow, x.OrgName = p.Org, p.OrgNow, p.OrgName
		}
	}
	far := func(us int64) int64 {
		if us == 0 {
			return lastMoment
		}
		return us
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(urgency[a.Origin], urgency[b.Origin]),
			cmp.Compare(far(a.DueUs), far(b.DueUs)), cmp.Compare(a.Key, b.Key))
	})
	return out[:min(len(out), maxItems)]
}

// proposals asks all sources.
func (s *Service) proposals(ctx context.Context, by authz.Actor, m Meeting) ([]Proposal, error) {
	var all []Proposal
	for _, source := range s.sources {
		list, err := source.Proposals(ctx, by, m)
		if err != nil {
			return nil, fmt.Errorf("propose items: %w", err)
		}
		all = append(all, list...)
	}
	return merge(all), nil
}

// addProposals stores proposals that the agenda has not yet, behind its items, and brings the reasons
// of those it has up to date. What was dropped stays so. It returns how many are new.
func addProposals(ctx context.Context, tx *unit.Tx, meetingID string, list []Proposal) (int, error) {
	items, err := db.All(ctx, tx, qItems, scanItem, meetingID)
	if err != nil {
		return 0, err
	}
	added := 0
	for _, p := range list {
		i := slices.IndexFunc(items, func(x Item) bool { return slices.Contains(p.keys(), x.sourceKey) })
		if i >= 0 {
			_, err := db.Exec(ctx, tx.Tx, qItemSeen, items[i].ID, p.Origin, encode(p.Reasons),
				string(p.Colour), tx.NowUs())
			if err != nil {
				return added, err
			}
			continue
		}
		if len(items)+added >= maxItems {
			break
		}
		x := Item{ItemData: ItemData{Title: firstRunes(p.Title, MaxTitle), Org: p.Org,
			Minutes: usualItemMinutes}, Meeting: meetingID, Origin: p.Origin, Reasons: p.Reasons,
			Href: p.Href, Colour: p.Colour, SeenUs: tx.NowUs(), sourceKey: p.Key, orgNow: p.OrgNow,
			OrgName: p.OrgName}
		if err := insertItem(ctx, tx, x); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

// Proposed says what ProposeAgenda did.
type Proposed struct {
	Added   int     `json:"added"`
	Meeting Meeting `json:"meeting"`
}

// ProposeAgenda asks the sources once more: new items come behind those there are, and the reasons of
// the others are as of now.
func (s *Service) ProposeAgenda(
	ctx context.Context, by authz.Actor, meetingID string, version int64,
) (Proposed, error) {
	m, err := s.readMeeting(ctx, s.unit.DB(), by, meetingID)
	if err != nil {
		return Proposed{}, err
	}
	if err := MeetingPolicy.May(by, ActMeetingUpdate, m); err != nil {
		return Proposed{}, err
	}
	list, err := s.proposals(ctx, by, m)
	if err != nil {
		return Proposed{}, err
	}
	var out Proposed
	err = s.unit.Write(ctx, by, "dispatch.ProposeAgenda", func(tx *unit.Tx) error {
		m, err := s.write(ctx, tx, meetingID, version, Preparing, Notified)
		if err != nil {
			return err
		}
		n, err := addProposals(ctx, tx, m.ID, list)
		if err != nil {
			return err
		}
		if err := touch(ctx, tx, m); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: "propose",
			Detail: map[string]any{"found": len(list), "added": n}})
		tx.Emit(outbox.Event{Kind: EventMeetingAgenda, Object: m.ID})
		out.Added = n
		out.Meeting, err = meetingByID(ctx, tx, m.ID)
		return err
	})
	return out, err
}
