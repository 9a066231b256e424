package demo

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
)

// acting are roles that act for an organisation: an empty city has none to act for.
var acting = []authz.Role{authz.Enterprise, authz.University, authz.Department}

// EmptyLogins lists the accounts of an empty city.
func EmptyLogins(city string) []Login {
	return slices.DeleteFunc(Logins(city), func(l Login) bool { return slices.Contains(acting, l.Role) })
}

// Empty makes an empty city: the settings of the site, accounts and their roles, and nothing else.
func Empty(ctx context.Context, a *app.App, o Options, progress Progress) error {
	c := newCity(a, o, progress)
	c.empty = true
	c.total = len(roster)
	err := do(ctx, []part{{"accounts", c.people}, {"settings", c.settings}, {"roles", c.roles}})
	if err == nil && progress != nil {
		progress(c.total, c.total)
	}
	return err
}
