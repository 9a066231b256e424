package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a certificate.
const (
	CertificateClaimed   = "claimed"   // 待确认
	CertificateConfirmed = "confirmed" // 已确认
	CertificateRefused   = "refused"   // 未通过
)

// CertificateStates are the states of a certificate.
func CertificateStates() []Choice {
	return []Choice{{CertificateClaimed, "待确认"}, {CertificateConfirmed, "已确认"},
		{CertificateRefused, "未通过"}}
}

// CertificateData is what a broker writes about a certificate (证书).
type CertificateData struct {
	Title     string     `json:"title"`
	Grade     string     `json:"grade,omitempty"` // one of Grades, "" for one without
	Number    string     `json:"number"`
	Issuer    string     `json:"issuer"`
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // last day, "" for one without an end
}

// Certificate is a certificate as stored. Everybody sees those that the bureau confirmed.
type Certificate struct {
	ID     string `json:"id"`
	Broker string `json:"broker"`
	CertificateData
	State     string `json:"state"`
	Answer    string `json:"answer,omitempty"` // of the bureau
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	DecidedUs int64  `json:"decidedUs,omitempty"`
	DecidedBy string `json:"-"`
	Version   int64  `json:"version"`
}

// Valid says whether a certificate holds on a day.
func (c CertificateData) Valid(day clock.Date) bool {
	return c.ValidFrom <= day && (c.ValidTo == "" || day <= c.ValidTo)
}

const certificateColumns = `c.id, c.broker, c.title, c.grade, c.number, c.issuer, c.valid_from,
	c.valid_to, c.state, c.answer, c.created_us, c.created_by, c.decided_us, c.decided_by, c.version`

var (
	qCertificate = db.Stmt(`SELECT ` + certificateColumns + ` FROM deal_broker_certificate AS c
		WHERE c.id = $1`)
	qCertificates = db.Stmt(`SELECT ` + certificateColumns + ` FROM deal_broker_certificate AS c
		WHERE c.broker = $1 ORDER BY c.created_us DESC, c.id DESC LIMIT 30`)
	qCertificateAdd = db.Stmt(`INSERT INTO deal_broker_certificate (id, broker, title, grade, number,
			issuer, valid_from, valid_to, state, answer, created_us, created_by, decided_us,
			decided_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'claimed', '', $9, $10, 0, '', 1)`)
	qCertificateSet = db.Stmt(`UPDATE deal_broker_certificate SET state = $3, answer = $4,
			decided_us = $5, decided_by = $6, version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'claimed'`)
	qCertificateDrop = db.Stmt(`DELETE FROM deal_broker_certificate WHERE broker = $1 AND id = $2`)
)

var certificateList = db.Select(certificateColumns, `deal_broker_certificate AS c`,
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("c.created_us"), db.TextCol("c.id")}})

func scanCertificate(r db.Row) (Certificate, error) {
	var c Certificate
	err := r.Scan(&c.ID, &c.Broker, &c.Title, &c.Grade, &c.Number, &c.Issuer, &c.ValidFrom, &c.ValidTo,
		&c.State, &c.Answer, &c.CreatedUs, &c.CreatedBy, &c.DecidedUs, &c.DecidedBy, &c.Version)
	return c, err
}

// shownCertificates are those of a broker that the actor sees.
func shownCertificates(ctx context.Context, q db.Q, by authz.Actor, b Broker) ([]Certificate, error) {
	list, err := db.All(ctx, q, qCertificates, scanCertificate, b.ID)
	if err != nil || BrokerPolicy.MaySee(by, ActBrokerInside, b) {
		return list, err
	}
	var out []Certificate
	for _, c := range list {
		if c.State == CertificateConfirmed {
			c.Answer = ""
			out = append(out, c)
		}
	}
	return out, nil
}

func (d CertificateData) check(f *faults, grades []Choice) {
	f.line("title", d.Title, MaxLine, true)
	if d.Grade != "" {
		f.choice("grade", d.Grade, grades)
	}
	f.line("number", d.Number, MaxLine, true)
	f.line("issuer", d.Issuer, MaxLine, true)
	f.day("validFrom", d.ValidFrom, true)
	f.day("validTo", d.ValidTo, false)
	if d.ValidFrom.Valid() && d.ValidTo.Valid() && d.ValidTo < d.ValidFrom {
		f.add("validTo", "结束日期不能早于开始日期")
	}
}

// NewCertificate is the input of AddCertificate.
type NewCertificate struct {
	Broker string `json:"-"`
	CertificateData
	Key string `json:"-"`
}

// AddCertificate hands in a certificate of a broker, for the bureau to confirm.
func (s *Service) AddCertificate(
	ctx context.Context, by authz.Actor, in NewCertificate,
) (Certificate, error) {
	in.Title, in.Number, in.Issuer = tidy(in.Title), tidy(in.Number), tidy(in.Issuer)
	b, err := s.brokerFor(ctx, by, in.Broker, ActBrokerUpdate)
	if err != nil {
		return Certificate{}, err
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return Certificate{}, err
	}
	var f faults
	in.check(&f, inForce(Grades(), rule.Grades))
	if err := f.err(); err != nil {
		return Certificate{}, err
	}
	certificateID := id.New()
	out, _, err := unit.Once(ctx, s.unit, by, "deal.AddCertificate", in.Key, in,
		func(tx *unit.Tx) (Certificate, error) {
			have, err := db.All(ctx, tx, qCertificates, scanCertificate, b.ID)
			if err != nil {
				return Certificate{}, err
			}
			if len(have) >= MaxCertificates {
				return Certificate{}, fault.New(fault.Conflict, "最多 %d 份证书，请先删去旧的", MaxCertificates)
			}
			tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "add_certificate",
				Detail: in.CertificateData})
			tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: b.ID})
			tx.Emit(outbox.Event{Kind: EventCertificate, Object: b.ID, Data: CertificateMoved{
				Certificate: certificateID, Title: in.Title, State: CertificateClaimed, By: by.Account}})
			err = db.ExecOne(ctx, tx.Tx, qCertificateAdd, certificateID, b.ID, in.Title, in.Grade, in.Number,
				in.Issuer, string(in.ValidFrom), string(in.ValidTo), tx.NowUs(), by.Login)
			if err != nil {
				return Certificate{}, err
			}
			return db.Get(ctx, tx, qCertificate, scanCertificate, certificateID)
		})
	return out, err
}

// RemoveCertificate takes a certificate away.
func (s *Service) RemoveCertificate(
	ctx context.Context, by authz.Actor, brokerID, certificateID string,
) error {
	b, err := s.brokerFor(ctx, by, brokerID, ActBrokerUpdate)
	if err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "deal.RemoveCertificate", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "remove_certificate",
			Detail: map[string]string{"certificate": certificateID}})
		tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: b.ID})
		return db.ExecOne(ctx, tx.Tx, qCertificateDrop, b.ID, certificateID)
	})
}

// CertificateDecision is the input of DecideCertificate.
type CertificateDecision struct {
	ID      string `json:"-"`
	State   string `json:"state"` // CertificateConfirmed or CertificateRefused
	Answer  string `json:"answer,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// DecideCertificate confirms a certificate that was handed in, or refuses it with a reason.
func (s *Service) DecideCertificate(
	ctx context.Context, by authz.Actor, in CertificateDecision,
) (Certificate, error) {
	in.Answer = lines(in.Answer)
	c, err := db.Get(ctx, s.unit.DB(), qCertificate, scanCertificate, in.ID)
	if err != nil {
		return Certificate{}, err
	}
	if _, err := s.brokerFor(ctx, by, c.Broker, ActBrokerInside); err != nil {
		return Certificate{}, errAbsent()
	}
	if _, err := s.brokerFor(ctx, by, c.Broker, ActBrokerVerify); err != nil {
		return Certificate{}, err
	}
	var f faults
	f.choice("state", in.State, CertificateStates()[1:])
	f.prose("answer", in.Answer, MaxNote, in.State == CertificateRefused)
	if err := f.err(); err != nil {
		return Certificate{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "deal.DecideCertificate", in.Key, in,
		func(tx *unit.Tx) (Certificate, error) {
			err := db.ExecOne(ctx, tx.Tx, qCertificateSet, c.ID, in.Version, in.State, in.Answer, tx.NowUs(),
				by.Login)
			if err != nil {
				return Certificate{}, err
			}
			tx.Audit(audit.Entry{Kind: kindBroker, Object: c.Broker, What: "decide_certificate",
				Reason: in.Answer, Detail: map[string]string{"certificate": c.ID, "state": in.State}})
			tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: c.Broker})
			tx.Emit(outbox.Event{Kind: EventCertificate, Object: c.Broker, Data: CertificateMoved{
				Certificate: c.ID, Title: c.Title, State: in.State, Answer: in.Answer, By: by.Account}})
			return db.Get(ctx, tx, qCertificate, scanCertificate, c.ID)
		})
	return out, err
}

// ListCertificates returns the certificates that wait for the bureau, or those in another state, the
// newest first.
func (s *Service) ListCertificates(
	ctx context.Context, by authz.Actor, state string, p db.PageReq,
) (db.Page[Certificate], error) {
	if err := BrokerPolicy.May(by, ActBrokerInside, Broker{}); err != nil {
		return db.Page[Certificate]{}, err
	}
	if state == "" {
		state = CertificateClaimed
	}
	return db.List(ctx, s.unit.DB(), certificateList, db.Where{}.And("c.state = $1", state),
		certificateList.Order(""), p, scanCertificate)
}
