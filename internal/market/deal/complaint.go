package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a complaint.
const (
	ComplaintOpen      = "open"      // 待处理
	ComplaintUpheld    = "upheld"    // 属实
	ComplaintDismissed = "dismissed" // 不属实
)

// ComplaintStates are the states with their titles.
func ComplaintStates() []Choice {
	return []Choice{{ComplaintOpen, "待处理"}, {ComplaintUpheld, "投诉属实"},
		{ComplaintDismissed, "投诉不属实"}}
}

// Complaint is what a side complains of about the broker of an introduction.
type Complaint struct {
	ID        string `json:"id"`
	Deal      string `json:"deal"`
	Broker    string `json:"broker"`
	Side      string `json:"side"`
	Text      string `json:"text"`
	State     string `json:"state"`
	Answer    string `json:"answer,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"createdBy"` // log-in
	DecidedUs int64  `json:"decidedUs,omitempty"`
	Version   int64  `json:"version"`
}

const complaintColumns = `c.id, c.deal, c.broker, c.side, c.text, c.state, c.answer, c.created_us,
	c.created_by, c.decided_us, c.version`

var (
	qComplaint    = db.Stmt(`SELECT ` + complaintColumns + ` FROM deal_complaint AS c WHERE c.id = $1`)
	qComplaintAdd = db.Stmt(`INSERT INTO deal_complaint (id, deal, broker, side, text, state, answer,
		created_us, created_by, decided_us, version)
		VALUES ($1, $2, $3, $4, $5, 'open', '', $6, $7, 0, 1)`)
	qComplaintSet = db.Stmt(`UPDATE deal_complaint SET state = $3, answer = $4, decided_us = $5,
		version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'`)
)

var complaintList = db.Select(complaintColumns, `deal_complaint AS c`,
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("c.created_us"), db.TextCol("c.id")}})

func scanComplaint(r db.Row) (Complaint, error) {
	var c Complaint
	err := r.Scan(&c.ID, &c.Deal, &c.Broker, &c.Side, &c.Text, &c.State, &c.Answer, &c.CreatedUs,
		&c.CreatedBy, &c.DecidedUs, &c.Version)
	return c, err
}

// NewComplaint is the input of Complain.
type NewComplaint struct {
	Deal string `json:"-"`
	Text string `json:"text"`
	Key  string `json:"-"`
}

// Complain tells the bureau of a complaint about the broker of an introduction. It is in no timeline:
// the broker reads that one.
func (s *Service) Complain(
	ctx context.Context, by authz.Actor, in NewComplaint,
) (Complaint, error) {
	in.Text = lines(in.Text)
	d, err := s.readDeal(ctx, s.unit.DB(), by, in.Deal)
	if err != nil {
		return Complaint{}, err
	}
	if err := DealPolicy.May(by, ActDealComplain, d); err != nil {
		return Complaint{}, err
	}
	if d.Broker == "" {
		return Complaint{}, fault.New(fault.Conflict, "这项对接没有技术经理人经办")
	}
	var f faults
	f.prose("text", in.Text, MaxNote, true)
	f.secret("text", in.Text)
	if len(f) > 0 {
		return Complaint{}, f.err()
	}
	const useCase = "deal.Complain"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Complaint, error) {
		c := Complaint{ID: id.New(), Deal: d.ID, Broker: d.Broker, Side: d.SideOf(by), Text: in.Text,
			State: ComplaintOpen, CreatedUs: tx.NowUs(), CreatedBy: by.Login, Version: 1}
		err := db.ExecOne(ctx, tx.Tx, qComplaintAdd, c.ID, c.Deal, c.Broker, c.Side, c.Text,
			c.CreatedUs, c.CreatedBy)
		if err != nil {
			return c, err
		}
		tx.Audit(audit.Entry{Kind: kindBroker, Object: d.Broker, What: "complaint",
			Detail: map[string]string{"complaint": c.ID, "deal": d.ID}})
		return c, nil
	})
	return out, err
}

// ComplaintDecision is the input of DecideComplaint.
type ComplaintDecision struct {
	ID      string `json:"-"`
	State   string `json:"state"` // ComplaintUpheld or ComplaintDismissed
	Answer  string `json:"answer"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// DecideComplaint says whether a complaint is right. One that is lowers the broker's credit.
func (s *Service) DecideComplaint(
	ctx context.Context, by authz.Actor, in ComplaintDecision,
) (Complaint, error) {
	in.Answer = lines(in.Answer)
	c, err := db.Get(ctx, s.unit.DB(), qComplaint, scanComplaint, in.ID)
	if err != nil {
		return Complaint{}, err
	}
	if _, err := s.brokerFor(ctx, by, c.Broker, ActBrokerInside); err != nil {
		return Complaint{}, errAbsent()
	}
	if _, err := s.brokerFor(ctx, by, c.Broker, ActBrokerJudge); err != nil {
		return Complaint{}, err
	}
	var f faults
	f.choice("state", in.State, ComplaintStates()[1:])
	f.prose("answer", in.Answer, MaxNote, true)
	f.secret("answer", in.Answer)
	if len(f) > 0 {
		return Complaint{}, f.err()
	}
	const useCase = "deal.DecideComplaint"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Complaint, error) {
		c := c
		err := db.ExecOne(ctx, tx.Tx, qComplaintSet, c.ID, in.Version, in.State, in.Answer, tx.NowUs())
		if err != nil {
			return c, err
		}
		c.State, c.Answer, c.DecidedUs, c.Version = in.State, in.Answer, tx.NowUs(), in.Version+1
		tx.Audit(audit.Entry{Kind: kindBroker, Object: c.Broker, What: "decide_complaint",
			Reason: in.Answer, Detail: map[string]string{"complaint": c.ID, "state": in.State}})
		return c, s.recredit(ctx, tx, c.Broker)
	})
	return out, err
}

// ListComplaints returns complaints about a broker, or about all for the bureau, the newest first.
// A broker reads what is said, but not which side said it.
func (s *Service) ListComplaints(
	ctx context.Context, by authz.Actor, brokerID string, p db.PageReq,
) (db.Page[Complaint], error) {
	w := db.Where{}
	if brokerID != "" {
		if _, err := s.brokerFor(ctx, by, brokerID, ActBrokerInside); err != nil {
			return db.Page[Complaint]{}, err
		}
		w = w.And("c.broker = $1", brokerID)
	} else if err := BrokerPolicy.May(by, ActBrokerInside, Broker{}); err != nil {
		return db.Page[Complaint]{}, err
	}
	page, err := db.List(ctx, s.unit.DB(), complaintList, w, complaintList.Order(""), p,
		scanComplaint)
	if by.EffectiveRole() == authz.Broker {
		for i := range page.Items {
			page.Items[i].Side, page.Items[i].CreatedBy, page.Items[i].Deal = "", "", ""
		}
	}
	return page, err
}
