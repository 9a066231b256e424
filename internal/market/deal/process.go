package deal

import (
	"context"
	"regexp"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an introduction.
const (
	AwaitingNDA = "nda"        // 待双方接受保密约定
	HalfNDA     = "nda_half"   // 待另一方接受保密约定
	Requested   = "requested"  // 待双方同意
	Half        = "half"       // 待另一方同意
	Talking     = "talking"    // 洽谈中
	Intention   = "intention"  // 已有意向
	Drafting    = "drafting"   // 草拟合同
	Signed      = "signed"     // 已签约
	Disputed    = "disputed"   // 签约有异议: a side says that what was recorded of the contract is wrong
	Registered  = "registered" // 合同已登记
	Kept        = "kept"       // 签约未登记: signed, and nobody wants it registered
	Refused     = "refused"    // 已谢绝: before anybody talked
	Broken      = "broken"     // 已终止: after they talked
)

// Steps of an introduction.
const (
	StepPropose  = "propose"   // 提出保密约定, by a side that thereby accepts it
	StepOffer    = "offer_nda" // 代提保密约定, by the broker or the bureau
	StepAccept   = "accept"    // 接受保密约定, the first of two
	StepSeal     = "seal"      // 接受保密约定, the second
	StepConsent  = "consent"   // 同意对接, the first of two
	StepAgree    = "agree"     // 同意对接, the second: contacts can be had
	StepRecord   = "record"    // 记录洽谈
	StepIntend   = "intend"    // 达成意向
	StepDraft    = "draft"     // 起草合同
	StepSign     = "sign"      // 签约
	StepRegister = "register"  // 登记合同
	StepKeep     = "keep"      // 不登记
	StepRefuse   = "refuse"    // 谢绝
	StepBreak    = "break"     // 终止
	StepDissolve = "dissolve"  // 解除合同
	StepAssign   = "assign"    // 指派技术经理人
	StepObject   = "object"    // 对签约记录提出异议, by a side
	StepUphold   = "uphold"    // 异议成立: the contract is recorded anew
	StepDismiss  = "dismiss"   // 异议不成立
)

// Ends says whether a step ends an introduction without a contract that stands: 谢绝, 终止 or 解除合同.
func Ends(step string) bool { return step == StepRefuse || step == StepBreak || step == StepDissolve }

// StepData is what is handed in with a step.
type StepData struct {
	NDA       string     `json:"nda,omitempty"`       // of StepPropose and StepOffer
	Contact   Contact    `json:"contact,omitzero"`    // of StepConsent and StepAgree, the own side's
	Day       clock.Date `json:"day,omitempty"`       // of a meeting, contract or registration
	Place     string     `json:"place,omitempty"`     // of a meeting
	People    string     `json:"people,omitempty"`    // who was there
	Text      string     `json:"text,omitempty"`      // what was talked about, for both sides
	AmountFen money.Fen  `json:"amountFen,omitempty"` // of an intention or contract
	Mode      string     `json:"mode,omitempty"`      // 合作方式
	Number    string     `json:"number,omitempty"`    // 合同登记编号
	Class     string     `json:"class,omitempty"`     // why it ends
	Next      string     `json:"next,omitempty"`      // what comes next then
	Broker    string     `json:"broker,omitempty"`    // of StepAssign

	classes []string // in force
	today   clock.Date
	judged  bool  // an objection to the contract that is recorded was dismissed
	due     int64 // of the state that it leads to
	chase   int64
}

// DealProcess is the life cycle of an introduction.
var DealProcess = process.MustNew(process.Def[Deal]{
	Name:   "deal",
	Title:  "供需对接",
	Policy: DealPolicy,
	Store: process.Store[Deal]{
		Load: dealByID,
		At: func(d Deal) process.Position {
			return process.Position{ID: d.ID, State: d.State, Version: d.Version}
		},
		Move: qDealMove,
	},
	States: []process.State{
		{Name: AwaitingNDA, Title: "待双方接受保密约定", Initial: true},
		{Name: HalfNDA, Title: "待另一方接受保密约定", Initial: true},
		{Name: Requested, Title: "待双方同意", Initial: true},
		{Name: Half, Title: "待另一方同意", Initial: true},
		{Name: Talking, Title: "洽谈中"},
		{Name: Intention, Title: "已有意向"},
		{Name: Drafting, Title: "草拟合同"},
		{Name: Signed, Title: "已签约"},
		{Name: Disputed, Title: "签约有异议"},
		{Name: Registered, Title: "合同已登记", Final: true},
		{Name: Kept, Title: "签约未登记"},
		{Name: Refused, Title: "已谢绝", Final: true},
		{Name: Broken, Title: "已终止", Final: true},
	},
	Steps:  append(openingSteps(), dealingSteps()...),
	Clocks: dealClocks(),
})

// Contracted are the states of introductions with a contract that stands: not one that a side objects to.
func Contracted() []string { return slices.Clone(contracted) }

var (
	contracted = []string{Signed, Registered, Kept}

	opening  = []string{AwaitingNDA, HalfNDA, Requested, Half}
	dealing  = []string{Talking, Intention, Drafting}
	ongoing  = append(append([]string{}, opening...), append(dealing, Signed, Disputed)...)
	endWords = "写明一类原因和下一步"
)

func openingSteps() []process.Step[Deal] {
	before := []string{Requested, Half}
	return []process.Step[Deal]{
		{Name: StepPropose, Title: "提出保密约定", From: before, To: HalfNDA, May: ActDealPropose,
			Rule: "写明约定的全文；提出即为接受；双方是不同的单位", Guard: twoSides, Check: checkNDA, Do: storeNDA},
		{Name: StepOffer, Title: "代提保密约定", From: before, To: AwaitingNDA, May: ActDealManage,
			Rule: "写明约定的全文，由双方各自接受", Check: checkNDA, Do: storeNDA},
		{Name: StepAccept, Title: "接受保密约定", From: []string{AwaitingNDA}, To: HalfNDA,
			May: ActDealNDA, Rule: twoRule, Guard: twoSides, Do: storeAccepted},
		{Name: StepSeal, Title: "接受保密约定", From: []string{HalfNDA}, To: Requested,
			May: ActDealNDA, Rule: twoRule, Guard: twoSides, Do: storeAccepted},
		{Name: StepConsent, Title: "同意对接", From: []string{Requested}, To: Half,
			May: ActDealConsent, Rule: consentRule, Guard: twoSides, Check: checkContact, Do: storeConsent},
		{Name: StepAgree, Title: "同意对接", From: []string{Half}, To: Talking, May: ActDealConsent,
			Rule: consentRule, Guard: twoSides, Check: checkContact, Do: storeConsent},
		{Name: StepRefuse, Title: "谢绝", From: opening, To: Refused, May: ActDealEnd,
			Rule: endWords, Check: checkEnd, Do: storeEnd},
	}
}

func dealingSteps() []process.Step[Deal] {
	return []process.Step[Deal]{
		{Name: StepRecord, Title: "记录洽谈", From: append(append([]string{}, dealing...), Signed, Disputed),
			To: process.Stay, May: ActDealStep, Rule: "日期不晚于当天", Check: checkMeeting, Do: storeMoved},
		{Name: StepIntend, Title: "达成意向", From: []string{Talking}, To: Intention,
			May: ActDealStep, Rule: "写明意向金额与合作方式", Check: checkTerms, Do: storeTerms},
		{Name: StepDraft, Title: "起草合同", From: []string{Talking, Intention}, To: Drafting,
			May: ActDealStep, Do: storeMoved},
		{Name: StepSign, Title: "签约", From: []string{Intention, Drafting}, To: Signed,
			May: ActDealStep, Rule: "写明合同成交额、不早于提出对接的签订日期与合作方式", Check: checkContract, Do: storeContract},
		// A contract that was kept from the register at first may be registered while it holds.
		{Name: StepRegister, Title: "登记合同", From: []string{Signed, Kept}, To: Registered,
			May: ActDealStep, Rule: "合同登记编号为 16 位或 14 位数字", Check: checkNumber, Do: storeNumber},
		{Name: StepKeep, Title: "不登记", From: []string{Signed}, To: Kept, May: ActDealStep,
			Needs: process.Reason, Do: storeKept},
		{Name: StepBreak, Title: "终止", From: dealing, To: Broken, May: ActDealEnd, Rule: endWords,
			Check: checkEnd, Do: storeEnd},
		{Name: StepObject, Title: "对签约记录提出异议", From: []string{Signed, Kept}, To: Disputed,
			May: ActDealObject, Needs: process.Reason, Rule: objectRule, Check: checkObjection, Do: storeObjection},
		{Name: StepUphold, Title: "异议成立", From: []string{Disputed}, To: Drafting, May: ActDealJudge,
			Needs: process.Reason, Do: storeUpheld},
		{Name: StepDismiss, Title: "异议不成立", From: []string{Disputed}, To: Signed, May: ActDealJudge,
			Needs: process.Reason, Do: storeMoved},
		{Name: StepDissolve, Title: "解除合同", From: []string{Signed, Disputed}, To: Broken, May: ActDealEnd,
			Rule: endWords, Check: checkEnd, Do: storeEnd},
		{Name: StepAssign, Title: "指派技术经理人", From: ongoing, To: process.Stay,
			May: ActDealManage, Rule: "技术经理人与双方没有利益冲突", Check: checkAssigned, Do: storeAssigned},
	}
}

// dealClocks hand an introduction that stands still up: from the side whose turn it is to the
// broker, and from the broker to the bureau. An objection is the bureau's. How long they run is
// dated data: each step sets the deadlines of the state it leads to.
func dealClocks() []process.Clock[Deal] {
	bureau := process.Owner{Role: authz.Officer}
	agent := func(d Deal) process.Owner {
		if d.brokerAccount == "" || d.barred || d.State == Disputed {
			return bureau
		}
		return process.Owner{Account: d.brokerAccount}
	}
	turn := func(d Deal) process.Owner {
		if d.State == Disputed {
			return bureau
		}
		s := d.side(d.awaited())
		return process.Owner{Role: s.Role, Org: s.Now}
	}
	return []process.Clock[Deal]{{
		Name: "move", Title: "推进", In: ongoing, Limit: process.Named(),
		Varies: func(d Deal) process.Limit { return process.DueAt(d.DueUs) },
		Owner:  turn, Escalate: agent, LastResort: bureau,
	}, {
		Name: clockChase, Title: "督促", In: ongoing, Limit: process.Named(),
		Varies: func(d Deal) process.Limit { return process.DueAt(d.ChaseUs) },
		Owner:  agent, Escalate: func(Deal) process.Owner { return bureau }, LastResort: bureau,
	}}
}

// Rules of the steps by which a side consents or objects.
const (
	objectRule  = "同一次签约记录的异议只处理一次；已登记的合同向登记机构申请复核"
	twoRule     = "双方是不同的单位"
	consentRule = "留下本方的联系方式，双方同意后对方才能取得；双方是不同的单位"
)

// twoSides refuses what a side says as one of two where both are one organisation.
func twoSides(d Deal) error {
	if d.oneOrg() {
		return fault.New(fault.Conflict, "对接双方都是本单位，请谢绝")
	}
	return nil
}

// data returns what came with a step; another type of input is a mistake of the program.
func data(in process.Input) StepData {
	x, _ := in.Data.(StepData)
	return x
}

func checkNDA(_ Deal, in process.Input) error {
	var f faults
	f.prose("nda", data(in).NDA, MaxNDA, true)
	return f.err()
}

func checkContact(_ Deal, in process.Input) error {
	var f faults
	data(in).Contact.check(&f)
	return f.err()
}

func checkMeeting(_ Deal, in process.Input) error {
	var f faults
	x := data(in)
	f.past("day", x.Day, x.today)
	f.line("place", x.Place, MaxLine, false)
	f.line("people", x.People, MaxPeople, false)
	f.prose("text", x.Text, MaxNote, true)
	return f.err()
}

// past checks a day that must have come.
func (f *faults) past(field string, d, today clock.Date) {
	f.day(field, d, true)
	if d.Valid() && today != "" && d > today {
		f.add(field, "日期不能晚于今天")
	}
}

func (f *faults) amount(field string, v money.Fen, required bool) {
	if v < 0 || required && v == 0 {
		f.add(field, "金额应大于 0")
	}
}

func checkTerms(_ Deal, in process.Input) error {
	var f faults
	x := data(in)
	f.amount("amountFen", x.AmountFen, true)
	f.choice("mode", x.Mode, Modes())
	f.prose("text", x.Text, MaxNote, false)
	return f.err()
}

var contractNumber = regexp.MustCompile(`^(\d{16}|\d{14})$`)

func (f *faults) number(v string, required bool) {
	switch {
	case v == "" && required:
		f.add("number", "请填写这一项")
	case v != "" && !contractNumber.MatchString(v):
		f.add("number", "合同登记编号应为 16 位数字，早年的为 14 位")
	}
}

// checkContract refuses a contract from before the introduction: that one did not come of it.
func checkContract(d Deal, in process.Input) error {
	var f faults
	x := data(in)
	f.amount("amountFen", x.AmountFen, true)
	f.choice("mode", x.Mode, Modes())
	f.past("day", x.Day, x.today)
	if x.Day.Valid() && x.Day < clock.DateOf(clock.Time(d.CreatedUs)) {
		f.add("day", "签订日期不能早于提出对接的日期")
	}
	f.number(x.Number, false)
	return f.err()
}

func checkNumber(d Deal, in process.Input) error {
	var f faults
	x := data(in)
	f.number(x.Number, true)
	f.past("day", x.Day, x.today)
	if x.Day.Valid() && x.Day < d.SignedOn {
		f.add("day", "登记日期不能早于签订日期")
	}
	return f.err()
}

func checkEnd(_ Deal, in process.Input) error {
	var f faults
	x := data(in)
	var allowed []Choice
	for _, c := range Classes() {
		for _, code := range x.classes {
			if code == c.Value {
				allowed = append(allowed, c)
			}
		}
	}
	f.choice("class", x.Class, allowed)
	f.prose("next", x.Next, MaxNext, true)
	f.prose("text", x.Text, MaxNote, false)
	return f.err()
}

func checkObjection(_ Deal, in process.Input) error {
	if data(in).judged {
		return fault.New(fault.Conflict, "对这次签约记录的异议已经处理过，如有新情况请联系科技局")
	}
	return nil
}

func checkAssigned(d Deal, in process.Input) error {
	var f faults
	if x := data(in); x.Broker != "" && x.Broker == d.Broker {
		f.add("broker", "已经由这位技术经理人经办")
	} else if len(x.Broker) > MaxLine {
		f.add("broker", "没有这条记录")
	}
	return f.err()
}

// What steps change. Each sets the deadlines of the state it led to and the time of the first
// answer: $3 is when, $4 and $5 the deadlines, $6 says whether this was an answer.
const moved = `due_us = $4, chase_us = $5, version = version + 1,
	answer_us = CASE WHEN answer_us = 0 AND $6 THEN $3 ELSE answer_us END
	WHERE id = $1 AND version = $2`

var (
	qDealMoved = db.Stmt(`UPDATE deal SET ` + moved)
	qDealNDA   = db.Stmt(`UPDATE deal SET nda = $7, demand_nda_us = $8, demand_nda_by = $9,
		supply_nda_us = $10, supply_nda_by = $11, demand_consent_us = 0, demand_consent_by = '',
		supply_consent_us = 0, supply_consent_by = '', ` + moved)
	qDemandNDA     = db.Stmt(`UPDATE deal SET demand_nda_us = $3, demand_nda_by = $7, ` + moved)
	qSupplyNDA     = db.Stmt(`UPDATE deal SET supply_nda_us = $3, supply_nda_by = $7, ` + moved)
	qDemandConsent = db.Stmt(`UPDATE deal SET demand_consent_us = $3, demand_consent_by = $7, ` +
		moved)
	qSupplyConsent = db.Stmt(`UPDATE deal SET supply_consent_us = $3, supply_consent_by = $7, ` +
		moved)
	qDealTerms    = db.Stmt(`UPDATE deal SET amount_fen = $7, mode = $8, ` + moved)
	qDealContract = db.Stmt(`UPDATE deal SET contract_fen = $7, mode = $8, signed_on = $9,
		contract_no = $10, ` + moved)
	qDealNumber = db.Stmt(`UPDATE deal SET contract_no = $7, registered_on = $8, end_us = $3, ` +
		moved)
	qDealReopen = db.Stmt(`UPDATE deal SET end_us = 0, ` + moved)
	qDealUpheld = db.Stmt(`UPDATE deal SET contract_fen = 0, contract_no = '', signed_on = '', ` + moved)
	qDealEnd    = db.Stmt(`UPDATE deal SET class = $7, next_step = $8, end_us = $3, ` + moved)
	qDealBroker = db.Stmt(`UPDATE deal SET broker = $7, ` + moved)
)

// change runs one of the statements above. An answer is what the side does that did not ask.
func change(
	ctx context.Context, tx *unit.Tx, stmt *db.Statement, d Deal, x StepData, more ...any,
) error {
	side := d.SideOf(tx.By())
	answered := side == Demand && d.AskedBy != Demand || side == Supply && d.AskedBy != Supply
	args := append([]any{d.ID, d.Version, tx.NowUs(), x.due, x.chase, answered}, more...)
	return db.ExecOne(ctx, tx.Tx, stmt, args...)
}

func storeMoved(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	return change(ctx, tx, qDealMoved, d, data(in))
}

// storeNDA keeps the text of an agreement; what was consented to before counts no more.
func storeNDA(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	times := map[string]int64{}
	names := map[string]string{}
	if side := d.SideOf(tx.By()); side == Demand || side == Supply {
		times[side], names[side] = tx.NowUs(), tx.By().Login
	}
	return change(ctx, tx, qDealNDA, d, x, x.NDA, times[Demand], names[Demand], times[Supply],
		names[Supply])
}

func storeAccepted(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	stmt := qDemandNDA
	if d.SideOf(tx.By()) == Supply {
		stmt = qSupplyNDA
	}
	return change(ctx, tx, stmt, d, data(in), tx.By().Login)
}

func storeConsent(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	stmt := qDemandConsent
	if d.SideOf(tx.By()) == Supply {
		stmt = qSupplyConsent
	}
	return change(ctx, tx, stmt, d, data(in), tx.By().Login)
}

func storeTerms(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	return change(ctx, tx, qDealTerms, d, x, int64(x.AmountFen), x.Mode)
}

func storeContract(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	return change(ctx, tx, qDealContract, d, x, int64(x.AmountFen), x.Mode, string(x.Day), x.Number)
}

func storeNumber(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	return change(ctx, tx, qDealNumber, d, x, x.Number, string(x.Day))
}

func storeKept(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	return change(ctx, tx, qDealEnd, d, data(in), "", "")
}

func storeObjection(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	return change(ctx, tx, qDealReopen, d, data(in))
}

// storeUpheld takes back what was recorded of the contract: the timeline keeps it.
func storeUpheld(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	return change(ctx, tx, qDealUpheld, d, data(in))
}

func storeEnd(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	return change(ctx, tx, qDealEnd, d, x, x.Class, x.Next)
}

func storeAssigned(ctx context.Context, tx *unit.Tx, d Deal, in process.Input) error {
	x := data(in)
	return change(ctx, tx, qDealBroker, d, x, x.Broker)
}
