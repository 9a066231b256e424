package deal

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// A new edition of the rule holds from its day on, ends the one before, and is set by officers only.
func TestAddRule(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		now, err := x.RuleAt(t.Context(), x.firm, "")
		x.ok(err)
		in := NewRule{RuleData: now.RuleData}
		in.Name, in.Reason, in.Mark, in.ValidFrom = "本市规则", "企业希望答复更快", "local", x.today().AddDays(1)
		in.Days = map[string]int64{AwaitingNDA: 5, HalfNDA: 5, Requested: 5, Half: 2, Talking: 20,
			Intention: 20, Drafting: 20, Signed: 30}
		_, err = x.AddRule(t.Context(), x.firm, in)
		x.wantKind(err, fault.Forbidden)
		bad := in
		bad.Days, bad.Classes, bad.Reason = map[string]int64{"gone": 1}, []string{"no"}, ""
		bad.Credit.Base = 200
		_, err = x.AddRule(t.Context(), x.officer, bad)
		f, _ := fault.As(err)
		if f == nil || len(f.Fields) != 12 { // reason, eight states, one that is none, class, credit
			t.Fatalf("%v", err)
		}
		in.ValidFrom = x.today()
		_, err = x.AddRule(t.Context(), x.officer, in)
		x.wantKind(err, fault.Invalid)
		in.ValidFrom, in.VerifyDays = in.ValidFrom.AddDays(1), 2
		rule, err := x.AddRule(t.Context(), x.officer, in)
		if err != nil || rule.Author != x.officer.Login || rule.ValidTo != "" {
			t.Fatalf("%+v, %v", rule, err)
		}
		_, err = x.AddRule(t.Context(), x.officer, in)
		x.wantKind(err, fault.Invalid)
		waits := func(d Deal) int {
			return int(clock.Time(d.DueUs).Sub(clock.Time(d.CreatedUs)).Hours() / 24)
		}
		register := func(account string) int64 {
			by := x.member(account, "经理人单位"+account, "enterprise", "broker")
			b, err := x.CreateBroker(t.Context(), by, NewBroker{BrokerData: BrokerData{Name: account,
				Region: "140100", Grade: "middle", Certificate: account, ValidTo: "2028-12-31", Fields: []string{"03"}}})
			x.ok(err)
			runs, err := x.brokers.Running(t.Context(), x.unit.DB(), b.ID)
			if err != nil || len(runs) != 1 {
				t.Fatalf("%+v, %v", runs, err)
			}
			return int64(runs[0].Limit.N)
		}
		if n := register("b1"); n != usualVerifyDays {
			t.Errorf("checking takes %d days before", n)
		}
		before := waits(x.ask(x.firm, nil))
		x.later(1)
		other := x.member("acc-2", "晋阳半导体有限公司", "enterprise", "enterprise")
		after := waits(x.ask(other, func(in *NewDeal) { in.With, in.Contact = "", Contact{Name: "赵", Phone: "0351-1"} }))
		if before < 5 || after > 4 {
			t.Errorf("an answer may take %d days before and %d after", before, after)
		}
		if n := register("b2"); n != 2 {
			t.Errorf("checking takes %d days after", n)
		}
		in.ValidFrom, in.VerifyDays = in.ValidFrom.AddDays(9), 0
		if next, err := x.AddRule(t.Context(), x.officer, in); err != nil || next.VerifyDays != 2 {
			t.Errorf("what was left out: %+v, %v", next, err)
		}
		list, err := x.ListRules(t.Context(), x.officer)
		if err != nil || len(list) != 3 || list[2].ValidTo != rule.ValidFrom {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
