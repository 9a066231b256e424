package deal

import (
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// allCodes knows every code.
type allCodes struct{}

func (allCodes) KnowsRegion(string) bool         { return true }
func (allCodes) KnowsIndustry(string) bool       { return true }
func (allCodes) RegionName(code string) string   { return code }
func (allCodes) IndustryName(code string) string { return code }
func (allCodes) Regions() []party.Code           { return nil }
func (allCodes) Industries() []party.Code        { return nil }

// lab is the room with everything around it: a firm with a need, a university with an achievement
// and a broker.
type lab struct {
	*Service
	t            *testing.T
	db           *db.DB
	unit         *unit.Unit
	clock        *clock.Fake
	market       *market.Service
	party        *party.Service
	firm, school authz.Actor
	agent        authz.Actor
	officer      authz.Actor
	need, result string
	broker       Broker
	second       authz.Actor // see other
}

var pageOfAll = db.PageReq{Limit: db.MaxLimit}

// Contacts of the two posts, which must be seen nowhere before both consent.
const (
	firmPhone   = "0351-7770001"
	schoolPhone = "0351-7770002"
)

func newLab(t *testing.T, d *db.DB) *lab {
	t.Helper()
	x := &lab{t: t, db: d, clock: clock.NewFake(dbtest.Start), officer: authz.Actor{
		Account: "acc-o", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, allCodes{}, times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	x.ok(err)
	x.market, err = market.New(x.unit, times, market.Options{Party: x.party})
	x.ok(err)
	x.Service, err = New(x.unit, times, Options{Market: x.market, Party: x.party})
	x.ok(err)
	x.ok(x.Load(t.Context()))
	x.firm = x.member("acc-f", "太原晶体科技有限公司", "enterprise", authz.Enterprise)
	x.school = x.member("acc-s", "并州理工学院", "university", authz.University)
	x.need = x.post(x.firm, market.Need, "碳化硅衬底激光剥离技术", firmPhone)
	x.result = x.post(x.school, market.Achievement, "碳化硅晶锭激光剥离装备", schoolPhone)
	x.agent = authz.Actor{Account: "acc-b", Login: "qiao", Role: authz.Broker, Via: authz.ViaSession}
	x.broker = x.newBroker(x.agent, "乔云飞", "")
	return x
}

func (x *lab) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *lab) org(name, kind string) string {
	x.t.Helper()
	o, err := x.party.CreateOrganisation(x.t.Context(), x.officer, party.NewOrg{OrgData: party.OrgData{
		Name: name, Kind: kind, Region: "140105", Standing: "active"}})
	x.ok(err)
	return o.ID
}

func (x *lab) member(account, name, kind string, role authz.Role) authz.Actor {
	return authz.Actor{Account: account, Login: account, Org: x.org(name, kind), Role: role,
		Via: authz.ViaSession}
}

// post publishes a post of an organisation.
func (x *lab) post(
	by authz.Actor, kind market.Kind, title, phone string, edits ...func(*market.PostData),
) string {
	x.t.Helper()
	in := market.NewPost{PostData: market.PostData{Kind: kind, Title: title, Org: by.Org,
		Text: strings.Repeat("满足指标要求的技术方案。", 5), Region: "140105", Field: "03",
		Visibility: market.Open, Contact: "王联系", ContactPhone: phone, Modes: []string{"licence"}},
		Submit: true}
	if kind == market.Need {
		in.NeedKind = "research"
	} else {
		in.ResultKind, in.Pricing = "applied", "listing"
	}
	for _, edit := range edits {
		edit(&in.PostData)
	}
	p, err := x.market.CreatePost(x.t.Context(), by, in)
	x.ok(err)
	_, err = x.market.FirePost(x.t.Context(), x.officer, market.PostStep{ID: p.ID,
		Step: market.StepPublish, Version: p.Version})
	x.ok(err)
	return p.ID
}

func (x *lab) newBroker(by authz.Actor, name, org string) Broker {
	x.t.Helper()
	b, err := x.CreateBroker(x.t.Context(), by, NewBroker{BrokerData: BrokerData{Name: name, Org: org,
		Region: "140100", Grade: "middle", Certificate: "JJ-001", ValidTo: "2028-12-31",
		Fields: []string{"03"}}})
	x.ok(err)
	b, err = x.FireBroker(x.t.Context(), x.officer, BrokerStep{ID: b.ID, Step: "verify",
		Version: b.Version})
	x.ok(err)
	return b
}

// ask asks for an introduction of the firm's need with the university's achievement.
func (x *lab) ask(by authz.Actor, edit func(*NewDeal)) Deal {
	x.t.Helper()
	in := NewDeal{Post: x.result, With: x.need, Message: "希望了解样机参数"}
	if edit != nil {
		edit(&in)
	}
	d, err := x.CreateDeal(x.t.Context(), by, in)
	x.ok(err)
	return d
}

// fire takes a step with what a careful person hands in.
func (x *lab) fire(by authz.Actor, d Deal, step string) Deal {
	x.t.Helper()
	in := careful(step, d).Data.(StepData)
	in.Contact = Contact{} // that of the post
	in.classes, in.due, in.chase, in.today = nil, 0, 0, ""
	if in.Day != "" {
		in.Day = x.today()
	}
	if step == StepAssign {
		in.Broker = x.broker.ID
	}
	now, err := x.FireDeal(x.t.Context(), by, DealStep{ID: d.ID, Step: step, Version: d.Version,
		Reason: "因故", StepData: in})
	if err != nil {
		x.t.Fatalf("%s: %v", step, err)
	}
	return now
}

func (x *lab) state(postID string) string {
	x.t.Helper()
	p, err := market.PostByID(x.t.Context(), x.db, postID)
	x.ok(err)
	return p.State
}

func (x *lab) wantKind(err error, kind fault.Kind) {
	x.t.Helper()
	if !fault.Is(err, kind) {
		x.t.Fatalf("error %v, want %v", err, kind)
	}
}

func (x *lab) later(days int) { x.clock.Advance(time.Duration(days) * 24 * time.Hour) }
