package party

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// A list page asks for a set twice, for the page and for its count, and so does everybody who turns
// to the next page. So a set is kept for as long as no organisation has changed. It can never be
// wrong: each transaction that changes an organisation, its aliases or its merges raises
// org_change.n and sets a mark that no other has. A set is kept under the mark that was there both
// before and after it was found, and is used only while that is the mark: then no such transaction
// has been committed since, so the same would be found again.

var (
	qOrgChange  = db.Stmt(`SELECT n, mark FROM org_change WHERE name = 'org'`)
	qOrgChanged = db.Stmt(`UPDATE org_change SET n = n + 1, mark = $1 WHERE name = 'org'
		RETURNING n`)
)

// change is the last change of an organisation.
type change struct {
	n    int64
	mark string
}

func lastChange(ctx context.Context, q db.Q) (change, error) {
	return db.Get(ctx, q, qOrgChange, func(r db.Row) (change, error) {
		var c change
		err := r.Scan(&c.n, &c.mark)
		return c, err
	})
}

// changed says that the transaction changes organisations, and returns the number of the change.
func changed(ctx context.Context, tx *unit.Tx) (int64, error) {
	return db.Get(ctx, tx, qOrgChanged, db.One[int64], id.New())
}

// orgSet is the organisations that a filter leaves of those an actor may see. It is not changed any
// more once it was made.
type orgSet struct {
	nums  numbers
	count int64
}

// args returns the numbers as arguments of a statement.
func (s *orgSet) args() []any {
	var out []any
	s.nums.each(func(n int64) { out = append(out, n) })
	return out
}

// maxSets bounds the sets that are kept. One of 200,000 numbers takes 25 KB.
const maxSets = 64

type orgSets struct {
	mu   sync.Mutex
	at   change // of all of them
	kept map[string]*orgSet
}

func (c *orgSets) get(at change, key string) (*orgSet, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at != c.at {
		return nil, false
	}
	s, ok := c.kept[key]
	return s, ok
}

func (c *orgSets) put(at change, key string, s *orgSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at != c.at || c.kept == nil || len(c.kept) >= maxSets {
		c.at, c.kept = at, map[string]*orgSet{}
	}
	c.kept[key] = s
}

// setKey is everything that a set depends on besides the rows: the filter, and of the actor what
// the policy looks at.
func setKey(by authz.Actor, f OrgFilter, acts []authz.Action) (string, error) {
	by.Request, by.Login = "", ""
	b, err := json.Marshal(struct {
		Filter OrgFilter
		By     authz.Actor
		Acts   []authz.Action
	}{f, by, acts})
	return string(b), err
}

// CountOrganisations returns how many organisations the list has, to the last one.
func (s *Service) CountOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter,
) (int64, error) {
	set, err := s.find(ctx, by, f, ActOrgRead)
	if err != nil {
		return 0, err
	}
	return set.count, nil
}

// find returns the organisations of the filter on which the actor may do all of acts.
func (s *Service) find(
	ctx context.Context, by authz.Actor, f OrgFilter, acts ...authz.Action,
) (*orgSet, error) {
	key, err := setKey(by, f, acts)
	if err != nil {
		return nil, err
	}
	q := s.unit.DB()
	before, err := lastChange(ctx, q)
	if err != nil {
		return nil, err
	}
	if set, ok := s.sets.get(before, key); ok {
		return set, nil
	}
	set, err := s.findNow(ctx, by, f, acts)
	if err != nil {
		return nil, err
	}
	after, err := lastChange(ctx, q)
	if err == nil && after == before {
		s.sets.put(before, key, set)
	}
	return set, err
}

func (s *Service) findNow(
	ctx context.Context, by authz.Actor, f OrgFilter, acts []authz.Action,
) (*orgSet, error) {
	q, all := s.unit.DB(), f.terms()
	for _, act := range acts {
		scope, err := scopeTerms(ctx, q, by, act)
		if err != nil {
			return nil, err
		}
		all = append(all, scope)
	}
	nums, err := findAll(ctx, q, all)
	if err != nil {
		return nil, err
	}
	if f.FromUs != 0 || f.ToUs != 0 {
		if nums, err = f.updatedWithin(ctx, q, nums); err != nil {
			return nil, err
		}
	}
	return &orgSet{nums, nums.count()}, nil
}

// oneOf is a condition: to have one of the terms, or to be one of the numbers.
type oneOf struct {
	terms []string
	nums  []int64
	every bool // everybody
}

// findAll returns the numbers that meet all conditions.
func findAll(ctx context.Context, q db.Q, all []oneOf) (numbers, error) {
	var terms []string
	for _, c := range all {
		terms = append(terms, c.terms...)
	}
	slices.Sort(terms)
	sets, err := termSets(ctx, q, slices.Compact(terms))
	if err != nil {
		return nil, err
	}
	var out numbers
	for i, c := range all {
		if c.every {
			continue
		}
		var any numbers
		for _, t := range c.terms {
			any = any.or(sets[t])
		}
		for _, n := range c.nums {
			any.add(n)
		}
		if i == 0 {
			out = any
		} else {
			out = out.and(any)
		}
	}
	return out, nil
}

// none is met by nobody.
var none = oneOf{}

// terms returns the conditions of the filter. The first is that the record is not merged.
func (f OrgFilter) terms() []oneOf {
	out := []oneOf{{terms: []string{termLiving}}}
	add := func(terms ...string) { out = append(out, oneOf{terms: terms}) }
	if strings.TrimSpace(f.Query) != "" {
		grams := Grams(firstRunes(f.Query, maxQueryLen))
		if len(grams) == 0 {
			return []oneOf{none}
		}
		for _, g := range grams[:min(len(grams), maxGrams)] {
			add(g)
		}
	}
	if f.Kind != "" {
		add(termKind + f.Kind)
	}
	if f.State != "" {
		add(termState + f.State)
	}
	if f.Standing != "" {
		add(termStanding + f.Standing)
	}
	if f.Region != "" {
		out = append(out, regionTerm(string(f.Region)))
	}
	if f.Industry != "" {
		code := strings.ToUpper(strings.TrimSpace(f.Industry))
		if !industryPattern.MatchString(code) {
			return []oneOf{none}
		}
		add(termIndustry + code)
	}
	return out
}

// regionTerm is met inside a region. A text that is no code holds nothing.
func regionTerm(code string) oneOf {
	from, _, ok := authz.RegionRange(code)
	if !ok {
		return none
	}
	return oneOf{terms: []string{termRegion + from}}
}

var (
	qNumberOf      = db.Stmt(`SELECT num FROM org WHERE id = $1`)
	qUpdatedWithin = db.Stmt(`SELECT num FROM org WHERE updated_us >= $1 AND updated_us < $2`)
)

// scopeTerms says in terms what OrgPolicy.Scope says in SQL: on which organisations the actor may
// do the action. A test proves that it is what May says.
func scopeTerms(
	ctx context.Context, q db.Q, by authz.Actor, act authz.Action,
) (oneOf, error) {
	granted, removed := OrgPolicy.Relations(by, act)
	if len(removed) > 0 {
		return none, fmt.Errorf("party: %s is removed by %v, which the index does not know", act, removed)
	}
	var out oneOf
	for _, rel := range granted {
		switch rel {
		case authz.Any:
			out.every = true
		case OnRecord:
			out.terms = append(out.terms, termState+Verified, termState+Ceased)
		case authz.RegionStaff:
			out.terms = append(out.terms, regionTerm(by.Region).terms...)
		case authz.Owner:
			if by.Account != "" {
				out.terms = append(out.terms, termAuthor+by.Account)
			}
		case authz.SameOrg:
			n, found, err := db.Find(ctx, q, qNumberOf, db.One[int64], by.Org)
			if err != nil {
				return none, err
			}
			if found {
				out.nums = append(out.nums, n)
			}
		default:
			return none, fmt.Errorf("party: the index does not know relation %s", rel)
		}
	}
	return out, nil
}

// updatedWithin keeps those that were updated within the filter's time.
func (f OrgFilter) updatedWithin(ctx context.Context, q db.Q, nums numbers) (numbers, error) {
	to := f.ToUs
	if to == 0 {
		to = math.MaxInt64
	}
	var in numbers
	err := db.Each(ctx, q, qUpdatedWithin, func(r db.Row) error {
		n, err := db.One[int64](r)
		if err == nil {
			in.add(n)
		}
		return err
	}, f.FromUs, to)
	return nums.and(in), err
}
