package demo

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
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

// Logins lists the accounts, one for each role.
func Logins() []Login {
	var out []Login
	for _, p := range roster {
		out = append(out, Login{authz.Role(p.role), p.login, p.name})
	}
	return out
}

// Progress is told how many of all steps are done.
type Progress func(done, total int)

// city is a demonstration in the making.
type city struct {
	*app.App
	dice     dice
	serial   int // of credit codes
	progress Progress
	done     int

	orgs     []party.Org
	accounts map[string]string // id by login
	named    map[string]bool   // names of people that are taken
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

func (c *city) district() authz.Actor {
	by := c.actor("xiaodian", authz.District)
	by.Region = places[0].code
	return by
}

// total is how many steps Fill reports: accounts, roles, records, claims, near-duplicates, documents,
// tasks and the market.
const total = 13 + 9 + orgsTyped + peopleTyped + 2 + 5 + 2 + 7 + 1 + 1 + 4

func (c *city) step() {
	c.done++
	if c.progress != nil {
		c.progress(min(c.done, total), total)
	}
}

// Fill makes the city in an empty house. It fails when the house is not empty.
func Fill(ctx context.Context, a *app.App, seed uint64, progress Progress) error {
	c := &city{App: a, dice: dice{seed}, progress: progress, accounts: map[string]string{},
		named: map[string]bool{}}
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"accounts", c.people},
		{"settings", c.settings},
		{"organisations", c.registry},
		{"people", c.persons},
		{"roles", c.roles},
		{"claims", c.claims},
		{"history", c.history},
		{"ledger", c.ledger},
		{"indicators", c.indicators},
		{"meetings", c.dispatches},
		{"market", c.market},
		{"introductions", c.deals},
		{"occasions", c.occasions},
		{"assessments", c.assessments},
		{"indices", c.indices},
		{"matches", c.matches},
	} {
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("make %s of the demonstration: %w", part.name, err)
		}
	}
	if c.progress != nil {
		c.progress(total, total)
	}
	return nil
}

// matches orders what otherwise happens on Mondays: the server does it as soon as it runs.
func (c *city) matches(ctx context.Context) error {
	_, err := c.Matching.StartRun(ctx, c.officer())
	return err
}

func (c *city) people(ctx context.Context) error {
	seat := func(i int) identity.NewAccount {
		return identity.NewAccount{Login: roster[i].login, Name: roster[i].name, Password: Password}
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
	next := site.Settings{Name: siteTitle, NameEn: "Taiyuan Yuntu (demonstration)", Region: "140100",
		Organiser: siteOrganiser, Operator: siteOperator, Phone: "0351-0000000", Version: now.Version}
	_, err = c.Site.UpdateSettings(ctx, by, next)
	return err
}

// roles gives every account its role, now that there are organisations to act for.
func (c *city) roles(ctx context.Context) error {
	by := shell(authz.SecAdmin)
	for _, p := range roster[3:] {
		in := identity.GrantInput{Account: c.accounts[p.login], Role: authz.Role(p.role),
			Basis: basisDemo}
		switch in.Role {
		case authz.Public:
			continue // everybody has it
		case authz.Enterprise:
			in.Org = c.first("enterprise").ID
		case authz.University:
			in.Org = c.first("university").ID
		case authz.District:
			in.Region = places[0].code
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
