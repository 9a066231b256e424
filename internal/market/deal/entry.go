package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Who may see a line of a timeline.
const (
	SeenAll         = "all"
	SeenDemand      = "demand" // a side keeps it to itself
	SeenSupply      = "supply"
	SeenDemandStaff = "demand_staff" // a side shares it with the broker and the bureau
	SeenSupplyStaff = "supply_staff"
	SeenStaff       = "staff" // the broker and the bureau among themselves
)

// Kinds of lines.
const (
	EntryStep    = "step"
	EntryMeeting = "meeting"
	EntryNote    = "note"
	EntryWork    = "work"    // a broker's contribution
	EntryContact = "contact" // a contact was handed out
	EntryOverdue = "overdue"
	EntrySplit   = "split"
)

// Entry is one line of the timeline of an introduction.
type Entry struct {
	ID     string    `json:"id"`
	Deal   string    `json:"-"`
	Kind   string    `json:"kind"`
	Step   string    `json:"step,omitempty"` // of a step, or what was done
	AtUs   int64     `json:"atUs"`
	Side   string    `json:"side"`            // of who did it, one of Parties
	By     string    `json:"by,omitempty"`    // name of that side or broker, as the reader may know it
	Login  string    `json:"login,omitempty"` // told to the own side and the bureau only
	Broker string    `json:"-"`
	Seen   string    `json:"seen"` // one of Views
	Text   string    `json:"text,omitempty"`
	Data   EntryData `json:"data,omitzero"`
}

// EntryData are the figures of a line.
type EntryData struct {
	Day       clock.Date `json:"day,omitempty"`
	Place     string     `json:"place,omitempty"`
	People    string     `json:"people,omitempty"`
	AmountFen money.Fen  `json:"amountFen,omitempty"`
	Mode      string     `json:"mode,omitempty"`
	Number    string     `json:"number,omitempty"`
	Class     string     `json:"class,omitempty"`
	Next      string     `json:"next,omitempty"`
	Work      string     `json:"work,omitempty"` // one of Works
	Hours     int64      `json:"hours,omitempty"`
	Of        string     `json:"of,omitempty"`      // the side whose contact was handed out
	Name      string     `json:"name,omitempty"`    // of a broker
	Version   int64      `json:"version,omitempty"` // of a split
	DueUs     int64      `json:"dueUs,omitempty"`   // of an overdue limit
	To        authz.Role `json:"to,omitempty"`      // who answers for it since
}

const entryColumns = `e.id, e.deal, e.kind, e.step, e.at_us, e.side, e.login, e.broker, e.seen,
	e.text, e.data`

var qEntryAdd = db.Stmt(`INSERT INTO deal_entry (id, deal, kind, step, at_us, side, login, broker,
	seen, text, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)

var entryList = db.Select(entryColumns, `deal_entry AS e`,
	db.Order{Name: "newest", Desc: true, Cols: []db.Col{db.IntCol("e.at_us"), db.TextCol("e.id")}})

func scanEntry(r db.Row) (Entry, error) {
	var e Entry
	var data string
	err := r.Scan(&e.ID, &e.Deal, &e.Kind, &e.Step, &e.AtUs, &e.Side, &e.Login, &e.Broker, &e.Seen,
		&e.Text, &data)
	if err != nil {
		return e, err
	}
	return e, decode(data, &e.Data)
}

func (e Entry) row() []any {
	text := ""
	if e.Data != (EntryData{}) {
		text = encode(e.Data)
	}
	return []any{e.ID, e.Deal, e.Kind, e.Step, e.AtUs, e.Side, e.Login, e.Broker, e.Seen, e.Text, text}
}

// newEntry begins a line about what the actor of a write does.
func newEntry(tx *unit.Tx, d Deal, kind, step string) Entry {
	e := Entry{ID: id.New(), Deal: d.ID, Kind: kind, Step: step, AtUs: tx.NowUs(),
		Side: d.SideOf(tx.By()), Login: tx.By().Login, Seen: SeenAll}
	switch e.Side {
	case Agent:
		e.Broker = d.Broker
	case noSide, regions:
		e.Side = Nobody
	}
	return e
}

func (e Entry) save(ctx context.Context, tx *db.Tx) error {
	return db.ExecOne(ctx, tx, qEntryAdd, e.row()...)
}

// seenBy are the views that a side has.
func seenBy(side string) []any {
	switch side {
	case Demand:
		return []any{SeenAll, SeenDemand, SeenDemandStaff}
	case Supply:
		return []any{SeenAll, SeenSupply, SeenSupplyStaff}
	case Agent, Bureau:
		return []any{SeenAll, SeenDemandStaff, SeenSupplyStaff, SeenStaff}
	}
	return []any{SeenAll}
}

// viewsOf are the views that a side may give to a note, the most private first.
func viewsOf(side string) []string {
	switch side {
	case Demand:
		return []string{SeenDemand, SeenDemandStaff, SeenAll}
	case Supply:
		return []string{SeenSupply, SeenSupplyStaff, SeenAll}
	case Agent, Bureau:
		return []string{SeenStaff, SeenAll}
	}
	return nil
}

// timeline returns the lines of an introduction that somebody on a side may see, the newest first.
// What others wrote is not even read.
func timeline(ctx context.Context, q db.Q, dealID, side string) ([]Entry, error) {
	w := db.Where{}.And("e.deal = $1", dealID).In("e.seen", seenBy(side)...)
	page, err := db.List(ctx, q, entryList, w, entryList.Order(""), db.PageReq{Limit: maxTimeline},
		scanEntry)
	return page.Items, err
}
