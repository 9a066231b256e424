package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Adopted is a post that is on its way already: from an older system, or of the demonstration.
type Adopted struct {
	PostData
	State       string
	CreatedUs   int64 // 0 means now
	CreatedBy   string
	PublishedUs int64 // when it was first shown, 0 for never
	ConfirmedUs int64 // when its owner last said that it is so
	Source      string
}

// adoptBatch is how many posts one transaction takes over.
const adoptBatch = 500

// AdoptPosts takes over posts that stand somewhere in their lives already, in few writes. Their
// limits start now; the reason says in their history where they come from. What is wrong with one is
// Invalid at "posts.N.field".
func (s *Service) AdoptPosts(
	ctx context.Context, by authz.Actor, list []Adopted, reason string,
) ([]string, error) {
	if err := PostPolicy.May(by, ActPostImport, Post{State: Published}); err != nil {
		return nil, err
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.day())
	if err != nil {
		return nil, err
	}
	x := adopting{s: s, by: by, rule: rule}
	if x.orgs, err = s.holdersOf(ctx, by, list); err != nil {
		return nil, err
	}
	posts := make([]Post, len(list))
	var all faults
	for i, in := range list {
		if posts[i], err = x.post(ctx, in); err != nil {
			if err = all.under(fmt.Sprintf("posts.%d.", i), err); err != nil {
				return nil, err
			}
		}
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	ids := make([]string, len(posts))
	for batch := range slices.Chunk(posts, adoptBatch) {
		err := s.unit.Write(ctx, by, "market.AdoptPosts", func(tx *unit.Tx) error {
			return s.adopt(ctx, tx, slices.Clone(batch), reason)
		})
		if err != nil {
			return nil, err
		}
	}
	for i, p := range posts {
		ids[i] = p.ID
	}
	return ids, nil
}

// under takes over the fields of a fault below a place; any other error is returned.
func (f *faults) under(at string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid {
		return err
	}
	for _, x := range e.Fields {
		f.add(at+x.Name, x.Key, x.Args...)
	}
	return nil
}

// holdersOf loads the organisations of posts.
func (s *Service) holdersOf(
	ctx context.Context, by authz.Actor, list []Adopted,
) (map[string]party.Org, error) {
	if s.opt.Party == nil {
		return nil, errNoParty
	}
	var ids []string
	for _, in := range list {
		ids = append(append(ids, in.Org), in.Named...)
	}
	return s.opt.Party.LivingOrganisations(ctx, by, ids)
}

// adopting looks up each organisation once.
type adopting struct {
	s    *Service
	by   authz.Actor
	rule FreshRule
	orgs map[string]party.Org
}

func (x *adopting) org(ctx context.Context, orgID string) (party.Org, error) {
	o, known := x.orgs[orgID]
	if known {
		return o, nil
	}
	o, err := x.s.orgOf(ctx, x.by, orgID)
	if err == nil {
		x.orgs[orgID] = o
	}
	return o, err
}

// post checks what is taken over and completes it.
func (x *adopting) post(ctx context.Context, in Adopted) (Post, error) {
	in.normalise()
	p := Post{ID: id.New(), PostData: in.PostData, State: in.State, CreatedUs: in.CreatedUs,
		CreatedBy: in.CreatedBy, PublishedUs: in.PublishedUs, ConfirmedUs: in.ConfirmedUs,
		Source: cmp.Or(in.Source, FromSheet)}
	var f faults
	p.PostData.check(&f)
	if len(f) == 0 && !slices.ContainsFunc(ProcessOf(p.Kind).Def().States,
		func(st process.State) bool { return st.Name == p.State }) {
		f.add("state", "没有“%s”这个选项", p.State)
	}
	classified(&f, p.PostData)
	named := append([]string{p.Org}, p.Named...)
	for i, orgID := range named {
		o, err := x.org(ctx, orgID)
		switch {
		case fault.Is(err, fault.NotFound):
			f.add("org", "主体库中没有这个单位")
		case err != nil:
			return p, err
		case i == 0:
			p.OrgNow, p.OrgName = o.ID, o.Name
		default:
			p.namedNow = append(p.namedNow, o.ID)
		}
	}
	if p.ConfirmedUs != 0 {
		p.FreshUntil = x.rule.until(p.Kind, p.ConfirmedUs)
	}
	if err := f.err(); err != nil {
		return p, err
	}
	var err error
	p.kept, err = x.s.seal(p.ID, &p.PostData, sealedContact{})
	return p, err
}

// adopt stores posts with their numbers, their place in their lives and how far they came.
func (s *Service) adopt(ctx context.Context, tx *unit.Tx, list []Post, reason string) error {
	type series struct {
		kind Kind
		year int
	}
	many := map[series]int{}
	of := func(p Post) series { return series{p.Kind, yearOf(cmp.Or(p.CreatedUs, tx.NowUs()))} }
	for _, p := range list {
		many[of(p)]++
	}
	next := map[series]int64{}
	for x, n := range many {
		first, err := takeNumbers(ctx, tx, x.kind, x.year, n)
		if err != nil {
			return err
		}
		next[x] = first
	}
	var marks [][]any
	for i := range list {
		p := &list[i]
		x := of(*p)
		p.Code = code(p.Kind, x.year, next[x])
		next[x]++
		p.CreatedUs = cmp.Or(p.CreatedUs, tx.NowUs())
		p.UpdatedUs, p.Version = tx.NowUs(), 1
		marks = append(marks, p.markRows()...)
		tx.Emit(outbox.Event{Kind: EventPostCreated, Object: p.ID})
	}
	if err := insertPosts(ctx, tx, list); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qMarkAdd, marks); err != nil {
		return err
	}
	for _, kind := range []Kind{Need, Achievement} {
		mine := slices.DeleteFunc(slices.Clone(list), func(p Post) bool { return p.Kind != kind })
		if err := s.process(kind).AdoptMany(ctx, tx, mine, reason); err != nil {
			return err
		}
	}
	tx.Audit(audit.Entry{Kind: kindPost, What: "adopt", Reason: reason,
		Detail: map[string]any{"posts": len(list), "first": list[0].Code, "last": list[len(list)-1].Code}})
	return nil
}

// markRows are how far a post came that stands where it stands.
func (p Post) markRows() [][]any {
	var what []string
	switch p.State {
	case Talking:
		what = []string{markIntroduced}
	case Signed, Solved:
		what = []string{markIntroduced, markSigned}
	case Registered:
		what = []string{markIntroduced, markSigned, markRegistered}
	}
	var rows [][]any
	for _, w := range what {
		rows = append(rows, []any{p.ID, w, cmp.Or(p.ConfirmedUs, p.CreatedUs)})
	}
	return rows
}
