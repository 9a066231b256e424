package authztest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Proof is what ScopeEqualsMay needs to know about a policy and the rows in a database.
type Proof[T any] struct {
	Policy  *authz.Policy[T]
	Objects []T // every row there is, as the service loads it
	ID      func(T) string
	Actors  []authz.Actor

	// List returns the ids of the rows where w holds and how often each comes, through the
	// selection that lists, searches, counts and exports use.
	List func(w db.Where) (map[string]int64, error)
}

// ScopeEqualsMay fails unless, for every actor and every action of the policy, the rows of Scope
// are exactly the objects on which May allows the action, each once. It also fails when a role
// has an action that no actor could do on any object: then the rows prove nothing about it.
//
// On the way it checks that refusals are Forbidden or NotFound, that an action nobody declared is
// refused, and that the scopes of a token never allow what the actor without them may not do.
func ScopeEqualsMay[T any](t testing.TB, p Proof[T]) {
	t.Helper()
	done := make(map[doing]bool)
	decisions := 0
	actions := append(p.Policy.Actions(), authz.Action(p.Policy.Object()+".undeclared"))
	for _, by := range p.Actors {
		for _, act := range actions {
			want := p.allowed(t, by, act)
			decisions += len(p.Objects)
			if len(want) > 0 {
				done[doing{by.EffectiveRole(), act}] = true
			}
			got, err := p.List(p.Policy.Scope(by, act))
			if err != nil {
				t.Fatalf("%s: list in scope: %v", describe(by, act), err)
			}
			if !maps.Equal(got, want) {
				t.Fatalf("%s:\nscope lists %v\nmay allows  %v", describe(by, act), got, want)
			}
		}
	}
	for _, act := range p.Policy.Actions() {
		for _, role := range p.Policy.RolesFor(act) {
			if !done[doing{role, act}] {
				t.Errorf("%s as %s was never allowed: the rows prove nothing", act, role)
			}
		}
	}
	t.Logf("%s: %d decisions agree with %d lists", p.Policy.Object(), decisions,
		len(p.Actors)*len(actions))
}

type doing struct {
	role authz.Role
	act  authz.Action
}

// allowed returns the ids of the objects on which May allows the action.
func (p Proof[T]) allowed(t testing.TB, by authz.Actor, act authz.Action) map[string]int64 {
	t.Helper()
	unscoped := by
	unscoped.Via, unscoped.Scopes = authz.ViaSession, nil
	out := make(map[string]int64)
	for _, x := range p.Objects {
		err := p.Policy.May(by, act, x)
		if err == nil {
			out[p.ID(x)] = 1
		}
		if p.Policy.MaySee(by, act, x) != (err == nil) {
			t.Fatalf("%s: MaySee and May differ on %s", describe(by, act), p.ID(x))
		}
		if err != nil && !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
			t.Fatalf("%s on %s: refused with %v", describe(by, act), p.ID(x), err)
		}
		if err == nil && errors.Is(p.Policy.May(unscoped, act, x), authz.ErrUnknownAction) {
			t.Fatalf("%s: an action nobody declared is allowed", describe(by, act))
		}
		if err == nil && p.Policy.May(unscoped, act, x) != nil {
			t.Fatalf("%s: scopes of the token widen what the role may", describe(by, act))
		}
	}
	if !p.Policy.Could(by, act) && len(out) > 0 {
		t.Fatalf("%s: Could denies what May allows", describe(by, act))
	}
	return out
}

func describe(by authz.Actor, act authz.Action) string {
	return fmt.Sprintf("%s by %s (account %q person %q org %q region %q via %s scopes %v)",
		act, by.EffectiveRole(), by.Account, by.Person, by.Org, by.Region, by.Via, by.Scopes)
}

// Pool holds the values from which Actors are made. Take them from the rows, with a few that no
// row has; the empty value is always added.
type Pool struct {
	Accounts, Persons, Orgs, Regions []string
	Actions                          []authz.Action // for the scopes of tokens
}

// Actors returns perRole actors for each role and for none, with values from the pool. One in
// four came with a token. pick returns a number below n, as rand.IntN does.
func Actors(pick func(n int) int, perRole int, from Pool) []authz.Actor {
	one := func(values []string) string {
		i := pick(len(values) + 1)
		if i == len(values) {
			return ""
		}
		return values[i]
	}
	var out []authz.Actor
	for _, role := range append([]authz.Role{""}, authz.Roles()...) {
		for i := range perRole {
			by := authz.Actor{
				Account: one(from.Accounts), Person: one(from.Persons), Org: one(from.Orgs),
				Region: one(from.Regions), Role: role, Via: authz.ViaSession,
			}
			if i%4 == 3 {
				by.Via = authz.ViaToken
				by.Scopes = slices.DeleteFunc(slices.Clone(from.Actions),
					func(authz.Action) bool { return pick(2) == 0 })
			}
			out = append(out, by)
		}
	}
	return out
}
