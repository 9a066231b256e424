// Package authztest proves the policies of rooms and probes the doors for the classic failures of
// access control. It is for tests only.
//
// Every room with a policy proves that its lists show exactly what it may show:
//
//	authztest.ScopeEqualsMay(t, authztest.Proof[Org]{
//		Policy:  Orgs,
//		Objects: orgs, // the rows just inserted, as the service loads them
//		ID:      func(o Org) string { return o.ID },
//		Actors:  authztest.Actors(rand.IntN, 20, authztest.Pool{Regions: …, Orgs: …}),
//		List: func(w db.Where) (map[string]int64, error) {
//			return selOrgs.CountBy(ctx, d, "o.id", w) // the selection that pages and exports use
//		},
//	})
//
// The probes each take a small function that goes through the real door (a page, an API call, a
// command) or through the service, so that the same probe tests each of them:
//
//   - sort injection: OrderIsPicked for each Selection; through a door, send each Hostile text as
//     the sort parameter and compare with the page in the default order.
//   - filter injection: FilterFindsNothing for each filter and search field.
//   - write without row permission: take an actor who may write some row but not this one, send
//     the write with a right version, expect Refused, and read the row back unchanged.
//   - revoked role that lives on: EndsWith, where end takes the role from the account and use
//     sends a request with the session that is still open.
//   - stale token: EndsWith, where end revokes the token, lets it expire, or narrows its scopes.
//   - id guessing: HiddenLooksAbsent, with an id that exists elsewhere and one that never was.
//   - mass assignment: RefusesExtraFields for each decoded body, JSON and form.
package authztest
