package market

import (
	"context"
	"maps"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
)

// PostFilter narrows the lists of posts. Zero fields do not narrow.
//
// What a reader may not see of a post cannot be asked for either: the fields marked "whole" keep
// only posts that the reader may read all of.
type PostFilter struct {
	Query      string      `json:"q,omitempty"` // words of the title, or a code
	Kind       Kind        `json:"kind,omitempty"`
	Field      string      `json:"field,omitempty"`
	Region     region.Code `json:"region,omitempty"` // and all inside
	State      string      `json:"state,omitempty"`
	Live       bool        `json:"live,omitempty"`       // in the market: published or talked about
	Visibility Visibility  `json:"visibility,omitempty"` // whole
	Org        string      `json:"org,omitempty"`        // whole
	Broker     string      `json:"broker,omitempty"`     // whole
	Chain      string      `json:"chain,omitempty"`      // whole
	SixNew     string      `json:"sixNew,omitempty"`     // whole
	Sort       string      `json:"sort,omitempty"`       // whole: of NeedKinds or ResultKinds
	Mode       string      `json:"mode,omitempty"`       // whole: one of ModeChoices
	PriceLoFen money.Fen   `json:"priceLoFen,omitempty"` // whole: a price or budget that reaches up to it
	PriceHiFen money.Fen   `json:"priceHiFen,omitempty"` // whole: one that begins below it
	TRLFrom    int         `json:"trlFrom,omitempty"`    // whole
	TRLTo      int         `json:"trlTo,omitempty"`      // whole
	Fresh      bool        `json:"fresh,omitempty"`      // whole: confirmed, and not yet due again
	Due        bool        `json:"due,omitempty"`        // whole: live, and to be confirmed again
}

// hidden says whether the filter asks for what a post of the level "request" does not show.
func (f PostFilter) hidden() bool {
	f.Query, f.Kind, f.Field, f.Region, f.State, f.Live = "", "", "", "", "", false
	return f != PostFilter{}
}

// Orders that sort by what a post of the level "request" does not show.
const (
	orderPrice    = "price"
	orderDeadline = "deadline"
	orderFresh    = "fresh"
)

var postList = db.Select(postColumns, `market_post AS p`,
	db.Order{Name: "published", Desc: true,
		Cols: []db.Col{db.IntCol("p.published_us"), db.TextCol("p.id")}},
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("p.created_us"), db.TextCol("p.id")}},
	db.Order{Name: "code", Cols: []db.Col{db.TextCol("p.code"), db.TextCol("p.id")}},
	// What has no price (面议) or no deadline comes after what has one.
	db.Order{Name: orderPrice, Cols: []db.Col{db.IntCol(`CASE WHEN p.price_hi_fen = 0 THEN 9223372036854775807
		ELSE p.price_hi_fen END`), db.TextCol("p.id")}},
	db.Order{Name: orderDeadline, Cols: []db.Col{db.TextCol(`CASE WHEN p.deadline = '' THEN '9999-12-31'
		ELSE p.deadline END`), db.TextCol("p.id")}},
	db.Order{Name: orderFresh, Cols: []db.Col{db.IntCol("p.fresh_us"), db.TextCol("p.id")}},
)

// PostOrders returns the names of the orders people may choose.
func PostOrders() []string { return postList.OrderNames() }

func hiddenOrder(order string) bool {
	return order == orderPrice || order == orderDeadline || order == orderFresh
}

func (f PostFilter) where(nowUs int64) db.Where {
	w := words(db.Where{}, f.Query)
	for _, c := range []struct {
		value string
		where func(db.Where) db.Where
	}{
		{string(f.Kind), func(w db.Where) db.Where { return w.And("p.kind = $1", string(f.Kind)) }},
		{f.Field, func(w db.Where) db.Where { return w.And("p.field = $1", f.Field) }},
		{f.State, func(w db.Where) db.Where { return w.And("p.state = $1", f.State) }},
		{string(f.Visibility), func(w db.Where) db.Where {
			return w.And("p.visibility = $1", string(f.Visibility))
		}},
		{f.Org, func(w db.Where) db.Where { return w.And("p.org_now = $1", f.Org) }},
		{f.Broker, func(w db.Where) db.Where { return w.And("p.broker = $1", f.Broker) }},
		{f.Chain, func(w db.Where) db.Where { return w.And("p.chain = $1", f.Chain) }},
		{f.SixNew, func(w db.Where) db.Where { return w.And("p.six_new = $1", f.SixNew) }},
		{f.Sort, func(w db.Where) db.Where { return w.And("p.sort = $1", f.Sort) }},
		{f.Mode, func(w db.Where) db.Where {
			return w.And(`EXISTS (SELECT 1 FROM market_gram AS g WHERE g.gram = $1
				AND g.post = p.id)`, modeGram(f.Mode))
		}},
		{string(f.Region), func(w db.Where) db.Where { return inside(w, string(f.Region)) }},
	} {
		if c.value != "" {
			w = c.where(w)
		}
	}
	return f.numbers(w, nowUs)
}

func inside(w db.Where, place string) db.Where {
	from, before, ok := authz.RegionRange(place)
	if !ok {
		return db.Nothing()
	}
	return w.And("p.region >= $1 AND p.region < $2", from, before)
}

func (f PostFilter) numbers(w db.Where, nowUs int64) db.Where {
	if f.Live || f.Due {
		w = w.And("p.state IN ('published', 'talking')")
	}
	if f.PriceLoFen != 0 {
		w = w.And("p.price_hi_fen >= $1", int64(f.PriceLoFen))
	}
	if f.PriceHiFen != 0 {
		w = w.And("p.price_hi_fen > 0 AND p.price_lo_fen <= $1", int64(f.PriceHiFen))
	}
	if f.TRLFrom != 0 {
		w = w.And("p.trl >= $1", int64(f.TRLFrom))
	}
	if f.TRLTo != 0 {
		w = w.And("p.trl > 0 AND p.trl <= $1", int64(f.TRLTo))
	}
	if f.Fresh {
		w = w.And("p.fresh_us > $1", nowUs)
	}
	if f.Due {
		w = w.And("p.fresh_us <= $1", nowUs)
	}
	return w
}

func (s *Service) postScope(by authz.Actor, f PostFilter, order string) db.Where {
	w := PostPolicy.Scope(by, ActPostRead).AndAll(f.where(s.nowUs()))
	if f.hidden() || hiddenOrder(order) {
		w = w.AndAll(PostPolicy.Scope(by, ActPostWhole))
	}
	return w
}

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

// ListPosts returns a page of posts as the actor may see them, without contacts.
func (s *Service) ListPosts(
	ctx context.Context, by authz.Actor, f PostFilter, order string, p db.PageReq,
) (db.Page[Post], error) {
	q := s.unit.DB()
	page, err := db.List(ctx, q, postList, s.postScope(by, f, order), postList.Order(order), p, scanPost)
	if err != nil {
		return page, err
	}
	if err := fillReaders(ctx, q, page.Items, by.Org); err != nil {
		return page, err
	}
	for i := range page.Items {
		page.Items[i] = page.Items[i].seenBy(by)
	}
	return page, nil
}

// Counts says how many posts a list has, and by what they differ.
type Counts struct {
	All     int64            `json:"all"`
	Kinds   map[string]int64 `json:"kinds"`
	States  map[string]int64 `json:"states"`
	Fields  map[string]int64 `json:"fields"`
	Regions map[string]int64 `json:"regions"`
}

// CountPosts counts the posts of a list.
func (s *Service) CountPosts(ctx context.Context, by authz.Actor, f PostFilter) (Counts, error) {
	key := countKey{by.Rights(), f}
	if f.Fresh || f.Due { // they change by themselves
		return s.countPosts(ctx, by, f)
	}
	c, err := s.counts.Get(ctx, key, s.stored.Load(), s.nowUs(),
		func(ctx context.Context) (Counts, error) { return s.countPosts(ctx, by, f) })
	for _, m := range []*map[string]int64{&c.Kinds, &c.States, &c.Fields, &c.Regions} {
		*m = maps.Clone(*m) // a reader may change its own
	}
	return c, err
}

// countKey is what a count depends on beside what is stored.
type countKey struct {
	rights string
	filter PostFilter
}

func (s *Service) countPosts(ctx context.Context, by authz.Actor, f PostFilter) (Counts, error) {
	c := Counts{Kinds: map[string]int64{}, States: map[string]int64{}, Fields: map[string]int64{},
		Regions: map[string]int64{}}
	into := []map[string]int64{c.Kinds, c.States, c.Fields, c.Regions}
	err := postList.CountGroups(ctx, s.unit.DB(), s.postScope(by, f, ""), func(values []string, n int64) {
		c.All += n
		for i, v := range values {
			into[i][v] += n
		}
	}, "p.kind", "p.state", "p.field", "p.region")
	return c, err
}

// postsOf are posts that are asked for by their ids: whatever else they are asked for is looked at
// afterwards, so that a database reads no others.
var postsOf = db.Select(postColumns, `market_post AS p`, db.Order{Name: "id", Cols: []db.Col{db.TextCol("p.id")}})

// SomePosts returns posts as the actor may see them, without contacts, in the order of their ids as
// given. Those that the actor may not know of are left out.
func (s *Service) SomePosts(ctx context.Context, by authz.Actor, ids []string) ([]Post, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	w := db.Where{}.In("p.id", args...)
	page, err := db.List(ctx, s.unit.DB(), postsOf, w, postsOf.Order(""), db.PageReq{Limit: len(ids)}, scanPost)
	if err != nil {
		return nil, err
	}
	if err := fillReaders(ctx, s.unit.DB(), page.Items, by.Org); err != nil {
		return nil, err
	}
	at := map[string]*Post{}
	for i := range page.Items {
		at[page.Items[i].ID] = &page.Items[i]
	}
	var out []Post
	for _, id := range ids {
		if p := at[id]; p != nil && PostPolicy.MaySee(by, ActPostRead, *p) {
			out = append(out, p.seenBy(by))
		}
	}
	return out, nil
}

// Neighbours returns the posts beside one in the list with this filter and order.
func (s *Service) Neighbours(
	ctx context.Context, by authz.Actor, postID string, f PostFilter, order string,
) (db.Beside[Post], error) {
	p, err := s.readPost(ctx, s.unit.DB(), by, postID)
	if err != nil {
		return db.Beside[Post]{}, err
	}
	if p.Limited && hiddenOrder(order) {
		order = ""
	}
	return db.Neighbours(ctx, s.unit.DB(), postList, db.Where{}.And("p.id = $1", postID),
		postList.Order(order), scanPost, func(r db.PageReq) (db.Page[Post], error) {
			return s.ListPosts(ctx, by, f, order, r)
		})
}
