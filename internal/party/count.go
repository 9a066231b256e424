package party

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Counting some hundred thousand rows exactly takes longer than a page may, so a count is kept for
// as long as no organisation has changed. It can never be wrong: each transaction that changes an
// organisation, its aliases or its merges raises org_change.n at its end. Whoever counts reads n
// first. A kept count is shown only while n is what it was then; if it is, no such transaction has
// been committed since, so counting again would give the same.

var (
	qOrgChange  = db.Stmt(`SELECT n FROM org_change WHERE name = 'org'`)
	qOrgChanged = db.Stmt(`UPDATE org_change SET n = n + 1 WHERE name = 'org'`)
)

// changed says that the transaction changes organisations. The counter moves right before the
// commit, so that nobody waits for it longer than for the head of the audit chain.
func changed(tx *unit.Tx) { tx.Last(qOrgChanged) }

// maxCounts bounds the counts that are kept.
const maxCounts = 2000

type counts struct {
	mu   sync.Mutex
	at   int64 // org_change.n of all of them
	kept map[string]int64
}

func (c *counts) get(at int64, key string) (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at != c.at {
		return 0, false
	}
	n, ok := c.kept[key]
	return n, ok
}

func (c *counts) put(at int64, key string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at < c.at {
		return // others have seen a later change
	}
	if at > c.at || c.kept == nil || len(c.kept) >= maxCounts {
		c.at, c.kept = at, map[string]int64{}
	}
	c.kept[key] = n
}

// countKey is everything that a count depends on besides the rows: the filter, and of the actor
// what the policy looks at.
func countKey(by authz.Actor, f OrgFilter) (string, error) {
	by.Request, by.Login = "", ""
	if OrgPolicy.Scope(by, ActOrgRead).IsEverything() {
		by = authz.Actor{} // who may see all sees the same number
	}
	b, err := json.Marshal(struct {
		Filter OrgFilter
		FromUs int64
		ToUs   int64
		By     authz.Actor
	}{f, f.FromUs, f.ToUs, by})
	return string(b), err
}

// CountOrganisations returns how many organisations the list has, to the last one.
func (s *Service) CountOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter,
) (int64, error) {
	key, err := countKey(by, f)
	if err != nil {
		return 0, err
	}
	q := s.unit.DB()
	at, err := db.Get(ctx, q, qOrgChange, db.One[int64])
	if err != nil {
		return 0, err
	}
	if n, ok := s.counts.get(at, key); ok {
		return n, nil
	}
	w, err := f.orgWhere(ctx, q, forCount)
	if err != nil {
		return 0, err
	}
	n, err := orgList.Count(ctx, q, w.AndAll(OrgPolicy.Scope(by, ActOrgRead)), 0)
	if err == nil {
		s.counts.put(at, key, n)
	}
	return n, err
}
