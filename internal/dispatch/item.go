package dispatch

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// usualItemMinutes is allotted to an item until somebody says otherwise.
const usualItemMinutes = 5

// maxItemMinutes bounds the time of an item.
const maxItemMinutes = 240

// ItemData is what people write about an item of the agenda (议题).
type ItemData struct {
	Title   string `json:"title"`
	Text    string `json:"text,omitempty"`    // what is to be said about it
	Org     string `json:"org,omitempty"`     // id of the unit that reports
	Speaker string `json:"speaker,omitempty"` // 汇报人
	Minutes int64  `json:"minutes"`           // allotted to it
}

// Item (议题) is one item of an agenda.
type Item struct {
	ID string `json:"id"`
	ItemData
	Meeting    string      `json:"meeting"`
	N          int64       `json:"n"`
	Origin     string      `json:"origin"`
	Reasons    []plan.Note `json:"reasons,omitempty"`
	Href       string      `json:"href,omitempty"`
	OrgName    string      `json:"orgName,omitempty"`
	Colour     plan.Colour `json:"colour,omitempty"`
	SeenUs     int64       `json:"seenUs,omitempty"` // when reasons and colour were so
	Dropped    bool        `json:"dropped,omitempty"`
	DropReason string      `json:"dropReason,omitempty"`
	Version    int64       `json:"version"`
	sourceKey  string
	orgNow     string
}

func (d *ItemData) normalise() {
	d.Title, d.Speaker, d.Text = tidy(d.Title), tidy(d.Speaker), lines(d.Text)
}

func (d ItemData) check(f *faults) {
	f.line("title", d.Title, MaxTitle, true)
	f.prose("text", d.Text, MaxProse, false)
	f.line("speaker", d.Speaker, MaxLine, false)
	f.number("minutes", d.Minutes, 1, maxItemMinutes)
}

const itemColumns = `i.id, i.meeting, i.n, i.source_key, i.origin, i.title, i.text, i.reasons, i.href,
	i.org, i.org_now, i.org_name, i.speaker, i.minutes, i.colour, i.seen_us, i.dropped, i.drop_reason,
	i.version`

func scanItem(r db.Row) (Item, error) {
	var x Item
	var reasons string
	err := r.Scan(&x.ID, &x.Meeting, &x.N, &x.sourceKey, &x.Origin, &x.Title, &x.Text, &reasons, &x.Href,
		&x.Org, &x.orgNow, &x.OrgName, &x.Speaker, &x.Minutes, &x.Colour, &x.SeenUs, &x.Dropped,
		&x.DropReason, &x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(reasons, &x.Reasons)
}

var (
	qItems   = db.Stmt(`SELECT ` + itemColumns + ` FROM dispatch_item AS i WHERE i.meeting = $1 ORDER BY i.n, i.id`)
	qItem    = db.Stmt(`SELECT ` + itemColumns + ` FROM dispatch_item AS i WHERE i.id = $1`)
	qItemAdd = db.Stmt(`INSERT INTO dispatch_item (id, meeting, n, source_key, origin, title, text,
			reasons, href, org, org_now, org_name, speaker, minutes, colour, seen_us, dropped, drop_reason,
			created_us, version)
		VALUES ($1, $2, (SELECT COALESCE(MAX(n), 0) + 1 FROM dispatch_item WHERE meeting = $2), $3, $4, $5,
			$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, FALSE, '', $16, 1)`)
	qItemSet = db.Stmt(`UPDATE dispatch_item SET title = $2, text = $3, org = $4, org_now = $5,
		org_name = $6, speaker = $7, minutes = $8, version = version + 1 WHERE id = $1`)
	qItemSeen = db.Stmt(`UPDATE dispatch_item SET origin = $2, reasons = $3, colour = $4, seen_us = $5,
		version = version + 1 WHERE id = $1`)
	qItemDrop = db.Stmt(`UPDATE dispatch_item SET dropped = $2, drop_reason = $3, version = version + 1
		WHERE id = $1`)
	qItemPlace    = db.Stmt(`UPDATE dispatch_item SET n = $2 WHERE id = $1 AND n <> $2`)
	qItemDecision = db.Stmt(`SELECT COUNT(*) FROM dispatch_decision WHERE meeting = $1 AND item = $2`)
)

func insertItem(ctx context.Context, tx *unit.Tx, x Item) error {
	if x.ID == "" {
		x.ID = id.New()
	}
	return db.ExecOne(ctx, tx.Tx, qItemAdd, x.ID, x.Meeting, x.sourceKey, x.Origin, x.Title, x.Text,
		encode(x.Reasons), x.Href, x.Org, x.orgNow, x.OrgName, x.Speaker, x.Minutes, string(x.Colour),
		x.SeenUs, tx.NowUs())
}

// agendaOpen are the states in which the agenda changes: what comes up in a meeting is added after it.
var agendaOpen = []string{Preparing, Notified, Held}

// NewItem is the input of AddItem.
type NewItem struct {
	Meeting string `json:"-"`
	ItemData
	Version int64  `json:"version"` // of the meeting
	Key     string `json:"-"`
}

// AddItem puts an item at the end of an agenda.
func (s *Service) AddItem(ctx context.Context, by authz.Actor, in NewItem) (Item, error) {
	in.normalise()
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.AddItem", in.Key, in,
		func(tx *unit.Tx) (Item, error) {
			m, err := s.write(ctx, tx, in.Meeting, in.Version, agendaOpen...)
			if err != nil {
				return Item{}, err
			}
			u, err := s.checkItem(ctx, by, in.ItemData)
			if err != nil {
				return Item{}, err
			}
			items, err := db.All(ctx, tx, qItems, scanItem, m.ID)
			if err != nil {
				return Item{}, err
			}
			if len(items) >= maxItems {
				return Item{}, fault.New(fault.Conflict, "议程最多 %d 个议题", maxItems)
			}
			x := Item{ID: id.New(), ItemData: in.ItemData, Meeting: m.ID, Origin: OriginHand, orgNow: u.Now,
				OrgName: u.Name}
			if err := insertItem(ctx, tx, x); err != nil {
				return Item{}, err
			}
			return s.itemChanged(ctx, tx, m, x.ID, "item", in.ItemData)
		})
	return out, err
}

func (s *Service) checkItem(ctx context.Context, by authz.Actor, d ItemData) (Unit, error) {
	var f faults
	d.check(&f)
	u, err := s.unitOf(ctx, by, "org", d.Org, &f)
	if err != nil {
		return u, err
	}
	return u, f.err()
}

// itemChanged records a change of the agenda and returns the item.
func (s *Service) itemChanged(
	ctx context.Context, tx *unit.Tx, m Meeting, itemID, what string, detail any,
) (Item, error) {
	if err := touch(ctx, tx, m); err != nil {
		return Item{}, err
	}
	tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: what,
		Detail: map[string]any{"item": itemID, "data": detail}})
	tx.Emit(outbox.Event{Kind: EventMeetingAgenda, Object: m.ID})
	return db.Get(ctx, tx, qItem, scanItem, itemID)
}

// ItemRef names an item of a meeting that was seen at a version.
type ItemRef struct {
	Meeting string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"version"` // of the meeting
}

// item loads an item of a meeting whose agenda may change.
func (s *Service) item(ctx context.Context, tx *unit.Tx, at ItemRef) (Meeting, Item, error) {
	m, err := s.write(ctx, tx, at.Meeting, at.Version, agendaOpen...)
	if err != nil {
		return m, Item{}, err
	}
	x, err := db.Get(ctx, tx, qItem, scanItem, at.ID)
	if err == nil && x.Meeting != m.ID {
		err = errAbsent()
	}
	return m, x, err
}

// ItemUpdate is the input of UpdateItem.
type ItemUpdate struct {
	ItemRef
	ItemData
}

// UpdateItem replaces what is written about an item. Why it was proposed stays.
func (s *Service) UpdateItem(ctx context.Context, by authz.Actor, in ItemUpdate) (Item, error) {
	in.normalise()
	var out Item
	err := s.unit.Write(ctx, by, "dispatch.UpdateItem", func(tx *unit.Tx) error {
		m, x, err := s.item(ctx, tx, in.ItemRef)
		if err != nil {
			return err
		}
		u, err := s.checkItem(ctx, by, in.ItemData)
		if err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qItemSet, x.ID, in.Title, in.Text, in.Org, u.Now, u.Name, in.Speaker,
			in.Minutes)
		if err != nil {
			return err
		}
		out, err = s.itemChanged(ctx, tx, m, x.ID, "item", in.ItemData)
		return err
	})
	return out, err
}

// ItemDrop is the input of DropItem. Back takes the item in again.
type ItemDrop struct {
	ItemRef
	Reason string `json:"reason,omitempty"`
	Back   bool   `json:"back,omitempty"`
}

// DropItem takes an item off the agenda with a reason, or back onto it. It stays in the record.
func (s *Service) DropItem(ctx context.Context, by authz.Actor, in ItemDrop) (Item, error) {
	in.Reason = lines(in.Reason)
	var out Item
	err := s.unit.Write(ctx, by, "dispatch.DropItem", func(tx *unit.Tx) error {
		m, x, err := s.item(ctx, tx, in.ItemRef)
		if err != nil {
			return err
		}
		var f faults
		f.prose("reason", in.Reason, MaxLine, !in.Back)
		if err := f.err(); err != nil {
			return err
		}
		n, err := db.Get(ctx, tx, qItemDecision, db.One[int64], m.ID, x.ID)
		if err != nil {
			return err
		}
		if n > 0 && !in.Back {
			return fault.New(fault.Conflict, "这个议题已有决议，不能移出议程")
		}
		if in.Back {
			in.Reason = ""
		}
		if err := db.ExecOne(ctx, tx.Tx, qItemDrop, x.ID, !in.Back, in.Reason); err != nil {
			return err
		}
		out, err = s.itemChanged(ctx, tx, m, x.ID, "drop", in.Reason)
		return err
	})
	return out, err
}

// ItemMove is the input of MoveItem.
type ItemMove struct {
	ItemRef
	To int64 `json:"to"` // place in the agenda, from 1
}

// MoveItem puts an item at another place of the agenda.
func (s *Service) MoveItem(ctx context.Context, by authz.Actor, in ItemMove) (Item, error) {
	var out Item
	err := s.unit.Write(ctx, by, "dispatch.MoveItem", func(tx *unit.Tx) error {
		m, x, err := s.item(ctx, tx, in.ItemRef)
		if err != nil {
			return err
		}
		items, err := db.All(ctx, tx, qItems, scanItem, m.ID)
		if err != nil {
			return err
		}
		if in.To < 1 || in.To > int64(len(items)) {
			return fault.Fields(fault.At("to", "应在 %d 到 %d 之间", 1, len(items)))
		}
		items = slices.DeleteFunc(items, func(i Item) bool { return i.ID == x.ID })
		items = slices.Insert(items, int(in.To-1), x)
		for i, y := range items {
			if _, err := db.Exec(ctx, tx.Tx, qItemPlace, y.ID, int64(i+1)); err != nil {
				return err
			}
		}
		out, err = s.itemChanged(ctx, tx, m, x.ID, "order", in.To)
		return err
	})
	return out, err
}
