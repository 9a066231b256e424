package deal

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// conflict is the conflict of the lab's broker that was declared last.
func (x *lab) conflict() Conflict {
	x.t.Helper()
	list, err := x.ListConflicts(x.t.Context(), x.agent, x.broker.ID)
	if err != nil || len(list) == 0 {
		x.t.Fatal(list, err)
	}
	return list[0]
}

// A broker asks for a conflict of interest to be lifted, and stays out until an officer lifts it, with a reason.
func TestConflictIsLiftedByTheBureau(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		_, err := x.DeclareConflict(ctx, x.agent, NewConflict{Broker: x.broker.ID, Org: x.school.Org, Reason: "配偶在该校任职"})
		x.ok(err)
		end := func(reason string) ConflictEnd {
			c := x.conflict()
			return ConflictEnd{Broker: x.broker.ID, ID: c.ID, Version: c.Version, Reason: reason}
		}
		x.wantKind(x.EndConflict(ctx, x.agent, end("配偶已离职")), fault.Forbidden)
		x.wantKind(x.AskConflictEnd(ctx, x.agent, end("")), fault.Invalid)
		x.wantKind(x.AskConflictEnd(ctx, x.officer, end("配偶已离职")), fault.Forbidden)
		x.ok(x.AskConflictEnd(ctx, x.agent, end("配偶已离职")))
		c := x.conflict()
		if c.AskedUs == 0 || c.Asked != "配偶已离职" || c.EndedUs != 0 {
			t.Errorf("%+v", c)
		}
		d := x.ask(x.firm, nil)
		_, err = x.FireDeal(ctx, x.officer, DealStep{ID: d.ID, Step: StepAssign, Version: d.Version,
			StepData: StepData{Broker: x.broker.ID}})
		x.wantKind(err, fault.Invalid) // asking lifts nothing
		x.wantKind(x.EndConflict(ctx, x.officer, end("")), fault.Invalid)
		x.ok(x.EndConflict(ctx, x.officer, end("已核实离职证明")))
		if c = x.conflict(); c.EndedUs == 0 || c.EndedBy != x.officer.Login || c.Ended != "已核实离职证明" {
			t.Errorf("%+v", c)
		}
		x.wantKind(x.EndConflict(ctx, x.officer, end("再次")), fault.Conflict)
		x.fire(x.officer, d, StepAssign)
	})
}

// The bureau is told of what it is asked for, and the broker of what became of it.
func TestConflictNotices(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		for state, to := range map[string]notify.To{ConflictAsked: notify.ToRole(authz.Officer),
			ConflictLifted: notify.ToAccount(x.agent.Account)} {
			var list []notify.Notice
			x.ok(x.db.Write(t.Context(), func(tx *db.Tx) error {
				var err error
				list, err = conflictNotices(t.Context(), tx, outbox.Stored{Kind: EventConflict, Object: x.broker.ID,
					Data: []byte(encode(ConflictMoved{Conflict: "c", Org: "并州理工学院", State: state, Reason: "因为", By: "z"}))})
				return err
			}))
			if len(list) != 1 || !slices.Equal(list[0].To, []notify.To{to}) || list[0].Href != "/brokers/"+x.broker.ID ||
				!strings.Contains(list[0].Title.In(i18n.ZH), "并州理工学院") || list[0].Title.In(i18n.EN) == list[0].Title.In(i18n.ZH) {
				t.Errorf("%s: %+v", state, list)
			}
		}
	})
}

// A conflict that follows from where a broker works does not go by the broker's saying so: it holds until an
// officer lifts it, or changes the record.
func TestComputedConflictHolds(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		by := authz.Actor{Account: "acc-c", Login: "cheng", Role: authz.Broker, Via: authz.ViaSession}
		b := x.newBroker(by, "程经理", x.school.Org)
		holds := func(want bool) {
			t.Helper()
			got, err := conflicted(ctx, x.db, b.ID, x.school.Org, "")
			if err != nil || got != want {
				t.Errorf("holds %v, %v", got, err)
			}
		}
		update := func(by authz.Actor, org string) {
			t.Helper()
			now, err := x.GetBroker(ctx, by, b.ID)
			x.ok(err)
			now.BrokerData.Org = org
			_, err = x.UpdateBroker(ctx, by, BrokerUpdate{ID: b.ID, BrokerData: now.BrokerData, Version: now.Version})
			x.ok(err)
		}
		lift := func() error {
			list, err := x.ListConflicts(ctx, x.officer, b.ID)
			x.ok(err)
			i := slices.IndexFunc(list, func(c Conflict) bool { return c.EndedUs == 0 })
			return x.EndConflict(ctx, x.officer, ConflictEnd{Broker: b.ID, ID: list[i].ID, Version: list[i].Version,
				Reason: "已离职"})
		}
		holds(true)
		x.wantKind(lift(), fault.Conflict) // still works there
		update(by, "")
		holds(true)
		update(by, "") // and is not there twice
		list, err := x.ListConflicts(ctx, x.officer, b.ID)
		if err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		x.ok(lift())
		holds(false)
		update(by, x.school.Org)
		holds(true)
		update(x.officer, "")
		holds(false)
	})
}

// A broker who names the hidden owner of a post by request as the other side reads what anybody else would: the
// owner is asked and can only decline. Who may know the owner is told at once.
func TestOwnOwnerIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		hidden := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺", schoolPhone, byRequest)
		ask := func(by authz.Actor, org string) (Deal, error) {
			return x.CreateDeal(ctx, by, NewDeal{Post: hidden, Org: org, Message: "希望了解"})
		}
		guess, err := ask(x.agent, x.school.Org)
		x.ok(err)
		other, err := ask(x.agent, x.other().Org)
		x.ok(err)
		blank := func(d Deal) string {
			d.ID, d.Code, d.Demand = "", "", Side{}
			return encode(d)
		}
		if a, b := blank(guess), blank(other); a != b || !guess.Supply.Withheld {
			t.Errorf("the owner reads %s, any other %s", a, b)
		}
		for _, by := range []authz.Actor{x.agent} {
			a, err := x.GetDeal(ctx, by, guess.ID)
			x.ok(err)
			b, err := x.GetDeal(ctx, by, other.ID)
			x.ok(err)
			if len(a.Offers) != len(b.Offers) || a.Supply.Name != b.Supply.Name {
				t.Errorf("%s can do %+v, and %+v with another", by.Login, a.Offers, b.Offers)
			}
		}
		for _, step := range []string{StepConsent, StepPropose} {
			_, err = x.FireDeal(ctx, x.school, DealStep{ID: guess.ID, Step: step, Version: guess.Version,
				StepData: StepData{NDA: "保密", Contact: Contact{Name: "王", Phone: schoolPhone}}})
			x.wantKind(err, fault.Conflict)
		}
		x.fire(x.school, guess, StepRefuse)
		_, err = ask(x.officer, x.school.Org)
		x.wantKind(err, fault.Invalid)
		_, err = x.CreateDeal(ctx, x.agent, NewDeal{Post: x.result, Org: x.school.Org, Message: "希望了解"})
		x.wantKind(err, fault.Invalid) // an open post tells its owner itself
	})
}

// The people behind an achievement are shown what they get at least, by the rule of the day of the contract;
// the other side is not.
func TestRewardOfDeal(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		_, err := x.RewardOf(ctx, x.school, d.ID, 0)
		x.wantKind(err, fault.Conflict)
		d = x.fire(x.officer, d, StepAssign)
		d = x.fire(x.firm, d, StepIntend)
		d = x.fire(x.firm, d, StepSign)
		for _, by := range []authz.Actor{x.school, x.agent, x.officer} {
			now, err := x.GetDeal(ctx, by, d.ID)
			x.ok(err)
			cost := now.ContractFen / 10
			v, err := x.RewardOf(ctx, by, d.ID, cost)
			if err != nil || !v.Contract || v.PriceFen != now.ContractFen || v.NetFen != now.ContractFen-cost ||
				v.RewardFen != (v.NetFen+1)/2 || v.RuleFrom == "" || v.Source == "" || v.Day != now.SignedOn || !now.Rewards(by) {
				t.Errorf("%s: %+v, %v", by.Login, v, err)
			}
			_, err = x.RewardOf(ctx, by, d.ID, now.ContractFen+1)
			x.wantKind(err, fault.Invalid)
		}
		_, err = x.RewardOf(ctx, x.firm, d.ID, money.Fen(0))
		x.wantKind(err, fault.Forbidden)
	})
}

// The directory of brokers is public, and so is its file: with those who were verified, and nothing that the page
// does not show.
func TestWriteBrokers(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		_, err := x.CreateBroker(t.Context(), x.officer, NewBroker{BrokerData: BrokerData{Name: "待核验者", Region: "140100",
			Grade: "middle"}})
		x.ok(err)
		for by, want := range map[*authz.Actor]int{{Role: authz.Public}: 1, &x.officer: 2} {
			var b bytes.Buffer
			n, err := x.WriteBrokers(t.Context(), *by, BrokerFilter{}, "name", Export{Format: sheet.CSV, By: "某"}, &b)
			if err != nil || n != want || !strings.Contains(b.String(), "乔云飞") ||
				strings.Contains(b.String(), "待核验者") != (want == 2) {
				t.Errorf("%s: %d, %v: %s", by.Role, n, err, b.String())
			}
		}
	})
}

// hiddenAsk is an introduction that a broker asked for with a post that does not tell its owner.
func (x *lab) hiddenAsk(by authz.Actor, org string) Deal {
	x.t.Helper()
	hidden := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺", schoolPhone, byRequest)
	d, err := x.CreateDeal(x.t.Context(), by, NewDeal{Post: hidden, Org: org, Message: "希望了解"})
	x.ok(err)
	return d
}

// knownTo is all that a broker can find out about its introductions, without what names its declarations.
func (x *lab) knownTo(by authz.Actor, b Broker) string {
	x.t.Helper()
	ctx := x.t.Context()
	page, err := x.ListDeals(ctx, by, DealFilter{}, "", pageOfAll)
	x.ok(err)
	var out []any
	for _, d := range page.Items {
		one, err := x.GetDeal(ctx, by, d.ID)
		x.ok(err)
		var steps []string
		for _, o := range one.Offers {
			steps = append(steps, o.Step)
		}
		out = append(out, one, steps, one.Running)
	}
	counts, err := x.CountDeals(ctx, by, DealFilter{})
	x.ok(err)
	board, err := x.Board(ctx, by, DealFilter{})
	x.ok(err)
	own, err := x.GetBroker(ctx, by, b.ID)
	x.ok(err)
	own.Conflicts = nil
	return encode(append(out, counts, board, own))
}

// Whoever declares an interest in an organisation by guessing that it owns a hidden post is answered, and sees what
// follows, as with any other organisation; so is who writes it down as the place of work.
func TestDeclaringTellsNoOwner(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		d := x.hiddenAsk(x.agent, x.firm.Org)
		before := x.knownTo(x.agent, x.broker)
		for _, org := range []string{x.other().Org, x.school.Org} {
			c, err := x.DeclareConflict(ctx, x.agent, NewConflict{Broker: x.broker.ID, Org: org, Reason: "亲属任职"})
			if err != nil || c.Org != org || c.Source != declared || c.EndedUs != 0 {
				t.Errorf("%+v, %v", c, err)
			}
			if now := x.knownTo(x.agent, x.broker); now != before {
				t.Errorf("declaring an interest in %s changes\n%s\nto\n%s", org, before, now)
			}
		}
		// Another introduction with the same owner is asked for as if nothing were known.
		second := x.hiddenAsk(x.agent, x.firm.Org)
		if second.Broker != x.broker.ID || second.BrokerConflict || !second.Supply.Withheld {
			t.Errorf("%+v", second)
		}
		// The bureau sees it, and does not assign that broker.
		seen, err := x.GetDeal(ctx, x.officer, d.ID)
		if err != nil || !seen.BrokerConflict {
			t.Errorf("the bureau does not see the conflict: %+v, %v", seen.Deal, err)
		}
		firmView, err := x.GetDeal(ctx, x.firm, d.ID)
		if err != nil || firmView.BrokerConflict {
			t.Errorf("a side sees the conflict: %v", err)
		}
		list, err := x.ListDeals(ctx, x.officer, DealFilter{}, "", pageOfAll)
		if err != nil || !slices.ContainsFunc(list.Items, func(d Deal) bool { return d.BrokerConflict }) {
			t.Errorf("the bureau's list does not show it: %v", err)
		}
		// Once the owner consents, the broker knows it and is out.
		d = x.fire(x.school, d, StepConsent)
		if d.Broker != "" {
			t.Errorf("the broker stays: %+v", d)
		}
		_, err = x.GetDeal(ctx, x.agent, d.ID)
		x.wantKind(err, fault.NotFound)
		_, err = x.FireDeal(ctx, x.officer, DealStep{ID: d.ID, Step: StepAssign, Version: d.Version,
			StepData: StepData{Broker: x.broker.ID}})
		x.wantKind(err, fault.Invalid)
		// Where the side is known, a conflict takes the broker out at once, as before.
		x.wantKind(func() error {
			_, err := x.CreateDeal(ctx, x.agent, NewDeal{Post: x.result, Org: x.other().Org, Message: "希望了解"})
			return err
		}(), fault.NotFound)
	})
}

// A broker who hands an introduction on to another learns nothing of that one's conflict with a hidden side.
func TestAssigningTellsNoOwner(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		by := authz.Actor{Account: "acc-c", Login: "cheng", Role: authz.Broker, Via: authz.ViaSession}
		friend := x.newBroker(by, "程经理", "")
		_, err := x.DeclareConflict(ctx, by, NewConflict{Broker: friend.ID, Org: x.school.Org, Reason: "亲属任职"})
		x.ok(err)
		d := x.hiddenAsk(x.agent, x.firm.Org)
		_, err = x.FireDeal(ctx, x.agent, DealStep{ID: d.ID, Step: StepAssign, Version: d.Version,
			StepData: StepData{Broker: friend.ID}})
		x.ok(err)
		seen, err := x.GetDeal(ctx, x.officer, d.ID)
		if err != nil || seen.Broker != friend.ID || !seen.BrokerConflict {
			t.Errorf("%+v, %v", seen.Deal, err)
		}
		open := x.ask(x.agent, nil)
		_, err = x.FireDeal(ctx, x.agent, DealStep{ID: open.ID, Step: StepAssign, Version: open.Version,
			StepData: StepData{Broker: friend.ID}})
		x.wantKind(err, fault.Invalid) // an open post tells its owner itself
	})
}

// Whether a broker may know of a conflict is said twice, by a row of the database and before there is one: both
// say the same, whatever tells of the owner.
func TestKnownConflictIsSaidAlike(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		named := func(d *market.PostData) { d.Visibility, d.Named = market.Named, []string{x.firm.Org} }
		asked := map[string]Deal{}
		for name, edit := range map[string]func(*market.PostData){"open": func(*market.PostData) {},
			"request": byRequest, "consented": byRequest, "named": named} {
			post := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺"+name, schoolPhone, edit)
			d, err := x.CreateDeal(ctx, x.firm, NewDeal{Post: post, With: x.need, Message: "希望了解"})
			x.ok(err)
			if name == "consented" {
				d = x.fire(x.school, d, StepAgree)
			}
			asked[name] = x.fire(x.officer, d, StepAssign)
		}
		x.ok(x.unit.Write(ctx, x.officer, "test", func(tx *unit.Tx) error { // as it stands before anybody acts on it
			return addConflict(ctx, tx, x.broker, Conflict{ID: id.New(), Org: x.school.Org, Source: declared,
				Reason: "亲属任职"}, x.school.Org)
		}))
		for name, d := range asked {
			row, err := dealByID(ctx, x.db, d.ID)
			x.ok(err)
			list := []Deal{row}
			x.ok(withPosts(ctx, x.db, list))
			some, told, err := conflictIn(ctx, x.db, x.broker, list[0])
			x.ok(err)
			if want := name == "open" || name == "consented"; !some || !row.conflict || told != want || row.barred != want {
				t.Errorf("%s: before %v %v, by the row %v %v, want %v", name, some, told, row.conflict, row.barred, want)
			}
		}
	})
}

// The bureau is told of a conflict that the broker must not find out.
func TestHiddenConflictNotice(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.hiddenAsk(x.agent, x.firm.Org)
		var list []notify.Notice
		x.ok(x.db.Write(t.Context(), func(tx *db.Tx) error {
			var err error
			list, err = conflictNotices(t.Context(), tx, outbox.Stored{Kind: EventConflict, Object: x.broker.ID,
				Data: []byte(encode(ConflictMoved{State: ConflictHidden, Deal: d.ID, By: x.agent.Account}))})
			return err
		}))
		if len(list) != 1 || !slices.Equal(list[0].To, []notify.To{notify.ToRole(authz.Officer)}) ||
			list[0].Href != "/deals/"+d.ID || !strings.Contains(list[0].Title.In(i18n.ZH), d.Code) ||
			list[0].Title.In(i18n.EN) == list[0].Title.In(i18n.ZH) {
			t.Errorf("%+v", list)
		}
	})
}

// A side objects to what was recorded of a contract, with a reason; the bureau is told and decides once. Until then
// the contract is not counted, and when the objection is upheld it is recorded anew.
func TestObjection(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		d = x.fire(x.firm, d, StepIntend)
		d = x.fire(x.school, d, StepSign)
		counted := func(want int64) {
			t.Helper()
			for _, m := range x.Measures() {
				if m.Name != "deal.signed" {
					continue
				}
				n, err := m.Figure(ctx, x.db, m.Scope(x.officer))
				if err != nil || n != want {
					t.Errorf("%d contracts, want %d, %v", n, want, err)
				}
			}
		}
		counted(1)
		object := func(by authz.Actor, reason string) error {
			_, err := x.FireDeal(ctx, by, DealStep{ID: d.ID, Step: StepObject, Version: d.Version, Reason: reason})
			return err
		}
		x.wantKind(object(x.firm, ""), fault.Invalid)
		x.wantKind(object(x.officer, "金额不符"), fault.Forbidden)
		x.wantKind(object(x.other(), "金额不符"), fault.NotFound)
		d = x.fire(x.firm, d, StepObject)
		counted(0)
		if d.State != Disputed || d.waitsFor() != Bureau || x.state(x.need) != market.Signed {
			t.Errorf("%s waits for %s", d.State, d.waitsFor())
		}
		_, err := x.FireDeal(ctx, x.school, DealStep{ID: d.ID, Step: StepUphold, Version: d.Version, Reason: "属实"})
		x.wantKind(err, fault.Forbidden)
		late, err := x.CountDeals(ctx, x.officer, DealFilter{})
		if err != nil || late.Waiting != 1 {
			t.Errorf("the bureau has %d to do, %v", late.Waiting, err)
		}
		d = x.fire(x.officer, d, StepUphold)
		if d.State != Drafting || d.ContractFen != 0 || d.SignedOn != "" || x.state(x.need) != market.Talking ||
			x.state(x.result) != market.Talking {
			t.Errorf("%+v, posts %s and %s", d, x.state(x.need), x.state(x.result))
		}
		x.clock.Advance(time.Minute)
		d = x.fire(x.school, d, StepSign)
		d = x.fire(x.firm, x.fire(x.school, d, StepKeep), StepObject) // kept from the register at once
		if !d.Open() {
			t.Error("an introduction with an objection is over")
		}
		x.clock.Advance(time.Minute)
		d = x.fire(x.officer, d, StepDismiss)
		counted(1)
		x.wantKind(object(x.firm, "还是不符"), fault.Conflict)
		d = x.fire(x.school, d, StepRegister)
		counted(1)
	})
}

// A need that was solved by a contract kept from the register is looked for again when that contract does not stand.
func TestObjectionOpensTheNeed(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.fire(x.school, x.ask(x.firm, nil), StepAgree)
		d = x.fire(x.firm, d, StepIntend)
		d = x.fire(x.school, x.fire(x.school, d, StepSign), StepKeep)
		if x.state(x.need) != market.Solved {
			t.Fatalf("the need is %s", x.state(x.need))
		}
		x.clock.Advance(time.Minute)
		d = x.fire(x.firm, d, StepObject)
		d = x.fire(x.officer, d, StepUphold)
		if d.State != Drafting || x.state(x.need) != market.Talking || x.state(x.result) != market.Talking {
			t.Errorf("%s, posts %s and %s", d.State, x.state(x.need), x.state(x.result))
		}
		d = x.fire(x.school, x.fire(x.school, d, StepSign), StepRegister)
		if x.state(x.need) != market.Solved {
			t.Errorf("recorded anew: %s", x.state(x.need))
		}
	})
}

// Both sides are told of a contract that was recorded and that they may object; the bureau of an objection.
func TestObjectionNotices(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		d := x.ask(x.firm, nil)
		told := func(step string) []notify.Notice {
			t.Helper()
			var list []notify.Notice
			x.ok(x.db.Write(t.Context(), func(tx *db.Tx) error {
				var err error
				list, err = moveNotices(t.Context(), tx, outbox.Stored{Kind: EventDealMoved, Object: d.ID,
					Data: []byte(encode(Moved{Step: step, State: Signed}))})
				return err
			}))
			return list
		}
		sides := []notify.To{notify.ToOrg(x.firm.Org), notify.ToOrg(x.school.Org)}
		list := told(StepSign)
		if len(list) != 1 || !slices.Equal(list[0].To, sides) || !strings.Contains(list[0].Detail.In(i18n.ZH), "可以提出异议") {
			t.Errorf("%+v", list)
		}
		list = told(StepObject)
		if len(list) != 2 || !slices.Equal(list[0].To, []notify.To{notify.ToRole(authz.Officer)}) ||
			!slices.Equal(list[1].To, sides) || list[0].Title.In(i18n.EN) == list[0].Title.In(i18n.ZH) {
			t.Errorf("%+v", list)
		}
	})
}

// Whether two others talk about a hidden post is not told by refusing a third who asks for the same; those who may
// know of it are refused.
func TestTwinTellsNoStranger(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		hidden := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺", schoolPhone, byRequest)
		first, err := x.CreateDeal(ctx, x.firm, NewDeal{Post: hidden, With: x.need, Message: "希望了解"})
		x.ok(err)
		asked := NewDeal{Post: hidden, With: x.need, Message: "代为引荐"}
		second, err := x.CreateDeal(ctx, x.agent, asked)
		x.ok(err)
		if second.ID == first.ID {
			t.Error("the broker got the introduction of the others")
		}
		for name, by := range map[string]authz.Actor{"the firm": x.firm, "the broker again": x.agent, "the bureau": x.officer} {
			if _, err := x.CreateDeal(ctx, by, asked); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s may ask twice: %v", name, err)
			}
		}
	})
}
