package deal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

func each(t *testing.T, f func(t *testing.T, x *lab)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newLab(t, d)) })
}

// An introduction goes from the request to the registered contract, and takes its posts along.
func TestToTheContract(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.ask(x.firm, nil)
		if d.State != Half || d.AskedBy != Demand || d.DueUs == 0 || x.state(x.need) != market.Published {
			t.Fatalf("%+v", d)
		}
		_, err := x.CreateDeal(t.Context(), x.firm, NewDeal{Post: x.result, With: x.need, Message: "再问"})
		x.wantKind(err, fault.Conflict) // it is under way already
		d = x.fire(x.school, d, StepAgree)
		if x.state(x.need) != market.Talking || x.state(x.result) != market.Talking || d.AnswerUs == 0 {
			t.Errorf("posts are %s and %s", x.state(x.need), x.state(x.result))
		}
		d = x.fire(x.officer, d, StepAssign)
		for _, step := range []string{StepRecord, StepIntend, StepDraft, StepSign} {
			d = x.fire(x.agent, d, step)
		}
		if d.State != Signed || d.ContractFen != 100_00 || x.state(x.need) != market.Signed {
			t.Errorf("%+v", d)
		}
		d = x.fire(x.firm, d, StepRegister)
		if x.state(x.need) != market.Solved || x.state(x.result) != market.Registered || d.Open() {
			t.Errorf("posts are %s and %s", x.state(x.need), x.state(x.result))
		}
		c, err := x.BrokerCredit(t.Context(), x.agent, x.broker.ID)
		if err != nil || c.Value != 68 || len(c.Rows) != 3 { // 60 + 6 + 2
			t.Errorf("credit %+v, %v", c, err)
		}
		for _, m := range x.Measures() {
			n, err := m.Figure(t.Context(), x.db, m.Scope(x.officer))
			want := map[string]int64{"deal.introduced": 1, "deal.agreed": 1, "deal.signed": 1, "deal.registered": 1,
				"deal.contracts": 100_00}[m.Name]
			if err != nil || n != want {
				t.Errorf("%s is %d, %v; want %d", m.Name, n, err, want)
			}
		}
	})
}

// The last introduction that ends lets a post go back; each ends with a class and a next step, which
// the owner reads and the matcher is told.
func TestToNoContract(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		other := x.member("acc-2", "晋阳半导体有限公司", "enterprise", authz.Enterprise)
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		e := x.ask(other, func(in *NewDeal) {
			in.With, in.Contact = "", Contact{Name: "赵", Phone: "0351-0000003"}
		})
		e = x.fire(x.school, e, StepAgree)
		_, err := x.FireDeal(t.Context(), x.firm, DealStep{ID: d.ID, Step: StepBreak, Version: d.Version})
		f, _ := fault.As(err)
		if f == nil || len(f.Fields) != 2 {
			t.Fatalf("an end without class and next step: %v", err)
		}
		x.fire(x.firm, d, StepBreak)
		if x.state(x.need) != market.Published || x.state(x.result) != market.Talking {
			t.Errorf("posts are %s and %s", x.state(x.need), x.state(x.result))
		}
		x.fire(other, e, StepBreak)
		if x.state(x.result) != market.Published {
			t.Errorf("the result is %s", x.state(x.result))
		}
		r, err := x.PostFeedback(t.Context(), x.school, x.result, "", "")
		if err != nil || r.Asked != 2 || r.Ended != 2 || r.Classes["price"] != 2 ||
			r.Reasons[0].Next != "明年再议" {
			t.Errorf("feedback %+v, %v", r, err)
		}
		_, err = x.PostFeedback(t.Context(), other, x.result, "", "")
		x.wantKind(err, fault.NotFound)
		ended := 0
		x.ok(x.events(func(e outbox.Stored) {
			var data Ended
			if e.Kind == EventDealEnded && json.Unmarshal(e.Data, &data) == nil && data.Class == "price" {
				ended++
			}
		}))
		if ended != 2 {
			t.Errorf("told of %d ends", ended)
		}
	})
}

// events hands every event of the house to f.
func (x *lab) events(f func(outbox.Stored)) error {
	d := outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, outbox.Consumer{Name: "test",
		Handle: func(_ context.Context, _ *db.Tx, list []outbox.Stored) error {
			for _, e := range list {
				f(e)
			}
			return nil
		}})
	return d.CatchUp(x.t.Context())
}

// Both accept the agreement before either consents, each for itself.
func TestAgreement(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.ask(x.firm, func(in *NewDeal) { in.NDA = "双方对交流内容保密三年。" })
		if d.State != HalfNDA || d.Demand.NDAUs == 0 || d.Demand.ConsentUs != 0 {
			t.Fatalf("%+v", d)
		}
		_, err := x.FireDeal(t.Context(), x.firm, DealStep{ID: d.ID, Step: StepSeal, Version: d.Version})
		x.wantKind(err, fault.Forbidden) // it has accepted
		d = x.fire(x.school, d, StepSeal)
		if d.State != Requested || d.Supply.NDABy != x.school.Login {
			t.Fatalf("%+v", d)
		}
		d = x.fire(x.firm, d, StepConsent)
		_, err = x.RevealContacts(t.Context(), x.school, d.ID)
		x.wantKind(err, fault.Conflict)
		x.fire(x.school, d, StepAgree)
	})
}

// A contact is nowhere but in the answer that hands it out, which is on record.
func TestContactsDoNotLeak(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.ask(x.firm, nil)
		_, err := x.RevealContacts(t.Context(), x.school, d.ID)
		x.wantKind(err, fault.Conflict)
		d = x.fire(x.school, d, StepAgree)
		_, err = x.RevealContacts(t.Context(), x.officer, d.ID)
		x.wantKind(err, fault.Forbidden)
		got, err := x.RevealContacts(t.Context(), x.firm, d.ID)
		if err != nil || len(got) != 1 || got[0].Side != Supply || got[0].Phone != schoolPhone {
			t.Fatalf("%+v, %v", got, err)
		}
		var all bytes.Buffer
		for _, by := range []authz.Actor{x.firm, x.school, x.officer} {
			all.WriteString(x.everything(by, d.ID))
		}
		if _, err := audit.Export(t.Context(), x.db, &all, 0); err != nil {
			t.Fatal(err)
		}
		x.ok(x.events(func(e outbox.Stored) { all.Write(e.Data) }))
		for _, secret := range []string{firmPhone, schoolPhone, "王联系"} {
			if strings.Contains(all.String(), secret) {
				at := strings.Index(all.String(), secret)
				t.Errorf("%s leaks: %.300s", secret, all.String()[max(0, at-250):])
			}
		}
		detail, err := x.GetDeal(t.Context(), x.school, d.ID)
		if err != nil || !slices.ContainsFunc(detail.Timeline, func(e Entry) bool {
			return e.Kind == EntryContact && e.By == "太原晶体科技有限公司" && e.Data.Of == Supply
		}) {
			t.Errorf("handing out is not in the timeline: %+v", detail.Timeline)
		}
	})
}

// everything is all that the room tells somebody of an introduction: record, list, counts, board,
// file and feedback.
func (x *lab) everything(by authz.Actor, dealID string) string {
	x.t.Helper()
	c := x.t.Context()
	var file bytes.Buffer
	detail, err := x.GetDeal(c, by, dealID)
	out := fmt.Sprint(err)
	page, err := x.ListDeals(c, by, DealFilter{}, "", db.PageReq{})
	out += fmt.Sprint(err)
	counts, err := x.CountDeals(c, by, DealFilter{})
	out += fmt.Sprint(err)
	board, err := x.Board(c, by, DealFilter{})
	out += fmt.Sprint(err)
	_, err = x.WriteDeals(c, by, DealFilter{}, "", Export{Format: sheet.CSV}, &file)
	out += fmt.Sprint(err)
	back, err := x.MyFeedback(c, by, "", "")
	return out + fmt.Sprint(err) + encode([]any{detail, page.Items, counts, board, back}) + file.String()
}

// Notes that a reader may not see change nothing that the reader gets, whichever they are and
// whoever writes them.
func TestHiddenNotesChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		d = x.fire(x.officer, d, StepAssign)
		readers := map[string]authz.Actor{Demand: x.firm, Supply: x.school, Agent: x.agent,
			Bureau: x.officer}
		r := rand.New(rand.NewPCG(5, 6))
		for n := range 24 {
			side := pick(r, []string{Demand, Supply, Agent, Bureau})
			seen := pick(r, viewsOf(side))
			before := map[string]string{}
			for who, by := range readers {
				before[who] = x.everything(by, d.ID)
			}
			_, err := x.AddNote(t.Context(), readers[side], NewNote{Deal: d.ID, Seen: seen,
				Text: fmt.Sprintf("备注 %d", n)})
			x.ok(err)
			for who, by := range readers {
				may := slices.Contains(seenBy(who), any(seen))
				if same := x.everything(by, d.ID) == before[who]; same == may {
					t.Errorf("a note of %s seen by %s: %s sees a change: %v", side, seen, who, !same)
				}
			}
		}
		_, err := x.AddNote(t.Context(), x.firm, NewNote{Deal: d.ID, Text: "x", Seen: SeenSupply})
		x.wantKind(err, fault.Invalid)
	})
}

// A broker with a conflict of interest has no part: not by assignment, not by asking, and not any
// longer once it is declared.
func TestConflictOfInterest(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		inside := authz.Actor{Account: "acc-i", Login: "inside", Role: authz.Broker}
		b := x.newBroker(inside, "梁经理", x.school.Org)
		d := x.ask(x.firm, nil)
		_, err := x.FireDeal(t.Context(), x.officer, DealStep{ID: d.ID, Step: StepAssign,
			Version: d.Version, StepData: StepData{Broker: b.ID}})
		x.wantKind(err, fault.Invalid)
		_, err = x.CreateDeal(t.Context(), inside, NewDeal{Post: x.result, Org: x.firm.Org, Message: "代为联系"})
		x.wantKind(err, fault.NotFound)

		d = x.fire(x.officer, d, StepAssign)
		if _, err := x.GetDeal(t.Context(), x.agent, d.ID); err != nil {
			t.Fatal(err)
		}
		_, err = x.DeclareConflict(t.Context(), x.agent, NewConflict{Broker: x.broker.ID,
			Org: x.school.Org, Reason: "配偶在该校任职"})
		x.ok(err)
		_, err = x.GetDeal(t.Context(), x.agent, d.ID)
		x.wantKind(err, fault.NotFound)
		now, err := x.GetDeal(t.Context(), x.officer, d.ID)
		if err != nil || now.Broker != "" || now.Timeline[0].Step != "withdraw_broker" {
			t.Errorf("%+v, %v", now.Deal, err)
		}
	})
}

// A broker whose certificate has run out takes no new introduction.
func TestExpiredCertificate(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		until, err := time.Parse(time.DateOnly, string(x.broker.ValidTo))
		x.ok(err)
		x.clock.Set(until)
		d := x.ask(x.firm, nil)
		assign := DealStep{ID: d.ID, Step: StepAssign, Version: d.Version, StepData: StepData{Broker: x.broker.ID}}
		x.clock.Set(until.AddDate(0, 0, 1))
		_, err = x.FireDeal(t.Context(), x.officer, assign)
		x.wantKind(err, fault.Invalid)
		x.clock.Set(until)
		_, err = x.FireDeal(t.Context(), x.officer, assign)
		x.ok(err)
	})
}

// What stands still goes from the side whose turn it is to the broker, and then to the bureau.
func TestEscalation(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.officer, x.ask(x.firm, nil), StepAssign)
		owners := func() (move, chase string) {
			runs, err := x.deals.Running(t.Context(), x.db, d.ID)
			x.ok(err)
			for _, r := range runs {
				who := r.Owner.Account + string(r.Owner.Role) + r.Owner.Org
				if r.Clock == clockChase {
					chase = who
				} else {
					move = who
				}
			}
			return move, chase
		}
		sweep := func() {
			_, err := x.deals.Escalate(t.Context(), x.unit, authz.Actor{Via: authz.ViaJob})
			x.ok(err)
			dispatcher := outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, x.Overdue())
			x.ok(dispatcher.CatchUp(t.Context()))
		}
		if move, _ := owners(); move != "university"+x.school.Org {
			t.Errorf("it is the turn of %s", move)
		}
		x.later(9) // five working days are over
		sweep()
		if move, chase := owners(); move != x.agent.Account || chase == "officer" {
			t.Errorf("then of %s, %s", move, chase)
		}
		x.later(9)
		sweep()
		if _, chase := owners(); chase != "officer" {
			t.Errorf("then of %s", chase)
		}
		c, err := x.BrokerCredit(t.Context(), x.officer, x.broker.ID)
		if err != nil || c.Sum != 57 {
			t.Errorf("credit %+v, %v", c, err)
		}
		waiting, err := x.CountDeals(t.Context(), x.officer, DealFilter{})
		if err != nil || waiting.Waiting != 1 || waiting.Late != 1 {
			t.Errorf("%+v, %v", waiting, err)
		}
	})
}

// A number of introductions opens a list of as many, for everybody who may read some, on every day of a limit.
func TestCountsAreThoseOfTheirLists(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		x.fire(x.officer, x.ask(x.firm, nil), StepAssign)
		seen := map[string]bool{}
		for day := range 15 {
			for _, by := range []authz.Actor{x.officer, x.firm, x.school, x.agent} {
				c, err := x.CountDeals(t.Context(), by, DealFilter{})
				x.ok(err)
				for name, part := range map[string]struct {
					f    DealFilter
					want int64
				}{
					"all": {DealFilter{}, c.All}, "late": {DealFilter{Late: true}, c.Late},
					"soon": {DealFilter{Soon: true}, c.Soon}, "waiting": {DealFilter{Waiting: true}, c.Waiting},
				} {
					list, err := x.ListDeals(t.Context(), by, part.f, "", db.PageReq{})
					x.ok(err)
					if int64(len(list.Items)) != part.want {
						t.Errorf("day %d, %s: %d %s are counted, %d are listed", day, by.Role, part.want, name, len(list.Items))
					}
					seen[name] = seen[name] || part.want > 0
				}
			}
			x.later(1)
		}
		if want := map[string]bool{"all": true, "late": true, "soon": true, "waiting": true}; !maps.Equal(seen, want) {
			t.Errorf("something was counted of %v, want of all", seen)
		}
	})
}

// Shares are the whole together, and an agreement holds once all three confirmed its newest version.
func TestCommission(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.officer, x.fire(x.school, x.ask(x.firm, nil), StepAgree), StepAssign)
		parts := []Part{{"乔云飞", 7000}, {"太原技术转移中心", 2900}}
		_, err := x.ProposeSplit(t.Context(), x.agent, NewSplit{Deal: d.ID, RateBp: 200, Parts: parts})
		x.wantKind(err, fault.Invalid)
		parts[1].Bp = 3000
		s, err := x.ProposeSplit(t.Context(), x.agent, NewSplit{Deal: d.ID, RateBp: 200, Parts: parts})
		x.ok(err)
		confirm := func(by authz.Actor, n int64) error {
			s, err = x.ConfirmSplit(t.Context(), by, SplitConfirmation{Deal: d.ID, N: n})
			return err
		}
		x.ok(confirm(x.firm, s.N))
		x.wantKind(confirm(x.firm, 1), fault.Conflict)
		x.wantKind(confirm(x.officer, 1), fault.Forbidden)
		s, err = x.ProposeSplit(t.Context(), x.school, NewSplit{Deal: d.ID, RateBp: 150, Parts: parts})
		x.ok(err)
		x.wantKind(confirm(x.firm, 1), fault.Conflict) // there is a newer one
		x.ok(confirm(x.firm, 2))
		x.ok(confirm(x.agent, 2))
		if !s.Agreed() || s.CommissionFen(100_00) != 1_50 {
			t.Errorf("%+v", s)
		}
		complaint, err := x.Complain(t.Context(), x.firm, NewComplaint{Deal: d.ID, Text: "多次不回复"})
		x.ok(err)
		_, err = x.DecideComplaint(t.Context(), x.officer, ComplaintDecision{ID: complaint.ID,
			State: ComplaintUpheld, Answer: "属实", Version: complaint.Version})
		x.ok(err)
		if b, err := x.GetBroker(t.Context(), authz.Actor{}, x.broker.ID); err != nil || b.Credit != 50 {
			t.Errorf("credit %d, %v", b.Credit, err)
		}
	})
}

// A change of brokers takes the former one's confirmation back, which the timeline and the notice say;
// what has ended takes no confirmation any more.
func TestCommissionOfAnotherBroker(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.officer, x.fire(x.school, x.ask(x.firm, nil), StepAgree), StepAssign)
		s, err := x.ProposeSplit(t.Context(), x.agent, NewSplit{Deal: d.ID, RateBp: 200,
			Parts: []Part{{"太原技术转移中心", allBp}}})
		x.ok(err)
		second := x.newBroker(authz.Actor{Account: "acc-n", Login: "next", Role: authz.Broker,
			Via: authz.ViaSession}, "梁经理", "")
		d, err = x.FireDeal(t.Context(), x.officer, DealStep{ID: d.ID, Step: StepAssign, Version: d.Version,
			StepData: StepData{Broker: second.ID}})
		x.ok(err)
		now, err := x.GetDeal(t.Context(), x.firm, d.ID)
		x.ok(err)
		if line := now.Timeline[0]; now.Splits[0].BrokerUs != 0 || !slices.ContainsFunc(now.Timeline,
			func(e Entry) bool { return e.Step == "reopen_split" && e.Data.Version == s.N }) {
			t.Errorf("%+v after %+v", now.Splits[0], line)
		}
		var moves []outbox.Stored
		x.ok(x.events(func(e outbox.Stored) {
			if e.Kind == EventDealMoved {
				moves = append(moves, e)
			}
		}))
		told := false
		x.ok(x.db.Write(t.Context(), func(tx *db.Tx) error {
			list, err := moveNotices(t.Context(), tx, moves[len(moves)-1])
			told = err == nil && slices.Contains(list[0].Detail.Args, any(s.N))
			return err
		}))
		if !told {
			t.Error("nobody is told that the confirmation was taken back")
		}
		x.fire(x.firm, d, StepBreak)
		_, err = x.ConfirmSplit(t.Context(), x.firm, SplitConfirmation{Deal: d.ID, N: s.N})
		x.wantKind(err, fault.Conflict)
	})
}

// A need that found nothing becomes a challenge, but not while somebody talks about it.
func TestChallenge(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		_, err := x.ChallengeNeed(t.Context(), x.firm, NewChallenge{Post: x.need, Reason: "未找到合适成果"})
		x.wantKind(err, fault.Conflict)
		x.fire(x.firm, d, StepBreak)
		_, err = x.ChallengeNeed(t.Context(), x.school, NewChallenge{Post: x.need, Reason: "x"})
		x.wantKind(err, fault.Forbidden)
		p, err := x.ChallengeNeed(t.Context(), x.firm, NewChallenge{Post: x.need, Reason: "未找到合适成果"})
		if err != nil || p.State != market.Challenged {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
