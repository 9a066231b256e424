package auction

import (
	"cmp"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Kinds of object, for policies and the trail.
const (
	kindItem      = "auction.item"
	kindApplicant = "auction.applicant"
)

// Modes.
const (
	Listing = "listing" // 挂牌
	English = "english" // 增价拍卖
	First   = "first"   // 密封，一价
	Second  = "second"  // 密封，二价
)

// Modes are the ways an achievement finds its taker.
func Modes() []market.Choice {
	return []market.Choice{{Value: Listing, Title: "挂牌"}, {Value: English, Title: "增价拍卖"},
		{Value: First, Title: "密封报价（一价）"}, {Value: Second, Title: "密封报价（二价）"}}
}

// Limits.
const (
	maxDays    = 90 // of notice and publicity
	maxSeconds = 3600
	maxSpan    = 60 * 24 * time.Hour // of bidding
)

// Data is what people write about an auction. Times are microseconds.
type Data struct {
	Post          string    `json:"post"`
	Mode          string    `json:"mode"`
	Text          string    `json:"text,omitempty"` // conditions
	StartFen      money.Fen `json:"startFen"`       // 起拍价, or the price of a listing
	ReserveFen    money.Fen `json:"reserveFen,omitempty"`
	IncrementFen  money.Fen `json:"incrementFen,omitempty"`
	DepositFen    money.Fen `json:"depositFen,omitempty"`
	OpensUs       int64     `json:"opensUs"`
	EndsUs        int64     `json:"endsUs"`
	WithinSeconds int64     `json:"withinSeconds,omitempty"`
	ExtendSeconds int64     `json:"extendSeconds,omitempty"`
	// The days of the rule are the least; zero takes them.
	NoticeDays    int64 `json:"noticeDays,omitempty"`
	PublicityDays int64 `json:"publicityDays,omitempty"`
}

// Item is an auction as stored. The reserve price is there for the program only.
type Item struct {
	ID string `json:"id"`
	Data
	Listing      string    `json:"listing,omitempty"` // the listing whose takers compete in it
	Code         string    `json:"code"`
	PostTitle    string    `json:"postTitle"`
	Org          string    `json:"org"`
	OrgNow       string    `json:"-"`
	OrgName      string    `json:"orgName"`
	NoticedUs    int64     `json:"noticedUs,omitempty"`
	PublicisedUs int64     `json:"publicisedUs,omitempty"`
	ClosesUs     int64     `json:"closesUs"` // with extensions
	PriceFen     money.Fen `json:"priceFen,omitempty"`
	Bids         int64     `json:"bids"`
	PayFen       money.Fen `json:"payFen,omitempty"`
	HasReserve   bool      `json:"hasReserve"`
	LeaderNo     int64     `json:"leaderNo,omitempty"` // number of the applicant
	WinnerNo     int64     `json:"winnerNo,omitempty"`
	State        string    `json:"state"`
	CreatedUs    int64     `json:"createdUs"`
	CreatedBy    string    `json:"-"`
	UpdatedUs    int64     `json:"updatedUs"`
	Gone         bool      `json:"gone,omitempty"` // the achievement left the market while it was traded
	Version      int64     `json:"version"`

	begun, closed  bool
	second         money.Fen
	leader, winner string
	nowUs          int64        // when it was loaded, for guards
	terms          market.Terms // the limits that hold then
}

// rules are what the auction goes by, without the reserve price.
func (x Item) rules() Rules {
	return Rules{Mode: x.Mode, StartFen: x.StartFen, IncrementFen: x.IncrementFen, ClosesUs: x.EndsUs,
		WithinUs: x.WithinSeconds * 1e6, ExtendUs: x.ExtendSeconds * 1e6}
}

// Replayed is the stored state, as Replay gives it.
func (x Item) Replayed() State {
	if !x.begun {
		return State{}
	}
	s := State{Rules: x.rules(), Begun: true, Closed: x.closed, PriceFen: x.PriceFen,
		SecondFen: x.second, Leader: x.leader, Bids: x.Bids, Winner: x.winner, PayFen: x.PayFen}
	s.ClosesUs = x.ClosesUs
	if s.Closed {
		s.ReserveFen = x.ReserveFen
	}
	return s
}

// open says whether the trade is under way: announced and not at its end.
func (x Item) open() bool {
	switch x.State {
	case Notice, Bidding, Closed, Publicity, Objected, Confirmed:
		return true
	}
	return false
}

// Over says whether bidding has ended, whether or not the room was closed yet.
func (x Item) Over(now time.Time) bool { return clock.Us(now) >= x.ClosesUs }

// shown takes away what nobody may see before the end.
func (x Item) shown() Item {
	x.HasReserve = x.ReserveFen > 0
	if !x.closed {
		x.ReserveFen = 0
	}
	return x
}

// NoticeUntil is when the notice has run long enough: with the end of its last day.
func (x Item) NoticeUntil() int64 { return daysAfter(x.NoticedUs, x.NoticeDays) }

// PublicityUntil is when the publicity of the result ends.
func (x Item) PublicityUntil() int64 { return daysAfter(x.PublicisedUs, x.PublicityDays) }

// daysAfter is the end of the n-th whole day after the day of a moment.
func daysAfter(us, n int64) int64 {
	return clock.Us(clock.DateOf(clock.Time(us)).AddDays(int(n) + 1).Start())
}

// normalise brings what people type into the form that is stored, and fills in the rule.
func (d *Data) normalise(r Rule) {
	d.Text, d.Post = occasion.Lines(d.Text), occasion.Tidy(d.Post)
	d.NoticeDays, d.PublicityDays = cmp.Or(d.NoticeDays, r.NoticeDays), cmp.Or(d.PublicityDays, r.PublicityDays)
	if d.Mode == English {
		d.WithinSeconds = cmp.Or(d.WithinSeconds, int64(r.Within/time.Second))
		d.ExtendSeconds = cmp.Or(d.ExtendSeconds, int64(r.Extend/time.Second))
	} else {
		d.WithinSeconds, d.ExtendSeconds, d.IncrementFen = 0, 0, 0
	}
}

func (d Data) check(r Rule, f *occasion.Faults) {
	if d.Post == "" {
		f.Add("post", "请填写成果编号")
	}
	f.Choice("mode", d.Mode, Modes())
	f.Prose("text", d.Text, occasion.MaxProse, false)
	f.Public("text", d.Text, "") // the form has no field for contacts
	f.Money("startFen", d.StartFen, true)
	f.Money("reserveFen", d.ReserveFen, false)
	f.Money("depositFen", d.DepositFen, false)
	f.Money("incrementFen", d.IncrementFen, d.Mode == English)
	if d.DepositFen > d.StartFen && d.StartFen > 0 {
		f.Add("depositFen", "保证金不能高于起拍价")
	}
	f.Between("opensUs", "endsUs", d.OpensUs, d.EndsUs)
	if d.OpensUs > 0 && d.EndsUs-d.OpensUs > maxSpan.Microseconds() {
		f.Add("endsUs", "竞价最长 %d 天", int(maxSpan/(24*time.Hour)))
	}
	f.Number("noticeDays", d.NoticeDays, r.NoticeDays, maxDays)
	f.Number("publicityDays", d.PublicityDays, r.PublicityDays, maxDays)
	f.Number("withinSeconds", d.WithinSeconds, 0, maxSeconds)
	f.Number("extendSeconds", d.ExtendSeconds, 0, maxSeconds)
}

// yuan writes an amount as digits of 元, for messages.
func yuan(f money.Fen) string { return strings.TrimPrefix(i18n.Exact(f), "¥") }

// second writes a time to the second.
func second(us int64) string { return clock.Time(us).In(clock.Shanghai).Format(time.DateTime) }
