package atlas

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

var qAllEdges = db.Stmt(`SELECT e.id, e.kind || e.class || ':' || e.a || ':' || e.b || ':' || e.b_name
	FROM atlas_edge AS e ORDER BY e.id`)

// snapshot is the whole projection.
func (x *world) snapshot() map[string]any {
	x.Helper()
	out := map[string]any{}
	err := db.Stream(x.Context(), x.db, plainNodes, db.Where{}, plainNodes.Order(""), 0, scanNode,
		func(n Node) error {
			out[n.ID] = fmt.Sprintf("%+v", n)
			return nil
		})
	x.ok(err)
	x.ok(db.Each(x.Context(), x.db, qAllEdges, func(r db.Row) error {
		var id, text string
		err := r.Scan(&id, &text)
		out["edge "+id] = text
		return err
	}))
	return out
}

// A map that is made anew from the feed equals the one that grew: after merges, splits, renames, other
// rules and corrections.
func TestRebuild(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		x.fill(3, 16, 24, 20)
		x.follow()
		o, err := x.Overview(ctx, official, Query{Kinds: []string{KindDeal, KindContract}})
		if err != nil || len(o.Kinds) != 2 {
			t.Errorf("introductions on the map: %+v, %v", o.Kinds, err)
		}
		first := x.snapshot()
		if len(first) < 40 {
			t.Fatalf("a map of %d rows", len(first))
		}
		keep, drop := x.orgs[0], x.orgs[1]
		_, err = x.party.MergeOrganisations(ctx, official, party.Merge{Keep: keep.ID, KeepVersion: keep.Version,
			Drop: drop.ID, DropVersion: drop.Version, Reason: "重复登记"})
		x.ok(err)
		renamed := x.orgs[2]
		renamed.Name += "（更名）"
		renamed.Region = "140107"
		_, err = x.party.UpdateOrganisation(ctx, official, party.OrgUpdate{ID: renamed.ID,
			OrgData: renamed.OrgData, Version: renamed.Version})
		x.ok(err)
		x.follow()
		if _, there := x.snapshot()[drop.ID]; there {
			t.Error("a merged record is still on the map")
		}
		_, err = x.SetMark(ctx, official, NewMark{Node: x.orgs[3].ID, What: MarkSix, Value: "business",
			Reason: "主营业务已变"})
		x.ok(err)
		rule := NewRule{RuleData: RuleData{Name: "本市词表", Source: "市局", RuleParams: RuleParams{
			Six: []SixRule{{Class: "product", Words: []string{"有限公司"}}}}}}
		_, err = x.AddRule(ctx, official, rule)
		x.ok(err)
		if _, err = x.AddRule(ctx, official, rule); err == nil {
			t.Error("two rules of one day")
		}
		x.follow()
		grown := x.snapshot()
		n, err := x.GetNode(ctx, official, x.orgs[3].ID)
		if err != nil || n.Six != "business" || n.SixBy != ByPerson {
			t.Errorf("a corrected class: %+v, %v", n, err)
		}
		firm := x.orgs[4+slices.IndexFunc(x.orgs[4:], func(o party.Org) bool { return o.Kind == "enterprise" })]
		if n, err = x.GetNode(ctx, official, firm.ID); err != nil || n.Six != "product" || n.SixBy != ByRule {
			t.Errorf("a class by the new rule: %+v, %v", n, err)
		}
		x.ok(x.feed.Rebuild(ctx, consumerName))
		x.work() // the rule was added
		if diff := cmp.Diff(grown, x.snapshot()); diff != "" {
			t.Errorf("made anew (-grown +anew):\n%s", diff)
		}
	})
}

// mayRead is what the lists of the rooms themselves show an actor.
func (x *world) mayRead(by authz.Actor) (read, whole map[string]bool) {
	x.Helper()
	read, whole = map[string]bool{}, map[string]bool{}
	ctx, all := x.Context(), db.PageReq{Limit: db.MaxLimit}
	orgs, err := x.party.ListOrganisations(ctx, by, party.OrgFilter{}, "", all)
	x.ok(err)
	for _, o := range orgs.Items {
		read[o.ID] = true
	}
	posts, err := x.market.ListPosts(ctx, by, market.PostFilter{}, "", all)
	x.ok(err)
	for _, p := range posts.Items {
		read[p.ID] = true
		whole[p.ID] = !p.Limited
	}
	deals, err := x.deal.ListDeals(ctx, by, deal.DealFilter{}, "", all)
	x.ok(err)
	for _, d := range deals.Items {
		read[d.ID] = true
	}
	people, err := x.party.ListPeople(ctx, by, party.PersonFilter{}, "", all)
	x.ok(err)
	for _, p := range people.Items {
		read[p.ID] = true
	}
	return read, whole
}

// Nobody sees on the map what they could not see in the list: not in a list, a count, an overview, a
// network or an answer to a question about what is hidden. And what is on the map and in their lists,
// they see.
func TestNobodySeesMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.fill(5, 14, 30, 24)
		x.follow()
		x.ok(x.party.Prepare(t.Context()))
		drawn := x.snapshot()
		r := rand.New(rand.NewPCG(9, 9))
		var ids, people []string
		for _, o := range x.orgs {
			ids = append(ids, o.ID)
		}
		for _, p := range x.people {
			people = append(people, p.ID)
		}
		actors := authztest.Actors(r.IntN, 3, authztest.Pool{Accounts: []string{"acc-officer", "acc-d", "x"},
			Persons: people, Orgs: ids, Regions: []string{"140105", "140100", "140000"},
			Actions: slices.Concat(market.PostPolicy.Actions(), party.OrgPolicy.Actions(),
				deal.DealPolicy.Actions(), party.PersonPolicy.Actions())})
		for _, by := range actors {
			x.compare(by, drawn)
		}
	})
}

func (x *world) compare(by authz.Actor, drawn map[string]any) {
	x.Helper()
	ctx := x.Context()
	read, whole := x.mayRead(by)
	seen := map[string]Node{}
	req := db.PageReq{Limit: 7}
	for {
		page, err := x.ListNodes(ctx, by, Query{}, "newest", req)
		x.ok(err)
		for _, n := range page.Items {
			seen[n.ID] = n
		}
		if page.Next == "" {
			break
		}
		req.After = page.Next
	}
	for id, n := range seen {
		if !read[id] {
			x.Errorf("%+v sees %s %s on the map", by, n.Kind, n.Title)
		}
		if n.Class == Post && n.Limited == whole[id] {
			x.Errorf("%+v: post %s limited %v, whole %v", by, id, n.Limited, whole[id])
		}
		if n.Limited && (n.Six != "" || n.UpdatedUs != 0) {
			x.Errorf("%+v reads a class or an age of %+v", by, n)
		}
	}
	for id := range read {
		if _, there := seen[id]; !there && drawn[id] != nil {
			x.Errorf("%+v does not see %v on the map", by, drawn[id])
		}
	}
	for _, q := range []Query{{Six: []string{"material"}}, {Since: "2026-01-01"}, {Gaps: []string{GapSix}}} {
		x.hidden(by, q, whole)
	}
	x.counted(by, seen)
	x.connected(by, seen, read, whole)
}

// hidden proves that what is hidden cannot be asked for.
func (x *world) hidden(by authz.Actor, q Query, whole map[string]bool) {
	x.Helper()
	page, err := x.ListNodes(x.Context(), by, q, "", db.PageReq{Limit: db.MaxLimit})
	x.ok(err)
	for _, n := range page.Items {
		if n.Class == Post && !whole[n.ID] {
			x.Errorf("%+v learns of %s by asking %+v", by, n.ID, q)
		}
	}
	n, err := x.CountNodes(x.Context(), by, q)
	if err != nil || n != int64(len(page.Items)) {
		x.Errorf("%+v: %d listed, %d counted, %v", by, len(page.Items), n, err)
	}
}

// counted proves that an overview counts what the list shows, cell by cell.
func (x *world) counted(by authz.Actor, seen map[string]Node) {
	x.Helper()
	o, err := x.Overview(x.Context(), by, Query{})
	x.ok(err)
	kinds, six := map[string]int64{}, map[string]int64{}
	places := map[region.Code]int64{}
	for _, n := range seen {
		kinds[n.Kind]++
		class := n.Six
		if n.Limited {
			class = Undisclosed
		}
		six[class]++
		if n.Region.City() == "140100" && n.District() != "" {
			places[n.District()]++
		}
	}
	got := map[string]int64{}
	for _, k := range o.Kinds {
		got[k.Value] = k.N
	}
	if d := cmp.Diff(kinds, got); d != "" || o.Total != int64(len(seen)) {
		x.Errorf("%+v: kinds (-list +overview):\n%s", by, d)
	}
	classes := map[string]int64{}
	for _, c := range o.SixKinds {
		classes[c.Row] += c.N
	}
	if d := cmp.Diff(six, classes); d != "" {
		x.Errorf("%+v: classes (-list +overview):\n%s", by, d)
	}
	for _, p := range o.Districts {
		if p.N != places[p.Code] {
			x.Errorf("%+v: %s has %d, the list %d", by, p.Code, p.N, places[p.Code])
		}
	}
}

// connected proves that a network shows only nodes and evidence that the actor may read.
func (x *world) connected(by authz.Actor, seen map[string]Node, read, whole map[string]bool) {
	x.Helper()
	for _, o := range x.orgs[:4] {
		net, err := x.Ego(x.Context(), by, o.ID, 2)
		if _, may := seen[o.ID]; !may {
			if err == nil {
				x.Errorf("%+v opens the network of %s", by, o.Name)
			}
			continue
		}
		x.ok(err)
		for _, n := range net.Nodes {
			if !read[n.ID] {
				x.Errorf("%+v sees %s in a network", by, n.Title)
			}
		}
		for _, e := range net.Edges {
			if !read[e.Evidence] || e.Class == Post && !whole[e.Evidence] {
				x.Errorf("%+v sees an edge by %s %s", by, e.Class, e.Evidence)
			}
		}
	}
}

// A path is a shortest one, each of its edges leads from a node to the next, and it is found both ways.
func TestPath(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.fill(11, 12, 16, 14)
		x.follow()
		ctx := t.Context()
		near := map[string]map[string]bool{}
		var ids []string
		for _, o := range x.orgs {
			ids = append(ids, o.ID)
		}
		for _, p := range x.people {
			ids = append(ids, p.ID)
		}
		edges, err := x.edgesOf(ctx, official, ids, 0)
		x.ok(err)
		for _, e := range edges {
			for _, ends := range [][2]string{{e.A, e.B}, {e.B, e.A}} {
				if near[ends[0]] == nil {
					near[ends[0]] = map[string]bool{}
				}
				near[ends[0]][ends[1]] = true
			}
		}
		found := 0
		for _, a := range x.orgs {
			away := distances(near, a.ID)
			for _, b := range x.orgs {
				p, err := x.Path(ctx, official, a.ID, b.ID)
				x.ok(err)
				n, reached := away[b.ID]
				if p.Found != (reached && n <= MaxHops) {
					t.Fatalf("from %s to %s: found %v, %d steps away", a.Name, b.Name, p.Found, n)
				}
				if !p.Found {
					continue
				}
				found++
				if len(p.Edges) != n || len(p.Nodes) != n+1 {
					t.Errorf("from %s to %s: %d edges, %d steps away", a.Name, b.Name, len(p.Edges), n)
				}
				for i, e := range p.Edges {
					if e.other(p.Nodes[i].ID) != p.Nodes[i+1].ID {
						t.Errorf("edge %d does not lead on", i)
					}
				}
			}
		}
		if found < 20 {
			t.Errorf("only %d pairs are connected", found)
		}
	})
}

func distances(near map[string]map[string]bool, from string) map[string]int {
	away, at := map[string]int{from: 0}, []string{from}
	for len(at) > 0 {
		var next []string
		for _, id := range at {
			for other := range near[id] {
				if _, seen := away[other]; !seen {
					away[other] = away[id] + 1
					next = append(next, other)
				}
			}
		}
		at = next
	}
	return away
}

// An overview that was counted is not used any more once something has changed.
func TestOverviewIsFresh(t *testing.T) {
	d := dbtest.SQLite(t)
	x := newWorld(t, d)
	x.fill(2, 8, 10, 0)
	x.follow()
	total := func() int64 {
		o, err := x.Overview(t.Context(), visitor, Query{})
		x.ok(err)
		return o.Total
	}
	before := total()
	x.org("新来的企业", "enterprise", "140105", official)
	if got := total(); got != before {
		t.Errorf("%d before the feed is followed, %d before", got, before)
	}
	x.follow()
	if got := total(); got != before+1 {
		t.Errorf("%d after the feed was followed, want %d", got, before+1)
	}
	page, err := x.ListNodes(t.Context(), visitor, Query{Words: []string{"新来"}}, "", db.PageReq{})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	if page, err = x.ListNodes(t.Context(), visitor, Query{Words: []string{"%"}}, "", db.PageReq{}); err != nil ||
		len(page.Items) != 0 {
		t.Errorf("a sign of patterns finds %d, %v", len(page.Items), err)
	}
}
