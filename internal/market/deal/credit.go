package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// CreditRow is one row of what a credit is the sum of.
type CreditRow struct {
	What   string `json:"what"` // one of CreditRows
	Points int64  `json:"points"`
	AtUs   int64  `json:"atUs,omitempty"`
	Deal   string `json:"deal,omitempty"` // id
	Code   string `json:"code,omitempty"`
}

// CreditRows are the kinds of rows.
func CreditRows() []Choice {
	return []Choice{{"base", "基础分"}, {"signed", "促成签约"}, {"registered", "合同完成登记"},
		{"closed", "未成但写明原因"}, {"overdue", "督促超期，由科技局接手"}, {"complaint", "投诉属实"},
		{"expired", "证书已过期"}}
}

// Credit is the credit of a broker with its rows, newest first, under the rule it was computed by.
type Credit struct {
	Value int64       `json:"value"`
	Sum   int64       `json:"sum"` // before the bounds of the rule
	Rule  string      `json:"rule"`
	Rows  []CreditRow `json:"rows"`
}

var (
	qCreditDeals = db.Stmt(`SELECT d.id, d.code, d.state, d.updated_us FROM deal AS d
		WHERE d.broker = $1 AND d.broker <> '' AND d.state IN ('signed', 'registered', 'kept', 'refused', 'broken')`)
	qCreditOverdue = db.Stmt(`SELECT d.id, d.code, e.at_us FROM deal_entry AS e
		JOIN deal AS d ON d.id = e.deal WHERE e.broker = $1 AND e.broker <> '' AND e.kind = 'overdue'
		AND e.step = 'chase'`)
	qCreditComplaints = db.Stmt(`SELECT decided_us FROM deal_complaint
		WHERE broker = $1 AND state = 'upheld'`)
	qBrokerCredit = db.Stmt(`UPDATE deal_broker SET credit = $2 WHERE id = $1 AND credit <> $2`)
)

type creditDeal struct {
	id, code, state string
	atUs            int64
}

// creditOf computes the credit of a broker under a rule, on a day.
func creditOf(
	ctx context.Context, q db.Q, b Broker, rule Rule, day clock.Date,
) (Credit, error) {
	c, r := Credit{Rule: rule.ID}, rule.Credit
	deals, err := db.All(ctx, q, qCreditDeals, func(r db.Row) (creditDeal, error) {
		var x creditDeal
		err := r.Scan(&x.id, &x.code, &x.state, &x.atUs)
		return x, err
	}, b.ID)
	if err != nil {
		return c, err
	}
	add := func(what string, points int64, x creditDeal) {
		if points != 0 {
			c.Rows = append(c.Rows, CreditRow{what, points, x.atUs, x.id, x.code})
		}
	}
	for _, x := range deals {
		switch x.state {
		case Signed, Kept:
			add("signed", r.Signed, x)
		case Registered:
			add("signed", r.Signed, x)
			add("registered", r.Registered, x)
		default:
			add("closed", r.Refused, x)
		}
	}
	late, err := db.All(ctx, q, qCreditOverdue, func(r db.Row) (creditDeal, error) {
		var x creditDeal
		err := r.Scan(&x.id, &x.code, &x.atUs)
		return x, err
	}, b.ID)
	if err != nil {
		return c, err
	}
	for _, x := range late {
		add("overdue", r.Overdue, x)
	}
	upheld, err := db.All(ctx, q, qCreditComplaints, db.One[int64], b.ID)
	if err != nil {
		return c, err
	}
	for _, us := range upheld {
		add("complaint", r.Complaint, creditDeal{atUs: us})
	}
	if b.Certificate == "" || b.ValidTo != "" && b.ValidTo < day {
		add("expired", r.Expired, creditDeal{})
	}
	slices.SortStableFunc(c.Rows, func(x, y CreditRow) int { return int(sign(y.AtUs - x.AtUs)) })
	c.Rows = append(c.Rows, CreditRow{What: "base", Points: r.Base})
	for _, x := range c.Rows {
		c.Sum += x.Points
	}
	c.Value = min(max(c.Sum, r.Least), r.Most)
	return c, nil
}

func sign(n int64) int64 {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// BrokerCredit returns the credit of a broker with the rows behind it. Which introduction a row is
// about is for the broker and the bureau; everybody may see the points.
func (s *Service) BrokerCredit(
	ctx context.Context, by authz.Actor, brokerID string,
) (Credit, error) {
	b, err := s.brokerFor(ctx, by, brokerID, ActBrokerRead)
	if err != nil {
		return Credit{}, err
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return Credit{}, err
	}
	c, err := creditOf(ctx, s.unit.DB(), b, rule, s.today())
	if BrokerPolicy.May(by, ActBrokerInside, b) != nil {
		for i := range c.Rows {
			c.Rows[i].Deal, c.Rows[i].Code, c.Rows[i].AtUs = "", "", 0
		}
	}
	return c, err
}

// recredit computes the credits of brokers anew after something they are made of has changed.
func (s *Service) recredit(ctx context.Context, tx *unit.Tx, brokers ...string) error {
	rule, err := ruleAt(ctx, tx, s.today())
	if err != nil {
		return err
	}
	for _, brokerID := range slices.Compact(brokers) {
		if brokerID == "" {
			continue
		}
		if err := recredit(ctx, tx.Tx, brokerID, rule, s.today()); err != nil {
			return err
		}
	}
	return nil
}

func recredit(
	ctx context.Context, tx *db.Tx, brokerID string, rule Rule, day clock.Date,
) error {
	b, err := db.Get(ctx, tx, qBroker, scanBroker, brokerID)
	if err != nil {
		return err
	}
	c, err := creditOf(ctx, tx, b, rule, day)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, qBrokerCredit, brokerID, c.Value)
	return err
}
