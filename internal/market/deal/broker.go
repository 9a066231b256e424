package deal

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindBroker is the kind of object of brokers, for policies and the trail.
const kindBroker = "deal.broker"

// Limits of a broker's record.
const (
	MaxSummary = 2000 // characters
	maxFields  = 11
	maxPosts   = 500 // in a portfolio
)

// BrokerData is what people write about a broker (技术经理人).
type BrokerData struct {
	Name        string      `json:"name"`
	Person      string      `json:"person,omitempty"` // party_person, "" for none
	Org         string      `json:"org,omitempty"`    // where the broker works
	Region      region.Code `json:"region"`
	Grade       string      `json:"grade"`                 // one of Grades
	Certificate string      `json:"certificate,omitempty"` // its number
	Issuer      string      `json:"issuer,omitempty"`
	ValidFrom   clock.Date  `json:"validFrom,omitempty"`
	ValidTo     clock.Date  `json:"validTo,omitempty"` // last day it is valid
	Fields      []string    `json:"fields,omitempty"`  // 技术领域
	Summary     string      `json:"summary,omitempty"`
	Phone       string      `json:"phone,omitempty"` // of the office, for everybody
}

// Broker is a technology broker as registered.
type Broker struct {
	ID string `json:"id"`
	BrokerData
	Account   string `json:"-"`
	OrgNow    string `json:"-"`
	OrgName   string `json:"orgName,omitempty"`
	State     string `json:"state"`
	Credit    int64  `json:"credit"` // see BrokerCredit for the rows it is the sum of
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	verifyDays int64 // of the rule, when it was loaded to take a step
}

// Valid says whether the certificate holds on a day.
func (b Broker) Valid(day clock.Date) bool {
	return b.Certificate != "" && (b.ValidFrom == "" || b.ValidFrom <= day) &&
		(b.ValidTo == "" || day <= b.ValidTo)
}

func (d *BrokerData) normalise() {
	for _, s := range []*string{&d.Name, &d.Certificate, &d.Issuer, &d.Phone} {
		*s = tidy(*s)
	}
	d.Summary = lines(d.Summary)
}

func (d BrokerData) check(f *faults, grades []Choice) {
	f.line("name", d.Name, MaxLine, true)
	f.line("certificate", d.Certificate, MaxLine, false)
	f.line("issuer", d.Issuer, MaxLine, false)
	f.line("phone", d.Phone, MaxLine, false)
	f.prose("summary", d.Summary, MaxSummary, false)
	f.public("name", d.Name)
	*f = append(*f, market.Public("certificate", d.Certificate, "")...) // digits, which may look like a phone
	f.public("issuer", d.Issuer)
	f.public("summary", d.Summary)
	f.choice("grade", d.Grade, grades)
	f.day("validFrom", d.ValidFrom, false)
	f.day("validTo", d.ValidTo, d.Certificate != "")
	if d.ValidFrom.Valid() && d.ValidTo.Valid() && d.ValidTo < d.ValidFrom {
		f.add("validTo", "结束日期不能早于开始日期")
	}
	if _, err := region.Parse(string(d.Region)); err != nil {
		f.add("region", "请选择所在地区")
	}
	if len(d.Fields) > maxFields {
		f.add("fields", "最多选择 %d 个领域", maxFields)
	}
	for _, v := range d.Fields {
		if TitleOf(Fields(), v) == "" {
			f.add("fields", "没有“%s”这个选项", v)
		}
	}
}

// States of a broker.
const (
	BrokerPending   = "pending"   // 待核验
	BrokerActive    = "active"    // 已核验
	BrokerSuspended = "suspended" // 暂停
	BrokerGone      = "gone"      // 已注销
)

// Actions on brokers.
const (
	ActBrokerRead    authz.Action = "deal.broker.read"
	ActBrokerCreate  authz.Action = "deal.broker.create"
	ActBrokerUpdate  authz.Action = "deal.broker.update"
	ActBrokerVerify  authz.Action = "deal.broker.verify"  // 核验, 暂停, 恢复, 注销
	ActBrokerDeclare authz.Action = "deal.broker.declare" // 申报利益冲突
	ActBrokerInside  authz.Action = "deal.broker.inside"  // conflicts and complaints
	ActBrokerJudge   authz.Action = "deal.broker.judge"   // 处理投诉
	ActBrokerLift    authz.Action = "deal.broker.lift"    // 解除利益冲突
)

// Verified is the relation of everybody to a broker whom the bureau verified.
const Verified authz.Relation = "verified"

// BrokerPolicy says who may do what with brokers. The directory of those who were verified is
// public; a broker keeps the own record and declares conflicts of interest, which the bureau alone lifts; the
// bureau verifies and judges.
var BrokerPolicy = authz.NewPolicy(kindBroker, authz.Rules[Broker]{
	Title: "技术经理人",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActBrokerRead, Title: "查看"},
		{Action: ActBrokerCreate, Title: "登记"},
		{Action: ActBrokerUpdate, Title: "修改"},
		{Action: ActBrokerVerify, Title: "核验"},
		{Action: ActBrokerDeclare, Title: "申报利益冲突"},
		{Action: ActBrokerInside, Title: "查看利益冲突与投诉"},
		{Action: ActBrokerJudge, Title: "处理投诉"},
		{Action: ActBrokerLift, Title: "解除利益冲突"},
	},
	Ties: []authz.Tie[Broker]{
		authz.TieAny[Broker](),
		{Name: Verified, Title: "已核验",
			Holds: func(_ authz.Actor, b Broker) bool { return b.State == BrokerActive },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("b.state = 'active'") }},
		authz.TieSame(authz.Self, "本人",
			func(by authz.Actor) string { return by.Account },
			func(b Broker) string { return b.Account },
			func(key string) db.Where { return db.Where{}.And("b.account = $1", key) }),
	},
	Grants: brokerGrants(),
})

func brokerGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	add(Verified, []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert,
		authz.Broker, authz.Department, authz.District, authz.ChainOffice}, ActBrokerRead)
	add(authz.Any, lookers, ActBrokerRead, ActBrokerInside)
	add(authz.Any, officers, ActBrokerCreate, ActBrokerUpdate, ActBrokerVerify, ActBrokerJudge,
		ActBrokerLift)
	add(authz.Self, brokers, ActBrokerRead, ActBrokerCreate, ActBrokerUpdate, ActBrokerDeclare,
		ActBrokerInside)
	return g
}

// BrokerProcess is the life cycle of a broker's record.
var BrokerProcess = process.MustNew(process.Def[Broker]{
	Name:   "deal_broker",
	Title:  "技术经理人登记",
	Policy: BrokerPolicy,
	Store: process.Store[Broker]{
		Load: brokerByID,
		At: func(b Broker) process.Position {
			return process.Position{ID: b.ID, State: b.State, Version: b.Version}
		},
		Move: qBrokerMove,
	},
	States: []process.State{
		{Name: BrokerPending, Title: "待核验", Initial: true},
		{Name: BrokerActive, Title: "已核验"},
		{Name: BrokerSuspended, Title: "已暂停"},
		{Name: BrokerGone, Title: "已注销", Final: true},
	},
	Steps: []process.Step[Broker]{
		{Name: "verify", Title: "核验通过", From: []string{BrokerPending}, To: BrokerActive,
			May: ActBrokerVerify},
		{Name: "suspend", Title: "暂停", From: []string{BrokerActive}, To: BrokerSuspended,
			May: ActBrokerVerify, Needs: process.Reason},
		{Name: "restore", Title: "恢复", From: []string{BrokerSuspended}, To: BrokerActive,
			May: ActBrokerVerify},
		{Name: "leave", Title: "注销",
			From: []string{BrokerPending, BrokerActive, BrokerSuspended}, To: BrokerGone,
			May: ActBrokerVerify, Needs: process.Reason},
	},
	Clocks: []process.Clock[Broker]{{
		Name: "verify", Title: "核验", In: []string{BrokerPending},
		Limit:      process.WorkingDays(usualVerifyDays),
		Varies:     verifyLimit,
		Owner:      func(Broker) process.Owner { return process.Owner{Role: authz.Officer} },
		Escalate:   func(Broker) process.Owner { return process.Owner{Role: authz.Leader} },
		LastResort: process.Owner{Role: authz.Officer},
	}},
})

func verifyLimit(b Broker) process.Limit {
	return process.WorkingDays(int(cmp.Or(b.verifyDays, usualVerifyDays)))
}

const brokerColumns = `b.id, b.account, b.person, b.name, b.org, b.org_now, b.org_name, b.region,
	b.grade, b.certificate, b.issuer, b.valid_from, b.valid_to, b.summary, b.phone, b.state,
	b.credit, b.created_us, b.created_by, b.updated_us, b.version`

var (
	qBroker          = db.Stmt(`SELECT ` + brokerColumns + ` FROM deal_broker AS b WHERE b.id = $1`)
	qBrokerOfAccount = db.Stmt(`SELECT ` + brokerColumns + ` FROM deal_broker AS b
		WHERE b.account = $1 AND b.account <> ''`)
	qBrokerOfPerson = db.Stmt(`SELECT ` + brokerColumns + ` FROM deal_broker AS b
		WHERE b.person = $1 AND b.person <> '' ORDER BY b.created_us, b.id LIMIT 1`)
	qBrokersNamed = db.Stmt(`SELECT b.person FROM deal_broker AS b
		WHERE b.name = $1 AND b.person <> '' AND b.state = 'active' ORDER BY b.id LIMIT 10`)
	qBrokerMove = db.Stmt(`UPDATE deal_broker SET state = $1, version = version + 1,
		updated_us = $2 WHERE id = $3 AND state = $4 AND version = $5`)
	qBrokerAdd = db.Stmt(`INSERT INTO deal_broker (id, account, person, name, org, org_now, org_name,
			region, grade, certificate, issuer, valid_from, valid_to, summary, phone, state, credit,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $21)`)
	qBrokerSet = db.Stmt(`UPDATE deal_broker SET person = $3, name = $4, org = $5, org_now = $6,
			org_name = $7, region = $8, grade = $9, certificate = $10, issuer = $11,
			valid_from = $12, valid_to = $13, summary = $14, phone = $15, updated_us = $16,
			version = version + 1 WHERE id = $1 AND version = $2`)
	qBrokerFields    = db.Stmt(`SELECT field FROM deal_broker_field WHERE broker = $1 ORDER BY field`)
	qBrokerFieldDrop = db.Stmt(`DELETE FROM deal_broker_field WHERE broker = $1`)
	qBrokerFieldAdd  = db.Stmt(`INSERT INTO deal_broker_field (broker, field) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`)
)

func scanBroker(r db.Row) (Broker, error) {
	var b Broker
	err := r.Scan(&b.ID, &b.Account, &b.Person, &b.Name, &b.Org, &b.OrgNow, &b.OrgName, &b.Region,
		&b.Grade, &b.Certificate, &b.Issuer, &b.ValidFrom, &b.ValidTo, &b.Summary, &b.Phone,
		&b.State, &b.Credit, &b.CreatedUs, &b.CreatedBy, &b.UpdatedUs, &b.Version)
	return b, err
}

func brokerByID(ctx context.Context, q db.Q, brokerID string) (Broker, error) {
	b, err := db.Get(ctx, q, qBroker, scanBroker, brokerID)
	if err != nil {
		return b, err
	}
	b.Fields, err = db.All(ctx, q, qBrokerFields, db.One[string], brokerID)
	return b, err
}

func (b Broker) row() []any {
	return []any{b.ID, b.Account, b.Person, b.Name, b.Org, b.OrgNow, b.OrgName, string(b.Region),
		b.Grade, b.Certificate, b.Issuer, string(b.ValidFrom), string(b.ValidTo), b.Summary, b.Phone,
		b.State, b.Credit, b.CreatedUs, b.CreatedBy, b.UpdatedUs, b.Version}
}
