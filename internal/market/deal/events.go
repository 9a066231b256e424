package deal

import "github.com/yuntu-city/yuntu/internal/money"

// Events of this room. The object is the id of the introduction, need or broker.
const (
	EventDealCreated    = "market.deal.created.v1"
	EventDealAdopted    = "market.deal.adopted.v1"    // data: Adoption; taken over as it stands, nobody is told
	EventDealMoved      = "market.deal.moved.v1"      // data: Moved
	EventDealEnded      = "market.deal.ended.v1"      // data: Ended; without a contract
	EventDealSigned     = "market.deal.signed.v1"     // data: Moved
	EventNeedChallenged = "market.need.challenged.v1" // object: the need; data: Challenged
	EventBrokerMoved    = "market.broker.moved.v1"
	EventBrokerUpdated  = "market.broker.updated.v1"
	EventCertificate    = "market.broker.certificate.v1" // object: the broker; data: CertificateMoved
	EventConflict       = "market.broker.conflict.v1"    // object: the broker; data: ConflictMoved
)

// What becomes of a conflict of interest.
const (
	ConflictAsked  = "asked"  // the broker asked the bureau to lift it
	ConflictLifted = "lifted" // an officer did
	ConflictHidden = "hidden" // it is with a side of an introduction that the broker may not know
)

// ConflictMoved is the data of EventConflict.
type ConflictMoved struct {
	Conflict string `json:"conflict"`
	Org      string `json:"org"`   // name
	State    string `json:"state"` // ConflictAsked, ConflictLifted or ConflictHidden
	Deal     string `json:"deal,omitempty"`
	Reason   string `json:"reason"`
	By       string `json:"by"` // account
	AtUs     int64  `json:"atUs"`
}

// CertificateMoved is the data of EventCertificate: one was handed in, or the bureau decided about it.
type CertificateMoved struct {
	Certificate string `json:"certificate"`
	Title       string `json:"title"`
	State       string `json:"state"` // one of CertificateStates
	Answer      string `json:"answer,omitempty"`
	By          string `json:"by"` // account
}

// Moved is the data of EventDealMoved and EventDealSigned.
type Moved struct {
	Step        string    `json:"step"`
	State       string    `json:"state"`
	Demand      string    `json:"demand,omitempty"` // post
	Supply      string    `json:"supply,omitempty"` // post
	ContractFen money.Fen `json:"contractFen,omitempty"`
	// Split is the version of the agreement on the commission that lost its broker's confirmation.
	Split int64 `json:"split,omitempty"`
	// By is the account that took the step: whoever did it need not be told.
	By string `json:"by,omitempty"`
}

// Adoption is the data of EventDealAdopted, about an introduction that joins two posts; there is none about
// others. The matcher learns from it what came of the pair.
type Adoption struct {
	State  string `json:"state"`
	Class  string `json:"class,omitempty"` // one of Classes, of one that came to nothing
	Demand string `json:"demand"`          // post
	Supply string `json:"supply"`          // post
}

// Ended is the data of EventDealEnded. The matcher learns from it which pairs did not fit, and why.
type Ended struct {
	Class  string `json:"class"` // one of Classes
	State  string `json:"state"` // Refused before anybody talked, or Broken after
	Source string `json:"source"`
	Demand string `json:"demand,omitempty"` // post
	Supply string `json:"supply,omitempty"` // post
}

// Challenged is the data of EventNeedChallenged: a need that found nothing asks everybody.
type Challenged struct {
	Reason string `json:"reason"`
	Deals  int64  `json:"deals"` // introductions that came to nothing before
}
