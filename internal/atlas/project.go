package atlas

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
)

// followed are the events of which the map is made, by the class of the record they are about.
var followed = map[string]string{
	party.EventOrgCreated: Org, party.EventOrgUpdated: Org, party.EventOrgMoved: Org,
	party.EventOrgMerged: Org, party.EventOrgSplit: Org,
	party.EventPersonCreated: Person, party.EventPersonUpdated: Person,
	market.EventPostCreated: Post, market.EventPostUpdated: Post, market.EventPostMoved: Post,
	deal.EventNeedChallenged: Post,
	deal.EventDealCreated:    Deal, deal.EventDealAdopted: Deal, deal.EventDealMoved: Deal, deal.EventDealEnded: Deal,
	deal.EventDealSigned: Deal,
	EventMarked:          "", EventRuleAdded: "",
}

var (
	qNodesDrop = db.Stmt(`DELETE FROM atlas_node`)
	qEdgesDrop = db.Stmt(`DELETE FROM atlas_edge`)
	// Overviews that were counted before are not used any more.
	qChanged = db.Stmt(`INSERT INTO atlas_counter (scope, last) VALUES ('map', 1)
		ON CONFLICT (scope) DO UPDATE SET last = atlas_counter.last + 1`)
	qChanges  = db.Stmt(`SELECT last FROM atlas_counter WHERE scope = 'map'`)
	qNodeDrop = db.Stmt(`DELETE FROM atlas_node WHERE id = $1`)
	qEdgeDrop = db.Stmt(`DELETE FROM atlas_edge WHERE evidence = $1`)
	qNodePut  = db.Stmt(`INSERT INTO atlas_node (id, class, kind, code, title, words, region, field, field_by,
			six, six_by, lon_e7, lat_e7, state, since_us, as_of_us, updated_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (id) DO UPDATE SET class = excluded.class, kind = excluded.kind, code = excluded.code,
			title = excluded.title, words = excluded.words, region = excluded.region,
			field = excluded.field, field_by = excluded.field_by, six = excluded.six,
			six_by = excluded.six_by, lon_e7 = excluded.lon_e7, lat_e7 = excluded.lat_e7,
			state = excluded.state, since_us = excluded.since_us, as_of_us = excluded.as_of_us,
			updated_us = excluded.updated_us`)
	qEdgeAdd = db.Stmt(`INSERT INTO atlas_edge (id, kind, class, evidence, a, b, a_was, b_was, b_name,
		since_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qTouching = db.Stmt(`SELECT e.evidence, e.class FROM atlas_edge AS e WHERE e.a = $1
		UNION SELECT e.evidence, e.class FROM atlas_edge AS e WHERE e.b = $1
		UNION SELECT e.evidence, e.class FROM atlas_edge AS e WHERE e.a_was = $1
		UNION SELECT e.evidence, e.class FROM atlas_edge AS e WHERE e.b_was = $1`)
	qNaming = db.Stmt(`SELECT e.evidence, e.class FROM atlas_edge AS e WHERE e.b_name = $1 AND e.b_name <> ''`)
)

// consumerName is the name under which the map follows the feed.
const consumerName = "atlas.map"

// Follower returns the consumer that keeps the map up to date.
func (s *Service) Follower() outbox.Consumer {
	var kinds []string
	for k := range followed {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return outbox.Consumer{Name: consumerName, Kinds: kinds, Handle: follow, Form: form,
		Outdated: func(ctx context.Context, tx *db.Tx) error { return askRenewal(ctx, tx, s.nowUs()) },
		Reset: func(ctx context.Context, tx *db.Tx) error {
			for _, drop := range []*db.Statement{qNodesDrop, qEdgesDrop, qChanged} {
				if _, err := db.Exec(ctx, tx, drop); err != nil {
					return err
				}
			}
			return nil
		}}
}

// ref is a record by class and id.
type ref struct{ class, id string }

func scanRef(r db.Row) (ref, error) {
	var x ref
	err := r.Scan(&x.id, &x.class)
	return x, err
}

// follow looks at the records anew that events speak of. What counts is how they are now, so it does
// not matter how often that happens.
func follow(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
	var todo []ref
	for i, e := range events {
		switch e.Kind {
		case EventRuleAdded:
			if err := project(ctx, tx, todo, e.AtUs); err != nil {
				return err
			}
			todo = nil
			if err := askRenewal(ctx, tx, e.AtUs); err != nil {
				return err
			}
		case EventMarked:
			var class string
			_ = json.Unmarshal(e.Data, &class) // anything else is no class, and leads to no record
			todo = append(todo, ref{class, e.Object})
		default:
			todo = append(todo, ref{followed[e.Kind], e.Object})
			var other string // of a merge or a split
			if followed[e.Kind] == Org && json.Unmarshal(e.Data, &other) == nil && other != "" {
				todo = append(todo, ref{Org, other})
			}
		}
		if i == len(events)-1 {
			return project(ctx, tx, todo, e.AtUs)
		}
	}
	return nil
}

// project looks at records anew, and at what an organisation among them is part of: it may have another
// name, another place, or live on as another record.
func project(ctx context.Context, tx *db.Tx, list []ref, atUs int64) error {
	all := slices.Clone(list)
	for _, x := range list {
		if x.class != Org {
			continue
		}
		beside, err := db.All(ctx, tx, qTouching, scanRef, x.id)
		if err != nil {
			return err
		}
		all = append(all, beside...)
	}
	names, err := namesOf(ctx, tx, list)
	if err != nil {
		return err
	}
	for _, name := range names {
		beside, err := db.All(ctx, tx, qNaming, scanRef, name)
		if err != nil {
			return err
		}
		all = append(all, beside...)
	}
	return projectNow(ctx, tx, all, atUs)
}

func namesOf(ctx context.Context, tx *db.Tx, list []ref) ([]string, error) {
	orgs, err := party.OrgsByID(ctx, tx, idsOf(list, Org))
	var out []string
	for _, o := range orgs {
		out = append(out, o.Name)
	}
	return out, err
}

func idsOf(list []ref, class string) []string {
	var out []string
	for _, x := range list {
		if x.class == class {
			out = append(out, x.id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func projectNow(ctx context.Context, tx *db.Tx, list []ref, atUs int64) error {
	rule, err := ruleAt(ctx, tx, clock.DateOf(clock.Time(atUs)))
	if err != nil {
		return err
	}
	for _, room := range []struct {
		class string
		read  func(context.Context, *db.Tx, []string, RuleParams) ([]drawn, error)
	}{{Org, drawOrgs}, {Post, drawPosts}, {Deal, drawDeals}, {Person, drawPeople}} {
		ids := idsOf(list, room.class)
		if len(ids) == 0 {
			continue
		}
		made, err := room.read(ctx, tx, ids, rule.RuleParams)
		if err != nil {
			return err
		}
		if err := put(ctx, tx, ids, made); err != nil {
			return err
		}
	}
	return nil
}

// drawn is a record as the map has it.
type drawn struct {
	Node
	words string
	edges []edge
}

// edge says that two work together.
type edge struct {
	kind                    string
	a, b, aWas, bWas, bName string
	sinceUs                 int64
}

// put stores nodes and edges of records in the place of those there are.
func put(ctx context.Context, tx *db.Tx, ids []string, made []drawn) error {
	if err := applyMarks(ctx, tx, ids, made); err != nil {
		return err
	}
	there := map[string]bool{}
	var nodes, edges [][]any
	for _, x := range made {
		there[x.ID] = true
		nodes = append(nodes, []any{x.ID, x.Class, x.Kind, x.Code, x.Title, fold(x.words), string(x.Region),
			x.Field, x.FieldBy, x.Six, x.SixBy, x.lonE7, x.latE7, x.State, x.SinceUs, x.AsOfUs, x.UpdatedUs})
		for _, e := range x.edges {
			key := x.ID + ":" + e.kind + ":" + e.bWas + e.bName
			edges = append(edges, []any{key, e.kind, x.Class, x.ID, e.a, e.b, e.aWas, e.bWas, e.bName,
				e.sinceUs})
		}
	}
	for _, one := range ids {
		if !there[one] {
			if _, err := db.Exec(ctx, tx, qNodeDrop, one); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, qEdgeDrop, one); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, qChanged); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx, qNodePut, nodes); err != nil {
		return err
	}
	_, err := db.InsertMany(ctx, tx, qEdgeAdd, edges)
	return err
}
