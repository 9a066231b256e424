package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/site"
)

// Password opens every account of the demonstration. It is public: a demonstration holds nothing
// that is worth a secret, and refuses data that is not its own.
const Password = "Yuntu-2026-Demo"

// Sizes of the city.
const (
	orgsImported   = 250
	orgsTyped      = 155
	peopleImported = 150
	peopleTyped    = 50
)

// Login is one account of the demonstration.
type Login struct {
	Role  authz.Role `json:"role"`
	Login string     `json:"login"`
	Name  string     `json:"name"`
}

// Logins lists the accounts of a city, one for each role.
func Logins(city string) []Login {
	var out []Login
	for _, p := range roster {
		out = append(out, Login{authz.Role(p.role), cities[city].login(p.login), p.name})
	}
	return out
}

// Options say which city to make.
type Options struct {
	Seed uint64
	City string // Taiyuan or Changzhi
	// Volume is what Grow adds; the zero Volume leaves the small city that Begin makes.
	Volume Volume
}

// Progress is told how many of all steps are done.
type Progress func(done, total int)

// city is a demonstration in the making.
type city struct {
	*app.App
	home     home
	places   []place // the districts, those of the home first
	second   place   // the capital of the other city
	dice     dice
	empty    bool // it has accounts and no data
	serial   int  // of credit codes
	progress Progress
	done     int
	total    int

	orgs     []party.Org
	brokers  []deal.Broker
	book     string               // ledger of the tasks
	accounts map[string]string    // id by login
	named    map[string]bool      // names of people that are taken
	used     map[string]bool      // names of companies that are taken
	titles   map[string]int       // of posts
	bureaus  map[string]party.Org // of districts, by their code
}

// shell is who sets up what nobody may do yet.
func shell(role authz.Role) authz.Actor {
	return authz.Actor{Account: "demo", Login: "demo", Role: role, Via: authz.ViaCLI}
}

// actor is one of the people at work.
func (c *city) actor(login string, role authz.Role) authz.Actor {
	return authz.Actor{Account: c.accounts[login], Login: login, Role: role, Via: authz.ViaCLI}
}

func (c *city) officer() authz.Actor { return c.actor("jingban", authz.Officer) }

// chief is the officer who approves: who reported does not.
func (c *city) chief() authz.Actor { return c.actor("demo", authz.Officer) }

func (c *city) district() authz.Actor {
	by := c.actor(c.home.district, authz.District)
	by.Region = c.places[0].code
	return by
}

// smallSteps is how many steps Begin reports: accounts, roles, records, claims, near-duplicates,
// documents, tasks and the market.
const smallSteps = 13 + 9 + orgsTyped + peopleTyped + 2 + 5 + 2 + 7 + 1 + 1 + 4 + 1

func (c *city) step() {
	c.done++
	if c.progress != nil {
		c.progress(min(c.done, c.total), c.total)
	}
}

// Fill makes the city in an empty house: Begin and then Grow. It fails when the house is not empty.
func Fill(ctx context.Context, a *app.App, o Options, progress Progress) error {
	c, err := Begin(ctx, a, o, progress)
	if err != nil {
		return err
	}
	return c.Grow(ctx, progress)
}

func newCity(a *app.App, o Options, progress Progress) *city {
	c := &city{App: a, dice: dice{o.Seed}, progress: progress, total: smallSteps,
		accounts: map[string]string{}, named: map[string]bool{}, used: map[string]bool{},
		titles: map[string]int{}, bureaus: map[string]party.Org{}}
	c.settle(cmp.Or(o.City, Taiyuan))
	return c
}

// City is a demonstration that has begun.
type City struct {
	city   *city
	volume Volume
}

// part is a part of the demonstration.
type part struct {
	name string
	do   func(context.Context) error
}

func do(ctx context.Context, parts []part) error {
	for _, p := range parts {
		if err := p.do(ctx); err != nil {
			return fmt.Errorf("make %s of the demonstration: %w", p.name, err)
		}
	}
	return nil
}

// Begin makes a small city in which every page has something to show.
func Begin(ctx context.Context, a *app.App, o Options, progress Progress) (*City, error) {
	c := newCity(a, o, progress)
	err := do(ctx, []part{
		{"accounts", c.people},
		{"settings", c.settings},
		{"organisations", c.registry},
		{"people", c.persons},
		{"roles", c.roles},
		{"claims", c.claims},
		{"history", c.history},
		{"published facts", c.facts},
		{"ledger", c.ledger},
		{"indicators", c.indicators},
		{"values of the scheme", c.measured},
		{"meetings", c.dispatches},
		{"market", c.market},
		{"introductions", c.deals},
		{"occasions", c.occasions},
		{"assessments", c.assessments},
		{"indices", c.indices},
		{"saved views of the map", c.views},
	})
	if err == nil && o.Volume == (Volume{}) {
		err = do(ctx, c.last())
	}
	if err == nil && progress != nil {
		progress(smallSteps, smallSteps)
	}
	return &City{c, o.Volume}, err
}

// last is what looks at all records, and so comes when they are there.
func (c *city) last() []part {
	return []part{{"press paragraph", c.press}, {"bulletin", c.bulletin}, {"matches", c.matches}}
}

// matches orders what otherwise happens on Mondays: the server does it as soon as it runs.
func (c *city) matches(ctx context.Context) error {
	_, err := c.Matching.StartRun(ctx, c.officer())
	return err
}

func (c *city) people(ctx context.Context) error {
	seat := func(i int) identity.NewAccount {
		return identity.NewAccount{Login: c.home.login(roster[i].login), Name: roster[i].name,
			Password: Password}
	}
	made, err := c.Identity.Bootstrap(ctx, shell(authz.SysAdmin),
		identity.FirstAdmins{System: seat(0), Security: seat(1), Audit: seat(2)})
	if err != nil {
		return err
	}
	for _, x := range []identity.Created{made.System, made.Security, made.Audit} {
		c.accounts[x.Login] = x.ID
		c.step()
	}
	for i := 3; i < len(roster); i++ {
		if c.leavesOut(roster[i].role) {
			continue
		}
		in := seat(i)
		in.Phone, in.Email = c.phone(), in.Login+"@example.com"
		x, err := c.Identity.CreateAccount(ctx, shell(authz.SysAdmin), in)
		if err != nil {
			return err
		}
		c.accounts[in.Login] = x.ID
		c.step()
	}
	return nil
}

func (c *city) phone() string { return fmt.Sprintf("0351-0%06d", c.dice.below(1000000)) }

func (c *city) settings(ctx context.Context) error {
	by := shell(authz.SysAdmin)
	now, err := c.Site.GetSettings(ctx, by)
	if err != nil {
		return err
	}
	next := site.Settings{Name: c.own(siteTitle), NameEn: c.home.title, Region: string(c.home.region),
		Organiser: c.own(siteOrganiser), Operator: siteOperator, Phone: "0351-0000000", Version: now.Version}
	_, err = c.Site.UpdateSettings(ctx, by, next)
	return err
}

// leavesOut says whether nobody of a role is there, because the city is empty.
func (c *city) leavesOut(role string) bool {
	return c.empty && slices.Contains(acting, authz.Role(role))
}

// roles gives every account its role, now that there are organisations to act for.
func (c *city) roles(ctx context.Context) error {
	by := shell(authz.SecAdmin)
	for _, p := range roster[3:] {
		if c.leavesOut(p.role) {
			continue
		}
		in := identity.GrantInput{Account: c.accounts[c.home.login(p.login)], Role: authz.Role(p.role),
			Basis: basisDemo}
		switch in.Role {
		case authz.Public:
			continue // everybody has it
		case authz.Enterprise:
			in.Org = c.first("enterprise").ID
		case authz.University:
			in.Org = c.first("university").ID
		case authz.District:
			in.Region = c.places[0].code
		case authz.Department:
			in.Org = c.office(officeOfDepartment).ID
		}
		if _, err := c.Identity.GrantRole(ctx, by, in); err != nil {
			return fmt.Errorf("%s: %w", p.login, err)
		}
		c.step()
	}
	// One person with two roles, to switch between.
	_, err := c.Identity.GrantRole(ctx, by, identity.GrantInput{Account: c.accounts["zhuanjia"],
		Role: authz.Broker, Basis: basisDemo})
	return err
}

// first returns the first verified organisation of a kind.
func (c *city) first(kind string) party.Org {
	for _, o := range c.orgs {
		if o.Kind == kind && o.State == party.Verified {
			return o
		}
	}
	return party.Org{}
}

// claims puts two requests into the bureau's queue.
func (c *city) claims(ctx context.Context) error {
	n := 0
	for _, o := range c.orgs[10:] {
		if o.Kind != "enterprise" || o.USCC == "" || o.State != party.Verified {
			continue
		}
		login := []string{"gongzhong", "jingjiren"}[n]
		_, err := c.Identity.Claim(ctx, c.actor(login, authz.Public), identity.ClaimInput{
			USCC: o.USCC, OrgName: o.Name, Kind: o.Kind, Region: string(o.Region), Duty: claimDuty,
			Statement: []string{claimText, claimTextTwo}[n]})
		if err != nil {
			return err
		}
		c.step()
		if n++; n == 2 {
			return nil
		}
	}
	return nil
}
