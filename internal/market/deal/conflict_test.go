package deal

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
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
