package deal

import (
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindDeal is the kind of object of introductions, for policies and the trail.
const kindDeal = "deal.intro"

// Limits of an introduction.
const (
	MaxMessage  = 2000   // characters
	MaxNDA      = 10_000 // of the text of an agreement
	MaxNote     = 2000
	MaxNext     = 300 // of the next step
	MaxLine     = 60
	MaxPeople   = 200 // who was at a meeting
	maxSearch   = 100
	maxTimeline = 500 // lines that are shown
	maxHours    = 1000
)

// Side is one side of an introduction.
type Side struct {
	Post      string     `json:"post,omitempty"`
	Org       string     `json:"org"`
	Now       string     `json:"-"` // the record it lives on as
	Name      string     `json:"name"`
	Role      authz.Role `json:"-"`                   // in which its people act
	NDAUs     int64      `json:"ndaUs,omitempty"`     // accepted the agreement
	NDABy     string     `json:"ndaBy,omitempty"`     // log-in
	ConsentUs int64      `json:"consentUs,omitempty"` // agreed to be introduced
	ConsentBy string     `json:"consentBy,omitempty"`
	// Withheld says that the reader is not told who it is before it consents.
	Withheld bool `json:"withheld,omitempty"`

	post *market.Post // as it is now, where the reader's rights are asked for; nil = none, or not loaded
}

// Deal is one introduction (对接).
type Deal struct {
	ID      string `json:"id"`
	Code    string `json:"code"` // DJ-2026-00012
	Title   string `json:"title"`
	Demand  Side   `json:"demand"`
	Supply  Side   `json:"supply"`
	AskedBy string `json:"askedBy"` // one of Parties
	Source  string `json:"source"`  // one of Sources
	Message string `json:"message"`
	NDA     string `json:"nda,omitempty"` // text of the agreement (保密约定)
	Field   string `json:"field"`         // 技术领域 of the post
	// Region is the place of the need, which the contract is counted for; without a need that of the post.
	Region       region.Code `json:"region"`
	Broker       string      `json:"broker,omitempty"` // id of a Broker
	BrokerName   string      `json:"brokerName,omitempty"`
	Mode         string      `json:"mode,omitempty"`      // 合作方式
	AmountFen    money.Fen   `json:"amountFen,omitempty"` // 意向金额
	ContractFen  money.Fen   `json:"contractFen,omitempty"`
	ContractNo   string      `json:"contractNo,omitempty"` // 16 digits, 14 of old ones
	SignedOn     clock.Date  `json:"signedOn,omitempty"`
	RegisteredOn clock.Date  `json:"registeredOn,omitempty"`
	Class        string      `json:"class,omitempty"` // why it ended, one of Classes
	NextStep     string      `json:"nextStep,omitempty"`
	DueUs        int64       `json:"dueUs,omitempty"`   // until when the next move is due
	ChaseUs      int64       `json:"chaseUs,omitempty"` // and until when the broker is to have moved it
	AnswerUs     int64       `json:"answerUs,omitempty"`
	EndUs        int64       `json:"endUs,omitempty"`
	State        string      `json:"state"`
	CreatedUs    int64       `json:"createdUs"`
	CreatedBy    string      `json:"-"`
	UpdatedUs    int64       `json:"updatedUs"`
	Version      int64       `json:"version"`

	// BrokerConflict says that its broker has a conflict of interest with a side that it may not know yet: for the
	// bureau alone.
	BrokerConflict bool `json:"brokerConflict,omitempty"`

	brokerAccount string
	conflict      bool // its broker has a conflict with one of the sides …
	barred        bool // … that it may know
}

// side returns one of the two sides.
func (d *Deal) side(name string) *Side {
	if name == Supply {
		return &d.Supply
	}
	return &d.Demand
}

// other is the opposite side.
func other(side string) string {
	if side == Demand {
		return Supply
	}
	return Demand
}

// Open says whether an introduction goes on.
func (d Deal) Open() bool { return d.EndUs == 0 }

// SideOf is the part that an actor has: Demand, Supply, Agent, Bureau, or "".
func (d Deal) SideOf(by authz.Actor) string {
	switch role := by.EffectiveRole(); {
	case role == authz.Officer || role == authz.Leader:
		return Bureau
	case role == authz.Broker && by.Account != "" && by.Account == d.brokerAccount && !d.barred:
		return Agent
	case isParty(role) && by.Org != "" && by.Org == d.Demand.Now:
		return Demand
	case isParty(role) && by.Org != "" && by.Org == d.Supply.Now:
		return Supply
	case role == authz.District || role == authz.ChainOffice:
		return regions
	}
	return noSide
}

// awaited is the side whose turn it is: who has not accepted, not consented, or else who asked.
func (d Deal) awaited() string {
	open := func(s Side) bool { return s.ConsentUs == 0 }
	if d.State == AwaitingNDA || d.State == HalfNDA {
		open = func(s Side) bool { return s.NDAUs == 0 }
	}
	first := Demand
	if d.AskedBy == Demand {
		first = Supply
	}
	switch {
	case open(*d.side(first)):
		return first
	case open(*d.side(other(first))):
		return other(first)
	}
	return other(first)
}

// waitsFor is whose turn it is, one of Parties: before both have consented that of a side, then that of the broker,
// without one of the bureau; "" once it has ended.
func (d Deal) waitsFor() string {
	switch {
	case !d.Open():
		return ""
	case !d.consented():
		return d.awaited()
	case d.Broker == "" || d.State == Disputed:
		return Bureau
	}
	return Agent
}

const dealColumns = `d.id, d.code, d.title, d.demand_post, d.demand_org, d.demand_now,
	d.demand_name, d.demand_role, d.demand_nda_us, d.demand_nda_by, d.demand_consent_us,
	d.demand_consent_by, d.supply_post, d.supply_org, d.supply_now, d.supply_name, d.supply_role,
	d.supply_nda_us, d.supply_nda_by, d.supply_consent_us, d.supply_consent_by, d.asked_by,
	d.source, d.message, d.nda, d.field, d.region, d.broker, d.mode, d.amount_fen, d.contract_fen,
	d.contract_no, d.signed_on, d.registered_on, d.class, d.next_step, d.due_us, d.chase_us,
	d.answer_us, d.end_us, d.state, d.created_us, d.created_by, d.updated_us, d.version,
	COALESCE(b.name, ''), CASE WHEN b.state = 'active' THEN b.account ELSE '' END,
	` + conflicting + `, ` + barred

// conflicting is true where the broker of the introduction d has a conflict with one of its sides.
const conflicting = `EXISTS (SELECT 1 FROM deal_conflict AS c WHERE c.broker = d.broker
	AND c.ended_us = 0 AND (c.org_now = d.demand_now OR c.org_now = d.supply_now))`

// barred is true where that is a side that the broker may know (Deal.tells): it consented, no post stands for it,
// its post is open to everybody, or the broker looks after it. A conflict with a side that is hidden must not
// show, or declaring one would tell who owns the post.
const barred = `EXISTS (SELECT 1 FROM deal_conflict AS c WHERE c.broker = d.broker AND c.ended_us = 0 AND (
	c.org_now = d.demand_now AND (d.demand_post = '' OR d.demand_consent_us > 0 OR EXISTS (
		SELECT 1 FROM market_post AS k WHERE k.id = d.demand_post AND ` + toldPost + `))
	OR c.org_now = d.supply_now AND (d.supply_post = '' OR d.supply_consent_us > 0 OR EXISTS (
		SELECT 1 FROM market_post AS k WHERE k.id = d.supply_post AND ` + toldPost + `))))`

const toldPost = `(k.visibility = 'open' AND k.state IN ('published', 'talking', 'signed', 'registered', 'solved',
	'challenged') OR k.broker <> '' AND k.broker = (SELECT y.person FROM deal_broker AS y WHERE y.id = d.broker))`

const dealFrom = `deal AS d LEFT JOIN deal_broker AS b ON b.id = d.broker`

func scanDeal(r db.Row) (Deal, error) {
	var d Deal
	a, b := &d.Demand, &d.Supply
	err := r.Scan(&d.ID, &d.Code, &d.Title, &a.Post, &a.Org, &a.Now, &a.Name, &a.Role, &a.NDAUs,
		&a.NDABy, &a.ConsentUs, &a.ConsentBy, &b.Post, &b.Org, &b.Now, &b.Name, &b.Role, &b.NDAUs,
		&b.NDABy, &b.ConsentUs, &b.ConsentBy, &d.AskedBy, &d.Source, &d.Message, &d.NDA, &d.Field,
		&d.Region, &d.Broker, &d.Mode, &d.AmountFen, &d.ContractFen, &d.ContractNo, &d.SignedOn,
		&d.RegisteredOn, &d.Class, &d.NextStep, &d.DueUs, &d.ChaseUs, &d.AnswerUs, &d.EndUs,
		&d.State, &d.CreatedUs, &d.CreatedBy, &d.UpdatedUs, &d.Version, &d.BrokerName,
		&d.brokerAccount, &d.conflict, &d.barred)
	return d, err
}

// firstRunes cuts a text to at most n characters.
func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
