package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// DealStep is the input of FireDeal.
type DealStep struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Version int64  `json:"version"`
	Reason  string `json:"reason,omitempty"`
	StepData
	Key string `json:"-"`
}

func (in *DealStep) tidy() {
	x := &in.StepData
	x.NDA, x.Text, x.Next = lines(x.NDA), lines(x.Text), lines(x.Next)
	x.Place, x.People, x.Number = tidy(x.Place), tidy(x.People), tidy(x.Number)
	x.Contact = x.Contact.tidied()
}

// texts checks all that came with a step in words, whichever it is: the timeline keeps it.
func (in DealStep) texts(consented bool) error {
	var f faults
	x := in.StepData
	f.line("place", x.Place, MaxLine, false)
	f.line("people", x.People, MaxPeople, false)
	f.prose("text", x.Text, MaxNote, false)
	f.prose("next", x.Next, MaxNext, false)
	f.prose("nda", x.NDA, MaxNDA, false)
	for _, t := range []struct{ field, text string }{{"place", x.Place}, {"people", x.People},
		{"text", x.Text}, {"next", x.Next}, {"nda", x.NDA}, {"reason", in.Reason}} {
		f.quiet(t.field, t.text, consented)
	}
	return f.err()
}

// FireDeal takes a step with an introduction. What the step means for the posts happens in the same
// write.
func (s *Service) FireDeal(ctx context.Context, by authz.Actor, in DealStep) (Deal, error) {
	in.tidy()
	d, err := s.readDeal(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Deal{}, err
	}
	contact := in.Contact
	if in.Step == StepConsent || in.Step == StepAgree {
		if contact, err = s.contactFor(ctx, d, d.SideOf(by), in.Contact); err != nil {
			return Deal{}, err
		}
	}
	in.Contact = Contact{} // neither hashed nor kept with the request
	const useCase = "deal.FireDeal"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return in.ID, s.fire(ctx, tx, in, contact)
	})
	if err != nil {
		return Deal{}, err
	}
	d, err = dealByID(ctx, s.unit.DB(), in.ID)
	if err == nil && DealPolicy.May(by, ActDealRead, d) != nil { // handed to another broker
		return Deal{ID: d.ID, Code: d.Code, Title: d.Title, State: d.State, Version: d.Version}, nil
	}
	return d.seenBy(ctx, by), err
}

func (s *Service) fire(ctx context.Context, tx *unit.Tx, in DealStep, c Contact) error {
	before, err := dealByID(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	side := before.SideOf(tx.By())
	if in.Step == StepAssign {
		if err := s.assignable(ctx, tx, tx.By(), before, in.StepData.Broker); err != nil {
			return err
		}
	}
	x, err := s.prepare(ctx, tx, before, in, c)
	if err != nil {
		return err
	}
	d, err := s.deals.Fire(ctx, tx, in.ID, in.Version, in.Step,
		process.Input{Reason: in.Reason, Data: x})
	if err != nil {
		return err
	}
	if err := in.texts(before.consented()); err != nil {
		return err // nothing of the step stays
	}
	if in.Step == StepConsent || in.Step == StepAgree {
		if err := s.keepContact(ctx, tx, d.ID, side, c); err != nil {
			return err
		}
	}
	if err := s.noteStep(ctx, tx, before, d, in); err != nil {
		return err
	}
	var reopened int64
	if in.Step == StepAssign {
		if reopened, err = s.reopenSplit(ctx, tx, before); err != nil {
			return err
		}
	}
	if err := s.movePosts(ctx, tx, d, in); err != nil {
		return err
	}
	s.tell(tx, d, in, reopened)
	if in.Step == StepConsent || in.Step == StepAgree {
		if err := s.withdrawTold(ctx, tx, d.ID); err != nil {
			return err
		}
	}
	if before.State != d.State {
		if err := s.tellOutcome(ctx, tx, d); err != nil {
			return err
		}
	}
	return s.recredit(ctx, tx, before.Broker, d.Broker)
}

// prepare completes what came with a step by what the rule of the day says.
func (s *Service) prepare(
	ctx context.Context, q db.Q, d Deal, in DealStep, c Contact,
) (StepData, error) {
	now := s.unit.Clock().Now()
	rule, err := ruleAt(ctx, q, clock.DateOf(now))
	if err != nil {
		return StepData{}, err
	}
	x := in.StepData
	x.Contact, x.classes, x.today = c, rule.Classes, clock.DateOf(now)
	if in.Step == StepObject {
		if x.judged, err = judged(ctx, q, d.ID); err != nil {
			return x, err
		}
	}
	to := d.State
	for _, step := range DealProcess.Def().Steps {
		if step.Name == in.Step && step.To != process.Stay {
			to = step.To
		}
	}
	x.due, x.chase = rule.limits(s.times.Calendar, to, now)
	return x, nil
}

// qJudged counts the objections to the contract that was recorded last that came to nothing.
var qJudged = db.Stmt(`SELECT COUNT(*) FROM deal_entry AS e WHERE e.deal = $1 AND e.step = 'dismiss'
	AND e.at_us >= (SELECT COALESCE(MAX(s.at_us), 0) FROM deal_entry AS s WHERE s.deal = $1 AND s.step = 'sign')`)

func judged(ctx context.Context, q db.Q, dealID string) (bool, error) {
	n, err := db.Get(ctx, q, qJudged, db.One[int64], dealID)
	return n > 0, err
}

// noteStep writes the line of a step into the timeline.
func (s *Service) noteStep(
	ctx context.Context, tx *unit.Tx, before, d Deal, in DealStep,
) error {
	kind := EntryStep
	if in.Step == StepRecord {
		kind = EntryMeeting
	}
	e := newEntry(tx, before, kind, in.Step)
	x := in.StepData
	e.Text = x.Text
	if in.Reason != "" {
		e.Text = in.Reason
	}
	e.Data = EntryData{Day: x.Day, Place: x.Place, People: x.People, AmountFen: x.AmountFen,
		Mode: x.Mode, Number: x.Number, Class: x.Class, Next: x.Next}
	if in.Step == StepAssign {
		e.Data.Name = d.BrokerName
	}
	return e.save(ctx, tx.Tx)
}

func (s *Service) tell(tx *unit.Tx, d Deal, in DealStep, reopened int64) {
	m := Moved{Step: in.Step, State: d.State, Demand: d.Demand.Post, Supply: d.Supply.Post,
		ContractFen: d.ContractFen, Split: reopened, By: tx.By().Account}
	tx.Emit(outbox.Event{Kind: EventDealMoved, Object: d.ID, Data: m})
	switch d.State {
	case Refused, Broken:
		tx.Emit(outbox.Event{Kind: EventDealEnded, Object: d.ID, Data: Ended{Class: d.Class,
			State: d.State, Source: d.Source, Demand: d.Demand.Post, Supply: d.Supply.Post}})
	case Signed:
		if in.Step == StepSign {
			tx.Emit(outbox.Event{Kind: EventDealSigned, Object: d.ID, Data: m})
		}
	}
}

// tellOutcome tells where interests were shown how far the two sides have come.
func (s *Service) tellOutcome(ctx context.Context, tx *unit.Tx, d Deal) error {
	if s.opt.Outcome == nil {
		return nil
	}
	outcome := "talking"
	switch d.State {
	case AwaitingNDA, HalfNDA, Requested, Half:
		outcome = "introduced"
	case Signed, Disputed, Registered, Kept:
		outcome = "signed"
	case Refused, Broken:
		outcome = "refused"
	}
	for _, x := range []struct{ post, org string }{{d.Demand.Post, d.Supply.Org},
		{d.Supply.Post, d.Demand.Org}} {
		if x.post == "" || x.org == "" {
			continue
		}
		if err := s.opt.Outcome(ctx, tx, x.post, x.org, outcome, d.Code); err != nil {
			return err
		}
	}
	return nil
}

// movePosts takes the posts along: the first talk about one makes it 对接中, the end of the last one
// makes it 已发布 again.
func (s *Service) movePosts(ctx context.Context, tx *unit.Tx, d Deal, in DealStep) error {
	for _, side := range []Side{d.Demand, d.Supply} {
		if side.Post == "" {
			continue
		}
		if err := s.movePost(ctx, tx, d, side.Post, in); err != nil {
			return err
		}
	}
	if in.Step == StepAgree {
		return s.letIn(ctx, tx, d)
	}
	return nil
}

// letIn lets each side read all of the other's post.
func (s *Service) letIn(ctx context.Context, tx *unit.Tx, d Deal) error {
	for _, x := range []struct{ post, org string }{{d.Demand.Post, d.Supply.Org},
		{d.Supply.Post, d.Demand.Org}} {
		if x.post == "" {
			continue
		}
		if err := s.opt.Market.LetIn(ctx, tx, x.post, x.org); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) movePost(
	ctx context.Context, tx *unit.Tx, d Deal, postID string, in DealStep,
) error {
	p, err := market.PostByID(ctx, tx, postID)
	if err != nil {
		return err
	}
	var steps []string
	switch in.Step {
	case StepAgree:
		steps = []string{market.StepTalk}
	case StepSign:
		steps = []string{market.StepSign}
	case StepRegister:
		steps = []string{market.StepRegister}
		if p.Kind == market.Need {
			steps = []string{market.StepSolve}
		}
	case StepKeep:
		if p.Kind == market.Need {
			steps = []string{market.StepSolve}
		}
	case StepUphold:
		return s.movePostBack(ctx, tx, d, p)
	case StepBreak, StepDissolve:
		others, err := db.Get(ctx, tx, qOpenWith, db.One[int64], postID, d.ID)
		if err != nil {
			return err
		}
		if others == 0 {
			steps = []string{market.StepUntalk}
		}
	}
	for _, step := range steps {
		if !leads(p, step) {
			continue
		}
		if _, err := s.opt.Market.Advance(ctx, tx, postID, step, process.Input{}); err != nil {
			return err
		}
	}
	return nil
}

// movePostBack makes a post 对接中 again whose only contract is to be recorded anew. A need is solved already when that
// contract was kept from the register.
func (s *Service) movePostBack(ctx context.Context, tx *unit.Tx, d Deal, p market.Post) error {
	n, err := db.Get(ctx, tx, qSignedWith, db.One[int64], p.ID, d.ID)
	if err != nil || n > 0 {
		return err
	}
	var back string
	switch p.State {
	case market.Signed:
		back = market.StepUntalk
	case market.Solved:
		back = market.StepUnsolve
	default:
		return nil
	}
	for _, step := range []string{back, market.StepTalk} {
		if _, err := s.opt.Market.Advance(ctx, tx, p.ID, step, process.Input{}); err != nil {
			return err
		}
	}
	return nil
}

// leads says whether a step leads on from where a post stands. A post that its owner took back
// meanwhile, or that is further along by another introduction, stays where it is.
func leads(p market.Post, step string) bool {
	for _, x := range market.ProcessOf(p.Kind).Def().Steps {
		if x.Name == step {
			return slices.Contains(x.From, p.State)
		}
	}
	return false
}

// assignable refuses a broker who is not verified, whose certificate has run out or who has a conflict of
// interest: to the bureau any, to others one with a side that the broker may know. Refused for another, a broker
// who hands an introduction on would be told who owns the post.
func (s *Service) assignable(ctx context.Context, q db.Q, by authz.Actor, d Deal, brokerID string) error {
	if brokerID == "" {
		return nil
	}
	b, found, err := db.Find(ctx, q, qBroker, scanBroker, brokerID)
	if err != nil {
		return err
	}
	if !found || b.State != BrokerActive {
		return fault.Fields(fault.At("broker", "没有找到这位技术经理人"))
	}
	if b.ValidTo != "" && b.ValidTo < s.today() {
		return fault.Fields(fault.At("broker", "该技术经理人的证书已于 %s 到期，更新并核验后再委派", b.ValidTo))
	}
	some, told, err := conflictIn(ctx, q, b, d)
	if err == nil && (told || some && d.SideOf(by) == Bureau) {
		err = fault.Fields(fault.At("broker", "该技术经理人与其中一方有利益冲突，须回避"))
	}
	return err
}
