package deal

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// byRequest makes a post one whose owner is told by its consent only.
func byRequest(d *market.PostData) { d.Visibility = market.Request }

// Who owns a post that is shown by request is told to nobody by asking for an introduction: not by
// the answer, a list, a file, a search or a filter, before its owner consents.
func TestOwnerByRequest(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		const owner = "并州理工学院"
		hidden := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺", schoolPhone, byRequest)
		about := func(in *NewDeal) { in.Post, in.With = hidden, x.need }
		d := x.ask(x.firm, about)
		if d.Supply.Name != withheld || d.Supply.Org != "" || !d.Supply.Withheld ||
			d.Demand.Name != "太原晶体科技有限公司" {
			t.Errorf("asking answers %+v", d.Supply)
		}
		quiet := x.ask(x.firm, func(in *NewDeal) {
			in.Post, in.With, in.NDA = hidden, "", "保密三年。"
			in.Contact = Contact{Name: "赵", Phone: "0351-0000003"}
		})
		byBroker := x.ask(x.agent, func(in *NewDeal) { in.Post, in.With, in.Org = hidden, "", x.other().Org })
		for name, by := range map[string]authz.Actor{"the asker": x.firm, "a broker": x.agent} {
			id := d.ID
			if name == "a broker" {
				id = byBroker.ID
			}
			all := x.everything(by, id)
			if strings.Contains(all, owner) || strings.Contains(all, x.school.Org) {
				t.Errorf("%s learns who it is: %.2000s", name, all)
			}
			x.found(by, 0, DealFilter{Query: owner}, DealFilter{Query: "理工"}, DealFilter{Org: x.school.Org})
		}
		x.found(x.firm, 2, DealFilter{Query: "晶片减薄"}, DealFilter{Query: "减"}, DealFilter{Org: x.firm.Org})
		x.found(x.officer, 3, DealFilter{Query: owner}, DealFilter{Org: x.school.Org})
		x.found(x.school, 3, DealFilter{Query: owner}, DealFilter{Org: x.school.Org})
		for _, by := range []authz.Actor{x.officer, x.school} {
			if got := x.everything(by, d.ID); !strings.Contains(got, owner) {
				t.Errorf("%s does not see it: %.2000s", by.Login, got)
			}
		}

		_, err := x.CreateDeal(t.Context(), x.firm, NewDeal{Post: hidden, Org: x.school.Org, Message: "问"})
		x.wantKind(err, fault.NotFound) // and not: the two sides cannot be one organisation
		quiet = x.fire(x.school, quiet, StepSeal)
		d, err = x.FireDeal(t.Context(), x.firm, DealStep{ID: quiet.ID, Step: StepConsent,
			Version: quiet.Version, StepData: StepData{Contact: Contact{Name: "赵", Phone: firmPhone}}})
		x.ok(err)
		if !d.Supply.Withheld {
			t.Errorf("accepting an agreement is no consent: %+v", d.Supply)
		}
		d = x.fire(x.school, d, StepAgree)
		now, err := x.GetDeal(t.Context(), x.firm, d.ID)
		if err != nil || now.Supply.Name != owner || now.Supply.Org != x.school.Org || now.Supply.Withheld {
			t.Errorf("after its consent: %+v, %v", now.Supply, err)
		}
		x.found(x.firm, 2, DealFilter{Query: owner}) // once in, all of the post may be read
	})
}

// Staff of a district see an introduction as far as they may read its posts: none about a post for
// named eyes only, and not what was said about a post of which they may not read all.
func TestDistrictSeesWhatPostsShow(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		district := authz.Actor{Account: "acc-d", Login: "xiaodian", Role: authz.District,
			Region: "140105", Via: authz.ViaSession}
		elsewhere := func(d *market.PostData) { d.Region = "140106" }
		named := x.post(x.school, market.Achievement, "晶圆激光隐切装备", schoolPhone,
			func(d *market.PostData) { d.Visibility, d.Named = market.Named, []string{x.firm.Org} })
		hidden := x.post(x.school, market.Achievement, "大尺寸晶片减薄工艺", schoolPhone, byRequest, elsewhere)
		open := x.ask(x.firm, nil)
		secret := x.ask(x.firm, func(in *NewDeal) { in.Post = named })
		asked := x.ask(x.firm, func(in *NewDeal) { in.Post = hidden })

		_, err := x.GetDeal(t.Context(), district, secret.ID)
		x.wantKind(err, fault.NotFound)
		x.found(district, 2, DealFilter{})
		x.found(district, 0, DealFilter{Query: "晶圆激光"}, DealFilter{Post: named})
		x.found(x.officer, 3, DealFilter{})
		for _, m := range x.Measures() {
			if n, err := m.Figure(t.Context(), x.db, m.Scope(district)); m.Name == "deal.introduced" &&
				(err != nil || n != 2) {
				t.Errorf("%s is %d, %v", m.Name, n, err)
			}
		}
		const said = "希望了解样机参数"
		if got := x.everything(district, open.ID); !strings.Contains(got, said) {
			t.Errorf("of an open post: %s", got)
		}
		got, err := x.GetDeal(t.Context(), district, asked.ID)
		if err != nil || len(got.Timeline) == 0 || strings.Contains(encode(got), said) || got.Supply.Org != "" {
			t.Errorf("of a post by request: %s, %v", encode(got), err)
		}
		page, err := x.ListDeals(t.Context(), district, DealFilter{Post: hidden}, "", pageOfAll)
		if err != nil || len(page.Items) != 1 || strings.Contains(encode(page.Items), said) {
			t.Errorf("listed: %s, %v", encode(page.Items), err)
		}
	})
}

// The other side's people are told by the name of their organisation, brokers by their own, and
// nobody's log-in but those of one's own side is told; the bureau is told all.
func TestNoLogInsOfOthers(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		x.firm.Login, x.school.Login, x.agent.Login, x.officer.Login = "log-f", "log-s", "log-b", "log-o"
		d := x.ask(x.firm, func(in *NewDeal) { in.NDA = "双方对交流内容保密三年。" })
		d = x.fire(x.firm, x.fire(x.school, d, StepSeal), StepConsent)
		d = x.fire(x.officer, x.fire(x.school, d, StepAgree), StepAssign)
		d = x.fire(x.agent, d, StepRecord)
		s, err := x.ProposeSplit(t.Context(), x.agent, NewSplit{Deal: d.ID, RateBp: 200,
			Parts: []Part{{"乔云飞", allBp}}})
		x.ok(err)
		for _, by := range []authz.Actor{x.firm, x.school} {
			s, err = x.ConfirmSplit(t.Context(), by, SplitConfirmation{Deal: d.ID, N: s.N})
			x.ok(err)
			got := encode(s)
			for _, other := range []authz.Actor{x.firm, x.school, x.agent, x.officer} {
				if told := strings.Contains(got, other.Login); told != (other.Login == by.Login) {
					t.Errorf("confirming tells %s of %s: %v", by.Login, other.Login, told)
				}
			}
		}
		for _, by := range []authz.Actor{x.firm, x.school, x.agent, x.officer} {
			got := x.everything(by, d.ID)
			for _, name := range []string{"太原晶体科技有限公司", "并州理工学院", "乔云飞"} {
				if !strings.Contains(got, `"by":"`+name+`"`) {
					t.Errorf("%s is not told that %s did something", by.Login, name)
				}
			}
			for _, other := range []authz.Actor{x.firm, x.school, x.agent, x.officer} {
				want := by.Login == other.Login || by.Login == x.officer.Login
				if strings.Contains(got, `"`+other.Login+`"`) != want {
					t.Errorf("%s sees the log-in of %s: %v", by.Login, other.Login, !want)
				}
			}
		}
	})
}

// other is one more firm, the same one each time.
func (x *lab) other() authz.Actor {
	x.t.Helper()
	if x.second.Account == "" {
		x.second = x.member("acc-2", "晋阳半导体有限公司", "enterprise", authz.Enterprise)
	}
	return x.second
}

// found checks how many introductions each filter leaves for somebody.
func (x *lab) found(by authz.Actor, want int64, filters ...DealFilter) {
	x.t.Helper()
	for _, f := range filters {
		c, err := x.CountDeals(x.t.Context(), by, f)
		page, lerr := x.ListDeals(x.t.Context(), by, f, "", pageOfAll)
		if err != nil || lerr != nil || c.All != want || int64(len(page.Items)) != want {
			x.t.Errorf("%s finds %d and lists %d by %+v, want %d: %v, %v", by.Login, c.All, len(page.Items),
				f, want, err, lerr)
		}
	}
}
