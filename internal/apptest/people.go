package apptest

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Password is that of every account of City.
const Password = "Lan-Tian 37 bai yun"

// City is a house with an account for each role and a few records.
type City struct {
	*app.App
	Accounts map[authz.Role]identity.Account
	OwnOrg   party.Org // of the enterprise and the university accounts
	OtherOrg party.Org // verified, in another district
	Waiting  party.Org // to be verified
	Document plan.Document
	Target   plan.Target // of the city
	Task     plan.Task   // led by OtherOrg

	Achievement  market.Post // of OtherOrg, published
	Need         market.Post // of OwnOrg, published
	Introduction deal.Deal   // of the two, asked for by the enterprise
	Roadshow     show.Show   // drawn up
}

// The actors that set a city up. The machine itself may, as the commands do.
var (
	machine  = authz.Actor{Login: "test", Role: authz.SysAdmin, Via: authz.ViaSystem}
	security = authz.Actor{Login: "test", Role: authz.SecAdmin, Via: authz.ViaSystem}
	officer  = authz.Actor{Login: "test", Role: authz.Officer, Via: authz.ViaSystem}
)

// NewCity opens a house and settles it. The account of a role has the role's name as login.
func NewCity(t testing.TB) *City {
	t.Helper()
	c := &City{App: Open(t), Accounts: map[authz.Role]identity.Account{}}
	c.OwnOrg = c.org(t, "太原云帆新材料有限公司", "enterprise", "140105", "91140100MA0K000017")
	c.OtherOrg = c.org(t, "太原汾河检测技术研究院", "institute", "140106", "")
	claimed, err := c.Party.CreateClaimed(context.Background(), officer, party.OrgData{
		Name: "太原晋源软件有限公司", Kind: "enterprise", Region: "140110", Standing: "active"})
	if err != nil {
		t.Fatal(err)
	}
	c.Waiting = claimed
	for _, role := range authz.Roles() {
		if role != authz.Public {
			c.account(t, role)
		}
	}
	c.plans(t)
	c.market(t)
	return c
}

// plans files a document, sets a target and drafts a task.
func (c *City) plans(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.Document, err = c.Plan.CreateDocument(ctx, officer, plan.NewDocument{
		DocumentData: plan.DocumentData{Title: "2026年全市科技工作要点", Kind: "scheme", Region: "140100",
			Day: "2026-03-01"}, Text: "到2026年底，全市技术合同成交额达到228亿元以上。"})
	must(err)
	i, err := c.Plan.CreateIndicator(ctx, officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
		Name: "技术合同成交额", Unit: "亿元", Direction: "up", Additive: true}})
	must(err)
	c.Target, err = c.Plan.CreateTarget(ctx, officer, plan.NewTarget{TargetData: plan.TargetData{
		Indicator: i.ID, Region: "140100", Measure: "level", Op: ">=", Value: "228", Unit: "亿元",
		From: "2026-01-01", To: "2026-12-31"}})
	must(err)
	g, err := c.Plan.CreateLedger(ctx, officer, plan.NewLedger{
		LedgerData: plan.LedgerData{Name: "重点工作台账", Region: "140100"}})
	must(err)
	c.Task, err = c.Plan.CreateTask(ctx, officer, plan.NewTask{Ledger: g.ID, TaskData: plan.TaskData{
		Title: "建成科技大市场", Region: "140100", Lead: c.OtherOrg.ID, Cadence: "month",
		DueUs: plan.EndOfDay("2027-12-31")}})
	must(err)
}

func (c *City) org(
	t testing.TB, name, kind string, at region.Code, uscc string,
) party.Org {
	t.Helper()
	in := party.OrgData{Name: name, Kind: kind, Region: at, Standing: "active", USCC: uscc,
		Contacts: []party.Contact{{Name: "王小明", Phone: "13800001234", Email: "w@example.cn"}}}
	o, err := c.Party.CreateOrganisation(context.Background(), officer, party.NewOrg{OrgData: in})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return o
}

func (c *City) account(t testing.TB, role authz.Role) {
	t.Helper()
	ctx := context.Background()
	made, err := c.Identity.CreateAccount(ctx, machine, identity.NewAccount{
		Login: string(role), Name: role.Title(), Password: Password})
	if err != nil {
		t.Fatalf("account of %s: %v", role, err)
	}
	grant := identity.GrantInput{Account: made.ID, Role: role, Basis: "测试"}
	switch role {
	case authz.Enterprise, authz.University:
		grant.Org = c.OwnOrg.ID
	case authz.District:
		grant.Region = "140105"
	}
	if _, err := c.Identity.GrantRole(ctx, security, grant); err != nil {
		t.Fatalf("role %s: %v", role, err)
	}
	c.Accounts[role] = made.Account
}

// Login begins a session in a role and returns its token, for the cookie yuntu_session. The public
// has none.
func (c *City) Login(t testing.TB, role authz.Role) string {
	t.Helper()
	if role == authz.Public {
		return ""
	}
	started, err := c.Identity.Login(context.Background(), authz.Actor{Via: authz.ViaSession},
		identity.LoginInput{Login: string(role), Password: Password,
			Origin: identity.Origin{Address: "192.0.2.1", Agent: "test"}})
	if err != nil {
		t.Fatalf("log in as %s: %v", role, err)
	}
	return started.Token
}
